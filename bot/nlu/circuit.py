"""A circuit breaker: stops asking for a while what has stopped answering."""

import logging
from collections.abc import Callable
from threading import Lock

log = logging.getLogger(__name__)

# failures in a row after which nobody is made to wait any more
FAILURES = 5

# seconds between two probes of what does not answer
PAUSE = 30.0


class Circuit:
    """Open after ``FAILURES`` in a row; then one call in ``PAUSE`` seconds is let through to see.

    The first that succeeds closes it. Opening and closing are one log line each. Any thread may use it.
    """

    def __init__(self, name: str, now: Callable[[], float]) -> None:
        self._name = name
        self._now = now
        self._lock = Lock()
        self._failures = 0
        self._probe_at: float | None = None  # none while closed

    def admits(self) -> bool:
        """Whether to call now. While open, the one who is let through is the probe."""
        with self._lock:
            if self._probe_at is None:
                return True
            if self._now() < self._probe_at:
                return False
            self._probe_at = self._now() + PAUSE
            return True

    def succeeded(self) -> None:
        with self._lock:
            if self._probe_at is not None:
                log.warning("%s answers again and is used again", self._name)
            self._failures, self._probe_at = 0, None

    def failed(self, reason: str) -> None:
        """``reason`` goes into the log: never anything a person typed."""
        with self._lock:
            self._failures += 1
            if self._failures < FAILURES or self._probe_at is not None:
                return
            self._probe_at = self._now() + PAUSE
        log.error(
            "%s failed %d times in a row (%s); the bot goes on without it and tries again every %d s",
            self._name, FAILURES, reason, PAUSE,
        )  # fmt: skip
