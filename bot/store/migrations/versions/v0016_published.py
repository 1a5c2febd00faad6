"""The figures as they are told, taken from the counts once a week; a week's completions are found by their day."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.create_table(
        "published",
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("code", sa.String(length=145), nullable=False),
        sa.Column("people", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("ward", "task", "kind", "period", "code", name=op.f("pk_published")),
    )
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
    )
    op.create_index(op.f("ix_completion_day"), "completion", ["day"])
    # when somebody began a task is found in the index alone
    op.drop_index(op.f("ix_step_event_person_id_task"), "step_event")
    op.create_index(op.f("ix_step_event_person_id_task_created_at"), "step_event", ["person_id", "task", "created_at"])
