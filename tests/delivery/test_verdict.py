"""What becomes of a reply that was not taken."""

import datetime as dt
from dataclasses import replace

import pytest

from bot.channels.channel import SendError
from bot.delivery.verdict import TRIES, Bury, Drop, PutOff, Verdict, judge, rest
from bot.store.outbox import Delivery
from tests.virtual_time import START

REPLY = Delivery(1, 1, "fake", "a", ())


def later(reason: str, seconds: float, *, counted: bool = False, unknown: bool = False) -> PutOff:
    return PutOff(START + dt.timedelta(seconds=seconds), reason, counted=counted, unknown=unknown)


CASES: list[tuple[str, Delivery, SendError, Verdict]] = [
    ("first refusal", REPLY, SendError("network", "retry"), later("network", 12, counted=True)),
    ("third refusal", replace(REPLY, tries=2), SendError("network", "retry"), later("network", 192, counted=True)),
    ("the platform's wish", REPLY, SendError("busy", "retry", after=90), later("busy", 90, counted=True)),
    ("a wish shorter than our wait", REPLY, SendError("busy", "retry", after=1), later("busy", 12, counted=True)),
    ("the eighth refusal", replace(REPLY, tries=TRIES - 1), SendError("network", "retry"), Bury("network")),
    ("a message nobody takes", REPLY, SendError("malformed", "drop"), Drop("malformed")),
    ("a person who left", REPLY, SendError("blocked", "unreachable"), Drop("blocked", whole_chat=True)),
    ("everybody waits", replace(REPLY, tries=7), SendError("429", "retry", after=30, everywhere=True),
     later("429", 30)),
    ("everybody waits, who knows how long", REPLY, SendError("-32", "retry", everywhere=True), later("-32", 5)),
    ("a channel that is not well", replace(REPLY, tries=7), SendError("401", "operator"), later("401", 180)),
    ("the same with a wish", REPLY, SendError("401", "operator", after=600), later("401", 600)),
    ("an answer that never came", replace(REPLY, tries=7), SendError("timeout", "retry", unknown=True),
     later("timeout", 60, unknown=True)),
    ("never came, with a wish", REPLY, SendError("timeout", "retry", after=90, unknown=True),
     later("timeout", 90, unknown=True)),
    ("never came twice", replace(REPLY, unknown_tries=1), SendError("timeout", "retry", unknown=True), Bury("timeout")),
]  # fmt: skip


@pytest.mark.parametrize(("delivery", "error", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_a_verdict(delivery: Delivery, error: SendError, expected: Verdict) -> None:
    assert judge(delivery, error, now=START, chance=0.0) == expected


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_eight_tries_take_most_of_a_day(chance: float) -> None:
    at, delivery, tries = START, REPLY, 0
    while True:
        tries += 1
        verdict = judge(delivery, SendError("network", "retry"), now=at, chance=chance)
        if not isinstance(verdict, PutOff):
            break
        at, delivery = verdict.due_at, replace(delivery, tries=delivery.tries + 1)
    assert (tries, verdict) == (8, Bury("network"))
    assert dt.timedelta(hours=18) < at - START <= dt.timedelta(hours=24)


def test_one_person_s_trouble_is_no_rest_for_others() -> None:
    assert rest(SendError("blocked", "drop")) == rest(SendError("network", "retry", after=9)) == dt.timedelta()
