"""What the engine does in a class: seats, the trainer's steps, and who is left alone."""

import pytest

from bot.content.library import load_library
from bot.core.dialogs import Book
from bot.core.engine import Turn, advance
from bot.core.events import ButtonPressed, ClassJoined, ClassNotFound, Event, StepOpened, TextUnderstood
from bot.core.meaning import Meaning
from bot.core.replies import Say
from bot.core.state import State
from bot.settings import PROJECT

JOINED = ClassJoined(seat=12, lesson="Cài VNeID")
OTP = StepOpened(dialog="vneid_muc_2", step="otp")


@pytest.fixture(scope="module")
def book() -> Book:
    return load_library(PROJECT).book


def talk(book: Book, *events: Event) -> Turn:
    turn = Turn(State(), (), ())
    for event in events:
        turn = advance(book, turn.state, event)
    return turn


def texts(turn: Turn) -> list[str]:
    return [
        reply.text.format_map({**reply.values, "don_vi": "nhóm thử"})
        for reply in turn.replies
        if isinstance(reply, Say)
    ]


def means(intent: str) -> TextUnderstood:
    return TextUnderstood(meaning=Meaning(intent, 1.0))


def agree(book: Book, turn: Turn) -> Turn:
    return advance(book, turn.state, ButtonPressed(button=f"{turn.state.place}/dong-y-ca-hai"))


def test_the_first_message_of_a_chat_may_be_a_code_and_the_notice_still_comes_first(book: Book) -> None:
    said = texts(talk(book, JOINED))
    assert "máy trả lời tự động" in said[0]
    assert 'ghế số 12. Bài bữa nay: "Cài VNeID"' in said[1]


def test_a_step_asks_for_consent_once_and_then_stands_there(book: Book) -> None:
    turn = talk(book, JOINED, OTP)
    assert turn.state.place.dialog == "xin_phep"
    turn = agree(book, turn)
    assert str(turn.state.place) == "vneid_muc_2.otp"
    turn = advance(book, turn.state, StepOpened(dialog="vneid_muc_2", step="passcode"))
    assert str(turn.state.place) == "vneid_muc_2.passcode"


def test_who_joins_late_gets_the_step_with_the_seat(book: Book) -> None:
    late = ClassJoined(seat=3, lesson="Cài VNeID", dialog="vneid_muc_2", step="otp")
    turn = agree(book, talk(book, late))
    assert str(turn.state.place) == "vneid_muc_2.otp"


def test_who_deals_with_a_scam_is_left_alone(book: Book) -> None:
    turn = talk(book, JOINED, means("scam_report"), OTP)
    assert turn.replies == ()
    assert turn.state.place.dialog == "lua_dao"


def test_a_rest_ends_when_the_class_goes_on(book: Book) -> None:
    turn = talk(book, JOINED, means("pause"), OTP)
    assert not turn.state.paused
    assert turn.state.path[0].step == "otp"


@pytest.mark.parametrize(
    ("dialog", "step"), [("vneid_muc_2", "khong_con"), ("khong_con", "otp"), ("vneid_muc_2", "qua_sim")]
)
def test_a_step_the_content_no_longer_has_moves_nobody(book: Book, dialog: str, step: str) -> None:
    before = talk(book, JOINED)
    after = advance(book, before.state, StepOpened(dialog=dialog, step=step))
    assert (after.replies, after.state.path) == ((), before.state.path)


def test_without_a_code_the_bot_says_how(book: Book) -> None:
    assert 'gõ chữ "vào lớp"' in " ".join(texts(talk(book, means("join_class"))))


def test_a_wrong_code_leads_back_to_where_one_was(book: Book) -> None:
    turn = talk(book, means("cong_dan_so"), ClassNotFound())
    assert "không thấy lớp" in texts(turn)[0]
    assert turn.state.path == talk(book, means("cong_dan_so")).state.path
