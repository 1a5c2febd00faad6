"""Seeded noise: the slips of thumbs, telex keys left over, and short forms (nlu.md, section 1).

Training lines get a bit of each kind; an evaluation looks at each kind by itself.
"""

import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

from bot.core.text import fold

# folded words -> the short forms they are typed as
ShortForms = Mapping[str, Sequence[str]]

# share of words typed wrongly
SHARE = 0.2

# keys beside one another on a phone
_BESIDE = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "g": "fh", "h": "gj", "i": "uo", "k": "jl", "l": "ko",
    "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry", "u": "yi", "v": "cb",
    "x": "zc", "y": "tu",
}  # fmt: skip

_TELEX = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_LETTERS = {"\u0302": "", "\u0306": "w", "\u031b": "w"}


def short_forms(teencode: Mapping[str, str]) -> ShortForms:
    """Teencode the other way round.

    >>> short_forms({"k": "khong", "ko": "khong"})["khong"]
    ['k', 'ko']
    """
    forms: defaultdict[str, list[str]] = defaultdict(list)
    for short, long in teencode.items():
        forms[long].append(short)
    return dict(forms)


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


def slip(text: str, chance: random.Random, forms: ShortForms) -> str:
    """The text with about one word in five typed wrongly or shortened."""
    return _some_words(text, chance, SHARE, lambda word: _slip_word(word, chance, forms))


def as_bare(text: str, chance: random.Random, forms: ShortForms) -> str:
    return bare(text)


def as_telex(text: str, chance: random.Random, forms: ShortForms) -> str:
    """With telex keys left over in one word in five."""
    return _some_words(text, chance, SHARE, telex)


def as_mobile(text: str, chance: random.Random, forms: ShortForms) -> str:
    """With a letter missed, swapped or hit beside in one word in five."""
    return _some_words(text, chance, SHARE, lambda word: _mistype(word, chance, chance.randrange(3)))


def as_teencode(text: str, chance: random.Random, forms: ShortForms) -> str:
    """With half of the words shortened that have a short form; two words together before one alone."""
    words = text.split()
    typed: list[str] = []
    while words:
        size = next((size for size in (2, 1) if fold(" ".join(words[:size])) in forms and len(words) >= size), 0)
        if size and chance.random() < 0.5:
            typed.append(chance.choice(forms[fold(" ".join(words[:size]))]))
        else:
            size = 1
            typed.append(words[0])
        words = words[size:]
    return " ".join(typed)


# how an evaluation looks at every line once more
VIEWS: Mapping[str, Callable[[str, random.Random, ShortForms], str]] = {
    "bare": as_bare,
    "telex": as_telex,
    "mobile": as_mobile,
    "teencode": as_teencode,
}


def _some_words(text: str, chance: random.Random, share: float, typed: Callable[[str], str]) -> str:
    return " ".join(typed(word) if chance.random() < share else word for word in text.split())


def _slip_word(word: str, chance: random.Random, forms: ShortForms) -> str:
    kind = chance.randrange(5)
    if kind == 0:
        return telex(word)
    if kind == 1 and (shorter := forms.get(fold(word))):
        return chance.choice(shorter)
    return _mistype(word, chance, (kind - 2) % 3)


def _mistype(word: str, chance: random.Random, kind: int) -> str:
    """A letter missed (0), two swapped (1), or the key beside it hit (2)."""
    if len(word) < 3:
        return word
    at = chance.randrange(1, len(word))
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    return word[:at] + chance.choice(_BESIDE.get(word[at].lower(), word[at])) + word[at + 1 :]
