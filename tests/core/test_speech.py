"""What a voice says: a table of what stands in our texts, and any text at all."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.speech import number_in_words, spoken, spoken_choices

VIETNAMESE = [
    ("a hotline in groups", "gọi 1900 0368 nha", "gọi một chín không không, không ba sáu tám nha"),
    ("a hotline with a point", "gọi 1900.0368.", "gọi một chín không không, không ba sáu tám."),
    ("a hotline without a gap", "gọi 19000368", "gọi một chín không không, không ba sáu tám"),
    ("short hotlines", "gọi 1022, gấp thì 113", "gọi một không hai hai, gấp thì một một ba"),
    ("a phone number", "số 0912 345 678", "số không chín một hai, ba bốn năm, sáu bảy tám"),
    ("a step", "Bước 3/8: Gõ mã", "Bước ba trên tám: Gõ mã"),
    ("the last step of many", "Bước 10/12", "Bước mười trên mười hai"),
    ("a date", "từ 1/7/2025", "từ một tháng bảy năm hai ngàn không trăm hai mươi lăm"),
    ("a month", "hồi tháng 8/2025", "hồi tháng tám năm hai ngàn không trăm hai mươi lăm"),
    ("a month alone", "(12/2024)", ", tháng mười hai năm hai ngàn không trăm hai mươi bốn,"),
    ("a day", "ngày 2/9 nghỉ", "ngày hai tháng chín nghỉ"),
    ("an hour", "8:30 sáng, 7h tối, 9 giờ 05", "tám giờ ba mươi sáng, bảy giờ tối, chín giờ năm"),
    ("an hour in words stays", "7 giờ tới 9 giờ tối", "bảy giờ tới chín giờ tối"),
    ("money", "phí 10.000 đồng, 100.000đ", "phí mười ngàn đồng, một trăm ngàn đồng"),
    ("a percentage", "được 95% và 2,5 %", "được chín mươi lăm phần trăm và hai phẩy năm phần trăm"),
    ("a range", "3–5 ngày", "ba tới năm ngày"),
    ("ages and counts", "15 tuổi, 12 số, 21 người", "mười lăm tuổi, mười hai số, hai mươi mốt người"),
    ("quotes are not heard", 'bấm "Gửi yêu cầu" nha', "bấm Gửi yêu cầu nha"),
    ("brackets are a breath", "trang VNeID (miễn phí) nha", "trang vi nê ai đi, miễn phí, nha"),
    ("words of the screen", "OTP, passcode, CH Play, App Store", "ô tê pê, pát-cốt, xê hát plây, áp sờ-to"),
    ("whatever the case", "Passcode của app", "pát-cốt của áp"),
    ("not inside a word", "happy web-site", "happy quép-site"),
    ("explained once", "ghi là passcode, đọc là pát-cốt.", "ghi là pát-cốt."),
    ("a place with a point", "Công dân số TP.HCM.", "Công dân số Thành phố Hồ Chí Minh."),
    ("an address", "vô vneid.gov.vn nha", "vô vi nê ai đi chấm gờ o vê chấm vê en nha"),
    ("or", "anh/chị hay cô/chú", "anh chị hay cô chú"),
    ("lines", "Dạ nghe nè\nMột việc thôi", "Dạ nghe nè. Một việc thôi"),
    ("dots", "Chờ một chút nha…", "Chờ một chút nha."),
    ("a code that begins with zero", "mức độ 02", "mức độ không hai"),
    ("nothing", "", ""),
]  # fmt: skip

ENGLISH = [
    ("a hotline", "call 1900 0368", "call one nine zero zero, zero three six eight"),
    ("a step", "Step 3/8: Type the OTP", "Step 3 of 8: Type the O T P"),
    ("the app", 'press "Cài đặt" in VNeID', "press Cài đặt in V N E I D"),
    ("an address", "open vneid.gov.vn", "open V N E I D dot gov dot vn"),
    ("numbers are left to the voice", "12 digits, 3 minutes", "12 digits, 3 minutes"),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in VIETNAMESE], ids=[case[0] for case in VIETNAMESE])
def test_spoken(text: str, expected: str) -> None:
    assert spoken(text) == expected


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in ENGLISH], ids=[case[0] for case in ENGLISH])
def test_spoken_in_english(text: str, expected: str) -> None:
    assert spoken(text, "en") == expected


def test_choices_are_told_with_their_numbers() -> None:
    assert spoken_choices(["Xong rồi", "Cài app."]) == "Bấm số một: Xong rồi. Bấm số hai: Cài áp."
    assert spoken_choices(["Done"], "en") == "Press 1: Done."


NUMBERS = [
    (0, "không"), (5, "năm"), (10, "mười"), (11, "mười một"), (15, "mười lăm"), (20, "hai mươi"), (25, "hai mươi lăm"),
    (101, "một trăm lẻ một"), (110, "một trăm mười"), (168, "một trăm sáu mươi tám"), (1000, "một ngàn"),
    (1005, "một ngàn không trăm lẻ năm"), (10_500, "mười ngàn năm trăm"), (1_000_000, "một triệu"),
    (2_000_000_000, "hai tỷ"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "expected"), NUMBERS)
def test_numbers(number: int, expected: str) -> None:
    assert number_in_words(number) == expected


@given(st.text(max_size=200))
def test_any_text_has_a_spoken_form_and_no_digits_stand_alone_in_it(text: str) -> None:
    for language in ("", "en"):
        assert spoken(text, language) == spoken(text, language)
    assert not re.search(r"(?<![\w.,/:%-])[0-9]{1,12}(?![\w.,/:%-])", spoken(text))


@given(st.from_regex(r"1[89]00 [0-9]{4}", fullmatch=True))
def test_every_hotline_is_heard_digit_by_digit(number: str) -> None:
    assert len(spoken(f"gọi {number}").replace(",", "").split()) == 1 + 8
