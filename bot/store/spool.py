"""Where messages wait while the database is away: a file of sealed lines, one a message, in the order they came.

Processes of one machine share the folder; a lock keeps their lines in one order. Draining may die at any moment: what
was drained already is known to the inbox by its key. A line torn by a crash was never acknowledged, and is passed over.
"""

import contextlib
import fcntl
import json
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from bot.store.database import StoreError
from bot.store.inbox import Sealed
from bot.store.sealing import Keyring, SealError

log = logging.getLogger(__name__)

# messages that go into the database in one transaction
_TOGETHER = 500


class SpoolError(StoreError):
    """The spool cannot be written; the message says what an operator can do."""


class Spool:
    """The spool in one folder. Raises ``SpoolError`` where the folder cannot be written."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder = folder
        self._keyring = keyring
        self._written = folder / "messages"
        self._draining = folder / "draining"
        self._try()

    @property
    def is_empty(self) -> bool:
        return not (self._written.exists() or self._draining.exists())

    def append(self, messages: Sequence[Sealed]) -> None:
        """They are on the disk when this returns. Raises ``SpoolError``."""
        lines = "".join(f"{self._sealed(each)}\n" for each in messages).encode()
        try:
            with self._locked():
                self._write(lines)
        except OSError as error:
            raise SpoolError(_CANNOT_WRITE.format(folder=self._folder, why=error.strerror)) from error

    def drain(self, take: Callable[[Sequence[Sealed]], None]) -> int:
        """Hand everything over in its order; how many. What ``take`` raises ends it: all stays for the next time."""
        with self._locked():
            drained = 0
            while not self.is_empty:
                if not self._draining.exists():
                    self._written.rename(self._draining)
                drained += self._hand_over(take)
                self._draining.unlink()
                self._sync_folder()
            return drained

    # ---- inside, with the lock ----

    def _hand_over(self, take: Callable[[Sequence[Sealed]], None]) -> int:
        messages = list(self._read())
        for start in range(0, len(messages), _TOGETHER):
            take(messages[start : start + _TOGETHER])
        return len(messages)

    def _read(self) -> Iterator[Sealed]:
        for line in self._draining.read_bytes().split(b"\n"):
            if not line:
                continue
            try:
                yield Sealed(**json.loads(self._keyring.unseal(line.decode("ascii"), **_PLACE)))
            except (SealError, UnicodeDecodeError):
                log.error("a line of the spool was torn and is passed over")

    def _write(self, lines: bytes) -> None:
        is_new = not self._written.exists()
        with self._written.open("ab") as file:
            if not is_new and not self._ends_whole():
                # what a crash left of a line must not spoil the next one
                lines = b"\n" + lines
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            self._sync_folder()

    def _ends_whole(self) -> bool:
        with self._written.open("rb") as file:
            if file.seek(0, os.SEEK_END) == 0:
                return True
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / "lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _sync_folder(self) -> None:
        descriptor = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _sealed(self, message: Sealed) -> str:
        return self._keyring.seal(json.dumps(message.columns()), **_PLACE)

    def _try(self) -> None:
        probe = self._folder / f"probe.{os.getpid()}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            probe.write_bytes(b"\0" * 4096)
            probe.unlink()
            with self._locked():
                pass
        except OSError as error:
            raise SpoolError(_CANNOT_WRITE.format(folder=self._folder, why=error.strerror)) from error


_CANNOT_WRITE = "không ghi được vào thư mục chờ {folder} ({why}). Đặt GOCUA_SPOOL là thư mục ghi được, hoặc dọn đĩa."

_PLACE = {"table": "spool", "record": "", "field": "message"}
