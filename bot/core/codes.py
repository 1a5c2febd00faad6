"""The short codes by which one chat lets another one in: easy to say, hard to mistype, no secret of any other kind.

A code is two groups of three, each of two letters and one digit: "CM4 7PQ". Without vowels no way of typing Vietnamese
turns it into something else; without long runs of digits the shield takes it for no one-time password.
"""

import itertools
from collections.abc import Callable

from bot.core.text import fold

# none that looks like another one, none that is money, "password" or "QR" beside the others
LETTERS = "CHMPQTVX"
DIGITS = "23456789"
_GROUP = 3

# what the eye or the ear takes for one of them
_MEANT = str.maketrans({"n": "m", "u": "v", "o": "q", "0": "q", "s": "5", "z": "2", "b": "8"})

# what people write around a code
_AROUND = frozenset(
    ("a", "chu", "code", "con", "cua", "da", "day", "em", "go", "hen", "is", "la", "ma", "minh", "my", "ne", "nha",
     "nhap", "nhe", "roi", "the", "toi", "tui", "word", "xem")
)  # fmt: skip


def draw(choose: Callable[[str], str]) -> str:
    """A new code; ``choose`` picks one letter of a text."""
    while True:
        drawn = _group(choose) + _group(choose)
        # some keyboards make something else of a letter typed twice
        if all(one != other for one, other in itertools.pairwise(drawn)):
            return drawn


def spaced(code: str) -> str:
    """
    >>> spaced("CM47PQ")
    'CM4 7PQ'
    """
    return f"{code[:_GROUP]} {code[_GROUP:]}"


def find_code(text: str) -> str:
    """The code a message consists of, however it is spaced, or nothing.

    >>> find_code("dạ chữ hẹn là cn4-7pq nha"), find_code("xong rồi"), find_code("452 118")
    ('CM47PQ', '', '')
    """
    words = [word for word in fold(text[:100]).split() if word not in _AROUND]
    typed = "".join(words)
    if len(typed) != 2 * _GROUP or not any(letter.isdigit() for letter in typed):
        return ""
    code = typed.translate(_MEANT).upper()
    return code if _is_group(code[:_GROUP]) and _is_group(code[_GROUP:]) else ""


def _group(choose: Callable[[str], str]) -> str:
    letters = choose(LETTERS) + choose(LETTERS)
    at = int(choose("012"))
    return letters[:at] + choose(DIGITS) + letters[at:]


def _is_group(group: str) -> bool:
    digits = sum(letter in DIGITS for letter in group)
    return digits == 1 and sum(letter in LETTERS for letter in group) == _GROUP - 1
