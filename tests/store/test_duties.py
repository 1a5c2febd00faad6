"""One process at a time has a duty; who dies is replaced."""

from collections.abc import Callable

from bot.store.store import Store
from tests.fakes import Clock


def test_a_duty_belongs_to_one_until_it_ends_or_is_left(open_store: Callable[..., Store], clock: Clock) -> None:
    here, there = open_store(clock, holder="đây").duties, open_store(clock, holder="kia").duties
    assert here.take("quét", seconds=10)
    assert not there.take("quét", seconds=10)
    assert there.take("gửi", seconds=10)
    clock.move(seconds=8)
    assert here.take("quét", seconds=10)
    clock.move(seconds=8)
    assert not there.take("quét", seconds=10)
    clock.move(seconds=3)
    assert there.take("quét", seconds=10)
    assert not here.take("quét", seconds=10)
    here.leave("quét")
    assert not here.take("quét", seconds=10)
    there.leave("quét")
    assert here.take("quét", seconds=10)


def test_others_duties_are_seen(open_store: Callable[..., Store], clock: Clock) -> None:
    here, there = open_store(clock, holder="đây").duties, open_store(clock, holder="kia").duties
    assert not here.is_others("gửi")
    assert there.take("gửi", seconds=10)
    assert (here.is_others("gửi"), there.is_others("gửi")) == (True, False)
    clock.move(seconds=11)
    assert not here.is_others("gửi")
