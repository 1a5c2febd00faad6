"""What Telegram posts: whether it is Telegram's, and what somebody did. Sending stands in ``telegram.py``.

Apart from it, because this half needs no client library, and a process that only receives need not pay for one.
"""

import datetime as dt
import hmac
import re
from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any

from bot.channels.bodies import id_of, part_of, read_object, text_of
from bot.channels.channel import RefusedError
from bot.channels.messages import ContactKey, Ignored, Incoming, Received, Unreachable
from bot.channels.payloads import OLD, Payloads
from bot.settings import SettingsError

CHANNEL = "telegram"

# ---- limits ----

# Telegram keeps what it could not hand over for a day; after two hours an answer helps nobody (T53)
_OLDEST = dt.timedelta(hours=2)
_NEWEST = dt.timedelta(minutes=5)

# what Telegram lets a secret consist of, and how long ours must be (T50)
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")
_HEADER = "x-telegram-bot-api-secret-token"

# what the link of a class brings behind /start
_CLASS_LINK = re.compile(r"lop_(\d{6})")

# where its posts come from: a second fence
NETS = (ip_network("149.154.160.0/20"), ip_network("91.108.4.0/22"))

# what is asked for; edits are not: an answer was given to what stood there first, and "xong" must not count twice
KINDS = ("message", "callback_query", "my_chat_member")

# ---- what is posted ----

# {"update_id": 710000001, "message": {"message_id": 12, "date": 1795222800, "text": "chào con",
#   "from": {"id": 5200000001, "is_bot": false, "first_name": "Ba", "language_code": "vi"},
#   "chat": {"id": 5200000001, "first_name": "Ba", "type": "private"}}}
#
# a photo with words below: "photo": [{"file_id": "AgAC…", "width": 90, …}, …], "caption": "con coi giùm cô"
# other media in its place: "voice": {…}, "contact": {…}, "location": {…}, "sticker": {…}, "document": {…}, …
#
# a button tapped:
# {"update_id": 710000002, "callback_query": {"id": "4382000000000001", "from": {…}, "data": "s:0aaxdWgXCds1q…",
#   "message": {"message_id": 13, "date": 1795222801, "chat": {…, "type": "private"}, …}, "chat_instance": "-52…"}}
#
# the bot blocked ("kicked") or let in again ("member"):
# {"update_id": 710000003, "my_chat_member": {"chat": {…}, "from": {…}, "date": 1795222802,
#   "old_chat_member": {…}, "new_chat_member": {"user": {…}, "status": "kicked", "until_date": 0}}}

_MEDIA = {
    "voice": "voice", "audio": "voice", "photo": "photo", "video": "video", "video_note": "video",
    "animation": "video", "document": "file", "contact": "contact", "venue": "location", "location": "location",
    "sticker": "sticker", "poll": "other", "dice": "other", "story": "other", "game": "other", "paid_media": "other",
    "checklist": "other", "gift": "other",
}  # fmt: skip

# an id that says it is a tap's: of the tap, so that the waiting sign on the button can be ended, and of the message
_TAP = "tap:"

# commands shown beside the field for typing, in the language of the app, each with the phrase that explains it; typed,
# they are words like any others
COMMANDS = {
    "": {
        "menu": "command_menu", "nghe_lai": "command_repeat", "gap_nguoi": "command_human", "de_sau": "command_pause",
        "xoa_du_lieu": "command_delete", "english": "command_language",
    },
    "en": {
        "menu": "command_menu", "repeat": "command_repeat", "human": "command_human", "pause": "command_pause",
        "delete_my_data": "command_delete", "tieng_viet": "command_language",
    },
}  # fmt: skip


class TelegramUpdates:
    """Reads updates. ``secret`` is what Telegram sends along; raises ``SettingsError`` where it can be guessed."""

    def __init__(self, *, secret: str, payloads: Payloads, now: Callable[[], dt.datetime]) -> None:
        if not _SECRET.fullmatch(secret):
            raise SettingsError(
                "the secret of the Telegram webhook must be 32 to 256 of the characters A-Z a-z 0-9 _ - ; "
                "make one with: openssl rand -hex 32"
            )
        self._secret = secret.encode()
        self._payloads = payloads
        self._now = now

    def receive(self, headers: Mapping[str, str], raw: bytes) -> Received:
        """What a post says. Raises ``RefusedError`` where it is not Telegram's."""
        given = headers.get(_HEADER, "").encode("latin-1", "replace")
        if not hmac.compare_digest(given, self._secret):
            raise RefusedError("secret")
        return self.read(read_object(raw))

    def read(self, update: Mapping[str, Any]) -> Received:
        """What an update says. Raises ``RefusedError`` where it is from the future: then a clock is wrong."""
        for kind, reader in (
            ("message", self._message), ("callback_query", self._tap), ("my_chat_member", self._member),
        ):  # fmt: skip
            if isinstance(body := update.get(kind), dict):
                return reader(body, id_of(dict(update), "update_id"))
        return Ignored("edited" if "edited_message" in update else "unknown_kind")

    # ---- each kind ----

    def _message(self, message: dict[str, Any], update_id: str) -> Received:
        contact = _private(part_of(message, "chat"))
        if contact is None or part_of(message, "from").get("is_bot") is True:
            return Ignored("not_private")
        if self._is_stale(message):
            return Ignored("stale")
        id = f"message:{id_of(message, 'message_id') or update_id}"
        media = next((_MEDIA[name] for name in _MEDIA if name in message), "")
        text = text_of(message, "text") or text_of(message, "caption")
        if not text and not media:
            # something was pinned, a timer set: nobody said anything
            return Ignored("service")
        file = text_of(part_of(message, "voice"), "file_id")
        return Incoming(contact, text=_typed(text) or None, id=id, media=media, file=file)

    def _tap(self, query: dict[str, Any], update_id: str) -> Received:
        contact = _private(part_of(part_of(query, "message"), "chat"))
        data = text_of(query, "data")
        if contact is None or not data:
            return Ignored("not_private" if contact is None else "unknown_kind")
        pressed = self._payloads.read(contact, data, self._now().date())
        message = id_of(part_of(query, "message"), "message_id")
        return Incoming(contact, button=pressed or OLD, id=f"{_TAP}{id_of(query, 'id') or update_id}:{message}")

    def _member(self, change: dict[str, Any], update_id: str) -> Received:
        contact = _private(part_of(change, "chat"))
        if contact is None:
            return Ignored("not_private")
        if part_of(change, "new_chat_member").get("status") != "kicked":
            # whoever lets the bot in again says so by writing
            return Ignored("let_in")
        return Unreachable(contact, id=f"member:{update_id}")

    def _is_stale(self, message: dict[str, Any]) -> bool:
        """Too old to be answered: acknowledged, or Telegram would hold back what this person writes next."""
        stamp = message.get("date")
        if isinstance(stamp, bool) or not isinstance(stamp, int):
            raise RefusedError("stamp")
        age = self._now().timestamp() - stamp
        if age < -_NEWEST.total_seconds():
            raise RefusedError("future")
        return age > _OLDEST.total_seconds()


def tap_of(received: Received) -> tuple[str, str]:
    """The id under which Telegram waits for a word about a tap, and that of the message; empty for everything else."""
    id = received.id if isinstance(received, Incoming) else ""
    tap, _, message = id.removeprefix(_TAP).partition(":") if id.startswith(_TAP) else ("", "", "")
    return tap, message


def answer_to(received: Received) -> dict[str, str]:
    """What the answer to a post may say, as JSON: it ends the waiting sign on a button without a call of its own."""
    tap, _ = tap_of(received)
    return {"method": "answerCallbackQuery", "callback_query_id": tap} if tap else {}


def _private(chat: dict[str, Any]) -> ContactKey | None:
    """Whose chat it is; None for groups and channels, where the bot says nothing."""
    user = id_of(chat, "id")
    return ContactKey(CHANNEL, user) if user and chat.get("type") == "private" else None


def _typed(text: str) -> str:
    """A command is a word like any other, but ``/start``: that is coming in, by a class's link into the class."""
    if not text.startswith("/"):
        return text
    command, _, rest = text.removeprefix("/").partition(" ")
    name = command.partition("@")[0]
    if name == "start":
        lesson = _CLASS_LINK.fullmatch(rest)
        return f"vào lớp {lesson[1]}" if lesson else ""
    return f"{name.replace('_', ' ')} {rest}".strip()
