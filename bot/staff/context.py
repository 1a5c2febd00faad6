"""One update on its way through the handlers: who sent it, and saying something back."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message, Update
from telegram.error import TelegramError
from telegram.ext import CallbackContext, ExtBot
from telegram.ext.filters import MessageFilter

from bot.staff.commands import Command, read
from bot.staff.pages import Page
from bot.staff.taps import Tapped
from bot.store.staff import Account

Given = ParamSpec("Given")
Result = TypeVar("Result")


class StaffContext(CallbackContext[ExtBot[Any], dict[str, Any], dict[str, Any], dict[str, Any]]):
    """Carries who was let in."""

    let_in: Account | None = None

    @property
    def account(self) -> Account:
        """Who sent this; the door lets nobody else through."""
        if self.let_in is None:
            raise LookupError("an update came past the door")
        return self.let_in

    def remember(self, what: str, value: object) -> None:
        """Keep something of this chat for as long as the process lives."""
        if self.chat_data is not None:
            self.chat_data[what] = value

    def remembered(self, what: str) -> object:
        return self.chat_data.get(what) if self.chat_data else None


async def aside(call: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
    """What blocks, in a thread."""
    return await asyncio.to_thread(call, *given, **named)


async def show(update: Update, page: Page) -> None:
    """Say it as a new message: what was said before stays above it."""
    if update.effective_chat is not None:
        await update.effective_chat.send_message(page.text, reply_markup=keyboard(page))


def keyboard(page: Page) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in page.rows]
    return InlineKeyboardMarkup(rows) if rows else None


async def tapped(update: Update) -> Tapped:
    """What was tapped; the waiting sign on the button goes away.

    A tap that reached us late can be answered no more, and is done all the same.
    """
    query = update.callback_query
    if query is None:
        return Tapped("")
    with contextlib.suppress(TelegramError):
        await query.answer()
    return Tapped.read(query.data or "")


def text_of(update: Update) -> str:
    return (update.message.text or "") if update.message else ""


class Says(MessageFilter):
    """Messages that mean this command, in whatever words; the empty one is everything else that is typed."""

    def __init__(self, command: Command) -> None:
        super().__init__(name=f"Says({command})")
        self._command = command

    def filter(self, message: Message) -> bool:
        return message.text is not None and read(message.text).command == self._command
