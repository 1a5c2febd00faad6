"""Codes between chats, who may follow whom, reminders; who asked for an assisted yes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"

_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("consent", sa.Column("helper", sa.String(length=32), nullable=True))
    op.create_table(
        "share_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("until", sa.String(length=32), nullable=False),
        sa.Column("follow_until", sa.String(length=32), nullable=True),
        sa.Column("used_at", sa.String(length=32), nullable=True),
        _of_contact("share_code", "contact_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_share_code_digest")),
    )
    op.create_index(op.f("ix_share_code_contact_id"), "share_code", ["contact_id"])
    op.create_table(
        "code_try",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("tried_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_try")),
    )
    op.create_index(op.f("ix_code_try_tried_at"), "code_try", ["tried_at"])
    op.create_table(
        "follow",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=16), nullable=False),
        sa.Column("follower_id", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("until", sa.String(length=32), nullable=False),
        sa.Column("told_at", sa.String(length=32), nullable=True),
        _of_contact("follow", "subject_id"),
        _of_contact("follow", "follower_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint(
            "subject_id", "person", "follower_id", name=op.f("uq_follow_subject_id_person_follower_id")
        ),
        sa.UniqueConstraint("subject_id", "person", "seat", name=op.f("uq_follow_subject_id_person_seat")),
    )
    op.create_index(op.f("ix_follow_follower_id"), "follow", ["follower_id"])
    op.create_table(
        "reminder",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.String(length=32), nullable=False),
        _of_contact("reminder", "contact_id"),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_reminder")),
    )
    op.create_index(op.f("ix_reminder_due_at"), "reminder", ["due_at"])


def _of_contact(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["contact.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
