"""Which classes there are and who leads each: opened or planned by an account of the office, found by its people.

A trainer leads with a link of their own, drawn for one account and one class: a console's session would end in the
middle of a lesson. It ends with the class and what is needed to confirm, at once with the account, its role or ward.
"""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.content.lessons import Lesson
from bot.store.audit import Entry
from bot.store.database import reading
from bot.store.moments import moment, stamp
from bot.store.schema import class_trainer, lesson_class, staff_account, staff_ward
from bot.store.staff import Account
from bot.store.store import Store
from bot.store.writer import Job

# a class may begin late and run over; then its code is worth nothing
GRACE = dt.timedelta(minutes=90)

# so long before a planned class people may take their seats, and its trainer may begin
EARLY = dt.timedelta(hours=2)

# so long after a class its trainer may say what they saw on the phones
CONFIRMING = dt.timedelta(hours=24)

# how far ahead a class is planned; further is a slip of the finger
_FURTHEST = dt.timedelta(days=366)

# a class "now" typed a while ago is still now
_JUST_NOW = dt.timedelta(hours=1)

# who leads classes in the wards they are named for, and who does anywhere
_IN_OWN_WARDS = ("trainer", "ward_officer")
_ANYWHERE = ("city_admin",)

LONGEST_VENUE = 120

# fewer people than this are not shown as a number outside a class, nor to its whole hall (T9, T26)
FEWEST_SHOWN = 5

Result = TypeVar("Result")


class ClassRefusedError(Exception):
    """A class that cannot be opened or led so; the message says in Vietnamese what to do.

    ``reason`` is "lead", "ward", "past" or "far", for pages with words of their own.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


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
    starts_at: dt.datetime
    begun_at: dt.datetime | None
    part_at: dt.datetime | None
    ends_at: dt.datetime

    @property
    def doors_at(self) -> dt.datetime:
        """From when on people take their seats."""
        return self.starts_at - EARLY

    @property
    def confirmed_until(self) -> dt.datetime:
        return self.ends_at + CONFIRMING

    def is_on(self, now: dt.datetime) -> bool:
        """Whether people may join, and the trainer may lead."""
        return self.doors_at <= now < self.ends_at

    def is_over(self, now: dt.datetime) -> bool:
        return now >= self.ends_at


@dataclass(frozen=True, slots=True)
class Led:
    """A class as one of its trainers leads it: what they do there is done in the name of this account."""

    found: OpenClass
    staff: int

    @property
    def actor(self) -> str:
        """The trainer's name in the audit log."""
        return f"staff:{self.staff}"


@dataclass(frozen=True, slots=True)
class Sight:
    """Which classes somebody of the office sees: of some wards (None: of all), of one trainer where one is named."""

    wards: frozenset[str] | None = None
    trainer: int | None = None

    def only(self) -> ColumnElement[bool]:
        """The condition that keeps a query inside."""
        within = true() if self.wards is None else lesson_class.c.ward.in_(sorted(self.wards))
        if self.trainer is None:
            return within
        leads = class_trainer.c.class_id == lesson_class.c.id, class_trainer.c.staff_id == self.trainer
        return and_(within, exists().where(*leads))


@dataclass(frozen=True, slots=True)
class Attendance:
    """Classes that are planned, on, and over, and how many people came to the last, as far as each tells.

    Those called off count nowhere.
    """

    coming: int
    on: int
    over: int
    people: int


def may_lead(account: Account, ward: str) -> bool:
    """Whether this account leads classes of that ward; a class of no ward is the city's."""
    if account.disabled:
        return False
    return account.role in _ANYWHERE or (account.role in _IN_OWN_WARDS and ward in account.wards)


class Schedule:
    """The classes of one database. Everything may raise ``StoreError``."""

    def __init__(self, store: Store, lessons: Mapping[str, Lesson]) -> None:
        self._engine = store.engine
        self._writer = store.writer
        self._audit = store.audit
        self._now = store.now
        self._lessons = lessons
        self._acting: Job[Callable[[Connection], Any], Any] = Job(
            lambda connection, acts: [a(connection) for a in acts]
        )

    # ---- opening ----

    def open(
        self,
        lesson: Lesson,
        *,
        length: str,
        ward: str,
        venue: str,
        staff: Account,
        starts_at: dt.datetime | None = None,
        by: str = "",
    ) -> OpenClass:
        """A new class with its first trainer, now or planned; ``by`` is who opens it for them, in the audit log.

        Raises ``ClassRefusedError``.
        """
        now = self._now()
        starts_at = starts_at or now
        _check_trainer(staff, ward)
        _check_start(starts_at, now)
        ends_at = starts_at + dt.timedelta(minutes=lesson.minutes[length]) + GRACE
        row = {
            "lesson": lesson.name, "length": length, "ward": ward, "venue": venue[:LONGEST_VENUE], "part": "",
            "seats": 0, "without_phone": 0, "created_at": stamp(now), "starts_at": stamp(starts_at),
            "ends_at": stamp(ends_at),
        }  # fmt: skip
        actor = by or staff.actor

        def act(connection: Connection) -> OpenClass:
            code = _new_code(connection)
            made = connection.execute(insert(lesson_class).returning(lesson_class), {**row, "code": code}).one()
            connection.execute(insert(class_trainer), {"class_id": made.id, "staff_id": staff.id})
            self._audit.append(connection, Entry(actor, "class_opened", f"class:{made.id}", staff.actor))
            return _read(made)

        return self._do(act)

    def add_trainer(self, found: OpenClass, staff: Account, *, by: str) -> None:
        """One more trainer; who is one already stays it. Raises ``ClassRefusedError``."""
        _check_trainer(staff, found.ward)
        row = {"class_id": found.id, "staff_id": staff.id}

        def act(connection: Connection) -> None:
            if connection.execute(_ADD[connection.dialect.name], row).first() is not None:
                self._audit.append(connection, Entry(by, "class_trainer_added", f"class:{found.id}", staff.actor))

        self._do(act)

    def drop_trainer(self, found: OpenClass, staff: Account, *, by: str) -> None:
        """Somebody leads it no longer; their link ends with that."""

        def act(connection: Connection) -> None:
            if connection.execute(delete(class_trainer).where(_of(staff.id, found.id))).rowcount:
                self._audit.append(connection, Entry(by, "class_trainer_dropped", f"class:{found.id}", staff.actor))

        self._do(act)

    # ---- leading ----

    def lead(self, found: OpenClass, staff: Account) -> str:
        """A new secret link's token for one of its trainers; the one drawn before, on another phone, ends with that.

        Raises ``ClassRefusedError`` for who does not lead this class.
        """
        token = secrets.token_urlsafe(32)
        drawn = {"digest": _digest(token), "drawn_at": stamp(self._now())}

        def act(connection: Connection) -> bool:
            if connection.execute(_LED.where(_of(staff.id, found.id), _may_lead())).first() is None:
                return False
            connection.execute(update(class_trainer).where(_of(staff.id, found.id)).values(drawn))
            self._audit.append(connection, Entry(staff.actor, "class_link_drawn", f"class:{found.id}"))
            return True

        if not self._do(act):
            raise _not_theirs()
        return token

    def by_link(self, token: str) -> Led | None:
        """The class a link leads, and who leads it; None where it leads nowhere, or no longer."""
        still = lesson_class.c.ends_at > stamp(self._now() - CONFIRMING)
        return self._led(class_trainer.c.digest == _digest(token), still)

    def led_by(self, staff_id: int, class_id: int) -> Led | None:
        """The same for somebody who signed in elsewhere, without a link."""
        still = lesson_class.c.ends_at > stamp(self._now() - CONFIRMING)
        return self._led(_of(staff_id, class_id), still)

    def of_trainer(self, staff_id: int) -> list[OpenClass]:
        """What somebody leads: classes on, coming, or over so lately that they may confirm; by their beginning."""
        query = _LED.where(
            class_trainer.c.staff_id == staff_id,
            _may_lead(),
            lesson_class.c.ends_at > stamp(self._now() - CONFIRMING),
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(lesson_class.c.starts_at, lesson_class.c.id)).all()
        return [_read(row) for row in rows if row.lesson in self._lessons]

    def trainers(self, found: OpenClass) -> list[str]:
        """The logins of everybody who leads it, by the age of their accounts; of those who may no longer none."""
        query = select(staff_account.c.login).select_from(_JOINED).where(class_trainer.c.class_id == found.id)
        with reading(self._engine) as connection:
            return list(connection.execute(query.where(_may_lead()).order_by(staff_account.c.id)).scalars())

    # ---- finding ----

    def find(self, class_id: int) -> OpenClass | None:
        return self._found(lesson_class.c.id == class_id)

    def by_code(self, code: str) -> OpenClass | None:
        """The class of a code until it ends: what everybody in the hall may see."""
        return self._found(and_(lesson_class.c.code == code, lesson_class.c.ends_at > stamp(self._now())))

    # ---- what the office sees ----

    def seen(self, sight: Sight, *, most: int = 300) -> list[OpenClass]:
        """Every class of that sight, the latest first."""
        query = (
            select(lesson_class).where(sight.only()).order_by(lesson_class.c.starts_at.desc(), lesson_class.c.id.desc())
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query.limit(most)).all()
        return [_read(row) for row in rows if row.lesson in self._lessons]

    def find_seen(self, sight: Sight, class_id: int) -> OpenClass | None:
        """One of them; None for what does not exist and for what is not theirs alike (T62)."""
        return self._found(and_(lesson_class.c.id == class_id, sight.only()))

    def attendance(self, sight: Sight) -> Attendance:
        now, never = stamp(self._now()), lesson_class.c.begun_at.is_(None)
        is_over, began = lesson_class.c.ends_at <= now, lesson_class.c.starts_at <= now
        seats, others, one = lesson_class.c.seats, lesson_class.c.without_phone, literal(1)

        def those(which: ColumnElement[bool], of: ColumnElement[int] = one) -> ColumnElement[int]:
            return func.coalesce(func.sum(case((which, of), else_=0)), 0)

        was_held = and_(is_over, or_(~never, seats + others > 0))
        # the numbers that each class tells of itself, and no other: the sum would tell them
        told = [those(was_held & (number >= FEWEST_SHOWN), number) for number in (seats, others)]
        columns = (those(~is_over & ~began), those(~is_over & began), those(was_held), told[0] + told[1])
        with reading(self._engine) as connection:
            coming, on, over, people = connection.execute(select(*columns).where(sight.only())).one()
        return Attendance(int(coming), int(on), int(over), int(people))

    # ---- inside ----

    def _found(self, which: ColumnElement[bool]) -> OpenClass | None:
        with reading(self._engine) as connection:
            row = connection.execute(select(lesson_class).where(which)).first()
        return None if row is None or row.lesson not in self._lessons else _read(row)

    def _led(self, *which: ColumnElement[bool]) -> Led | None:
        with reading(self._engine) as connection:
            row = connection.execute(_LED.where(*which, _may_lead())).first()
        return None if row is None or row.lesson not in self._lessons else Led(_read(row), row.staff_id)

    def _do(self, act: Callable[[Connection], Result]) -> Result:
        done: Result = self._writer.do(self._acting, act)
        return done


def is_on(now: dt.datetime) -> ColumnElement[bool]:
    """The condition of a class people may join and a trainer may lead."""
    return and_(lesson_class.c.starts_at <= stamp(now + EARLY), lesson_class.c.ends_at > stamp(now))


def _check_trainer(staff: Account, ward: str) -> None:
    if may_lead(staff, ward):
        return
    if may_lead(staff, next(iter(staff.wards), "")):
        raise ClassRefusedError(
            "ward", "người này chỉ dạy ở phường, xã của mình. Chọn phường, xã khác, hoặc người khác."
        )
    raise ClassRefusedError(
        "lead", "tài khoản này không dạy lớp được: cần vai trò người hướng dẫn, cán bộ phường hay quản trị, đang dùng."
    )


def _check_start(starts_at: dt.datetime, now: dt.datetime) -> None:
    if starts_at < now - _JUST_NOW:
        raise ClassRefusedError("past", "giờ bắt đầu đã qua. Chọn một giờ sắp tới.")
    if starts_at > now + _FURTHEST:
        raise ClassRefusedError("far", "ngày học xa quá một năm. Xem lại năm.")


def _not_theirs() -> ClassRefusedError:
    return ClassRefusedError("lead", "tài khoản này không dạy lớp đó. Nhờ người mở lớp thêm vào.")


def _new_code(connection: Connection) -> str:
    # no zero in front, which people leave out; no code of a class before, which somebody may still have on paper
    in_use: Collection[str] = set(connection.execute(select(lesson_class.c.code)).scalars())
    return next(code for code in _codes() if code not in in_use)


def _codes() -> Iterator[str]:
    while True:
        yield str(100_000 + secrets.randbelow(900_000))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _of(staff_id: int, class_id: int) -> ColumnElement[bool]:
    return and_(class_trainer.c.staff_id == staff_id, class_trainer.c.class_id == class_id)


def _may_lead() -> ColumnElement[bool]:
    """The condition of ``may_lead``, as it stands in this moment (T62)."""
    own = exists().where(staff_ward.c.account_id == staff_account.c.id, staff_ward.c.ward == lesson_class.c.ward)
    role = staff_account.c.role
    return and_(staff_account.c.disabled_at.is_(None), or_(role.in_(_ANYWHERE), and_(role.in_(_IN_OWN_WARDS), own)))


def _read(row: "Row[Any]") -> OpenClass:
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
        starts_at=moment(row.starts_at),
        begun_at=moment(row.begun_at) if row.begun_at else None,
        part_at=moment(row.part_at) if row.part_at else None,
        ends_at=moment(row.ends_at),
    )


_JOINED = class_trainer.join(lesson_class, lesson_class.c.id == class_trainer.c.class_id).join(
    staff_account, staff_account.c.id == class_trainer.c.staff_id
)
_LED = select(lesson_class, class_trainer.c.staff_id).select_from(_JOINED)
_ADD = {
    "sqlite": sqlite.insert(class_trainer).on_conflict_do_nothing().returning(class_trainer.c.staff_id),
    "postgresql": postgresql.insert(class_trainer).on_conflict_do_nothing().returning(class_trainer.c.staff_id),
}
