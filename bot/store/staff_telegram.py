"""Who of the staff leads classes from Telegram, and what they were told there unasked.

One account, one person on Telegram, and the other way round: a new tie ends the old one.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, delete, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.audit import AuditLog, Entry
from bot.store.database import reading
from bot.store.moments import moment, stamp
from bot.store.schema import staff_account, staff_code, staff_telegram, staff_told
from bot.store.sealing import Keyring
from bot.store.staff import Account
from bot.store.writer import Job, Writer

_KIND = "telegram"

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Tied:
    """An account, by its number, and the person on Telegram it is tied to, by theirs."""

    account_id: int
    user: str


class StaffTelegram:
    """The ties of one database. Calls block and raise ``StoreError``; from an event loop use a thread."""

    def __init__(
        self, engine: Engine, keyring: Keyring, writer: Writer, audit: AuditLog, *, now: Callable[[], dt.datetime]
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._writer = writer
        self._audit = audit
        self._now = now
        self._acting: Job[Callable[[Connection], Any], Any] = Job(
            lambda connection, acts: [act(connection) for act in acts]
        )

    def issue(self, account: Account, digest: str, until: dt.datetime, *, by: str) -> None:
        """The code of this digest ties somebody on Telegram to the account, once; earlier codes hold no more."""

        def act(connection: Connection) -> None:
            earlier = (staff_code.c.account_id == account.id, staff_code.c.kind == _KIND)
            connection.execute(delete(staff_code).where(*earlier))
            row = {"digest": digest, "account_id": account.id, "kind": _KIND, "until": stamp(until)}
            connection.execute(insert(staff_code), row)
            self._audit.append(connection, Entry(by, "telegram_code_issued", account.actor))

        self._do(act)

    def tie(self, digest: str, user: str) -> bool:
        """Whether this was a code that still holds, of an account not closed; used, and tied, with that."""

        def act(connection: Connection) -> bool:
            used = delete(staff_code).where(staff_code.c.digest == digest, staff_code.c.kind == _KIND)
            code = connection.execute(used.returning(staff_code.c.account_id, staff_code.c.until)).first()
            if code is None or moment(str(code.until)) < self._now() or not _is_open(connection, code.account_id):
                return False
            theirs = or_(staff_telegram.c.account_id == code.account_id, self._is(user))
            connection.execute(delete(staff_telegram).where(theirs))
            address = self._keyring.seal(user, **place(code.account_id))
            row = {"account_id": code.account_id, "lookup": self._keyring.lookup("staff_telegram", user)}
            connection.execute(insert(staff_telegram), {**row, "address": address, "tied_at": stamp(self._now())})
            actor = f"staff:{code.account_id}"
            self._audit.append(connection, Entry(actor, "telegram_tied", actor))
            return True

        return self._do(act)

    def untie(self, account: Account, *, by: str) -> bool:
        """Whoever led classes from Telegram as this account does so no more; whether there was somebody."""

        def act(connection: Connection) -> bool:
            gone = delete(staff_telegram).where(staff_telegram.c.account_id == account.id)
            was_tied = connection.execute(gone).rowcount == 1
            if was_tied:
                self._audit.append(connection, Entry(by, "telegram_untied", account.actor))
            return was_tied

        return self._do(act)

    def account_of(self, user: str) -> int | None:
        """The number of the account that somebody on Telegram is tied to."""
        with reading(self._engine) as connection:
            found = connection.execute(select(staff_telegram.c.account_id).where(self._is(user))).scalar()
            return None if found is None else int(found)

    def tied_at(self, account: Account) -> dt.datetime | None:
        """Since when an account is tied to somebody."""
        query = select(staff_telegram.c.tied_at).where(staff_telegram.c.account_id == account.id)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar()
            return moment(found) if found else None

    def tied(self) -> list[Tied]:
        """Everybody who is tied to an account."""
        with reading(self._engine) as connection:
            rows = connection.execute(select(staff_telegram).order_by(staff_telegram.c.account_id)).all()
        return [Tied(row.account_id, self._keyring.unseal(row.address, **place(row.account_id))) for row in rows]

    # ---- what is told unasked ----

    def told(self, account_id: int) -> frozenset[str]:
        """What somebody was told already."""
        query = select(staff_told.c.what).where(staff_told.c.account_id == account_id)
        with reading(self._engine) as connection:
            return frozenset(connection.execute(query).scalars())

    def note_told(self, account_id: int, what: str) -> None:
        """They were told this, and need not be again."""

        def act(connection: Connection) -> None:
            row = {"account_id": account_id, "what": what, "told_at": stamp(self._now())}
            connection.execute(_TOLD[connection.dialect.name], row)

        self._do(act)

    # ---- inside ----

    def _do(self, act: Callable[[Connection], Result]) -> Result:
        done: Result = self._writer.do(self._acting, act)
        return done

    def _is(self, user: str) -> Any:
        return staff_telegram.c.lookup.in_(self._keyring.lookups("staff_telegram", user))


def place(account_id: int) -> dict[str, str]:
    """Where an address is sealed."""
    return {"table": "staff_telegram", "record": str(account_id), "field": "address"}


def _is_open(connection: Connection, account_id: int) -> bool:
    closed = select(staff_account.c.disabled_at).where(staff_account.c.id == account_id)
    return connection.execute(closed).scalar() is None


_TOLD = {
    "sqlite": sqlite.insert(staff_told).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(staff_told).on_conflict_do_nothing(),
}
