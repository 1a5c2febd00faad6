"""Finds phrases of a list in a row of words: one look-up a word, the longest phrase wins, each word is used once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from bot.shield.view import written_out


class Hit(NamedTuple):
    """Words ``first`` to ``last`` mean ``meaning``."""

    first: int
    last: int
    meaning: str


class Lexicon:
    """Phrases by meaning. A phrase whose meaning is empty only keeps shorter ones from being found inside it.

    >>> Lexicon({"money": ["so tien"], "": ["so tien gui"]}).find("so tien la so tien gui".split())
    [Hit(first=0, last=1, meaning='money')]
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        table: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for meaning, texts in phrases.items():
            for text in texts:
                head, *rest = (written_out(word) for word in text.split())
                table.setdefault(head, []).append((tuple(rest), meaning))
        self._table = {head: tuple(sorted(tails, key=_longest_first)) for head, tails in table.items()}

    def find(self, words: Sequence[str]) -> list[Hit]:
        """The phrases, in order, never overlapping."""
        found = []
        table = self._table
        free = 0
        for at, word in enumerate(words):
            tails = table.get(word)
            if tails is None or at < free:
                continue
            for rest, meaning in tails:
                after = at + 1 + len(rest)
                if not rest or tuple(words[at + 1 : after]) == rest:
                    free = after
                    if meaning:
                        found.append(Hit(at, after - 1, meaning))
                    break
        return found


def _longest_first(tail: tuple[tuple[str, ...], str]) -> int:
    return -len(tail[0])


def word_set(text: str) -> frozenset[str]:
    """The words of a text.

    >>> sorted(word_set("gi sao"))
    ['gi', 'sao']
    """
    return frozenset(text.split())
