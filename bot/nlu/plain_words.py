"""Understands a small table of plain words, with or without marks. A model may take its place behind ``Meaning``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core import limits
from bot.core.meaning import NOTHING, Entity, Meaning
from bot.core.text import fold, normal

# politeness around the matter: "dạ xong rồi nha con" is "xong rồi"
_BEFORE = re.compile(r"^(?:(?:da|thua|vang|roi)\b\s*)?(?:(?:em|con|chau|bot) (?:oi|a)\b\s*)?(?:(?:da|thua)\b\s*)?")
_AFTER = re.compile(r"(?:\s(?:nha|nhe|nghen|hen|nhen|ne|di|a|do|luon|(?:em|con|chau|bac|bot)(?: oi)?))+$")

# "con ơi", "cháu ơi": what the person calls the bot
_VOCATIVE = re.compile(r"\b(em|con|chau) (?:oi|a)\b")

# four digits or more and nothing else is a code, an account or an ID: not for us to read
_CODE = re.compile(r"\d(?:[\s.,-]?\d){3,}")


# how sure a word is that may only mean "I am listening": "dạ", "ừ"
VAGUE = 0.5


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one intent: ``whole`` messages, ``vague`` ones, and phrases found anywhere ``within`` one."""

    whole: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


class PlainWords:
    """The table, ready to be asked. Intents earlier in the table win, so safety comes first in it."""

    def __init__(self, table: Mapping[str, Words]) -> None:
        self._whole: dict[str, str] = {}
        for intent, words in table.items():
            for each in (*words.whole, *words.vague):
                self._whole.setdefault(fold(each), intent)
        self._vague = frozenset(fold(each) for words in table.values() for each in words.vague)
        self._within = [(f" {fold(each)} ", intent) for intent, words in table.items() for each in words.within]

    def understand(self, text: str) -> Meaning:
        """The meaning of a text, or the empty meaning with what it tells of forms of address."""
        if len(text) > limits.TEXT:
            return Meaning("too_long", 1.0)
        if _CODE.fullmatch(normal(text)):
            return Meaning("secret", 1.0)
        words = fold(text)
        bare = next((each for each in _unwrapped(words) if each in self._whole), "")
        intent = self._intent(words, bare)
        called = _VOCATIVE.search(words)
        entities = (Entity("self_word", called[1]),) if called else ()
        if not intent:
            return Meaning(entities=entities) if entities else NOTHING
        vague = words in self._vague or (words not in self._whole and bare in self._vague)
        return Meaning(intent, VAGUE if vague else 1.0, entities)

    def _intent(self, words: str, bare: str) -> str:
        if not words:
            return ""
        if words in self._whole:
            return self._whole[words]
        padded = f" {words} "
        for phrase, intent in self._within:
            if phrase in padded:
                return intent
        return self._whole.get(bare, "")


def _unwrapped(words: str) -> tuple[str, str]:
    """Without the politeness behind, then without that before too: "rồi nha" is "rồi", although "rồi" often begins."""
    return _AFTER.sub("", words), _AFTER.sub("", _BEFORE.sub("", words))
