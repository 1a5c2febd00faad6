"""Keys change while messages are answered: nobody becomes a stranger, nothing is lost, and the old key can go."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.channels.messages import ContactKey, Incoming, Text
from bot.store.audit import Entry
from bot.store.key_prints import OtherKeys
from bot.store.moments import stamp
from bot.store.rotation import draw, keys_in_use, retire, rotate
from bot.store.schema import audit_entry, audit_key, contact, conversation, seen
from bot.store.sealing import KeysError, read_keyring, read_keys, write_keys
from bot.store.store import Store, open_store
from bot.store.tombstones import stored_tombstones
from bot.worker import Worker
from tests.fakes import Clock, Talker, small_worker

PEOPLE = 12
BEGINNING = ("xin chào", "Bắt đầu", "Làm", "Đồng ý")


@dataclass(frozen=True, slots=True)
class Place:
    """A database, and a file of keys."""

    database: str
    keys: Path
    spool: Path
    clock: Clock

    def open(self, keys: Path | None = None) -> Store:
        ring = read_keyring(keys or self.keys, production=False)
        return open_store(self.database, ring, now=self.clock, pushed=("pushed",))


@pytest.fixture
def place(database: str, tmp_path: Path, clock: Clock) -> Place:
    keys = tmp_path / "keys.json"
    # the key of the tests' own databases
    keys.write_text(json.dumps({"1": base64.b64encode(bytes(range(32))).decode()}))
    keys.chmod(0o600)
    return Place(database, keys, tmp_path / "spool", clock)


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    opened = place.open()
    yield opened
    opened.engine.dispose()


def person(worker: Worker, number: int) -> Talker:
    talker = Talker(worker)
    # every other one is reached by a platform, the rest only come by themselves
    talker.contact = ContactKey("pushed" if number % 2 else "web", f"người {number}")
    return talker


def count(store: Store, table: object) -> int:
    with store.engine.connect().execution_options(reading=True) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def texts(worker: Worker, who: ContactKey, text: str) -> "Callable[[], list[str]]":
    asked = worker.ask(Incoming(who, text=text))
    return lambda: [each.whole for each in asked.result(60).messages if isinstance(each, Text)]


def test_keys_change_under_load_and_nobody_becomes_a_stranger(place: Place, store: Store) -> None:
    """Two processes answer; the key changes in the middle of everybody's messages."""
    other = place.open()
    workers = [small_worker(store), small_worker(other)]
    for number in range(PEOPLE):
        person(workers[0], number).says(*BEGINNING)
    for worker in workers:
        worker.start()
    half_way = threading.Barrier(2)

    def change() -> None:
        draw(store.engine, place.keys)
        half_way.wait()
        rotate(store.engine, place.keys)

    changing = threading.Thread(target=change)
    changing.start()
    answers = []
    for turn in range(3):
        for number in range(PEOPLE):
            who = person(workers[0], number).contact
            answers.append((number, turn, texts(workers[(number + turn) % 2], who, ("xong", "xong", "Thấy rồi")[turn])))
        if turn == 0:
            half_way.wait()
        for each in answers[-PEOPLE:]:
            each[2]()
    changing.join()
    said: dict[int, list[list[str]]] = {}
    for number, _, answer in answers:
        said.setdefault(number, []).append(answer())
    for worker in workers:
        worker.stop()
    assert set(map(str, said.values())) == {str([["Bước 2/2: Mở\nMở app nha."], ["Thấy chưa?"], ["Chọn việc."]])}
    assert (count(store, contact), count(store, conversation)) == (PEOPLE, PEOPLE)
    # whoever wrote last before the change hears of it with the next write
    store.duties.take("nhìn", seconds=1)
    assert store.keyring.current == 2
    other.engine.dispose()


def test_what_an_earlier_key_sealed_is_sealed_anew_and_then_the_key_can_go(place: Place, store: Store) -> None:
    for number in range(PEOPLE):
        person(small_worker(store), number).says(*BEGINNING)
    draw(store.engine, place.keys)
    rotate(store.engine, place.keys)
    person(small_worker(store), 1).says("xong")
    while store.renewal.step():
        pass
    with pytest.raises(KeysError, match="6 người nhắn"):
        retire(store.engine, place.keys, 1, place.spool)
    # whoever only comes by themselves is found when they come
    for number in range(0, PEOPLE, 2):
        assert person(small_worker(store), number).says("xong") == ["Bước 2/2: Mở\nMở app nha."]
    with pytest.raises(KeysError, match="mã của tin đã nhận"):
        retire(store.engine, place.keys, 1, place.spool)
    with store.engine.begin() as connection:
        connection.execute(update(seen).where(seen.c.key.like("1.%")).values(key="2." + seen.c.key))
    retire(store.engine, place.keys, 1, place.spool)
    assert list(read_keys(place.keys)) == [2]
    assert [key.number for key in keys_in_use(store.engine)] == [2]
    again = place.open()
    assert person(small_worker(again), 3).says("xong") == ["Bước 2/2: Mở\nMở app nha."]
    again.engine.dispose()


def test_the_key_in_use_never_goes(place: Place, store: Store) -> None:
    draw(store.engine, place.keys)
    with pytest.raises(KeysError, match="đang dùng"):
        retire(store.engine, place.keys, 1, place.spool)
    rotate(store.engine, place.keys)
    with pytest.raises(KeysError, match="keys new"):
        rotate(store.engine, place.keys)
    retire(store.engine, place.keys, 1, place.spool)


def test_a_message_that_comes_again_behind_the_change_counts_once_and_gets_its_answer(
    place: Place, store: Store
) -> None:
    worker = small_worker(store)
    person(worker, 2).says(*BEGINNING)
    incoming = Incoming(ContactKey("web", "người 2"), text="xong", id="tin-1")
    first = worker.handle(incoming)
    draw(store.engine, place.keys)
    rotate(store.engine, place.keys)
    again = worker.handle(incoming)
    assert (again.id, again.messages) == (first.id, first.messages)
    assert person(worker, 2).says("xong") == ["Thấy chưa?"]


def test_a_process_whose_file_has_not_the_new_key_writes_nothing(place: Place, tmp_path: Path) -> None:
    old = tmp_path / "another machine.json"
    old.write_bytes(place.keys.read_bytes())
    old.chmod(0o600)
    behind, ahead = place.open(old), place.open()
    person(small_worker(behind), 1).says(*BEGINNING)
    draw(ahead.engine, place.keys)
    rotate(ahead.engine, place.keys)
    # its platform's messages wait in its spool; a person who waits is told of trouble
    assert person(small_worker(behind), 1).says("xong") == ["(trouble)"]
    assert count(ahead, contact) == 1
    write_keys(old, read_keys(place.keys))
    assert person(small_worker(behind), 1).says("xong") == ["Bước 2/2: Mở\nMở app nha."]
    for store in (behind, ahead):
        store.engine.dispose()


def test_a_lost_key_is_named_with_what_is_lost_and_what_is_not(place: Place, store: Store, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        person(small_worker(store), number).says(*BEGINNING)
    with pytest.raises(OtherKeys) as refused:
        place.open(tmp_path / "another.json")
    told = str(refused.value)
    assert "khoá số 1" in told
    assert "3 người nhắn" in told
    assert "2 địa chỉ để trả lời" in told
    assert "vẫn còn nguyên" in told


def test_who_erases_all_while_keys_change_is_known_to_backups_of_either_key(place: Place, store: Store) -> None:
    worker = small_worker(store)
    person(worker, 1).says(*BEGINNING)
    before = set(store.keyring.lookups("contact", "pushed", "người 1"))
    draw(store.engine, place.keys)
    rotate(store.engine, place.keys)
    person(worker, 1).says("xoá hết", "Xoá")
    with store.engine.connect().execution_options(reading=True) as connection:
        found = stored_tombstones(connection)
    assert before < set(found)
    assert set(found.values()) == {stamp(store.now())}


def test_who_leads_from_telegram_still_does_under_the_new_key(place: Place, store: Store) -> None:
    added = store.staff.add("lan@phuong.example", "auditor", (), by="cli")
    assert added is not None
    store.staff_telegram.issue(added, "d" * 64, store.now(), by="cli")
    assert store.staff_telegram.tie("d" * 64, "5200000001")
    draw(store.engine, place.keys)
    rotate(store.engine, place.keys)
    later = place.open()
    assert later.staff_telegram.account_of("5200000001") == added.id
    while later.renewal.step():
        pass
    assert [key.uses.get("người dạy qua Telegram", 0) for key in keys_in_use(later.engine)] == [0, 1]
    assert (later.staff_telegram.account_of("5200000001"), len(later.staff_telegram.tied())) == (added.id, 1)
    later.engine.dispose()


def test_second_factors_of_staff_are_sealed_anew_and_the_audit_log_goes_on_under_the_new_key(
    place: Place, store: Store
) -> None:
    added = store.staff.add("lan@phuong.example", "auditor", (), by="cli")
    assert added is not None
    store.staff.enrol(added, "x", "JBSWY3DPEHPK3PXP", ["a"])
    draw(store.engine, place.keys)
    rotate(store.engine, place.keys)
    later = place.open()
    later.staff.disable(added, by="cli")
    while later.renewal.step():
        pass
    [old, new] = keys_in_use(later.engine)
    assert (old.uses, new.uses) == ({}, {"bước xác nhận của cán bộ": 1})
    found = later.staff.by_login("lan@phuong.example")
    assert found is not None
    assert found.totp == "JBSWY3DPEHPK3PXP"
    assert later.audit.verify().broken is None
    later.engine.dispose()


def test_a_key_that_wrote_the_audit_log_can_go_and_the_log_is_verified_all_the_same(place: Place, store: Store) -> None:
    for number in range(3):
        store.audit.add(Entry("staff:1", "signed_in", f"staff:{number}"))
    early = store.audit.verify().head
    for number in (1, 2):
        draw(store.engine, place.keys)
        rotate(store.engine, place.keys)
        later = place.open()
        later.audit.add(Entry("staff:1", "signed_out"))
        while later.renewal.step():
            pass
        retire(later.engine, place.keys, number, place.spool)
        later.engine.dispose()
    last = place.open()
    last.audit.add(Entry("staff:2", "signed_in"))
    assert list(read_keys(place.keys)) == [3]
    assert (last.audit.verify(early).broken, last.audit.verify().rows) == (None, 6)
    with last.engine.begin() as connection:
        connection.execute(update(audit_entry).where(audit_entry.c.number == 2).values(actor="staff:9"))
    assert last.audit.verify().broken == 2
    with last.engine.begin() as connection:
        connection.execute(update(audit_entry).where(audit_entry.c.number == 2).values(actor="staff:1"))
        connection.execute(update(audit_key).where(audit_key.c.number == 1).values(sealed="3.xxxx"))
    assert last.audit.verify().broken == 1
    last.engine.dispose()
