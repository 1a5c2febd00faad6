"""Measures Rasa's own HTTP server beside the bot, in the same run: with DIET, and with our pipeline."""

import hashlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from bot.bench.meter import resident_mb, seconds_of
from bot.nlu.archive import read_archive
from bot.nlu.evaluation import EvaluationError, Judged, read_lines
from bot.nlu.rasa_names import from_rasa
from bot.settings import PROJECT, Settings

PYTHON = PROJECT / ".venv-rasa" / "bin" / "python"
BUILD = PROJECT / "build"

# seconds a server may take to start; DIET takes about one minute on a busy machine
STARTING = 300

# lines sent before the clock runs
WARM_UP = 20

ENVIRONMENT = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg"}


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
        console.print("[bold red]BỎ QUA Rasa:[/] chưa có .venv-rasa; gõ `make .venv-rasa/.rasa` (2,5 GB) rồi đo lại.")
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
    with _server(pipeline, archive) as (process, url, start), httpx.Client(base_url=url, timeout=60) as client:

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
        process = _rasa(pipeline, *words, "--fixed-model-name", archive.name.removesuffix(".tar.gz"))
        process.wait()
    if process.returncode or not archive.exists():
        raise EvaluationError(f"Rasa không học được; xem {_log_of(pipeline)}.")
    return archive


@contextmanager
def _server(pipeline: Pipeline, archive: Path) -> "Iterator[tuple[subprocess.Popen[bytes], str, float]]":
    """Rasa's server with this model: its process, its address, and the seconds until its first answer."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    process = _rasa(
        pipeline, "run", "--enable-api", "--model", str(archive), "--interface", "127.0.0.1", "--port", str(port)
    )
    try:
        while not _answers(url):
            if process.poll() is not None or time.perf_counter() - began > STARTING:
                raise EvaluationError(f"máy chủ của Rasa không chạy được; xem {_log_of(pipeline)}.")
            time.sleep(0.1)
        yield process, url, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.post(f"{url}/model/parse", json={"text": "xong rồi"}, timeout=60).is_success
    except httpx.HTTPError:
        return False


def _rasa(pipeline: Pipeline, *words: str) -> "subprocess.Popen[bytes]":
    log = _log_of(pipeline)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as said:
        return subprocess.Popen(
            [PYTHON, "-m", "rasa", *words],
            cwd=PROJECT,
            env={**os.environ, **ENVIRONMENT},
            stdout=said,
            stderr=subprocess.STDOUT,
        )


def _log_of(pipeline: Pipeline) -> Path:
    return BUILD / "bench" / f"{pipeline.name}.log"
