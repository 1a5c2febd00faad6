"""Which of several processes delivers a channel: one at a time, and rather one that has no pages to serve."""

import asyncio
from typing import Protocol

# seconds a turn lasts unless it is renewed; another process takes over so long after this one died
LEASE = 10.0

# seconds between two renewals, and between two questions whether the other is gone
_RENEW_EVERY = 3.0


class Duties(Protocol):
    """Turns kept in the database. Calls block and may raise ``StoreError``."""

    def take(self, name: str, *, seconds: float) -> bool:
        """Ours for so long from now; false while somebody else has it."""

    def leave(self, name: str) -> None:
        """Let others have it at once."""

    def is_others(self, name: str) -> bool:
        """Whether somebody else has it now."""


class Shift:
    """This process's turn at delivering a channel. Who ``goes_first`` is given the turn by who does not."""

    def __init__(self, duties: Duties, channel: str, *, goes_first: bool = False) -> None:
        self._duties = duties
        self._name = f"deliver {channel}"
        self._claim = f"claim {channel}"
        self._goes_first = goes_first
        self._held = False
        self._asked_at = -_RENEW_EVERY

    async def held(self) -> bool:
        """Whether it is our turn; asked of the database now and then only."""
        now = asyncio.get_running_loop().time()
        if now - self._asked_at >= _RENEW_EVERY:
            self._held = False
            self._held = await asyncio.to_thread(self._take)
            self._asked_at = now
        return self._held

    async def end(self) -> None:
        """Whoever else waits may go on at once."""
        if self._held:
            await asyncio.to_thread(self._leave)
            self._held = False

    def _take(self) -> bool:
        if self._goes_first:
            self._duties.take(self._claim, seconds=LEASE)
        elif self._duties.is_others(self._claim):
            self._duties.leave(self._name)
            return False
        return self._duties.take(self._name, seconds=LEASE)

    def _leave(self) -> None:
        self._duties.leave(self._claim)
        self._duties.leave(self._name)
