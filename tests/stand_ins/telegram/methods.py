"""The methods of the Bot API that a bot of ours could want, with the checks and the words of the real one."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from tests.stand_ins.telegram.errors import ApiError, BadRequest, Json
from tests.stand_ins.telegram.files import Files
from tests.stand_ins.telegram.limits import Limits
from tests.stand_ins.telegram.people import People
from tests.stand_ins.telegram.updates import Updates, Webhook

# lengths after entities are parsed, in UTF-16 units as entities count; bytes of a button's data; buttons of a message
_TEXT = 4096
_CAPTION = 1024
_DATA = 64
_KEYS = 100

_ACTIONS = frozenset(
    {
        "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
        "choose_sticker", "find_location", "record_video_note", "upload_video_note",
    }
)  # fmt: skip
_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "code": "code", "pre": "pre",
}  # fmt: skip

Parameters = Mapping[str, Any]


@dataclass(slots=True)
class Request:
    """One call: its parameters, in whatever form they came, and the files sent with them."""

    parameters: Parameters
    files: Mapping[str, bytes] = field(default_factory=dict)

    def text(self, name: str) -> str:
        value = self.parameters.get(name)
        return "" if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self.text(name)
        try:
            return int(value) if value else default
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in ("true", "yes", "1")

    def tree(self, name: str, wrong: str) -> Any:
        """A part that is JSON: in a JSON body itself, in a form as text."""
        value = self.parameters.get(name)
        if not isinstance(value, str) or not value:
            return value or None
        try:
            return json.loads(value)
        except ValueError:
            raise BadRequest(wrong) from None


@dataclass(slots=True)
class Api:
    """One bot's side of the Bot API."""

    bot: Json
    updates: Updates
    people: People
    files: Files
    limits: Limits
    commands: dict[str, list[Json]] = field(default_factory=dict)

    async def call(self, method: str, request: Request) -> tuple[Any, str]:
        """What the method gives back, and the words told with it. Raises ``ApiError``."""
        found = METHODS.get(method.lower())
        if found is None:
            raise ApiError(404, "Not Found: method not found")
        return await found(self, request)


# ---- about the bot and its updates ----


async def _get_me(api: Api, request: Request) -> tuple[Any, str]:
    return api.bot, ""


async def _get_updates(api: Api, request: Request) -> tuple[Any, str]:
    api.updates.allow(_kinds(request))
    limit = request.integer("limit", 100)
    updates = await api.updates.get(
        offset=request.integer("offset"),
        limit=limit if 1 <= limit <= 100 else 100,
        timeout=max(0, request.integer("timeout")),
    )
    return updates, ""


async def _set_webhook(api: Api, request: Request) -> tuple[Any, str]:
    url = request.text("url")
    if not url:
        return await _delete_webhook(api, request)
    if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise BadRequest("bad webhook: An HTTPS URL must be provided for webhook")
    connections = request.integer("max_connections", 40)
    webhook = Webhook(url, request.text("secret_token"), connections if 1 <= connections <= 100 else 40)
    api.updates.allow(_kinds(request))
    return True, api.updates.set_webhook(webhook, drop_pending=request.flag("drop_pending_updates"))


async def _delete_webhook(api: Api, request: Request) -> tuple[Any, str]:
    return True, api.updates.delete_webhook(drop_pending=request.flag("drop_pending_updates"))


async def _get_webhook_info(api: Api, request: Request) -> tuple[Any, str]:
    return api.updates.info(), ""


async def _set_my_commands(api: Api, request: Request) -> tuple[Any, str]:
    commands = request.tree("commands", "can't parse commands list JSON object")
    if not isinstance(commands, list):
        raise BadRequest('parameter "commands" is required')
    api.commands[request.text("language_code")] = commands
    return True, ""


async def _get_my_commands(api: Api, request: Request) -> tuple[Any, str]:
    return api.commands.get(request.text("language_code"), []), ""


def _kinds(request: Request) -> list[str] | None:
    kinds = request.tree("allowed_updates", "can't parse allowed_updates JSON array")
    return [str(kind) for kind in kinds] if isinstance(kinds, list) else None


# ---- sending ----


async def _send_message(api: Api, request: Request) -> tuple[Any, str]:
    chat = api.people.reachable(request.text("chat_id"))
    content = {**_text(request), **_keyboard(request)}
    api.limits.check(chat.id)
    return api.people.add(chat, content), ""


async def _send_photo(api: Api, request: Request) -> tuple[Any, str]:
    chat = api.people.reachable(request.text("chat_id"))
    caption, entities = _formatted(request, "caption")
    if _units(caption) > _CAPTION:
        raise BadRequest("message caption is too long")
    keyboard = _keyboard(request)
    api.limits.check(chat.id)
    content = {"photo": list(_photo(api, request)), **keyboard}
    if caption:
        content |= {"caption": caption, **({"caption_entities": entities} if entities else {})}
    return api.people.add(chat, content), ""


def _photo(api: Api, request: Request) -> tuple[Json, ...]:
    if "photo" in request.files:
        return api.files.upload(request.files["photo"]).sizes
    named = request.text("photo")
    if not named:
        raise BadRequest("there is no photo in the request")
    if named.startswith("attach://"):
        attached = request.files.get(named.removeprefix("attach://"))
        if attached is None:
            raise BadRequest("there is no photo in the request")
        return api.files.upload(attached).sizes
    if named.startswith(("http://", "https://")):
        # the stand-in reaches nothing outside this machine
        raise BadRequest("failed to get HTTP URL content")
    return api.files.find(named).sizes


async def _send_chat_action(api: Api, request: Request) -> tuple[Any, str]:
    chat = api.people.reachable(request.text("chat_id"))
    if request.text("action") not in _ACTIONS:
        raise BadRequest("wrong parameter action in request")
    api.people.type(chat)
    return True, ""


async def _get_file(api: Api, request: Request) -> tuple[Any, str]:
    return api.files.describe(request.text("file_id")), ""


# ---- changing what was sent ----


async def _edit_message_text(api: Api, request: Request) -> tuple[Any, str]:
    content = {"entities": None, **_text(request), "reply_markup": None, **_keyboard(request)}
    return _changed(api, request, content), ""


async def _edit_message_reply_markup(api: Api, request: Request) -> tuple[Any, str]:
    return _changed(api, request, {"reply_markup": None, **_keyboard(request)}), ""


async def _edit_message_caption(api: Api, request: Request) -> tuple[Any, str]:
    caption, entities = _formatted(request, "caption")
    if _units(caption) > _CAPTION:
        raise BadRequest("message caption is too long")
    content = {"caption": caption or None, "caption_entities": entities or None, "reply_markup": None}
    return _changed(api, request, {**content, **_keyboard(request)}), ""


def _changed(api: Api, request: Request, content: Json) -> Json:
    chat = api.people.known(request.text("chat_id"))
    return api.people.change(chat, request.integer("message_id"), content)


async def _delete_message(api: Api, request: Request) -> tuple[Any, str]:
    api.people.remove(api.people.known(request.text("chat_id")), request.integer("message_id"))
    return True, ""


async def _answer_callback_query(api: Api, request: Request) -> tuple[Any, str]:
    text = request.text("text")
    if len(text) > 200:
        raise BadRequest("MESSAGE_TOO_LONG")
    api.people.answer_tap(request.text("callback_query_id"), text)
    return True, ""


# ---- texts and keyboards ----


def _text(request: Request) -> Json:
    text, entities = _formatted(request, "text")
    if not text:
        raise BadRequest("message text is empty")
    if _units(text) > _TEXT:
        raise BadRequest("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def _formatted(request: Request, name: str) -> tuple[str, list[Json]]:
    """The text as shown and what is marked in it. Space around it goes away, as on Telegram."""
    mode = request.text("parse_mode").lower()
    if mode not in ("", "html"):
        raise BadRequest("this stand-in reads plain text and HTML only")
    if not mode:
        return request.text(name).strip(), []
    reader = _Html()
    reader.feed(request.text(name))
    reader.close()
    return reader.finished()


class _Html(HTMLParser):
    """Telegram's HTML: a few tags, each closed, nothing else."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._text = ""
        self._open: list[tuple[str, int, str]] = []
        self._entities: list[Json] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS and tag != "a":
            raise BadRequest(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self.getpos()[1]}')
        self._open.append((tag, _units(self._text), dict(attrs).get("href") or ""))

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open[-1][0] != tag:
            raise BadRequest(f"can't parse entities: Unexpected end tag at byte offset {self.getpos()[1]}")
        _, offset, url = self._open.pop()
        kind = {"type": "text_link", "url": url} if tag == "a" else {"type": _TAGS[tag]}
        self._entities.append({**kind, "offset": offset, "length": _units(self._text) - offset})

    def handle_data(self, data: str) -> None:
        self._text += data

    def finished(self) -> tuple[str, list[Json]]:
        if self._open:
            tag = self._open[-1][0]
            raise BadRequest(f"can't parse entities: Can't find end tag corresponding to start tag \"{tag}\"")
        return self._text.strip(), sorted(self._entities, key=lambda each: each["offset"])


def _keyboard(request: Request) -> Json:
    markup = request.tree("reply_markup", "can't parse reply keyboard markup JSON object")
    if not markup:
        return {}
    if not isinstance(markup, dict):
        raise BadRequest("object expected as reply markup")
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list):
        raise BadRequest("this stand-in knows inline keyboards only")
    keyboard = [[_key(key) for key in _row(row)] for row in rows]
    if sum(map(len, keyboard)) > _KEYS:
        raise BadRequest("reply markup is too long")
    return {"reply_markup": {"inline_keyboard": keyboard}} if any(keyboard) else {}


def _row(row: object) -> list[object]:
    if not isinstance(row, list):
        raise BadRequest('field "inline_keyboard" must be an Array of Arrays')
    return row


def _key(key: object) -> Json:
    if not isinstance(key, dict) or not str(key.get("text", "")).strip():
        raise BadRequest('can\'t parse inline keyboard button: Field "text" must be of type String')
    if key.get("url"):
        return {"text": key["text"], "url": str(key["url"])}
    if "callback_data" not in key:
        raise BadRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = str(key["callback_data"])
    if not 1 <= len(data.encode()) <= _DATA:
        raise BadRequest("BUTTON_DATA_INVALID")
    return {"text": key["text"], "callback_data": data}


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


Method = Callable[[Api, Request], Awaitable[tuple[Any, str]]]

METHODS: dict[str, Method] = {
    "getme": _get_me,
    "getupdates": _get_updates,
    "setwebhook": _set_webhook,
    "deletewebhook": _delete_webhook,
    "getwebhookinfo": _get_webhook_info,
    "setmycommands": _set_my_commands,
    "getmycommands": _get_my_commands,
    "sendmessage": _send_message,
    "sendphoto": _send_photo,
    "sendchataction": _send_chat_action,
    "getfile": _get_file,
    "editmessagetext": _edit_message_text,
    "editmessagecaption": _edit_message_caption,
    "editmessagereplymarkup": _edit_message_reply_markup,
    "deletemessage": _delete_message,
    "answercallbackquery": _answer_callback_query,
}
