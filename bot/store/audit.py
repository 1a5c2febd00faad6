"""What staff and programs did: rows that are only ever added, each chained to the one before (T78).

A digest is keyed with a key that is not in the database, so whoever can write there cannot make a chain of their own.
When that key is let go, what it drew for the log alone stays, sealed by the present one: it verifies and opens nothing.
Rows hold codes ("staff:3", "ward:26740"), nothing of a resident.
"""

import base64
import contextlib
import datetime as dt
import hmac
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, Row, insert, select, text, update

from bot.store.database import reading
from bot.store.moments import moment, stamp
from bot.store.schema import audit_entry, audit_head, audit_key
from bot.store.sealing import Keyring, SealError
from bot.store.writer import Job, Writer

# any number will do, as long as it is always the same
_CHAINING = 0x60C0B

# what the ring draws a key of the log for
_PURPOSE = "audit"

# rows read at once while the chain is verified
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Entry:
    """Something done: by whom ("staff:3", "token:2", "cli"), what, to what, and in which words of ours."""

    actor: str
    action: str
    subject: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry as it stands in the log."""

    number: int
    at: dt.datetime
    entry: Entry


@dataclass(frozen=True, slots=True)
class Verdict:
    """``broken`` is the number of the first row that is not what was written, None where all are.

    ``head`` names the end of the chain ("812:1.f3…"): kept on another machine, it tells later whether rows were cut.
    """

    rows: int
    head: str
    broken: int | None = None


class AuditLog:
    """The log of one database. Calls block and raise ``StoreError``."""

    def __init__(self, engine: Engine, keyring: Keyring, writer: Writer, *, now: Callable[[], dt.datetime]) -> None:
        self._engine = engine
        self._keyring = keyring
        self._chain = _Chain(keyring)
        self._writer = writer
        self._now = now
        self._adding: Job[Entry, None] = Job(self._add_all)

    def add(self, entry: Entry) -> None:
        """One row more, durable when this returns."""
        self._writer.do(self._adding, entry)

    def append(self, connection: Connection, entry: Entry) -> None:
        """The same within a transaction that does what the entry tells."""
        if connection.dialect.name == "postgresql":
            # of several processes one continues the chain at a time
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _CHAINING})
        head = connection.execute(select(audit_head.c.number, audit_head.c.digest)).first()
        number, before = (head.number + 1, head.digest) if head else (1, "")
        row = {"number": number, "at": stamp(self._now()), "actor": entry.actor, "action": entry.action}
        row |= {"subject": entry.subject, "detail": entry.detail}
        digest = self._chain.digest(list(row.values()), before)
        connection.execute(insert(audit_entry), {**row, "digest": digest})
        if head is None:
            connection.execute(insert(audit_head), {"id": 1, "number": number, "digest": digest})
        else:
            connection.execute(update(audit_head).values(number=number, digest=digest))

    def latest(self, limit: int, before: int | None = None) -> list[Logged]:
        """The newest first; those older than row ``before`` where one is named."""
        query = select(audit_entry).order_by(audit_entry.c.number.desc()).limit(limit)
        if before is not None:
            query = query.where(audit_entry.c.number < before)
        with reading(self._engine) as connection:
            return [_logged(row) for row in connection.execute(query)]

    def verify(self, known: str = "") -> Verdict:
        """Read the whole chain; ``known`` is an earlier ``head`` that must still stand in it."""
        with reading(self._engine) as connection:
            if connection.dialect.name == "postgresql":
                # rows and their end as of one moment
                connection = connection.execution_options(isolation_level="REPEATABLE READ")  # noqa: PLW2901
            head = connection.execute(select(audit_head.c.number, audit_head.c.digest)).first()
            return self._verified(connection, (head.number, head.digest) if head else (0, ""), known)

    # ---- inside ----

    def _verified(self, connection: Connection, head: tuple[int, str], known: str) -> Verdict:
        number, digest = 0, ""
        kept = kept_keys(connection, self._keyring)
        known_number, _, known_digest = known.partition(":")
        for row in _rows(connection):
            is_known = str(row.number) != known_number or row.digest == known_digest
            if row.number != number + 1 or not self._chain.holds(row, digest, kept) or not is_known:
                return Verdict(number, _head(number, digest), broken=number + 1)
            number, digest = row.number, row.digest
        cut = (number, digest) != head or (known_number.isdecimal() and int(known_number) > number)
        return Verdict(number, _head(number, digest), broken=number + 1 if cut else None)

    def _add_all(self, connection: Connection, entries: Sequence[Entry]) -> list[None]:
        for entry in entries:
            self.append(connection, entry)
        return [None] * len(entries)


class _Chain:
    """The digests, each over a row and the digest before it; the key's number stands in front."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._keys: dict[int, bytes] = {}

    def digest(self, values: Sequence[str | int], before: str) -> str:
        number = self._keyring.current
        return _digest(number, self._key(number), values, before)

    def holds(self, row: "Row[tuple[object, ...]]", before: str, kept: Mapping[int, bytes]) -> bool:
        """Whether a row is what was written behind that digest; ``kept``: keys of the log that outlived theirs."""
        named = str(row.digest).partition(".")[0]
        number = int(named) if named.isdecimal() else 0
        key = self._key(number) if number in self._keyring.numbers else kept.get(number)
        if key is None:
            return False
        values = [row.number, row.at, row.actor, row.action, row.subject, row.detail]
        return hmac.compare_digest(_digest(number, key, values, before).encode(), str(row.digest).encode())

    def _key(self, number: int) -> bytes:
        if number not in self._keys:
            self._keys[number] = self._keyring.subkey(_PURPOSE, number)
        return self._keys[number]


def keep_key(connection: Connection, keyring: Keyring, number: int) -> None:
    """Before a key is let go: keep what verifies the rows written under it, if there are any."""
    if connection.execute(select(audit_entry.c.number).where(audit_entry.c.digest.like(f"{number}.%"))).first() is None:
        return
    key = base64.b64encode(keyring.subkey(_PURPOSE, number)).decode()
    connection.execute(insert(audit_key), {"number": number, "sealed": keyring.seal(key, **_place(number))})


def kept_keys(connection: Connection, keyring: Keyring) -> dict[int, bytes]:
    """Those keys by the numbers of theirs; one that somebody touched is none, and the chain breaks at its first row."""
    keys = {}
    for row in connection.execute(select(audit_key)):
        with contextlib.suppress(SealError):
            keys[row.number] = base64.b64decode(keyring.unseal(row.sealed, **_place(row.number)))
    return keys


def renew_keys(connection: Connection, keyring: Keyring) -> int:
    """Seal them anew by the present key; how many there were to seal."""
    rows = connection.execute(select(audit_key).where(audit_key.c.sealed.not_like(f"{keyring.current}.%"))).all()
    for row in rows:
        place = _place(row.number)
        anew = keyring.seal(keyring.unseal(row.sealed, **place), **place)
        connection.execute(update(audit_key).where(audit_key.c.number == row.number).values(sealed=anew))
    return len(rows)


def _digest(number: int, key: bytes, values: Sequence[str | int], before: str) -> str:
    text = json.dumps([*values, before], ensure_ascii=False)
    digest = hmac.digest(key, text.encode(), "sha256")
    return f"{number}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _place(number: int) -> dict[str, str]:
    return {"table": "audit_key", "record": str(number), "field": "sealed"}


def _rows(connection: Connection) -> "Iterator[Row[tuple[object, ...]]]":
    last = -1
    while page := connection.execute(
        select(audit_entry).where(audit_entry.c.number > last).order_by(audit_entry.c.number).limit(_PAGE)
    ).all():
        yield from page
        last = page[-1].number


def _logged(row: "Row[tuple[object, ...]]") -> Logged:
    return Logged(row.number, moment(row.at), Entry(row.actor, row.action, row.subject, row.detail))


def _head(number: int, digest: str) -> str:
    return f"{number}:{digest}" if number else ""
