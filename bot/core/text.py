"""Vietnamese text as the engine compares it: one normal form, and one without marks."""

import unicodedata


def normal(text: str) -> str:
    """NFC, without control and invisible characters, white space squeezed to single blanks."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(" " if _is_gap(char) else char for char in composed if not _is_hidden(char)).split())


def fold(text: str) -> str:
    """Lower case, without marks or punctuation: what stays of a text when it is typed in a hurry.

    >>> fold("Đúng rồi, XONG!")
    'dung roi xong'
    """
    # "đ" has no decomposition, so it needs its own rule; NFKD also brings full-width digits and 𝐛𝐨𝐥𝐝 letters home
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower().replace("đ", "d"))
    return " ".join("".join(char if char.isalnum() else " " for char in plain if not _is_mark(char)).split())


def _is_mark(char: str) -> bool:
    return unicodedata.category(char) in ("Mn", "Cf")


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in ("Cf", "Cs", "Co", "Cn")


def _is_gap(char: str) -> bool:
    return unicodedata.category(char) == "Cc"
