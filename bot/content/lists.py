"""The reviewed lists: phone numbers and hosts the bot may name, each with its source and check date (T44)."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from bot.content.reading import Problems, Section, read_yaml

# an entry nobody looked at for longer is not to be published (T44)
FRESH = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Entry:
    """A number (digits only) or a host (lower case)."""

    value: str
    file: str
    line: int
    checked: dt.date

    def is_stale(self, today: dt.date) -> bool:
        return today - self.checked > FRESH


@dataclass(frozen=True, slots=True)
class ReviewedLists:
    """What may be named, by value."""

    numbers: dict[str, Entry]
    hosts: dict[str, Entry]


def load_lists(root: Path, problems: Problems) -> ReviewedLists:
    numbers = _entries(root, "hotlines.yml", "numbers", "number", problems)
    hosts = _entries(root, "hosts.yml", "hosts", "host", problems)
    return ReviewedLists({digits(each.value): each for each in numbers}, {each.value.lower(): each for each in hosts})


def digits(number: str) -> str:
    """
    >>> digits("1900 0368"), digits("1900.0368")
    ('19000368', '19000368')
    """
    return "".join(char for char in number if char.isdecimal())


def _entries(root: Path, file: str, words: str, word: str, problems: Problems) -> list[Entry]:
    section = read_yaml(root / "knowledge" / file, root, problems)
    if section is None:
        return []
    section.allow(("note", words))
    entries = (_entry(each, word) for each in section.sections(words))
    return [entry for entry in entries if entry]


def _entry(section: Section, word: str) -> Entry | None:
    section.allow((word, "who", "source", "confidence", "checked", "owner", "note"))
    value = section.text(word)
    for needed in (word, "who", "source", "checked", "owner"):
        if not section.text(needed):
            section.complain(f'mục "{value}" thiếu "{needed}".')
            return None
    if section.text("confidence") not in ("H", "M"):
        section.complain(f'mục "{value}" chưa đủ chắc (confidence phải là H hoặc M) nên không được nói với người dân.')
        return None
    try:
        checked = dt.date.fromisoformat(section.text("checked"))
    except ValueError:
        section.complain(f'mục "{value}": ngày "{section.text("checked")}" phải viết dạng 2026-11-01.')
        return None
    return Entry(value, section.file, section.line, checked)
