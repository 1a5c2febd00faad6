"""Measures a bot that serves: from a signed webhook to the reply handed to the channel, over real HTTP.

People and platform live in the measuring process, as light as they can be; the bot runs as its own processes.
"""

import asyncio
import itertools
import os
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvloop
from aiohttp import ClientSession, web
from rich.console import Console
from rich.table import Table

from bot.bench.meter import resident_mb
from bot.bench.served import WEBHOOK, ServedBot, answers_in_peace, database, serving_on, signed, writing
from bot.bench.turns import SCRIPT
from bot.settings import Settings, SettingsError

# seconds until an answer that does not come is an error
_PATIENCE = 30.0

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Load:
    """So many ``people`` who each write on as soon as they were answered, for ``seconds``, to so many ``processes``."""

    people: int = 64
    seconds: float = 20.0
    processes: int = 1
    postgres: bool = False


@dataclass(frozen=True, slots=True)
class Served:
    """What came of a load: turns a second, CPU milliseconds of the bot for a turn, milliseconds until the answer."""

    load: Load
    rate: float
    cpu_ms: float
    p50: float
    p99: float
    memory_mb: float
    ready_s: float


@dataclass(slots=True)
class Platform:
    """Takes what the bot sends, and tells each person's chat that a part has arrived."""

    arrived: dict[str, asyncio.Queue[str]] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/v3.0/oa/message/cs", self.take)
        app.router.add_post("/v2.0/oa/upload/image", self.keep)
        app.router.add_post("/v4/oa/access_token", self.grant)
        return app

    async def take(self, request: web.Request) -> web.Response:
        sent = await request.json()
        user = sent["recipient"]["user_id"]
        self.arrived[user].put_nowait(sent["message"].get("text", ""))
        return web.json_response({"error": 0, "data": {"message_id": str(next(self.numbers)), "user_id": user}})

    async def keep(self, request: web.Request) -> web.Response:
        await request.read()
        return web.json_response({"error": 0, "data": {"attachment_id": f"picture-{next(self.numbers)}"}})

    async def grant(self, request: web.Request) -> web.Response:
        return web.json_response({"access_token": "access" * 4, "refresh_token": "refresh" * 4, "expires_in": "90000"})


def measure_serving(settings: Settings, console: Console, loads: Sequence[Load]) -> None:
    """Print a table with a row for each load. Raises ``SettingsError``."""
    table = Table(title="Từ webhook tới tay nền tảng (HTTP thật, cùng máy với người nhắn)", title_justify="left")
    for heading in (
        "cơ sở dữ liệu",
        "tiến trình",
        "lượt/giây",
        "CPU ms/lượt",
        "trả lời p50/p99 ms",
        "MB",
        "sẵn sàng s",
    ):
        table.add_column(heading, justify="right")
    answers = answers_in_peace(settings, (None, *SCRIPT))
    for load in loads:
        served = uvloop.run(_served(settings, load, [len(answer) for answer in answers]))
        table.add_row(*_row(served))
    console.print(table)


def _row(served: Served) -> tuple[str, ...]:
    load = served.load
    return (
        "PostgreSQL" if load.postgres else "SQLite", str(load.processes), f"{served.rate:,.0f}",
        f"{served.cpu_ms:.2f}", f"{served.p50:.0f} / {served.p99:.0f}", f"{served.memory_mb:.0f}",
        f"{served.ready_s:.1f}",
    )  # fmt: skip


async def _served(settings: Settings, load: Load, parts: Sequence[int]) -> Served:
    platform = Platform()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with database(folder, postgres=load.postgres) as (address, _):
            async with listening(platform) as url, writing() as client:
                bot = serving_on(settings, folder, address, url, load.processes)
                await asyncio.to_thread(bot.log_in, "access" * 4, "refresh" * 4)
                began = time.monotonic()
                bot.start()
                try:
                    await bot.is_ready(client)
                    ready = time.monotonic() - began
                    crowd = _Crowd(client, bot, platform, parts)
                    before = _cpu_seconds(bot)
                    seconds = await crowd.write(load.people, load.seconds)
                    cpu = (_cpu_seconds(bot) - before) / (len(crowd.times) + load.people)
                    return Served(
                        load, len(crowd.times) / seconds, cpu * 1000, *_ranks(crowd.times), _memory(bot), ready
                    )
                finally:
                    await asyncio.to_thread(bot.stop)


@asynccontextmanager
async def listening(platform: Platform) -> AsyncIterator[str]:
    runner = web.AppRunner(platform.app(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@dataclass(slots=True)
class _Crowd:
    """People who write and wait. ``parts`` says how many parts answer the first words and each line of the script."""

    client: ClientSession
    bot: ServedBot
    platform: Platform
    parts: Sequence[int]
    # seconds of each turn, once the clock runs
    times: list[float] = field(default_factory=list)

    async def write(self, people: int, seconds: float) -> float:
        """Everybody's first words, then as many turns as go into these seconds; how long it really took."""
        names = [str(7_000_000_000_000_000_000 + number) for number in range(people)]
        await asyncio.gather(*(self._come(name) for name in names))
        began = time.monotonic()
        self.times.clear()
        await asyncio.gather(*(self._go_on(name, began + seconds) for name in names))
        return time.monotonic() - began

    async def _come(self, person: str) -> None:
        self.platform.arrived[person] = asyncio.Queue()
        await self._say(person, None, self.parts[0])

    async def _go_on(self, person: str, until: float) -> None:
        """Through the script, and again as somebody else, until the time is over."""
        while True:
            for text, parts in zip(SCRIPT, self.parts[1:], strict=True):
                await self._say(person, text, parts)
                if time.monotonic() >= until:
                    return
            person += "0"
            await self._come(person)

    async def _say(self, person: str, text: str | None, parts: int) -> None:
        """Post it, and wait for every part of the answer. Raises ``SettingsError`` where none comes."""
        body, headers = signed(person, text) if text else signed(person, "", "user_click_chatnow")
        began = time.monotonic()
        async with self.client.post(f"{self.bot.address}{WEBHOOK}", data=body, headers=headers) as answer:
            answer.raise_for_status()
        try:
            async with asyncio.timeout(_PATIENCE):
                for _ in range(parts):
                    await self.platform.arrived[person].get()
        except TimeoutError:
            raise SettingsError(f"không có câu trả lời sau {_PATIENCE:.0f} giây: số đo này không dùng được.") from None
        self.times.append(time.monotonic() - began)


def _ranks(times: Sequence[float]) -> tuple[float, float]:
    """Milliseconds in which half and 99 % were answered."""
    ranked = sorted(times)
    return ranked[len(ranked) // 2] * 1000, ranked[int(len(ranked) * 0.99)] * 1000


def _memory(bot: ServedBot) -> float:
    """That of the largest process."""
    return max(resident_mb(process.pid) for process in bot.running)


def _cpu_seconds(bot: ServedBot) -> float:
    """What all processes of the bot have used so far."""
    return sum(_used(process.pid) for process in bot.running)


def _used(process: int) -> float:
    # behind the name, which may hold anything: the 12th and 13th field are ticks in the program and in the kernel
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
