"""All content, read once: the only door through which it enters the bot."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from bot.content.articles import load_articles
from bot.content.dialogs import DialogFiles, load_dialogs
from bot.content.lists import ReviewedLists, load_lists
from bot.content.pictures import Picture, load_pictures
from bot.content.reading import Problem, Problems
from bot.content.words import WordList, load_words
from bot.core.dialogs import Book


@dataclass(frozen=True, slots=True)
class Library:
    """What authors wrote, and what is wrong with it."""

    root: Path
    dialogs: DialogFiles
    pictures: dict[str, Picture]
    lists: ReviewedLists
    words: dict[str, WordList]
    problems: tuple[Problem, ...]

    @property
    def book(self) -> Book:
        return self.dialogs.book


class ContentError(Exception):
    """The content cannot be used; the message names every problem, one a line."""


def load_library(root: Path, *, today: dt.date) -> Library:
    """Reads everything below ``root``. Never raises for what an author wrote: see ``Library.problems``."""
    problems = Problems()
    articles = load_articles(root, problems, today=today)
    dialogs = load_dialogs(root, problems, articles)
    pictures = load_pictures(root, problems)
    lists = load_lists(root, problems)
    words = load_words(root, problems)
    return Library(root, dialogs, pictures, lists, words, tuple(sorted(problems.found)))
