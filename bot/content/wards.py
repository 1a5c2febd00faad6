"""Reads ``knowledge/wards.csv``, the city's 168 units since July 2025, and ``old_wards.csv``, what was before."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.content.reading import Problems
from bot.core.dialogs import ALL_WARDS, slug_of
from bot.core.text import fold

COLUMNS = ("code", "type", "name", "former_area", "former_units")
OLD_COLUMNS = ("name", "former_units", "units")
TYPES = ("phường", "xã", "đặc khu")
OLD_TYPES = ("Phường ", "Xã ", "Thị trấn ")
FILE = "knowledge/wards.csv"
OLD_FILE = "knowledge/old_wards.csv"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class WardRow:
    """One unit. ``code`` is that of the National Statistics Office; ``former_units`` gave it territory."""

    code: str
    type: str
    name: str
    former_area: str
    former_units: tuple[str, ...]

    @property
    def full_name(self) -> str:
        return f"{self.type.capitalize()} {self.name}"


@dataclass(frozen=True, slots=True)
class OldWardRow:
    """A ward, commune or town of before, by full names: its districts, and the units its land is in, the most first."""

    name: str
    former_units: tuple[str, ...]
    units: tuple[str, ...]


def load_wards(root: Path, problems: Problems) -> tuple[WardRow, ...]:
    """Every unit, in the order of the file; what is wrong with a row is noted and the row left out."""
    wards = _rows(root, FILE, COLUMNS, _row, problems)
    for code in {row.code for row in wards if [each.code for each in wards].count(row.code) > 1}:
        problems.add(FILE, 1, f"mã {code} bị lặp lại.")
    return wards


def ward_lists(wards: Sequence[WardRow]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Lists of buttons that lead to every unit: the three areas of before, their districts, and the units of each."""
    lists: dict[str, dict[str, str]] = {ALL_WARDS: {}}
    for row in wards:
        area = slug_of(row.former_area)
        lists[ALL_WARDS][f"{row.former_area} (cũ)"] = area
        for district in row.former_units:
            lists.setdefault(area, {})[f"{district} (cũ)"] = slug_of(district)
            lists.setdefault(slug_of(district), {})[row.full_name] = row.code
    return {name: tuple(sorted(entries.items(), key=_in_order)) for name, entries in lists.items()}


def _in_order(entry: tuple[str, str]) -> tuple[str, int, str]:
    """As people look names up: "Quận 3" before "Quận 10", marks aside.

    >>> sorted([("Quận 10", ""), ("Quận 3", ""), ("Huyện Củ Chi", "")], key=_in_order)[1]
    ('Quận 3', '')
    """
    words = fold(entry[0]).split()
    number = next((int(word) for word in words if word.isdecimal()), 0)
    return " ".join(word for word in words if not word.isdecimal()), number, entry[0]


def load_old_wards(root: Path, wards: Sequence[WardRow], problems: Problems) -> tuple[OldWardRow, ...]:
    """Every old ward; its districts and units must be those of ``wards``."""
    known = {row.full_name for row in wards}
    districts = {former for row in wards for former in row.former_units}

    def read(number: int, row: dict[str, str], problems: Problems) -> OldWardRow | None:
        read_row = OldWardRow(row["name"], _names(row["former_units"]), _names(row["units"]))
        if not row["name"].startswith(OLD_TYPES):
            problems.add(OLD_FILE, number, f'tên "{row["name"]}" phải bắt đầu bằng Phường, Xã hoặc Thị trấn.')
            return None
        if not read_row.former_units or read_row.former_units[0] not in districts:
            problems.add(OLD_FILE, number, f'"{row["former_units"]}" không bắt đầu bằng quận, huyện nào trong {FILE}.')
            return None
        if unknown := [unit for unit in read_row.units or ("",) if unit not in known]:
            problems.add(OLD_FILE, number, f'không có phường, xã "{unknown[0]}" trong {FILE}.')
            return None
        return read_row

    return _rows(root, OLD_FILE, OLD_COLUMNS, read, problems)


def _rows(
    root: Path,
    file: str,
    columns: tuple[str, ...],
    read: Callable[[int, dict[str, str], Problems], Row | None],
    problems: Problems,
) -> tuple[Row, ...]:
    try:
        with (root / file).open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines, restval="")
            if tuple(reader.fieldnames or ()) != columns:
                problems.add(file, 1, f"dòng đầu phải là: {','.join(columns)}.")
                return ()
            rows = [read(number, each, problems) for number, each in enumerate(reader, 2)]
    except OSError as error:
        problems.add(file, 1, f"không đọc được tệp: {error.strerror}.")
        return ()
    except UnicodeDecodeError:
        problems.add(file, 1, "tệp không phải UTF-8. Lưu lại bằng UTF-8 giúp nhé.")
        return ()
    return tuple(row for row in rows if row)


def _row(number: int, row: dict[str, str], problems: Problems) -> WardRow | None:
    if row["type"] not in TYPES:
        problems.add(FILE, number, f'loại "{row["type"]}" không có; chỉ có {", ".join(TYPES)}.')
        return None
    if not (len(row["code"]) == 5 and row["code"].isdecimal() and row["name"]):
        problems.add(FILE, number, "cần mã năm chữ số và tên.")
        return None
    return WardRow(row["code"], row["type"], row["name"], row["former_area"], _names(row["former_units"]))


def _names(field: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in field.split(";") if name.strip())
