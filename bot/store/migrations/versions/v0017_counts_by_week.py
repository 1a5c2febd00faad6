"""Counts are kept by week alone: whatever is told is told of whole weeks."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    kept = "SELECT period AS week, ward, task, kind, code, people FROM tally WHERE grain = 'week'"
    op.execute(f"CREATE TABLE tally_by_week AS {kept}")
    op.drop_table("tally")
    op.create_table(
        "tally",
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("ward", sa.String(length=5), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=145), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "ward", "task", "kind", "code", name=op.f("pk_tally")),
    )
    op.create_index(op.f("ix_tally_ward_kind_week"), "tally", ["ward", "kind", "week"])
    op.execute("INSERT INTO tally SELECT week, ward, task, kind, code, people FROM tally_by_week")
    op.drop_table("tally_by_week")
    # what still has to be told names its number by the key
    op.execute("UPDATE outflow SET key = 'tally|' || substr(key, 12) WHERE key LIKE 'tally|week|%'")
