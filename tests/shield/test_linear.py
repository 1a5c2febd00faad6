"""The work grows with the length of a text and no faster, whatever is written (T38)."""

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.shield.report import look
from bot.shield.scam_words import STORY

REPEATED = (
    "1",
    "1 ",
    "1.",
    "1,000",
    "1/",
    "1:2 ",
    "-1",
    "+84.",
    "a",
    "a-",
    "a.",
    "a@",
    "x.vn@",
    "http://",
    "\u200b",
    "\n",
    "1\n",
    "không ",
    "hai ba ",
    "mk ",
    "mk là ",
    "otp 1234 ",
    "112 ",
    "lớp 123456 ",
    "câu hỏi bảo mật ",
    "trả lời là ",
    "chấm ",
    "[.]",
    "rồi ",
    "cho nó rồi ",
    "họ kêu ",
    "lỡ ",
    "()",
    "a\u0301",
    "０",
    "so ",
    "=",
    "mật khẩu:",
    "a.com/",
)

WORDS = sorted({word for texts in STORY.values() for word in texts.replace("=", "").replace(",", " ").split()})

# steps may grow a little faster than the text where a bound is not reached yet in the shorter one
FACTOR = 2.6


def steps(text: str) -> int:
    """Lines of Python run for a text."""
    count = 0

    def trace(_frame: FrameType, event: str, _arg: object) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        look(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("part", REPEATED)
def test_twice_the_text_is_twice_the_work(part: str) -> None:
    short = (part * 1000)[:1000]
    assert steps(short * 2) <= FACTOR * steps(short) + 2000


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=60, max_size=60))
def test_any_words_cost_no_more_than_so_many_steps_each(words: list[str]) -> None:
    look(" ".join(words))
    assert steps(" ".join(words)) <= 2000 * len(words)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_nothing_that_can_be_typed_is_a_fault(text: str) -> None:
    look(text)
