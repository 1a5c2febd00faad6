"""Finds names of lists in a text: banks and kinds of phones as people write them, steps and class codes by pattern."""

import bisect
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.core.meaning import Entity
from bot.core.text import fold
from bot.nlu.counting import MUDDLED, Numbers
from bot.nlu.spoken import Phrases, Words, may_be, words_of
from bot.nlu.views import tone_last

# a name is found in spite of a slip when it has this many letters
_FUZZY = 6

# and this many where it is written apart
_FUZZY_APART = 9

# the longest run of words that is tried as one name written apart ("viet com banck")
_APART = 3

# the first letters are seldom the wrong ones
_SURE = 3

# no dialog has more steps
_STEPS = 30


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write a name: its words as in ``Words.kept``."""

    value: str
    kept: tuple[str, ...]


class NameList:
    """The names of one entity. Those ``after_word`` count behind one of ``words`` only, or as a whole message."""

    def __init__(
        self, entity: str, forms: Mapping[str, str], after_word: Collection[str] = (), words: Collection[str] = ()
    ) -> None:
        self._entity = entity
        table: dict[str, list[_Form]] = {}
        for form, value in forms.items():
            written = words_of(form)
            table.setdefault(" ".join(written.folded), []).append(_Form(value, tuple(written.kept)))
        self._forms = Phrases(table)
        self._guarded = frozenset(" ".join(words_of(form).folded) for form in after_word)
        self._last_words = frozenset(words_of(word).folded[-1] for word in words)
        # slips are looked for in names of one word; in others too many everyday words are a letter away
        self._single = {
            folded: each[0].value for folded, each in table.items() if " " not in folded and folded not in self._guarded
        }
        self._near: dict[str, set[str]] = {}
        for key in self._single:
            if len(key) >= _FUZZY:
                for less in _lessened(key):
                    self._near.setdefault(less, set()).add(key)
        self._beginnings = frozenset(key[:_SURE] for key in self._near)
        self._longest = max((len(key) for key in self._single), default=0)

    def find(self, words: Words) -> Iterator[Entity]:
        """Every name in a text, from left to right."""
        begins, beginnings = self._forms.begins, self._beginnings
        after = 0
        for at, word in enumerate(words.folded):
            # most words begin no name: this line is what they cost
            begun = word[:_SURE] if len(word) >= _SURE else "".join(words.folded[at : at + 2])[:_SURE]
            if at < after or not (word in begins or begun in beginnings):
                continue
            value, size = self._at(words, at)
            if size:
                yield Entity(self._entity, value, words.starts[at], words.ends[at + size - 1])
                after = at + size

    def _at(self, words: Words, at: int) -> tuple[str, int]:
        found = self._forms.at(words.folded, at)
        while found:
            forms, size = found
            typed = words.kept[at : at + size]
            form = next((each for each in forms if _agree(typed, each.kept)), None)
            if form and self._counts(words, at, size):
                return form.value, size
            found = self._forms.at(words.folded, at, size - 1)
        return self._misspelled(words, at)

    def _counts(self, words: Words, at: int, size: int) -> bool:
        if " ".join(words.folded[at : at + size]) not in self._guarded:
            return True
        return size == len(words) or (at > 0 and words.folded[at - 1] in self._last_words)

    def _misspelled(self, words: Words, at: int) -> tuple[str, int]:
        """A name written in one word, apart, or with a slip in it."""
        for size in range(min(_APART, len(words) - at), 0, -1):
            key = "".join(words.folded[at : at + size])
            if not (_FUZZY if size == 1 else _FUZZY_APART) <= len(key) <= self._longest + 1:
                continue
            if key in self._single:
                return self._single[key], size
            if near := self._nearest(key):
                return self._single[near], size
        return "", 0

    def _nearest(self, key: str) -> str:
        near = {other for less in _lessened(key) for other in self._near.get(less, ())}
        close = [other for other in near if OSA.distance(key, other) <= 1 and other[:_SURE] == key[:_SURE]]
        return close[0] if len({self._single[other] for other in close}) == 1 else ""


class Patterns:
    """Patterns over a text without marks; the first group of each is the value."""

    def __init__(self, patterns: Mapping[str, Sequence[str]], guards: Mapping[str, str]) -> None:
        self._patterns = [(entity, re.compile(each)) for entity, all_of in patterns.items() for each in all_of]
        self._numbers = Numbers()
        self._guards = {fold(word): tone_last(word) for word in guards.values()}

    def find(self, words: Words) -> Iterator[Entity]:
        """What each pattern finds, with the value as digits."""
        if not self._guards.keys() & set(words.folded) and "step" not in words.folded and "class" not in words.folded:
            return
        line = " ".join(words.folded)
        begins = []
        length = 0
        for word in words.folded:
            begins.append(length)
            length += len(word) + 1
        for entity, pattern in self._patterns:
            marked = "value" if "value" in pattern.groupindex else 0
            for found in pattern.finditer(line):
                guard = self._guards.get(words.folded[_word_at(begins, found.start())])
                if guard is not None and not may_be(words.kept[_word_at(begins, found.start())], guard):
                    continue
                value = self._value(words, _word_at(begins, found.start(1)), found[1])
                first, last = _word_at(begins, found.start(marked)), _word_at(begins, found.end(marked) - 1)
                if value:
                    yield Entity(entity, value, words.starts[first], words.ends[last])

    def _value(self, words: Words, at: int, found: str) -> str:
        """A number in digits, from digits or words; nothing where the words may be other ones."""
        plain = found.replace(" ", "")
        if plain.isdecimal() and len(plain) > 2:
            return plain
        if words.kept[at] in MUDDLED and " " not in found:
            return ""
        number = self._numbers.at(words, at, _STEPS)
        return str(number[0]) if number else "1" if found == "dau tien" else ""


def _word_at(begins: Sequence[int], position: int) -> int:
    return bisect.bisect_right(begins, position) - 1


def _agree(typed: Sequence[str], meant: Sequence[str]) -> bool:
    return all(may_be(*pair) for pair in zip(typed, meant, strict=True))


def _lessened(key: str) -> Iterable[str]:
    """A key, and the key without any one of its letters."""
    return {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))}
