"""The doors of tying one's own account to Telegram, for who may lead classes there."""

from collections.abc import Collection

from fastapi import Response

from bot.accounts.telegram import LEAD, TIES, TelegramTies
from bot.store.staff_telegram import StaffTelegram
from bot.web.desk.pages import DeskPages
from bot.web.desk.visit import Door, GoToError, RefusedError, Visit

_PAGE = "/desk/me/telegram"

_MINUTES = int(TIES.total_seconds() // 60)


class TelegramDoors:
    """A code for oneself, and the end of a tie. Without a trainers' bot there is nothing to tie to."""

    def __init__(self, ties: TelegramTies, telegram: StaffTelegram, pages: DeskPages, *, bot_name: str) -> None:
        """``bot_name`` is the bot's name on Telegram, empty where there is none."""
        self._ties = ties
        self._telegram = telegram
        self._pages = pages
        self._bot_name = bot_name

    def doors(self) -> Collection[Door]:
        return (
            Door("GET", _PAGE, LEAD, self.telegram),
            Door("POST", _PAGE, LEAD, self.issue, confirmed=True),
            Door("POST", f"{_PAGE}/end", LEAD, self.end),
        )

    def telegram(self, visit: Visit) -> Response:
        return self._page(visit)

    def issue(self, visit: Visit) -> Response:
        self._there_is_a_bot()
        return self._page(visit, self._ties.issue(visit.account, by=visit.account.actor))

    def end(self, visit: Visit) -> Response:
        self._telegram.untie(visit.account, by=visit.account.actor)
        raise GoToError(_PAGE)

    def _page(self, visit: Visit, code: str = "") -> Response:
        self._there_is_a_bot()
        return self._pages.page(
            visit,
            "telegram.html",
            visit.words["telegram"],
            tied_at=self._telegram.tied_at(visit.account),
            code=code,
            minutes=_MINUTES,
        )

    def _there_is_a_bot(self) -> None:
        if not self._bot_name:
            raise RefusedError(404, "no_staff_bot")
