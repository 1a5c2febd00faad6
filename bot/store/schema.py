"""The tables. What a row holds and why stands in the comment above each.

Times (``created_at`` and the like) are stamps in UTC; a ``day`` is a day in Ho Chi Minh City, as reports count.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# counts beyond what 32 bits hold within the years; SQLite counts that far by itself
_Counted = BigInteger().with_variant(Integer, "sqlite")

# which keys this database was written with: a print of each, nothing of the key itself; "current" seals what is new
key_print = Table(
    "key_print",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("print", String(16), nullable=False),
    Column("current", Boolean, nullable=False, server_default=false()),
)

# a chat on a channel; "lookup" is a keyed digest of the channel's own name for it (T3), that name itself is not here;
# "heard_at": when the person last wrote, as platforms count their windows; "silent_since": a human answers there;
# "restricted_since": the person had all processing stopped until they lift it (T18)
contact = Table(
    "contact",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(16), nullable=False),
    Column("lookup", String(64), nullable=False, unique=True),
    Column("created_at", String(32), nullable=False),
    Column("heard_at", String(32)),
    Column("silent_since", String(32)),
    Column("unreachable_since", String(32)),
    Column("restricted_since", String(32)),
)

# where a channel that pushes reaches a chat: its own name for it, sealed and apart from all else (T4)
link = Table(
    "link",
    metadata,
    Column("contact_id", ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True),
    Column("address", Text, nullable=False),
)

# messages ever taken in, for as long as a platform may repeat them (T53): "key" is a keyed digest of its id
seen = Table(
    "seen",
    metadata,
    Column("id", _Counted, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("received_at", String(32), nullable=False, index=True),
    sqlite_autoincrement=True,
)

# messages not answered yet, in the order they came; sealed, and gone in the transaction that answers them (T5)
inbox = Table(
    "inbox",
    metadata,
    Column("id", ForeignKey("seen.id"), primary_key=True, autoincrement=False),
    Column("lookup", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("key", String(64), nullable=False),
    Column("payload", Text, nullable=False),
    Column("received_at", String(32), nullable=False),
    Column("claims", Integer, nullable=False),
    Column("claimed_by", String(64)),
    Column("claimed_until", String(32)),
    Index(None, "lookup", "id"),
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

# what the bot said, for channels to hand over and for pages to show again; the bot's own words only;
# "status" and "kind" are those of outbox.py, "message_id" is the message it answers
outgoing = Table(
    "outgoing",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contact.id", ondelete="CASCADE"), nullable=False),
    Column("messages", Text, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("message_id", _Counted),
    Column("kind", String(8), nullable=False),
    Column("status", String(8), nullable=False),
    Column("parts_sent", Integer, nullable=False),
    Column("due_at", String(32), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("unknown_tries", Integer, nullable=False),
    Column("leaving_at", String(32)),
    Column("reason", String(48), nullable=False),
    Index(None, "contact_id", "id"),
    Index(None, "status", "due_at"),
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
    Index(None, "person_id", "task", "created_at"),
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
    Index(None, "day"),
)

# each yes and no, with the wording that was shown (T13); "withdrawn_at" ends a yes; "helper" is the pseudonym of who
# asked the person and typed the answer, where it was asked so (T22)
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
    Column("helper", String(32)),
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

# a code one chat gives another, as a keyed digest: to go on there ("move") or to see how far "person" has come
# ("follow", until "follow_until"); it works once, before "until"
share_code = Table(
    "share_code",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contact.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("person", String(16), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("until", String(32), nullable=False),
    Column("follow_until", String(32)),
    Column("used_at", String(32)),
)

# codes that were typed and are none, under the keyed digest of the chat: so that nobody tries them all
code_try = Table(
    "code_try",
    metadata,
    Column("id", _Counted, primary_key=True),
    Column("lookup", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("tried_at", String(32), nullable=False, index=True),
)

# a chat (the follower) that may see how far a person of another chat (the subject) has come; "seat" numbers the
# followers of one person, "label" is what the follower calls them, "told_at" when the subject last heard of a look
follow = Table(
    "follow",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject_id", ForeignKey("contact.id", ondelete="CASCADE"), nullable=False),
    Column("person", String(16), nullable=False),
    Column("follower_id", ForeignKey("contact.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("seat", Integer, nullable=False),
    Column("label", String(16), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("until", String(32), nullable=False),
    Column("told_at", String(32)),
    UniqueConstraint("subject_id", "person", "follower_id"),
    UniqueConstraint("subject_id", "person", "seat"),
)

# a reminder somebody said yes to: it leaves once, and only if nothing was said since "created_at"
reminder = Table(
    "reminder",
    metadata,
    Column("contact_id", ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True),
    Column("created_at", String(32), nullable=False),
    Column("due_at", String(32), nullable=False, index=True),
)

# a right somebody used in their chat, and when; nothing of what they saw, corrected or had erased (T20)
right_used = Table(
    "right_used",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("contact_id", ForeignKey("contact.id", ondelete="SET NULL")),
    Column("kind", String(16), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("created_at", String(32), nullable=False),
    Index(None, "created_at"),
)

# somebody had all erased at this moment: the keyed digest of a chat that is no more, kept as long as backups are
tombstone = Table(
    "tombstone",
    metadata,
    Column("lookup", String(64), primary_key=True),
    Column("erased_at", String(32), nullable=False, index=True),
)

# a run of the erasing, rule by rule: how many rows went, and since when the oldest of those that stayed is there
retention_run = Table(
    "retention_run",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule", String(24), nullable=False),
    Column("erased", Integer, nullable=False),
    Column("oldest", String(32)),
    Column("ran_at", String(32), nullable=False, index=True),
)

# a request that came by letter, by phone or in person: what is wanted, when it came, what was done; never a name or a
# number of anybody, "reference" is that of the office's own file
request_case = Table(
    "request_case",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("route", String(16), nullable=False),
    Column("third_party", Boolean, nullable=False),
    Column("received_on", String(10), nullable=False),
    Column("acknowledged_on", String(10)),
    Column("extended", Boolean, nullable=False),
    Column("closed_at", String(32)),
    Column("result", String(16), nullable=False),
    Column("note", Text, nullable=False),
)

# work that one process at a time does ("deliver telegram"), until when, and who
duty = Table(
    "duty",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("holder", String(64), nullable=False),
    Column("until", String(32), nullable=False),
)

# tokens that platforms give and renew, sealed; the pair before the present one stays, should the new one be lost
token = Table(
    "token",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("sealed", Text, nullable=False),
    Column("previous", Text),
    Column("saved_at", String(32), nullable=False),
)

# pictures a platform already has: its id for each, and since when
uploaded_picture = Table(
    "uploaded_picture",
    metadata,
    Column("channel", String(16), primary_key=True),
    Column("picture", String(160), primary_key=True),
    Column("platform_id", Text, nullable=False),
    Column("uploaded_at", String(32), nullable=False),
)

# a lesson being taught or planned; "code" is what learners type until it ends; "part" is the one now taught, "seats"
# were given so far; "without_phone" are those who share a phone or have none, as the trainer counted them; "settled_at"
# is when its results were counted
lesson_class = Table(
    "lesson_class",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(6), nullable=False, index=True),
    Column("lesson", String(48), nullable=False),
    Column("length", String(8), nullable=False),
    Column("ward", String(8), nullable=False),
    Column("venue", String(120), nullable=False),
    Column("part", String(48), nullable=False),
    Column("seats", Integer, nullable=False),
    Column("without_phone", Integer, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("starts_at", String(32), nullable=False),
    Column("begun_at", String(32)),
    Column("part_at", String(32)),
    Column("ends_at", String(32), nullable=False),
    Column("settled_at", String(32)),
)

# who leads a class; "digest" is that of the secret link they lead it with, once one was drawn
class_trainer = Table(
    "class_trainer",
    metadata,
    Column("class_id", ForeignKey("lesson_class.id", ondelete="CASCADE"), primary_key=True),
    Column("staff_id", ForeignKey("staff_account.id", ondelete="CASCADE"), primary_key=True),
    Column("digest", String(64), unique=True),
    Column("drawn_at", String(32)),
    Index(None, "staff_id"),
)

# a chat in a class, known there by a number alone (T24); "lookup" is that of contact, "address" its name on its
# channel, sealed, so that a step can be brought there; a chat sits in one class at a time
seat = Table(
    "seat",
    metadata,
    Column("class_id", ForeignKey("lesson_class.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("lookup", String(64), nullable=False, unique=True),
    Column("channel", String(16), nullable=False),
    Column("address", Text, nullable=False),
    Column("joined_at", String(32), nullable=False),
)

# what a trainer said they saw at a seat: a task finished, or not after all; "person" as in person.code; "counted" where
# it went to the campaign's data; whose seat it was is erased a day after the class
class_confirmation = Table(
    "class_confirmation",
    metadata,
    Column("class_id", ForeignKey("lesson_class.id", ondelete="CASCADE"), primary_key=True),
    Column("seat", Integer, primary_key=True, autoincrement=False),
    Column("person", String(16), primary_key=True),
    Column("task", String(32), primary_key=True),
    Column("confirmed", Boolean, nullable=False),
    Column("counted", Boolean, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("said_at", String(32), nullable=False),
)

# what a class came to when it ended: seats by the step they stood at ("reached"), by what they said done ("finished")
class_result = Table(
    "class_result",
    metadata,
    Column("class_id", ForeignKey("lesson_class.id", ondelete="CASCADE"), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("code", String(145), primary_key=True),
    Column("people", Integer, nullable=False),
)

# ---- the campaign ----

# the city's units, as knowledge/wards.csv has them
ward = Table(
    "ward",
    metadata,
    Column("code", String(5), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(64), nullable=False),
    Column("area", String(32), nullable=False),
)

# a campaign, as knowledge/campaign.yml has it
campaign = Table(
    "campaign",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("title", String(160), nullable=False),
    Column("starts_on", String(10), nullable=False),
    Column("ends_on", String(10), nullable=False),
)

# a part of a campaign, both days included
phase = Table(
    "phase",
    metadata,
    Column("code", String(32), primary_key=True),
    Column("campaign", ForeignKey("campaign.code", ondelete="CASCADE"), nullable=False),
    Column("title", String(160), nullable=False),
    Column("starts_on", String(10), nullable=False),
    Column("ends_on", String(10), nullable=False),
)

# a quarter or hamlet of a ward ("Khu phố 3") and the community team that goes from door to door there
team = Table(
    "team",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("ward", ForeignKey("ward.code"), nullable=False),
    Column("neighbourhood", String(80), nullable=False),
    Column("name", String(120), nullable=False),
    UniqueConstraint("ward", "neighbourhood", "name"),
)

# how many people a ward wants to have finished a task by the end of a phase ("goal"), of how many ("eligible")
target = Table(
    "target",
    metadata,
    Column("phase", ForeignKey("phase.code", ondelete="CASCADE"), primary_key=True),
    Column("ward", ForeignKey("ward.code"), primary_key=True),
    Column("task", String(32), primary_key=True),
    Column("goal", Integer, nullable=False),
    Column("eligible", Integer, nullable=False),
)

# the same of a team
team_target = Table(
    "team_target",
    metadata,
    Column("phase", ForeignKey("phase.code", ondelete="CASCADE"), primary_key=True),
    Column("team_id", ForeignKey("team.id", ondelete="CASCADE"), primary_key=True),
    Column("task", String(32), primary_key=True),
    Column("goal", Integer, nullable=False),
    Column("eligible", Integer, nullable=False),
)

# who of the office belongs to a team, by the name the audit log has for them ("staff:7", "token:2"): their words count
# for it; one team each
team_member = Table(
    "team_member",
    metadata,
    Column("actor", String(64), primary_key=True),
    Column("team_id", ForeignKey("team.id", ondelete="CASCADE"), nullable=False, index=True),
)

# the ward somebody wants to be counted in; written after a yes to "count"
enrolment = Table(
    "enrolment",
    metadata,
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), primary_key=True),
    Column("ward", String(5), nullable=False),
    Column("chosen_at", String(32), nullable=False),
    Index(None, "ward"),
)

# on whose word a task is finished, or is not after all: every word is kept, "completion" is what follows from them;
# "event_id" is drawn by whoever gives the word, so that it counts once; "happened_at" orders the words, not the id
completion_event = Table(
    "completion_event",
    metadata,
    Column("id", _Counted, primary_key=True),
    Column("event_id", String(64), nullable=False, unique=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("task", String(32), nullable=False),
    Column("evidence", String(8), nullable=False),
    Column("change", String(8), nullable=False),
    Column("source", String(64), nullable=False, index=True),
    Column("happened_at", String(32), nullable=False),
    Column("created_at", String(32), nullable=False),
    Index(None, "person_id", "task"),
)

# why somebody cannot yet, in codes, as they pressed it in a dialog; written after a yes to "count"
blockage = Table(
    "blockage",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False),
    Column("task", String(32), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("day", String(10), nullable=False),
    UniqueConstraint("person_id", "task", "reason"),
)

# how many people, kept as things happen; "tallies.py" says what each kind counts, nothing here tells of one person
tally = Table(
    "tally",
    metadata,
    Column("week", String(8), primary_key=True),
    Column("ward", String(5), primary_key=True),
    Column("task", String(32), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("code", String(145), primary_key=True),
    Column("people", Integer, nullable=False),
    Index(None, "ward", "kind", "week"),
)

# the counts as they may be told since the last whole week ended, small ones hidden (T9); "people" is empty where it is
# not told; "ward" is "city" for the sums of all; "period" is a week, or empty for all weeks until then
published = Table(
    "published",
    metadata,
    Column("ward", String(5), primary_key=True),
    Column("task", String(32), primary_key=True),
    Column("kind", String(12), primary_key=True),
    Column("period", String(10), primary_key=True),
    Column("code", String(145), primary_key=True),
    Column("people", Integer),
)

# until the end of which week that is
publication = Table(
    "publication",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("week", String(8), nullable=False),
    Column("made_at", String(32), nullable=False),
)

# somebody asked to be called, written to or visited: what they chose to say of themselves, in codes, and what became
# of it; "taken_by" is who of the office took it
help_request = Table(
    "help_request",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("ward", String(5), nullable=False),
    Column("way", String(8), nullable=False),
    Column("hours", String(12), nullable=False),
    Column("place", String(160), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("status", String(8), nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("taken_by", String(64), nullable=False),
    Column("taken_at", String(32)),
    Column("result", String(16), nullable=False),
    Column("closed_at", String(32)),
    Index(None, "status", "created_at"),
)

# what still has to be told to the campaign's own database: each thing once, however often it changed since
outflow = Table(
    "outflow",
    metadata,
    Column("id", _Counted, primary_key=True),
    Column("key", String(220), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
    Column("changed_at", String(32), nullable=False),
    sqlite_autoincrement=True,
)

# a completion the webhook still has to be told of: each once, however often it changed since; "event_id" is drawn anew
# with every change, "person" is a pseudonym; "reason" is why the last of the "tries" failed, "dead_at" when it was
# given up
webhook_event = Table(
    "webhook_event",
    metadata,
    Column("id", _Counted, primary_key=True),
    Column("event_id", String(32), nullable=False, unique=True),
    Column("person", String(32), nullable=False),
    Column("task", String(32), nullable=False),
    Column("changed_at", String(32), nullable=False),
    Column("due_at", String(32), nullable=False),
    Column("tries", Integer, nullable=False),
    Column("reason", String(32), nullable=False),
    Column("dead_at", String(32)),
    UniqueConstraint("person", "task"),
    sqlite_autoincrement=True,
)


# ---- staff of the console; "login" is the name an office gave out, never a resident's ----

# who may sign in, and as what; without a password until the one-time code was used;
# "identity" is who they are to the city's provider, its address and their number there: then there is no password
staff_account = Table(
    "staff_account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("login", String(80), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("password", Text),
    Column("identity", String(512), unique=True, index=True),
    Column("totp", Text),
    Column("totp_step", Integer, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("disabled_at", String(32)),
    # an id is never given again: the audit log names people by it
    sqlite_autoincrement=True,
)

# the wards an account is limited to, by their codes
staff_ward = Table(
    "staff_ward",
    metadata,
    Column("account_id", ForeignKey("staff_account.id", ondelete="CASCADE"), primary_key=True),
    Column("ward", String(8), primary_key=True),
)

# what is used once, as digests: the code that opens an account ("invite"), the second factor's spare codes, and the
# code that ties a chat on Telegram to an account ("telegram")
staff_code = Table(
    "staff_code",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("account_id", ForeignKey("staff_account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("until", String(32)),
)

# who is signed in where; "digest" is that of the cookie (T60); "stage" is how far the sign-in is;
# "secret" is the second factor being set up, sealed; "confirmed_at": when the second factor was last shown
staff_session = Table(
    "staff_session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("account_id", ForeignKey("staff_account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("stage", String(8), nullable=False),
    Column("secret", Text),
    Column("begun_at", String(32), nullable=False),
    Column("seen_at", String(32), nullable=False),
    Column("confirmed_at", String(32), nullable=False),
    sqlite_autoincrement=True,
)

# devices and security keys of staff as a second factor: only what is public of them; "asked_at" is the moment of the
# last question that was answered with it
passkey = Table(
    "passkey",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", ForeignKey("staff_account.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("credential", Text, nullable=False, unique=True),
    Column("public_key", Text, nullable=False),
    Column("counter", _Counted, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("asked_at", String(32), nullable=False),
    sqlite_autoincrement=True,
)

# wrong passwords and codes by a keyed digest of the login, known or not, and until when the next try waits
staff_delay = Table(
    "staff_delay",
    metadata,
    Column("lookup", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("until", String(32), nullable=False),
)

# the person on Telegram who leads classes as this account: "lookup" is a keyed digest of the number Telegram gave them,
# "address" that number, sealed, for what is told unasked (T3, T4)
staff_telegram = Table(
    "staff_telegram",
    metadata,
    Column("account_id", ForeignKey("staff_account.id", ondelete="CASCADE"), primary_key=True),
    Column("lookup", String(64), nullable=False, unique=True),
    Column("address", Text, nullable=False),
    Column("tied_at", String(32), nullable=False),
)

# what somebody was told there unasked ("class 7", "day 2026-11-22"): no restart tells it twice
staff_told = Table(
    "staff_told",
    metadata,
    Column("account_id", ForeignKey("staff_account.id", ondelete="CASCADE"), primary_key=True),
    Column("what", String(32), primary_key=True),
    Column("told_at", String(32), nullable=False),
)

# what two people have to agree to (T63): asked by one, decided by another
approval = Table(
    "approval",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("asked_by", ForeignKey("staff_account.id", ondelete="CASCADE"), nullable=False),
    Column("asked_at", String(32), nullable=False),
    Column("decided_by", Integer),
    Column("decided_at", String(32)),
    Column("agreed", Boolean),
    sqlite_autoincrement=True,
)

# what staff and programs did, in codes only, each row chained to the one before by a keyed digest (T78); never changed
audit_entry = Table(
    "audit_entry",
    metadata,
    Column("number", _Counted, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(32), nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("detail", String(160), nullable=False),
    Column("digest", String(64), nullable=False),
)

# the end of that chain, so that rows cut off at the end are missed
audit_head = Table(
    "audit_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", _Counted, nullable=False),
    Column("digest", String(64), nullable=False),
)

# what verifies the rows of the audit log that were written under a key since let go, sealed by the present one
audit_key = Table(
    "audit_key",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sealed", Text, nullable=False),
)

# what programs of the city's sign in with, as a digest: what it may do ("reports:read") and for which wards
api_token = Table(
    "api_token",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(80), nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("scopes", String(160), nullable=False),
    Column("wards", Text, nullable=False),
    Column("created_at", String(32), nullable=False),
    Column("until", String(32), nullable=False),
    Column("revoked_at", String(32)),
    sqlite_autoincrement=True,
)
