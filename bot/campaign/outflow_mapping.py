"""Reads which tables and columns of the campaign's own database stand for what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.reading import Problems, Section, read_yaml

COMPLETION_KEY = ("person", "task")
COUNT_KEY = ("week", "ward", "task", "kind", "code")

_COMPLETION = (*COMPLETION_KEY, "ward", "evidence", "day")
_COUNT = (*COUNT_KEY, "people")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,62}")


class OutflowError(Exception):
    """Nothing can flow out now; the message says why and what an operator can do. Nothing is lost meanwhile."""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A table over there: ``columns`` are our names -> its columns; ``key`` are those of ours that name a row."""

    schema: str | None
    table: str
    columns: Mapping[str, str]
    key: tuple[str, ...]

    @property
    def name(self) -> str:
        return f"{self.schema}.{self.table}" if self.schema else self.table


@dataclass(frozen=True, slots=True)
class OutflowMapping:
    """Both tables; where one is None, nothing of its kind flows."""

    completions: TableMapping | None
    counts: TableMapping | None


def read_mapping(path: Path) -> OutflowMapping:
    """The mapping of a file. Raises ``OutflowError`` with every problem of it, by line."""
    problems = Problems()
    section = read_yaml(path, path.parent, problems)
    completions = counts = None
    if section is not None:
        section.allow(("completions", "counts"))
        completions = _table(section.section("completions"), _COMPLETION, COMPLETION_KEY, COMPLETION_KEY)
        counts = _table(section.section("counts"), _COUNT, COUNT_KEY, _COUNT)
        if not problems.found and completions is None and counts is None:
            section.complain('cần "completions" hoặc "counts".')
    if problems.found:
        raise OutflowError("\n".join(str(problem) for problem in sorted(problems.found)))
    return OutflowMapping(completions, counts)


def _table(
    section: Section | None, known: tuple[str, ...], key: tuple[str, ...], needed: tuple[str, ...]
) -> TableMapping | None:
    if section is None:
        return None
    section.allow(("table", "columns"))
    schema, _, table = section.text("table").rpartition(".")
    if not all(_NAME.fullmatch(part) for part in (table, schema or "x")):
        section.complain('"table" phải là tên bảng, ví dụ "hoan_thanh" hay "luoc_do.hoan_thanh".')
    columns = section.section("columns")
    if columns is None:
        section.complain('thiếu "columns".')
        return None
    columns.allow(known)
    names = {name: columns.text(name) for name in columns.keys}
    for name, column in names.items():
        if not _NAME.fullmatch(column):
            columns.complain(f'"{name}" phải là tên một cột.', columns.line_of(name))
    for name in needed:
        if name not in names:
            columns.complain(f'thiếu cột "{name}".')
    if len(set(names.values())) < len(names):
        columns.complain("hai dòng cùng trỏ tới một cột.")
    return TableMapping(schema or None, table, names, key)
