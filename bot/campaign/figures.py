"""The numbers of a desk, as they were told when the last whole week ended, inside a scope. None: not told.

All numbers are people; who chose no ward is counted in the city alone. Of several wards only what is told of each of
them is added up: nothing is told here that their own pages hide.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Engine, func, select

from bot.campaign.hiding import Shown
from bot.campaign.publishing import WHOLE_CITY, published_week
from bot.campaign.scope import OutOfScope, Scope
from bot.core.effects import BLOCKED, TASKS
from bot.store.database import reading
from bot.store.evidence import EVIDENCE
from bot.store.schema import help_request, phase, published, target
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
    """Everything in a scope: the sums, and each ward; ``phase`` is the one whose goals are meant.

    ``until`` is the last day that counts, a Sunday; None while no week was told yet.
    """

    phase: Phase | None
    until: dt.date | None
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
    """Why people cannot yet, in a code of ``BLOCKED``."""

    reason: str
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

    def until(self) -> dt.date | None:
        """The last day that counts, a Sunday; None while no week was told yet."""
        with reading(self._engine) as connection:
            return _until(connection)

    def wards(self, scope: Scope) -> tuple[Ward, ...]:
        with reading(self._engine) as connection:
            return _wards(connection, scope)

    def phases(self) -> tuple[Phase, ...]:
        query = select(phase.c.code, phase.c.title, phase.c.starts_on, phase.c.ends_on).order_by(phase.c.starts_on)
        with reading(self._engine) as connection:
            return tuple(Phase(*row) for row in connection.execute(query))

    def city(self, scope: Scope, *, phase: Phase | None = None, compared: bool = True) -> CityOverview:
        """All of a scope; ``compared``: with every ward beside the others."""
        with reading(self._engine) as connection:
            goals, waiting = _goals(connection, scope, phase), _waiting(connection, scope)
            return CityOverview(
                phase,
                _until(connection),
                _tasks(_told(connection, scope, *_TO_DATE), _added(goals)),
                _compared(connection, scope, goals, waiting) if compared else (),
                sum(waiting.values()),
            )

    def ward(self, scope: Scope, code: str, *, phase: Phase | None = None) -> WardOverview:
        """One ward."""
        if code not in scope:
            raise OutOfScope(code)
        only = Scope.of([code])
        with reading(self._engine) as connection:
            unit = next(iter(_wards(connection, only)), None)
            if unit is None:
                raise OutOfScope(code)
            told = _told(connection, only)
            tasks = _tasks(told, _added(_goals(connection, only, phase)))
            return WardOverview(
                phase,
                WardFigures(unit, tasks, sum(_waiting(connection, only).values())),
                tuple(_funnel(told, task) for task in TASKS),
                _causes(told),
                _trends(told, _last_weeks(published_week(connection), WEEKS)),
            )

    def funnel(self, scope: Scope, task: str) -> Funnel:
        """A journey in all of a scope."""
        with reading(self._engine) as connection:
            return _funnel(_told(connection, scope, published.c.task == task), task)

    def causes(self, scope: Scope) -> tuple[Cause, ...]:
        """Why people cannot yet, in all of a scope, the commonest first."""
        with reading(self._engine) as connection:
            return _causes(_told(connection, scope, published.c.kind == "blocked"))

    def trends(self, scope: Scope, *, weeks: int = WEEKS) -> tuple[Trend, ...]:
        """Who finished in each of the last weeks, for every task."""
        with reading(self._engine) as connection:
            last = _last_weeks(published_week(connection), weeks)
            return _trends(_told(connection, scope, published.c.period.in_(last)), last)


# task, kind, period and code
_Key = tuple[str, str, str, str]
_Told = Mapping[_Key, Shown]

_TO_DATE = (published.c.kind.in_(("started", "completed")), published.c.period == "")


def _told(connection: Connection, scope: Scope, *which: ColumnElement[bool]) -> _Told:
    """What is told of a scope as a whole: a number only where every part of it is."""
    parts = [WHOLE_CITY] if scope.wards is None else sorted(scope.wards)
    what = (published.c.task, published.c.kind, published.c.period, published.c.code)
    query = (
        select(*what, func.sum(published.c.people).label("people"), func.count(published.c.people).label("parts"))
        .where(published.c.ward.in_(parts), *which)
        .group_by(*what)
    )
    return {
        (row.task, row.kind, row.period, row.code): int(row.people) if row.parts == len(parts) else None
        for row in connection.execute(query)
    }


# ---- overview ----


def _wards(connection: Connection, scope: Scope) -> tuple[Ward, ...]:
    query = select(wards).where(scope.only(wards.c.code)).order_by(wards.c.code)
    return tuple(Ward(row.code, f"{row.kind.capitalize()} {row.name}", row.area) for row in connection.execute(query))


def _compared(
    connection: Connection, scope: Scope, goals: "_Goals", waiting: Mapping[str, int]
) -> tuple[WardFigures, ...]:
    by_ward: dict[str, dict[_Key, Shown]] = {}
    for row in connection.execute(select(published).where(scope.only(published.c.ward), *_TO_DATE)):
        by_ward.setdefault(row.ward, {})[row.task, row.kind, row.period, row.code] = row.people
    goals_of: dict[str, dict[str, _Goal]] = {}
    for (ward, task), goal in goals.items():
        goals_of.setdefault(ward, {})[task] = goal
    return tuple(
        WardFigures(unit, _tasks(by_ward.get(unit.code, {}), goals_of.get(unit.code, {})), waiting.get(unit.code, 0))
        for unit in _wards(connection, scope)
    )


def _tasks(told: _Told, goals: Mapping[str, "_Goal"]) -> tuple[TaskFigures, ...]:
    return tuple(
        TaskFigures(
            task,
            told.get((task, "started", "", "")),
            told.get((task, "completed", "", "")),
            tuple(told.get((task, "completed", "", each)) for each in EVIDENCE),
            *goals.get(task, (None, None)),
        )
        for task in TASKS
    )


# how many should finish, of how many
_Goal = tuple[int, int]
_Goals = Mapping[tuple[str, str], _Goal]


def _goals(connection: Connection, scope: Scope, phase: Phase | None) -> _Goals:
    if phase is None:
        return {}
    query = select(target).where(target.c.phase == phase.code, scope.only(target.c.ward))
    return {(row.ward, row.task): (row.goal, row.eligible) for row in connection.execute(query)}


def _added(goals: _Goals) -> Mapping[str, _Goal]:
    """Those of each task, all wards together."""
    sums: dict[str, _Goal] = {}
    for (_, task), (goal, eligible) in goals.items():
        before = sums.get(task, (0, 0))
        sums[task] = before[0] + goal, before[1] + eligible
    return sums


def _waiting(connection: Connection, scope: Scope) -> Mapping[str, int]:
    query = (
        select(help_request.c.ward, func.count().label("wishes"))
        .where(help_request.c.status == "waiting", scope.only(help_request.c.ward))
        .group_by(help_request.c.ward)
    )
    return {row.ward: row.wishes for row in connection.execute(query)}


# ---- where people stop, and why ----


def _funnel(told: _Told, task: str) -> Funnel:
    codes = {(kind, code) for of, kind, period, code in told if of == task and not period}
    steps = sorted({code.partition("?")[0] for kind, code in codes if kind in ("entered", "passed", "stuck")})
    met = [
        _symptom(code, told[task, kind, "", code]) for kind, code in sorted(codes) if kind == "stuck" and "?" in code
    ]
    return Funnel(
        task,
        told.get((task, "started", "", "")),
        told.get((task, "completed", "", "")),
        tuple(
            FunnelStep(step, *(told.get((task, kind, "", step)) for kind in ("entered", "passed", "stuck")))
            for step in steps
        ),
        tuple(sorted(met, key=lambda symptom: -(symptom.people or 0))),
    )


def _symptom(code: str, people: Shown) -> Symptom:
    step, _, symptom = code.partition("?")
    return Symptom(step, symptom, people)


def _causes(told: _Told) -> tuple[Cause, ...]:
    causes = [Cause(reason, told.get(("", "blocked", "", reason))) for reason in BLOCKED]
    return tuple(sorted(causes, key=lambda cause: -(cause.people or 0)))


# ---- weeks ----


def _monday(week: str) -> dt.date:
    return dt.date.fromisocalendar(int(week[:4]), int(week[-2:]), 1)


def _until(connection: Connection) -> dt.date | None:
    week = published_week(connection)
    return _monday(week) + dt.timedelta(days=6) if week else None


def _last_weeks(week: str | None, number: int) -> list[str]:
    """So many weeks up to that one, in order; none without one."""
    last = [_monday(week) - dt.timedelta(weeks=back) for back in range(number)] if week else []
    return [week_of(monday.isoformat()) for monday in reversed(last)]


def _trends(told: _Told, weeks: Iterable[str]) -> tuple[Trend, ...]:
    return tuple(
        Trend(task, tuple(TrendWeek(week, told.get((task, "completed", week, ""))) for week in weeks)) for task in TASKS
    )
