"""A trainer's word by seat: on this phone I saw the task finished. It goes to the campaign's data once (T24).

Counted is who agreed to be; of the others the class keeps the number alone. Taken back, it is a correction of its own.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.classes.board import read_state
from bot.classes.schedule import CONFIRMING, EARLY, Led, OpenClass
from bot.content.lessons import Lesson
from bot.core.dialogs import Book
from bot.core.state import State
from bot.store.audit import Entry
from bot.store.confirmations import MAY_BE_COUNTED
from bot.store.database import reading
from bot.store.evidence import Change, Word, take_words
from bot.store.moments import stamp
from bot.store.schema import class_confirmation, contact, conversation, lesson_class, person, seat
from bot.store.store import Store
from bot.store.tallies import Tallies
from bot.store.writer import Job

# "gone": the seat was given up, or nobody there is at this task; "over": not the time to confirm in this class
Outcome = Literal["taken", "gone", "over"]


@dataclass(frozen=True, slots=True)
class Saw:
    """What a trainer says of a seat: that a task of theirs is ``finished``, or is not after all.

    ``person`` is the code of whose task it is: "" types on that phone, "ma" is helped there.
    """

    seat: int
    person: str
    task: str
    finished: bool = True


@dataclass(frozen=True, slots=True)
class Confirmable:
    """A person at a seat and a task of the lesson: ``says_done`` by themselves, ``confirmed`` by a trainer."""

    seat: int
    person: str
    task: str
    says_done: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class _Said:
    led: Led
    saw: Saw


class Confirming:
    """The confirmations of one database. Everything may raise ``StoreError``."""

    def __init__(self, store: Store, lessons: Mapping[str, Lesson], book: Book) -> None:
        self._engine = store.engine
        self._writer = store.writer
        self._audit = store.audit
        self._flows = store.flows
        self._now = store.now
        self._lessons = lessons
        self._book = book
        self._saying: Job[_Said, Outcome] = Job(lambda connection, said: [self._say(connection, each) for each in said])

    def tasks(self, found: OpenClass) -> tuple[str, ...]:
        """The tasks a class is about, in the order of its lesson; none for a lesson on scams."""
        return tasks_of(self._lessons[found.lesson], self._book)

    def seats(self, found: OpenClass) -> list[Confirmable]:
        """Everybody of the class with each of its tasks, by seat; several people where several share a phone."""
        keys = {"class": found.id}
        with reading(self._engine) as connection:
            seated = connection.execute(_SEATED, keys).all()
            said = {(row.seat, row.person, row.task): row.confirmed for row in connection.execute(_SAID, keys)}
        return [
            Confirmable(
                row.number, code, task, f"{code}/{task}" in state.done, said.get((row.number, code, task), False)
            )
            for row in seated
            for state in [read_state(row.state or "")]
            for code in self._people(state)
            for task in self.tasks(found)
        ]

    def say(self, led: Led, saw: Saw) -> Outcome:
        """Write it, once however often it is said, and in the name of who leads the class."""
        return self._writer.do(self._saying, _Said(led, saw))

    # ---- inside ----

    def _people(self, state: State) -> tuple[str, ...]:
        """Whose turn it is at a phone, and everybody else at work there in one of the journeys of a task."""
        journeys = {dialog.name for dialog in self._book.dialogs.values() if dialog.task}
        begun = [key.partition("/") for key in state.bookmarks]
        others = [code for code, _, dialog in begun if dialog in journeys]
        return tuple(dict.fromkeys((state.person, *others, *(mark.partition("/")[0] for mark in state.done))))

    def _say(self, connection: Connection, said: _Said) -> Outcome:
        found, saw, now = said.led.found, said.saw, self._now()
        keys = {"class": found.id, "seat": saw.seat}
        if not self._is_time(connection, found.id, now):
            return "over"
        row = connection.execute(_SEATED.where(seat.c.number == saw.seat), keys).first()
        if (
            row is None
            or saw.task not in self.tasks(found)
            or saw.person not in self._people(read_state(row.state or ""))
        ):
            return "gone"
        before = connection.execute(_SAID.where(*_line(saw)), keys).first()
        confirmed, counted, changes = (
            (before.confirmed, before.counted, before.changes) if before else (False, False, 0)
        )
        whose = connection.execute(_PERSON, {"contact": row.contact_id, "code": saw.person}).first()
        counts = saw.finished and (counted or (whose is not None and whose.agreed))
        if (confirmed, counted) == (saw.finished, counts):
            return "taken"
        if whose is not None and counted != counts:
            self._tell(connection, said, whose.id, changes)
        line = {"class_id": found.id, "seat": saw.seat, "person": saw.person, "task": saw.task}
        line |= {"confirmed": saw.finished, "counted": counts, "changes": changes + 1, "said_at": stamp(now)}
        connection.execute(_WRITE[connection.dialect.name], line)
        action = "class_confirmed" if saw.finished else "class_unconfirmed"
        self._audit.append(
            connection, Entry(said.led.actor, action, f"class:{found.id}", f"seat:{saw.seat} {saw.task}")
        )
        return "taken"

    def _tell(self, connection: Connection, said: _Said, person_id: int, changes: int) -> None:
        """The campaign's data hears of it: an event of its own for each time a trainer changes their word."""
        found, saw, at = said.led.found, said.saw, stamp(self._now())
        change: Change = "confirm" if saw.finished else "withdraw"
        event = f"class {found.id} {saw.seat} {saw.person} {saw.task} {changes}"
        tallies = Tallies(connection, at=at, flows=self._flows)
        word = Word(at, event, person_id, saw.task, "trainer", change, said.led.actor)
        take_words(connection, [word], tallies, at=at)
        tallies.write()

    @staticmethod
    def _is_time(connection: Connection, class_id: int, now: dt.datetime) -> bool:
        until, since = stamp(now - CONFIRMING), stamp(now + EARLY)
        query = select(lesson_class.c.id).where(
            lesson_class.c.id == class_id, lesson_class.c.starts_at <= since, lesson_class.c.ends_at > until
        )
        return connection.execute(query).first() is not None


def tasks_of(lesson: Lesson, book: Book) -> tuple[str, ...]:
    opened = [part.opens[0] for part in lesson.parts if part.opens]
    return tuple(dict.fromkeys(task for name in opened if (task := book.dialogs[name].task)))


def _line(saw: Saw) -> Sequence[Any]:
    return (
        class_confirmation.c.seat == saw.seat,
        class_confirmation.c.person == saw.person,
        class_confirmation.c.task == saw.task,
    )


def _writing(dialect: Any) -> Any:
    statement = dialect.insert(class_confirmation)
    new = {name: statement.excluded[name] for name in ("confirmed", "counted", "changes", "said_at")}
    return statement.on_conflict_do_update(index_elements=list(class_confirmation.primary_key), set_=new)


_WRITE = {name: _writing(dialect) for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))}
_SAID = select(class_confirmation).where(class_confirmation.c.class_id == bindparam("class"))
_PERSON = select(person.c.id, MAY_BE_COUNTED.label("agreed")).where(
    person.c.contact_id == bindparam("contact"), person.c.code == bindparam("code")
)
_SEATED = (
    select(seat.c.number, conversation.c.state, contact.c.id.label("contact_id"))
    .select_from(
        seat.outerjoin(contact, contact.c.lookup == seat.c.lookup).outerjoin(
            conversation, conversation.c.contact_id == contact.c.id
        )
    )
    .where(seat.c.class_id == bindparam("class"))
    .order_by(seat.c.number)
)
