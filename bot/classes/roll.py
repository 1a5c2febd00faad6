"""A class while it is taught: the trainer's taps, how every seat stands.

A tap names where it leads, not a direction: made twice, or by two trainers at once, it is made once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, select, update

from bot.channels.messages import ClassCall, ClassOver, ContactKey, OfClass
from bot.classes.schedule import Led, is_on
from bot.content.lessons import Lesson
from bot.store.audit import Entry
from bot.store.database import reading
from bot.store.inbox import Inbox
from bot.store.moments import stamp
from bot.store.schema import contact, conversation, lesson_class, seat
from bot.store.seats import who_sits
from bot.store.store import Store
from bot.store.writer import Job

# people who sit with others; a number beyond is a slip of the finger
MOST_WITHOUT_PHONE = 500

Act = Literal["open", "again", "without_phone", "end"]
ACTS: tuple[Act, ...] = ("open", "again", "without_phone", "end")


@dataclass(frozen=True, slots=True)
class Tap:
    """What a trainer tapped: open a ``part``, say it ``again``, so many people ``without_phone``, end the class.

    ``id`` is drawn by the page: the same tap sent again, after a failed connection, is one tap.
    """

    act: Act
    id: str
    part: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat and the stored state of its chat."""

    number: int
    state: str


@dataclass(frozen=True, slots=True)
class _Made:
    """A tap of a class for the writer, and in whose name it is made."""

    id: int
    actor: str
    tap: Tap


class Roll:
    """The classes of one database. Everything may raise ``StoreError``."""

    def __init__(self, store: Store, lessons: Mapping[str, Lesson]) -> None:
        self._engine = store.engine
        self._keyring = store.keyring
        self._writer = store.writer
        self._inbox: Inbox = store.inbox
        self._audit = store.audit
        self._now = store.now
        self._lessons = lessons
        self._tapping: Job[_Made, bool] = Job(self._tap)

    def seated(self, class_id: int) -> list[Seated]:
        """Every seat with how its chat stands; empty for a chat that was erased."""
        with reading(self._engine) as connection:
            return [Seated(row.number, row.state or "") for row in connection.execute(_SEATED, {"class": class_id})]

    def tap(self, led: Led, tap: Tap) -> bool:
        """Do what was tapped, in one transaction with what every phone is to get; False once the class has ended, and
        while nobody is let in yet."""
        return self._writer.do(self._tapping, _Made(led.found.id, led.actor, tap))

    def _tap(self, connection: Connection, made: Sequence[_Made]) -> list[bool]:
        return [self._make(connection, each) for each in made]

    def _make(self, connection: Connection, made: _Made) -> bool:
        tap, now = made.tap, stamp(self._now())
        # a planned class may be called off long before its doors open
        may = lesson_class.c.ends_at > now if tap.act == "end" else is_on(self._now())
        row = connection.execute(select(lesson_class).where(lesson_class.c.id == made.id, may)).first()
        if row is None or (tap.act == "open" and tap.part == row.part):
            return row is not None
        change = update(lesson_class).where(lesson_class.c.id == made.id)
        match tap.act:
            case "without_phone":
                connection.execute(change.values(without_phone=min(max(tap.count, 0), MOST_WITHOUT_PHONE)))
            case "end":
                connection.execute(change.values(ends_at=now))
                people = self._sitting(connection, row)
                self._tell(connection, [ClassOver(who, f"class {row.id} over") for who in people])
            case "open":
                connection.execute(change.values(part=tap.part, part_at=now, begun_at=row.begun_at or now))
                self._call(connection, row, tap.part, tap)
            case "again":
                self._call(connection, row, row.part, tap)
        detail = {"open": tap.part, "without_phone": str(tap.count)}.get(tap.act, "")
        self._audit.append(connection, Entry(made.actor, f"class_{tap.act}", f"class:{made.id}", detail))
        return True

    def _call(self, connection: Connection, row: Any, part: str, tap: Tap) -> None:
        """Put the part's step into the inbox of every seat: from there it goes the way of every message."""
        opened = next((each.opens for each in self._lessons[row.lesson].parts if each.name == part), None)
        if opened is None:
            return
        again, id = tap.act == "again", f"class {row.id} {tap.id}"
        people = self._sitting(connection, row)
        self._tell(connection, [ClassCall(who, *opened, again=again, id=id) for who in people])

    def _sitting(self, connection: Connection, row: Any) -> list[ContactKey]:
        seats = connection.execute(select(seat).where(seat.c.class_id == row.id)).all()
        return [who_sits(self._keyring, each) for each in seats]

    def _tell(self, connection: Connection, calls: Sequence[OfClass]) -> None:
        if calls:
            self._inbox.put(connection, [self._inbox.seal(call) for call in calls])


_SEATED = (
    select(seat.c.number, conversation.c.state)
    .select_from(
        seat.outerjoin(contact, contact.c.lookup == seat.c.lookup).outerjoin(
            conversation, conversation.c.contact_id == contact.c.id
        )
    )
    .where(seat.c.class_id == bindparam("class"))
    .order_by(seat.c.number)
)
