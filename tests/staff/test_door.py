"""Who is let in, and what strangers hear: one polite answer, whatever they try."""

import logging

import pytest

from bot.settings import SettingsError
from bot.staff import words
from bot.staff.office import Office
from bot.store.staff import Account
from tests.classes.hall import Hall
from tests.fakes import Clock
from tests.staff.chat import Chat, Running, at_work
from tests.stand_ins.control import Control


@pytest.mark.parametrize("said", ["/start", "xin chào", "mở lớp", "/ketthuc", "3 7 12", "kết thúc"])
def test_a_stranger_gets_one_polite_answer_and_then_nothing(stranger: Chat, said: str) -> None:
    assert stranger.says(said) == [words.STRANGER]
    for again in (said, "mở lớp", "/start"):
        assert stranger.says(again) == []


def test_pictures_and_edits_of_strangers_reach_nobody(stranger: Chat, running: Running) -> None:
    stranger.someone.sends("photo", caption="mở lớp")
    bubble = stranger.someone.writes("mở lớp")
    stranger.someone.edits(bubble, "kết thúc")
    running.settle()
    assert stranger.hears() == [words.STRANGER]


@pytest.mark.parametrize("code", ["abc", "AAAAA-AAAAA-AAAAA", "' OR 1=1 --", "x" * 60])
def test_a_wrong_code_is_told_a_few_times_and_then_nothing(stranger: Chat, code: str) -> None:
    heard = [stranger.says(f"/start {code}") for _ in range(7)]
    assert heard == [[words.WRONG_CODE]] * 5 + [[], []]


def test_the_code_of_the_console_lets_in_once(stranger: Chat, office: Office, minh: Account, control: Control) -> None:
    code = office.ties.issue(minh, by="cli")
    tied, menu = stranger.says(code.lower())
    assert (tied, menu) == (words.TIED, words.HELP)
    assert stranger.labels() == [words.B_OPEN]
    other = Chat(control.person(f"người khác {code}"), stranger.running)
    assert other.says(f"/start {code}") == [words.WRONG_CODE]
    assert other.says("mở lớp") == []


def test_an_old_code_is_none(stranger: Chat, office: Office, minh: Account, clock: Clock) -> None:
    code = office.ties.issue(minh, by="cli")
    clock.move(minutes=31)
    assert stranger.says(f"/start {code}") == [words.WRONG_CODE]


@pytest.mark.parametrize("ended", ["disabled", "reset", "another role", "another phone"])
def test_who_is_out_is_out_with_the_next_tap(
    chat: Chat, office: Office, minh: Account, control: Control, ended: str
) -> None:
    assert chat.taps(words.B_OPEN) == [words.WHICH_LESSON]
    match ended:
        case "disabled":
            office.staff.disable(minh, by="cli")
        case "reset":
            office.staff.reset(minh, "d" * 64, office.now(), by="cli")
        case "another role":
            office.staff.change(minh, "editor", (), by="cli")
        case "another phone":
            Chat(control.person(f"máy mới {id(chat)}"), chat.running).ties(office, minh)
    assert chat.taps("Cài app") == [words.STRANGER]
    assert chat.says("mở lớp") == []


def test_an_account_that_leads_nothing_is_not_let_in(stranger: Chat, office: Office, hall: Hall) -> None:
    editor = hall.account("soan", role="editor", wards=())
    assert stranger.ties(office, editor) == [words.WRONG_CODE]


def test_a_token_telegram_does_not_know_is_told_without_being_quoted(
    office: Office, telegram: str, control: Control
) -> None:
    wrong = "7000000009:AAHnobodyKnowsThisTokenOfNoValue000"
    with at_work(office, telegram, control, wrong) as running:
        pass
    assert isinstance(running.fault, SettingsError)
    assert "telegram_staff_token" in str(running.fault)
    assert wrong not in str(running.fault)


def test_nothing_that_was_typed_stands_in_the_log(stranger: Chat, chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="bot"):
        for each in (stranger, chat):
            each.says("canary-71 số 079123456789")
            each.says("/start canary-72")
    assert "canary" not in "".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
