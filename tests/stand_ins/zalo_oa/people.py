"""The people of the Official Account's stand-in: what they write, tap, send and follow, and what they see."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.stand_ins.chat_page import Bubble, CannotDoError, ChatView, Key, Person
from tests.stand_ins.serving import Counter
from tests.stand_ins.zalo_oa.errors import Json, OaError
from tests.stand_ins.zalo_oa.events import Events
from tests.stand_ins.zalo_oa.grants import Account

# seconds: an answer is free for so long after somebody wrote, and possible for so long
_FREE = 48 * 3600
_OPEN = 7 * 86400

# free answers in one window
REPLIES = 8

_HO_CHI_MINH = dt.timezone(dt.timedelta(hours=7))

_NAMES = ("Cô Ba", "Chú Tư", "Má Năm", "Ngoại")

# beyond 2^53, as the real ones are
_FIRST_ID = 7_450_000_000_000_000_001

_ADMIN = "3333333333333333333"


def _file(kind: str, **payload: object) -> Json:
    return {"attachments": [{"type": kind, "payload": payload}]}


_URL = "https://f21-zpg.zdn.vn/5230451698/kept"
_MEDIA: dict[str, tuple[str, str, Json]] = {
    "voice": ("user_send_audio", "🎤 Tin thoại 0:04", _file("audio", url=f"{_URL}.amr")),
    "photo": ("user_send_image", "🖼 Ảnh", _file("image", url=f"{_URL}.jpg", thumbnail=f"{_URL}_t.jpg")),
    "gif": ("user_send_gif", "🖼 Ảnh động", _file("gif", url=f"{_URL}.gif", thumbnail=f"{_URL}_t.gif")),
    "video": (
        "user_send_video",
        "🎞 Phim",
        _file("video", url=f"{_URL}.mp4", thumbnail=f"{_URL}_t.jpg", description=""),
    ),
    "document": (
        "user_send_file",
        "📄 giay_to.pdf",
        _file("file", url=f"{_URL}.pdf", name="giay_to.pdf", size="9120", type="pdf", checksum="d41d8cd98f00b204e98"),
    ),
    "contact": (
        "user_send_business_card",
        "👤 Danh thiếp",
        _file(
            "link", url="https://zalo.me/0900000000", thumbnail=f"{_URL}_t.jpg", description='{"phone":"84900000000"}'
        ),
    ),
    "link": ("user_send_link", "🔗 Liên kết", _file("link", url="https://example.vn", thumbnail="", description="")),
    "location": (
        "user_send_location",
        "📍 Vị trí",
        _file("location", coordinates={"latitude": "10.7769", "longitude": "106.7009"}),
    ),
    "sticker": ("user_send_sticker", "🙂 Nhãn dán", _file("sticker", id="d063f44dc80821567819", url=f"{_URL}.png")),
}


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message of the account. ``payload`` is what a tap sends, or an address or number."""

    title: str
    type: str
    payload: str


@dataclass(slots=True)
class Chat:
    """One person and the Official Account. ``last`` is when they last interacted, None where they never did.

    ``conversation``: of a visitor who shows no account, how the platform names this talk.
    """

    id: str
    name: str
    follows: bool = False
    blocked: bool = False
    conversation: str = ""
    last: float | None = None
    replies_left: int = REPLIES
    bubbles: list[Bubble] = field(default_factory=list)
    buttons: dict[str, tuple[Button, ...]] = field(default_factory=dict)
    toast: str = ""


class People:
    """Everybody who could write to the account. ``clock`` tells Unix time."""

    def __init__(self, account: Account, events: Events, clock: Callable[[], float]) -> None:
        self._account = account
        self._events = events
        self._clock = clock
        self._ids = Counter(_FIRST_ID)
        self._messages = Counter(1)
        self._chats: dict[str, Chat] = {}
        for name in _NAMES:
            self.arrive(name)

    # ---- what people do ----

    def people(self) -> list[Person]:
        return [Person(chat.id, chat.name) for chat in self._chats.values()]

    def arrive(self, name: str) -> Person:
        chat = Chat(str(self._ids()), name.strip() or "Người lạ")
        self._chats[chat.id] = chat
        return Person(chat.id, chat.name)

    def write(self, user: str, text: str) -> str:
        if not text.strip():
            raise CannotDoError("tin trống thì Zalo không gửi")
        return self._says(self._at_the_phone(user), text.strip(), shown=True)

    def tap(self, user: str, bubble: str, data: str) -> None:
        chat = self._at_the_phone(user)
        button = next((each for each in chat.buttons.get(bubble, ()) if each.payload == data), None)
        if button is None:
            raise CannotDoError("tin này không có nút đó")
        chat.toast = ""
        match button.type:
            case "oa.query.show":
                self._says(chat, button.payload, shown=True)
            case "oa.query.hide":
                self._says(chat, button.payload, shown=False)
            case _:
                # the phone opens something; the account hears nothing of it
                chat.toast = f"mở {button.payload}"

    def send(self, user: str, media: str, caption: str) -> str:
        if media not in _MEDIA:
            raise CannotDoError(f"không có loại {media!r}; có: {', '.join(_MEDIA)}")
        chat = self._at_the_phone(user)
        event, shown, content = _MEDIA[media]
        id = self._next_id()
        chat.bubbles.append(self._bubble(id, mine=True, media=shown, text=caption))
        text = {"text": caption} if caption else {}
        self._interacted(chat)
        self._events.add(self._from_user(chat, event, {"msg_id": id, **text, **content}), chat.id)
        return id

    def edit(self, user: str, bubble: str, text: str) -> None:
        raise CannotDoError("Zalo không cho sửa tin đã gửi")

    def block(self, user: str, blocked: bool) -> None:
        """Who blocks an account no longer follows it, either."""
        chat = self._chat(user)
        chat.blocked = blocked
        if blocked and chat.follows:
            self.follow(user, follows=False)

    def follow(self, user: str, *, follows: bool) -> None:
        chat = self._chat(user)
        if chat.follows == follows:
            return
        chat.follows = follows
        if follows:
            self._interacted(chat)
        event = {
            "oa_id": self._account.oa_id,
            "follower": {"id": chat.id},
            "user_id_by_app": f"9{chat.id}",
            "event_name": "follow" if follows else "unfollow",
            "source": "oa_profile",
        }
        self._events.add(event, chat.id)

    def click_chat(self, user: str) -> None:
        """Somebody who never wrote opens the chat."""
        chat = self._at_the_phone(user)
        self._interacted(chat)
        self._events.add(
            {"event_name": "user_click_chatnow", "oa_id": self._account.oa_id, "user_id": chat.id}, chat.id
        )

    def visit(self, user: str, conversation: str) -> None:
        """From now on this person writes from a web page, without an account."""
        self._chat(user).conversation = conversation

    def withdraw(self, user: str) -> None:
        """The person takes back what they allowed the account; where the id stands is not documented."""
        chat = self._chat(user)
        self._events.add({"event_name": "user_withdraw", "oa_id": self._account.oa_id, "user_id": chat.id}, chat.id)

    def react(self, user: str, bubble: str) -> None:
        chat = self._at_the_phone(user)
        message = {"msg_id": bubble, "react_icon": "/-heart"}
        self._events.add(self._from_user(chat, "user_reacted_message", message), chat.id)

    def see(self, user: str) -> None:
        chat = self._at_the_phone(user)
        ids = [bubble.id for bubble in chat.bubbles if not bubble.mine]
        self._events.add(self._from_user(chat, "user_seen_message", {"msg_ids": ids}), chat.id)

    def lapse(self, user: str, seconds: float) -> None:
        """The last interaction was so much longer ago."""
        chat = self._chat(user)
        chat.last = None if chat.last is None else chat.last - seconds

    def agent_writes(self, user: str, text: str) -> str:
        """A person of the office answers in OA Manager."""
        return self.deliver(self._chat(user), "oa_send_text", {"text": text}, text=text, admin=_ADMIN)

    def _says(self, chat: Chat, text: str, *, shown: bool) -> str:
        id = self._next_id()
        if shown:
            chat.bubbles.append(self._bubble(id, mine=True, text=text))
        self._interacted(chat)
        self._events.add(self._from_user(chat, "user_send_text", {"text": text, "msg_id": id}), chat.id)
        return id

    def _from_user(self, chat: Chat, event: str, message: Json) -> Json:
        if chat.conversation:
            return {
                "event_name": event.replace("user_", "anonymous_"),
                "sender": {"id": chat.id},
                "recipient": {"id": self._account.oa_id},
                "message": {**message, "conversation_id": chat.conversation},
            }
        return {
            "user_id_by_app": f"9{chat.id}",
            "event_name": event,
            "sender": {"id": chat.id},
            "recipient": {"id": self._account.oa_id},
            "message": message,
        }

    def _interacted(self, chat: Chat) -> None:
        chat.last = self._clock()
        chat.replies_left = REPLIES

    def _at_the_phone(self, user: str) -> Chat:
        chat = self._chat(user)
        if chat.blocked:
            raise CannotDoError("đang chặn OA; bỏ chặn rồi mới gửi được")
        return chat

    def _chat(self, user: str) -> Chat:
        if user not in self._chats:
            raise CannotDoError(f"không có người {user!r}")
        return self._chats[user]

    def _next_id(self) -> str:
        return f"9d{self._messages():018x}"

    # ---- what the account does to a chat ----

    def known(self, user: object) -> Chat:
        """Raises ``OaError``."""
        if not isinstance(user, str) or user not in self._chats or self._chats[user].conversation:
            raise OaError(-201, "user_id")
        return self._chats[user]

    def visitor(self, id: object, conversation: object) -> Chat:
        """Raises ``OaError``."""
        chat = self._chats.get(str(id))
        if chat is None or not chat.conversation or chat.conversation != conversation:
            raise OaError(-201, "anonymous_id")
        return chat

    def everybody(self) -> list[Chat]:
        return list(self._chats.values())

    def reachable(self, user: object) -> Chat:
        """The chat the account may write to. Raises ``OaError``."""
        chat = self.known(user)
        if chat.blocked:
            raise OaError(-213)
        if chat.last is None:
            raise OaError(-232)
        if self._clock() - chat.last > _OPEN:
            raise OaError(-230)
        return chat

    def is_free(self, chat: Chat) -> bool:
        return chat.last is not None and self._clock() - chat.last <= _FREE

    def deliver(
        self,
        chat: Chat,
        event: str,
        message: Json,
        *,
        text: str = "",
        picture: str = "",
        media: str = "",
        buttons: tuple[Button, ...] = (),
        admin: str = "",
    ) -> str:
        """Shows a message of the account and tells the webhook of it, the bot's own included; its id."""
        id = self._next_id()
        chat.buttons[id] = buttons
        keys = tuple((Key(button.title, button.payload),) for button in buttons)
        chat.bubbles.append(self._bubble(id, mine=False, text=text, picture=picture, media=media, keys=keys))
        sender = {"id": self._account.oa_id, **({"admin_id": admin} if admin else {})}
        echo = {
            "event_name": event,
            "sender": sender,
            "recipient": {"id": chat.id},
            "message": {"msg_id": id, **message},
        }
        self._events.add(echo, chat.id)
        return id

    # ---- what people see ----

    def look(self, user: str) -> ChatView:
        chat = self._chat(user)
        return ChatView(bubbles=tuple(chat.bubbles), blocked=chat.blocked, toast=chat.toast)

    def _bubble(
        self,
        id: str,
        *,
        mine: bool,
        text: str = "",
        picture: str = "",
        media: str = "",
        keys: tuple[tuple[Key, ...], ...] = (),
    ) -> Bubble:
        at = dt.datetime.fromtimestamp(self._clock(), _HO_CHI_MINH).strftime("%H:%M")
        return Bubble(id, mine=mine, text=text, picture=picture, media=media, keys=keys, at=at)
