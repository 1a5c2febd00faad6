"""What all tests share: a clock that stands still, databases, and the option that rewrites golden files."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.store.database import connect
from bot.store.schema import metadata
from bot.store.store import Store
from tests.fakes import Clock, open_test_store
from tests.postgresql import PostgreSQL, binaries


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite what golden files expect, then read the diff")


def pytest_configure() -> None:
    # a model somebody trained here must not change what tests see; those that want one train their own
    os.environ["GOCUA_MODEL"] = os.devnull + "/none"
    # nor must tests leave keys or messages where this machine's own bot keeps its
    folder = tempfile.mkdtemp(prefix="gocua-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["GOCUA_KEYS"] = f"{folder}/keys.json"
    os.environ["GOCUA_SPOOL"] = f"{folder}/spool"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A running server, shared by all tests; who stops it starts it again."""
    programs = binaries()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: half of the store is NOT TESTED here (apt-get install postgresql)")
    server = PostgreSQL(programs)
    server.start()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of the present version in which nobody has said anything."""
    path = tmp_path_factory.mktemp("template") / "gocua.db"
    open_test_store(f"sqlite:///{path}").engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_address(postgresql: PostgreSQL) -> str:
    """The address of such a database; a new one for each test would cost the disk more than the tests do."""
    address = postgresql.new_database()
    open_test_store(address).engine.dispose()
    return address


@pytest.fixture
def postgresql_database(postgresql_address: str) -> Iterator[str]:
    """That database, emptied after the test."""
    yield postgresql_address
    engine = connect(postgresql_address)
    with engine.begin() as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(table.delete())
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind, of the present version and empty."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("sqlite_template")
        return f"sqlite:///{shutil.copy(template, tmp_path / 'test.db')}"
    address: str = request.getfixturevalue("postgresql_database")
    return address


@pytest.fixture
def open_store(database: str) -> Iterator[Callable[..., Store]]:
    """Opens that database, as often as it is asked to: each time as another process would."""
    opened: list[Store] = []

    def open_it(clock: Clock | None = None, **given: Any) -> Store:
        opened.append(open_test_store(database, clock, **given))
        return opened[-1]

    yield open_it
    for store in opened:
        store.engine.dispose()


@pytest.fixture
def store(open_store: Callable[..., Store], clock: Clock) -> Store:
    return open_store(clock)
