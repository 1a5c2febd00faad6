"""Rasa and the bot give the same answers: ``rasa train nlu`` writes an archive, both read it, both are asked.

Needs the training environment (``models/requirements.txt``); ``GOCUA_RASA_PYTHON`` names its Python. The archive is the
one ``GOCUA_RASA_ARCHIVE`` names, with what ``rasa test nlu`` reported in ``reports/`` beside it (``make train`` leaves
both); without that, the test trains and tests one of its own.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.archive import read_archive
from bot.nlu.evaluation import judge, read_lines
from bot.nlu.model import Model, Ranked
from bot.nlu.rasa_names import from_rasa
from bot.settings import PROJECT, load_settings
from models.gather import EVALUATION, gather_test, gather_training

PYTHON = os.environ.get("GOCUA_RASA_PYTHON", "")
ARCHIVE = os.environ.get("GOCUA_RASA_ARCHIVE", "")

# how far confidences may lie apart
NEAR = 0.001

QUIET = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "Agg"}


def run(*words: str, given: str = "") -> str:
    environment = {**os.environ, **QUIET, "RASA_MAX_CACHE_SIZE": "0"}
    done = subprocess.run(
        [PYTHON, *words], cwd=PROJECT, env=environment, input=given, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def rasa(*words: str, domain: Path) -> None:
    run("-m", "rasa", *words, "--domain", str(domain))


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive ``rasa train nlu`` writes of everything authors wrote, and the report of ``rasa test nlu`` on it."""
    if not PYTHON:
        pytest.skip("no training environment: `make train` makes one, GOCUA_RASA_PYTHON names its Python")
    run("-c", "import rasa")
    if ARCHIVE:
        return Path(ARCHIVE)
    folder = tmp_path_factory.mktemp("rasa")
    domain, archive = folder / "domain.yml", folder / "trained.tar.gz"
    gather_training(load_settings(), folder)
    named = ("--out", str(folder), "--fixed-model-name", "trained")
    rasa("train", "nlu", "--nlu", str(folder / "train"), *named, domain=domain)
    gather_test(read_archive(archive), folder)
    tested = ("--model", str(archive), "--out", str(folder / "reports"))
    rasa("test", "nlu", "--nlu", str(folder / "test"), *tested, domain=domain)
    return archive


@pytest.fixture(scope="module")
def model(archive: Path) -> Model:
    return read_archive(archive)


def test_same_intents_and_confidences_on_the_evaluation_set(archive: Path, model: Model) -> None:
    texts = [line.text for line in read_lines(EVALUATION)]
    answers = [json.loads(line) for line in run("-m", "models.ask", str(archive), given="\n".join(texts)).splitlines()]
    assert len(answers) == len(texts)
    apart = [text for text, answer in zip(texts, answers, strict=True) if not same(answer, model.rank(text))]
    assert apart == []


def same(answer: dict[str, Any], ranking: list[Ranked]) -> bool:
    ours = {each.intent: each.confidence for each in ranking}
    theirs = {from_rasa(each["name"]): each["confidence"] for each in answer["intent_ranking"]}
    return (
        from_rasa(answer["intent"]["name"]) == ranking[0].intent
        and abs(answer["intent"]["confidence"] - ranking[0].confidence) < NEAR
        and all(abs(theirs[intent] - ours[intent]) < NEAR for intent in theirs.keys() & ours.keys())
    )


def test_rasas_own_test_counts_as_many_right_as_the_bots(archive: Path, model: Model) -> None:
    report = json.loads((archive.parent / "reports" / "intent_report.json").read_text(encoding="utf-8"))
    lines = read_lines(EVALUATION)
    assert report["weighted avg"]["support"] == len(lines)
    assert report["accuracy"] == pytest.approx(judge(lines, model.rank).accuracy, abs=1e-9)


def test_what_rasa_drew_is_there(archive: Path) -> None:
    drawn = [archive.parent / "reports" / f"intent_{name}.png" for name in ("confusion_matrix", "histogram")]
    assert [path.name for path in drawn if not path.read_bytes().startswith(b"\x89PNG")] == []
