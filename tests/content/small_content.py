"""The small valid content of the tests, and copies of it that a test may spoil."""

import datetime as dt
import shutil
from pathlib import Path

from bot.content.checks import Checked, check
from bot.content.library import Library, load_library

SMALL = Path(__file__).parent / "small"
PROJECT = Path(__file__).parents[2]

# two weeks after the small content was looked through
TODAY = dt.date(2026, 11, 15)


def copy_of_small(folder: Path) -> Path:
    return shutil.copytree(SMALL, folder / "small")


def spoil(root: Path, file: str, old: str, new: str) -> None:
    """Put other words into a file; they must stand there exactly once."""
    path = root / file
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def checked(root: Path, *, today: dt.date = TODAY) -> Checked:
    return check(load_library(root), today=today)


def problems(root: Path, *, today: dt.date = TODAY) -> list[str]:
    return [str(problem) for problem in checked(root, today=today).problems]


def freshest_day(library: Library) -> dt.date:
    """The newest day an entry of the reviewed lists was checked."""
    return max(entry.checked for entry in (*library.lists.numbers.values(), *library.lists.hosts.values()))
