"""How long things are kept, and the sweep that erases what is past its time (T7)."""

import datetime as dt
import logging

from sqlalchemy import Engine

from bot.store.database import StoreError
from bot.store.erasing import Ends, erase
from bot.store.inbox import KNOWN

log = logging.getLogger(__name__)

# a chat whose owner never agreed that it be remembered lives as long as its session may
LIVE_SESSION = dt.timedelta(hours=24)

# the bot's own words, for pages to show again and to know what was delivered
REPLIES = dt.timedelta(days=7)

# sessions of staff have ended long before, and so has any wait after wrong passwords
SIGN_INS = dt.timedelta(hours=24)


def sweep(engine: Engine, *, now: dt.datetime) -> int:
    """Erase what is past its time; how many chats went. A database that is away is swept the next time."""
    try:
        gone = erase(
            engine,
            Ends(sessions=now - LIVE_SESSION, replies=now - REPLIES, messages=now - KNOWN, sign_ins=now - SIGN_INS),
        )
    except StoreError as error:
        log.error("nothing was swept: %s", error)
        return 0
    log.info("swept %d live sessions", gone)
    return gone
