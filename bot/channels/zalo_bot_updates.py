"""What the Zalo Bot platform posts or is polled for: whether it is the platform's, and what somebody did.

Sending and polling stand in ``zalo_bot.py``.
"""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.bodies import id_of, part_of, read_object, text_of
from bot.channels.channel import RefusedError
from bot.channels.messages import ContactKey, Ignored, Incoming, Received
from bot.channels.stamps import check_stamp
from bot.settings import SettingsError

CHANNEL = "zalo_bot"

# the platform takes shorter secrets; ours cannot be guessed (T50)
_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")

# ---- what is posted, or polled for ----

# {"ok": true, "result": {"event_name": "message.text.received", "message": {"from": {"id": "6ede…", "is_bot": false,
#  "display_name": "…"}, "chat": {"id": "6ede…", "chat_type": "PRIVATE"}, "text": "xin chào", "message_id": "2d…",
#  "date": 1750316131602}}}; some posts lack what stands around "event_name".
# A picture has "photo" or "photo_url" and perhaps "caption". An unsupported event also stands for anything said by
# somebody whom the platform protects, and may have no message at all.
_TEXT = "message.text.received"
_MEDIA = {
    "message.image.received": "photo",
    "message.sticker.received": "sticker",
    "message.voice.received": "voice",
    "message.unsupported.received": "unread",
}


class ZaloBotUpdates:
    """Reads updates. ``secret`` is what the platform sends along; ``SettingsError`` where it can be guessed."""

    def __init__(self, *, secret: str, now: Callable[[], dt.datetime]) -> None:
        if not _SECRET.fullmatch(secret):
            raise SettingsError(
                "Mật khẩu webhook của bot Zalo phải dài từ 32 đến 256, chỉ gồm A-Z a-z 0-9 _ -. "
                "Tạo một cái: openssl rand -hex 32"
            )
        self._secret = secret.encode()
        self._now = now

    def receive(self, headers: Mapping[str, str], raw: bytes) -> Received:
        """What a post says. Raises ``RefusedError`` unless it knows the secret, and is of now."""
        given = headers.get("x-bot-api-secret-token", "").encode(errors="replace")
        if not hmac.compare_digest(given, self._secret):
            raise RefusedError("secret")
        update = _update_in(read_object(raw))
        message = part_of(update, "message")
        if "date" in message:
            check_stamp(id_of(message, "date"), self._now())
        return self.read(update, id=hashlib.sha256(raw).hexdigest())

    def read(self, update: dict[str, Any], *, id: str = "") -> Received:
        """What an update says; ``id`` stands in where its message has none of its own."""
        event, message = str(update.get("event_name", "")), part_of(update, "message")
        chat = part_of(message, "chat")
        user = id_of(chat, "id")
        if event != _TEXT and event not in _MEDIA:
            return Ignored("event")
        if not user or part_of(message, "from").get("is_bot") is True:
            return Ignored("nobody")
        if chat.get("chat_type", "PRIVATE") != "PRIVATE":
            return Ignored("group")
        contact, id = ContactKey(CHANNEL, user), id_of(message, "message_id") or id
        if event == _TEXT and (text := text_of(message, "text")):
            return Incoming(contact, text=text, id=id)
        # what was sent is never fetched (T37); a caption counts as text
        return Incoming(contact, text=text_of(message, "caption") or None, id=id, media=_MEDIA.get(event, "other"))


def _update_in(body: dict[str, Any]) -> dict[str, Any]:
    return body if "event_name" in body else part_of(body, "result")
