"""When a platform says that something happened: what is too old, or not yet, was not posted by the platform (T53)."""

import datetime as dt

from bot.channels.channel import RefusedError

# the longest a platform goes on posting the same thing is about two hours; clocks differ by less than minutes
OLDEST = dt.timedelta(hours=2)
AHEAD = dt.timedelta(minutes=5)


def check_stamp(milliseconds: str, now: dt.datetime) -> None:
    """Raises ``RefusedError`` unless these milliseconds of Unix time are about now.

    >>> check_stamp("1750316131602", dt.datetime(2025, 6, 19, 7, 0, tzinfo=dt.UTC))
    """
    if not milliseconds.isdecimal() or not milliseconds.isascii() or len(milliseconds) > 15:
        raise RefusedError("stamp")
    age = now.timestamp() - int(milliseconds) / 1000
    if age > OLDEST.total_seconds():
        raise RefusedError("stale")
    if age < -AHEAD.total_seconds():
        raise RefusedError("ahead")
