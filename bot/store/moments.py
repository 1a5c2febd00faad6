"""Moments as the tables hold them: ISO 8601 in UTC, always as many letters, so that text sorts as time does."""

import datetime as dt

CITY = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")


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
