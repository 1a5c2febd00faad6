"""What the trainer's board shows: steps, counts, seats that ask for help; no name, no text, no channel (T24, T26)."""

import datetime as dt
import json
import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.classes.roll import Seated
from bot.classes.schedule import OpenClass
from bot.content.lessons import Lesson, Part
from bot.core.address import forms
from bot.core.dialogs import Book
from bot.core.state import State, StateError

log = logging.getLogger(__name__)

# how a trainer reads a remedy out
_FORMS = {**forms(), "anh_chi": "cô chú", "Anh_chi": "Cô chú"}


@dataclass(frozen=True, slots=True)
class Help:
    """A seat that asks for help: with what, on which kind of phone, and what to try first."""

    seat: int
    step: str
    symptom: str
    phone: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """So many seats at a step, in the order of the lesson."""

    step: str
    seats: int
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Board:
    """One look at a class. ``done`` of ``seats`` are past the step now taught; minutes are whole ones left.

    ``is_early``: planned, and nobody is let in yet.
    """

    title: str
    code: str
    parts: tuple[Part, ...]
    now: int
    seats: int
    without_phone: int
    done: int
    here: int
    standing: tuple[Standing, ...]
    help: tuple[Help, ...]
    phones: Mapping[str, int]
    part_left: int
    lesson_left: int
    starts_at: dt.datetime
    is_early: bool
    is_over: bool

    @property
    def part(self) -> Part | None:
        return self.parts[self.now] if self.now >= 0 else None

    @property
    def following(self) -> Part | None:
        return self.parts[self.now + 1] if self.now + 1 < len(self.parts) else None


def look(book: Book, lesson: Lesson, found: OpenClass, seated: Sequence[Seated], now: dt.datetime) -> Board:
    """The board of a class as it stands now."""
    parts = lesson.parts_of(found.length)
    names = [part.name for part in parts]
    at = names.index(found.part) if found.part in names else -1
    opened = parts[at].opens if at >= 0 else None
    states = {each.number: read_state(each.state) for each in seated}
    reached = [_reached(book, state, opened) for state in states.values()] if opened else []
    return Board(
        title=lesson.title,
        code=found.code,
        parts=parts,
        now=at,
        seats=len(seated),
        without_phone=found.without_phone,
        done=reached.count("past"),
        here=reached.count("here"),
        standing=_standing(book, states.values(), opened),
        help=tuple(each for number, state in states.items() if (each := _help(book, number, state))),
        phones=Counter(state.slots.get("phone", "") for state in states.values()),
        part_left=_left(parts[at].minutes[found.length], found.part_at, now) if at >= 0 else 0,
        lesson_left=_left(lesson.minutes[found.length], found.begun_at, now),
        starts_at=found.starts_at,
        is_early=now < found.doors_at,
        is_over=found.is_over(now),
    )


def read_state(stored: str) -> State:
    """How a chat stands; a new one where nothing is stored, or nothing that can be read."""
    try:
        return State.from_dict(json.loads(stored)) if stored else State()
    except (StateError, ValueError):
        log.warning("a seat's chat cannot be read; it is shown as not begun")
        return State()


def _left(minutes: int, since: dt.datetime | None, now: dt.datetime) -> int:
    """Minutes left, below zero once it takes longer."""
    return minutes if since is None else minutes - int((now - since).total_seconds() // 60)


def _reached(book: Book, state: State, opened: tuple[str, str]) -> str:
    """Whether a chat is at the step now taught, "past" it, or elsewhere."""
    dialog = book.dialogs[opened[0]]
    if dialog.task and f"{state.person}/{dialog.task}" in state.done:
        return "past"
    place = next((place for place in state.path if place.dialog == dialog.name and place.step in dialog.steps), None)
    if place is None:
        return ""
    order = dialog.order
    here, wanted = order.index(place.step), order.index(opened[1])
    return "here" if here == wanted else "past" if here > wanted else ""


def _standing(book: Book, states: Iterable[State], opened: tuple[str, str] | None) -> tuple[Standing, ...]:
    """Counts by numbered step, and one for all who are elsewhere."""
    counted: Counter[tuple[str, str]] = Counter(numbered(book, state) for state in states)
    elsewhere = counted.pop(("", ""), 0)
    order = {
        (name, step): (index, place)
        for index, (name, dialog) in enumerate(book.dialogs.items())
        for place, step in enumerate(dialog.order)
    }
    rows = [
        Standing(_title(book, *place), seats, place == opened)
        for place, seats in sorted(counted.items(), key=lambda item: order[item[0]])
    ]
    return (*rows, *([Standing("Chỗ khác", elsewhere)] if elsewhere else []))


def numbered(book: Book, state: State) -> tuple[str, str]:
    """The innermost numbered step of where a chat stands."""
    for place in reversed(state.path):
        dialog = book.dialogs.get(place.dialog)
        step = dialog.steps.get(place.step) if dialog else None
        if step is not None and step.number:
            return place.dialog, place.step
    return "", ""


def _title(book: Book, dialog: str, step: str) -> str:
    found = book.dialogs[dialog].steps[step]
    return f"Bước {found.number}: {found.title}"


def _help(book: Book, number: int, state: State) -> Help | None:
    """Who pressed *Chưa được*, or wants a human being."""
    if not state.path:
        return None
    place = state.place
    step = _title(book, *where) if (where := numbered(book, state)) != ("", "") else ""
    phone = state.slots.get("phone", "")
    if any(each.dialog == book.hears.get("human", ("",))[0] for each in state.path):
        return Help(number, step, "Xin gặp người", phone)
    if place.mode == "symptoms":
        return Help(number, step, "Chưa được, chưa chọn vướng gì", phone)
    symptom = book.symptoms.get(place.symptom) if place.mode == "remedy" else None
    if symptom is None:
        return None
    attempt = symptom.attempts[min(place.attempt, len(symptom.attempts) - 1)]
    return Help(number, step, symptom.label, phone, _aloud(attempt.wording.say))


def _aloud(text: str) -> str:
    plain = text.format_map(_FORMS).removeprefix("Dạ ")
    return plain[:1].upper() + plain[1:]
