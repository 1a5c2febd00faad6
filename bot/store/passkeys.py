"""Passkeys of staff: what a device or a security key of theirs is known by, all of it public."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.store.audit import AuditLog, Entry
from bot.store.database import reading
from bot.store.moments import moment, stamp
from bot.store.schema import passkey
from bot.store.staff import Account
from bot.store.writer import Job, Writer

# as many as somebody has devices
MOST = 10


@dataclass(frozen=True, slots=True)
class Passkey:
    """``credential`` is its name, ``public_key`` (COSE) what it signs with, both as base64url.

    ``counter`` is how often it has signed, by its own word; ``asked_at``: of when the last question it answered was.
    """

    id: int
    credential: str
    public_key: str
    counter: int
    created_at: dt.datetime
    asked_at: dt.datetime


class Passkeys:
    """Those of one database. Calls block and raise ``StoreError``."""

    def __init__(self, engine: Engine, writer: Writer, audit: AuditLog, *, now: Callable[[], dt.datetime]) -> None:
        self._engine = engine
        self._writer = writer
        self._audit = audit
        self._now = now
        self._acting: Job[Callable[[Connection], bool], bool] = Job(
            lambda connection, acts: [act(connection) for act in acts]
        )

    def of(self, account: Account) -> list[Passkey]:
        """Somebody's own, in the order they were added."""
        query = select(passkey).where(passkey.c.account_id == account.id).order_by(passkey.c.id)
        with reading(self._engine) as connection:
            return [
                Passkey(
                    row.id, row.credential, row.public_key, row.counter, moment(row.created_at), moment(row.asked_at)
                )
                for row in connection.execute(query)
            ]

    def add(self, account: Account, credential: str, public_key: str, counter: int, asked_at: dt.datetime) -> bool:
        """Whether it is one more: nobody has it yet, and its owner not too many."""

        def act(connection: Connection) -> bool:
            theirs = connection.execute(select(passkey.c.id).where(passkey.c.account_id == account.id)).all()
            known = connection.execute(select(passkey.c.id).where(passkey.c.credential == credential)).first()
            if known is not None or len(theirs) >= MOST:
                return False
            row = {"account_id": account.id, "credential": credential, "public_key": public_key, "counter": counter}
            row |= {"created_at": stamp(self._now()), "asked_at": stamp(asked_at)}
            connection.execute(insert(passkey), row)
            self._audit.append(connection, Entry(account.actor, "passkey_added", account.actor))
            return True

        return self._writer.do(self._acting, act)

    def use(self, shown: Passkey, counter: int, asked_at: dt.datetime) -> bool:
        """Whether it answers a later question than the last one it answered; used with that, so it counts once."""
        later = update(passkey).where(passkey.c.id == shown.id, passkey.c.asked_at < stamp(asked_at))
        values = {"counter": counter, "asked_at": stamp(asked_at)}
        return self._writer.do(self._acting, lambda connection: connection.execute(later.values(values)).rowcount == 1)

    def remove(self, account: Account, id: int) -> bool:
        """Whether it was one of theirs."""

        def act(connection: Connection) -> bool:
            theirs = delete(passkey).where(passkey.c.id == id, passkey.c.account_id == account.id)
            was_there = connection.execute(theirs).rowcount == 1
            if was_there:
                self._audit.append(connection, Entry(account.actor, "passkey_removed", account.actor))
            return was_there

        return self._writer.do(self._acting, act)
