"""What a class came to, counted once when it has ended and kept when its seats are long erased."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from bot.classes.board import numbered, read_state
from bot.classes.confirming import tasks_of
from bot.classes.schedule import OpenClass
from bot.content.lessons import Lesson
from bot.core.dialogs import Book
from bot.store.database import reading
from bot.store.moments import stamp
from bot.store.schema import class_confirmation, class_result, contact, conversation, lesson_class, seat
from bot.store.store import Store
from bot.store.writer import Job


@dataclass(frozen=True, slots=True)
class Result:
    """Numbers as they are, nothing hidden.

    ``reached``: seats by the step ("dialog.step") their chat stood at in the end, "" for anywhere else; ``finished``:
    seats whose person said that task done; ``confirmed``: people of whom a trainer saw it.
    """

    reached: Mapping[str, int]
    finished: Mapping[str, int]
    confirmed: Mapping[str, int]


class Results:
    """The results of one database. Everything may raise ``StoreError``."""

    def __init__(self, store: Store, lessons: Mapping[str, Lesson], book: Book) -> None:
        self._engine = store.engine
        self._writer = store.writer
        self._now = store.now
        self._lessons = lessons
        self._book = book
        self._settling: Job[None, int] = Job(lambda connection, asked: [self._settle(connection) for _ in asked])

    def settle(self) -> int:
        """Count every class that has ended and was not counted yet, whoever ended it; how many."""
        query = select(lesson_class.c.id).where(*self._unsettled())
        with reading(self._engine) as connection:
            if connection.execute(query.limit(1)).first() is None:
                return 0
        return self._writer.do(self._settling, None)

    def of(self, found: OpenClass) -> Result | None:
        """None while it was not counted."""
        settled = select(lesson_class.c.settled_at).where(lesson_class.c.id == found.id)
        rows = select(class_result).where(class_result.c.class_id == found.id)
        confirmed = (
            select(class_confirmation.c.task, func.count().label("people"))
            .where(class_confirmation.c.class_id == found.id, class_confirmation.c.confirmed)
            .group_by(class_confirmation.c.task)
        )
        with reading(self._engine) as connection:
            if connection.execute(settled).scalar() is None:
                return None
            kinds: dict[str, dict[str, int]] = {"reached": {}, "finished": {}}
            for row in connection.execute(rows):
                kinds[row.kind][row.code] = row.people
            seen = {row.task: row.people for row in connection.execute(confirmed)}
        return Result(kinds["reached"], kinds["finished"], seen)

    # ---- inside ----

    def _unsettled(self) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
        return lesson_class.c.ends_at <= stamp(self._now()), lesson_class.c.settled_at.is_(None)

    def _settle(self, connection: Connection) -> int:
        # whoever marks a class counts it: of two processes one
        mark = update(lesson_class).where(*self._unsettled()).values(settled_at=stamp(self._now()))
        ended = connection.execute(mark.returning(lesson_class.c.id, lesson_class.c.lesson)).all()
        rows = [row for each in ended for row in self._rows(connection, each.id, each.lesson)]
        if rows:
            connection.execute(insert(class_result), rows)
        return len(ended)

    def _rows(self, connection: Connection, class_id: int, lesson: str) -> Sequence[dict[str, object]]:
        query = select(conversation.c.state).select_from(_SEATED).where(seat.c.class_id == class_id)
        states = [read_state(state or "") for state in connection.execute(query).scalars()]
        tasks = tasks_of(self._lessons[lesson], self._book) if lesson in self._lessons else ()
        reached = Counter(".".join(numbered(self._book, state)).strip(".") for state in states)
        finished = Counter(task for state in states for task in tasks if f"{state.person}/{task}" in state.done)
        return [
            {"class_id": class_id, "kind": kind, "code": code, "people": people}
            for kind, counted in (("reached", reached), ("finished", finished))
            for code, people in counted.items()
        ]


_SEATED = seat.outerjoin(contact, contact.c.lookup == seat.c.lookup).outerjoin(
    conversation, conversation.c.contact_id == contact.c.id
)
