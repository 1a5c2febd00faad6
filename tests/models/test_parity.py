"""Rasa and the bot give the same answers: ``rasa train nlu`` writes an archive, both read it, both are asked.

Needs the training environment (``models/requirements.txt``); ``GOCUA_RASA_PYTHON`` names its Python.
"""

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.archive import read_archive
from bot.nlu.evaluation import read_lines
from bot.settings import PROJECT, load_settings
from models.gather import EVALUATION, gather_training
from models.names import from_rasa

PYTHON = os.environ.get("GOCUA_RASA_PYTHON", "")

# how far confidences may lie apart
NEAR = 0.001

QUIET = {"RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}


def run(*words: str, given: str = "") -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, **QUIET}
    return subprocess.run(
        [PYTHON, *words], cwd=PROJECT, env=environment, input=given, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive ``rasa train nlu`` writes of everything authors wrote."""
    if not PYTHON:
        pytest.skip("no training environment: `make rasa` makes one, GOCUA_RASA_PYTHON names its Python")
    if not Path(PYTHON).exists() or run("-c", "import rasa").returncode:
        pytest.skip(f"GOCUA_RASA_PYTHON={PYTHON}: that Python cannot import rasa")
    folder = tmp_path_factory.mktemp("rasa")
    gather_training(load_settings(), folder)
    lines, domain = str(folder / "train"), str(folder / "domain.yml")
    named = ("--out", str(folder), "--fixed-model-name", "trained")
    done = run("-m", "rasa", "train", "nlu", "--nlu", lines, "--domain", domain, *named)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder / "trained.tar.gz"


def test_same_intents_and_confidences_on_the_evaluation_set(archive: Path) -> None:
    texts = [line.text for line in read_lines(EVALUATION)]
    done = run("-m", "models.ask", str(archive), given="\n".join(texts))
    assert done.returncode == 0, done.stderr[-2000:]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    model = read_archive(archive)
    assert len(answers) == len(texts)
    apart = [text for text, answer in zip(texts, answers, strict=True) if not same(answer, model.rank(text))]
    assert not apart


def same(answer: dict[str, Any], ranking: list[Any]) -> bool:
    ours = {each.intent: each.confidence for each in ranking}
    theirs = {from_rasa(each["name"]): each["confidence"] for each in answer["intent_ranking"]}
    return (
        from_rasa(answer["intent"]["name"]) == ranking[0].intent
        and abs(answer["intent"]["confidence"] - ranking[0].confidence) < NEAR
        and all(abs(theirs[intent] - ours[intent]) < NEAR for intent in theirs.keys() & ours.keys())
    )
