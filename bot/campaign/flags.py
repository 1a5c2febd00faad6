"""Completions that came too fast to be true: said so beside the numbers, never taken out of them (T68)."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, literal_column, select

from bot.store.moments import moment
from bot.store.schema import completion, enrolment, person, step_event


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for, from which number on, and why that is strange."""

    code: str
    limit: int
    reason: str


SPEED = Rule("speed", 60, "làm xong trong chưa tới 60 giây kể từ bước đầu; đọc hết các bước đã lâu hơn")
DEVICE = Rule("device", 20, "một cuộc trò chuyện làm xong cho từ 20 người trong một ngày")
BURST = Rule("burst", 100, "một phường có từ 100 lượt xong trong một giờ")
RULES = (SPEED, DEVICE, BURST)


@dataclass(frozen=True, slots=True, order=True)
class Flag:
    """A rule met, where and how often; who it was is not told."""

    rule: str
    ward: str
    task: str
    day: str
    people: int


def flags(connection: Connection, first: dt.date, last: dt.date) -> list[Flag]:
    """Everything strange among what was finished in these days, both included."""
    days = (completion.c.day >= first.isoformat(), completion.c.day <= last.isoformat())
    return sorted(flag for rule in (_speed, _device, _burst) for flag in rule(connection, days))


_Days = tuple[ColumnElement[bool], ...]


def _speed(connection: Connection, days: _Days) -> Iterator[Flag]:
    began = (
        select(func.min(step_event.c.created_at))
        .where(step_event.c.person_id == completion.c.person_id, step_event.c.task == completion.c.task)
        .scalar_subquery()
    )
    query = select(*_WHERE, completion.c.created_at, began.label("began")).select_from(_ENROLLED)
    found: Counter[tuple[str, str, str]] = Counter()
    # whom an officer wrote in never took a step here
    for row in connection.execute(query.where(*days, completion.c.evidence == "self")):
        if row.began and moment(row.created_at) - moment(row.began) < dt.timedelta(seconds=SPEED.limit):
            found[row.ward, row.task, row.day] += 1
    yield from (Flag(SPEED.code, *where, people) for where, people in found.items())


def _device(connection: Connection, days: _Days) -> Iterator[Flag]:
    query = (
        select(completion.c.task, completion.c.day, _PEOPLE)
        .join(person, completion.c.person_id == person.c.id)
        .where(*days)
        .group_by(person.c.contact_id, completion.c.task, completion.c.day)
        .having(func.count() >= DEVICE.limit)
    )
    for row in connection.execute(query):
        yield Flag(DEVICE.code, "", row.task, row.day, row.people)


def _burst(connection: Connection, days: _Days) -> Iterator[Flag]:
    hour = func.substr(completion.c.created_at, 1, 13)
    query = select(*_WHERE, _PEOPLE).select_from(_ENROLLED).where(*days).having(func.count() >= BURST.limit)
    for row in connection.execute(query.group_by(*_WHERE, hour)):
        yield Flag(BURST.code, row.ward, row.task, row.day, row.people)


_PEOPLE = func.count().label("people")
_WHERE = (func.coalesce(enrolment.c.ward, literal_column("''")).label("ward"), completion.c.task, completion.c.day)
_ENROLLED = completion.outerjoin(enrolment, completion.c.person_id == enrolment.c.person_id)
