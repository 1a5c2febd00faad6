"""How a database is, without changing anything about it: for the operator, not for serving."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from bot.channels.zalo_oa_tokens import TokenPair
from bot.store.database import MIGRATIONS, StoreError, connect, reading, store_error
from bot.store.moments import moment
from bot.store.schema import contact, inbox, key_print, outgoing, staff_account, token
from bot.store.sealing import Keyring, SealError
from bot.store.tokens import load_token


@dataclass(frozen=True, slots=True)
class DatabaseHealth:
    """``version`` is None before the first start; ``error`` says why nothing else is known.

    ``oldest_waiting``: how long the longest-waiting reply has been due; ``token_ages``: since when each token is kept.
    """

    kind: str = ""
    version: str | None = None
    is_current: bool = False
    is_newer: bool = False
    other_keys: bool = False
    contacts: int = 0
    admins: int = 0
    unhandled: int = 0
    dead: int = 0
    oldest_waiting: dt.timedelta | None = None
    token_ages: tuple[tuple[str, dt.timedelta], ...] = ()
    error: str = ""


def look_at_database(url: str, keyring: Keyring | None, *, now: dt.datetime) -> DatabaseHealth:
    """What can be seen of a database; a SQLite file that does not exist is not made."""
    try:
        kind = make_url(url).get_backend_name()
    except ArgumentError:
        return DatabaseHealth(error="địa chỉ cơ sở dữ liệu không đọc được.")
    if kind == "sqlite" and not _is_there(url):
        return DatabaseHealth(kind="SQLite")
    try:
        engine = connect(url)
        with reading(engine) as connection:
            return _looked_at(engine, connection, keyring, now)
    except DBAPIError as error:
        return DatabaseHealth(error=str(store_error(error)))
    except StoreError as error:
        return DatabaseHealth(error=str(error))


def read_token(url: str, keyring: Keyring, name: str) -> TokenPair | None:
    """The pair as it is kept, or None where there is none yet. Raises ``StoreError`` where it cannot be read."""
    if make_url(url).get_backend_name() == "sqlite" and not _is_there(url):
        return None
    try:
        with reading(connect(url)) as connection:
            return load_token(connection, keyring, name)
    except DBAPIError as error:
        raise store_error(error) from error
    except SealError:
        raise StoreError("mã truy cập trong cơ sở dữ liệu không mở được bằng khoá này.") from None


def _is_there(url: str) -> bool:
    path = make_url(url).database
    return bool(path) and Path(str(path)).exists()


def _looked_at(engine: Engine, connection: Connection, keyring: Keyring | None, now: dt.datetime) -> DatabaseHealth:
    kind = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine.dialect.name]
    version = MigrationContext.configure(connection).get_current_revision()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    if version != script.get_current_head():
        return DatabaseHealth(kind, version, is_newer=version is not None and version not in known)
    prints = {row.number: row.print for row in connection.execute(select(key_print))}
    waiting = connection.execute(select(func.min(outgoing.c.due_at)).where(outgoing.c.status == "waiting")).scalar()
    tokens = connection.execute(select(token.c.name, token.c.saved_at)).all()
    return DatabaseHealth(
        kind,
        version,
        is_current=True,
        other_keys=bool(prints) and keyring is not None and keyring.fingerprints() != prints,
        contacts=_count(connection, select(func.count()).select_from(contact)),
        admins=_count(
            connection,
            select(func.count())
            .select_from(staff_account)
            .where(staff_account.c.role == "city_admin", staff_account.c.disabled_at.is_(None)),
        ),
        unhandled=_count(connection, select(func.count()).select_from(inbox)),
        dead=_count(connection, select(func.count()).where(outgoing.c.status == "dead")),
        oldest_waiting=now - moment(waiting) if waiting else None,
        token_ages=tuple((row.name, now - moment(row.saved_at)) for row in tokens),
    )


def _count(connection: Connection, query: object) -> int:
    return int(connection.execute(query).scalar() or 0)  # type: ignore[call-overload]
