"""Telegram: sending, and polling where there is no webhook. Ships switched off (T28).

The client library costs seconds and a hundred megabytes to import: ``bootstrap`` imports this module only where
Telegram is switched on and something is to be sent. What comes in is read in ``telegram_updates.py``.
"""

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramConflictError,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.utils.token import TokenValidationError

from bot.channels.channel import Abilities, Part, RefusedError, SendError
from bot.channels.messages import ContactKey, Incoming, Received
from bot.channels.payloads import Payloads
from bot.channels.pictures import Draw, PictureIds, Uploaded, picture_key
from bot.channels.telegram_updates import CHANNEL, COMMANDS, KINDS, TelegramUpdates, tap_of
from bot.core.replies import Button
from bot.settings import SettingsError

log = logging.getLogger(__name__)

# ---- limits ----

# lengths are Telegram's own; a label longer than this is cut short on a phone's screen, and more buttons need scrolling
ABILITIES = Abilities(text=4096, buttons=12, label=40, caption=1024, progress=False)

# seconds: a call, one that carries a picture, a poll
_CALL = 15
_UPLOAD = 40
_POLL = 30

# seconds between polls that failed, twice as long after each failure
_PAUSE = 1.0
_LONGEST_PAUSE = 60.0

# posts Telegram may have under way to us at the same time
_CONNECTIONS = 40

# what Telegram says where an id of a picture is not known to it
_UNKNOWN_PICTURE = "wrong file identifier"
_GONE = ("chat not found", "user is deactivated", "PEER_ID_INVALID")


@dataclass(frozen=True, slots=True)
class WebhookState:
    """What Telegram tells of the webhook, for the operator."""

    url: str
    waiting: int
    last_error: str
    last_error_at: dt.datetime | None


class Telegram:
    """The channel. ``draw`` gives a picture as PNG, ``ids`` remembers uploads, ``api`` is where the Bot API answers."""

    def __init__(
        self,
        *,
        token: str,
        payloads: Payloads,
        draw: Draw,
        ids: PictureIds,
        now: Callable[[], dt.datetime],
        api: str = "https://api.telegram.org",
    ) -> None:
        try:
            self._bot = Bot(token, session=_Session(api=TelegramAPIServer.from_base(api), timeout=_CALL))
        except TokenValidationError:
            raise SettingsError("the Telegram token must look like 123456789:AA…, as BotFather gave it") from None
        self._payloads = payloads
        self._draw = draw
        self._ids = ids
        self._now = now
        self._uploading = asyncio.Lock()

    @property
    def name(self) -> str:
        return CHANNEL

    @property
    def abilities(self) -> Abilities:
        return ABILITIES

    async def close(self) -> None:
        await self._bot.session.close()

    # ---- send ----

    async def send(self, address: str, part: Part) -> str:
        """Hand a part over to the chat of that address; the id of its message. Raises ``SendError``."""
        try:
            return await (self._send_picture(address, part) if part.picture else self._send_text(address, part))
        except (TelegramAPIError, _StrangeAnswerError) as error:
            # nothing of the library's error goes on: it may hold the address with the token in it
            raise _send_error(error) from None

    async def _send_text(self, address: str, part: Part) -> str:
        sent = await self._bot.send_message(address, part.text, reply_markup=self._keyboard(address, part.buttons))
        return str(sent.message_id)

    async def _send_picture(self, address: str, part: Part) -> str:
        png = await asyncio.to_thread(self._draw, part.picture)
        if png is None:
            # the content has lost it meanwhile; its words remain, where it has any
            return await self._send_text(address, part) if part.text else ""
        key = picture_key(part.picture, png)
        known = await self._ids.get(CHANNEL, key)
        if known is not None:
            with contextlib.suppress(_UnknownPictureError):
                return str((await self._send_photo(address, part, known.id)).message_id)
        return str((await self._send_first(address, part, key, png, refused=known)).message_id)

    async def _send_first(self, address: str, part: Part, key: str, png: bytes, refused: Uploaded | None) -> Message:
        """Upload a picture, one at a time: many may ask for the same one at once."""
        async with self._uploading:
            known = await self._ids.get(CHANNEL, key)
            if known is None or known == refused:
                sent = await self._send_photo(address, part, BufferedInputFile(png, f"{part.picture}.png"))
                if sent.photo:
                    await self._ids.put(CHANNEL, key, Uploaded(sent.photo[-1].file_id, self._now()))
                return sent
        return await self._send_photo(address, part, known.id)

    async def _send_photo(self, address: str, part: Part, photo: BufferedInputFile | str) -> Message:
        try:
            return await self._bot.send_photo(
                address,
                photo,
                caption=part.text or None,
                reply_markup=self._keyboard(address, part.buttons),
                request_timeout=_UPLOAD,
            )
        except TelegramBadRequest as error:
            if isinstance(photo, str) and _UNKNOWN_PICTURE in error.message:
                raise _UnknownPictureError from None
            raise

    def _keyboard(self, address: str, buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
        """One button a line: large enough for every thumb."""
        if not buttons:
            return None
        contact, today = ContactKey(CHANNEL, address), self._now().date()
        rows = [
            [InlineKeyboardButton(text=button.label, callback_data=self._payloads.sign(contact, button.id, today))]
            for button in buttons
        ]
        return InlineKeyboardMarkup(inline_keyboard=rows)

    # ---- what need not succeed ----

    async def take_buttons_away(self, received: Received) -> None:
        """Buttons that were tapped stand there no more; where this fails, an old tap is answered all the same."""
        tap, message = tap_of(received)
        if not (tap and message.isdecimal() and isinstance(received, Incoming)):
            return
        with contextlib.suppress(TelegramAPIError, _StrangeAnswerError):
            await self._bot.edit_message_reply_markup(chat_id=received.contact.user, message_id=int(message))

    async def show_commands(self, explained: Callable[[str, str], str]) -> None:
        """Have the commands listed in the app. ``explained`` gives a phrase by its name and language."""
        for language, commands in COMMANDS.items():
            listed = [
                BotCommand(command=name, description=explained(phrase, language)) for name, phrase in commands.items()
            ]
            try:
                await self._bot.set_my_commands(listed, language_code=language or None)
            except (TelegramAPIError, _StrangeAnswerError) as error:
                log.warning("telegram: the list of commands was not taken: %s", _send_error(error).reason)

    # ---- the webhook ----

    async def set_webhook(self, url: str, secret: str) -> None:
        """Have updates posted to this https address. Raises ``SendError``."""
        try:
            await self._bot.set_webhook(
                url, secret_token=secret, allowed_updates=list(KINDS), max_connections=_CONNECTIONS
            )
        except (TelegramAPIError, _StrangeAnswerError) as error:
            raise _send_error(error) from None

    async def webhook(self) -> WebhookState:
        """How the webhook stands. Raises ``SendError``."""
        try:
            info = await self._bot.get_webhook_info()
        except (TelegramAPIError, _StrangeAnswerError) as error:
            raise _send_error(error) from None
        return WebhookState(info.url, info.pending_update_count, info.last_error_message or "", info.last_error_date)

    # ---- polling ----

    async def poll(self, updates: TelegramUpdates, *, pause: float = _PAUSE) -> AsyncGenerator[Received, None]:
        """What happens, one after another, without a webhook, until the caller stops; for development.

        Telegram forgets an update once the caller asked for the one after it: by then it must be kept safely.
        """
        offset, failures = 0, 0
        while True:
            try:
                found = await self._bot(
                    _GetRawUpdates(offset=offset, allowed_updates=list(KINDS)), request_timeout=_POLL + _CALL
                )
                failures = 0
            except (TelegramAPIError, _StrangeAnswerError) as error:
                log.warning("telegram: polling failed: %s", _send_error(error).reason)
                await asyncio.sleep(min(pause * 2**failures, _LONGEST_PAUSE))
                failures += 1
                continue
            for update in found:
                try:
                    received = updates.read(update)
                except RefusedError as error:
                    log.warning("telegram: an update was refused: %s", error.reason)
                else:
                    yield received
                    await self._end_waiting(received)
                offset = int(update["update_id"]) + 1

    async def _end_waiting(self, received: Received) -> None:
        """The waiting sign on a tapped button goes away; if this fails it goes away by itself."""
        tap, _ = tap_of(received)
        if tap:
            with contextlib.suppress(TelegramAPIError, _StrangeAnswerError):
                await self._bot.answer_callback_query(tap)


class _UnknownPictureError(Exception):
    """Telegram does not know this id of a picture any more."""


class _StrangeAnswerError(Exception):
    """An answer that is not the Bot API's, with its status: a gateway's page, or half an answer."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class _Session(AiohttpSession):
    """Tells the status of an answer it cannot read, and nothing of the answer."""

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        try:
            return super().check_response(bot, method, status_code, content)
        except ClientDecodeError:
            raise _StrangeAnswerError(status_code) from None


class _GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """Updates as they were posted: the reader of the webhook reads these, too."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int
    allowed_updates: list[str]
    timeout: int = _POLL


def _send_error(error: TelegramAPIError | _StrangeAnswerError) -> SendError:  # noqa: PLR0911
    """What an error of the platform means for the part that was on its way."""
    match error:
        case TelegramRetryAfter():
            return SendError("throttled", "retry", after=error.retry_after, everywhere=True)
        case TelegramUnauthorizedError() | TelegramNotFound():
            return SendError("token", "operator")
        case TelegramForbiddenError() | TelegramMigrateToChat():
            return SendError("blocked", "unreachable")
        case TelegramBadRequest():
            return _bad_request(error.message)
        case TelegramConflictError():
            return SendError("conflict", "retry")
        case TelegramNetworkError():
            return _network(error.__cause__)
        case TelegramServerError():
            return SendError("server", "retry")
        case _StrangeAnswerError(status=429):
            return SendError("throttled", "retry", everywhere=True)
        case _StrangeAnswerError(status=status):
            # with a good status it was taken, whatever became of the answer
            return SendError("strange_answer", "retry", unknown=status < 300)
        case _:
            return SendError("refused", "retry")


def _bad_request(description: str) -> SendError:
    if any(words in description for words in _GONE):
        return SendError("gone", "unreachable")
    # a fault of ours in this one message: sending it again changes nothing, and others must not wait behind it
    log.error("telegram: a message was refused as malformed")
    return SendError("malformed", "drop")


def _network(cause: BaseException | None) -> SendError:
    """Without a connection nothing left; else the platform may have it."""
    return SendError("network", "retry", unknown=not isinstance(cause, aiohttp.ClientConnectorError))
