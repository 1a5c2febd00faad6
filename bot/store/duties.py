"""Work that one process at a time does: to deliver a channel, to poll, to erase."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.database import reading
from bot.store.moments import stamp
from bot.store.schema import duty
from bot.store.writer import Job, Writer


@dataclass(frozen=True, slots=True)
class _Wish:
    name: str
    seconds: float


class Duties:
    """The duties as one process has them. Calls block and raise ``StoreError``; from an event loop use a thread."""

    def __init__(self, engine: Engine, writer: Writer, holder: str, *, now: Callable[[], dt.datetime]) -> None:
        self._engine = engine
        self._writer = writer
        self._holder = holder
        self._now = now
        self._taking: Job[_Wish, bool] = Job(self._take_all)
        self._leaving: Job[str, None] = Job(self._leave_all)

    def take(self, name: str, *, seconds: float) -> bool:
        """Ours for so long from now, again or anew; false while somebody else has it."""
        return self._writer.do(self._taking, _Wish(name, seconds))

    def leave(self, name: str) -> None:
        """Let others have it at once."""
        self._writer.do(self._leaving, name)

    def is_others(self, name: str) -> bool:
        """Whether somebody else has it now."""
        with reading(self._engine) as connection:
            values = {"name": name, "holder": self._holder, "now": stamp(self._now())}
            return connection.execute(_OTHERS, values).first() is not None

    def _take_all(self, connection: Connection, wishes: Sequence[_Wish]) -> list[bool]:
        return [self._take(connection, wish) for wish in wishes]

    def _take(self, connection: Connection, wish: _Wish) -> bool:
        now = self._now()
        values = {"holder": self._holder, "until": stamp(now + dt.timedelta(seconds=wish.seconds))}
        inserted = connection.execute(
            _INSERT[connection.dialect.name].returning(duty.c.name), {"name": wish.name, **values}
        )
        if inserted.first() is not None:
            return True
        ours = or_(duty.c.holder == self._holder, duty.c.until < stamp(now))
        taken = connection.execute(update(duty).where(duty.c.name == wish.name, ours).values(values))
        return taken.rowcount == 1

    def _leave_all(self, connection: Connection, names: Sequence[str]) -> list[None]:
        connection.execute(delete(duty).where(duty.c.name.in_(names), duty.c.holder == self._holder))
        return [None] * len(names)


_OTHERS = select(duty.c.name).where(
    duty.c.name == bindparam("name"), duty.c.holder != bindparam("holder"), duty.c.until >= bindparam("now")
)
_INSERT = {
    "sqlite": sqlite.insert(duty).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(duty).on_conflict_do_nothing(),
}
