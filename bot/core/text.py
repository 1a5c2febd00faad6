"""Vietnamese text as the engine compares it: one normal form, and one without marks."""

import unicodedata
from collections.abc import Callable


def normal(text: str) -> str:
    """NFC, without control and invisible characters, white space squeezed to single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_VISIBLE).split())


def fold(text: str) -> str:
    """Lower case, without marks or punctuation: what stays of a text when it is typed in a hurry.

    >>> fold("Đúng rồi, XONG!")
    'dung roi xong'
    """
    # NFKD also brings full-width digits and 𝐛𝐨𝐥𝐝 letters home
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    return " ".join(plain.translate(_PLAIN).split())


class _Table(dict[int, str | None]):
    """What becomes of each character, found out when it is first met: a table is quicker than a question each time."""

    # characters of all scripts people here write; a rarer one is asked about every time
    _LAST = 0x2FFF

    def __init__(self, becomes: Callable[[str], str | None]) -> None:
        super().__init__()
        self._becomes = becomes

    def __missing__(self, code: int) -> str | None:
        found = self._becomes(chr(code))
        if code <= self._LAST:
            self[code] = found
        return found


def _visible(char: str) -> str | None:
    category = unicodedata.category(char)
    if category in ("Cf", "Cs", "Co", "Cn"):
        return None
    return " " if category == "Cc" else char


def _plain(char: str) -> str | None:
    if unicodedata.category(char) in ("Mn", "Cf"):
        return None
    # "đ" has no decomposition, so it needs its own rule
    if char == "đ":
        return "d"
    return char if char.isalnum() else " "


_VISIBLE = _Table(_visible)
_PLAIN = _Table(_plain)
