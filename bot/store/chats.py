"""Loads chats and writes their turns: state, events, completions, consents and replies in one transaction."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.channels.messages import ContactKey
from bot.store.contacts import forget
from bot.store.database import StaleTurn, reading
from bot.store.kept import Kept, read_kept
from bot.store.moments import city_day, stamp
from bot.store.outbox import fresh
from bot.store.outflow_marks import Flow
from bot.store.records import Record, Scribe
from bot.store.schema import contact, conversation, link, outgoing
from bot.store.sealing import Keyring
from bot.store.seats import move_seat
from bot.store.sharing import MoveRecord
from bot.store.tallies import Tallies
from bot.store.tombstones import Tombstones


@dataclass(frozen=True, slots=True)
class StoredChat:
    """A chat as it was found. ``state`` is the stored JSON, empty for a chat never seen.

    ``linked``: its address is stored. ``silent``: a human answers there. ``restricted``: the person had processing
    stopped.
    """

    lookup: str
    channel: str
    contact_id: int | None = None
    state: str = ""
    turn: int = 0
    updated_at: str = ""
    kept: bool = False
    linked: bool = False
    silent: bool = False
    restricted: bool = False


@dataclass(frozen=True, slots=True)
class FinishedTurn:
    """Everything one message led to. ``forget`` erases what was kept before the rest is written; ``restricted``: from
    now on nothing is counted, remembered anew or sent unasked.

    ``address`` is the channel's own name of the chat, ``message_id`` the message in the inbox that is answered.
    """

    chat: StoredChat
    state: str
    turn: int
    kept: bool
    messages: str
    records: tuple[Record, ...]
    content_version: str
    forget: bool = False
    restricted: bool = False
    address: str = ""
    message_id: int | None = None

    @property
    def channel(self) -> str:
        return self.chat.channel


@dataclass(frozen=True, slots=True)
class StoredReply:
    """What the bot said in one turn, as JSON; id 0 where it said nothing."""

    id: int
    messages: str
    message_id: int | None = None


class Chats:
    """The chats of one database, to be read."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self._engine = engine
        self._keyring = keyring

    def lookup(self, who: ContactKey) -> str:
        """The digest under which a chat is found again (T3)."""
        return self._keyring.lookup("contact", who.channel, who.user)

    def knows(self, who: ContactKey) -> bool:
        """Whether this chat was ever opened. Raises ``StoreError``."""
        with reading(self._engine) as connection:
            lookups = self._keyring.lookups("contact", who.channel, who.user)
            return connection.execute(select(contact.c.id).where(contact.c.lookup.in_(lookups))).first() is not None

    def replies(self, who: ContactKey, *, after: int = 0, last: int = 20) -> list[StoredReply]:
        """What the bot said to a chat behind a reply's id, oldest first, at most the ``last`` ones."""
        query = (
            select(outgoing.c.id, outgoing.c.messages, outgoing.c.message_id)
            .join(contact)
            .where(contact.c.lookup.in_(self._keyring.lookups("contact", who.channel, who.user)))
            .where(outgoing.c.id > after)
            .order_by(outgoing.c.id.desc())
            .limit(last)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return [StoredReply(row.id, row.messages, row.message_id) for row in reversed(rows)]

    def newest(self, whose: Collection[ContactKey]) -> dict[ContactKey, int]:
        """The id of the last reply in each of these chats, in one query. Raises ``StoreError``."""
        lookups = {self.lookup(who): who for who in whose}
        with reading(self._engine) as connection:
            rows = connection.execute(_NEWEST, {"lookups": list(lookups)}).all()
        return {lookups[row.lookup]: row.id for row in rows}

    def kept(self, contact_id: int) -> Kept:
        """What is kept about a chat, for its own person to see. Raises ``StoreError``."""
        with reading(self._engine) as connection:
            return read_kept(connection, contact_id)

    def ping(self) -> None:
        """Raises ``StoreError`` where the database does not answer."""
        with reading(self._engine) as connection:
            connection.execute(select(1))


def write_turns(
    connection: Connection,
    turns: Sequence[FinishedTurn],
    *,
    at: dt.datetime,
    keyring: Keyring,
    tombstones: Tombstones,
    pushed: Collection[str] = (),
    flows: Collection[Flow] = (),
) -> list[StoredReply]:
    """Write turns of different chats; their replies. Raises ``StaleTurn`` where a chat has moved on meanwhile.

    ``pushed`` are the channels whose replies wait to be sent; those of others are only shown. ``flows``: who
    else is told of what is counted.
    """
    return _Writing(connection, at, keyring, tombstones, pushed, flows=flows).write(turns) if turns else []


class _Writing:
    """The turns of one transaction while they are written."""

    def __init__(
        self,
        connection: Connection,
        at: dt.datetime,
        keyring: Keyring,
        tombstones: Tombstones,
        pushed: Collection[str],
        *,
        flows: Collection[Flow],
    ) -> None:
        self._connection = connection
        self._at = stamp(at)
        self._keyring = keyring
        self._tombstones = tombstones
        self._pushed = pushed
        self._tallies = Tallies(connection, at=self._at, flows=flows)
        self._scribe = Scribe(connection, self._tallies, at=at, day=city_day(at), pushed=pushed)

    def write(self, turns: Sequence[FinishedTurn]) -> list[StoredReply]:
        turns = self._forgotten(turns)
        ids = self._contacts(turns)
        self._save_states(turns, ids)
        self._restrict(turns, ids)
        self._link(turns, ids)
        for turn, id in zip(turns, ids, strict=True):
            self._scribe.write(turn, id)
        self._scribe.finish()
        self._move_seats(turns)
        replies = self._replies(turns, ids)
        # last, for these rows are everybody's: nobody waits for them longer than needed
        self._tallies.write()
        return replies

    def _contacts(self, turns: Sequence[FinishedTurn]) -> list[int]:
        rows = [
            {"channel": turn.chat.channel, "lookup": turn.chat.lookup, "created_at": self._at}
            for turn in turns
            if turn.chat.contact_id is None
        ]
        found: dict[str, int] = {}
        if rows:
            statement = _INSERT_CONTACT[self._connection.dialect.name]
            found = {row.lookup: row.id for row in self._connection.execute(statement, rows)}
        return [self._contact_id(turn.chat, found) for turn in turns]

    def _contact_id(self, chat: StoredChat, found: Mapping[str, int]) -> int:
        if chat.contact_id is not None:
            return chat.contact_id
        if chat.lookup in found:
            return found[chat.lookup]
        return int(self._connection.execute(_CONTACT, {"key": chat.lookup}).scalar_one())

    def _save_states(self, turns: Sequence[FinishedTurn], ids: Sequence[int]) -> None:
        fresh_rows, changed = [], []
        for turn, id in zip(turns, ids, strict=True):
            values = {"state": turn.state, "turn": turn.turn, "kept": turn.kept, "updated_at": self._at}
            if turn.chat.turn == 0 or turn.chat.contact_id is None:
                fresh_rows.append({"contact_id": id, **values})
            else:
                renamed = {"new_" + name: value for name, value in values.items()}
                changed.append({**renamed, "key": id, "was": turn.chat.turn})
        if fresh_rows:
            statement = _INSERT_CONVERSATION[self._connection.dialect.name]
            if len(self._connection.execute(statement, fresh_rows).all()) != len(fresh_rows):
                raise StaleTurn(_MOVED_ON)
        if changed and self._connection.execute(_UPDATE, changed).rowcount != len(changed):
            raise StaleTurn(_MOVED_ON)

    def _link(self, turns: Sequence[FinishedTurn], ids: Sequence[int]) -> None:
        """Note where new chats of channels that push are reached."""
        rows: list[dict[str, Any]] = [
            {"contact_id": id, "address": self._sealed(turn.address, id)}
            for turn, id in zip(turns, ids, strict=True)
            if turn.address and turn.channel in self._pushed and not turn.chat.linked
        ]
        if rows:
            self._connection.execute(_INSERT_LINK[self._connection.dialect.name], rows)

    def _sealed(self, address: str, contact_id: int) -> str:
        return self._keyring.seal(address, table="link", record=str(contact_id), field="address")

    def _move_seats(self, turns: Sequence[FinishedTurn]) -> None:
        """Who goes on here keeps the seat they have in a class."""
        for turn in turns:
            for record in turn.records if turn.address else ():
                if isinstance(record, MoveRecord):
                    who = ContactKey(turn.channel, turn.address)
                    move_seat(self._connection, self._keyring, record.contact_id, who)

    def _replies(self, turns: Sequence[FinishedTurn], ids: Sequence[int]) -> list[StoredReply]:
        rows = [
            fresh(id, turn.messages, at=self._at, pushed=turn.channel in self._pushed, message_id=turn.message_id)
            for turn, id in zip(turns, ids, strict=True)
        ]
        # of each chat one turn goes into a transaction
        written = {row.contact_id: row.id for row in self._connection.execute(_OUTGOING, rows)}
        return [StoredReply(written[id], turn.messages, turn.message_id) for turn, id in zip(turns, ids, strict=True)]

    def _forgotten(self, turns: Sequence[FinishedTurn]) -> list[FinishedTurn]:
        """Erase those who had all erased, with every row that hangs on them; they go on as somebody new."""
        gone = [turn for turn in turns if turn.forget]
        if gone:
            lookups = [each for turn in gone for each in self._lookups(turn)]
            forget(self._connection, lookups, self._tallies)
            self._tombstones.bury(self._connection, lookups, at=self._at)
        return [
            replace(turn, chat=replace(turn.chat, contact_id=None, linked=False, restricted=False))
            if turn.forget
            else turn
            for turn in turns
        ]

    def _lookups(self, turn: FinishedTurn) -> tuple[str, ...]:
        """By every key there is: a backup of before a change of keys knows the person by an earlier one."""
        earlier = self._keyring.lookups("contact", turn.channel, turn.address) if turn.address else ()
        return tuple(dict.fromkeys((turn.chat.lookup, *earlier)))

    def _restrict(self, turns: Sequence[FinishedTurn], ids: Sequence[int]) -> None:
        for turn, id in zip(turns, ids, strict=True):
            if turn.restricted != turn.chat.restricted:
                since = self._at if turn.restricted else None
                self._connection.execute(update(contact).where(contact.c.id == id).values(restricted_since=since))


_MOVED_ON = "cuộc trò chuyện này vừa được nơi khác cập nhật."

# made once: building a statement costs more than running it
_CONTACT = select(contact.c.id).where(contact.c.lookup == bindparam("key"))
_NEWEST = (
    select(contact.c.lookup, func.max(outgoing.c.id).label("id"))
    .join(outgoing)
    .where(contact.c.lookup.in_(bindparam("lookups", expanding=True)))
    .group_by(contact.c.lookup)
)
_INSERT_CONTACT = {
    "sqlite": sqlite.insert(contact).on_conflict_do_nothing().returning(contact.c.id, contact.c.lookup),
    "postgresql": postgresql.insert(contact).on_conflict_do_nothing().returning(contact.c.id, contact.c.lookup),
}
_INSERT_CONVERSATION = {
    "sqlite": sqlite.insert(conversation).on_conflict_do_nothing().returning(conversation.c.contact_id),
    "postgresql": postgresql.insert(conversation).on_conflict_do_nothing().returning(conversation.c.contact_id),
}
_INSERT_LINK = {
    "sqlite": sqlite.insert(link).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(link).on_conflict_do_nothing(),
}
_UPDATE = (
    update(conversation)
    .where(conversation.c.contact_id == bindparam("key"), conversation.c.turn == bindparam("was"))
    .values({name: bindparam("new_" + name) for name in ("state", "turn", "kept", "updated_at")})
)
_OUTGOING = insert(outgoing).returning(outgoing.c.id, outgoing.c.contact_id)
