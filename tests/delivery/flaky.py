"""An outbox whose database is away for a while."""

import datetime as dt
from collections.abc import Sequence

from bot.delivery.courier import Outbox
from bot.store.database import StoreError
from bot.store.outbox import Delivery


class FlakyOutbox:
    """Another outbox; while ``away`` is above 0, each call takes one off it and fails."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self.away = 0

    async def due(self, channel: str, now: dt.datetime, limit: int) -> Sequence[Delivery]:
        self._ask()
        return await self._outbox.due(channel, now, limit)

    async def stranded(self, channel: str, now: dt.datetime) -> Sequence[Delivery]:
        self._ask()
        return await self._outbox.stranded(channel, now)

    async def mark_leaving(self, id: int, now: dt.datetime) -> bool:
        self._ask()
        return await self._outbox.mark_leaving(id, now)

    async def mark_part(self, id: int, parts_sent: int) -> None:
        self._ask()
        await self._outbox.mark_part(id, parts_sent)

    async def mark_sent(self, id: int) -> None:
        self._ask()
        await self._outbox.mark_sent(id)

    async def put_off(self, id: int, due_at: dt.datetime, reason: str, *, counted: bool, unknown: bool) -> None:
        self._ask()
        await self._outbox.put_off(id, due_at, reason, counted=counted, unknown=unknown)

    async def drop(self, id: int, reason: str) -> None:
        self._ask()
        await self._outbox.drop(id, reason)

    async def drop_chat(self, id: int, reason: str, now: dt.datetime) -> None:
        self._ask()
        await self._outbox.drop_chat(id, reason, now)

    async def bury(self, id: int, reason: str) -> None:
        self._ask()
        await self._outbox.bury(id, reason)

    def _ask(self) -> None:
        if self.away:
            self.away -= 1
            raise StoreError("away")
