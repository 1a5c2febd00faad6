"""Counts for the campaign: who started, who finished and on whose word, and at which step people are stuck."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, Select, distinct, func, select
from sqlalchemy.exc import DBAPIError

from bot.core.effects import TASKS
from bot.store.database import store_error
from bot.store.schema import completion, step_event

EVIDENCE = ("self", "helper", "trainer", "officer")


@dataclass(frozen=True, slots=True)
class TaskCount:
    """People, not clicks. ``stuck`` counts those who said so at a step, whether or not they went on later."""

    started: int = 0
    completed: int = 0
    by_evidence: dict[str, int] = field(default_factory=dict)
    stuck: dict[str, int] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        evidence = {name: self.by_evidence.get(name, 0) for name in EVIDENCE}
        return {"started": self.started, "completed": self.completed, "by_evidence": evidence, "stuck": self.stuck}


@dataclass(frozen=True, slots=True)
class Report:
    """Each task as a whole, and by day (of Ho Chi Minh City)."""

    tasks: dict[str, TaskCount]
    days: dict[str, dict[str, TaskCount]]

    def to_dict(self) -> dict[str, Any]:
        days = {day: {task: count.to_dict() for task, count in tasks.items()} for day, tasks in self.days.items()}
        return {"tasks": {task: count.to_dict() for task, count in self.tasks.items()}, "days": days}


def make_report(engine: Engine) -> Report:
    """The report of a whole database. Raises ``StoreError``."""
    try:
        with engine.connect().execution_options(reading=True) as connection:
            started = connection.execute(_STARTED).all()
            started_by_day = connection.execute(_by_day(_STARTED)).all()
            completed = connection.execute(_COMPLETED).all()
            completed_by_day = connection.execute(_by_day(_COMPLETED, completion.c.day)).all()
            stuck = connection.execute(_STUCK).all()
            stuck_by_day = connection.execute(_by_day(_STUCK)).all()
    except DBAPIError as error:
        raise store_error(error) from error
    days = sorted({row.day for rows in (started_by_day, completed_by_day, stuck_by_day) for row in rows})
    by_day = {
        day: _counts(
            *([row for row in rows if row.day == day] for rows in (started_by_day, completed_by_day, stuck_by_day))
        )
        for day in days
    }
    return Report(_counts(started, completed, stuck), by_day)


def _counts(started: Sequence[Any], completed: Sequence[Any], stuck: Sequence[Any]) -> dict[str, TaskCount]:
    counts = {}
    for task in TASKS:
        evidence = {row.evidence: row.people for row in completed if row.task == task}
        steps = {row.step: row.people for row in stuck if row.task == task}
        began = sum(row.people for row in started if row.task == task)
        counts[task] = TaskCount(began, sum(evidence.values()), evidence, steps)
    return counts


def _by_day(query: Select[Any], day: Any = step_event.c.day) -> Select[Any]:
    return query.add_columns(day.label("day")).group_by(day)


_PEOPLE = func.count(distinct(step_event.c.person_id)).label("people")
_STARTED = select(step_event.c.task, _PEOPLE).group_by(step_event.c.task)
_STUCK = (
    select(step_event.c.task, step_event.c.step, _PEOPLE)
    .where(step_event.c.outcome == "stuck")
    .group_by(step_event.c.task, step_event.c.step)
)
_COMPLETED = select(completion.c.task, completion.c.evidence, func.count().label("people")).group_by(
    completion.c.task, completion.c.evidence
)
