"""How long things are kept, and the sweep that erases what is past its time (T7)."""

import datetime as dt
import logging

from bot.store.chats import Chats
from bot.store.database import StoreError

log = logging.getLogger(__name__)

# a chat whose owner never agreed that it be remembered lives as long as its session may
LIVE_SESSION = dt.timedelta(hours=24)

# the bot's own words, for pages to show again
REPLIES = dt.timedelta(days=7)


def sweep(chats: Chats, *, now: dt.datetime) -> int:
    """Erase what is past its time; how many chats went. A database that is away is swept the next time."""
    try:
        gone = chats.purge(unkept_before=(now - LIVE_SESSION).isoformat(), replies_before=(now - REPLIES).isoformat())
    except StoreError as error:
        log.error("nothing was swept: %s", error)
        return 0
    log.info("swept %d live sessions", gone)
    return gone
