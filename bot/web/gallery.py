"""Pictures as PNG: drawn when first asked for, then kept."""

import hashlib
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from bot.channels.messages import LARGE
from bot.content.drawing import draw_png, draw_svg, within
from bot.content.pictures import Picture

_SIZE = re.compile(r'width="(\d+)" height="([\d.]+)"')


@dataclass(frozen=True, slots=True)
class Look:
    """How much room a picture takes, and a digest that changes when the picture does."""

    width: int
    height: int
    digest: str


class Gallery:
    """The pictures of the content, each also large (its name ends in ``LARGE``). May be used from several threads."""

    def __init__(self, pictures: Mapping[str, Picture]) -> None:
        self._pictures = pictures
        self._looks: dict[str, Look] = {}
        self._drawn: dict[tuple[str, int], bytes] = {}
        self._drawing = threading.Lock()

    def look(self, name: str) -> Look | None:
        """The size of a picture without drawing its points, or None where there is no such picture."""
        picture = self._pictures.get(name.removesuffix(LARGE))
        if picture is None:
            return None
        if name not in self._looks:
            self._looks[name] = _look(picture)
        return self._looks[name]

    def png(self, name: str, *, most: int = 0) -> bytes | None:
        """The picture, or None where there is no such picture. ``most``: bytes that a platform takes, 0: any number."""
        picture = self._pictures.get(name.removesuffix(LARGE))
        if picture is None:
            return None
        # one at a time: a picture many ask for at once is still drawn once
        with self._drawing:
            if (name, most) not in self._drawn:
                png = draw_png(picture, large=name.endswith(LARGE))
                self._drawn[name, most] = within(png, most) if most else png
            return self._drawn[name, most]


def _look(picture: Picture) -> Look:
    if picture.screenshot:
        # width and height stand at fixed places in a PNG
        width, height = (int.from_bytes(picture.screenshot[at : at + 4], "big") for at in (16, 20))
        return Look(width, height, hashlib.sha256(picture.screenshot).hexdigest()[:16])
    svg = draw_svg(picture)
    found = _SIZE.search(svg)
    width, height = (round(float(number)) for number in found.groups()) if found else (0, 0)
    return Look(width, height, hashlib.sha256(svg.encode()).hexdigest()[:16])
