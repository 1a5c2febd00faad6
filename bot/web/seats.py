"""The trainer's list of seats: one button each for what they saw finished on the phone; works without script, too."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool

from bot.classes.confirming import Confirmable, Confirming, Outcome, Saw
from bot.classes.schedule import Led, Schedule
from bot.content.library import Library
from bot.core.address import spoken
from bot.store.database import StoreError
from bot.web.guard import BodyTooLargeError, NotAFormError, is_own_page, read_form
from bot.web.static_files import Asset

log = logging.getLogger(__name__)

_TEMPLATES = Path(__file__).with_name("templates")

_NOT_HERE = "Đường dẫn này hết dùng được: lớp xong đã quá một ngày, hoặc đường dẫn đã cấp lại trên máy khác."
_NOT_READ = "Máy chưa đọc được, bấm lại giúp."
_ELSEWHERE = "Chỗ bấm này không phải trang của lớp."
_AWAY = "Máy đang trục trặc, sẽ tự gửi lại."

_SAID: Mapping[Outcome, str] = {
    "taken": "",
    "gone": "Ghế này không còn trong lớp, hoặc người ở đó đang làm việc khác. Mở lại trang rồi coi ghế đó.",
    "over": "Chưa tới giờ lớp, hoặc lớp xong đã quá một ngày: không ghi thêm được.",
}
_STATUS: Mapping[Outcome, int] = {"taken": 200, "gone": 409, "over": 410}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list: who sits there, if several share the phone, and what the trainer said."""

    key: str
    seat: int
    who: str
    task: str
    title: str
    person: str
    says_done: bool
    confirmed: bool


class Seats:
    """The doors of the list, for whoever has the class's secret link."""

    def __init__(
        self,
        *,
        schedule: Schedule,
        confirming: Confirming,
        library: Library,
        assets: Mapping[str, Asset],
        public_url: str,
    ) -> None:
        self._schedule = schedule
        self._confirming = confirming
        self._library = library
        self._public_url = public_url
        self._titles = {dialog.task: dialog.title for dialog in library.book.dialogs.values() if dialog.task}
        self._templates = Environment(
            loader=FileSystemLoader(_TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._templates.globals["asset"] = lambda name: assets[name].address

    async def page(self, request: Request, token: str) -> Response:
        """Every seat as it stands."""
        if request.method == "HEAD":
            return HTMLResponse()
        return await run_in_threadpool(self._page, token)

    async def confirm(self, request: Request, token: str) -> Response:
        """One seat's button. A script gets the list as JSON, a plain form the page again, at the same seat."""
        is_script = "application/json" in request.headers.get("accept", "")
        try:
            form = await read_form(request)
        except (BodyTooLargeError, NotAFormError):
            return _refusal(_NOT_READ, 415, is_script=is_script)
        if not is_own_page(request.headers, self._public_url, has_key=True):
            return _refusal(_ELSEWHERE, 403, is_script=is_script)
        try:
            return await run_in_threadpool(self._confirm, token, form, is_script)
        except StoreError as error:
            log.error("what a trainer saw could not be taken: %s", error)
            return _refusal(_AWAY, 503, is_script=is_script)

    # ---- inside, in a thread ----

    def _page(self, token: str, said: str = "", status: int = 200) -> Response:
        try:
            led = self._schedule.by_link(token)
            lines = self._lines(led) if led else []
        except StoreError as error:
            log.error("the seats of a class could not be read: %s", error)
            return _refusal(_AWAY, 503)
        if led is None:
            return _refusal(_NOT_HERE, 404)
        page = self._templates.get_template("seats.html").render(
            title=self._library.lessons[led.found.lesson].title,
            base=f"/lop/{token}",
            tasks=[self._titles[task] for task in self._confirming.tasks(led.found)],
            lines=lines,
            said=said,
        )
        return HTMLResponse(page, status_code=status)

    def _confirm(self, token: str, form: Mapping[str, str], is_script: bool) -> Response:
        led, saw = self._schedule.by_link(token), _read(form)
        if led is None or saw is None:
            return _refusal(_NOT_HERE, 404, is_script=is_script)
        outcome = self._confirming.say(led, saw)
        if is_script:
            confirmed = [line.key for line in self._lines(led) if line.confirmed]
            return JSONResponse({"said": _SAID[outcome], "confirmed": confirmed}, status_code=_STATUS[outcome])
        if outcome != "taken":
            return self._page(token, _SAID[outcome], _STATUS[outcome])
        return RedirectResponse(f"/lop/{token}/ghe#ghe-{saw.seat}", status_code=303)

    def _lines(self, led: Led) -> list[Line]:
        seats = self._confirming.seats(led.found)
        people: dict[int, set[str]] = {}
        for each in seats:
            people.setdefault(each.seat, set()).add(each.person)
        return [self._line(each, alone=people[each.seat] == {""}) for each in seats]

    def _line(self, each: Confirmable, *, alone: bool) -> Line:
        """Who is named only where it is not plainly the one who holds the phone, and by the relation alone."""
        who = "" if alone else _who(each.person)
        key = f"{each.seat} {each.person} {each.task}"
        title = self._titles[each.task]
        return Line(key, each.seat, who, each.task, title, each.person, each.says_done, each.confirmed)


def _who(person: str) -> str:
    """
    >>> _who("ma"), _who("ba_con.2"), _who("")
    ('Làm cho má', 'Làm cho cô bác 2', 'Làm cho chính mình')
    """
    if not person:
        return "Làm cho chính mình"
    number = person.partition(".")[2]
    return f"Làm cho {spoken(person)} {number}".strip()


def _read(form: Mapping[str, str]) -> Saw | None:
    """What a button of the list sends, or None for what no page of ours sends."""
    seat, seen = form.get("seat", ""), form.get("seen", "")
    if not (seat.isascii() and seat.isdecimal() and len(seat) < 5) or seen not in ("yes", "no"):
        return None
    return Saw(int(seat), form.get("person", "")[:16], form.get("task", "")[:32], finished=seen == "yes")


def _refusal(said: str, status: int, *, is_script: bool = False) -> Response:
    return JSONResponse({"said": said}, status_code=status) if is_script else HTMLResponse(said, status_code=status)
