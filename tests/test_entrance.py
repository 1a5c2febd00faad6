"""Nothing passes the entrance unhidden, and what the shield saw goes along."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messages import ContactKey, Incoming
from bot.entrance import UNREAD, Entrance
from bot.shield.kinds import LONGEST

CO_BA = ContactKey("test", "co_ba")
CHU_TU = ContactKey("test", "chu_tu")


class Seconds:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.passed = 0.0

    def __call__(self) -> float:
        return self.passed


def hidden(entrance: Entrance, text: str, contact: ContactKey = CO_BA) -> Incoming:
    return entrance.hide(Incoming(contact, text=text))


@pytest.fixture
def entrance() -> Entrance:
    return Entrance(Seconds())


@pytest.mark.parametrize(
    ("text", "kinds", "scam", "strange_link"),
    [
        ("bấm hoài hổng được", (), "", False),
        ("mã otp của tui là 482913", ("otp",), "", False),
        ("sdt tui 0909 123 456 nghen", ("phone",), "", False),
        ("công an gọi kêu đọc mã otp 482913", ("otp",), "report", False),
        ("vô trang nhanqua.top được hông", (), "", True),
        ("vô trang vneid.gov.vn hả", (), "", False),
        ("gọi 1900 0368 nghe máy bận", (), "", False),
    ],
)
def test_what_the_shield_sees_goes_along(
    entrance: Entrance, text: str, kinds: tuple[str, ...], scam: str, strange_link: bool
) -> None:
    seen = hidden(entrance, text)
    assert (seen.hidden, seen.scam, seen.strange_link) == (kinds, scam, strange_link)
    assert seen.text is not None
    assert not any(digits in seen.text for digits in ("482913", "123 456"))


def test_a_press_an_opening_and_a_recording_pass_as_they_are(entrance: Entrance) -> None:
    for incoming in (Incoming(CO_BA, button="a.b/c"), Incoming(CO_BA), Incoming(CO_BA, media="voice")):
        assert entrance.hide(incoming) == incoming


def test_a_caption_is_hidden_too(entrance: Entrance) -> None:
    seen = entrance.hide(Incoming(CO_BA, text="mã nè 482913", media="photo"))
    assert (seen.text, seen.media) == ("mã nè «mã OTP»", "photo")


def test_the_text_is_in_one_form_of_unicode(entrance: Entrance) -> None:
    assert hidden(entrance, "mo\u0323i vie\u0302\u0323c").text == "mọi việc"


def test_a_code_in_pieces_is_hidden_when_it_shows_itself() -> None:
    clock = Seconds()
    entrance = Entrance(clock)
    hidden(entrance, "mã otp nè")
    assert hidden(entrance, "482").hidden == ()
    clock.passed = 20
    assert hidden(entrance, "913").hidden == ("otp",)


def test_pieces_of_different_people_or_far_apart_are_none() -> None:
    clock = Seconds()
    entrance = Entrance(clock)
    hidden(entrance, "482")
    assert hidden(entrance, "913", CHU_TU).hidden == ()
    clock.passed = 600
    assert hidden(entrance, "913").hidden == ()


def test_the_numbers_of_buttons_are_no_code(entrance: Entrance) -> None:
    assert [hidden(entrance, number).hidden for number in ["1", "8", "1", "9", "2", "10", "3"]] == [()] * 7


@pytest.mark.parametrize(
    "words", [["không"] * 6, ["không", "ba", "năm", "không", "một"], ["mã otp 482913", "không", "hai"]]
)
def test_words_that_are_digits_too_are_no_code(entrance: Entrance, words: list[str]) -> None:
    assert [hidden(entrance, word).hidden for word in words][1:] == [()] * (len(words) - 1)


def test_of_a_message_too_long_the_rest_is_not_read(entrance: Entrance) -> None:
    seen = hidden(entrance, "a " * LONGEST + "482913")
    assert seen.hidden == (UNREAD,)
    assert "482913" not in (seen.text or "")
    assert hidden(entrance, "mã 482913 " + "a " * LONGEST).hidden == ("otp", UNREAD)


class BrokenClock:
    def __call__(self) -> float:
        raise OSError("482913")


def test_what_cannot_be_looked_at_becomes_the_menu(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        seen = hidden(Entrance(BrokenClock()), "mã 482913")
    assert seen == Incoming(CO_BA, text="menu")
    assert "482913" not in caplog.text
    assert "OSError" in caplog.text


@given(st.text(max_size=400))
def test_every_text_passes_in_some_form(text: str) -> None:
    seen = hidden(Entrance(Seconds()), text)
    assert seen.text is not None
    assert seen.contact == CO_BA


def test_what_is_remembered_holds_no_digit(entrance: Entrance) -> None:
    hidden(entrance, "482")
    assert "482" not in repr(entrance.__dict__)
