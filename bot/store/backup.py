"""A backup: the whole database in one file, sealed in chunks, and its way back (T19, T80).

The file is a line of magic, a manifest that anybody may read, and the dump in chunks of AES-256-GCM under a key drawn
from the ring for this file alone. Each chunk's nonce is its number and whether it is the last, and the manifest is
bound to each: a file that was cut, turned round or changed in one bit is refused whole, before anything is replaced.
"""

import datetime as dt
import json
import os
import secrets
import shutil
import sqlite3
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, Engine, delete, func, inspect, select, text, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError

from bot.store.database import StoreError, connect, known_revisions, open_database, reading, revision_of, store_error
from bot.store.key_prints import noted_prints
from bot.store.moments import stamp
from bot.store.schema import completion, contact, duty, inbox, outgoing, seen, tombstone
from bot.store.sealing import Keyring
from bot.store.tombstones import replay, stored_tombstones

_MAGIC = b"gocua backup 1\n"

# a chunk in memory at a time, and what GCM adds to it
_CHUNK = 1 << 20
_TAG = 16

# bytes of manifest; a longer one is not ours
_LONGEST_MANIFEST = 10_000


class BackupError(StoreError):
    """A backup that cannot be made, read or restored; the message says what an operator can do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. ``prints`` are those of the keys its database was written with."""

    kind: str
    revision: str
    prints: Mapping[str, str]
    taken_at: str
    key: int
    salt: str


@dataclass(frozen=True, slots=True)
class Restored:
    """A database put back, and how many people in it had to be erased once more."""

    manifest: Manifest
    erased_again: int


# ---- out ----


def back_up(url: str, keyring: Keyring, file: Path, *, now: dt.datetime) -> Manifest:
    """Write the database to a new file while others go on using it. Raises ``StoreError``."""
    if file.exists():
        raise BackupError(f"{file} đã có rồi. Chọn tên tệp khác; bản sao lưu cũ không bao giờ bị ghi đè.")
    address = make_url(url)
    engine = connect(url)
    try:
        with reading(engine) as connection:
            revision = revision_of(connection)
            prints = {str(number): print for number, print in noted_prints(connection).items()} if revision else {}
    finally:
        engine.dispose()
    if not revision:
        raise BackupError("cơ sở dữ liệu này chưa có gì để sao lưu.")
    manifest = Manifest(
        address.get_backend_name(), revision, prints, stamp(now), keyring.current, secrets.token_hex(16)
    )
    with _beside(file) as folder:
        dump = folder / "dump"
        _DUMPS[manifest.kind](address, dump)
        sealed = folder / "sealed"
        with dump.open("rb") as plain, sealed.open("wb") as written:
            _seal(plain, written, manifest, keyring)
            written.flush()
            os.fsync(written.fileno())
        sealed.rename(file)
    return manifest


def _dump_sqlite(address: URL, dump: Path) -> None:
    try:
        with closing(sqlite3.connect(str(address.database))) as connection:
            # a whole copy of one moment, without what deleted rows left behind
            connection.execute("VACUUM INTO ?", (str(dump),))
    except sqlite3.Error as error:
        raise BackupError(f"không chép được cơ sở dữ liệu: {error}") from error


def _dump_postgresql(address: URL, dump: Path) -> None:
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={dump}", address=address)


def _seal(plain: BinaryIO, written: BinaryIO, manifest: Manifest, keyring: Keyring) -> None:
    head = json.dumps(asdict(manifest)).encode()
    written.write(_MAGIC + struct.pack(">I", len(head)) + head)
    cipher = _cipher(manifest, keyring)
    for number, chunk, is_last in _chunks(plain, _CHUNK):
        written.write(cipher.encrypt(_nonce(number, is_last=is_last), chunk, head))


# ---- back ----


def restore(
    url: str, keyring: Keyring, file: Path, *, replace: bool, erased: Mapping[str, str], now: dt.datetime
) -> Restored:
    """Put a backup in the place of a database nobody uses, and erase again who had all erased since.

    ``erased`` are digests with their moments, those the present database knows come along. Raises ``StoreError``.
    """
    address = make_url(url)
    with _beside(_place_of(address, file)) as folder:
        dump = folder / "dump"
        manifest = _opened(file, keyring, dump)
        _fits(manifest, keyring, address)
        known = dict(erased) | _looked_for(url, replace=replace)
        again = _RESTORES[manifest.kind](url, dump, known, manifest)
    return Restored(manifest, again)


def read_manifest(file: Path) -> Manifest:
    """What a file says of itself, unproven. Raises ``BackupError``."""
    with _reading(file) as source:
        return _manifest(source)[0]


def _opened(file: Path, keyring: Keyring, dump: Path) -> Manifest:
    with _reading(file) as source, dump.open("wb") as written:
        manifest, head = _manifest(source)
        missing = [
            number for number, print in manifest.prints.items() if keyring.fingerprints().get(int(number)) != print
        ]
        if missing or manifest.key not in keyring.fingerprints():
            raise BackupError(
                f"bản sao lưu này cần khoá số {', '.join(missing) or manifest.key}, tệp khoá hiện nay không có. "
                "Đặt GOCUA_KEYS là tệp khoá của ngày sao lưu."
            )
        cipher = _cipher(manifest, keyring)
        try:
            for number, chunk, is_last in _chunks(source, _CHUNK + _TAG):
                written.write(cipher.decrypt(_nonce(number, is_last=is_last), chunk, head))
        except InvalidTag as error:
            raise BackupError(_DAMAGED.format(file=file)) from error
    return manifest


def _manifest(source: BinaryIO) -> tuple[Manifest, bytes]:
    try:
        if source.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("no magic")
        (length,) = struct.unpack(">I", source.read(4))
        if length > _LONGEST_MANIFEST:
            raise ValueError("too long")
        head = source.read(length)
        manifest = Manifest(**json.loads(head))
        if manifest.kind not in _DUMPS or not all(number.isdecimal() for number in manifest.prints):
            raise ValueError("not ours")
    except (ValueError, TypeError, AttributeError, struct.error) as error:
        raise BackupError(_DAMAGED.format(file=source.name)) from error
    return manifest, head


def _fits(manifest: Manifest, keyring: Keyring, address: URL) -> None:
    if manifest.kind != address.get_backend_name():
        raise BackupError(
            f"bản sao lưu này của {manifest.kind}, còn cơ sở dữ liệu đang đặt là {address.get_backend_name()}. "
            "Đặt DATABASE_URL cùng loại rồi khôi phục."
        )
    if manifest.revision not in known_revisions():
        raise BackupError("bản sao lưu do bản Gõ Cửa mới hơn ghi. Cài bản mới hơn rồi khôi phục.")


def _looked_for(url: str, *, replace: bool) -> dict[str, str]:
    """What the present database knows of erased people. Refuses one that holds something, unless it is to go."""
    engine = connect(url)
    try:
        with reading(engine) as connection:
            names = set(inspect(connection).get_table_names())
            held = any(
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in (contact, completion, seen)
                if table.name in names
            )
            if held and not replace:
                raise BackupError(
                    "cơ sở dữ liệu hiện nay đang có dữ liệu. Muốn thay nó bằng bản sao lưu thì thêm --replace."
                )
            return stored_tombstones(connection) if tombstone.name in names else {}
    except BackupError as error:
        raise error
    except StoreError:
        # a broken one is the very reason for restoring
        if not replace:
            raise
        return {}
    finally:
        engine.dispose()


def _restore_sqlite(url: str, dump: Path, erased: Mapping[str, str], manifest: Manifest) -> int:
    target = Path(str(make_url(url).database))
    again = _made_ready(f"sqlite:///{dump}", erased, manifest)
    _leave_wal(dump)
    if target.exists():
        _leave_wal(target, may_be_broken=True)
    for name in ("-wal", "-shm"):
        target.with_name(target.name + name).unlink(missing_ok=True)
    dump.replace(target)
    return again


def _restore_postgresql(url: str, dump: Path, erased: Mapping[str, str], manifest: Manifest) -> int:
    address, engine = make_url(url), connect(url)
    try:
        with engine.begin() as connection:
            if connection.execute(_OTHERS).scalar_one():
                raise BackupError(_IN_USE)
            connection.execute(text("ALTER SCHEMA public RENAME TO replaced"))
            connection.execute(text("CREATE SCHEMA public"))
        try:
            _run("pg_restore", "--no-owner", "--single-transaction", "--schema=public", str(dump), address=address)
            again = _made_ready(url, erased, manifest)
        except StoreError:
            with engine.begin() as connection:
                connection.execute(text("DROP SCHEMA public CASCADE"))
                connection.execute(text("ALTER SCHEMA replaced RENAME TO public"))
            raise
        with engine.begin() as connection:
            connection.execute(text("DROP SCHEMA replaced CASCADE"))
    except DBAPIError as error:
        raise store_error(error) from error
    finally:
        engine.dispose()
    return again


def _made_ready(url: str, erased: Mapping[str, str], manifest: Manifest) -> int:
    """Bring it to the present version, erase who is gone, and let nothing of that day leave a second time."""
    engine: Engine = open_database(url)
    try:
        with engine.begin() as connection:
            _settle(connection)
            return replay(connection, erased, since=manifest.taken_at)
    except DBAPIError as error:
        raise store_error(error) from error
    finally:
        engine.dispose()


def _settle(connection: Connection) -> None:
    """What waited on the day of the backup was answered and sent since."""
    connection.execute(delete(inbox))
    connection.execute(delete(duty))
    on_the_way = outgoing.c.status.in_(("waiting", "leaving"))
    connection.execute(update(outgoing).where(on_the_way).values(status="dropped", reason="restored"))


def _leave_wal(path: Path, *, may_be_broken: bool = False) -> None:
    """Everything into the one file; fails where somebody else has it open."""
    try:
        with closing(sqlite3.connect(path, timeout=1)) as connection:
            connection.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.OperationalError as error:
        raise BackupError(_IN_USE) from error
    except sqlite3.DatabaseError:
        if not may_be_broken:
            raise


# ---- small helps ----


@contextmanager
def _beside(file: Path) -> Iterator[Path]:
    """A folder of our own on the same disk, gone afterwards with whatever it holds."""
    try:
        folder = Path(tempfile.mkdtemp(prefix=".gocua-", dir=file.resolve().parent))
    except OSError as error:
        raise BackupError(f"không ghi được vào {file.parent} ({error.strerror}).") from error
    try:
        yield folder
    except OSError as error:
        raise BackupError(f"không ghi được vào {file.parent} ({error.strerror}).") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _reading(file: Path) -> Iterator[BinaryIO]:
    try:
        source = file.open("rb")
    except OSError as error:
        raise BackupError(f"không đọc được {file} ({error.strerror}).") from error
    with source:
        yield source


def _place_of(address: URL, file: Path) -> Path:
    """Where the dump is put while it is proven: beside the database it becomes, else beside the backup."""
    if address.get_backend_name() != "sqlite":
        return file
    target = Path(str(address.database))
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _chunks(source: BinaryIO, size: int) -> Iterator[tuple[int, bytes, bool]]:
    number, chunk = 0, source.read(size)
    while True:
        following = source.read(size)
        yield number, chunk, not following
        if not following:
            return
        number, chunk = number + 1, following


def _cipher(manifest: Manifest, keyring: Keyring) -> AESGCM:
    return AESGCM(keyring.subkey(f"backup {manifest.salt}", manifest.key))


def _nonce(number: int, *, is_last: bool) -> bytes:
    return struct.pack(">QI", number, int(is_last))


def _run(program: str, *words: str, address: URL) -> None:
    where = shutil.which(program)
    if where is None:
        raise BackupError(f"máy này không có {program}. Cài gói postgresql-client cùng bản với máy chủ rồi thử lại.")
    plain = address.set(drivername="postgresql", password=None).render_as_string()
    secret = {"PGPASSWORD": str(address.password)} if address.password else {}
    done = subprocess.run(  # noqa: S603 - both programs are named above, and the address is the operator's own
        [where, f"--dbname={plain}", *words], env={**os.environ, **secret}, capture_output=True, check=False
    )
    if done.returncode:
        told = done.stderr.decode(errors="replace").strip().splitlines()
        raise BackupError(f"{program}: {told[0] if told else 'không nói vì sao'}")


_DAMAGED = "{file} không phải bản sao lưu của Gõ Cửa, hoặc đã hỏng hay thiếu khúc. Lấy bản khác; chưa có gì bị thay."
_IN_USE = "cơ sở dữ liệu đang có người dùng. Dừng gocua serve và gocua work trước, rồi khôi phục."

_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name = 'gocua' AND pid <> pg_backend_pid()"
)
_DUMPS = {"sqlite": _dump_sqlite, "postgresql": _dump_postgresql}
_RESTORES = {"sqlite": _restore_sqlite, "postgresql": _restore_postgresql}
