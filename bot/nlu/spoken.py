"""The words of a text and where they stand, seen three ways; phrases are found among them, the text stays as it is."""

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from bot.core import limits
from bot.core.text import fold, normal
from bot.nlu.views import tone_last

Value = TypeVar("Value")

# a run of letters with what floats above or between them, or a run of digits: "q10" is two words
_WORD = re.compile("(?:[^\\W\\d_][\u0300-\u036f\u00ad\u200b-\u200d\ufeff]*)+|\\d+")

# what a Vietnamese syllable looks like without marks; telex keys left over make it something else
_SYLLABLE = re.compile(
    r"(?:ngh?|gh?|gi|kh|nh|ph|th|tr|ch|qu|[bcdhklmnprstvx])?"
    r"(?:uye|uya|uoi|uou|uay|uyu|oai|oay|oeo|ieu|yeu|ia|ie|ye|iu|ua|uo|uu|uy|ue|ui|oa|oe|oi|eo|eu|ai|ao|au|ay|[aeiouy])"
    r"(?:ng|nh|ch|[cmnpt])?"
)
_TELEX = (("aa", "a"), ("ee", "e"), ("oo", "o"), ("dd", "d"), ("uw", "u"), ("ow", "o"), ("aw", "a"), ("w", "u"))

# letters that sound alike to many, so that they are mixed up in writing; the order matters
_FIRST = (
    ("ngh", "ng"), ("gh", "g"), ("ph", "f"), ("gi", "z"), ("tr", "c"), ("ch", "c"), ("qu", "w"), ("d", "z"), ("v", "z"),
    ("j", "z"), ("x", "s"), ("k", "k"), ("c", "k"), ("q", "k"),
)  # fmt: skip
_LAST = (("ng", "n"), ("nh", "n"), ("ch", "t"), ("c", "t"))


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: ``folded`` without marks, ``kept`` with them, and where each begins and ends."""

    text: str
    folded: list[str]
    kept: list[str]
    starts: list[int]
    ends: list[int]

    def __len__(self) -> int:
        return len(self.folded)

    def gap(self, at: int) -> str:
        """What stands between a word and the one before it."""
        return self.text[self.ends[at - 1] : self.starts[at]] if at else ""


def words_of(text: str) -> Words:
    """The words of a text, up to the longest message that is read.

    >>> words = words_of("P.14 Quận 10")
    >>> words.folded, words.starts
    (['p', '14', 'quan', '10'], [0, 2, 5, 10])
    """
    found = list(_WORD.finditer(text, 0, limits.TEXT))
    seen = [_seen(each.group()) for each in found]
    return Words(
        text,
        [folded for folded, _ in seen],
        [kept for _, kept in seen],
        [each.start() for each in found],
        [each.end() for each in found],
    )


@lru_cache(maxsize=8192)
def _seen(word: str) -> tuple[str, str]:
    folded = fold(word)
    plain = _without_telex(folded)
    return plain, plain if plain != folded else tone_last(normal(word).lower())


def _without_telex(folded: str) -> str:
    """A syllable whose telex keys the keyboard did not take; another word stays as it is.

    >>> [_without_telex(word) for word in ("phuwowngf", "vaaps", "xuaan", "iphone", "ss", "bjnh")]
    ['phuong', 'vap', 'xuan', 'iphone', 'ss', 'binh']
    """
    if len(folded) < 3 or not folded.isascii() or _SYLLABLE.fullmatch(folded):
        return folded
    plain = folded
    for keys, letter in _TELEX:
        plain = plain.replace(keys, letter)
    # the tone key is the last, mostly; "j" is also teencode for i
    toneless = plain[:-1] if plain[-1] in "sfrxj" else plain
    tries = (plain, toneless, plain.replace("j", "i"), plain[:1] + re.sub("[sfrxj]", "", plain[1:]))
    return next((each for each in tries if len(each) > 1 and _SYLLABLE.fullmatch(each)), folded)


def is_syllable(folded: str) -> bool:
    """
    >>> is_syllable("vap"), is_syllable("vapp")
    (True, False)
    """
    return _SYLLABLE.fullmatch(folded) is not None


@lru_cache(maxsize=8192)
def sound(folded: str) -> str:
    """How a syllable sounds to those who mix up s and x, tr and ch, n and ng.

    >>> sound("xon") == sound("son"), sound("chong") == sound("trong"), sound("fu") == sound("phu")
    (True, True, True)
    """
    said = folded.replace("y", "i")
    for written, same in _FIRST:
        if said.startswith(written):
            said = same + said[len(written) :]
            break
    for written, same in _LAST:
        if said.endswith(written):
            return said[: -len(written)] + same
    return said


class Phrases(Generic[Value]):
    """Phrases of folded words and what each stands for; the longest at a place wins."""

    def __init__(self, table: Mapping[str, Value]) -> None:
        self._table = {tuple(phrase.split()): value for phrase, value in table.items()}
        self._longest: dict[str, int] = {}
        for phrase in self._table:
            self._longest[phrase[0]] = max(len(phrase), self._longest.get(phrase[0], 0))

    @property
    def begins(self) -> Set[str]:
        """The words a phrase may begin with."""
        return self._longest.keys()

    def at(self, words: Sequence[str], start: int, most: int = 99) -> tuple[Value, int] | None:
        """The value of the longest phrase of up to ``most`` words that begins at ``start``, and how many it has."""
        longest = self._longest.get(words[start])
        if longest is None:
            return None
        for size in range(min(longest, most, len(words) - start), 0, -1):
            if (value := self._table.get(tuple(words[start : start + size]))) is not None:
                return value, size
        return None


@lru_cache(maxsize=8192)
def may_be(typed: str, meant: str) -> bool:
    """Whether a word, as in ``Words.kept``, may be what was meant: marks may be missing, other marks are another word.

    >>> [may_be(tone_last(typed), tone_last("định")) for typed in ("dinh", "đinh", "định", "đình")]
    [True, True, True, False]
    """
    if typed == meant or (typed.isalpha() and typed.isascii()):
        return True
    letters, tone = _apart(typed)
    meant_letters, meant_tone = _apart(meant)
    return tone in ("", meant_tone) and (
        letters == meant_letters
        or all(one == other or one == fold(other) for one, other in zip(letters, meant_letters, strict=False))
    )


@lru_cache(maxsize=8192)
def slipped(typed: str, meant: str) -> bool:
    """Whether the marks differ as slips do: "tầu" for "tàu", the hook for the tilde."""
    (_, tone), (_, meant_tone) = _apart(typed), _apart(meant)
    return tone in ("", meant_tone) or {tone, meant_tone} == {"3", "4"}


def _apart(word: str) -> tuple[str, str]:
    return (word[:-1], word[-1]) if word[-1:].isdecimal() and not word.isdecimal() else (word, "")
