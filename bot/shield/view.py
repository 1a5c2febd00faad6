"""One way to see a text: bare lower-case letters and plain digits, each knowing where it came from.

Full-width, Arabic, circled or mathematical digits become 0–9, marks and invisible characters vanish, letters of other
alphabets that look like ours become ours. Nothing is ever searched in the text as given, and nothing found is ever
reported in the view's own counting.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from bot.shield.kinds import LONGEST

_WORD: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")

# grave, acute, hook above, tilde, dot below
_TONES: Final = frozenset("\u0300\u0301\u0309\u0303\u0323")

# shorthand that is a unit where it touches a number: "200k", "5h"
_AFTER_DIGITS: Final = frozenset({"k", "kg", "m", "h", "p", "s"})

# letters that look like ours (Cyrillic, Greek), dashes and dots of other scripts
_ALIKE: Final = str.maketrans("авекмнорстухіјѕԁоαεικνορτυχ·•∙。．‧", "abekmhopctyxijsdoaeikvoptux......")

# a part of a word may be cut off by the cap; the cut moves back over at most this many characters to a blank
_CUT_BACK: Final = 64

# what people type instead of a word (journeys 9), where it stands for the same word all over this bot's talk
_SHORT: Final[dict[str, str]] = {
    "ko": "khong", "k": "khong", "kh": "khong", "hk": "khong", "hok": "khong", "hong": "khong", "khg": "khong",
    "hem": "khong", "khum": "khong", "kg": "khong", "dc": "duoc", "dk": "duoc", "r": "roi", "rui": "roi", "rr": "roi",
    "tui": "toi", "mik": "minh", "mih": "minh", "ng": "nguoi", "ngta": "nguoi", "nta": "nguoi", "j": "gi", "z": "vay",
    "zay": "vay", "wa": "qua", "bit": "biet", "bik": "biet", "lm": "lam", "ns": "noi", "nt": "nhan", "bieu": "bao",
    "kiu": "keu", "vao": "vo", "zo": "vo", "dzo": "vo", "zl": "zalo", "trc": "truoc", "vs": "voi", "fb": "facebook",
    "mess": "messenger", "lik": "link", "clik": "click", "bj": "bi", "lun": "luon",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class View:
    """A text and how the shield sees it.

    ``plain[i]`` comes from ``text[starts[i]:ends[i]]``. ``words`` are its words, numbers and single signs;
    word ``n`` is ``plain[begins[n]:stops[n]]``; ``norms`` are the words with shorthand written out.
    ``cut`` is where the unread rest of ``text`` begins.
    """

    text: str
    cut: int
    plain: str
    starts: list[int]
    ends: list[int]
    words: list[str]
    norms: list[str]
    begins: list[int]
    stops: list[int]

    def raw(self, begin: int, stop: int) -> tuple[int, int]:
        """Where ``plain[begin:stop]`` stands in the text as given."""
        return self.starts[begin], self.ends[stop - 1]

    def as_typed(self, first: int, last: int) -> str:
        """Words ``first`` to ``last`` with their marks: lower case, NFC, without invisible characters."""
        start, end = self.raw(self.begins[first], self.stops[last])
        return _composed(self.text[start:end])

    def glued(self, word: int) -> bool:
        """No blank between this word and the one before."""
        return word > 0 and self.begins[word] == self.stops[word - 1]

    def gap(self, word: int) -> str:
        """What stands between this word and the one before: blanks."""
        return self.plain[self.stops[word - 1] : self.begins[word]]


class MarkedWords:
    """Words written with their marks. A word typed without any is taken too; one with other marks is another word.

    >>> words = MarkedWords("cho gì")
    >>> [words.has(view_of(typed), 0) for typed in ("cho", "Chợ", "gi", "gì", "gỉ")]
    [True, False, True, True, False]
    """

    def __init__(self, words: str) -> None:
        marked = frozenset(words.split())
        self._typed = marked | {bare(word) for word in marked}

    def has(self, view: View, at: int) -> bool:
        return view.as_typed(at, at) in self._typed


def view_of(text: str) -> View:
    """
    >>> seen = view_of("Mã ＯＴＰ: ４\u200b８")
    >>> seen.plain, seen.words, seen.raw(8, 10)
    ('ma otp: 48', ['ma', 'otp', ':', '48'], (8, 11))
    """
    cut = _cut(text)
    plain: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, char in enumerate(text[:cut] if cut < len(text) else text):
        shown = _shown(char)
        if len(shown) == 1:
            plain.append(shown)
            starts.append(index)
            ends.append(index + 1)
        elif shown:
            plain.extend(shown)
            starts.extend([index] * len(shown))
            ends.extend([index + 1] * len(shown))
        elif ends and ends[-1] == index and _belongs(char):
            ends[-1] = index + 1
    whole = "".join(plain)
    words, begins, stops = [], [], []
    for found in _WORD.finditer(whole):
        words.append(found.group())
        begins.append(found.start())
        stops.append(found.end())
    norms = [
        word if word in _AFTER_DIGITS and at and begins[at] == stops[at - 1] else written_out(word)
        for at, word in enumerate(words)
    ]
    return View(text, cut, whole, starts, ends, words, norms, begins, stops)


def written_out(word: str) -> str:
    """
    >>> written_out("ko"), written_out("otp")
    ('khong', 'otp')
    """
    return _SHORT.get(word, word)


@lru_cache(maxsize=8192)
def tone_last(word: str) -> str:
    """A word with its tone moved to the end, so that both ways of writing it meet.

    >>> tone_last("hoà") == tone_last("hòa"), tone_last("hoa")
    (True, 'hoa')
    """
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    tones = "".join(part for part in parts if part in _TONES)
    return unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES)) + tones


def bare(word: str) -> str:
    """
    >>> bare("Đường")
    'duong'
    """
    return "".join(map(_shown, word))


def _cut(text: str) -> int:
    if len(text) <= LONGEST:
        return len(text)
    for index in range(LONGEST, LONGEST - _CUT_BACK, -1):
        if text[index].isspace():
            return index
    return LONGEST - _CUT_BACK


@lru_cache(maxsize=8192)
def _shown(char: str) -> str:
    """What a character looks like: mostly one plain character, several for a few, none for marks and the invisible."""
    if char.isspace():
        return "\n" if char in "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029" else " "
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    kind = unicodedata.category(char)
    if kind == "Pd":
        return "-"
    if kind in ("Cf", "Cs", "Co", "Cn", "Cc"):
        return ""
    plain = unicodedata.normalize("NFKD", char).lower().replace("đ", "d").translate(_ALIKE)
    shown = "".join(part for part in plain if not _is_mark(part))
    return " " if shown.isspace() and shown else shown


@lru_cache(maxsize=2048)
def _belongs(char: str) -> bool:
    """A mark on the letter before it, as in text of separate marks or in keycap digits."""
    return _is_mark(char)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Me", "Mc")


def _composed(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).lower()
    return composed if composed.isalnum() else "".join(char for char in composed if unicodedata.category(char) != "Cf")
