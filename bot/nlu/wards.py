"""Finds the city's units in what people type: new names, old wards and districts, numbers, abbreviations, slips.

Since July 2025 a bare "Gò Vấp" may mean any of six wards, and old ward numbers no longer exist (half a year before they
had been dealt out anew): several units are the answer then, the likeliest first, for the person to choose from
(journeys, 7.1). Nothing is decided for them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.nlu.mentions import Mention, Mentions
from bot.nlu.place_words import FORMER, PARTED, TAKEN_BACK
from bot.nlu.spoken import Phrases, Words, words_of
from bot.nlu.units import District, OldWard, Unit, districts_of, grouped, names_of
from bot.nlu.views import tone_last

# how many words may stand between a ward and its district ("phường 14, đường Lê Hồng Phong, quận 10")
_APART = 8

# how near they are to be one address in the text, too
_TOGETHER = 4

_TAKEN_BACK = Phrases(dict.fromkeys(TAKEN_BACK, True))


@dataclass(frozen=True, slots=True)
class Place:
    """A place somebody named: ``text[start:end]``, its name in full spelling, and the units it may be now.

    ``likely`` counts the units in front that hold the land of the old ward that was named, where one was.
    """

    start: int
    end: int
    name: str
    units: tuple[Unit, ...]
    likely: int = 0

    @property
    def value(self) -> str:
        """The unit's full name where it is clear, else the name that was typed."""
        return self.units[0].full_name if len(self.units) == 1 else self.name


@dataclass(frozen=True, slots=True)
class Choice:
    """One button of a question back: its label, and the units that are left when it is pressed."""

    label: str
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A place in words ``first`` to ``last`` of a text."""

    first: int
    last: int
    name: str
    units: tuple[Unit, ...]
    likely: int = 0


class Wards:
    """The units and what they came from, ready to be asked. A search takes time in proportion to the text."""

    def __init__(self, units: Iterable[Unit], old_wards: Iterable[OldWard] = ()) -> None:
        units, old_wards = tuple(units), tuple(old_wards)
        districts = districts_of(units, old_wards)
        self._mentions = Mentions(names_of(units, old_wards, districts.values()), districts)
        self._numbered = {
            (former, int(old.name)): old for old in old_wards if old.name.isdecimal() for former in old.former
        }

    def find(self, text: str) -> tuple[Unit, ...]:
        """The units a text may mean, one where it is clear; none where it names no place of the city."""
        return tuple(dict.fromkeys(unit for place in self.places(words_of(text)) for unit in place.units))

    def choices(self, text: str, most: int = 10) -> tuple[Choice, ...]:
        """The buttons that ask back which unit is meant: units, or old districts where there are more than ``most``."""
        units = self.find(text)
        if len(units) <= most:
            return tuple(Choice(unit.full_name, (unit,)) for unit in units)
        by_district = grouped((old, unit) for unit in units for old in unit.former)
        return tuple(Choice(old, tuple(each)) for old, each in by_district.items())

    def places(self, words: Words) -> tuple[Place, ...]:
        """Every place a text names, in its order."""
        mentions = _read_as_wards(words, list(self._mentions.find(words)))
        found = sorted(self._found(words, mentions), key=lambda each: each.first)
        found = _without_wider(_without_taken_back(words, found))
        return tuple(
            Place(words.starts[each.first], words.ends[each.last], each.name, each.units, each.likely) for each in found
        )

    def _found(self, words: Words, mentions: Sequence[Mention]) -> Iterator[_Found]:
        used: set[int] = set()
        for at, mention in enumerate(mentions):
            if not mention.is_ward:
                continue
            for other in _districts_near(words, mentions, at):
                if found := self._together(words, mention, mentions[other]):
                    used.add(other)
                    yield found
                    break
            else:
                if units := _alone(words, mention):
                    used.update(_districts_beside(mentions, at))
                    yield _Found(mention.first, mention.last, _name(mention), units)
        for at, mention in enumerate(mentions):
            if mention.district and at not in used:
                yield _Found(mention.first, mention.last, _name(mention), mention.district.units)

    def _together(self, words: Words, ward: Mention, beside: Mention) -> _Found | None:
        """A ward and the district it is said to be in, where it may be in there."""
        district = beside.district
        if district is None:
            return None
        first, last = min(ward.first, beside.first), max(ward.last, beside.last)
        if max(ward.first, beside.first) - min(ward.last, beside.last) > _TOGETHER:
            first, last = ward.first, ward.last
        if ward.number and not district.is_area:
            old = self._numbered.get((district.name, ward.number))
            likely = old.units if old else ()
            units = tuple(dict.fromkeys((*likely, *district.units)))
            return _Found(first, last, f"Phường {ward.number}, {district.name}", units, len(likely))
        if ward.name is None:
            return None
        units = _within(words, ward, district)
        # a unit of today is clear without its district
        whole = (first, last) if len(units) > 1 or not ward.name.units else (ward.first, ward.last)
        return _Found(*whole, _name(ward), units) if units else None


def _within(words: Words, ward: Mention, district: District) -> tuple[Unit, ...]:
    """The units of a name that lie in a district; those of the old ward of that name where no unit is called so."""
    if ward.name is None:
        return ()
    units = [unit for unit in ward.name.units if unit in district.units]
    if units and not (ward.name.olds and _is_former(words, ward)):
        return _as_typed(words, ward, units)
    olds = [old for old in ward.name.olds if district.name in old.former]
    if district.is_area:
        olds = [old for old in ward.name.olds if old.units[0] in district.units]
    return tuple(dict.fromkeys(unit for old in olds for unit in old.units)) or tuple(units)


def _alone(words: Words, ward: Mention) -> tuple[Unit, ...]:
    """The units a name may mean by itself: those called so today, unless the old ones are asked for."""
    if ward.name is None:
        return ()
    units = [unit for unit in ward.name.units if ward.kind in ("", unit.kind)] or ward.name.units
    olds = [old for old in ward.name.olds if ward.kind in ("", old.kind)] or ward.name.olds
    if olds and _is_former(words, ward):
        units = []
    elif units and ward.kind and all(unit.kind != ward.kind for unit in units):
        # "phường Tân An": no such ward today, but there was one
        units = [] if any(old.kind == ward.kind for old in olds) else units
    if units:
        return _as_typed(words, ward, units)
    return tuple(dict.fromkeys(unit for old in olds for unit in old.units))


def _is_former(words: Words, ward: Mention) -> bool:
    """Whether the name is that of before: a town, or said to be old."""
    after = words.folded[ward.last + 1 : ward.last + 2]
    return ward.kind == "thị trấn" or bool(FORMER.intersection(after))


def _as_typed(words: Words, ward: Mention, units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Of names alike without marks, the one whose marks were typed: "Thạnh An" is not "Thanh An"."""
    if len(units) == 1:
        return tuple(units)
    typed = words.kept[ward.first : ward.last + 1]
    exact = [unit for unit in units if _is_spelled(typed, unit.name)]
    written = any(not word.isascii() or word[-1].isdecimal() for word in typed)
    return tuple(exact) if exact and written else tuple(units)


def _is_spelled(typed: Sequence[str], name: str) -> bool:
    marked = [tone_last(word) for word in name.lower().split()]
    return list(typed[-len(marked) :]) == marked


def _name(mention: Mention) -> str:
    if mention.district and (mention.kind or not mention.name):
        return mention.district.name
    spelled = mention.name.spelled if mention.name else ""
    return f"{mention.kind.capitalize()} {spelled}" if mention.kind else spelled


def _read_as_wards(words: Words, mentions: list[Mention]) -> list[Mention]:
    """A bare name that was a district is a ward beside another district that has one: "Tân Phú, Quận 7"."""
    for at, mention in enumerate(mentions):
        if mention.district is None or mention.kind or mention.name is None or mention.district.is_area:
            continue
        ward = replace(mention, district=None)
        for other in (at + 1, at - 1):
            if not 0 <= other < len(mentions) or not _is_near(words, mention, mentions[other]):
                continue
            beside = mentions[other].district
            if beside and not beside.is_area and beside != mention.district and _within(words, ward, beside):
                mentions[at] = ward
                break
    return mentions


def _districts_near(words: Words, mentions: Sequence[Mention], at: int) -> Iterator[int]:
    """The districts a ward may be in: that behind it, then those before it."""
    if at + 1 < len(mentions) and mentions[at + 1].district and _is_near(words, mentions[at], mentions[at + 1]):
        yield at + 1
    for other in range(at - 1, max(at - 4, -1), -1):
        if mentions[other].district:
            yield other


def _districts_beside(mentions: Sequence[Mention], at: int) -> Iterator[int]:
    """A district right behind a ward that is not in it: people err in it, and the ward's name is clear."""
    if at + 1 < len(mentions) and mentions[at + 1].district and mentions[at + 1].first == mentions[at].last + 1:
        yield at + 1


def _is_near(words: Words, one: Mention, other: Mention) -> bool:
    first, second = (one, other) if one.first < other.first else (other, one)
    between = words.folded[first.last + 1 : second.first]
    return len(between) <= _APART and not PARTED.intersection(between)


def _without_taken_back(words: Words, found: list[_Found]) -> list[_Found]:
    """Without what somebody corrected in the same breath: "quận 3, à không, quận 10"."""
    taken = {
        one
        for one, other in pairwise(found)
        if any(_TAKEN_BACK.at(words.folded, at) for at in range(one.last + 1, other.first))
        or (
            words.folded[max(one.first - 2, 0) : one.first] == ["khong", "phai"]
            and "ma" in words.folded[one.last + 1 : other.first]
        )
    }
    return [each for each in found if each not in taken]


def _without_wider(found: list[_Found]) -> list[_Found]:
    """Without a place that only says where a narrower one lies."""
    return [each for each in found if not any(set(other.units) < set(each.units) for other in found)]
