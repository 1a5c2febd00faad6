"""The people of the Zalo Bot stand-in: what they write and send, and what they see. There are no buttons."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.stand_ins.chat_page import Bubble, CannotDoError, ChatView, Person
from tests.stand_ins.serving import Counter
from tests.stand_ins.zalo_bot.errors import BotError, Json
from tests.stand_ins.zalo_bot.updates import Updates

# seconds for which "is typing" stands there
_TYPING = 5

_HO_CHI_MINH = dt.timezone(dt.timedelta(hours=7))

_NAMES = ("Cô Ba", "Chú Tư", "Má Năm", "Ngoại")

_URL = "https://photo-stal-1.zdn.vn/kept"
_SHOWN_AS = {
    "voice": "🎤 Tin thoại 0:04", "photo": "🖼 Ảnh", "video": "🎞 Phim", "document": "📄 giay_to.pdf",
    "contact": "👤 Danh thiếp", "location": "📍 Vị trí", "sticker": "🙂 Nhãn dán",
}  # fmt: skip


@dataclass(slots=True)
class Chat:
    """One person's chat with the bot. ``protected``: the bot is told that something came, not what."""

    id: str
    name: str
    started: bool = False
    blocked: bool = False
    protected: bool = False
    bubbles: list[Bubble] = field(default_factory=list)
    typing_until: float = 0.0


class People:
    """Everybody who could write to the bot. ``clock`` tells Unix time."""

    def __init__(self, updates: Updates, clock: Callable[[], float]) -> None:
        self._updates = updates
        self._clock = clock
        self._ids = Counter(1)
        self._messages = Counter(1)
        self._chats: dict[str, Chat] = {}
        for name in _NAMES:
            self.arrive(name)

    # ---- what people do ----

    def people(self) -> list[Person]:
        return [Person(chat.id, chat.name) for chat in self._chats.values()]

    def arrive(self, name: str) -> Person:
        chat = Chat(f"6ede9afa66b88fe6d{self._ids():04x}", name.strip() or "Người lạ")
        self._chats[chat.id] = chat
        return Person(chat.id, chat.name)

    def write(self, user: str, text: str) -> str:
        if not text.strip():
            raise CannotDoError("tin trống thì Zalo không gửi")
        return self._sent(user, "message.text.received", {"text": text.strip()}, text=text.strip())

    def send(self, user: str, media: str, caption: str) -> str:
        if media not in _SHOWN_AS:
            raise CannotDoError(f"không có loại {media!r}; có: {', '.join(_SHOWN_AS)}")
        content: Json = {
            "photo": {self._updates.knobs.photo: f"{_URL}.jpg", **({"caption": caption} if caption else {})},
            "sticker": {"sticker": "0e078a2fb66a5f34067b", "url": f"{_URL}.webp"},
            "voice": {"voice_url": f"{_URL}.aac"},
        }
        kinds = {"photo": "message.image.received", "sticker": "message.sticker.received"}
        kinds["voice"] = "message.voice.received"
        event = kinds.get(media, "message.unsupported.received")
        return self._sent(user, event, content.get(media, {}), text=caption, media=_SHOWN_AS[media])

    def tap(self, user: str, bubble: str, data: str) -> None:
        raise CannotDoError("bot Zalo không có nút")

    def edit(self, user: str, bubble: str, text: str) -> None:
        raise CannotDoError("Zalo không cho sửa tin đã gửi")

    def block(self, user: str, blocked: bool) -> None:
        """The bot hears nothing of it."""
        self._chat(user).blocked = blocked

    def protect(self, user: str, protected: bool) -> None:
        self._chat(user).protected = protected

    def write_in_group(self, user: str, text: str) -> str:
        """Mentions the bot in a group."""
        return self._sent(user, "message.text.received", {"text": text}, text=text, group=True)

    def send_unknown(self) -> None:
        """Something of somebody of whom nothing is told."""
        self._updates.add({"event_name": "message.unsupported.received"})

    def _sent(
        self, user: str, event: str, content: Json, *, text: str = "", media: str = "", group: bool = False
    ) -> str:
        chat = self._chat(user)
        if chat.blocked:
            raise CannotDoError("đang chặn bot; bỏ chặn rồi mới gửi được")
        chat.started = True
        id = f"{self._messages():012x}"
        chat.bubbles.append(self._bubble(id, mine=True, text=text, media=media))
        message = {
            "from": {"id": chat.id, "display_name": chat.name, "is_bot": False},
            "chat": {"id": f"group{chat.id}" if group else chat.id, "chat_type": "GROUP" if group else "PRIVATE"},
            "message_id": id,
            "date": self._milliseconds(),
        }
        if chat.protected:
            event, content = "message.unsupported.received", {}
        self._updates.add({"event_name": event, "message": {**message, **content}})
        return id

    def _chat(self, user: str) -> Chat:
        if user not in self._chats:
            raise CannotDoError(f"không có người {user!r}")
        return self._chats[user]

    # ---- what the bot does to a chat ----

    def reachable(self, chat_id: str) -> Chat:
        """The chat a bot may write to. Raises ``BotError``."""
        chat = self._chats.get(chat_id)
        # what the real one says of somebody who blocked it is not documented; 403 is its word for a fault of its own
        if chat is None or not chat.started or chat.blocked:
            raise BotError(400, "Bad Request: chat not found")
        return chat

    def add(self, chat: Chat, *, text: str = "", picture: str = "", media: str = "") -> Json:
        id = f"{self._messages():012x}"
        chat.bubbles.append(self._bubble(id, mine=False, text=text, picture=picture, media=media))
        chat.typing_until = 0.0
        return {"message_id": id, "date": self._milliseconds()}

    def type(self, chat: Chat) -> None:
        chat.typing_until = self._clock() + _TYPING

    # ---- what people see ----

    def look(self, user: str) -> ChatView:
        chat = self._chat(user)
        return ChatView(tuple(chat.bubbles), typing=self._clock() < chat.typing_until, blocked=chat.blocked)

    def _bubble(self, id: str, *, mine: bool, text: str = "", picture: str = "", media: str = "") -> Bubble:
        at = dt.datetime.fromtimestamp(self._clock(), _HO_CHI_MINH).strftime("%H:%M")
        return Bubble(id, mine=mine, text=text, picture=picture, media=media, at=at)

    def _milliseconds(self) -> int:
        return int(self._clock() * 1000)
