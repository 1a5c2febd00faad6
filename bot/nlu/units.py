"""The city's units, the old wards and districts they came from, and every name any of them goes by."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.core.text import fold
from bot.nlu.place_words import AREAS
from bot.nlu.views import tone_last

Key = TypeVar("Key")
Value = TypeVar("Value")

_KINDS = ("phường ", "xã ", "đặc khu ", "thị trấn ", "quận ", "huyện ", "thành phố ")


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


@dataclass(frozen=True, slots=True)
class OldWard:
    """A ward, commune or town of before July 2025: its districts, and the units its land belongs to, the most first."""

    full_name: str
    former: tuple[str, ...]
    units: tuple[Unit, ...]

    @property
    def name(self) -> str:
        return without_kind(self.full_name)

    @property
    def kind(self) -> str:
        return self.full_name.removesuffix(self.name).strip().lower()


@dataclass(frozen=True, slots=True)
class District:
    """An old district or city, or a whole former province (``is_area``)."""

    name: str
    units: tuple[Unit, ...]
    is_area: bool = False


@dataclass(slots=True)
class Name:
    """All that one name may stand for, be it typed without marks. ``ways`` are its words as in ``Words.kept``."""

    spelled: str
    units: list[Unit] = field(default_factory=list)
    olds: list[OldWard] = field(default_factory=list)
    district: District | None = None
    ways: list[list[str]] = field(default_factory=list)

    def note(self, spelled: str) -> None:
        """Notes one way to spell it: with marks, names alike without them differ."""
        way = [tone_last(word) for word in spelled.lower().replace("–", " ").split()]
        if way not in self.ways:
            self.ways.append(way)


def districts_of(units: Iterable[Unit], old_wards: Iterable[OldWard]) -> dict[str, District]:
    """Every old district and province by its folded full name: "quan 3", "thanh pho vung tau", "binh duong"."""
    units = tuple(units)
    found = {}
    for name, each in grouped((old, unit) for unit in units for old in unit.former).items():
        found[fold(name)] = District(name, tuple(each))
    # Quận 2 and Quận 9 had become part of a city before: only the old wards still know them
    earlier = grouped((name, unit) for old in old_wards for name in old.former for unit in old.units)
    for name, each in earlier.items():
        found.setdefault(fold(name), District(name, tuple(dict.fromkeys(each))))
    for name, each in grouped((unit.area, unit) for unit in units if unit.area in AREAS).items():
        found[fold(name)] = District(name, tuple(each), is_area=True)
    return found


def names_of(units: Iterable[Unit], old_wards: Iterable[OldWard], districts: Iterable[District]) -> dict[str, Name]:
    """Every name without its kind, folded. A whole province comes before a district, a district before nothing."""
    names: dict[str, Name] = {}

    def named(spelled: str) -> Name:
        name = names.setdefault(fold(spelled), Name(spelled))
        name.note(spelled)
        return name

    for unit in units:
        named(unit.name).units.append(unit)
    for old in old_wards:
        if not old.name.isdecimal():
            named(old.name).olds.append(old)
    for district in districts:
        bare = without_kind(district.name)
        if not bare.isdecimal():
            name = named(bare)
            name.district = _wider(name.district, district)
    return names


def without_kind(full_name: str) -> str:
    """
    >>> without_kind("Thành phố Thủ Đức"), without_kind("Phường 14"), without_kind("Bình Dương")
    ('Thủ Đức', '14', 'Bình Dương')
    """
    kind = next((kind for kind in _KINDS if full_name.lower().startswith(kind)), "")
    return full_name[len(kind) :]


def grouped(pairs: Iterable[tuple[Key, Value]]) -> dict[Key, list[Value]]:
    """What belongs to each key, in the order it came."""
    groups: dict[Key, list[Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return groups


def _wider(known: District | None, other: District) -> District:
    """Of a province and a city of one name the province; of two districts (Tân Uyên) all their units."""
    if known is None or other.is_area:
        return other
    if known.is_area:
        return known
    return District(known.name, tuple(dict.fromkeys((*known.units, *other.units))))
