"""Brings what authors wrote of the campaign, its phases and the wards into the tables."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from bot.store.database import store_error
from bot.store.schema import campaign, phase, ward

_DIALECTS: Mapping[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


class Unit(Protocol):
    """A row of wards.csv."""

    @property
    def code(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def former_area(self) -> str: ...


class Period(Protocol):
    """A phase, or the campaign as a whole."""

    @property
    def code(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def starts_on(self) -> str: ...
    @property
    def ends_on(self) -> str: ...


def settle_plan(engine: Engine, units: Sequence[Unit], whole: Period | None, phases: Sequence[Period]) -> None:
    """Afterwards the tables say what the files say; what vanished from them stays with its targets.

    Raises ``StoreError``.
    """
    try:
        with engine.begin() as connection:
            rows = [
                {"code": each.code, "kind": each.type, "name": each.name, "area": each.former_area} for each in units
            ]
            _put(connection, ward, rows)
            if whole is not None:
                _put(connection, campaign, [_row(whole)])
                _put(connection, phase, [{**_row(each), "campaign": whole.code} for each in phases])
    except DBAPIError as error:
        raise store_error(error) from error


def _row(period: Period) -> dict[str, str]:
    return {
        "code": period.code,
        "title": period.title,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
    }


def _put(connection: Connection, table: Table, rows: list[dict[str, str]]) -> None:
    if not rows:
        return
    statement = _DIALECTS[connection.dialect.name].insert(table)
    new = {name: statement.excluded[name] for name in rows[0] if name != "code"}
    connection.execute(statement.on_conflict_do_update(index_elements=[table.c.code], set_=new), rows)
