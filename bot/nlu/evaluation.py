"""How well a model understands lines kept apart from its training."""

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.model import OUT_OF_SCOPE, Ranked
from bot.nlu.noise import VIEWS, short_forms

# intents of a text, the best first; none is taken for out of scope
Rank = Callable[[str], Sequence[Ranked]]

# repeatable noise
SEED = 30042026

_HEADERS = (["text", "intent"], ["text", "label"])


class EvaluationError(Exception):
    """A file of lines that cannot be read; the message says which line."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A line, the intents that are right for it, and how it is typed."""

    text: str
    right: tuple[str, ...]
    register: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Shares from 0 to 1, and how often (wanted, got) were mistaken, the most frequent first.

    ``rejected`` of the out-of-scope lines and ``refused`` of the others were told to be out of scope.
    """

    lines: int
    accuracy: float
    by_register: dict[str, float]
    by_intent: dict[str, float]
    rejected: float
    refused: float
    confusions: list[tuple[str, str, int]]

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def read_lines(path: Path) -> list[Judged]:
    """Lines of ``text<TAB>label``, perhaps with register and family behind; a label may be ``a|b``.

    Raises ``EvaluationError``.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise EvaluationError(f"{path}: không đọc được tệp; xem lại đường dẫn.") from error
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path.name}: không phải chữ UTF-8 (từ byte thứ {error.start}).") from error
    judged = [
        _judged(line.rstrip("\r"), f"{path.name}:{number}")
        for number, line in enumerate(content.split("\n"), 1)
        if line.strip() and not (number == 1 and line.strip().split("\t")[:2] in _HEADERS)
    ]
    if not judged:
        raise EvaluationError(f"{path.name}: không có dòng nào.")
    return judged


def _judged(line: str, place: str) -> Judged:
    text, *fields = line.split("\t")
    right = tuple(label.strip() for label in fields[0].split("|") if label.strip()) if fields else ()
    if not text.strip() or not right:
        raise EvaluationError(f"{place}: cần dạng câu<TAB>nhãn.")
    return Judged(text, right, fields[1].strip() if len(fields) > 1 else "")


def judge(lines: Sequence[Judged], rank: Rank) -> Score:
    """The score of the best intents of a ranking."""
    right_in: defaultdict[str, list[bool]] = defaultdict(list)
    right_of: defaultdict[str, list[bool]] = defaultdict(list)
    turned_away: defaultdict[bool, list[bool]] = defaultdict(list)
    confusions: defaultdict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        got = _best(rank(line.text))
        is_right = got in line.right
        right_in[line.register].append(is_right)
        right_of[line.right[0]].append(is_right)
        turned_away[OUT_OF_SCOPE in line.right].append(got == OUT_OF_SCOPE)
        if not is_right:
            confusions["|".join(line.right), got] += 1
    worst = sorted(((wanted, got, count) for (wanted, got), count in confusions.items()), key=lambda each: -each[2])
    return Score(
        lines=len(lines),
        accuracy=_share([is_right for found in right_of.values() for is_right in found]),
        by_register={name: _share(found) for name, found in sorted(right_in.items())},
        by_intent={name: _share(found) for name, found in sorted(right_of.items())},
        rejected=_share(turned_away[True]),
        refused=_share(turned_away[False]),
        confusions=worst,
    )


def judge_views(lines: Sequence[Judged], rank: Rank, teencode: Mapping[str, str]) -> dict[str, float]:
    """The accuracy on the same lines typed worse: without marks, with telex keys, on a phone, in short forms."""
    forms = short_forms(teencode)
    shares = {}
    for name, view in VIEWS.items():
        chance = random.Random(SEED)  # noqa: S311 - repeatable noise, not a secret
        shares[name] = _share([_best(rank(view(line.text, chance, forms))) in line.right for line in lines])
    return shares


def _best(ranking: Sequence[Ranked]) -> str:
    return ranking[0].intent if ranking else OUT_OF_SCOPE


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0
