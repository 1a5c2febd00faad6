"""A backup comes back whole, or is refused whole; who had all erased meanwhile stays erased."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.campaign.verifying import verify
from bot.channels.messages import ContactKey
from bot.store.backup import BackupError, back_up, read_manifest, restore
from bot.store.schema import completion, contact, outgoing, person, tombstone
from bot.store.sealing import Keyring
from bot.store.store import Store, open_store
from bot.store.tombstones import read_tombstones
from tests.fakes import Clock, Talker, fixed_keyring, small_worker

# what stands for a person's platform: in the clear it may stand nowhere
CANARY = "kenh-riêng-84907770123"
TO_THE_END = ("xin chào", "Bắt đầu", "Làm", "Đồng ý", "xong", "xong", "Thấy rồi")

Open = Callable[[], Store]


@pytest.fixture
def opened(database: str, tmp_path: Path, clock: Clock) -> Open:
    if database.startswith("postgresql") and not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed: backups of PostgreSQL are NOT TESTED here")

    def open_it() -> Store:
        return open_store(database, fixed_keyring(), now=clock, pushed=("pushed",), erased=tmp_path / "erased")

    return open_it


def talker(store: Store, name: str) -> Talker:
    made = Talker(small_worker(store))
    made.contact = ContactKey("pushed", name)
    return made


def count(store: Store, table: object) -> int:
    with store.engine.connect().execution_options(reading=True) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def test_who_had_all_erased_after_the_backup_stays_erased(
    database: str, opened: Open, tmp_path: Path, clock: Clock
) -> None:
    file, store = tmp_path / "backup", opened()
    talker(store, CANARY).says(*TO_THE_END)
    talker(store, "o lai").says(*TO_THE_END)
    back_up(database, fixed_keyring(), file, now=clock())
    clock.move(hours=1)
    talker(store, CANARY).says("xoá hết", "Xoá")
    lookup = store.chats.lookup(ContactKey("pushed", CANARY))
    store.engine.dispose()
    assert CANARY.encode() not in file.read_bytes()
    with pytest.raises(BackupError, match="--replace"):
        restore(database, fixed_keyring(), file, replace=False, erased={}, now=clock())
    done = restore(database, fixed_keyring(), file, replace=True, erased={}, now=clock())
    assert done.erased_again == 1
    store = opened()
    assert not store.chats.knows(ContactKey("pushed", CANARY))
    assert talker(store, "o lai").says("xong") != ["Xin chào."]
    assert (count(store, completion), count(store, person), count(store, tombstone)) == (1, 1, 1)
    assert verify(store.engine) == []
    assert set(read_tombstones(tmp_path / "erased")) == {lookup}
    with store.engine.connect().execution_options(reading=True) as connection:
        assert set(connection.execute(select(outgoing.c.status)).scalars()) <= {"dropped", "waiting"}
    store.engine.dispose()


def test_the_file_beside_the_database_is_enough_when_the_database_is_lost(
    opened: Open, tmp_path: Path, clock: Clock, database: str
) -> None:
    if database.startswith("postgresql"):
        pytest.skip("a lost server is a new, empty one: the same as here")
    file, store = tmp_path / "backup", opened()
    talker(store, CANARY).says(*TO_THE_END)
    back_up(database, fixed_keyring(), file, now=clock())
    clock.move(hours=1)
    talker(store, CANARY).says("xoá hết", "Xoá")
    store.engine.dispose()
    for path in tmp_path.glob("test.db*"):
        path.write_bytes(b"hong" * 3000)
    gone = read_tombstones(tmp_path / "erased")
    assert restore(database, fixed_keyring(), file, replace=True, erased=gone, now=clock()).erased_again == 1
    store = opened()
    assert count(store, contact) == 0
    store.engine.dispose()


@pytest.fixture
def whole(opened: Open, database: str, tmp_path: Path, clock: Clock) -> Path:
    if database.startswith("postgresql"):
        pytest.skip("the file is the same for every database")
    store = opened()
    talker(store, CANARY).says(*TO_THE_END)
    store.engine.dispose()
    back_up(database, fixed_keyring(), tmp_path / "whole", now=clock())
    return tmp_path / "whole"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body: body[:-1],
        lambda body: body[: len(body) // 2],
        lambda body: body[:20],
        lambda body: b"",
        lambda body: body + b"x",
        lambda body: body[:-40] + bytes([body[-40] ^ 1]) + body[-39:],
        lambda body: body.replace(b'"taken_at": "2026', b'"taken_at": "2025'),
        lambda body: b"SQLite format 3\x00" + body[16:],
    ],
    ids=["a byte less", "half", "the head alone", "empty", "a byte more", "one bit", "another day", "not ours"],
)
def test_a_damaged_backup_is_refused_and_nothing_is_replaced(
    whole: Path, database: str, clock: Clock, spoil: Callable[[bytes], bytes]
) -> None:
    target = Path(database.removeprefix("sqlite:///"))
    before = target.read_bytes()
    whole.write_bytes(spoil(whole.read_bytes()))
    with pytest.raises(BackupError, match="chưa có gì bị thay"):
        restore(database, fixed_keyring(), whole, replace=True, erased={}, now=clock())
    assert target.read_bytes() == before
    assert list(target.parent.glob(".gocua-*")) == []


def test_other_keys_open_nothing(whole: Path, database: str, clock: Clock) -> None:
    other = Keyring({1: bytes(range(1, 33))})
    with pytest.raises(BackupError, match="khoá số 1"):
        restore(database, other, whole, replace=True, erased={}, now=clock())


def test_a_database_in_use_is_not_replaced(whole: Path, opened: Open, database: str, clock: Clock) -> None:
    store = opened()
    with store.engine.connect().execution_options(reading=True) as connection:
        connection.execute(select(contact.c.id)).all()
        with pytest.raises(BackupError, match="Dừng"):
            restore(database, fixed_keyring(), whole, replace=True, erased={}, now=clock())
    store.engine.dispose()


def test_an_older_backup_is_never_written_over(whole: Path, database: str, clock: Clock) -> None:
    with pytest.raises(BackupError, match="đã có rồi"):
        back_up(database, fixed_keyring(), whole, now=clock())
    assert read_manifest(whole).kind == "sqlite"
