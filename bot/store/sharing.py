"""What two chats share: codes that one gives the other, who may see how far somebody has come, a chat that goes on in
another one. Codes are stored as keyed digests only; whoever tries them must have the key to know what to look for.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.address import NEIGHBOUR
from bot.core.state import renumbered
from bot.store.database import StaleTurn, reading
from bot.store.evidence import complete_by_words
from bot.store.moments import in_daytime, moment, stamp
from bot.store.outbox import drop_open, fresh
from bot.store.schema import (
    code_try,
    consent,
    contact,
    conversation,
    follow,
    metadata,
    outgoing,
    person,
    reminder,
    share_code,
)
from bot.store.sealing import Keyring
from bot.store.tallies import Tallies

# who is followed hears of one follower's looks at most so often
TOLD_EVERY = dt.timedelta(hours=1)

# people who may follow one person
SEATS = 3

# how long wrong codes count against a chat and its channel
TRIES_COUNT = dt.timedelta(hours=1)

# how long after its last message a chat is reminded
REMINDED_AFTER = dt.timedelta(days=1)


# ---- what is read ----


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code somebody typed, and the chat that gave it as it stands: its state as JSON and its turn."""

    id: int
    contact_id: int
    person: str
    kind: str
    until: dt.datetime
    follow_until: dt.datetime | None
    used: bool
    state: str
    turn: int
    seats_taken: int
    follows_already: bool
    restricted: bool


@dataclass(frozen=True, slots=True)
class Followed:
    """Somebody a chat follows: whose chat, what the follower calls them, and that chat's state as JSON."""

    id: int
    subject_id: int
    person: str
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody who may look."""

    seat: int
    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class Tries:
    """Wrong codes of the last hour: of one chat, and of its whole channel."""

    chat: int
    channel: int


class Shares:
    """What a database knows of sharing, to be read. Everything may raise ``StoreError``."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def digest(self, code: str) -> str:
        """Under what a code is stored."""
        return self._keyring.lookup("code", code)

    def find(self, code: str, contact_id: int | None, now: dt.datetime) -> FoundCode | None:
        """The code, as the chat that typed it finds it."""
        with reading(self._engine) as connection:
            # a code said before a change of keys stands under an earlier one
            row = connection.execute(_CODE, {"digests": self._keyring.lookups("code", code)}).first()
            if row is None:
                return None
            place = {"subject": row.contact_id, "person": row.person, "now": stamp(now)}
            followers = connection.execute(_FOLLOWERS, place).all()
        return FoundCode(
            id=row.id,
            contact_id=row.contact_id,
            person=row.person,
            kind=row.kind,
            until=moment(row.until),
            follow_until=moment(row.follow_until) if row.follow_until else None,
            used=row.used_at is not None,
            state=row.state,
            turn=row.turn,
            seats_taken=len(followers),
            follows_already=any(each.follower_id == contact_id for each in followers),
            restricted=row.restricted_since is not None,
        )

    def tries(self, lookup: str, channel: str, now: dt.datetime) -> Tries:
        since = {"since": stamp(now - TRIES_COUNT), "channel": channel}
        with reading(self._engine) as connection:
            rows = {row.lookup: row.tries for row in connection.execute(_TRIES, since)}
        return Tries(rows.get(lookup, 0), sum(rows.values()))

    def followed(self, contact_id: int | None, now: dt.datetime) -> list[Followed]:
        """Whom a chat may look at, in the order it began."""
        with reading(self._engine) as connection:
            rows = connection.execute(_FOLLOWED, {"follower": contact_id, "now": stamp(now)}).all()
        return [Followed(row.id, row.subject_id, row.person, row.label, row.state or "") for row in rows]

    def followers(self, contact_id: int | None, whose: str, now: dt.datetime) -> list[Follower]:
        """Who may look at a person of this chat, by their seats."""
        with reading(self._engine) as connection:
            place = {"subject": contact_id, "person": whose, "now": stamp(now)}
            rows = connection.execute(_FOLLOWERS, place).all()
        return [Follower(row.seat, moment(row.created_at), moment(row.until)) for row in rows]


# ---- what a turn writes ----


@dataclass(frozen=True, slots=True)
class CodeRecord:
    """A code given by this chat, for a person of it."""

    person: str
    kind: str
    digest: str
    until: dt.datetime
    follow_until: dt.datetime | None


@dataclass(frozen=True, slots=True)
class WrongCodeRecord:
    """A code was typed that is none."""


@dataclass(frozen=True, slots=True)
class FollowRecord:
    """A code was used to follow; ``notice`` are the messages for the chat that gave it."""

    code_id: int
    subject_id: int
    person: str
    until: dt.datetime
    notice: str


@dataclass(frozen=True, slots=True)
class LookRecord:
    """Somebody looked; ``notice`` is for the chat of the one who was looked at."""

    follow_id: int
    subject_id: int
    notice: str


@dataclass(frozen=True, slots=True)
class NameRecord:
    """What this chat calls the person it followed last."""

    label: str


@dataclass(frozen=True, slots=True)
class StopRecord:
    """Nobody at this seat looks any longer ("all": nobody at any)."""

    person: str
    seat: str


@dataclass(frozen=True, slots=True)
class ReminderRecord:
    """This chat is to be reminded, once."""


@dataclass(frozen=True, slots=True)
class NoReminderRecord:
    """There is nothing left to be reminded of."""


@dataclass(frozen=True, slots=True)
class MoveRecord:
    """A chat goes on here. ``turn`` is the other one's as it was read, ``left`` the state that stays there.

    ``neighbours``: how many of a volunteer's neighbours come along, behind whom those of this chat are numbered.
    ``refused`` are the purposes with a no, by person.
    """

    code_id: int
    contact_id: int
    turn: int
    left: str
    neighbours: int
    refused: tuple[tuple[str, str], ...]
    notice: str


Shared = (
    CodeRecord | WrongCodeRecord | FollowRecord | LookRecord | NameRecord | StopRecord | ReminderRecord
    | NoReminderRecord | MoveRecord
)  # fmt: skip


class Sharer:
    """Writes what is shared, inside one transaction. ``StaleTurn`` where somebody else was quicker."""

    def __init__(self, connection: Connection, tallies: Tallies, *, at: dt.datetime, pushed: Collection[str]) -> None:
        self._connection = connection
        self._tallies = tallies
        self._moment = at
        self._at = stamp(at)
        self._pushed = pushed

    def write(self, record: Shared, channel: str, contact_id: int) -> None:
        match record:
            case CodeRecord():
                self._give(record, contact_id)
            case WrongCodeRecord():
                self._connection.execute(_TRIED, {"contact": contact_id, "channel_name": channel, "at": self._at})
            case FollowRecord():
                self._follow(record, contact_id)
            case LookRecord():
                self._look(record)
            case NameRecord(label):
                self._connection.execute(_NAME, {"follower": contact_id, "new_label": label})
            case StopRecord(whose, seat):
                end_following(self._connection, contact_id, whose, seat)
            case ReminderRecord():
                self._remind(contact_id)
            case NoReminderRecord():
                end_reminders(self._connection, contact_id)
            case MoveRecord():
                self._move(record, contact_id)

    # ---- codes ----

    def _give(self, record: CodeRecord, contact_id: int) -> None:
        # one code of a kind at a time: the last one said is the one that works
        self._connection.execute(_FORGET_CODES, {"contact": contact_id, "whose": record.person, "sort": record.kind})
        row = {
            "contact_id": contact_id,
            "person": record.person,
            "kind": record.kind,
            "digest": record.digest,
            "until": stamp(record.until),
            "follow_until": stamp(record.follow_until) if record.follow_until else None,
        }
        if self._connection.execute(_GIVE[self._connection.dialect.name], row).first() is None:
            raise StaleTurn("chữ hẹn này vừa có người khác rút trúng.")

    def _use(self, code_id: int) -> None:
        if self._connection.execute(_USE, {"code": code_id, "at": self._at}).rowcount != 1:
            raise StaleTurn("chữ hẹn này vừa có nơi khác xài.")

    # ---- following ----

    def _follow(self, record: FollowRecord, contact_id: int) -> None:
        self._use(record.code_id)
        place = {"subject": record.subject_id, "whose": record.person}
        self._connection.execute(_END_LATE, {**place, "now": self._at})
        self._connection.execute(_END_ONE, {**place, "by": contact_id})
        taken = set(self._connection.execute(_TAKEN, place).scalars())
        seat = next((seat for seat in range(1, SEATS + 1) if seat not in taken), None)
        if seat is None:
            raise StaleTurn("vừa đủ số người được xem.")
        row = {
            "subject_id": record.subject_id,
            "person": record.person,
            "follower_id": contact_id,
            "seat": seat,
            "label": "",
            "created_at": self._at,
            "until": stamp(record.until),
        }
        if self._connection.execute(_FOLLOW[self._connection.dialect.name], row).first() is None:
            raise StaleTurn("vừa có người khác được xem.")
        self._tell(record.subject_id, record.notice)

    def _look(self, record: LookRecord) -> None:
        values = {"which": record.follow_id, "at": self._at, "before": stamp(self._moment - TOLD_EVERY)}
        if self._connection.execute(_LOOKED, values).rowcount == 1:
            self._tell(record.subject_id, record.notice)

    def _tell(self, contact_id: int, messages: str) -> None:
        """Say something to another chat; where that does not push, it is there when they come."""
        channel = self._connection.execute(select(contact.c.channel).where(contact.c.id == contact_id)).scalar_one()
        row = fresh(contact_id, messages, at=self._at, pushed=channel in self._pushed)
        self._connection.execute(insert(outgoing), row)

    # ---- reminders ----

    def _remind(self, contact_id: int) -> None:
        self._connection.execute(delete(reminder).where(reminder.c.contact_id == contact_id))
        due_at = stamp(in_daytime(self._moment + REMINDED_AFTER))
        row = {"contact_id": contact_id, "created_at": self._at, "due_at": due_at}
        self._connection.execute(insert(reminder), row)

    # ---- moving ----

    def _move(self, record: MoveRecord, contact_id: int) -> None:
        self._use(record.code_id)
        left = {"key": record.contact_id, "was": record.turn, "left": record.left, "next": record.turn + 1}
        if self._connection.execute(_LEAVE, {**left, "at": self._at}).rowcount != 1:
            raise StaleTurn("cuộc trò chuyện bên kia vừa đi thêm một bước.")
        self._count_neighbours_on(contact_id, record.neighbours)
        self._join_people(record.contact_id, contact_id)
        for whose, purpose in record.refused:
            self._connection.execute(_REFUSED, {"contact": contact_id, "code": whose, "asked": purpose, "at": self._at})
        for column in (follow.c.subject_id, follow.c.follower_id):
            move_rows(self._connection, column, record.contact_id, contact_id)
        self._connection.execute(delete(follow).where(follow.c.subject_id == follow.c.follower_id))
        end_reminders(self._connection, record.contact_id)
        others = and_(share_code.c.contact_id == record.contact_id, share_code.c.id != record.code_id)
        self._connection.execute(delete(share_code).where(others))
        self._tell(record.contact_id, record.notice)

    def _count_neighbours_on(self, contact_id: int, by: int) -> None:
        rows = self._connection.execute(
            select(person.c.id, person.c.code).where(
                person.c.contact_id == contact_id, person.c.code.startswith(f"{NEIGHBOUR}.", autoescape=True)
            )
        ).all()
        # the last first, so that no two are ever the same
        for row in sorted(rows, key=lambda row: -int(row.code.partition(".")[2])):
            renamed = update(person).where(person.c.id == row.id).values(code=renumbered(row.code, by))
            self._connection.execute(renamed)

    def _join_people(self, old: int, new: int) -> None:
        """Everybody of the old chat is one of the new; who was known in both is one person with the rows of both."""
        found = select(person.c.id, person.c.code, person.c.contact_id).where(person.c.contact_id.in_([old, new]))
        rows = self._connection.execute(found).all()
        here = {row.code: row.id for row in rows if row.contact_id == new}
        for row in rows:
            if row.contact_id == old and row.code in here:
                self._join_person(here[row.code], row.id)
        self._connection.execute(update(person).where(person.c.contact_id == old).values(contact_id=new))

    def _join_person(self, gone: int, stays: int) -> None:
        # both were counted; from now on they are one
        self._tallies.forget([gone, stays])
        for column in _referring_to(person):
            move_rows(self._connection, column, gone, stays)
        self._connection.execute(delete(person).where(person.c.id == gone))
        complete_by_words(self._connection, stays)
        self._tallies.remember([stays])


# ---- for others who write ----


def move_rows(connection: Connection, column: "Column[int]", old: int, new: int) -> None:
    """Rows of one become another's; what both have once, such as a finished task, stays there once."""
    table = column.table
    other = table.alias("other")
    rivals = [
        exists().where(other.c[column.name] == new, *(other.c[name] == table.c[name] for name in names))
        for names in _once_each(table, column.name)
    ]
    if rivals:
        connection.execute(delete(table).where(column == old, or_(*rivals)))
    connection.execute(update(table).where(column == old).values({column.name: new}))


def end_following(connection: Connection, contact_id: int, whose: str, seat: str = "all") -> None:
    """Nobody, or nobody at this seat, sees any longer how far a person has come; open codes for it are void."""
    ended = delete(follow).where(follow.c.subject_id == contact_id, follow.c.person == whose)
    if seat != "all":
        connection.execute(ended.where(follow.c.seat == int(seat)))
        return
    connection.execute(ended)
    connection.execute(_FORGET_CODES, {"contact": contact_id, "whose": whose, "sort": "follow"})


def end_reminders(connection: Connection, contact_id: int) -> None:
    """No reminder leaves for this chat, not even one that waits in the outbox."""
    connection.execute(delete(reminder).where(reminder.c.contact_id == contact_id))
    drop_open(connection, [contact_id], "stopped", kind="reminder")


def _referring_to(table: Table) -> "list[Column[int]]":
    return [
        column
        for each in metadata.sorted_tables
        for column in each.columns
        if any(key.column.table is table for key in column.foreign_keys)
    ]


def _once_each(table: Table, column: str) -> list[list[str]]:
    """What must differ between two rows with the same value of a column."""
    keys = [
        [each.name for each in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint)
    ]
    return [[name for name in names if name != column] for names in keys if column in names]


# ---- statements, made once ----

_CODE = (
    select(
        share_code.c.id,
        share_code.c.contact_id,
        share_code.c.person,
        share_code.c.kind,
        share_code.c.until,
        share_code.c.follow_until,
        share_code.c.used_at,
        contact.c.restricted_since,
        func.coalesce(conversation.c.state, "").label("state"),
        func.coalesce(conversation.c.turn, 0).label("turn"),
    )
    .select_from(share_code.join(contact).outerjoin(conversation, conversation.c.contact_id == share_code.c.contact_id))
    .where(share_code.c.digest.in_(bindparam("digests", expanding=True)))
    .order_by(share_code.c.id.desc())
)
_TRIES = (
    select(code_try.c.lookup, func.count().label("tries"))
    .where(code_try.c.channel == bindparam("channel"), code_try.c.tried_at > bindparam("since"))
    .group_by(code_try.c.lookup)
)
# under the digest of the chat, which outlives it: deleting must not buy new tries
_TRIED = insert(code_try).from_select(
    ["lookup", "channel", "tried_at"],
    select(contact.c.lookup, bindparam("channel_name", type_=String), bindparam("at", type_=String)).where(
        contact.c.id == bindparam("contact")
    ),
)
_FOLLOWERS = (
    select(follow.c.follower_id, follow.c.seat, follow.c.created_at, follow.c.until)
    .where(follow.c.subject_id == bindparam("subject"), follow.c.person == bindparam("person"))
    .where(follow.c.until > bindparam("now"))
    .order_by(follow.c.seat)
)
_FOLLOWED = (
    select(follow.c.id, follow.c.subject_id, follow.c.person, follow.c.label, conversation.c.state)
    .select_from(
        follow.join(contact, contact.c.id == follow.c.subject_id).outerjoin(
            conversation, conversation.c.contact_id == follow.c.subject_id
        )
    )
    # who had processing stopped is not looked at meanwhile (T18)
    .where(contact.c.restricted_since.is_(None))
    .where(follow.c.follower_id == bindparam("follower"), follow.c.until > bindparam("now"))
    .order_by(follow.c.id)
)
_FORGET_CODES = delete(share_code).where(
    share_code.c.contact_id == bindparam("contact"),
    share_code.c.person == bindparam("whose"),
    share_code.c.kind == bindparam("sort"),
    share_code.c.used_at.is_(None),
)
_GIVE = {
    "sqlite": sqlite.insert(share_code).on_conflict_do_nothing().returning(share_code.c.id),
    "postgresql": postgresql.insert(share_code).on_conflict_do_nothing().returning(share_code.c.id),
}
_USE = (
    update(share_code)
    .where(share_code.c.id == bindparam("code"), share_code.c.used_at.is_(None), share_code.c.until >= bindparam("at"))
    .values(used_at=bindparam("at"))
)
_END_LATE = delete(follow).where(
    follow.c.subject_id == bindparam("subject"),
    follow.c.person == bindparam("whose"),
    follow.c.until <= bindparam("now"),
)
_END_ONE = delete(follow).where(
    follow.c.subject_id == bindparam("subject"),
    follow.c.person == bindparam("whose"),
    follow.c.follower_id == bindparam("by"),
)
_TAKEN = select(follow.c.seat).where(follow.c.subject_id == bindparam("subject"), follow.c.person == bindparam("whose"))
_FOLLOW = {
    "sqlite": sqlite.insert(follow).on_conflict_do_nothing().returning(follow.c.id),
    "postgresql": postgresql.insert(follow).on_conflict_do_nothing().returning(follow.c.id),
}
_LOOKED = (
    update(follow)
    .where(follow.c.id == bindparam("which"))
    .where(or_(follow.c.told_at.is_(None), follow.c.told_at <= bindparam("before")))
    .values(told_at=bindparam("at"))
)
_latest = select(func.max(follow.c.id)).where(follow.c.follower_id == bindparam("follower")).scalar_subquery()
_NAME = update(follow).where(follow.c.id == _latest).values(label=bindparam("new_label"))
_LEAVE = (
    update(conversation)
    .where(conversation.c.contact_id == bindparam("key"), conversation.c.turn == bindparam("was"))
    .values(state=bindparam("left"), turn=bindparam("next"), kept=False, updated_at=bindparam("at"))
)
_REFUSED = (
    update(consent)
    .where(
        consent.c.person_id.in_(
            select(person.c.id).where(person.c.contact_id == bindparam("contact"), person.c.code == bindparam("code"))
        )
    )
    .where(consent.c.purpose == bindparam("asked"), consent.c.given.is_(True), consent.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("at"))
)
