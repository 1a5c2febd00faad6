"""The file an office sends up: one whole week, small numbers hidden, signed so that nobody can change it on the way."""

import base64
import csv
import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import openpyxl
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from sqlalchemy import Connection, Engine, select

from bot.campaign.flags import RULES, Flag, flags
from bot.campaign.hiding import LEAST, Shown, hide_small
from bot.campaign.signing import is_signed, public_text
from bot.core.effects import TASKS
from bot.store.database import reading
from bot.store.evidence import EVIDENCE
from bot.store.schema import tally
from bot.store.schema import ward as wards

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"

HEADING = ("tuan", "ma_phuong", "ten", "viec", "bat_dau", "hoan_thanh", *(f"theo_{name}" for name in EVIDENCE))
FLAG_HEADING = ("quy_tac", "ma_phuong", "viec", "ngay", "so_nguoi")

# what a spreadsheet would take for a command (T69)
_COMMANDS = ("=", "+", "-", "@", "\t", "\r", "\0")

# in place of a hidden number
_HIDDEN = f"<{LEAST}"


class ReportError(Exception):
    """The weekly file cannot be made or believed; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Week:
    """A whole week, Monday to Sunday."""

    name: str
    first: dt.date
    last: dt.date


def whole_week(name: str, *, today: dt.date) -> Week:
    """A week that has ended, by its name ("2026-W47"). Raises ``ReportError``."""
    found = re.fullmatch(r"(\d{4})-W(\d{2})", name)
    try:
        first = dt.date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
    except ValueError:
        first = None
    if first is None:
        raise ReportError(f'không có tuần "{name[:20]}". Viết như 2026-W47.')
    last = first + dt.timedelta(days=6)
    if last >= today:
        raise ReportError(f"tuần {name} còn chưa hết ({last:%d/%m/%Y}); chỉ xuất tuần đã trọn.")
    return Week(name, first, last)


def weekly_files(
    engine: Engine, week: Week, *, key: Ed25519PrivateKey, content_version: str, made_at: dt.datetime
) -> dict[str, bytes]:
    """The files of a week by their names, the manifest and its signature among them. Raises ``StoreError``."""
    with reading(engine) as connection:
        rows = list(_rows(connection, week))
        strange = flags(connection, week.first, week.last)
    files = {
        f"tuan-{week.name}.csv": _csv(HEADING, rows),
        f"tuan-{week.name}-luu-y.csv": _csv(FLAG_HEADING, [_flag_row(flag) for flag in strange]),
        f"tuan-{week.name}.xlsx": _xlsx(rows, strange),
    }
    manifest = {
        "week": week.name,
        "first_day": week.first.isoformat(),
        "last_day": week.last.isoformat(),
        "made_at": made_at.isoformat(timespec="seconds"),
        "content_version": content_version,
        "rows": len(rows),
        "flags": len(strange),
        "hidden_below": LEAST,
        "rules": [asdict(rule) for rule in RULES],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "public_key": public_text(key),
    }
    described = json.dumps(manifest, ensure_ascii=False, indent=2).encode()
    return files | {MANIFEST: described, SIGNATURE: _signature(key, described)}


def write_weekly(
    engine: Engine, week: Week, folder: Path, *, key: Ed25519PrivateKey, content_version: str, made_at: dt.datetime
) -> list[Path]:
    """The files of a week, in a folder. Raises ``StoreError`` and ``ReportError``."""
    files = weekly_files(engine, week, key=key, content_version=content_version, made_at=made_at)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return [_written(folder / name, content) for name, content in files.items()]
    except OSError as error:
        raise ReportError(f"không ghi được vào {folder}: {error.strerror}.") from error


def zipped(files: Mapping[str, bytes]) -> bytes:
    """One file that holds them all, for a browser to take home."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def check_weekly(folder: Path, *, public_key: str) -> list[str]:
    """Everything that keeps the files of a folder from being believed; nothing where they are as they were signed."""
    try:
        described, signature = (folder / MANIFEST).read_bytes(), (folder / SIGNATURE).read_bytes()
    except OSError as error:
        return [f"thiếu {error.filename or folder}: không có gì để tin."]
    if not is_signed(described, signature, public_key):
        return [f"{MANIFEST} không do khoá này ký, hoặc đã bị sửa."]
    named: dict[str, str] = json.loads(described)["files"]
    wrong = [text for name, digest in named.items() if (text := _wrong(folder / name, digest))]
    strangers = sorted(path.name for path in folder.iterdir() if path.name not in {*named, MANIFEST, SIGNATURE})
    return wrong + [f"{name} không có trong {MANIFEST}; tệp này không ai ký." for name in strangers]


def _wrong(path: Path, digest: str) -> str:
    try:
        content = path.read_bytes()
    except OSError:
        return f"thiếu {path.name}."
    return "" if hashlib.sha256(content).hexdigest() == digest else f"{path.name} đã bị sửa sau khi ký."


def _signature(key: Ed25519PrivateKey, content: bytes) -> bytes:
    return base64.b64encode(key.sign(content))


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


# ---- rows ----

_Row = Sequence[str | int]


def _rows(connection: Connection, week: Week) -> Iterator[_Row]:
    names = {row.code: f"{row.kind.capitalize()} {row.name}" for row in connection.execute(select(wards))}
    names = dict(sorted(names.items())) | {"": "Chưa rõ phường"}
    query = select(tally.c.ward, tally.c.task, tally.c.kind, tally.c.code, tally.c.people).where(
        tally.c.week == week.name, tally.c.kind.in_(("completed", "started"))
    )
    counts = {(row.ward, row.task, row.kind, row.code): row.people for row in connection.execute(query)}
    for task in TASKS:
        done = hide_small([[counts.get((code, task, "completed", each), 0) for each in EVIDENCE] for code in names])
        began = hide_small([[counts.get((code, task, "started", ""), 0)] for code in names])
        for at, (code, name) in enumerate(names.items()):
            yield (week.name, code, name, task, *map(_told, (began.rows[at], done.rows[at], *done.cells[at])))
        yield (week.name, "", "Toàn thành phố", task, *map(_told, (began.total, done.total, *done.columns)))


def _told(number: Shown) -> str | int:
    return _HIDDEN if number is None else number


def _flag_row(flag: Flag) -> _Row:
    return (flag.rule, flag.ward, flag.task, flag.day, _told(flag.people if flag.people >= LEAST else None))


# ---- files ----


def harmless(cell: str | int) -> str | int:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("Phường Bến Thành"), harmless(-3)
    ("'=1+1", 'Phường Bến Thành', -3)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_COMMANDS) else cell


def _csv(heading: Sequence[str], rows: Sequence[_Row]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(heading)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    # with a mark, or Excel would not know that it is UTF-8
    return out.getvalue().encode("utf-8-sig")


def _xlsx(rows: Sequence[_Row], strange: Sequence[Flag]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for title, heading, each in (
        ("Tuần", HEADING, rows),
        ("Lưu ý", FLAG_HEADING, [_flag_row(flag) for flag in strange]),
    ):
        sheet: Any = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        sheet.append([_bold(sheet, name) for name in heading])
        for row in each:
            sheet.append([harmless(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _bold(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=text)
    cell.font = Font(bold=True)
    return cell
