"""Classes: joining by a code, one pace for every phone, and what goes wrong in a hall."""

import datetime as dt

import pytest

from bot.classes.joining import MOST_SEATS
from bot.classes.roll import MOST_WITHOUT_PHONE
from bot.classes.schedule import GRACE
from bot.retention import sweep
from bot.store.schema import lesson_class, seat
from tests.classes.hall import LESSON, Hall
from tests.fakes import Clock

JOINED, STEP, UNKNOWN, FULL = "(class_joined)", "(class_step)", "(class_not_found)", "(class_full)"


# ---- joining ----


def test_a_code_is_six_digits_that_do_not_begin_with_zero(hall: Hall) -> None:
    codes = {hall.open().code for _ in range(20)}
    assert len(codes) == 20
    assert all(len(code) == 6 and code.isdecimal() and code[0] != "0" for code in codes)


def test_one_message_is_enough_and_the_same_one_again_keeps_the_seat(hall: Hall) -> None:
    assert JOINED in hall.says("a", hall.code)
    assert JOINED in hall.says("b", f"{hall.code[:3]} {hall.code[3:]}")
    assert JOINED in hall.says("a", hall.code)
    assert [each.number for each in hall.roll.seated(hall.found.id)] == [1, 2]


def test_a_code_nobody_has_is_told_kindly_and_gives_no_seat(hall: Hall) -> None:
    wrong = "111111" if hall.code != "111111" else "222222"
    assert UNKNOWN in hall.says("a", wrong)
    assert hall.roll.seated(hall.found.id) == []


def test_the_code_ends_with_the_class(hall: Hall, clock: Clock) -> None:
    hall.says("a", hall.code)
    assert hall.tap("end")
    assert UNKNOWN in hall.says("b", hall.code)
    assert hall.tap("open", "cai") is False
    assert hall.board.is_over


def test_a_class_whose_trainer_left_ends_by_itself(hall: Hall, clock: Clock) -> None:
    clock.move(minutes=30 + GRACE.total_seconds() / 60 - 1)
    assert JOINED in hall.says("a", hall.code)
    clock.move(minutes=2)
    assert UNKNOWN in hall.says("b", hall.code)


def test_who_joins_another_class_leaves_the_first(hall: Hall) -> None:
    hall.says("a", hall.code)
    other = hall.open()
    hall.says("a", other.code)
    assert hall.roll.seated(hall.found.id) == []
    hall.tap("open", "cai")
    assert STEP not in hall.heard("a")
    hall.lead(other)
    hall.tap("open", "cai")
    assert STEP in hall.heard("a")


def test_a_full_hall_takes_nobody_more(hall: Hall) -> None:
    with hall.store.engine.begin() as connection:
        connection.execute(lesson_class.update().values(seats=MOST_SEATS - 1))
    assert JOINED in hall.says("a", hall.code)
    assert FULL in hall.says("b", hall.code)
    assert JOINED in hall.says("a", hall.code)


# ---- one pace ----


def test_every_phone_gets_the_step_at_once_each_on_its_own_channel(hall: Hall) -> None:
    hall.says("a", hall.code)
    hall.says("b", hall.code, channel="web")
    hall.tap("open", "cai")
    assert hall.heard("a")[-2:] == [STEP, "Cài app nha anh/chị."]
    assert hall.heard("b", channel="web")[-2:] == [STEP, "Cài app nha anh/chị."]
    assert hall.waiting() == ["waiting", "shown", "waiting", "shown"]


def test_a_part_without_a_step_leaves_every_phone_alone(hall: Hall) -> None:
    hall.says("a", hall.code)
    before = hall.heard("a")
    hall.tap("open", "nghi")
    assert hall.heard("a") == before
    assert hall.found.part == "nghi"


def test_a_latecomer_is_where_the_class_is(hall: Hall) -> None:
    hall.tap("open", "cai")
    assert hall.says("late", hall.code)[-2:] == [JOINED, "Cài app nha anh/chị."]


def test_who_is_ahead_stays_ahead_and_who_is_behind_catches_up(hall: Hall) -> None:
    hall.says("quick", hall.code)
    hall.says("slow", hall.code)
    hall.tap("open", "cai")
    hall.says("quick", "xong")
    hall.says("quick", "xong")
    heard = hall.heard("quick")
    hall.tap("open", "mo")
    assert hall.heard("quick") == heard
    assert hall.heard("slow")[-1] == "Mở app nha."
    assert hall.places() == ["viec.thay_chua", "viec.mo_app"]


def test_again_brings_the_step_to_those_who_had_it(hall: Hall) -> None:
    hall.says("a", hall.code)
    hall.tap("open", "cai")
    hall.tap("again")
    assert hall.heard("a").count(STEP) == 2


def test_the_same_tap_again_and_the_same_part_by_two_trainers_reach_a_phone_once(hall: Hall) -> None:
    hall.says("a", hall.code)
    for id in ("tap one", "tap one", "the other trainer"):
        hall.tap("open", "cai", id=id)
    hall.tap("again", id="once more")
    hall.tap("again", id="once more")
    assert hall.heard("a").count(STEP) == 2


def test_after_the_class_everybody_keeps_their_place(hall: Hall) -> None:
    hall.says("a", hall.code)
    hall.tap("open", "cai")
    hall.tap("end")
    assert hall.says("a", "xong") == ["Mở app nha."]


def test_a_lesson_edited_while_it_is_taught_goes_on_with_what_is_left(hall: Hall) -> None:
    hall.says("a", hall.code)
    with hall.store.engine.begin() as connection:
        connection.execute(lesson_class.update().values(part="phan_da_bo"))
    assert hall.board.part is None
    assert hall.tap("again")
    assert hall.tap("open", "cai")
    assert STEP in hall.heard("a")


# ---- who may, and what stays ----


def test_people_without_a_phone_are_counted_within_reason(hall: Hall) -> None:
    for count, counted in ((5, 5), (-3, 0), (9999, MOST_WITHOUT_PHONE)):
        hall.tap("without_phone", count=count)
        assert hall.found.without_phone == counted


def test_a_seat_holds_no_name_of_a_platform_in_the_clear(hall: Hall) -> None:
    hall.says("so-dien-thoai-cua-co-ba", hall.code)
    with hall.store.engine.connect() as connection:
        row = connection.execute(seat.select()).one()
    assert "co-ba" not in str(row)


def test_deleting_everything_gives_the_seat_up(hall: Hall) -> None:
    hall.says("a", hall.code)
    hall.says("a", "xoá hết")
    hall.presses("a", "Xoá")
    assert hall.roll.seated(hall.found.id) == []


def test_seats_are_swept_a_day_after_the_class_and_their_number_stays(hall: Hall, clock: Clock) -> None:
    hall.says("a", hall.code)
    for days, left in ((0, 1), (2, 0)):
        sweep(hall.store.engine, now=clock() + dt.timedelta(days=days))
        assert len(hall.roll.seated(hall.found.id)) == left
    assert hall.found.seats == 1


@pytest.mark.parametrize("part", [part.name for part in LESSON.parts])
def test_what_is_opened_is_what_stands_on_the_board(hall: Hall, part: str) -> None:
    hall.tap("open", part)
    now = hall.board.part
    assert now is not None
    assert now.name == part
