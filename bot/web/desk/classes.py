"""The doors of classes: planned and opened, what came of them, the link to lead one, and paper for it (T24, T62)."""

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import segno
from fastapi import Response

from bot.classes.results import Results
from bot.classes.roll import Roll, Tap
from bot.classes.schedule import ClassRefusedError, Led, OpenClass, Schedule, Sight, may_lead
from bot.content.lessons import Lesson
from bot.content.library import Library
from bot.core.languages import SOURCE
from bot.paper import papers
from bot.paper.papers import Office
from bot.paper.press import PressError
from bot.settings import Settings
from bot.store.moments import CITY
from bot.store.staff import Account, Staff
from bot.web.desk.class_figures import ClassFigures, class_csv, class_figures, class_report
from bot.web.desk.pages import DeskPages
from bot.web.desk.titles import Titles
from bot.web.desk.visit import Door, GoToError, RefusedError, Visit

log = logging.getLogger(__name__)

PAPERS = ("handout", "script", "poster", "card", "certificate")

# certificates printed at once: some seconds of printing
_MOST_COPIES = 100

# why a class cannot be opened so, a word of the console for each
_REFUSED = {"lead": "class_ward", "ward": "class_ward", "past": "class_past", "far": "class_far"}

# where a class stands, a word of the console for each
_COMING, _ON, _OVER, _CALLED_OFF = "class_coming", "class_on", "class_over", "class_called_off"


@dataclass(frozen=True, slots=True)
class Row:
    """A class in the list."""

    found: OpenClass
    title: str
    ward: str
    state: str


class ClassDoors:
    """Whoever looks sees the classes of their wards; a trainer those they lead. What is done bears their name."""

    def __init__(
        self,
        *,
        schedule: Schedule,
        roll: Roll,
        results: Results,
        staff: Staff,
        library: Library,
        settings: Settings,
        titles: Titles,
        pages: DeskPages,
        wards: Mapping[str, str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """``wards`` are the full names by code."""
        self._schedule = schedule
        self._roll = roll
        self._results = results
        self._staff = staff
        self._library = library
        self._settings = settings
        self._titles = titles
        self._pages = pages
        self._wards = wards
        self._now = now
        # what a lesson prints is the same as long as this process runs, and takes seconds
        self._printed: dict[tuple[str, str, str], bytes] = {}

    def doors(self) -> tuple[Door, ...]:
        return (
            Door("GET", "/desk/classes", "classes", self.classes),
            Door("POST", "/desk/classes", "classes.act", self.open),
            Door("GET", "/desk/classes/{id}", "classes", self.one),
            Door("POST", "/desk/classes/{id}/trainers", "classes.act", self.change_trainers),
            Door("POST", "/desk/classes/{id}/link", "classes.act", self.draw_link),
            Door("POST", "/desk/classes/{id}/end", "classes.act", self.end),
            Door("GET", "/desk/classes/{id}/report.csv", "classes", self.report_csv, confirmed=True),
            Door("GET", "/desk/classes/{id}/report.pdf", "classes", self.report_pdf, confirmed=True),
            Door("GET", "/desk/classes/{id}/paper/{paper}.pdf", "classes", self.paper),
        )

    def classes(self, visit: Visit, wrong: str = "") -> Response:
        rows = [self._row(found) for found in self._schedule.seen(self._sight(visit))]
        return self._pages.page(
            visit,
            "classes.html",
            visit.words["classes"],
            status=422 if wrong else 200,
            sections={state: _in_order(rows, state) for state in (_ON, _COMING, _OVER, _CALLED_OFF)},
            lessons=self._library.lessons,
            wards=self._own_wards(visit),
            trainers=self._candidates(visit, None),
            wrong=wrong,
        )

    def open(self, visit: Visit) -> Response:
        name, _, length = visit.field("lesson").partition("/")
        lesson = self._library.lessons.get(name)
        trainer = next((each for each in self._candidates(visit, None) if each.login == visit.field("trainer")), None)
        starts_at, ward = _typed_moment(visit.field("starts_at")), visit.field("ward")
        if lesson is None or length not in lesson.minutes:
            return self.classes(visit, "class_lesson_wrong")
        if trainer is None or ward not in self._own_wards(visit):
            return self.classes(visit, "class_ward")
        if visit.field("starts_at") and starts_at is None:
            return self.classes(visit, "class_past")
        try:
            opened = self._schedule.open(
                lesson,
                length=length,
                ward=ward,
                venue=" ".join(visit.field("venue").split()),
                staff=trainer,
                starts_at=starts_at,
                by=visit.account.actor,
            )
        except ClassRefusedError as error:
            return self.classes(visit, _REFUSED[error.reason])
        raise GoToError(f"/desk/classes/{opened.id}")

    def one(self, visit: Visit, wrong: str = "") -> Response:
        found = self._found(visit)
        lesson, row = self._library.lessons[found.lesson], self._row(found)
        led_by = set(self._schedule.trainers(found))
        return self._pages.page(
            visit,
            "class.html",
            lesson.title,
            status=422 if wrong else 200,
            row=row,
            found=found,
            facts=self._facts(visit, found),
            figures=self._figures(visit, found),
            trainers=sorted(led_by),
            others=[each for each in self._candidates(visit, found) if each.login not in led_by],
            leads=visit.account.login in led_by,
            may_act=visit.may("classes.act") and not found.is_over(self._now()),
            papers=PAPERS if self._settings.public_url else ("script", "certificate"),
            copies=min(max(found.seats + found.without_phone, 1), _MOST_COPIES),
            most_copies=_MOST_COPIES,
            wrong=wrong,
        )

    # ---- acts ----

    def change_trainers(self, visit: Visit) -> Response:
        """One more, or one less."""
        found = self._acted_on(visit)
        login, by = visit.field("trainer"), visit.account.actor
        if visit.field("act") == "drop":
            dropped = self._staff.by_login(login)
            if dropped is not None:
                self._schedule.drop_trainer(found, dropped, by=by)
            raise GoToError(
                f"/desk/classes/{found.id}"
                if self._schedule.find_seen(self._sight(visit), found.id)
                else "/desk/classes"
            )
        added = next((each for each in self._candidates(visit, found) if each.login == login), None)
        if added is None:
            return self.one(visit, "class_ward")
        self._schedule.add_trainer(found, added, by=by)
        raise GoToError(f"/desk/classes/{found.id}")

    def draw_link(self, visit: Visit) -> Response:
        """Shown this once; the one on another phone ends."""
        found = self._found(visit)
        if self._now() >= found.confirmed_until:
            raise RefusedError(409, "class_gone")
        try:
            token = self._schedule.lead(found, visit.account)
        except ClassRefusedError:
            raise RefusedError(403, "class_not_led") from None
        address = f"{self._address(visit)}/lop/{token}"
        # to be photographed by the phone that leads the class
        qr = segno.make(address, error="m", micro=False).svg_inline(
            border=2, omitsize=True, svgclass="qr", lineclass=None
        )
        return self._pages.page(
            visit, "class_link.html", visit.words["class_link"], found=found, address=address, qr=qr
        )

    def end(self, visit: Visit) -> Response:
        found = self._acted_on(visit)
        self._roll.tap(Led(found, visit.account.id), Tap("end", "desk"))
        self._results.settle()
        raise GoToError(f"/desk/classes/{found.id}")

    # ---- what came of it, and paper ----

    def report_csv(self, visit: Visit) -> Response:
        found = self._found(visit)
        content = class_csv(self._facts(visit, found), self._reported(visit, found), visit.words)
        return _file(content, "text/csv; charset=utf-8", f"lop-{found.id}.csv")

    def report_pdf(self, visit: Visit) -> Response:
        found = self._found(visit)
        title = f"{visit.words['class_report']}: {self._library.lessons[found.lesson].title}"
        figures = self._reported(visit, found)
        report = class_report(title, self._facts(visit, found), figures, visit.words, visit.language or SOURCE)
        return _pdf(lambda: papers.class_report(report, self._settings.operator), f"lop-{found.id}")

    def paper(self, visit: Visit) -> Response:
        found, name = self._found(visit), visit.at("paper")
        lesson = self._library.lessons[found.lesson]
        match name:
            case "script":
                return self._of_lesson(name, found, lambda: papers.script(self._library, lesson, found.length))
            case "handout":
                office = self._office()
                return self._of_lesson(name, found, lambda: papers.handout(self._library, lesson, office))
            case "card":
                office = self._office()
                return _pdf(lambda: papers.card(office), name)
            case "poster":
                office, when = self._office(), found.starts_at.astimezone(CITY).strftime("%H:%M ngày %d/%m")
                return _pdf(lambda: papers.poster(office, code=found.code, when=when), f"{name}-{found.code}")
            case "certificate":
                return self._certificates(visit, found, lesson)
        raise RefusedError(404, "not_found")

    def _certificates(self, visit: Visit, found: OpenClass, lesson: Lesson) -> Response:
        typed = visit.asked("copies")
        copies = int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 5 else 1
        day, place = found.starts_at.astimezone(CITY).date(), found.venue or self._wards.get(found.ward, "")
        operator, copies = self._settings.operator, min(max(copies, 1), _MOST_COPIES)
        return _pdf(
            lambda: papers.certificate(lesson, operator, place=place, day=day, copies=copies),
            f"giay-ghi-nhan-{found.id}",
        )

    def _of_lesson(self, name: str, found: OpenClass, made: Callable[[], bytes]) -> Response:
        key = (name, found.lesson, found.length)

        def once() -> bytes:
            if key not in self._printed:
                self._printed[key] = made()
            return self._printed[key]

        return _pdf(once, f"{name}-{found.lesson}")

    # ---- inside ----

    def _sight(self, visit: Visit) -> Sight:
        trainer = visit.account.id if visit.account.role == "trainer" else None
        return Sight(visit.scope.wards, trainer)

    def _found(self, visit: Visit) -> OpenClass:
        found = self._schedule.find_seen(self._sight(visit), visit.number("id"))
        if found is None:
            raise RefusedError(404, "not_found")
        return found

    def _acted_on(self, visit: Visit) -> OpenClass:
        """A class in which something may still be changed."""
        found = self._found(visit)
        if found.is_over(self._now()):
            raise RefusedError(409, "class_gone")
        return found

    def _row(self, found: OpenClass) -> Row:
        return Row(found, self._library.lessons[found.lesson].title, self._ward(found), self._state(found))

    def _state(self, found: OpenClass) -> str:
        now = self._now()
        if not found.is_over(now):
            return _ON if found.begun_at or found.starts_at <= now else _COMING
        return _OVER if found.begun_at or found.seats or found.without_phone else _CALLED_OFF

    def _ward(self, found: OpenClass) -> str:
        return self._wards.get(found.ward, found.ward)

    def _own_wards(self, visit: Visit) -> Mapping[str, str]:
        """The wards somebody may open classes in; who sees the whole city also opens those of no ward."""
        own = {code: name for code, name in self._wards.items() if code in visit.scope}
        return own if visit.scope.wards is not None else {"": visit.words["whole_city"], **own}

    def _candidates(self, visit: Visit, found: OpenClass | None) -> list[Account]:
        """Who may be named as a trainer: for a trainer a new class is their own."""
        if found is None and visit.account.role == "trainer":
            return [visit.account]
        wards = [found.ward] if found else list(self._own_wards(visit))
        return [each for each in self._staff.accounts() if any(may_lead(each, ward) for ward in wards)]

    def _facts(self, visit: Visit, found: OpenClass) -> Mapping[str, str]:
        """What is known of a class beside its numbers, by the words that stand before it."""
        words, starts = visit.words, found.begun_at or found.starts_at
        length = f" ({words[f'length_{found.length}']})" if found.length else ""
        facts = {
            words["class_lesson"]: self._library.lessons[found.lesson].title + length,
            words["class_starts"]: starts.astimezone(CITY).strftime("%H:%M %d/%m/%Y"),
            words["class_venue"]: found.venue,
            words["ward"]: self._ward(found) or words["whole_city"],
            words["class_trainers"]: ", ".join(self._schedule.trainers(found)) or words["class_no_trainer"],
        }
        return {name: value for name, value in facts.items() if value}

    def _figures(self, visit: Visit, found: OpenClass) -> ClassFigures | None:
        result = self._results.of(found)
        return class_figures(found, result, self._titles, visit.words, visit.language) if result else None

    def _reported(self, visit: Visit, found: OpenClass) -> ClassFigures:
        figures = self._figures(visit, found)
        if figures is None:
            raise RefusedError(409, "class_not_yet")
        return figures

    def _office(self) -> Office:
        if not self._settings.public_url:
            raise RefusedError(409, "no_address")
        return Office(self._settings.operator, self._settings.public_url)

    def _address(self, visit: Visit) -> str:
        return self._settings.public_url.rstrip("/") or str(visit.request.base_url).rstrip("/")


def _in_order(rows: list[Row], state: str) -> list[Row]:
    """What comes soonest stands on top; of what is over, what was last."""
    chosen = [row for row in rows if row.state == state]
    return chosen[::-1] if state in (_ON, _COMING) else chosen


def _typed_moment(text: str) -> dt.datetime | None:
    """What a field for date and time sends ("2026-11-25T08:00"), by the city's clock."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=CITY)
    except ValueError:
        return None


def _pdf(made: Callable[[], bytes], name: str) -> Response:
    try:
        return _file(made(), "application/pdf", f"{name}.pdf")
    except PressError as error:
        log.error("nothing was printed: %s", error)
        raise RefusedError(503, "not_printed") from None


def _file(content: bytes, kind: str, name: str) -> Response:
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
