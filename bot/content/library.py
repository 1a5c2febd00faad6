"""All content, read once: the only door through which it enters the bot."""

from dataclasses import dataclass
from pathlib import Path

from bot.content.articles import ArticleFile, load_articles
from bot.content.dialogs import DialogFiles, load_dialogs
from bot.content.lists import ReviewedLists, load_lists
from bot.content.pictures import Picture, load_pictures
from bot.content.reading import Problem, Problems
from bot.content.wards import WardRow, load_wards
from bot.content.words import WordList, load_teencode, load_words
from bot.core.dialogs import Book


@dataclass(frozen=True, slots=True)
class Library:
    """What authors wrote, and what is wrong with it."""

    root: Path
    dialogs: DialogFiles
    articles: dict[str, ArticleFile]
    pictures: dict[str, Picture]
    lists: ReviewedLists
    words: dict[str, WordList]
    teencode: dict[str, str]
    wards: tuple[WardRow, ...]
    problems: tuple[Problem, ...]

    @property
    def book(self) -> Book:
        return self.dialogs.book


class ContentError(Exception):
    """The content cannot be used; the message names every problem, one a line."""


def load_library(root: Path, *, measured: bool = False) -> Library:
    """Reads everything below ``root``. Never raises for what an author wrote: see ``Library.problems``.

    ``measured`` also lays out every picture, which a check wants and a start need not wait for.
    """
    problems = Problems()
    articles = load_articles(root, problems)
    dialogs = load_dialogs(root, problems, {slug: each.article for slug, each in articles.items()})
    pictures = load_pictures(root, problems, measured=measured)
    lists = load_lists(root, problems)
    words, teencode, wards = load_words(root, problems), load_teencode(root, problems), load_wards(root, problems)
    return Library(root, dialogs, articles, pictures, lists, words, teencode, wards, tuple(sorted(problems.found)))
