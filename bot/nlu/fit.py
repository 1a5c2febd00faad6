"""Fits the classifier. Imported where a model is trained only: scikit-learn is not loaded to serve."""

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, diags
from sklearn.svm import LinearSVC

from bot.nlu.grams import between, within, words_of
from bot.nlu.model import OUT_OF_SCOPE, Floats, Model
from bot.nlu.noise import bare, short_forms, slip
from bot.nlu.views import make_views

# an n-gram seen in fewer lines, copies among them, tells more about that line than about its intent
FEWEST = 3

# copies of a line with slips, and as many without marks; twice as many gain nothing for twice the time
SLIPS = 1

# one part in so many judges how sure the rest may be
HELD_OUT = 5

# share of lines within scope, understood otherwise, that may be taken for out of scope; on lines held out, nine of ten
# out of scope are then found
REFUSED = 0.02

# held-out lines below which that share would be chance
ENOUGH = 200

# precise enough: a finer answer takes several times as long and gains nothing
TOLERANCE = 1e-1
PENALTY = 0.5

SEED = 20261121


@dataclass(frozen=True, slots=True)
class Example:
    """A line somebody might type and what it means."""

    text: str
    intent: str


class FitError(Exception):
    """Lines nothing can be learnt from; the message says why."""


def fit(examples: Sequence[Example], teencode: Mapping[str, str]) -> Model:
    """A model of these examples; the same examples give the same model. Raises ``FitError``."""
    if len({each.intent for each in examples}) < 2:
        raise FitError("cần câu của ít nhất hai ý định để học.")
    numbering = _Numbering(teencode)
    sharpness, offset = _calibrated(examples, numbering)
    model = _fit(copies(examples, teencode), numbering)
    return replace(model, sharpness=sharpness, bias=model.bias + offset * _is_out_of_scope(model))


def copies(examples: Sequence[Example], teencode: Mapping[str, str]) -> list[Example]:
    """The examples, each also without marks and with slips: marks are the problem, not the classifier."""
    forms = short_forms(teencode)
    made = dict.fromkeys(examples)
    for example in examples:
        # of its own: a line more or less leaves the copies of all others as they are
        chance = random.Random(f"{SEED} {example.text}")  # noqa: S311 - repeatable noise, not a secret
        plain = bare(example.text)
        made.setdefault(Example(plain, example.intent))
        for text in (example.text, plain) * SLIPS:
            made.setdefault(Example(slip(text, chance, forms), example.intent))
    return list(made)


def _fit(lines: Sequence[Example], numbering: "_Numbering") -> Model:
    vocabulary, idf, matrix = _table([line.text for line in lines], numbering)
    classifier = LinearSVC(C=PENALTY, tol=TOLERANCE, random_state=SEED)
    classifier.fit(matrix, [line.intent for line in lines])
    intents = tuple(str(intent) for intent in classifier.classes_)
    coefficients, bias = classifier.coef_, classifier.intercept_
    if len(intents) == 2:
        # two classes share one hyperplane
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
    # as precise as the archive keeps them
    weights = np.ascontiguousarray(coefficients.T).astype(np.float16).astype(np.float32)
    return Model(intents, vocabulary, idf, weights, bias.astype(np.float32), 1.0, dict(numbering.teencode))


# ---- features of all lines at once ----


class _Numbering:
    """Gives every n-gram a number, and remembers those of each text: most are met twice."""

    def __init__(self, teencode: Mapping[str, str]) -> None:
        self.teencode = teencode
        self.numbers: dict[str, int] = {}
        self._of_word: dict[str, list[int]] = {}
        self._of_text: dict[str, NDArray[np.int32]] = {}

    def of(self, text: str) -> NDArray[np.int32]:
        if text not in self._of_text:
            kept, folded = words_of(make_views(text, self.teencode))
            found = set().union(*map(self._word, folded), map(self._number, between(kept, folded)))
            self._of_text[text] = np.fromiter(sorted(found), dtype=np.int32, count=len(found))
        return self._of_text[text]

    def _word(self, word: str) -> list[int]:
        if word not in self._of_word:
            self._of_word[word] = [self._number(gram) for gram in within(word)]
        return self._of_word[word]

    def _number(self, gram: str) -> int:
        return self.numbers.setdefault(gram, len(self.numbers))


def _table(texts: Iterable[str], numbering: _Numbering) -> tuple[dict[str, int], Floats, csr_matrix]:
    """The vocabulary, its weights, and a row of length 1 for each text."""
    lines = [numbering.of(text) for text in texts]
    columns = np.concatenate(lines)
    ends = np.concatenate([[0], np.cumsum([len(each) for each in lines])])
    lines_with = np.bincount(columns, minlength=len(numbering.numbers))
    kept = lines_with >= FEWEST
    names = (gram for gram, number in numbering.numbers.items() if kept[number])
    vocabulary = {gram: row for row, gram in enumerate(names)}
    idf = (np.log((1 + len(lines)) / (1 + lines_with[kept])) + 1).astype(np.float32)
    ones = csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=(len(lines), len(kept)))
    matrix = ones[:, kept] @ diags(idf)
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1))).ravel()
    return vocabulary, idf, csr_matrix(diags(1 / np.maximum(lengths, 1e-9)) @ matrix)


# ---- how sure, and what to refuse: judged on lines the model has not seen ----


def _calibrated(examples: Sequence[Example], numbering: _Numbering) -> tuple[float, float]:
    """How steeply scores turn into confidence, and what is added to the score of out of scope."""
    held, rest = _parted(examples)
    if len({each.intent for each in rest}) < 2:
        return 1.0, 0.0
    model = _fit(copies(rest, numbering.teencode), numbering)
    columns = {intent: column for column, intent in enumerate(model.intents)}
    known = [each for each in held if each.intent in columns]
    if not known:
        return 1.0, 0.0
    table = np.array([model.scores(text) for each in known for text in (each.text, bare(each.text))])
    right = np.repeat([columns[each.intent] for each in known], 2)
    offset = _offset(table, right, columns)
    return _sharpness(table + offset * _is_out_of_scope(model), right), offset


def _parted(examples: Sequence[Example]) -> tuple[list[Example], list[Example]]:
    """A part of each intent's lines, and the rest. Lines of the part stand together: neighbours are paraphrases."""
    of_intent: defaultdict[str, list[Example]] = defaultdict(list)
    for each in examples:
        of_intent[each.intent].append(each)
    held: list[Example] = []
    rest: list[Example] = []
    for turn, lines in enumerate(of_intent.values()):
        size = len(lines) // HELD_OUT
        begin = turn % HELD_OUT * size
        held += lines[begin : begin + size]
        rest += lines[:begin] + lines[begin + size :]
    return held, rest


def _offset(table: Floats, right: NDArray[np.intp], columns: Mapping[str, int]) -> float:
    """The most that may be added to out of scope with ``REFUSED`` of what is understood lost to it."""
    if OUT_OF_SCOPE not in columns or len(columns) < 3:
        return 0.0
    outside = columns[OUT_OF_SCOPE]
    understood = (table.argmax(axis=1) == right) & (right != outside)
    lead = np.delete(table, outside, axis=1).max(axis=1) - table[:, outside]
    return float(np.quantile(lead[understood], REFUSED)) if understood.sum() >= ENOUGH else 0.0


def _is_out_of_scope(model: Model) -> Floats:
    return np.array([intent == OUT_OF_SCOPE for intent in model.intents], dtype=np.float32)


def _sharpness(table: Floats, right: NDArray[np.intp]) -> float:
    def loss(sharpness: float) -> float:
        raised = table * sharpness
        peak = raised.max(axis=1, keepdims=True)
        logs = raised - peak - np.log(np.exp(raised - peak).sum(axis=1, keepdims=True))
        return float(-logs[np.arange(len(right)), right].mean())

    return float(minimize_scalar(loss, bounds=(0.5, 30.0), method="bounded").x)
