"""Notices in which language a text is written, and understands it in the language of its chat."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from bot.core import limits
from bot.core.languages import SOURCE
from bot.core.meaning import Entity, Meaning
from bot.core.text import normal
from bot.nlu.plain_words import PlainWords
from bot.nlu.understanding import Understanding

Written = Literal["", "vi", "en", "mixed"]

ENGLISH = "en"

# everyday English words that are no Vietnamese syllable without its marks; "the", "can", "my", "but", "they" are
_ENGLISH = """
    i i'm i've i'd i'll is are isn't aren't was wasn't were it's that's what's there's don't doesn't didn't
    can't cannot couldn't won't wouldn't shouldn't haven't hasn't have has had does did what where when which
    why how who whose your yours our their this these those there and or if for from with without into about
    please want wants wanted need needs needed help should would could must already again also because before
    after until while activate activated activating activation register registered registering registration
    install installed sign signed understand know knows tell show find found give gives gave receive received
    work works working used using english speak speaks foreigner foreigners residence permanent temporary
    grandmother grandfather mother father husband wife mom mum dad parents language very some any every other
    another first second next last year years month months days week weeks money number account office police
    people person someone somebody happens happened says said shows asks asked trying tried keep keeps still
    only
"""

# everyday Vietnamese syllables as typed without marks that are no English word
_VIETNAMESE = """
    khong ko hong hok toi tui toii duoc dc cua nguoi lam voi roi chua minh muon giup gium nhung sao biet gi vay
    chau ong ngoai thi nay nao nha nhe dau khi nhu viec tien dien thoai ky kich hoat mat khau ngan hang phuong
    cuoc thanh xong bam oi
"""

_ENGLISH_WORDS, _VIETNAMESE_WORDS = frozenset(_ENGLISH.split()), frozenset(_VIETNAMESE.split())

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")

# how many times the words of one language must outnumber those of the other to be what the text is written in
_MOSTLY = 4


def language_of(text: str) -> Written:
    """The language of a sentence, "mixed" where it is half and half, nothing where one cannot tell.

    >>> language_of("How do I activate it?"), language_of("hello"), language_of("VNeID error"), language_of("xong rồi")
    ('en', '', '', 'vi')
    """
    plain = _QUOTED.sub(" ", normal(text[: limits.TEXT]).replace("’", "'")).lower()
    words = _WORD.findall(plain)
    english = sum(word in _ENGLISH_WORDS for word in words)
    vietnamese = sum(_has_marks(word) or word in _VIETNAMESE_WORDS for word in words)
    if english >= 2 and vietnamese:
        return "en" if english >= _MOSTLY * vietnamese else "vi" if vietnamese >= _MOSTLY * english else "mixed"
    if english >= 2 and english * _MOSTLY >= len(words):
        return "en"
    return "vi" if vietnamese >= 2 else ""


def _has_marks(word: str) -> bool:
    return any("À" <= letter <= "ỹ" for letter in word)


@dataclass(frozen=True, slots=True)
class Languages:
    """Understands Vietnamese by all its means, and other languages by their tables of plain words."""

    source: Understanding
    translations: Mapping[str, PlainWords] = field(default_factory=dict)

    def understand(self, text: str, asked: str = "", language: str | None = SOURCE) -> Meaning:
        """The meaning of a text in a chat held in ``language``; None: the text itself may settle that.

        The entity "language" names the one a chat begins in, "other_language" one that the text was written in,
        wholly or partly, while the chat is held in its own.
        """
        english = self.translations.get(ENGLISH)
        if english is None:
            return self.source.understand(text, asked)
        written = language_of(text)
        if language == ENGLISH:
            return self._in_english(english, text, asked, written)
        if written == ENGLISH:
            return _naming("language" if language is None else "other_language", ENGLISH, self._english(english, text))
        meaning = self.source.understand(text, asked)
        return _naming("other_language", ENGLISH, meaning) if written == "mixed" else meaning

    def _in_english(self, english: PlainWords, text: str, asked: str, written: Written) -> Meaning:
        if written in ("vi", "mixed"):
            return _naming("other_language", SOURCE, self.source.understand(text, asked))
        meaning = self._english(english, text)
        # "xong", "dừng": short words somebody may have learned
        return (
            meaning if meaning.intent or meaning.entities or written == ENGLISH else self.source.plain.understand(text)
        )

    def _english(self, english: PlainWords, text: str) -> Meaning:
        """With the code of a class, which is named alike in every language."""
        meaning = english.understand(text)
        named = self.source.entities.find(text) if self.source.entities else ()
        codes = tuple(each for each in named if each.name == "class_code")
        return replace(meaning, entities=(*meaning.entities, *codes)) if codes else meaning


def _naming(entity: str, language: str, meaning: Meaning) -> Meaning:
    return replace(meaning, entities=(*meaning.entities, Entity(entity, language)))
