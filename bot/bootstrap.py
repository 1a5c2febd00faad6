"""Builds everything from the settings: the only module that knows every class. Nothing is built at import."""

import datetime as dt
import logging
from dataclasses import dataclass

from bot.assistant import Assistant
from bot.channels.messages import Renderer
from bot.content.library import ContentError, Library, load_library
from bot.content.words import WordList
from bot.nlu.archive import ArchiveError, read_archive
from bot.nlu.plain_words import PlainWords, Words
from bot.nlu.understanding import Understanding
from bot.nlu.wards import Unit, Wards
from bot.settings import Settings
from bot.store.chats import Chats
from bot.store.database import open_database

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bot:
    """The parts of a running bot."""

    settings: Settings
    library: Library
    chats: Chats
    assistant: Assistant


def build_bot(settings: Settings) -> Bot:
    """A bot ready to answer. Raises ``ContentError`` or ``StoreError``, whose messages are for the operator."""
    library = read_content(settings)
    if library.problems:
        raise ContentError("\n".join(str(problem) for problem in library.problems))
    chats = Chats(open_database(settings.database))
    captions = {name: picture.caption for name, picture in library.pictures.items()}
    renderer = Renderer(library.book.phrases["step_heading"], captions, settings.operator)
    understanding = read_understanding(settings, library)
    return Bot(settings, library, chats, Assistant(library.book, chats, renderer, understanding.understand, utc_now))


def read_content(settings: Settings, *, measured: bool = False) -> Library:
    return load_library(settings.content, measured=measured)


def read_understanding(settings: Settings, library: Library) -> Understanding:
    """Plain words, and the model where its archive can be read; without it the bot goes on with words and buttons."""
    words = plain_words(library.words)
    if not settings.model.exists():
        return Understanding(words)
    try:
        return Understanding(words, read_archive(settings.model))
    except ArchiveError as error:
        log.warning("%s Bot hiểu nút bấm, số và chữ thường gặp; gõ `make train` để có lại.", error)
        return Understanding(words)


def wards(library: Library) -> Wards:
    return Wards(Unit(row.code, row.type, row.name, row.former_area, row.former_units) for row in library.wards)


def plain_words(lists: dict[str, WordList]) -> PlainWords:
    return PlainWords({intent: Words(each.whole, each.vague, each.within) for intent, each in lists.items()})


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The day in Ho Chi Minh City, which has no summer time."""
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date()
