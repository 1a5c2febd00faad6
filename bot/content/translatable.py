"""What there is to translate: every text a person may read, with its context and a word to the translator."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.content.dialogs import Source
from bot.content.library import Library
from bot.content.translation import Kind, translated_book, translated_captions, translated_words
from bot.core.dialogs import PHRASES


@dataclass(frozen=True, slots=True)
class TranslatableText:
    """One text to translate: its context, where it was written, what the author tells the translator."""

    context: str
    text: str
    kind: Kind
    file: str
    note: str = ""


def translatable_texts(library: Library, words: Mapping[str, Mapping[str, str]]) -> list[TranslatableText]:
    """Everything there is to translate, in the order of the content; ``words`` are the texts of pages by place."""
    found: dict[tuple[str, str], TranslatableText] = {}

    def collect(context: str, text: str, kind: Kind) -> str:
        if text:
            source = _source(library, context)
            note = _note(library, context)
            found.setdefault((context, text), TranslatableText(context, text, kind, source.file, note))
        return text

    translated_book(library.book, collect)
    translated_captions(library.captions, collect)
    for place, texts in words.items():
        translated_words(texts, collect, place)
    return list(found.values())


def _source(library: Library, context: str) -> Source:
    kind, _, name = context.partition("/")
    if kind == "faq" and name in library.articles:
        return Source(library.articles[name].file, 1)
    if kind == "picture":
        return Source(f"knowledge/pictures/{name}.yml", 1)
    if context.startswith("web."):
        return Source("bot/web/words.py", 1)
    if context.startswith("desk."):
        return Source("bot/web/desk/words.py", 1)
    if context.startswith("people."):
        return Source("bot/core/address.py", 1)
    name = f"?{name}" if kind == "symptom" else context.replace("phrases.", "!")
    return library.dialogs.sources.get(name, Source("dialogs", 1))


def _note(library: Library, context: str) -> str:
    if context.startswith("phrases."):
        return PHRASES.get(context.removeprefix("phrases."), "")
    return library.dialogs.notes.get(context.replace("symptom/", "?"), "")
