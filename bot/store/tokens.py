"""Zalo's pair of tokens: sealed, renewed by one process at a time, and the pair before it kept (T57)."""

import asyncio
import contextlib
import datetime as dt
import json
from collections.abc import AsyncIterator, Callable, Sequence

from sqlalchemy import Connection, Engine, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.channels.zalo_oa_tokens import TokenPair
from bot.store.database import reading
from bot.store.duties import Duties
from bot.store.moments import moment, stamp
from bot.store.schema import token
from bot.store.sealing import Keyring
from bot.store.writer import Job, Writer

# seconds that one renewal may take; a process that dies meanwhile holds the others up no longer
_RENEWAL = 60.0

# seconds between two looks whether somebody else's renewal has ended
_LOOK = 0.2


class StoredTokens:
    """The pair of one Official Account, durable when ``save`` returns. Everything may raise ``StoreError``."""

    def __init__(
        self,
        engine: Engine,
        keyring: Keyring,
        writer: Writer,
        duties: Duties,
        *,
        now: Callable[[], dt.datetime],
        name: str = "zalo_oa",
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._writer = writer
        self._duties = duties
        self._now = now
        self._name = name
        self._alone = asyncio.Lock()
        self._saving: Job[TokenPair, None] = Job(self._save)

    @contextlib.asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        """Held by one refresher at a time, of all processes."""
        duty = f"renew {self._name}"
        async with self._alone:
            while not await asyncio.to_thread(self._duties.take, duty, seconds=_RENEWAL):
                await asyncio.sleep(_LOOK)
            try:
                yield
            finally:
                await asyncio.to_thread(self._duties.leave, duty)

    async def load(self) -> TokenPair | None:
        return await asyncio.to_thread(self._load)

    async def save(self, pair: TokenPair) -> None:
        await asyncio.to_thread(self._writer.do, self._saving, pair)

    def _load(self) -> TokenPair | None:
        with reading(self._engine) as connection:
            return load_token(connection, self._keyring, self._name)

    def _save(self, connection: Connection, pairs: Sequence[TokenPair]) -> list[None]:
        for pair in pairs:
            row = {"name": self._name, "sealed": self._sealed(pair), "saved_at": stamp(self._now())}
            connection.execute(_SAVE[connection.dialect.name], {**row, "version": 1})
        return [None] * len(pairs)

    def _sealed(self, pair: TokenPair) -> str:
        stored = {
            "access": pair.access,
            "refresh": pair.refresh,
            "obtained_at": stamp(pair.obtained_at),
            "expires_at": stamp(pair.expires_at),
        }
        return self._keyring.seal(json.dumps(stored), **_place(self._name))


def load_token(connection: Connection, keyring: Keyring, name: str) -> TokenPair | None:
    """The pair of that name; None where there is none yet. Raises ``SealError`` where these are not its keys."""
    sealed = connection.execute(_LOAD, {"wanted": name}).scalar()
    if sealed is None:
        return None
    stored = json.loads(keyring.unseal(sealed, **_place(name)))
    return TokenPair(stored["access"], stored["refresh"], moment(stored["obtained_at"]), moment(stored["expires_at"]))


def _place(name: str) -> dict[str, str]:
    return {"table": "token", "record": name, "field": "sealed"}


_LOAD = select(token.c.sealed).where(token.c.name == bindparam("wanted"))


def _upsert(insert: "sqlite.Insert | postgresql.Insert") -> "sqlite.Insert | postgresql.Insert":
    return insert.on_conflict_do_update(
        index_elements=["name"],
        set_={
            "previous": token.c.sealed,
            "sealed": insert.excluded.sealed,
            "saved_at": insert.excluded.saved_at,
            "version": token.c.version + 1,
        },
    )


_SAVE = {"sqlite": _upsert(sqlite.insert(token)), "postgresql": _upsert(postgresql.insert(token))}
