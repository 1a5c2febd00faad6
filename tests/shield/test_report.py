"""The lines of ``gocua shield``."""

import json

from bot.shield.kinds import KINDS, MARKS
from bot.shield.report import look, shield_lines


def read(*lines: str, conversation: bool = False) -> list[dict[str, object]]:
    return [json.loads(each) for each in shield_lines(lines, conversation=conversation)]


def test_a_line_has_its_spans_scam_and_links() -> None:
    (seen,) = read("họ gửi link vneid-gov.com kêu đọc mã 482913\n")
    assert seen == {
        "spans": [{"start": 37, "end": 43, "type": "otp"}],
        "scam": "report",
        "links": [{"host": "vneid-gov[.]com", "verdict": "not_listed", "start": 12, "end": 25}],
    }


def test_each_line_has_an_object_also_a_blank_one() -> None:
    assert read("", "xin chào", "") == [{"spans": [], "scam": None, "links": []}] * 3


def test_a_blank_line_ends_a_conversation() -> None:
    assert [each["spans"] for each in read("482", "", "913", conversation=True)] == [[], []]
    assert all(each["spans"] for each in read("482", "913", conversation=True))


def test_lines_of_a_long_conversation_keep_their_order() -> None:
    lines = [f"dòng {at}" for at in range(20)]
    assert len(read(*lines, conversation=True)) == 20


def test_a_copied_page_is_a_scam_told_of() -> None:
    assert look("vneid.gov.vn.top").scam == "report"
    assert look("facebook.com").scam is None
    assert look("vneid.gov.vn").scam is None


def test_every_kind_has_its_mark() -> None:
    assert set(MARKS) == set(KINDS)
    assert not any(char.isdecimal() for mark in MARKS.values() for char in mark)
