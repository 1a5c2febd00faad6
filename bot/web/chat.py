"""The web chat's doors: the page, what a person says, the live stream, pictures and files."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping, Sequence

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, StreamingResponse
from starlette.concurrency import run_in_threadpool

from bot.channels.messages import ContactKey, Incoming
from bot.entrance import Entrance
from bot.store.chats import Chats, StoredReply
from bot.store.database import StoreError
from bot.web.gallery import Gallery
from bot.web.guard import BodyTooLargeError, NotAFormError, is_own_page, read_form
from bot.web.live import Bells, TooManyPagesError, rung
from bot.web.pages import Notice, Pages, TurnView
from bot.web.session import Cookie, form_key, is_form_key, message_id, new_contact
from bot.web.static_files import Asset
from bot.worker import Answer, Worker

log = logging.getLogger(__name__)

# turns of the bot on a page that is opened again
_SHOWN = 3

# turns a page hears at once after it was away; older ones it no longer needs
_CAUGHT_UP = 20

# seconds between two signs of life of a stream: below the minute after which proxies hang up
_HEARTBEAT = 15.0

# characters of a button's id; ours have less than a hundred
_BUTTON = 300

_FOREVER = "public, max-age=31536000, immutable"
_A_DAY = "public, max-age=86400"

NOT_FOUND, FAILED = Notice("not_found"), Notice("failed")
_ELSEWHERE, _NO_SESSION = Notice("elsewhere"), Notice("no_session")
_NOT_A_FORM, _TOO_LONG = Notice("not_a_form"), Notice("too_long")


class _RefusedError(Exception):
    """What was sent is not taken; ``notice`` says why, kindly."""

    def __init__(self, status: int, notice: Notice) -> None:
        super().__init__(status)
        self.status = status
        self.notice = notice


class Chat:
    """The doors themselves."""

    def __init__(
        self,
        *,
        chats: Chats,
        worker: Worker,
        entrance: Entrance,
        pages: Pages,
        bells: Bells,
        cookie: Cookie,
        public_url: str,
    ) -> None:
        self._chats = chats
        self._worker = worker
        self._entrance = entrance
        self._pages = pages
        self._bells = bells
        self._cookie = cookie
        self._public_url = public_url

    # ---- the page ----

    async def page(self, request: Request) -> Response:
        """The chat as it stands. Only the first opening of a new session writes anything."""
        if request.method == "HEAD":
            return HTMLResponse()
        try:
            contact, turns = await self._open(request)
            if contact is not None and (code := _class_code(request)):
                return await self._into_class(contact, code)
        except StoreError as error:
            log.error("a page could not be read: %s", error)
            return self.refusal(request, 503, FAILED)
        if contact is None:
            # a page fetched in advance is fetched again when somebody wants it
            return self.refusal(request, 503, FAILED)
        return await self._whole(contact, turns)

    async def _into_class(self, contact: ContactKey, code: str) -> Response:
        """By the link of a class: the same as typing its code, once, and then the plain page."""
        await self._answer(Incoming(contact, text=f"vào lớp {code}", id=f"lop {code}"))
        response = RedirectResponse("/", status_code=303)
        self._cookie.write(response, contact)
        return response

    async def _open(self, request: Request) -> tuple[ContactKey | None, list[TurnView]]:
        contact = await self._known(request)
        if contact is not None:
            rows = await run_in_threadpool(self._chats.replies, contact, last=_SHOWN)
            if rows:
                return contact, await run_in_threadpool(self._views, rows)
        if "prefetch" in request.headers.get("sec-purpose", ""):
            return None, []
        contact = contact or new_contact()
        answer = await self._answer(Incoming(contact))
        return contact, [await run_in_threadpool(self._pages.view, answer.id, answer.messages)]

    async def _known(self, request: Request) -> ContactKey | None:
        """Whose cookie this is; tokens we never gave out are nobody's."""
        contact = self._cookie.read(request)
        if contact is None:
            return None
        return contact if await run_in_threadpool(self._chats.knows, contact) else None

    async def _shown(self, contact: ContactKey) -> list[TurnView]:
        """What a person saw last, as far as it can be read now."""
        try:
            rows = await run_in_threadpool(self._chats.replies, contact, last=_SHOWN)
        except StoreError:
            return []
        return await run_in_threadpool(self._views, rows)

    def _views(self, rows: Sequence[StoredReply]) -> list[TurnView]:
        return [self._pages.stored(row) for row in rows]

    async def _whole(self, contact: ContactKey, turns: list[TurnView]) -> Response:
        page = await run_in_threadpool(self._pages.chat, turns, key=form_key(contact))
        # nothing stored: the words of trouble stand there, and programs that watch us should know
        response = HTMLResponse(page, status_code=200 if turns[-1].id else 503)
        self._cookie.write(response, contact)
        return response

    # ---- what a person says ----

    async def say(self, request: Request) -> Response:
        """A typed text or a pressed button: the answer as JSON for the script, else back to the page."""
        try:
            incoming = await self._incoming(request)
        except _RefusedError as refused:
            return self.refusal(request, refused.status, refused.notice)
        except StoreError as error:
            log.error("a message could not be taken: %s", error)
            return self.refusal(request, 503, FAILED)
        answer = await self._answer(incoming)
        turn = await run_in_threadpool(self._pages.view, answer.id, answer.messages)
        if _wants_json(request):
            html = await run_in_threadpool(self._pages.turn, turn, key=form_key(incoming.contact))
            response: Response = JSONResponse({"id": turn.id, "html": html}, status_code=200 if turn.id else 503)
            self._cookie.write(response, incoming.contact)
            return response
        if not turn.id:
            return await self._whole(incoming.contact, [*await self._shown(incoming.contact), turn])
        response = RedirectResponse(f"/#t{turn.id}", status_code=303)
        self._cookie.write(response, incoming.contact)
        return response

    async def _incoming(self, request: Request) -> Incoming:
        try:
            form = await read_form(request)
        except BodyTooLargeError:
            raise _RefusedError(413, _TOO_LONG) from None
        except NotAFormError:
            raise _RefusedError(415, _NOT_A_FORM) from None
        claimed = self._cookie.read(request)
        has_key = claimed is not None and is_form_key(claimed, form.get("key", ""))
        if not is_own_page(request.headers, self._public_url, has_key=has_key):
            raise _RefusedError(403, _ELSEWHERE)
        contact = await self._known(request)
        if contact is None:
            raise _RefusedError(409, _NO_SESSION)
        return _read_incoming(contact, form)

    async def _answer(self, incoming: Incoming) -> Answer:
        # shielded: a browser that hangs up must not take the turn back that the worker is at
        return await asyncio.shield(asyncio.wrap_future(self._worker.ask(self._entrance.hide(incoming))))

    # ---- the live stream ----

    async def stream(self, request: Request) -> Response:
        """Answers as they come, from behind the last one this page has."""
        try:
            contact = await self._known(request)
            if contact is None:
                # 204 tells a browser not to ask again
                return Response(status_code=204)
            newest = await run_in_threadpool(self._chats.replies, contact, last=1)
        except StoreError:
            return Response(status_code=503)
        # an id of another database than the present one lies ahead of everything
        seen = min(_last_seen(request), newest[-1].id if newest else 0)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(contact, seen), media_type="text/event-stream", headers=headers)

    async def _events(self, contact: ContactKey, seen: int) -> AsyncIterator[str]:
        try:
            with self._bells.listening(contact) as bell:
                yield "retry: 2000\n\n"
                while not self._bells.closed:
                    for turn in await self._behind(contact, seen):
                        yield await run_in_threadpool(self._event, turn, contact)
                        seen = turn.id
                    if not await rung(bell, within=_HEARTBEAT):
                        yield ": vẫn đây\n\n"
        except TooManyPagesError:
            yield "retry: 60000\n\n"

    async def _behind(self, contact: ContactKey, seen: int) -> list[TurnView]:
        try:
            rows = await run_in_threadpool(self._chats.replies, contact, after=seen, last=_CAUGHT_UP)
        except StoreError as error:
            # the next heartbeat looks again
            log.error("a stream could not be read: %s", error)
            return []
        return await run_in_threadpool(self._views, rows)

    def _event(self, turn: TurnView, contact: ContactKey) -> str:
        html = self._pages.turn(turn, key=form_key(contact))
        return f"id: {turn.id}\nevent: turn\ndata: {json.dumps({'id': turn.id, 'html': html}, ensure_ascii=False)}\n\n"

    # ---- refusals ----

    def refusal(self, request: Request, status: int, notice: Notice) -> Response:
        """A kind page, or its words for the script."""
        if _wants_json(request):
            said = self._pages.notice_text(notice, request.headers.get("accept-language", ""))
            return JSONResponse({"id": 0, "notice": said}, status_code=status)
        page = self._pages.notice(notice, request.headers.get("accept-language", ""))
        return HTMLResponse(page, status_code=status)

    async def health(self) -> Response:
        """Whether the database answers."""
        try:
            await run_in_threadpool(self._chats.ping)
        except StoreError:
            return PlainTextResponse("database", status_code=503)
        return PlainTextResponse("ok")


class Files:
    """Pictures and static files: the same for everybody."""

    def __init__(self, gallery: Gallery, assets: Mapping[str, Asset]) -> None:
        self._gallery = gallery
        self._assets = {asset.address: asset for asset in assets.values()}

    async def picture(self, request: Request, name: str) -> Response | None:
        """A picture, or None where there is no such picture."""
        look = await run_in_threadpool(self._gallery.look, name)
        if look is None:
            return None
        etag = f'"{look.digest}"'
        exact = request.query_params.get("v") == look.digest
        headers = {"ETag": etag, "Cache-Control": _FOREVER if exact else _A_DAY}
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        png = await run_in_threadpool(self._gallery.png, name)
        return Response(png, media_type="image/png", headers=headers)

    def static(self, request: Request) -> Response | None:
        """A static file, or None where there is none (or no longer)."""
        asset = self._assets.get(request.url.path)
        if asset is None:
            return None
        headers = {"Cache-Control": _FOREVER, "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(asset.packed, media_type=asset.kind, headers={**headers, "Content-Encoding": "gzip"})
        return Response(asset.body, media_type=asset.kind, headers=headers)


def _read_incoming(contact: ContactKey, form: Mapping[str, str]) -> Incoming:
    if "button" in form:
        button = form["button"][:_BUTTON]
        return Incoming(contact, button=button, id=message_id(form.get("message", ""), button))
    if "text" in form:
        return Incoming(contact, text=form["text"], id=message_id(form.get("message", ""), form["text"]))
    raise _RefusedError(400, _NOT_A_FORM)


def _class_code(request: Request) -> str:
    """The code in the link of a class, or nothing."""
    given = request.query_params.get("lop", "")
    return given if len(given) == 6 and given.isascii() and given.isdecimal() else ""


def _last_seen(request: Request) -> int:
    given = request.headers.get("last-event-id") or request.query_params.get("after", "")
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
