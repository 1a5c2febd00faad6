"""The methods of the Zalo Bot platform, with the checks of the real one."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.stand_ins.zalo_bot.errors import BotError, Json
from tests.stand_ins.zalo_bot.people import People
from tests.stand_ins.zalo_bot.updates import Updates

# characters of a text or a caption; messages of a month
_TEXT = 2000
_QUOTA = 3000

Parameters = Mapping[str, Any]


@dataclass(slots=True)
class Refusal:
    """An answer given instead of doing what ``method`` asks: so many ``times``, or always where 0."""

    code: int
    description: str = "Quota exceeded"
    method: str = ""
    times: int = 1
    quiet: bool = False
    html: bool = False


@dataclass(slots=True)
class Api:
    """One bot's side. ``forgetful``: getWebhookInfo without a webhook is 404, as a live bot answered."""

    bot: Json
    updates: Updates
    people: People
    left: int = _QUOTA
    forgetful: bool = True
    refusals: list[Refusal] = field(default_factory=list)

    async def call(self, method: str, given: Parameters) -> Any:
        """What stands in ``result``, None where there is none. Raises ``BotError``."""
        found = METHODS.get(method)
        if found is None:
            raise BotError(404, "Not Found")
        self._refuse(method)
        return await found(self, given)

    def _refuse(self, method: str) -> None:
        refusal = next((each for each in self.refusals if each.method in ("", method)), None)
        if refusal is None:
            return
        if refusal.times == 1:
            self.refusals.remove(refusal)
        elif refusal.times:
            refusal.times -= 1
        raise BotError(refusal.code, refusal.description, quiet=refusal.quiet, html=refusal.html)

    def pay(self) -> None:
        if not self.left:
            raise BotError(429, "Quota exceeded")
        self.left -= 1


# ---- about the bot and its updates ----


async def _get_me(api: Api, given: Parameters) -> Json:
    return api.bot


async def _get_updates(api: Api, given: Parameters) -> Json:
    timeout = _text(given, "timeout") or "30"
    if not timeout.isdecimal():
        raise BotError(400, "Bad Request: timeout must be a number of seconds")
    return await api.updates.get(float(timeout))


async def _set_webhook(api: Api, given: Parameters) -> Json:
    webhook = api.updates.set_webhook(_text(given, "url"), _text(given, "secret_token"))
    return {"url": webhook.url, "updated_at": int(webhook.at * 1000)}


async def _delete_webhook(api: Api, given: Parameters) -> Json:
    api.updates.delete_webhook()
    return {"url": "", "updated_at": 0}


async def _get_webhook_info(api: Api, given: Parameters) -> Json:
    webhook = api.updates.webhook
    if webhook is None and api.forgetful:
        raise BotError(404, "Not Found")
    return {"url": webhook.url, "updated_at": int(webhook.at * 1000)} if webhook else {"url": "", "updated_at": 0}


# ---- sending ----


async def _send_message(api: Api, given: Parameters) -> Json:
    text = _text(given, "text")
    if not 1 <= len(text) <= _TEXT:
        raise BotError(400, "Bad Request: text must have 1 to 2000 characters")
    chat = api.people.reachable(_text(given, "chat_id"))
    api.pay()
    return api.people.add(chat, text=text)


async def _send_photo(api: Api, given: Parameters) -> Json:
    photo, caption = _text(given, "photo"), _text(given, "caption")
    if not photo.startswith(("https://", "http://")):
        raise BotError(400, "Bad Request: photo must be a public address")
    if len(caption) > _TEXT:
        raise BotError(400, "Bad Request: caption must have at most 2000 characters")
    chat = api.people.reachable(_text(given, "chat_id"))
    api.pay()
    return api.people.add(chat, text=caption, picture=photo)


async def _send_sticker(api: Api, given: Parameters) -> Json:
    if not _text(given, "sticker"):
        raise BotError(400, "Bad Request: sticker is empty")
    chat = api.people.reachable(_text(given, "chat_id"))
    api.pay()
    return api.people.add(chat, media="🙂 Nhãn dán")


async def _send_voice(api: Api, given: Parameters) -> Json:
    if not _text(given, "voice_url").endswith(".aac"):
        raise BotError(400, "Bad Request: voice_url must end in .aac")
    chat = api.people.reachable(_text(given, "chat_id"))
    api.pay()
    return api.people.add(chat, media="🎤 Tin thoại")


async def _send_chat_action(api: Api, given: Parameters) -> None:
    if _text(given, "action") != "typing":
        raise BotError(400, "Bad Request: unknown action")
    api.people.type(api.people.reachable(_text(given, "chat_id")))


def _text(given: Parameters, name: str) -> str:
    value = given.get(name)
    return "" if value is None else str(value)


METHODS: dict[str, Callable[[Api, Parameters], Awaitable[Json | None]]] = {
    "getMe": _get_me,
    "getUpdates": _get_updates,
    "setWebhook": _set_webhook,
    "deleteWebhook": _delete_webhook,
    "getWebhookInfo": _get_webhook_info,
    "sendMessage": _send_message,
    "sendPhoto": _send_photo,
    "sendSticker": _send_sticker,
    "sendVoice": _send_voice,
    "sendChatAction": _send_chat_action,
}
