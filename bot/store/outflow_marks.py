"""Marks what the campaign's own database has to be told, in the transaction in which it changes.

A mark says which thing changed, not to what: it is read when it is told, so that marks may pile up, be told twice or in
another order, and what arrives is always how it stands.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.moments import stamp
from bot.store.schema import completion, outflow, person, tally

# between the parts of a key; no code has one
_PART = "|"


def mark_completion(connection: Connection, person_id: int, task: str, *, at: str) -> None:
    pseudonym = connection.execute(_PSEUDONYM, {"person": person_id}).scalar_one()
    _mark(connection, [("completion", pseudonym, task)], at)


def mark_tallies(connection: Connection, keys: Iterable[Sequence[str]], *, at: str) -> None:
    """``keys`` of numbers by week."""
    _mark(connection, [("tally", *key) for key in keys], at)


def mark_everything(connection: Connection) -> None:
    """All completions and all numbers by week, as if they had changed just now."""
    at = stamp(dt.datetime.now(dt.UTC))
    done = select(person.c.pseudonym, completion.c.task).join(completion, completion.c.person_id == person.c.id)
    _mark(connection, [("completion", *row) for row in connection.execute(done)], at)
    weeks = select(tally.c.grain, tally.c.period, tally.c.ward, tally.c.task, tally.c.kind, tally.c.code)
    mark_tallies(connection, [tuple(row) for row in connection.execute(weeks.where(tally.c.grain == "week"))], at=at)


def parts_of(key: str) -> list[str]:
    """What a mark names: "completion", pseudonym, task; or "tally" and the parts of its key."""
    return key.split(_PART)


def _mark(connection: Connection, keys: list[tuple[str, ...]], at: str) -> None:
    if keys:
        rows = [{"key": _PART.join(key), "version": 1, "changed_at": at} for key in keys]
        connection.execute(_MARK[connection.dialect.name], rows)


def _marking(dialect: Any) -> Any:
    statement = dialect.insert(outflow)
    again = {"version": outflow.c.version + 1, "changed_at": statement.excluded.changed_at}
    return statement.on_conflict_do_update(index_elements=[outflow.c.key], set_=again)


_PSEUDONYM = select(person.c.pseudonym).where(person.c.id == bindparam("person"))
_MARK = {"sqlite": _marking(sqlite), "postgresql": _marking(postgresql)}
