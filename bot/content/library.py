"""All content, read once: the only door through which it enters the bot."""

from dataclasses import dataclass, replace
from pathlib import Path

from bot.content.articles import ArticleFile, load_articles
from bot.content.campaign import CampaignRow, load_campaign
from bot.content.dialogs import DialogFiles, load_dialogs
from bot.content.lessons import Lesson, load_lessons
from bot.content.lists import ReviewedLists, load_lists
from bot.content.locales import Locales
from bot.content.lookups import Bank, LookupLists, check_banks, load_banks, load_lookups
from bot.content.pictures import Picture, load_pictures
from bot.content.reading import Problem, Problems
from bot.content.wards import OldWardRow, WardRow, load_old_wards, load_wards, ward_lists
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
    campaign: CampaignRow | None
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
    wards = load_wards(root, problems)
    names = {row.code: row.full_name for row in wards}
    teencode = load_teencode(root, problems)
    book = replace(dialogs.book, shorthand=teencode, wards=names, ward_lists=ward_lists(wards))
    dialogs.book = locales.with_translations(book)
    lessons = load_lessons(root, dialogs.book, problems)
    pictures = load_pictures(root, problems, measured=measured)
    lists = load_lists(root, problems)
    words = load_words(root, problems)
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
        campaign=load_campaign(root, problems),
        lookups=lookups,
        banks=banks,
        locales=locales,
        problems=tuple(sorted(problems.found)),
    )
