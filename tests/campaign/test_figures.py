"""A desk sees its own wards only, small numbers of nobody, and the same numbers on every page."""

import datetime as dt

import pytest
from sqlalchemy import Engine, insert

from bot.campaign.figures import Figures
from bot.campaign.publishing import publish
from bot.campaign.scope import CITY, OutOfScope, Scope
from bot.store.moments import CITY as CITY_TIME
from bot.store.schema import campaign, phase, tally, target, ward
from bot.store.store import Store
from bot.store.tallies import Deed, Kind, key_of
from tests.fakes import TASK

# the first day of the week after that of the counts
NOW = dt.datetime(2026, 11, 23, 1, tzinfo=CITY_TIME)


@pytest.fixture
def engine(store: Store) -> Engine:
    with store.engine.begin() as connection:
        units = [("25747", "Thủ Dầu Một"), ("25750", "Phú Lợi"), ("25760", "Bình Dương")]
        for code, name in units:
            connection.execute(insert(ward), {"code": code, "kind": "phường", "name": name, "area": "Bình Dương"})
        connection.execute(
            insert(campaign),
            {"code": "2026", "title": "2026", "starts_on": "2026-01-27", "ends_on": "2026-12-31"},
        )
        days = {"starts_on": "2026-10-01", "ends_on": "2026-12-31"}
        connection.execute(insert(phase), {"code": "q4", "campaign": "2026", "title": "Quý 4", **days})
        connection.execute(insert(target), {"phase": "q4", "ward": "25747", "task": TASK, "goal": 40, "eligible": 100})
    fill(store.engine, "25747", "completed", "self", 20)
    fill(store.engine, "25747", "completed", "officer", 3)
    fill(store.engine, "25750", "completed", "self", 11)
    fill(store.engine, "25750", "completed", "officer", 6)
    fill(store.engine, "25760", "completed", "self", 8)
    fill(store.engine, "25747", "started", "", 30)
    fill(store.engine, "25747", "entered", "viec.cai_dat", 30)
    fill(store.engine, "25747", "stuck", "viec.cai_dat?otp", 6)
    fill(store.engine, "25747", "blocked", "no_sim", 9)
    publish(store.engine, now=NOW)
    return store.engine


def fill(engine: Engine, code: str, kind: Kind, what: str, people: int) -> None:
    deed = Deed(0, "2026-11-18", TASK, kind, what)
    with engine.begin() as connection:
        connection.execute(insert(tally), {**key_of(deed, code)._asdict(), "people": people})


def test_the_city_adds_up_and_hides_small_numbers_with_one_beside(engine: Engine) -> None:
    figures = Figures(engine)
    overview = figures.city(CITY, phase=figures.phases()[0])
    first = overview.tasks[0]
    assert (first.completed, first.goal, first.eligible) == (48, 40, 100)
    by_evidence = {each.ward.code: each.tasks[0].by_evidence for each in overview.wards}
    assert by_evidence["25747"][3] is None
    assert by_evidence["25750"][3] is None
    assert overview.wards[0].tasks[0].reached == 23 / 40


def test_a_ward_officer_sees_no_other_ward_and_the_same_numbers_as_the_city(engine: Engine) -> None:
    figures, mine = Figures(engine), Scope.of(["25747"])
    assert [each.ward.code for each in figures.city(mine).wards] == ["25747"]
    page = figures.ward(mine, "25747")
    assert page.figures.tasks == figures.city(CITY).wards[0].tasks
    assert page.figures.ward.name == "Phường Thủ Dầu Một"
    for code in ("25750", "99999", ""):
        with pytest.raises(OutOfScope):
            figures.ward(mine, code)
    with pytest.raises(OutOfScope):
        figures.ward(CITY, "99999")
    assert figures.city(Scope.of([])).wards == ()


def test_a_ward_s_page_tells_where_people_stop_and_why(engine: Engine) -> None:
    page = Figures(engine).ward(CITY, "25747")
    funnel, cause, trend = page.funnels[0], page.causes[0], page.trends[0]
    assert (funnel.started, [(each.step, each.entered) for each in funnel.steps]) == (30, [("viec.cai_dat", 30)])
    assert [(each.symptom, each.people) for each in funnel.symptoms] == [("otp", 6)]
    assert (cause.reason, cause.people) == ("no_sim", 9)
    assert (trend.weeks[-1].week, trend.weeks[-1].completed) == ("2026-W47", 23)


def test_of_several_wards_only_what_each_of_them_tells_is_added_up(engine: Engine) -> None:
    figures, two = Figures(engine), Scope.of(["25747", "25750"])
    told, (first, second) = figures.city(two).tasks[0], figures.city(two).wards
    assert (first.tasks[0].completed, second.tasks[0].completed, told.completed) == (23, 17, 40)
    # that of the officers is hidden in one of them, and nobody began in the other
    assert (told.by_evidence[3], told.started) == (None, None)
    assert [each.completed for each in figures.trends(two, weeks=1)[0].weeks] == [40]


def test_the_figures_say_until_which_day_they_go(engine: Engine) -> None:
    figures = Figures(engine)
    assert (figures.until(), figures.city(CITY).until) == (dt.date(2026, 11, 22), dt.date(2026, 11, 22))


def test_a_city_without_anything_is_a_page_of_fewer_than_five(store: Store) -> None:
    overview = Figures(store.engine).city(CITY)
    assert (overview.wards, overview.tasks[0].completed, overview.tasks[0].by_evidence) == ((), None, (None,) * 4)
    assert (overview.until, Figures(store.engine).trends(CITY)[0].weeks) == (None, ())
