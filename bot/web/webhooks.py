"""Where platforms post what people write: checked, hidden by the shield, stored, and only then acknowledged."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect

from bot.channels.channel import RefusedError
from bot.channels.hook import Hook
from bot.channels.messages import ConsentWithdrawn, Echoed, HumanTookOver, Ignored, Incoming, Received, Unreachable
from bot.metrics import Metrics
from bot.store.database import StoreError
from bot.web.callers import Refusals, client_address, is_within
from bot.web.guard import BodyTooLargeError, read_body

log = logging.getLogger(__name__)

# seconds a body may take; platforms send theirs at once
_PATIENCE = 10.0


class Webhooks:
    """The doors. ``accept`` returns once a message cannot be lost any more; the same message again is no matter."""

    def __init__(
        self,
        hooks: Collection[Hook],
        *,
        hide: Callable[[Incoming], Incoming],
        accept: Callable[[Incoming | Unreachable | HumanTookOver | ConsentWithdrawn | Echoed], Awaitable[object]],
        metrics: Metrics,
        proxies: int = 0,
        patience: float = _PATIENCE,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._hooks = hooks
        self._hide = hide
        self._accept = accept
        self._metrics = metrics
        self._proxies = proxies
        self._patience = patience
        self._now = now
        self._refusals = Refusals(now)

    def add_to(self, app: FastAPI) -> None:
        for hook in self._hooks:
            # a plain route: nothing of the framework has to be paid for by each post
            app.router.add_route(f"/webhooks/{hook.path}", self._door(hook), methods=["POST"])

    def _door(self, hook: Hook) -> Callable[[Request], Awaitable[Response]]:
        async def door(request: Request) -> Response:
            begun = self._now()
            response = await self._answered(hook, request)
            self._metrics.acknowledged(hook.channel, self._now() - begun)
            return response

        return door

    async def _answered(self, hook: Hook, request: Request) -> Response:
        try:
            received = await self._received(hook, request)
        except ClientDisconnect:
            # half a post, and nobody is there to hear of it
            return Response(status_code=400)
        except (RefusedError, BodyTooLargeError, TimeoutError) as error:
            return self._refuse(hook, request, error)
        self._metrics.received(hook.channel, _kind(received))
        if not await self._is_kept(hook, received):
            return Response(status_code=503)
        answer = hook.answer(received)
        return JSONResponse(answer) if answer else Response(status_code=200)

    async def _received(self, hook: Hook, request: Request) -> Received:
        if not is_within(client_address(request, self._proxies), hook.nets):
            raise RefusedError("address")
        async with asyncio.timeout(self._patience):
            body = await read_body(request)
        return hook.receive(request.headers, body)

    async def _is_kept(self, hook: Hook, received: Received) -> bool:
        if isinstance(received, Ignored):
            return True
        try:
            await self._accept(self._hide(received) if isinstance(received, Incoming) else received)
        except StoreError as error:
            # the platform keeps it and posts it again
            log.error("%s: a post could not be stored: %s", hook.channel, error)
            return False
        return True

    def _refuse(self, hook: Hook, request: Request, error: Exception) -> Response:
        """A word in the log, never of what was sent; whoever goes on and on is told to slow down, in silence."""
        status, reason = _why(error)
        self._metrics.refused(hook.channel, reason)
        if self._refusals.add(client_address(request, self._proxies)):
            return Response(status_code=429)
        log.warning("%s: a post was refused: %s", hook.channel, reason)
        return Response(status_code=status)


def _why(error: Exception) -> tuple[int, str]:
    if isinstance(error, RefusedError):
        return 403, error.reason
    return (413, "too_large") if isinstance(error, BodyTooLargeError) else (408, "too_slow")


def _kind(received: Received) -> str:
    match received:
        case Incoming(text=str()):
            return "text"
        case Incoming(button=str()):
            return "button"
        case Incoming(media=media):
            return media or "opened"
    return _KINDS[type(received)]


_KINDS: dict[type[Received], str] = {
    Ignored: "ignored",
    Unreachable: "unreachable",
    HumanTookOver: "took_over",
    ConsentWithdrawn: "withdrawn",
    Echoed: "echo",
}
