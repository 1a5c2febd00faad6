"""What every bench measures with."""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def seconds_of(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def resident_mb(process: int | str = "self") -> float:
    """Memory of a process now, in MB; 0 where the system does not tell."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def cpu_seconds(processes: Iterable[int]) -> float:
    """What these processes have used so far, in the program and in the kernel."""
    return sum(map(_used, processes))


def _used(process: int) -> float:
    # behind the name, which may hold anything: the 12th and 13th field are ticks
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def ranks(times: Sequence[float]) -> tuple[float, float]:
    """Milliseconds in which half and 99 % of these seconds lie."""
    ranked = sorted(times)
    return ranked[len(ranked) // 2] * 1000, ranked[int(len(ranked) * 0.99)] * 1000
