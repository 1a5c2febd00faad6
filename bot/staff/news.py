"""What is told unasked: a class within the hour, and in the morning the day's classes.

Computed from the database each minute, with what was told noted there: a restart neither misses nor repeats it.
"""

import asyncio
import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass

from telegram.error import Forbidden, TelegramError
from telegram.ext import ExtBot

from bot.accounts.telegram import leads
from bot.classes.schedule import OpenClass
from bot.staff import pages, words
from bot.staff.context import StaffContext, aside, keyboard
from bot.staff.office import Office
from bot.staff.pages import Page
from bot.store.database import StoreError
from bot.store.moments import CITY, city_day
from bot.store.staff_telegram import Tied

log = logging.getLogger(__name__)

# so long before a planned class its trainer hears of it
SOON = dt.timedelta(hours=1)

# when the day's classes are told, by the city's clock; whoever could not be reached until then has seen the day begin
MORNING, _NOON = dt.time(6, 30), dt.time(12)


@dataclass(frozen=True, slots=True)
class News:
    """Something for one person; ``what`` is how it is noted that they were told."""

    account_id: int
    user: str
    what: str
    page: Page


class Telling:
    """Looks for news and tells them."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._alone = asyncio.Lock()

    async def tell(self, context: StaffContext) -> None:
        """The job: everything that is due, each once."""
        async with self._alone:
            try:
                for news in await aside(self.due):
                    if await _sent(context.bot, news):
                        await aside(self._office.telegram.note_told, news.account_id, news.what)
            except StoreError as error:
                log.error("nobody could be told of their classes: %s", error)

    def due(self) -> list[News]:
        """What should have been told by now and was not. Raises ``StoreError``."""
        return [news for tied in self._office.telegram.tied() for news in self._of(tied)]

    def _of(self, tied: Tied) -> Iterator[News]:
        account = self._office.staff.account(tied.account_id)
        if account is None or not leads(account):
            return
        classes = self._office.schedule.of_trainer(account.id)
        told = self._office.telegram.told(account.id)
        for what, page in (*self._soon(classes), *self._morning(classes)):
            if what not in told:
                yield News(account.id, tied.user, what, page)

    def _soon(self, classes: list[OpenClass]) -> Iterator[tuple[str, Page]]:
        now, titles = self._office.now(), self._office.titles
        for each in classes:
            if each.begun_at is None and now < each.starts_at <= now + SOON:
                code = f"{each.code[:3]} {each.code[3:]}"
                text = words.SOON.format(
                    at=pages.clock(each), lesson=titles[each.lesson], venue=pages.venue(each), code=code
                )
                yield f"class {each.id}", pages.choice(text, [each], titles)

    def _morning(self, classes: list[OpenClass]) -> Iterator[tuple[str, Page]]:
        now = self._office.now()
        if not MORNING <= now.astimezone(CITY).time() < _NOON:
            return
        page = digest(classes, self._office.titles, now)
        if page is not None:
            yield f"day {city_day(now)}", page


def digest(classes: list[OpenClass], titles: "dict[str, str]", now: dt.datetime) -> Page | None:
    """The classes of the day, and those of before that wait to be confirmed; None where there is nothing to tell."""
    today = [each for each in classes if not each.is_over(now) and city_day(each.starts_at) == city_day(now)]
    before = [each for each in classes if each.is_over(now) and each.seats]
    if not (today or before):
        return None
    lines = [words.MORNING]
    if today:
        lines.append(words.TODAY)
    lines += [
        words.TODAY_CLASS.format(at=pages.clock(each), lesson=titles[each.lesson], venue=pages.venue(each))
        for each in today
    ]
    lines += [
        words.BEFORE.format(
            lesson=titles[each.lesson],
            seats=each.seats,
            until=each.confirmed_until.astimezone(CITY).strftime("%H:%M %d/%m"),
        )
        for each in before
    ]
    return pages.choice("\n".join(lines), (*today, *before), titles)


async def _sent(bot: "ExtBot[object]", news: News) -> bool:
    """Whether it need not be told again: it arrived, or they want to hear nothing."""
    try:
        await bot.send_message(int(news.user), news.page.text, reply_markup=keyboard(news.page))
    except Forbidden:
        return True
    except TelegramError as error:
        log.warning("somebody could not be told of their classes: %s", type(error).__name__)
        return False
    return True
