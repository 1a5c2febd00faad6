"""Secrets said in pieces over several messages, and what must not be taken for one."""

import json

import pytest

from bot.shield.hiding import Hidden, hide
from bot.shield.recent import NOTHING_RECENT, Recent
from bot.shield.report import shield_lines
from tests.shield.sets import unmarked

SPLIT = [
    ("a code in halves", ["mã otp là", "⟦otp|482⟧", "⟦otp|913⟧"]),
    ("halves without a name", ["⟦otp|482⟧", "⟦otp|913⟧"]),
    ("an ID number in halves", ["⟦cccd|079153⟧", "⟦cccd|000123⟧"]),
    ("named before", ["số căn cước của má", "⟦cccd|079153⟧ nha", "còn lại ⟦cccd|000123⟧"]),
    ("digit by digit", ["⟦otp|4⟧", "⟦otp|8⟧", "⟦otp|2⟧", "⟦otp|9⟧", "⟦otp|1⟧"]),
    ("a named code, digit by digit", ["otp nè", "⟦otp|1⟧", "⟦otp|2⟧", "⟦otp|3⟧", "⟦otp|4⟧"]),
    ("a phone number", ["sđt của con", "⟦phone|0901⟧", "⟦phone|234⟧", "⟦phone|567⟧"]),
    ("a phone number without a name", ["⟦phone|0909⟧", "⟦phone|123⟧", "⟦phone|456⟧"]),
    ("an account with talk between", ["số tk", "⟦bank_account|0071⟧", "khoan", "⟦bank_account|000 123⟧"]),
    ("a card", ["⟦card|4532 0000⟧", "⟦card|0000⟧", "⟦card|1239⟧"]),
    ("spelled", ["otp", "⟦otp|bốn tám⟧", "⟦otp|hai chín⟧", "⟦otp|một ba⟧"]),
    ("with words around", ["3 số đầu là ⟦otp|482⟧", "3 số sau là ⟦otp|913⟧"]),
    ("the sign behind the card", ["cvv", "⟦cvv|123⟧"]),
    ("a password by itself", ["mật khẩu là", "⟦password|Hoamai@1953⟧"]),
    ("a password of digits", ["mật khẩu", "⟦password|123456⟧"]),
    ("an answer by itself", ["câu trả lời bảo mật là", "⟦security_answer|con mèo mun⟧"]),
]

HARMLESS = [
    ("buttons", ["1", "2", "1", "3"]),
    ("buttons after a question", ["không nhận được OTP", "2", "xong rồi", "1"]),
    ("age and ward", ["má tui 74 tuổi", "phường 14"]),
    ("hotlines", ["1022", "1900 0368"]),
    ("a button, a word, a button", ["12", "quay lại", "11"]),
    ("the code of a class", ["mã lớp", "482913"]),
    ("nothing to join", ["xin chào", "Bước 3/8", "bấm 2 lần"]),
]


@pytest.mark.parametrize("lines", [lines for _, lines in SPLIT], ids=[label for label, _ in SPLIT])
def test_pieces_are_joined(lines: list[str]) -> None:
    read = [unmarked(line) for line in lines]
    seen = [json.loads(each) for each in shield_lines((text for text, _ in read), conversation=True)]
    wanted = [[{"start": span.start, "end": span.end, "type": span.kind} for span in spans] for _, spans in read]
    assert [each["spans"] for each in seen] == wanted


@pytest.mark.parametrize("lines", [lines for _, lines in HARMLESS], ids=[label for label, _ in HARMLESS])
def test_other_numbers_are_not(lines: list[str]) -> None:
    assert [json.loads(each)["spans"] for each in shield_lines(lines, conversation=True)] == [[]] * len(lines)


def talk(*messages: tuple[float, str]) -> list[Hidden]:
    recent = NOTHING_RECENT
    said = []
    for at, text in messages:
        said.append(hide(text, recent, at=at))
        recent = said[-1].recent
    return said


def test_earlier_parts_are_told_of() -> None:
    last = talk((0.0, "482"), (30.0, "913"))[-1]
    assert [(part.back, part.span.start, part.span.end, part.span.kind) for part in last.earlier] == [(1, 0, 3, "otp")]
    assert last.text == "«mã OTP»"


def test_after_two_minutes_nothing_is_joined() -> None:
    assert talk((0.0, "482"), (121.0, "913"))[-1].spans == ()
    assert talk((0.0, "482"), (119.0, "913"))[-1].spans != ()


def test_the_sixth_message_is_not_joined() -> None:
    between = [(float(at), "chờ chút") for at in range(1, 5)]
    assert talk((0.0, "mã otp là"), *between[:3], (9.0, "1"), (10.0, "2"))[-1].spans == ()
    assert talk((0.0, "482"), *between, (9.0, "913"))[-1].spans == ()


def test_no_digit_is_remembered() -> None:
    said = talk((0.0, "mã otp là 48"), (1.0, "số căn cước 079153"), (2.0, "mật khẩu là Hoamai@1953"))
    assert not any(part in repr(said[-1].recent) for part in ("48", "079", "153", "Hoamai", "1953"))


def test_what_is_too_old_is_forgotten() -> None:
    assert Recent(*(3, talk((0.0, "482"))[-1].recent.pieces)).at(500.0).pieces == ()


def test_a_class_code_the_bot_asked_for_is_no_secret() -> None:
    assert hide("482913", class_code=True).spans == ()
    assert hide("mã otp 482913", class_code=True).spans != ()
    assert hide("482913").spans != ()
