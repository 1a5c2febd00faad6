"""Opening a class from a chat: lesson, length, ward where there are several, place.

Every button carries all that was chosen before it: a tap on one goes on from there, also after a restart.
"""

import warnings
from dataclasses import dataclass

from telegram import Update
from telegram.ext import CallbackQueryHandler, ConversationHandler, MessageHandler
from telegram.warnings import PTBUserWarning

from bot.classes.schedule import ClassRefusedError, may_lead
from bot.shield.hiding import hide
from bot.staff import words
from bot.staff.commands import is_stop
from bot.staff.context import Says, StaffContext, aside, show, tapped, text_of
from bot.staff.leading import Leading
from bot.staff.office import Office
from bot.staff.pages import Page, Row
from bot.staff.taps import Tapped, data
from bot.store.staff import Account

# what is typed next
_WARD, _VENUE = "ward", "venue"
_END = ConversationHandler.END

# where that finds what was chosen before it
_CHOSEN = "opening"

# seconds after which nobody waits for it any more
_PATIENCE = 600


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A class on its way to being opened."""

    lesson: str
    length: str
    ward: str = ""

    @classmethod
    def of(cls, tap: Tapped) -> "_Chosen":
        return cls(tap.word(0), tap.word(1), tap.word(2))


class Opening:
    """The questions, one after another."""

    def __init__(self, office: Office, leading: Leading) -> None:
        self._office = office
        self._leading = leading

    def handler(self) -> ConversationHandler[StaffContext]:
        typed = Says("")
        with warnings.catch_warnings():
            # it warns that a button of an older message leads back into the conversation: here that is meant
            warnings.simplefilter("ignore", PTBUserWarning)
            return ConversationHandler(
                [
                    MessageHandler(Says("open"), self._ask_lesson),
                    CallbackQueryHandler(self._ask_lesson, r"^new$"),
                    CallbackQueryHandler(self._ask_length, r"^le:"),
                    CallbackQueryHandler(self._ask_ward, r"^ln:"),
                    CallbackQueryHandler(self._without_venue, r"^ve:"),
                ],
                {_WARD: [MessageHandler(typed, self._take_ward)], _VENUE: [MessageHandler(typed, self._take_venue)]},
                [],
                allow_reentry=True,
                conversation_timeout=_PATIENCE,
            )

    async def _ask_lesson(self, update: Update, context: StaffContext) -> object:
        await tapped(update)
        return await self._show_lessons(update)

    async def _show_lessons(self, update: Update) -> object:
        rows: tuple[Row, ...] = tuple(((each.title, data("le", each.name)),) for each in self._office.lessons.values())
        await show(update, Page(words.WHICH_LESSON, rows))
        return _END

    async def _ask_length(self, update: Update, context: StaffContext) -> object:
        tap = await tapped(update)
        lesson = self._office.lessons.get(tap.word(0))
        if lesson is None:
            return await self._show_lessons(update)
        if len(lesson.minutes) == 1:
            return await self._with_length(update, context, _Chosen(lesson.name, next(iter(lesson.minutes))))
        rows: tuple[Row, ...] = tuple(
            ((words.LENGTHS[length].format(minutes=minutes), data("ln", lesson.name, length)),)
            for length, minutes in lesson.minutes.items()
        )
        await show(update, Page(words.WHICH_LENGTH.format(lesson=lesson.title), rows))
        return _END

    async def _ask_ward(self, update: Update, context: StaffContext) -> object:
        return await self._with_length(update, context, _Chosen.of(await tapped(update)))

    async def _with_length(self, update: Update, context: StaffContext, chosen: _Chosen) -> object:
        wards = context.account.wards
        if len(wards) == 1:
            return await self._ask_venue(update, context, _Chosen(chosen.lesson, chosen.length, next(iter(wards))))
        context.remember(_CHOSEN, chosen)
        # typed, not offered: the bot names no ward before its trainer does (T28)
        await show(update, Page(words.WHICH_WARD))
        return _WARD

    async def _take_ward(self, update: Update, context: StaffContext) -> object:
        text, chosen = text_of(update), self._chosen(context)
        if chosen is None or is_stop(text):
            return await self._stop(update, context)
        found = self._wards(context.account, text)
        if len(found) != 1:
            await show(update, Page(words.WARD_UNKNOWN))
            return _WARD
        return await self._ask_venue(update, context, _Chosen(chosen.lesson, chosen.length, found[0]))

    def _wards(self, account: Account, text: str) -> list[str]:
        return [ward for ward in self._office.find_wards(text) if may_lead(account, ward)]

    async def _ask_venue(self, update: Update, context: StaffContext, chosen: _Chosen) -> object:
        context.remember(_CHOSEN, chosen)
        skip = data("ve", chosen.lesson, chosen.length, chosen.ward)
        await show(update, Page(words.WHICH_VENUE, (((words.B_NO_VENUE, skip),),)))
        return _VENUE

    async def _without_venue(self, update: Update, context: StaffContext) -> object:
        return await self._open(update, context, _Chosen.of(await tapped(update)), "")

    async def _take_venue(self, update: Update, context: StaffContext) -> object:
        text, chosen = " ".join(text_of(update).split()), self._chosen(context)
        if chosen is None or is_stop(text):
            return await self._stop(update, context)
        if hide(text).spans:
            await show(update, Page(words.VENUE_REFUSED))
            return _VENUE
        return await self._open(update, context, chosen, text)

    async def _open(self, update: Update, context: StaffContext, chosen: _Chosen, venue: str) -> object:
        lesson = self._office.lessons.get(chosen.lesson)
        if lesson is None or chosen.length not in lesson.minutes:
            return await self._show_lessons(update)
        try:
            found = await aside(
                self._office.schedule.open,
                lesson,
                length=chosen.length,
                ward=chosen.ward,
                venue=venue,
                staff=context.account,
            )
        except ClassRefusedError as refused:
            await show(update, Page(f"Dạ {refused}"))
            return _END
        await self._leading.opened(update, context, found)
        return _END

    async def _stop(self, update: Update, context: StaffContext) -> object:
        await show(update, Page(words.STOPPED))
        return _END

    def _chosen(self, context: StaffContext) -> _Chosen | None:
        chosen = context.remembered(_CHOSEN)
        return chosen if isinstance(chosen, _Chosen) else None
