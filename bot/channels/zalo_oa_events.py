"""What the Official Account's webhook is posted: whether it is Zalo's, and what somebody did.

Taps come as texts, and every message of the account is echoed to us. Sending stands in ``zalo_oa.py``.
"""

import datetime as dt
import hashlib
import hmac
import logging
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.bodies import id_of, part_of, read_object, text_of
from bot.channels.channel import RefusedError
from bot.channels.messages import (
    ConsentWithdrawn,
    ContactKey,
    Echoed,
    HumanTookOver,
    Ignored,
    Incoming,
    Received,
    Unreachable,
)
from bot.channels.payloads import Payloads
from bot.channels.stamps import check_stamp
from bot.channels.zalo_oa_tokens import OaAccount

log = logging.getLogger(__name__)

CHANNEL = "zalo_oa"

# what the name of a chat begins with whose person shows no account: then the visitor's id and the conversation's
ANONYMOUS = "anonymous:"

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

# {"event_name": "anonymous_send_text", "sender": {"id": "<visitor>"}, "recipient": {"id": "<account>"},
#  "message": {"msg_id": "9d…", "conversation_id": "…", "text": "cho hỏi"}, …}; answers name both ids
_VISITOR = {
    "anonymous_send_text": _TEXT,
    "anonymous_send_image": "user_send_image",
    "anonymous_send_file": "user_send_file",
    "anonymous_send_sticker": "user_send_sticker",
}

# {"event_name": "user_withdraw", …}: all that is stored about the person is to go; where the id stands was not told
_WITHDRAWN = "user_withdraw"

_SAID_NOTHING: dict[str, type[Incoming | Unreachable | ConsentWithdrawn]] = {
    _FOLLOW: Incoming, _OPENED: Incoming, _UNFOLLOW: Unreachable, _WITHDRAWN: ConsentWithdrawn,
}  # fmt: skip

_KNOWN = frozenset({_TEXT, _LINK, *_SAID_NOTHING, *_MEDIA, *_VISITOR})

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
        """All accounts that granted the app share its webhook; a withdrawal may name none of them."""
        sides = (id_of(part_of(body, "sender"), "id"), id_of(part_of(body, "recipient"), "id"), id_of(body, "oa_id"))
        is_named = self._account.oa_id in sides or body.get("event_name") == _WITHDRAWN
        return id_of(body, "app_id") == self._account.app_id and is_named

    def _read(self, body: dict[str, Any], id: str) -> Received:
        event = str(body.get("event_name", ""))
        if event.startswith(_ECHO):
            return self._read_echo(body, id)
        user = self._user_of(body)
        if event == _WITHDRAWN and not user:
            log.error("zalo_oa: somebody withdrew their consent, and the event names nobody that can be read")
        if event not in _KNOWN or not user:
            # reactions, seen marks, and whatever comes next year
            return Ignored("event")
        contact = ContactKey(CHANNEL, user)
        if event in _VISITOR:
            return self._read_visitor(event, part_of(body, "message"), contact, id)
        if event in _SAID_NOTHING:
            return _SAID_NOTHING[event](contact, id=id)
        return self._read_message(event, part_of(body, "message"), contact, id)

    def _user_of(self, body: dict[str, Any]) -> str:
        sender, follower, user = part_of(body, "sender"), part_of(body, "follower"), part_of(body, "user")
        ids = (id_of(sender, "id"), id_of(follower, "id"), id_of(body, "user_id"), id_of(user, "id"))
        return next((id for id in ids if id and id != self._account.oa_id), "")

    def _read_echo(self, body: dict[str, Any], id: str) -> Received:
        user = id_of(part_of(body, "recipient"), "id")
        if not user:
            return Ignored("echo")
        contact = ContactKey(CHANNEL, user)
        if id_of(part_of(body, "sender"), "admin_id"):
            return HumanTookOver(contact, id)
        text = text_of(part_of(body, "message"), "text")
        at = dt.datetime.fromtimestamp(int(id_of(body, "timestamp")) / 1000, dt.UTC)
        return Echoed(contact, text, at) if text else Ignored("echo")

    def _read_visitor(self, event: str, message: dict[str, Any], contact: ContactKey, id: str) -> Received:
        conversation = id_of(message, "conversation_id")
        if not conversation:
            # without it nobody can be answered
            return Ignored("event")
        whose = ContactKey(CHANNEL, f"{ANONYMOUS}{contact.user}:{conversation}")
        return self._read_message(_VISITOR[event], message, whose, id)

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


def _address_in(message: dict[str, Any]) -> str:
    """Where a link leads, for the shield to judge; it is not opened."""
    attachments = message.get("attachments")
    first = attachments[0] if isinstance(attachments, list) and attachments else None
    return text_of(part_of(first, "payload"), "url") if isinstance(first, dict) else ""
