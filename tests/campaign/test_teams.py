"""A team counts whom its own people confirmed, while their word stands, in whole weeks, and shows nobody alone."""

import datetime as dt
from itertools import count

import pytest
from sqlalchemy import insert

from bot.campaign.scope import CITY, OutOfScope, Scope
from bot.campaign.teams import Teams
from bot.store.evidence import Change, Evidence, Word, take_words
from bot.store.moments import stamp
from bot.store.schema import campaign, contact, enrolment, person, phase, team, team_target, ward
from bot.store.store import Store
from bot.store.tallies import Tallies
from tests.fakes import TASK

HERE, THERE = "25747", "25750"
# a Saturday; the week began on the 16th
TODAY = dt.date(2026, 11, 21)
LAST_WEEK, THIS_WEEK = dt.datetime(2026, 11, 12, tzinfo=dt.UTC), dt.datetime(2026, 11, 17, tzinfo=dt.UTC)

_numbers = count(1)


@pytest.fixture
def teams(store: Store) -> Teams:
    """Team 1 with a goal and two members, team 2 with a program's token, team 3 in another ward."""
    days = {"title": "", "starts_on": "2026-10-01", "ends_on": "2026-12-31"}
    with store.engine.begin() as connection:
        for code in (HERE, THERE):
            connection.execute(insert(ward), {"code": code, "kind": "phường", "name": code, "area": ""})
        connection.execute(insert(campaign), {"code": "c", **days})
        connection.execute(insert(phase), {"code": "q4", "campaign": "c", **days})
        for id, where in ((1, HERE), (2, HERE), (3, THERE)):
            connection.execute(insert(team), {"id": id, "ward": where, "neighbourhood": "", "name": f"Tổ {id}"})
        goal = {"phase": "q4", "team_id": 1, "task": TASK, "goal": 40, "eligible": 90}
        connection.execute(insert(team_target), goal)
    teams = Teams(store.engine, store.writer, store.audit)
    for actor, id in (("staff:1", 1), ("staff:2", 1), ("token:1", 2), ("staff:3", 3)):
        assert teams.join(actor, id, by="cli")
    return teams


def finish(store: Store, people: int, by: str, *, at: dt.datetime = LAST_WEEK, where: str = HERE) -> list[int]:
    """So many people of a ward, confirmed by somebody."""
    return [_finish(store, by, at, where) for _ in range(people)]


def _finish(store: Store, by: str, at: dt.datetime, where: str) -> int:
    number = next(_numbers)
    with store.engine.begin() as connection:
        row = {"channel": "web", "lookup": f"t{number}", "created_at": stamp(at)}
        chat = connection.execute(insert(contact).returning(contact.c.id), row).scalar_one()
        who = {"contact_id": chat, "code": "", "pseudonym": f"t{number}"}
        id = int(connection.execute(insert(person).returning(person.c.id), who).scalar_one())
        if where:
            connection.execute(insert(enrolment), {"person_id": id, "ward": where, "chosen_at": stamp(at)})
    say(store, id, by, at=at)
    return id


def say(
    store: Store, person_id: int, by: str, *, at: dt.datetime, evidence: Evidence = "trainer",
    change: Change = "confirm",
) -> None:  # fmt: skip
    evidence = "self" if by == "dialog" else evidence
    with store.engine.begin() as connection:
        tallies = Tallies(connection, at=stamp(at))
        word = Word(stamp(at), f"{next(_numbers)}", person_id, TASK, evidence, change, by)
        take_words(connection, [word], tallies, at=stamp(at))
        tallies.write()


def confirmed(teams: Teams, ward: str = HERE) -> list[int | None]:
    return [each.tasks[0].confirmed for each in teams.figures(CITY, ward, today=TODAY, phase="q4")]


def test_a_team_counts_whom_its_own_people_confirmed_in_its_ward(store: Store, teams: Teams) -> None:
    finish(store, 4, "staff:1")
    finish(store, 3, "staff:2")
    finish(store, 6, "token:1")
    finish(store, 9, "dialog")
    finish(store, 8, "staff:9")
    finish(store, 7, "staff:1", where=THERE)
    finish(store, 7, "staff:1", where="")
    finish(store, 5, "staff:3", where=THERE)
    assert (confirmed(teams), confirmed(teams, THERE)) == ([7, 6], [5])
    first = teams.figures(CITY, HERE, today=TODAY, phase="q4")[0]
    assert (first.team.members, first.tasks[0].goal, first.tasks[0].eligible) == (2, 40, 90)
    assert teams.figures(CITY, HERE, today=TODAY)[0].tasks[0].goal is None


def test_a_person_counts_once_for_a_team_and_no_more_once_its_word_was_taken_back(store: Store, teams: Teams) -> None:
    people = finish(store, 6, "staff:1")
    finish(store, 6, "token:1")
    later = LAST_WEEK + dt.timedelta(hours=1)
    say(store, people[0], "staff:2", at=later)
    assert confirmed(teams) == [6, 6]
    say(store, people[0], "token:1", at=later, evidence="officer")
    assert confirmed(teams) == [6, 7]
    say(store, people[0], "staff:9", at=later, change="withdraw")
    assert confirmed(teams) == [5, 7]


def test_this_week_is_not_told_yet(store: Store, teams: Teams) -> None:
    finish(store, 6, "staff:1")
    finish(store, 6, "token:1")
    people = finish(store, 5, "staff:1", at=THIS_WEEK)
    say(store, people[0], "staff:1", at=THIS_WEEK, change="withdraw")
    assert confirmed(teams) == [6, 6]


def test_small_numbers_are_hidden_together_with_what_would_tell_them(store: Store, teams: Teams) -> None:
    finish(store, 3, "staff:1")
    finish(store, 20, "token:1")
    # the ward's page tells of 23 confirmed: with the 20 the 3 would be told
    assert confirmed(teams) == [None, None]
    finish(store, 30, "staff:9")
    assert confirmed(teams) == [None, 20]


def test_nothing_is_told_of_a_ward_of_others_or_one_without_teams(teams: Teams) -> None:
    with pytest.raises(OutOfScope):
        teams.figures(Scope.of([THERE]), HERE, today=TODAY)
    assert teams.figures(CITY, "99999", today=TODAY) == ()
    assert [each.id for each in teams.listed(Scope.of([THERE]))] == [3]


def test_who_belongs_to_one_team_belongs_to_no_other_and_each_move_is_noted(store: Store, teams: Teams) -> None:
    assert not teams.join("staff:1", 99, by="cli")
    assert teams.join("staff:1", 2, by="cli")
    assert [each.members for each in teams.listed(CITY)] == [1, 2, 1]
    assert teams.leave("staff:1", by="cli")
    assert not teams.leave("staff:1", by="cli")
    noted = [(row.entry.action, row.entry.subject, row.entry.detail) for row in store.audit.latest(2)]
    assert noted == [("team_left", "staff:1", ""), ("team_joined", "staff:1", "team:2")]
