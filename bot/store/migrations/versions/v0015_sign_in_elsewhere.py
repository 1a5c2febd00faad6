"""Who staff are to the city's provider, and their passkeys; what verifies audit rows of keys that were let go."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("staff_account", sa.Column("identity", sa.String(length=512), nullable=True))
    op.create_index(op.f("ix_staff_account_identity"), "staff_account", ["identity"], unique=True)
    op.create_table(
        "audit_key",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_key")),
    )
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.Text(), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("counter", _COUNTED, nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("asked_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["staff_account.id"], name=op.f("fk_passkey_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_passkey_account_id"), "passkey", ["account_id"])
