"""What a class came to: counted once when it ends, whoever ends it, and kept when nobody can be found any more."""

import asyncio
import datetime as dt
import threading
import time

from bot.classes.confirming import Saw
from bot.entrance import Entrance
from bot.metrics import Metrics
from bot.retention import sweep
from bot.running import Running
from bot.store.schema import class_result
from tests.classes.hall import Hall
from tests.fakes import TASK, Clock


def taught(hall: Hall) -> None:
    """Four sit there: one finished, one at the second step, one at the first, one asked for a human being."""
    for who in "abcd":
        hall.agrees(who)
        hall.says(who, hall.code)
    hall.tap("open", "cai")
    for who, said in (("a", "xong"), ("b", "xong"), ("a", "xong"), ("d", "gặp người")):
        hall.says(who, said)
    hall.presses("a", "Thấy rồi")
    hall.tap("without_phone", count=7)


def test_a_class_is_counted_once_it_has_ended_and_no_second_time(hall: Hall) -> None:
    taught(hall)
    assert (hall.results.settle(), hall.results.of(hall.found)) == (0, None)
    hall.tap("end")
    assert (hall.results.settle(), hall.results.settle()) == (1, 0)
    hall.says("b", "xong")
    result = hall.results.of(hall.found)
    assert result is not None
    assert result.reached == {"": 1, "viec.cai_dat": 2, "viec.mo_app": 1}
    assert (result.finished, result.confirmed) == ({TASK: 1}, {})
    assert (hall.found.seats, hall.found.without_phone) == (4, 7)


def test_a_class_nobody_ended_is_counted_too(hall: Hall, clock: Clock) -> None:
    taught(hall)
    clock.moment = hall.found.ends_at
    assert hall.results.settle() == 1


def test_what_is_confirmed_after_the_class_belongs_to_it(hall: Hall) -> None:
    taught(hall)
    hall.tap("end")
    hall.results.settle()
    for seat in (1, 2, 3):
        hall.confirming.say(hall.led, Saw(seat, "", TASK))
    hall.confirming.say(hall.led, Saw(3, "", TASK, finished=False))
    result = hall.results.of(hall.found)
    assert result is not None
    assert result.confirmed == {TASK: 2}


def test_the_results_outlive_the_seats(hall: Hall, clock: Clock) -> None:
    taught(hall)
    hall.confirming.say(hall.led, Saw(1, "", TASK))
    found = hall.found
    hall.tap("end")
    hall.results.settle()
    before = hall.results.of(found)
    clock.move(hours=30)
    sweep(hall.store.engine, now=clock())
    assert hall.roll.seated(found.id) == []
    assert hall.results.of(found) == before
    clock.move(days=731)
    sweep(hall.store.engine, now=clock() + dt.timedelta(days=1))
    with hall.store.engine.connect() as connection:
        assert connection.execute(class_result.select()).all() == []


def test_a_class_called_off_has_nothing_to_count(hall: Hall, clock: Clock) -> None:
    hall.lead(hall.open(starts_at=clock() + dt.timedelta(days=2)))
    hall.tap("end")
    hall.results.settle()
    result = hall.results.of(hall.found)
    assert result is not None
    assert (result.reached, result.finished, result.confirmed) == ({}, {}, {})


def test_a_bot_at_work_counts_what_has_ended(hall: Hall) -> None:
    hall.tap("end")
    counted = threading.Event()

    def settle() -> int:
        ended = hall.results.settle()
        counted.set()
        return ended

    running = Running(
        worker=hall.worker,
        store=hall.store,
        entrance=Entrance(time.monotonic),
        metrics=Metrics(),
        lines=(),
        by_number=str,
        polls=False,
        remind=lambda now: 0,
        settle_classes=settle,
    )

    async def work() -> None:
        async with running.at_work():
            assert await asyncio.to_thread(counted.wait, 30)

    asyncio.run(work())
    assert hall.results.of(hall.found) is not None
