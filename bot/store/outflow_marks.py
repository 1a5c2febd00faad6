"""Marks what others have to be told, in the transaction in which it changes: the campaign's own database, the webhook.

A mark says which thing changed, not to what: it is read when it is told, so that marks may pile up, be told twice or in
another order, and what arrives is always how it stands.
"""

import secrets
from collections.abc import Collection, Iterable, Sequence
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, null, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.schema import completion, outflow, person, tally, webhook_event

# who is told of what is counted: the campaign's own database, an address of the city's
Flow = Literal["database", "webhook"]

# between the parts of a key; no code has one
_PART = "|"


def mark_completion(connection: Connection, person_id: int, task: str, *, at: str, flows: Collection[Flow]) -> None:
    if not flows:
        return
    pseudonym = connection.execute(_PSEUDONYM, {"person": person_id}).scalar_one()
    if "database" in flows:
        _mark(connection, [("completion", pseudonym, task)], at=at)
    if "webhook" in flows:
        mark_for_webhook(connection, [(pseudonym, task)], at=at)


def mark_tallies(connection: Connection, keys: Iterable[Sequence[str]], *, at: str, flows: Collection[Flow]) -> None:
    if "database" in flows:
        _mark(connection, [("tally", *key) for key in keys], at=at)


def mark_for_webhook(connection: Connection, whose: Sequence[tuple[str, str]], *, at: str) -> None:
    """``whose``: pseudonym and task. What changes again before it was told is another event, and keeps its place."""
    if whose:
        same = {"changed_at": at, "due_at": at, "tries": 0, "reason": ""}
        rows = [{"event_id": secrets.token_hex(16), "person": who, "task": task, **same} for who, task in whose]
        connection.execute(_MARK_FOR_WEBHOOK[connection.dialect.name], rows)


def mark_everything(connection: Connection, flow: Flow, *, at: str) -> None:
    """All completions, and for a database all numbers, as if they had changed just now."""
    done = select(person.c.pseudonym, completion.c.task).join(completion, completion.c.person_id == person.c.id)
    found = [(row.pseudonym, row.task) for row in connection.execute(done.order_by(completion.c.id))]
    if flow == "webhook":
        mark_for_webhook(connection, found, at=at)
        return
    _mark(connection, [("completion", *each) for each in found], at=at)
    keys = [tuple(row) for row in connection.execute(select(*tally.primary_key))]
    mark_tallies(connection, keys, at=at, flows=(flow,))


def parts_of(key: str) -> list[str]:
    """What a mark names: "completion", pseudonym, task; or "tally" and the parts of its key."""
    return key.split(_PART)


def _mark(connection: Connection, keys: list[tuple[str, ...]], *, at: str) -> None:
    if keys:
        rows = [{"key": _PART.join(key), "version": 1, "changed_at": at} for key in keys]
        connection.execute(_MARK[connection.dialect.name], rows)


def _marking(dialect: Any) -> Any:
    statement = dialect.insert(outflow)
    again = {"version": outflow.c.version + 1, "changed_at": statement.excluded.changed_at}
    return statement.on_conflict_do_update(index_elements=[outflow.c.key], set_=again)


def _marking_for_webhook(dialect: Any) -> Any:
    statement = dialect.insert(webhook_event)
    new = {name: statement.excluded[name] for name in ("event_id", "changed_at", "due_at", "tries", "reason")}
    index = [webhook_event.c.person, webhook_event.c.task]
    return statement.on_conflict_do_update(index_elements=index, set_=new | {"dead_at": null()})


_PSEUDONYM = select(person.c.pseudonym).where(person.c.id == bindparam("person"))
_MARK = {"sqlite": _marking(sqlite), "postgresql": _marking(postgresql)}
_MARK_FOR_WEBHOOK = {"sqlite": _marking_for_webhook(sqlite), "postgresql": _marking_for_webhook(postgresql)}
