"""An officer's word for a task, told by a program of the city's: once, in whatever order, for people of its wards."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, and_, exists, select

from bot.store.audit import AuditLog, Entry
from bot.store.evidence import Change, EvidenceConflict, Word, take_words
from bot.store.moments import stamp
from bot.store.outflow_marks import Flow
from bot.store.schema import consent, contact, enrolment, person
from bot.store.tallies import Tallies
from bot.store.writer import Job, Writer

Outcome = Literal["taken", "known", "nobody", "conflict"]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """Finished, or not after all, by an officer's word. ``event_id`` is the program's own, ``person`` a pseudonym.

    ``wards``: where the person must be counted, None for anywhere; ``by`` is the program's name in the audit log.
    """

    event_id: str
    person: str
    task: str
    change: Change
    happened_at: dt.datetime
    by: str
    wards: frozenset[str] | None = None


class Confirmations:
    """Takes them. Calls block and raise ``StoreError``."""

    def __init__(
        self, writer: Writer, audit: AuditLog, *, now: Callable[[], dt.datetime], flows: Collection[Flow] = ()
    ) -> None:
        """``flows``: who else is told of what is counted."""
        self._writer = writer
        self._audit = audit
        self._now = now
        self._flows = flows
        self._taking: Job[Confirmation, Outcome] = Job(self._take_all)

    def take(self, confirmation: Confirmation) -> Outcome:
        """``known``: it was told before; ``conflict``: its id was, with something else.

        ``nobody``: there is no such person in those wards, none who agreed to be counted, or their
        processing rests.
        """
        return self._writer.do(self._taking, confirmation)

    def _take_all(self, connection: Connection, confirmations: Sequence[Confirmation]) -> list[Outcome]:
        return [self._take(connection, each) for each in confirmations]

    def _take(self, connection: Connection, told: Confirmation) -> Outcome:
        query = select(person.c.id, enrolment.c.ward).select_from(person.outerjoin(enrolment))
        row = connection.execute(query.where(person.c.pseudonym == told.person, MAY_BE_COUNTED)).first()
        if row is None or (told.wards is not None and row.ward not in told.wards):
            return "nobody"
        # each program draws ids of its own: those of another are not these
        event_id = f"{told.by}:{told.event_id}"
        at = stamp(told.happened_at)
        word = Word(at, event_id, row.id, told.task, "officer", told.change, told.by)
        tallies = Tallies(connection, at=stamp(self._now()), flows=self._flows)
        try:
            [is_new] = take_words(connection, [word], tallies, at=stamp(self._now()))
        except EvidenceConflict:
            return "conflict"
        tallies.write()
        if is_new:
            self._audit.append(connection, Entry(told.by, "completion_pushed", told.task, told.change))
        return "taken" if is_new else "known"


# whoever had all processing stopped is not counted until they lift it (T18)
_NOT_RESTING = exists().where(contact.c.id == person.c.contact_id, contact.c.restricted_since.is_(None))

# whoever said yes to being counted, and did not take it back
_AGREED = exists().where(
    consent.c.person_id == person.c.id,
    consent.c.purpose == "count",
    consent.c.given.is_(True),
    consent.c.withdrawn_at.is_(None),
)

# the condition of a person whose task others may confirm
MAY_BE_COUNTED = and_(_AGREED, _NOT_RESTING)
