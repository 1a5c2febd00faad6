"""How much still has to be told to the campaign's own database and to the webhook, and since when."""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, func, select

from bot.store.database import reading
from bot.store.moments import moment
from bot.store.outflow_marks import Flow
from bot.store.schema import outflow, webhook_event


@dataclass(frozen=True, slots=True)
class FlowStanding:
    """``oldest`` is the age of the change that waits longest, ``dead`` how many were given up.

    ``trouble`` is why the first of those that wait did not arrive, a code, empty where it was not tried.
    """

    flow: Flow
    waiting: int
    oldest: dt.timedelta
    dead: int = 0
    trouble: str = ""


def flow_standings(engine: Engine, flows: Collection[Flow], *, now: dt.datetime) -> list[FlowStanding]:
    """How these stand. Raises ``StoreError``."""
    with reading(engine) as connection:
        return [_LOOKS[flow](connection, now) for flow in flows]


def _database(connection: Connection, now: dt.datetime) -> FlowStanding:
    waiting, since = connection.execute(select(func.count(), func.min(outflow.c.changed_at))).one()
    return FlowStanding("database", waiting, _age(since, now))


def _webhook(connection: Connection, now: dt.datetime) -> FlowStanding:
    alive = webhook_event.c.dead_at.is_(None)
    columns = (func.count(), func.min(webhook_event.c.changed_at))
    waiting, since = connection.execute(select(*columns).where(alive)).one()
    dead, _ = connection.execute(select(*columns).where(~alive)).one()
    first = select(webhook_event.c.reason).where(alive).order_by(webhook_event.c.id).limit(1)
    return FlowStanding("webhook", waiting, _age(since, now), dead, connection.execute(first).scalar() or "")


def _age(since: str | None, now: dt.datetime) -> dt.timedelta:
    return now - moment(since) if since else dt.timedelta(0)


_LOOKS: dict[Flow, Callable[[Connection, dt.datetime], FlowStanding]] = {"database": _database, "webhook": _webhook}
