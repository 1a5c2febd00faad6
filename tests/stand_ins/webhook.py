"""Somebody at the other end of a webhook: keeps what was posted and answers as told."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.stand_ins.serving import served


@dataclass(frozen=True, slots=True)
class Post:
    """One post as it arrived."""

    headers: Mapping[str, str]
    raw: bytes
    body: Any


@dataclass(slots=True)
class Receiver:
    """``answers`` are the statuses of the next answers, 200 after them; ``says`` is the JSON of a good answer."""

    address: str = ""
    posts: list[Post] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    says: Mapping[str, str] = field(default_factory=dict)

    async def receive(self, request: Request) -> Response:
        raw = await request.body()
        self.posts.append(Post(request.headers, raw, await request.json()))
        status = self.answers.pop(0) if self.answers else 200
        return JSONResponse(self.says, status_code=status) if status == 200 else Response(status_code=status)


@contextlib.contextmanager
def received() -> Iterator[Receiver]:
    """A receiver until the block ends."""
    receiver = Receiver()
    with served(Starlette(routes=[Route("/hook", receiver.receive, methods=["POST"])])) as address:
        receiver.address = f"{address}/hook"
        yield receiver
