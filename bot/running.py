"""A bot at work: its worker, its couriers, its polling and its sweeping, from the first breath to a quiet end."""

import asyncio
import contextlib
import datetime as dt
import logging
import random
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import uvloop

from bot.campaign.outflow import MOST_TOGETHER, Outflow
from bot.campaign.outflow_mapping import OutflowError
from bot.campaign.publishing import publish
from bot.campaign.webhook import Webhook, WebhookError
from bot.channels.channel import Abilities, Channel, Part
from bot.channels.fitting import fit
from bot.channels.hook import Hook
from bot.channels.messages import ContactKey, Echoed, Ignored, Incoming, Message, OfClass, Received, Text
from bot.delivery.courier import Courier
from bot.delivery.echoes import Echoes, settle
from bot.delivery.shift import Shift
from bot.delivery.terms import Terms
from bot.entrance import Entrance
from bot.metrics import Metrics
from bot.retention import sweep
from bot.store.database import StoreError
from bot.store.inbox import Event
from bot.store.outbox import Delivery
from bot.store.store import Store
from bot.worker import Answer, Listener, Worker

log = logging.getLogger(__name__)

# seconds between two looks at what is past its time
_SWEEP_EVERY = 3_600

# seconds between two looks for reminders that fall due
_REMIND_EVERY = 300

# seconds between two looks for classes that have ended
_SETTLE_CLASSES_EVERY = 60

# seconds between two looks whether a week is over whose figures can be told
_PUBLISH_EVERY = 300

# seconds between two looks at what is to flow out, and after one that failed
_FLOW_EVERY = 5.0
_FLOW_AGAIN = 60.0

# seconds between two looks at what an earlier key sealed, and between two handfuls of it
_RENEW_EVERY = 60
_BREATH = 0.05

# seconds after which a busy thread lets others have a go
_SWITCH = 0.0005

# seconds between two looks at what may have arrived and was echoed
_SETTLE_EVERY = 5.0

# seconds an echo waits for the mark of what it proves, and between two looks
_MARKED = 1.0
_LOOK_AGAIN = 0.05

# seconds between two small things done on a platform: its limits are for replies
_TIDY_GAP = 0.2

# seconds a turn of polling lasts unless it is renewed, and until another process asks again
_POLLING = 20.0


@dataclass(frozen=True, slots=True)
class Line:
    """One channel. ``connect`` makes what sends; it may take seconds and is called aside.

    ``updates`` reads what polling brings, None where the platform only posts. ``keep`` is work that goes on beside,
    ``tidy`` what may be done on the platform about something that came in, and may as well be left undone.
    """

    hook: Hook
    terms: Terms
    connect: Callable[[], Channel]
    updates: Any = None
    keep: Callable[[Any], Awaitable[None]] | None = None
    tidy: Callable[[Any, Received], Awaitable[None]] | None = None

    @property
    def name(self) -> str:
        return self.hook.channel


class Running:
    """Everything of a bot that goes on by itself. ``by_number`` gives the phrase above choices without buttons."""

    def __init__(
        self,
        *,
        worker: Worker,
        store: Store,
        entrance: Entrance,
        metrics: Metrics,
        lines: Sequence[Line],
        by_number: Callable[[str], str],
        polls: bool,
        remind: Callable[[dt.datetime], int],
        settle_classes: Callable[[], int],
        outflow: Outflow | None = None,
        webhook: Webhook | None = None,
    ) -> None:
        self._worker = worker
        self._store = store
        self._entrance = entrance
        self._metrics = metrics
        self._lines = lines
        self._by_number = by_number
        self._polls = polls
        self._remind = remind
        self._settle_classes = settle_classes
        self._outflow = outflow
        self._webhook = webhook
        self._couriers: dict[str, Courier] = {}
        self._channels: dict[str, Channel] = {}
        self._echoes = Echoes(time.monotonic)
        self._tidying: set[asyncio.Future[None]] = set()
        self._tidied_at = 0.0
        self._goes_first = False
        self._stopping = threading.Event()
        # of the thread that delivers, once it runs
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    @property
    def is_ready(self) -> bool:
        """Whether every channel can be spoken to."""
        return len(self._couriers) == len(self._lines)

    async def take(self, received: Event | Echoed) -> None:
        """Returns once it cannot be lost any more; the same again is no matter. Raises ``StoreError``."""
        if isinstance(received, Echoed):
            await self._hear(received)
            return
        await self._worker.accept(received)
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._tidy, received)

    @contextlib.asynccontextmanager
    async def at_work(self, listener: Listener | None = None, *, serves_pages: bool = True) -> AsyncIterator[None]:
        """At work while the block runs. ``listener`` hears each committed answer, in the worker's thread.

        A process that serves no pages delivers before those that do: who posts to them need not wait for sends.
        """
        self._goes_first = not serves_pages

        def heard(contact: ContactKey, answer: Answer) -> None:
            if listener is not None:
                listener(contact, answer)
            self._ring(contact.channel)

        # three threads share the interpreter; who only waited for the disk must not wait for its turn again and again
        sys.setswitchinterval(_SWITCH)
        self._worker.start(heard)
        # a loop of their own: whoever waits for an acknowledgement must not stand behind what is being sent
        thread = threading.Thread(target=self._run_beside, name="delivery")
        thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._stop.set)
            await asyncio.to_thread(thread.join)
            await asyncio.to_thread(self._worker.stop)

    def _ring(self, channel: str) -> None:
        courier = self._couriers.get(channel)
        if courier is not None and self._loop is not None:
            with contextlib.suppress(RuntimeError):
                # the loop may just have ended; what waits is found at the next start
                self._loop.call_soon_threadsafe(courier.ring)

    def _run_beside(self) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._work_beside())

    async def _work_beside(self) -> None:
        self._stop = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        if self._stopping.is_set():
            return
        tasks = [asyncio.create_task(self._open(line), name=line.name) for line in self._lines]
        tasks.append(asyncio.create_task(self._sweep_now_and_then(), name="sweep"))
        tasks.append(asyncio.create_task(self._remind_now_and_then(), name="remind"))
        tasks.append(asyncio.create_task(self._settle_classes_now_and_then(), name="classes"))
        tasks.append(asyncio.create_task(self._publish_now_and_then(), name="publish"))
        if self._outflow is not None:
            tasks.append(asyncio.create_task(self._let_flow(self._outflow), name="outflow"))
        if self._webhook is not None:
            tasks.append(asyncio.create_task(self._announce(self._webhook), name="webhook"))
        tasks.append(asyncio.create_task(self._renew_now_and_then(), name="renew"))
        await self._stop.wait()
        await self._end(tasks)

    async def _end(self, tasks: Sequence["asyncio.Task[None]"]) -> None:
        """What is on its way arrives, what was begun is ended; the rest stays where the next start finds it."""
        for courier in self._couriers.values():
            courier.stop()
        for task in tasks:
            if task.get_name() not in self._couriers:
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for channel in self._channels.values():
            with contextlib.suppress(Exception):
                await channel.close()

    # ---- one channel ----

    def _fit(self, messages: Sequence[Message], abilities: Abilities) -> tuple[Part, ...]:
        language = next((message.language for message in messages if isinstance(message, Text)), "")
        return fit(messages, abilities, by_number=self._by_number(language))

    async def _open(self, line: Line) -> None:
        channel = await asyncio.to_thread(line.connect)
        self._channels[line.name] = channel
        courier = Courier(
            channel,
            self._store.outbox,
            terms=line.terms,
            fit=self._fit,
            shift=Shift(self._store.duties, line.name, goes_first=self._goes_first),
            metrics=self._metrics,
            now=self._store.now,
            chance=random.random,
        )
        self._couriers[line.name] = courier
        beside: list[asyncio.Future[None]] = [asyncio.ensure_future(self._settle_now_and_then(channel))]
        if line.keep is not None:
            beside.append(asyncio.ensure_future(line.keep(channel)))
        if self._polls and line.updates is not None:
            beside.append(asyncio.ensure_future(self._poll(channel, line)))
        try:
            await courier.run()
        finally:
            for task in beside:
                task.cancel()

    async def _poll(self, channel: Channel, line: Line) -> None:
        """Ask the platform what happened; of several processes one asks."""
        while not await asyncio.to_thread(self._store.duties.take, f"poll {line.name}", seconds=_POLLING):
            await asyncio.sleep(_POLLING)
        log.info("%s: polling", line.name)
        async for received in channel.poll(line.updates):  # type: ignore[attr-defined]
            if isinstance(received, Ignored):
                continue
            event = self._entrance.hide(received) if isinstance(received, Incoming) else received
            try:
                await self.take(event)
            except StoreError as error:
                log.error("%s: what was polled could not be stored: %s", line.name, error)
            await asyncio.to_thread(self._store.duties.take, f"poll {line.name}", seconds=_POLLING)

    # ---- what came in ----

    async def _hear(self, echo: Echoed) -> None:
        """Returns once what it proves is marked: after a crash the platform tells it again, to whoever comes then."""
        self._echoes.hear(echo)
        courier = self._couriers.get(echo.contact.channel)
        until = time.monotonic() + _MARKED
        while courier and courier.is_on_the_way_to(echo.contact.user) and time.monotonic() < until:
            await asyncio.sleep(_LOOK_AGAIN)

    def _tidy(self, received: Event) -> None:
        if isinstance(received, OfClass):
            # our own: no platform posts it
            return
        line = next((each for each in self._lines if each.name == received.contact.channel), None)
        channel = self._channels.get(received.contact.channel)
        now = time.monotonic()
        if line is None or line.tidy is None or channel is None or now - self._tidied_at < _TIDY_GAP:
            return
        self._tidied_at = now
        task = asyncio.ensure_future(line.tidy(channel, received))
        self._tidying.add(task)
        task.add_done_callback(self._tidying.discard)

    async def _settle_now_and_then(self, channel: Channel) -> None:
        def parts_of(delivery: Delivery) -> tuple[Part, ...]:
            return self._fit(delivery.messages, channel.abilities)

        while True:
            await asyncio.sleep(_SETTLE_EVERY)
            with contextlib.suppress(StoreError):
                await settle(self._echoes, self._store.outbox, channel.name, parts_of, self._store.now())

    # ---- beside ----

    async def _let_flow(self, outflow: Outflow) -> None:
        """Tell the campaign's database what changed; while it is away nothing is lost, and it is tried again."""
        said = ""
        while True:
            try:
                more, trouble = await asyncio.to_thread(outflow.round) == MOST_TOGETHER, ""
            except (OutflowError, StoreError) as error:
                more, trouble = False, str(error)
            if trouble and trouble != said:
                log.error("the campaign's database: %s", trouble)
            said = trouble
            await asyncio.sleep(0 if more else _FLOW_AGAIN if trouble else _FLOW_EVERY)

    async def _announce(self, webhook: Webhook) -> None:
        """Tell the webhook what changed; while it is away nothing is lost, and it is tried again."""
        async with contextlib.aclosing(webhook):
            while True:
                try:
                    pause = 0.0 if await webhook.round() else _FLOW_EVERY
                except (WebhookError, StoreError) as error:
                    log.error("the webhook: %s", error)
                    pause = _FLOW_AGAIN
                await asyncio.sleep(pause)

    async def _sweep_now_and_then(self) -> None:
        while True:
            with contextlib.suppress(StoreError):
                # of several processes one sweeps
                if await asyncio.to_thread(self._store.duties.take, "sweep", seconds=_SWEEP_EVERY / 2):
                    # what a class came to is counted before its seats go
                    await asyncio.to_thread(self._settle_classes)
                    await asyncio.to_thread(
                        sweep, self._store.engine, now=dt.datetime.now(dt.UTC), tombstones=self._store.tombstones
                    )
            await asyncio.sleep(_SWEEP_EVERY)

    async def _remind_now_and_then(self) -> None:
        while True:
            with contextlib.suppress(StoreError):
                # of several processes one reminds
                if await asyncio.to_thread(self._store.duties.take, "remind", seconds=_REMIND_EVERY / 2):
                    await asyncio.to_thread(self._remind, self._store.now())
            await asyncio.sleep(_REMIND_EVERY)

    async def _settle_classes_now_and_then(self) -> None:
        while True:
            with contextlib.suppress(StoreError):
                await asyncio.to_thread(self._settle_classes)
            await asyncio.sleep(_SETTLE_CLASSES_EVERY)

    async def _publish_now_and_then(self) -> None:
        while True:
            with contextlib.suppress(StoreError):
                # of several processes one publishes
                if await asyncio.to_thread(self._store.duties.take, "publish", seconds=_PUBLISH_EVERY / 2):
                    await asyncio.to_thread(publish, self._store.engine, now=self._store.now())
            await asyncio.sleep(_PUBLISH_EVERY)

    async def _renew_now_and_then(self) -> None:
        """While keys change: what an earlier one sealed is sealed anew, between everybody's turns."""
        while True:
            with contextlib.suppress(StoreError):
                if await asyncio.to_thread(self._store.duties.take, "renew", seconds=_RENEW_EVERY / 2):
                    while await asyncio.to_thread(self._store.renewal.step):
                        await asyncio.sleep(_BREATH)
            await asyncio.sleep(_RENEW_EVERY)
