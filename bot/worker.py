"""Takes messages in and answers them: each person's in order, different people's side by side, all in few transactions.

One thread writes and, between two transactions, thinks about what it claimed. Whoever waits for the disk then waits
together; nothing holds a transaction open while somebody's message is thought about.
"""

import asyncio
import datetime as dt
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.assistant import Assistant
from bot.channels.messages import ContactKey, Incoming, Message, OfClass, load
from bot.logs import place_of
from bot.quota import Quota, Verdict
from bot.store.chats import FinishedTurn, StoredReply
from bot.store.database import StaleTurn, StoreAway, StoreError
from bot.store.inbox import Answered, Claimed, Event, Inbox, Sealed
from bot.store.spool import Spool
from bot.store.writer import Job, Writer

log = logging.getLogger(__name__)

# people whose turns are under way at the same time; more adds waiting and hardly any speed
TOGETHER = 50

# how often a message may fail before its person is told that something is wrong
TRIES = 3

# how often a message may be begun by processes that then die, before it counts as what kills them
_CLAIMS = 10

# seconds to think before what came in meanwhile is written
_THOUGHT = 0.025

# seconds until a platform that waits is answered from the spool: Zalo switches off who takes two
_ACKNOWLEDGE = 1.0

# seconds after which an answer of our own would be there
_LATE = 1.0

# seconds between two looks for what other processes left or answered
_LOOK_EVERY = 0.25
_LOOK_WHILE_ASKED = 0.05

# seconds that messages begun may take once the worker is to stop
_PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says to one message. ``id`` counts upwards; 0 where nothing could be stored."""

    id: int
    messages: tuple[Message, ...]


Listener = Callable[[ContactKey, Answer], None]


@dataclass(slots=True)
class _Question:
    """Somebody who waits for the answer to a message. ``known``: it had come in before."""

    message: Sealed
    futures: "list[Future[Answer]]" = field(default_factory=list)
    at: float = field(default_factory=time.monotonic)
    known: bool = False


class Worker:
    """The way of messages through one process. Runs in the writer's thread once started, else in the caller's."""

    def __init__(
        self,
        assistant: Assistant,
        inbox: Inbox,
        writer: Writer,
        *,
        now: Callable[[], dt.datetime],
        spool: Spool | None = None,
        quota: Quota | None = None,
        aside: Executor | None = None,
        turn_taken: Callable[[str, float], None] | None = None,
    ) -> None:
        """``aside``: where to think when thinking means waiting for somebody else; ``turn_taken``: channel, seconds."""
        self._assistant = assistant
        self._inbox = inbox
        self._writer = writer
        self._now = now
        self._spool = spool
        self._quota = quota
        self._aside = aside
        self._turn_taken = turn_taken
        self._listener: Listener | None = None
        self._accepting: Job[Sealed, bool] = Job(self._put, instead=self._put_aside)
        self._asking: Job[Sealed, bool] = Job(inbox.put)
        self._claiming: Job[int, list[Claimed]] = Job(self._claim)
        self._answering: Job[Answered, int] = Job(inbox.answer)
        self._asking_now = threading.Lock()
        self._questions: dict[str, _Question] = {}
        # everything below belongs to the writer's thread
        self._claimed: deque[Claimed] = deque()
        self._aside_now = 0
        self._thought_aside: deque[tuple[Claimed, FinishedTurn | None]] = deque()
        self._busy: dict[int, Claimed] = {}
        self._failures: dict[int, int] = {}
        self._hopeless: set[int] = set()
        self._look = True
        self._looked_at = 0.0
        self._drained_at = 0.0
        self._stops_at = float("inf")

    def start(self, listener: Listener | None = None) -> None:
        """``listener`` hears each committed answer, in the writer's thread."""
        self._listener = listener
        self._stops_at = float("inf")
        self._inbox.free_claims_of_the_dead()
        self._writer.start(self)

    def stop(self) -> None:
        """End what was begun; what only waits stays in the inbox for the next start."""
        self._stops_at = time.monotonic() + _PATIENCE
        self._writer.stop()

    # ---- in ----

    async def accept(self, event: Event) -> bool:
        """Returns once the message is on a disk, be it the spool's: whether it was new. Raises ``StoreError``."""
        message = self._inbox.seal(event)
        self._look = True
        try:
            async with asyncio.timeout(_ACKNOWLEDGE):
                return await asyncio.wrap_future(self._writer.put(self._accepting, message))
        except TimeoutError:
            # the inbox knows it by its key, should it come in both ways
            return (await asyncio.to_thread(self._put_aside, [message]))[0]

    def ask(self, incoming: Incoming) -> "Future[Answer]":
        """The answer, once it is committed. The same message again gets the same answer and changes nothing."""
        future: Future[Answer] = Future()
        message = self._inbox.seal(incoming)
        with self._asking_now:
            self._questions.setdefault(message.key, _Question(message)).futures.append(future)
        self._look = True
        self._writer.put(self._asking, message).add_done_callback(lambda put: self._asked(message, put))
        return future

    def handle(self, incoming: Incoming) -> Answer:
        """The answer, for a caller who can wait; works with and without the thread."""
        answer = self.ask(incoming)
        while not self._writer.started:
            pause = self._writer.round(self)
            if answer.done():
                break
            time.sleep(pause)
        return answer.result()

    def _asked(self, message: Sealed, put: "Future[bool]") -> None:
        error = put.exception()
        if error is not None:
            self._apologise(message.key, error)
        elif not put.result() and message.key in self._questions:
            # asked before: the answer may be there already
            self._questions[message.key].known = True
            self._looked_at = 0.0

    # ---- around the writer's transactions ----

    def before(self) -> None:
        if self._spool is not None and not self._spool.is_empty:
            self._drain(self._spool)
        room = TOGETHER - len(self._claimed) - self._aside_now
        if self._look and room > 0 and not self._ends:
            self._look = False
            self._writer.put(self._claiming, room).add_done_callback(self._begin)

    def after(self) -> float:
        while self._thought_aside:
            self._aside_now -= 1
            self._answer(*self._thought_aside.popleft())
        self._think()
        if self._claimed or self._look:
            return 0.0
        pause = _LOOK_WHILE_ASKED if self._questions else _LOOK_EVERY
        passed = time.monotonic() - self._looked_at
        if passed >= pause:
            self._look_round()
            passed = 0.0
        return 0.0 if self._look else pause - passed

    @property
    def busy(self) -> bool:
        return bool(self._busy or self._questions) and time.monotonic() < self._stops_at

    @property
    def _ends(self) -> bool:
        """Whether nothing new is begun: only who waits for an answer still gets it."""
        return self._stops_at != float("inf") and not self._questions

    def _look_round(self) -> None:
        """What other processes left behind or answered; nothing where the database is away."""
        self._looked_at = time.monotonic()
        try:
            self._inbox.free_claims_of_the_dead()
            self._look = self._inbox.is_waiting([*self._busy, *self._hopeless])
            for question in self._open_questions():
                self._settle(question)
        except StoreError as error:
            log.warning("the inbox cannot be read: %s", error)
            for question in self._open_questions():
                self._apologise(question.message.key, error)

    def _open_questions(self) -> list[_Question]:
        """Questions that others may have answered already; our own are answered when they are."""
        ours = {message.key for message in self._busy.values()}
        late = time.monotonic() - _LATE
        with self._asking_now:
            questions = list(self._questions.values())
        return [each for each in questions if (each.known or each.at < late) and each.message.key not in ours]

    def _settle(self, question: _Question) -> None:
        reply = self._inbox.reply_to(question.message)
        if reply is not None:
            self._tell(question.message.key, reply)

    # ---- taking in ----

    def _put(self, connection: Connection, messages: Sequence[Sealed]) -> list[bool]:
        if self._spool is not None and not self._spool.is_empty:
            # what waits there came earlier
            raise StoreAway("tin cũ còn trong thư mục chờ.")
        return self._inbox.put(connection, messages)

    def _put_aside(self, messages: Sequence[Sealed]) -> list[bool]:
        if self._spool is None:
            raise StoreAway("cơ sở dữ liệu không trả lời, và không có thư mục chờ.")
        self._spool.append(messages)
        return [True] * len(messages)

    def _drain(self, spool: Spool) -> None:
        if time.monotonic() - self._drained_at < _LOOK_EVERY:
            return
        try:
            drained = spool.drain(self._inbox.put_all)
            log.info("%d messages came in from the spool", drained)
            self._look = True
        except (StoreError, OSError) as error:
            self._drained_at = time.monotonic()
            log.warning("the spool is not drained yet: %s", error)

    # ---- thinking ----

    def _claim(self, connection: Connection, rooms: Sequence[int]) -> list[list[Claimed]]:
        claimed = self._inbox.claim(connection, rooms[-1], [*self._busy, *self._hopeless])
        return [[]] * (len(rooms) - 1) + [claimed]

    def _begin(self, claiming: "Future[list[Claimed]]") -> None:
        if claiming.exception() is not None:
            return
        for message in claiming.result():
            self._busy[message.id] = message
            self._claimed.append(message)

    def _think(self) -> None:
        until = time.monotonic() + _THOUGHT
        while self._claimed and time.monotonic() < until:
            message = self._claimed.popleft()
            if self._aside is None:
                self._answer(message, self._thought(message))
            else:
                self._aside_now += 1
                self._aside.submit(self._think_aside, message)

    def _think_aside(self, message: Claimed) -> None:
        self._thought_aside.append((message, self._thought(message)))
        self._writer.nudge()

    def _thought(self, message: Claimed) -> FinishedTurn | None:
        """The turn of a message, whatever goes wrong."""
        if message.chat.silent or not isinstance(message.event, Incoming | OfClass):
            return None
        if message.claims > _CLAIMS:
            log.error("a message was begun %d times and never ended; its person is told", message.claims)
            return self._assistant.only_say("trouble", message.chat)
        verdict = self._judged(message)
        if verdict != "answer":
            return self._assistant.only_say("too_many", message.chat) if verdict == "tell" else None
        for _ in range(self._failures.get(message.id, 0), TRIES):
            try:
                if isinstance(message.event, OfClass):
                    return self._assistant.call(message.event, message.chat)
                return self._assistant.take(message.event, message.chat)
            except Exception as error:  # whatever it was, it must not stop the others
                log.error("a turn failed: %s", place_of(error))
        return self._assistant.only_say("trouble", message.chat)

    def _judged(self, message: Claimed) -> Verdict:
        """Only platforms bring floods: who writes on a page waits for each answer."""
        if self._quota is None or message.chat.channel not in self._inbox.pushed or isinstance(message.event, OfClass):
            return "answer"
        return self._quota.judge(message.chat.lookup, message.received_at)

    # ---- out ----

    def _answer(self, message: Claimed, turn: FinishedTurn | None) -> None:
        writing = self._writer.put(self._answering, Answered(message, turn))
        writing.add_done_callback(lambda done: self._answered(message, turn, done))
        # the same transaction claims what the same person wrote next
        self._look = True

    def _answered(self, message: Claimed, turn: FinishedTurn | None, writing: "Future[int]") -> None:
        error = writing.exception()
        if error is not None:
            self._failed(message, error)
            return
        self._busy.pop(message.id, None)
        self._failures.pop(message.id, None)
        self._tell(message.key, StoredReply(writing.result(), turn.messages if turn else "[]"))
        if turn is not None:
            self._notify(message, Answer(writing.result(), load(turn.messages)))

    def _failed(self, message: Claimed, error: BaseException) -> None:
        if isinstance(error, StaleTurn | StoreAway):
            # the table knows whether it is still to be answered, and how the chat stands
            self._busy.pop(message.id, None)
            self._look = isinstance(error, StaleTurn)
            if isinstance(error, StoreAway):
                self._apologise(message.key, error)
            return
        failures = self._failures[message.id] = self._failures.get(message.id, 0) + 1
        log.error("a turn could not be written: %s", error if isinstance(error, StoreError) else place_of(error))
        if failures <= TRIES:
            self._claimed.append(message)
        else:
            self._give_up(message, error)

    def _give_up(self, message: Claimed, error: BaseException) -> None:
        """Not even the words of trouble could be written: what cannot be answered must not stand in the way."""
        self._apologise(message.key, error)
        if self._failures[message.id] == TRIES + 1:
            self._answer(message, None)
            return
        del self._failures[message.id], self._busy[message.id]
        self._hopeless.add(message.id)

    def _notify(self, message: Claimed, answer: Answer) -> None:
        try:
            if self._turn_taken is not None:
                self._turn_taken(message.chat.channel, (self._now() - message.received_at).total_seconds())
            if self._listener is not None:
                self._listener(message.event.contact, answer)
        except Exception as error:  # a listener's fault must not stop everybody's turns
            log.error("a listener of turns failed: %s", place_of(error))

    # ---- who waits ----

    def _tell(self, key: str, reply: StoredReply) -> None:
        if key in self._questions:
            self._resolve(key, Answer(reply.id, load(reply.messages)))

    def _apologise(self, key: str, error: BaseException) -> None:
        if key in self._questions:
            log.error("a message could not be answered: %s", error)
            self._resolve(key, Answer(0, self._assistant.phrase("trouble")))

    def _resolve(self, key: str, answer: Answer) -> None:
        with self._asking_now:
            question = self._questions.pop(key, None)
        for future in question.futures if question else ():
            if future.set_running_or_notify_cancel():
                future.set_result(answer)
