"""What the bot said and a channel has to hand over. Marks go through the writer, so they share commits with turns.

A reply's way: waiting -> leaving (before the call, so that a crash leaves a trace) -> sent; or put off, dropped, dead.
Replies of channels whose people come and look (web, terminal) are shown and need nobody.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    update,
)

from bot.channels.messages import Message, load
from bot.store.database import reading
from bot.store.moments import moment, stamp
from bot.store.schema import contact, link, outgoing
from bot.store.sealing import Keyring, SealError
from bot.store.writer import Job, Writer

log = logging.getLogger(__name__)

Kind = Literal["reply", "reminder"]
Status = Literal["shown", "waiting", "leaving", "sent", "dropped", "dead"]

# a row leaving for longer is one whose process died; no call takes as long
STRANDED = dt.timedelta(seconds=60)
_MOST_STRANDED = 100

# a row leaving for so long is one whose call may have ended without a word
_LONG = dt.timedelta(seconds=10)

_OPEN: tuple[Status, ...] = ("leaving", "waiting")


@dataclass(frozen=True, slots=True)
class Delivery:
    """One turn's messages on their way. The first ``parts_sent`` parts were handed over already.

    ``last_heard_at``: when the person last wrote, None where that was never noted. ``left_at``: since when it may have
    arrived, None where it has not.
    """

    id: int
    contact_id: int
    channel: str
    address: str
    messages: tuple[Message, ...]
    parts_sent: int = 0
    tries: int = 0
    unknown_tries: int = 0
    kind: Kind = "reply"
    created_at: dt.datetime | None = None
    last_heard_at: dt.datetime | None = None
    left_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A delivery that was given up; nothing of its content or its person."""

    id: int
    channel: str
    kind: Kind
    reason: str
    tries: int
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class _Mark:
    """New values of one row, written only where its status is still one of these; counters are added to."""

    id: int
    while_in: tuple[Status, ...]
    values: Mapping[str, object]
    counted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Lost:
    """A reply whose chat nobody reaches, since when."""

    id: int
    reason: str
    since: str


class Outbox:
    """Everything may raise ``StoreError``; a mark is committed when its call returns."""

    def __init__(self, engine: Engine, keyring: Keyring, writer: Writer) -> None:
        self._engine = engine
        self._keyring = keyring
        self._writer = writer
        self._marking: Job[_Mark, bool] = Job(_write_marks)
        self._dropping: Job[_Lost, None] = Job(_drop_chats)

    # ---- what a courier uses ----

    async def due(self, channel: str, now: dt.datetime, limit: int) -> Sequence[Delivery]:
        """What may leave now: of each chat the first in line only, replies before reminders."""
        return await asyncio.to_thread(self._deliveries, _DUE, channel, now, limit)

    async def stranded(self, channel: str, now: dt.datetime) -> Sequence[Delivery]:
        """What was leaving when its process died: nobody knows whether it arrived."""
        return await asyncio.to_thread(self._deliveries, _STRANDED, channel, now - STRANDED, _MOST_STRANDED)

    async def unsure(self, channel: str, now: dt.datetime) -> Sequence[Delivery]:
        """What may have arrived: its call ended without a word, or has not ended for long."""
        return await asyncio.to_thread(self._deliveries, _UNSURE, channel, now - _LONG, _MOST_STRANDED)

    async def confirm(self, id: int, parts_sent: int, *, whole: bool) -> None:
        """So many parts did arrive after all; ``whole``: every one."""
        if whole:
            await self.mark_sent(id)
        else:
            await self._mark(id, _OPEN, parts_sent=parts_sent, unknown_tries=0)

    async def mark_leaving(self, id: int, now: dt.datetime) -> bool:
        """Before the call. False where it waits no more: its person may have had all erased meanwhile."""
        return await self._mark(id, ("waiting",), status="leaving", leaving_at=stamp(now))

    async def mark_part(self, id: int, parts_sent: int) -> None:
        """So many parts have been handed over; the others may still be on their way."""
        await self._mark(id, ("leaving",), parts_sent=parts_sent)

    async def mark_sent(self, id: int) -> None:
        await self._mark(id, _OPEN, status="sent", leaving_at=None, reason="")

    async def put_off(self, id: int, due_at: dt.datetime, reason: str, *, counted: bool, unknown: bool) -> None:
        """Once more, not before ``due_at``. ``counted``: it was a try; ``unknown``: it may have arrived."""
        values: dict[str, object] = {"status": "waiting", "due_at": stamp(due_at), "reason": reason}
        if not unknown:
            values["leaving_at"] = None
        counters = (("tries", counted), ("unknown_tries", unknown))
        await self._mark(id, _OPEN, tuple(name for name, one_more in counters if one_more), **values)

    async def drop(self, id: int, reason: str) -> None:
        """It cannot or must not be handed over, and that is nobody's fault."""
        await self._mark(id, _OPEN, status="dropped", leaving_at=None, reason=reason)

    async def drop_chat(self, id: int, reason: str, now: dt.datetime) -> None:
        """The platform says that nobody can be reached there: this and all that waits for the chat is dropped.

        Who wrote after this had left is not meant: then only this one goes.
        """
        await asyncio.wrap_future(self._writer.put(self._dropping, _Lost(id, reason, stamp(now))))

    async def bury(self, id: int, reason: str) -> None:
        """Into the list of dead letters, for the operator to look at."""
        await self._mark(id, _OPEN, status="dead", leaving_at=None, reason=reason)

    # ---- what an operator uses ----

    def dead(self, limit: int = 1000) -> list[DeadLetter]:
        """Dead letters, oldest first."""
        with reading(self._engine) as connection:
            rows = connection.execute(_DEAD, {"limit": limit}).all()
        return [
            DeadLetter(row.id, row.channel, row.kind, row.reason, row.tries, moment(row.created_at)) for row in rows
        ]

    def retry(self, id: int, now: dt.datetime) -> bool:
        """A dead letter goes on its way again; whether there was one."""
        values = {"status": "waiting", "due_at": stamp(now), "tries": 0, "unknown_tries": 0, "reason": ""}
        return self._writer.do(self._marking, _Mark(id, ("dead",), values))

    def drop_dead(self, id: int) -> bool:
        """A dead letter is let go; whether there was one."""
        return self._writer.do(self._marking, _Mark(id, ("dead",), {"status": "dropped"}))

    def oldest_due(self, channel: str, now: dt.datetime) -> dt.datetime | None:
        """Since when the reply waits that has waited longest; reminders of later days aside."""
        with reading(self._engine) as connection:
            found = connection.execute(_OLDEST, {"channel": channel, "now": stamp(now)}).scalar()
        return moment(found) if found else None

    def counts(self) -> dict[tuple[str, Status], int]:
        """Rows by channel and status."""
        with reading(self._engine) as connection:
            return {(row.channel, row.status): row.rows for row in connection.execute(_COUNTS)}

    # ---- inside ----

    def _deliveries(
        self, query: "Select[tuple[object, ...]]", channel: str, until: dt.datetime, limit: int
    ) -> list[Delivery]:
        values = {"channel": channel, "until": stamp(until), "limit": limit}
        with reading(self._engine) as connection:
            rows = connection.execute(query, values).all()
        return [delivery for row in rows if (delivery := self._opened(row)) is not None]

    def _opened(self, row: "Row[tuple[object, ...]]") -> Delivery | None:
        """The delivery of a row; one that cannot be read is a dead letter, or nothing behind it would ever leave."""
        try:
            return self._delivery(row)
        except (SealError, ValueError, LookupError, TypeError) as error:
            log.error("a reply cannot be read and is given up: %s", type(error).__name__)
            self._writer.do(self._marking, _Mark(row.id, _OPEN, {"status": "dead", "reason": "unreadable"}))
            return None

    def _delivery(self, row: "Row[tuple[object, ...]]") -> Delivery:
        return Delivery(
            id=row.id,
            contact_id=row.contact_id,
            channel=row.channel,
            address=self._keyring.unseal(row.address, table="link", record=str(row.contact_id), field="address"),
            messages=load(row.messages),
            parts_sent=row.parts_sent,
            tries=row.tries,
            unknown_tries=row.unknown_tries,
            kind=row.kind,
            created_at=moment(row.created_at),
            last_heard_at=moment(row.heard_at) if row.heard_at else None,
            left_at=moment(row.leaving_at) if row.leaving_at else None,
        )

    async def _mark(
        self, id: int, while_in: tuple[Status, ...], counted: tuple[str, ...] = (), **values: object
    ) -> bool:
        return await asyncio.wrap_future(self._writer.put(self._marking, _Mark(id, while_in, values, counted)))


def fresh(contact_id: int, messages: str, *, at: str, pushed: bool, message_id: int | None = None) -> dict[str, object]:
    """The row of a reply just made."""
    return {
        "contact_id": contact_id,
        "messages": messages,
        "created_at": at,
        "message_id": message_id,
        "kind": "reply",
        "status": "waiting" if pushed else "shown",
        "parts_sent": 0,
        "due_at": at,
        "tries": 0,
        "unknown_tries": 0,
        "reason": "",
    }


# ---- writing ----


def _write_marks(connection: Connection, marks: Sequence[_Mark]) -> list[bool]:
    """One statement for all marks that say the same; of those that left together, the last one's time is theirs."""
    alike: dict[object, list[_Mark]] = {}
    for mark in marks:
        said = tuple((name, value) for name, value in mark.values.items() if name != "leaving_at" or value is None)
        alike.setdefault((mark.while_in, said, mark.counted), []).append(mark)
    written = {id for group in alike.values() for id in _write_alike(connection, group)}
    return [mark.id in written for mark in marks]


def _write_alike(connection: Connection, marks: Sequence[_Mark]) -> Iterable[int]:
    last = marks[-1]
    values = dict(last.values) | {name: outgoing.c[name] + 1 for name in last.counted}
    statement = (
        update(outgoing)
        .where(outgoing.c.id.in_([mark.id for mark in marks]), outgoing.c.status.in_(last.while_in))
        .values(values)
        .returning(outgoing.c.id)
    )
    return connection.execute(statement).scalars()


def _drop_chats(connection: Connection, lost: Sequence[_Lost]) -> list[None]:
    for each in lost:
        gone = connection.execute(_UNREACHABLE, {"key": each.id, "since": each.since}).scalars().all()
        drop_open(connection, gone, each.reason)
        _write_marks(
            connection, [_Mark(each.id, _OPEN, {"status": "dropped", "leaving_at": None, "reason": each.reason})]
        )
    return [None] * len(lost)


def drop_open(connection: Connection, contact_ids: Sequence[int], reason: str) -> None:
    """Nothing more leaves for these people."""
    unsent = outgoing.c.status.in_(_OPEN)
    connection.execute(
        update(outgoing).where(outgoing.c.contact_id.in_(contact_ids), unsent).values(status="dropped", reason=reason)
    )


def still_sent_to() -> "Select[tuple[int]]":
    """The people something is still on its way to."""
    return select(outgoing.c.contact_id).where(outgoing.c.status.in_(_OPEN))


# ---- queries, made once ----

_other = outgoing.alias("other")

# somebody else of the same chat goes first: what is leaving, then replies as they came, then reminders as they fall due
_first = or_(
    _other.c.status == "leaving",
    and_(_other.c.kind == "reply", or_(outgoing.c.kind == "reminder", _other.c.id < outgoing.c.id)),
    and_(
        _other.c.kind == "reminder",
        outgoing.c.kind == "reminder",
        or_(
            _other.c.due_at < outgoing.c.due_at, and_(_other.c.due_at == outgoing.c.due_at, _other.c.id < outgoing.c.id)
        ),
    ),
)
_waits_for_another = (
    select(_other.c.id)
    .where(_other.c.contact_id == outgoing.c.contact_id, _other.c.id != outgoing.c.id)
    .where(_other.c.status.in_(_OPEN), _first)
    .exists()
)
_ROWS = (
    select(
        outgoing.c.id,
        outgoing.c.contact_id,
        outgoing.c.messages,
        outgoing.c.parts_sent,
        outgoing.c.tries,
        outgoing.c.unknown_tries,
        outgoing.c.kind,
        outgoing.c.created_at,
        outgoing.c.leaving_at,
        contact.c.channel,
        contact.c.heard_at,
        link.c.address,
    )
    .select_from(outgoing)
    .join(contact, contact.c.id == outgoing.c.contact_id)
    .join(link, link.c.contact_id == outgoing.c.contact_id)
    .where(contact.c.channel == bindparam("channel"))
    .limit(bindparam("limit"))
)
_DUE = _ROWS.where(
    outgoing.c.status == "waiting",
    outgoing.c.due_at <= bindparam("until"),
    contact.c.silent_since.is_(None),
    contact.c.unreachable_since.is_(None),
    or_(outgoing.c.kind == "reply", contact.c.restricted_since.is_(None)),
    ~_waits_for_another,
).order_by(outgoing.c.kind.desc(), outgoing.c.id)
_STRANDED = _ROWS.where(outgoing.c.status == "leaving", outgoing.c.leaving_at <= bindparam("until")).order_by(
    outgoing.c.id
)
_UNSURE = _ROWS.where(
    or_(
        and_(outgoing.c.status == "leaving", outgoing.c.leaving_at <= bindparam("until")),
        and_(outgoing.c.status == "waiting", outgoing.c.unknown_tries > 0, outgoing.c.leaving_at.is_not(None)),
    )
).order_by(outgoing.c.id)
_DEAD = (
    select(
        outgoing.c.id,
        contact.c.channel,
        outgoing.c.kind,
        outgoing.c.reason,
        outgoing.c.tries,
        outgoing.c.created_at,
    )
    .join(contact)
    .where(outgoing.c.status == "dead")
    .order_by(outgoing.c.id)
    .limit(bindparam("limit"))
)
_OLDEST = (
    select(func.min(outgoing.c.created_at))
    .join(contact)
    .where(contact.c.channel == bindparam("channel"), outgoing.c.status.in_(_OPEN))
    .where(or_(outgoing.c.kind == "reply", outgoing.c.due_at <= bindparam("now")))
)
_COUNTS = (
    select(contact.c.channel, outgoing.c.status, func.count().label("rows"))
    .join(contact)
    .group_by(contact.c.channel, outgoing.c.status)
)
_UNREACHABLE = (
    update(contact)
    .where(
        contact.c.id == select(outgoing.c.contact_id).where(outgoing.c.id == bindparam("key")).scalar_subquery(),
        or_(
            contact.c.heard_at.is_(None),
            contact.c.heard_at
            <= select(outgoing.c.leaving_at).where(outgoing.c.id == bindparam("key")).scalar_subquery(),
        ),
    )
    .values(unreachable_since=bindparam("since"))
    .returning(contact.c.id)
)
