"""Plain words and the model together, at a place."""

from dataclasses import replace

import pytest

from bot.core.meaning import Entity, Meaning
from bot.nlu.model import Ranked
from bot.nlu.plain_words import PlainWords, Words
from bot.nlu.understanding import Understanding, decide, lean
from tests.nlu.small import small_model

PLAIN = PlainWords(
    {
        "scam_report": Words(within=("đọc mã otp",)),
        "done": Words(whole=("xong",)),
        "stuck": Words(within=("không được",)),
    }
)


def test_plain_words_answer_where_there_is_no_model() -> None:
    assert Understanding(PLAIN).understand("làm không được").intent == "stuck"
    assert Understanding(PLAIN).understand("quên mật khẩu").intent == ""


def test_the_model_overrules_a_phrase_but_not_a_whole_word_nor_safety() -> None:
    both = Understanding(PLAIN, small_model())
    assert both.understand("không nhận được mã otp").intent == "faq/otp_missing"
    assert both.understand("xong").intent == "done"
    assert both.understand("có người kêu đọc mã otp").intent == "scam_report"


def test_two_likely_guesses_are_asked_about() -> None:
    meaning = Understanding(PLAIN, replace(small_model(), sharpness=0.01)).understand("mã otp")
    assert (meaning.intent, len(meaning.guesses)) == ("", 2)


PHRASE = Meaning("stuck", 1.0)
CALLED = Meaning(entities=(Entity("self_word", "con"),))


@pytest.mark.parametrize(
    ("plain", "shares", "intent", "guesses"),
    [
        (PHRASE, (0.6, 0.1), "a", ()),
        (PHRASE, (0.4, 0.1), "", ("a", "b")),
        (PHRASE, (0.3, 0.1), "stuck", ()),
        (replace(PHRASE, intent="a"), (0.4, 0.1), "a", ()),
        (Meaning(), (0.3, 0.1), "", ("a", "b")),
        (Meaning(), (0.1, 0.1), "", ()),
        (CALLED, (0.1, 0.1), "", ()),
        (PHRASE, (), "stuck", ()),
    ],
    ids=[
        "the model is sure", "not sure enough to act, not doubtful", "doubtful, so the phrase", "both say the same",
        "two guesses", "no idea", "no idea, a form of address", "no ranking",
    ],
)  # fmt: skip
def test_who_decides(plain: Meaning, shares: tuple[float, ...], intent: str, guesses: tuple[str, ...]) -> None:
    ranking = [Ranked(name, share) for name, share in zip("ab", shares, strict=False)]
    meaning = decide(plain, ranking)
    assert (meaning.intent, meaning.guesses) == (intent, guesses)
    assert meaning.entities == plain.entities


def test_the_place_decides_between_answers() -> None:
    ranking = [Ranked("yes", 0.4), Ranked("done", 0.35), Ranked("faq/cost", 0.25)]
    assert lean(ranking, "step")[0].intent == "done"
    assert lean(ranking, "question")[0].intent == "yes"
    assert lean(ranking, "") == ranking
    assert sum(each.confidence for each in lean(ranking, "step")) == pytest.approx(1)


def test_a_phrase_of_the_table_is_never_out_of_scope() -> None:
    assert decide(PHRASE, [Ranked("out_of_scope", 0.9)]) == PHRASE


def test_what_no_training_line_tells_of_is_left_to_the_table() -> None:
    words = PlainWords({"elder_here": Words(within=("để má bấm",))})
    assert Understanding(words, small_model()).understand("mã otp đâu để má bấm").intent == "elder_here"
