"""What the webhook still has to be told of, in its order: each completion once, as it stands when it is read."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, and_, bindparam, delete, func, select, update

from bot.store.database import reading
from bot.store.evidence import Evidence
from bot.store.moments import stamp
from bot.store.outflow_marks import mark_everything, mark_for_webhook
from bot.store.schema import completion, enrolment, person, webhook_event
from bot.store.writer import Job, Writer

# how long after a change it is tried to tell of it
TRIED_FOR = dt.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A completion as it stands: ``evidence`` and ``day`` are None where it does not count any more.

    ``ward`` is None where the person chose none; ``tries`` is how often telling it failed.
    """

    event_id: str
    changed_at: str
    person: str
    task: str
    evidence: Evidence | None
    day: str | None
    ward: str | None
    tries: int


@dataclass(frozen=True, slots=True)
class _Failure:
    event_id: str
    reason: str
    due_at: str
    refused: bool


class WebhookEvents:
    """The events of one database. Calls block and raise ``StoreError``."""

    def __init__(self, engine: Engine, writer: Writer, *, now: Callable[[], dt.datetime]) -> None:
        self._engine = engine
        self._writer = writer
        self._now = now
        self._removing: Job[str, None] = Job(_remove)
        self._failing: Job[_Failure, None] = Job(self._fail)
        self._marking_all: Job[None, None] = Job(self._mark_all)
        self._reviving: Job[None, int] = Job(self._revive)

    def next(self) -> WebhookEvent | None:
        """The one that comes first; None where nothing waits, or where it is not due yet: no other overtakes it."""
        with reading(self._engine) as connection:
            row = connection.execute(_FIRST).first()
        if row is None or row.due_at > stamp(self._now()):
            return None
        return WebhookEvent(**{name: getattr(row, name) for name in WebhookEvent.__slots__})

    def told(self, event: WebhookEvent) -> None:
        """It arrived. What changed again meanwhile is another event, and stays."""
        self._writer.do(self._removing, event.event_id)

    def failed(self, event: WebhookEvent, reason: str, *, wait: float, refused: bool = False) -> None:
        """It did not arrive and is tried again after ``wait`` seconds; what changed too long ago is given up with it.

        ``refused``: this one alone is given up, the next has its turn.
        """
        due_at = stamp(self._now() + dt.timedelta(seconds=wait))
        self._writer.do(self._failing, _Failure(event.event_id, reason, due_at, refused))

    def mark_all(self) -> None:
        """All completions are told anew, as to somebody who just came."""
        self._writer.do(self._marking_all, None)

    def revive(self) -> int:
        """What was given up is told anew, as it stands now; how much that is."""
        return self._writer.do(self._reviving, None)

    def reasons(self) -> dict[str, int]:
        """Why some were given up, and how many for each reason."""
        query = select(webhook_event.c.reason, func.count().label("number")).where(_DEAD)
        query = query.group_by(webhook_event.c.reason).order_by(webhook_event.c.reason)
        with reading(self._engine) as connection:
            return {row.reason: row.number for row in connection.execute(query)}

    # ---- in the writer's thread ----

    def _fail(self, connection: Connection, failures: Sequence[_Failure]) -> list[None]:
        now = self._now()
        for each in failures:
            values = {"this": each.event_id, "why": each.reason, "due": each.due_at}
            connection.execute(_FAILED, values)
            if each.refused:
                connection.execute(_REFUSED, {"this": each.event_id, "now": stamp(now)})
            else:
                # all at once: one after the other, each would be tried for as long again
                connection.execute(_PAST, {"before": stamp(now - TRIED_FOR), "now": stamp(now), "why": each.reason})
        return [None] * len(failures)

    def _mark_all(self, connection: Connection, times: Sequence[None]) -> list[None]:
        mark_everything(connection, "webhook", at=stamp(self._now()))
        return [None] * len(times)

    def _revive(self, connection: Connection, times: Sequence[None]) -> list[int]:
        query = select(webhook_event.c.person, webhook_event.c.task).where(_DEAD).order_by(webhook_event.c.id)
        dead = [(row.person, row.task) for row in connection.execute(query)]
        mark_for_webhook(connection, dead, at=stamp(self._now()))
        return [len(dead)] * len(times)


def _remove(connection: Connection, ids: Sequence[str]) -> list[None]:
    connection.execute(delete(webhook_event).where(webhook_event.c.event_id.in_(ids)))
    return [None] * len(ids)


_DEAD = webhook_event.c.dead_at.is_not(None)
_THIS = webhook_event.c.event_id == bindparam("this")
_FIRST = (
    select(webhook_event, completion.c.evidence, completion.c.day, enrolment.c.ward)
    .outerjoin(person, person.c.pseudonym == webhook_event.c.person)
    .outerjoin(completion, and_(completion.c.person_id == person.c.id, completion.c.task == webhook_event.c.task))
    .outerjoin(enrolment, enrolment.c.person_id == completion.c.person_id)
    .where(webhook_event.c.dead_at.is_(None))
    .order_by(webhook_event.c.id)
    .limit(1)
)
_FAILED = (
    update(webhook_event)
    .where(_THIS)
    .values(reason=bindparam("why"), due_at=bindparam("due"), tries=webhook_event.c.tries + 1)
)
_REFUSED = update(webhook_event).where(_THIS).values(dead_at=bindparam("now"))
_PAST = (
    update(webhook_event)
    .where(webhook_event.c.dead_at.is_(None), webhook_event.c.changed_at < bindparam("before"))
    .values(dead_at=bindparam("now"), reason=bindparam("why"))
)
