"""Tells the campaign's own database what changed here. What is marked is read, written over there, and then unmarked.

Whatever dies in between, the mark is still there and the same is written once more over the same row: none is lost, and
none is there twice, for the table over there must have a unique key.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    and_,
    create_engine,
    delete,
    func,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoSuchTableError
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.expression import TableClause

from bot.campaign.outflow_mapping import COUNT_KEY, OutflowError, OutflowMapping, TableMapping
from bot.store.database import address_of, reading
from bot.store.duties import Duties
from bot.store.moments import stamp
from bot.store.outflow_marks import mark_everything, parts_of
from bot.store.schema import completion, enrolment, outflow, person, tally
from bot.store.writer import Job, Writer

# marks that share a transaction over there
MOST_TOGETHER = 500

# seconds a turn lasts: of several processes one tells
_TURN = 60.0


@dataclass(frozen=True, slots=True)
class _Mark:
    id: int
    version: int
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """How a row over there is to be: ``values`` by our names, None where it must not be there."""

    table: TableMapping
    key: Mapping[str, str]
    values: Mapping[str, Any] | None


class Outflow:
    """From one database into another. Calls block; they raise ``OutflowError`` and ``StoreError``."""

    def __init__(self, engine: Engine, writer: Writer, duties: Duties, *, url: str, mapping: OutflowMapping) -> None:
        self._engine = engine
        self._writer = writer
        self._duties = duties
        self._mapping = mapping
        self._unmarking: Job[_Mark, None] = Job(_unmark)
        self._marking_all: Job[str, None] = Job(_mark_all)
        try:
            # a connection a round: what was away for a day leaves no dead ones behind
            self._foreign = create_engine(address_of(url), poolclass=NullPool)
        except (ArgumentError, ImportError) as error:
            raise OutflowError(
                "CAMPAIGN_DATABASE_URL không đọc được, hoặc thiếu trình điều khiển của cơ sở dữ liệu đó."
            ) from error

    def round(self) -> int:
        """Tell what is marked, as much as goes together; how many marks went. 0 where another process has the turn."""
        if not self._duties.take("outflow", seconds=_TURN):
            return 0
        marks = self._marks()
        if not marks:
            return 0
        wanted = [(mark, self._wanted(mark)) for mark in marks]
        try:
            told = self._tell(wanted)
        except (DBAPIError, NoSuchTableError) as error:
            raise OutflowError(_words(error)) from error
        for future in [self._writer.put(self._unmarking, mark) for mark in told]:
            if not self._writer.started:
                self._writer.write()
            future.result()
        return len(told)

    def leave(self) -> None:
        """Let another process have the turn at once."""
        self._duties.leave("outflow")

    def mark_all(self) -> None:
        """Everything is told anew, as when the database over there was just connected or set back."""
        self._writer.do(self._marking_all, stamp(dt.datetime.now(dt.UTC)))

    def waiting(self) -> int:
        """What is marked and not told yet."""
        with reading(self._engine) as connection:
            return connection.execute(select(func.count()).select_from(outflow)).scalar_one()

    # ---- here ----

    def _marks(self) -> list[_Mark]:
        query = select(outflow.c.id, outflow.c.version, outflow.c.key).order_by(outflow.c.id).limit(MOST_TOGETHER)
        with reading(self._engine) as connection:
            return [_Mark(row.id, row.version, tuple(parts_of(row.key))) for row in connection.execute(query)]

    def _wanted(self, mark: _Mark) -> _Wanted | None:
        """How it stands now; None for a kind that does not flow."""
        kind, *rest = mark.parts
        with reading(self._engine) as connection:
            if kind == "completion" and self._mapping.completions:
                return _completion(connection, self._mapping.completions, *rest)
            if kind == "tally" and self._mapping.counts:
                return _count(connection, self._mapping.counts, rest)
        return None

    # ---- over there ----

    def _tell(self, wanted: Sequence[tuple[_Mark, _Wanted | None]]) -> list[_Mark]:
        """All in one transaction; where a row is refused, each alone, so that one holds up no others."""
        try:
            with self._foreign.begin() as connection:
                self._look(connection)
                for _, each in wanted:
                    _put(connection, each)
            return [mark for mark, _ in wanted]
        except (DataError, IntegrityError):
            return self._tell_apart(wanted)

    def _tell_apart(self, wanted: Sequence[tuple[_Mark, _Wanted | None]]) -> list[_Mark]:
        told, refused = [], None
        for mark, each in wanted:
            try:
                with self._foreign.begin() as connection:
                    _put(connection, each)
                told.append(mark)
            except (DataError, IntegrityError) as error:
                refused = error
        if not told and refused is not None:
            raise refused
        return told

    def _look(self, connection: Connection) -> None:
        """Whether the tables over there are what the mapping says. Raises ``OutflowError``."""
        found = inspect(connection)
        for each in (self._mapping.completions, self._mapping.counts):
            if each is None:
                continue
            columns = {column["name"] for column in found.get_columns(each.table, schema=each.schema)}
            if missing := [name for name in each.columns.values() if name not in columns]:
                raise OutflowError(f'bảng {each.name} không có cột "{missing[0]}". Thêm cột, hoặc sửa tệp ánh xạ.')
            keys = [found.get_pk_constraint(each.table, schema=each.schema)["constrained_columns"]]
            keys += [key["column_names"] for key in found.get_unique_constraints(each.table, schema=each.schema)]
            if {each.columns[name] for name in each.key} not in map(set, keys):
                names = ", ".join(each.columns[name] for name in each.key)
                raise OutflowError(f"bảng {each.name} cần khoá duy nhất trên ({names}), để không dòng nào bị đôi.")


# ---- how things stand here ----


def _completion(connection: Connection, table: TableMapping, pseudonym: str, task: str) -> _Wanted:
    query = (
        select(completion.c.evidence, completion.c.day, func.coalesce(enrolment.c.ward, "").label("ward"))
        .join(person, completion.c.person_id == person.c.id)
        .outerjoin(enrolment, enrolment.c.person_id == person.c.id)
        .where(person.c.pseudonym == pseudonym, completion.c.task == task)
    )
    row = connection.execute(query).first()
    return _Wanted(table, {"person": pseudonym, "task": task}, None if row is None else dict(row._mapping))


def _count(connection: Connection, table: TableMapping, parts: Sequence[str]) -> _Wanted:
    key = dict(zip(COUNT_KEY, parts, strict=True))
    query = select(tally.c.people).where(*(tally.c[name] == value for name, value in key.items()))
    return _Wanted(table, key, {"people": connection.execute(query).scalar() or 0})


def _unmark(connection: Connection, marks: Sequence[_Mark]) -> list[None]:
    """What changed again meanwhile keeps its mark."""
    for mark in marks:
        connection.execute(delete(outflow).where(outflow.c.id == mark.id, outflow.c.version == mark.version))
    return [None] * len(marks)


def _mark_all(connection: Connection, times: Sequence[str]) -> list[None]:
    mark_everything(connection, "database", at=max(times))
    return [None] * len(times)


# ---- rows over there ----


def _put(connection: Connection, wanted: _Wanted | None) -> None:
    if wanted is None:
        return
    there = _table(wanted.table)
    key = {wanted.table.columns[name]: value for name, value in wanted.key.items()}
    this = and_(*(there.c[name] == value for name, value in key.items()))
    if wanted.values is None:
        connection.execute(delete(there).where(this))
        return
    named = wanted.table.columns
    values = {named[name]: value for name, value in wanted.values.items() if name in named}
    is_there = connection.execute(select(func.count()).select_from(there).where(this)).scalar_one()
    if not is_there:
        connection.execute(insert(there).values(key | values))
    elif values:
        connection.execute(update(there).where(this).values(values))


def _table(mapping: TableMapping) -> TableClause:
    return sql_table(mapping.table, *(sql_column(name) for name in mapping.columns.values()), schema=mapping.schema)


def _words(error: Exception) -> str:
    """What happened, without a value of any row."""
    if isinstance(error, NoSuchTableError):
        return f'không có bảng "{error}" ở cơ sở dữ liệu của chiến dịch. Tạo bảng, hoặc sửa tệp ánh xạ.'
    line = (str(getattr(error, "orig", error)).splitlines() or [""])[0]
    return f"cơ sở dữ liệu của chiến dịch báo lỗi: {line[:200]} Những gì chưa gửi vẫn còn, sẽ gửi lại."
