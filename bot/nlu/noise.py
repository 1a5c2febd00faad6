"""Seeded noise on training lines: the slips of thumbs, telex keys left over, and short forms (nlu.md, section 1)."""

import random
import unicodedata
from collections.abc import Mapping, Sequence

from bot.core.text import fold

# keys beside one another on a phone
_BESIDE = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "g": "fh", "h": "gj", "i": "uo", "k": "jl", "l": "ko",
    "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "x": "zc", "y": "tu",
}  # fmt: skip

_TELEX = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_LETTERS = {"\u0302": "", "\u0306": "w", "\u031b": "w"}


def bare(text: str) -> str:
    """The text as typed without any marks; case and punctuation stay."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(char for char in plain if not unicodedata.combining(char))


def telex(word: str) -> str:
    """A syllable as its telex keys, the way it looks when the keyboard did not take them.

    >>> telex("hoạt"), telex("được")
    ('hoatj', 'dduwowcj')
    """
    keys: list[str] = []
    tone = ""
    for char in unicodedata.normalize("NFD", word.replace("đ", "dd").replace("Đ", "DD")):
        if char in _TELEX:
            tone = _TELEX[char]
        elif char == "\u0302" and keys:
            keys.append(keys[-1])
        elif char in _LETTERS:
            keys.append(_LETTERS[char])
        else:
            keys.append(char)
    return "".join(keys) + tone


def slip(text: str, chance: random.Random, short_forms: Mapping[str, Sequence[str]]) -> str:
    """The text with about one word in five typed wrongly or shortened."""
    return " ".join(_slip_word(word, chance, short_forms) if chance.random() < 0.2 else word for word in text.split())


def _slip_word(word: str, chance: random.Random, short_forms: Mapping[str, Sequence[str]]) -> str:
    kind = chance.randrange(5)
    if kind == 0:
        return telex(word)
    if kind == 1 and (forms := short_forms.get(fold(word))):
        return chance.choice(forms)
    if len(word) < 3:
        return word
    at = chance.randrange(1, len(word))
    if kind == 2:
        return word[:at] + word[at + 1 :]
    if kind == 3:
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    return word[:at] + chance.choice(_BESIDE.get(word[at].lower(), word[at])) + word[at + 1 :]
