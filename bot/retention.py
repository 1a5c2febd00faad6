"""How long things are kept, and the sweep that erases what is past its time (T7)."""

import datetime as dt
import logging

from sqlalchemy import Engine

from bot.store.database import StoreError, reading
from bot.store.erasing import Proof, Rule, erase, proof, rules
from bot.store.inbox import KNOWN
from bot.store.reminders import APART
from bot.store.sharing import TRIES_COUNT
from bot.store.tombstones import Tombstones

log = logging.getLogger(__name__)

# a chat whose owner never agreed that it be remembered lives as long as its session may
LIVE_SESSION = dt.timedelta(hours=24)

# the bot's own words, for pages to show again and to know what was delivered
REPLIES = dt.timedelta(days=7)

# who agreed to be remembered and comes back within half a year goes on where they stopped
REMEMBERED = dt.timedelta(days=180)

# what proves a yes, a no or the answer to a request, and the steps behind the campaign's figures: 24 months
PROOFS = dt.timedelta(days=730)

TERMS: dict[str, dt.timedelta] = {
    "sessions": LIVE_SESSION,
    "remembered": REMEMBERED,
    "replies": REPLIES,
    "messages": KNOWN,
    # what a class was like stays as long as the figures it belongs to; who sat where goes with the day
    "seats": LIVE_SESSION,
    "classes": PROOFS,
    "steps": PROOFS,
    # told within seconds, given up after three days; by then somebody has looked into it
    "webhook_events": dt.timedelta(days=30),
    "help_requests": dt.timedelta(days=90),
    "hand_overs": dt.timedelta(days=90),
    "consents": PROOFS,
    "rights": PROOFS,
    "requests": PROOFS,
    # as long as any backup lives
    "tombstones": dt.timedelta(days=35),
    "runs": dt.timedelta(days=365),
    # behind the moment until which they hold: who is late hears so
    "share_codes": dt.timedelta(hours=1),
    "follows": dt.timedelta(0),
    "code_tries": TRIES_COUNT,
    # behind the moment they were due: their people came back, or are out of reach
    "reminders": APART + dt.timedelta(days=1),
    "sign_ins": LIVE_SESSION,
    "delays": LIVE_SESSION,
    "codes": LIVE_SESSION,
    "staff_told": REPLIES,
    "people": REPLIES,
    "chats": REPLIES,
}

# a sweep runs every hour; one that has not for so long has stopped
LATE = dt.timedelta(hours=26)


def sweep(engine: Engine, *, now: dt.datetime, tombstones: Tombstones | None = None) -> dict[str, int]:
    """Erase what is past its time; how much went, by rule. A database that is away is swept the next time."""
    try:
        gone = erase(engine, all_rules(), tombstones or Tombstones(), now=now)
    except StoreError as error:
        log.error("nothing was swept: %s", error)
        return {}
    log.info("swept: %s", ", ".join(f"{count} {name}" for name, count in gone.items() if count) or "nothing")
    return gone


def all_rules() -> dict[str, Rule]:
    return rules(TERMS)


def look_at_retention(engine: Engine, *, now: dt.datetime) -> Proof:
    """Whether erasing goes on as it should. Raises ``StoreError``."""
    with reading(engine) as connection:
        return proof(connection, all_rules(), now=now, grace=LATE)
