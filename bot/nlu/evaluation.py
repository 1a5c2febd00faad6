"""How well a model understands lines kept apart from its training."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.model import Ranked

OUT_OF_SCOPE = "out_of_scope"


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
    """Shares from 0 to 1. ``rejected`` of the out-of-scope lines and ``refused`` of the others were not acted upon."""

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
    """Lines of ``text<TAB>label``, perhaps with register and family behind; a label may be ``a|b``."""
    judged = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        fields = line.split("\t")
        if not line.strip() or (number == 1 and fields[:2] == ["text", "intent"]):
            continue
        if len(fields) < 2 or not fields[1].strip():
            raise EvaluationError(f"{path.name}:{number}: cần dạng câu<TAB>nhãn.")
        register = fields[2].strip() if len(fields) > 2 else ""
        judged.append(Judged(fields[0], tuple(fields[1].strip().split("|")), register))
    if not judged:
        raise EvaluationError(f"{path.name}: không có dòng nào.")
    return judged


def judge(lines: Sequence[Judged], rank: Callable[[str], list[Ranked]], *, sure: float) -> Score:
    """The score of a ranking; below ``sure`` its best guess is not acted upon."""
    right_of: defaultdict[str, list[bool]] = defaultdict(list)
    right_in: defaultdict[str, list[bool]] = defaultdict(list)
    confusions: defaultdict[tuple[str, str], int] = defaultdict(int)
    everything: list[bool] = []
    turned_away: dict[bool, list[bool]] = {True: [], False: []}
    for line in lines:
        best = rank(line.text)[0]
        is_right = best.intent in line.right
        everything.append(is_right)
        right_of[line.right[0]].append(is_right)
        right_in[line.register].append(is_right)
        turned_away[OUT_OF_SCOPE in line.right].append(best.intent == OUT_OF_SCOPE or best.confidence < sure)
        if not is_right:
            confusions["|".join(line.right), best.intent] += 1
    worst = sorted(((wanted, got, count) for (wanted, got), count in confusions.items()), key=lambda each: -each[2])
    return Score(
        lines=len(lines),
        accuracy=_share(everything),
        by_register={name: _share(found) for name, found in sorted(right_in.items())},
        by_intent={name: _share(found) for name, found in sorted(right_of.items())},
        rejected=_share(turned_away[True]),
        refused=_share(turned_away[False]),
        confusions=worst[:20],
    )


def _share(found: Sequence[bool]) -> float:
    return sum(found) / len(found) if found else 0.0
