"""Views of a text: what a classifier looks at. The text itself is never changed, so offsets stay those of the person.

*kept*: lower case, NFC, with the tone of each syllable written behind it, so that "hoà" and "hòa" meet.
*folded*: without any marks, with teencode written out, so that "k dc" and "không được" meet.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.core import limits
from bot.core.text import fold, normal

# the five tone marks, by their combining characters
_TONES = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"}

_WORD = re.compile(r"[^\W_]+")
_REPEATED = re.compile(r"(.)\1{2,}")

# characters of a word that are looked at: a whole short sentence typed without blanks
_LONGEST = 40

# words whose views are remembered: three times those of all training lines
_REMEMBERED = 16_384


@dataclass(frozen=True, slots=True)
class Views:
    """Both views of one text, words parted by single blanks."""

    kept: str
    folded: str


def make_views(text: str, teencode: Mapping[str, str]) -> Views:
    """The views of a text; ``teencode`` maps folded short forms to folded words.

    >>> make_views("K DC hoà", {"k": "khong", "dc": "duoc"})
    Views(kept='k dc hoa2', folded='khong duoc hoa')
    """
    squeezed = _REPEATED.sub(r"\1", normal(text[: limits.TEXT]).lower())
    seen = [_both(word[:_LONGEST]) for word in _WORD.findall(squeezed)]
    folded = (teencode.get(word, word) for _, words in seen for word in words)
    return Views(" ".join(kept for kept, _ in seen), " ".join(folded))


@lru_cache(_REMEMBERED)
def _both(word: str) -> tuple[str, tuple[str, ...]]:
    """A word with its tone last, and without marks; without marks a character may be several words: "½"."""
    return tone_last(word), tuple(fold(word).split())


def tone_last(word: str) -> str:
    """A syllable with its tone as a digit at the end.

    >>> tone_last("khoá"), tone_last("khóa"), tone_last("thường")
    ('khoa1', 'khoa1', 'thương2')
    """
    if word.isascii():
        return word
    tone = ""
    letters = []
    for char in unicodedata.normalize("NFD", word):
        if char in _TONES:
            tone = _TONES[char]
        else:
            letters.append(char)
    return unicodedata.normalize("NFC", "".join(letters)) + tone
