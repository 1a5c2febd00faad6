"""Reminders people said yes to. A turn sets them (``sharing.py``); who has the duty lets them go here, each once."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, bindparam, delete, exists, insert, select

from bot.store.database import reading
from bot.store.moments import stamp
from bot.store.outbox import fresh
from bot.store.schema import contact, conversation, outgoing, reminder
from bot.store.writer import Job, Writer

# at most one in so long (T47)
APART = dt.timedelta(days=7)

# reminders written at once; the others wait for the next look
_MOST = 500


@dataclass(frozen=True, slots=True)
class DueReminder:
    """A chat to be reminded, and its state as JSON."""

    contact_id: int
    created_at: str
    state: str


@dataclass(frozen=True, slots=True)
class Written:
    """The messages of a reminder that was set at that moment."""

    contact_id: int
    created_at: str
    messages: str


@dataclass(frozen=True, slots=True)
class _Leaving:
    reminder: Written
    now: dt.datetime


class Reminders:
    """The reminders of one database. Calls block and raise ``StoreError``."""

    def __init__(self, engine: Engine, writer: Writer) -> None:
        self._engine = engine
        self._writer = writer
        self._writing: Job[_Leaving, bool] = Job(_write)

    def due(self, now: dt.datetime, channels: Collection[str]) -> list[DueReminder]:
        """Whom to remind now: said nothing since, can be reached, and was not reminded within a week."""
        values = {"now": stamp(now), "week": stamp(now - APART), "channels": list(channels), "most": _MOST}
        with reading(self._engine) as connection:
            rows = connection.execute(_DUE, values).all()
        return [DueReminder(row.contact_id, row.created_at, row.state) for row in rows]

    def write(self, reminders: Sequence[Written], now: dt.datetime) -> int:
        """Put them into the outbox; how many. What was taken back meanwhile does not leave."""
        return sum(self._writer.do(self._writing, _Leaving(each, now)) for each in reminders)


def _write(connection: Connection, leaving: Sequence[_Leaving]) -> list[bool]:
    return [_write_one(connection, each.reminder, each.now) for each in leaving]


def _write_one(connection: Connection, written: Written, now: dt.datetime) -> bool:
    used = delete(reminder).where(
        reminder.c.contact_id == written.contact_id, reminder.c.created_at == written.created_at
    )
    if connection.execute(used).rowcount != 1:
        return False
    row = fresh(written.contact_id, written.messages, at=stamp(now), pushed=True, kind="reminder")
    connection.execute(insert(outgoing), row)
    return True


_DUE = (
    select(reminder.c.contact_id, reminder.c.created_at, conversation.c.state)
    .select_from(
        reminder.join(contact, contact.c.id == reminder.c.contact_id).join(
            conversation, conversation.c.contact_id == reminder.c.contact_id
        )
    )
    .where(reminder.c.due_at <= bindparam("now"), conversation.c.updated_at <= reminder.c.created_at)
    .where(contact.c.channel.in_(bindparam("channels", expanding=True)))
    .where(contact.c.silent_since.is_(None), contact.c.unreachable_since.is_(None))
    # nothing unasked while processing rests (T18)
    .where(contact.c.restricted_since.is_(None))
    .where(
        ~exists().where(
            outgoing.c.contact_id == reminder.c.contact_id,
            outgoing.c.kind == "reminder",
            outgoing.c.created_at > bindparam("week"),
        )
    )
    .order_by(reminder.c.due_at)
    .limit(bindparam("most"))
)
