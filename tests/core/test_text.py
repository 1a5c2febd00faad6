"""Vietnamese text in one form, and without its marks."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.text import fold, normal


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Xong rồi", "xong roi", id="marks and capitals"),
        pytest.param("ĐỒNG Ý đi", "dong y di", id="đ, large and small"),
        pytest.param("ðong", "ðong", id="eth is no đ"),
        pytest.param(unicodedata.normalize("NFD", "Chưa được"), "chua duoc", id="loose marks"),
        pytest.param("xong rô\u0300i", "xong roi", id="half loose marks"),
        pytest.param("Đúng rồi, XONG!!!", "dung roi xong", id="punctuation"),
        pytest.param("k·đc / ko-được", "k dc ko duoc", id="other punctuation"),
        pytest.param("số １２", "so 12", id="full-width digits"),
        pytest.param("ＸＯＮＧ", "xong", id="full-width letters"),
        pytest.param("𝐋ừ𝐚 𝗗ả𝗢", "lua dao", id="letters of mathematics"),
        pytest.param("xo\u200bng\u200d rồi\ufeff", "xong roi", id="zero width"),
        pytest.param("xo\u00adng", "xong", id="a soft hyphen"),
        pytest.param("  xong \t\n\u00a0 rồi ", "xong roi", id="white space"),
        pytest.param("xong 👍🏽❤️", "xong", id="emoji"),
        pytest.param("ѕоs", "ѕоs", id="Cyrillic letters stay what they are"),
        pytest.param("①", "1", id="a digit in a ring"),
        pytest.param("x²", "x2", id="a digit above"),
        pytest.param("", "", id="nothing"),
        pytest.param("?!… —", "", id="marks only"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "same"),
    [
        pytest.param(unicodedata.normalize("NFD", "Đã kích hoạt rồi"), "Đã kích hoạt rồi", id="loose marks"),
        pytest.param("  a \t b\n\nc ", "a b c", id="white space"),
        pytest.param("a\x00b\x07c", "a b c", id="control characters part words"),
        pytest.param("a\u200bb\u202ec\ufeff", "abc", id="invisible characters go"),
        pytest.param("a\ud800b", "ab", id="half a character goes"),
        pytest.param("a\ue000b", "ab", id="private characters go"),
        pytest.param("Giữ hoa, dấu, 👍!", "Giữ hoa, dấu, 👍!", id="the rest stays"),
        pytest.param("\n\u200b", "", id="nothing left"),
    ],
)
def test_normal(text: str, same: str) -> None:
    assert normal(text) == same


@given(st.text(max_size=200))
def test_both_forms_are_stable(text: str) -> None:
    assert normal(normal(text)) == normal(text)
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặỳýỷỹỵ 0123456789", max_size=60))
def test_with_and_without_marks_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text).upper()) == fold(text)
    assert fold(text).isascii()
