"""The classifier as it serves: any writing is understood, nothing that is typed breaks it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.model import Vocabulary, softmax
from bot.nlu.views import Views
from tests.nlu.small import small_model


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("không nhận được mã OTP", "faq/otp_missing"),
        ("k nhan dc ma otp", "faq/otp_missing"),
        ("khong nhan duoc maotp", "faq/otp_missing"),
        ("quen mk r", "faq/forgot_password"),
        ("Quên mật khảu rồi con ơi", "faq/forgot_password"),
        ("co mat phi khong vay", "faq/cost"),
    ],
)
def test_a_few_lines_are_understood_in_any_writing(text: str, intent: str) -> None:
    assert small_model().rank(text)[0].intent == intent


def test_a_ranking_adds_up_to_one_and_is_sorted() -> None:
    ranking = small_model().rank("mã otp tốn tiền không")
    assert sum(each.confidence for each in ranking) == pytest.approx(1, abs=1e-5)
    assert [each.confidence for each in ranking] == sorted((each.confidence for each in ranking), reverse=True)
    assert small_model().rank("mã otp tốn tiền không", most=1) == ranking[:1]


@pytest.mark.parametrize(
    "text",
    ["", "   ", "😀", "\u200b" * 50, "a" * 100_000, "otp " * 25_000, "\u0301" * 5_000, "Привет", "½", "\0", "\ud800"],
)
def test_strange_text_gets_a_ranking_and_no_error(text: str) -> None:
    assert len(small_model().rank(text)) == 3


@settings(max_examples=200)
@given(st.text(max_size=300))
def test_any_text_gets_an_honest_ranking(text: str) -> None:
    ranking = small_model().rank(text)
    assert sum(each.confidence for each in ranking) == pytest.approx(1, abs=1e-4)
    assert ranking == small_model().rank(text)


def test_what_follows_the_part_that_is_read_changes_nothing() -> None:
    begun = "quên mật khẩu " * 300
    assert small_model().rank(begun + "otp " * 20_000) == small_model().rank(begun)


def test_rows_come_once_and_in_order() -> None:
    vocabulary = Vocabulary({"=ma": 3, " m": 1, "~ma": 0, "#2": 2, "~otp": 4})
    assert vocabulary.find(Views("ma ma", "ma ma")).tolist() == [0, 1, 2, 3]
    assert vocabulary.find(Views("", "")).tolist() == []


def test_shares_are_shares() -> None:
    assert softmax(np.array([1000.0, 1000.0], dtype=np.float32)).tolist() == [0.5, 0.5]
