"""Understands a small table of plain words, with or without marks. A model may take its place behind ``Meaning``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core import limits
from bot.core.meaning import NOTHING, Entity, Meaning
from bot.core.text import fold, normal
from bot.nlu.calling import how_called
from bot.nlu.views import tone_last

# politeness around the matter: "dạ xong rồi nha con" is "xong rồi"
_BEFORE = re.compile(
    r"^(?:(?:da|thua|vang|roi)\b\s*)?(?:(?:em|con|chau|bot) (?:oi|a)\b\s*)?(?:(?:da|thua)\b\s*)?"
    r"(?:(?:ba|bac|ong|chu|tui|toi)\b\s*)?"
)
_AFTER = re.compile(r"(?:\s(?:nha|nhe|nghen|hen|nhen|ne|di|a|do|luon|(?:em|con|chau|bac|bot)(?: oi)?))+$")

# an age, or what eyes and ears say of one: whoever tells of it may like larger letters and fewer words at once
_ELDER_SIGN = re.compile(
    r"\b(?:(?:6[5-9]|[7-9]\d|1[01]\d) (?:tuoi|years old)|mat (?:\w+ )?(?:kem|mo|yeu|lem nhem)|lon tuoi|gia roi|"
    r"lang tai|nang tai|poor eyesight|bad eyes|hard of hearing)\b"
)

# characters of politeness around a message that are taken off: "dạ thưa con ơi … nha bác ơi"
_POLITENESS = 80

_WORD = re.compile(r"[^\W_]+")

# how sure a word is that may only mean "I am listening": "dạ", "ừ"
VAGUE = 0.5


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one intent: ``whole`` messages, ``vague`` ones, and phrases found anywhere ``within`` one."""

    whole: tuple[str, ...] = ()
    vague: tuple[str, ...] = ()
    within: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A phrase of the table: its words with their marks, without, and what it means."""

    kept: tuple[str, ...]
    folded: str
    intent: str

    def is_in(self, kept: Sequence[str]) -> bool:
        """Whether it stands among these words: marks that were typed must be its own, missing ones are forgiven."""
        bare = self.folded.split()
        size = len(self.kept)
        return any(
            all(
                word in pair for word, pair in zip(kept[at : at + size], zip(self.kept, bare, strict=True), strict=True)
            )
            for at in range(len(kept) - size + 1)
        )


class PlainWords:
    """The table, ready to be asked. Intents earlier in the table win, so safety comes first in it."""

    def __init__(self, table: Mapping[str, Words]) -> None:
        self._whole: dict[str, list[_Phrase]] = {}
        for intent, words in table.items():
            for each in (*words.whole, *words.vague):
                self._whole.setdefault(fold(each), []).append(_phrase(each, intent))
        self._vague = frozenset(fold(each) for words in table.values() for each in words.vague)
        # by their first words, so that few are looked for in a text; the number keeps the order of the table
        self._within: dict[str, list[tuple[int, str, _Phrase]]] = {}
        within = (_phrase(each, intent) for intent, words in table.items() for each in words.within)
        for number, phrase in enumerate(within):
            beginning = phrase.folded.partition(" ")[0]
            self._within.setdefault(beginning, []).append((number, f" {phrase.folded} ", phrase))
        self._longest = max(map(len, self._whole), default=0) + _POLITENESS

    def understand(self, text: str) -> Meaning:
        """The meaning of a text, or the empty meaning with what it tells of forms of address."""
        if len(text) > limits.TEXT:
            return Meaning("too_long", 1.0)
        words = fold(text)
        bare = self._bare(words)
        intent, beside = self._intents(words, bare, text)
        signs = (Entity("elder_sign", "yes"),) if _ELDER_SIGN.search(words) else ()
        entities = (*how_called(text), *signs)
        if not intent:
            return Meaning(entities=entities) if entities else NOTHING
        also = self._also(words if words in self._whole else bare, intent, text)
        vague = words in self._vague or (words not in self._whole and bare in self._vague)
        return Meaning(intent, VAGUE if vague else 1.0, entities, also=also, beside=beside)

    def is_whole(self, text: str) -> bool:
        """Whether a text is a whole message of the table, not merely one with a phrase of it somewhere."""
        words = fold(text)
        return words in self._whole or bool(self._bare(words)) or len(text) > limits.TEXT

    def _bare(self, words: str) -> str:
        """The words without the politeness around them where the table has them so."""
        if len(words) > self._longest:
            return ""
        return next((each for each in _unwrapped(words) if each in self._whole), "")

    def _intents(self, words: str, bare: str, text: str) -> tuple[str, str]:
        """What a text means, and what else stands in it."""
        if words in self._whole and any(phrase.is_in(_kept(text)) for phrase in self._whole[words]):
            return self._whole_intent(words, _kept(text)), ""
        padded = f" {words} "
        candidates = (each for word in set(words.split()) for each in self._within.get(word, ()))
        found = sorted((number, phrase) for number, folded, phrase in candidates if folded in padded)
        # marks are looked at only where the words stand
        kept = _kept(text)
        intents = list(dict.fromkeys(phrase.intent for _, phrase in found if phrase.is_in(kept)))
        if intents:
            return intents[0], intents[1] if len(intents) > 1 else ""
        whole = words if words in self._whole else bare
        return (self._whole_intent(whole, kept) if whole else ""), ""

    def _whole_intent(self, words: str, kept: Sequence[str]) -> str:
        """Of phrases alike without marks, the one whose marks were typed: "đúng" is not "dừng"."""
        phrases = self._whole[words]
        return next((each.intent for each in phrases if each.is_in(kept)), phrases[0].intent)

    def _also(self, words: str, intent: str, text: str) -> str:
        """What else a whole message may be whose marks were left out."""
        phrases, kept = self._whole.get(words, ()), _kept(text)
        if all(each.intent != intent for each in phrases):
            return ""
        return next((each.intent for each in phrases if each.intent != intent and each.is_in(kept)), "")


def _phrase(text: str, intent: str) -> _Phrase:
    return _Phrase(tuple(_kept(text)), fold(text), intent)


def _kept(text: str) -> list[str]:
    """The words of a text with their marks, in one style of writing them."""
    return [tone_last(word) for word in _WORD.findall(normal(text[: limits.TEXT]).lower())]


def _unwrapped(words: str) -> tuple[str, str]:
    """Without the politeness behind, then without that before too: "rồi nha" is "rồi", although "rồi" often begins."""
    return _AFTER.sub("", words), _AFTER.sub("", _BEFORE.sub("", words))
