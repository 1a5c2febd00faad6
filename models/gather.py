"""Writes what Rasa reads below ``build/``. Runs with the bot's own environment.

``python -m models.gather train``: ``build/train/nlu.yml``, the lines of ``dialogs/nlu`` and the questions of the
articles; ``build/domain.yml``, their intents. For ``rasa data validate`` alone: ``build/beside``, a copy of the
synonyms, look-ups and regular expressions, and one story, since Rasa calls an intent without a story a mistake.

``python -m models.gather test``: ``build/test/nlu.yml``, the lines of ``models/evaluation.tsv``. Rasa knows one right
intent for a line; where several are right (``a|b``), it is the one the trained model gives, else the first.
"""

import itertools
import sys
from collections.abc import Iterable
from pathlib import Path

from bot.bootstrap import read_content
from bot.content.library import ContentError
from bot.content.reading import Problems
from bot.content.training import load_training
from bot.nlu.archive import ArchiveError, read_archive
from bot.nlu.evaluation import EvaluationError, Judged, read_lines
from bot.nlu.fit import Example
from bot.nlu.model import Model
from bot.nlu.rasa_names import to_rasa
from bot.settings import PROJECT, Settings, SettingsError, load_settings

BUILD = PROJECT / "build"
EVALUATION = PROJECT / "models" / "evaluation.tsv"

# the files of dialogs/nlu that hold no examples of an intent
BESIDE_INTENTS = ("synonyms.yml", "lookups.yml", "regexes.yml")


def gather_training(settings: Settings, build: Path = BUILD) -> None:
    """Every training line, in the order in which ``gocua train`` learns them. Raises ``ContentError``."""
    library = read_content(settings)
    problems = Problems(list(library.problems))
    lines = load_training(settings.content, library.articles, problems)
    if problems.found:
        raise ContentError("\n".join(str(problem) for problem in problems.found))
    examples = list(dict.fromkeys(Example(line.text, line.intent) for line in lines))
    _write(build / "train" / "nlu.yml", _training_file(examples))
    intents = sorted({to_rasa(each.intent) for each in examples})
    _write(build / "domain.yml", "\n".join(['version: "3.1"', "intents:", *(f'  - "{name}"' for name in intents), ""]))
    _write(build / "beside" / "stories.yml", _one_story(intents))
    for path in (settings.content / "dialogs" / "nlu" / name for name in BESIDE_INTENTS):
        if path.exists():
            _write(build / "beside" / path.name, path.read_text(encoding="utf-8"))


def gather_test(model: Model, build: Path = BUILD) -> None:
    """Every line of the evaluation set. Raises ``EvaluationError``."""
    examples = [Example(line.text, _right(line, model)) for line in read_lines(EVALUATION)]
    _write(build / "test" / "nlu.yml", _training_file(examples))


def _right(line: Judged, model: Model) -> str:
    if len(line.right) == 1:
        return line.right[0]
    given = model.rank(line.text, most=1)[0].intent
    return given if given in line.right else line.right[0]


def _training_file(examples: Iterable[Example]) -> str:
    """The examples in Rasa's format; a run of one intent is a block. Unquoted, "yes" is not a word to every reader."""
    rows = ['version: "3.1"', "nlu:"]
    for intent, block in itertools.groupby(examples, key=lambda each: each.intent):
        rows += [f'- intent: "{to_rasa(intent)}"', "  examples: |", *(f"    - {each.text}" for each in block)]
    return "\n".join([*rows, ""])


def _one_story(intents: Iterable[str]) -> str:
    rows = ['version: "3.1"', "stories:", '- story: "the bot answers by its own dialogs"', "  steps:", "  - or:"]
    return "\n".join([*rows, *(f'    - intent: "{name}"' for name in intents), "  - action: action_listen", ""])


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main(words: list[str]) -> int:
    try:
        settings = load_settings()
        if words == ["train"]:
            gather_training(settings)
        elif words == ["test"]:
            gather_test(read_archive(settings.model))
        else:
            sys.stderr.write("python -m models.gather train | test\n")
            return 2
    except (SettingsError, ContentError, EvaluationError, ArchiveError, OSError) as error:
        sys.stderr.write(f"gather: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
