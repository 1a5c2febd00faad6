"""Measures Rasa's own HTTP server beside the bot, in the same run: with DIET, and with our pipeline."""

import hashlib
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from bot.bench.meter import resident_mb, seconds_of
from bot.bench.rasa_process import BUILD, MISSING, PYTHON, log_of, rasa, rasa_server
from bot.nlu.archive import read_archive
from bot.nlu.evaluation import EvaluationError, Judged, read_lines
from bot.nlu.rasa_names import from_rasa
from bot.settings import PROJECT, Settings

# lines sent before the clock runs
WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A Rasa pipeline, and the files beside the training lines on which its model depends."""

    name: str
    title: str
    config: Path
    depends: tuple[Path, ...] = ()


PIPELINES = (
    Pipeline("diet", "Rasa, DIET", PROJECT / "models" / "diet.yml"),
    Pipeline(
        "ours",
        "Rasa, cách của ta",
        PROJECT / "config.yml",
        (PROJECT / "models" / "components.py", *sorted((PROJECT / "bot" / "nlu").glob("*.py"))),
    ),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """Share of lines understood, milliseconds of a line, memory of the whole process, seconds to the first answer."""

    title: str
    accuracy: float
    p50: float
    p95: float
    memory_mb: float
    start_s: float


def measure_rasa(settings: Settings, console: Console) -> None:
    """Print a table of both pipelines served by Rasa and of the bot's own process. Raises ``EvaluationError``.

    The first run trains both (minutes); the models are kept in ``build/`` as long as what they learnt from stays.
    """
    if not PYTHON.exists():
        console.print(MISSING)
        return
    lines = read_lines(settings.content / "models" / "evaluation.tsv")
    measured = [_in_process(settings, lines)]
    for pipeline in PIPELINES:
        archive = _trained(pipeline, console)
        with console.status(f"{pipeline.title}: đang đo"):
            measured.append(_served(pipeline, archive, lines))
    table = Table(title=f"Hiểu {len(lines)} câu, cạnh máy chủ của Rasa", title_justify="left")
    table.add_column("đo gì")
    for heading in ("đúng", "p50 ms", "p95 ms", "bộ nhớ MB", "tới câu đầu s"):
        table.add_column(heading, justify="right")
    for each in measured:
        figures = (f"{each.p50:.2f}", f"{each.p95:.2f}", f"{each.memory_mb:,.0f}", f"{each.start_s:.1f}")
        table.add_row(each.title, f"{each.accuracy:.1%}", *figures)
    console.print(table)
    console.print(
        "Riêng phần mô hình, không tính chữ thường gặp. Rasa qua HTTP trên 127.0.0.1, được dùng mọi nhân CPU."
    )


def _in_process(settings: Settings, lines: Sequence[Judged]) -> Measured:
    command = [sys.executable, "-c", "from bot.cli import main; main()", "parse", "xong rồi"]
    start = seconds_of(lambda: subprocess.run(command, cwd=PROJECT, capture_output=True, check=True))
    model = read_archive(settings.model)
    return _measured("bot (không Rasa)", lines, lambda text: model.rank(text)[0].intent, resident_mb, start)


def _served(pipeline: Pipeline, archive: Path, lines: Sequence[Judged]) -> Measured:
    with (
        rasa_server(pipeline.name, archive, _answers, "--enable-api") as (process, url, start),
        httpx.Client(base_url=url, timeout=60) as client,
    ):

        def ask(text: str) -> str:
            answer = client.post("/model/parse", json={"text": text}).raise_for_status().json()
            return from_rasa(answer["intent"]["name"] or "")

        return _measured(pipeline.title, lines, ask, lambda: resident_mb(process.pid), start)


def _measured(
    title: str, lines: Sequence[Judged], ask: Callable[[str], str], memory: Callable[[], float], start: float
) -> Measured:
    for line in lines[:WARM_UP]:
        ask(line.text)
    times, right = [], 0
    for line in lines:
        began = time.perf_counter()
        given = ask(line.text)
        times.append(time.perf_counter() - began)
        right += given in line.right
    ranked = sorted(times)
    p50, p95 = (ranked[len(ranked) * share // 100] * 1000 for share in (50, 95))
    return Measured(title, right / len(lines), p50, p95, memory(), start)


# ---- training and serving by Rasa ----


def _trained(pipeline: Pipeline, console: Console) -> Path:
    """The archive of a pipeline, trained now unless it was trained on just this before."""
    subprocess.run([sys.executable, "-m", "models.gather", "train"], cwd=PROJECT, check=True)
    lines = BUILD / "train"
    learnt = (pipeline.config, *sorted(lines.iterdir()), *pipeline.depends)
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in learnt)).hexdigest()[:12]
    archive = BUILD / "bench" / f"{pipeline.name}-{digest}.tar.gz"
    if archive.exists():
        return archive
    for old in (BUILD / "bench").glob(f"{pipeline.name}-*.tar.gz"):
        old.unlink()
    words = ["train", "nlu", "--config", str(pipeline.config), "--nlu", str(lines)]
    words += ["--domain", str(BUILD / "domain.yml"), "--out", str(archive.parent)]
    with console.status(f"{pipeline.title}: đang học, mất vài phút"):
        process = rasa(pipeline.name, *words, "--fixed-model-name", archive.name.removesuffix(".tar.gz"))
        process.wait()
    if process.returncode or not archive.exists():
        raise EvaluationError(f"Rasa không học được; xem {log_of(pipeline.name)}.")
    return archive


def _answers(url: str) -> bool:
    try:
        return httpx.post(f"{url}/model/parse", json={"text": "xong rồi"}, timeout=60).is_success
    except httpx.HTTPError:
        return False
