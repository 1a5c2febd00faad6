"""Takes the replies of one channel from the outbox and hands them over, inside its terms, until it is stopped."""

import asyncio
import contextlib
import datetime as dt
import logging
import math
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

from bot.channels.channel import Abilities, Channel, Part, SendError
from bot.channels.messages import Message
from bot.delivery.pace import Pace
from bot.delivery.shift import Shift
from bot.delivery.terms import Terms
from bot.delivery.verdict import Bury, Drop, PutOff, judge, rest
from bot.metrics import Metrics
from bot.store.database import StoreError
from bot.store.outbox import Delivery

log = logging.getLogger(__name__)

# replies of different people on their way at the same time
FLIGHTS = 16

# with these, replies that arrived and are not yet marked so: a database that is slow must not have them pile up
_UNDER_WAY = 4 * FLIGHTS

# replies fetched at once, and seconds after which fetched reminders let replies pass that came meanwhile
_FETCHED = 100
_REMINDERS_WAIT = 1.0

# seconds between two looks when nothing rings: replies that fall due, and those of other processes
LOOK_EVERY = 0.25

# seconds between two looks for replies that a dead process left on their way
_STRANDED_EVERY = 10.0

# seconds between two looks for a place that somebody gives back, and the shortest rest
_LOOK_AGAIN = 0.05
_LEAST = 0.001

# seconds until a part that the channel neither took nor refused counts as lost sight of
_CALL = 45.0

# seconds until a database that was away is asked again
_AWAY = 2.0

# seconds that calls under way may take once the courier is to stop
_PATIENCE = 20.0

Mark = Callable[[], Awaitable[None]]
Fit = Callable[[Sequence[Message], Abilities], tuple[Part, ...]]


class Outbox(Protocol):
    """The replies that wait. Every method may raise ``StoreError``."""

    async def due(self, channel: str, now: dt.datetime, limit: int) -> Sequence[Delivery]:
        """The first waiting reply of each chat, replies before reminders; none of a chat with one on its way."""

    async def stranded(self, channel: str, now: dt.datetime) -> Sequence[Delivery]:
        """Replies on their way for longer than any call takes."""

    async def mark_leaving(self, id: int, now: dt.datetime) -> bool:
        """Before the call; false where the reply waits no more."""

    async def mark_part(self, id: int, parts_sent: int) -> None: ...
    async def mark_sent(self, id: int) -> None: ...
    async def put_off(self, id: int, due_at: dt.datetime, reason: str, *, counted: bool, unknown: bool) -> None: ...
    async def drop(self, id: int, reason: str) -> None: ...
    async def drop_chat(self, id: int, reason: str, now: dt.datetime) -> None:
        """This one and all that waits behind it; nothing leaves for its chat until the person writes again."""

    async def bury(self, id: int, reason: str) -> None: ...


class Courier:
    """Delivers one channel. ``now`` is for what is stored; waits go by the clock of the event loop."""

    def __init__(
        self,
        channel: Channel,
        outbox: Outbox,
        *,
        terms: Terms,
        fit: Fit,
        shift: Shift,
        metrics: Metrics,
        now: Callable[[], dt.datetime],
        chance: Callable[[], float],
        look_every: float = LOOK_EVERY,
    ) -> None:
        self._channel = channel
        self._outbox = outbox
        self._terms = terms
        self._fit = fit
        self._shift = shift
        self._metrics = metrics
        self._now = now
        self._chance = chance
        self._look_every = look_every
        self._pace = Pace(terms)
        self._fetched: deque[Delivery] = deque()
        self._fetched_at = 0.0
        self._flights: dict[int, asyncio.Task[None]] = {}
        self._bound: set[str] = set()
        # of the flights, those whose parts are still on their way
        self._in_air: set[int] = set()
        self._bell = asyncio.Event()
        self._stopping = asyncio.Event()
        self._rests_until = 0.0
        # why the channel rested last, until something arrives again
        self._unwell = ""
        self._stranded_at = 0.0

    async def run(self) -> None:
        """Deliver until ``stop``; calls under way then still end, what has not left stays in the outbox."""
        while not self._stopping.is_set():
            await self._look()
            await self._rest()
        await self._finish()

    def stop(self) -> None:
        self._stopping.set()
        self._bell.set()

    def ring(self) -> None:
        """There may be something to deliver. Belongs to the event loop, like everything here."""
        self._bell.set()

    def is_on_the_way_to(self, address: str) -> bool:
        """Whether something is on its way there, or not marked yet. Any thread may ask."""
        return address in self._bound

    # ---- taking ----

    async def _look(self) -> None:
        self._bell.clear()
        try:
            if not await self._shift.held():
                # what was fetched is another process's now
                self._fetched.clear()
                return
            await self._recover()
            await self._take()
        except Exception as error:  # whatever it was, delivery goes on when it is over
            log.error("%s: the outbox cannot be read: %s", self._channel.name, _words(error))
            await self._pause(_AWAY)

    async def _take(self) -> None:
        if self._room() > 0:
            await self._fetch()
        while self._room() > 0 and (delivery := self._next()) is not None:
            self._pace.promise()
            self._in_air.add(delivery.id)
            self._bound.add(delivery.address)
            flight = asyncio.create_task(self._fly(delivery), name=f"delivery {delivery.id}")
            self._flights[delivery.id] = flight
            flight.add_done_callback(partial(self._end, delivery))

    def _room(self) -> int:
        if self._is_resting():
            return 0
        # after a rest one reply tries the air
        if self._unwell:
            return 1 - len(self._flights)
        return min(FLIGHTS - len(self._in_air), _UNDER_WAY - len(self._flights))

    async def _fetch(self) -> None:
        """The next replies in line; what is taken back meanwhile is noticed when it is to leave."""
        if self._pace.free_at() > self._moment() or (self._is_one_free() and not self._lets_replies_pass()):
            return
        # those under way but not marked yet are due, too
        due = await self._outbox.due(self._channel.name, self._now(), _FETCHED + len(self._flights))
        self._fetched = deque(each for each in due if each.id not in self._flights)
        self._fetched_at = self._moment()

    def _is_one_free(self) -> bool:
        return any(self._pace.chat_free_at(delivery.address) <= self._moment() for delivery in self._fetched)

    def _lets_replies_pass(self) -> bool:
        return self._fetched[0].kind == "reminder" and self._moment() - self._fetched_at >= _REMINDERS_WAIT

    def _next(self) -> Delivery | None:
        """The first in line that may leave now."""
        now = self._moment()
        if self._pace.free_at() > now:
            return None
        free = (delivery for delivery in self._fetched if self._pace.chat_free_at(delivery.address) <= now)
        delivery = next(free, None)
        if delivery is not None:
            self._fetched.remove(delivery)
        return delivery

    def _land(self, id: int) -> None:
        """Its parts are not on their way any more."""
        self._in_air.discard(id)
        self._bell.set()

    def _end(self, delivery: Delivery, _: object) -> None:
        del self._flights[delivery.id]
        self._bound.discard(delivery.address)
        self._land(delivery.id)

    async def _recover(self) -> None:
        """What a dead process left on its way may have arrived: the rule of the unknown outcome."""
        if self._moment() < self._stranded_at:
            return
        for delivery in await self._outbox.stranded(self._channel.name, self._now()):
            if delivery.id not in self._flights:
                await self._judge(delivery, SendError("stranded", "retry", unknown=True))
        self._stranded_at = self._moment() + _STRANDED_EVERY

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(self._until_free(), self._look_every)):
                await self._bell.wait()

    def _until_free(self) -> float:
        """Seconds until something may leave without anybody ringing."""
        now = self._moment()
        if self._is_resting():
            return self._rests_until - now
        chat_free_at = min((self._pace.chat_free_at(each.address) for each in self._fetched), default=-math.inf)
        free_at = max(self._pace.free_at(), chat_free_at)
        if self._room() <= 0 or (not self._fetched and free_at <= now):
            return self._look_every
        return max(free_at - now, _LEAST)

    async def _finish(self) -> None:
        if self._flights:
            _, late = await asyncio.wait(self._flights.values(), timeout=_PATIENCE)
            for flight in late:
                flight.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with contextlib.suppress(StoreError):
            # where the database is away, the turn ends by itself
            await self._shift.end()

    # ---- one reply ----

    async def _fly(self, delivery: Delivery) -> None:
        parts = await self._made_ready(delivery)
        if not parts:
            self._pace.take_back()
            return
        ended = await self._send_all(delivery, parts)
        self._land(delivery.id)
        await self._settle(ended)

    async def _made_ready(self, delivery: Delivery) -> tuple[Part, ...]:
        """The parts that leave now; none where this reply does not leave, for whatever reason."""
        try:
            return await self._leaving(delivery)
        except StoreError as error:
            # it did not leave: it is still waiting in the outbox
            log.error("%s: a reply could not be marked: %s", self._channel.name, error)
            await self._pause(_AWAY)
        except Exception as fault:  # ours: it must neither hold up others nor be tried for ever
            log.error("%s: a reply could not be made ready: %s", self._channel.name, _words(fault))
            await self._settle(partial(self._close, delivery, Bury("fault")))
        return ()

    async def _leaving(self, delivery: Delivery) -> tuple[Part, ...]:
        if not self._terms.allow(delivery.kind, delivery.last_heard_at, self._now()):
            await self._close(delivery, Drop("window"))
            return ()
        parts = self._fit(delivery.messages, self._channel.abilities)[delivery.parts_sent :]
        if not parts:
            await self._outbox.mark_sent(delivery.id)
            return ()
        return parts if await self._outbox.mark_leaving(delivery.id, self._now()) else ()

    async def _send_all(self, delivery: Delivery, parts: Sequence[Part]) -> Mark:
        """Hand the parts over, one after another; what then has to be written."""
        for number, part in enumerate(parts):
            if number:
                await self._settle(partial(self._outbox.mark_part, delivery.id, delivery.parts_sent + number))
                if not await self._may_leave(delivery.address):
                    return partial(self._close, delivery, PutOff(self._now(), "resting", counted=False))
            error = await self._send(delivery.address, part)
            if error is not None:
                return partial(self._judge, delivery, error)
        return partial(self._outbox.mark_sent, delivery.id)

    async def _may_leave(self, address: str) -> bool:
        """Wait for the chat's turn and the channel's; false once the channel rests or the courier is to stop."""
        while not (self._stopping.is_set() or self._is_resting()):
            wait = max(self._pace.chat_free_at(address), self._pace.free_at()) - self._moment()
            if wait <= 0:
                self._pace.promise()
                return True
            # where others hold every place, one of them may give it back
            await self._pause(min(wait, 1.0) if wait < math.inf else _LOOK_AGAIN)
        return False

    async def _pause(self, seconds: float) -> None:
        """Wait, but not when the courier is to stop."""
        if seconds <= 0:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    async def _send(self, address: str, part: Part) -> SendError | None:
        begun = self._moment()
        self._pace.left(address, begun)
        error: SendError | None = None
        try:
            async with asyncio.timeout(_CALL):
                await self._channel.send(address, part)
        except SendError as refused:
            error = refused
        except TimeoutError:
            error = SendError("timeout", "retry", unknown=True)
        except Exception as fault:  # ours: nobody knows how far the call came
            log.error("%s: sending failed: %s", self._channel.name, _words(fault))
            error = SendError("fault", "retry", unknown=True)
        self._note(error)
        self._metrics.sent(self._channel.name, _outcome(error), self._moment() - begun)
        return error

    # ---- the channel's health ----

    def _note(self, error: SendError | None) -> None:
        if error is None:
            if self._unwell:
                log.info("%s: delivering again", self._channel.name)
            self._unwell = ""
            return
        seconds = rest(error).total_seconds()
        if not seconds:
            return
        self._rests_until = max(self._rests_until, self._moment() + seconds)
        if self._unwell != error.reason:
            level = logging.ERROR if error.fate == "operator" else logging.WARNING
            log.log(level, "%s: rests, %s; tried again every %d s", self._channel.name, error.reason, seconds)
        self._unwell = error.reason

    def _is_resting(self) -> bool:
        return self._moment() < self._rests_until

    # ---- what is written ----

    async def _judge(self, delivery: Delivery, error: SendError) -> None:
        await self._close(delivery, judge(delivery, error, now=self._now(), chance=self._chance()))

    async def _close(self, delivery: Delivery, verdict: PutOff | Drop | Bury) -> None:
        name = self._channel.name
        match verdict:
            case PutOff(due_at, reason, counted, unknown):
                await self._outbox.put_off(delivery.id, due_at, reason, counted=counted, unknown=unknown)
                self._metrics.put_off(name, reason)
            case Drop(reason, whole_chat):
                if whole_chat:
                    await self._outbox.drop_chat(delivery.id, reason, self._now())
                else:
                    await self._outbox.drop(delivery.id, reason)
                self._metrics.dropped(name, reason)
            case Bury(reason):
                await self._outbox.bury(delivery.id, reason)
                self._metrics.buried(name, reason)
                log.warning("%s: a reply was given up: %s (gocua deliveries list)", name, reason)

    async def _settle(self, mark: Mark) -> None:
        """Write what happened, however long the database is away: it cannot happen again."""
        while True:
            try:
                return await mark()
            except StoreError as error:
                log.error("%s: what was sent cannot be marked yet: %s", self._channel.name, error)
                await asyncio.sleep(_AWAY)

    def _moment(self) -> float:
        return asyncio.get_running_loop().time()


def _words(error: Exception) -> str:
    # what other errors say may quote a message
    return str(error) if isinstance(error, StoreError) else type(error).__name__


def _outcome(error: SendError | None) -> str:
    if error is None:
        return "sent"
    return "unknown" if error.unknown else error.fate
