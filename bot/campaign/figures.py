"""The numbers of a desk: read from kept counts, inside a scope, small ones hidden. None stands for "fewer than five".

All numbers are people. Whole weeks only, where there are weeks; who chose no ward is counted in the city alone.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from bot.campaign.hiding import HiddenTable, Shown, hide_small
from bot.campaign.scope import OutOfScope, Scope
from bot.core.effects import BLOCKED, TASKS
from bot.store.database import reading
from bot.store.evidence import EVIDENCE
from bot.store.schema import help_request, phase, tally, target
from bot.store.schema import ward as wards
from bot.store.tallies import week_of

# the weeks of a trend unless somebody asks for more
WEEKS = 12


@dataclass(frozen=True, slots=True)
class Ward:
    """A unit of the city; ``name`` is its full one ("Phường Bến Thành")."""

    code: str
    name: str
    area: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the campaign, both days included, as the city counts days."""

    code: str
    title: str
    starts_on: str
    ends_on: str


@dataclass(frozen=True, slots=True)
class TaskFigures:
    """One task. ``by_evidence`` stands in the order of ``EVIDENCE``; ``goal`` and ``eligible`` are None without one."""

    task: str
    started: Shown
    completed: Shown
    by_evidence: tuple[Shown, ...]
    goal: int | None = None
    eligible: int | None = None

    @property
    def reached(self) -> float | None:
        """How much of the goal is reached, 1 for all of it."""
        return self.completed / self.goal if self.completed is not None and self.goal else None


@dataclass(frozen=True, slots=True)
class WardFigures:
    """A ward beside the others; ``waiting`` are the wishes for help nobody took yet."""

    ward: Ward
    tasks: tuple[TaskFigures, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class CityOverview:
    """Everything in a scope: the sums, and each ward; ``phase`` is the one whose goals are meant."""

    phase: Phase | None
    tasks: tuple[TaskFigures, ...]
    wards: tuple[WardFigures, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class WardOverview:
    """One ward with all that its page shows."""

    phase: Phase | None
    figures: WardFigures
    funnels: tuple["Funnel", ...]
    causes: tuple["Cause", ...]
    trends: tuple["Trend", ...]


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many came to a step, got past it, said they were stuck there; ``step`` is ``dialog.step``."""

    step: str
    entered: Shown
    passed: Shown
    stuck: Shown


@dataclass(frozen=True, slots=True)
class Symptom:
    """What people met at a step."""

    step: str
    symptom: str
    people: Shown


@dataclass(frozen=True, slots=True)
class Funnel:
    """A journey: who began, how they stood at each step, what held them up, who finished."""

    task: str
    started: Shown
    completed: Shown
    steps: tuple[FunnelStep, ...]
    symptoms: tuple[Symptom, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why people cannot yet, in a code of ``BLOCKED``, for each task in the order of ``TASKS`` and for none of them."""

    reason: str
    by_task: tuple[Shown, ...]
    people: Shown


@dataclass(frozen=True, slots=True)
class TrendWeek:
    """A whole week, Monday to Sunday ("2026-W47")."""

    week: str
    completed: Shown


@dataclass(frozen=True, slots=True)
class Trend:
    task: str
    weeks: tuple[TrendWeek, ...]


class Figures:
    """Asks one database. Everything may raise ``StoreError``; a ward out of scope raises ``OutOfScope``."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def wards(self, scope: Scope) -> tuple[Ward, ...]:
        with reading(self._engine) as connection:
            return _wards(connection, scope)

    def phases(self) -> tuple[Phase, ...]:
        query = select(phase.c.code, phase.c.title, phase.c.starts_on, phase.c.ends_on).order_by(phase.c.starts_on)
        with reading(self._engine) as connection:
            return tuple(Phase(*row) for row in connection.execute(query))

    def city(self, scope: Scope, *, phase: Phase | None = None) -> CityOverview:
        """All of a scope, to date."""
        with reading(self._engine) as connection:
            return _city(connection, scope, phase)

    def ward(self, scope: Scope, code: str, *, today: dt.date, phase: Phase | None = None) -> WardOverview:
        """One ward, to date."""
        if code not in scope:
            raise OutOfScope(code)
        with reading(self._engine) as connection:
            # what the page of all wards hides is hidden here, too
            city = _city(connection, Scope(), phase, only=code)
            if not city.wards:
                raise OutOfScope(code)
            only = Scope.of([code])
            return WardOverview(
                phase,
                city.wards[0],
                tuple(_funnel(connection, only, task) for task in TASKS),
                _causes(connection, only),
                _trends(connection, Scope(), _last_weeks(today, WEEKS), only=code),
            )

    def funnel(self, scope: Scope, task: str) -> Funnel:
        """A journey in all of a scope."""
        with reading(self._engine) as connection:
            return _funnel(connection, scope, task)

    def causes(self, scope: Scope) -> tuple[Cause, ...]:
        """Why people cannot yet, in all of a scope, the commonest first."""
        with reading(self._engine) as connection:
            return _causes(connection, scope)

    def trends(self, scope: Scope, *, today: dt.date, weeks: int = WEEKS) -> tuple[Trend, ...]:
        """Who finished in each of the last whole weeks, for every task; the week that still goes on is left out."""
        with reading(self._engine) as connection:
            return _trends(connection, scope, _last_weeks(today, weeks))


# ---- overview ----


def _wards(connection: Connection, scope: Scope) -> tuple[Ward, ...]:
    query = select(wards).where(scope.only(wards.c.code)).order_by(wards.c.code)
    return tuple(Ward(row.code, f"{row.kind.capitalize()} {row.name}", row.area) for row in connection.execute(query))


def _city(connection: Connection, scope: Scope, phase: Phase | None, *, only: str = "") -> CityOverview:
    units = _wards(connection, scope)
    places = [unit.code for unit in units] + ([""] if scope.wards is None else [])
    goals, waiting = _goals(connection, scope, phase), _waiting(connection, scope)
    columns = {task: _columns(connection, scope, task, places) for task in TASKS}
    sums = tuple(
        TaskFigures(task, *columns[task].sums, *_added(goals, task, [unit.code for unit in units])) for task in TASKS
    )
    rows = tuple(
        WardFigures(
            unit,
            tuple(
                TaskFigures(task, *columns[task].rows[at], *goals.get((unit.code, task), (None, None)))
                for task in TASKS
            ),
            waiting.get(unit.code, 0),
        )
        for at, unit in enumerate(units)
        if only in ("", unit.code)
    )
    return CityOverview(phase, sums, rows, sum(waiting.values()))


_Row = tuple[Shown, Shown, tuple[Shown, ...]]


@dataclass(frozen=True, slots=True)
class _Columns:
    """One task: started, completed and by evidence, for each place and for all."""

    rows: tuple[_Row, ...]
    sums: _Row


def _columns(connection: Connection, scope: Scope, task: str, places: Sequence[str]) -> _Columns:
    counts = _counts(connection, scope, task, ("completed", "started"))
    completed = hide_small([[counts.get((place, "completed", each), 0) for each in EVIDENCE] for place in places])
    started = hide_small([[counts.get((place, "started", ""), 0)] for place in places])
    rows = tuple((started.rows[at], completed.rows[at], completed.cells[at]) for at in range(len(places)))
    return _Columns(rows, (started.total, completed.total, completed.columns or (None,) * len(EVIDENCE)))


def _counts(
    connection: Connection, scope: Scope, task: str, kinds: Sequence[str]
) -> Mapping[tuple[str, str, str], int]:
    query = select(tally.c.ward, tally.c.kind, tally.c.code, tally.c.people).where(
        tally.c.grain == "all", tally.c.task == task, tally.c.kind.in_(kinds), scope.only(tally.c.ward)
    )
    return {(row.ward, row.kind, row.code): row.people for row in connection.execute(query)}


_Goals = Mapping[tuple[str, str], tuple[int, int]]


def _goals(connection: Connection, scope: Scope, phase: Phase | None) -> _Goals:
    if phase is None:
        return {}
    query = select(target).where(target.c.phase == phase.code, scope.only(target.c.ward))
    return {(row.ward, row.task): (row.goal, row.eligible) for row in connection.execute(query)}


def _added(goals: _Goals, task: str, codes: Iterable[str]) -> tuple[int | None, int | None]:
    found = [goals[code, task] for code in codes if (code, task) in goals]
    return (sum(goal for goal, _ in found), sum(eligible for _, eligible in found)) if found else (None, None)


def _waiting(connection: Connection, scope: Scope) -> Mapping[str, int]:
    query = (
        select(help_request.c.ward, func.count().label("wishes"))
        .where(help_request.c.status == "waiting", scope.only(help_request.c.ward))
        .group_by(help_request.c.ward)
    )
    return {row.ward: row.wishes for row in connection.execute(query)}


# ---- where people stop, and why ----


def _funnel(connection: Connection, scope: Scope, task: str) -> Funnel:
    query = (
        select(tally.c.kind, tally.c.code, func.sum(tally.c.people).label("people"))
        .where(tally.c.grain == "all", tally.c.task == task, tally.c.kind != "blocked", scope.only(tally.c.ward))
        .group_by(tally.c.kind, tally.c.code)
    )
    counts = {(row.kind, row.code): int(row.people) for row in connection.execute(query)}
    steps = sorted({code.partition("?")[0] for kind, code in counts if kind in ("entered", "passed", "stuck")})
    met = sorted(
        (code for kind, code in counts if kind == "stuck" and "?" in code), key=lambda code: -counts["stuck", code]
    )
    return Funnel(
        task,
        _large(counts.get(("started", ""), 0)),
        _large(sum(people for (kind, _), people in counts.items() if kind == "completed")),
        tuple(
            FunnelStep(step, *(_large(counts.get((kind, step), 0)) for kind in ("entered", "passed", "stuck")))
            for step in steps
        ),
        tuple(_symptom(code, counts["stuck", code]) for code in met),
    )


def _symptom(code: str, people: int) -> Symptom:
    step, _, symptom = code.partition("?")
    return Symptom(step, symptom, _large(people))


def _large(people: int) -> Shown:
    """A number that is part of no sum."""
    return hide_small([[people]]).total


def _causes(connection: Connection, scope: Scope) -> tuple[Cause, ...]:
    query = (
        select(tally.c.task, tally.c.code, func.sum(tally.c.people).label("people"))
        .where(tally.c.grain == "all", tally.c.kind == "blocked", scope.only(tally.c.ward))
        .group_by(tally.c.task, tally.c.code)
    )
    counts = {(row.code, row.task): int(row.people) for row in connection.execute(query)}
    reasons = sorted(BLOCKED, key=lambda reason: -sum(counts.get((reason, task), 0) for task in (*TASKS, "")))
    table = hide_small([[counts.get((reason, task), 0) for task in (*TASKS, "")] for reason in reasons])
    return tuple(Cause(reason, table.cells[at], table.rows[at]) for at, reason in enumerate(reasons))


# ---- weeks ----


def _last_weeks(today: dt.date, number: int) -> list[str]:
    return [week_of((today - dt.timedelta(weeks=back)).isoformat()) for back in range(number, 0, -1)]


def _trends(connection: Connection, scope: Scope, weeks: Sequence[str], *, only: str = "") -> tuple[Trend, ...]:
    query = (
        select(tally.c.ward, tally.c.period, tally.c.task, func.sum(tally.c.people).label("people"))
        .where(
            tally.c.grain == "week", tally.c.kind == "completed", tally.c.period.in_(weeks), scope.only(tally.c.ward)
        )
        .group_by(tally.c.ward, tally.c.period, tally.c.task)
    )
    counts = {(row.ward, row.period, row.task): int(row.people) for row in connection.execute(query)}
    places = sorted({ward for ward, _, _ in counts} | {only})
    return tuple(_trend(task, weeks, _by_week(counts, task, places, weeks), places, only) for task in TASKS)


def _by_week(counts: Mapping[Any, int], task: str, places: Sequence[str], weeks: Sequence[str]) -> HiddenTable:
    return hide_small([[counts.get((place, week, task), 0) for week in weeks] for place in places])


def _trend(task: str, weeks: Sequence[str], table: HiddenTable, places: Sequence[str], only: str) -> Trend:
    people = table.cells[places.index(only)] if only else table.columns
    return Trend(task, tuple(TrendWeek(*each) for each in zip(weeks, people, strict=True)))
