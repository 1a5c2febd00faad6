"""How the channels stand, for the operator's figures."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from bot.metrics import Standing
from bot.store.outbox import Status


class Counted(Protocol):
    """The outbox as it is counted. Everything may raise ``StoreError``."""

    def counts(self) -> Mapping[tuple[str, Status], int]: ...
    def oldest_due(self, channel: str, now: dt.datetime) -> dt.datetime | None: ...


def standings(
    outbox: Counted, people: Callable[[], Mapping[str, int]], channels: Collection[str], now: dt.datetime
) -> list[Standing]:
    """Each of these channels, also where nobody has written yet. Raises ``StoreError``."""
    counts, known = outbox.counts(), people()
    return [
        Standing(
            channel=channel,
            waiting=counts.get((channel, "waiting"), 0) + counts.get((channel, "leaving"), 0),
            oldest=_age(outbox.oldest_due(channel, now), now),
            dead=counts.get((channel, "dead"), 0),
            people=known.get(channel, 0),
        )
        for channel in channels
    ]


def _age(since: dt.datetime | None, now: dt.datetime) -> float:
    return max((now - since).total_seconds(), 0.0) if since else 0.0
