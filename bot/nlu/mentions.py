"""Finds the parts of addresses in a text: wards by name or number, old districts, provinces."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.core.text import fold
from bot.nlu.counting import MUDDLED, Numbers
from bot.nlu.place_words import (
    BEFORE_LANDMARK,
    BETTER_KNOWN,
    CITY,
    DISTRICT_KINDS,
    ELSEWHERE,
    EVERYDAY,
    FILLERS,
    KIND_MARKS,
    LOCATIVE,
    LOCATIVE_MARKS,
    PLAIN,
    SHORT_FORMS,
    UNIT_KINDS,
)  # fmt: skip
from bot.nlu.spoken import Phrases, Words, is_syllable, may_be, slipped, sound
from bot.nlu.units import District, Name, grouped
from bot.nlu.views import tone_last

# a name is looked for in spite of a slip when it has this many letters
_FUZZY = 6

# the longest names have four words
_LONGEST = 4

# so many words of politeness may stand around a place in a message that says nothing else
_LITTLE = 8


@dataclass(frozen=True, slots=True)
class Mention:
    """Words ``first`` to ``last`` of a text: a ward by ``name`` or by ``number``, or a ``district``.

    ``kind`` was typed before it. ``exact``: spelled as the name is, but for missing marks.
    """

    first: int
    last: int
    kind: str = ""
    name: Name | None = None
    number: int = 0
    district: District | None = None
    exact: bool = True

    @property
    def is_ward(self) -> bool:
        return self.district is None


@dataclass(frozen=True, slots=True)
class _Spelled:
    """A name found: the number of its words, and whether it is spelled as it should be."""

    name: Name
    size: int
    exact: bool


@dataclass(frozen=True, slots=True)
class _Message(Words):
    """Words, the first and the last of which say more than "dạ tui ở ... nha con" are known."""

    first: int
    last: int

    def is_alone(self, at: int, size: int) -> bool:
        """Whether the words from ``at`` are all that a short message says."""
        return len(self.folded) <= size + _LITTLE and at <= self.first and self.last < at + size

    def is_located(self, at: int) -> bool:
        """Whether "ở" or the like stands before a word."""
        if not at or self.folded[at - 1] not in LOCATIVE:
            return False
        meant = LOCATIVE_MARKS.get(self.folded[at - 1])
        return meant is None or may_be(self.kept[at - 1], tone_last(meant))


class Mentions:
    """The names, ready to be looked for; a search takes time in proportion to the text."""

    def __init__(self, names: Mapping[str, Name], districts: Mapping[str, District]) -> None:
        self._districts = districts
        self._names = Phrases(names)
        self._glued = {folded.replace(" ", ""): name for folded, name in names.items() if " " in folded}
        keys = [(_sound_key(folded.split()), name) for folded, name in names.items()]
        self._sounds = grouped(keys)
        self._longest = max((len(key) for key, _ in keys), default=0)
        self._near = grouped((less, (key, name)) for key, name in keys if len(key) >= _FUZZY for less in _lessened(key))
        shorts = {short: names[fold(name)] for short, name in SHORT_FORMS.items() if fold(name) in names}
        self._shorts = Phrases(shorts)
        self._plain_shorts = Phrases({short: name for short, name in shorts.items() if len(short) > 2})
        self._unit_kinds, self._district_kinds = Phrases(UNIT_KINDS), Phrases(DISTRICT_KINDS)
        self._numbers = Numbers()
        self._elsewhere = Phrases(dict.fromkeys((*CITY, *ELSEWHERE), True))

        tables = (self._names, self._shorts, self._unit_kinds, self._district_kinds, self._elsewhere)
        self._begins = frozenset(self._glued).union(*(table.begins for table in tables))

    def find(self, words: Words) -> Iterator[Mention]:
        """Every mention, from left to right, the longest at each place."""
        at = 0
        last: Mention | None = None
        message = _message(words)
        # where the rest of a short message may be one name
        alone = range(message.last - _LONGEST + 1, message.first + 1) if len(words) <= _LONGEST + _LITTLE else range(0)
        while at < len(words):
            if words.folded[at] not in self._begins and words.folded[at - 1] not in LOCATIVE and at not in alone:
                at += 1
                continue
            found = self._ward(message, at) or self._district(message, at)
            elsewhere = None if found else self._elsewhere.at(words.folded, at)
            found = found or (None if elsewhere else self._bare(message, at, last))
            if found is None:
                at += elsewhere[1] if elsewhere else 1
                continue
            if not _is_landmark(words, found):
                yield found
            last, at = found, found.last + 1

    def _ward(self, words: _Message, at: int) -> Mention | None:
        """ "phường" and a name or a number."""
        kind, start = self._kind(self._unit_kinds, words, at)
        if not kind or start >= len(words):
            return None
        named = self._names.at(words.folded, start) is not None
        if kind == "phường" and not named and (number := self._numbers.at(words, start, 30)):
            return Mention(at, start + number[1] - 1, kind, number=number[0])
        in_full = len(words.folded[at]) > 2
        spelled = self._spelled(words, start, after_kind=in_full)
        if spelled is None or not (spelled.name.units or spelled.name.olds):
            return None
        if not in_full and not _half_marked(words, start, spelled):
            return None
        return Mention(at, start + spelled.size - 1, kind, name=spelled.name, exact=spelled.exact)

    def _district(self, words: _Message, at: int) -> Mention | None:
        """ "quận" and a number or a name."""
        kind, start = self._kind(self._district_kinds, words, at)
        if not kind or start >= len(words):
            return None
        if kind == "quận" and (number := self._numbers.at(words, start, 12)):
            district = self._districts.get(f"quan {number[0]}")
            sure = words.folded[start] not in MUDDLED or _is_marked(words, at, start + number[1])
            sure = sure or self._means_a_place(words, at, start + number[1])
            return Mention(at, start + number[1] - 1, kind, district=district) if district and sure else None
        short = self._shorts.at(words.folded, start)
        if short and short[0].district:
            return Mention(at, start + short[1] - 1, kind, name=short[0], district=short[0].district)
        spelled = self._spelled(words, start, after_kind=len(words.folded[at]) > 2)
        if spelled is None or spelled.name.district is None:
            return None
        last = start + spelled.size - 1
        return Mention(at, last, kind, name=spelled.name, district=spelled.name.district, exact=spelled.exact)

    def _bare(self, words: _Message, at: int, last: Mention | None) -> Mention | None:
        """A name with no kind before it: a district where one was called so, else a ward."""
        beside = last is not None and last.last == at - 1
        if beside and last and last.number and (short := self._shorts.at(words.folded, at)):
            return Mention(at, at + short[1] - 1, name=short[0], district=short[0].district)
        if short := self._plain_shorts.at(words.folded, at):
            return Mention(at, at + short[1] - 1, name=short[0], district=short[0].district)
        spelled = self._spelled(words, at)
        if spelled is None:
            return None
        counts = (
            self._counts(words, at, spelled, beside=beside)
            if spelled.exact
            else self._means_a_place(words, at, at + spelled.size)
        )
        return _bare_mention(at, spelled) if counts else None

    def _counts(self, words: _Message, at: int, spelled: _Spelled, *, beside: bool) -> bool:
        """Whether words that spell a name are meant as one: "gia dinh" is mostly a family."""
        end = at + spelled.size
        folded = fold(spelled.name.spelled)
        if folded in BETTER_KNOWN:
            return len(words) == spelled.size or self._begins_district(words, end)
        company = beside or self._means_a_place(words, at, end)
        kept, marked = words.kept[at:end], _nearest_way(words, at, spelled.size, spelled.name)
        if company and len(kept) != len(marked):
            return True
        wrong = [pair for pair in zip(kept, marked, strict=False) if not may_be(*pair)]
        if wrong:
            near = company or all(slipped(*each) for each in wrong)
            return near and folded not in EVERYDAY and len(wrong) < len(kept)
        return company or folded not in EVERYDAY or kept == marked != folded.split()

    def _means_a_place(self, words: _Message, at: int, end: int) -> bool:
        """Whether what stands around words makes them a place."""
        return words.is_located(at) or words.is_alone(at, end - at) or self._begins_district(words, end)

    def _begins_district(self, words: _Message, at: int) -> bool:
        if at >= len(words):
            return False
        kind, start = self._kind(self._district_kinds, words, at)
        if kind and start < len(words):
            return (
                words.folded[start].isdecimal()
                or self._shorts.at(words.folded, start) is not None
                or self._named_district(words, start)
            )
        return self._named_district(words, at)

    def _named_district(self, words: _Message, at: int) -> bool:
        found = self._names.at(words.folded, at)
        return found is not None and found[0].district is not None

    def _kind(self, kinds: Phrases[str], words: _Message, at: int) -> tuple[str, int]:
        """The kind whose word stands here, and where the words after it begin."""
        found = kinds.at(words.folded, at)
        if found is None:
            return "", at
        meant = KIND_MARKS.get(words.folded[at])
        if meant and not may_be(words.kept[at], tone_last(meant)):
            return "", at
        return found[0], at + found[1]

    def _spelled(self, words: _Message, at: int, *, after_kind: bool = False) -> _Spelled | None:
        """The name that begins here, be it with a slip; ``after_kind``: "phường" stands before it, so one is due."""
        found = self._names.at(words.folded, at)
        while found and (shorter := self._names.at(words.folded, at, found[1] - 1)):
            # "Bình Hưng Hòa á" is not the ward of that name with an A
            if _marks_agree(words, at, found[1], found[0]):
                break
            found = shorter
        if found:
            return _Spelled(found[0], found[1], exact=True)
        if len(words.folded[at]) >= _FUZZY - 1 and (name := self._glued.get(words.folded[at])):
            return _Spelled(name, 1, exact=True)
        return self._misspelled(words, at, after_kind=after_kind)

    def _misspelled(self, words: _Message, at: int, *, after_kind: bool) -> _Spelled | None:
        """The name these words sound like, or miss by a letter."""
        if not after_kind and not (words.is_located(at) or words.is_alone(at, _LONGEST)):
            return None
        keys = [_sound_key(words.folded[at : at + size]) for size in range(1, min(_LONGEST, len(words) - at) + 1)]
        for size, key in reversed(list(enumerate(keys, 1))):
            if size > 1 and (names := self._sounds.get(key)) and _tones_agree(words, at, size, names[0]):
                return _Spelled(names[0], size, exact=False)
        for size, key in reversed(list(enumerate(keys, 1))):
            if not _FUZZY <= len(key) <= self._longest + 1 or not (name := self._nearest(key)):
                continue
            if _is_slip(words, at, size, name, after_kind=after_kind):
                return _Spelled(name, size, exact=False)
        return None

    def _nearest(self, key: str) -> Name | None:
        near = {other: name for less in _lessened(key) for other, name in self._near.get(less, ())}
        # the first letter is seldom the wrong one
        close = [name for other, name in near.items() if other[0] == key[0] and OSA.distance(key, other) <= 1]
        return close[0] if len(close) == 1 else None


def _bare_mention(at: int, spelled: _Spelled) -> Mention:
    name = spelled.name
    return Mention(at, at + spelled.size - 1, name=name, district=name.district, exact=spelled.exact)


def _is_marked(words: Words, first: int, end: int) -> bool:
    """Whether marks were typed in any of the words."""
    return words.kept[first:end] != words.folded[first:end]


def _message(words: Words) -> _Message:
    says = [at for at, word in enumerate(words.folded) if word not in FILLERS and not word.isdecimal()]
    first, last = (says[0], says[-1]) if says else (len(words), -1)
    return _Message(words.text, words.folded, words.kept, words.starts, words.ends, first, last)


def _is_landmark(words: Words, found: Mention) -> bool:
    """Whether a name is that of a street, a bridge or a hospital."""
    return not found.kind and found.first > 0 and words.folded[found.first - 1] in BEFORE_LANDMARK


def _is_slip(words: Words, at: int, size: int, name: Name, *, after_kind: bool) -> bool:
    """Whether words that miss a name by a letter are a slip, not other words: one of them at most is another word."""
    meant = [sound(word) for word in fold(name.spelled).split()]
    typed = words.folded[at : at + size]
    other = [word for word in typed if sound(word) not in meant]
    if len(other) > 1 or PLAIN.intersection(other) or not _tones_agree(words, at, size, name):
        return False
    return after_kind or size == 1 or not all(is_syllable(word) for word in other)


def _tones_agree(words: Words, at: int, size: int, name: Name) -> bool:
    """Whether the tones that were typed are the name's, all but one."""
    marked = _nearest_way(words, at, size, name)
    pairs = zip(words.kept[at : at + size], marked, strict=False)
    return size != len(marked) or sum(not slipped(*pair) for pair in pairs) <= (size > 2)


def _marks_agree(words: Words, at: int, size: int, name: Name) -> bool:
    way = _nearest_way(words, at, size, name)
    return all(may_be(*pair) for pair in zip(words.kept[at : at + size], way, strict=False))


def _half_marked(words: Words, at: int, spelled: _Spelled) -> bool:
    kept, way = words.kept[at : at + spelled.size], _nearest_way(words, at, spelled.size, spelled.name)
    return len(kept) != len(way) or sum(may_be(*pair) for pair in zip(kept, way, strict=True)) * 2 >= len(kept)


def _nearest_way(words: Words, at: int, size: int, name: Name) -> list[str]:
    """Of the ways to spell a name, the one that was most likely typed."""
    if len(name.ways) == 1:
        return name.ways[0]
    typed = words.kept[at : at + size]
    return max(name.ways, key=lambda way: sum(may_be(*pair) for pair in zip(typed, way, strict=False)))


def _sound_key(folded: Sequence[str]) -> str:
    return "".join(sound(word) for word in folded)


def _lessened(key: str) -> Iterable[str]:
    """A key, and the key without any one of its letters."""
    return {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))}
