"""A bot that serves as real processes, a platform it speaks to, and people who write: what storm and load share."""

import asyncio
import contextlib
import hashlib
import importlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import aiohttp

from bot.bootstrap import build_bot
from bot.channels.channel import Part
from bot.channels.fitting import fit
from bot.channels.messages import ContactKey, Incoming
from bot.channels.zalo_oa import ABILITIES
from bot.core.address import forms
from bot.settings import PROJECT, Settings, SettingsError

# as the stand-in's console shows them; nobody else knows this account
_APP, _OA, _APP_SECRET, _OA_SECRET = (
    "1234567890123456789", "2222222222222222222", "app-secret-for-tests", "oa-secret-for-tests",
)  # fmt: skip

# the command line of this very program
GOCUA = (sys.executable, "-c", "from bot.cli import main; main()")

WEBHOOK = "/webhooks/zalo-oa"

# seconds a bot may take to be ready
_PATIENCE = 60.0

# connections of the people who write
_CONNECTIONS = 400


@dataclass(slots=True)
class ServedBot:
    """``gocua serve`` and, where more than one process is asked for, ``gocua work`` beside it."""

    environment: dict[str, str]
    port: int
    processes: int = 1
    running: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    @property
    def numbers(self) -> list[int]:
        """The ids of the processes."""
        return [process.pid for process in self.running]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.running = [self._started("serve"), *(self._started("work") for _ in range(self.processes - 1))]

    def kill(self) -> None:
        for process in self.running:
            process.send_signal(signal.SIGKILL)
        self._end()

    def stop(self) -> None:
        for process in self.running:
            process.terminate()
        self._end()

    def log_in(self, access: str, refresh: str) -> None:
        """Give it the first tokens, as its operator does."""
        words = [*GOCUA, "zalo", "login"]
        pair = f"{access}\n{refresh}\n".encode()
        subprocess.run(words, cwd=PROJECT, env=self.environment, input=pair, check=True, stdout=subprocess.DEVNULL)

    async def is_ready(self, people: aiohttp.ClientSession) -> None:
        """Returns once it answers. Raises ``SettingsError``."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(aiohttp.ClientError):
                async with people.get(f"{self.address}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.02)
        raise SettingsError("bot không chạy lên được; chạy thử gocua serve để coi vì sao.")

    def _started(self, command: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*GOCUA, command], cwd=PROJECT, env=self.environment, stdout=subprocess.DEVNULL)

    def _end(self) -> None:
        for process in self.running:
            process.wait()
        self.running = []


def serving_on(settings: Settings, folder: Path, database: str, platform: str, processes: int = 1) -> ServedBot:
    """A bot on that database with that platform, its keys and secrets in ``folder``; not started yet."""
    (folder / "secrets").mkdir()
    (folder / "secrets" / "zalo_app_secret").write_text(_APP_SECRET)
    (folder / "secrets" / "zalo_oa_secret").write_text(_OA_SECRET)
    port = free_port()
    environment = {
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
    return ServedBot(environment, port, processes)


def serving_pages_on(folder: Path, database: str) -> ServedBot:
    """A bot on that database that only shows pages, its keys in ``folder``; not started yet."""
    port = free_port()
    ours = {name: text for name, text in os.environ.items() if not name.startswith("GOCUA_")}
    environment = {
        **ours,
        "GOCUA_DATABASE_URL": database,
        "GOCUA_KEYS": str(folder / "keys.json"),
        "GOCUA_SPOOL": str(folder / "spool"),
        "GOCUA_PORT": str(port),
    }
    return ServedBot(environment, port)


@contextlib.contextmanager
def database(folder: Path, *, postgres: bool) -> Iterator[tuple[str, Any]]:
    """Its address, and what can be stopped and started where it is a server. Raises ``SettingsError``."""
    if not postgres:
        yield f"sqlite:///{folder}/bench.db", None
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
        server.remove()


def free_port() -> int:
    with contextlib.closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


# ---- people ----


def writing(*, patience: float = 5.0) -> aiohttp.ClientSession:
    """Where people's posts go out, with seconds to wait for an answer. Belongs to the running event loop."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
        timeout=aiohttp.ClientTimeout(total=patience),
        cookie_jar=aiohttp.DummyCookieJar(),
    )


def signed(person: str, text: str, event_name: str = "user_send_text") -> tuple[bytes, dict[str, str]]:
    """A post as the platform makes it: body and headers."""
    stamp = str(int(time.time() * 1000))
    event = {
        "app_id": _APP,
        "event_name": event_name,
        "sender": {"id": person},
        "recipient": {"id": _OA},
        "message": {"text": text, "msg_id": secrets.token_hex(10)},
        "timestamp": stamp,
    }
    body = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
    mac = hashlib.sha256(_APP.encode() + body + stamp.encode() + _OA_SECRET.encode()).hexdigest()
    return body, {"X-ZEvent-Signature": f"mac={mac}", "Content-Type": "application/json"}


def answers_in_peace(settings: Settings, texts: Sequence[str | None]) -> list[tuple[Part, ...]]:
    """What a bot says to each of these, one after another; None: the chat is opened."""
    with tempfile.TemporaryDirectory() as folder:
        quiet = replace(
            settings, database_url=f"sqlite:///{folder}/calm.db", keys=Path(folder) / "keys.json", channels=()
        )
        bot = build_bot(quiet)
        by_number = bot.library.book.phrases["by_number"].format_map(forms())
        contact = ContactKey("terminal", "calm")
        answers = (bot.worker.handle(bot.entrance.hide(Incoming(contact, text=text))) for text in texts)
        return [fit(answer.messages, ABILITIES, by_number=by_number) for answer in answers]
