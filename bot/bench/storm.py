"""A storm of signed webhooks against a bot that serves, with the Official Account's stand-in as its platform.

Everything goes over real HTTP between real processes. Afterwards each person's chat, as the stand-in saw it, is held
against what a bot says to the same words in peace: nothing may be lost, doubled or out of order.
"""

import asyncio
import contextlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from aiohttp import ClientError, ClientSession
from rich.console import Console
from rich.table import Table

from bot.bench.served import WEBHOOK, ServedBot, answers_in_peace, database, free_port, serving_on, signed, writing
from bot.bench.turns import SCRIPT
from bot.settings import PROJECT, Settings, SettingsError

Weather = Literal["calm", "kill", "away"]

# shares of the posts: sent twice, and held back so that others overtake
_DOUBLED = 0.10
_LATE = 0.05

# seconds without anything new arriving after which the storm counts as over
_QUIET = 75.0

_KILLS = 20


@dataclass(frozen=True, slots=True)
class Storm:
    """``rate`` posts a second for ``seconds``, by ``people``; the bot has so many ``processes``."""

    weather: Weather = "calm"
    rate: int = 200
    seconds: float = 60.0
    people: int = 500
    postgres: bool = False
    processes: int = 1


@dataclass(slots=True)
class Seen:
    """What came of a storm. Latencies are seconds until a post was acknowledged; posts refused were sent again."""

    storm: Storm
    latencies: list[float] = field(default_factory=list)
    again: int = 0
    lost: int = 0
    doubled: int = 0
    reordered: int = 0
    expected: int = 0
    seconds: float = 0.0


def measure_storm(settings: Settings, console: Console, storm: Storm) -> None:
    """Print what came of it as a table. Raises ``SettingsError`` outside a source checkout."""
    if not (PROJECT / "tests" / "stand_ins").is_dir():
        raise SettingsError("bench storm cần thư mục mã nguồn, nơi có các máy chủ giả.")
    table = Table(title="Bão webhook (Zalo OA giả, HTTP thật)", title_justify="left")
    for heading in ("cơ sở dữ liệu", "chuyện gì", "tin", "xác nhận p50/p99 ms", "gửi lại", "mất", "đôi", "đảo", "giây"):
        table.add_column(heading, justify="right")
    table.add_row(*_row(asyncio.run(_storm(settings, storm, expected=_expected(settings, storm)))))
    console.print(table)


def _row(seen: Seen) -> tuple[str, ...]:
    ranked = sorted(seen.latencies)
    p50, p99 = (ranked[int(len(ranked) * share)] * 1000 for share in (0.5, 0.99))
    weather = {"calm": "yên", "kill": f"kill -9 {_KILLS} lần", "away": "mất cơ sở dữ liệu"}[seen.storm.weather]
    return (
        "PostgreSQL" if seen.storm.postgres else "SQLite", weather, f"{len(ranked):,}", f"{p50:.1f} / {p99:.1f}",
        f"{seen.again:,}", str(seen.lost), str(seen.doubled), str(seen.reordered), f"{seen.seconds:.0f}",
    )  # fmt: skip


# ---- what should be said ----


def _script(storm: Storm) -> list[str]:
    each = max(int(storm.rate * storm.seconds / storm.people), 1)
    return [SCRIPT[at % len(SCRIPT)] for at in range(each)]


def _expected(settings: Settings, storm: Storm) -> list[str]:
    """The texts one person reads who follows and then writes the script, in order."""
    return [part.text for answer in answers_in_peace(settings, (None, *_script(storm))) for part in answer]


# ---- the platform ----


@contextlib.contextmanager
def _stand_in() -> Iterator[tuple[str, dict[str, str]]]:
    """The platform, and what its console shows: the first tokens."""
    port = free_port()
    words = [sys.executable, "-m", "tests.stand_ins.zalo_oa", "--port", str(port), "--rate", "0", "--pace", "0.01"]
    with subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        told: dict[str, str] = {}
        try:
            assert process.stdout is not None  # noqa: S101 - it was asked for
            for line in process.stdout:
                name, _, value = line.strip().partition(": ")
                told[name] = value
                if name == "refresh token":
                    break
            yield f"http://127.0.0.1:{port}", told
        finally:
            process.terminate()


# ---- the storm ----


async def _storm(settings: Settings, storm: Storm, *, expected: list[str]) -> Seen:
    seen = Seen(storm, expected=len(expected) * storm.people)
    with tempfile.TemporaryDirectory() as name, _stand_in() as (platform, told):
        folder = Path(name)
        with database(folder, postgres=storm.postgres) as (address, server):
            bot = serving_on(settings, folder, address, platform, storm.processes)
            bot.log_in(told["access token"], told["refresh token"])
            bot.start()
            try:
                async with writing() as client:
                    await bot.is_ready(client)
                    people = await _arrive(client, platform, bot.address, storm)
                    began = time.monotonic()
                    weather = asyncio.create_task(_weather(storm, bot, address, server))
                    await asyncio.gather(*(_person(client, bot, each, seen) for each in people))
                    await weather
                    await _judge(client, platform, people, expected, seen)
                    seen.seconds = time.monotonic() - began
            finally:
                bot.stop()
    return seen


async def _arrive(client: ClientSession, platform: str, bot: str, storm: Storm) -> list[str]:
    """People who follow the account: the platform tells the bot, and its window is open."""
    people = []
    await _control(client, platform, "webhook", url=f"{bot}{WEBHOOK}")
    for at in range(storm.people):
        person = str((await _control(client, platform, "people", name=f"Người {at}"))["id"])
        await _control(client, platform, "follow", user=person, follows=True)
        people.append(person)
    if storm.weather != "kill":
        # echoes of what the bot sends are not part of the storm; after a kill they tell what had arrived
        await _control(client, platform, "webhook", url="")
    return people


async def _control(client: ClientSession, platform: str, path: str, **given: Any) -> dict[str, Any]:
    async with client.post(f"{platform}/_control/{path}", json=given) as answer:
        found: dict[str, Any] = await answer.json()
        return found


async def _person(client: ClientSession, bot: ServedBot, person: str, seen: Seen) -> None:
    """One person writes the script, each line once the one before was acknowledged."""
    storm = seen.storm
    pause = storm.people / storm.rate
    await asyncio.sleep(random.random() * pause)
    for text in _script(storm):
        next_at = time.monotonic() + pause
        if random.random() < _LATE:
            await asyncio.sleep(random.random() * pause / 2)
        body, headers = signed(person, text)
        first = asyncio.create_task(_post(client, bot, body, headers, seen))
        if random.random() < _DOUBLED:
            await _post(client, bot, body, headers, seen)
        await first
        await asyncio.sleep(max(next_at - time.monotonic(), 0))


async def _post(client: ClientSession, bot: ServedBot, body: bytes, headers: dict[str, str], seen: Seen) -> None:
    """Until it is acknowledged, as the platform does, only sooner."""
    while True:
        began = time.monotonic()
        with contextlib.suppress(ClientError, TimeoutError):
            async with client.post(f"{bot.address}{WEBHOOK}", data=body, headers=headers) as answer:
                if answer.status == 200:
                    seen.latencies.append(time.monotonic() - began)
                    return
        seen.again += 1
        await asyncio.sleep(0.2)


async def _weather(storm: Storm, bot: ServedBot, address: str, server: Any) -> None:
    if storm.weather == "kill":
        for _ in range(_KILLS):
            await asyncio.sleep(storm.seconds / (_KILLS + 1))
            bot.kill()
            bot.start()
    if storm.weather == "away":
        await asyncio.sleep(5)
        if server is not None:
            await asyncio.to_thread(server.stop)
            await asyncio.sleep(storm.seconds)
            await asyncio.to_thread(server.start)
        else:
            await asyncio.to_thread(_hold, address.removeprefix("sqlite:///"), storm.seconds)


def _hold(database: str, seconds: float) -> None:
    """Nobody else can write, as when a disk hangs."""
    with contextlib.closing(sqlite3.connect(database, timeout=30, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        threading.Event().wait(seconds)
        connection.execute("ROLLBACK")


# ---- the judgement ----


async def _judge(client: ClientSession, platform: str, people: Sequence[str], expected: list[str], seen: Seen) -> None:
    """Wait until everything has arrived, or nothing more does."""
    arrived, since = -1, time.monotonic()
    chats: list[list[str]] = []
    while time.monotonic() - since < _QUIET:
        chats = [chat async for chat in _chats(client, platform, people)]
        now = sum(map(len, chats))
        if now >= len(expected) * len(people):
            break
        if now != arrived:
            arrived, since = now, time.monotonic()
        await asyncio.sleep(1.0)
    for chat in chats:
        _hold_against(expected, chat, seen)


async def _chats(client: ClientSession, platform: str, people: Sequence[str]) -> AsyncIterator[list[str]]:
    for person in people:
        async with client.get(f"{platform}/_control/chat", params={"user": person}) as answer:
            view = await answer.json()
        yield [bubble["text"] for bubble in view["bubbles"] if not bubble["mine"]]


def _hold_against(expected: list[str], chat: list[str], seen: Seen) -> None:
    """Count what differs: texts missing, texts too many, and whether the rest stands in another order."""
    if chat == expected:
        return
    should, did = Counter(expected), Counter(chat)
    seen.lost += (should - did).total()
    seen.doubled += (did - should).total()
    if should == did:
        seen.reordered += 1
        return
    # without what came twice in a row, the order must still be that of the script
    left = iter(expected)
    in_order = all(any(text == wanted for wanted in left) for text in _once(chat, expected))
    seen.reordered += 0 if in_order else 1


def _once(chat: list[str], expected: list[str]) -> list[str]:
    """The chat without its surplus, whatever stands closest behind its twin going first."""
    surplus = Counter(chat) - Counter(expected)
    kept: list[str] = []
    for text in chat:
        if surplus[text] and text in kept[-6:]:
            surplus[text] -= 1
        else:
            kept.append(text)
    return kept
