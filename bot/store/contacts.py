"""What is known of a chat beside its talk: a human took over there, or nobody can be reached."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.channels.messages import ContactKey
from bot.store.database import reading
from bot.store.moments import stamp
from bot.store.outbox import drop_open
from bot.store.renewal import recognise
from bot.store.schema import contact, person, seat
from bot.store.sealing import Keyring
from bot.store.tallies import Tallies
from bot.store.writer import Job, Writer


@dataclass(frozen=True, slots=True)
class Mark:
    """A column of a chat's row and since when it holds; None ends it. With a reason nothing more leaves."""

    lookup: str
    channel: str
    column: str
    since: dt.datetime | None
    reason: str = ""


def silent(lookup: str, channel: str, since: dt.datetime) -> Mark:
    """A human took over: the bot says nothing there until it is released, not even what it had not sent yet."""
    return Mark(lookup, channel, "silent_since", since, "human")


def released(lookup: str, channel: str) -> Mark:
    """The bot answers there again."""
    return Mark(lookup, channel, "silent_since", None)


def unreachable(lookup: str, channel: str, since: dt.datetime) -> Mark:
    """The person blocked the bot or left it; whatever they write next makes them reachable again."""
    return Mark(lookup, channel, "unreachable_since", since, "unreachable")


def write_mark(connection: Connection, mark: Mark, *, at: dt.datetime) -> None:
    """Write it, be the chat known or not."""
    row = {"channel": mark.channel, "lookup": mark.lookup, "created_at": stamp(at)}
    connection.execute(_INSERT[connection.dialect.name], row)
    value = stamp(mark.since) if mark.since else None
    marked = update(contact).where(contact.c.lookup == mark.lookup).values({mark.column: value})
    ids = list(connection.execute(marked.returning(contact.c.id)).scalars())
    if mark.reason:
        drop_open(connection, ids, mark.reason)


def forget(connection: Connection, lookups: Collection[str], tallies: Tallies) -> int:
    """Nothing of these chats remains, and nothing of their people counts; whoever writes again is new. How many."""
    chats = select(contact.c.id).where(contact.c.lookup.in_(lookups))
    people = select(person.c.id).where(person.c.contact_id.in_(chats))
    tallies.forget(connection.execute(people).scalars().all())
    connection.execute(delete(seat).where(seat.c.lookup.in_(lookups)))
    # what hangs on the row goes with it
    return connection.execute(delete(contact).where(contact.c.lookup.in_(lookups))).rowcount


class Contacts:
    """What an operator asks of the chats of one database, and does to them."""

    def __init__(self, engine: Engine, keyring: Keyring, writer: Writer, *, now: Callable[[], dt.datetime]) -> None:
        self._engine = engine
        self._keyring = keyring
        self._writer = writer
        self._now = now
        self._releasing: Job[ContactKey, None] = Job(self._release)

    def release(self, who: ContactKey) -> None:
        """The bot answers there again. Raises ``StoreError``."""
        self._writer.do(self._releasing, who)

    def people(self) -> dict[str, int]:
        """How many chats each channel has. Raises ``StoreError``."""
        query = select(contact.c.channel, func.count().label("people")).group_by(contact.c.channel)
        with reading(self._engine) as connection:
            return {row.channel: row.people for row in connection.execute(query)}

    def _release(self, connection: Connection, contacts: Sequence[ContactKey]) -> list[None]:
        recognise(connection, self._keyring, contacts)
        for who in contacts:
            lookup = self._keyring.lookup("contact", who.channel, who.user)
            write_mark(connection, released(lookup, who.channel), at=self._now())
        return [None] * len(contacts)


_INSERT = {
    "sqlite": sqlite.insert(contact).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(contact).on_conflict_do_nothing(),
}
