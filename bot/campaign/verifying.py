"""Counts everything anew and compares it with the counts that were kept; what differs can be put right."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, delete, func, insert, select
from sqlalchemy.exc import DBAPIError

from bot.store.database import StoreError, store_error
from bot.store.schema import enrolment, retention_run, tally
from bot.store.tallies import BLOCKAGES, COMPLETIONS, STARTS, STEPS, Deed, Key, Kind, key_of, step_deed

# rows written at once
_TOGETHER = 5_000


@dataclass(frozen=True, slots=True)
class Difference:
    """A number that was kept wrong."""

    key: Key
    kept: int
    counted: int


def verify(engine: Engine, *, repair: bool = False) -> list[Difference]:
    """Every number that differs, in order; with ``repair`` they are right afterwards. Raises ``StoreError``.

    Where retention erased details, the kept counts are the only true ones: nothing is repaired, and ``StoreError`` says
    so. What is written meanwhile waits on SQLite; on PostgreSQL the counts stand locked until the end.
    """
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE tally IN SHARE ROW EXCLUSIVE MODE")
            kept = {Key(*row[:-1]): row.people for row in connection.execute(select(tally)) if row.people}
            right = _recount(connection)
            wrong = [
                Difference(key, kept.get(key, 0), right.get(key, 0))
                for key in sorted(kept.keys() | right.keys())
                if kept.get(key, 0) != right.get(key, 0)
            ]
            if repair and wrong:
                _refuse_where_details_went(connection)
                _write_anew(connection, right)
            return wrong
    except DBAPIError as error:
        raise store_error(error) from error


def _refuse_where_details_went(connection: Connection) -> None:
    """What retention has erased still counts, and a recount would no longer find it."""
    went = (retention_run.c.erased > 0, retention_run.c.rule.in_(("steps", "people", "chats")))
    if connection.execute(select(retention_run.c.id).where(*went).limit(1)).first() is not None:
        raise StoreError(
            "hạn lưu đã xoá bớt chi tiết, nên đếm lại sẽ ra ít hơn số đúng. Lấy bảng tally từ bản sao lưu thay vì sửa."
        )


def _recount(connection: Connection) -> Counter[Key]:
    counts: Counter[Key] = Counter()
    for row in connection.execute(_grouped(STEPS, ("step", "symptom", "outcome"))):
        _count(counts, row, *step_deed(row.outcome, row.step, row.symptom))
    for row in connection.execute(_grouped(STARTS, ())):
        _count(counts, row, "started", "")
    for row in connection.execute(_grouped(COMPLETIONS, ("code",))):
        _count(counts, row, "completed", row.code)
    for row in connection.execute(_grouped(BLOCKAGES, ("code",))):
        _count(counts, row, "blocked", row.code)
    return counts


def _count(counts: Counter[Key], row: Row[Any], kind: Kind, code: str) -> None:
    counts[key_of(Deed(0, row.day, row.task, kind, code), row.ward or "")] += row.people


def _grouped(query: Select[Any], columns: tuple[str, ...]) -> Select[Any]:
    """How many people of each ward did the same on the same day."""
    did = query.subquery()
    what = (enrolment.c.ward, did.c.day, did.c.task, *(did.c[name] for name in columns))
    return (
        select(*what, func.count().label("people"))
        .select_from(did.outerjoin(enrolment, did.c.person_id == enrolment.c.person_id))
        .group_by(*what)
    )


def _write_anew(connection: Connection, right: Counter[Key]) -> None:
    connection.execute(delete(tally))
    rows = [{**key._asdict(), "people": people} for key, people in right.items()]
    for at in range(0, len(rows), _TOGETHER):
        connection.execute(insert(tally), rows[at : at + _TOGETHER])
