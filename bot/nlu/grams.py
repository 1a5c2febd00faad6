"""Features of a text: words, neighbouring words, and the characters in and between them.

Measured by cross-validation on the training lines: the beginning and the end as neighbours gain 1.5 points, n-grams
across words 0.5, characters of the kept view nothing. Each n-gram counts once, however often it comes.
"""

import itertools
from collections.abc import Iterator, Sequence

from bot.nlu.views import Views

# characters within a word of the folded view, its borders included
CHARACTERS = range(2, 5)

# characters across two words of the folded view: forgives blanks too many, slips at the seam
ACROSS = 4

# stand before the first and behind the last word
BEGIN, END = "^", "$"

# what a word or a pair begins with, so that it is no run of characters: of the folded view, of the kept one, a length
FOLDED, KEPT, SIZE = "=", "~", "#"

# words looked at; a dictated half page has about 350
MOST = 600


def words_of(views: Views) -> tuple[list[str], list[str]]:
    """The kept and the folded words that are looked at."""
    return views.kept.split()[:MOST], views.folded.split()[:MOST]


def within(word: str) -> list[str]:
    """The n-grams of a folded word alone.

    >>> within("ma")
    ['=ma', ' m', 'ma', 'a ', ' ma', 'ma ', ' ma ']
    """
    padded = f" {word} "
    size = len(padded)
    characters = [padded[start : start + length] for length in CHARACTERS for start in range(size - length + 1)]
    return [FOLDED + word, *characters]


def between(kept: Sequence[str], folded: Sequence[str]) -> Iterator[str]:
    """All other n-grams of a text: kept words, neighbours in both views, the seams between them, the length.

    >>> list(between(["mã", "otp"], ["ma", "otp"]))[:5]
    ['~mã', '~otp', '~^ mã', '~mã otp', '~otp $']
    >>> list(between(["mã", "otp"], ["ma", "otp"]))[5:]
    ['=^ ma', '=ma otp', '=otp $', 'ma o', 'a ot', '#2']
    """
    for word in kept:
        yield KEPT + word
    for first, second in itertools.pairwise((BEGIN, *kept, END)):
        yield f"{KEPT}{first} {second}"
    for first, second in itertools.pairwise((BEGIN, *folded, END)):
        yield f"{FOLDED}{first} {second}"
    for first, second in itertools.pairwise(folded):
        # with at least one character of each word around the blank between them
        padded, seam = f" {first} {second} ", len(first) + 1
        for start in range(max(seam - ACROSS + 2, 0), min(seam, len(padded) - ACROSS + 1)):
            yield padded[start : start + ACROSS]
    yield f"{SIZE}{_size(len(folded))}"


def _size(words: int) -> int:
    """Lengths one by one at first, then from 4, 6, 8, 12, 16, 23 … words."""
    return words if words < 4 else 4 + (words * words // 16).bit_length() - 1
