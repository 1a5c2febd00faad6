"""Measures turns: the engine alone, and whole stored turns on SQLite with synchronous=FULL."""

import statistics
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.bench.meter import seconds_of
from bot.bootstrap import Bot, build_bot
from bot.channels.messages import ContactKey, Incoming
from bot.core.engine import advance
from bot.core.events import ButtonPressed, ChatOpened
from bot.core.replies import Offer
from bot.core.state import State
from bot.settings import Settings

# what an honest chat does: mostly the first button, now and then stuck, asking again, or words nobody understands
SCRIPT = ("1", "1", "1", "2", "1", "1", "nhac lai", "1", "1", "tui hong biet bam cho nao", "1", "3", "1")


@dataclass(frozen=True, slots=True)
class Measured:
    """Turns a second, and the milliseconds of one turn for which half and 99 % were quicker."""

    name: str
    rate: float
    p50: float
    p99: float


def growth_of_long_chat(settings: Settings) -> float:
    """The cost of the 1,000th turn of one stored chat against the 100th."""
    with tempfile.TemporaryDirectory() as folder:
        early, late = _long_chat(build_bot(_quiet(settings, Path(folder))))
    return late / early


def measure_turns(settings: Settings, console: Console) -> None:
    """Print a table of the rates. The database stands in a temporary folder that goes away."""
    with tempfile.TemporaryDirectory() as folder:
        bot = build_bot(_quiet(settings, Path(folder)))
        measured = [_engine_alone(bot), _one_by_one(bot), _together(bot)]
        early, late = _long_chat(bot)
    table = Table(title="Một lượt trả lời (một nhân CPU)", title_justify="left")
    for heading in ("đo gì", "lượt/giây", "p50 ms", "p99 ms"):
        table.add_column(heading, justify="left" if heading == "đo gì" else "right")
    for each in measured:
        table.add_row(each.name, f"{each.rate:,.0f}", f"{each.p50:.3f}", f"{each.p99:.3f}")
    console.print(table)
    console.print(f"Lượt thứ 1.000 của một cuộc trò chuyện so với lượt thứ 100: {late / early:.2f} lần.")


def _quiet(settings: Settings, folder: Path) -> Settings:
    """A database and keys that go away, and no channel."""
    return replace(settings, database_url=f"sqlite:///{folder / 'bench.db'}", keys=folder / "keys.json", channels=())


def _engine_alone(bot: Bot, turns: int = 40_000) -> Measured:
    book, state = bot.library.book, State()
    turn = advance(book, state, ChatOpened())
    times = []
    for index in range(turns):
        offer = turn.replies[-1]
        assert isinstance(offer, Offer)  # noqa: S101 - every turn ends with its answers
        # "Nghe lại", "Chưa được" and the way on take turns
        button = offer.buttons[(0, 0, 0, 1, 0, 2)[index % 6] % len(offer.buttons)]
        event = ButtonPressed(button=button.id)
        began = time.perf_counter()
        turn = advance(book, turn.state, event)
        times.append(time.perf_counter() - began)
    return _measured("bộ máy (advance)", times, sum(times))


def _one_by_one(bot: Bot, turns: int = 3_000) -> Measured:
    times = []
    for index in range(turns):
        incoming = Incoming(ContactKey("bench", f"one-{index % 50}"), text=SCRIPT[index // 50 % len(SCRIPT)])
        times.append(seconds_of(lambda incoming=incoming: bot.worker.handle(incoming)))  # type: ignore[misc]
    return _measured("trọn lượt, từng người một", times, sum(times))


def _together(bot: Bot, people: int = 500, rounds: int = 20) -> Measured:
    bot.worker.start()
    times: list[float] = []
    began = time.perf_counter()
    for index in range(rounds):
        sent = time.perf_counter()
        text = SCRIPT[index % len(SCRIPT)]
        waiting = [bot.worker.ask(Incoming(ContactKey("bench", f"many-{each}"), text=text)) for each in range(people)]
        for future in waiting:
            future.result()
            times.append(time.perf_counter() - sent)
    whole = time.perf_counter() - began
    bot.worker.stop()
    return _measured(f"trọn lượt, {people} người cùng lúc", times, whole)


def _long_chat(bot: Bot) -> tuple[float, float]:
    """The median cost of a turn around the 100th and around the 1,000th of one chat."""
    contact = ContactKey("bench", "long")
    times = []
    for index in range(1_050):
        incoming = Incoming(contact, text=SCRIPT[index % len(SCRIPT)])
        times.append(seconds_of(lambda incoming=incoming: bot.worker.handle(incoming)))  # type: ignore[misc]
    return statistics.median(times[50:150]), statistics.median(times[950:1_050])


def _measured(name: str, times: list[float], whole: float) -> Measured:
    ranked = sorted(times)
    p50, p99 = ranked[len(ranked) // 2], ranked[len(ranked) * 99 // 100]
    return Measured(name, len(times) / whole, p50 * 1000, p99 * 1000)
