"""Tying an account of the office to somebody on Telegram, and knowing them again: the rules over what the store keeps.

The code is drawn where its owner is signed in, and typed to the bot: whoever knows both is the same person.
"""

import datetime as dt
from collections.abc import Callable

from bot.accounts.codes import digest, new_tie, typed
from bot.accounts.roles import Permission, may
from bot.store.staff import Account, Staff
from bot.store.staff_telegram import StaffTelegram

# how long a code ties
TIES = dt.timedelta(minutes=30)

# what somebody must be allowed to do for whom this bot is
LEAD: Permission = "classes.act"

# wrong codes without any wait, and the wait between those that follow
_FREE_TRIES = 5
_PAUSE = dt.timedelta(minutes=10)


class TelegramTies:
    """Calls block and raise ``StoreError``."""

    def __init__(self, staff: Staff, telegram: StaffTelegram, *, now: Callable[[], dt.datetime]) -> None:
        self._staff = staff
        self._telegram = telegram
        self._now = now

    def issue(self, account: Account, *, by: str) -> str:
        """A code that ties whoever types it to the account, once."""
        code = new_tie()
        self._telegram.issue(account, digest(code), self._now() + TIES, by=by)
        return code

    def tie(self, user: str, code: str) -> bool:
        """Whether this was a code that holds. Whoever tries many has to wait in between, right or wrong."""
        if not self._staff.attempt(f"telegram {user}", _pause):
            return False
        return self._telegram.tie(digest(typed(code)), user)

    def account(self, user: str) -> Account | None:
        """Who this is, where they may lead classes at this moment."""
        number = self._telegram.account_of(user)
        account = None if number is None else self._staff.account(number)
        return account if account and leads(account) else None


def leads(account: Account) -> bool:
    """Whether an account may lead classes."""
    return not account.disabled and may(account.role, LEAD)


def _pause(tries: int) -> dt.timedelta:
    return dt.timedelta(0) if tries < _FREE_TRIES else _PAUSE
