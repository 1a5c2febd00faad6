"""Who is let in: people on the office's list whose account is tied to them; strangers get one polite answer."""

import re
from collections import OrderedDict

from telegram import Update
from telegram.constants import ChatType
from telegram.ext import ApplicationHandlerStop, TypeHandler

from bot.staff import words
from bot.staff.context import StaffContext, aside, show, text_of
from bot.staff.office import Office
from bot.staff.pages import Page, home

# answers a stranger gets: one, and a few more to who mistypes a code
_TO_STRANGERS = 1
_TO_WRONG_CODES = 5

# strangers whose answers are counted; of those who wrote longest ago the count is lost
_STRANGERS = 10_000

# the code of the console, alone or behind /start as the link writes it
_CODE = re.compile(r"/start(?:@\w+)?\s+(\S.{0,60})|\s*([A-Za-z0-9]{5}(?:[ -][A-Za-z0-9]{5}){2})\s*")


class Door:
    """Stands before all other handlers: what it does not let through reaches none of them."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._answered: OrderedDict[int, int] = OrderedDict()

    def handler(self) -> TypeHandler[Update, StaffContext, None]:
        return TypeHandler(Update, self._open)

    async def _open(self, update: Update, context: StaffContext) -> None:
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None or chat.type != ChatType.PRIVATE:
            raise ApplicationHandlerStop
        found = _CODE.fullmatch(text_of(update))
        if found is not None:
            await self._tie(update, user.id, found[1] or found[2])
            raise ApplicationHandlerStop
        # asked each time: a closed account is out at once
        context.let_in = await aside(self._office.ties.account, str(user.id))
        if context.let_in is None:
            await self._answer(update, user.id, words.STRANGER, _TO_STRANGERS)
            raise ApplicationHandlerStop

    async def _tie(self, update: Update, user: int, code: str) -> None:
        tied = await aside(self._office.ties.tie, str(user), code)
        account = await aside(self._office.ties.account, str(user)) if tied else None
        if account is None:
            await self._answer(update, user, words.WRONG_CODE, _TO_WRONG_CODES)
            return
        self._answered.pop(user, None)
        await show(update, Page(words.TIED))
        await show(update, home(await aside(self._office.coming, account), self._office.titles))

    async def _answer(self, update: Update, user: int, text: str, most: int) -> None:
        answered = self._answered.pop(user, 0)
        self._answered[user] = answered + 1
        if len(self._answered) > _STRANGERS:
            self._answered.popitem(last=False)
        if answered < most:
            await show(update, Page(text))
