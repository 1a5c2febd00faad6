"""Community teams (tổ công nghệ số cộng đồng): who belongs to one, and how far it is.

Nobody is asked for their team. A person counts for one by the word of its people alone: in its ward, and confirmed by
a trainer or an officer of the team whose word still stands. Whole weeks only, small numbers hidden.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Engine, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.campaign.hiding import LEAST, Shown, hide_small
from bot.campaign.scope import OutOfScope, Scope
from bot.core.effects import TASKS
from bot.store.audit import AuditLog, Entry
from bot.store.database import reading
from bot.store.moments import CITY, stamp
from bot.store.schema import completion_event, enrolment, tally, team, team_member, team_target
from bot.store.tallies import week_of
from bot.store.writer import Job, Writer


@dataclass(frozen=True, slots=True)
class Team:
    """``neighbourhood`` is its khu phố or ấp, where it has one; ``members`` how many accounts belong to it."""

    id: int
    ward: str
    neighbourhood: str
    name: str
    members: int


@dataclass(frozen=True, slots=True)
class TeamTask:
    """People confirmed by a team for one task; ``goal`` and ``eligible`` are None without one."""

    task: str
    confirmed: Shown
    goal: int | None = None
    eligible: int | None = None


@dataclass(frozen=True, slots=True)
class TeamFigures:
    """A team with its tasks in the order of ``TASKS``."""

    team: Team
    tasks: tuple[TeamTask, ...]


@dataclass(frozen=True, slots=True)
class _Move:
    """An account goes to a team, or to none."""

    actor: str
    team_id: int | None
    by: str


class Teams:
    """The teams of one database. Calls block and raise ``StoreError``."""

    def __init__(self, engine: Engine, writer: Writer, audit: AuditLog) -> None:
        self._engine = engine
        self._writer = writer
        self._audit = audit
        self._moving: Job[_Move, bool] = Job(lambda connection, moves: [self._move(connection, each) for each in moves])

    def listed(self, scope: Scope) -> tuple[Team, ...]:
        """The teams of some wards, by ward and neighbourhood."""
        with reading(self._engine) as connection:
            return _teams(connection, scope)

    def join(self, actor: str, team_id: int, *, by: str) -> bool:
        """From now on the words of that account or token count for the team, earlier ones too, and for no other one.

        False where there is no such team.
        """
        return self._writer.do(self._moving, _Move(actor, team_id, by))

    def leave(self, actor: str, *, by: str) -> bool:
        """Its words count for no team; whether they did."""
        return self._writer.do(self._moving, _Move(actor, None, by))

    def figures(self, scope: Scope, ward: str, *, today: dt.date, phase: str = "") -> tuple[TeamFigures, ...]:
        """The teams of a ward, to the end of last week. Raises ``OutOfScope``."""
        if ward not in scope:
            raise OutOfScope(ward)
        with reading(self._engine) as connection:
            teams = _teams(connection, Scope.of([ward]))
            if not teams:
                return ()
            monday = today - dt.timedelta(days=today.weekday())
            people = _confirmed(connection, ward, until=stamp(dt.datetime.combine(monday, dt.time(), CITY)))
            whole = _of_ward(connection, ward, until=monday)
            goals = _goals(connection, ward, phase)
        numbers = {task: [people.get((each.id, task), 0) for each in teams] for task in TASKS}
        shown = {task: _shown(numbers[task], whole.get(task, 0)) for task in TASKS}
        return tuple(
            TeamFigures(
                each,
                tuple(TeamTask(task, shown[task][at], *goals.get((each.id, task), (None, None))) for task in TASKS),
            )
            for at, each in enumerate(teams)
        )

    def _move(self, connection: Connection, move: _Move) -> bool:
        if move.team_id is None:
            gone = connection.execute(delete(team_member).where(team_member.c.actor == move.actor)).rowcount
            if gone:
                self._audit.append(connection, Entry(move.by, "team_left", move.actor))
            return bool(gone)
        if connection.execute(select(team.c.id).where(team.c.id == move.team_id)).first() is None:
            return False
        row = {"actor": move.actor, "team_id": move.team_id}
        connection.execute(_JOIN[connection.dialect.name], row)
        self._audit.append(connection, Entry(move.by, "team_joined", move.actor, f"team:{move.team_id}"))
        return True


def _teams(connection: Connection, scope: Scope) -> tuple[Team, ...]:
    members = select(func.count()).where(team_member.c.team_id == team.c.id).scalar_subquery()
    query = select(team, members.label("members")).where(scope.only(team.c.ward))
    rows = connection.execute(query.order_by(team.c.ward, team.c.neighbourhood, team.c.name))
    return tuple(Team(row.id, row.ward, row.neighbourhood, row.name, row.members) for row in rows)


_Key = tuple[int, str]


def _confirmed(connection: Connection, ward: str, *, until: str) -> Mapping[_Key, int]:
    said, back = completion_event, completion_event.alias("back")
    taken_back = (
        select(back.c.id)
        .where(back.c.person_id == said.c.person_id, back.c.task == said.c.task, back.c.change == "withdraw")
        .where(back.c.evidence == said.c.evidence, back.c.happened_at >= said.c.happened_at, back.c.happened_at < until)
        .exists()
    )
    query = (
        select(team_member.c.team_id, said.c.task, func.count(said.c.person_id.distinct()).label("people"))
        .join_from(said, team_member, team_member.c.actor == said.c.source)
        .join(team, team.c.id == team_member.c.team_id)
        .join(enrolment, enrolment.c.person_id == said.c.person_id)
        .where(team.c.ward == ward, enrolment.c.ward == ward)
        .where(said.c.change == "confirm", said.c.happened_at < until, ~taken_back)
        .group_by(team_member.c.team_id, said.c.task)
    )
    return {(row.team_id, row.task): row.people for row in connection.execute(query)}


def _goals(connection: Connection, ward: str, phase: str) -> Mapping[_Key, tuple[int, int]]:
    query = select(team_target).join(team).where(team_target.c.phase == phase, team.c.ward == ward)
    return {(row.team_id, row.task): (row.goal, row.eligible) for row in connection.execute(query)}


def _of_ward(connection: Connection, ward: str, *, until: dt.date) -> Mapping[str, int]:
    """How many of a ward are finished on a trainer's or an officer's word, be they of a team or not, by task."""
    query = (
        select(tally.c.task, func.sum(tally.c.people).label("people"))
        .where(tally.c.ward == ward, tally.c.kind == "completed")
        .where(tally.c.week < week_of(until.isoformat()), tally.c.code.in_(("trainer", "officer")))
        .group_by(tally.c.task)
    )
    return {row.task: int(row.people) for row in connection.execute(query)}


def _shown(numbers: Sequence[int], whole: int) -> Sequence[Shown]:
    """The numbers of one task as parts of what is known of the ward; those of no team are told nowhere.

    >>> _shown([7, 3], 40), _shown([20, 3], 23), _shown([20, 8], 28), _shown([20, 8], 29)
    ([7, None], (None, None), (20, 8), (20, None))
    """
    others = max(whole - sum(numbers), 0)
    if others >= LEAST:
        return [number if number >= LEAST else None for number in numbers]
    return hide_small([[number] for number in (*numbers, *([others] if others else []))]).rows[: len(numbers)]


_JOIN = {
    name: dialect.insert(team_member).on_conflict_do_update(
        index_elements=["actor"], set_={"team_id": dialect.insert(team_member).excluded.team_id}
    )
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
