"""The real outbox on a database of its own, filled and looked at as the one in memory is."""

import datetime as dt
import json
from collections.abc import Sequence
from concurrent.futures import Future
from typing import Any

from sqlalchemy import Engine, insert, select, update

from bot.channels.messages import Message, to_json
from bot.store.database import open_database
from bot.store.duties import Duties
from bot.store.moments import stamp
from bot.store.outbox import Kind, Outbox, fresh
from bot.store.schema import contact, link, outgoing
from bot.store.sealing import Keyring
from bot.store.writer import Job, Writer
from tests.virtual_time import START, now


class _WriterAtOnce(Writer):
    """Writes when told to, so that virtual time has no thread to wait for."""

    def put(self, job: "Job[Any, Any]", item: Any) -> "Future[Any]":
        future = super().put(job, item)
        self.write()
        return future


class StoredOutbox(Outbox):
    """One channel's replies in the database of that address."""

    def __init__(self, address: str) -> None:
        self.database: Engine = open_database(address)
        self._ring = Keyring({1: bytes(range(32))})
        self._contacts: dict[str, int] = {}
        self._at_once = _WriterAtOnce(self.database)
        super().__init__(self.database, self._ring, self._at_once)

    def close(self) -> None:
        self.database.dispose()

    def put(
        self,
        address: str,
        messages: Sequence[Message],
        *,
        kind: Kind = "reply",
        heard_at: dt.datetime | None = None,
        unknown_tries: int = 0,
        leaving_at: dt.datetime | None = None,
    ) -> int:
        """A new row for the chat of that address, on its way already where ``leaving_at`` is given; its id."""
        row = fresh(self._contact(address, heard_at), json.dumps(to_json(messages)), at=stamp(START), pushed=True)
        row |= {"kind": kind, "unknown_tries": unknown_tries}
        if leaving_at is not None:
            row |= {"status": "leaving", "leaving_at": stamp(leaving_at)}
        with self.database.begin() as connection:
            key = connection.execute(insert(outgoing), row).inserted_primary_key
        assert key is not None
        return int(key[0])

    def duties(self, holder: str) -> Duties:
        """The turns as a process of that name has them."""
        return Duties(self.database, self._at_once, holder, now=now)

    def statuses(self) -> list[tuple[str, str]]:
        """What became of each row, and why."""
        with self.database.connect() as connection:
            rows = connection.execute(select(outgoing.c.status, outgoing.c.reason).order_by(outgoing.c.id)).all()
        return [(row.status, row.reason) for row in rows]

    def hear(self, address: str, at: dt.datetime) -> None:
        """The person of that chat wrote then."""
        with self.database.begin() as connection:
            connection.execute(
                update(contact).where(contact.c.lookup == address).values(heard_at=stamp(at), unreachable_since=None)
            )

    def hurry(self) -> None:
        """What was put off falls due."""
        with self.database.begin() as connection:
            connection.execute(update(outgoing).values(due_at=stamp(START)))

    def _contact(self, address: str, heard_at: dt.datetime | None) -> int:
        if address not in self._contacts:
            id = self._contacts[address] = len(self._contacts) + 1
            heard = stamp(heard_at) if heard_at else None
            row = {"id": id, "channel": "fake", "lookup": address, "created_at": stamp(START), "heard_at": heard}
            sealed = self._ring.seal(address, table="link", record=str(id), field="address")
            with self.database.begin() as connection:
                connection.execute(insert(contact), row)
                connection.execute(insert(link), {"contact_id": id, "address": sealed})
        return self._contacts[address]
