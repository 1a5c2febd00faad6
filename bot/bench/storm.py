"""A storm of signed webhooks against a bot that serves, with the Official Account's stand-in as its platform.

Everything goes over real HTTP between real processes. Afterwards each person's chat, as the stand-in saw it, is held
against what a bot says to the same words in peace: nothing may be lost, doubled or out of order.
"""

import asyncio
import contextlib
import hashlib
import importlib
import json
import os
import random
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import httpx
from rich.console import Console
from rich.table import Table

from bot.bench.turns import SCRIPT
from bot.bootstrap import build_bot
from bot.channels.fitting import fit
from bot.channels.messages import ContactKey, Incoming
from bot.channels.zalo_oa import ABILITIES
from bot.core.address import forms
from bot.settings import PROJECT, Settings, SettingsError

Weather = Literal["calm", "kill", "away"]

# as the stand-in's console shows them; nobody else knows this account
_APP, _OA, _APP_SECRET, _OA_SECRET = (
    "1234567890123456789", "2222222222222222222", "app-secret-for-tests", "oa-secret-for-tests",
)  # fmt: skip

# shares of the posts: sent twice, and held back so that others overtake
_DOUBLED = 0.10
_LATE = 0.05

# the command line of this very program
_GOCUA = (sys.executable, "-c", "from bot.cli import main; main()")

# seconds without anything new arriving after which the storm counts as over
_QUIET = 75.0

_KILLS = 20
_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Storm:
    """``rate`` posts a second for ``seconds``, by ``people``; ``postgres``: on a server of its own."""

    weather: Weather = "calm"
    rate: int = 200
    seconds: float = 60.0
    people: int = 500
    postgres: bool = False


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
    with tempfile.TemporaryDirectory() as folder:
        quiet = replace(
            settings, database_url=f"sqlite:///{folder}/calm.db", keys=Path(folder) / "keys.json", channels=()
        )
        bot = build_bot(quiet)
        by_number = bot.library.book.phrases["by_number"].format_map(forms())
        contact, texts = ContactKey("terminal", "calm"), list[str]()
        for text in (None, *_script(storm)):
            answer = bot.worker.handle(bot.entrance.hide(Incoming(contact, text=text)))
            texts += [part.text for part in fit(answer.messages, ABILITIES, by_number=by_number)]
    return texts


# ---- the processes ----


def _free_port() -> int:
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class _Bot:
    """``gocua serve`` as a process that can be killed and started again."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.environment = environment
        self.address = f"http://127.0.0.1:{port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = subprocess.Popen(
            [*_GOCUA, "serve"], cwd=PROJECT, env=self.environment, stdout=subprocess.DEVNULL
        )

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


@contextlib.contextmanager
def _stand_in() -> Iterator[tuple[str, dict[str, str]]]:
    """The platform, and what its console shows: the first tokens."""
    port = _free_port()
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


@contextlib.contextmanager
def _database(storm: Storm, folder: Path) -> Iterator[tuple[str, Any]]:
    """Its address, and what can be stopped and started where it is a server."""
    if not storm.postgres:
        yield f"sqlite:///{folder}/storm.db", None
        return
    machine = importlib.import_module("tests.postgresql")
    programs = machine.binaries()
    if programs is None:
        raise SettingsError("trên máy này không có PostgreSQL (initdb, postgres).")
    server = machine.PostgreSQL(programs)
    server.start()
    try:
        yield server.new_database(), server
    finally:
        server.stop()


# ---- the storm ----


async def _storm(settings: Settings, storm: Storm, *, expected: list[str]) -> Seen:
    seen = Seen(storm, expected=len(expected) * storm.people)
    with tempfile.TemporaryDirectory() as name, _stand_in() as (platform, told):
        folder = Path(name)
        with _database(storm, folder) as (address, server):
            port = _free_port()
            bot = _Bot(_environment(settings, folder, address, port, platform), port)
            _log_in(bot, told)
            bot.start()
            try:
                async with httpx.AsyncClient(trust_env=False, timeout=5.0, limits=_MANY) as client:
                    await _answers(client, f"{bot.address}/readyz")
                    people = await _arrive(client, platform, bot.address, storm.people)
                    began = time.monotonic()
                    weather = asyncio.create_task(_weather(storm, bot, address, server))
                    await asyncio.gather(*(_person(client, bot, each, seen) for each in people))
                    await weather
                    await _judge(client, platform, people, expected, seen)
                    seen.seconds = time.monotonic() - began
            finally:
                bot.stop()
    return seen


_MANY = httpx.Limits(max_connections=400, max_keepalive_connections=400)


def _environment(settings: Settings, folder: Path, database: str, port: int, platform: str) -> dict[str, str]:
    (folder / "secrets").mkdir()
    (folder / "secrets" / "zalo_app_secret").write_text(_APP_SECRET)
    (folder / "secrets" / "zalo_oa_secret").write_text(_OA_SECRET)
    return {
        **os.environ,
        "GOCUA_DATABASE_URL": database,
        "DATABASE_URL": database,
        "GOCUA_KEYS": str(folder / "keys.json"),
        "GOCUA_SPOOL": str(folder / "spool"),
        "GOCUA_SECRETS": str(folder / "secrets"),
        "GOCUA_MODEL": str(settings.model),
        "GOCUA_PORT": str(port),
        "GOCUA_CHANNELS": "zalo_oa",
        "GOCUA_ZALO_APP_ID": _APP,
        "GOCUA_ZALO_OA_ID": _OA,
        "GOCUA_ZALO_API": platform,
        "GOCUA_ZALO_OAUTH": platform,
        "GOCUA_ZALO_REQUESTS_A_MINUTE": "600000",
    }


def _log_in(bot: _Bot, told: dict[str, str]) -> None:
    pair = f"{told['access token']}\n{told['refresh token']}\n"
    subprocess.run(
        [*_GOCUA, "zalo", "login"],
        cwd=PROJECT,
        env=bot.environment,
        input=pair,
        text=True,
        check=True,
        stdout=subprocess.DEVNULL,
    )


async def _answers(client: httpx.AsyncClient, address: str) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with contextlib.suppress(httpx.HTTPError):
            if (await client.get(address)).status_code == 200:
                return
        await asyncio.sleep(0.05)
    raise SettingsError("bot không chạy lên được; chạy thử gocua serve để coi vì sao.")


async def _arrive(client: httpx.AsyncClient, platform: str, bot: str, count: int) -> list[str]:
    """People who follow the account: the platform tells the bot, and its window is open."""
    people = []
    await client.post(f"{platform}/_control/webhook", json={"url": f"{bot}/webhooks/zalo-oa"})
    for at in range(count):
        person = (await client.post(f"{platform}/_control/people", json={"name": f"Người {at}"})).json()["id"]
        await client.post(f"{platform}/_control/follow", json={"user": person, "follows": True})
        people.append(person)
    # echoes of what the bot sends are not part of the storm
    await client.post(f"{platform}/_control/webhook", json={"url": ""})
    return people


async def _person(client: httpx.AsyncClient, bot: _Bot, person: str, seen: Seen) -> None:
    """One person writes the script, each line once the one before was acknowledged."""
    storm = seen.storm
    pause = storm.people / storm.rate
    await asyncio.sleep(random.random() * pause)
    for text in _script(storm):
        next_at = time.monotonic() + pause
        if random.random() < _LATE:
            await asyncio.sleep(random.random() * pause / 2)
        body, headers = _signed(person, text)
        first = asyncio.create_task(_post(client, bot, body, headers, seen))
        if random.random() < _DOUBLED:
            await _post(client, bot, body, headers, seen)
        await first
        await asyncio.sleep(max(next_at - time.monotonic(), 0))


async def _post(client: httpx.AsyncClient, bot: _Bot, body: bytes, headers: dict[str, str], seen: Seen) -> None:
    """Until it is acknowledged, as the platform does, only sooner."""
    while True:
        began = time.monotonic()
        with contextlib.suppress(httpx.HTTPError):
            answer = await client.post(f"{bot.address}/webhooks/zalo-oa", content=body, headers=headers)
            if answer.status_code == 200:
                seen.latencies.append(time.monotonic() - began)
                return
        seen.again += 1
        await asyncio.sleep(0.2)


def _signed(person: str, text: str) -> tuple[bytes, dict[str, str]]:
    stamp = str(int(time.time() * 1000))
    event = {
        "app_id": _APP,
        "event_name": "user_send_text",
        "sender": {"id": person},
        "recipient": {"id": _OA},
        "message": {"text": text, "msg_id": secrets.token_hex(10)},
        "timestamp": stamp,
    }
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    mac = hashlib.sha256(_APP.encode() + body + stamp.encode() + _OA_SECRET.encode()).hexdigest()
    return body, {"X-ZEvent-Signature": f"mac={mac}", "Content-Type": "application/json"}


async def _weather(storm: Storm, bot: _Bot, address: str, server: Any) -> None:
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


async def _judge(
    client: httpx.AsyncClient, platform: str, people: Sequence[str], expected: list[str], seen: Seen
) -> None:
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


async def _chats(client: httpx.AsyncClient, platform: str, people: Sequence[str]) -> AsyncIterator[list[str]]:
    for person in people:
        view = (await client.get(f"{platform}/_control/chat", params={"user": person})).json()
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
