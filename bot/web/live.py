"""Bells that ring in open pages when their chat has a new answer; the answer itself is read from the store.

So a reply is neither lost nor doubled: what a page has not seen yet is always what the store holds behind its last id.
"""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping

from bot.channels.messages import ContactKey
from bot.store.database import StoreError
from bot.worker import Answer

# pages of one person that listen at the same time; a browser opens six at most
MOST_PAGES = 8

# seconds between two looks for answers of other processes
_LOOK_EVERY = 1.0


class TooManyPagesError(Exception):
    """One person listens in more pages than anybody has open."""


class Bells:
    """Who listens to which chat. Everything but ``heard`` belongs to the event loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._bells: defaultdict[ContactKey, set[asyncio.Event]] = defaultdict(set)
        self.closed = False

    def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        self.closed = False

    def close(self) -> None:
        """Every stream ends now, so that stopping the server is quick."""
        self.closed = True
        for bells in self._bells.values():
            for bell in bells:
                bell.set()

    def heard(self, contact: ContactKey, answer: Answer) -> None:
        """The listener of the worker, in its thread: it must never fail."""
        if self._loop is None:
            return
        # a loop that is gone has no page left to tell
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._ring, contact)

    async def watch(self, newest: Callable[[Collection[ContactKey]], Mapping[ContactKey, int]]) -> None:
        """Ring for answers that other processes gave, for ever. ``newest`` reads the last id of each chat, together."""
        known: Mapping[ContactKey, int] = {}
        while True:
            await asyncio.sleep(_LOOK_EVERY)
            with contextlib.suppress(StoreError):
                # where the database is away, the next look finds the same
                found = await asyncio.to_thread(newest, list(self._bells)) if self._bells else {}
                for contact, id in found.items():
                    if known.get(contact) != id:
                        self._ring(contact)
                known = found

    def _ring(self, contact: ContactKey) -> None:
        for bell in self._bells.get(contact, ()):
            bell.set()

    @contextlib.contextmanager
    def listening(self, contact: ContactKey) -> Iterator[asyncio.Event]:
        """A bell of one page. Raises ``TooManyPagesError``."""
        if len(self._bells.get(contact, ())) >= MOST_PAGES:
            raise TooManyPagesError
        bell = asyncio.Event()
        self._bells[contact].add(bell)
        try:
            yield bell
        finally:
            self._bells[contact].discard(bell)
            if not self._bells[contact]:
                del self._bells[contact]


async def rung(bell: asyncio.Event, *, within: float) -> bool:
    """Whether the bell rang in that many seconds; it is silent again afterwards."""
    try:
        await asyncio.wait_for(bell.wait(), within)
    except TimeoutError:
        return False
    bell.clear()
    return True
