"""What the engine does in a class: seats, the trainer's steps, and who is left alone."""

from dataclasses import replace

import pytest

from bot.content.library import load_library
from bot.core.dialogs import Book
from bot.core.effects import Agree, Decline, LeaveClass, Remind
from bot.core.engine import Turn, advance
from bot.core.events import (
    ButtonPressed,
    ClassEnded,
    ClassFull,
    ClassJoined,
    ClassNotFound,
    Event,
    StepOpened,
    TextUnderstood,
)
from bot.core.meaning import Entity, Meaning
from bot.core.replies import Say
from bot.core.state import State
from bot.settings import PROJECT

JOINED = ClassJoined(seat=12, lesson="Cài VNeID")
LATE = ClassJoined(seat=3, lesson="Cài VNeID", dialog="vneid_muc_2", step="otp")
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


def press(book: Book, turn: Turn, slug: str) -> Turn:
    return advance(book, turn.state, ButtonPressed(button=f"{turn.state.place}/{slug}"))


def agree(book: Book, turn: Turn) -> Turn:
    return press(book, turn, "dong-y-ca-hai")


def test_the_first_message_of_a_chat_may_be_a_code_and_the_notice_still_comes_first(book: Book) -> None:
    said = texts(talk(book, JOINED))
    assert "máy trả lời tự động" in said[0]
    assert 'ghế số 12. Bài bữa nay: "Cài VNeID"' in said[1]


def test_a_class_asks_on_joining_which_phone_and_whether_to_keep_and_then_waits(book: Book) -> None:
    turn = talk(book, JOINED)
    assert str(turn.state.place) == "vo_lop.may_gi"
    turn = press(book, turn, "iphone")
    assert (turn.state.slots["phone"], str(turn.state.place)) == ("iphone", "xin_phep.hoi")
    turn = agree(book, turn)
    assert [str(place) for place in turn.state.path] == ["cho_lop.cho"]
    assert str(advance(book, turn.state, OTP).state.place) == "vneid_muc_2.otp"


def test_what_was_answered_before_is_not_asked_again(book: Book) -> None:
    turn = agree(book, press(book, talk(book, JOINED), "iphone"))
    assert str(advance(book, turn.state, JOINED).state.place) == "cho_lop.cho"


def test_a_lesson_that_opens_nothing_asks_nothing(book: Book) -> None:
    turn = talk(book, ClassJoined(seat=2, lesson="Phòng lừa đảo", opens_steps=False))
    assert str(turn.state.place) == "menu.chon"


@pytest.mark.parametrize("answers", [(), ("iphone",)], ids=["asked for the phone", "asked for consent"])
def test_the_class_waits_for_no_answer_and_asks_no_second_time(book: Book, answers: tuple[str, ...]) -> None:
    turn = talk(book, JOINED)
    for answer in answers:
        turn = press(book, turn, answer)
    for step in ("otp", "passcode"):
        turn = advance(book, turn.state, StepOpened(dialog="vneid_muc_2", step=step))
        assert [str(place) for place in turn.state.path] == [f"vneid_muc_2.{step}"]
    again = advance(book, turn.state, ClassJoined(seat=12, lesson="Cài VNeID", again=True))
    assert str(again.state.place) == "vneid_muc_2.passcode"


@pytest.mark.parametrize(("slug", "answer"), [("dong-y-ca-hai", "yes"), ("khong-dong-y", "no")])
def test_a_yes_or_no_that_comes_after_the_class_went_on_still_counts(book: Book, slug: str, answer: str) -> None:
    asked = press(book, talk(book, JOINED), "iphone")
    on = advance(book, asked.state, OTP)
    late = ButtonPressed(button=f"xin_phep.hoi/{slug}")
    turn = advance(book, on.state, late)
    assert {turn.state.consent("progress"), turn.state.consent("count")} == {answer}
    assert str(turn.state.place) == "vneid_muc_2.otp"
    (effect, _) = turn.effects
    assert isinstance(effect, Agree | Decline)
    assert "xin phép hai điều" in effect.wording
    assert texts(advance(book, turn.state, late))[0] == book.phrases["old_button"].format_map(book.forms())


def test_a_late_answer_is_never_taken_for_somebody_else(book: Book) -> None:
    on = advance(book, press(book, talk(book, JOINED), "iphone").state, OTP)
    helped = advance(book, on.state, TextUnderstood(meaning=Meaning("help_relative", 1.0, (Entity("relation", "mẹ"),))))
    assert helped.state.person == "ma"
    assert advance(book, helped.state, ButtonPressed(button="xin_phep.hoi/dong-y-ca-hai")).state.consents == {}


def test_who_joins_late_is_asked_and_stands_at_the_step(book: Book) -> None:
    turn = agree(book, press(book, talk(book, LATE), "iphone"))
    assert [str(place) for place in turn.state.path] == ["vneid_muc_2.otp"]


def test_who_types_the_code_again_is_not_thrown_back(book: Book) -> None:
    ahead = talk(book, LATE, StepOpened(dialog="vneid_muc_2", step="passcode"))
    turn = advance(book, ahead.state, replace(LATE, again=True))
    assert str(turn.state.place) == "vneid_muc_2.passcode"


def test_who_is_stuck_stays_with_it_until_the_step_is_said_again(book: Book) -> None:
    stuck = talk(book, JOINED, OTP, means("stuck"))
    assert stuck.state.place.mode == "symptoms"
    passcode = StepOpened(dialog="vneid_muc_2", step="passcode")
    turn = advance(book, stuck.state, passcode)
    assert turn.state.place == stuck.state.place
    assert texts(turn) == [book.phrases["class_goes_on"].format_map(book.forms())]
    assert turn.state.offered == stuck.state.offered
    assert str(advance(book, turn.state, replace(passcode, again=True)).state.place) == "vneid_muc_2.passcode"


def test_who_leaves_a_class_goes_back_to_the_tasks_or_stays_where_they_are(book: Book) -> None:
    waiting = agree(book, press(book, talk(book, JOINED), "iphone"))
    for turn, place in ((waiting, "menu.chon"), (advance(book, waiting.state, OTP), "vneid_muc_2.otp")):
        left = advance(book, turn.state, means("leave_class"))
        assert LeaveClass() in left.effects
        assert str(left.state.place) == place


# ---- the end ----


def ended(book: Book, *before: Event, can_remind: bool = True, agreed: bool = True) -> Turn:
    asked = press(book, talk(book, JOINED), "iphone")
    turn = agree(book, asked) if agreed else asked
    for event in before:
        turn = advance(book, turn.state, event)
    return advance(book, turn.state, ClassEnded(can_remind=can_remind))


def test_who_is_in_the_middle_hears_a_kind_word_and_is_asked_once_for_a_reminder(book: Book) -> None:
    turn = ended(book, OTP)
    said = texts(turn)
    assert "bước 4/8" in said[0]
    assert "Mai nhắc tôi" in said[1]
    assert turn.state.offered[-1] == "mai-nhac-toi"
    assert str(turn.state.place) == "vneid_muc_2.otp"
    assert str(advance(book, turn.state, means("done")).state.place) == "vneid_muc_2.mat_khau"


@pytest.mark.parametrize("event", [ButtonPressed(button="vneid_muc_2.otp/mai-nhac-toi"), "remind_me"])
def test_a_yes_to_the_reminder_is_a_consent_of_its_own(book: Book, event: ButtonPressed | str) -> None:
    turn = ended(book, OTP)
    turn = advance(book, turn.state, event if isinstance(event, ButtonPressed) else means(event))
    assert Remind() in turn.effects
    assert [effect.wording for effect in turn.effects if isinstance(effect, Agree)] == [book.phrases["remind_offer"]]


def test_a_yes_to_what_the_phone_asks_is_no_yes_to_a_reminder(book: Book) -> None:
    turn = advance(book, ended(book, OTP).state, means("agree"))
    assert turn.state.consent("remind") == ""


def test_who_said_yes_before_is_reminded_and_not_asked(book: Book) -> None:
    asked = advance(book, ended(book, OTP).state, means("remind_me"))
    again = advance(book, asked.state, OTP)
    turn = advance(book, advance(book, again.state, replace(OTP, again=True)).state, ClassEnded(can_remind=True))
    assert Remind() in turn.effects
    assert turn.state.offered[-1] != "mai-nhac-toi"


@pytest.mark.parametrize(("can_remind", "agreed"), [(False, True), (True, False)], ids=["on a web page", "no yes"])
def test_who_cannot_be_reminded_hears_the_kind_word_alone(book: Book, can_remind: bool, agreed: bool) -> None:
    turn = ended(book, OTP, can_remind=can_remind, agreed=agreed)
    assert len(texts(turn)) == 1
    assert ("bước 4/8" in texts(turn)[0]) is agreed
    assert "mai-nhac-toi" not in turn.state.offered


@pytest.mark.parametrize("before", [(), (OTP, "pause")], ids=["nothing begun", "resting"])
def test_who_is_not_in_the_middle_hears_nothing_at_the_end(book: Book, before: tuple[Event | str, ...]) -> None:
    events = [means(event) if isinstance(event, str) else event for event in before]
    assert ended(book, *events).replies == ()


def test_a_full_class_is_told_as_such(book: Book) -> None:
    assert "hết ghế" in texts(talk(book, ClassFull()))[1]


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
