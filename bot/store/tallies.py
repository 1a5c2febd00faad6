"""How many people, kept in the transaction in which something happens, so that no page has to count.

Kinds, each by week, ward and task and in ``code`` what precisely:

* ``completed``: finished the task, by the best evidence.
* ``started``: came to its first numbered step. ``entered``, ``passed``, ``stuck``: were so at a step ever, counted
  when they first were; ``code`` is the step, behind "?" the symptom.
* ``blocked``: said why they cannot yet.

A person is counted in the ward they chose, under "" while they chose none, and takes along all they did on choosing.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Select, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.outflow_marks import Flow, mark_completion, mark_tallies
from bot.store.schema import blockage, completion, enrolment, step_event, tally

Kind = Literal["completed", "started", "entered", "passed", "stuck", "blocked"]

# the outcomes of a step as the engine names them -> what is counted
_KINDS: dict[str, Kind] = {"entered": "entered", "done": "passed", "stuck": "stuck"}

# of all that is noted at a step, what counts; a task taken back says nothing of a step
COUNTED = tuple(_KINDS)

# people whose history is read at once
_TOGETHER = 500


class Key(NamedTuple):
    """One number, of a ``week`` ("2026-W47")."""

    week: str
    ward: str
    task: str
    kind: Kind
    code: str


class Deed(NamedTuple):
    """What one person adds to the counts, in whatever ward they are."""

    person_id: int
    day: str
    task: str
    kind: Kind
    code: str


def week_of(day: str) -> str:
    """The week of a day, Monday to Sunday.

    >>> week_of("2026-11-22"), week_of("2027-01-01")
    ('2026-W47', '2026-W53')
    """
    year, week, _ = dt.date.fromisoformat(day).isocalendar()
    return f"{year}-W{week:02}"


def key_of(deed: Deed, ward: str) -> Key:
    """The number a deed is part of."""
    return Key(week_of(deed.day), ward, deed.task, deed.kind, deed.code)


class Tallies:
    """The changes of one transaction, written together at its end. ``flows``: who else is told of them."""

    def __init__(self, connection: Connection, *, at: str, flows: Collection[Flow] = ()) -> None:
        self._connection = connection
        self._at = at
        self._flows = flows
        self._deeds: Counter[Deed] = Counter()
        self._changes: Counter[Key] = Counter()
        self._wards: dict[int, str] = {}

    def add(self, person_id: int, day: str, task: str, kind: Kind, code: str = "", *, by: int = 1) -> None:
        self._deeds[Deed(person_id, day, task, kind, code)] += by

    def move(self, person_id: int, ward: str) -> None:
        """All a person did so far counts there from now on. Before their enrolment is written."""
        self._settle()
        was = self._ward_of({person_id}).get(person_id, "")
        if was == ward:
            return
        for deed in history(self._connection, [person_id]):
            self._change(deed, was, -1)
            self._change(deed, ward, 1)
            if deed.kind == "completed":
                self.completion_changed(deed.person_id, deed.task)
        self._wards[person_id] = ward

    def forget(self, person_ids: Collection[int]) -> None:
        """Nothing of these people counts any more. Before their rows go."""
        self._settle()
        wards = self._ward_of(person_ids)
        for deed in history(self._connection, person_ids):
            self._change(deed, wards.get(deed.person_id, ""), -1)
            if deed.kind == "completed":
                self.completion_changed(deed.person_id, deed.task)

    def remember(self, person_ids: Collection[int]) -> None:
        """All these people did counts again, as their rows say now."""
        for person_id in person_ids:
            self._wards.pop(person_id, None)
        wards = self._ward_of(person_ids)
        for deed in history(self._connection, person_ids):
            self._change(deed, wards.get(deed.person_id, ""), 1)
            if deed.kind == "completed":
                self.completion_changed(deed.person_id, deed.task)

    def write(self) -> None:
        self._settle()
        # in one order, so that two processes never wait for one another in a ring
        changed = sorted(key for key, people in self._changes.items() if people)
        rows = [{**key._asdict(), "people": self._changes[key]} for key in changed]
        if rows:
            self._connection.execute(_ADD[self._connection.dialect.name], rows)
        mark_tallies(self._connection, changed, at=self._at, flows=self._flows)
        self._changes.clear()

    def _settle(self) -> None:
        wards = self._ward_of({deed.person_id for deed in self._deeds})
        for deed, by in self._deeds.items():
            self._change(deed, wards.get(deed.person_id, ""), by)
        self._deeds.clear()

    def _change(self, deed: Deed, ward: str, by: int) -> None:
        self._changes[key_of(deed, ward)] += by

    def completion_changed(self, person_id: int, task: str) -> None:
        """Whoever is told of completions is to hear how this one stands now."""
        mark_completion(self._connection, person_id, task, at=self._at, flows=self._flows)

    def _ward_of(self, person_ids: Collection[int]) -> dict[int, str]:
        unknown = [person_id for person_id in person_ids if person_id not in self._wards]
        for some in _parted(unknown):
            self._wards |= {row.person_id: row.ward for row in self._connection.execute(_ENROLLED, {"people": some})}
        return self._wards


def history(connection: Connection, person_ids: Collection[int]) -> Iterator[Deed]:
    """All that some people are counted for."""
    for some in _parted(person_ids):
        for kind, query in _HISTORY:
            for row in connection.execute(query, {"people": some}):
                yield Deed(row.person_id, row.day, row.task, *_counted_as(kind, row))


def step_deed(outcome: str, step: str, symptom: str) -> tuple[Kind, str]:
    """What being so at a step is counted as."""
    return _KINDS[outcome], f"{step}?{symptom}" if symptom else step


def _counted_as(kind: Kind | None, row: Any) -> tuple[Kind, str]:
    if kind is None:
        return step_deed(row.outcome, row.step, row.symptom)
    return kind, "" if kind == "started" else row.code


def _parted(person_ids: Iterable[int]) -> Iterator[list[int]]:
    ids = sorted(person_ids)
    return (ids[at : at + _TOGETHER] for at in range(0, len(ids), _TOGETHER))


# ---- statements, made once ----


def _upsert(dialect: Any) -> Any:
    insert = dialect.insert(tally)
    return insert.on_conflict_do_update(
        index_elements=list(tally.primary_key), set_={"people": tally.c.people + insert.excluded.people}
    )


def _of_people(query: Select[Any], table: Any) -> Select[Any]:
    return query.where(table.c.person_id.in_(bindparam("people", expanding=True)))


_ADD = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}
_ENROLLED = _of_people(select(enrolment.c.person_id, enrolment.c.ward), enrolment)

_FIRST = func.min(step_event.c.day).label("day")
_STEP = (step_event.c.person_id, step_event.c.task, step_event.c.step, step_event.c.symptom, step_event.c.outcome)
STEPS = select(*_STEP, _FIRST).where(step_event.c.outcome.in_(COUNTED)).group_by(*_STEP)
STARTS = select(*_STEP[:2], _FIRST).where(step_event.c.outcome.in_(COUNTED)).group_by(*_STEP[:2])
COMPLETIONS = select(completion.c.person_id, completion.c.task, completion.c.evidence.label("code"), completion.c.day)
BLOCKAGES = select(blockage.c.person_id, blockage.c.task, blockage.c.reason.label("code"), blockage.c.day)

_HISTORY: tuple[tuple[Kind | None, Select[Any]], ...] = (
    (None, _of_people(STEPS, step_event)),
    ("started", _of_people(STARTS, step_event)),
    ("completed", _of_people(COMPLETIONS, completion)),
    ("blocked", _of_people(BLOCKAGES, blockage)),
)
