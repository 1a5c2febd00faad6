"""Reads the training lines: ``dialogs/nlu/*.yml`` in Rasa's format, and the questions of the knowledge articles."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.content.articles import ArticleFile
from bot.content.reading import Problems, Section, read_yaml, suggestion
from bot.core.text import fold

INTENTS = (
    "vneid_muc_2", "tai_khoan_an_sinh", "cong_dan_so", "done", "stuck", "yes", "no", "back", "repeat",
    "not_understand", "pause", "resume", "menu", "greet", "thanks", "goodbye", "human", "help_relative",
    "change_address_form", "change_language", "join_class", "privacy", "delete_data", "is_bot_real", "scam_report",
    "scam_done", "out_of_scope",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class TrainingLine:
    """A line somebody might type, what it means, and where it stands."""

    text: str
    intent: str
    file: str
    line: int


def known_intents(articles: Iterable[str]) -> set[str]:
    """Every intent there may be lines of; ``articles`` are the slugs."""
    return {*INTENTS, *(f"faq/{slug}" for slug in articles)}


def load_training(root: Path, articles: dict[str, ArticleFile], problems: Problems) -> list[TrainingLine]:
    """Every training line; what is wrong with the files is noted."""
    known = known_intents(articles)
    lines: list[TrainingLine] = []
    for path in sorted((root / "dialogs" / "nlu").glob("*.yml")):
        section = read_yaml(path, root, problems)
        if section is not None:
            section.allow(("version", "nlu"))
            for each in section.sections("nlu"):
                lines += _examples(each, known)
    for article in articles.values():
        lines += [TrainingLine(text, f"faq/{article.article.slug}", article.file, 1) for text in article.questions]
    _check_owners(lines, problems)
    return lines


def _examples(section: Section, known: set[str]) -> list[TrainingLine]:
    # synonyms, lookups and regexes are Rasa's and hold no examples of an intent
    if "intent" not in section:
        return []
    section.allow(("intent", "examples"))
    intent = section.text("intent")
    if intent not in known:
        section.complain(f'không có ý định "{intent}".{suggestion(intent, known)}')
        return []
    first = section.value_line_of("examples") + 1
    lines = [
        TrainingLine(text.strip()[2:].strip(), intent, section.file, first + index)
        for index, text in enumerate(section.text("examples").splitlines())
        if text.strip().startswith("- ") and text.strip()[2:].strip()
    ]
    if not lines:
        section.complain(f'ý định "{intent}" chưa có câu nào.')
    return lines


def _check_owners(lines: list[TrainingLine], problems: Problems) -> None:
    owners: dict[str, TrainingLine] = {}
    for line in lines:
        owner = owners.setdefault(fold(line.text), line)
        if owner.intent != line.intent:
            problems.add(
                line.file, line.line, f'câu "{line.text}" đã thuộc ý định "{owner.intent}" ({owner.file}:{owner.line}).'
            )
