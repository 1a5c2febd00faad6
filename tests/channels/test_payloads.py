"""Buttons carry payloads nobody can make up, for one person, for a week."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messages import ContactKey
from bot.channels.payloads import OLD, Payloads, find

TODAY = dt.date(2026, 11, 21)
CO_BA = ContactKey("telegram", "5200000001")
PAYLOADS = Payloads(b"k" * 32)
BUTTONS = ("vneid_muc_2.otp/xong-roi", "vneid_muc_2.otp/chua-duoc", "vneid_muc_2.otp?/khac")


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("days", [0, 1, 7])
def test_a_press_is_found_among_the_buttons_that_stand_there(button: str, days: int) -> None:
    payload = PAYLOADS.sign(CO_BA, button, TODAY)
    pressed = PAYLOADS.read(CO_BA, payload, TODAY + dt.timedelta(days=days))
    assert pressed is not None
    assert find(pressed, BUTTONS) == button


def test_a_payload_fits_every_platform_and_tells_nothing() -> None:
    payload = PAYLOADS.sign(CO_BA, "d" * 500, TODAY)
    assert (len(payload), payload.isascii()) == (30, True)
    assert PAYLOADS.sign(CO_BA, BUTTONS[0], TODAY) == "s:0aaxdWgXCds1qfUt2VqqaSzEQDUc"


@pytest.mark.parametrize(
    ("contact", "day"),
    [
        pytest.param(CO_BA, TODAY + dt.timedelta(days=8), id="expired"),
        pytest.param(ContactKey("telegram", "5200000002"), TODAY, id="somebody else's"),
        pytest.param(ContactKey("zalo_oa", CO_BA.user), TODAY, id="another channel's"),
        pytest.param(ContactKey("tele", "gram5200000001"), TODAY, id="the same letters, parted elsewhere"),
    ],
)
def test_what_is_not_theirs_or_too_old_is_an_old_button(contact: ContactKey, day: dt.date) -> None:
    payload = PAYLOADS.sign(CO_BA, BUTTONS[0], TODAY)
    assert PAYLOADS.read(contact, payload, day) == OLD
    assert find(OLD, BUTTONS) is None


def test_another_key_signs_otherwise() -> None:
    assert PAYLOADS.read(CO_BA, Payloads(b"x" * 32).sign(CO_BA, BUTTONS[0], TODAY), TODAY) == OLD
    with pytest.raises(ValueError, match="32 bytes"):
        Payloads(b"short")


def test_a_button_of_another_place_is_not_found() -> None:
    pressed = PAYLOADS.read(CO_BA, PAYLOADS.sign(CO_BA, BUTTONS[0], TODAY), TODAY)
    assert pressed is not None
    assert find(pressed, ["vneid_muc_2.mo_app/xong-roi"]) is None


@pytest.mark.parametrize("text", ["xong", "s", "S:abc", " s:", "s: tôi bị lừa", "s:ă", "số 1", ""])
def test_what_people_write_is_no_button(text: str) -> None:
    assert PAYLOADS.read(CO_BA, text, TODAY) is None


@given(st.from_regex(r"s:[A-Za-z0-9_-]{0,60}", fullmatch=True))
def test_nobody_can_make_one_up(text: str) -> None:
    assert PAYLOADS.read(CO_BA, text, TODAY) == OLD


@given(st.text(max_size=40))
def test_no_text_is_found_among_the_buttons(text: str) -> None:
    pressed = PAYLOADS.read(CO_BA, text, TODAY)
    assert pressed in (None, OLD)


@given(st.integers(2, 29), st.integers(1, 63))
def test_one_changed_letter_breaks_it(at: int, shift: int) -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    payload = PAYLOADS.sign(CO_BA, BUTTONS[0], TODAY)
    other = alphabet[(alphabet.index(payload[at]) + shift) % 64]
    assert PAYLOADS.read(CO_BA, payload[:at] + other + payload[at + 1 :], TODAY) == OLD
