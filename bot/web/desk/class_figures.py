"""What the office sees of a class: attendance and results with small numbers hidden, on a page, as CSV and on paper."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.campaign.hiding import LEAST, Shown, hide_small
from bot.classes.results import Result
from bot.classes.schedule import OpenClass
from bot.core.effects import TASKS
from bot.paper.papers import ClassReport, ReportRow
from bot.web.desk.titles import Titles

# what a spreadsheet would take for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """Numbers outside the hall: those under five hidden, and what would tell them (T9, T26)."""

    seats: Shown
    without_phone: Shown
    confirmed: tuple[tuple[str, Shown], ...]
    finished: tuple[tuple[str, Shown], ...]
    reached: tuple[tuple[str, Shown], ...]


def class_figures(
    found: OpenClass, result: Result, titles: Titles, words: Mapping[str, str], language: str
) -> ClassFigures:
    """``confirmed`` and ``finished`` for each task of the lesson, ``reached`` for each step somebody stood at."""
    tasks = [task for task in TASKS if task in {**result.finished, **result.confirmed}]
    stood: Counter[str] = Counter()
    for code in titles.in_order(result.reached):
        stood[titles.place(code, language) if code else words["class_elsewhere"]] += result.reached[code]
    # who gave their seat up is a cell, too: the whole would tell
    stood[words["class_left"]] = found.seats - sum(stood.values())
    told = {name: people for name, people in stood.items() if people > 0}
    table = hide_small([list(told.values())])
    return ClassFigures(
        seats=table.total,
        without_phone=_shown(found.without_phone),
        confirmed=tuple((words[f"task_{task}"], _shown(result.confirmed.get(task, 0))) for task in tasks),
        finished=tuple((words[f"task_{task}"], _shown(result.finished.get(task, 0))) for task in tasks),
        reached=tuple(zip(told, table.cells[0], strict=True)),
    )


def class_report(
    title: str, facts: Mapping[str, str], figures: ClassFigures, words: Mapping[str, str], language: str
) -> ClassReport:
    """The same on paper; ``facts`` are what the page tells above the numbers."""
    sections = tuple(
        (heading, tuple(ReportRow(what, _told(number, words)) for what, number in rows))
        for heading, rows in _sections(figures, words)
    )
    notes = (words["hidden_text"], words["class_counted_text"])
    return ClassReport(title, tuple(facts.items()), sections, notes, language)


def class_csv(facts: Mapping[str, str], figures: ClassFigures, words: Mapping[str, str]) -> bytes:
    """Three columns: of what, what, how many; with the mark by which Excel knows UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for name, value in facts.items():
        writer.writerow([words["class"], name, _plain(value)])
    for heading, rows in _sections(figures, words):
        for what, number in rows:
            writer.writerow([heading, what, _told(number, words)])
    return out.getvalue().encode("utf-8-sig")


def _sections(figures: ClassFigures, words: Mapping[str, str]) -> Iterator[tuple[str, list[tuple[str, Shown]]]]:
    came = [(words["class_seats"], figures.seats), (words["class_without_phone"], figures.without_phone)]
    yield words["class_attendance"], came
    for heading, rows in (
        ("confirmed", figures.confirmed),
        ("finished", figures.finished),
        ("reached", figures.reached),
    ):
        if rows:
            yield words[f"class_{heading}"], list(rows)


def _shown(people: int) -> Shown:
    return people if people >= LEAST else None


def _told(number: Shown, words: Mapping[str, str]) -> str:
    return words["hidden"] if number is None else str(number)


def _plain(value: str) -> str:
    """
    >>> _plain("=1+1"), _plain("nhà văn hoá")
    ("'=1+1", 'nhà văn hoá')
    """
    return f"'{value}" if value.startswith(_FORMULA) else value
