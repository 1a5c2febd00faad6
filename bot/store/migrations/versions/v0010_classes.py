"""Classes: a lesson being taught, and the seats of those who joined it."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "lesson_class",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("lesson", sa.String(length=48), nullable=False),
        sa.Column("length", sa.String(length=8), nullable=False),
        sa.Column("ward", sa.String(length=8), nullable=False),
        sa.Column("venue", sa.String(length=120), nullable=False),
        sa.Column("part", sa.String(length=48), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("without_phone", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("begun_at", sa.String(length=32), nullable=True),
        sa.Column("part_at", sa.String(length=32), nullable=True),
        sa.Column("ends_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_class")),
        sa.UniqueConstraint("token", name=op.f("uq_lesson_class_token")),
    )
    op.create_index(op.f("ix_lesson_class_code"), "lesson_class", ["code"])
    op.create_table(
        "seat",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["lesson_class.id"], name=op.f("fk_seat_class_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("class_id", "number", name=op.f("pk_seat")),
        sa.UniqueConstraint("lookup", name=op.f("uq_seat_lookup")),
    )
