"""The calls of the Official Account API that a bot of ours could want, with the checks of the real one."""

import io
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, UnidentifiedImageError

from tests.stand_ins.serving import Counter
from tests.stand_ins.zalo_oa.errors import Json, OaError
from tests.stand_ins.zalo_oa.grants import Account
from tests.stand_ins.zalo_oa.people import REPLIES, Button, Chat, People

# characters, buttons and bytes
_TEXT = 2000
_TITLE = 100
_PAYLOAD = 1000
_BUTTONS = 5
_PICTURE = 1024 * 1024
_FILE = 5 * 1024 * 1024

# seconds an upload can be sent for, uploads of a month, paid messages of the plan
_UPLOAD = 7 * 86400
_UPLOADS = 5000
_PLAN = 500

_FORMATS = {"image": ("JPEG", "PNG"), "gif": ("GIF",)}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file the account sent up; ``until`` it can be used."""

    kind: str
    data: bytes
    until: float


@dataclass(slots=True)
class Refusal:
    """A call whose path holds ``path``, about ``user``, fails with ``code``: so many ``times``, or always where 0."""

    code: int
    path: str = ""
    user: str = ""
    times: int = 1


@dataclass(slots=True)
class Call:
    """One call: the body of a POST, or the ``data`` of a GET; a file where one was sent along."""

    path: str
    body: Mapping[str, Any]
    file: bytes = b""

    @property
    def user(self) -> object:
        recipient = self.body.get("recipient")
        return recipient.get("user_id") if isinstance(recipient, dict) else self.body.get("user_id")


@dataclass(slots=True)
class Rate:
    """So many calls a minute, ``limit`` of 0: as many as one likes."""

    clock: Callable[[], float]
    limit: int
    left: int = 0
    until: float = -math.inf

    def take(self) -> bool:
        """Whether there was still a call left in this minute."""
        if not self.limit:
            return True
        now = self.clock()
        if now >= self.until:
            self.left, self.until = self.limit, now + 60
        self.left -= 1
        return self.left >= 0

    def headers(self) -> dict[str, str]:
        left = max(0, self.left) if self.limit else 10_000
        return {"X-RateLimit-Limit": str(self.limit or 10_000), "X-RateLimit-Remain": str(left)}


@dataclass(slots=True)
class Api:
    """One account's side of the API."""

    account: Account
    people: People
    clock: Callable[[], float]
    rate: Rate
    refusals: list[Refusal] = field(default_factory=list)
    uploads: dict[str, Upload] = field(default_factory=dict)
    plan_left: int = _PLAN
    numbers: Counter = field(default_factory=lambda: Counter(1))

    def call(self, verb: str, call: Call) -> Any:
        """What stands in ``data`` of the answer. Raises ``OaError``, or ``KeyError`` where there is no such path."""
        method = METHODS[verb, call.path]
        if not self.rate.take():
            raise OaError(-32)
        self._refuse(call)
        return method(self, call)

    def _refuse(self, call: Call) -> None:
        for refusal in self.refusals:
            if refusal.path in call.path and refusal.user in ("", call.user):
                if refusal.times == 1:
                    self.refusals.remove(refusal)
                elif refusal.times:
                    refusal.times -= 1
                raise OaError(refusal.code)

    def upload(self, kind: str, data: bytes) -> str:
        if len(self.uploads) >= _UPLOADS:
            raise OaError(-211)
        id = f"{kind}-{self.numbers():012x}"
        self.uploads[id] = Upload(kind, data, self.clock() + _UPLOAD)
        return id

    def uploaded(self, kind: str, id: object) -> Upload:
        upload = self.uploads.get(id) if isinstance(id, str) else None
        if upload is None or upload.kind != kind:
            raise OaError(-201, "attachment_id")
        if self.clock() >= upload.until:
            raise OaError(-100)
        return upload


# ---- messages ----


def _send(api: Api, call: Call) -> Json:
    message = call.body.get("message")
    if not isinstance(message, dict):
        raise OaError(-201, "message")
    chat = api.people.reachable(call.user)
    attachment = message.get("attachment")
    if attachment is None:
        id = _send_text(api, chat, message, ())
    elif not isinstance(attachment, dict) or not isinstance(attachment.get("payload"), dict):
        raise OaError(-201, "attachment")
    elif attachment.get("type") == "file":
        id = _send_file(api, chat, attachment["payload"])
    elif attachment.get("type") != "template":
        raise OaError(-233)
    elif attachment["payload"].get("template_type") == "media":
        id = _send_media(api, chat, message, attachment["payload"])
    elif "template_type" in attachment["payload"]:
        raise OaError(-233)
    else:
        id = _send_text(api, chat, message, _buttons(attachment["payload"].get("buttons")))
    told = {"message_id": id, "user_id": chat.id, "sent_time": str(int(api.clock() * 1000))}
    return {**told, **_quota(api, chat)}


def _send_text(api: Api, chat: Chat, message: Json, buttons: tuple[Button, ...]) -> str:
    text = _text(message)
    if not text:
        raise OaError(-201, "text")
    return api.people.deliver(chat, "oa_send_text", {"text": text}, text=text, buttons=buttons)


def _send_media(api: Api, chat: Chat, message: Json, payload: Json) -> str:
    elements = payload.get("elements")
    if not isinstance(elements, list) or len(elements) != 1 or not isinstance(elements[0], dict):
        raise OaError(-201, "elements")
    [element] = elements
    kind = element.get("media_type")
    if kind not in ("image", "gif", "sticker"):
        raise OaError(-201, "media_type")
    if ("url" in element) == ("attachment_id" in element):
        raise OaError(-201, "attachment_id")
    if kind == "gif" and not ("width" in element and "height" in element):
        raise OaError(-201, "width")
    text, picture = _text(message), str(element.get("url", ""))
    if kind != "sticker" and "attachment_id" in element:
        api.uploaded(kind, element["attachment_id"])
        picture = f"/_page/upload/{element['attachment_id']}"
    told = {"text": text, "attachments": [{"type": kind, "payload": {"url": picture, "thumbnail": picture}}]}
    return api.people.deliver(chat, f"oa_send_{kind}", told, text=text, picture=picture)


def _send_file(api: Api, chat: Chat, payload: Json) -> str:
    api.uploaded("file", payload.get("token"))
    told = {"attachments": [{"type": "file", "payload": {"name": "tep"}}]}
    return api.people.deliver(chat, "oa_send_file", told, media="📄 Tệp")


def _text(message: Json) -> str:
    text = message.get("text", "")
    if not isinstance(text, str):
        raise OaError(-201, "text")
    if len(text) > _TEXT:
        raise OaError(-210, "text")
    return text


def _buttons(given: object) -> tuple[Button, ...]:
    if not isinstance(given, list) or not 1 <= len(given) <= _BUTTONS:
        raise OaError(-201, "buttons")
    return tuple(_button(each) for each in given)


def _button(given: object) -> Button:
    if not isinstance(given, dict) or not isinstance(given.get("title"), str):
        raise OaError(-201, "title")
    if not 1 <= len(given["title"]) <= _TITLE:
        raise OaError(-201, "title")
    type, payload = given.get("type"), given.get("payload")
    match type, payload:
        case "oa.query.show" | "oa.query.hide", str() if 1 <= len(payload) <= _PAYLOAD:
            return Button(given["title"], type, payload)
        case "oa.open.url", {"url": str(value)}:
            return Button(given["title"], type, value)
        case "oa.open.phone" | "oa.open.sms", {"phone_code": str(value)}:
            return Button(given["title"], type, value)
    raise OaError(-201, "payload")


def _quota(api: Api, chat: Chat) -> Json:
    """Which count a message was taken from; nothing where it is charged."""
    if api.people.is_free(chat) and chat.replies_left:
        chat.replies_left -= 1
        return {"quota": {"quota_type": "reply", "remain": chat.replies_left, "total": REPLIES}}
    if api.plan_left:
        api.plan_left -= 1
        return {"quota": {"quota_type": "sub_quota", "remain": api.plan_left, "total": _PLAN}}
    return {}


def _send_v2(api: Api, call: Call) -> Json:
    """Reactions, and texts to visitors without an account: all that is left of the second version."""
    recipient, message = call.body.get("recipient"), call.body.get("message")
    if isinstance(recipient, dict) and "anonymous_id" in recipient and isinstance(message, dict):
        visitor = api.people.visitor(recipient["anonymous_id"], recipient.get("conversation_id"))
        return {"message_id": _send_text(api, visitor, message, ()), "user_id": visitor.id}
    action = call.body.get("sender_action")
    if not isinstance(action, dict):
        raise OaError(-240)
    api.people.reachable(call.user)
    if not action.get("react_icon") or not action.get("react_message_id"):
        raise OaError(-201, "sender_action")
    return {"message_id": str(action["react_message_id"]), "user_id": call.user}


# ---- uploads ----


def _upload_image(api: Api, call: Call) -> Json:
    return {"attachment_id": _upload_picture(api, call, "image")}


def _upload_gif(api: Api, call: Call) -> Json:
    return {"attachment_id": _upload_picture(api, call, "gif")}


def _upload_picture(api: Api, call: Call, kind: str) -> str:
    if not call.file or len(call.file) > _PICTURE:
        raise OaError(-201, "file size")
    try:
        with Image.open(io.BytesIO(call.file)) as image:
            if image.format not in _FORMATS[kind]:
                raise OaError(-201, "file type")
    except UnidentifiedImageError:
        raise OaError(-201, "file type") from None
    return api.upload(kind, call.file)


def _upload_file(api: Api, call: Call) -> Json:
    if not call.file or len(call.file) > _FILE:
        raise OaError(-201, "file size")
    return {"token": api.upload("file", call.file)}


# ---- people and the account ----


def _user(api: Api, call: Call) -> Json:
    chat = api.people.known(call.user)
    return {
        "user_id": chat.id,
        "user_id_by_app": f"9{chat.id}",
        "display_name": chat.name,
        "user_is_follower": chat.follows,
        "is_sensitive": False,
        "avatar": "",
        "tags_and_notes_info": {"notes": [], "tag_names": []},
        "shared_info": {},
    }


def _users(api: Api, call: Call) -> Json:
    offset, count = call.body.get("offset"), call.body.get("count")
    if not isinstance(offset, int) or not isinstance(count, int) or not (0 <= offset <= 9951 and 1 <= count <= 50):
        raise OaError(-201, "offset")
    wanted = call.body.get("is_follower")
    chats = [chat for chat in api.people.everybody() if wanted is None or chat.follows == (wanted in (True, "true"))]
    users = [{"user_id": chat.id} for chat in chats[offset : offset + count]]
    return {"total": len(chats), "count": len(users), "offset": offset, "users": users}


def _account(api: Api, call: Call) -> Json:
    return {
        "oa_id": api.account.oa_id,
        "name": api.account.name,
        "is_verified": True,
        "num_follower": sum(chat.follows for chat in api.people.everybody()),
        "package_name": "Gói Tăng trưởng",
    }


def _message_quota(api: Api, call: Call) -> Any:
    if call.body.get("quota_owner") == "OA":
        left = {"quota_type": "sub_quota", "total": _PLAN, "remain": api.plan_left}
        return [{"asset_id": "sub-1", "valid_through": "31/12/2026", **left}]
    chat = api.people.known(call.user)
    last = "" if chat.last is None else str(int(chat.last * 1000))
    return {"last_interaction": last, "cs_reply": {"total": REPLIES, "remain": chat.replies_left}}


def _recent(api: Api, call: Call) -> list[Json]:
    chats = [chat for chat in api.people.everybody() if chat.bubbles]
    return [{**_told(chat, chat.bubbles[-1].id), "display_name": chat.name} for chat in chats[:10]]


def _conversation(api: Api, call: Call) -> list[Json]:
    chat = api.people.known(call.user)
    return [_told(chat, bubble.id) for bubble in chat.bubbles[:-11:-1]]


def _told(chat: Chat, id: str) -> Json:
    bubble = next(each for each in chat.bubbles if each.id == id)
    return {"src": int(bubble.mine), "message_id": id, "type": "text", "message": bubble.text, "user_id": chat.id}


METHODS: dict[tuple[str, str], Callable[[Api, Call], Any]] = {
    ("POST", "/v3.0/oa/message/cs"): _send,
    ("POST", "/v2.0/oa/message"): _send_v2,
    ("POST", "/v2.0/oa/upload/image"): _upload_image,
    ("POST", "/v2.0/oa/upload/gif"): _upload_gif,
    ("POST", "/v2.0/oa/upload/file"): _upload_file,
    ("GET", "/v3.0/oa/user/detail"): _user,
    ("GET", "/v3.0/oa/user/getlist"): _users,
    ("GET", "/v2.0/oa/getoa"): _account,
    ("POST", "/v3.0/oa/quota/message"): _message_quota,
    ("GET", "/v2.0/oa/listrecentchat"): _recent,
    ("GET", "/v2.0/oa/conversation"): _conversation,
}
