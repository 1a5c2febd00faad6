"""Who staff are to the city's provider; what verifies audit rows of keys that were let go."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("staff_account", sa.Column("identity", sa.String(length=512), nullable=True))
    op.create_index(op.f("ix_staff_account_identity"), "staff_account", ["identity"], unique=True)
    op.create_table(
        "audit_key",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_key")),
    )
