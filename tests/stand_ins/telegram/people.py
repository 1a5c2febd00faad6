"""The people of the Telegram stand-in: what they write, tap and send, and what they see."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.stand_ins.chat_page import Bubble, CannotDoError, ChatView, Key, Person
from tests.stand_ins.serving import Counter
from tests.stand_ins.telegram.errors import BadRequest, Forbidden, Json
from tests.stand_ins.telegram.updates import Updates

# seconds after which a tap can no longer be answered, and for which "is typing" stands there
_TAP_LIFE = 60
_TYPING = 5

_HO_CHI_MINH = dt.timezone(dt.timedelta(hours=7))

_NAMES = ("Cô Ba", "Chú Tư", "Má Năm", "Ngoại")
_FIRST_ID = 5_200_000_001

# what can be sent besides text; ids of files are opaque
_FILE = {"file_id": "AwACAgUAAxkBAAIB", "file_unique_id": "AgADBwADMV0", "file_size": 9_120}
_MEDIA: dict[str, Json] = {
    "voice": {"duration": 4, "mime_type": "audio/ogg", **_FILE},
    "photo": [{"width": 90, "height": 67, **_FILE}, {"width": 800, "height": 600, **_FILE}],  # type: ignore[dict-item]
    "video": {"duration": 9, "width": 640, "height": 360, "mime_type": "video/mp4", **_FILE},
    "document": {"file_name": "giay_to.pdf", "mime_type": "application/pdf", **_FILE},
    "contact": {"phone_number": "84900000000", "first_name": "Bé Út"},
    "location": {"latitude": 10.7769, "longitude": 106.7009},
    "sticker": {
        "width": 512, "height": 512, "emoji": "🙏", "is_animated": False, "is_video": False, "type": "regular", **_FILE,
    },
}  # fmt: skip
_SHOWN_AS = {
    "voice": "🎤 Tin thoại 0:04", "photo": "🖼 Ảnh", "video": "🎞 Phim 0:09", "document": "📄 giay_to.pdf",
    "contact": "👤 Bé Út", "location": "📍 Vị trí", "sticker": "🙏 Nhãn dán",
}  # fmt: skip


@dataclass(slots=True)
class Tap:
    """A button tapped and not yet answered."""

    id: str
    message: int
    data: str
    at: float


@dataclass(slots=True)
class Chat:
    """One person's chat with the bot: every message in it as the Bot API tells it."""

    id: int
    name: str
    started: bool = False
    blocked: bool = False
    messages: dict[int, Json] = field(default_factory=dict)
    taps: list[Tap] = field(default_factory=list)
    typing_until: float = 0.0
    toast: str = ""

    @property
    def user(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": self.name, "language_code": "vi"}

    def to_json(self) -> Json:
        return {"id": self.id, "first_name": self.name, "type": "private"}


class People:
    """Everybody who could write to the bot. ``bot`` is the bot's own user, ``clock`` tells Unix time."""

    def __init__(self, bot: Json, updates: Updates, clock: Callable[[], float]) -> None:
        self._bot = bot
        self._updates = updates
        self._clock = clock
        self._ids = Counter(_FIRST_ID)
        self._messages = Counter(1)
        self._taps = Counter(4_382_000_000_000_001)
        self._chats: dict[int, Chat] = {}
        for name in _NAMES:
            self.arrive(name)

    # ---- what people do ----

    def people(self) -> list[Person]:
        return [Person(str(chat.id), chat.name) for chat in self._chats.values()]

    def arrive(self, name: str) -> Person:
        chat = Chat(self._ids(), name.strip() or "Người lạ")
        self._chats[chat.id] = chat
        return Person(str(chat.id), chat.name)

    def write(self, user: str, text: str) -> str:
        if not text.strip():
            raise CannotDoError("tin trống thì Telegram không gửi")
        command = text.split(maxsplit=1)[0]
        entities = [{"type": "bot_command", "offset": 0, "length": len(command)}] if text.startswith("/") else []
        return self._sent(user, {"text": text.strip(), **({"entities": entities} if entities else {})})

    def send(self, user: str, media: str, caption: str) -> str:
        if media not in _MEDIA:
            raise CannotDoError(f"không có loại {media!r}; có: {', '.join(_MEDIA)}")
        return self._sent(user, {media: _MEDIA[media], **({"caption": caption} if caption else {})})

    def edit(self, user: str, bubble: str, text: str) -> None:
        chat = self._at_the_phone(user)
        message = chat.messages.get(int(bubble))
        if message is None or message["from"]["id"] != chat.id or "text" not in message:
            raise CannotDoError("chỉ sửa được tin chữ của chính mình")
        message |= {"text": text, "edit_date": self._now()}
        self._updates.add("edited_message", dict(message), chat.id)

    def tap(self, user: str, bubble: str, data: str) -> None:
        chat = self._at_the_phone(user)
        message = chat.messages.get(int(bubble), {})
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        if not any(key.get("callback_data") == data for row in rows for key in row):
            raise CannotDoError("tin này không có nút đó")
        self._tap(chat, message, data)

    def forge(self, user: str, bubble: str, data: str) -> None:
        """A tap as a hand-made client may send it: on a message of the chat, with data that no button has."""
        chat = self._at_the_phone(user)
        self._tap(chat, chat.messages[int(bubble)], data)

    def _tap(self, chat: Chat, message: Json, data: str) -> None:
        tap = Tap(str(self._taps()), message["message_id"], data, self._clock())
        chat.taps.append(tap)
        chat.toast = ""
        query = {
            "id": tap.id,
            "from": chat.user,
            "message": dict(message),
            "chat_instance": str(-chat.id),
            "data": data,
        }
        self._updates.add("callback_query", query, chat.id)

    def block(self, user: str, blocked: bool) -> None:
        chat = self._chat(user)
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        member = {
            "chat": chat.to_json(),
            "from": chat.user,
            "date": self._now(),
            "old_chat_member": self._membership(old),
            "new_chat_member": self._membership(new),
        }
        self._updates.add("my_chat_member", member, chat.id)

    def _membership(self, status: str) -> Json:
        return {"user": self._bot, "status": status, **({"until_date": 0} if status == "kicked" else {})}

    def _sent(self, user: str, content: Json) -> str:
        chat = self._at_the_phone(user)
        chat.started = True
        message = {"message_id": self._messages(), "from": chat.user, **self._common(chat), **content}
        chat.messages[message["message_id"]] = message
        self._updates.add("message", dict(message), chat.id)
        return str(message["message_id"])

    def _at_the_phone(self, user: str) -> Chat:
        chat = self._chat(user)
        if chat.blocked:
            raise CannotDoError("đang chặn bot; bỏ chặn rồi mới gửi được")
        return chat

    def _chat(self, user: str) -> Chat:
        chat = self._chats.get(int(user)) if user.isdecimal() else None
        if chat is None:
            raise CannotDoError(f"không có người {user!r}")
        return chat

    # ---- what the bot does to a chat ----

    def reachable(self, chat_id: str) -> Chat:
        """The chat a bot may write to. Raises ``ApiError``."""
        chat = self.known(chat_id)
        if chat.blocked:
            raise Forbidden("bot was blocked by the user")
        if not chat.started:
            raise Forbidden("bot can't initiate conversation with a user")
        return chat

    def known(self, chat_id: str) -> Chat:
        if not chat_id:
            raise BadRequest("chat_id is empty")
        chat = self._chats.get(int(chat_id)) if chat_id.isdecimal() else None
        if chat is None:
            raise BadRequest("chat not found")
        return chat

    def add(self, chat: Chat, content: Json) -> Json:
        message = {"message_id": self._messages(), "from": self._bot, **self._common(chat), **content}
        chat.messages[message["message_id"]] = message
        chat.typing_until = 0.0
        return dict(message)

    def change(self, chat: Chat, message_id: int, content: Json) -> Json:
        """Replaces parts of the bot's own message; a part of None goes away."""
        message = chat.messages.get(message_id)
        if message is None:
            raise BadRequest("message to edit not found")
        if message["from"]["id"] != self._bot["id"]:
            raise BadRequest("message can't be edited")
        if all(message.get(name) == value for name, value in content.items()):
            raise BadRequest(
                "message is not modified: specified new message content and reply markup are exactly the same as "
                "a current content and reply markup of the message"
            )
        changed = {name: value for name, value in {**message, **content}.items() if value is not None}
        chat.messages[message_id] = {**changed, "edit_date": self._now()}
        return dict(chat.messages[message_id])

    def remove(self, chat: Chat, message_id: int) -> None:
        if chat.messages.pop(message_id, None) is None:
            raise BadRequest("message to delete not found")

    def type(self, chat: Chat) -> None:
        chat.typing_until = self._clock() + _TYPING

    def answer_tap(self, tap_id: str, text: str) -> None:
        chat, tap = self._tapped(tap_id)
        chat.taps.remove(tap)
        chat.toast = text

    def expire_taps(self) -> None:
        """No tap made until now can be answered any more."""
        for chat in self._chats.values():
            for tap in chat.taps:
                tap.at = 0.0

    def _tapped(self, tap_id: str) -> tuple[Chat, Tap]:
        for chat in self._chats.values():
            for tap in chat.taps:
                if tap.id == tap_id and self._clock() - tap.at <= _TAP_LIFE:
                    return chat, tap
        raise BadRequest("query is too old and response timeout expired or query ID is invalid")

    # ---- what people see ----

    def look(self, user: str) -> ChatView:
        chat = self._chat(user)
        return ChatView(
            bubbles=tuple(self._bubble(chat, message) for message in chat.messages.values()),
            typing=self._clock() < chat.typing_until,
            blocked=chat.blocked,
            toast=chat.toast,
        )

    def _bubble(self, chat: Chat, message: Json) -> Bubble:
        mine = message["from"]["id"] == chat.id
        media = next((_SHOWN_AS[kind] for kind in _MEDIA if kind in message), "") if mine else ""
        picture = "" if mine or "photo" not in message else f"/_page/photo/{message['photo'][-1]['file_id']}"
        waiting = {tap.data for tap in chat.taps if tap.message == message["message_id"]}
        keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
        return Bubble(
            id=str(message["message_id"]),
            mine=mine,
            text=str(message.get("text") or message.get("caption") or ""),
            picture=picture,
            media=media,
            keys=tuple(tuple(_key(key, waiting) for key in row) for row in keyboard),
            at=dt.datetime.fromtimestamp(message["date"], _HO_CHI_MINH).strftime("%H:%M"),
            edited="edit_date" in message,
        )

    def _common(self, chat: Chat) -> Json:
        return {"chat": chat.to_json(), "date": self._now()}

    def _now(self) -> int:
        return int(self._clock())


def _key(key: Json, waiting: set[str]) -> Key:
    data = key.get("callback_data", "")
    return Key(key["text"], data, busy=data in waiting)
