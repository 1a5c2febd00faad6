"""What each platform puts up with: how many parts in how many seconds, and how long after a person wrote."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` in any stretch of that many ``seconds``."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Terms:
    """``chat_gap``: seconds between two parts to one chat. Windows begin when the person last wrote; None: endless."""

    rate: Rate
    chat_gap: float = 0.0
    reply_window: dt.timedelta | None = None
    reminder_window: dt.timedelta | None = None

    def allow(self, kind: str, heard_at: dt.datetime | None, now: dt.datetime) -> bool:
        """Whether a reply or a reminder may still be sent to a person last heard of then."""
        window = self.reminder_window if kind == "reminder" else self.reply_window
        return window is None or heard_at is None or now - heard_at <= window


# the platform speaks of 30 a second in all and one a second in a chat
TELEGRAM = Terms(Rate(25, 1.0), chat_gap=1.0)

# a pilot's channel, without published limits: what an office can read
ZALO_BOT = Terms(Rate(5, 1.0), chat_gap=1.0)

# of the requests a plan allows, some are for tokens, uploads and quota
_FOR_MESSAGES = 0.9


def zalo_oa(requests_a_minute: int) -> Terms:
    """Those of a plan. Later than 7 days nothing is taken; later than 48 hours it costs, which no reminder is worth."""
    return Terms(
        Rate(max(int(requests_a_minute * _FOR_MESSAGES), 1), 60.0),
        reply_window=dt.timedelta(days=7),
        reminder_window=dt.timedelta(hours=48),
    )
