"""What the webhook of the campaign still has to be told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "webhook_event",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.Column("person", sa.String(length=32), nullable=False),
        sa.Column("task", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=32), nullable=False),
        sa.Column("dead_at", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_event")),
        sa.UniqueConstraint("event_id", name=op.f("uq_webhook_event_event_id")),
        sa.UniqueConstraint("person", "task", name=op.f("uq_webhook_event_person_task")),
        sqlite_autoincrement=True,
    )
