"""Rates and windows."""

import datetime as dt
import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pace import Pace
from bot.delivery.terms import TELEGRAM, Rate, Terms, zalo_oa
from tests.virtual_time import START


@given(st.integers(1, 5), st.floats(0.5, 60), st.lists(st.floats(0, 5), max_size=60))
def test_never_more_than_the_rate_in_any_stretch(count: int, seconds: float, gaps: list[float]) -> None:
    pace, now, left = Pace(Terms(Rate(count, seconds))), 0.0, []
    for gap in gaps:
        now = max(now + gap, pace.free_at())
        pace.promise()
        pace.left("a", now)
        left.append(now)
    assert all(later - earlier >= seconds * 0.999 for earlier, later in zip(left, left[count:], strict=False))


@given(st.lists(st.floats(0, 5), max_size=60))
def test_whoever_is_slow_never_waits(gaps: list[float]) -> None:
    pace = Pace(Terms(Rate(60, 1.0)))
    for now in itertools.accumulate(gaps):
        assert pace.free_at() <= now
        pace.promise()
        pace.left("a", now)


def test_what_is_about_to_leave_has_its_place() -> None:
    pace = Pace(Terms(Rate(2, 10.0)))
    pace.promise()
    pace.left("a", 100.0)
    assert pace.free_at() == -math.inf
    pace.promise()
    assert pace.free_at() == 110.0
    pace.promise()
    assert pace.free_at() == math.inf
    pace.take_back()
    pace.left("b", 105.0)
    assert pace.free_at() == 110.0


def test_a_chat_waits_for_its_own_turn_only() -> None:
    pace = Pace(TELEGRAM)
    pace.promise()
    pace.left("a", 10.0)
    assert (pace.chat_free_at("a"), pace.chat_free_at("b")) == (11.0, -math.inf)


def test_chats_of_long_ago_are_not_remembered() -> None:
    pace = Pace(TELEGRAM)
    for number in range(5_000):
        pace.promise()
        pace.left(str(number), number / 10)
    assert pace.chat_free_at("0") == -math.inf
    assert pace.chat_free_at("4999") == pytest.approx(500.9)


DAYS = [
    ("reply", 6.9, True),
    ("reply", 7.1, False),
    ("reminder", 1.9, True),
    ("reminder", 2.1, False),
]


@pytest.mark.parametrize(("kind", "days", "allowed"), DAYS)
def test_the_windows_of_zalo(kind: str, days: float, allowed: bool) -> None:
    assert zalo_oa(100).allow(kind, START - dt.timedelta(days=days), START) is allowed
    assert TELEGRAM.allow(kind, START - dt.timedelta(days=days), START)


def test_somebody_never_heard_of_is_left_to_the_platform() -> None:
    assert zalo_oa(100).allow("reply", None, START)


@pytest.mark.parametrize(("requests", "messages"), [(100, 90), (2000, 1800), (1, 1)])
def test_a_plan_leaves_some_requests_for_the_rest(requests: int, messages: int) -> None:
    assert zalo_oa(requests).rate == Rate(messages, 60.0)
