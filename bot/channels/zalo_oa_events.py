"""What the Official Account's webhook is posted: whether it is Zalo's, and what somebody did.

Taps come as texts, and every message of the account is echoed to us. Sending stands in ``zalo_oa.py``.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.bodies import id_of, part_of, read_object, text_of
from bot.channels.channel import RefusedError
from bot.channels.messages import ContactKey, HumanTookOver, Ignored, Incoming, Received, Unreachable
from bot.channels.payloads import Payloads
from bot.channels.stamps import check_stamp
from bot.channels.zalo_oa_tokens import OaAccount

CHANNEL = "zalo_oa"

# ---- what is posted ----

# {"app_id": "…", "event_name": "user_send_text", "sender": {"id": "7450…"}, "recipient": {"id": "<account>"},
#  "user_id_by_app": "…", "message": {"msg_id": "9d…", "text": "xin chào"}, "timestamp": "1750316131602"}
# A tap is the same with the button's payload as text. Every id is a string; a few stamps were seen as numbers.
_TEXT = "user_send_text"

# … "message": {"msg_id": "9d…", "text": "coi giùm", "attachments": [{"type": "image", "payload": {"url": "…"}}]}
_MEDIA = {
    "user_send_image": "photo",
    "user_send_gif": "photo",
    "user_send_sticker": "sticker",
    "user_send_audio": "voice",
    "user_send_video": "video",
    "user_send_file": "file",
    "user_send_location": "location",
    "user_send_business_card": "contact",
}

# … "message": {"msg_id": "9d…", "attachments": [{"type": "link", "payload": {"url": "https://…", "description": ""}}]}
_LINK = "user_send_link"

# {"event_name": "follow", "oa_id": "<account>", "follower": {"id": "7450…"}, "source": "oa_profile", …}
_FOLLOW, _UNFOLLOW = "follow", "unfollow"

# {"event_name": "user_click_chatnow", "oa_id": "<account>", "user_id": "7450…", …}
_OPENED = "user_click_chatnow"

_KNOWN = frozenset({_TEXT, _LINK, _FOLLOW, _UNFOLLOW, _OPENED, *_MEDIA})

# {"event_name": "oa_send_text", "sender": {"id": "<account>", "admin_id": "…"}, "recipient": {"id": "7450…"}, …}
# The account's own words, ours included; with an admin_id where a person wrote them in OA Manager.
_ECHO = "oa_send_"

# what the console's test button posts, signed, with ids of somebody else
_SAMPLE = ("This is testing message", "This is message id")


class ZaloOaEvents:
    """Reads events of one account; those of others that granted the same app are not ours to read."""

    def __init__(self, *, account: OaAccount, payloads: Payloads, now: Callable[[], dt.datetime]) -> None:
        self._account = account
        self._payloads = payloads
        self._now = now

    def receive(self, headers: Mapping[str, str], raw: bytes) -> Received:
        """What a post says. Raises ``RefusedError`` unless it is signed, and of now."""
        body = read_object(raw)
        if not body:
            # the console probes a new address without a signature
            return Ignored("probe")
        self._check_signature(headers.get("x-zevent-signature", ""), raw, id_of(body, "timestamp"))
        message = part_of(body, "message")
        if (message.get("text"), message.get("msg_id")) == _SAMPLE:
            return Ignored("sample")
        if not self._is_ours(body):
            return Ignored("other_account")
        check_stamp(id_of(body, "timestamp"), self._now())
        return self._read(body, id_of(message, "msg_id") or hashlib.sha256(raw).hexdigest())

    def _check_signature(self, given: str, raw: bytes, stamp: str) -> None:
        # plain SHA-256 over the bytes as they came, not an HMAC; how "mac=" is written is promised nowhere
        account = self._account
        mac = hashlib.sha256(account.app_id.encode() + raw + stamp.encode() + account.oa_secret.encode()).hexdigest()
        stripped = given.strip().lower().removeprefix("mac").lstrip(" =")
        if not hmac.compare_digest(stripped.encode(errors="replace"), mac.encode()):
            raise RefusedError("signature")

    def _is_ours(self, body: dict[str, Any]) -> bool:
        """All accounts that granted the app share its webhook."""
        sides = (id_of(part_of(body, "sender"), "id"), id_of(part_of(body, "recipient"), "id"), id_of(body, "oa_id"))
        return id_of(body, "app_id") == self._account.app_id and self._account.oa_id in sides

    def _read(self, body: dict[str, Any], id: str) -> Received:
        event = str(body.get("event_name", ""))
        if event.startswith(_ECHO):
            return self._read_echo(body, id)
        user = _user_of(body)
        if event not in _KNOWN or not user or user == self._account.oa_id:
            # reactions, seen marks, anonymous visitors who cannot be answered, and whatever comes next year
            return Ignored("event")
        contact = ContactKey(CHANNEL, user)
        if event == _UNFOLLOW:
            return Unreachable(contact, id)
        if event in (_FOLLOW, _OPENED):
            return Incoming(contact, id=id)
        return self._read_message(event, part_of(body, "message"), contact, id)

    def _read_echo(self, body: dict[str, Any], id: str) -> Received:
        user = id_of(part_of(body, "recipient"), "id")
        if not user or not id_of(part_of(body, "sender"), "admin_id"):
            return Ignored("echo")
        return HumanTookOver(ContactKey(CHANNEL, user), id)

    def _read_message(self, event: str, message: dict[str, Any], contact: ContactKey, id: str) -> Received:
        text = text_of(message, "text")
        if event in _MEDIA:
            # what was sent is never fetched (T37); a caption counts as text
            return Incoming(contact, text=text or None, id=id, media=_MEDIA[event])
        if event == _LINK:
            text = f"{text} {_address_in(message)}".strip()
        if not text:
            return Incoming(contact, id=id, media="other")
        button = self._payloads.read(contact, text, self._now().date())
        return Incoming(contact, text=text, id=id) if button is None else Incoming(contact, button=button, id=id)


def _user_of(body: dict[str, Any]) -> str:
    sender, follower = part_of(body, "sender"), part_of(body, "follower")
    return id_of(sender, "id") or id_of(follower, "id") or id_of(body, "user_id")


def _address_in(message: dict[str, Any]) -> str:
    """Where a link leads, for the shield to judge; it is not opened."""
    attachments = message.get("attachments")
    first = attachments[0] if isinstance(attachments, list) and attachments else None
    return text_of(part_of(first, "payload"), "url") if isinstance(first, dict) else ""
