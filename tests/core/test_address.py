"""Forms of address: who is called what, and whom someone helps."""

import pytest

from bot.core.address import CALLED, DEFAULT, HELPED, PLACEHOLDERS, SELVES, forms
from bot.core.conditions import SLOTS

PAIRS = [
    ("", "", "anh/chị", "em"),
    ("anh_chi", "", "anh/chị", "em"),
    ("anh", "", "anh", "em"),
    ("chi", "", "chị", "em"),
    ("co_chu", "", "cô/chú", "con"),
    ("co", "", "cô", "con"),
    ("chu", "", "chú", "con"),
    ("di", "", "dì", "con"),
    ("bac", "", "bác", "con"),
    ("ong", "", "ông", "con"),
    ("ba", "", "bà", "con"),
    ("em", "", "em", "mình"),
    ("co", "chau", "cô", "cháu"),
    ("co", "em", "cô", "em"),
    ("anh", "con", "anh", "con"),
    ("vua", "trẫm", "anh/chị", "em"),
]


@pytest.mark.parametrize(("called", "self_word", "you", "me"), PAIRS)
def test_the_pair(called: str, self_word: str, you: str, me: str) -> None:
    values = forms(called, self_word)
    assert (values["anh_chi"], values["em"]) == (you, me)


def test_every_pair_has_been_looked_at() -> None:
    assert set(CALLED) <= {called for called, *_ in PAIRS}


@pytest.mark.parametrize(
    ("helped", "spoken_of"),
    [
        ("", "người nhà"), ("ma", "má"), ("ba", "ba"), ("ong", "ông"), ("ba_ngoai_noi", "bà"), ("ba_ma", "ba má"),
        ("ba_con", "cô bác"), ("nguoi_nha", "người nhà"), ("ai_do", "người nhà"),
    ],
)  # fmt: skip
def test_the_person_helped(helped: str, spoken_of: str) -> None:
    assert forms(helped=helped)["nguoi_nha"] == spoken_of


def test_capitals_begin_sentences() -> None:
    values = forms("ong", "chau", "ma")
    assert [values[name] for name in ("Anh_chi", "Em", "Nguoi_nha")] == ["Ông", "Cháu", "Má"]


def test_the_forms_cannot_be_changed_by_accident() -> None:
    with pytest.raises(TypeError):
        forms()["em"] = "tao"  # type: ignore[index]


def test_the_words_texts_may_hold() -> None:
    assert sorted(PLACEHOLDERS) == ["Anh_chi", "Em", "Nguoi_nha", "anh_chi", "don_vi", "em", "nguoi_nha"]


def test_what_a_chat_remembers_is_what_forms_know() -> None:
    assert SLOTS["called"] == ("", *CALLED)
    assert SLOTS["self_word"] == ("", *SELVES)
    assert SLOTS["person"] == ("", *HELPED)
    assert DEFAULT in CALLED
