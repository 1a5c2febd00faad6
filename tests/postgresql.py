"""A PostgreSQL of the tests' own, from the machine's binaries: a folder that goes away, a socket, no network."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

_INSTALLED = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))

# longer than a slow machine needs to start
_PATIENCE = 60.0


def binaries() -> Path | None:
    """Where the server's programs are, if they are."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    return next((folder for folder in (*folders, *reversed(_INSTALLED)) if (folder / "postgres").exists()), None)


class PostgreSQL:
    """A server that can be stopped, killed and started again; each test has a database of its own there."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._user = _unprivileged()
        self.folder = Path(tempfile.mkdtemp(prefix="gocua-postgresql-"))
        self._server: subprocess.Popen[bytes] | None = None
        self._databases = 0
        if self._user is not None:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        self._make()

    def _make(self) -> None:
        words = ["-A", "trust", "-U", "gocua", "-E", "UTF8", "--locale=C", "--no-sync"]
        self._run("initdb", "-D", str(self._data), *words).check_returncode()

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def address(self, database: str) -> str:
        return f"postgresql://gocua@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The address of an empty database."""
        self._databases += 1
        name = f"test_{self._databases}"
        engine = create_engine(
            self.address("postgres").replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT"
        )
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return self.address(name)

    def start(self) -> None:
        settings = [
            "-c",
            "listen_addresses=",
            "-c",
            f"unix_socket_directories={self.folder}",
            "-c",
            "max_connections=60",
        ]
        with (self.folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *settings],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                **self._as_user(),
            )
        until = time.monotonic() + _PATIENCE
        while self._run("pg_isready", "-q", "-h", str(self.folder)).returncode != 0:
            assert self._server.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until
            time.sleep(0.02)

    def stop(self, how: str = "fast") -> None:
        """Ends every connection at once, as a restart of the machine's service does."""
        self._run("pg_ctl", "stop", "-D", str(self._data), "-m", how)
        if self._server is not None:
            self._server.wait(_PATIENCE)
            self._server = None

    def kill(self) -> None:
        """As a cut of power does: kill -9 of the server and of all it started."""
        assert self._server is not None
        # each of them leads a group of its own
        pids = [self._server.pid, *_children_of(self._server.pid)]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait(_PATIENCE)
        self._server = None
        until = time.monotonic() + _PATIENCE
        while any(map(_is_alive, pids)):
            assert time.monotonic() < until
            time.sleep(0.01)

    def remove(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self.folder)

    def _run(self, program: str, *words: str) -> "subprocess.CompletedProcess[bytes]":
        done: subprocess.CompletedProcess[bytes] = subprocess.run(
            [self._programs / program, *words],
            check=False,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **self._as_user(),
        )
        return done

    def _as_user(self) -> dict[str, Any]:
        return {} if self._user is None else {"user": self._user.pw_uid, "group": self._user.pw_gid}


def _children_of(parent: int) -> list[int]:
    return [int(path.parent.name) for path in Path("/proc").glob("[0-9]*/stat") if _fields(path)[1:2] == [str(parent)]]


def _is_alive(pid: int) -> bool:
    return _fields(Path(f"/proc/{pid}/stat"))[:1] not in ([], ["Z"])


def _fields(stat: Path) -> list[str]:
    """State, parent and so on of a process, behind its name; nothing of one that is gone."""
    try:
        return stat.read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _unprivileged() -> "pwd.struct_passwd | None":
    """PostgreSQL refuses to run as root: who it runs as then."""
    return pwd.getpwnam("nobody") if os.geteuid() == 0 else None
