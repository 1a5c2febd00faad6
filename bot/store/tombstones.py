"""Who had all erased, so that a restored backup does not bring them back (T19): keyed digests with their moment.

They stand in the database and, for the day it is lost, in a file beside it that no restore replaces.
"""

import fcntl
import logging
import os
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.contacts import forget
from bot.store.schema import inbox, tombstone
from bot.store.tallies import Tallies

log = logging.getLogger(__name__)

# digests looked for in one statement
_TOGETHER = 500


class Tombstones:
    """Those of one database. Without a ``path`` they stand in the table alone."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path

    def bury(self, connection: Connection, lookups: Collection[str], *, at: str) -> None:
        """Remember these in the transaction that erases them; the file knows before it is committed."""
        self._append(lookups, at)
        rows = [{"lookup": lookup, "erased_at": at} for lookup in lookups]
        connection.execute(_BURY[connection.dialect.name], rows)

    def purge(self, *, before: str) -> None:
        """Let the file forget those older than any backup that still lives, as the table does."""
        try:
            self._rewrite(before)
        except OSError as error:
            log.error("the file of erased people cannot be shortened: %s", error.strerror)

    # ---- the file ----

    def _append(self, lookups: Collection[str], at: str) -> None:
        if self._path is None:
            return
        try:
            with self._path.open("a", encoding="ascii") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                # what a crash left of a line must not spoil the next one
                file.write("".join(f"\n{at} {lookup}\n" for lookup in lookups))
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            # a full disk must not keep anybody's data: the table remembers
            log.error("the file of erased people cannot be written: %s", error.strerror)

    def _rewrite(self, before: str) -> None:
        if self._path is None or not self._path.exists():
            return
        with self._path.open("r+", encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            kept = [line for line in file if line.strip() and line >= before]
            file.seek(0)
            file.writelines(kept)
            file.truncate()
            os.fsync(file.fileno())


def read_tombstones(path: Path) -> dict[str, str]:
    """The digests of a file with the last moment of each; torn lines are passed over. Raises ``OSError``."""
    found: dict[str, str] = {}
    for at, lookup in _lines(path):
        found[lookup] = max(at, found.get(lookup, ""))
    return found


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        at, _, lookup = line.partition(" ")
        if lookup:
            yield at, lookup


def stored_tombstones(connection: Connection) -> dict[str, str]:
    return {row.lookup: row.erased_at for row in connection.execute(select(tombstone))}


def replay(connection: Connection, tombstones: Mapping[str, str], *, since: str) -> int:
    """Erase once more who had all erased since then; how many people. All of them are remembered on."""
    if tombstones:
        rows = [{"lookup": lookup, "erased_at": at} for lookup, at in tombstones.items()]
        connection.execute(_BURY[connection.dialect.name], rows)
    gone, lookups = 0, [lookup for lookup, at in tombstones.items() if at >= since]
    tallies = Tallies(connection, at=since)
    for start in range(0, len(lookups), _TOGETHER):
        some = lookups[start : start + _TOGETHER]
        connection.execute(delete(inbox).where(inbox.c.lookup.in_(some)))
        gone += forget(connection, some, tallies)
    tallies.write()
    return gone


def _upsert(insert: "sqlite.Insert | postgresql.Insert") -> "sqlite.Insert | postgresql.Insert":
    return insert.on_conflict_do_update(index_elements=["lookup"], set_={"erased_at": insert.excluded.erased_at})


_BURY = {"sqlite": _upsert(sqlite.insert(tombstone)), "postgresql": _upsert(postgresql.insert(tombstone))}
