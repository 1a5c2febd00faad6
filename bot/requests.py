"""People's requests that come by letter, by phone or in person: what the law gives for each, and what was done (T17).

Working days follow Vietnam's holidays; the terms themselves are calendar days. No name and no number of anybody stands
here: the office's own file has them, and ``reference`` is that file's.
"""

import datetime as dt
import importlib
import re
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Engine, Row, insert, select, update
from sqlalchemy.exc import DBAPIError

from bot.shield.hiding import hide
from bot.store.database import reading, store_error
from bot.store.moments import moment, stamp
from bot.store.records import inserted
from bot.store.schema import request_case

Alarm = Literal["closed", "overdue", "unacknowledged", "80%", "50%", "in time"]

# where it came from, beside the chat, which answers by itself
ROUTES = ("letter", "phone", "in_person")

RESULTS = ("done", "refused", "withdrawn")

# working days until the person hears that their request has come
_ACKNOWLEDGE = 2

# a number of anybody's card, phone or account, however it is parted
_LONG_NUMBER = re.compile(r"\d(?:[ ./-]?\d){8,}")
_REFERENCE = re.compile(r"[\w./ -]{1,40}")


class RequestError(Exception):
    """A request that cannot be written down so; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Term:
    """Calendar days: alone, where somebody else holds the data too, and one extension."""

    alone: int
    with_third_party: int
    extension: int


# Decree 356/2025: what each right's answer may take
TERMS: dict[str, Term] = {
    "see": Term(10, 15, 10),
    "correct": Term(10, 15, 10),
    "copy": Term(10, 15, 10),
    "withdraw": Term(15, 20, 15),
    "restrict": Term(15, 20, 15),
    "object": Term(15, 20, 15),
    "delete": Term(20, 30, 20),
    "protect": Term(15, 15, 15),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A request. ``result`` is one of ``RESULTS`` once it is closed."""

    reference: str
    kind: str
    route: str
    received_on: dt.date
    third_party: bool = False
    note: str = ""
    id: int = 0
    acknowledged_on: dt.date | None = None
    extended: bool = False
    closed_at: dt.datetime | None = None
    result: str = ""

    @property
    def acknowledge_by(self) -> dt.date:
        return working_day(self.received_on, _ACKNOWLEDGE)

    @property
    def due(self) -> dt.date:
        term = TERMS[self.kind]
        days = term.with_third_party if self.third_party else term.alone
        return self.received_on + dt.timedelta(days=days + (term.extension if self.extended else 0))

    def alarm(self, today: dt.date) -> Alarm:
        """How near its end a request is."""
        if self.closed_at is not None:
            return "closed"
        if today > self.due:
            return "overdue"
        if self.acknowledged_on is None and today > self.acknowledge_by:
            return "unacknowledged"
        used = (today - self.received_on) / (self.due - self.received_on)
        return "80%" if used >= 0.8 else "50%" if used >= 0.5 else "in time"


def working_day(start: dt.date, count: int) -> dt.date:
    """So many days later, where weekends and Vietnam's holidays do not count.

    >>> working_day(dt.date(2027, 2, 3), 2)
    datetime.date(2027, 2, 12)
    """
    # the library takes a third of a second to import: only who asks for a day pays
    holidays = importlib.import_module("holidays")
    closed = holidays.country_holidays("VN", years=(start.year, start.year + 1))
    day = start
    while count:
        day += dt.timedelta(days=1)
        count -= day.weekday() < 5 and day not in closed
    return day


def add_case(engine: Engine, case: Case) -> int:
    """Write a request down; its number. Raises ``RequestError``, ``StoreError``."""
    _refuse_what_names_anybody(case.reference, case.note)
    if not _REFERENCE.fullmatch(case.reference):
        raise RequestError("số hồ sơ chỉ gồm chữ, số và dấu / . -, tối đa 40 chữ. Ví dụ: HS-12/2026")
    row = {
        "reference": case.reference,
        "kind": case.kind,
        "route": case.route,
        "third_party": case.third_party,
        "received_on": case.received_on.isoformat(),
        "extended": False,
        "result": "",
        "note": case.note,
    }
    try:
        with engine.begin() as connection:
            return inserted(connection, insert(request_case), row)
    except DBAPIError as error:
        raise store_error(error) from error


def open_cases(engine: Engine) -> list[Case]:
    """Those not closed, whatever is due first standing first. Raises ``StoreError``."""
    return sorted((case for case in all_cases(engine) if case.closed_at is None), key=lambda case: case.due)


def all_cases(engine: Engine) -> list[Case]:
    """Raises ``StoreError``."""
    with reading(engine) as connection:
        return [_case(row) for row in connection.execute(select(request_case).order_by(request_case.c.id))]


def find_case(engine: Engine, id: int) -> Case:
    """Raises ``RequestError`` where there is none."""
    found = next((case for case in all_cases(engine) if case.id == id), None)
    if found is None:
        raise RequestError(f"không có yêu cầu số {id}. Gõ: gocua requests list --all")
    return found


def acknowledge(engine: Engine, id: int, on: dt.date) -> None:
    """The person was told that the request has come."""
    _change(engine, id, acknowledged_on=on.isoformat())


def extend(engine: Engine, id: int) -> None:
    """Once only. Raises ``RequestError`` the second time."""
    if find_case(engine, id).extended:
        raise RequestError(f"yêu cầu số {id} đã gia hạn một lần; luật chỉ cho một lần.")
    _change(engine, id, extended=True)


def close(engine: Engine, id: int, *, result: str, note: str, now: dt.datetime) -> None:
    """What became of it."""
    _refuse_what_names_anybody(note)
    case = find_case(engine, id)
    if case.closed_at is not None:
        raise RequestError(f"yêu cầu số {id} đã đóng rồi.")
    told = "\n".join(part for part in (case.note, note) if part)
    _change(engine, id, closed_at=stamp(now), result=result, note=told)


def _change(engine: Engine, id: int, **values: object) -> None:
    find_case(engine, id)
    try:
        with engine.begin() as connection:
            connection.execute(update(request_case).where(request_case.c.id == id).values(values))
    except DBAPIError as error:
        raise store_error(error) from error


def _refuse_what_names_anybody(*texts: str) -> None:
    for text in texts:
        if hide(text).spans or _LONG_NUMBER.search(text):
            raise RequestError("chỗ này có số giấy tờ, số điện thoại hay mã. Bỏ ra; chỉ ghi số hồ sơ của cơ quan.")


def _case(row: Row[tuple[object, ...]]) -> Case:
    return Case(
        id=row.id,
        reference=row.reference,
        kind=row.kind,
        route=row.route,
        third_party=row.third_party,
        received_on=dt.date.fromisoformat(row.received_on),
        acknowledged_on=dt.date.fromisoformat(row.acknowledged_on) if row.acknowledged_on else None,
        extended=row.extended,
        closed_at=moment(row.closed_at) if row.closed_at else None,
        result=row.result,
        note=row.note,
    )
