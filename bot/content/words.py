"""Reads ``plain_words.yml``, words people use by what they mean, and ``knowledge/teencode.yml``."""

from dataclasses import dataclass
from pathlib import Path

from bot.content.reading import Problems, read_yaml
from bot.core.text import fold

KINDS = ("whole", "vague", "within")


@dataclass(frozen=True, slots=True)
class WordList:
    """``whole``: just this. ``vague``: too, but perhaps only "I hear you". ``within``: somewhere in the message."""

    whole: tuple[str, ...]
    vague: tuple[str, ...]
    within: tuple[str, ...]


def load_words(root: Path, problems: Problems, *, folder: str = "dialogs") -> dict[str, WordList]:
    """Intent -> its words, in the order of the file."""
    section = read_yaml(root / folder / "plain_words.yml", root, problems)
    words = {}
    for intent in section.keys if section else []:
        each = section.section(intent, f'nghĩa "{intent}"') if section else None
        if each is not None:
            each.allow(KINDS)
            words[intent] = WordList(*(tuple(text.value for text in each.texts(kind)) for kind in KINDS))
    return words


def load_teencode(root: Path, problems: Problems) -> dict[str, str]:
    """Short forms people type -> the words they stand for, both folded."""
    section = read_yaml(root / "knowledge" / "teencode.yml", root, problems)
    if section is None:
        return {}
    short_forms = {}
    for short in section.keys:
        if fold(short) != short or " " in short:
            section.complain(f'chữ tắt "{short}" phải viết liền, không dấu, không hoa.', section.line_of(short))
        short_forms[short] = fold(section.text(short))
    return short_forms
