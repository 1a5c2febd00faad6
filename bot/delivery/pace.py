"""When the next part may leave: inside the channel's rate and each chat's own."""

import math
from collections import deque

from bot.delivery.terms import Terms

# chats whose last part is remembered before the old ones are swept out
_CHATS = 1_000


class Pace:
    """Counts what left and what is about to. Moments are seconds of a clock that never runs backwards."""

    def __init__(self, terms: Terms) -> None:
        self._rate = terms.rate
        self._chat_gap = terms.chat_gap
        self._left: deque[float] = deque(maxlen=terms.rate.count)
        self._promised = 0
        self._chats: dict[str, float] = {}

    def free_at(self) -> float:
        """The first moment at which the channel takes one more part, as far as that is known."""
        if self._promised >= self._rate.count:
            return math.inf
        if len(self._left) + self._promised < self._rate.count:
            return -math.inf
        return self._left[len(self._left) + self._promised - self._rate.count] + self._rate.seconds

    def chat_free_at(self, address: str) -> float:
        """The first moment at which a part may follow the last one to this chat."""
        return self._chats.get(address, -math.inf)

    def promise(self) -> None:
        """One more part is about to leave."""
        self._promised += 1

    def take_back(self) -> None:
        """A part that was promised does not leave after all."""
        self._promised -= 1

    def left(self, address: str, now: float) -> None:
        """A part that was promised leaves for this chat."""
        self._promised -= 1
        self._left.append(now)
        if not self._chat_gap:
            return
        if len(self._chats) >= _CHATS:
            self._chats = {chat: free_at for chat, free_at in self._chats.items() if free_at > now}
        self._chats[address] = now + self._chat_gap
