"""Trains the language model: ``python -m bot.training``. Its own process, so that serving never loads scikit-learn."""

import json
import sys
import time
from pathlib import Path

from bot.bootstrap import read_content
from bot.content.library import ContentError
from bot.content.reading import Problems
from bot.content.training import load_training
from bot.nlu.archive import write_archive
from bot.nlu.evaluation import EvaluationError, judge, judge_views, read_lines
from bot.nlu.fit import Example, FitError, fit
from bot.settings import SettingsError, load_settings


def train() -> Path:
    """Fit the classifier on everything authors wrote and write the archive. Raises ``ContentError``."""
    settings = load_settings()
    library = read_content(settings)
    problems = Problems(list(library.problems))
    lines = load_training(settings.content, library.articles, problems)
    if problems.found:
        raise ContentError("\n".join(str(problem) for problem in problems.found))
    began = time.perf_counter()
    model = fit(list(dict.fromkeys(Example(line.text, line.intent) for line in lines)), library.teencode)
    write_archive(settings.model, model)
    seconds = time.perf_counter() - began
    learnt = f"{len(lines)} câu, {len(model.intents)} ý định, {len(model.vocabulary)} mảnh chữ"
    sys.stdout.write(f"Học xong {learnt} trong {seconds:.0f} giây.\n")
    return settings.model


def compare(training: Path, test: Path) -> dict[str, object]:
    """Fit on one file of ``text<TAB>label`` lines and judge on another. Raises ``EvaluationError``, ``FitError``."""
    examples = [Example(line.text, line.right[0]) for line in read_lines(training)]
    lines = read_lines(test)
    teencode = read_content(load_settings()).teencode
    model = fit(list(dict.fromkeys(examples)), teencode)
    return {**judge(lines, model.rank).to_dict(), "by_view": judge_views(lines, model.rank, teencode)}


def main(words: list[str]) -> int:
    """``python -m bot.training`` trains; with two files, it trains on the first and tests on the second."""
    try:
        if words:
            sys.stdout.write(json.dumps(compare(Path(words[0]), Path(words[1])), ensure_ascii=False) + "\n")
        else:
            train()
    except (SettingsError, ContentError, EvaluationError, FitError, OSError) as error:
        sys.stderr.write(f"gocua: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
