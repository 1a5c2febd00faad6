"""Measures what it costs to understand a message."""

import time

from rich.console import Console

from bot.bench.meter import resident_mb, seconds_of
from bot.bootstrap import read_content, read_understanding
from bot.nlu.evaluation import EvaluationError, read_lines
from bot.nlu.parsing import parse
from bot.settings import Settings


def measure_parsing(settings: Settings, console: Console) -> None:
    """Print what it costs to load the model and to understand each line of the evaluation set."""
    library = read_content(settings)
    before = resident_mb()
    began = time.perf_counter()
    understanding = read_understanding(settings, library)
    load = time.perf_counter() - began
    if understanding.model is None:
        raise EvaluationError("chưa có mô hình; gõ `make train` trước.")
    lines = read_lines(settings.content / "models" / "evaluation.tsv")
    parse(understanding, lines[0].text)
    times = [seconds_of(lambda line=line: parse(understanding, line.text)) for line in lines]  # type: ignore[misc]
    ranked = sorted(times)
    console.print(f"nạp mô hình {load * 1000:.0f} ms, thêm {resident_mb() - before:.0f} MB bộ nhớ")
    p50, p95 = (ranked[len(ranked) * share // 100] * 1000 for share in (50, 95))
    console.print(f"hiểu một câu: p50 {p50:.2f} ms, p95 {p95:.2f} ms, {len(times) / sum(times):,.0f} câu/giây")
