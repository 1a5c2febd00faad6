"""The doors of the figures: the city or the wards somebody may see, one ward, one journey (T9, T62)."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Response

from bot.campaign.figures import CityOverview, Figures, Phase, TaskFigures, Trend, WardFigures
from bot.campaign.scope import OutOfScope
from bot.campaign.teams import Teams
from bot.classes.schedule import Schedule, Sight
from bot.core.effects import TASKS
from bot.store.moments import CITY
from bot.web.desk.charts import Column
from bot.web.desk.pages import DeskPages
from bot.web.desk.titles import Titles
from bot.web.desk.visit import Door, GoToError, RefusedError, Visit


@dataclass(frozen=True, slots=True)
class Progress:
    """A task's card: its figures, the width of the whole bar, and how far it should be by today (None: no goal)."""

    figures: TaskFigures
    most: int
    due: float | None


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the figures of a page: the phase whose goals are meant, how much of it is over, and when.

    ``until`` is the last day that counts, None while no week was told yet; ``due`` is how much was over by then.
    """

    phases: tuple[Phase, ...]
    phase: Phase | None
    elapsed: float | None
    due: float | None
    until: dt.date | None
    at: dt.datetime

    def state(self, phase: Phase) -> str:
        """Whether a phase is over, goes on or is ahead, on the city's day."""
        today = self.at.astimezone(CITY).date().isoformat()
        if phase.ends_on < today:
            return "over"
        return "now" if phase.starts_on <= today else "ahead"


class FigureDoors:
    """Every page asks for figures of the scope that the session gives, whatever the address says."""

    def __init__(
        self,
        figures: Figures,
        teams: Teams,
        schedule: Schedule,
        titles: Titles,
        pages: DeskPages,
        *,
        now: Callable[[], dt.datetime],
    ) -> None:
        self._figures = figures
        self._teams = teams
        self._schedule = schedule
        self._titles = titles
        self._pages = pages
        self._now = now

    def doors(self) -> tuple[Door, ...]:
        return (
            Door("GET", "/desk", "figures", self.overview),
            Door("GET", "/desk/wards", "figures", self.wards),
            Door("GET", "/desk/wards/{ward}", "figures", self.ward),
            Door("GET", "/desk/tasks/{task}", "figures", self.task),
        )

    def overview(self, visit: Visit) -> Response:
        """All somebody may see; for one ward alone that ward's page."""
        if visit.scope.wards is not None and len(visit.scope.wards) == 1:
            raise GoToError(f"/desk/wards/{next(iter(visit.scope.wards))}")
        frame = self._frame(visit)
        city = self._figures.city(visit.scope, phase=frame.phase, compared=False)
        return self._pages.page(
            visit,
            "overview.html",
            visit.words["whole_city" if visit.scope.wards is None else "my_wards"],
            frame=frame,
            city=city,
            classes=self._schedule.attendance(Sight(visit.scope.wards)),
            cards=_cards(city.tasks, frame.due),
            causes=self._figures.causes(visit.scope),
            trends=_columns(self._figures.trends(visit.scope)),
        )

    def wards(self, visit: Visit) -> Response:
        """Wards side by side, for one task."""
        frame, task = self._frame(visit), visit.asked("task") or TASKS[0]
        if task not in TASKS:
            raise RefusedError(404, "not_found")
        city = self._figures.city(visit.scope, phase=frame.phase)
        order = visit.asked("sort") if visit.asked("sort") in _ORDERS else "reached"
        return self._pages.page(
            visit,
            "wards.html",
            visit.words["wards"],
            frame=frame,
            task=task,
            tasks=TASKS,
            order=order,
            rows=_ranked(city, TASKS.index(task), order),
            due=frame.due,
        )

    def ward(self, visit: Visit) -> Response:
        frame = self._frame(visit)
        try:
            ward = self._figures.ward(visit.scope, visit.at("ward"), phase=frame.phase)
            code = frame.phase.code if frame.phase else ""
            teams = self._teams.figures(visit.scope, visit.at("ward"), today=self._today, phase=code)
        except OutOfScope:
            raise RefusedError(404, "not_found") from None
        return self._pages.page(
            visit,
            "ward.html",
            ward.figures.ward.name,
            frame=frame,
            ward=ward,
            classes=self._schedule.attendance(Sight(frozenset({ward.figures.ward.code}))),
            cards=_cards(ward.figures.tasks, frame.due),
            teams=teams,
            funnels=[self._titles.journey(funnel, visit.language) for funnel in ward.funnels],
            trends=_columns(ward.trends),
        )

    def task(self, visit: Visit) -> Response:
        """Where people stop on one journey."""
        task = visit.at("task")
        if task not in TASKS:
            raise RefusedError(404, "not_found")
        journey = self._titles.journey(self._figures.funnel(visit.scope, task), visit.language)
        return self._pages.page(
            visit,
            "task.html",
            visit.words[f"task_{task}"],
            journey=journey,
            tasks=TASKS,
            task=task,
            until=self._figures.until(),
        )

    # ---- inside ----

    @property
    def _today(self) -> dt.date:
        return self._now().astimezone(CITY).date()

    def _frame(self, visit: Visit) -> Frame:
        phases, today, until = self._figures.phases(), self._today, self._figures.until()
        phase = _phase(phases, visit.asked("phase"), today.isoformat())
        return Frame(phases, phase, _elapsed(phase, today), _elapsed(phase, until or today), until, self._now())


def _phase(phases: Sequence[Phase], code: str, today: str) -> Phase | None:
    """The phase somebody chose, else the one of today, else the last that began."""
    chosen = [phase for phase in phases if phase.code == code]
    present = [phase for phase in phases if phase.starts_on <= today <= phase.ends_on]
    begun = [phase for phase in phases if phase.starts_on <= today]
    return next(iter([*chosen, *present, *reversed(begun), *phases]), None)


def _elapsed(phase: Phase | None, day: dt.date) -> float | None:
    """How much of a phase is over at the end of a day: 0 to 1."""
    if phase is None:
        return None
    starts, ends = dt.date.fromisoformat(phase.starts_on), dt.date.fromisoformat(phase.ends_on)
    days = (ends - starts).days + 1
    return min(max(((day - starts).days + 1) / days, 0.0), 1.0) if days > 0 else 1.0


def _cards(tasks: Iterable[TaskFigures], due: float | None) -> list[Progress]:
    return [
        Progress(
            figures=each,
            most=max(each.eligible or 0, each.goal or 0, each.completed or 0),
            due=due * each.goal if due is not None and each.goal else None,
        )
        for each in tasks
    ]


# what wards can be compared by; whoever has most stands on top, where nothing is told last
_ORDERS: Mapping[str, Callable[[WardFigures, TaskFigures], float | None]] = {
    "reached": lambda row, figures: figures.reached,
    "finished": lambda row, figures: figures.completed,
    "goal": lambda row, figures: figures.goal,
    "waiting": lambda row, figures: row.waiting,
    "name": lambda row, figures: None,
}


def _ranked(city: CityOverview, task: int, order: str) -> list[WardFigures]:
    """The wards in that order, those alike as the city lists them."""

    def key(row: WardFigures) -> tuple[bool, float]:
        value = _ORDERS[order](row, row.tasks[task])
        return value is None, -(value or 0)

    return sorted(city.wards, key=key)


def _columns(trends: Iterable[Trend]) -> Mapping[str, list[Column]]:
    """The weeks of each task as columns, "46" for "2026-W46"."""
    return {
        trend.task: [Column(week.week.partition("-W")[2], week.completed) for week in trend.weeks] for trend in trends
    }
