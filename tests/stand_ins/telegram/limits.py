"""How fast the Bot API lets a bot send: a message a second to one chat with short bursts, thirty a second in all."""

import math
from collections.abc import Callable

from tests.stand_ins.telegram.errors import TooManyRequests


class Bucket:
    """Holds ``burst`` tokens and gets ``per_second`` new ones."""

    def __init__(self, burst: float, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._left = burst
        self._at = 0.0

    def wait(self, now: float) -> float:
        """Seconds until there is a token."""
        self._left = min(self._burst, self._left + (now - self._at) * self._per_second)
        self._at = now
        return 0.0 if self._left >= 1 else (1 - self._left) / self._per_second

    def take(self) -> None:
        self._left -= 1


class Limits:
    """``factor`` multiplies what the real one allows; 0: no limits. ``now`` counts seconds."""

    def __init__(self, now: Callable[[], float], factor: float) -> None:
        self._now = now
        self.set(factor)

    def set(self, factor: float, *, burst: float = 5) -> None:
        """Begins anew with other limits."""
        self._factor = factor
        self._burst = burst
        self._overall = Bucket(max(1.0, 30 * factor), 30 * factor)
        self._chats: dict[int, Bucket] = {}

    def check(self, chat: int) -> None:
        """Takes a token for a message to that chat. Raises ``TooManyRequests``."""
        if not self._factor:
            return
        own = self._chats.setdefault(chat, Bucket(self._burst, self._factor))
        now = self._now()
        wait = max(own.wait(now), self._overall.wait(now))
        if wait:
            raise TooManyRequests(math.ceil(wait))
        own.take()
        self._overall.take()
