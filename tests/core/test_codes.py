"""Codes are read as people type them, and nothing else is one."""

import random
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.codes import DIGITS, LETTERS, draw, find_code, spaced

codes = st.integers(0, 10**9).map(lambda seed: draw(random.Random(seed).choice))  # noqa: S311 - not for use


@given(codes)
def test_a_code_is_two_groups_of_two_letters_and_a_digit(code: str) -> None:
    assert re.fullmatch(rf"[{LETTERS}{DIGITS}]{{6}}", code)
    assert [sum(letter in DIGITS for letter in group) for group in (code[:3], code[3:])] == [1, 1]
    assert not re.search(r"(.)\1", code)


@given(
    codes,
    st.sampled_from(["{}", "mã {}", "dạ chữ hẹn là {} nha", "Chữ hẹn: {}.", "con gõ {}", "{} nè", "the word is {}"]),
    st.sampled_from(["", " ", "-", " - ", ".", "\u00a0", "  "]),
    st.booleans(),
    st.booleans(),
)
def test_a_code_is_found_however_it_is_typed(code: str, around: str, gap: str, lower: bool, apart: bool) -> None:
    written = " ".join(code) if apart else f"{code[:3]}{gap}{code[3:]}"
    assert find_code(around.format(written.lower() if lower else written)) == code


@given(codes)
def test_what_looks_or_sounds_like_another_letter_is_taken_for_it(code: str) -> None:
    mistaken = code.translate(str.maketrans("MQV5", "N0US"))
    if any(letter.isdigit() and letter != "0" for letter in mistaken):
        assert find_code(mistaken) == code
    assert find_code(unicodedata.normalize("NFKD", spaced(code))) == code
    wide = "".join(chr(ord(letter) + 0xFEE0) for letter in code)
    assert find_code(wide) == code


@pytest.mark.parametrize(
    "text",
    [
        "", "xong", "đồng ý", "123456", "452 118", "lớp 452118", "TP.HCM", "tphcm2", "bước 3/8", "má đây", "CM4 7PQQ",
        "CM4", "cc cc12", "CMM 44P", "1900 0368", "bun cho", "buc bun", "vneid mức 2", "CM4 7PQ nhờ chị coi giùm",
    ],
)  # fmt: skip
def test_what_is_no_code_is_none(text: str) -> None:
    assert find_code(text) == ""


@given(st.text(max_size=200))
def test_no_text_is_too_odd(text: str) -> None:
    code = find_code(text)
    assert code == "" or find_code(spaced(code)) == code
