"""Builds everything from the settings: the only module that knows every class. Nothing is built at import."""

import datetime as dt
from dataclasses import dataclass

from bot.assistant import Assistant
from bot.channels.messages import Renderer
from bot.content.library import ContentError, Library, load_library
from bot.content.words import WordList
from bot.nlu.plain_words import PlainWords, Words
from bot.settings import Settings
from bot.store.chats import Chats
from bot.store.database import open_database


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
    words = plain_words(library.words)
    return Bot(settings, library, chats, Assistant(library.book, chats, renderer, words.understand, utc_now))


def read_content(settings: Settings, *, measured: bool = False) -> Library:
    return load_library(settings.content, measured=measured)


def plain_words(lists: dict[str, WordList]) -> PlainWords:
    return PlainWords({intent: Words(each.whole, each.vague, each.within) for intent, each in lists.items()})


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def today() -> dt.date:
    """The day in Ho Chi Minh City, which has no summer time."""
    return dt.datetime.now(dt.timezone(dt.timedelta(hours=7))).date()
