"""Measures what it costs to understand a message."""

import time

from rich.console import Console

from bot.bench.meter import resident_mb
from bot.bootstrap import parser as make_parser
from bot.bootstrap import read_content
from bot.nlu.evaluation import EvaluationError, read_lines
from bot.parsing import Parser
from bot.settings import Settings

# lines understood before the clock runs, so that what a process does once is not counted
WARM_UP = 50


def measure_parsing(settings: Settings, console: Console) -> None:
    """Print what it costs to load the model, and to hide and understand each line of the evaluation set."""
    library = read_content(settings)
    lines = read_lines(settings.content / "models" / "evaluation.tsv")
    before = resident_mb()
    began = time.process_time()
    parser = make_parser(settings, library)
    load = time.process_time() - began
    if parser.understanding.model is None:
        raise EvaluationError("chưa có mô hình; gõ `gocua train` trước.")
    for line in lines[:WARM_UP]:
        parser.parse(line.text)
    times = sorted(_cpu_seconds(parser, line.text) for line in lines)
    console.print(f"nạp mô hình {load * 1000:.0f} ms, thêm {resident_mb() - before:.0f} MB bộ nhớ")
    p50, p95 = (times[len(times) * share // 100] * 1000 for share in (50, 95))
    mean = sum(times) / len(times) * 1000
    console.print(f"che và hiểu một câu (giờ CPU): p50 {p50:.2f} ms, p95 {p95:.2f} ms, trung bình {mean:.2f} ms")


def _cpu_seconds(parser: Parser, text: str) -> float:
    # of this process alone: what else runs on the machine is not our cost
    began = time.process_time()
    parser.parse(text)
    return time.process_time() - began
