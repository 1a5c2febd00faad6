"""Moments as the tables hold them: ISO 8601 in UTC, always as many letters, so that text sorts as time does."""

import datetime as dt

CITY = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")

# hours of the day in the city between which nobody is written to unasked
_MORNING, _EVENING = dt.time(8), dt.time(20)


def stamp(at: dt.datetime) -> str:
    """
    >>> stamp(dt.datetime(2026, 11, 21, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=7))))
    '2026-11-21T03:00:00.000000+00:00'
    """
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def moment(stamped: str) -> dt.datetime:
    """The moment of a stamp."""
    return dt.datetime.fromisoformat(stamped)


def city_day(at: dt.datetime) -> str:
    """The day of a moment in Ho Chi Minh City, which keeps one time all year."""
    return at.astimezone(CITY).date().isoformat()


def in_daytime(at: dt.datetime) -> dt.datetime:
    """That moment, or the next morning in the city where it is night there.

    >>> in_daytime(dt.datetime(2026, 11, 21, 13, 0, tzinfo=dt.UTC)).isoformat()
    '2026-11-22T01:00:00+00:00'
    >>> in_daytime(dt.datetime(2026, 11, 21, 12, 59, tzinfo=dt.UTC)).isoformat()
    '2026-11-21T12:59:00+00:00'
    """
    here = at.astimezone(CITY)
    if _MORNING <= here.time() < _EVENING:
        return at
    day = here.date() + dt.timedelta(days=here.time() >= _EVENING)
    return dt.datetime.combine(day, _MORNING, CITY).astimezone(dt.UTC)
