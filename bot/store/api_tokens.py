"""What programs of the city's sign in with: kept as digests, limited to scopes and wards, ended by date or by hand."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Row, insert, select, update

from bot.store.audit import AuditLog, Entry
from bot.store.database import reading
from bot.store.moments import moment, stamp
from bot.store.schema import api_token
from bot.store.writer import Job, Writer

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One program's. ``wards`` is None for the whole city."""

    id: int
    name: str
    scopes: frozenset[str]
    wards: frozenset[str] | None
    created_at: dt.datetime
    until: dt.datetime
    revoked: bool

    @property
    def actor(self) -> str:
        """Its name in the audit log."""
        return f"token:{self.id}"


class ApiTokens:
    """The tokens of one database. Calls block and raise ``StoreError``."""

    def __init__(self, engine: Engine, writer: Writer, audit: AuditLog, *, now: Callable[[], dt.datetime]) -> None:
        self._engine = engine
        self._writer = writer
        self._audit = audit
        self._now = now
        self._acting: Job[Callable[[Connection], Any], Any] = Job(
            lambda connection, acts: [a(connection) for a in acts]
        )

    def add(
        self,
        name: str,
        digest: str,
        *,
        scopes: Collection[str],
        wards: Collection[str] | None,
        until: dt.datetime,
        by: str,
    ) -> int:
        """A new one; its number."""

        def act(connection: Connection) -> int:
            row = {"name": name, "digest": digest, "scopes": " ".join(sorted(scopes)), "until": stamp(until)}
            row |= {"wards": "*" if wards is None else " ".join(sorted(wards)), "created_at": stamp(self._now())}
            id = int(connection.execute(insert(api_token).returning(api_token.c.id), row).scalar_one())
            self._audit.append(connection, Entry(by, "token_made", f"token:{id}", row["scopes"]))
            return id

        return self._do(act)

    def revoke(self, id: int, *, by: str) -> bool:
        """It opens nothing any more; whether it did before."""

        def act(connection: Connection) -> bool:
            this = update(api_token).where(api_token.c.id == id, api_token.c.revoked_at.is_(None))
            if connection.execute(this.values(revoked_at=stamp(self._now()))).rowcount == 0:
                return False
            self._audit.append(connection, Entry(by, "token_revoked", f"token:{id}"))
            return True

        return self._do(act)

    def listed(self) -> list[ApiToken]:
        with reading(self._engine) as connection:
            return [_token(row) for row in connection.execute(select(api_token).order_by(api_token.c.id))]

    def find(self, digest: str) -> ApiToken | None:
        """The one of that digest, if it still opens anything."""
        with reading(self._engine) as connection:
            row = connection.execute(select(api_token).where(api_token.c.digest == digest)).first()
        token = _token(row) if row else None
        return token if token and not token.revoked and self._now() < token.until else None

    def _do(self, act: Callable[[Connection], Result]) -> Result:
        done: Result = self._writer.do(self._acting, act)
        return done


def _token(row: "Row[Any]") -> ApiToken:
    wards = None if row.wards == "*" else frozenset(row.wards.split())
    created, until = moment(row.created_at), moment(row.until)
    return ApiToken(row.id, row.name, frozenset(row.scopes.split()), wards, created, until, row.revoked_at is not None)
