"""The tables. What a row holds and why stands in the comment above each.

Times (``created_at`` and the like) are ISO 8601 in UTC; a ``day`` is a day in Ho Chi Minh City, as reports count.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# a chat on a channel; "lookup" is a digest of the channel's own name for it, so that name itself is not kept
contact = Table(
    "contact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("lookup", String(64), nullable=False, unique=True),
    Column("created_at", String(32), nullable=False),
)

# whose task it is: the one who types (empty code) or somebody they help ("ma"); never a name
person = Table(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contact.id", ondelete="CASCADE"), nullable=False),
    Column("code", String(16), nullable=False),
    Column("pseudonym", String(32), nullable=False, unique=True),
    UniqueConstraint("contact_id", "code"),
)

# where a chat stands; "kept" once the person agreed that it may be remembered beyond the live session
conversation = Table(
    "conversation",
    metadata,
    Column("contact_id", ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("kept", Boolean, nullable=False),
    Column("updated_at", String(32), nullable=False),
)

# what the bot said, for channels to hand over and for pages to show again; the bot's own words only
outgoing = Table(
    "outgoing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contact.id", ondelete="CASCADE"), nullable=False),
    Column("messages", Text, nullable=False),
    Column("created_at", String(32), nullable=False),
    Index(None, "contact_id", "id"),
    # an id is never given again, so that "what came after" holds even when rows were erased
    sqlite_autoincrement=True,
)

# how somebody stood at a step, in codes only (T6); written after a yes to "count"
step_event = Table(
    "step_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("task", String(32), nullable=False),
    Column("step", String(96), nullable=False),
    Column("symptom", String(48), nullable=False),
    Column("outcome", String(8), nullable=False),
    Column("source", String(8), nullable=False),
    Column("content_version", String(16), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    Index(None, "task", "day"),
)

# a task finished, once per person and task; written after a yes to "count"
completion = Table(
    "completion",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("task", String(32), nullable=False),
    Column("evidence", String(8), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    UniqueConstraint("person_id", "task"),
)

# each yes and no, with the wording that was shown (T13); "withdrawn_at" ends a yes
consent = Table(
    "consent",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("notice_digest", String(64), nullable=False),
    Column("wording", Text, nullable=False),
    Column("answer", String(80), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("method", String(8), nullable=False),
    Column("assisted", Boolean, nullable=False),
    Column("content_version", String(16), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("withdrawn_at", String(32)),
    Index(None, "person_id", "purpose"),
)

# somebody asked for a human being
hand_over = Table(
    "hand_over",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contact.id", ondelete="CASCADE"), nullable=False),
    Column("place", String(160), nullable=False),
    Column("created_at", String(32), nullable=False),
)
