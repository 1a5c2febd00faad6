"""A bot that dies in the middle: another goes on with the classes, the buttons and the news of before."""

import datetime as dt

from bot.staff import words
from bot.staff.office import Office
from bot.store.moments import CITY
from bot.store.staff import Account
from tests.classes.hall import LESSON, WARD
from tests.fakes import Clock
from tests.staff.chat import Chat, at_work
from tests.stand_ins.control import Control


def test_a_restart_in_the_middle_loses_no_class_and_no_button(
    office: Office, telegram: str, control: Control, minh: Account
) -> None:
    someone = control.person(minh.login)
    with at_work(office, telegram, control) as before:
        chat = Chat(someone, before)
        chat.ties(office, minh)
        chat.taps(words.B_OPEN)
        chat.taps(LESSON.title)
        chat.taps(words.B_NO_VENUE)
        chat.taps("Bắt đầu: Chào")
        chat.taps(words.B_OPEN)
        chat.taps(LESSON.title)
    someone.taps("Tiếp: Cài")
    with at_work(office, telegram, control) as after:
        chat = Chat(someone, after)
        after.settle()
        assert chat.hears()[-1].startswith("Phần 2/4")
        assert chat.says("cả lớp")[0].startswith(LESSON.title)
        # the question of before the restart is answered by its button, too
        assert chat.taps(words.B_NO_VENUE)[0].startswith("Dạ lớp đã mở")


def test_a_restart_tells_what_was_missed_and_nothing_twice(
    office: Office, telegram: str, control: Control, minh: Account, clock: Clock
) -> None:
    someone = control.person(minh.login)
    with at_work(office, telegram, control) as before:
        Chat(someone, before).ties(office, minh)
    clock.moment = dt.datetime(2027, 1, 2, 6, 30, tzinfo=CITY)
    soon = clock.moment + dt.timedelta(minutes=20)
    office.schedule.open(LESSON, length="", ward=WARD, venue="", staff=minh, starts_at=soon)
    for _ in range(2):
        with at_work(office, telegram, control) as after:
            after.looks_for_news()
    heard = someone.hears()
    assert sum("nhắc mình" in each for each in heard) == 1
    assert sum(each.startswith(words.MORNING) for each in heard) == 1
