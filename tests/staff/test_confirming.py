"""Confirming by seat from a chat: asked once more, of the right person, taken back, and not for ever."""

import pytest

from bot.classes.schedule import CONFIRMING, OpenClass
from bot.staff import words
from bot.staff.office import Office
from bot.store.staff import Account
from tests.classes.hall import Hall
from tests.fakes import Clock
from tests.staff.chat import Chat

TASK_TITLE = "Việc"


@pytest.fixture
def found(chat: Chat, hall: Hall, minh: Account) -> OpenClass:
    """A class of Minh's with four seats: 2 says it is done, at 3 two people share the phone."""
    found = hall.open(minh)
    people = [f"{found.id} {seat}" for seat in range(1, 5)]
    for who in people:
        hall.agrees(who)
        hall.says(who, found.code)
    for answer in ("xong", "xong", "Thấy rồi"):
        hall.says(people[1], answer)
    for label in ("Thấy rồi", "Làm cho má", "Đồng ý"):
        if label == "Thấy rồi":
            hall.says(people[2], "xong")
            hall.says(people[2], "xong")
        hall.presses(people[2], label)
    return found


def confirmed(office: Office, found: OpenClass) -> list[tuple[int, str]]:
    return [(each.seat, each.person) for each in office.confirming.seats(found) if each.confirmed]


def test_typed_seats_are_said_once_more_and_may_be_taken_back(chat: Chat, office: Office, found: OpenClass) -> None:
    [sure] = chat.says("2, 4 và 9")
    assert sure == f"{words.SURE.format(seats='2, 4, 9')}\n{words.NOT_SAID.format(seats='4')}"
    assert confirmed(office, found) == []
    [told] = chat.taps(words.B_SEEN)
    assert told == "\n".join((words.TAKEN.format(task=TASK_TITLE, seats="2, 4"), words.NOBODY_THERE.format(seats="9")))
    assert confirmed(office, found) == [(2, ""), (4, "")]
    assert chat.taps(words.B_TAKE_BACK.format(seats="2, 4")) == [words.TAKEN_BACK.format(task=TASK_TITLE, seats="2, 4")]
    assert confirmed(office, found) == []


def test_seats_that_say_they_are_done_have_a_button(chat: Chat, office: Office, found: OpenClass) -> None:
    chat.taps(words.B_OPEN)
    [listed] = chat.says("xác nhận")
    assert listed == words.WHICH_SEATS.format(task=TASK_TITLE)
    assert chat.labels()[:2] == [words.B_SEAT.format(seat=2), words.B_SEAT.format(seat=3)]
    chat.taps(words.B_SEAT.format(seat=2))
    [again] = chat.taps(words.B_CONFIRM)
    assert again.endswith(words.CONFIRMED_SO_FAR.format(seats=2))


def test_of_a_phone_that_several_share_it_is_asked_whom(chat: Chat, office: Office, found: OpenClass) -> None:
    chat.says("3")
    assert chat.taps(words.B_SEEN) == [words.SHARED.format(seat=3)]
    assert set(chat.labels()) == {words.B_HELPED.format(number=1), words.B_TYPES}
    chat.taps(words.B_HELPED.format(number=1))
    assert confirmed(office, found) == [(3, "ma")]
    assert chat.taps(words.B_TAKE_BACK.format(seats=3))[0].startswith("Dạ Việc: đã rút lại")
    assert confirmed(office, found) == []


@pytest.mark.parametrize(("typed", "told"), [("không", None), ("99", "Không có ai"), ("0", "Không có ai")])
def test_seats_where_nobody_is(chat: Chat, found: OpenClass, typed: str, told: str | None) -> None:
    heard = chat.says(typed)
    if told is None:
        assert heard == [words.NOT_UNDERSTOOD]
        return
    assert told in chat.taps(words.B_SEEN)[0]


def test_too_many_at_once_are_asked_for_in_parts(chat: Chat, office: Office, found: OpenClass) -> None:
    assert chat.says(" ".join(map(str, range(1, 14)))) == [words.TOO_MANY.format(most=12)]
    assert confirmed(office, found) == []


def test_after_the_class_it_goes_on_for_a_day(chat: Chat, office: Office, found: OpenClass, clock: Clock) -> None:
    chat.says("kết thúc")
    chat.taps(words.B_YES_END)
    chat.says("2")
    assert chat.taps(words.B_SEEN) == [words.TAKEN.format(task=TASK_TITLE, seats="2")]
    clock.move(seconds=CONFIRMING.total_seconds() + 1)
    assert chat.taps(words.B_TAKE_BACK.format(seats=2)) == [words.CLASS_GONE]
    assert confirmed(office, found) == [(2, "")]
