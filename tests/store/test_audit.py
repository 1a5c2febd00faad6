"""The audit log: whoever edits, deletes, inserts or cuts off a row is found out."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, text

from bot.store.audit import Entry
from bot.store.store import Store

ROWS = 5


def fill(store: Store, rows: int = ROWS) -> None:
    for number in range(rows):
        store.audit.add(Entry("staff:1", "signed_in", f"staff:{number}"))


def edit(connection: Connection) -> None:
    connection.execute(text("UPDATE audit_entry SET actor = 'staff:2' WHERE number = 3"))


def delete(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit_entry WHERE number = 3"))


def delete_and_renumber(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit_entry WHERE number = 3"))
    connection.execute(text("UPDATE audit_entry SET number = 3 WHERE number = 4"))
    connection.execute(text("UPDATE audit_entry SET number = 4 WHERE number = 5"))


def swap(connection: Connection) -> None:
    for was, becomes in ((3, 99), (4, 3), (99, 4)):
        connection.execute(text(f"UPDATE audit_entry SET number = {becomes} WHERE number = {was}"))  # noqa: S608


def insert(connection: Connection) -> None:
    connection.execute(text("UPDATE audit_entry SET number = 6 WHERE number = 5"))
    connection.execute(
        text(
            "INSERT INTO audit_entry SELECT 5, at, actor, 'role_changed', subject, detail, digest "
            "FROM audit_entry WHERE number = 4"
        )
    )


def cut_off(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit_entry WHERE number = 5"))


def forge_a_digest(connection: Connection) -> None:
    connection.execute(text("UPDATE audit_entry SET digest = '7.x' WHERE number = 3"))


def empty(connection: Connection) -> None:
    connection.execute(text("DELETE FROM audit_entry"))


@pytest.mark.parametrize(
    ("tamper", "broken"),
    [
        (edit, 3),
        (delete, 3),
        (delete_and_renumber, 3),
        (swap, 3),
        (insert, 5),
        (cut_off, 5),
        (forge_a_digest, 3),
        (empty, 1),
    ],
)
def test_a_chain_that_somebody_touched_breaks_there(
    store: Store, tamper: Callable[[Connection], None], broken: int
) -> None:
    fill(store)
    with store.engine.begin() as connection:
        tamper(connection)
    assert store.audit.verify().broken == broken


def test_an_untouched_chain_holds_and_goes_on(store: Store) -> None:
    assert store.audit.verify().rows == 0
    fill(store)
    early = store.audit.verify()
    fill(store)
    assert (early.broken, early.rows) == (None, ROWS)
    assert store.audit.verify(early.head).broken is None


def test_who_cuts_the_end_off_and_turns_the_head_back_is_found_by_the_mark_kept_elsewhere(store: Store) -> None:
    fill(store, 2)
    with store.engine.begin() as connection:
        old = connection.execute(text("SELECT digest FROM audit_head")).scalar()
    fill(store, 3)
    known = store.audit.verify().head
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entry WHERE number > 2"))
        connection.execute(text("UPDATE audit_head SET number = 2, digest = :old"), {"old": old})
    assert store.audit.verify().broken is None
    assert store.audit.verify(known).broken == 3


def test_several_processes_write_one_chain(open_store: Callable[..., Store]) -> None:
    stores = [open_store() for _ in range(3)]
    with ThreadPoolExecutor(len(stores)) as processes:
        list(processes.map(lambda each: fill(each, 20), stores))
    verdict = stores[0].audit.verify()
    assert (verdict.broken, verdict.rows) == (None, 60)


def test_the_newest_rows_come_first(store: Store) -> None:
    fill(store)
    assert [row.number for row in store.audit.latest(2)] == [5, 4]
    assert [row.number for row in store.audit.latest(9, before=3)] == [2, 1]
