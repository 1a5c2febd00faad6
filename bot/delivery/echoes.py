"""Texts of ours that a platform echoed: what it shows to a person was delivered, whatever became of the answer."""

import datetime as dt
import hashlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from bot.channels.channel import Part
from bot.channels.messages import Echoed
from bot.store.outbox import Delivery

# seconds an echo is remembered: longer than an outcome stays unknown before the one repetition
_KEPT = 240.0
_MOST = 50_000

# clocks of platforms and ours differ by less
_SKEW = dt.timedelta(seconds=60)


class Unsure(Protocol):
    """Replies of which nobody knows whether they arrived. Everything may raise ``StoreError``."""

    async def unsure(self, channel: str, now: dt.datetime) -> Sequence[Delivery]: ...
    async def confirm(self, id: int, parts_sent: int, *, whole: bool) -> None: ...


class Echoes:
    """What was echoed lately, as digests only. ``moment`` gives seconds of a clock that never runs backwards.

    Heard in one thread and looked at in another.
    """

    def __init__(self, moment: Callable[[], float]) -> None:
        self._moment = moment
        self._lock = threading.Lock()
        self._heard: dict[bytes, dt.datetime] = {}
        self._order: deque[tuple[float, bytes]] = deque()

    def hear(self, echo: Echoed) -> None:
        now, key = self._moment(), _digest(echo.contact.user, echo.text)
        with self._lock:
            while self._order and (self._order[0][0] < now - _KEPT or len(self._order) >= _MOST):
                self._heard.pop(self._order.popleft()[1], None)
            self._heard[key] = echo.at
            self._order.append((now, key))

    def take(self, address: str, text: str, since: dt.datetime | None) -> bool:
        """Whether this text was echoed from that chat since then; one echo proves one part."""
        key = _digest(address, text)
        with self._lock:
            at = self._heard.get(key)
            if at is None or (since is not None and at < since - _SKEW):
                return False
            del self._heard[key]
            return True

    def __bool__(self) -> bool:
        return bool(self._heard)


async def settle(
    echoes: Echoes, outbox: Unsure, channel: str, parts_of: Callable[[Delivery], Sequence[Part]], now: dt.datetime
) -> None:
    """Mark what the platform echoed as sent, so that it is not sent once more. Raises ``StoreError``."""
    if not echoes:
        return
    for delivery in await outbox.unsure(channel, now):
        parts = parts_of(delivery)
        sent = delivery.parts_sent
        while sent < len(parts) and echoes.take(delivery.address, parts[sent].text, delivery.left_at):
            sent += 1
        if sent > delivery.parts_sent:
            await outbox.confirm(delivery.id, sent, whole=sent == len(parts))


def _digest(address: str, text: str) -> bytes:
    # platforms take away the space around a text
    return hashlib.blake2b(f"{address}\0{text.strip()}".encode(), digest_size=16).digest()
