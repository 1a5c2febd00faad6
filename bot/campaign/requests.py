"""Wishes for help: the list the office works through, and what the person is told of it.

Of the person only what they chose to say: how they want to be reached, when, which ward, and where they were stuck.
"""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, Engine, Row, case, insert, select, update

from bot.campaign.scope import OutOfScope, Scope
from bot.store.contacts import released, write_mark
from bot.store.database import reading
from bot.store.moments import moment, stamp
from bot.store.outbox import fresh
from bot.store.schema import contact, conversation, help_request, outgoing, person
from bot.store.writer import Job, Writer

Status = Literal["waiting", "taken", "closed"]
Result = Literal["helped", "shown_where", "not_reached", "not_wanted"]

RESULTS: tuple[Result, ...] = ("helped", "shown_where", "not_reached", "not_wanted")

# what the person is told, a phrase of dialogs/phrases.yml for each
_TAKEN = "help_taken"
_CLOSED: dict[Result, str] = {
    "helped": "help_closed",
    "shown_where": "help_closed",
    "not_reached": "help_not_reached",
    "not_wanted": "help_closed",
}

# the messages of a phrase as the outbox stores them, in the words of a chat of that state
Told = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class HelpRequest:
    """``way``, ``hours`` and ``reason`` are codes of ``bot.core.effects``; ``place`` is where in the dialogs they were.

    ``silent``: a human writes in that chat now, and the bot says nothing there.
    """

    id: int
    ward: str
    channel: str
    way: str
    hours: str
    place: str
    reason: str
    status: Status
    created_at: dt.datetime
    taken_by: str
    taken_at: dt.datetime | None
    result: Result | Literal[""]
    closed_at: dt.datetime | None
    silent: bool


@dataclass(frozen=True, slots=True)
class _Step:
    """One step of a wish: closed with a result, taken without; only made where it still stands as somebody saw it."""

    id: int
    scope: Scope
    was: tuple[Status, ...]
    by: str
    result: Result | Literal[""] = ""


class Requests:
    """The wishes of one database. Everything may raise ``StoreError``; out of scope or unknown: ``OutOfScope``."""

    def __init__(
        self, engine: Engine, writer: Writer, told: Told, *, pushed: Collection[str], now: Callable[[], dt.datetime]
    ) -> None:
        self._engine = engine
        self._writer = writer
        self._told = told
        self._pushed = pushed
        self._now = now
        self._stepping: Job[_Step, bool] = Job(self._steps)

    def open(
        self, scope: Scope, *, statuses: Sequence[Status] = ("waiting", "taken"), most: int = 200
    ) -> Sequence[HelpRequest]:
        """Who waits longest on top, what was taken behind; of closed ones the last closed on top."""
        waiting_first = case((help_request.c.status == "waiting", 0), else_=1)
        query = (
            _QUERY.where(help_request.c.status.in_(statuses), scope.only(help_request.c.ward))
            .order_by(waiting_first, help_request.c.closed_at.desc(), help_request.c.created_at)
            .limit(most)
        )
        with reading(self._engine) as connection:
            return [_request(row) for row in connection.execute(query)]

    def find(self, scope: Scope, id: int) -> HelpRequest:
        query = _QUERY.where(help_request.c.id == id, scope.only(help_request.c.ward))
        with reading(self._engine) as connection:
            row = connection.execute(query).first()
        if row is None:
            raise OutOfScope(str(id))
        return _request(row)

    def take(self, scope: Scope, id: int, by: str) -> bool:
        """Somebody of the office sees to it, and the person is told so. False where somebody else was quicker."""
        return self._do(_Step(id, scope, ("waiting",), by))

    def close(self, scope: Scope, id: int, by: str, result: Result) -> bool:
        """It is seen to, or cannot be; the person is told, and the bot answers in their chat again."""
        return self._do(_Step(id, scope, ("waiting", "taken"), by, result))

    def reopen(self, scope: Scope, id: int, by: str) -> bool:
        """It was not seen to after all: whoever says so has it now, and the person is told. False where it is open."""
        return self._do(_Step(id, scope, ("closed",), by))

    def _do(self, step: _Step) -> bool:
        self.find(step.scope, step.id)
        return self._writer.do(self._stepping, step)

    def _steps(self, connection: Connection, steps: Sequence[_Step]) -> list[bool]:
        return [self._step(connection, step) for step in steps]

    def _step(self, connection: Connection, step: _Step) -> bool:
        now = self._now()
        values: dict[str, object] = {"taken_by": step.by, "status": "taken", "taken_at": stamp(now)}
        values |= {"result": "", "closed_at": None}
        if step.result:
            values = {"result": step.result, "status": "closed", "closed_at": stamp(now)}
        this = (
            help_request.c.id == step.id,
            help_request.c.status.in_(step.was),
            step.scope.only(help_request.c.ward),
        )
        if connection.execute(update(help_request).where(*this).values(**values)).rowcount == 0:
            return False
        self._tell(connection, step, now)
        return True

    def _tell(self, connection: Connection, step: _Step, now: dt.datetime) -> None:
        chat = connection.execute(_CHAT.where(help_request.c.id == step.id)).one()
        if step.result:
            write_mark(connection, released(chat.lookup, chat.channel), at=now)
        said = self._told(_CLOSED[step.result] if step.result else _TAKEN, chat.state or "")
        pushed = chat.channel in self._pushed
        connection.execute(insert(outgoing), fresh(chat.id, said, at=stamp(now), pushed=pushed, message_id=None))


def _request(row: Row[Any]) -> HelpRequest:
    return HelpRequest(
        id=row.id,
        ward=row.ward,
        channel=row.channel,
        way=row.way,
        hours=row.hours,
        place=row.place,
        reason=row.reason,
        status=row.status,
        created_at=moment(row.created_at),
        taken_by=row.taken_by,
        taken_at=moment(row.taken_at) if row.taken_at else None,
        result=row.result,
        closed_at=moment(row.closed_at) if row.closed_at else None,
        silent=row.silent_since is not None,
    )


_JOINED = help_request.join(person, help_request.c.person_id == person.c.id).join(
    contact, person.c.contact_id == contact.c.id
)
_CHAT = select(contact.c.id, contact.c.lookup, contact.c.channel, conversation.c.state).select_from(
    _JOINED.outerjoin(conversation, conversation.c.contact_id == contact.c.id)
)
_QUERY = select(help_request, contact.c.channel, contact.c.silent_since).select_from(_JOINED)
