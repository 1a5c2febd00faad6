"""Fits the classifier. Imported where a model is trained only: scikit-learn is not loaded to serve."""

import random
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.nlu.grams import grams
from bot.nlu.model import Floats, Model, features
from bot.nlu.noise import bare, slip
from bot.nlu.views import make_views

# an n-gram seen in fewer lines tells more about that line than about its intent
FEWEST = 2

# one part in so many judges how sure the rest may be
HELD_OUT = 5

# precise enough: a finer answer costs six times as long and gains nothing on the evaluation set
TOLERANCE = 1e-2

SEED = 20261121


@dataclass(frozen=True, slots=True)
class Example:
    """A line somebody might type and what it means."""

    text: str
    intent: str


def fit(examples: Sequence[Example], teencode: Mapping[str, str]) -> Model:
    """A model of these examples. The same examples give the same model."""
    sharpness = _sharpness(examples, teencode)
    return _fit(copies(examples, teencode), teencode, sharpness)


def _fit(lines: Sequence[Example], teencode: Mapping[str, str], sharpness: float) -> Model:
    found = [grams(make_views(line.text, teencode)) for line in lines]
    vocabulary, idf = _vocabulary(found)
    matrix = _matrix(found, vocabulary, idf)
    classifier = LinearSVC(C=0.5, tol=TOLERANCE, random_state=SEED)
    classifier.fit(matrix, [line.intent for line in lines])
    intents = tuple(str(intent) for intent in classifier.classes_)
    coefficients, bias = classifier.coef_, classifier.intercept_
    if len(intents) == 2:
        # two classes share one hyperplane
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.concatenate([-bias, bias])
    weights = np.ascontiguousarray(coefficients.T).astype(np.float16)
    return Model(intents, vocabulary, idf, weights, bias.astype(np.float32), sharpness, dict(teencode))


def copies(examples: Sequence[Example], teencode: Mapping[str, str]) -> list[Example]:
    """The examples, each also without marks and once with slips: marks are the problem, not the classifier."""
    chance = random.Random(SEED)  # noqa: S311 - repeatable noise, not a secret
    short_forms: defaultdict[str, list[str]] = defaultdict(list)
    for short, long in teencode.items():
        short_forms[long].append(short)
    made = dict.fromkeys(examples)
    for example in examples:
        for text in (
            bare(example.text),
            slip(example.text, chance, short_forms),
            slip(bare(example.text), chance, short_forms),
        ):
            made.setdefault(Example(text, example.intent))
    return list(made)


def _vocabulary(found: Sequence[Sequence[str]]) -> tuple[dict[str, int], Floats]:
    lines_with = Counter(gram for each in found for gram in set(each))
    kept = sorted(gram for gram, lines in lines_with.items() if lines >= FEWEST)
    idf = [np.log((1 + len(found)) / (1 + lines_with[gram])) + 1 for gram in kept]
    return {gram: row for row, gram in enumerate(kept)}, np.array(idf, dtype=np.float32)


def _matrix(found: Sequence[Sequence[str]], vocabulary: Mapping[str, int], idf: Floats) -> csr_matrix:
    rows: list[NDArray[np.intp]] = []
    values: list[Floats] = []
    for each in found:
        row, value = features(each, vocabulary, idf)
        rows.append(row)
        values.append(value)
    ends = np.concatenate([[0], np.cumsum([len(row) for row in rows])])
    shape = (len(found), len(vocabulary))
    return csr_matrix((np.concatenate(values), np.concatenate(rows), ends), shape=shape)


def _sharpness(examples: Sequence[Example], teencode: Mapping[str, str]) -> float:
    """How steeply scores turn into confidence, judged on lines the model has not seen."""
    order = list(range(len(examples)))
    random.Random(SEED).shuffle(order)  # noqa: S311 - repeatable, not a secret
    held = [examples[index] for index in order[::HELD_OUT]]
    rest = [examples[index] for position, index in enumerate(order) if position % HELD_OUT]
    if len({each.intent for each in rest}) < 2:
        return 1.0
    model = _fit(rest, teencode, 1.0)
    columns = {intent: column for column, intent in enumerate(model.intents)}
    known = [each for each in held if each.intent in columns]
    if not known:
        return 1.0
    table = np.array([model.scores(each.text) for each in known])
    picked = np.array([columns[each.intent] for each in known])

    def loss(sharpness: float) -> float:
        raised = table * sharpness
        peak = raised.max(axis=1, keepdims=True)
        logs = raised - peak - np.log(np.exp(raised - peak).sum(axis=1, keepdims=True))
        return float(-logs[np.arange(len(picked)), picked].mean())

    return float(minimize_scalar(loss, bounds=(0.5, 30.0), method="bounded").x)
