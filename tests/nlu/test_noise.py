"""Noise is of the kind it says, repeatable, and leaves a text a text."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import fold
from bot.nlu.noise import VIEWS, bare, short_forms, slip
from tests.nlu.small import TEENCODE

FORMS = short_forms(TEENCODE)
LINE = "Tôi quên mật khẩu nên không đăng nhập được nữa con ơi"


def chance() -> random.Random:
    return random.Random(1)  # noqa: S311 - repeatable


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_is_repeatable_and_not_the_line(name: str) -> None:
    view = VIEWS[name]
    assert view(LINE, chance(), FORMS) == view(LINE, chance(), FORMS) != LINE
    assert view("", chance(), FORMS) == ""


def test_bare_is_what_folding_reads() -> None:
    assert bare("Đừng đọc mã OTP!") == "Dung doc ma OTP!"


def test_short_forms_stand_for_what_they_shorten() -> None:
    typed = {VIEWS["teencode"](LINE, random.Random(seed), FORMS) for seed in range(20)}  # noqa: S311
    assert any("mk" in text.split() for text in typed)
    for text in typed:
        assert " ".join(TEENCODE.get(word, word) for word in fold(text).split()) == fold(LINE)


@given(st.text(max_size=100), st.integers())
def test_a_slip_keeps_the_number_of_words(text: str, seed: int) -> None:
    assert len(slip(text, random.Random(seed), FORMS).split()) == len(text.split())  # noqa: S311
