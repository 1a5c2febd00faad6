"""Opening a class from a chat: wards and places as trainers type them, and what may not be typed there."""

import pytest

from bot.staff import words
from bot.staff.office import Office
from bot.store.staff import Account
from tests.classes.hall import LESSON, WARD, Hall
from tests.staff.chat import Chat

OTHER = "27211"


def tied(hall: Hall, office: Office, stranger: Chat, role: str, *wards: str) -> Account:
    account = hall.account(f"{role}.{stranger.someone.id}", role, wards)
    stranger.ties(office, account)
    return account


def last(office: Office, account: Account) -> tuple[str, str]:
    found = office.schedule.of_trainer(account.id)[-1]
    return found.ward, found.venue


def test_who_has_one_ward_is_asked_for_the_place_alone(chat: Chat, office: Office, minh: Account) -> None:
    chat.says("mo lop")
    assert chat.taps(LESSON.title) == [words.WHICH_VENUE]
    chat.says("  đình   Phú Nhuận ")
    assert last(office, minh) == (WARD, "đình Phú Nhuận")


def test_who_has_several_types_one_of_their_own(stranger: Chat, hall: Hall, office: Office) -> None:
    account = tied(hall, office, stranger, "trainer", WARD, OTHER)
    stranger.says("mở lớp")
    assert stranger.taps(LESSON.title) == [words.WHICH_WARD]
    for unclear in ("ở đâu đó", "dau cung co"):
        assert stranger.says(unclear) == [words.WARD_UNKNOWN]
    assert stranger.says("cho lon") == [words.WHICH_VENUE]
    stranger.taps(words.B_NO_VENUE)
    assert last(office, account) == (OTHER, "")


def test_a_ward_of_others_is_a_ward_that_does_not_exist(stranger: Chat, hall: Hall, office: Office) -> None:
    tied(hall, office, stranger, "ward_officer", "25747", "25750")
    stranger.says("mở lớp")
    stranger.taps(LESSON.title)
    assert stranger.says("sai gon") == [words.WARD_UNKNOWN]
    refused = stranger.forges(f"ve:{LESSON.name}::{WARD}")
    assert len(refused) == 1
    assert "phường, xã của mình" in refused[0]


def test_the_city_opens_classes_anywhere(stranger: Chat, hall: Hall, office: Office) -> None:
    account = tied(hall, office, stranger, "city_admin")
    stranger.says("mở lớp")
    stranger.taps(LESSON.title)
    stranger.says("sai gon")
    stranger.taps(words.B_NO_VENUE)
    assert last(office, account) == (WARD, "")


@pytest.mark.parametrize("typed", ["gọi 0903123456 nha", "mã OTP là 482913", "căn cước 079123456789"])
def test_a_place_with_a_secret_in_it_is_not_taken(chat: Chat, office: Office, minh: Account, typed: str) -> None:
    chat.says("mở lớp")
    chat.taps(LESSON.title)
    assert chat.says(typed) == [words.VENUE_REFUSED]
    assert office.schedule.of_trainer(minh.id) == []
    chat.says("12 Nguyễn Trãi, khu phố 3")
    assert last(office, minh) == (WARD, "12 Nguyễn Trãi, khu phố 3")


@pytest.mark.parametrize("word", ["thôi", "Thoi!", "huỷ"])
def test_one_may_think_better_of_it(chat: Chat, office: Office, minh: Account, word: str) -> None:
    chat.says("mở lớp")
    chat.taps(LESSON.title)
    assert chat.says(word) == [words.STOPPED]
    assert chat.says("nhà văn hoá") == [words.NOT_UNDERSTOOD]
    assert office.schedule.of_trainer(minh.id) == []


def test_a_command_in_the_middle_is_no_place(chat: Chat, office: Office, minh: Account) -> None:
    chat.says("mở lớp")
    chat.taps(LESSON.title)
    assert chat.says("ai vướng") == [words.NO_CLASS]
    assert office.schedule.of_trainer(minh.id) == []


@pytest.mark.parametrize("data", ["le:khong_co", "ln:khong_co:", "ve:khong_co::27139", "ve:bai:dai:27139"])
def test_buttons_of_lessons_that_are_gone_begin_anew(chat: Chat, office: Office, minh: Account, data: str) -> None:
    chat.says("mở lớp")
    assert chat.forges(data)[-1] in (words.WHICH_LESSON, words.WHICH_VENUE)
    assert office.schedule.of_trainer(minh.id) == []
