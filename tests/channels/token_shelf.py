"""A pair of tokens kept in memory, and every pair before it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from bot.channels.zalo_oa_tokens import TokenPair


class TokenShelf:
    """Keeps pairs as long as it lives. ``broken``: nothing can be saved."""

    def __init__(self, *pairs: TokenPair) -> None:
        self.kept = list(pairs)
        self.broken = False
        self._lock = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def lock(self) -> AsyncIterator[None]:
        async with self._lock:
            yield

    async def load(self) -> TokenPair | None:
        return self.kept[-1] if self.kept else None

    async def save(self, pair: TokenPair) -> None:
        if self.broken:
            raise OSError("no space left on device")
        self.kept.append(pair)
