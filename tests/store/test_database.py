"""A database that cannot be used is told of in words an operator can act on."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from bot.store.chats import Chats, lookup_of
from bot.store.database import NewerDatabase, StoreBusy, StoreError, open_database
from bot.store.schema import metadata
from tests.fakes import Clock, Talker, open_test_database, small_assistant


def test_a_missing_folder_is_made(tmp_path: Path) -> None:
    engine = open_database(f"sqlite:///{tmp_path / 'a' / 'b' / 'gocua.db'}")
    assert sorted(inspect(engine).get_table_names()) == sorted([*metadata.tables, "alembic_version"])


def test_migrations_make_exactly_the_tables_of_the_schema(tmp_path: Path) -> None:
    migrated = inspect(open_test_database(tmp_path))
    for table in metadata.sorted_tables:
        columns = {column["name"]: str(column["type"]) for column in migrated.get_columns(table.name)}
        assert columns == {column.name: str(column.type) for column in table.columns}


def test_writes_are_synchronous_and_keys_are_checked(tmp_path: Path) -> None:
    with open_test_database(tmp_path).connect() as connection:
        pragmas = [
            connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert pragmas == ["wal", 2, 1]


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    first = open_test_database(tmp_path)
    Talker(small_assistant(first)).says("xin chào")
    first.dispose()
    again = open_test_database(tmp_path)
    assert Chats(again).load({lookup_of("test", "co_ba"): "test"})[lookup_of("test", "co_ba")].turn == 1


def test_a_newer_database_is_refused(tmp_path: Path) -> None:
    engine = open_test_database(tmp_path)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabase, match="bản Gõ Cửa mới hơn"):
        open_test_database(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"not a database at all, just words " * 40, "không phải cơ sở dữ liệu SQLite")],
    ids=["another file"],
)
def test_a_broken_file_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "test.db").write_bytes(content)
    with pytest.raises(StoreError, match=message):
        open_test_database(tmp_path)


def test_a_folder_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "test.db").mkdir()
    with pytest.raises(StoreError, match="không mở được tệp"):
        open_test_database(tmp_path)


def test_a_file_where_a_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(StoreError, match="không tạo được thư mục"):
        open_database(f"sqlite:///{tmp_path / 'a' / 'gocua.db'}")


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(StoreError, match="không đọc được"):
        open_database("đây không phải địa chỉ")


def test_a_read_only_database_gives_a_kind_answer_and_a_clear_error(tmp_path: Path) -> None:
    engine = open_test_database(tmp_path)
    with engine.connect() as connection:
        connection.execute(text("PRAGMA query_only=ON"))
        connection.close()
    talker = Talker(small_assistant(engine))
    assert talker.says("xin chào") == ["(trouble)"]


def test_a_locked_database_gives_a_kind_answer_and_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.BUSY", 0.05)
    engine = open_test_database(tmp_path)
    talker = Talker(small_assistant(engine, Clock()))
    talker.says("xin chào", "1")
    other = sqlite3.connect(tmp_path / "test.db")
    other.execute("BEGIN IMMEDIATE")
    assert talker.says("1") == ["(trouble)"]
    with pytest.raises(StoreBusy, match="tiến trình khác giữ"):
        Chats(engine).purge(unkept_before="2000", replies_before="2000")
    other.rollback()
    other.close()
    assert talker.says("1") == ["Cho phép không?"]
