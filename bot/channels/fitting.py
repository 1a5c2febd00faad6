"""Turns the messages of a turn into what a channel can show: parts within its limits, choices as buttons or numbers."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.channels.channel import Abilities, Part
from bot.channels.messages import Buttons, Message, Picture, Text
from bot.core.replies import Button

# share of a platform's limit that is used: platforms do not tell how exactly they count
_MARGIN = 0.95

# where a long text is cut, the best place first
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_LINE = re.compile(r"\n\s*")
_SENTENCE = re.compile(r"[.!?…][\"”’')\]]*\s+")
_WORD = re.compile(r"\s+")

# what belongs to the emoji before it: skin tones; what joins two; letters of which two make a flag
_JOINING = "".join(map(chr, range(0x1F3FB, 0x1F400)))
_JOINER = "\u200d"
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))

# a cut before this share of what would fit leaves a crumb: rather the next kind of place
_CRUMB = 1 / 3


def fit(messages: Sequence[Message], abilities: Abilities, *, by_number: str) -> tuple[Part, ...]:
    """The parts of one turn, the same each time: after a restart delivery counts on it.

    A picture goes above the text it belongs to, so that the choices stand last. Choices that do not fit as buttons are
    numbered below ``by_number``, a finished sentence that asks for the number; typed numbers count them from 1. In
    elder mode so are all but the main ones.
    """
    choices = next((message for message in messages if isinstance(message, Buttons)), Buttons(()))
    parts = [part for message in _pictures_first(messages) for part in _parts(message, abilities)]
    return tuple(_with_choices(parts, choices, abilities, by_number))


def units(text: str) -> int:
    """The length of a text as platforms count it: UTF-16 units, two for a letter beyond the first 65,536."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# ---- pictures and texts ----


def _pictures_first(messages: Sequence[Message]) -> Iterator[Text | Picture]:
    text: Text | None = None
    for message in messages:
        match message:
            case Text():
                if text is not None:
                    yield text
                text = message
            case Picture():
                yield message
    if text is not None:
        yield text


def _parts(message: Text | Picture, abilities: Abilities) -> Iterator[Part]:
    limit = _usable(abilities.text)
    if isinstance(message, Text) and not abilities.progress:
        yield from map(Part, _pieces(message.discreet or message.text, limit))
        return
    if isinstance(message, Text):
        # a heading alone says nothing: the first cut lies behind it
        yield from map(Part, _pieces(message.whole, limit, behind=len(message.heading) + 1 if message.heading else 0))
        return
    if abilities.pictures and message.caption.strip() and units(message.caption) <= _usable(abilities.caption):
        yield Part(message.caption, picture=message.drawing)
        return
    if abilities.pictures:
        yield Part(picture=message.drawing)
    yield from map(Part, _pieces(message.caption, limit))


# ---- choices ----


def _with_choices(parts: Sequence[Part], choices: Buttons, abilities: Abilities, by_number: str) -> Iterator[Part]:
    if not choices.buttons:
        yield from parts
        return
    *before, last = parts or [Part()]
    can_carry = bool(last.text) and not last.picture
    shown = choices.buttons if choices.main is None else choices.buttons[: choices.main]
    if not can_carry or not _are_shown(shown, abilities):
        shown = ()
    if can_carry and len(shown) == len(choices.buttons):
        yield from before
        yield replace(last, buttons=shown)
        return
    limit = _usable(abilities.text)
    numbered = list(enumerate(choices.buttons, 1))[len(shown) :]
    lines = [by_number, *(f"{number}. {button.label}" for number, button in numbered)]
    together = "\n".join([f"{last.text}\n", *lines])
    if can_carry and units(together) <= limit:
        yield from before
        yield Part(together, buttons=shown)
        return
    if shown:
        # too much for one message: then every answer by its number
        yield from _with_choices(parts, replace(choices, main=0), abilities, by_number)
        return
    yield from parts
    yield from map(Part, _packed(lines, limit))


def _are_shown(buttons: Sequence[Button], abilities: Abilities) -> bool:
    """Whether the channel can show them as buttons."""
    return len(buttons) <= abilities.buttons and all(units(each.label) <= abilities.label for each in buttons)


def _packed(lines: Sequence[str], limit: int) -> Iterator[str]:
    """As many whole lines together as fit."""
    packed = ""
    for line in lines:
        longer = f"{packed}\n{line}" if packed else line
        if units(longer) <= limit:
            packed = longer
            continue
        if packed:
            yield packed
        *full, packed = _pieces(line, limit) or [""]
        yield from full
    yield packed


# ---- cutting ----


def _usable(limit: int) -> int:
    return max(int(limit * _MARGIN), 1) if limit else 0


def _pieces(text: str, limit: int, *, behind: int = 0) -> list[str]:
    """The text in pieces that fit; only white space at the cuts is lost."""
    pieces = []
    while units(text) > limit:
        cut = _cut(text, limit, behind)
        pieces.append(text[:cut].rstrip())
        text, behind = text[cut:].lstrip(), 0
    return [piece for piece in (*pieces, text) if piece.strip()]


def _cut(text: str, limit: int, behind: int) -> int:
    """Where to cut: the last good place that fits, behind the heading if that can be."""
    most = _most(text, limit)
    behind = behind if behind < most else 0
    for place in (_PARAGRAPH, _LINE, _SENTENCE, _WORD):
        # one letter more: white space there is not shown
        cut = max((found.end() for found in place.finditer(text, behind, most + 1)), default=0)
        if cut > max(behind, most * _CRUMB) or (place is _WORD and cut > behind):
            return cut
    return next((cut for cut in range(most, 0, -1) if not _is_inside_letter(text, cut)), most)


def _is_inside_letter(text: str, cut: int) -> bool:
    """Whether what the eye sees as one letter would be cut in two: marks, skin tones, joined emoji, flags."""
    before, after = text[cut - 1], text[cut]
    if unicodedata.category(after) in ("Mn", "Mc", "Me") or after in _JOINING or _JOINER in (before, after):
        return True
    flags = len(text[:cut]) - len(text[:cut].rstrip(_FLAG_LETTERS))
    return after in _FLAG_LETTERS and flags % 2 == 1


def _most(text: str, limit: int) -> int:
    """How many letters fit."""
    used = 0
    for count, letter in enumerate(text):
        used += units(letter)
        if used > limit:
            return max(count, 1)
    return len(text)
