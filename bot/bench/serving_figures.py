"""What a served bot is measured by, ours and Rasa's alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from bot.bench.meter import ranks


@dataclass(frozen=True, slots=True)
class Served:
    """Turns a second, CPU milliseconds a turn, milliseconds until the answer, MB of the largest process.

    ``growth``: the 1,000th turn of one chat against the 100th.
    """

    rate: float
    cpu_ms: float
    p50: float
    p99: float
    memory_mb: float
    ready_s: float
    growth: float

    @classmethod
    def of(
        cls, times: Sequence[float], *, seconds: float, cpu: float, memory_mb: float, ready_s: float, growth: float
    ) -> Self:
        """From the seconds of each turn, and the ``seconds`` and CPU seconds of all together."""
        p50, p99 = ranks(times)
        return cls(len(times) / seconds, cpu / len(times) * 1000, p50, p99, memory_mb, ready_s, growth)

    def row(self) -> tuple[str, ...]:
        return (
            f"{self.rate:,.0f}", f"{self.cpu_ms:.2f}", f"{self.p50:.0f} / {self.p99:.0f}", f"{self.growth:.2f}",
            f"{self.memory_mb:.0f}", f"{self.ready_s:.1f}",
        )  # fmt: skip
