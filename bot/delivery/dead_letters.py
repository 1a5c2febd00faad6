"""Replies that were given up, as an operator sees them: which channel, why, since when; nothing of what they say."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from typing import Any, Protocol

from bot.store.moments import CITY
from bot.store.outbox import DeadLetter


class Letters(Protocol):
    """Where they lie. Everything may raise ``StoreError``."""

    def dead(self) -> Sequence[DeadLetter]: ...
    def retry(self, id: int, now: dt.datetime) -> bool: ...
    def drop_dead(self, id: int) -> bool: ...


def listed(letters: Collection[DeadLetter]) -> list[dict[str, Any]]:
    """For other programs to read."""
    return [
        {
            "id": each.id,
            "channel": each.channel,
            "kind": each.kind,
            "reason": each.reason,
            "tries": each.tries,
            "created_at": each.created_at.isoformat(),
        }
        for each in letters
    ]


def rows(letters: Collection[DeadLetter]) -> list[tuple[str, ...]]:
    """For people to read, with the city's time."""
    return [
        (
            str(each.id),
            each.channel,
            _KINDS[each.kind],
            each.reason,
            str(each.tries),
            each.created_at.astimezone(CITY).strftime("%d/%m/%Y %H:%M"),
        )
        for each in letters
    ]


def retry(letters: Letters, ids: Collection[int], now: dt.datetime) -> tuple[list[int], list[int]]:
    """Send them on their way again, all where none is named: those that went, and those that are no dead letters."""
    return _done(letters, ids, lambda id: letters.retry(id, now))


def drop(letters: Letters, ids: Collection[int]) -> tuple[list[int], list[int]]:
    """Let them go for good, all where none is named; told as by ``retry``."""
    return _done(letters, ids, letters.drop_dead)


def _done(letters: Letters, ids: Collection[int], act: Callable[[int], bool]) -> tuple[list[int], list[int]]:
    done: list[int] = []
    unknown: list[int] = []
    for id in dict.fromkeys(ids) or [each.id for each in letters.dead()]:
        (done if act(id) else unknown).append(id)
    return done, unknown


_KINDS = {"reply": "trả lời", "reminder": "nhắc"}
