"""Every wrong count is found, and repair puts that count right and touches nothing else."""

from collections.abc import Callable
from typing import Any, get_args

import pytest
from sqlalchemy import Connection, Engine, delete, insert, select, update

from bot.campaign.verifying import verify
from bot.store.database import StoreError
from bot.store.schema import blockage, completion, enrolment, metadata, retention_run, step_event, tally
from bot.store.store import Store
from bot.store.tallies import Key, Kind
from tests.fakes import TASK
from tests.store.test_evidence import AT, add_person

HERE, THERE = "25747", "25750"


@pytest.fixture
def engine(store: Store) -> Engine:
    """Two people of a ward and one of none, who did all there is to count, and the counts of it."""
    for number in range(3):
        who = add_person(store.engine, number)
        same = {"person_id": who, "task": TASK, "created_at": AT, "day": "2026-11-03"}
        step = same | {"step": "viec.cai_dat", "source": "self", "content_version": "test"}
        with store.engine.begin() as connection:
            if number < 2:
                connection.execute(insert(enrolment), {"person_id": who, "ward": HERE, "chosen_at": AT})
            for outcome, symptom in (("entered", ""), ("done", ""), ("stuck", ""), ("stuck", "otp")):
                connection.execute(insert(step_event), step | {"outcome": outcome, "symptom": symptom})
            connection.execute(insert(completion), same | {"evidence": "self"})
            connection.execute(insert(blockage), same | {"reason": "no_sim"})
    verify(store.engine, repair=True)
    return store.engine


def contents(engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    with engine.connect().execution_options(reading=True) as connection:
        tables = metadata.tables.items()
        return {
            name: sorted((tuple(row) for row in connection.execute(select(table))), key=str) for name, table in tables
        }


def counts(engine: Engine) -> dict[Key, int]:
    with engine.connect().execution_options(reading=True) as connection:
        return {Key(*row[:-1]): row.people for row in connection.execute(select(tally))}


Fault = Callable[[Connection, Key, int], dict[Key, int]]


def _is(key: Key) -> list[Any]:
    return [tally.c[name] == value for name, value in key._asdict().items()]


def too_many(connection: Connection, key: Key, people: int) -> dict[Key, int]:
    connection.execute(update(tally).where(*_is(key)).values(people=people + 1))
    return {key: people + 1}


def none_left(connection: Connection, key: Key, people: int) -> dict[Key, int]:
    connection.execute(update(tally).where(*_is(key)).values(people=0))
    return {key: 0}


def lost(connection: Connection, key: Key, people: int) -> dict[Key, int]:
    connection.execute(delete(tally).where(*_is(key)))
    return {key: 0}


def below_nothing(connection: Connection, key: Key, people: int) -> dict[Key, int]:
    connection.execute(update(tally).where(*_is(key)).values(people=-1))
    return {key: -1}


def of_another_ward(connection: Connection, key: Key, people: int) -> dict[Key, int]:
    connection.execute(update(tally).where(*_is(key)).values(ward=THERE))
    return {key: 0, key._replace(ward=THERE): people}


def of_another_code(connection: Connection, key: Key, people: int) -> dict[Key, int]:
    connection.execute(update(tally).where(*_is(key)).values(code=f"{key.code} khac"))
    return {key: 0, key._replace(code=f"{key.code} khac"): people}


FAULTS: tuple[Fault, ...] = (too_many, none_left, lost, below_nothing, of_another_ward, of_another_code)


def test_there_is_a_count_of_every_kind(engine: Engine) -> None:
    assert {key.kind for key in counts(engine)} == set(get_args(Kind))
    assert set(counts(engine).values()) == {1, 2}


def test_wrong_counts_are_found_and_put_right_and_nothing_else_changes(engine: Engine) -> None:
    right, before = counts(engine), contents(engine)
    for fault in FAULTS:
        wrong: dict[Key, int] = {}
        with engine.begin() as connection:
            for key in [key for key in right if key.ward == HERE]:
                wrong |= fault(connection, key, right[key])
        expected = {key: (kept, right.get(key, 0)) for key, kept in wrong.items()}
        # to look repairs nothing
        for repair in (False, True):
            assert {each.key: (each.kept, each.counted) for each in verify(engine, repair=repair)} == expected, fault
        assert contents(engine) == before, fault
    assert verify(engine, repair=True) == []
    assert contents(engine) == before


def test_once_details_were_erased_the_kept_counts_stay(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(delete(step_event))
        run = {"rule": "steps", "erased": 12, "oldest": None, "ran_at": AT}
        connection.execute(insert(retention_run), run)
    before = contents(engine)
    with pytest.raises(StoreError, match="bản sao lưu"):
        verify(engine, repair=True)
    assert contents(engine) == before
    assert verify(engine) != []
