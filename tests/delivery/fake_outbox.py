"""An outbox in memory that keeps the promises of the stored one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.channels.messages import Message
from bot.store.outbox import STRANDED, Delivery, Kind
from tests.virtual_time import moment


@dataclass
class _Row:
    delivery: Delivery
    status: str = "waiting"
    due_at: dt.datetime | None = None
    leaving_at: dt.datetime | None = None
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.status in ("waiting", "leaving")

    @property
    def order(self) -> tuple[bool, bool, int]:
        return self.status != "leaving", self.delivery.kind == "reminder", self.delivery.id


class AlwaysOurs:
    """Turns where there is one process only."""

    def take(self, name: str, *, seconds: float) -> bool:
        return True

    def leave(self, name: str) -> None:
        pass

    def is_others(self, name: str) -> bool:
        return False


class FakeDuties:
    """Turns that all processes of a test look at."""

    def __init__(self, turns: dict[str, tuple[str, float]], holder: str) -> None:
        self._turns = turns
        self._holder = holder

    def take(self, name: str, *, seconds: float) -> bool:
        holder, until = self._turns.get(name, ("", 0.0))
        if holder != self._holder and until > moment():
            return False
        self._turns[name] = (self._holder, moment() + seconds)
        return True

    def leave(self, name: str) -> None:
        if self._turns.get(name, ("", 0.0))[0] == self._holder:
            del self._turns[name]

    def is_others(self, name: str) -> bool:
        holder, until = self._turns.get(name, ("", 0.0))
        return holder not in ("", self._holder) and until > moment()


class FakeOutbox:
    """Rows by id, in the order they were put in."""

    def __init__(self) -> None:
        self._rows: dict[int, _Row] = {}
        self._contacts: dict[str, int] = {}
        self._turns: dict[str, tuple[str, float]] = {}

    # ---- what a test uses ----

    def put(
        self,
        address: str,
        messages: Sequence[Message],
        *,
        channel: str = "fake",
        kind: Kind = "reply",
        heard_at: dt.datetime | None = None,
        unknown_tries: int = 0,
        leaving_at: dt.datetime | None = None,
    ) -> int:
        """A new row for the chat of that address, on its way already where ``leaving_at`` is given; its id."""
        id = len(self._rows) + 1
        contact_id = self._contacts.setdefault(address, len(self._contacts) + 1)
        delivery = Delivery(id, contact_id, channel, address, tuple(messages), kind=kind)
        delivery = replace(delivery, last_heard_at=heard_at, unknown_tries=unknown_tries)
        self._rows[id] = _Row(delivery, status="leaving" if leaving_at else "waiting", leaving_at=leaving_at)
        return id

    def duties(self, holder: str) -> "FakeDuties":
        """The turns as a process of that name has them."""
        return FakeDuties(self._turns, holder)

    def statuses(self) -> list[tuple[str, str]]:
        """What became of each row, and why."""
        return [(row.status, row.reason) for row in self._rows.values()]

    def hurry(self) -> None:
        """What was put off falls due."""
        for row in self._rows.values():
            row.due_at = None

    # ---- what a courier uses ----

    async def due(self, channel: str, now: dt.datetime, limit: int) -> Sequence[Delivery]:
        heads: dict[int, _Row] = {}
        mine = [row for row in self._rows.values() if row.is_open and row.delivery.channel == channel]
        for row in sorted(mine, key=lambda row: row.order):
            heads.setdefault(row.delivery.contact_id, row)
        waiting = [row for row in heads.values() if row.status == "waiting" and (not row.due_at or row.due_at <= now)]
        return [row.delivery for row in waiting][:limit]

    async def stranded(self, channel: str, now: dt.datetime) -> Sequence[Delivery]:
        return [row.delivery for row in self._rows.values() if row.leaving_at and row.leaving_at + STRANDED <= now]

    async def mark_leaving(self, id: int, now: dt.datetime) -> bool:
        if self._rows[id].status != "waiting":
            return False
        self._rows[id].status, self._rows[id].leaving_at = "leaving", now
        return True

    async def mark_part(self, id: int, parts_sent: int) -> None:
        self._rows[id].delivery = replace(self._rows[id].delivery, parts_sent=parts_sent)

    async def mark_sent(self, id: int) -> None:
        self._end(id, "sent", "")

    async def put_off(self, id: int, due_at: dt.datetime, reason: str, *, counted: bool, unknown: bool) -> None:
        self._end(id, "waiting", reason)
        row = self._rows[id]
        tries, unknown_tries = row.delivery.tries + counted, row.delivery.unknown_tries + unknown
        row.due_at, row.delivery = due_at, replace(row.delivery, tries=tries, unknown_tries=unknown_tries)

    async def drop(self, id: int, reason: str) -> None:
        self._end(id, "dropped", reason)

    async def drop_chat(self, id: int, reason: str, now: dt.datetime) -> None:
        contact_id = self._rows[id].delivery.contact_id
        for each, row in self._rows.items():
            if row.is_open and row.delivery.contact_id == contact_id:
                self._end(each, "dropped", reason)

    async def bury(self, id: int, reason: str) -> None:
        self._end(id, "dead", reason)

    def _end(self, id: int, status: str, reason: str) -> None:
        row = self._rows[id]
        row.status, row.reason, row.leaving_at = status, reason, None
