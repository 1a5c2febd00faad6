"""Serves a stand-in, in a thread of the tests or by hand on a port, and makes the trouble a network makes."""

import argparse
import asyncio
import contextlib
import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import uvicorn
from starlette.applications import Starlette
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.web.server import listen

# longer than a slow machine needs to start
_PATIENCE = 60.0

# seconds that a long poll may still take once the stand-in is to stop
_GRACE = 1

_GATEWAY = (
    b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502 Bad Gateway</h1></body>\r\n</html>\r\n"
)

# down: cut off, nothing done · gateway: an HTML 502, nothing done
# half: done, but half of the answer arrives · hang: done, but no answer comes
Kind = Literal["down", "gateway", "half", "hang"]
KINDS = get_args(Kind)


@dataclass(slots=True)
class Trouble:
    """What goes wrong with requests whose path holds ``path``: ``times`` of them; 0: all until it is cleared."""

    kind: Kind
    path: str = ""
    times: int = 1


@dataclass(slots=True)
class Troubles:
    """The troubles that are to come, in the order they were asked for."""

    waiting: list[Trouble] = field(default_factory=list)

    def ask(self, said: dict[str, Any]) -> None:
        """Asks for trouble; without a kind, all of it ends."""
        if not said:
            self.waiting.clear()
            return
        if said["kind"] not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}")
        self.waiting.append(Trouble(**said))

    def take(self, path: str) -> Kind | None:
        """The trouble of this request, if it has one. The control's own requests never have."""
        if path.startswith("/_control"):
            return None
        trouble = next((each for each in self.waiting if each.path in path), None)
        if trouble is None:
            return None
        if trouble.times == 1:
            self.waiting.remove(trouble)
        elif trouble.times:
            trouble.times -= 1
        return trouble.kind


class Troubled:
    """The application behind a network that fails when told to."""

    def __init__(self, app: ASGIApp, troubles: Troubles) -> None:
        self._app = app
        self._troubles = troubles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        kind = self._troubles.take(scope["path"]) if scope["type"] == "http" else None
        if kind is None:
            await self._app(scope, receive, send)
        elif kind == "down":
            await _cut(scope, receive)
        elif kind == "gateway":
            await _answer_gateway(receive, send)
        else:
            answer = await self._finished(scope, receive)
            if kind == "half":
                await _send_half(answer, send)
            else:
                await _gone(receive)

    async def _finished(self, scope: Scope, receive: Receive) -> list[Message]:
        """What the application would have sent."""
        kept: list[Message] = []

        async def keep(message: Message) -> None:
            kept.append(message)

        await self._app(scope, receive, keep)
        return kept


async def _cut(scope: Scope, receive: Receive) -> None:
    scope["extensions"]["cut"]["abort"]()
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer_gateway(receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass
    headers = [(b"content-type", b"text/html"), (b"content-length", str(len(_GATEWAY)).encode())]
    await send({"type": "http.response.start", "status": 502, "headers": headers})
    await send({"type": "http.response.body", "body": _GATEWAY})


async def _send_half(answer: list[Message], send: Send) -> None:
    start, *bodies = answer
    body = b"".join(each.get("body", b"") for each in bodies)
    await send(start)
    # returning before the promised length was sent makes the server hang up
    await send({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})


class _CuttableProtocol(H11Protocol):
    """HTTP whose connection an application can cut off without a word."""

    def handle_events(self) -> None:
        super().handle_events()
        if self.scope is not None:
            self.scope.setdefault("extensions", {})["cut"] = {"abort": self.transport.abort}


class _Server(uvicorn.Server):
    def __init__(self, app: ASGIApp, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_CuttableProtocol,
                log_config=None,
                log_level="critical",
                access_log=False,
                proxy_headers=False,
                server_header=False,
                ws="none",
                lifespan="on",
                timeout_graceful_shutdown=_GRACE,
            )
        )
        self._ready = ready

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()


@contextlib.contextmanager
def served(app: Starlette) -> Iterator[str]:
    """The stand-in on a free port of this machine, in a thread, until the block ends; its address."""
    listening = listen("127.0.0.1", 0)
    ready = threading.Event()
    server = _Server(app, ready.set)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        assert ready.wait(_PATIENCE)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        listening.close()
    assert not thread.is_alive()


def serve_by_hand(app: Starlette, port: int, told: str) -> None:
    """Serves until Ctrl+C; ``told`` is printed below the address. Raises ``CannotListenError``."""
    with contextlib.closing(listen("127.0.0.1", port)) as listening, contextlib.suppress(KeyboardInterrupt):
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        _Server(app, lambda: print(f"{address}/\n{told.format(address=address)}", flush=True)).run([listening])


def port_option(description: str) -> argparse.ArgumentParser:
    """The command line every stand-in has: ``--port``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0, help="cổng trên máy này; 0 là cổng nào trống cũng được")
    return parser


class Counter:
    """Numbers that count upwards, as platforms give them out."""

    def __init__(self, start: int) -> None:
        self._numbers = itertools.count(start)

    def __call__(self) -> int:
        return next(self._numbers)


async def settled(quiet: asyncio.Event, seconds: float) -> bool:
    """Whether what was under way came to rest within these seconds."""
    try:
        await asyncio.wait_for(quiet.wait(), seconds)
    except TimeoutError:
        return False
    return True
