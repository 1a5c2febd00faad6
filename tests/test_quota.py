"""Who writes more than anybody reads is told once, then ignored, and heard again when they are slower."""

import datetime as dt

from bot.quota import A_DAY, A_MINUTE, Quota

AT = dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC)


def verdicts(quota: Quota, count: int, *, every: float, start: dt.datetime = AT, who: str = "a") -> list[str]:
    return [quota.judge(who, start + dt.timedelta(seconds=number * every)) for number in range(count)]


def test_a_flood_is_told_once_and_then_ignored() -> None:
    quota = Quota()
    assert verdicts(quota, A_MINUTE + 5, every=0.1) == ["answer"] * A_MINUTE + ["tell"] + ["ignore"] * 4
    assert quota.ignored == 4
    assert quota.judge("b", AT) == "answer"


def test_who_is_slower_is_heard_again() -> None:
    quota = Quota()
    verdicts(quota, A_MINUTE + 5, every=0.1)
    assert quota.judge("a", AT + dt.timedelta(minutes=2)) == "answer"


def test_a_day_has_a_limit_of_its_own_and_ends() -> None:
    quota = Quota()
    given = verdicts(quota, A_DAY + 3, every=2)
    assert given == ["answer"] * A_DAY + ["tell", "ignore", "ignore"]
    assert quota.judge("a", AT + dt.timedelta(days=1)) == "answer"


def test_somebody_who_reads_the_answers_never_meets_the_limit() -> None:
    assert set(verdicts(Quota(), 300, every=5)) == {"answer"}
