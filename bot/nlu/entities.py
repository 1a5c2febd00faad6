"""Everything named in a text, with its place in the characters of the text: ``text[start:end]`` is what was written."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.core.meaning import Entity
from bot.nlu.lookups import NameList, Patterns
from bot.nlu.relations import Relations
from bot.nlu.spoken import Words, words_of
from bot.nlu.wards import Wards


@dataclass(frozen=True, slots=True)
class Entities:
    """All that is looked for; of two that overlap the earlier of the list wins."""

    wards: Wards
    patterns: Patterns
    names: Sequence[NameList]
    relations: Relations

    def find(self, text: str) -> tuple[Entity, ...]:
        """The entities of a text, in its order. Takes time in proportion to the text."""
        words = words_of(text)
        taken = bytearray(words.ends[-1]) if words.ends else bytearray()
        found = []
        for entity in self._all(words):
            if not any(taken[entity.start : entity.end]):
                taken[entity.start : entity.end] = b"\1" * (entity.end - entity.start)
                found.append(entity)
        return tuple(sorted(found, key=lambda each: each.start))

    def _all(self, words: Words) -> Iterator[Entity]:
        yield from self.patterns.find(words)
        yield from _wards(self.wards, words)
        for names in self.names:
            yield from names.find(words)
        yield from self.relations.find(words)


def _wards(wards: Wards, words: Words) -> Iterable[Entity]:
    return (Entity("ward", place.value, place.start, place.end) for place in wards.places(words))
