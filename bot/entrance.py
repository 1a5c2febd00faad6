"""Where every message comes in: the shield hides its secrets before anything else sees it (T31)."""

import logging
import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import replace

from bot.channels.messages import ContactKey, Incoming
from bot.core import limits
from bot.shield.hiding import Hidden
from bot.shield.kinds import HOTLINES
from bot.shield.links import OFFICIAL
from bot.shield.recent import NOTHING_RECENT, Recent
from bot.shield.report import look

log = logging.getLogger(__name__)

# people whose last messages are remembered, for secrets said in pieces; what is remembered holds no digit of them
_PEOPLE = 10_000

# of a message longer than is read, the rest is hidden unread
UNREAD = "unread"

# where a message could not be looked at, nobody reads it: the person sees the menu
_UNSEEN = "menu"


class Entrance:
    """Hides secrets, hears of scams, judges links. ``now`` gives seconds of a clock that never runs backwards."""

    def __init__(
        self,
        now: Callable[[], float],
        *,
        hotlines: Collection[str] = HOTLINES,
        official: Collection[str] = OFFICIAL,
    ) -> None:
        self._now = now
        self._hotlines = hotlines
        self._official = official
        self._recent: OrderedDict[ContactKey, Recent] = OrderedDict()
        self._lock = threading.Lock()

    def hide(self, incoming: Incoming) -> Incoming:
        """The message as it may go on: its text in NFC with typed marks for secrets, and what the shield saw."""
        if incoming.text is None:
            return incoming
        try:
            return self._hidden(incoming, unicodedata.normalize("NFC", incoming.text))
        except Exception as error:  # a fault of ours must let nothing through
            log.error("a message could not be looked at and is dropped: %s", type(error).__name__)
            return replace(incoming, text=_UNSEEN)

    def _hidden(self, incoming: Incoming, text: str) -> Incoming:
        at = self._now()
        with self._lock:
            before = self._recent.get(incoming.contact, NOTHING_RECENT)
            seen = look(text, before, at=at, official=self._official, hotlines=self._hotlines, choices=limits.CHOICES)
            self._remember(incoming.contact, seen.hidden.recent)
        return replace(
            incoming,
            text=seen.hidden.text,
            hidden=_kinds(seen.hidden),
            scam=seen.scam or "",
            strange_link=any(link.verdict == "not_listed" for link in seen.links),
        )

    def _remember(self, contact: ContactKey, recent: Recent) -> None:
        self._recent[contact] = recent
        self._recent.move_to_end(contact)
        if len(self._recent) > _PEOPLE:
            self._recent.popitem(last=False)


def _kinds(hidden: Hidden) -> tuple[str, ...]:
    spans = hidden.spans[:-1] if hidden.cut else hidden.spans
    kinds = dict.fromkeys(str(span.kind) for span in spans)
    return (*kinds, UNREAD) if hidden.cut else tuple(kinds)
