"""Leading a class from a chat: the parts, who needs help, how far everybody is, the end.

A button names its class, and the part it leads to: tapped twice, or by two trainers, it is done once. A typed word is
about the class that is on; where there are several, about the one chosen last.
"""

import io
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import segno
from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler

from bot.classes.roll import Act, Tap
from bot.classes.schedule import Led, OpenClass
from bot.staff import pages, words
from bot.staff.commands import Command, Said, read
from bot.staff.context import Says, StaffContext, aside, keyboard, show, tapped, text_of
from bot.staff.office import Office
from bot.staff.pages import Page
from bot.staff.taps import Tapped
from bot.store.moments import CITY

# where the class chosen last stands among what is known of a chat
_CHOSEN = "class"

_Handler = BaseHandler[Update, StaffContext, Any]


class Leading:
    """The acts, by button and by word."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._by_word: dict[Command, Callable[[Update, Led, Said], Awaitable[None]]] = {
            "next": self._next,
            "back": self._back,
            "again": lambda update, led, _: self._again(update, led),
            "stuck": lambda update, led, _: self._stuck(update, led),
            "board": lambda update, led, _: self._board(update, led),
            "without_phone": self._count_said,
            "code": lambda update, led, _: self._code(update, led.found),
            "end": lambda update, led, _: show(update, pages.end_page(led.found)),
        }
        self._by_button: dict[str, Callable[[Update, Led, Tapped], Awaitable[None]]] = {
            "go": self._go,
            "re": lambda update, led, _: self._again(update, led),
            "st": lambda update, led, _: self._stuck(update, led),
            "bd": lambda update, led, _: self._board(update, led),
            "np": self._count_tapped,
            "qr": lambda update, led, _: self._code(update, led.found),
            "en": self._end,
        }

    def handlers(self) -> list[_Handler]:
        return [
            *(MessageHandler(Says(command), self._said) for command in self._by_word),
            MessageHandler(Says("classes"), self._classes),
            MessageHandler(Says("help"), self._classes),
            CallbackQueryHandler(self._choose, r"^cl:"),
            CallbackQueryHandler(self._tapped),
            MessageHandler(Says(""), self._not_understood),
        ]

    async def opened(self, update: Update, context: StaffContext, found: OpenClass) -> None:
        """A class was just opened: its code for the hall, and the way into its first part."""
        context.remember(_CHOSEN, found.id)
        title = self._office.titles[found.lesson]
        await show(update, Page(words.OPENED.format(lesson=title, venue=pages.venue(found))))
        await self._code(update, found)

    # ---- which class ----

    async def _said(self, update: Update, context: StaffContext) -> None:
        led = await self.meant(update, context, await aside(self._office.on, context.account))
        if led is not None:
            said = read(text_of(update))
            await self._by_word[said.command](update, led, said)

    async def _tapped(self, update: Update, context: StaffContext) -> None:
        tap = await tapped(update)
        led = await self.led(update, context, tap)
        act = self._by_button.get(tap.verb)
        if led is not None and act is not None:
            await act(update, led, tap)

    async def led(self, update: Update, context: StaffContext, tap: Tapped) -> Led | None:
        """The class a button is about; whoever does not lead it, or not any more, is told."""
        led = await aside(self._office.led, context.account, tap.class_id)
        if led is None:
            coming = await aside(self._office.coming, context.account)
            await show(update, Page(words.CLASS_GONE, pages.home(coming, self._office.titles).rows))
            return None
        context.remember(_CHOSEN, led.found.id)
        return led

    async def meant(self, update: Update, context: StaffContext, classes: Sequence[OpenClass]) -> Led | None:
        """Which of these classes a typed word is about; where that is not clear, the trainer is asked."""
        chosen = [each for each in classes if each.id == context.remembered(_CHOSEN)] or classes
        if len(chosen) == 1:
            return await aside(self._office.led, context.account, chosen[0].id)
        if classes:
            await show(update, pages.choice(words.WHICH_CLASS, classes, self._office.titles))
            return None
        coming = await aside(self._office.coming, context.account)
        text = self._not_yet(coming[0]) if coming else words.NO_CLASS
        await show(update, Page(text, pages.home(coming, self._office.titles).rows))
        return None

    async def _choose(self, update: Update, context: StaffContext) -> None:
        led = await self.led(update, context, await tapped(update))
        if led is not None:
            await self._board(update, led)

    async def _classes(self, update: Update, context: StaffContext) -> None:
        await show(update, pages.home(await aside(self._office.coming, context.account), self._office.titles))

    async def _not_understood(self, update: Update, context: StaffContext) -> None:
        await show(update, Page(words.NOT_UNDERSTOOD))

    # ---- the parts ----

    async def _go(self, update: Update, led: Led, tap: Tapped) -> None:
        await self._open(update, led, tap.word(1))

    async def _next(self, update: Update, led: Led, said: Said) -> None:
        board = await aside(self._office.board, led.found)
        if board.following is None:
            await show(update, Page(words.LAST_PART, pages.begun(led.found, board)))
        elif _is_past(update, led.found):
            await show(update, pages.part_page(led.found, board))
        else:
            await self._open(update, led, board.following.name)

    async def _back(self, update: Update, led: Led, said: Said) -> None:
        board = await aside(self._office.board, led.found)
        if board.now <= 0:
            await show(update, Page(words.FIRST_PART, pages.begun(led.found, board)))
        elif _is_past(update, led.found):
            await show(update, pages.part_page(led.found, board))
        else:
            await self._open(update, led, board.parts[board.now - 1].name)

    async def _open(self, update: Update, led: Led, part: str) -> None:
        board = await aside(self._office.board, led.found)
        if part not in {each.name for each in board.parts}:
            # the lesson was edited meanwhile
            await show(update, pages.board_page(led.found, board))
            return
        if await self._tap(update, led, "open", part=part):
            found = await aside(self._office.schedule.find, led.found.id) or led.found
            await show(update, pages.part_page(found, await aside(self._office.board, found)))

    async def _again(self, update: Update, led: Led) -> None:
        board = await aside(self._office.board, led.found)
        if board.part is None or board.part.opens is None:
            await show(update, Page(words.NOTHING_TO_REPEAT, pages.begun(led.found, board)))
        elif await self._tap(update, led, "again"):
            await show(update, Page(words.AGAIN, pages.begun(led.found, board)))

    # ---- how it stands ----

    async def _stuck(self, update: Update, led: Led) -> None:
        await show(update, pages.stuck_page(led.found, await aside(self._office.board, led.found)))

    async def _board(self, update: Update, led: Led) -> None:
        await show(update, pages.board_page(led.found, await aside(self._office.board, led.found)))

    async def _code(self, update: Update, found: OpenClass) -> None:
        """The code for the hall, with a picture a camera opens; nothing of it is secret."""
        page = pages.code_page(found, await aside(self._office.board, found), self._office.projector(found))
        if update.effective_chat is not None:
            picture = await aside(_qr, self._office.link(found))
            await update.effective_chat.send_photo(picture, caption=page.text, reply_markup=keyboard(page))

    # ---- counting, ending ----

    async def _count_tapped(self, update: Update, led: Led, tap: Tapped) -> None:
        await self._count(update, led, tap.number(1) if tap.word(1) else None)

    async def _count_said(self, update: Update, led: Led, said: Said) -> None:
        await self._count(update, led, said.numbers[0] if said.numbers else None)

    async def _count(self, update: Update, led: Led, count: int | None) -> None:
        if count is None:
            await show(update, pages.count_page(led.found))
        elif await self._tap(update, led, "without_phone", count=count):
            await self._told(update, led, words.COUNTED.format(count=count))

    async def _end(self, update: Update, led: Led, tap: Tapped) -> None:
        if tap.word(1) != "yes":
            await show(update, pages.end_page(led.found))
        elif await self._tap(update, led, "end"):
            ended = words.ENDED.format(seats=led.found.seats, without_phone=led.found.without_phone)
            await self._told(update, led, ended)

    # ---- inside ----

    async def _tap(self, update: Update, led: Led, act: Act, *, part: str = "", count: int = 0) -> bool:
        """Have it done; whoever cannot now is told why. The update's number makes the same tap one tap."""
        tap = Tap(act, f"telegram {update.update_id}", part, count)
        if await aside(self._office.roll.tap, led, tap):
            return True
        early = self._office.now() < led.found.doors_at
        await show(update, Page(self._not_yet(led.found) if early else words.CLASS_GONE))
        return False

    async def _told(self, update: Update, led: Led, text: str) -> None:
        found = await aside(self._office.schedule.find, led.found.id) or led.found
        await show(update, Page(text, pages.begun(found, await aside(self._office.board, found))))

    def _not_yet(self, found: OpenClass) -> str:
        doors = found.doors_at.astimezone(CITY).strftime("%H:%M")
        return words.NOT_YET.format(at=pages.when(found), doors=doors)


def _is_past(update: Update, found: OpenClass) -> bool:
    """Whether a part was opened after this word was typed: told again after a lost line, it must not lead two ahead."""
    return bool(update.message and found.part_at and update.message.date <= found.part_at)


def _qr(address: str) -> bytes:
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="png", scale=12, border=4)
    return drawn.getvalue()
