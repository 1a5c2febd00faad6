"""Classes belong to accounts and may be planned, what came of them is kept; the one secret link of a class goes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    _change_classes()
    _create_trainers()
    _create_outcomes()


def _change_classes() -> None:
    # SQLite makes the table anew and would take the seats along
    op.execute("CREATE TABLE seat_before AS SELECT * FROM seat")
    op.execute("DELETE FROM seat")
    with op.batch_alter_table("lesson_class") as batch:
        batch.drop_constraint("uq_lesson_class_token", type_="unique")
        batch.drop_column("token")
        batch.add_column(sa.Column("starts_at", sa.String(length=32), nullable=True))
        batch.add_column(sa.Column("settled_at", sa.String(length=32), nullable=True))
    op.execute("UPDATE lesson_class SET starts_at = created_at")
    with op.batch_alter_table("lesson_class") as batch:
        batch.alter_column("starts_at", existing_type=sa.String(length=32), nullable=False)
    op.execute("INSERT INTO seat SELECT * FROM seat_before")
    op.drop_table("seat_before")


def _create_trainers() -> None:
    op.create_table(
        "class_trainer",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("drawn_at", sa.String(length=32), nullable=True),
        _class("class_trainer"),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_account.id"], name=op.f("fk_class_trainer_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("class_id", "staff_id", name=op.f("pk_class_trainer")),
        sa.UniqueConstraint("digest", name=op.f("uq_class_trainer_digest")),
    )
    op.create_index(op.f("ix_class_trainer_staff_id"), "class_trainer", ["staff_id"])


def _create_outcomes() -> None:
    op.create_table(
        "class_confirmation",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("said_at", sa.String(length=32), nullable=False),
        _class("class_confirmation"),
        sa.PrimaryKeyConstraint("class_id", "seat", "person", "task", name=op.f("pk_class_confirmation")),
    )
    op.create_table(
        "class_result",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=145), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        _class("class_result"),
        sa.PrimaryKeyConstraint("class_id", "kind", "code", name=op.f("pk_class_result")),
    )


def _class(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_class_id")
    return sa.ForeignKeyConstraint(["class_id"], ["lesson_class.id"], name=name, ondelete="CASCADE")
