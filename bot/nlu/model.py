"""The intent classifier as the bot serves it: a vocabulary, a matrix, and NumPy."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.nlu.grams import between, within, words_of
from bot.nlu.views import Views, make_views

Floats = NDArray[np.float32]

# the intent of everything the bot does not do
OUT_OF_SCOPE = "out_of_scope"

# words whose rows are remembered: twice those of all training lines
_REMEMBERED = 16_384


@dataclass(frozen=True, slots=True)
class Ranked:
    """One intent and how sure the model is (0 to 1; all of a ranking add up to 1)."""

    intent: str
    confidence: float


class Vocabulary:
    """The n-grams a model knows, by row; remembers the rows of words it met."""

    def __init__(self, rows: Mapping[str, int]) -> None:
        self._rows = rows
        self._of_word = lru_cache(_REMEMBERED)(self._look_up)

    def find(self, views: Views) -> NDArray[np.intp]:
        """The rows of the n-grams of a text, each once."""
        kept, folded = words_of(views)
        rows: set[int | None] = set().union(*map(self._of_word, folded))
        rows.update(map(self._rows.get, between(kept, folded)))
        rows.discard(None)
        # in order: sums of floats depend on it
        return np.sort(np.fromiter(rows, dtype=np.intp, count=len(rows)))

    def _look_up(self, word: str) -> tuple[int, ...]:
        return tuple(row for gram in within(word) if (row := self._rows.get(gram)) is not None)


@dataclass(frozen=True)
class Model:
    """A linear classifier over n-grams.

    ``weights`` has a row for each n-gram of ``vocabulary`` and a column for each of ``intents``; ``idf`` weighs the
    n-grams; ``sharpness`` turns scores into honest confidences.
    """

    intents: tuple[str, ...]
    vocabulary: Mapping[str, int]
    idf: Floats
    weights: Floats
    bias: Floats
    sharpness: float
    teencode: Mapping[str, str]

    def rank(self, text: str, *, most: int = 10) -> list[Ranked]:
        """The likeliest intents of a text, the best first."""
        confidences = softmax(self.scores(text) * self.sharpness)
        best = np.argsort(-confidences, kind="stable")[:most]
        # plain numbers at once: one by one they cost more than the ranking
        pairs = zip(best.tolist(), confidences[best].tolist(), strict=True)
        return [Ranked(self.intents[index], confidence) for index, confidence in pairs]

    def scores(self, text: str) -> Floats:
        """The score of every intent, in the order of ``intents``."""
        rows = self._known.find(make_views(text, self.teencode))
        if not len(rows):
            return self.bias
        scores: Floats = unit(self.idf[rows]) @ self.weights[rows] + self.bias
        return scores

    @cached_property
    def _known(self) -> Vocabulary:
        return Vocabulary(self.vocabulary)


def unit(values: Floats) -> Floats:
    """Values as a vector of length 1."""
    scaled: Floats = values / np.sqrt(values @ values)
    return scaled


def softmax(scores: Floats) -> Floats:
    """Scores as shares of 1."""
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares
