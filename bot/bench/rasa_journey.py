"""Measures Rasa's own server with the same journey: rules and a form, every event in an SQL tracker.

Each numbered step of our dialog is a slot that "xong rồi" fills; its words and its button are ours. Rasa understands
with our own pipeline, so that what differs is how a turn is carried, not how a text is read.
"""

import asyncio
import hashlib
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import uvloop
from aiohttp import ClientSession

from bot.bench.meter import cpu_seconds, resident_mb
from bot.bench.rasa_process import BUILD, log_of, rasa, rasa_server
from bot.bench.served import writing
from bot.bench.serving_figures import Served
from bot.bootstrap import read_content
from bot.core.dialogs import Step
from bot.nlu.evaluation import EvaluationError
from bot.settings import PROJECT, Settings

_NAME = "journey"
_TRAINING = "journey-training"
_FOLDER = BUILD / "bench" / _NAME

# what leads into the journey, and what each step is answered with
_BEGIN = "kích hoạt VNeID mức 2"
_DONE = "xong rồi"

# turns of one long chat, and how many of them count as its beginning and its end
_LONG = 1_000
_EDGE = 100


def measure_journey(settings: Settings, *, people: int, seconds: float) -> Served:
    """What Rasa's server makes of so many people. Raises ``EvaluationError``; the first run trains for a minute."""
    dialog = read_content(settings).book.dialogs["vneid_muc_2"]
    steps = [step for step in dialog.steps.values() if step.title]
    archive = _trained(steps)
    (_FOLDER / "tracker.db").unlink(missing_ok=True)
    words = ("--endpoints", str(_FOLDER / "endpoints.yml"), "--credentials", str(_FOLDER / "credentials.yml"))
    with rasa_server(_NAME, archive, _answers, *words) as (process, url, ready):
        return uvloop.run(_measured(_Server(process.pid, url, ready, len(steps)), people, seconds))


# ---- the project ----


def _trained(steps: Sequence[Step]) -> Path:
    """The archive, trained now unless it was trained on just this before."""
    subprocess.run([sys.executable, "-m", "models.gather", "train"], cwd=PROJECT, check=True)
    _write(steps)
    learnt = [*sorted((BUILD / "train").iterdir()), *sorted(_FOLDER.glob("*.yml"))]
    digest = hashlib.sha256(b"\0".join(path.read_bytes() for path in learnt)).hexdigest()[:12]
    archive = _FOLDER / f"{_NAME}-{digest}.tar.gz"
    if archive.exists():
        return archive
    words = ["train", "--config", str(_FOLDER / "config.yml"), "--domain", str(_FOLDER / "domain.yml")]
    words += ["--data", str(BUILD / "train"), str(_FOLDER / "rules.yml"), "--out", str(_FOLDER)]
    process = rasa(_TRAINING, *words, "--fixed-model-name", archive.name.removesuffix(".tar.gz"))
    process.wait()
    if process.returncode or not archive.exists():
        raise EvaluationError(f"Rasa không học được; xem {log_of(_TRAINING)}.")
    return archive


def _write(steps: Sequence[Step]) -> None:
    """The files of a Rasa project."""
    _FOLDER.mkdir(parents=True, exist_ok=True)
    names = [f"step_{number}" for number in range(1, len(steps) + 1)]
    # the intents as models/gather.py wrote them, a line each
    intents = [json.loads(line[4:]) for line in (BUILD / "domain.yml").read_text("utf-8").splitlines()[2:] if line]
    asking = {"active_loop": _NAME}
    slots = {
        name: {
            "type": "bool",
            "mappings": [
                {"type": "from_intent", "intent": "done", "value": True}
                | {"conditions": [asking | {"requested_slot": name}]}
            ],
        }
        for name in names
    }
    said = {
        f"utter_ask_{_NAME}_{name}": [
            {"text": f"{step.title}\n{step.wording.say}", "buttons": [{"title": "Xong rồi", "payload": "/done"}]}
        ]
        for name, step in zip(names, steps, strict=True)
    }
    begin = [{"intent": "vneid_muc_2"}, {"action": _NAME}, asking]
    end = [{"action": _NAME}, {"active_loop": None}, {"action": "utter_finished"}, {"action": "action_restart"}]
    rules = [
        {"rule": "the journey begins", "steps": begin},
        {"rule": "the journey ends", "condition": [asking], "steps": end},
    ]
    files: dict[str, dict[str, Any]] = {
        "domain": {
            "version": "3.1",
            "intents": intents,
            "forms": {_NAME: {"required_slots": names}},
            "slots": slots,
            "responses": {**said, "utter_finished": [{"text": "Xong hết rồi."}], "utter_restart": [{"text": ""}]},
        },
        "rules": {"version": "3.1", "rules": rules},
        "config": {
            "recipe": "default.v1",
            "assistant_id": "go_cua",
            "language": "vi",
            "pipeline": [{"name": "models.components.NgramClassifier"}],
            "policies": [{"name": "RulePolicy"}],
        },
        "endpoints": {
            "tracker_store": {
                "type": "SQL",
                "dialect": "sqlite",
                "db": str(_FOLDER.relative_to(PROJECT) / "tracker.db"),
            }
        },
        "credentials": {"rest": {}},
    }
    for name, content in files.items():
        # Rasa tells its files by a key at the beginning of a line; behind it, JSON is YAML, too
        lines = (f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in content.items())
        (_FOLDER / f"{name}.yml").write_text("".join(lines), encoding="utf-8")


# ---- the load ----


@dataclass(frozen=True, slots=True)
class _Server:
    """Rasa's server, and how many steps its journey has."""

    process: int
    url: str
    ready_s: float
    steps: int


@dataclass(slots=True)
class _Crowd:
    """People who answer each step as soon as they see it."""

    client: ClientSession
    server: _Server
    times: list[float] = field(default_factory=list)

    def take_times(self) -> list[float]:
        times, self.times = self.times, []
        return times

    async def go_through(self, person: str, until: float) -> None:
        journeys = 0
        while time.monotonic() < until:
            journeys += 1
            await self.one_journey(f"{person}-{journeys}", until)

    async def one_journey(self, person: str, until: float = float("inf")) -> None:
        for text in (_BEGIN, *[_DONE] * self.server.steps):
            await self.say(person, text)
            if time.monotonic() >= until:
                return

    async def say(self, person: str, text: str) -> None:
        """Raises ``EvaluationError`` where the journey does not go on."""
        began = time.monotonic()
        sent = {"sender": person, "message": text}
        async with self.client.post(f"{self.server.url}/webhooks/rest/webhook", json=sent) as answer:
            said = await answer.json()
        self.times.append(time.monotonic() - began)
        if not said:
            raise EvaluationError(f"Rasa không trả lời '{text}'; xem {log_of(_NAME)}.")


async def _measured(server: _Server, people: int, seconds: float) -> Served:
    async with writing(patience=60.0) as client:
        crowd = _Crowd(client, server)
        await crowd.one_journey("warm")
        crowd.take_times()
        before, began = cpu_seconds([server.process]), time.monotonic()
        await asyncio.gather(*(crowd.go_through(str(each), began + seconds) for each in range(people)))
        passed, used, times = time.monotonic() - began, cpu_seconds([server.process]) - before, crowd.take_times()
        while len(crowd.times) < _LONG:
            await crowd.one_journey("long")
        memory = resident_mb(server.process)
        return Served.of(
            times, seconds=passed, cpu=used, memory_mb=memory, ready_s=server.ready_s, growth=_growth(crowd.times)
        )


def _growth(times: Sequence[float]) -> float:
    """A turn at the end of one long chat against one at its beginning."""
    return statistics.median(times[-_EDGE:]) / statistics.median(times[:_EDGE])


def _answers(url: str) -> bool:
    try:
        sent = {"sender": "ready", "message": _BEGIN}
        return bool(httpx.post(f"{url}/webhooks/rest/webhook", json=sent, timeout=60).raise_for_status().json())
    except (httpx.HTTPError, ValueError):
        return False
