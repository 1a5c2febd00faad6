"""Inbox, outbox, sealed links and tokens.

Look-ups are keyed from here on. What was found by the bare digest of before cannot be found again: those chats begin
anew, and the digests go. What they finished stays counted.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_COUNTED = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _key_contacts()
    _create_outbox()
    _create_inbox()
    op.create_table(
        "key_print",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("print", sa.String(length=16), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_key_print")),
    )
    op.create_table(
        "duty",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("until", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_duty")),
    )
    op.create_table(
        "token",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=True),
        sa.Column("saved_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_token")),
    )
    op.create_table(
        "uploaded_picture",
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("picture", sa.String(length=160), nullable=False),
        sa.Column("platform_id", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("channel", "picture", name=op.f("pk_uploaded_picture")),
    )


def _key_contacts() -> None:
    contact = sa.table("contact", sa.column("id", sa.Integer), sa.column("lookup", sa.String))
    op.execute(contact.update().values(lookup="0." + sa.cast(contact.c.id, sa.String)))
    op.execute(sa.text("DELETE FROM conversation"))
    for name in ("heard_at", "silent_since", "unreachable_since"):
        op.add_column("contact", sa.Column(name, sa.String(length=32), nullable=True))
    op.create_table(
        "link",
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_link_contact_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("contact_id", name=op.f("pk_link")),
    )


def _create_outbox() -> None:
    op.drop_table("outgoing")
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("messages", sa.Text(), nullable=False),
        sa.Column("created_at", sa.String(length=32), nullable=False),
        sa.Column("message_id", _COUNTED, nullable=True),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("parts_sent", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.String(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("unknown_tries", sa.Integer(), nullable=False),
        sa.Column("leaving_at", sa.String(length=32), nullable=True),
        sa.Column("reason", sa.String(length=48), nullable=False),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["contact.id"], name=op.f("fk_outgoing_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_outgoing_contact_id_id"), "outgoing", ["contact_id", "id"])
    op.create_index(op.f("ix_outgoing_status_due_at"), "outgoing", ["status", "due_at"])


def _create_inbox() -> None:
    op.create_table(
        "seen",
        sa.Column("id", _COUNTED, nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen")),
        sa.UniqueConstraint("key", name=op.f("uq_seen_key")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_seen_received_at"), "seen", ["received_at"])
    op.create_table(
        "inbox",
        sa.Column("id", _COUNTED, autoincrement=False, nullable=False),
        sa.Column("lookup", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("received_at", sa.String(length=32), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(["id"], ["seen.id"], name=op.f("fk_inbox_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
    )
    op.create_index(op.f("ix_inbox_lookup_id"), "inbox", ["lookup", "id"])
