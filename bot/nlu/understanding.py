"""From a person's words to a ``Meaning``: plain words first, then the model where there is one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.meaning import NOTHING, Meaning
from bot.nlu.entities import Entities
from bot.nlu.model import Ranked
from bot.nlu.plain_words import PlainWords
from bot.nlu.ranker import Ranker

# below this the model's best guess is not acted upon
SURE = 0.5

# below this a phrase of the table knows better; by cross-validation on the training lines
DOUBTFUL = 0.35

# two guesses that together are at least this likely are worth asking back about; below, 3 % of what people within
# scope say would be lost
WORTH_ASKING = 0.25

# what rules find is never overruled by a model
_SAFETY = ("scam_report", "scam_done")

# meanings no training line tells of, so that a model could only take them for something else
_UNTAUGHT = frozenset({
    "elder_here", "helper_here", "stop_saving", "upset", "unsure", "share", "stop_sharing", "followers", "look",
    "look_relative", "continue_elsewhere", "remind_me", "stop_reminding", "elder_agrees", "elder_declines",
    "leave_class",
})  # fmt: skip

# answers to what was just asked, which the same short words mean differently at another place
_STEP_ANSWERS = {"done", "stuck"}
_QUESTION_ANSWERS = {"yes", "no"}

# how much the place one stands at speaks for its own answers
_LEAN = 4.0


@dataclass(frozen=True, slots=True)
class Understanding:
    """Understands a text at a place: ``asked`` is "step" (do it, then say so), "question" (yes or no) or nothing."""

    plain: PlainWords
    model: Ranker | None = None
    entities: Entities | None = None

    def understand(self, text: str, asked: str = "", ranking: Sequence[Ranked] | None = None) -> Meaning:
        """The meaning of a text and what it names, with ``guesses`` where two are about equally likely.

        ``ranking`` is that of ``rank``, where the caller has it already.
        """
        meaning = self._meaning(text, asked, ranking)
        named = self.entities.find(text) if self.entities else ()
        meaning = replace(meaning, entities=(*meaning.entities, *named)) if named else meaning
        if meaning.intent == "help_relative" and meaning.entity("own_title") and not meaning.entity("relation"):
            # "con giúp bà đi": who asks is that bà herself
            return replace(meaning, intent="greet")
        return meaning

    def _meaning(self, text: str, asked: str, ranking: Sequence[Ranked] | None) -> Meaning:
        plain = self.plain.understand(text)
        if self.model is None or plain.intent in _SAFETY or plain.intent in _UNTAUGHT:
            return plain
        if plain.intent and self.plain.is_whole(text):
            return plain
        return decide(plain, self.rank(text, asked) if ranking is None else ranking)

    def rank(self, text: str, asked: str = "") -> list[Ranked]:
        """The likeliest intents at this place, the best first; none without a model."""
        if self.model is None:
            return []
        return lean(self.model.rank(text), asked)


def decide(plain: Meaning, ranking: Sequence[Ranked]) -> Meaning:
    """What plain words and a ranking together say: the model where it is sure, then a phrase, then a question back."""
    if not ranking:
        return plain
    best = ranking[0]
    if plain.intent and best.intent == "out_of_scope":
        # every phrase of the table is about one of our matters
        return plain
    if best.confidence >= SURE:
        return Meaning(best.intent, best.confidence, plain.entities)
    if plain.intent and (best.confidence < DOUBTFUL or best.intent == plain.intent):
        return plain
    if sum(each.confidence for each in ranking[:2]) >= WORTH_ASKING:
        return Meaning("", best.confidence, plain.entities, tuple(each.intent for each in ranking[:2]))
    return plain if plain.entities else NOTHING


def lean(ranking: list[Ranked], asked: str) -> list[Ranked]:
    """A ranking as the place makes it: after "bấm nút đi" a "r" is *done*, after "có chưa?" it is *yes*.

    >>> [each.intent for each in lean([Ranked("yes", 0.5), Ranked("done", 0.4)], "step")]
    ['done', 'yes']
    """
    favoured = {"step": _STEP_ANSWERS, "question": _QUESTION_ANSWERS}.get(asked)
    if favoured is None:
        return ranking
    rivals = (_STEP_ANSWERS | _QUESTION_ANSWERS) - favoured
    # only answers trade places among themselves; what else was meant keeps its share
    shares = {each.intent: each.confidence for each in ranking}
    pool = sum(share for intent, share in shares.items() if intent in favoured or intent in rivals)
    weighed = {
        intent: share * (_LEAN if intent in favoured else 1.0)
        for intent, share in shares.items()
        if intent in favoured or intent in rivals
    }
    total = sum(weighed.values())
    for intent, weight in weighed.items():
        shares[intent] = pool * weight / total if total else shares[intent]
    return sorted((Ranked(*pair) for pair in shares.items()), key=lambda each: -each.confidence)
