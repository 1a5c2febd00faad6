"""What is kept for how long, and the erasing of what is past its time (T7): each kind of row under a rule of its own.

Every run writes down, rule by rule, how much went and how old the oldest row is that stayed: the proof that it ran.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, exists, func, insert, not_, or_, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ColumnElement
from sqlalchemy.sql.schema import Table

from bot.store import outbox
from bot.store.database import store_error
from bot.store.moments import moment, stamp
from bot.store.schema import (
    code_try,
    completion,
    consent,
    contact,
    conversation,
    follow,
    hand_over,
    help_request,
    inbox,
    lesson_class,
    link,
    outgoing,
    person,
    reminder,
    request_case,
    retention_run,
    right_used,
    seat,
    seen,
    share_code,
    staff_code,
    staff_delay,
    staff_session,
    staff_told,
    step_event,
    tombstone,
    webhook_event,
)
from bot.store.tombstones import Tombstones


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows of a table that meet the condition go when their moment is older than the term."""

    table: Table
    term: dt.timedelta
    since: ColumnElement[Any]
    where: ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Proof:
    """The last run, none before the first, and the rules under which something is older than its term allows."""

    ran_at: dt.datetime | None
    overdue: tuple[str, ...]


def erase(engine: Engine, rules: Mapping[str, Rule], tombstones: Tombstones, *, now: dt.datetime) -> dict[str, int]:
    """Erase what is past its time; how much went under each rule. Raises ``StoreError``."""
    try:
        with engine.begin() as connection:
            gone = {name: _erased(connection, rule, now) for name, rule in rules.items()}
            tombstones.purge(before=stamp(now - rules["tombstones"].term))
            # who has no chat left, nothing on the way and no answer to wait for is linked again when they write
            known = select(conversation.c.contact_id).union(outbox.still_sent_to(), _still_wait_for_help)
            connection.execute(delete(link).where(link.c.contact_id.not_in(known)))
            connection.execute(insert(retention_run), _evidence(connection, rules, gone, now))
            return gone
    except DBAPIError as error:
        raise store_error(error) from error


def proof(connection: Connection, rules: Mapping[str, Rule], *, now: dt.datetime, grace: dt.timedelta) -> Proof:
    """Whether erasing goes on: nothing may be older than its term and what a run may be late."""
    ran_at = connection.execute(select(func.max(retention_run.c.ran_at))).scalar()
    ages = {name: _oldest(connection, rule) for name, rule in rules.items()}
    overdue = (name for name, at in ages.items() if at and at < stamp(now - rules[name].term - grace))
    return Proof(moment(ran_at) if ran_at else None, tuple(overdue))


def _erased(connection: Connection, rule: Rule, now: dt.datetime) -> int:
    past = delete(rule.table).where(rule.since < stamp(now - rule.term), rule.where)
    return connection.execute(past).rowcount


def _oldest(connection: Connection, rule: Rule) -> str | None:
    query = select(func.min(rule.since)).select_from(rule.table).where(rule.where)
    found = connection.execute(query).scalar()
    return str(found) if found else None


def _evidence(
    connection: Connection, rules: Mapping[str, Rule], gone: Mapping[str, int], now: dt.datetime
) -> list[dict[str, Any]]:
    return [
        {"rule": name, "erased": gone[name], "oldest": _oldest(connection, rule), "ran_at": stamp(now)}
        for name, rule in rules.items()
    ]


def rules(terms: Mapping[str, dt.timedelta]) -> dict[str, Rule]:
    """The rules with these terms, in an order in which nothing is left hanging."""
    return {name: Rule(table, terms[name], since, where) for name, (table, since, where) in _RULES.items()}


def _hangs_on(table: Table, column: ColumnElement[Any], owner: ColumnElement[Any]) -> ColumnElement[bool]:
    return exists().where(column == owner).select_from(table)


_settled = outgoing.c.status.in_(("shown", "sent", "dropped", "dead"))
_still_holds = and_(consent.c.given, consent.c.withdrawn_at.is_(None))

_still_wait_for_help = (
    select(person.c.contact_id)
    .join(help_request, help_request.c.person_id == person.c.id)
    .where(help_request.c.status != "closed")
)

_RULES: dict[str, tuple[Table, ColumnElement[Any], ColumnElement[bool]]] = {
    "sessions": (conversation, conversation.c.updated_at, not_(conversation.c.kept)),
    "remembered": (conversation, conversation.c.updated_at, conversation.c.kept),
    "replies": (outgoing, outgoing.c.created_at, _settled),
    "messages": (seen, seen.c.received_at, seen.c.id.not_in(select(inbox.c.id))),
    "seats": (
        seat,
        select(lesson_class.c.ends_at).where(lesson_class.c.id == seat.c.class_id).scalar_subquery(),
        seat.c.number.is_not(None),
    ),
    "classes": (lesson_class, lesson_class.c.ends_at, lesson_class.c.id.is_not(None)),
    "steps": (step_event, step_event.c.created_at, step_event.c.id.is_not(None)),
    "hand_overs": (hand_over, hand_over.c.created_at, hand_over.c.id.is_not(None)),
    # closed, or asked for so long ago that nobody waits any more
    "help_requests": (
        help_request,
        func.coalesce(help_request.c.closed_at, help_request.c.taken_at, help_request.c.created_at),
        help_request.c.id.is_not(None),
    ),
    "consents": (consent, func.coalesce(consent.c.withdrawn_at, consent.c.created_at), not_(_still_holds)),
    "webhook_events": (webhook_event, webhook_event.c.changed_at, webhook_event.c.id.is_not(None)),
    "rights": (right_used, right_used.c.created_at, right_used.c.id.is_not(None)),
    "requests": (request_case, request_case.c.closed_at, request_case.c.closed_at.is_not(None)),
    "tombstones": (tombstone, tombstone.c.erased_at, tombstone.c.lookup.is_not(None)),
    "runs": (retention_run, retention_run.c.ran_at, retention_run.c.id.is_not(None)),
    "share_codes": (share_code, share_code.c.until, share_code.c.id.is_not(None)),
    "follows": (follow, follow.c.until, follow.c.id.is_not(None)),
    "code_tries": (code_try, code_try.c.tried_at, code_try.c.id.is_not(None)),
    "reminders": (reminder, reminder.c.due_at, reminder.c.contact_id.is_not(None)),
    # of staff: sessions that ended long before, waits after wrong passwords, codes on paper
    "sign_ins": (staff_session, staff_session.c.begun_at, staff_session.c.id.is_not(None)),
    "delays": (staff_delay, staff_delay.c.until, staff_delay.c.lookup.is_not(None)),
    "codes": (staff_code, staff_code.c.until, staff_code.c.until.is_not(None)),
    "staff_told": (staff_told, staff_told.c.told_at, staff_told.c.account_id.is_not(None)),
    # people of whom nothing is known any more, and then their chats
    "people": (
        person,
        select(contact.c.created_at).where(contact.c.id == person.c.contact_id).scalar_subquery(),
        not_(
            or_(
                _hangs_on(step_event, step_event.c.person_id, person.c.id),
                _hangs_on(completion, completion.c.person_id, person.c.id),
                _hangs_on(consent, consent.c.person_id, person.c.id),
                _hangs_on(help_request, help_request.c.person_id, person.c.id),
            )
        ),
    ),
    "chats": (
        contact,
        func.coalesce(contact.c.heard_at, contact.c.created_at),
        and_(
            contact.c.silent_since.is_(None),
            contact.c.restricted_since.is_(None),
            not_(
                or_(
                    _hangs_on(conversation, conversation.c.contact_id, contact.c.id),
                    _hangs_on(person, person.c.contact_id, contact.c.id),
                    _hangs_on(outgoing, outgoing.c.contact_id, contact.c.id),
                    _hangs_on(hand_over, hand_over.c.contact_id, contact.c.id),
                    _hangs_on(follow, follow.c.subject_id, contact.c.id),
                    _hangs_on(follow, follow.c.follower_id, contact.c.id),
                    _hangs_on(reminder, reminder.c.contact_id, contact.c.id),
                )
            ),
        ),
    ),
}
