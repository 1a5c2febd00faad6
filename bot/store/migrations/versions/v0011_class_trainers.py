"""Classes belong to accounts and may be planned; the one secret link of a class goes."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    # SQLite makes the table anew and would take the seats along
    op.execute("CREATE TABLE seat_before AS SELECT * FROM seat")
    op.execute("DELETE FROM seat")
    with op.batch_alter_table("lesson_class") as batch:
        batch.drop_constraint("uq_lesson_class_token", type_="unique")
        batch.drop_column("token")
        batch.add_column(sa.Column("starts_at", sa.String(length=32), nullable=True))
    op.execute("UPDATE lesson_class SET starts_at = created_at")
    with op.batch_alter_table("lesson_class") as batch:
        batch.alter_column("starts_at", existing_type=sa.String(length=32), nullable=False)
    op.execute("INSERT INTO seat SELECT * FROM seat_before")
    op.drop_table("seat_before")
    op.create_table(
        "class_trainer",
        sa.Column("class_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("drawn_at", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_id"], ["lesson_class.id"], name=op.f("fk_class_trainer_class_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_account.id"], name=op.f("fk_class_trainer_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("class_id", "staff_id", name=op.f("pk_class_trainer")),
        sa.UniqueConstraint("digest", name=op.f("uq_class_trainer_digest")),
    )
    op.create_index(op.f("ix_class_trainer_staff_id"), "class_trainer", ["staff_id"])
