"""What a turn writes beside the state and the replies, and how each kind of it becomes a row."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from sqlalchemy import Connection, Insert, bindparam, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.evidence import EVIDENCE, Evidence, Word, take_words
from bot.store.moments import stamp
from bot.store.schema import (
    blockage,
    completion,
    consent,
    enrolment,
    hand_over,
    help_request,
    person,
    right_used,
    step_event,
)
from bot.store.seats import give_up_seat
from bot.store.sharing import Shared, Sharer, end_following, end_reminders
from bot.store.tallies import COUNTED, Tallies, step_deed


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
    """Somebody's word that a task is finished; said again it counts no more than once."""

    person: str
    task: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class EnrolRecord:
    """The ward somebody wants to be counted in; a later one takes the place of an earlier one."""

    person: str
    ward: str


@dataclass(frozen=True, slots=True)
class BlockedRecord:
    """Why somebody cannot finish a task yet, or any where ``task`` is empty; said again it changes nothing."""

    person: str
    task: str
    reason: str


@dataclass(frozen=True, slots=True)
class HelpRecord:
    """Somebody asked to be called, written to or visited; asked again while it waits, the latest wish stands."""

    person: str
    way: str
    hours: str
    ward: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """An answer to one purpose (T13); a no ends every earlier yes to it, and what was shared or set because of it.

    ``assisted``: somebody else asked the person and typed the answer (T22).
    """

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
class LeaveClassRecord:
    """The seat of this chat in a class is given up."""


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


Record = (
    StepRecord
    | CompletionRecord
    | EnrolRecord
    | BlockedRecord
    | HelpRecord
    | ConsentRecord
    | HandOverRecord
    | LeaveClassRecord
    | CorrectionRecord
    | RightRecord
    | Shared
)


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

    def __init__(
        self,
        connection: Connection,
        tallies: Tallies,
        *,
        at: dt.datetime,
        day: str,
        pushed: Collection[str] = (),
    ) -> None:
        self._connection = connection
        self._tallies = tallies
        self._at = stamp(at)
        self._day = day
        self._sharer = Sharer(connection, tallies, at=at, pushed=pushed)
        self._people: dict[tuple[int, str], int] = {}
        self._steps: list[dict[str, Any]] = []

    def write(self, turn: Recorded, contact_id: int) -> None:
        for record in turn.records:
            if isinstance(record, Shared):
                self._sharer.write(record, turn.channel, contact_id)
            else:
                _WRITERS[type(record)](self, record, turn, contact_id)

    def finish(self) -> None:
        if self._steps:
            self._count_steps()
            self._connection.execute(_STEP, self._steps)
            self._steps.clear()

    def _count_steps(self) -> None:
        """A person counts once at each step and outcome: when they first are so."""
        known = {(row.person_id, row.task, row.step, row.symptom, row.outcome) for row in self._stood()}
        started = {each[:2] for each in known}
        for row in self._steps:
            key = (row["person_id"], row["task"], row["step"], row["symptom"], row["outcome"])
            if key in known or row["outcome"] not in COUNTED:
                continue
            kind, code = step_deed(row["outcome"], row["step"], row["symptom"])
            self._tallies.add(row["person_id"], self._day, row["task"], kind, code)
            if key[:2] not in started:
                self._tallies.add(row["person_id"], self._day, row["task"], "started")
            known.add(key)
            started.add(key[:2])

    def _stood(self) -> Sequence[Any]:
        people = sorted({row["person_id"] for row in self._steps})
        return self._connection.execute(_STOOD, {"people": people}).all()

    def step(self, record: StepRecord, turn: Recorded, contact_id: int) -> None:
        row = {name: value for name, value in asdict(record).items() if name != "person"}
        common = {"content_version": turn.content_version, "created_at": self._at, "day": self._day}
        self._steps.append({"person_id": self._person(contact_id, record.person), **row, **common})

    def complete(self, record: CompletionRecord, turn: Recorded, contact_id: int) -> None:
        word = Word(
            happened_at=self._at,
            event_id=secrets.token_hex(16),
            person_id=self._person(contact_id, record.person),
            task=record.task,
            evidence=record.evidence,
        )
        take_words(self._connection, [word], self._tallies, at=self._at)

    def enrol(self, record: EnrolRecord, turn: Recorded, contact_id: int) -> None:
        enrol(self._connection, self._person(contact_id, record.person), record.ward, self._tallies, at=self._at)

    def block(self, record: BlockedRecord, turn: Recorded, contact_id: int) -> None:
        person_id = self._person(contact_id, record.person)
        row = {"person_id": person_id, "task": record.task, "reason": record.reason}
        row |= {"created_at": self._at, "day": self._day}
        if self._connection.execute(_BLOCK[self._connection.dialect.name], row).first() is not None:
            self._tallies.add(person_id, self._day, record.task, "blocked", record.reason)

    def ask_for_help(self, record: HelpRecord, turn: Recorded, contact_id: int) -> None:
        wish = {name: value for name, value in asdict(record).items() if name != "person"}
        person_id = self._person(contact_id, record.person)
        waiting = (help_request.c.person_id == person_id, help_request.c.status == "waiting")
        if self._connection.execute(update(help_request).where(*waiting).values(**wish)).rowcount:
            return
        row = {
            "person_id": person_id,
            **wish,
            "status": "waiting",
            "created_at": self._at,
            "taken_by": "",
            "result": "",
        }
        self._connection.execute(insert(help_request), row)

    def consent(self, record: ConsentRecord, turn: Recorded, contact_id: int) -> None:
        person_id = self._person(contact_id, record.person)
        if not record.given:
            keys = {"person": person_id, "asked": record.purpose, "at": self._at}
            self._connection.execute(_WITHDRAW, keys)
            self._end_what_stood_on(record, contact_id)
        row = {name: value for name, value in asdict(record).items() if name != "person"}
        row |= {
            "person_id": person_id,
            "helper": self._pseudonym(contact_id) if record.assisted else None,
            "notice_digest": hashlib.sha256(record.wording.encode()).hexdigest(),
            "channel": turn.channel,
            "content_version": turn.content_version,
            "created_at": self._at,
        }
        self._connection.execute(insert(consent), row)

    def _end_what_stood_on(self, record: ConsentRecord, contact_id: int) -> None:
        if record.purpose in ("progress", "follow"):
            end_following(self._connection, contact_id, record.person)
        if record.purpose in ("progress", "remind"):
            end_reminders(self._connection, contact_id)

    def _pseudonym(self, contact_id: int) -> str:
        """Of the one who types."""
        query = select(person.c.pseudonym).where(person.c.id == self._person(contact_id, ""))
        return str(self._connection.execute(query).scalar_one())

    def hand_over(self, record: HandOverRecord, turn: Recorded, contact_id: int) -> None:
        row = {"contact_id": contact_id, "place": record.place, "created_at": self._at}
        self._connection.execute(insert(hand_over), row)

    def leave_class(self, record: LeaveClassRecord, turn: Recorded, contact_id: int) -> None:
        give_up_seat(self._connection, contact_id)

    def correct(self, record: CorrectionRecord, turn: Recorded, contact_id: int) -> None:
        """The count goes, and an event of its own says why."""
        person_id = self._person(contact_id, record.person)
        said = {"happened_at": self._at, "person_id": person_id, "task": record.task, "change": "withdraw"}
        words = [Word(**said, event_id=secrets.token_hex(16), evidence=each, source="correction") for each in EVIDENCE]  # type: ignore[arg-type]
        if self._connection.execute(_COMPLETED, {"person": person_id, "task": record.task}).first() is not None:
            take_words(self._connection, words, self._tallies, at=self._at)
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


def enrol(connection: Connection, person_id: int, ward: str, tallies: Tallies, *, at: str) -> None:
    """From now on the person, and all they did, counts in this ward."""
    tallies.move(person_id, ward)
    connection.execute(_ENROL[connection.dialect.name], {"person_id": person_id, "ward": ward, "chosen_at": at})


def _enrolling(dialect: Any) -> Any:
    statement = dialect.insert(enrolment)
    new = {name: statement.excluded[name] for name in ("ward", "chosen_at")}
    return statement.on_conflict_do_update(index_elements=[enrolment.c.person_id], set_=new)


# made once: building a statement costs more than running it
_STEP = insert(step_event)
_PERSON = select(person.c.id).where(person.c.contact_id == bindparam("contact"), person.c.code == bindparam("code"))
_COMPLETED = select(completion.c.id).where(
    completion.c.person_id == bindparam("person"), completion.c.task == bindparam("task")
)
_STOOD = (
    select(step_event.c.person_id, step_event.c.task, step_event.c.step, step_event.c.symptom, step_event.c.outcome)
    .where(step_event.c.person_id.in_(bindparam("people", expanding=True)), step_event.c.outcome.in_(COUNTED))
    .distinct()
)
_BLOCK = {
    "sqlite": sqlite.insert(blockage).on_conflict_do_nothing().returning(blockage.c.id),
    "postgresql": postgresql.insert(blockage).on_conflict_do_nothing().returning(blockage.c.id),
}
_ENROL = {name: _enrolling(dialect) for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))}
_WITHDRAW = (
    update(consent)
    .where(consent.c.person_id == bindparam("person"), consent.c.purpose == bindparam("asked"))
    .where(consent.c.given.is_(True), consent.c.withdrawn_at.is_(None))
    .values(withdrawn_at=bindparam("at"))
)

_WRITERS: dict[type[Record], Callable[[Scribe, Any, Recorded, int], None]] = {
    StepRecord: Scribe.step,
    CompletionRecord: Scribe.complete,
    EnrolRecord: Scribe.enrol,
    BlockedRecord: Scribe.block,
    HelpRecord: Scribe.ask_for_help,
    ConsentRecord: Scribe.consent,
    HandOverRecord: Scribe.hand_over,
    LeaveClassRecord: Scribe.leave_class,
    CorrectionRecord: Scribe.correct,
    RightRecord: Scribe.right,
}
