"""Loads chats and commits their turns: state, events, completions, consents and replies in one transaction."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from bot.store.database import StoreError, store_error
from bot.store.records import Record, Scribe, inserted
from bot.store.schema import contact, conversation, hand_over, outgoing, person

CITY = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")


class StaleTurn(StoreError):
    """Another process took a turn of this chat meanwhile: load it again and handle the message once more."""


@dataclass(frozen=True, slots=True)
class StoredChat:
    """A chat as it was found. ``state`` is the stored JSON, empty for a chat never seen."""

    lookup: str
    channel: str
    contact_id: int | None = None
    state: str = ""
    turn: int = 0
    updated_at: str = ""


@dataclass(frozen=True, slots=True)
class FinishedTurn:
    """Everything one message led to. ``forget`` erases what was kept before the rest is written."""

    chat: StoredChat
    state: str
    turn: int
    kept: bool
    messages: str
    records: tuple[Record, ...]
    content_version: str
    forget: bool = False

    @property
    def channel(self) -> str:
        return self.chat.channel


def lookup_of(channel: str, user: str) -> str:
    """The digest under which a chat is found again."""
    return hashlib.sha256(f"{channel}\x00{user}".encode()).hexdigest()


def city_day(at: dt.datetime) -> str:
    """The day of a moment in Ho Chi Minh City, which keeps one time all year."""
    return at.astimezone(CITY).date().isoformat()


class Chats:
    """The chats of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reading=True)

    def load(self, keys: Mapping[str, str]) -> dict[str, StoredChat]:
        """The chats of these look-ups (look-up -> channel), new ones included. Raises ``StoreError``."""
        try:
            with self._reading.connect() as connection:
                rows = connection.execute(_LOAD, {"lookups": list(keys)}).all()
        except DBAPIError as error:
            raise store_error(error) from error
        found = {
            row.lookup: StoredChat(row.lookup, row.channel, row.id, row.state, row.turn, row.updated_at) for row in rows
        }
        return {key: found.get(key) or StoredChat(key, channel) for key, channel in keys.items()}

    def commit(self, turns: Sequence[FinishedTurn], *, at: dt.datetime) -> list[int]:
        """Write the turns of different chats together, or none of them; the ids of their outgoing rows.

        Raises ``StaleTurn`` where a chat has moved on since it was loaded, ``StoreError`` where nothing can be written.
        """
        try:
            with self._engine.begin() as connection:
                return _Commit(connection, at).write(turns)
        except DBAPIError as error:
            raise store_error(error) from error

    def replies(self, lookup: str, *, after: int = 0, last: int = 20) -> list[tuple[int, str]]:
        """What the bot said to a chat behind an outgoing id: (id, JSON), oldest first, at most the ``last`` ones."""
        query = (
            select(outgoing.c.id, outgoing.c.messages)
            .join(contact)
            .where(contact.c.lookup == lookup, outgoing.c.id > after)
            .order_by(outgoing.c.id.desc())
            .limit(last)
        )
        try:
            with self._reading.connect() as connection:
                return [(row.id, row.messages) for row in reversed(connection.execute(query).all())]
        except DBAPIError as error:
            raise store_error(error) from error

    def purge(self, *, unkept_before: str, replies_before: str) -> int:
        """Erase live sessions nobody agreed to keep, and old replies; how many chats went."""
        try:
            with self._engine.begin() as connection:
                idle = select(conversation.c.contact_id).where(
                    conversation.c.kept.is_(False), conversation.c.updated_at < unkept_before
                )
                gone = connection.execute(delete(conversation).where(conversation.c.contact_id.in_(idle)))
                connection.execute(delete(outgoing).where(outgoing.c.created_at < replies_before))
                return gone.rowcount
        except DBAPIError as error:
            raise store_error(error) from error


class _Commit:
    """One transaction while it is being written."""

    def __init__(self, connection: Connection, at: dt.datetime) -> None:
        self._connection = connection
        self._at = at.isoformat()
        self._scribe = Scribe(connection, at=self._at, day=city_day(at))

    def write(self, turns: Sequence[FinishedTurn]) -> list[int]:
        ids = []
        for turn in turns:
            contact_id = self._contact(turn.chat)
            if turn.forget:
                self._forget(contact_id)
            self._save_state(turn, contact_id)
            self._scribe.write(turn, contact_id)
            row = {"contact_id": contact_id, "messages": turn.messages, "created_at": self._at}
            ids.append(inserted(self._connection, _OUTGOING, row))
        self._scribe.finish()
        return ids

    def _contact(self, chat: StoredChat) -> int:
        if chat.contact_id is not None:
            return chat.contact_id
        found = self._connection.execute(_CONTACT, {"key": chat.lookup}).scalar()
        if found is not None:
            return int(found)
        row = {"channel": chat.channel, "lookup": chat.lookup, "created_at": self._at}
        return inserted(self._connection, insert(contact), row)

    def _save_state(self, turn: FinishedTurn, contact_id: int) -> None:
        values = {"state": turn.state, "turn": turn.turn, "kept": turn.kept, "updated_at": self._at}
        if turn.chat.turn == 0 or turn.forget:
            if self._connection.execute(_HAS_STATE, {"key": contact_id}).first() is not None:
                raise StaleTurn(_MOVED_ON)
            self._connection.execute(insert(conversation), {"contact_id": contact_id, **values})
            return
        renamed = {"new_" + name: value for name, value in values.items()}
        written = self._connection.execute(_UPDATE, {**renamed, "key": contact_id, "was": turn.chat.turn})
        if written.rowcount != 1:
            raise StaleTurn(_MOVED_ON)

    def _forget(self, contact_id: int) -> None:
        for table in (conversation, outgoing, hand_over, person):
            self._connection.execute(delete(table).where(table.c.contact_id == contact_id))


_MOVED_ON = "cuộc trò chuyện này vừa được nơi khác cập nhật."

# made once: building a statement costs more than running it
_LOAD = (
    select(
        contact.c.id,
        contact.c.lookup,
        contact.c.channel,
        conversation.c.state,
        conversation.c.turn,
        conversation.c.updated_at,
    )
    .join(conversation)
    .where(contact.c.lookup.in_(bindparam("lookups", expanding=True)))
)
_CONTACT = select(contact.c.id).where(contact.c.lookup == bindparam("key"))
_HAS_STATE = select(conversation.c.contact_id).where(conversation.c.contact_id == bindparam("key"))
_UPDATE = (
    update(conversation)
    .where(conversation.c.contact_id == bindparam("key"), conversation.c.turn == bindparam("was"))
    .values({name: bindparam("new_" + name) for name in ("state", "turn", "kept", "updated_at")})
)
_OUTGOING = insert(outgoing)
