"""Secrets said in pieces over several messages (T33): what has to be remembered of a conversation, and for how long.

Nothing here keeps a digit or a word of a message: only how many digits a piece had, where it stood, and when. Times are
handed in as seconds of any clock that does not run backwards.
"""

from dataclasses import dataclass
from typing import Final

from bot.shield.digits import by_length
from bot.shield.kinds import PIECES, PIECES_SECONDS, Kind, Span

# digits that make a secret, in one message or in several
_ENOUGH: Final = 4

# digits that make one also with other messages between the pieces
_SURELY: Final = 6

# digits of a card's or an account's longest number; more than that were several numbers
_MOST: Final = 19

SIZES: Final[dict[Kind, frozenset[int]]] = {
    "otp": frozenset(range(4, 9)),
    "passcode": frozenset(range(4, 9)),
    "password": frozenset(range(4, 20)),
    "cccd": frozenset({12}),
    "cmnd": frozenset({9}),
    "bank_account": frozenset(range(6, 20)),
    "card": frozenset(range(13, 20)),
    "cvv": frozenset({3, 4}),
    "phone": frozenset(range(8, 13)),
    "insurance": frozenset({10, 13}),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """What one message may have given of a secret.

    ``digits``: how many, 0 for a message that only named a secret. ``named``: the kind it named. ``asks``: a value must
    follow ("mật khẩu là"). ``phone``: the digits begin as a phone number does. ``menu``: it may as well be the
    number of a button, or a word. ``lesson``: a class was named, whose code may follow. ``whole``: the secret was named
    and given whole, so that nothing of it can follow.
    """

    number: int
    at: float
    spans: tuple[tuple[int, int], ...] = ()
    digits: int = 0
    named: Kind | None = None
    asks: Kind | None = None
    phone: bool = False
    menu: bool = False
    lesson: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Recent:
    """The pieces of the last messages. ``number`` counts the messages of the conversation."""

    number: int = 0
    pieces: tuple[Piece, ...] = ()

    def at(self, seconds: float) -> "Recent":
        """What is left to remember when a new message comes at this time."""
        kept = (
            piece
            for piece in self.pieces
            if self.number + 1 - piece.number < PIECES and 0 <= seconds - piece.at <= PIECES_SECONDS
        )
        return Recent(self.number, tuple(kept))


NOTHING_RECENT: Final = Recent()


@dataclass(frozen=True, slots=True)
class Earlier:
    """A part of a secret in a message so many messages back, known only now."""

    back: int
    span: Span


def remember(recent: Recent, piece: Piece) -> tuple[Recent, tuple[Span, ...], tuple[Earlier, ...]]:
    """The memory with a new message's piece, and the spans its digits and those before it have become.

    >>> first, _, _ = remember(Recent(), Piece(1, 0.0, ((0, 3),), digits=3))
    >>> _, spans, earlier = remember(first, Piece(2, 9.0, ((0, 3),), digits=3))
    >>> spans, earlier[0].back
    ((Span(start=0, end=3, kind='otp'),), 1)
    """
    tells = piece.digits or piece.named or piece.asks or piece.lesson
    pieces = (*recent.pieces, piece) if tells else recent.pieces
    after = Recent(piece.number, pieces)
    if not piece.digits or (piece.named and not recent.pieces):
        # a message that says all by itself has been judged by itself
        return after, (), ()
    row = _row(pieces)
    kind = None if len(row) == 1 and piece.named else _kind(row, named=_named(pieces))
    if kind is None:
        return after, (), ()
    spans = tuple(Span(start, end, kind) for start, end in piece.spans)
    earlier = tuple(
        Earlier(piece.number - each.number, Span(start, end, kind)) for each in row[:-1] for start, end in each.spans
    )
    return after, spans, earlier


def _row(pieces: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces with digits that end the conversation, back to where another secret is named or was given whole."""
    row: list[Piece] = []
    total = 0
    for piece in reversed(pieces):
        if piece.whole and row:
            break
        total += piece.digits
        if total > _MOST and row:
            break
        if piece.digits:
            row.insert(0, piece)
        if piece.named and (piece.digits or row):
            break
    return tuple(row)


def _named(pieces: tuple[Piece, ...]) -> Kind | None:
    """The kind that was named last and not given since."""
    last = next((piece for piece in reversed(pieces) if piece.named), None)
    return None if last is None or (last.whole and last is not pieces[-1]) else last.named


def _kind(row: tuple[Piece, ...], *, named: Kind | None) -> Kind | None:
    total = sum(piece.digits for piece in row)
    if named == "cvv" and total == 3:
        return "cvv"
    if total < _ENOUGH or (len(row) == 1 and named is None):
        return None
    if named and total in SIZES.get(named, ()):
        return named
    if len(row) == 1 or (named is None and not _is_dictated(row, total)):
        return None
    if row[0].phone and total in (10, 11):
        return "phone"
    return "card" if total == 16 else by_length(total)


def _is_dictated(row: tuple[Piece, ...], total: int) -> bool:
    """Not the numbers of buttons, nor an age here and a ward there: a long number, or one message right after another."""
    if all(piece.menu for piece in row):
        return False
    return total >= _SURELY or row[-1].number - row[0].number == len(row) - 1
