"""What is told stands still until a week is over, and no two pages together tell what one of them hides."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from bot.campaign.figures import Figures
from bot.campaign.publishing import publish
from bot.campaign.scope import CITY
from bot.core.effects import BLOCKED, TASKS
from bot.store.evidence import EVIDENCE
from bot.store.moments import CITY as CITY_TIME
from bot.store.records import enrol
from bot.store.schema import person, published, tally, ward
from bot.store.store import Store
from bot.store.tallies import Deed, Key, Tallies, key_of
from tests.store.test_evidence import AT, add_person, take, word

WARDS = ("25747", "25750", "25760")

# Monday morning after the week of the 9th to the 15th, and the next one
NOW = dt.datetime(2026, 11, 16, 0, 5, tzinfo=CITY_TIME)
A_WEEK = dt.timedelta(weeks=1)


@pytest.fixture
def engine(store: Store) -> Engine:
    """Three wards; fifteen people finished in the week before, ten of the first and five who chose none."""
    with store.engine.begin() as connection:
        rows = [{"code": code, "kind": "phường", "name": f"Số {code}", "area": ""} for code in WARDS]
        connection.execute(insert(ward), rows)
    for number in range(1, 16):
        who = add_person(store.engine, number)
        take(store.engine, word(f"e{number}", 10, person_id=who))
        if number < 11:
            settle(store.engine, who, WARDS[0])
    return store.engine


def people(engine: Engine) -> list[int]:
    with engine.connect().execution_options(reading=True) as connection:
        return list(connection.execute(select(person.c.id).order_by(person.c.id)).scalars())


def settle(engine: Engine, who: int, code: str) -> None:
    with engine.begin() as connection:
        tallies = Tallies(connection, at=AT)
        enrol(connection, who, code, tallies, at=AT)
        tallies.write()


def forget(engine: Engine, who: int) -> None:
    with engine.begin() as connection:
        tallies = Tallies(connection, at=AT)
        tallies.forget([who])
        tallies.write()


def told(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect().execution_options(reading=True) as connection:
        return sorted((tuple(row) for row in connection.execute(select(published))), key=str)


def test_nothing_told_changes_while_a_week_goes_on(engine: Engine) -> None:
    first, last = people(engine)[0], people(engine)[-1]
    happenings: dict[str, Callable[[], object]] = {
        "an officer confirms": lambda: take(engine, word("n1", 16, "officer", person_id=first)),
        "somebody was mistaken": lambda: take(engine, word("n2", 16, change="withdraw", person_id=first + 1)),
        "somebody chooses a ward": lambda: settle(engine, last, WARDS[0]),
        "somebody has all erased": lambda: forget(engine, first + 2),
    }
    assert publish(engine, now=NOW)
    for label, happens in happenings.items():
        before = told(engine)
        happens()
        assert not publish(engine, now=NOW + A_WEEK - dt.timedelta(minutes=6))
        assert told(engine) == before, label
        # it would have been seen
        assert publish(engine, now=NOW, again=True)
        assert told(engine) != before, label
    assert publish(engine, now=NOW + A_WEEK)


def test_what_happened_in_the_present_week_waits_for_its_end(engine: Engine) -> None:
    for number in range(20, 26):
        who = add_person(engine, number)
        take(engine, word(f"e{number}", 16, person_id=who))
        settle(engine, who, WARDS[0])
    publish(engine, now=NOW + dt.timedelta(days=2))
    figures = Figures(engine)
    assert figures.city(CITY).tasks[0].completed == 15
    assert figures.ward(CITY, WARDS[0]).figures.tasks[0].completed == 10
    publish(engine, now=NOW + A_WEEK)
    page = figures.ward(CITY, WARDS[0])
    assert page.figures.tasks[0].completed == 16
    assert [(each.week, each.completed) for each in page.trends[0].weeks[-2:]] == [("2026-W46", 10), ("2026-W47", 6)]


def test_a_clock_that_was_set_back_tells_nothing_anew(engine: Engine) -> None:
    publish(engine, now=NOW)
    assert not publish(engine, now=NOW - A_WEEK)
    assert Figures(engine).until() == dt.date(2026, 11, 15)


def test_counts_put_right_are_told_at_once(engine: Engine) -> None:
    publish(engine, now=NOW)
    take(engine, word("n", 12, change="withdraw", person_id=people(engine)[0]))
    assert publish(engine, now=NOW, again=True)
    assert Figures(engine).ward(CITY, WARDS[0]).figures.tasks[0].completed == 9


def test_no_ward_s_page_tells_what_another_page_hides(store: Store) -> None:
    """Of every number told for the wards and for the city: one alone is never hidden."""
    chance = Random(3)  # noqa: S311 - the same every time
    deeds = [(kind, f"viec.b{step}") for kind in ("entered", "passed", "stuck") for step in range(4)]
    deeds += [("completed", each) for each in EVIDENCE] + [("started", ""), ("stuck", "viec.b1?otp")]
    deeds += [("blocked", reason) for reason in BLOCKED]
    counts: Counter[Key] = Counter()
    with store.engine.begin() as connection:
        for code in WARDS:
            connection.execute(insert(ward), {"code": code, "kind": "phường", "name": code, "area": ""})
            for task in TASKS:
                for kind, what in deeds:
                    for day in ("2026-11-03", "2026-11-10"):
                        people = chance.choice((0, 2, 3, 7, 20, 50))
                        counts[key_of(Deed(0, day, task, kind, what), code)] += people  # type: ignore[arg-type]
        rows = [{**key._asdict(), "people": people} for key, people in counts.items() if people]
        connection.execute(insert(tally), rows)
    publish(store.engine, now=NOW)
    numbers: dict[tuple[str, ...], list[int | None]] = {}
    for row in told(store.engine):
        numbers.setdefault(row[1:-1], []).append(row[-1])
    assert len(numbers) > 50
    for number, of_places in numbers.items():
        assert of_places.count(None) != 1, number
