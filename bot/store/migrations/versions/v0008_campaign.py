"""The campaign: wards, phases, targets, enrolment, evidence as events, counts kept, wishes for help, what flows out.

What was finished before has one event each, and the counts begin as a recount of what is there.
"""

import datetime as dt
from collections import Counter

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0006"

_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _create_plan()
    _create_people()
    _create_counts()
    _bring_over_completions()
    _count_what_is_there()


def _create_plan() -> None:
    op.create_table(
        "campaign",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_campaign")),
    )
    op.create_table(
        "ward",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("area", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_ward")),
    )
    op.create_table(
        "phase",
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("campaign", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("starts_on", sa.String(length=10), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["campaign"], ["campaign.code"], name=op.f("fk_phase_campaign"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_phase")),
    )
    op.create_table(
        "team",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("neighbourhood", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["ward"], ["ward.code"], name=op.f("fk_team_ward")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("ward", "neighbourhood", "name", name=op.f("uq_team_ward_neighbourhood_name")),
    )
    op.create_table(
        "target",
        sa.Column("phase", sa.String(length=32), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.Column("eligible", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["phase"], ["phase.code"], name=op.f("fk_target_phase"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["ward"], ["ward.code"], name=op.f("fk_target_ward")),
        sa.PrimaryKeyConstraint("phase", "ward", "task", name=op.f("pk_target")),
    )


def _create_people() -> None:
    op.create_table(
        "enrolment",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("chosen_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_enrolment_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_enrolment")),
    )
    op.create_index(op.f("ix_enrolment_ward"), "enrolment", ["ward"])
    op.create_table(
        "completion_event",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("evidence", sa.String(length=8), nullable=False),
        sa.Column("change", sa.String(length=8), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("happened_at", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_completion_event_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_completion_event_event_id")),
    )
    op.create_index(op.f("ix_completion_event_person_id_task"), "completion_event", ["person_id", "task"])
    op.create_table(
        "blockage",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_blockage_person_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blockage")),
        sa.UniqueConstraint("person_id", "task", "reason", name=op.f("uq_blockage_person_id_task_reason")),
    )
    op.create_table(
        "help_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("hours", sa.String(length=12), nullable=False),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("taken_by", sa.String(length=64), nullable=False),
        sa.Column("taken_at", sa.String(length=32), nullable=True),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("closed_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_help_request_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_help_request")),
    )
    op.create_index(op.f("ix_help_request_person_id"), "help_request", ["person_id"])
    op.create_index(op.f("ix_help_request_status_created_at"), "help_request", ["status", "created_at"])


def _create_counts() -> None:
    op.create_table(
        "tally",
        sa.Column("grain", sa.String(length=4), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=145), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("grain", "period", "ward", "task", "kind", "code", name=op.f("pk_tally")),
    )
    op.create_index(op.f("ix_tally_ward"), "tally", ["ward", "grain", "kind", "period"])
    op.create_table(
        "outflow",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("key", sa.String(length=220), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outflow")),
        sa.UniqueConstraint("key", name=op.f("uq_outflow_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_step_event_person_id_task"), "step_event", ["person_id", "task"])


def _bring_over_completions() -> None:
    was = "'v0008-' || completion.id, person_id, task, evidence, 'confirm', 'dialog', created_at, created_at"
    columns = "event_id, person_id, task, evidence, change, source, happened_at, created_at"
    op.execute(sa.text(f"INSERT INTO completion_event ({columns}) SELECT {was} FROM completion"))  # noqa: S608


def _count_what_is_there() -> None:
    """Nobody has chosen a ward yet: everybody counts under the empty one."""
    # nothing but our own words stands in these
    source = "FROM step_event WHERE outcome IN ('entered', 'done', 'stuck') GROUP BY"
    firsts = f"SELECT person_id, task, step, symptom, outcome, MIN(day) AS day {source} 1, 2, 3, 4, 5"
    starts = f"SELECT person_id, task, MIN(day) AS day {source} 1, 2"
    steps = f"SELECT day, task, step, symptom, outcome, COUNT(*) FROM ({firsts}) AS first GROUP BY 1, 2, 3, 4, 5"  # noqa: S608
    began = f"SELECT day, task, COUNT(*) FROM ({starts}) AS first GROUP BY 1, 2"  # noqa: S608
    done = "SELECT day, task, evidence, COUNT(*) FROM completion GROUP BY 1, 2, 3"
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    kinds = {"entered": "entered", "done": "passed", "stuck": "stuck"}
    bind = op.get_bind()
    for day, task, step, symptom, outcome, people in bind.execute(sa.text(steps)):
        code = f"{step}?{symptom}" if symptom else step
        _add(counts, day, (task, kinds[outcome], code), people)
    for day, task, people in bind.execute(sa.text(began)):
        _add(counts, day, (task, "started", ""), people)
    for day, task, evidence, people in bind.execute(sa.text(done)):
        _add(counts, day, (task, "completed", evidence), people)
        counts["day", day, task, "completed", evidence] += people
    rows = [
        {"grain": grain, "period": period, "ward": "", "task": task, "kind": kind, "code": code, "people": people}
        for (grain, period, task, kind, code), people in counts.items()
    ]
    if rows:
        tally = sa.table("tally", *(sa.column(name) for name in rows[0]))
        op.bulk_insert(tally, rows)


def _add(counts: "Counter[tuple[str, str, str, str, str]]", day: str, what: tuple[str, str, str], people: int) -> None:
    year, week, _ = dt.date.fromisoformat(day).isocalendar()
    counts["week", f"{year}-W{week:02}", *what] += people
    counts["all", "", *what] += people
