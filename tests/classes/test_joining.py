"""Seats: who has one, whose it stays when keys, phones and minds change; and which six digits are no class's code."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.bootstrap import entities, foreign_words, plain_words
from bot.channels.messages import ClassCall, ContactKey, Incoming
from bot.classes.joining import Joining
from bot.content.library import load_library
from bot.core.events import ClassFull, ClassJoined, ClassNotFound
from bot.entrance import Entrance
from bot.nlu.languages import Languages
from bot.nlu.understanding import Understanding
from bot.settings import PROJECT
from bot.store.renewal import Renewal
from bot.store.schema import seat
from bot.store.sealing import Keyring
from bot.store.seats import who_sits
from bot.store.writer import Job
from bot.worker import Worker
from tests.classes.hall import LESSON, Hall
from tests.fakes import open_test_store, small_assistant

ENDED, STEP = "(class_ended)", "(class_step)"


def sitting(hall: Hall, keyring: Keyring | None = None) -> dict[int, tuple[str, str]]:
    """The channel and the name there of everybody, by seat."""
    with hall.store.engine.connect() as connection:
        rows = connection.execute(select(seat).order_by(seat.c.number)).all()
    people = {row.number: who_sits(keyring or hall.store.keyring, row) for row in rows}
    return {number: (who.channel, who.user) for number, who in people.items()}


# ---- whose seat it is ----


@pytest.mark.parametrize("joined_there", [False, True], ids=["nobody sat there", "somebody sat there"])
def test_a_seat_goes_with_its_person_to_another_phone(hall: Hall, joined_there: bool) -> None:
    hall.says("old", hall.code)
    if joined_there:
        hall.says("new", hall.code, channel="web")
    hall.moves("old", "new")
    assert sitting(hall) == {2 if joined_there else 1: ("web", "new")}
    hall.tap("open", "cai")
    assert hall.heard("new", channel="web")[-2:] == [STEP, "Cài app nha anh/chị."]
    assert STEP not in hall.heard("old")


def test_a_step_on_its_way_does_not_bring_a_chat_back_that_was_left(hall: Hall) -> None:
    hall.says("old", hall.code)
    hall.moves("old", "new")
    call = ClassCall(ContactKey("pushed", "old"), "viec", "cai_dat", id="late")
    hall.store.writer.do(Job(hall.store.inbox.put), hall.store.inbox.seal(call))
    hall.settle()
    assert STEP not in hall.heard("old")


def test_who_leaves_gives_the_seat_up(hall: Hall) -> None:
    hall.says("a", hall.code)
    assert hall.says("a", "rời lớp")[0] == "(class_left)"
    assert sitting(hall) == {}
    hall.tap("open", "cai")
    assert STEP not in hall.heard("a")


def test_seats_are_sealed_anew_by_a_later_key(hall: Hall) -> None:
    hall.says("a", hall.code)
    hall.says("b", hall.code, channel="web")
    before = sitting(hall)
    both = Keyring({1: bytes(range(32)), 2: bytes(range(32, 64))})
    renewal = Renewal(both, hall.store.writer)
    while renewal.step():
        pass
    with hall.store.engine.connect() as connection:
        rows = connection.execute(select(seat)).all()
    assert {value.partition(".")[0] for row in rows for value in (row.address, row.lookup)} == {"2"}
    assert sitting(hall, both) == before


def test_a_seat_nobody_can_read_any_longer_is_given_up(hall: Hall) -> None:
    hall.says("a", hall.code)
    with hall.store.engine.begin() as connection:
        connection.execute(seat.update().values(address="1.AAAA"))
    both = Keyring({1: bytes(range(32)), 2: bytes(range(32, 64))})
    while Renewal(both, hall.store.writer).step():
        pass
    with hall.store.engine.connect() as connection:
        assert connection.execute(select(seat)).all() == []


def test_many_at_once_have_a_seat_each(hall: Hall) -> None:
    joining = Joining(hall.store, {LESSON.name: LESSON})
    with ThreadPoolExecutor(8) as pool:
        joined = list(pool.map(lambda who: joining.join(hall.code, ContactKey("pushed", f"{who % 30}")), range(60)))
    seats = {event.seat for event in joined if isinstance(event, ClassJoined)}
    assert seats == set(range(1, 31))
    assert sum(isinstance(event, ClassJoined) and event.again for event in joined) == 30


# ---- the end ----


def test_who_is_in_the_middle_hears_once_that_the_class_is_over(hall: Hall) -> None:
    for who in ("middle", "done"):
        hall.says(who, hall.code)
    hall.tap("open", "cai")
    for line in ("xong", "xong"):
        hall.says("done", line)
    hall.presses("done", "Thấy rồi")
    hall.tap("end", id="first")
    hall.tap("end", id="second")
    assert {who: hall.heard(who).count(ENDED) for who in ("middle", "done")} == {"middle": 1, "done": 0}
    assert [each.number for each in hall.roll.seated(hall.found.id)] == [1, 2]


# ---- codes, and what looks like one ----


class AnyCode:
    """A door that lets everybody in and keeps what was typed."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    def join(self, code: str, who: ContactKey) -> ClassJoined | ClassFull | ClassNotFound:
        self.tried.append(code)
        return ClassNotFound()


LINES = [
    ("with its word", ["vào lớp 314159"], ["314159"]),
    ("in two groups", ["mã lớp 314 159"], ["314159"]),
    ("behind the word for it", ["vô lớp", "314159"], ["314159"]),
    ("mistyped, then with its word", ["vô lớp", "314158", "vào lớp 314159"], ["314158", "314159"]),
    ("mistyped twice, the second time bare", ["vô lớp", "314158", "314159"], ["314158"]),
    ("hidden once, then with its word", ["314159", "mã lớp 314 159"], ["314159"]),
    ("six digits out of nowhere", ["482913"], []),
    ("an OTP right after joining", ["vào lớp 314159", "482913"], ["314159"]),
    ("an OTP named as one", ["mã otp 482913"], []),
    ("an OTP after the word class", ["vô lớp", "mã otp 482913"], []),
    ("five digits", ["vào lớp 31415"], []),
]


@pytest.fixture(scope="module")
def languages() -> Languages:
    library = load_library(PROJECT)
    return Languages(Understanding(plain_words(library.words), None, entities(library)), foreign_words(library))


@pytest.mark.parametrize(("typed", "tried"), [line[1:] for line in LINES], ids=[line[0] for line in LINES])
def test_only_a_code_of_a_class_is_looked_up(
    typed: list[str], tried: list[str], languages: Languages, tmp_path: Path
) -> None:
    store, door, entrance = open_test_store(tmp_path), AnyCode(), Entrance(lambda: 0.0)
    assistant = small_assistant(understand=languages.understand, join=door.join)
    worker = Worker(assistant, store.inbox, store.writer, now=store.now)
    for text in typed:
        worker.handle(entrance.hide(Incoming(ContactKey("pushed", "a"), text=text)))
    store.engine.dispose()
    assert door.tried == tried
