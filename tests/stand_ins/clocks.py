"""A clock that can be set forward, so that tokens, windows and uploads grow old at once."""

import time


class MovableClock:
    """Unix time in seconds, and as much more as it was moved."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self._ahead

    def move(self, seconds: float) -> None:
        self._ahead += seconds
