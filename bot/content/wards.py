"""Reads ``knowledge/wards.csv``: the city's 168 units since July 2025 and the old ones they came from."""

import csv
from dataclasses import dataclass
from pathlib import Path

from bot.content.reading import Problems

COLUMNS = ("code", "type", "name", "former_area", "former_units")
TYPES = ("phường", "xã", "đặc khu")
FILE = "knowledge/wards.csv"


@dataclass(frozen=True, slots=True)
class WardRow:
    """One unit. ``code`` is that of the National Statistics Office; ``former_units`` gave it territory."""

    code: str
    type: str
    name: str
    former_area: str
    former_units: tuple[str, ...]


def load_wards(root: Path, problems: Problems) -> tuple[WardRow, ...]:
    """Every unit, in the order of the file; what is wrong with a row is noted and the row left out."""
    try:
        with (root / FILE).open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            if tuple(reader.fieldnames or ()) != COLUMNS:
                problems.add(FILE, 1, f"dòng đầu phải là: {','.join(COLUMNS)}.")
                return ()
            rows = [_row(number, each, problems) for number, each in enumerate(reader, 2)]
    except OSError as error:
        problems.add(FILE, 1, f"không đọc được tệp: {error.strerror}.")
        return ()
    wards = tuple(row for row in rows if row)
    for code in {row.code for row in wards if [each.code for each in wards].count(row.code) > 1}:
        problems.add(FILE, 1, f"mã {code} bị lặp lại.")
    return wards


def _row(number: int, row: dict[str, str], problems: Problems) -> WardRow | None:
    if row["type"] not in TYPES:
        problems.add(FILE, number, f'loại "{row["type"]}" không có; chỉ có {", ".join(TYPES)}.')
        return None
    if not (len(row["code"]) == 5 and row["code"].isdecimal() and row["name"]):
        problems.add(FILE, number, "cần mã năm chữ số và tên.")
        return None
    former = tuple(unit.strip() for unit in row["former_units"].split(";") if unit.strip())
    return WardRow(row["code"], row["type"], row["name"], row["former_area"], former)
