"""Opens the database: pragmas, migrations, and errors that say what to do next."""

import contextlib
import logging
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

MIGRATIONS = Path(__file__).with_name("migrations")

# how long one process waits for another's write before it gives up, in seconds
BUSY = 5.0

# seconds to connect, and milliseconds until a network that swallows everything counts as gone
_POSTGRESQL = {"connect_timeout": "2", "tcp_user_timeout": "2000", "application_name": "gocua"}

# any number will do, as long as it is always the same
_MIGRATING = 0x60C0A

log = logging.getLogger(__name__)


class StoreError(Exception):
    """The database cannot be used now; the message says why and what an operator can do."""


class NewerDatabase(StoreError):
    """Written by a later version of this program."""


class StoreAway(StoreError):
    """The database does not answer, or takes no writing now; trying again later helps."""


class StoreBusy(StoreAway):
    """Somebody else holds the database."""


def open_database(url: str) -> Engine:
    """An engine on a database of the present version, made or migrated where needed. Raises ``StoreError``."""
    try:
        engine = connect(url)
    except ArgumentError as error:
        raise StoreError(
            "địa chỉ cơ sở dữ liệu không đọc được. Viết dạng sqlite:////duong/dan/gocua.db hoặc "
            "postgresql://ten@may/co_so_du_lieu"
        ) from error
    try:
        _migrate(engine)
    except (StoreError, DBAPIError, sqlite3.Error) as error:
        engine.dispose()
        raise (error if isinstance(error, StoreError) else store_error(error)) from error
    return engine


@contextlib.contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with, that holds nobody up. Raises ``StoreError``."""
    try:
        with engine.connect().execution_options(reading=True) as connection:
            yield connection
    except DBAPIError as error:
        raise store_error(error) from error


def store_error(error: BaseException) -> StoreError:
    """The error of a driver in words an operator can act on, without a value of any row."""
    # PostgreSQL tells the values of a row in the lines below the first
    line = (str(getattr(error, "orig", error)).splitlines() or [""])[0]
    away = isinstance(error, (OperationalError, InterfaceError))
    for signs, kind, words in _ERRORS:
        if any(sign in line for sign in signs):
            return kind(words)
    return (StoreAway if away else StoreError)(f"cơ sở dữ liệu báo lỗi: {line}")


_ERRORS: tuple[tuple[tuple[str, ...], type[StoreError], str], ...] = (
    (
        ("locked", "busy", "lock timeout"),
        StoreBusy,
        "cơ sở dữ liệu đang bị tiến trình khác giữ. Chờ một chút rồi thử lại.",
    ),
    (
        ("readonly", "read-only"),
        StoreAway,
        "cơ sở dữ liệu chỉ đọc, không ghi được. Kiểm tra quyền ghi của tệp và thư mục.",
    ),
    (
        ("unable to open",),
        StoreAway,
        "không mở được tệp cơ sở dữ liệu. Kiểm tra thư mục có thật và có quyền ghi.",
    ),
    (
        ("not a database", "malformed"),
        StoreAway,
        "tệp này không phải cơ sở dữ liệu SQLite, hoặc đã hỏng. Lấy lại từ bản sao lưu.",
    ),
    (
        ("disk is full", "No space left"),
        StoreAway,
        "đĩa đã đầy, không ghi được. Dọn bớt rồi thử lại.",
    ),
    (
        ("authentication failed", "does not exist", "no password supplied"),
        StoreAway,
        "PostgreSQL không cho vào. Kiểm tra tên, mật khẩu và tên cơ sở dữ liệu trong DATABASE_URL.",
    ),
    (
        ("connection failed", "connection to server", "server closed", "connection is lost", "terminating connection"),
        StoreAway,
        "không nối được tới PostgreSQL. Kiểm tra máy chủ đang chạy và địa chỉ trong DATABASE_URL.",
    ),
)


def connect(url: str) -> Engine:
    """An engine on the database of that address, of whatever version. Raises ``ArgumentError``, ``StoreError``."""
    address = address_of(url)
    match address.get_backend_name():
        case "sqlite":
            return _sqlite(address)
        case "postgresql":
            return create_engine(address, connect_args=_POSTGRESQL, pool_size=10)
    raise ArgumentError(address.drivername)


def address_of(url: str) -> URL:
    """An address; PostgreSQL's as it writes it itself, whoever the driver is. Raises ``ArgumentError``."""
    return make_url(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url))


def _sqlite(address: URL) -> Engine:
    if address.database and address.database != ":memory:":
        try:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"không tạo được thư mục cho cơ sở dữ liệu: {error.strerror}.") from error
    engine = create_engine(address, connect_args={"timeout": BUSY, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    # transactions are begun by us, below: sqlite3 would begin them too late to hold the read that decides a write
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")
    # what was deleted is overwritten with zeros wherever its page is written anyway
    connection.execute("PRAGMA secure_delete=FAST")


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if not connection.get_execution_options().get("reading") else "BEGIN")


def revision_of(connection: Connection) -> str | None:
    """The version of a database, none before the first start."""
    return MigrationContext.configure(connection).get_current_revision()


def known_revisions() -> frozenset[str]:
    """The versions this program can open."""
    return frozenset(revision.revision for revision in ScriptDirectory.from_config(_config()).walk_revisions())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _migrate(engine: Engine) -> None:
    config = _config()
    with engine.connect().execution_options(reading=True) as connection:
        current = revision_of(connection)
    if current == ScriptDirectory.from_config(config).get_current_head():
        return
    if current is not None and current not in known_revisions():
        raise NewerDatabase("cơ sở dữ liệu do bản Gõ Cửa mới hơn ghi. Cài bản mới hơn, hoặc dùng tệp dữ liệu khác.")
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            # two processes that start together: one migrates, the other finds it done
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATING})
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(f"không nâng cấp được cơ sở dữ liệu: {error}") from error
