"""Erases what is past its time (T7)."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Engine, delete, select
from sqlalchemy.exc import DBAPIError

from bot.store import inbox, outbox
from bot.store.database import store_error
from bot.store.moments import stamp
from bot.store.schema import conversation, lesson_class, link, seat


@dataclass(frozen=True, slots=True)
class Ends:
    """What is older than these goes: live sessions nobody agreed to keep, seats, replies, ids of messages."""

    sessions: dt.datetime
    replies: dt.datetime
    messages: dt.datetime


def erase(engine: Engine, ends: Ends) -> int:
    """Erase what is past its time; how many chats went. Raises ``StoreError``."""
    idle = select(conversation.c.contact_id).where(
        conversation.c.kept.is_(False), conversation.c.updated_at < stamp(ends.sessions)
    )
    try:
        with engine.begin() as connection:
            outbox.purge(connection, before=stamp(ends.replies))
            inbox.purge(connection, before=stamp(ends.messages))
            gone = connection.execute(delete(conversation).where(conversation.c.contact_id.in_(idle))).rowcount
            over = select(lesson_class.c.id).where(lesson_class.c.ends_at < stamp(ends.sessions))
            connection.execute(delete(seat).where(seat.c.class_id.in_(over)))
            # who has no chat left and nothing on the way is linked again when they write
            known = select(conversation.c.contact_id).union(outbox.still_sent_to())
            connection.execute(delete(link).where(link.c.contact_id.not_in(known)))
            return gone
    except DBAPIError as error:
        raise store_error(error) from error
