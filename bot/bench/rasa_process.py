"""Rasa as a process beside the bot: its own environment, nothing sent home, its words in a log."""

import os
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.nlu.evaluation import EvaluationError
from bot.settings import PROJECT

PYTHON = PROJECT / ".venv-rasa" / "bin" / "python"
BUILD = PROJECT / "build"

# seconds a server may take to start; DIET takes about one minute on a busy machine
STARTING = 300

ENVIRONMENT = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg"}

MISSING = "[bold red]BỎ QUA Rasa:[/] chưa có .venv-rasa; gõ `make .venv-rasa/.rasa` (2,5 GB) rồi đo lại."


def rasa(name: str, *words: str) -> "subprocess.Popen[bytes]":
    """``rasa …`` begun; ``name`` says whose log it writes."""
    log = log_of(name)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as said:
        return subprocess.Popen(
            [PYTHON, "-m", "rasa", *words],
            cwd=PROJECT,
            env={**os.environ, **ENVIRONMENT},
            stdout=said,
            stderr=subprocess.STDOUT,
        )


@contextmanager
def rasa_server(
    name: str, archive: Path, answers: Callable[[str], bool], *words: str
) -> "Iterator[tuple[subprocess.Popen[bytes], str, float]]":
    """Rasa's server with this model: its process, its address, and the seconds until its first answer.

    Raises ``EvaluationError``.
    """
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    began = time.perf_counter()
    process = rasa(name, "run", "--model", str(archive), "--interface", "127.0.0.1", "--port", str(port), *words)
    try:
        while not answers(url):
            if process.poll() is not None or time.perf_counter() - began > STARTING:
                raise EvaluationError(f"máy chủ của Rasa không chạy được; xem {log_of(name)}.")
            time.sleep(0.1)
        yield process, url, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait()


def log_of(name: str) -> Path:
    return BUILD / "bench" / f"{name}.log"
