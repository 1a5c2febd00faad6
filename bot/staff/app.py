"""The bot as a process: its handlers in their order, its clock, polling until it is to stop."""

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, Application, ApplicationBuilder, ContextTypes
from telegram.request import HTTPXRequest

from bot.settings import SettingsError
from bot.staff import words
from bot.staff.commands import COMMANDS
from bot.staff.confirming import SeatConfirming
from bot.staff.context import StaffContext, show
from bot.staff.door import Door
from bot.staff.leading import Leading
from bot.staff.news import Telling
from bot.staff.office import Office
from bot.staff.opening import Opening
from bot.staff.pages import Page
from bot.staff.turns import OneByOneInAChat

log = logging.getLogger(__name__)

# seconds: an answer of Telegram's, one that carries a picture, a poll
_CALL = 15.0
_UPLOAD = 40.0
_POLL = dt.timedelta(seconds=30)

# seconds for the answers under way once the bot is to stop
_LAST_ANSWERS = 10.0

# how often it is looked for what should be told unasked
_LOOK_EVERY = dt.timedelta(minutes=1)

# how often a message is sent again that Telegram had no room for
_TRIES = 3

_KINDS = (Update.MESSAGE, Update.CALLBACK_QUERY)

_Data = dict[str, Any]
StaffApplication = Application[Any, StaffContext, _Data, _Data, _Data, Any]


class StaffBot:
    """The trainers' bot over one office. ``api`` is where the Bot API answers."""

    def __init__(self, office: Office, *, token: str, api: str) -> None:
        self._office = office
        self._telling = Telling(office)
        self.application = _built(token, api)
        leading = Leading(office)
        self.application.add_handler(Door(office).handler(), group=-1)
        self.application.add_handler(Opening(office, leading).handler())
        self.application.add_handlers(SeatConfirming(office, leading).handlers())
        self.application.add_handlers(leading.handlers())
        self.application.add_error_handler(_failed)

    async def run(self, stopped: asyncio.Event, started: Callable[[], None]) -> None:
        """Answers until it is to stop; ``started`` is called once it does.

        Raises ``SettingsError`` for a token Telegram does not know.
        """
        try:
            await self._begin()
            await self._at_work(stopped, started)
        finally:
            await self.application.shutdown()
            # where it did not even begin, its connections are still open
            await self.application.bot.shutdown()

    async def _begin(self) -> None:
        try:
            await self.application.initialize()
        except InvalidToken:
            # the library's words quote the token
            raise SettingsError("Telegram không nhận mã telegram_staff_token; chép lại từ BotFather.") from None
        except TelegramError as error:
            raise SettingsError(f"không gọi được Telegram ({type(error).__name__}); coi mạng của máy này.") from None

    async def _at_work(self, stopped: asyncio.Event, started: Callable[[], None]) -> None:
        application = self.application
        await _list_commands(application)
        if application.job_queue is not None:
            application.job_queue.run_repeating(self._telling.tell, _LOOK_EVERY, first=dt.timedelta(0), name="news")
        await application.start()
        if application.updater is not None:
            await application.updater.start_polling(
                timeout=_POLL, allowed_updates=_KINDS, bootstrap_retries=-1, error_callback=_not_polled
            )
        started()
        try:
            await stopped.wait()
        finally:
            if application.updater is not None:
                await application.updater.stop()
            # what was taken is answered: Telegram would not tell of it again
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(application.update_queue.join(), _LAST_ANSWERS)
            await application.stop()


def _built(token: str, api: str) -> StaffApplication:
    builder = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api}/bot")
        .base_file_url(f"{api}/file/bot")
        .request(_request())
        .get_updates_request(_request())
        .concurrent_updates(OneByOneInAChat())
        .rate_limiter(AIORateLimiter(max_retries=_TRIES))
        .context_types(ContextTypes(context=StaffContext))
    )
    return builder.build()


def _request() -> HTTPXRequest:
    return HTTPXRequest(
        connection_pool_size=16,
        connect_timeout=_CALL,
        read_timeout=_CALL,
        media_write_timeout=_UPLOAD,
        httpx_kwargs={"trust_env": False},
    )


async def _list_commands(application: StaffApplication) -> None:
    listed = [BotCommand(name, explained) for name, explained, _ in COMMANDS.values()]
    try:
        await application.bot.set_my_commands(listed)
    except TelegramError as error:
        log.warning("the list of commands was not taken: %s", type(error).__name__)


async def _failed(update: object, context: StaffContext) -> None:
    """Whoever waits hears of it; the log hears what kind of fault it was, never what somebody typed."""
    error = context.error
    log.error("an update could not be answered: %s", type(error).__name__, exc_info=error)
    if isinstance(update, Update) and not isinstance(error, TelegramError):
        await show(update, Page(words.TROUBLE))


def _not_polled(error: TelegramError) -> None:
    if isinstance(error, Conflict):
        log.error("another process answers for this bot: stop one of them, or remove the bot's webhook")
    else:
        log.warning("polling failed: %s", type(error).__name__)
