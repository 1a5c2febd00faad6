"""A made-up city: people with three tasks in all its wards, their history of forty weeks, and the counts of it."""

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, text

from bot.bootstrap import bring_plan, read_content, utc_now
from bot.campaign.verifying import verify
from bot.content.library import Library
from bot.core.effects import BLOCKED, TASKS
from bot.settings import Settings, SettingsError
from bot.store.moments import CITY

# so many days, the last of them a Sunday
_DAYS = 280


def seed(settings: Settings, engine: Engine, people: int) -> None:
    """Fill an empty database with so many people, their history and the counts. Raises ``SettingsError``."""
    library = read_content(settings)
    bring_plan(engine, library)
    with engine.begin() as connection:
        if connection.execute(text("SELECT 1 FROM person LIMIT 1")).first():
            raise SettingsError("cơ sở dữ liệu này đã có người; chỉ tạo dữ liệu thử trong cơ sở dữ liệu trống.")
        _generate(connection, people, _steps(library), last_sunday(utc_now()))
    verify(engine, repair=True)
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))


def last_sunday(now: dt.datetime) -> dt.date:
    """The end of the last whole week."""
    today = now.astimezone(CITY).date()
    return today - dt.timedelta(days=today.isoweekday())


def _generate(connection: Connection, people: int, steps: Sequence[Mapping[str, object]], until: dt.date) -> None:
    connection.execute(
        text("CREATE TEMPORARY TABLE bench_step (task VARCHAR(32), at INTEGER, step VARCHAR(96), symptom VARCHAR(48))")
    )
    connection.execute(text("INSERT INTO bench_step VALUES (:task, :at, :step, :symptom)"), steps)
    connection.execute(text("CREATE TEMPORARY TABLE bench_day (at INTEGER PRIMARY KEY, day VARCHAR(10))"))
    days = [{"at": at, "day": (until - dt.timedelta(days=at)).isoformat()} for at in range(_DAYS)]
    connection.execute(text("INSERT INTO bench_day VALUES (:at, :day)"), days)
    numbers = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < :people)"
    at = f"'{days[-1]['day']}T00:00:00.000000+00:00'"
    chats = f"{numbers} SELECT i, 'web', 'bench-' || i, {at} FROM n"
    _make(connection, "contact (id, channel, lookup, created_at)", chats, people)
    _make(connection, "person (id, contact_id, code, pseudonym)", "SELECT id, id, '', 'bench-' || id FROM contact")
    wards = "(SELECT code, ROW_NUMBER() OVER (ORDER BY code) - 1 AS at FROM ward)"
    chosen = (
        f"SELECT person.id, w.code, {at} FROM person "
        f"JOIN {wards} AS w ON w.at = (person.id % 168 * 7919 + person.id / 168) % 168 WHERE person.id % 10 < 9"
    )
    _make(connection, "enrolment (person_id, ward, chosen_at)", chosen)
    for task in TASKS:
        goals = f"SELECT phase.code, ward.code, '{task}', {people // 300}, {people // 200} FROM phase CROSS JOIN ward"
        _make(connection, "target (phase, ward, task, goal, eligible)", goals)
    held_up = " ".join(f"WHEN {at} THEN '{code}'" for at, code in enumerate(BLOCKED))
    for number, task in enumerate(TASKS):
        day = f"JOIN bench_day AS d ON d.at = (person.id * 31 + {number * 17}) % {_DAYS}"
        _walk(connection, number, task, len([step for step in steps if step["task"] == task]), day)
        reason = f"CASE person.id / 10 % {len(BLOCKED)} {held_up} END"
        _make(
            connection,
            "blockage (person_id, task, reason, created_at, day)",
            f"SELECT person.id, '{task}', {reason}, d.day || 'T03:00:00.000000+00:00', d.day FROM person {day} "
            f"WHERE (person.id * 13 + {number}) % 10 = 8",
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


def _walk(connection: Connection, number: int, task: str, steps: int, day: str) -> None:
    """Everybody who began a task at two of its steps; a fifth of them stuck there."""
    on = f"JOIN bench_step AS s ON s.task = '{task}' AND s.at = (person.id / 11 + {{next}}) % {steps}"
    began = f"WHERE (person.id * 13 + {number}) % 10 < 8"
    ways = (("entered", "''", ""), ("done", "''", ""), ("stuck", "''", " AND person.id % 5 = 0"))
    for outcome, symptom, who in (*ways, ("stuck", "s.symptom", " AND person.id % 5 = 0 AND s.symptom <> ''")):
        for next in (0, 1):
            _make(
                connection,
                "step_event (person_id, task, step, symptom, outcome, source, content_version, created_at, day)",
                f"SELECT person.id, s.task, s.step, {symptom}, '{outcome}', 'self', 'bench', "
                f"d.day || 'T02:00:00.000000+00:00', d.day FROM person {day} {on.format(next=next)} {began}{who}",
            )


def _steps(library: Library) -> list[dict[str, object]]:
    """The numbered steps of each journey in their order, each with a symptom that people meet there."""
    journeys = {dialog.task: dialog for dialog in library.book.dialogs.values() if dialog.task}
    return [
        {"task": task, "at": at, "step": f"{journeys[task].name}.{step.name}", "symptom": next(iter(step.symptoms), "")}
        for task in TASKS
        for at, step in enumerate(step for step in journeys[task].steps.values() if step.number)
    ]


def _make(connection: Connection, into: str, query: str, people: int | None = None) -> None:
    statement = text(f"INSERT INTO {into} {query}")
    connection.execute(statement, {} if people is None else {"people": people})
