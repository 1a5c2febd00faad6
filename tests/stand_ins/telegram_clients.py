"""Two independent clients of the Bot API behind one face, so that no library's habit is mistaken for the protocol."""

import datetime as dt
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Protocol

import aiogram
import telegram
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramNetworkError, TelegramRetryAfter
from aiogram.types import BufferedInputFile
from telegram.request import HTTPXRequest

# seconds a client waits for an answer that does not come
_PATIENCE = 2.0

Keys = Sequence[tuple[str, str]]


class Refused(Exception):
    """The API said no: its words without the word for the code, and the seconds to wait where it named them."""

    def __init__(self, why: str, retry_after: float = 0.0) -> None:
        super().__init__(why)
        self.why = why
        self.retry_after = retry_after


class Lost(Exception):
    """No answer, or one that is not the API's."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message as the API told it: its id, its text or caption, the id of its largest picture, its buttons."""

    id: int
    text: str
    file_id: str
    keys: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Got:
    """An update: its id, its kind, and the text typed or the data tapped; ``query`` answers the tap."""

    id: int
    kind: str
    said: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class Info:
    """What is told of the webhook."""

    url: str
    pending: int
    last_error: str
    max_connections: int


def _words(message: str) -> str:
    # one of them keeps the name of the code in front, the other does not
    for name in ("Bad Request", "Forbidden", "Conflict", "Telegram server says - "):
        message = message.removeprefix(name).removeprefix(": ")
    return message


class Client(Protocol):
    """What both libraries can do. Every method raises ``Refused`` or ``Lost``."""

    async def me(self) -> str: ...
    async def send(self, chat: str, text: str, keys: Keys = ()) -> Sent: ...
    async def photo(self, chat: str, picture: bytes | str, caption: str = "") -> Sent: ...
    async def edit(self, chat: str, message: int, text: str, keys: Keys = ()) -> Sent: ...
    async def delete(self, chat: str, message: int) -> bool: ...
    async def typing(self, chat: str) -> bool: ...
    async def answer(self, query: str, text: str = "") -> bool: ...
    async def file(self, file_id: str) -> str: ...
    async def updates(self, offset: int = 0, wait: int = 0) -> list[Got]: ...
    async def set_webhook(self, url: str, secret: str = "", connections: int = 40) -> bool: ...
    async def delete_webhook(self, *, drop: bool = False) -> bool: ...
    async def webhook(self) -> Info: ...


# ---- aiogram ----


class Aiogram:
    def __init__(self, bot: aiogram.Bot) -> None:
        self._bot = bot

    async def me(self) -> str:
        with _aiogram_errors():
            return (await self._bot.get_me()).first_name

    async def send(self, chat: str, text: str, keys: Keys = ()) -> Sent:
        with _aiogram_errors():
            return _aiogram_sent(await self._bot.send_message(chat, text, reply_markup=_aiogram_keys(keys)))

    async def photo(self, chat: str, picture: bytes | str, caption: str = "") -> Sent:
        photo = BufferedInputFile(picture, "hinh.png") if isinstance(picture, bytes) else picture
        with _aiogram_errors():
            return _aiogram_sent(await self._bot.send_photo(chat, photo, caption=caption or None))

    async def edit(self, chat: str, message: int, text: str, keys: Keys = ()) -> Sent:
        with _aiogram_errors():
            edited = await self._bot.edit_message_text(
                text, chat_id=chat, message_id=message, reply_markup=_aiogram_keys(keys)
            )
        assert isinstance(edited, aiogram.types.Message)
        return _aiogram_sent(edited)

    async def delete(self, chat: str, message: int) -> bool:
        with _aiogram_errors():
            return await self._bot.delete_message(chat, message)

    async def typing(self, chat: str) -> bool:
        with _aiogram_errors():
            return await self._bot.send_chat_action(chat, "typing")

    async def answer(self, query: str, text: str = "") -> bool:
        with _aiogram_errors():
            return await self._bot.answer_callback_query(query, text=text or None)

    async def file(self, file_id: str) -> str:
        with _aiogram_errors():
            return (await self._bot.get_file(file_id)).file_path or ""

    async def updates(self, offset: int = 0, wait: int = 0) -> list[Got]:
        with _aiogram_errors():
            return [_aiogram_got(each) for each in await self._bot.get_updates(offset=offset, timeout=wait)]

    async def set_webhook(self, url: str, secret: str = "", connections: int = 40) -> bool:
        with _aiogram_errors():
            return await self._bot.set_webhook(url, secret_token=secret or None, max_connections=connections)

    async def delete_webhook(self, *, drop: bool = False) -> bool:
        with _aiogram_errors():
            return await self._bot.delete_webhook(drop_pending_updates=drop)

    async def webhook(self) -> Info:
        with _aiogram_errors():
            info = await self._bot.get_webhook_info()
        return Info(info.url, info.pending_update_count, info.last_error_message or "", info.max_connections or 0)


@asynccontextmanager
async def aiogram_client(address: str, token: str) -> AsyncIterator[Client]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(address), timeout=_PATIENCE)
    async with aiogram.Bot(token, session=session) as bot:
        yield Aiogram(bot)


class _aiogram_errors:  # noqa: N801
    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        match error:
            case TelegramNetworkError():
                raise Lost(str(error)) from None
            case TelegramRetryAfter():
                raise Refused("retry after", error.retry_after) from None
            case TelegramAPIError():
                raise Refused(_words(error.message)) from None
            case aiogram.exceptions.ClientDecodeError():
                raise Lost(str(error)) from None


def _aiogram_keys(keys: Keys) -> aiogram.types.InlineKeyboardMarkup | None:
    rows = [[aiogram.types.InlineKeyboardButton(text=label, callback_data=data)] for label, data in keys]
    return aiogram.types.InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _aiogram_sent(message: aiogram.types.Message) -> Sent:
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    keys = tuple((key.text, key.callback_data or "") for row in rows for key in row)
    file_id = message.photo[-1].file_id if message.photo else ""
    return Sent(message.message_id, message.text or message.caption or "", file_id, keys)


def _aiogram_got(update: aiogram.types.Update) -> Got:
    message, query = update.message or update.edited_message, update.callback_query
    said = query.data if query else message.text if message else ""
    return Got(update.update_id, update.event_type, said or "", query.id if query else "")


# ---- python-telegram-bot ----


class PythonTelegramBot:
    def __init__(self, bot: telegram.Bot) -> None:
        self._bot = bot

    async def me(self) -> str:
        with _telegram_errors():
            return (await self._bot.get_me()).first_name

    async def send(self, chat: str, text: str, keys: Keys = ()) -> Sent:
        with _telegram_errors():
            return _telegram_sent(await self._bot.send_message(chat, text, reply_markup=_telegram_keys(keys)))

    async def photo(self, chat: str, picture: bytes | str, caption: str = "") -> Sent:
        with _telegram_errors():
            return _telegram_sent(await self._bot.send_photo(chat, picture, caption=caption or None))

    async def edit(self, chat: str, message: int, text: str, keys: Keys = ()) -> Sent:
        with _telegram_errors():
            edited = await self._bot.edit_message_text(text, chat, message, reply_markup=_telegram_keys(keys))
        assert isinstance(edited, telegram.Message)
        return _telegram_sent(edited)

    async def delete(self, chat: str, message: int) -> bool:
        with _telegram_errors():
            return await self._bot.delete_message(chat, message)

    async def typing(self, chat: str) -> bool:
        with _telegram_errors():
            return await self._bot.send_chat_action(chat, "typing")

    async def answer(self, query: str, text: str = "") -> bool:
        with _telegram_errors():
            return await self._bot.answer_callback_query(query, text=text or None)

    async def file(self, file_id: str) -> str:
        with _telegram_errors():
            return (await self._bot.get_file(file_id)).file_path or ""

    async def updates(self, offset: int = 0, wait: int = 0) -> list[Got]:
        with _telegram_errors():
            found = await self._bot.get_updates(offset=offset, timeout=dt.timedelta(seconds=wait))
        return [_telegram_got(each) for each in found]

    async def set_webhook(self, url: str, secret: str = "", connections: int = 40) -> bool:
        with _telegram_errors():
            return await self._bot.set_webhook(url, secret_token=secret or None, max_connections=connections)

    async def delete_webhook(self, *, drop: bool = False) -> bool:
        with _telegram_errors():
            return await self._bot.delete_webhook(drop_pending_updates=drop)

    async def webhook(self) -> Info:
        with _telegram_errors():
            info = await self._bot.get_webhook_info()
        return Info(info.url, info.pending_update_count, info.last_error_message or "", info.max_connections or 0)


@asynccontextmanager
async def telegram_client(address: str, token: str) -> AsyncIterator[Client]:
    requests = [
        HTTPXRequest(read_timeout=_PATIENCE, media_write_timeout=_PATIENCE, httpx_kwargs={"trust_env": False})
        for _ in range(2)
    ]
    bot = telegram.Bot(
        token,
        base_url=f"{address}/bot",
        base_file_url=f"{address}/file/bot",
        request=requests[0],
        get_updates_request=requests[1],
    )
    # not initialize(): that asks for getMe, and some tests want the first answer to go wrong
    for request in requests:
        await request.initialize()
    try:
        yield PythonTelegramBot(bot)
    finally:
        for request in requests:
            await request.shutdown()


class _telegram_errors:  # noqa: N801
    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        match error:
            case telegram.error.RetryAfter():
                wait = error.retry_after
                raise Refused("retry after", wait.total_seconds() if isinstance(wait, dt.timedelta) else wait) from None
            case telegram.error.BadRequest() | telegram.error.Forbidden() | telegram.error.Conflict():
                raise Refused(_words(error.message)) from None
            case telegram.error.InvalidToken():
                raise Refused("Unauthorized") from None
            case telegram.error.ChatMigrated():
                raise Refused("group chat was upgraded to a supergroup chat") from None
            case telegram.error.TelegramError():
                raise Lost(str(error)) from None


def _telegram_keys(keys: Keys) -> telegram.InlineKeyboardMarkup | None:
    rows = [[telegram.InlineKeyboardButton(label, callback_data=data)] for label, data in keys]
    return telegram.InlineKeyboardMarkup(rows) if rows else None


def _telegram_sent(message: telegram.Message) -> Sent:
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    keys = tuple((key.text, str(key.callback_data or "")) for row in rows for key in row)
    file_id = message.photo[-1].file_id if message.photo else ""
    return Sent(message.message_id, message.text or message.caption or "", file_id, keys)


def _telegram_got(update: telegram.Update) -> Got:
    message, query = update.message or update.edited_message, update.callback_query
    kind = next(name for name in update.to_dict() if name != "update_id")
    said = query.data if query else message.text if message else ""
    return Got(update.update_id, kind, said or "", query.id if query else "")


CLIENTS: dict[str, Callable[[str, str], AbstractAsyncContextManager[Client]]] = {
    "aiogram": aiogram_client,
    "python-telegram-bot": telegram_client,
}
