"""The inventory of everything that is stored (T1), as the privacy officer keeps it in ``privacy/inventory.yml``."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.content.reading import Problems, Section, read_yaml

# what a column may hold of people, in the words of the law
CLASSES = ("none", "basic", "sensitive")

_WORDS = ("what", "purpose", "ground", "kept", "readers")


@dataclass(frozen=True, slots=True)
class Stored:
    """A table: what it is, what for, on what ground, how long, who reads it, and the class of each of its columns.

    ``kept`` names the terms it falls under, or says in words until when, or whose rows it goes with.
    """

    table: str
    what: str
    purpose: str
    ground: str
    kept: str
    readers: str
    columns: dict[str, str]


def load_inventory(root: Path, problems: Problems) -> tuple[Stored, ...]:
    """The tables in the order of the file."""
    section = read_yaml(root / "privacy" / "inventory.yml", root, problems)
    tables = section.section("tables") if section else None
    return tuple(_stored(tables)) if tables else ()


def _stored(tables: Section) -> Iterator[Stored]:
    for name in tables.keys:
        each = tables.section(name, f'bảng "{name}"')
        if each is None:
            continue
        each.allow((*_WORDS, "columns"))
        columns = each.section("columns")
        classes = {column: columns.text(column) for column in columns.keys} if columns else {}
        for column, kind in classes.items():
            if kind not in CLASSES:
                each.complain(f'cột "{column}" phải thuộc một loại: {", ".join(CLASSES)}.')
        for word in _WORDS:
            if not each.text(word):
                each.complain(f'thiếu "{word}".')
        yield Stored(
            table=name,
            what=each.text("what"),
            purpose=each.text("purpose"),
            ground=each.text("ground"),
            kept=each.text("kept"),
            readers=each.text("readers"),
            columns=classes,
        )
