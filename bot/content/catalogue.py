"""Reads ``locales/<language>/LC_MESSAGES/gocua.po``: the texts of one language by context and Vietnamese text.

The file is read as it stands, in about ten milliseconds: no compiled copy can be missing or older than it. What writes
it is Babel (``bot.translating``), and any editor of such files may.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

NAME = "gocua.po"

_LINE = re.compile(r'(?:(msgctxt|msgid|msgstr) )?"([^"\\]*(?:\\.[^"\\]*)*)"')
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


class CatalogueError(Exception):
    """A catalogue that cannot be used; the message says where and why, in Vietnamese."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One text: where it stands (``dialog.step``), its Vietnamese, its translation. ``fuzzy``: somebody must look."""

    line: int
    context: str
    source: str
    text: str
    fuzzy: bool = False


@dataclass(frozen=True)
class Catalogue:
    """Every text of one language. ``complete``: the language promises that none is missing."""

    language: str
    file: str
    complete: bool
    entries: tuple[Entry, ...] = field(repr=False)

    @cached_property
    def texts(self) -> Mapping[tuple[str, str], str]:
        """The translations that may be shown, by context and Vietnamese text."""
        return {(each.context, each.source): each.text for each in self.entries if each.text and not each.fuzzy}

    def translate(self, context: str, text: str) -> str:
        """The text in this language, in Vietnamese where it is missing."""
        return self.texts.get((context, text), text)


def read_catalogue(path: Path, root: Path) -> Catalogue:
    """The catalogue of a file below ``root``. Raises ``CatalogueError``."""
    file = path.relative_to(root).as_posix()
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"{file}:1: không đọc được bản dịch ({type(error).__name__}).") from error
    entries = list(_entries(text, file))
    if not entries or entries[0].source:
        raise CatalogueError(f'{file}:1: thiếu phần đầu của bản dịch (msgid "").')
    header = dict(line.split(": ", 1) for line in entries[0].text.splitlines() if ": " in line)
    language = path.parts[-3]
    return Catalogue(language, file, header.get("X-Complete") == "yes", tuple(entries[1:]))


def _entries(text: str, file: str) -> Iterator[Entry]:
    parts: dict[str, str] = {}
    start, fuzzy, word = 0, False, ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            if "msgstr" in parts:
                yield _entry(parts, start, fuzzy=fuzzy)
                parts, fuzzy = {}, False
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
            word = ""
            continue
        found = _LINE.fullmatch(line)
        if found is None:
            raise CatalogueError(f"{file}:{number}: dòng này không đúng dạng của bản dịch (.po).")
        if found[1] and "msgstr" in parts:
            yield _entry(parts, start, fuzzy=fuzzy)
            parts, fuzzy = {}, False
        word = found[1] or word
        start = number if not parts else start
        if not word or (found[1] and word in parts):
            raise CatalogueError(f"{file}:{number}: dòng này nằm sai chỗ trong bản dịch (.po).")
        parts[word] = parts.get(word, "") + _unescaped(found[2])
    if parts:
        yield _entry(parts, start, fuzzy=fuzzy)


def _entry(parts: Mapping[str, str], line: int, *, fuzzy: bool) -> Entry:
    return Entry(line, parts.get("msgctxt", ""), parts.get("msgid", ""), parts.get("msgstr", ""), fuzzy)


def _unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[0]), text)
