"""The trainer's doors: the board, its live stream, the taps, and the projector's page that shows nobody.

Whoever has the secret link leads the class, in the name of the account it was drawn for; the link stands in the address
alone, which no page gives away.
"""

import asyncio
import datetime as dt
import json
import logging
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import segno
from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool

from bot.classes.board import Board, look
from bot.classes.roll import ACTS, Roll, Tap
from bot.classes.schedule import FEWEST_SHOWN, Led, OpenClass, Schedule
from bot.content.check_phrase import check_phrase
from bot.content.lessons import Part
from bot.content.library import Library
from bot.store.database import StoreError
from bot.store.moments import CITY
from bot.web.gallery import Gallery
from bot.web.guard import BodyTooLargeError, NotAFormError, is_own_page, read_form
from bot.web.static_files import Asset

log = logging.getLogger(__name__)

# seconds between two looks at the class while somebody watches its board, and between two signs of life
_LOOK_EVERY = 0.5
_HEARTBEAT = 15.0

_TAP = re.compile(r"[A-Za-z0-9_-]{8,64}")

_TEMPLATES = Path(__file__).with_name("templates")

# what no class is behind
_NOT_HERE = "Không có lớp nào ở địa chỉ này, hoặc máy chưa tìm được. Coi lại đường dẫn rồi thử lại."


@dataclass(frozen=True, slots=True)
class _View:
    """A page of a class: how the class is found, and what of its board is shown there."""

    template: str
    find: Callable[[], OpenClass | None]
    shown: Callable[[Board], dict[str, Any]]


class Classroom:
    """The doors themselves. ``ended`` tells when streams have to end."""

    def __init__(
        self,
        *,
        roll: Roll,
        schedule: Schedule,
        library: Library,
        gallery: Gallery,
        assets: "dict[str, Asset]",
        now: Callable[[], dt.datetime],
        public_url: str,
        ended: Callable[[], bool],
    ) -> None:
        self._roll = roll
        self._schedule = schedule
        self._library = library
        self._gallery = gallery
        self._now = now
        self._public_url = public_url
        self._ended = ended
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._templates.globals["asset"] = lambda name: assets[name].address

    # ---- pages ----

    async def board(self, request: Request, token: str) -> Response:
        """The trainer's page as it stands; the script keeps it so."""
        return await self._page(request, f"/lop/{token}", self._of_trainer(token))

    async def projector(self, request: Request, code: str) -> Response:
        """For the wall: large, with code and picture, nobody on it (T26), and no secret in its address."""
        return await self._page(request, f"/lop/chieu/{code}", self._of_code(code))

    async def _page(self, request: Request, base: str, view: _View) -> Response:
        if request.method == "HEAD":
            return HTMLResponse()
        board = await self._look(view)
        if board is None:
            return HTMLResponse(_NOT_HERE, status_code=404)
        page = self._templates.get_template(view.template).render(
            board=board,
            shown=await run_in_threadpool(view.shown, board),
            base=base,
            qr=self._qr(request, board.code),
            phrase=check_phrase(self._public_url) if self._public_url else "",
        )
        return HTMLResponse(page)

    def _of_trainer(self, token: str) -> _View:
        return _View("board.html", lambda: self._by_link(token), self._shown)

    def _of_code(self, code: str) -> _View:
        return _View("projector.html", lambda: self._schedule.by_code(code), self._wall)

    def _by_link(self, token: str) -> OpenClass | None:
        led = self._schedule.by_link(token)
        return led.found if led else None

    # ---- taps ----

    async def tap(self, request: Request, token: str) -> Response:
        """One tap; the same one again does nothing more, and the answer is how the class then stands."""
        try:
            form = await read_form(request)
        except (BodyTooLargeError, NotAFormError):
            return JSONResponse({"said": "Máy chưa đọc được, bấm lại giúp."}, status_code=415)
        if not is_own_page(request.headers, self._public_url, has_key=True):
            return JSONResponse({"said": "Chỗ bấm này không phải trang của lớp."}, status_code=403)
        try:
            led = await run_in_threadpool(self._schedule.by_link, token)
            tap = self._read_tap(form, led) if led else None
            if led is None or tap is None:
                return JSONResponse({"said": _NOT_HERE}, status_code=404)
            taken = await run_in_threadpool(self._roll.tap, led, tap)
        except StoreError as error:
            log.error("a trainer's tap could not be taken: %s", error)
            return JSONResponse({"said": "Máy đang trục trặc, sẽ tự gửi lại."}, status_code=503)
        board = await self._look(self._of_trainer(token))
        body = await run_in_threadpool(self._shown, board) if board else {}
        return JSONResponse(body, status_code=200 if taken else 410)

    def _read_tap(self, form: "dict[str, str]", led: Led) -> Tap | None:
        """A tap of this class's lesson, or None for what no page of ours sends."""
        act, id, part, count = (form.get(name, "") for name in ("act", "id", "part", "count"))
        parts = {each.name for each in self._library.lessons[led.found.lesson].parts_of(led.found.length)}
        known = next((each for each in ACTS if each == act), None)
        if known is None or not _TAP.fullmatch(id) or (known == "open" and part not in parts):
            return None
        return Tap(known, id, part, int(count) if count.isascii() and count.isdecimal() and len(count) < 5 else 0)

    # ---- live ----

    async def stream(self, token: str) -> Response:
        """The board again whenever it changed; a page that was cut off gets the present one at once."""
        return await self._stream(self._of_trainer(token))

    async def projector_stream(self, code: str) -> Response:
        return await self._stream(self._of_code(code))

    async def _stream(self, view: _View) -> Response:
        if await self._look(view) is None:
            # 204 tells a browser not to ask again
            return Response(status_code=204)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._events(view), media_type="text/event-stream", headers=headers)

    async def _events(self, view: _View) -> AsyncIterator[str]:
        yield "retry: 1500\n\n"
        said, quiet = "", 0.0
        while not self._ended():
            board = await self._look(view)
            if board is not None:
                shown = json.dumps(await run_in_threadpool(view.shown, board), ensure_ascii=False)
                if shown != said:
                    said, quiet = shown, 0.0
                    yield f"event: board\ndata: {shown}\n\n"
            quiet += _LOOK_EVERY
            if quiet >= _HEARTBEAT:
                quiet = 0.0
                yield ": vẫn đây\n\n"
            await asyncio.sleep(_LOOK_EVERY)

    async def _look(self, view: _View) -> Board | None:
        """The class of a page, or None where there is none or the database is away."""
        try:
            return await run_in_threadpool(self._look_now, view)
        except StoreError as error:
            log.error("a class could not be read: %s", error)
            return None

    def _look_now(self, view: _View) -> Board | None:
        found = view.find()
        if found is None:
            return None
        lesson = self._library.lessons[found.lesson]
        return look(self._library.book, lesson, found, self._roll.seated(found.id), self._now())

    # ---- as the script shows it ----

    def _shown(self, board: Board) -> dict[str, Any]:
        """Everything that changes, ready to be shown."""
        part = board.part
        return {
            "now": board.now,
            "seats": board.seats,
            "without_phone": board.without_phone,
            "done": board.done,
            "here": board.here,
            "part_left": board.part_left,
            "lesson_left": board.lesson_left,
            "is_early": board.is_early,
            "starts_at": board.starts_at.astimezone(CITY).strftime("%H:%M ngày %d/%m"),
            "is_over": board.is_over,
            "opens": bool(part and part.opens),
            "iphone": board.phones.get("iphone", 0),
            "android": board.phones.get("android", 0),
            "phone_unknown": board.phones.get("", 0),
            "standing": [[each.step, each.seats, each.is_now] for each in board.standing],
            "help": [[each.seat, each.step, each.symptom, each.phone, each.remedy] for each in board.help],
            "part": self._part(part),
            "following": board.following.title if board.following else "",
        }

    def _wall(self, board: Board) -> dict[str, Any]:
        """What the whole hall may see: no seat, and no number that is somebody."""
        part = board.part
        return {
            "part": {"title": part.title} if part else {},
            "picture": self._picture(part),
            "done": board.done if board.done >= FEWEST_SHOWN else 0,
        }

    def _part(self, part: Part | None) -> dict[str, Any]:
        if part is None:
            return {}
        return {
            "title": part.title,
            "say": (part.say or part.pause).splitlines(),
            "do": part.do,
            "ask": part.ask,
            "answer": part.answer,
            "is_pause": bool(part.pause),
            "play": [[each.trick, each.answer] for each in part.play],
        }

    def _picture(self, part: Part | None) -> str:
        if part is None:
            return ""
        name = part.picture
        if not name and part.opens:
            name = self._library.book.dialogs[part.opens[0]].steps[part.opens[1]].wording.picture
        found = self._gallery.look(name) if name else None
        return f"/pictures/{name}.png?v={found.digest}" if found else ""

    def _address(self, request: Request) -> str:
        return self._public_url.rstrip("/") or str(request.base_url).rstrip("/")

    def _qr(self, request: Request, code: str) -> Markup:
        """The way into the class by the web: a camera leads there, and no app is wanted."""
        qr = segno.make(f"{self._address(request)}/?lop={code}", error="m", micro=False)
        # our own drawing, of an address of our own
        return Markup(qr.svg_inline(scale=8, border=3, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704
