"""Restriction, the log of rights used, and what guards deletions, keys and retention."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("key_print", sa.Column("current", sa.Boolean(), nullable=False, server_default=sa.false()))
    key_print = sa.table("key_print", sa.column("number", sa.Integer), sa.column("current", sa.Boolean))
    highest = sa.select(sa.func.max(key_print.c.number)).scalar_subquery()
    op.execute(key_print.update().where(key_print.c.number == highest).values(current=sa.true()))
    op.add_column("contact", sa.Column("restricted_since", sa.String(length=32), nullable=True))
    op.create_table(
        "right_used",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_right_used_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_right_used")),
    )
    op.create_index(op.f("ix_right_used_created_at"), "right_used", ["created_at"])
    op.create_table(
        "tombstone",
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("lookup", name=op.f("pk_tombstone")),
    )
    op.create_index(op.f("ix_tombstone_erased_at"), "tombstone", ["erased_at"])
    op.create_table(
        "retention_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("erased", sa.Integer(), nullable=False),
        sa.Column("oldest", sa.String(length=32), nullable=True),
        sa.Column("ran_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_run")),
    )
    op.create_index(op.f("ix_retention_run_ran_at"), "retention_run", ["ran_at"])
    op.create_table(
        "request_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("route", sa.String(length=16), nullable=False),
        sa.Column("third_party", sa.Boolean(), nullable=False),
        sa.Column("received_on", sa.String(length=10), nullable=False),
        sa.Column("acknowledged_on", sa.String(length=10), nullable=True),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("closed_at", sa.String(length=32), nullable=True),
        sa.Column("result", sa.String(length=16), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_case")),
    )
