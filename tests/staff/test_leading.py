"""Classes led from Telegram: opened, one pace, who is stuck, what was seen, the end; and what goes wrong in between."""

import re

import pytest
from sqlalchemy import select

from bot.classes.schedule import EARLY
from bot.staff import words
from bot.staff.office import Office
from bot.store.schema import completion
from bot.store.staff import Account
from tests.classes.hall import LESSON, Hall
from tests.fakes import TASK, Clock
from tests.staff.chat import Chat

STEP = "(class_step)"


def opened(chat: Chat, venue: str = "nhà văn hoá khu phố 3") -> str:
    """A class by buttons and a typed place; its code."""
    assert chat.taps(words.B_OPEN) == [words.WHICH_LESSON]
    assert chat.taps(LESSON.title) == [words.WHICH_VENUE]
    told, caption = chat.says(venue) if venue else chat.taps(words.B_NO_VENUE)
    assert LESSON.title in told
    code = re.search(r"(\d{3}) (\d{3})", caption)
    assert code
    return code[1] + code[2]


def test_a_whole_class_is_led_from_a_chat(chat: Chat, hall: Hall, office: Office, minh: Account) -> None:
    code = opened(chat)
    bubble = chat.someone.sees()[-1]
    assert bubble["picture"]
    assert f"https://gocua.example/lop/chieu/{code}" in bubble["text"]
    hall.agrees("w3")
    for who in ("w1", "w2", "w3"):
        hall.says(who, code)

    first, second = chat.taps("Bắt đầu: Chào"), chat.taps("Tiếp: Cài")
    hall.settle()
    assert "Dạ tụi em chào." in first[0]
    assert second[0].startswith("Phần 2/4: Cài (10 phút)")
    assert "3 ghế" in second[0]
    assert hall.heard("w1")[-2:] == [STEP, "Cài app nha anh/chị."]

    hall.says("w1", "xong")
    assert chat.taps(words.B_STUCK) == [words.NOBODY_STUCK]
    [board] = chat.says("cả lớp tới đâu")
    assert "3 ghế" in board
    assert "Bước 2: Mở: 1" in board
    assert chat.says("không máy 5") == [words.COUNTED.format(count=5)]
    assert chat.taps("Nhắc lại bước") == [words.AGAIN]
    hall.settle()
    assert hall.heard("w3").count(STEP) == 1

    [sure] = chat.says("3")
    assert "ghế 3" in sure
    assert words.NOT_SAID.format(seats=3) in sure
    [taken] = chat.taps(words.B_SEEN)
    assert taken.endswith("đã ghi ghế 3.")
    assert chat.taps(words.B_END) == [words.ASK_END]
    assert "3 ghế, 5 người không máy" in chat.taps(words.B_YES_END)[0]
    assert chat.says("tiếp")[0] == words.NO_CLASS

    with hall.store.engine.connect() as connection:
        assert list(connection.execute(select(completion.c.task, completion.c.evidence))) == [(TASK, "trainer")]
    [ended] = [row.entry for row in hall.store.audit.latest(1)]
    assert (ended.actor, ended.action) == (minh.actor, "class_end")


@pytest.mark.parametrize("said", ["TIẾP THEO", "/tiep@lop_hoc_bot", "qua phan ke"])
def test_words_with_and_without_marks_mean_the_same(chat: Chat, said: str) -> None:
    opened(chat, venue="")
    assert chat.says(said)[0].startswith("Phần 1/4")
    chat.says("tan lớp")
    chat.taps(words.B_YES_END)


def test_a_button_pressed_twice_and_a_word_told_again_lead_one_part_on(
    chat: Chat, office: Office, minh: Account, clock: Clock
) -> None:
    opened(chat, venue="")
    for _ in range(2):
        assert chat.taps("Bắt đầu: Chào")[0].startswith("Phần 1/4")
    clock.move(seconds=5)
    # typed three times while nothing seemed to happen
    assert [chat.says("tiếp")[0][:8] for _ in range(3)] == ["Phần 2/4"] * 3
    clock.move(seconds=5)
    assert chat.says("tiếp")[0].startswith("Phần 3/4")
    clock.move(seconds=5)
    assert chat.says("lùi")[0].startswith("Phần 2/4")


def test_a_tap_that_arrived_late_is_done_all_the_same(chat: Chat) -> None:
    opened(chat, venue="")
    late = {"code": 400, "description": "Bad Request: query is too old", "method": "answerCallbackQuery"}
    chat.someone.control.post("refuse", **late)
    assert chat.taps("Bắt đầu: Chào")[0].startswith("Phần 1/4")


def test_beyond_the_ends_of_a_lesson_there_is_nothing(chat: Chat, clock: Clock) -> None:
    opened(chat, venue="")
    assert chat.says("lùi") == [words.FIRST_PART]
    for _ in LESSON.parts:
        clock.move(seconds=5)
        chat.says("tiếp")
    clock.move(seconds=5)
    assert chat.says("tiếp") == [words.LAST_PART]


def test_two_classes_at_once_are_told_apart(chat: Chat, hall: Hall, minh: Account, office: Office) -> None:
    first, second = (hall.open(minh) for _ in range(2))
    assert chat.says("tiếp") == [words.WHICH_CLASS]
    labels = chat.labels()
    assert len(labels) == 2
    assert chat.forges(f"cl:{second.id}")[0].startswith(LESSON.title)
    assert chat.says("tiếp")[0].startswith("Phần 1/4")
    found = [office.schedule.find(each.id) for each in (first, second)]
    assert [each.part if each else None for each in found] == ["", "chao"]


def test_a_planned_class_is_not_led_before_its_doors_open(chat: Chat, hall: Hall, minh: Account, clock: Clock) -> None:
    planned = hall.open(minh, starts_at=clock() + EARLY * 2)
    assert chat.says("tiếp")[0].startswith("Dạ lớp này bắt đầu lúc")
    clock.move(seconds=EARLY.total_seconds() + 1)
    assert chat.says("tiếp")[0].startswith("Phần 1/4")
    assert planned.part == ""


def test_the_class_of_another_trainer_is_out_of_reach(chat: Chat, hall: Hall, office: Office) -> None:
    opened(chat, venue="")
    foreign = hall.found
    for data in (f"go:{foreign.id}:cai", f"en:{foreign.id}:yes", f"cy:{foreign.id}:0:1", "go:x:y", "zz", "cp:1", "np"):
        assert chat.forges(data) == [words.CLASS_GONE]
    still = office.schedule.find(foreign.id)
    assert still is not None
    assert (still.part, still.ends_at) == (foreign.part, foreign.ends_at)
    assert chat.says("cả lớp")[0].startswith(LESSON.title)
