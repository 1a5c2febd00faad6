"""Messages that came in and are not answered yet: each once, sealed, and each person's in the order they came.

Who answers claims a row for a while; only the first row of a person can be claimed, so nobody overtakes. The row goes
in the transaction that writes the answer, and only if the claim still holds: so nothing is lost or answered twice,
whenever a process dies.
"""

import datetime as dt
import json
import logging
import os
import secrets
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    and_,
    bindparam,
    delete,
    exists,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from bot.channels.messages import (
    ClassCall,
    ClassOver,
    ConsentWithdrawn,
    ContactKey,
    HumanTookOver,
    Incoming,
    OfClass,
    Unreachable,
)
from bot.store.chats import FinishedTurn, StoredChat, StoredReply, write_turns
from bot.store.contacts import Mark, forget, silent, unreachable, write_mark
from bot.store.database import StaleTurn, reading, store_error
from bot.store.key_prints import follow
from bot.store.moments import moment, stamp
from bot.store.outflow_marks import Flow
from bot.store.renewal import recognise
from bot.store.schema import contact, conversation, inbox, link, outgoing, seen
from bot.store.sealing import Keyring, SealError
from bot.store.tallies import Tallies
from bot.store.tombstones import Tombstones

log = logging.getLogger(__name__)

# how long a claim holds; whoever died is replaced then, at the latest
LEASE = dt.timedelta(seconds=10)

# how long a message counts as known (T53): platforms repeat theirs for an hour or two
KNOWN = dt.timedelta(hours=48)


# what is kept until it is dealt with
Event = Incoming | OfClass | Unreachable | HumanTookOver | ConsentWithdrawn


@dataclass(frozen=True, slots=True)
class Sealed:
    """A message as it is stored. ``key`` is the same for the same message of a platform."""

    key: str
    lookup: str
    channel: str
    payload: str
    received_at: str

    def columns(self) -> dict[str, Any]:
        # dataclasses.asdict takes ten times as long
        return {
            "key": self.key,
            "lookup": self.lookup,
            "channel": self.channel,
            "payload": self.payload,
            "received_at": self.received_at,
        }


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message for us to answer, and the chat as it stands. ``claims``: how often somebody began with it."""

    id: int
    key: str
    event: Event
    chat: StoredChat
    claims: int
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """A message and the turn it led to; none where the bot says nothing."""

    message: Claimed
    turn: FinishedTurn | None


class Inbox:
    """The inbox of one database, as one process sees it. ``pushed`` are the channels that have to be sent to.

    ``flows``: who else is told of what is counted.
    """

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        tombstones: Tombstones,
        *,
        now: Callable[[], dt.datetime],
        pushed: Collection[str],
        holder: str,
        flows: Collection[Flow] = (),
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._tombstones = tombstones
        self._now = now
        self.pushed = frozenset(pushed)
        self.holder = holder
        self._flows = flows

    # ---- in ----

    def seal(self, event: Event) -> Sealed:
        """The message as it may be stored. Without an id of its own it is like no other."""
        who = event.contact
        key = self._keyring.lookup("message", who.channel, who.user, event.id or secrets.token_hex(16))
        payload = self._keyring.seal(_to_json(event), table="inbox", record=key, field="payload")
        lookup = self._keyring.lookup("contact", who.channel, who.user)
        return Sealed(key, lookup, who.channel, payload, stamp(self._now()))

    def put(self, connection: Connection, messages: Sequence[Sealed]) -> list[bool]:
        """Take them in; whether each is new."""
        if len(self._keyring.numbers) > 1:
            messages = self._recognised(connection, messages)
        rows = [{"key": each.key, "received_at": each.received_at} for each in messages]
        ids = {row.key: row.id for row in connection.execute(_INSERT_SEEN[connection.dialect.name], rows)}
        fresh = []
        new = []
        for each in messages:
            id = ids.pop(each.key, None)
            new.append(id is not None)
            if id is not None:
                fresh.append(each.columns() | {"id": id, "claims": 0})
        if fresh:
            connection.execute(_INSERT, fresh)
        return new

    def _recognised(self, connection: Connection, messages: Sequence[Sealed]) -> list[Sealed]:
        """While keys change: under whatever key a message or its person was known, they are found by the present one.

        A message keeps the key it first came in under, so that it still counts once.
        """
        events = [self._event(each) for each in messages]
        recognise(connection, self._keyring, [event.contact for event in events])
        known = set(
            connection.execute(_KNOWN, {"keys": [key for event in events for key in self._keys(event)]}).scalars()
        )
        found = []
        for message, event in zip(messages, events, strict=True):
            lookup = self._keyring.lookup("contact", event.contact.channel, event.contact.user)
            key = next((each for each in self._keys(event) if each in known), message.key)
            found.append(replace(message, lookup=lookup, key=key))
        return found

    def _event(self, message: Sealed) -> Event:
        return _from_json(self._keyring.unseal(message.payload, table="inbox", record=message.key, field="payload"))

    def _keys(self, event: Event) -> tuple[str, ...]:
        """What a message may be known by; one without an id is like no other."""
        who = event.contact
        return self._keyring.lookups("message", who.channel, who.user, event.id) if event.id else ()

    def put_all(self, messages: Sequence[Sealed]) -> None:
        """The same in a transaction of its own. Raises ``StoreError``."""
        try:
            with self._engine.begin() as connection:
                follow(connection, self._keyring)
                self.put(connection, messages)
        except DBAPIError as error:
            raise store_error(error) from error

    # ---- claims ----

    def claim(self, connection: Connection, limit: int, busy: Collection[int]) -> list[Claimed]:
        """The next message of as many people, now ours; what is ``busy`` we have already."""
        now = self._now()
        values = {"now": stamp(now), "holder": self.holder, "busy": list(busy), "limit": limit}
        rows = connection.execute(_CLAIMABLE, values).all()
        if rows:
            until = {"until": stamp(now + LEASE), "holder": self.holder, "ids": [row.id for row in rows]}
            connection.execute(_CLAIM, until)
        claimed = {row.id: self._claimed(row) for row in rows}
        broken = [id for id, each in claimed.items() if each is None]
        if broken:
            # rows nobody can open must not stop those behind them
            connection.execute(delete(inbox).where(inbox.c.id.in_(broken)))
            log.error("%d messages in the inbox could not be opened and are given up", len(broken))
        return [each for each in claimed.values() if each is not None]

    def _claimed(self, row: Any) -> Claimed | None:
        try:
            payload = self._keyring.unseal(row.payload, table="inbox", record=row.key, field="payload")
        except SealError:
            return None
        chat = StoredChat(
            lookup=row.lookup,
            channel=row.channel,
            contact_id=row.contact_id,
            state=row.state or "",
            turn=row.turn or 0,
            updated_at=row.updated_at or "",
            kept=bool(row.kept),
            linked=row.linked is not None,
            silent=row.silent_since is not None,
            restricted=row.restricted_since is not None,
        )
        return Claimed(row.id, row.key, _from_json(payload), chat, row.claims + 1, moment(row.received_at))

    def is_waiting(self, busy: Collection[int]) -> bool:
        """Whether there is something to claim. Raises ``StoreError``."""
        values = {"now": stamp(self._now()), "holder": self.holder, "busy": list(busy), "limit": 1}
        with reading(self._engine) as connection:
            return connection.execute(_NEXT, values).first() is not None

    def free_claims_of_the_dead(self) -> None:
        """Claims of processes of this machine that are no more need not run out. Raises ``StoreError``."""
        with reading(self._engine) as connection:
            holders = connection.execute(_HOLDERS).scalars().all()
        dead = [holder for holder in holders if holder != self.holder and _is_dead(holder)]
        if not dead:
            return
        try:
            with self._engine.begin() as connection:
                connection.execute(update(inbox).where(inbox.c.claimed_by.in_(dead)).values(claimed_by=None))
        except DBAPIError as error:
            raise store_error(error) from error

    # ---- out ----

    def answer(self, connection: Connection, answered: Sequence[Answered]) -> list[int]:
        """Write the turns and let the messages go; the ids of the replies, 0 where nothing is said.

        Raises ``StaleTurn`` where a message is no longer ours or a chat has moved on.
        """
        answered = self._by_present_key(connection, answered)
        ids = [each.message.id for each in answered]
        gone = connection.execute(_ANSWERED, {"ids": ids, "holder": self.holder})
        if gone.rowcount != len(ids):
            raise StaleTurn("tin này đã được nơi khác trả lời.")
        turns = [
            replace(each.turn, message_id=each.message.id, address=each.message.event.contact.user)
            for each in answered
            if each.turn is not None
        ]
        replies = write_turns(
            connection,
            turns,
            at=self._now(),
            keyring=self._keyring,
            tombstones=self._tombstones,
            pushed=self.pushed,
            flows=self._flows,
        )
        self._note(connection, [each.message for each in answered])
        by_message = {reply.message_id: reply.id for reply in replies}
        return [by_message.get(id, 0) for id in ids]

    def _by_present_key(self, connection: Connection, answered: Sequence[Answered]) -> Sequence[Answered]:
        """While keys change: a message may have been claimed before and is answered behind it."""
        if len(self._keyring.numbers) == 1:
            return answered
        recognise(connection, self._keyring, [each.message.event.contact for each in answered])
        return [self._renewed(each) for each in answered]

    def _renewed(self, answered: Answered) -> Answered:
        who = answered.message.event.contact
        lookup = self._keyring.lookup("contact", who.channel, who.user)
        message = replace(answered.message, chat=replace(answered.message.chat, lookup=lookup))
        turn = answered.turn and replace(answered.turn, chat=replace(answered.turn.chat, lookup=lookup))
        return Answered(message, turn)

    def _note(self, connection: Connection, messages: Sequence[Claimed]) -> None:
        """When people wrote, where a platform counts from it; whom nobody reaches, a human answers, or we forget."""
        heard = [
            {"key": each.chat.lookup, "at": stamp(each.received_at)}
            for each in messages
            if isinstance(each.event, Incoming) and each.chat.channel in self.pushed
        ]
        if heard:
            connection.execute(_HEARD, heard)
        for each in messages:
            mark = _MARKS.get(type(each.event))
            if mark is not None:
                write_mark(connection, mark(each.chat.lookup, each.chat.channel, each.received_at), at=self._now())
            if isinstance(each.event, ConsentWithdrawn):
                self._forget(connection, each.event.contact)

    def _forget(self, connection: Connection, who: ContactKey) -> None:
        at, lookups = stamp(self._now()), self._keyring.lookups("contact", who.channel, who.user)
        tallies = Tallies(connection, at=at, flows=self._flows)
        forget(connection, lookups, tallies)
        tallies.write()
        self._tombstones.bury(connection, lookups, at=at)

    def reply_to(self, message: Sealed) -> StoredReply | None:
        """What was said to a message; None as long as it waits. Raises ``StoreError``."""
        event = self._event(message)
        who = event.contact
        keys = [message.key, *self._keys(event)]
        with reading(self._engine) as connection:
            # in this order: a message stops to wait in the transaction that writes its answer
            if connection.execute(_WAITS, {"keys": keys}).first() is not None:
                return None
            # whoever answered may know the person by a newer key
            follow(connection, self._keyring)
            lookups = self._keyring.lookups("contact", who.channel, who.user)
            row = connection.execute(_REPLY, {"lookups": lookups, "keys": keys}).first()
        return StoredReply(0, "[]") if row is None else StoredReply(row.id, row.messages)


# ---- who claims ----


def new_holder() -> str:
    """This process among those of all machines: machine, process, and what no later process of that number has."""
    return f"{socket.gethostname()[:32]}:{os.getpid()}:{secrets.token_hex(4)}"


def _is_dead(holder: str) -> bool:
    machine, _, rest = holder.partition(":")
    number = rest.partition(":")[0]
    if machine != socket.gethostname()[:32] or not number.isdecimal():
        return False
    if int(number) == os.getpid():
        # whoever had our number before us
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False


# ---- the stored form of a message ----

_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind for kind in (Incoming, ClassCall, ClassOver, Unreachable, HumanTookOver, ConsentWithdrawn)
}
_FIELDS = {kind: frozenset(field.name for field in fields(kind)) for kind in _KINDS.values()}
_MARKS: dict[type[Event], Callable[[str, str, dt.datetime], Mark]] = {Unreachable: unreachable, HumanTookOver: silent}


def _to_json(event: Event) -> str:
    values = {name: getattr(event, name) for name in _FIELDS[type(event)]}
    return json.dumps({**values, "kind": type(event).__name__, "contact": [event.contact.channel, event.contact.user]})


def _from_json(stored: str) -> Event:
    """A message written by an older or newer version of this program, too."""
    values: dict[str, Any] = json.loads(stored)
    kind = _KINDS[values["kind"]]
    names = _FIELDS[kind] & values.keys()
    given: dict[str, Any] = {
        name: tuple(values[name]) if isinstance(values[name], list) else values[name] for name in names
    }
    given["contact"] = ContactKey(*values["contact"])
    return kind(**given)


# ---- statements, made once: building one costs more than running it ----

_INSERT_SEEN = {
    "sqlite": sqlite.insert(seen).on_conflict_do_nothing(index_elements=["key"]).returning(seen.c.id, seen.c.key),
    "postgresql": postgresql.insert(seen)
    .on_conflict_do_nothing(index_elements=["key"])
    .returning(seen.c.id, seen.c.key),
}
_INSERT = insert(inbox)

_earlier = inbox.alias("earlier")
_is_free = and_(
    # what we are at already is not taken again, and what we claimed and then lost is: as when the database went away
    inbox.c.id.not_in(bindparam("busy", expanding=True)),
    or_(
        inbox.c.claimed_by.is_(None),
        inbox.c.claimed_by == bindparam("holder"),
        inbox.c.claimed_until < bindparam("now"),
    ),
)
_NEXT = (
    select(
        inbox.c.id,
        inbox.c.key,
        inbox.c.lookup,
        inbox.c.channel,
        inbox.c.payload,
        inbox.c.claims,
        inbox.c.received_at,
        contact.c.id.label("contact_id"),
        contact.c.silent_since,
        contact.c.restricted_since,
        conversation.c.state,
        conversation.c.turn,
        conversation.c.kept,
        conversation.c.updated_at,
        link.c.contact_id.label("linked"),
    )
    .select_from(
        inbox.outerjoin(contact, contact.c.lookup == inbox.c.lookup)
        .outerjoin(conversation, conversation.c.contact_id == contact.c.id)
        .outerjoin(link, link.c.contact_id == contact.c.id)
    )
    .where(_is_free, not_(exists().where(_earlier.c.lookup == inbox.c.lookup, _earlier.c.id < inbox.c.id)))
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
)
_CLAIMABLE = _NEXT.with_for_update(of=inbox, skip_locked=True)
_CLAIM = (
    update(inbox)
    .where(inbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(claimed_by=bindparam("holder"), claimed_until=bindparam("until"), claims=inbox.c.claims + 1)
)
_HOLDERS = select(inbox.c.claimed_by).distinct().where(inbox.c.claimed_by.is_not(None))
_ANSWERED = delete(inbox).where(
    inbox.c.id.in_(bindparam("ids", expanding=True)), inbox.c.claimed_by == bindparam("holder")
)
_HEARD = (
    update(contact).where(contact.c.lookup == bindparam("key")).values(heard_at=bindparam("at"), unreachable_since=None)
)
_REPLY = (
    select(outgoing.c.id, outgoing.c.messages)
    .join(contact)
    .join(seen, seen.c.id == outgoing.c.message_id)
    .where(contact.c.lookup.in_(bindparam("lookups", expanding=True)))
    .where(seen.c.key.in_(bindparam("keys", expanding=True)))
)
_WAITS = select(inbox.c.id).where(inbox.c.key.in_(bindparam("keys", expanding=True)))
_KNOWN = select(seen.c.key).where(seen.c.key.in_(bindparam("keys", expanding=True)))
