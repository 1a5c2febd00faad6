"""Training lines: Rasa's format, and what is wrong with it."""

from pathlib import Path

import pytest

from bot.content.articles import load_articles
from bot.content.reading import Problems
from bot.content.training import INTENTS, load_training
from bot.core.text import fold
from bot.nlu.evaluation import read_lines
from bot.settings import PROJECT

HEAD = 'version: "3.1"\nnlu:\n'


def load(tmp_path: Path, text: str) -> tuple[list[tuple[str, str, int]], list[str]]:
    (tmp_path / "dialogs" / "nlu").mkdir(parents=True)
    (tmp_path / "dialogs" / "nlu" / "a.yml").write_text(text, encoding="utf-8")
    problems = Problems()
    lines = load_training(tmp_path, {}, problems)
    return [(line.text, line.intent, line.line) for line in lines], [str(problem) for problem in problems.found]


def test_lines_know_where_they_stand(tmp_path: Path) -> None:
    text = HEAD + "- intent: done\n  examples: |\n    - xong rồi\n\n    - r nha con\n"
    assert load(tmp_path, text) == ([("xong rồi", "done", 5), ("r nha con", "done", 7)], [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "- intent: doen\n  examples: |\n    - xong\n",
            'dialogs/nlu/a.yml:3: không có ý định "doen". Ý bạn là "done"?',
        ),
        ("- intent: done\n  examples: |\n    xong\n", 'dialogs/nlu/a.yml:3: ý định "done" chưa có câu nào.'),
        (
            "- intent: done\n  examples: |\n    - xong\n- intent: stuck\n  examples: |\n    - Xong!\n",
            'dialogs/nlu/a.yml:8: câu "Xong!" đã thuộc ý định "done" (dialogs/nlu/a.yml:5).',
        ),
    ],
    ids=["an unknown intent", "an empty intent", "a line of two intents"],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, said: str) -> None:
    assert load(tmp_path, HEAD + text)[1] == [said]


@pytest.fixture(scope="module")
def everything() -> list[tuple[str, str]]:
    problems = Problems()
    lines = load_training(PROJECT, load_articles(PROJECT, problems), problems)
    assert [str(problem) for problem in problems.found] == []
    return [(line.text, line.intent) for line in lines]


def test_the_project_has_enough_lines_of_every_intent(everything: list[tuple[str, str]]) -> None:
    intents = [intent for _, intent in everything]
    assert len(everything) >= 5_000
    assert {*INTENTS} <= set(intents)
    assert [intent for intent in set(intents) if intents.count(intent) < 40] == []


def test_the_evaluation_set_is_kept_apart(everything: list[tuple[str, str]]) -> None:
    """No line of four words or more stands in both; shorter ones ("xong rồi") are what everybody says."""
    taught = {fold(text) for text, _ in everything}
    judged = read_lines(PROJECT / "models" / "evaluation.tsv")
    assert [line.text for line in judged if len(line.text.split()) > 3 and fold(line.text) in taught] == []
    assert len(judged) >= 800


def test_every_label_of_the_evaluation_set_is_an_intent(everything: list[tuple[str, str]]) -> None:
    known = {intent for _, intent in everything}
    judged = read_lines(PROJECT / "models" / "evaluation.tsv")
    assert {label for line in judged for label in line.right} - known == set()
