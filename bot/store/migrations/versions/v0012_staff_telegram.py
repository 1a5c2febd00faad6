"""Who of the staff leads classes from Telegram, and what they were told there."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "staff_telegram",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("tied_at", sa.String(length=32), nullable=False),
        _account("staff_telegram"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_staff_telegram")),
        sa.UniqueConstraint("lookup", name=op.f("uq_staff_telegram_lookup")),
    )
    op.create_table(
        "staff_told",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=32), nullable=False),
        sa.Column("told_at", sa.String(length=32), nullable=False),
        _account("staff_told"),
        sa.PrimaryKeyConstraint("account_id", "what", name=op.f("pk_staff_told")),
    )


def _account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["staff_account.id"], name=op.f(f"fk_{table}_account_id"), ondelete="CASCADE"
    )
