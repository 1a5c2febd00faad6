"""Measures a bot that serves: from a signed webhook to the reply handed to the channel, over real HTTP.

People and platform live in the measuring process, as light as they can be; the bot runs as its own processes.
"""

import asyncio
import itertools
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

from bot.bench.meter import cpu_seconds, resident_mb
from bot.bench.rasa_journey import measure_journey
from bot.bench.rasa_process import MISSING, PYTHON
from bot.bench.served import WEBHOOK, ServedBot, answers_in_peace, database, serving_on, signed, writing
from bot.bench.serving_figures import Served
from bot.bench.turns import SCRIPT, growth_of_long_chat
from bot.settings import Settings, SettingsError

# seconds until an answer that does not come is an error
_PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Load:
    """So many ``people`` who each write on as soon as they were answered, for ``seconds``, to so many ``processes``."""

    people: int = 64
    seconds: float = 20.0
    processes: int = 1
    postgres: bool = False

    @property
    def title(self) -> str:
        database = "PostgreSQL" if self.postgres else "SQLite"
        return f"Gõ Cửa, {database}, {self.processes} tiến trình"


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


def measure_serving(settings: Settings, console: Console, loads: Sequence[Load], *, with_rasa: bool) -> None:
    """Print a table with a row for each load. Raises ``SettingsError``, and ``EvaluationError`` for Rasa's."""
    table = Table(title="Từ webhook tới tay nền tảng (HTTP thật, cùng máy với người nhắn)", title_justify="left")
    for heading in ("", "lượt/giây", "CPU ms/lượt", "trả lời p50/p99 ms", "lượt 1.000 / 100", "MB", "sẵn sàng s"):
        table.add_column(heading, justify="right" if heading else "left")
    answers = answers_in_peace(settings, (None, *SCRIPT))
    growth = growth_of_long_chat(settings)
    for load in loads:
        served = uvloop.run(_served(settings, load, [len(answer) for answer in answers], growth))
        table.add_row(load.title, *served.row())
    if with_rasa and PYTHON.exists():
        people, seconds = loads[0].people, loads[0].seconds
        table.add_row("máy chủ của Rasa", *measure_journey(settings, people=people, seconds=seconds).row())
    console.print(table)
    if with_rasa and not PYTHON.exists():
        console.print(MISSING)


async def _served(settings: Settings, load: Load, parts: Sequence[int], growth: float) -> Served:
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
                    return await _measured(_Crowd(client, bot, platform, parts), load, ready, growth)
                finally:
                    await asyncio.to_thread(bot.stop)


async def _measured(crowd: "_Crowd", load: Load, ready: float, growth: float) -> Served:
    processes = crowd.bot.numbers
    await crowd.come(load.people)
    before, began = cpu_seconds(processes), time.monotonic()
    await crowd.write(began + load.seconds)
    passed, used = time.monotonic() - began, cpu_seconds(processes) - before
    return Served.of(
        crowd.times,
        seconds=passed,
        cpu=used,
        memory_mb=max(map(resident_mb, processes)),
        ready_s=ready,
        growth=growth,
    )


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
    """People who write and wait. ``parts``: how many answer the first words and each line of the script."""

    client: ClientSession
    bot: ServedBot
    platform: Platform
    parts: Sequence[int]
    people: list[str] = field(default_factory=list)
    # seconds of each turn
    times: list[float] = field(default_factory=list)

    async def come(self, count: int) -> None:
        """Everybody's first words; what the first turns build is not measured."""
        self.people = [str(7_000_000_000_000_000_000 + number) for number in range(count)]
        await asyncio.gather(*map(self._come, self.people))
        self.times.clear()

    async def write(self, until: float) -> None:
        await asyncio.gather(*(self._go_on(person, until) for person in self.people))

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
