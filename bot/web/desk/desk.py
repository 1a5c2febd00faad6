"""The console below /desk: every door is opened here, to those it is meant for and to nobody else (T60-T66)."""

import hmac
import inspect
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import cast
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from bot.accounts.roles import may
from bot.accounts.signing_in import SigningIn
from bot.core.languages import SOURCE
from bot.store.database import StoreError
from bot.store.staff import Session
from bot.web.desk.pages import DeskPages
from bot.web.desk.visit import LANGUAGE_COOKIE, DeskCookie, Door, GoToError, RefusedError, Visit
from bot.web.desk.words import WORDS
from bot.web.guard import BodyTooLargeError, NotAFormError, is_own_page, read_form

log = logging.getLogger(__name__)


class Desk:
    """Opens doors: knows the session, checks permission, key and origin, then lets the door's own function answer."""

    def __init__(
        self,
        doors: Collection[Door],
        *,
        signing_in: SigningIn,
        pages: DeskPages,
        words: Mapping[str, Mapping[str, str]],
        cookie: DeskCookie,
        public_url: str,
    ) -> None:
        """``words`` are the console's in other languages, by their codes."""
        self._doors = doors
        self._signing_in = signing_in
        self._pages = pages
        self._words = words
        self._cookie = cookie
        self._public_url = public_url

    def add_to(self, app: FastAPI) -> None:
        for door in self._doors:
            app.router.add_route(door.path, self._opener(door), methods=[door.method], include_in_schema=False)

    def _opener(self, door: Door) -> Callable[[Request], Awaitable[Response]]:
        async def opened(request: Request) -> Response:
            token = self._cookie.read(request)
            visit = self._visit(request, token)
            try:
                visit = self._visit(request, token, await run_in_threadpool(self._signing_in.session, token))
                response = await self._answer(door, visit)
            except GoToError as elsewhere:
                response = RedirectResponse(elsewhere.address, status_code=303)
            except RefusedError as refused:
                response = self._pages.notice(visit, refused.status, refused.word)
            except StoreError as error:
                log.error("the console could not be served: %s", error)
                response = self._pages.notice(visit, 503, "failed")
            if not any(name == b"set-cookie" for name, _ in response.raw_headers):
                self._cookie.write(response, token)
            return response

        return opened

    async def _answer(self, door: Door, visit: Visit) -> Response:
        if door.method == "POST":
            visit = await self._with_form(visit)
        if door.permission is not None:
            if not may(visit.account.role, door.permission):
                raise RefusedError(403, "forbidden")
            if door.confirmed and not self._is_confirmed(visit):
                back = visit.request.url.path if door.method == "GET" else visit.field("back")
                raise GoToError(f"/desk/confirm?next={quote(back, safe='/')}")
        if inspect.iscoroutinefunction(door.open):
            waited: Response = await door.open(visit)
            return waited
        return await run_in_threadpool(cast(Callable[[Visit], Response], door.open), visit)

    def _is_confirmed(self, visit: Visit) -> bool:
        return visit.session is not None and self._signing_in.is_confirmed(visit.session)

    async def _with_form(self, visit: Visit) -> Visit:
        try:
            form = await read_form(visit.request)
        except BodyTooLargeError:
            raise RefusedError(413, "not_a_form") from None
        except NotAFormError:
            raise RefusedError(415, "not_a_form") from None
        has_key = hmac.compare_digest(visit.key.encode(), form.get("key", "").encode())
        if not has_key or not is_own_page(visit.request.headers, self._public_url, has_key=True):
            raise RefusedError(403, "elsewhere")
        return Visit(visit.request, visit.token, visit.language, visit.words, visit.session, form)

    def _visit(self, request: Request, token: str, session: Session | None = None) -> Visit:
        wanted = request.cookies.get(LANGUAGE_COOKIE, SOURCE)
        if wanted == SOURCE or wanted not in self._words:
            return Visit(request, token, SOURCE, WORDS, session)
        return Visit(request, token, wanted, self._words[wanted], session)
