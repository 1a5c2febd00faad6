"""Served apps to talk to: in a thread of the tests, or as a process of its own that can be killed."""

import contextlib
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.bootstrap import Service
from bot.settings import load_settings
from bot.store.sealing import Keyring, read_keyring
from bot.web.app import build_app
from bot.web.server import Server, listen
from bot.web.session import CHANNEL

ROOT = Path(__file__).parents[2]

# longer than a slow machine needs to start
_PATIENCE = 60.0

_SERVE = (
    "from bot.bootstrap import build_service; from bot.settings import load_settings; from bot.web.app import serve; "
    "serve(build_service(load_settings()))"
)

_DONE = (
    "SELECT completion.task FROM completion JOIN person ON person.id = completion.person_id "
    "JOIN contact ON contact.id = person.contact_id WHERE contact.lookup = ?"
)


@dataclass(frozen=True, slots=True)
class Site:
    """Where an app is served, and the database behind it."""

    address: str
    database: Path
    keyring: Keyring

    def done(self, token: str) -> list[str]:
        """The tasks the person with this session finished."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return [task for (task,) in connection.execute(_DONE, (self.keyring.lookup("contact", CHANNEL, token),))]

    def count(self, table: str) -> int:
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608

    def stored_bytes(self) -> bytes:
        """Everything on disk, the write-ahead log included."""
        return b"".join(path.read_bytes() for path in self.database.parent.glob(self.database.name + "*"))


@contextlib.contextmanager
def served(bot: Service) -> Iterator[Site]:
    """The bot's web chat on a free port, until the block ends."""
    listening = listen("127.0.0.1", 0)
    ready = threading.Event()
    server = Server(build_app(bot), ready.set)
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        assert ready.wait(_PATIENCE)
        path = bot.settings.database.removeprefix("sqlite:///")
        yield Site(f"http://127.0.0.1:{listening.getsockname()[1]}", Path(path), bot.store.keyring)
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        listening.close()
    assert not thread.is_alive()


class Process:
    """A server of its own on always the same port, as an operator starts it."""

    def __init__(self, folder: Path) -> None:
        with listen("127.0.0.1", 0) as free:
            port = free.getsockname()[1]
        keyring = read_keyring(load_settings().keys, production=False)
        self.site = Site(f"http://127.0.0.1:{port}", folder / "web.db", keyring)
        self._environment = {
            **os.environ,
            "GOCUA_PORT": str(port),
            "GOCUA_DATABASE_URL": f"sqlite:///{self.site.database}",
        }
        self._log = folder / "server.log"
        self._running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(
                [sys.executable, "-c", _SERVE], cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )
        until = time.monotonic() + _PATIENCE
        told = self.output().count("Gõ Cửa đang chạy")
        while self.output().count("Gõ Cửa đang chạy") == told:
            assert self._running.poll() is None, self.output()
            assert time.monotonic() < until, self.output()
            time.sleep(0.05)

    def stop(self, signal: int) -> float:
        """Sends the signal; how many seconds it took to end."""
        assert self._running is not None
        begun = time.monotonic()
        self._running.send_signal(signal)
        self._running.wait(_PATIENCE)
        self._running = None
        return time.monotonic() - begun

    def output(self) -> str:
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""

    def kill(self) -> None:
        if self._running is not None:
            self._running.kill()
            self._running.wait(_PATIENCE)
