"""The one message that the bot writes first: a reminder somebody said yes to, in the daytime, once (T47)."""

import datetime as dt
import logging
from collections.abc import Collection, Sequence
from typing import Protocol

from bot.channels.messages import dump
from bot.sharing import Sharing, read_state
from bot.store.database import StoreError
from bot.store.moments import in_daytime
from bot.store.reminders import DueReminder, Written

log = logging.getLogger(__name__)


class Reminders(Protocol):
    """The reminders that were agreed to. Everything may raise ``StoreError``."""

    def due(self, now: dt.datetime, channels: Collection[str]) -> Sequence[DueReminder]: ...
    def write(self, reminders: Sequence[Written], now: dt.datetime) -> int: ...


class Reminding:
    """Puts reminders that fall due into the outbox of the channels that push."""

    def __init__(self, reminders: Reminders, sharing: Sharing, *, pushed: Collection[str]) -> None:
        self._reminders = reminders
        self._sharing = sharing
        self._pushed = pushed

    def send(self, now: dt.datetime) -> int:
        """How many there were. At night none leaves; a database that is away is asked the next time."""
        if in_daytime(now) != now:
            return 0
        try:
            due = self._reminders.due(now, self._pushed)
            sent = self._reminders.write([self._written(each) for each in due], now)
        except StoreError as error:
            log.error("nobody was reminded: %s", error)
            return 0
        if sent:
            log.info("reminded %d people", sent)
        return sent

    def _written(self, due: DueReminder) -> Written:
        messages = self._sharing.unasked("reminder", read_state(due.state), "", "resume", "stop_reminding")
        return Written(due.contact_id, due.created_at, dump(messages))
