"""What is told unasked: each thing once, at its hour in the city, whatever restarts in between."""

import datetime as dt

import pytest

from bot.classes.schedule import OpenClass
from bot.retention import sweep
from bot.staff import words
from bot.staff.news import Telling
from bot.staff.office import Office
from bot.store.moments import CITY
from bot.store.staff import Account
from tests.classes.hall import LESSON, WARD, Hall
from tests.fakes import Clock
from tests.staff.chat import Chat


def city(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2027, 1, day, hour, minute, tzinfo=CITY)


def planned(office: Office, staff: Account, starts_at: dt.datetime) -> OpenClass:
    return office.schedule.open(LESSON, length="", ward=WARD, venue="", staff=staff, starts_at=starts_at)


@pytest.fixture
def day(hall: Hall, clock: Clock) -> int:
    """A day of its own for each test, at half past six in the morning; what was told before is forgotten."""
    days = (clock.moment.date() - dt.date(2027, 1, 1)).days + 3
    clock.moment = city(max(days, 2), 6, 30)
    sweep(hall.store.engine, now=clock.moment)
    return clock.moment.astimezone(CITY).day


def test_a_planned_class_is_announced_an_hour_before_and_once(
    chat: Chat, hall: Hall, minh: Account, clock: Clock, day: int
) -> None:
    found = hall.open(minh, starts_at=city(day, 14))
    heard: list[int] = []
    for hour, minute in ((12, 59), (13, 0), (13, 1), (13, 59), (14, 1)):
        clock.moment = city(day, hour, minute)
        chat.running.looks_for_news()
        heard.append(sum("nhắc mình" in each for each in chat.hears()))
    assert heard == [0, 1, 1, 1, 1]
    [told] = [each for each in chat.hears() if "nhắc mình" in each]
    assert "14:00" in told
    assert f"{found.code[:3]} {found.code[3:]}" in told
    assert "27139" not in told


def test_a_class_that_has_begun_is_not_announced(chat: Chat, hall: Hall, minh: Account, clock: Clock, day: int) -> None:
    hall.open(minh, starts_at=city(day, 14))
    clock.moment = city(day, 12, 30)
    chat.says("tiếp")
    clock.moment = city(day, 13, 30)
    chat.running.looks_for_news()
    assert [each for each in chat.hears() if "nhắc mình" in each] == []


def test_the_morning_tells_of_the_day_once_and_not_at_night(
    chat: Chat, hall: Hall, minh: Account, clock: Clock, day: int
) -> None:
    yesterday = hall.open(minh)
    hall.says(f"người {day}", yesterday.code)
    clock.moment = city(day, 20)
    hall.open(minh, starts_at=city(day + 1, 18))
    heard: list[int] = []
    for at in (city(day, 23), city(day + 1, 4), city(day + 1, 6, 31), city(day + 1, 7), city(day + 1, 13)):
        clock.moment = at
        chat.running.looks_for_news()
        heard.append(sum(each.startswith(words.MORNING) for each in chat.hears()))
    assert heard == [0, 0, 1, 1, 1]
    [told] = [each for each in chat.hears() if each.startswith(words.MORNING)]
    assert f"18:00 {LESSON.title}, nhà văn hoá" in told
    assert f"{LESSON.title}: 1 ghế." in told


def test_a_morning_without_classes_is_quiet(chat: Chat, clock: Clock, day: int) -> None:
    clock.moment = city(day, 7)
    before = chat.hears()
    chat.running.looks_for_news()
    assert chat.hears() == before


def test_who_is_out_or_blocks_the_bot_is_told_nothing(chat: Chat, office: Office, minh: Account, day: int) -> None:
    def due() -> list[str]:
        return [news.what for news in Telling(office).due() if news.account_id == minh.id]

    planned(office, minh, city(day, 7))
    chat.someone.blocks()
    chat.running.looks_for_news()
    assert due() == []
    another = planned(office, minh, city(day, 7, 15))
    assert due() == [f"class {another.id}"]
    office.staff.disable(minh, by="cli")
    assert due() == []


def test_a_line_that_fails_is_tried_again_at_the_next_look(
    chat: Chat, hall: Hall, minh: Account, clock: Clock, day: int
) -> None:
    hall.open(minh, starts_at=city(day, 14))
    clock.moment = city(day, 13, 30)
    chat.someone.control.post("trouble", kind="gateway", path="/sendMessage")
    chat.running.looks_for_news()
    assert [each for each in chat.hears() if "nhắc mình" in each] == []
    chat.running.looks_for_news()
    assert len([each for each in chat.hears() if "nhắc mình" in each]) == 1
