"""Measures a class: a trainer taps, and so many phones, half on Zalo and half on the web, get their step and answer.

Zalo is a platform of the measuring process that takes all it is given: the limits of a plan are not measured.
"""

import asyncio
import contextlib
import json
import random
import re
import secrets
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import uvloop
from rich.console import Console
from rich.table import Table

from bot.bench.served import GOCUA, WEBHOOK, ServedBot, database, serving_on, signed, writing
from bot.bench.serving import Platform, listening
from bot.settings import PROJECT, Settings, SettingsError

# the lesson that is taught, and parts that open a step nobody has yet: who is done with one is at the next by then
_LESSON = "cong_dan_so"
_TRAINER = "nguoi-day"
_PARTS = ("mo_vneid", "mo_app", "coi_ten")

# what is answered on joining: which phone it is, and whether anything may be kept
_JOINING = ("Không rõ máy gì", "Đồng ý cả hai")

# seconds within which everybody answers, and after which a step that did not come is lost
_THOUGHT = 5.0
_PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Class:
    """So many ``phones``; with ``killed`` the bot is killed right after each tap was taken, and started again."""

    phones: int
    killed: bool = False


@dataclass(slots=True)
class _Figures:
    """Seconds from a code to the seat, from a tap to each phone's step, from an answer to what it led to, from both to
    the board.
    """

    joins: list[float] = field(default_factory=list)
    steps: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    board: list[float] = field(default_factory=list)
    lost: int = 0


@dataclass(slots=True)
class _Phone:
    """A learner's phone. ``say`` sends a text, ``heard`` gets one entry for each thing that arrives."""

    say: Callable[[str], Awaitable[None]]
    heard: "asyncio.Queue[str]"

    async def next(self) -> bool:
        try:
            await asyncio.wait_for(self.heard.get(), _PATIENCE)
        except TimeoutError:
            return False
        return True

    def clear(self) -> None:
        while not self.heard.empty():
            self.heard.get_nowait()


def measure_class(settings: Settings, console: Console, classes: Sequence[Class]) -> None:
    """Print a table with a row for each class. Raises ``SettingsError``."""
    table = Table(title="Một lớp: nửa Zalo, nửa web, HTTP thật, cùng một máy", title_justify="left")
    for heading in (
        "máy",
        "kill -9",
        "vô lớp p50/max s",
        "bước tới máy p50/max s",
        "trả lời p50/max s",
        "bảng trễ max s",
        "mất",
    ):
        table.add_column(heading, justify="right")
    for each in classes:
        figures = uvloop.run(_taught(settings, each))
        table.add_row(
            str(each.phones), "có" if each.killed else "không", _ranks(figures.joins), _ranks(figures.steps),
            _ranks(figures.answers), f"{max(figures.board):.2f}", str(figures.lost),
        )  # fmt: skip
    console.print(table)


def _ranks(times: Sequence[float]) -> str:
    ranked = sorted(times)
    return f"{ranked[len(ranked) // 2]:.2f} / {ranked[-1]:.2f}"


async def _taught(settings: Settings, each: Class) -> _Figures:
    platform = Platform()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with database(folder, postgres=False) as (address, _):
            async with listening(platform) as url, writing(patience=_PATIENCE) as client:
                bot = serving_on(settings, folder, address, url)
                await asyncio.to_thread(bot.log_in, "access" * 4, "refresh" * 4)
                bot.start()
                try:
                    await bot.is_ready(client)
                    async with _Hall(client, bot, platform).open(each.phones) as hall:
                        for part in _PARTS:
                            await hall.teach(part, killed=each.killed)
                        return hall.figures
                finally:
                    await asyncio.to_thread(bot.stop)


class _Hall:
    """The phones, the trainer's board and the figures."""

    def __init__(self, client: aiohttp.ClientSession, bot: ServedBot, platform: Platform) -> None:
        self._client, self._bot, self._platform = client, bot, platform
        self.figures = _Figures()
        self._phones: list[_Phone] = []
        self._done = (0, 0.0)

    @asynccontextmanager
    async def open(self, phones: int) -> "AsyncIterator[_Hall]":
        code, self._board = await asyncio.to_thread(self._opened)
        streams = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(total=None),
            cookie_jar=aiohttp.DummyCookieJar(),
        )
        async with streams:
            listening_now = [asyncio.create_task(self._watch(streams))]
            # everybody types the code when it is shown
            came = await asyncio.gather(*(self._come(streams, number, code) for number in range(phones)))
            listening_now += [task for task in came if task]
            yield self
            for task in listening_now:
                task.cancel()
            await asyncio.gather(*listening_now, return_exceptions=True)

    def _opened(self) -> tuple[str, str]:
        self._gocua("staff", "add", _TRAINER, "--role", "city_admin")
        said = self._gocua("class", "open", _LESSON, "--length", "short", "--trainer", _TRAINER)
        code, board = re.search(r"lop=(\d{6})", said), re.search(r"(/lop/[\w-]{40,})", said)
        if code is None or board is None:
            raise SettingsError("gocua class open không in mã lớp; chạy thử coi vì sao.")
        return code[1], self._bot.address + board[1]

    def _gocua(self, *words: str) -> str:
        return subprocess.run(
            [*GOCUA, *words], cwd=PROJECT, env=self._bot.environment, check=True, capture_output=True, text=True
        ).stdout

    # ---- phones ----

    async def _come(self, streams: aiohttp.ClientSession, number: int, code: str) -> "asyncio.Task[None] | None":
        """Half of them by Zalo, half by the link; the task that listens, where there is one."""
        if number % 2:
            return await self._web(streams, code)
        await self._zalo(str(7_000_000_000_000_000_000 + number), code)
        return None

    async def _zalo(self, person: str, code: str) -> None:
        heard: asyncio.Queue[str] = asyncio.Queue()
        self._platform.arrived[person] = heard

        async def say(text: str) -> None:
            body, headers = signed(person, text)
            async with self._client.post(f"{self._bot.address}{WEBHOOK}", data=body, headers=headers) as answer:
                answer.raise_for_status()

        phone = _Phone(say, heard)
        self._phones.append(phone)
        began = time.monotonic()
        await say(f"vào lớp {code}")
        self.figures.lost += not await phone.next()
        self.figures.joins.append(time.monotonic() - began)
        await self._settle(phone)

    async def _web(self, streams: aiohttp.ClientSession, code: str) -> "asyncio.Task[None]":
        began = time.monotonic()
        async with self._client.get(f"{self._bot.address}/?lop={code}", allow_redirects=False) as page:
            cookie = f"gocua={page.cookies['gocua'].value}"
        self.figures.joins.append(time.monotonic() - began)
        async with self._client.get(self._bot.address, headers={"Cookie": cookie}) as page:
            last = int(re.findall(r'data-last="(\d+)"', await page.text())[0])
        heard: asyncio.Queue[str] = asyncio.Queue()

        async def say(text: str) -> None:
            form = {"text": text, "message": secrets.token_hex(16)}
            headers = {"Cookie": cookie, "Accept": "application/json"}
            async with self._client.post(f"{self._bot.address}/chat", data=form, headers=headers) as answer:
                answer.raise_for_status()

        phone = _Phone(say, heard)
        self._phones.append(phone)
        listening = asyncio.create_task(self._listen(streams, cookie, heard, last))
        await self._settle(phone)
        return listening

    async def _settle(self, phone: _Phone) -> None:
        """What is asked on joining."""
        for answer in _JOINING:
            phone.clear()
            await phone.say(answer)
            self.figures.lost += not await phone.next()

    async def _listen(
        self, streams: aiohttp.ClientSession, cookie: str, heard: "asyncio.Queue[str]", last: int
    ) -> None:
        """As a browser does: from behind what it has, again whenever the line breaks."""
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                address = f"{self._bot.address}/chat/stream?after={last}"
                async with streams.get(address, headers={"Cookie": cookie}) as stream:
                    async for line in stream.content:
                        if line.startswith(b"id: "):
                            last = int(line[4:])
                            heard.put_nowait("")
            await asyncio.sleep(0.2)

    async def _watch(self, streams: aiohttp.ClientSession) -> None:
        """Keep how many the board says are past the step, and since when it says so."""
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with streams.get(f"{self._board}/song") as stream:
                    async for line in stream.content:
                        if line.startswith(b"data: "):
                            self._done = json.loads(line[6:])["done"], time.monotonic()
            await asyncio.sleep(0.2)

    # ---- a part ----

    async def teach(self, part: str, *, killed: bool) -> None:
        """The tap, everybody's step, everybody's answer, and the board that shows it."""
        for phone in self._phones:
            phone.clear()
        began = time.monotonic()
        await self._tap(part)
        if killed:
            await asyncio.to_thread(self._bot.kill)
            self._bot.start()
        came = await asyncio.gather(*(self._step(phone, began) for phone in self._phones))
        self.figures.lost += came.count(False)
        await self._bot.is_ready(self._client)
        ended = max(await asyncio.gather(*(self._answer(phone, "xong rồi") for phone in self._phones)))
        while self._done[0] < len(self._phones) and time.monotonic() < ended + _PATIENCE:
            await asyncio.sleep(0.01)
        self.figures.board.append(max(0.0, self._done[1] - ended))
        # what is still on its way of this part must not count for the next
        await asyncio.sleep(1.0)

    async def _tap(self, part: str) -> None:
        form = {"act": "open", "part": part, "id": secrets.token_hex(8)}
        async with self._client.post(self._board, data=form) as answer:
            answer.raise_for_status()

    async def _step(self, phone: _Phone, began: float) -> bool:
        came = await phone.next()
        self.figures.steps.append(time.monotonic() - began)
        return came

    async def _answer(self, phone: _Phone, text: str) -> float:
        """Say it after a while, and wait for what it leads to; when that came."""
        await asyncio.sleep(random.uniform(1.0, _THOUGHT))
        phone.clear()
        began = time.monotonic()
        await phone.say(text)
        self.figures.lost += not await phone.next()
        self.figures.answers.append(time.monotonic() - began)
        return time.monotonic()
