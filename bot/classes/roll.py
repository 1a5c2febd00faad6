"""Classes as the database holds them: opening one, the trainer's taps, how every seat stands.

A tap names where it leads, not a direction: made twice, or by two trainers at once, it is made once.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, and_, bindparam, insert, select, update

from bot.channels.messages import ClassCall, ClassOver, ContactKey, OfClass
from bot.classes.joining import is_on
from bot.content.lessons import Lesson
from bot.store.database import reading
from bot.store.inbox import Inbox
from bot.store.moments import moment, stamp
from bot.store.schema import contact, conversation, lesson_class, seat
from bot.store.seats import who_sits
from bot.store.store import Store
from bot.store.writer import Job

# a class may begin late and run over; then its code is worth nothing
GRACE = dt.timedelta(minutes=90)

# people who sit with others; a number beyond is a slip of the finger
MOST_WITHOUT_PHONE = 500

Act = Literal["open", "again", "without_phone", "end"]
ACTS: tuple[Act, ...] = ("open", "again", "without_phone", "end")


@dataclass(frozen=True, slots=True)
class Trainer:
    """Who may lead a class: whoever has its secret ``token``. Staff accounts take this place once there are any."""

    token: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.token.encode("utf-8", "surrogatepass")).hexdigest()


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
class OpenClass:
    """A class as it was found. ``part`` is the one now taught, empty before the first."""

    id: int
    code: str
    lesson: str
    length: str
    ward: str
    venue: str
    part: str
    seats: int
    without_phone: int
    begun_at: dt.datetime | None
    part_at: dt.datetime | None
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Seated:
    """A seat and the stored state of its chat."""

    number: int
    state: str


@dataclass(frozen=True, slots=True)
class _Made:
    """A tap of a class for the writer."""

    id: int
    tap: Tap


class Roll:
    """The classes of one database. Everything may raise ``StoreError``."""

    def __init__(self, store: Store, lessons: Mapping[str, Lesson]) -> None:
        self._engine = store.engine
        self._keyring = store.keyring
        self._writer = store.writer
        self._inbox: Inbox = store.inbox
        self._now = store.now
        self._lessons = lessons
        self._opening: Job[dict[str, Any], str] = Job(_open)
        self._tapping: Job[_Made, bool] = Job(self._tap)

    def open(self, lesson: Lesson, *, length: str, ward: str = "", venue: str = "") -> tuple[str, Trainer]:
        """A new class: the code learners type, and what its trainer leads it with, kept nowhere else."""
        trainer, now = Trainer(secrets.token_urlsafe(32)), self._now()
        ends = now + dt.timedelta(minutes=lesson.minutes[length]) + GRACE
        row = {"token": trainer.digest, "lesson": lesson.name, "length": length, "ward": ward, "venue": venue}
        counted = {"part": "", "seats": 0, "without_phone": 0}
        code = self._writer.do(self._opening, {**row, **counted, "created_at": stamp(now), "ends_at": stamp(ends)})
        return code, trainer

    def find(self, trainer: Trainer) -> OpenClass | None:
        """The class a trainer leads, also after its end; None where there is none."""
        return self._found(lesson_class.c.token == trainer.digest)

    def find_by_code(self, code: str) -> OpenClass | None:
        """The class of a code while that is good: what everybody in the hall may see."""
        return self._found(and_(lesson_class.c.code == code, is_on(self._now())))

    def _found(self, which: Any) -> OpenClass | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(lesson_class).where(which)).first()
        if row is None or row.lesson not in self._lessons:
            return None
        return OpenClass(
            id=row.id,
            code=row.code,
            lesson=row.lesson,
            length=row.length,
            ward=row.ward,
            venue=row.venue,
            part=row.part,
            seats=row.seats,
            without_phone=row.without_phone,
            begun_at=moment(row.begun_at) if row.begun_at else None,
            part_at=moment(row.part_at) if row.part_at else None,
            ends_at=moment(row.ends_at),
        )

    def seated(self, class_id: int) -> list[Seated]:
        """Every seat with how its chat stands; empty for a chat that was erased."""
        with reading(self._engine) as connection:
            return [Seated(row.number, row.state or "") for row in connection.execute(_SEATED, {"class": class_id})]

    def tap(self, found: OpenClass, tap: Tap) -> bool:
        """Do what was tapped, in one transaction with what every phone is to get; False once the class has ended."""
        return self._writer.do(self._tapping, _Made(found.id, tap))

    def _tap(self, connection: Connection, made: Sequence[_Made]) -> list[bool]:
        return [self._make(connection, each) for each in made]

    def _make(self, connection: Connection, made: _Made) -> bool:
        tap, now = made.tap, stamp(self._now())
        row = connection.execute(select(lesson_class).where(lesson_class.c.id == made.id, is_on(self._now()))).first()
        if row is None:
            return False
        change = update(lesson_class).where(lesson_class.c.id == made.id)
        match tap.act:
            case "without_phone":
                connection.execute(change.values(without_phone=min(max(tap.count, 0), MOST_WITHOUT_PHONE)))
            case "end":
                connection.execute(change.values(ends_at=now))
                self._tell(
                    connection, [ClassOver(who, f"class {row.id} over") for who in self._sitting(connection, row)]
                )
            case "open" if tap.part != row.part:
                connection.execute(change.values(part=tap.part, part_at=now, begun_at=row.begun_at or now))
                self._call(connection, row, tap.part, tap)
            case "again":
                self._call(connection, row, row.part, tap)
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


def _open(connection: Connection, rows: Sequence[dict[str, Any]]) -> list[str]:
    codes = []
    for row in rows:
        in_use = set(connection.execute(select(lesson_class.c.code)).scalars())
        # no zero in front, which people leave out; no code of a class before, which somebody may still have on paper
        code = next(code for code in _codes() if code not in in_use)
        connection.execute(insert(lesson_class), {**row, "code": code})
        codes.append(code)
    return codes


def _codes() -> Iterator[str]:
    while True:
        yield str(100_000 + secrets.randbelow(900_000))


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
