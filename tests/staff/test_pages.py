"""Pages of real lessons: they fit into Telegram's messages and buttons, and say nothing but seat numbers of people."""

import datetime as dt
import json
import re
from dataclasses import replace

import pytest

from bot.bootstrap import read_content
from bot.classes.board import Board, look
from bot.classes.roll import Seated
from bot.classes.schedule import OpenClass
from bot.content.lessons import Lesson
from bot.content.library import Library
from bot.core.state import Place, State, parse_place
from bot.settings import load_settings
from bot.staff import pages, words
from bot.staff.commands import COMMANDS, read
from bot.staff.pages import Page
from bot.staff.taps import MOST_BYTES, data
from tests.fakes import Clock

# what one message holds, what a picture's caption holds
TEXT, CAPTION = 4096, 1024

NOW = Clock()()
FOUND = OpenClass(
    99_999, "482913", "vneid_muc_2", "short", "27139", "", "", 40, 0, NOW, NOW, NOW, NOW + dt.timedelta(hours=3)
)


@pytest.fixture(scope="module")
def library() -> Library:
    return read_content(load_settings())


def every_class(library: Library) -> list[tuple[OpenClass, Lesson]]:
    """Each lesson in each length at each of its parts."""
    return [
        (replace(FOUND, lesson=lesson.name, length=length, part=part.name, part_at=NOW), lesson)
        for lesson in library.lessons.values()
        for length in lesson.minutes
        for part in lesson.parts_of(length)
    ]


def stuck_states(library: Library) -> list[str]:
    """Forty people, each at a remedy of a step; the longest first."""
    found = [
        (step.symptoms[0], f"{dialog.name}.{step.name}?{step.symptoms[0]}:0")
        for dialog in library.book.dialogs.values()
        for step in dialog.steps.values()
        if step.symptoms
    ]
    found.sort(key=lambda each: -len(library.book.symptoms[each[0]].attempts[0].wording.say))
    return [_stored(Place(*parse_place(place))) for _, place in (found * 40)[:40]]


def _stored(place: Place) -> str:
    return json.dumps(State(path=(place,), slots={"phone": "iphone"}).to_dict())


def board_of(library: Library, found: OpenClass, lesson: Lesson, states: list[str]) -> Board:
    seated = [Seated(number, state) for number, state in enumerate(states, 1)]
    return look(library.book, lesson, found, seated, NOW)


def fits(page: Page, most: int) -> None:
    assert 0 < len(page.text.encode("utf-16-le")) // 2 <= most
    for label, tapped in (key for row in page.rows for key in row):
        assert 0 < len(label) <= 60
        assert len(tapped.encode()) <= MOST_BYTES


def test_every_part_of_every_lesson_fits_into_a_message(library: Library) -> None:
    for found, lesson in every_class(library):
        board = board_of(library, found, lesson, [])
        for page in (pages.part_page(found, board), pages.board_page(found, board), pages.count_page(found)):
            fits(page, TEXT)
        fits(pages.code_page(found, board, "https://gocua.thanhpho.example.gov.vn/lop/chieu/482913"), CAPTION)


def test_forty_stuck_seats_fit_into_one_message(library: Library) -> None:
    lesson = library.lessons[FOUND.lesson]
    board = board_of(library, replace(FOUND, part="cai_dat"), lesson, stuck_states(library))
    assert len(board.help) == 40
    page = pages.stuck_page(FOUND, board)
    fits(page, TEXT)
    told = re.findall(r"^Ghế (\d+), iPhone · Bước", page.text, re.MULTILINE)
    assert told == [str(seat) for seat in range(1, 11)]
    assert page.text.endswith("Và các ghế: " + ", ".join(str(seat) for seat in range(11, 41)))
    assert "→" in page.text


def test_what_is_chosen_while_opening_fits_into_a_button(library: Library) -> None:
    for lesson in library.lessons.values():
        for length in lesson.minutes:
            assert len(data("ve", lesson.name, length, "27139").encode()) <= MOST_BYTES
            assert length in words.LENGTHS or len(lesson.minutes) == 1


def test_the_words_of_a_command_mean_it(library: Library) -> None:
    for command, (name, _, said) in COMMANDS.items():
        assert {read(each).command for each in (f"/{name}", f"/{name}@lop_bot", *said)} == {command}


def test_the_words_of_the_help_are_understood() -> None:
    listed = words.HELP.split("\n")[1].split(" · ")
    assert [each for each in listed if not read(each).command] == []
