"""Finds the city's units in what people type: new names, old districts, abbreviations, slips.

Since July 2025 a bare "Gò Vấp" may mean any of six wards, and old ward numbers no longer exist: several units are the
answer then, for the person to choose from (journeys, 7.1). Nothing is decided for them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from bot.core.text import fold, normal


@dataclass(frozen=True, slots=True)
class Unit:
    """A ward, a commune or the special zone. ``former`` are the old districts that gave it territory."""

    code: str
    kind: str
    name: str
    area: str = ""
    former: tuple[str, ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.kind.capitalize()} {self.name}"


# a slip in a name is forgiven when this much of it stands (0 to 100)
ALIKE = 86

_KINDS = {"phuong": "phường", "p": "phường", "ph": "phường", "f": "phường", "xa": "xã", "x": "xã", "dac khu": "đặc khu"}
_DISTRICT = re.compile(r"\b(?:quan|q) ?(\d{1,2})\b")
_OLD_WARD = re.compile(r"\b(?:phuong|p|ph|f) ?\d{1,2}\b")
_SPELLED = {
    "quan nhat": "quan 1", "quan mot": "quan 1", "quan hai": "quan 2", "quan ba": "quan 3", "quan tu": "quan 4",
    "quan bon": "quan 4", "quan nam": "quan 5", "quan sau": "quan 6", "quan bay": "quan 7", "quan tam": "quan 8",
    "quan chin": "quan 9", "quan muoi mot": "quan 11", "quan muoi hai": "quan 12", "quan muoi": "quan 10",
}  # fmt: skip

# Quận 2 and Quận 9 became part of Thủ Đức in 2021; people still say them
_MERGED = {"quan 2": "thanh pho thu duc", "quan 9": "thanh pho thu duc"}
_PLACE = re.compile(r"\b(?:phuong|p|xa|o|quan|huyen|khu pho|kp|ap|nha)\b")
_DISTRICT_WORDS = ("quan ", "q ", "huyen ", "h ", "thanh pho ", "tp ", "thi xa ", "tx ")
_AREAS = {"binh duong": "Bình Dương", "ba ria vung tau": "Bà Rịa–Vũng Tàu", "brvt": "Bà Rịa–Vũng Tàu"}


class Wards:
    """The units, ready to be asked."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = tuple(units)
        self._by_name: dict[str, list[Unit]] = {}
        self._by_district: dict[str, list[Unit]] = {}
        for unit in self._units:
            self._by_name.setdefault(fold(unit.name), []).append(unit)
            for old in unit.former:
                self._by_district.setdefault(fold(old), []).append(unit)
        self._bare_districts = {
            name.removeprefix(word): units
            for name, units in self._by_district.items()
            for word in _DISTRICT_WORDS
            if name.startswith(word) and not name.removeprefix(word).isdecimal()
        }
        self._longest = max((len(name.split()) for name in self._by_name), default=0)

    def find(self, text: str) -> tuple[Unit, ...]:
        """The units a text may mean, one where it is clear; none where it names no place of the city."""
        words = _spelled_out(fold(text[:400]))
        district = self._district(words)
        rest = _OLD_WARD.sub(" ", _DISTRICT.sub(" ", words))
        named = self._named(rest, normal(text[:400]).lower(), district)
        if named and not district:
            district = self._beside(rest, named)
        if named and district:
            return tuple(unit for unit in named if unit in district) or tuple(district)
        if named or district:
            return tuple(named or district)
        return self._alike(rest)

    def _district(self, words: str) -> list[Unit]:
        """The units of an old district, where one is named as such."""
        for number in _DISTRICT.findall(words):
            name = f"quan {int(number)}"
            if units := self._by_district.get(_MERGED.get(name, name)):
                return units
        padded = f" {words} "
        for name, units in self._bare_districts.items():
            if any(f" {word}{name} " in padded for word in _DISTRICT_WORDS):
                return units
        return []

    def _beside(self, words: str, named: Sequence[Unit]) -> list[Unit]:
        """The units of an old district that stands beside a name: "An Phú, Thủ Đức"."""
        beside = f" {words} "
        for unit in named:
            beside = beside.replace(f" {fold(unit.name)} ", " ")
        others = (units for name, units in self._bare_districts.items() if f" {name} " in beside)
        return next((units for units in others if not any(unit in units for unit in named) or len(named) > 1), [])

    def _named(self, words: str, written: str, district: Sequence[Unit]) -> list[Unit]:
        """The units whose names stand in the text, the longest name first."""
        tokens = words.split()
        for length in range(self._longest, 0, -1):
            for start in range(len(tokens) - length + 1):
                name = " ".join(tokens[start : start + length])
                kind = _kind_before(tokens, start)
                if kind is None and not district and (units := self._reused(name)):
                    return units
                units = [unit for unit in self._by_name.get(name, ()) if kind in (None, unit.kind)]
                if units and (length > 1 or kind):
                    return _as_written(units, written)
        return []

    def _reused(self, name: str) -> list[Unit]:
        """All a bare name may mean that used to be a whole district, city or province."""
        if name in _AREAS:
            return [unit for unit in self._units if unit.area == _AREAS[name]]
        return self._bare_districts.get(name, [])

    def _alike(self, words: str) -> tuple[Unit, ...]:
        """The units whose names are a slip away from words of the text that stand where a name would."""
        # without a word such as "phường" before it, only a whole message is taken for a misspelt name
        tokens = [token for token in words.split() if token not in _KINDS]
        if len(tokens) > 3 and not _PLACE.search(words):
            return ()
        best: dict[str, float] = {}
        for length in (3, 2):
            for start in range(len(tokens) - length + 1):
                part = " ".join(tokens[start : start + length])
                for name in self._by_name:
                    score = fuzz.ratio(part, name)
                    if score >= ALIKE and name[0] == part[0]:
                        best[name] = max(score, best.get(name, 0))
        top = max(best.values(), default=0)
        return tuple(unit for name, score in best.items() if score == top for unit in self._by_name[name])


def _spelled_out(words: str) -> str:
    for spelled, number in _SPELLED.items():
        words = re.sub(rf"\b{spelled}\b", number, words)
    return words


def _kind_before(tokens: Sequence[str], start: int) -> str | None:
    if start >= 2 and " ".join(tokens[start - 2 : start]) == "dac khu":
        return "đặc khu"
    return _KINDS.get(tokens[start - 1]) if start else None


def _as_written(units: list[Unit], written: str) -> list[Unit]:
    """Of names alike without marks, the one whose marks were typed: "Thạnh An" is not "Thanh An"."""
    exact = [unit for unit in units if unit.name.lower() in written]
    return exact if exact and not written.isascii() else units
