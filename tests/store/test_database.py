"""A database is made, migrated, shared; one that cannot be used is told of in words an operator can act on."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.channels.messages import ContactKey
from bot.retention import all_rules
from bot.store.database import MIGRATIONS, NewerDatabase, StoreError, connect, open_database
from bot.store.erasing import erase
from bot.store.schema import metadata
from bot.store.store import Store
from tests.fakes import Clock, Talker, open_test_store, small_worker
from tests.postgresql import PostgreSQL


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a' / 'b' / 'gocua.db'}")
    assert sorted(inspect(engine).get_table_names()) == sorted([*metadata.tables, "alembic_version"])


def test_migrations_make_exactly_the_tables_of_the_schema(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_writes_are_synchronous_and_keys_are_checked(tmp_path: Path) -> None:
    with open_test_store(tmp_path).engine.connect() as connection:
        pragmas = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", 2, 1]


def test_opening_again_changes_nothing(open_store: Callable[..., Store]) -> None:
    Talker(small_worker(open_store())).says("xin chào")
    again = open_store()
    assert len(again.chats.replies(ContactKey("test", "co_ba"))) == 1


def older(folder: Path, version: str, *rows: str) -> str:
    """The address of a database of that version with these rows."""
    url = f"sqlite:///{folder / 'test.db'}"
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = connect(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
        for row in rows:
            connection.exec_driver_sql(f"INSERT INTO {row}")
    engine.dispose()
    return url


def test_a_database_of_the_first_version_keeps_what_was_finished_and_nothing_that_finds_a_person(
    tmp_path: Path,
) -> None:
    url = older(
        tmp_path,
        "0001",
        "contact (id, channel, lookup, created_at) VALUES (1, 'web', 'dấu-vân-tay-trần', '2026-11-01')",
        "person (id, contact_id, code, pseudonym) VALUES (1, 1, '', 'x')",
        "conversation (contact_id, state, turn, kept, updated_at) VALUES (1, '{}', 1, true, '2026-11-01')",
        "completion (person_id, task, evidence, created_at, day) "
        "VALUES (1, 'vneid_level_2', 'self', '2026-11-01T00:00:00.000000+00:00', '2026-11-01')",
    )
    with open_test_store(url).engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM completion")).scalar()
        lookups = list(connection.execute(text("SELECT lookup FROM contact")).scalars())
    assert (count, lookups) == (1, ["0.1"])


def test_a_class_that_is_taught_while_the_bot_is_renewed_keeps_its_seats(tmp_path: Path) -> None:
    at = "2026-11-21T03:00:00.000000+00:00"
    url = older(
        tmp_path,
        "0010",
        "lesson_class (id, code, token, lesson, length, ward, venue, part, seats, without_phone, created_at, ends_at) "
        f"VALUES (1, '123456', 'x', 'bai', '', '', '', 'cai', 1, 0, '{at}', '{at}')",
        f"seat (class_id, number, lookup, channel, address, joined_at) VALUES (1, 1, '1.a', 'web', 'y', '{at}')",
    )
    with open_test_store(url).engine.connect() as connection:
        seats = connection.execute(text("SELECT class_id, number, lookup, joined_at FROM seat")).all()
        starts = connection.execute(text("SELECT starts_at FROM lesson_class")).scalar()
    assert ([tuple(row) for row in seats], starts) == ([(1, 1, "1.a", at)], at)


def test_counts_of_weeks_stay_and_what_is_to_be_told_of_them_is_found(tmp_path: Path) -> None:
    at = "2026-11-21T03:00:00.000000+00:00"
    rest = "'26740', 'vneid_level_2', 'completed', 'self', 7"
    url = older(
        tmp_path,
        "0016",
        f"tally (grain, period, ward, task, kind, code, people) VALUES ('all', '', {rest})",
        f"tally (grain, period, ward, task, kind, code, people) VALUES ('week', '2026-W46', {rest})",
        "outflow (key, version, changed_at) "
        f"VALUES ('tally|week|2026-W46|26740|vneid_level_2|completed|self', 1, '{at}')",
    )
    with open_test_store(url).engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM tally")).all()
        keys = list(connection.execute(text("SELECT key FROM outflow")).scalars())
    number = ("2026-W46", "26740", "vneid_level_2", "completed", "self")
    assert [tuple(row) for row in rows] == [(*number, 7)]
    assert keys == ["|".join(("tally", *number))]


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    with open_test_store(tmp_path).engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="bản Gõ Cửa mới hơn"):
        open_test_store(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"not a database at all, just words " * 40, "không phải cơ sở dữ liệu SQLite")],
    ids=["another file"],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "test.db").write_bytes(content)
    with pytest.raises(StoreError, match=message):
        open_test_store(tmp_path)


def test_a_folder_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "test.db").mkdir()
    with pytest.raises(StoreError, match="không mở được tệp"):
        open_test_store(tmp_path)


def test_a_file_where_a_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(StoreError, match="không tạo được thư mục"):
        open_database(f"sqlite:///{tmp_path / 'a' / 'gocua.db'}")


@pytest.mark.parametrize("url", ["đây không phải địa chỉ", "mysql://a@b/c", "postgresql:/thiếu", ""])
def test_an_address_that_is_none_is_refused_and_not_quoted(url: str) -> None:
    with pytest.raises(StoreError, match="không đọc được") as refused:
        open_database(url)
    assert not url or url not in str(refused.value)


def test_a_server_nobody_can_reach_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="không nối được tới PostgreSQL"):
        open_database(f"postgresql://gocua@/gocua?host={tmp_path}")


def test_a_server_that_lets_nobody_in_is_told_in_words(postgresql: PostgreSQL) -> None:
    with pytest.raises(StoreError, match="PostgreSQL không cho vào"):
        open_database(postgresql.address("khong_co"))


def test_a_read_only_database_gives_a_kind_answer(tmp_path: Path) -> None:
    store = open_test_store(tmp_path)
    with store.engine.connect() as connection:
        connection.execute(text("PRAGMA query_only=ON"))
        connection.close()
    assert Talker(small_worker(store)).says("xin chào") == ["(trouble)"]


def test_a_locked_database_gives_a_kind_answer_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    monkeypatch.setattr("bot.store.database.BUSY", 0.05)
    store = open_test_store(tmp_path, clock)
    talker = Talker(small_worker(store))
    talker.says("xin chào", "1")
    other = sqlite3.connect(tmp_path / "test.db")
    other.execute("BEGIN IMMEDIATE")
    assert talker.says("1") == ["(trouble)"]
    with pytest.raises(StoreError, match="tiến trình khác giữ"):
        erase(store.engine, all_rules(), store.tombstones, now=clock())
    other.rollback()
    other.close()
    assert talker.says("1") == ["Cho phép không?"]
