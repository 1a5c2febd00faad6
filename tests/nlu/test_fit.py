"""Fitting: the same lines give the same model, and what cannot be learnt from is told."""

import pytest

from bot.nlu.archive import model_files
from bot.nlu.fit import Example, FitError, copies, fit
from bot.nlu.model import OUT_OF_SCOPE
from tests.nlu.small import EXAMPLES, LINES, TEENCODE, small_model

OUTSIDE = ["mai có mưa không", "giá vàng hôm nay", "kể chuyện cười đi", "tối nay ăn gì", "đội nào thắng trận tối qua"]


def test_the_same_lines_give_the_same_model() -> None:
    assert model_files(fit(EXAMPLES, TEENCODE)) == model_files(small_model())


def test_each_line_is_learnt_without_marks_and_with_slips_too() -> None:
    texts = {line.text for line in copies([Example("được rồi nha", "done")], TEENCODE)}
    assert {"được rồi nha", "duoc roi nha"} <= texts
    assert copies(EXAMPLES, TEENCODE) == copies(EXAMPLES, TEENCODE)


@pytest.mark.parametrize(
    "examples", [[], [Example("xong", "done")], [Example("xong", "done"), Example("rồi", "done")]], ids=len
)
def test_one_intent_teaches_nothing(examples: list[Example]) -> None:
    with pytest.raises(FitError, match="ít nhất hai ý định"):
        fit(examples, {})


@pytest.mark.parametrize("repeat", [1, 40])
def test_labels_may_be_any_words_and_few_or_many(repeat: int) -> None:
    lines = [("tôi muốn đặt vé máy bay", "đặt vé"), ("cho xin lịch bay", "giờ bay"), ("bay mấy giờ", "giờ bay")]
    model = fit([Example(text + " nhé" * index, label) for text, label in lines for index in range(repeat)], {})
    assert sorted(model.intents) == ["giờ bay", "đặt vé"]
    assert model.rank("dat ve may bay")[0].intent == "đặt vé"


def test_a_label_with_one_line_among_many_is_learnt_too() -> None:
    many = [Example(f"{text} {index}", "faq/cost") for text in LINES["faq/cost"] for index in range(30)]
    model = fit([*many, Example("quên mật khẩu", "faq/forgot_password"), Example("otp đâu", "faq/otp_missing")], {})
    assert model.rank("quên mật khẩu")[0].intent == "faq/forgot_password"


def test_too_few_lines_move_nothing_out_of_scope() -> None:
    model = fit([*EXAMPLES, *(Example(text, OUT_OF_SCOPE) for text in OUTSIDE)], TEENCODE)
    assert model.rank("quên mật khẩu")[0].intent == "faq/forgot_password"
    assert model.rank("mai mưa không ta")[0].intent == OUT_OF_SCOPE
