"""An event loop whose clock jumps to the next thing planned as soon as nothing else is left to do: hours in no time."""

import asyncio
import contextvars
import datetime as dt
import selectors
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Executor
from typing import Any, TypeVar, TypeVarTuple, Unpack

T = TypeVar("T")
Args = TypeVarTuple("Args")

_running: contextvars.ContextVar[asyncio.AbstractEventLoop] = contextvars.ContextVar("running")

START = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)


def run(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a test's coroutine to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        _running.set(runner.get_loop())
        return runner.run(main(), context=contextvars.copy_context())


def moment() -> float:
    """Virtual seconds since the test began, also in the threads it started."""
    return _running.get().time()


def now() -> dt.datetime:
    """The same as a date, for what is stored."""
    return START + dt.timedelta(seconds=moment())


class VirtualLoop(asyncio.SelectorEventLoop):
    """Stands still while a thread works for it, and jumps when everybody sleeps."""

    def __init__(self) -> None:
        self._moment = 0.0
        self._working = 0
        super().__init__(_Jumping(self._jump))

    def time(self) -> float:
        return self._moment

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Args]], T], *args: *Args
    ) -> "asyncio.Future[T]":
        self._working += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._worked)
        return future

    def _worked(self, _: object) -> None:
        self._working -= 1

    def _jump(self, seconds: float) -> bool:
        if self._working:
            return False
        self._moment += seconds
        return True


class _Jumping(selectors.BaseSelector):
    """Looks for what is ready; instead of waiting for the clock it lets the clock jump."""

    def __init__(self, jump: Callable[[float], bool]) -> None:
        self._real = selectors.DefaultSelector()
        self._jump = jump

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = self._real.select(0)
        if ready or timeout == 0:
            return ready
        if timeout is None or not self._jump(timeout):
            return self._real.select(None)
        return []

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        return self._real.register(fileobj, events, data)

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._real.unregister(fileobj)

    def close(self) -> None:
        self._real.close()

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._real.get_map()
