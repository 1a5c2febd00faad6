"""Reads ``dialogs/plain_words.yml``: words people use, by what they mean."""

from dataclasses import dataclass
from pathlib import Path

from bot.content.reading import Problems, read_yaml


@dataclass(frozen=True, slots=True)
class WordList:
    """``whole``: the message is just this. ``within``: it stands anywhere in the message."""

    whole: tuple[str, ...]
    within: tuple[str, ...]


def load_words(root: Path, problems: Problems) -> dict[str, WordList]:
    """Intent -> its words, in the order of the file."""
    section = read_yaml(root / "dialogs" / "plain_words.yml", root, problems)
    words = {}
    for intent in section.keys if section else []:
        each = section.section(intent, f'nghĩa "{intent}"') if section else None
        if each is not None:
            each.allow(("whole", "within"))
            whole, within = each.texts("whole"), each.texts("within")
            words[intent] = WordList(tuple(text.value for text in whole), tuple(text.value for text in within))
    return words
