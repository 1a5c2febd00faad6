"""What becomes of a reply whose part was not taken: put off, dropped, or laid with the dead letters."""

import datetime as dt
from dataclasses import dataclass

from bot.channels.channel import SendError
from bot.store.outbox import Delivery

# attempts the platform refused before a reply is given up
TRIES = 8

# seconds before the second attempt, four times as long before each further one: 22.75 hours in all
_FIRST = 15.0
_LONGER = 4

# the wait is this share of that, so that what failed together is not tried together again; at most 24 hours in all
_SHARES = (0.8, 1.05)

# somebody may have the message already: rest before the one repetition
UNKNOWN_REST = dt.timedelta(seconds=60)
_REPETITIONS = 1

# a platform that asks everybody to wait, without saying how long
_THROTTLE_REST = dt.timedelta(seconds=5)

# a channel that only an operator can help is tried again this often
OPERATOR_REST = dt.timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class PutOff:
    """Try again then. ``counted``: it was an attempt of this reply's own; ``unknown``: it may have arrived."""

    due_at: dt.datetime
    reason: str
    counted: bool = True
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Drop:
    """This cannot or must not be sent. ``whole_chat``: nor anything else, until the person writes again."""

    reason: str
    whole_chat: bool = False


@dataclass(frozen=True, slots=True)
class Bury:
    """Given up, for an operator to look at."""

    reason: str


Verdict = PutOff | Drop | Bury


def judge(delivery: Delivery, error: SendError, *, now: dt.datetime, chance: float) -> Verdict:
    """The verdict on a reply. ``chance`` is between 0 and 1 and scatters the waits."""
    after = dt.timedelta(seconds=error.after)
    if error.unknown:
        if delivery.unknown_tries >= _REPETITIONS:
            return Bury(error.reason)
        return PutOff(now + max(UNKNOWN_REST, after), error.reason, counted=False, unknown=True)
    if error.fate in ("drop", "unreachable"):
        return Drop(error.reason, whole_chat=error.fate == "unreachable")
    if error.everywhere or error.fate == "operator":
        return PutOff(now + rest(error), error.reason, counted=False)
    if delivery.tries + 1 >= TRIES:
        return Bury(error.reason)
    return PutOff(now + max(after, _wait(delivery.tries, chance)), error.reason)


def rest(error: SendError) -> dt.timedelta:
    """How long the whole channel rests after this; zero where it only concerns one person."""
    asked = dt.timedelta(seconds=error.after)
    if error.fate == "operator":
        return max(asked, OPERATOR_REST)
    return (asked or _THROTTLE_REST) if error.everywhere else dt.timedelta()


def _wait(tries: int, chance: float) -> dt.timedelta:
    least, most = _SHARES
    return dt.timedelta(seconds=_FIRST * _LONGER**tries * (least + (most - least) * chance))
