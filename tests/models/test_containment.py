"""Rasa stays where it trains: nothing of it under ``bot/``, nothing sent home, its advisories written down."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.settings import PROJECT

# what can run code while it reads data, and what needs such a thing to live
FORBIDDEN = {
    "rasa", "rasa_sdk", "tensorflow", "keras", "models",
    "pickle", "_pickle", "cPickle", "pickletools", "cloudpickle", "dill", "joblib", "shelve", "marshal",
}  # fmt: skip

IMPORTERS = {"__import__", "import_module"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The names of all modules a source imports, at whatever depth and by whatever means."""
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from (each.name for each in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=str(module)), *_]
            ):
                if name in IMPORTERS:
                    yield module


def forbidden(source: str) -> list[str]:
    return sorted(name for name in imported(ast.parse(source)) if name.partition(".")[0] in FORBIDDEN)


def test_nothing_under_bot_imports_rasa_or_runs_code_while_reading() -> None:
    files = sorted((PROJECT / "bot").rglob("*.py"))
    assert files
    found = {path.relative_to(PROJECT).as_posix(): forbidden(path.read_text(encoding="utf-8")) for path in files}
    assert {name: modules for name, modules in found.items() if modules} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import pickle",
        "import numpy, joblib",
        "import rasa.core.agent as agent",
        "from tensorflow import keras",
        "def late():\n    from marshal import loads",
        "import importlib\nimportlib.import_module('rasa')",
        "from importlib import import_module\nimport_module('dill')",
        "__import__('shelve')",
        "from models.components import NgramClassifier",
    ],
)
def test_such_an_import_would_be_seen(source: str) -> None:
    assert len(forbidden(source)) == 1


def test_numpy_is_never_told_to_read_pickles() -> None:
    told = [
        f"{path.name}:{node.value.lineno}"
        for path in (PROJECT / "bot").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and ast.unparse(node.value) != "False"
    ]
    assert told == []


def test_the_whole_bot_loads_without_what_only_training_needs() -> None:
    program = "import sys, bot.cli; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & {"rasa", "tensorflow", "keras", "sklearn", "scipy", "joblib", "models"} == set()


def recipes() -> dict[str, str]:
    """The targets of the Makefile and everything said about each."""
    said: dict[str, str] = {}
    target = ""
    for line in (PROJECT / "Makefile").read_text(encoding="utf-8").splitlines():
        head = re.match(r"([\w./$()%-]+):(?!=)", line)
        target = head.group(1) if head else target if line.startswith("\t") else ""
        if target:
            said[target] = f"{said.get(target, '')}{line}\n"
    return said


def test_every_command_that_starts_rasa_keeps_it_from_calling_home() -> None:
    starting = {target: said for target, said in recipes().items() if "/bin/rasa " in said}
    assert "train" in starting
    loud = [name for name, said in starting.items() if f"{name}: export RASA_TELEMETRY_ENABLED = false" not in said]
    assert loud == []


@pytest.mark.parametrize("file", ["bot/bench/rasa_process.py", "tests/models/test_parity.py"])
def test_every_module_that_starts_rasa_keeps_it_from_calling_home(file: str) -> None:
    assert '"RASA_TELEMETRY_ENABLED": "false"' in (PROJECT / file).read_text(encoding="utf-8")


def table(path: Path) -> list[list[str]]:
    rows = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows[2:]]


def test_the_advisories_are_about_what_is_installed() -> None:
    locked = set(re.findall(r"^(\S+==\S+)", (PROJECT / "models" / "requirements.txt").read_text(), re.MULTILINE))
    listed = {f"{package}=={version}" for package, version, *_ in table(PROJECT / "models" / "ADVISORIES.md")}
    assert {each.partition("==")[0] for each in listed} >= {"rasa", "tensorflow", "keras", "aiohttp", "sanic"}
    assert listed - locked == set()


def test_every_advisory_names_a_control_that_is_described() -> None:
    path = PROJECT / "models" / "ADVISORIES.md"
    described = set(re.findall(r"^\* \*\*([A-Z])\*\*", path.read_text(encoding="utf-8"), re.MULTILINE))
    named = {control for row in table(path) for control in re.split(r", ", row[-1])}
    assert all(len(row) == 6 for row in table(path))
    assert named == described
