"""Pages of elder mode: where texts are parted, what shares a page, and that nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import limits
from bot.core.paging import paged, parted
from bot.core.replies import Button, Offer, Page, Reply, Say, Show, StepNumber

MOST = 30
STEP = StepNumber(3, 8, "Mở app")


def texts(pages: tuple[Page, ...]) -> list[list[str]]:
    return [[each.text if isinstance(each, Say) else each.picture for each in page] for page in pages]


CUTS = [
    ("short enough", "Dạ cô mở máy nha.", ["Dạ cô mở máy nha."]),
    ("behind a sentence", "Dạ cô mở máy. Rồi cô bấm nút màu xanh.", ["Dạ cô mở máy.", "Rồi cô bấm nút màu xanh."]),
    ("a line stays a line", "Chữ: HM2 M3H\nĐưa nó cho má. Xài một lần.",
     ["Chữ: HM2 M3H\nĐưa nó cho má.", "Xài một lần."]),
    ("at a line", "Dạ cô mở máy nha\nRồi cô bấm nút xanh", ["Dạ cô mở máy nha", "Rồi cô bấm nút xanh"]),
    ("behind a closing quote", "Cô bấm \"Xong.\" Rồi chờ máy một chút.", ["Cô bấm \"Xong.\"", "Rồi chờ máy một chút."]),
    ("a long sentence at its commas", "Dạ cô mở máy lên, tìm chữ VNeID, rồi bấm vô đó.",
     ["Dạ cô mở máy lên,", "tìm chữ VNeID, rồi bấm vô đó."]),
    ("without commas between words", "một hai ba bốn năm sáu bảy tám chín mười",
     ["một hai ba bốn năm sáu bảy tám", "chín mười"]),
    ("a word nobody takes in", "a" * 70, ["a" * 30, "a" * 30, "a" * 10]),
    ("not inside a number", "Dạ cô gọi số 1900.0368 hay 1022 nha.", ["Dạ cô gọi số 1900.0368 hay", "1022 nha."]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in CUTS], ids=[case[0] for case in CUTS])
def test_where_a_text_is_parted(text: str, expected: list[str]) -> None:
    assert parted(text, MOST) == expected


def test_the_heading_stands_on_the_first_page_and_the_picture_on_the_last() -> None:
    said = (Say("Dạ cô mở máy lên nha. Cô bấm nút màu xanh.", step=STEP), Show("nut_xanh"), Offer(()))
    first, second = paged(said, MOST)
    assert first == (Say("Dạ cô mở máy lên nha.", step=STEP),)
    assert second == (Say("Cô bấm nút màu xanh."), Show("nut_xanh"))


def test_forms_of_address_count_as_they_are_said_and_who_runs_it_is_left_to_the_renderer() -> None:
    said = Say("{Anh_chi} chờ nha. Máy do {don_vi} lo.", {"Anh_chi": "Cô"})
    assert texts(paged((said,), 200)) == [["Cô chờ nha. Máy do {don_vi} lo."]]


def test_short_texts_share_a_page_and_a_few_words_take_none() -> None:
    assert texts(paged((Say("Dạ."), Say("x" * MOST)), MOST)) == [["Dạ.", "x" * MOST]]
    assert texts(paged((Say("a" * 100), Say("b" * 90)), 160)) == [["a" * 100], ["b" * 90]]
    assert texts(paged((Say("a" * 80), Say("b" * 80)), 160)) == [["a" * 80, "b" * 80]]


def test_words_for_reading_aloud_are_parted_where_they_have_the_same_sentences() -> None:
    said = Say("Gọi số 1900 0368 nha cô. Người ta trả lời.", speech="Gọi một chín không không. Người ta trả lời.")
    assert [page[0].speech for page in paged((said,), MOST) if isinstance(page[0], Say)] == [
        "Gọi một chín không không.",
        "Người ta trả lời.",
    ]
    other = Say("Gọi số 1900 0368 nha cô. Người ta trả lời.", speech="Gọi đi.")
    assert [page[0].speech for page in paged((other,), MOST) if isinstance(page[0], Say)] == ["", ""]


def test_what_may_not_tell_progress_does_not_in_any_part_of_it() -> None:
    telling = Say("Mình làm việc này tới bước {so}. Giờ mình làm tiếp nha.", {"so": "3"}, discreet="Làm tiếp nha.")
    assert [say.discreet for page in paged((telling,), MOST) for say in page if isinstance(say, Say)] == [
        "Làm tiếp nha.",
        "Làm tiếp nha.",
    ]


_said = st.lists(
    st.one_of(
        st.builds(Say, st.text(st.characters(exclude_characters="{}", exclude_categories=["Cs"]), max_size=400)),
        st.builds(Show, st.just("hinh")),
        st.just(Offer((Button("a/b", "Xong"),))),
    ),
    max_size=6,
)


@given(_said)
def test_nothing_is_lost_and_every_page_is_short(said: list[Reply]) -> None:
    pages = paged(said, limits.INSTRUCTION)
    before = "".join("".join(each.text.split()) for each in said if isinstance(each, Say))
    after = "".join("".join(each.text.split()) for page in pages for each in page if isinstance(each, Say))
    assert after == before
    assert sum(isinstance(each, Show) for page in pages for each in page) == sum(isinstance(e, Show) for e in said)
    assert len(pages) <= limits.PAGES
    for page in pages[: limits.PAGES - 1]:
        lengths = [len(each.text) for each in page if isinstance(each, Say)]
        assert sum(length for length in lengths if length > limits.ASIDE) <= limits.INSTRUCTION
