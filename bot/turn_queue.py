"""Everybody's messages in one queue: each person's in order, different people's together in one transaction."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

from bot.assistant import Answer, Assistant
from bot.channels.messages import ContactKey, Incoming

log = logging.getLogger(__name__)

# people whose messages share a transaction; more adds waiting and hardly any speed
TOGETHER = 50

Listener = Callable[[ContactKey, Answer], None]


class TurnQueue:
    """One thread that writes. ``listener`` hears each committed answer, in the thread of the queue."""

    def __init__(self, assistant: Assistant, listener: Listener | None = None) -> None:
        self._assistant = assistant
        self._listener = listener
        self._waiting: deque[tuple[Incoming, Future[Answer]]] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="turns", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then end."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        self._thread.join()

    def submit(self, incoming: Incoming) -> "Future[Answer]":
        """The answer to a message, once its turn is committed."""
        future: Future[Answer] = Future()
        with self._changed:
            if self._stopping:
                raise RuntimeError("the queue is stopping")
            self._waiting.append((incoming, future))
            self._changed.notify()
        return future

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._stopping:
                    self._changed.wait()
                if not self._waiting:
                    return
                batch = self._next_batch()
            self._handle(batch)

    def _next_batch(self) -> list[tuple[Incoming, "Future[Answer]"]]:
        """The first waiting message of each of the first people; what else they sent stays in its order."""
        batch: list[tuple[Incoming, Future[Answer]]] = []
        taken: set[ContactKey] = set()
        left: deque[tuple[Incoming, Future[Answer]]] = deque()
        while self._waiting and len(batch) < TOGETHER:
            item = self._waiting.popleft()
            if item[0].contact in taken:
                left.append(item)
                continue
            taken.add(item[0].contact)
            batch.append(item)
        self._waiting.extendleft(reversed(left))
        return batch

    def _handle(self, batch: Sequence[tuple[Incoming, "Future[Answer]"]]) -> None:
        answers = self._assistant.handle_together([incoming for incoming, _ in batch])
        for (incoming, future), answer in zip(batch, answers, strict=True):
            self._tell(incoming.contact, answer)
            if future.set_running_or_notify_cancel():
                future.set_result(answer)

    def _tell(self, contact: ContactKey, answer: Answer) -> None:
        if self._listener is None:
            return
        try:
            self._listener(contact, answer)
        except Exception as error:  # a listener's fault must not stop everybody's turns
            log.error("a listener of turns failed: %s", type(error).__name__)
