"""All content, read once: the only door through which it enters the bot."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.content.articles import ArticleFile, load_articles
from bot.content.dialogs import DialogFiles, load_dialogs
from bot.content.lessons import Lesson, load_lessons
from bot.content.lists import ReviewedLists, load_lists
from bot.content.locales import Locales
from bot.content.lookups import Bank, LookupLists, check_banks, load_banks, load_lookups
from bot.content.pictures import Picture, load_pictures
from bot.content.reading import Problem, Problems
from bot.content.wards import OldWardRow, WardRow, load_old_wards, load_wards
from bot.content.words import WordList, load_teencode, load_words
from bot.core.dialogs import Book


@dataclass(frozen=True, slots=True)
class Library:
    """What authors wrote, and what is wrong with it."""

    root: Path
    dialogs: DialogFiles
    lessons: dict[str, Lesson]
    articles: dict[str, ArticleFile]
    pictures: dict[str, Picture]
    lists: ReviewedLists
    words: dict[str, WordList]
    foreign_words: dict[str, dict[str, WordList]]
    teencode: dict[str, str]
    wards: tuple[WardRow, ...]
    old_wards: tuple[OldWardRow, ...]
    lookups: LookupLists
    banks: tuple[Bank, ...]
    locales: Locales
    problems: tuple[Problem, ...]

    @property
    def book(self) -> Book:
        return self.dialogs.book

    @property
    def captions(self) -> dict[str, str]:
        return {name: picture.caption for name, picture in self.pictures.items()}


class ContentError(Exception):
    """The content cannot be used; the message names every problem, one a line."""


def load_library(root: Path, *, measured: bool = False) -> Library:
    """Reads everything below ``root``. Never raises for what an author wrote: see ``Library.problems``.

    ``measured`` also lays out every picture, which a check wants and a start need not wait for.
    """
    problems = Problems()
    articles = load_articles(root, problems)
    locales = Locales(root)
    dialogs = load_dialogs(root, problems, {slug: each.article for slug, each in articles.items()})
    teencode = load_teencode(root, problems)
    dialogs.book = locales.with_translations(replace(dialogs.book, shorthand=teencode))
    lessons = load_lessons(root, dialogs.book, problems)
    pictures = load_pictures(root, problems, measured=measured)
    lists = load_lists(root, problems)
    words, wards = load_words(root, problems), load_wards(root, problems)
    old_wards = load_old_wards(root, wards, problems)
    lookups, banks = load_lookups(root, problems), load_banks(root, problems)
    check_banks(lookups, banks, problems)
    return Library(
        root=root,
        dialogs=dialogs,
        lessons=lessons,
        articles=articles,
        pictures=pictures,
        lists=lists,
        words=words,
        foreign_words={code: load_words(root, problems, folder=f"locales/{code}") for code in locales.languages},
        teencode=teencode,
        wards=wards,
        old_wards=old_wards,
        lookups=lookups,
        banks=banks,
        locales=locales,
        problems=tuple(sorted(problems.found)),
    )
