"""Random codes: in cookies, in links, on paper. What is kept of each is a digest."""

import hashlib
import secrets

# letters and digits that nobody takes for another
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"

_PAPER_GROUPS, _SPARE_GROUPS, _GROUP = 6, 3, 5

SPARE_CODES = 8


def new_token() -> str:
    """For cookies and programs: 256 bits."""
    return secrets.token_urlsafe(32)


def new_invite() -> str:
    """Typed once to open an account: 148 bits."""
    return _code(_PAPER_GROUPS)


def new_spare_codes() -> tuple[str, ...]:
    """In place of the second factor's phone, once each: 74 bits."""
    return tuple(_code(_SPARE_GROUPS) for _ in range(SPARE_CODES))


def new_tie() -> str:
    """Ties somebody on Telegram to an account, within minutes: 74 bits, in letters that fit into a link."""
    return _code(_SPARE_GROUPS)


def digest(code: str) -> str:
    """What is kept of a random code: too long to be guessed from it."""
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()


def typed(code: str) -> str:
    """A code as it was printed, however somebody typed it.

    >>> typed(" abcde fghjk ")
    'ABCDE-FGHJK'
    """
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def _code(groups: int) -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(groups))
