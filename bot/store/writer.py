"""One thread writes: whatever waits shares a transaction, and with it the wait for the disk."""

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from bot.store.database import StoreAway, StoreError, store_error

log = logging.getLogger(__name__)

Item = TypeVar("Item")
Result = TypeVar("Result")

# of what waits, this much goes into one transaction; more makes those who wait longer and saves hardly anything
_MOST = 500

# seconds without anything to write, after which the thread looks round once more
_PAUSE = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Job(Generic[Item, Result]):
    """One kind of writing: all its items of a transaction at once, in their order, a result each.

    ``instead`` takes the items where the database is away. Who writes one row twice waits for the first time.
    """

    write: Callable[[Connection, Sequence[Item]], Sequence[Result]]
    instead: Callable[[Sequence[Item]], Sequence[Result]] | None = None


class Companion(Protocol):
    """Somebody who works in the writer's thread, around its transactions."""

    def before(self) -> None:
        """Puts what is to go into the next transaction behind everything else."""

    def after(self) -> float:
        """Works between two transactions; the seconds until it wants to be asked again, with nothing to write."""

    @property
    def busy(self) -> bool:
        """Whether something begun is not ended."""


class Writer:
    """Writes what is put, in its own thread or, where that was not started, in the thread that puts."""

    def __init__(self, engine: Engine, prepare: Callable[[Connection], None] | None = None) -> None:
        """``prepare`` goes first in every transaction; where it fails, nothing of that transaction is written."""
        self._engine = engine
        self._prepare = prepare
        self._waiting: deque[tuple[Job[Any, Any], Any, Future[Any]]] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._companion: Companion | None = None

    @property
    def started(self) -> bool:
        return self._thread is not None

    def start(self, companion: Companion | None = None) -> None:
        if self.started:
            raise RuntimeError("the writer was started before")
        self._companion, self._stopping = companion, False
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, let the companion end what it began, then stop."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
        self._thread, self._companion = None, None

    def put(self, job: Job[Item, Result], item: Item) -> "Future[Result]":
        """The result once it is committed. The future fails with ``StoreError``, or with the error of the job."""
        future: Future[Result] = Future()
        with self._changed:
            self._waiting.append((job, item, future))
            self._changed.notify()
        return future

    def do(self, job: Job[Item, Result], item: Item) -> Result:
        """The same for who can wait, whether or not the thread was started."""
        future = self.put(job, item)
        while not self.started and not future.done():
            self.write()
        return future.result()

    def nudge(self) -> None:
        """Have the companion asked soon."""
        with self._changed:
            self._changed.notify()

    def write(self) -> None:
        """One transaction with what waits, in the calling thread."""
        with self._changed:
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _MOST))]
        if batch:
            self._commit(batch)

    def round(self, companion: Companion | None) -> float:
        """One transaction, and the companion's work around it; seconds until there may be something to do again."""
        if companion is None:
            self.write()
            return _PAUSE
        try:
            companion.before()
            self.write()
            pause = companion.after()
        except Exception as error:  # whatever it was, everybody else's writing goes on
            log.error("the writer's companion failed: %s", type(error).__name__)
            return _PAUSE
        return 0.0 if self._waiting else pause

    # ---- the thread ----

    def _run(self) -> None:
        pause = 0.0
        while self._wait(pause):
            pause = self.round(self._companion)

    def _wait(self, pause: float) -> bool:
        """Until there is something to do; whether there may be more."""
        with self._changed:
            if not self._waiting and not self._stopping and pause > 0:
                self._changed.wait(pause)
            ended = self._companion is None or not self._companion.busy
            return bool(self._waiting) or not self._stopping or not ended

    # ---- a transaction ----

    def _commit(self, batch: Sequence[tuple[Job[Any, Any], Any, "Future[Any]"]]) -> None:
        """All together; where something fails, each alone, so that one takes no others along."""
        by_job: dict[Job[Any, Any], list[tuple[Any, Future[Any]]]] = {}
        for job, item, future in batch:
            by_job.setdefault(job, []).append((item, future))
        try:
            results = self._written(by_job)
        except Exception as error:
            self._failed(batch, by_job, error)
            return
        for job, waiting in by_job.items():
            _tell(waiting, results[job])

    def _written(self, by_job: dict[Job[Any, Any], list[tuple[Any, "Future[Any]"]]]) -> dict[Job[Any, Any], Any]:
        for attempt in (1, 2):
            try:
                with self._engine.begin() as connection:
                    if self._prepare is not None:
                        self._prepare(connection)
                    return {job: job.write(connection, [item for item, _ in each]) for job, each in by_job.items()}
            except DBAPIError as error:
                # a connection that broke while it lay idle says nothing about the database
                if attempt == 1 and error.connection_invalidated:
                    continue
                raise store_error(error) from error
        raise AssertionError("two attempts end with a result or an error")

    def _failed(
        self,
        batch: Sequence[tuple[Job[Any, Any], Any, "Future[Any]"]],
        by_job: dict[Job[Any, Any], list[tuple[Any, "Future[Any]"]]],
        error: Exception,
    ) -> None:
        if isinstance(error, StoreAway):
            for job, waiting in by_job.items():
                _stand_in(job, waiting, error)
        elif len(batch) == 1:
            _fail(batch[0][2], error)
        else:
            for each in batch:
                self._commit([each])


def _stand_in(job: Job[Any, Any], waiting: Sequence[tuple[Any, "Future[Any]"]], error: Exception) -> None:
    if job.instead is None:
        for _, future in waiting:
            _fail(future, error)
        return
    try:
        results = job.instead([item for item, _ in waiting])
    except (StoreError, OSError) as second:
        for _, future in waiting:
            _fail(future, second)
        return
    _tell(waiting, results)


def _tell(waiting: Sequence[tuple[Any, "Future[Any]"]], results: Sequence[Any]) -> None:
    for (_, future), result in zip(waiting, results, strict=True):
        if future.set_running_or_notify_cancel():
            future.set_result(result)


def _fail(future: "Future[Any]", error: Exception) -> None:
    if future.set_running_or_notify_cancel():
        future.set_exception(error)
