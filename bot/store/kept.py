"""What is kept about somebody, read for themselves: plain facts with their days, nothing a platform calls them by."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.store.moments import moment
from bot.store.schema import completion, consent, contact, hand_over, link, outgoing, person, step_event


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer that holds to one purpose, and since when."""

    purpose: str
    given: bool
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Counted:
    """A task that was counted as finished."""

    task: str
    day: dt.date


@dataclass(frozen=True, slots=True)
class KeptPerson:
    """One person of a chat, the one who types under an empty code; ``steps``: how many notes of steps there are."""

    code: str
    answers: tuple[Answered, ...]
    counted: tuple[Counted, ...]
    steps: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What the tables hold of a chat beside its state.

    ``replies`` counts the bot's own last messages; ``is_linked``: where the chat is reached is kept.
    """

    since: dt.datetime
    restricted_since: dt.datetime | None
    people: tuple[KeptPerson, ...]
    hand_overs: tuple[dt.datetime, ...]
    replies: int
    is_linked: bool


def read_kept(connection: Connection, contact_id: int) -> Kept:
    row = connection.execute(select(contact).where(contact.c.id == contact_id)).one()
    people = connection.execute(select(person).where(person.c.contact_id == contact_id).order_by(person.c.id)).all()
    asked = select(hand_over.c.created_at).where(hand_over.c.contact_id == contact_id).order_by(hand_over.c.id)
    said = select(func.count()).select_from(outgoing).where(outgoing.c.contact_id == contact_id)
    return Kept(
        since=moment(row.created_at),
        restricted_since=moment(row.restricted_since) if row.restricted_since else None,
        people=tuple(_person(connection, each.id, each.code) for each in people),
        hand_overs=tuple(moment(at) for at in connection.execute(asked).scalars()),
        replies=int(connection.execute(said).scalar_one()),
        is_linked=connection.execute(select(link).where(link.c.contact_id == contact_id)).first() is not None,
    )


def _person(connection: Connection, id: int, code: str) -> KeptPerson:
    answers = select(consent).where(consent.c.person_id == id).order_by(consent.c.id)
    finished = select(completion).where(completion.c.person_id == id).order_by(completion.c.id)
    noted = select(func.count()).select_from(step_event).where(step_event.c.person_id == id)
    # the last answer to each purpose holds
    holding = {row.purpose: row for row in connection.execute(answers)}
    return KeptPerson(
        code=code,
        answers=tuple(
            Answered(row.purpose, row.given and row.withdrawn_at is None, moment(row.created_at))
            for row in holding.values()
        ),
        counted=tuple(Counted(row.task, dt.date.fromisoformat(row.day)) for row in connection.execute(finished)),
        steps=int(connection.execute(noted).scalar_one()),
    )
