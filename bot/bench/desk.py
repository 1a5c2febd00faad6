"""Measures the desk: a city of generated people, the pages' queries, the weekly file, and what one completion costs."""

import contextlib
import datetime as dt
import importlib
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, text

from bot.bootstrap import bring_plan, read_content
from bot.campaign.figures import Figures
from bot.campaign.scope import CITY, Scope
from bot.campaign.signing import signing_key
from bot.campaign.verifying import verify
from bot.campaign.weekly import whole_week, write_weekly
from bot.core.effects import TASKS
from bot.settings import Settings, SettingsError
from bot.store.database import open_database
from bot.store.evidence import Word, take_words
from bot.store.moments import stamp
from bot.store.tallies import Tallies

# the history: so many days, ending on a Sunday
_FIRST, _DAYS = dt.date(2026, 2, 2), 280
_TODAY = _FIRST + dt.timedelta(days=_DAYS)

# completions whose roll-up is timed
_ROLLED = 300


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds each, but for ``seeding`` and ``weekly``: seconds."""

    people: int
    seeding: float
    ward: float
    city: float
    weekly: float
    roll_up: float


def measure_desk(settings: Settings, console: Console, sizes: list[int], *, postgres: bool) -> None:
    """Print a row for each size, each on a database of its own that goes away."""
    table = Table(title=f"Bàn làm việc trên {'PostgreSQL' if postgres else 'SQLite'}", title_justify="left")
    headings = ("số người", "tạo (s)", "trang phường (ms)", "trang thành phố (ms)", "tệp tuần (s)", "cộng dồn (ms)")
    for heading in headings:
        table.add_column(heading, justify="right")
    with tempfile.TemporaryDirectory() as folder, _databases(postgres, Path(folder)) as new_database:
        for people in sizes:
            each = _measured(settings, open_database(new_database()), people, Path(folder))
            numbers = (each.seeding, each.ward, each.city, each.weekly, each.roll_up)
            table.add_row(f"{people:,}", *(f"{number:,.2f}" for number in numbers))
    console.print(table)


def seed(settings: Settings, engine: Engine, people: int) -> None:
    """Fill an empty database with so many people, their history and the counts. Raises ``SettingsError``."""
    bring_plan(engine, read_content(settings))
    with engine.begin() as connection:
        if connection.execute(text("SELECT 1 FROM person LIMIT 1")).first():
            raise SettingsError("cơ sở dữ liệu này đã có người; chỉ tạo dữ liệu thử trong cơ sở dữ liệu trống.")
        _generate(connection, people)
    verify(engine, repair=True)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


# ---- the people ----


def _generate(connection: Connection, people: int) -> None:
    connection.execute(text("CREATE TEMPORARY TABLE bench_day (at INTEGER PRIMARY KEY, day VARCHAR(10))"))
    days = [{"at": at, "day": (_FIRST + dt.timedelta(days=at)).isoformat()} for at in range(_DAYS)]
    connection.execute(text("INSERT INTO bench_day VALUES (:at, :day)"), days)
    numbers = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < :people)"
    at = "'2026-01-01T00:00:00.000000+00:00'"
    chats = f"{numbers} SELECT i, 'web', 'bench-' || i, {at} FROM n"
    _make(connection, "contact (id, channel, lookup, created_at)", chats, people)
    _make(connection, "person (id, contact_id, code, pseudonym)", "SELECT id, id, '', 'bench-' || id FROM contact")
    wards = "(SELECT code, ROW_NUMBER() OVER (ORDER BY code) - 1 AS at FROM ward)"
    chosen = (
        f"SELECT person.id, w.code, {at} FROM person "
        f"JOIN {wards} AS w ON w.at = (person.id * 7919 + person.id / 168) % 168 WHERE person.id % 10 < 9"
    )
    _make(connection, "enrolment (person_id, ward, chosen_at)", chosen)
    for number, task in enumerate(TASKS):
        day = f"JOIN bench_day AS d ON d.at = (person.id * 31 + {number * 17}) % {_DAYS}"
        for step in (1, 2):
            for outcome in ("entered", "done"):
                _make(
                    connection,
                    "step_event (person_id, task, step, symptom, outcome, source, content_version, created_at, day)",
                    f"SELECT person.id, '{task}', 'viec.buoc_{step}', '', '{outcome}', 'self', 'bench', "
                    f"d.day || 'T02:00:00.000000+00:00', d.day FROM person {day} "
                    f"WHERE (person.id * 13 + {number}) % 10 < 8",
                )
        whose = "WHEN 0 THEN 'officer' WHEN 1 THEN 'trainer' WHEN 2 THEN 'helper' ELSE 'self'"
        evidence = f"CASE person.id / 7 % 10 {whose} END"
        done = f"FROM person {day} WHERE (person.id * 13 + {number}) % 10 < 6"
        at_noon = "d.day || 'T05:00:00.000000+00:00'"
        _make(
            connection,
            "completion (person_id, task, evidence, created_at, day)",
            f"SELECT person.id, '{task}', {evidence}, {at_noon}, d.day {done}",
        )
    _make(
        connection,
        "completion_event (event_id, person_id, task, evidence, change, source, happened_at, created_at)",
        "SELECT 'bench-' || id, person_id, task, evidence, 'confirm', 'bench', created_at, created_at FROM completion",
    )


def _make(connection: Connection, into: str, query: str, people: int | None = None) -> None:
    statement = text(f"INSERT INTO {into} {query}")
    connection.execute(statement, {} if people is None else {"people": people})


# ---- the clock ----


def _measured(settings: Settings, engine: Engine, people: int, folder: Path) -> Measured:
    began = time.perf_counter()
    seed(settings, engine, people)
    seeding = time.perf_counter() - began
    figures = Figures(engine)
    codes = [unit.code for unit in figures.wards(CITY)][::8]
    ward = statistics.median(_milliseconds(partial(_ward_page, figures, code)) for code in codes)
    city = statistics.median(_milliseconds(lambda: _city_page(figures)) for _ in range(5))
    weekly = _milliseconds(lambda: _weekly(settings, engine, folder)) / 1000
    roll_up = _roll_up(engine, people)
    engine.dispose()
    return Measured(people, seeding, ward, city, weekly, roll_up)


def _ward_page(figures: Figures, code: str) -> None:
    figures.ward(Scope.of([code]), code, today=_TODAY)


def _city_page(figures: Figures) -> None:
    figures.city(CITY)
    figures.trends(CITY, today=_TODAY)
    figures.causes(CITY)
    for task in TASKS:
        figures.funnel(CITY, task)


def _weekly(settings: Settings, engine: Engine, folder: Path) -> None:
    last = _TODAY - dt.timedelta(days=1)
    year, week, _ = last.isocalendar()
    write_weekly(
        engine,
        whole_week(f"{year}-W{week:02}", today=_TODAY),
        folder / secrets.token_hex(4),
        key=signing_key(folder / "keys.json", production=False),
        content_version="bench",
        made_at=dt.datetime.now(dt.UTC),
    )


def _roll_up(engine: Engine, people: int) -> float:
    """What the counts add to a completion, in the transaction that writes it and without its commit."""
    spent = []
    for number in range(_ROLLED):
        at = stamp(dt.datetime.now(dt.UTC))
        with engine.begin() as connection:
            tallies = Tallies(connection, at=at)
            word = Word(at, secrets.token_hex(16), 1 + number * 10 % people, TASKS[0], "officer")
            take_words(connection, [word], tallies, at=at)
            spent.append(_milliseconds(tallies.write))
    return statistics.median(spent)


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


@contextlib.contextmanager
def _databases(postgres: bool, folder: Path) -> Iterator[Callable[[], str]]:
    if not postgres:
        yield lambda: f"sqlite:///{folder / secrets.token_hex(4)}.db"
        return
    machine = importlib.import_module("tests.postgresql")
    programs = machine.binaries()
    if programs is None:
        raise SettingsError("trên máy này không có PostgreSQL (initdb, postgres).")
    server = machine.PostgreSQL(programs)
    server.start()
    try:
        yield server.new_database
    finally:
        server.remove()
