"""Who opens and leads classes: planned ahead, two trainers, a phone that dies, an account that is closed."""

import datetime as dt

import pytest

from bot.classes.roll import Tap
from bot.classes.schedule import CONFIRMING, EARLY, Attendance, ClassRefusedError, Sight
from bot.store.schema import class_trainer
from tests.classes.hall import LESSON, WARD, Hall
from tests.fakes import Clock

ELSEWHERE = "26740"


def audited(hall: Hall) -> list[tuple[str, str, str]]:
    """What the log says of classes, oldest first."""
    rows = [each.entry for each in reversed(hall.store.audit.latest(100)) if each.entry.action.startswith("class_")]
    return [(row.actor, row.action, row.detail) for row in rows]


@pytest.mark.parametrize(
    ("role", "wards", "refused"),
    [
        ("trainer", [WARD], ""),
        ("ward_officer", [WARD, ELSEWHERE], ""),
        ("city_admin", [], ""),
        ("trainer", [ELSEWHERE], "ward"),
        ("ward_officer", [ELSEWHERE], "ward"),
        ("editor", [], "lead"),
        ("auditor", [], "lead"),
    ],
)
def test_a_class_is_led_by_those_the_wards_list_names(hall: Hall, role: str, wards: list[str], refused: str) -> None:
    account = hall.account("hoa", role, wards)
    if not refused:
        opened = hall.open(account)
        assert hall.schedule.of_trainer(account.id) == [opened]
        return
    for tried in (lambda: hall.open(account), lambda: hall.schedule.add_trainer(hall.found, account, by="cli")):
        with pytest.raises(ClassRefusedError) as error:
            tried()
        assert error.value.reason == refused
    assert hall.schedule.of_trainer(account.id) == []


@pytest.mark.parametrize(("away", "refused"), [(-2, "past"), (24 * 400, "far")])
def test_a_class_is_planned_for_a_time_that_can_be_meant(hall: Hall, clock: Clock, away: int, refused: str) -> None:
    with pytest.raises(ClassRefusedError) as error:
        hall.open(starts_at=clock() + dt.timedelta(hours=away))
    assert error.value.reason == refused


def test_a_planned_class_opens_its_doors_shortly_before(hall: Hall, clock: Clock) -> None:
    hall.lead(hall.open(starts_at=clock() + dt.timedelta(days=3)))
    assert "(class_not_found)" in hall.says("a", hall.code)
    assert hall.tap("open", "cai") is False
    assert (hall.board.is_early, hall.board.is_over) == (True, False)
    clock.moment = hall.found.starts_at - EARLY
    assert "(class_joined)" in hall.says("a", hall.code)
    assert hall.tap("open", "cai")
    assert hall.board.is_early is False


def test_a_planned_class_can_be_called_off(hall: Hall, clock: Clock) -> None:
    hall.lead(hall.open(starts_at=clock() + dt.timedelta(days=3)))
    assert hall.tap("end")
    assert hall.board.is_over
    assert hall.schedule.by_code(hall.code) is None


def test_a_link_is_found_by_nothing_else_and_stands_nowhere(hall: Hall) -> None:
    for token in ("", hall.code, hall.token[:-1], "\udcff"):
        assert hall.schedule.by_link(token) is None
    assert hall.schedule.by_code(hall.code) == hall.found
    with hall.store.engine.connect() as connection:
        assert hall.token not in str(connection.execute(class_trainer.select()).all())


def test_a_link_drawn_anew_ends_the_one_before_and_no_other(hall: Hall) -> None:
    hoa = hall.account("hoa")
    hall.schedule.add_trainer(hall.found, hoa, by=hall.trainer.actor)
    hers, first = hall.schedule.lead(hall.found, hoa), hall.token
    hall.token = hall.schedule.lead(hall.found, hall.trainer)
    assert hall.schedule.by_link(first) is None
    assert [led.staff for led in (hall.led, hall.schedule.by_link(hers)) if led] == [hall.trainer.id, hoa.id]


def test_who_does_not_lead_a_class_draws_no_link(hall: Hall) -> None:
    with pytest.raises(ClassRefusedError):
        hall.schedule.lead(hall.found, hall.account("hoa"))


def test_a_link_ends_a_while_after_the_class(hall: Hall, clock: Clock) -> None:
    hall.tap("end")
    clock.moment = hall.found.ends_at + CONFIRMING - dt.timedelta(seconds=1)
    assert hall.schedule.by_link(hall.token)
    assert hall.schedule.of_trainer(hall.trainer.id) == [hall.found]
    clock.move(seconds=2)
    assert hall.schedule.by_link(hall.token) is None
    assert hall.schedule.led_by(hall.trainer.id, 1) is None
    assert hall.schedule.of_trainer(hall.trainer.id) == []


def test_a_closed_account_or_another_ward_ends_the_link_and_the_class_goes_on(hall: Hall) -> None:
    hall.says("a", hall.code)
    staff, found = hall.store.staff, hall.found
    staff.disable(hall.trainer, by="cli")
    assert hall.schedule.by_link(hall.token) is None
    assert hall.schedule.trainers(found) == []
    assert "(class_joined)" in hall.says("b", hall.code)
    staff.enable(hall.trainer, by="cli")
    assert hall.schedule.by_link(hall.token) is None
    hall.token = hall.schedule.lead(found, hall.trainer)
    assert hall.led.staff == hall.trainer.id
    staff.reset(hall.trainer, "x", hall.store.now(), by="cli")
    assert hall.schedule.by_link(hall.token) is None
    staff.change(hall.trainer, "trainer", [ELSEWHERE], by="cli")
    assert hall.schedule.by_link(hall.token) is None
    staff.change(hall.trainer, "editor", [], by="cli")
    assert hall.schedule.led_by(hall.trainer.id, found.id) is None


def test_two_trainers_lead_at_once_and_each_tap_bears_a_name(hall: Hall) -> None:
    hall.says("a", hall.code)
    hoa = hall.account("hoa")
    for _ in range(2):
        hall.schedule.add_trainer(hall.found, hoa, by=hall.trainer.actor)
    assert hall.schedule.trainers(hall.found) == ["lan", "hoa"]
    other = hall.schedule.led_by(hoa.id, hall.found.id)
    assert other is not None
    hall.tap("open", "cai")
    # both meant the same part: it reaches the phones once
    assert hall.roll.tap(other, Tap("open", "hers", "cai"))
    hall.roll.tap(other, Tap("without_phone", "some", count=3))
    hall.settle()
    assert hall.heard("a").count("(class_step)") == 1
    lan = hall.trainer.actor
    assert audited(hall) == [
        (lan, "class_opened", lan),
        (lan, "class_link_drawn", ""),
        (lan, "class_trainer_added", hoa.actor),
        (lan, "class_open", "cai"),
        (hoa.actor, "class_without_phone", "3"),
    ]


def test_a_trainers_classes_come_in_the_order_they_begin(hall: Hall, clock: Clock) -> None:
    later, sooner = (hall.open(starts_at=clock() + dt.timedelta(days=days)) for days in (5, 2))
    hall.open(hall.account("hoa"))
    assert hall.schedule.of_trainer(hall.trainer.id) == [hall.found, sooner, later]
    assert hall.schedule.find(sooner.id) == sooner
    assert hall.schedule.find(999) is None


def test_the_office_sees_the_classes_of_its_wards_and_a_trainer_their_own(hall: Hall, clock: Clock) -> None:
    hoa, boss = hall.account("hoa"), hall.account("boss", "city_admin", [])
    hers = hall.open(hoa, clock() + dt.timedelta(days=2))
    far = hall.schedule.open(LESSON, length="", ward=ELSEWHERE, venue="", staff=boss)
    seen = {
        "city": hall.schedule.seen(Sight()),
        "ward": hall.schedule.seen(Sight(frozenset({WARD}))),
        "nobody's": hall.schedule.seen(Sight(frozenset())),
        "hers": hall.schedule.seen(Sight(frozenset({WARD}), hoa.id)),
    }
    assert seen == {"city": [hers, far, hall.found], "ward": [hers, hall.found], "nobody's": [], "hers": [hers]}
    assert hall.schedule.find_seen(Sight(frozenset({WARD})), far.id) is None
    assert hall.schedule.find_seen(Sight(frozenset({WARD}), hall.trainer.id), hers.id) is None
    assert hall.schedule.find_seen(Sight(frozenset({ELSEWHERE})), far.id) == far


def test_classes_are_counted_with_what_each_tells_and_not_those_called_off(hall: Hall, clock: Clock) -> None:
    hall.says("a", hall.code)
    hall.tap("open", "cai")
    hall.tap("without_phone", count=7)
    hall.tap("end")
    hall.lead(hall.open())
    hall.tap("end")
    hall.open(starts_at=clock() + dt.timedelta(days=2))
    hall.open()
    assert hall.schedule.attendance(Sight()) == Attendance(coming=1, on=1, over=1, people=7)
    assert hall.schedule.attendance(Sight(frozenset({ELSEWHERE}))) == Attendance(0, 0, 0, 0)


def test_a_trainer_taken_off_a_class_leads_it_no_longer(hall: Hall) -> None:
    found = hall.found
    for _ in range(2):
        hall.schedule.drop_trainer(found, hall.trainer, by="cli")
    assert hall.schedule.by_link(hall.token) is None
    assert hall.schedule.trainers(found) == []
    assert audited(hall)[2:] == [("cli", "class_trainer_dropped", hall.trainer.actor)]
