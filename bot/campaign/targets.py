"""Reads a file of targets (CSV or XLSX), says all that is wrong with it row by row, and takes it whole or not at all.

Columns, in any order: ``phase``, ``ward`` (its code), ``task``, ``target`` and ``eligible``, or their Vietnamese names;
where a row also has a ``team``, and perhaps its ``neighbourhood``, the target is that team's, else the ward's.
"""

import csv
import io
import unicodedata
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException
from sqlalchemy import Connection, Engine, Table, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from bot.core.effects import TASKS
from bot.core.text import fold
from bot.store.database import reading, store_error
from bot.store.schema import phase, target, team, team_target, ward

# what a heading may say -> the column it stands for
_HEADINGS = {
    "phase": "phase", "giai doan": "phase",
    "ward": "ward", "ma phuong": "ward", "ma": "ward", "phuong": "ward",
    "task": "task", "viec": "task",
    "target": "target", "goal": "target", "chi tieu": "target",
    "team": "team", "to": "team", "to cong nghe so": "team", "to cong nghe so cong dong": "team",
    "neighbourhood": "neighbourhood", "khu pho": "neighbourhood", "ap": "neighbourhood",
    "khu pho, ap": "neighbourhood", "khu pho/ap": "neighbourhood",
    "eligible": "eligible", "doi tuong": "eligible", "so nguoi": "eligible", "mau so": "eligible",
}  # fmt: skip
_COLUMNS = ("phase", "ward", "task", "target", "eligible")

# columns a file may do without, and how long what stands there may be
_NAMES = {"neighbourhood": 80, "team": 120}

# a file of all wards, tasks and phases has about 1,500 rows
_MOST_ROWS = 20_000
_MOST_BYTES = 10_000_000
_MOST_PEOPLE = 10_000_000

# what a text of the old Windows code page for Vietnamese holds beyond ASCII; older ones look like other signs there
_VIETNAMESE = frozenset("àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ–—‘’“”…₫\u00a0")

_ZIP, _MARKS = b"PK\x03\x04", {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True, order=True)
class RowProblem:
    """What is wrong at a row, as the spreadsheet counts rows; row 0: with the file."""

    row: int
    text: str

    def __str__(self) -> str:
        return f"dòng {self.row}: {self.text}" if self.row else self.text


@dataclass(frozen=True, slots=True)
class Target:
    """A ward's, or where ``team`` is not empty that team's."""

    phase: str
    ward: str
    task: str
    goal: int
    eligible: int
    neighbourhood: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class TargetFile:
    """What a file says; ``targets`` may be taken only where there are no problems."""

    targets: tuple[Target, ...]
    problems: tuple[RowProblem, ...]


def import_targets(engine: Engine, path: Path, *, dry_run: bool = False) -> TargetFile:
    """Read a file and, where nothing is wrong with it, take all of it. Raises ``StoreError``."""
    with reading(engine) as connection:
        phases = frozenset(connection.execute(select(phase.c.code)).scalars())
        wards = frozenset(connection.execute(select(ward.c.code)).scalars())
    read = read_targets(path, phases=phases, wards=wards)
    if not read.problems and not dry_run:
        try:
            with engine.begin() as connection:
                _write(connection, read.targets)
        except DBAPIError as error:
            raise store_error(error) from error
    return read


def read_targets(path: Path, *, phases: Collection[str], wards: Collection[str]) -> TargetFile:
    """The targets of a file and every problem with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        return TargetFile((), (RowProblem(0, f"không đọc được tệp: {error.strerror}."),))
    if len(content) > _MOST_BYTES:
        return TargetFile((), (RowProblem(0, f"tệp lớn hơn {_MOST_BYTES // 1_000_000} MB; chia nhỏ ra rồi nạp lại."),))
    try:
        rows = list(_xlsx_rows(content) if content.startswith(_ZIP) else _csv_rows(content))
    except _Unreadable as error:
        return TargetFile((), (RowProblem(0, str(error)),))
    return _Reading(phases, wards).read(rows)


class _Unreadable(Exception):
    """The file as a whole; the message is for whoever made it."""


# ---- rows of texts ----


def _csv_rows(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    head = text[:4096].splitlines()[0] if text.strip() else ""
    delimiter = max(";,\t", key=head.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise _Unreadable("tệp CSV có dấu ngoặc kép mở mà không đóng, hoặc ký tự lạ. Lưu lại từ Excel.") from error


def _decoded(content: bytes) -> str:
    marked = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1258"):
        try:
            text = unicodedata.normalize("NFC", content.decode(encoding))
        except UnicodeDecodeError:
            continue
        if any(unicodedata.category(char) == "Cc" and char not in "\t\r\n" for char in text):
            continue
        if encoding != "cp1258" or all(char in _VIETNAMESE for char in text.lower() if not char.isascii()):
            return text
        raise _Unreadable('tệp dùng bảng mã cũ (TCVN3, VNI...). Đổi sang Unicode rồi lưu bằng "CSV UTF-8".')
    raise _Unreadable('không đoán được bảng mã của tệp. Trong Excel chọn "CSV UTF-8" rồi lưu lại.')


def _xlsx_rows(content: bytes) -> Iterator[list[str]]:
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        yield from ([_text(value) for value in row] for row in sheet.iter_rows(values_only=True))
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError, SyntaxError) as error:
        raise _Unreadable("tệp XLSX hỏng hoặc có mật khẩu. Mở bằng Excel, lưu lại rồi nạp lần nữa.") from error


def _text(value: Any) -> str:
    if value is None:
        return ""
    # Excel keeps 25747 as 25747.0
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


# ---- what they mean ----


class _Reading:
    def __init__(self, phases: Collection[str], wards: Collection[str]) -> None:
        self._known: Mapping[str, Collection[str]] = {"phase": phases, "ward": wards, "task": TASKS}
        self._problems: list[RowProblem] = []
        self._targets: dict[tuple[str, ...], tuple[int, Target]] = {}

    def read(self, rows: Sequence[Sequence[str]]) -> TargetFile:
        columns = self._columns(rows[0] if rows else [])
        if len(rows) > _MOST_ROWS:
            self._complain(0, f"hơn {_MOST_ROWS} dòng; chia nhỏ ra rồi nạp lại.")
        elif columns:
            for number, row in enumerate(rows[1:], 2):
                if any(cell.strip() for cell in row):
                    self._row(number, {name: _cell(row, at) for name, at in columns.items()})
            if not self._targets and not self._problems:
                self._complain(0, "tệp chưa có chỉ tiêu nào.")
        targets = tuple(target for _, target in self._targets.values())
        return TargetFile(targets, tuple(sorted(self._problems)))

    def _complain(self, row: int, text: str) -> None:
        self._problems.append(RowProblem(row, text))

    def _columns(self, heading: Sequence[str]) -> dict[str, int]:
        columns: dict[str, int] = {}
        for at, name in enumerate(heading):
            column = _HEADINGS.get(fold(name.strip().replace("_", " ")))
            if column in columns:
                self._complain(1, f'cột "{name.strip()[:40]}" bị lặp lại.')
            elif column:
                columns[column] = at
        missing = [name for name in _COLUMNS if name not in columns]
        if missing:
            self._complain(1, f"thiếu cột {', '.join(missing)}. Dòng đầu phải có: {', '.join(_COLUMNS)}.")
            return {}
        return columns

    def _row(self, number: int, cells: Mapping[str, str]) -> None:
        formulas = [name for name, cell in cells.items() if cell.startswith("=")]
        for name in formulas:
            self._complain(number, f'cột "{name}" là công thức; dán giá trị vào thay công thức.')
        unknown = [name for name in self._known if name not in formulas and not self._knows(number, name, cells[name])]
        goal, eligible = (
            None if name in formulas else self._people(number, name, cells[name]) for name in _COLUMNS[3:]
        )
        is_named = self._is_named(number, cells)
        if formulas or unknown or goal is None or eligible is None or not is_named:
            return
        if goal > eligible:
            self._complain(number, f"chỉ tiêu {goal} lớn hơn số người {eligible}.")
        phase, ward, task = cells["phase"], cells["ward"], cells["task"]
        names = tuple(cells.get(name, "") for name in _NAMES)
        key = (phase, ward, task, *(fold(name) for name in names))
        if key in self._targets:
            whose = f"phường {ward}" + (f", tổ {names[1]}" if names[1] else "")
            self._complain(number, f"{whose}, việc {task} đã có ở dòng {self._targets[key][0]}.")
            return
        self._targets[key] = (number, Target(phase, ward, task, goal, eligible, *names))

    def _is_named(self, number: int, cells: Mapping[str, str]) -> bool:
        """Whether what a row says of a team can be: a neighbourhood alone has no target."""
        long = [name for name, most in _NAMES.items() if len(cells.get(name, "")) > most]
        for name in long:
            self._complain(number, f'cột "{name}" dài quá {_NAMES[name]} chữ cái.')
        is_alone = bool(cells.get("neighbourhood")) and not cells.get("team")
        if is_alone:
            self._complain(number, 'có "neighbourhood" mà cột "team" để trống; ghi tên tổ, hoặc bỏ trống cả hai.')
        return not long and not is_alone

    def _knows(self, number: int, name: str, value: str) -> bool:
        if not value:
            self._complain(number, f'cột "{name}" để trống.')
        elif value not in self._known[name]:
            what = {"phase": "giai đoạn", "ward": "phường có mã", "task": "việc"}[name]
            self._complain(number, f'không có {what} "{value[:40]}".')
        return value in self._known[name]

    def _people(self, number: int, name: str, value: str) -> int | None:
        if not value:
            self._complain(number, f'cột "{name}" để trống.')
            return None
        digits = value.replace(".", "").replace(" ", "") if _is_grouped(value) else value
        if not (digits.isascii() and digits.isdecimal()):
            self._complain(number, f'cột "{name}" phải là số nguyên không âm, không phải "{value[:40]}".')
            return None
        if int(digits) > _MOST_PEOPLE:
            self._complain(number, f'cột "{name}" lớn hơn số dân của thành phố.')
            return None
        return int(digits)


def _cell(row: Sequence[str], at: int) -> str:
    """Its text, marks composed and spaces single: one name is one team."""
    return " ".join(unicodedata.normalize("NFC", row[at]).split()) if at < len(row) else ""


def _is_grouped(value: str) -> bool:
    """
    >>> [_is_grouped(each) for each in ("1.200", "12 000", "1.2", "2026.11.21")]
    [True, True, False, False]
    """
    groups = value.replace(" ", ".").split(".")
    return len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])


# ---- writing ----


def _write(connection: Connection, targets: Sequence[Target]) -> None:
    rows = [{name: getattr(each, name) for name in Target.__slots__} for each in targets]
    _put(connection, target, [_of(target, row) for row in rows if not row["team"]])
    of_teams = [row for row in rows if row["team"]]
    if of_teams:
        _put(connection, team, [{**_of(team, row), "name": row["team"]} for row in of_teams])
        known = {(row.ward, row.neighbourhood, row.name): row.id for row in connection.execute(select(team))}
        ids = [known[row["ward"], row["neighbourhood"], row["team"]] for row in of_teams]
        rows = [{**_of(team_target, row), "team_id": id} for id, row in zip(ids, of_teams, strict=True)]
        _put(connection, team_target, rows)


def _of(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    """Of a row what the table has a column for."""
    return {name: value for name, value in row.items() if name in table.c}


def _put(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    statement = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name].insert(table)
    new = {name: statement.excluded[name] for name in ("goal", "eligible") if name in table.c}
    if new:
        statement = statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=new)
    else:
        statement = statement.on_conflict_do_nothing()
    connection.execute(statement, rows)
