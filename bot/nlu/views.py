"""Views of a text: what a classifier looks at. The text itself is never changed, so offsets stay those of the person.

*kept*: lower case, NFC, with the tone of each syllable written behind it, so that "hoà" and "hòa" meet.
*folded*: without any marks, with teencode written out, so that "k dc" and "không được" meet.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import limits
from bot.core.text import fold, normal

# the five tone marks, by their combining characters
_TONES = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"}

_WORD = re.compile(r"[^\W_]+")
_REPEATED = re.compile(r"(.)\1{2,}")


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
    words = _WORD.findall(squeezed)
    kept = " ".join(tone_last(word) for word in words)
    folded = fold(" ".join(words))
    return Views(kept, " ".join(teencode.get(word, word) for word in folded.split()))


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
