"""Completions arrive in the campaign's own database: none lost, none twice, whoever dies or is away."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, insert, select, text

from bot.campaign.outflow import Outflow
from bot.campaign.outflow_mapping import OutflowError, read_mapping
from bot.settings import PROJECT
from bot.store.database import address_of
from bot.store.evidence import take_words
from bot.store.outflow_marks import Flow
from bot.store.records import enrol
from bot.store.schema import contact, person
from bot.store.store import Store
from bot.store.tallies import Tallies
from tests.fakes import open_test_store
from tests.postgresql import PostgreSQL
from tests.store.test_evidence import AT, word

MAPPING = PROJECT / "knowledge" / "campaign_database.yml"

FLOWS: tuple[Flow, ...] = ("database", "webhook")

TABLES = (
    "CREATE TABLE hoan_thanh (id INTEGER, ma_nguoi VARCHAR(40), viec VARCHAR(40), ma_phuong VARCHAR(5), "
    "nguon VARCHAR(10), ngay VARCHAR(10), UNIQUE (ma_nguoi, viec))",
    "CREATE TABLE so_dem_tuan (tuan VARCHAR(10), ma_phuong VARCHAR(5), viec VARCHAR(40), loai VARCHAR(12), "
    "ma VARCHAR(150), so_nguoi INTEGER, PRIMARY KEY (tuan, ma_phuong, viec, loai, ma))",
)


@pytest.fixture
def there(postgresql: PostgreSQL) -> str:
    """A database of the campaign's own, with its own tables."""
    address = postgresql.new_database()
    run(address, *TABLES)
    return address


def run(address: str, *statements: str) -> None:
    engine = create_engine(address_of(address))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def rows(address: str, query: str) -> list[tuple[object, ...]]:
    engine = create_engine(address_of(address))
    with engine.connect() as connection:
        found = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return found


def finish(engine: Engine, number: int, *, evidence: str = "self", change: str = "confirm", ward: str = "") -> None:
    with engine.begin() as connection:
        write(connection, number, evidence=evidence, change=change, ward=ward)


def write(
    connection: Connection, number: int, *, evidence: str = "self", change: str = "confirm", ward: str = ""
) -> None:
    found = connection.execute(select(person.c.id).where(person.c.pseudonym == f"p{number}")).scalar()
    if found is None:
        row = {"channel": "web", "lookup": f"{number}", "created_at": AT}
        chat = connection.execute(insert(contact).returning(contact.c.id), row).scalar_one()
        who = {"contact_id": chat, "code": "", "pseudonym": f"p{number}"}
        found = connection.execute(insert(person).returning(person.c.id), who).scalar_one()
    tallies = Tallies(connection, at=AT, flows=FLOWS)
    day = {"self": 3, "officer": 5}[evidence] + (change == "withdraw")
    said = word(f"{number}-{evidence}-{change}", day, evidence, change, found)  # type: ignore[arg-type]
    take_words(connection, [said], tallies, at=AT)
    if ward:
        enrol(connection, found, ward, tallies, at=AT)
    tallies.write()


def outflow(store: Store, there: str) -> Outflow:
    return Outflow(store.engine, store.writer, store.duties, url=there, mapping=read_mapping(MAPPING))


def flow(store: Store, there: str) -> int:
    told, each = 0, outflow(store, there)
    while number := each.round():
        told += number
    return told


DONE = "SELECT ma_nguoi, nguon, ngay, ma_phuong FROM hoan_thanh ORDER BY ma_nguoi"


def test_what_counts_here_stands_there_and_follows_every_correction(store: Store, there: str) -> None:
    finish(store.engine, 1)
    finish(store.engine, 2, ward="25747")
    flow(store, there)
    assert rows(there, DONE) == [("p1", "self", "2026-11-03", ""), ("p2", "self", "2026-11-03", "25747")]
    finish(store.engine, 1, evidence="officer", ward="25750")
    finish(store.engine, 2, change="withdraw")
    flow(store, there)
    assert rows(there, DONE) == [("p1", "officer", "2026-11-03", "25750")]
    counts = rows(there, "SELECT tuan, ma_phuong, ma, so_nguoi FROM so_dem_tuan WHERE so_nguoi > 0")
    assert counts == [("2026-W45", "25750", "officer", 1)]
    assert flow(store, there) == 0


def test_a_person_who_has_all_erased_is_erased_there(store: Store, there: str) -> None:
    finish(store.engine, 1)
    flow(store, there)
    with store.engine.begin() as connection:
        tallies = Tallies(connection, at=AT, flows=FLOWS)
        tallies.forget(connection.execute(select(person.c.id)).scalars().all())
        connection.execute(person.delete())
        tallies.write()
    flow(store, there)
    assert rows(there, DONE) == []


@pytest.mark.parametrize(
    ("broken", "words", "mended"),
    [
        ("ALTER TABLE hoan_thanh DROP COLUMN nguon", 'không có cột "nguon"', "ALTER TABLE hoan_thanh ADD nguon TEXT"),
        ("ALTER TABLE hoan_thanh RENAME TO cu", 'không có bảng "hoan_thanh"', "ALTER TABLE cu RENAME TO hoan_thanh"),
        (
            "ALTER TABLE hoan_thanh DROP CONSTRAINT hoan_thanh_ma_nguoi_viec_key",
            "cần khoá duy nhất",
            "ALTER TABLE hoan_thanh ADD UNIQUE (ma_nguoi, viec)",
        ),
    ],
)
def test_a_table_that_is_not_as_agreed_is_told_and_nothing_lost(
    broken: str, words: str, mended: str, store: Store, there: str
) -> None:
    finish(store.engine, 1)
    run(there, broken)
    with pytest.raises(OutflowError, match=words):
        flow(store, there)
    assert outflow(store, there).waiting() == 2
    run(there, mended)
    flow(store, there)
    assert [row[0] for row in rows(there, DONE)] == ["p1"]


def test_a_database_that_is_away_is_told_and_nothing_lost(store: Store, there: str) -> None:
    finish(store.engine, 1)
    with pytest.raises(OutflowError, match="vẫn còn"):
        flow(store, "postgresql://gocua@127.0.0.1:1/none?connect_timeout=1")
    # for a day: what changes again and again is told once
    finish(store.engine, 1, evidence="officer")
    for ward in ("25747", "25750", "25747"):
        finish(store.engine, 1, ward=ward)
    changed = outflow(store, there).waiting()
    finish(store.engine, 1, ward="25750")
    assert outflow(store, there).waiting() == changed
    assert flow(store, there) == changed
    assert rows(there, DONE) == [("p1", "officer", "2026-11-03", "25750")]
    counts = rows(there, "SELECT ma_phuong, so_nguoi FROM so_dem_tuan WHERE so_nguoi <> 0")
    assert counts == [("25750", 1)]


def test_one_row_that_is_refused_holds_up_no_others(store: Store, there: str) -> None:
    run(there, "ALTER TABLE hoan_thanh ADD CHECK (ma_nguoi <> 'p1')")
    finish(store.engine, 1)
    finish(store.engine, 2)
    with pytest.raises(OutflowError):
        flow(store, there)
    assert [row[0] for row in rows(there, DONE)] == ["p2"]
    assert outflow(store, there).waiting() == 1


def test_of_two_processes_one_tells(open_store: Callable[..., Store], there: str) -> None:
    one, other = open_store(holder="one"), open_store(holder="other")
    finish(one.engine, 1)
    assert flow(one, there) == 2
    finish(one.engine, 2)
    assert flow(other, there) == 0


def test_killed_again_and_again_none_is_lost_and_none_twice(postgresql: PostgreSQL, there: str, tmp_path: Path) -> None:
    here = f"sqlite:///{tmp_path / 'test.db'}"
    store = open_test_store(here)
    with store.engine.begin() as connection:
        for number in range(1, 701):
            write(connection, number)
    store.engine.dispose()
    for attempt in range(1, 5):
        words = [sys.executable, "-m", "tests.campaign.flowing", here, there, str(MAPPING), str(attempt)]
        with subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            if attempt == 2:
                # in the middle of a round the other side dies
                postgresql.kill()
                process.wait()
                postgresql.start()
            elif attempt < 4:
                # in the middle of the first round, and behind the first
                if attempt == 3:
                    process.stdout.readline()
                process.kill()
            process.wait()
    assert rows(there, "SELECT count(*), count(DISTINCT ma_nguoi) FROM hoan_thanh") == [(700, 700)]
    assert rows(there, "SELECT so_nguoi FROM so_dem_tuan WHERE loai = 'completed'") == [(700,)]
    assert outflow(open_test_store(here), there).waiting() == 0


def test_a_mapping_s_problems_are_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "m.yml"
    path.write_text('completions:\n  table: "x; DROP"\n  columns:\n    person: "a"\n    viec: "a"\n', "utf-8")
    with pytest.raises(OutflowError) as caught:
        read_mapping(path)
    told = str(caught.value)
    assert ("m.yml:2" in told or "m.yml:3" in told, "m.yml:5" in told, 'thiếu cột "task"' in told) == (True, True, True)
