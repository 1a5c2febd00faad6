"""What the trainers' bot works with: the classes, the lessons, who is who. Free of Telegram's library."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.accounts.telegram import TelegramTies
from bot.classes.board import Board, look
from bot.classes.confirming import Confirming
from bot.classes.roll import Roll
from bot.classes.schedule import Led, OpenClass, Schedule
from bot.content.lessons import Lesson
from bot.core.dialogs import Book
from bot.store.staff import Account, Staff
from bot.store.staff_telegram import StaffTelegram


@dataclass(frozen=True, slots=True)
class Office:
    """The rooms behind the bot. Everything blocks and raises ``StoreError``; from an event loop use a thread.

    ``address`` is where people open pages, ``find_wards`` gives the codes of the wards that words may name.
    """

    lessons: Mapping[str, Lesson]
    book: Book
    schedule: Schedule
    roll: Roll
    confirming: Confirming
    staff: Staff
    telegram: StaffTelegram
    ties: TelegramTies
    find_wards: Callable[[str], Sequence[str]]
    address: str
    now: Callable[[], dt.datetime]

    @property
    def titles(self) -> dict[str, str]:
        return {name: lesson.title for name, lesson in self.lessons.items()}

    def board(self, found: OpenClass) -> Board:
        """How a class stands."""
        return look(self.book, self.lessons[found.lesson], found, self.roll.seated(found.id), self.now())

    def led(self, account: Account, class_id: int) -> Led | None:
        """A class as this account leads it, where it does."""
        return self.schedule.led_by(account.id, class_id)

    def on(self, account: Account) -> list[OpenClass]:
        """The classes somebody could go on with now."""
        return [each for each in self.schedule.of_trainer(account.id) if each.is_on(self.now())]

    def coming(self, account: Account) -> list[OpenClass]:
        """The classes on and those that come."""
        return [each for each in self.schedule.of_trainer(account.id) if not each.is_over(self.now())]

    def confirmable(self, account: Account) -> list[OpenClass]:
        """The classes whose trainer may say what they saw: those on, else those over since lately."""
        classes = [each for each in self.schedule.of_trainer(account.id) if each.doors_at <= self.now()]
        return [each for each in classes if each.is_on(self.now())] or classes

    def task_title(self, task: str) -> str:
        return next((each.title for each in self.book.dialogs.values() if each.task == task), task)

    def projector(self, found: OpenClass) -> str:
        return f"{self.address}/lop/chieu/{found.code}"

    def link(self, found: OpenClass) -> str:
        """What a camera opens to join."""
        return f"{self.address}/?lop={found.code}"
