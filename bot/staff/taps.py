"""What a tapped button means: a verb, a class and what it is about, whole in itself, so that no restart loses it.

Telegram vouches for who tapped, and the database is asked each time whether they may: nothing here is secret or signed.
"""

from dataclasses import dataclass

# bytes of a button's data that Telegram takes
MOST_BYTES = 64

_PARTED = ":"


@dataclass(frozen=True, slots=True)
class Tapped:
    """A verb and what stands behind it.

    >>> Tapped.read("go:12:cai_dat")
    Tapped(verb='go', words=('12', 'cai_dat'))
    """

    verb: str
    words: tuple[str, ...] = ()

    @classmethod
    def read(cls, data: str) -> "Tapped":
        verb, *words = data.split(_PARTED)
        return cls(verb, tuple(words))

    @property
    def class_id(self) -> int:
        """The class it is about; 0 is none."""
        return self.number(0)

    def number(self, at: int) -> int:
        word = self.word(at)
        return int(word) if word.isascii() and word.isdecimal() and len(word) < 10 else 0

    def word(self, at: int) -> str:
        return self.words[at] if at < len(self.words) else ""


def data(verb: str, *words: str | int) -> str:
    """
    >>> data("go", 12, "cai_dat")
    'go:12:cai_dat'
    """
    return _PARTED.join((verb, *map(str, words)))
