"""Features of a text: character n-grams within words and word n-grams, of both views."""

import itertools
from collections.abc import Iterator

from bot.nlu.views import Views

# what nlu.md measured best on Vietnamese: characters 1-5 at word borders, words 1-2
CHARACTERS = range(1, 6)

# distinct n-grams looked at in one text; a dictated half page has about 2,000
MOST = 4_000


def grams(views: Views) -> list[str]:
    """The n-grams of a text with repetitions, each marked with its view ("k", "f") and kind ("c", "w")."""
    found = [*_grams("k", views.kept), *_grams("f", views.folded)]
    return found[:MOST]


def _grams(view: str, text: str) -> Iterator[str]:
    words = text.split()
    mark = view + "w"
    for word in words:
        yield mark + word
    for first, second in itertools.pairwise(words):
        yield f"{mark}{first} {second}"
    mark = view + "c"
    for word in words:
        padded = f" {word} "
        size = len(padded)
        for length in CHARACTERS:
            for start in range(size - length + 1):
                yield mark + padded[start : start + length]
            if length >= size:
                break
