"""Opens the database: pragmas, migrations, and errors that say what to do next."""

import logging
import sqlite3
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

MIGRATIONS = Path(__file__).with_name("migrations")

# how long one process waits for another's write before it gives up, in seconds
BUSY = 5.0

log = logging.getLogger(__name__)


class StoreError(Exception):
    """The database cannot be used now; the message says why and what an operator can do."""


class NewerDatabase(StoreError):
    """Written by a later version of this program."""


class StoreBusy(StoreError):
    """Somebody else holds the database; trying again later helps."""


def open_database(url: str) -> Engine:
    """An engine on a database of the present version, made or migrated where needed. Raises ``StoreError``."""
    try:
        engine = _engine(url)
        _migrate(engine)
    except ArgumentError as error:
        raise StoreError(
            f"địa chỉ cơ sở dữ liệu không đọc được: {url!r}. Viết dạng sqlite:////duong/dan/gocua.db"
        ) from error
    except (DBAPIError, sqlite3.Error) as error:
        raise store_error(error) from error
    return engine


def store_error(error: BaseException) -> StoreError:
    """The error of a driver in words an operator can act on."""
    text = str(getattr(error, "orig", error))
    if "locked" in text or "busy" in text:
        return StoreBusy("cơ sở dữ liệu đang bị tiến trình khác giữ. Chờ một chút rồi thử lại.")
    if "readonly" in text or "read-only" in text:
        return StoreError("cơ sở dữ liệu chỉ đọc, không ghi được. Kiểm tra quyền ghi của tệp và thư mục.")
    if "unable to open" in text:
        return StoreError("không mở được tệp cơ sở dữ liệu. Kiểm tra thư mục có thật và có quyền ghi.")
    if "not a database" in text or "malformed" in text:
        return StoreError("tệp này không phải cơ sở dữ liệu SQLite, hoặc đã hỏng. Lấy lại từ bản sao lưu.")
    if "full" in text:
        return StoreError("đĩa đã đầy, không ghi được. Dọn bớt rồi thử lại.")
    return StoreError(f"cơ sở dữ liệu báo lỗi: {text}")


def _engine(url: str) -> Engine:
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address)
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


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if not connection.get_execution_options().get("reading") else "BEGIN")


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    with engine.connect().execution_options(reading=True) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return
    known = {revision.revision for revision in script.walk_revisions()}
    if current is not None and current not in known:
        raise NewerDatabase("cơ sở dữ liệu do bản Gõ Cửa mới hơn ghi. Cài bản mới hơn, hoặc dùng tệp dữ liệu khác.")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        try:
            command.upgrade(config, "head")
        except CommandError as error:
            raise StoreError(f"không nâng cấp được cơ sở dữ liệu: {error}") from error
