"""One line in Rasa's form: hidden by the shield, then intent, ranking, entities. What ``gocua parse`` prints."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from bot.core.languages import CHANGE, LANGUAGES
from bot.core.meaning import NOTHING, Entity, Meaning
from bot.nlu.model import OUT_OF_SCOPE, Ranked
from bot.nlu.understanding import Understanding
from bot.shield.kinds import HOTLINES, MARKS
from bot.shield.links import OFFICIAL
from bot.shield.report import look

# meanings of the dialogs' own that a reader of intents knows by a nearer name
_NEAREST = {
    **{f"{CHANGE}{code}": "change_language" for code in LANGUAGES},
    "agree": "yes",
    "stop_saving": "delete_data",
    "show_data": "privacy",
    "correct_data": "privacy",
    "restrict": "privacy",
    "lift_restriction": "privacy",
    "stop_counting": "delete_data",
    "stop_remembering": "delete_data",
    "is_child": "faq/child",
    "share": "privacy",
    "followers": "privacy",
    "stop_sharing": "privacy",
    "stop_reminding": "privacy",
    "remind_me": "pause",
    "continue_elsewhere": "resume",
    "look": "resume",
    "look_relative": "faq/progress_of_others",
    "elder_agrees": "yes",
    "elder_declines": "no",
    "elder_mode": "change_address_form",
    "usual_mode": "change_address_form",
    "elder_sign": "not_understand",
    "restart": "menu",
    "leave_class": "goodbye",
    "more": "menu",
    "none_of_these": "no",
    "not_now": "no",
    "helper_here": "help_relative",
    "elder_here": "help_relative",
    "unsure": "not_understand",
    "upset": "not_understand",
    "strange_link": "scam_report",
    "secret": OUT_OF_SCOPE,
    "too_long": OUT_OF_SCOPE,
}

# the same short answer by what was asked: "rồi" to a question is a yes, "có" to "làm xong chưa" is a done
_ANSWERS = {"step": {"yes": "done", "no": "stuck"}, "question": {"done": "yes", "stuck": "no"}}

# a warning yields to the model only where it is this sure of something the bot does: on training lines held out that
# was right nine times of nine
_SURE = 0.85

# what counts as an answer and no more; a longer message means what it says
_SHORT = 20

_MARK = re.compile("|".join(map(re.escape, MARKS.values())))


@dataclass(frozen=True, slots=True)
class Parsed:
    """What the bot makes of a line; entities count the characters of ``text``, whose secrets are hidden."""

    text: str
    ranking: tuple[Ranked, ...]
    entities: tuple[Entity, ...]

    def to_dict(self) -> dict[str, Any]:
        ranking = [{"name": each.intent, "confidence": round(each.confidence, 6)} for each in self.ranking]
        entities = [
            {"entity": each.name, "value": each.value, "start": each.start, "end": each.end} for each in self.entities
        ]
        return {"text": self.text, "intent": ranking[0], "intent_ranking": ranking, "entities": entities}


@dataclass(frozen=True, slots=True)
class Parser:
    """Parses as the bot would understand: the shield first, then plain words and the model."""

    understanding: Understanding
    hotlines: Collection[str] = HOTLINES
    official: Collection[str] = OFFICIAL

    def parse(self, line: str, asked: str = "") -> Parsed:
        """A line at a place; nothing understood counts as out of scope."""
        seen = look(unicodedata.normalize("NFC", line), hotlines=self.hotlines, official=self.official)
        text = seen.hidden.text
        # marks are no words of the person; blanks in their places keep every offset
        left = _MARK.sub(lambda mark: " " * len(mark[0]), text)
        ranking = self.understanding.rank(left, asked) if left.strip() else []
        meaning = self.understanding.understand(left, asked, ranking) if left.strip() else NOTHING
        best = _best(meaning, ranking, left, asked)
        if seen.scam and not (seen.scam == "report" and _is_surely_ours(ranking)):
            best = Ranked(f"scam_{seen.scam}", 1.0)
        rest = (each for each in ranking if each.intent != best.intent)
        named = tuple(each for each in meaning.entities if each.end > each.start)
        return Parsed(text, (best, *rest), named)


def _published(meaning: str) -> str:
    """The published intent of a meaning.

    >>> _published("agree"), _published("change_language/en"), _published("faq/cost")
    ('yes', 'change_language', 'faq/cost')
    """
    family, _, rest = meaning.partition("/")
    return meaning if rest and family == "faq" else _NEAREST.get(family, family)


def _is_surely_ours(ranking: list[Ranked]) -> bool:
    return bool(ranking) and ranking[0].confidence >= _SURE and ranking[0].intent != OUT_OF_SCOPE


def _best(meaning: Meaning, ranking: list[Ranked], text: str, asked: str) -> Ranked:
    """The intent to print: understood, or the better of two guesses, or out of scope."""
    if meaning.intent:
        intent = _published(meaning.intent)
        if intent == OUT_OF_SCOPE and meaning.intent != OUT_OF_SCOPE and ranking:
            # "too long" tells nothing of what it is about
            return ranking[0]
        if len(text) <= _SHORT:
            intent = _ANSWERS.get(asked, {}).get(intent, intent)
        return Ranked(intent, meaning.confidence)
    if meaning.guesses:
        return next(each for each in ranking if each.intent == meaning.guesses[0])
    return Ranked(OUT_OF_SCOPE, meaning.confidence)
