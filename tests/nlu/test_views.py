"""Views of a text and their n-grams."""

from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.grams import FOLDED, KEPT, MOST, between, within, words_of
from bot.nlu.views import Views, make_views
from tests.nlu.small import TEENCODE


def test_views_meet() -> None:
    assert make_views("Hoà khoá", {}) == make_views("hòa khóa", {})
    assert make_views("k dc", TEENCODE).folded == make_views("không được", TEENCODE).folded
    assert make_views("điiiiii thôiii", {}).folded == "di thoi"


def test_a_word_brings_its_characters_and_a_text_the_rest() -> None:
    assert words_of(Views("mã", "ma")) == (["mã"], ["ma"])
    assert within("o") == ["=o", " o", "o ", " o "]
    assert list(between(["mã"], ["ma"])) == ["~mã", "~^ mã", "~mã $", "=^ ma", "=ma $", "#1"]
    assert list(between([], [])) == ["~^ $", "=^ $", "#0"]


def test_a_long_text_has_no_more_words_than_are_looked_at() -> None:
    text = " ".join(f"t{index}" for index in range(3_000))
    assert [len(words) for words in words_of(Views(text, text))] == [MOST, MOST]


@given(st.text(max_size=80))
def test_marked_grams_are_never_taken_for_characters(text: str) -> None:
    kept, folded = words_of(make_views(text, TEENCODE))
    characters = {gram for word in folded for gram in within(word)[1:]}
    marked = {FOLDED + word for word in folded} | {KEPT + word for word in kept}
    assert not characters & marked
