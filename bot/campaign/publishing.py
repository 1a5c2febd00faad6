"""Closes a week: from then on its figures are told, small ones hidden, and nothing told changes until the next (T9).

Were they counted live, whoever looks before and after one person finishes would know of that person by subtraction.
All tables that share totals are hidden together here, so that no two pages tell what one of them hides.
"""

import datetime as dt
import logging
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, Select, bindparam, delete, func, insert, select
from sqlalchemy.exc import DBAPIError

from bot.campaign.hiding import HiddenTable, Shown, hide_small
from bot.core.effects import BLOCKED, TASKS
from bot.store.database import reading, store_error
from bot.store.evidence import EVIDENCE
from bot.store.moments import CITY, stamp
from bot.store.schema import publication, published, tally
from bot.store.schema import ward as wards
from bot.store.tallies import Kind, week_of

# the "ward" that stands for the sums of all, with those who chose none
WHOLE_CITY = "city"

# rows written at once
_TOGETHER = 5_000

log = logging.getLogger(__name__)


class Figure(NamedTuple):
    """One number that is told, or is not: None. ``period`` is a week, or empty for all weeks until now."""

    ward: str
    task: str
    kind: Kind
    period: str
    code: str
    people: Shown


def publish(engine: Engine, *, now: dt.datetime, again: bool = False) -> bool:
    """Tell the weeks that are over; false where that was done before. Raises ``StoreError``.

    ``again``: even so, because counts were put right.
    """
    today = now.astimezone(CITY).date()
    present, last = week_of(today.isoformat()), week_of((today - dt.timedelta(weeks=1)).isoformat())
    with reading(engine) as connection:
        if not again and (published_week(connection) or "") >= last:
            return False
        figures = list(_figures(connection, present))
    try:
        with engine.begin() as connection:
            _replace(connection, figures, last, at=stamp(now))
    except DBAPIError as error:
        raise store_error(error) from error
    log.info("the figures until the end of %s are told: %s numbers", last, len(figures))
    return True


def published_week(connection: Connection) -> str | None:
    """The last week that is told ("2026-W47"), None before the first."""
    return connection.execute(select(publication.c.week)).scalar()


def _replace(connection: Connection, figures: Sequence[Figure], week: str, *, at: str) -> None:
    for table in (published, publication):
        connection.execute(delete(table))
    for first in range(0, len(figures), _TOGETHER):
        connection.execute(insert(published), [each._asdict() for each in figures[first : first + _TOGETHER]])
    connection.execute(insert(publication), {"id": 1, "week": week, "made_at": at})


# ---- what is told ----


def _figures(connection: Connection, present: str) -> Iterator[Figure]:
    """Every number of the weeks before the present one that somebody stands behind."""
    places = [*connection.execute(select(wards.c.code).order_by(wards.c.code)).scalars(), ""]
    finished = _Finished(connection, places, present)
    for task in TASKS:
        yield from finished.of(task)
    steps, causes = _counts_until(connection, places, present)
    for (task, kind, code), people in sorted(steps.items()):
        alone = hide_small([[number] for number in people.values()])
        yield from _column(Figure("", task, kind, "", code, None), people, alone.rows, alone.total)
    rows = [[causes[place, reason] for reason in BLOCKED] for place in places]
    # nowhere stands how many are held up by anything
    hidden = hide_small(rows, show_rows=False)
    like = [Figure("", "", "blocked", "", reason, None) for reason in BLOCKED]
    yield from _table(like, places, rows, hidden)


class _Finished:
    """Who finished, once by whose word and once by week: two tables with the same totals."""

    def __init__(self, connection: Connection, places: Sequence[str], present: str) -> None:
        self._places = places
        known = frozenset(places)
        self._by_evidence: Counter[tuple[str, str, str]] = Counter()
        self._by_week: Counter[tuple[str, str, str]] = Counter()
        for row in connection.execute(_FINISHED, {"present": present}):
            ward = row.ward if row.ward in known else ""
            self._by_evidence[ward, row.task, row.code] += row.people
            self._by_week[ward, row.task, row.week] += row.people
        self._weeks = sorted({week for _, _, week in self._by_week})

    def of(self, task: str) -> Iterator[Figure]:
        by_evidence = [[self._by_evidence[place, task, each] for each in EVIDENCE] for place in self._places]
        by_week = [[self._by_week[place, task, week] for week in self._weeks] for place in self._places]
        hidden = hide_small(by_evidence)
        like = [Figure("", task, "completed", "", each, None) for each in EVIDENCE]
        yield from _table(like, self._places, by_evidence, hidden)
        sums = dict(zip(self._places, map(sum, by_evidence), strict=True))
        yield from _column(Figure("", task, "completed", "", "", None), sums, hidden.rows, hidden.total)
        like = [Figure("", task, "completed", week, "", None) for week in self._weeks]
        yield from _table(like, self._places, by_week, hide_small(by_week, told=hidden))


def _counts_until(
    connection: Connection, places: Collection[str], present: str
) -> tuple[dict[tuple[str, Kind, str], Counter[str]], Counter[tuple[str, str]]]:
    """How far people came, by task, kind and step, each by ward; and what held them up, by ward and reason."""
    steps: dict[tuple[str, Kind, str], Counter[str]] = {}
    causes: Counter[tuple[str, str]] = Counter()
    known = frozenset(places)
    for row in connection.execute(_OTHERS, {"present": present}):
        ward = row.ward if row.ward in known else ""
        if row.kind == "blocked":
            causes[ward, row.code] += row.people
        else:
            steps.setdefault((row.task, row.kind, row.code), Counter())[ward] += row.people
    return steps, causes


def _table(
    columns: Sequence[Figure], places: Sequence[str], rows: Sequence[Sequence[int]], hidden: HiddenTable
) -> Iterator[Figure]:
    for at, like in enumerate(columns):
        people = {place: row[at] for place, row in zip(places, rows, strict=True)}
        yield from _column(like, people, [row[at] for row in hidden.cells], hidden.columns[at])


def _column(like: Figure, people: dict[str, int], shown: Iterable[Shown], total: Shown) -> Iterator[Figure]:
    """A number of each ward where anybody is, and that of all."""
    for (ward, number), told in zip(people.items(), shown, strict=True):
        if number and ward:
            yield like._replace(ward=ward, people=told)
    if any(people.values()):
        yield like._replace(ward=WHOLE_CITY, people=total)


_OVER = tally.c.week < bindparam("present")
_FINISHED: Select[Any] = select(tally.c.ward, tally.c.task, tally.c.week, tally.c.code, tally.c.people).where(
    _OVER, tally.c.kind == "completed", tally.c.people > 0
)
_WHAT = (tally.c.ward, tally.c.task, tally.c.kind, tally.c.code)
_OTHERS: Select[Any] = (
    select(*_WHAT, func.sum(tally.c.people).label("people"))
    .where(_OVER, tally.c.kind != "completed", tally.c.people > 0)
    .group_by(*_WHAT)
)
