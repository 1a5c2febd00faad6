"""One text in Rasa's form: intent, ranking, entities."""

from typing import Any

from bot.core.meaning import Entity
from bot.nlu.evaluation import OUT_OF_SCOPE
from bot.nlu.model import Ranked
from bot.nlu.understanding import Understanding


def parse(understanding: Understanding, text: str, asked: str = "") -> dict[str, Any]:
    """What the bot makes of a text at a place; nothing understood counts as out of scope."""
    ranking = understanding.rank(text, asked)
    meaning = understanding.understand(text, asked, ranking)
    best = Ranked(meaning.intent, meaning.confidence)
    if not meaning.intent:
        # two guesses to ask about: the better one leads; else nobody understood
        best = ranking[0] if ranking and meaning.guesses else Ranked(OUT_OF_SCOPE, meaning.confidence)
    rest = [each for each in ranking if each.intent != best.intent]
    return {
        "text": text,
        "intent": _named(best),
        "intent_ranking": [_named(each) for each in (best, *rest)],
        "entities": [_entity(each) for each in meaning.entities],
    }


def ranked(understanding: Understanding, text: str, asked: str = "") -> list[Ranked]:
    """The ranking as ``parse`` gives it, for evaluation."""
    found = parse(understanding, text, asked)["intent_ranking"]
    return [Ranked(each["name"], each["confidence"]) for each in found]


def _named(ranked: Ranked) -> dict[str, Any]:
    return {"name": ranked.intent, "confidence": round(ranked.confidence, 6)}


def _entity(entity: Entity) -> dict[str, Any]:
    return {"entity": entity.name, "value": entity.value, "start": entity.start, "end": entity.end}
