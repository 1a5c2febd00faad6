"""What is kept about somebody, read for themselves: plain facts with their days, nothing a platform calls them by."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.store.evidence import Evidence
from bot.store.moments import moment
from bot.store.schema import (
    blockage,
    completion,
    consent,
    contact,
    enrolment,
    follow,
    hand_over,
    help_request,
    link,
    outgoing,
    person,
    reminder,
    seat,
    step_event,
)


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that holds to one purpose, and since when."""

    purpose: str
    given: bool
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """A task that was counted as finished, and on whose word."""

    task: str
    day: dt.date
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The ward somebody chose to be counted in, by its code."""

    ward: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Blocked:
    """Why somebody could not go on, in the code of the button they pressed; ``task`` is empty where it was any."""

    task: str
    reason: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asked to be called, written to or visited; ``status``: waiting, taken, closed."""

    status: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Seated:
    """A chat sits in a class, under this number."""

    number: int
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class KeptPerson:
    """One person of a chat, the one who types under an empty code; ``steps``: how many notes of steps there are.

    ``watched_until``: until when each of those who follow this person may look.
    """

    code: str
    answers: tuple[Answered, ...]
    counted: tuple[Counted, ...]
    steps: int
    watched_until: tuple[dt.datetime, ...] = ()
    enrolled: Enrolled | None = None
    blocked: tuple[Blocked, ...] = ()
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """What the tables hold of a chat beside its state.

    ``replies`` counts the bot's own last messages; ``is_linked``: where the chat is reached is kept; ``reminder``: when
    the one that was agreed to falls due; ``follows``: how many people this chat may look at.
    """

    since: dt.datetime
    restricted_since: dt.datetime | None
    people: tuple[KeptPerson, ...]
    hand_overs: tuple[dt.datetime, ...]
    replies: int
    is_linked: bool
    reminder: dt.datetime | None = None
    follows: int = 0
    seated: Seated | None = None


def read_kept(connection: Connection, contact_id: int) -> Kept:
    row = connection.execute(select(contact).where(contact.c.id == contact_id)).one()
    people = connection.execute(select(person).where(person.c.contact_id == contact_id).order_by(person.c.id)).all()
    asked = select(hand_over.c.created_at).where(hand_over.c.contact_id == contact_id).order_by(hand_over.c.id)
    said = select(func.count()).select_from(outgoing).where(outgoing.c.contact_id == contact_id)
    due = connection.execute(select(reminder.c.due_at).where(reminder.c.contact_id == contact_id)).scalar()
    follows = select(func.count()).select_from(follow).where(follow.c.follower_id == contact_id)
    sits = connection.execute(select(seat).where(seat.c.lookup == row.lookup)).first()
    return Kept(
        since=moment(row.created_at),
        restricted_since=moment(row.restricted_since) if row.restricted_since else None,
        people=tuple(_person(connection, each.id, contact_id, each.code) for each in people),
        hand_overs=tuple(moment(at) for at in connection.execute(asked).scalars()),
        replies=int(connection.execute(said).scalar_one()),
        is_linked=connection.execute(select(link).where(link.c.contact_id == contact_id)).first() is not None,
        reminder=moment(due) if due else None,
        follows=int(connection.execute(follows).scalar_one()),
        seated=Seated(sits.number, moment(sits.joined_at)) if sits else None,
    )


def _person(connection: Connection, id: int, contact_id: int, code: str) -> KeptPerson:
    answers = select(consent).where(consent.c.person_id == id).order_by(consent.c.id)
    finished = select(completion).where(completion.c.person_id == id).order_by(completion.c.id)
    noted = select(func.count()).select_from(step_event).where(step_event.c.person_id == id)
    watched = select(follow.c.until).where(follow.c.subject_id == contact_id, follow.c.person == code)
    chosen = connection.execute(select(enrolment).where(enrolment.c.person_id == id)).first()
    stopped = select(blockage).where(blockage.c.person_id == id).order_by(blockage.c.id)
    asked = select(help_request).where(help_request.c.person_id == id).order_by(help_request.c.id)
    # the last answer to each purpose holds
    holding = {row.purpose: row for row in connection.execute(answers)}
    return KeptPerson(
        code=code,
        answers=tuple(
            Answered(row.purpose, row.given and row.withdrawn_at is None, moment(row.created_at))
            for row in holding.values()
        ),
        counted=tuple(
            Counted(row.task, dt.date.fromisoformat(row.day), row.evidence) for row in connection.execute(finished)
        ),
        steps=int(connection.execute(noted).scalar_one()),
        watched_until=tuple(sorted(map(moment, connection.execute(watched).scalars()))),
        enrolled=Enrolled(chosen.ward, moment(chosen.chosen_at)) if chosen else None,
        blocked=tuple(
            Blocked(row.task, row.reason, dt.date.fromisoformat(row.day)) for row in connection.execute(stopped)
        ),
        asked=tuple(Asked(row.status, moment(row.created_at)) for row in connection.execute(asked)),
    )
