"""The intent classifier as the bot serves it: a vocabulary, a matrix, and NumPy."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.nlu.grams import grams
from bot.nlu.views import make_views

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranked:
    """One intent and how sure the model is (0 to 1; all of a ranking add up to 1)."""

    intent: str
    confidence: float


@dataclass(frozen=True)
class Model:
    """A linear classifier over n-grams.

    ``weights`` has a row for each n-gram of ``vocabulary`` and a column for each of ``intents``; ``idf`` weighs the
    n-grams; ``sharpness`` turns scores into honest confidences.
    """

    intents: tuple[str, ...]
    vocabulary: Mapping[str, int]
    idf: Floats
    weights: NDArray[np.float16]
    bias: Floats
    sharpness: float
    teencode: Mapping[str, str]

    def rank(self, text: str, *, most: int = 10) -> list[Ranked]:
        """The likeliest intents of a text, the best first."""
        confidences = softmax(self.scores(text) * self.sharpness)
        best = np.argsort(-confidences, kind="stable")[:most]
        return [Ranked(self.intents[index], float(confidences[index])) for index in best]

    def scores(self, text: str) -> Floats:
        """The score of every intent, in the order of ``intents``."""
        rows, values = features(grams(make_views(text, self.teencode)), self.vocabulary, self.idf)
        if not len(rows):
            return self.bias
        scores: Floats = values @ self.weights[rows].astype(np.float32) + self.bias
        return scores


def features(found: Sequence[str], vocabulary: Mapping[str, int], idf: Floats) -> tuple[NDArray[np.intp], Floats]:
    """The rows of the known n-grams and their values: (1 + log count) x idf, of length 1."""
    counts = Counter(row for gram in found if (row := vocabulary.get(gram)) is not None)
    rows = np.fromiter(counts, dtype=np.intp, count=len(counts))
    values = np.fromiter((1 + math.log(count) for count in counts.values()), dtype=np.float32, count=len(counts))
    values *= idf[rows]
    length = float(np.sqrt((values * values).sum()))
    return rows, values / length if length else values


def softmax(scores: Floats) -> Floats:
    """Scores as shares of 1."""
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares
