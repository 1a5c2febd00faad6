"""Pictures on platforms: uploaded once, then sent by the platform's own id of them."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Uploaded:
    """The platform's id of a picture, and since when: some platforms forget."""

    id: str
    at: dt.datetime


class PictureIds(Protocol):
    """Remembers what was uploaded where."""

    async def get(self, channel: str, picture: str) -> Uploaded | None: ...
    async def put(self, channel: str, picture: str, uploaded: Uploaded) -> None: ...


# a picture by its name as PNG; None where the content has no such picture any more
Draw = Callable[[str], bytes | None]


def picture_key(name: str, png: bytes) -> str:
    """Under which an upload is remembered: another one as soon as the picture looks different."""
    return f"{name}:{hashlib.sha256(png).hexdigest()[:16]}"
