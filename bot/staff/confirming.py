"""Confirming by seat what a trainer saw on a phone: typed numbers are asked once more, all can be taken back."""

from collections.abc import Iterable, Sequence

from telegram import Update
from telegram.ext import BaseHandler, CallbackQueryHandler, MessageHandler

from bot.classes.confirming import Confirmable, Saw
from bot.classes.schedule import Led, OpenClass
from bot.staff import words
from bot.staff.commands import read
from bot.staff.context import Says, StaffContext, aside, show, tapped, text_of
from bot.staff.leading import Leading
from bot.staff.office import Office
from bot.staff.pages import Page, Row
from bot.staff.taps import Tapped, data

# seats said at once: their numbers have to fit into a button
_AT_ONCE = 12

# buttons of seats whose phones say it is done, and how many stand in a row
_SEATS_SHOWN = 24
_IN_A_ROW = 4


class SeatConfirming:
    """The buttons and words of confirming. A task is named by its place in the lesson."""

    def __init__(self, office: Office, leading: Leading) -> None:
        self._office = office
        self._leading = leading

    def handlers(self) -> "list[BaseHandler[Update, StaffContext, None]]":
        return [
            MessageHandler(Says("confirm"), self._said),
            CallbackQueryHandler(self._list, r"^cf:"),
            CallbackQueryHandler(self._say, r"^c[yn]:"),
            CallbackQueryHandler(self._say_of_one, r"^cp:"),
        ]

    async def _said(self, update: Update, context: StaffContext) -> None:
        led = await self._leading.meant(update, context, await aside(self._office.confirmable, context.account))
        if led is None:
            return
        numbers = read(text_of(update)).numbers
        if numbers:
            await self._ask(update, led, tuple(dict.fromkeys(numbers)))
        else:
            await show(update, await self._page(led.found, 0))

    async def _list(self, update: Update, context: StaffContext) -> None:
        tap = await tapped(update)
        led = await self._leading.led(update, context, tap)
        if led is not None:
            await show(update, await self._page(led.found, tap.number(1)))

    async def _page(self, found: OpenClass, at: int) -> Page:
        """The seats that say they are done with a task, and those confirmed already."""
        tasks = self._office.confirming.tasks(found)
        if at >= len(tasks):
            return Page(words.NO_TASK)
        lines = [each for each in await aside(self._office.confirming.seats, found) if each.task == tasks[at]]
        waiting = _seats(each for each in lines if each.says_done and not each.confirmed)[:_SEATS_SHOWN]
        confirmed = _seats(each for each in lines if each.confirmed)
        text = words.WHICH_SEATS.format(task=self._office.task_title(tasks[at]))
        if confirmed:
            text += "\n" + words.CONFIRMED_SO_FAR.format(seats=_listed(confirmed))
        keys = [(words.B_SEAT.format(seat=seat), data("cy", found.id, at, seat)) for seat in waiting]
        rows = [tuple(keys[start : start + _IN_A_ROW]) for start in range(0, len(keys), _IN_A_ROW)]
        others = [
            ((self._office.task_title(task), data("cf", found.id, other)),)
            for other, task in enumerate(tasks)
            if other != at
        ]
        return Page(text, (*rows, *others))

    async def _ask(self, update: Update, led: Led, seats: Sequence[int]) -> None:
        """Typed numbers may be a slip: they are said once more, with the task."""
        tasks = self._office.confirming.tasks(led.found)
        if not tasks:
            await show(update, Page(words.NO_TASK))
            return
        if len(seats) > _AT_ONCE:
            await show(update, Page(words.TOO_MANY.format(most=_AT_ONCE)))
            return
        lines = [each for each in await aside(self._office.confirming.seats, led.found) if each.seat in seats]
        done = {each.seat for each in lines if each.says_done}
        unsaid = [seat for seat in seats if seat in _seats(lines) and seat not in done]
        text = words.SURE.format(seats=_listed(seats))
        if unsaid:
            text += "\n" + words.NOT_SAID.format(seats=_listed(unsaid))
        joined = ".".join(map(str, seats))
        yes: tuple[Row, ...] = tuple(
            (
                (
                    words.B_SEEN_TASK.format(task=self._office.task_title(task)) if len(tasks) > 1 else words.B_SEEN,
                    data("cy", led.found.id, at, joined),
                ),
            )
            for at, task in enumerate(tasks)
        )
        await show(update, Page(text, (*yes, ((words.B_NO, data("cf", led.found.id)),))))

    # ---- saying it ----

    async def _say(self, update: Update, context: StaffContext) -> None:
        """Of every seat named; where several share its phone, it is asked whom."""
        tap = await tapped(update)
        led = await self._leading.led(update, context, tap)
        tasks = self._office.confirming.tasks(led.found) if led else ()
        if led is None or tap.number(1) >= len(tasks):
            return
        task, finished = tasks[tap.number(1)], tap.verb == "cy"
        lines = [each for each in await aside(self._office.confirming.seats, led.found) if each.task == task]
        said: list[int] = []
        gone: list[int] = []
        for seat in _numbers(tap.word(2)):
            there = [each for each in lines if each.seat == seat and (finished or each.confirmed)]
            if len(there) > 1:
                await self._ask_whom(update, led.found, tap, seat, there)
                continue
            saws = [Saw(seat, each.person, task, finished) for each in there]
            outcomes = [await aside(self._office.confirming.say, led, saw) for saw in saws]
            if "over" in outcomes:
                await show(update, Page(words.CONFIRMING_OVER))
                return
            (said if outcomes == ["taken"] else gone).append(seat)
        await self._told(update, led.found, tap, said, gone)

    async def _ask_whom(
        self, update: Update, found: OpenClass, tap: Tapped, seat: int, there: Sequence[Confirmable]
    ) -> None:
        others = [each.person for each in there if each.person]
        rows: tuple[Row, ...] = tuple(
            (
                (
                    words.B_HELPED.format(number=others.index(each.person) + 1) if each.person else words.B_TYPES,
                    data("cp", found.id, tap.word(1), seat, each.person, int(tap.verb == "cy")),
                ),
            )
            for each in there
        )
        await show(update, Page(words.SHARED.format(seat=seat), rows))

    async def _say_of_one(self, update: Update, context: StaffContext) -> None:
        """Of one of those who share a phone."""
        tap = await tapped(update)
        led = await self._leading.led(update, context, tap)
        tasks = self._office.confirming.tasks(led.found) if led else ()
        if led is None or tap.number(1) >= len(tasks):
            return
        seat, finished = tap.number(2), tap.word(4) == "1"
        saw = Saw(seat, tap.word(3), tasks[tap.number(1)], finished)
        outcome = await aside(self._office.confirming.say, led, saw)
        if outcome == "over":
            await show(update, Page(words.CONFIRMING_OVER))
            return
        told = Tapped("cy" if finished else "cn", tap.words)
        said, gone = ([seat], []) if outcome == "taken" else ([], [seat])
        await self._told(update, led.found, told, said, gone)

    async def _told(
        self, update: Update, found: OpenClass, tap: Tapped, said: Sequence[int], gone: Sequence[int]
    ) -> None:
        """What was written, with the way to take it back."""
        finished, at = tap.verb == "cy", tap.number(1)
        task = self._office.task_title(self._office.confirming.tasks(found)[at])
        lines = []
        if said:
            lines.append((words.TAKEN if finished else words.TAKEN_BACK).format(task=task, seats=_listed(said)))
        if gone:
            lines.append(words.NOBODY_THERE.format(seats=_listed(gone)))
        if not lines:
            return
        rows: list[Row] = [((words.B_CONFIRM, data("cf", found.id, at)), (words.B_BOARD, data("bd", found.id)))]
        if said and finished:
            back = data("cn", found.id, at, ".".join(map(str, said)))
            rows.insert(0, ((words.B_TAKE_BACK.format(seats=_listed(said)), back),))
        await show(update, Page("\n".join(lines), tuple(rows)))


def _seats(lines: Iterable[Confirmable]) -> list[int]:
    return list(dict.fromkeys(each.seat for each in lines))


def _numbers(joined: str) -> list[int]:
    return [int(word) for word in joined.split(".") if word.isascii() and word.isdecimal() and len(word) < 5]


def _listed(seats: Iterable[int]) -> str:
    return ", ".join(map(str, seats))
