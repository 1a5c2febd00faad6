"""Banks, phones, relatives, steps, classes and wards in what people type, and where they stand in it."""

import itertools
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.lookups import Bank
from bot.nlu.noise import bare
from tests.nlu.content import library, project_entities

NAMES = {"bank", "class_code", "phone_kind", "relation", "step_number", "ward"}
ENTITIES = project_entities()
LINES = Path(__file__).parent / "entities.tsv"

# "[má](relation=má) tui": what was typed, what it is, and its proper form
_MARKED = re.compile(r"\[([^\]]*)\]\((\w+)=([^)]*)\)")

Found = tuple[str, str, int, int]


def found(text: str) -> set[Found]:
    return {(each.name, each.value, each.start, each.end) for each in ENTITIES.find(text)}


def named(text: str) -> list[tuple[str, str]]:
    return [(each.name, each.value) for each in ENTITIES.find(text)]


def _lines() -> Iterator[tuple[str, set[Found]]]:
    for line in LINES.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        text, expected, at = "", set(), 0
        for mark in _MARKED.finditer(line):
            text += line[at : mark.start()]
            expected.add((mark[2], mark[3], len(text), len(text) + len(mark[1])))
            text, at = text + mark[1], mark.end()
        yield text + line[at:], expected


def test_names_are_found_as_people_type_them() -> None:
    lines = list(_lines())
    assert len(lines) >= 250
    assert {name for _, expected in lines for name, *_ in expected} == NAMES
    assert [text for text, expected in lines if found(text) != expected] == []


@pytest.mark.parametrize("bank", library().banks, ids=lambda bank: bank.name)
def test_every_bank_is_found_by_its_name(bank: Bank) -> None:
    for text in (
        f"tui có thẻ {bank.name} rồi",
        f"the {bank.name.lower()} cua toi",
        f"tài khoản {bank.name.upper()}",
    ):
        assert ("bank", bank.name) in named(text), text


@pytest.mark.parametrize(
    "text",
    [
        "con ơi bác hỏi cái này", "cô chú anh chị ơi", "chờ ba ngày rồi", "mã gửi ba lần", "ngoại hỏi con chút",
        "mấy nước đông nam á", "đi lính trong quân đội", "bàn phím không hiện", "momo được không",
        "bắt buộc 2 cái", "buộc 2 cái lại", "con ơi số của má sao không nhận được",
        "qua bước sau", "tới đây là bó tay", "quên mã vô app", "bà con khu phố đông lắm",
        "nhà có ba người", "học lớp 5 rồi", "viết bài văn", "xong rồi", "",
    ],
)  # fmt: skip
def test_what_names_nothing_has_no_entities(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [("bước 3", "3"), ("buoc 3/8", "3"), ("bước ba", "3"), ("bước thứ hai", "2"), ("bước mười", "10"), ("BƯỚC 03", "3"),
     ("bước đầu tiên", "1")],
)  # fmt: skip
def test_steps_are_numbers(text: str, value: str) -> None:
    assert named(text) == [("step_number", value)]


@pytest.mark.parametrize("text", ["lớp 482913", "mã lớp là 482 913", "ma lop hoc 48 29 13", "LỚP 4 8 2 9 1 3"])
def test_the_code_of_a_class_is_six_digits(text: str) -> None:
    (entity,) = ENTITIES.find(text)
    assert (entity.name, entity.value) == ("class_code", "482913")
    assert "".join(char for char in text[entity.start : entity.end] if char.isdecimal()) == "482913"


@pytest.mark.parametrize("text", ["lớp 48291", "lớp 4829131", "482913", "otp 482913"])
def test_other_digits_are_no_class(text: str) -> None:
    assert "class_code" not in [name for name, _ in named(text)]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_places_count_the_characters_that_were_typed(form: Literal["NFC", "NFD"]) -> None:
    text = unicodedata.normalize(form, "Dạ 😀 má tui ở phường Xuân Hòa")
    spans = [unicodedata.normalize("NFC", text[each.start : each.end]) for each in ENTITIES.find(text)]
    assert spans == ["má", "phường Xuân Hòa"]


@given(st.text(max_size=80))
def test_any_text_is_read_and_entities_lie_inside_it(text: str) -> None:
    entities = ENTITIES.find(text)
    assert all(0 <= each.start < each.end <= len(text) and each.value for each in entities)
    assert all(one.end <= other.start for one, other in itertools.pairwise(entities))


@pytest.mark.parametrize("text", ["a" * 100_000, "má " * 40_000, "bước " * 20_000, "\u200b" * 100_000, "vcb" * 30_000])
def test_any_length_is_read(text: str) -> None:
    assert isinstance(ENTITIES.find(text), tuple)


def test_marks_may_be_missing() -> None:
    text = bare("bà ngoại tui ở quận Bình Thạnh xài cục gạch, bước 4, Vietcombank")
    assert named(text) == [
        ("relation", "bà ngoại"),
        ("ward", "Quận Bình Thạnh"),
        ("phone_kind", "keypad"),
        ("step_number", "4"),
        ("bank", "Vietcombank"),
    ]
