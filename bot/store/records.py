"""What a turn writes beside the state and the replies, and how each kind of it becomes a row."""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Insert, bindparam, delete, insert, select, update

from bot.store.schema import completion, consent, hand_over, person, right_used, step_event


@dataclass(frozen=True, slots=True)
class StepRecord:
    """How somebody stands at a step; ``source`` is who says so (self, helper)."""

    person: str
    task: str
    step: str
    symptom: str
    outcome: str
    source: str


@dataclass(frozen=True, slots=True)
class CompletionRecord:
    """A task finished; a second one of the same person and task changes nothing."""

    person: str
    task: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """An answer to one purpose (T13); a no ends every earlier yes to it."""

    person: str
    purpose: str
    given: bool
    wording: str
    answer: str
    method: str
    assisted: bool


@dataclass(frozen=True, slots=True)
class HandOverRecord:
    """Somebody asked for a human being while standing at this place."""

    place: str


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """A task counted as finished is not, says the person themselves."""

    person: str
    task: str
    source: str


@dataclass(frozen=True, slots=True)
class RightRecord:
    """A right somebody used in their chat: see, correct, delete, restrict, lift (T20)."""

    right: str


Record = StepRecord | CompletionRecord | ConsentRecord | HandOverRecord | CorrectionRecord | RightRecord


class Recorded(Protocol):
    """The part of a finished turn that is recorded."""

    @property
    def records(self) -> tuple[Record, ...]: ...
    @property
    def channel(self) -> str: ...
    @property
    def content_version(self) -> str: ...


class Scribe:
    """Writes records inside one transaction; ``finish`` writes what was gathered to go together."""

    def __init__(self, connection: Connection, *, at: str, day: str) -> None:
        self._connection = connection
        self._at = at
        self._day = day
        self._people: dict[tuple[int, str], int] = {}
        self._steps: list[dict[str, Any]] = []

    def write(self, turn: Recorded, contact_id: int) -> None:
        for record in turn.records:
            _WRITERS[type(record)](self, record, turn, contact_id)

    def finish(self) -> None:
        if self._steps:
            self._connection.execute(_STEP, self._steps)

    def step(self, record: StepRecord, turn: Recorded, contact_id: int) -> None:
        row = {name: value for name, value in asdict(record).items() if name != "person"}
        common = {"content_version": turn.content_version, "created_at": self._at, "day": self._day}
        self._steps.append({"person_id": self._person(contact_id, record.person), **row, **common})

    def complete(self, record: CompletionRecord, turn: Recorded, contact_id: int) -> None:
        person_id = self._person(contact_id, record.person)
        if self._connection.execute(_COMPLETED, {"person": person_id, "task": record.task}).first() is None:
            row = {"task": record.task, "evidence": record.evidence, "created_at": self._at, "day": self._day}
            self._connection.execute(insert(completion), {"person_id": person_id, **row})

    def consent(self, record: ConsentRecord, turn: Recorded, contact_id: int) -> None:
        person_id = self._person(contact_id, record.person)
        if not record.given:
            keys = {"person": person_id, "asked": record.purpose, "at": self._at}
            self._connection.execute(_WITHDRAW, keys)
        row = {name: value for name, value in asdict(record).items() if name != "person"}
        row |= {
            "person_id": person_id,
            "notice_digest": hashlib.sha256(record.wording.encode()).hexdigest(),
            "channel": turn.channel,
            "content_version": turn.content_version,
            "created_at": self._at,
        }
        self._connection.execute(insert(consent), row)

    def hand_over(self, record: HandOverRecord, turn: Recorded, contact_id: int) -> None:
        row = {"contact_id": contact_id, "place": record.place, "created_at": self._at}
        self._connection.execute(insert(hand_over), row)

    def correct(self, record: CorrectionRecord, turn: Recorded, contact_id: int) -> None:
        """The count goes, and an event of its own says why."""
        person_id = self._person(contact_id, record.person)
        gone = self._connection.execute(_UNCOUNT, {"person": person_id, "which": record.task})
        if gone.rowcount:
            self.step(StepRecord(record.person, record.task, "", "", "undone", record.source), turn, contact_id)

    def right(self, record: RightRecord, turn: Recorded, contact_id: int) -> None:
        row = {"contact_id": contact_id, "kind": record.right, "channel": turn.channel, "created_at": self._at}
        self._connection.execute(insert(right_used), row)

    def _person(self, contact_id: int, code: str) -> int:
        key = (contact_id, code)
        if key not in self._people:
            found = self._connection.execute(_PERSON, {"contact": contact_id, "code": code}).scalar()
            row = {"contact_id": contact_id, "code": code, "pseudonym": secrets.token_hex(16)}
            self._people[key] = int(found) if found is not None else inserted(self._connection, insert(person), row)
        return self._people[key]


def inserted(connection: Connection, statement: Insert, row: dict[str, Any]) -> int:
    """Insert one row; its key."""
    key = connection.execute(statement, row).inserted_primary_key
    assert key is not None  # noqa: S101 - every table here has a key of its own
    return int(key[0])


# made once: building a statement costs more than running it
_STEP = insert(step_event)
_PERSON = select(person.c.id).where(person.c.contact_id == bindparam("contact"), person.c.code == bindparam("code"))
_COMPLETED = select(completion.c.id).where(
    completion.c.person_id == bindparam("person"), completion.c.task == bindparam("task")
)
_UNCOUNT = delete(completion).where(
    completion.c.person_id == bindparam("person"), completion.c.task == bindparam("which")
)
_WITHDRAW = (
    update(consent)
    .where(consent.c.person_id == bindparam("person"), consent.c.purpose == bindparam("asked"))
    .where(consent.c.given.is_(True), consent.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("at"))
)

_WRITERS: dict[type[Record], Callable[[Scribe, Any, Recorded, int], None]] = {
    StepRecord: Scribe.step,
    CompletionRecord: Scribe.complete,
    ConsentRecord: Scribe.consent,
    HandOverRecord: Scribe.hand_over,
    CorrectionRecord: Scribe.correct,
    RightRecord: Scribe.right,
}
