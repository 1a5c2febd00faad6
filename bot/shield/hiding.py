"""Hides the secrets of a message: first of all that happens to it, in every channel, with no switch (T31)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final, cast

from bot.shield.digits import digit_spans, is_class_code, looks_harmless
from bot.shield.fixed import fixed_words
from bot.shield.kinds import CLASS_CODE, HOTLINES, MARKS, UNREAD, Kind, Span
from bot.shield.lexicon import Hit, word_set
from bot.shield.names import names_in
from bot.shield.numbers import Number, numbers_in
from bot.shield.recent import NOTHING_RECENT, SIZES, Earlier, Piece, Recent, remember
from bot.shield.view import View, view_of
from bot.shield.worded import Worded, looks_like_password, worded_secrets

# kinds written in words win over digits inside of them
_WORDED: Final = frozenset({"password", "security_answer", "email"})

# said around a piece of a number: "3 số đầu là 482", "rồi 913 nha"
_AROUND: Final = word_set(
    """so dau sau cuoi giua tiep theo la roi con lai nua ne nek nha nhe do day va voi da a con em ad oi ma cai cua toi ba
    hai bon nam sau may no xong phan thu nhat chu bac co ong noi ngoai ong hen nghen u uh ok day nay minh chau do"""
)

# where nobody says how many buttons may stand there: a menu has seldom more, and a digit above is no choice
MENU: Final = 7


@dataclass(frozen=True, slots=True)
class Hidden:
    """A message that may go on: ``text`` has typed marks for ``spans``, which count the characters as given.

    ``recent`` is for the next message of the same conversation. ``earlier``: parts of a secret in messages before this
    one, known only now that the rest has come. ``cut``: the message was longer than what is read; the rest is hidden.
    """

    text: str
    spans: tuple[Span, ...]
    recent: Recent
    earlier: tuple[Earlier, ...]
    cut: bool


def hide(
    text: str,
    recent: Recent = NOTHING_RECENT,
    *,
    at: float = 0.0,
    hotlines: Collection[str] = HOTLINES,
    class_code: bool = False,
    choices: int = MENU,
) -> Hidden:
    """Hides what a message gives away; ``at`` is its time in seconds, ``hotlines`` are numbers in digits only.

    ``class_code``: the bot has just asked for the code of a class, so that a bare one is no secret. ``choices``: a number
    up to this one, alone in a message, may be that of a button.

    >>> hide("Mã OTP của tôi là 48 29 13").text
    'Mã OTP của tôi là «mã OTP»'
    >>> hide("Gọi 1900 0368 tốn 1.000 đ một phút từ năm 2024").spans
    ()
    """
    return hidden(view_of(text), recent, at=at, hotlines=hotlines, class_code=class_code, choices=choices)


def hidden(
    view: View, recent: Recent, *, at: float, hotlines: Collection[str], class_code: bool, choices: int = MENU
) -> Hidden:
    """The same for a text that is seen already."""
    before = recent.at(at)
    names = names_in(view)
    numbers = numbers_in(view, fixed_words(view, names))
    worded = worded_secrets(view, names)
    spans = list(worded.spans)
    awaits_class = class_code or _awaits_class(before)
    if awaits_class and not names and _is_class_code(numbers):
        numbers = []
    spans += digit_spans(view, names, numbers, hotlines)
    awaited = _awaited(view, before, spans)
    if awaited:
        spans.append(awaited)
    if view.cut < len(view.text):
        spans.append(Span(view.cut, len(view.text), UNREAD))
    piece = _piece(view, names, numbers, worded, before.number + 1, at, hotlines, choices)
    after, joined, earlier = remember(before, piece)
    kept = (span for span in spans if span.kind in _WORDED or not _overlaps(span, joined))
    found = tuple(_apart([*kept, *joined]))
    return Hidden(with_marks(view.text, found), found, after, earlier, view.cut < len(view.text))


def with_marks(text: str, spans: Iterable[Span]) -> str:
    """A text with the mark of its kind in the place of each span; spans are in order and apart."""
    parts = []
    at = 0
    for span in spans:
        parts += [text[at : span.start], MARKS[span.kind]]
        at = span.end
    return "".join((*parts, text[at:]))


def without_marks(text: str) -> str:
    """What is left to understand of a text whose secrets are marked.

    >>> without_marks("Mã OTP của tôi là «mã OTP» nè")
    'Mã OTP của tôi là nè'
    """
    for mark in MARKS.values():
        text = text.replace(mark, " ")
    return " ".join(text.split())


def _awaits_class(recent: Recent) -> bool:
    """The message before named a class and gave no code yet."""
    return bool(recent.pieces) and recent.pieces[-1].lesson and recent.pieces[-1].number == recent.number


def _is_class_code(numbers: list[Number]) -> bool:
    return len(numbers) == 1 and len(numbers[0].digits) == CLASS_CODE


def _awaited(view: View, recent: Recent, spans: list[Span]) -> Span | None:
    """The whole message, where the one before ended with "mật khẩu là" or the like and this one can be the answer."""
    last = recent.pieces[-1] if recent.pieces else None
    if spans or last is None or last.asks is None or last.number != recent.number or not view.words:
        return None
    text = view.text.strip()
    short = len(view.words) <= 6
    if last.asks == "password" and not (looks_like_password(text) or (len(view.words) == 1 and len(text) >= 4)):
        return None
    if not short or view.norms[0] in ("gi", "sao", "khong", "la", "xong", "duoc", "roi"):
        return None
    start = view.text.index(text)
    return Span(start, start + len(text), last.asks)


def _piece(
    view: View,
    names: list[Hit],
    numbers: list[Number],
    worded: Worded,
    number: int,
    at: float,
    hotlines: Collection[str],
    choices: int,
) -> Piece:
    named = _last_named(names)
    asks = worded.announced
    held = _without_counts([each for each in numbers if each.digits and not each.is_amount])
    lessons = [hit for hit in names if hit.meaning == "class"]
    if len(held) == 1 and is_class_code(view, held[0], lessons):
        # typed again after a slip it is no second half of anything
        return Piece(number, at, asks=asks)
    if not _is_only_digits(view, names, held) or any(looks_harmless(view, each, hotlines) for each in held):
        announces = named is not None and not held and _is_short(view)
        return Piece(number, at, named=named if announces else None, asks=asks, lesson=bool(lessons) and not held)
    spans = tuple(view.raw(view.begins[each.first], view.stops[each.last]) for each in held)
    digits = "".join(each.digits for each in held)
    return Piece(
        number,
        at,
        spans,
        digits=len(digits),
        named=named,
        asks=asks,
        phone=digits.startswith(("03", "05", "07", "08", "09", "02", "84")),
        whole=named is not None and len(digits) in SIZES.get(named, ()),
        menu=_may_be_an_answer(view, held, digits, choices),
    )


def _may_be_an_answer(view: View, held: list[Number], digits: str, choices: int) -> bool:
    """The number of a button, or a word that is a digit only among digits: "không", "ba"."""
    if len(digits) == 1 and not view.words[held[0].first].isdecimal():
        return True
    return len(digits) <= 2 and digits[0] != "0" and int(digits) <= choices


def _without_counts(numbers: list[Number]) -> list[Number]:
    """Without the 3 of "3 số đầu là 482"."""
    longer = [each for each in numbers if len(each.digits) > 1]
    return longer or numbers


def _last_named(names: list[Hit]) -> Kind | None:
    strong = [hit.meaning[:-1] for hit in names if hit.meaning.endswith("!") and hit.meaning != "answer!"]
    weak = [hit.meaning[:-1] for hit in names if hit.meaning.endswith("?")]
    named = strong or weak
    return cast(Kind, named[-1]) if named else None


def _is_only_digits(view: View, names: list[Hit], numbers: list[Number]) -> bool:
    """Digits, the name of a secret, and small words: a piece of a number and nothing else."""
    if not numbers:
        return False
    taken = {at for at, word in enumerate(view.words) if len(word) == 1 and word.isdecimal()}
    taken |= {at for each in numbers for at in range(each.first, each.last + 1)}
    taken |= {at for hit in names for at in range(hit.first, hit.last + 1)}
    return all(at in taken or norm in _AROUND or not norm.isalnum() for at, norm in enumerate(view.norms))


def _is_short(view: View) -> bool:
    """Names a secret and asks nothing: "mã otp nè", "số tài khoản của má là"."""
    asking = {"gi", "dau", "sao", "nao", "khong", "chua", "?", "may", "ha", "quen", "sai", "hoai"}
    return len(view.words) <= 10 and asking.isdisjoint(view.norms)


def _overlaps(span: Span, others: tuple[Span, ...]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _apart(spans: list[Span]) -> list[Span]:
    """In order and without overlap; what overlaps becomes one span, of the kind written in words where there is one."""
    apart: list[Span] = []
    for span in sorted(spans):
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
            continue
        before = apart[-1]
        kind = before.kind if before.kind in _WORDED or span.kind not in _WORDED else span.kind
        apart[-1] = Span(before.start, max(before.end, span.end), kind)
    return apart
