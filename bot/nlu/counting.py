"""Numbers up to thirty, in digits and in words: "14", "mười bốn", "muoi bon", "hăm mốt"."""

from typing import Final

from bot.core.text import fold
from bot.nlu.spoken import Phrases, Words, may_be
from bot.nlu.views import tone_last

_ONES: Final = {
    "một": 1, "nhất": 1, "nhứt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6, "bảy": 7,
    "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
}  # fmt: skip
_TEENS: Final = {f"mười {one}": 10 + count for one, count in _ONES.items() if count < 10}
_TWENTIES: Final = {
    f"{twenty} {one}".strip(): 20 + count
    for twenty in ("hai mươi", "hăm")
    for one, count in {"": 0, "mốt": 1, **_ONES}.items()
    if count < 10
}

_WORDS: Final = {**_ONES, **_TEENS, **_TWENTIES}

# words that are something else where no mark was typed: "bước sau", "quan tam"
MUDDLED: Final = frozenset({"sau", "lam", "nam", "tu", "bay", "tam"})


class Numbers:
    """Number words, ready to be read."""

    def __init__(self) -> None:
        ways: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        for words, number in _WORDS.items():
            ways.setdefault(fold(words), []).append((number, tuple(tone_last(word) for word in words.split())))
        self._ways = Phrases(ways)

    def at(self, words: Words, at: int, most: int) -> tuple[int, int] | None:
        """The number from 1 to ``most`` that begins at a word, and how many words it takes.

        >>> from bot.nlu.spoken import words_of
        >>> Numbers().at(words_of("phường mười bốn"), 1, 30), Numbers().at(words_of("p 14"), 1, 30)
        ((14, 2), (14, 1))
        """
        if words.folded[at].isdecimal():
            number = int(words.folded[at]) if len(words.folded[at]) <= 2 else 0
            return (number, 1) if 0 < number <= most else None
        found = self._ways.at(words.folded, at)
        if found is None:
            return None
        ways, size = found
        typed = words.kept[at : at + size]
        spelled = (number for number, way in ways if all(may_be(*pair) for pair in zip(typed, way, strict=True)))
        number = next(spelled, 0)
        return (number, size) if 0 < number <= most else None
