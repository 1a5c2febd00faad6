"""Where platforms post what people write: checked, hidden by the shield, stored, and only then acknowledged."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.channel import RefusedError
from bot.channels.hook import Hook
from bot.channels.messages import ConsentWithdrawn, Echoed, HumanTookOver, Ignored, Incoming, Received, Unreachable
from bot.logs import place_of
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
        """In front of everything added before: what the framework does for pages costs as much as the post itself."""
        app.add_middleware(_Doors, answer=self._answer, hooks={f"/webhooks/{hook.path}": hook for hook in self._hooks})

    async def _answer(self, hook: Hook, request: Request) -> Response:
        begun = self._now()
        try:
            response = await self._answered(hook, request)
        except Exception as error:  # ours: the platform posts it again
            log.error("%s: a post could not be handled: %s", hook.channel, place_of(error))
            response = Response(status_code=500)
        self._metrics.acknowledged(hook.channel, self._now() - begun)
        return response

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


class _Doors:
    """Leads a platform's post to its door, and everybody else on."""

    def __init__(
        self, app: ASGIApp, answer: Callable[[Hook, Request], Awaitable[Response]], hooks: Mapping[str, Hook]
    ) -> None:
        self._app = app
        self._answer = answer
        self._hooks = hooks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        hook = self._hooks.get(scope["path"]) if scope["type"] == "http" else None
        if hook is None:
            await self._app(scope, receive, send)
        elif scope["method"] != "POST":
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
        else:
            response = await self._answer(hook, Request(scope, receive))
            await response(scope, receive, send)


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
