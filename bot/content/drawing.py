"""The project's own schematic screens: one picture in, one SVG or PNG out, always the same bytes for the same picture.

Every block of a screen is a small class; its first field is the word an author writes. Nothing here resembles a real
logo, name or number: what a person types is only ever drawn as dots.
"""

import base64
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from html import escape
from importlib.resources import files
from itertools import groupby

import resvg_py
from PIL import Image, ImageFont

WIDTH = 720
TALLEST = 1000
_SHORTEST = 700
_GAP = 22
# how far a ring keeps other things away
_CLEAR = 20
_MARK = "Hình minh hoạ"

# text on its ground never falls under 7:1
_INK, _SOFT_INK, _PAPER, _PANEL, _EDGE = "#14212b", "#34434f", "#ffffff", "#e3ebf1", "#6b7c8a"
_GROUND, _BODY, _STRONG, _CALM, _CHOSEN = "#eaf0f4", "#25323d", "#00508a", "#d6e4ef", "#d3e7f7"
_RING, _RED, _RED_PAPER, _GREEN, _GREEN_PAPER = "#e8590c", "#941616", "#fdecec", "#085a30", "#e5f5ec"
_YELLOW, _YELLOW_PAPER, _SKIN, _CASE = "#f2b544", "#fff5d9", "#ffd9a8", "#46535e"


class DoesNotFitError(ValueError):
    """A text is longer than the room it has; the message is the text."""


class TooTallError(DoesNotFitError):
    """The blocks together are taller than a picture may be."""


# --- places and text ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the canvas."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block begins and how wide it may be."""

    x: float
    y: float
    width: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    def inside(self, *, left: float = 0, top: float = 0, right: float = 0) -> "Place":
        return Place(self.x + left, self.y + top, self.width - left - right)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a block became, how tall it is and which part of it the ring goes around."""

    svg: str
    height: float
    focus: Box


@dataclass(frozen=True, slots=True)
class Style:
    """Size and weight of letters."""

    size: int
    bold: bool = False

    @property
    def line(self) -> float:
        return self.size * 1.26


_TITLE, _BUTTON, _TEXT, _STRONG_TEXT = Style(44, bold=True), Style(42, bold=True), Style(36), Style(36, bold=True)
_LABEL, _SMALL, _KEY, _BIG = Style(34), Style(26), Style(40, bold=True), Style(60, bold=True)


@cache
def _font_file(*, bold: bool) -> str:
    return str(files("font_roboto") / "files" / ("Roboto-Bold.ttf" if bold else "Roboto-Regular.ttf"))


@cache
def _font(style: Style) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_font_file(bold=style.bold), style.size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(4096)
def _length(text: str, style: Style) -> float:
    return _font(style).getlength(text)


def undrawable(text: str) -> str:
    """The letters of a text that the font does not have, such as emoji and arrows."""
    return "".join(letter for letter in text if not _has_glyph(letter))


@cache
def _has_glyph(letter: str) -> bool:
    mask = _font(_TEXT).getmask
    return letter.isspace() or bytes(mask(letter)) != bytes(mask("\uffff"))


def wrap(text: str, width: float, style: Style, most: int) -> list[str]:
    """A text in as few lines as it needs, of nearly the same length; DoesNotFitError past ``most`` lines."""
    lines = _fill(text, width, style)
    if len(lines) > most or any(_length(line, style) > width for line in lines):
        raise DoesNotFitError(text)
    widest = max((_length(word, style) for word in text.split()), default=0)
    narrower = width - 8
    while len(lines) > 1 and narrower >= widest:
        closer = _fill(text, narrower, style)
        if len(closer) > len(lines):
            break
        lines, narrower = closer, narrower - 8
    return lines


def _fill(text: str, width: float, style: Style) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and _length(f"{lines[-1]} {word}", style) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _letters(text: str, x: float, baseline: float, style: Style, colour: str, *, anchor: str) -> str:
    # textLength keeps the layout where a browser has no Roboto and takes a wider font
    return (
        f'<text x="{_n(x)}" y="{_n(baseline)}" font-size="{style.size}" font-weight="{700 if style.bold else 400}" '
        f'fill="{colour}" text-anchor="{anchor}" textLength="{_n(_length(text, style))}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )


def _text(text: str, place: Place, style: Style, *, colour: str = _INK, most: int = 3, centre: bool = False) -> Drawn:
    x, anchor = (place.middle, "middle") if centre else (place.x, "start")
    lines = wrap(text, place.width, style, most)
    first = place.y + style.size
    svg = "".join(
        _letters(line, x, first + n * style.line, style, colour, anchor=anchor) for n, line in enumerate(lines)
    )
    height = len(lines) * style.line
    return Drawn(svg, height, Box(place.x - 6, place.y, place.width + 12, height))


# --- shapes -------------------------------------------------------------------------------------------------


def _n(number: float) -> str:
    return f"{round(number, 1):g}"


def _rect(box: Box, fill: str, *, round_by: float = 16, edge: str = "none", thick: float = 3, more: str = "") -> str:
    return (
        f'<rect x="{_n(box.x)}" y="{_n(box.y)}" width="{_n(box.width)}" height="{_n(box.height)}" rx="{_n(round_by)}" '
        f'fill="{fill}" stroke="{edge}" stroke-width="{_n(thick)}"{more}/>'
    )


def _circle(x: float, y: float, radius: float, fill: str, *, edge: str = "none", thick: float = 3) -> str:
    return (
        f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}" stroke="{edge}" stroke-width="{_n(thick)}"/>'
    )


def _line(path: str, colour: str, thick: float, *, more: str = "") -> str:
    ends = 'stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{_n(thick)}" {ends}{more}/>'


def _shape(path: str, fill: str, *, edge: str = _BODY, thick: float = 4) -> str:
    return f'<path d="{path}" fill="{fill}" stroke="{edge}" stroke-width="{_n(thick)}" stroke-linejoin="round"/>'


def _at(x: float, y: float, scale: float, svg: str, *, turn: float = 0) -> str:
    turned = f" rotate({_n(turn)})" if turn else ""
    return f'<g transform="translate({_n(x)} {_n(y)}) scale({scale:.3g}){turned}">{svg}</g>'


def _dots(x: float, y: float, count: int, width: float, *, colour: str = _INK) -> str:
    step = min(36, width / count)
    return "".join(_circle(x + step * (n + 0.5), y, step * 0.27, colour) for n in range(count))


def _tick(x: float, y: float, size: float, colour: str = _PAPER) -> str:
    return _at(x, y, size / 100, _line("M-32 2 L-10 26 L34 -24", colour, 18))


def _cross(x: float, y: float, size: float, colour: str = _PAPER) -> str:
    return _at(x, y, size / 100, _line("M-25 -25 L25 25 M25 -25 L-25 25", colour, 18))


# --- blocks of a screen -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One thing on a screen. ``press`` brings ring and hand, ``look`` the ring alone."""

    press: bool = False
    look: bool = False

    @property
    def stands_out(self) -> bool:
        return self.press or self.look

    def draw(self, place: Place) -> Drawn:
        raise NotImplementedError


def one_of(names: Callable[[], tuple[str, ...]]) -> dict[str, Callable[[], tuple[str, ...]]]:
    """Metadata of a field that takes one of a few words."""
    return {"words": names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Title(Block):
    """A heading."""

    title: str

    def draw(self, place: Place) -> Drawn:
        return _text(self.title, place, _TITLE, centre=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Block):
    """Plain words."""

    text: str

    def draw(self, place: Place) -> Drawn:
        return _text(self.text, place, _TEXT, most=4, centre=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Block):
    """A hint on pale yellow."""

    note: str

    def draw(self, place: Place) -> Drawn:
        words = _text(self.note, place.inside(left=24, top=14, right=24), _TEXT, most=4, centre=True)
        box = Box(place.x, place.y, place.width, words.height + 30)
        return Drawn(_rect(box, _YELLOW_PAPER, edge=_YELLOW) + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbid(Block):
    """What one must not do: a red panel with a cross."""

    forbid: str

    def draw(self, place: Place) -> Drawn:
        words = _text(self.forbid, place.inside(left=112, top=20, right=16), _STRONG_TEXT, colour=_RED, most=4)
        box = Box(place.x, place.y, place.width, max(words.height + 42, 104))
        middle = place.y + box.height / 2
        words = _text(
            self.forbid,
            Place(place.x + 112, middle - words.height / 2, place.width - 128),
            _STRONG_TEXT,
            colour=_RED,
            most=4,
        )
        sign = _circle(place.x + 58, middle, 36, _RED) + _cross(place.x + 58, middle, 66)
        return Drawn(_rect(box, _RED_PAPER, edge=_RED, thick=4) + sign + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Block):
    """Something that went well."""

    tick: str

    def draw(self, place: Place) -> Drawn:
        words = _text(self.tick, place.inside(left=16, top=156, right=16), _STRONG_TEXT, colour=_GREEN, centre=True)
        box = Box(place.x, place.y, place.width, words.height + 178)
        sign = _circle(place.middle, place.y + 84, 60, _GREEN) + _tick(place.middle, place.y + 84, 110)
        return Drawn(_rect(box, _GREEN_PAPER, edge=_GREEN) + sign + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Block):
    """A place to type in; ``dots`` stand for what is typed."""

    field: str
    dots: int = 0

    def draw(self, place: Place) -> Drawn:
        words = _text(self.field, place, _LABEL, most=2, colour=_SOFT_INK)
        top = words.height + (_CLEAR if self.stands_out else 8)
        box = Box(place.x, place.y + top, place.width, 80)
        typed = _dots(box.x + 20, box.y + 40, self.dots, box.width - 40) if self.dots else ""
        return Drawn(words.svg + _rect(box, _PAPER, edge=_EDGE, thick=4) + typed, top + 80, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(Block):
    """The search line of a store."""

    search: str

    def draw(self, place: Place) -> Drawn:
        box = Box(place.x, place.y, place.width, 84)
        words = _text(self.search, place.inside(left=92, top=18, right=24), Style(38, bold=True), most=1)
        glass = _circle(place.x + 46, place.y + 38, 17, "none", edge=_INK, thick=6)
        handle = _line(f"M{_n(place.x + 59)} {_n(place.y + 51)} l13 13", _INK, 7)
        return Drawn(_rect(box, _PANEL, round_by=42, edge=_EDGE) + glass + handle + words.svg, 84, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Block):
    """The address line of a browser."""

    address: str

    def draw(self, place: Place) -> Drawn:
        box = Box(place.x, place.y, place.width, 76)
        words = _text(self.address, place.inside(left=30, top=14, right=24), _STRONG_TEXT, most=1)
        return Drawn(_rect(box, _PAPER, round_by=38, edge=_EDGE, thick=4) + words.svg, 76, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button(Block):
    """A button over the whole width."""

    button: str

    def draw(self, place: Place) -> Drawn:
        fill, colour = (_STRONG, _PAPER) if self.stands_out else (_CALM, _INK)
        words = _text(self.button, place.inside(left=20, top=24, right=20), _BUTTON, colour=colour, centre=True)
        box = Box(place.x, place.y, place.width, words.height + 44)
        return Drawn(_rect(box, fill, round_by=22) + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Block):
    """A line of a list."""

    row: str
    drawing: str = field(default="", metadata=one_of(lambda: tuple(_ICONS)))
    detail: str = ""

    def draw(self, place: Place) -> Drawn:
        left = 100 if self.drawing else 24
        strong = self.stands_out
        name = _text(self.row, place.inside(left=left, top=20, right=56), Style(36, bold=strong), most=3)
        more = self._detail(place.inside(left=left, top=20 + name.height, right=56))
        box = Box(place.x, place.y, place.width, max(name.height + more.height + 36, 92))
        lift = (box.height - name.height - more.height - 36) / 2
        picture = _icon(self.drawing, place.x + 20, place.y + box.height / 2 - 32, 64) if self.drawing else ""
        arrow = _line(f"M{_n(place.x + place.width - 36)} {_n(place.y + box.height / 2 - 14)} l14 14 l-14 14", _INK, 6)
        fill, edge = (_CHOSEN, _STRONG) if strong else (_PAPER, _EDGE)
        words = _at(0, lift, 1, name.svg + more.svg)
        return Drawn(_rect(box, fill, edge=edge) + picture + words + arrow, box.height, box)

    def _detail(self, place: Place) -> Drawn:
        return _text(self.detail, place, Style(30), colour=_SOFT_INK, most=2) if self.detail else _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Icon(Block):
    """A picture with its name; icons that follow one another stand in a grid."""

    icon: str
    drawing: str = field(metadata=one_of(lambda: tuple(_ICONS)))

    def draw(self, place: Place) -> Drawn:
        words = _text(self.icon, place.inside(left=8, top=130, right=8), Style(34, bold=True), most=3, centre=True)
        box = Box(place.x, place.y, place.width, words.height + 146)
        fill, edge = (_CHOSEN, _STRONG) if self.stands_out else (_PAPER, _EDGE)
        picture = _icon(self.drawing, place.middle - 52, place.y + 20, 104)
        return Drawn(_rect(box, fill, edge=edge) + picture + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Block):
    """A box to tick, drawn ticked."""

    check: str

    def draw(self, place: Place) -> Drawn:
        words = _text(self.check, place.inside(left=92), _TEXT, most=5)
        height = max(words.height, 70)
        box = Box(place.x + 4, place.y + 2, 64, 64)
        fill = _STRONG if self.stands_out else _SOFT_INK
        svg = _rect(box, fill, round_by=12) + _tick(box.middle, box.y + 32, 62)
        svg += _at(0, (height - words.height) / 2, 1, words.svg)
        return Drawn(svg, height, Box(place.x - 4, place.y - 6, place.width + 8, height + 12))


@dataclass(frozen=True, slots=True, kw_only=True)
class Store(Block):
    """An app in the store, with the button that installs it."""

    store: str
    by: str = ""
    button: str = ""

    def draw(self, place: Place) -> Drawn:
        name = _text(self.store, place.inside(left=136, top=18, right=16), Style(42, bold=True), most=2)
        below = place.inside(left=136, top=20 + name.height, right=16)
        maker = _text(self.by, below, Style(30), colour=_SOFT_INK, most=3) if self.by else _NOTHING
        height = max(name.height + maker.height + 40, 136)
        frame = Box(place.x, place.y, place.width, height)
        lift = _at(0, (height - name.height - maker.height - 40) / 2, 1, name.svg + maker.svg)
        svg = _icon("ung_dung", place.x + 16, place.y + 16, 104) + lift
        if not self.button:
            fill, edge = (_CHOSEN, _STRONG) if self.stands_out else (_PAPER, _EDGE)
            return Drawn(_rect(frame, fill, edge=edge) + svg, height, frame)
        install = Button(button=self.button, press=self.press, look=self.look)
        pill = install.draw(place.inside(left=32, top=height + 12, right=32))
        whole = Box(frame.x, frame.y, frame.width, height + pill.height + 44)
        return Drawn(_rect(whole, _PAPER, edge=_EDGE) + svg + pill.svg, whole.height, pill.focus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Block):
    """A message that came by SMS; ``dots`` stand for the code in it."""

    message: str
    sender: str = ""
    dots: int = 0

    def draw(self, place: Place) -> Drawn:
        who = _text(self.sender, place, _STRONG_TEXT, most=1) if self.sender else _NOTHING
        top = place.y + who.height + (_CLEAR if self.stands_out else 6)
        words = _text(self.message, Place(place.x + 26, top + 18, place.width - 66), _TEXT, most=5)
        box = Box(place.x, top, place.width - 14, words.height + 40 + (54 if self.dots else 0))
        code = _dots(box.x + 26, top + words.height + 48, self.dots, box.width - 52) if self.dots else ""
        tail = (
            ""
            if self.stands_out
            else _shape(f"M{_n(box.x + 30)} {_n(box.bottom - 3)} l-14 30 l48 -30 z", _PANEL, edge=_PANEL)
        )
        return Drawn(
            who.svg + tail + _rect(box, _PANEL, round_by=26) + words.svg + code, box.bottom - place.y + 28, box
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pad(Block):
    """A row of dots over the keys one types them with."""

    pad: str
    dots: int = 6

    def draw(self, place: Place) -> Drawn:
        words = _text(self.pad, place, _TEXT, most=2, centre=True)
        step, top = min(64, (place.width - 88) / self.dots), words.height + _CLEAR
        middle = place.y + top + 34
        left = place.middle - step * (self.dots - 1) / 2
        typed = "".join(_circle(left + step * n, middle, step / 4, _INK) for n in range(self.dots))
        keys = _keys(place.inside(left=40, top=top + 68 + _CLEAR, right=40), 74, names="123456789 0 ")
        box = Box(left - 44, middle - 34, step * (self.dots - 1) + 88, 68)
        ring = _rect(box, _PANEL, round_by=34)
        return Drawn(words.svg + ring + typed + keys.svg, top + 68 + _CLEAR + keys.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial(Block):
    """A hotline and the green key that calls it."""

    dial: str

    def draw(self, place: Place) -> Drawn:
        number = _text(self.dial, place.inside(top=10), _BIG, most=1, centre=True)
        x, y = place.middle, place.y + number.height + 106
        key = _circle(x, y, 72, _GREEN) + _at(x, y, 0.8, _HANDSET)
        return Drawn(number.svg + key, number.height + 190, Box(x - 76, y - 76, 152, 152))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Block):
    """Somebody rings; ``says`` is what they want; the red key hangs up."""

    call: str
    says: str = ""

    def draw(self, place: Place) -> Drawn:
        head = _at(place.middle, place.y + 62, 0.62, _circle(0, 0, 92, _EDGE) + _person(_INK, "#cfd8df", face=False))
        name = _text(self.call, place.inside(top=128), _TITLE, most=2, centre=True)
        said = self._bubble(place.inside(top=140 + name.height))
        x, y = place.middle, place.y + 140 + name.height + said.height + 96
        key = _circle(x, y, 74, _RED) + _at(x, y + 6, 0.8, _HANDSET, turn=135)
        height = 140 + name.height + said.height + 176
        return Drawn(head + name.svg + said.svg + key, height, Box(x - 78, y - 78, 156, 156))

    def _bubble(self, place: Place) -> Drawn:
        if not self.says:
            return _NOTHING
        words = _text(self.says, place.inside(left=24, top=16, right=24), _TEXT, colour=_RED, most=3, centre=True)
        box = Box(place.x, place.y, place.width, words.height + 36)
        return Drawn(_rect(box, _RED_PAPER, round_by=26, edge=_RED) + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter(Block):
    """A desk under a sign, somebody behind it, and what one brings."""

    counter: str
    who: str = field(default="can_bo", metadata=one_of(lambda: tuple(_PEOPLE)))
    brings: str = field(default="", metadata=one_of(lambda: tuple(_BRINGS)))

    def draw(self, place: Place) -> Drawn:
        sign = _text(
            self.counter,
            place.inside(left=20, top=18, right=20),
            Style(42, bold=True),
            colour=_PAPER,
            most=3,
            centre=True,
        )
        board = _rect(Box(place.x, place.y, place.width, sign.height + 36), _STRONG, round_by=12)
        top = place.y + sign.height + 36
        wall = _rect(Box(place.x + 14, top, place.width - 28, 230), _PANEL, round_by=0)
        person = _at(place.middle, top + 126, 1.16, _PEOPLE[self.who])
        desk_top = _rect(Box(place.x - 4, top + 226, place.width + 8, 26), "#8a5a2b", round_by=8)
        desk = _rect(Box(place.x + 20, top + 250, place.width - 40, 120), "#b98148", round_by=6)
        things = _at(place.middle, top + 226, 1, _BRINGS[self.brings]) if self.brings else ""
        height = sign.height + 36 + 370
        box = Box(place.x - 2, place.y, place.width + 4, sign.height + 36)
        return Drawn(wall + board + sign.svg + person + desk + desk_top + things, height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Block):
    """One of the ready drawings, with words under it."""

    scene: str = field(metadata=one_of(lambda: tuple(_SCENES)))
    label: str = ""

    def draw(self, place: Place) -> Drawn:
        art, gap = _SCENES[self.scene], _CLEAR if self.stands_out else 10
        scale = min(1, place.width / _SCENE_WIDTH)
        x = place.middle - _SCENE_WIDTH * scale / 2
        words = (
            _text(self.label, place.inside(top=art.height * scale + gap), _STRONG_TEXT, centre=True)
            if self.label
            else _NOTHING
        )
        box = Box(
            x + art.focus.x * scale, place.y + art.focus.y * scale, art.focus.width * scale, art.focus.height * scale
        )
        return Drawn(_at(x, place.y, scale, art.svg) + words.svg, art.height * scale + words.height + gap, box)


_SCENE_WIDTH = 560
_NOTHING = Drawn("", 0, Box(0, 0, 0, 0))


def _keys(place: Place, height: float, *, names: str) -> Drawn:
    """The keys of a number pad, three in a row; a space leaves a hole."""
    gap, width = 12, (place.width - 24) / 3
    svg = ""
    for n, name in enumerate(names):
        if name == " ":
            continue
        box = Box(place.x + n % 3 * (width + gap), place.y + n // 3 * (height + gap), width, height)
        baseline = box.y + height / 2 + _KEY.size * 0.36
        svg += _rect(box, _PANEL, round_by=18, edge=_EDGE, thick=2) + _letters(
            name, box.middle, baseline, _KEY, _INK, anchor="middle"
        )
    whole = Box(place.x, place.y, place.width, 4 * height + 3 * gap)
    return Drawn(svg, whole.height, whole)


# --- small pictures, each on a square of 100 ----------------------------------------------------------------


def _icon(name: str, x: float, y: float, size: float) -> str:
    return _at(x, y, size / 100, _rect(Box(0, 0, 100, 100), _PANEL, round_by=24) + _ICONS[name])


_HANDSET = _shape(
    "M-44 -36 C-40 -48 -26 -56 -18 -50 L-4 -28 C0 -20 -12 -12 -14 -6 C-8 8 4 18 14 22 C20 20 28 8 36 12"
    " L54 26 C60 34 50 46 42 50 C0 60 -56 8 -44 -36 Z",
    _PAPER,
    edge=_PAPER,
    thick=2,
)
_CHIP_CARD = (
    _rect(Box(8, 24, 84, 54), "#cfe3d4", round_by=8, edge=_BODY, thick=4)
    + _rect(Box(17, 36, 20, 17), _YELLOW, round_by=3, edge=_BODY, thick=2.5)
    + _line("M48 40 H82 M48 52 H82 M18 66 H62", _SOFT_INK, 5)
)
_PHONE = (
    _rect(Box(28, 8, 44, 84), _BODY, round_by=9)
    + _rect(Box(33, 18, 34, 60), "#bfe0f5", round_by=3)
    + _circle(50, 85, 3.5, _PAPER)
)
_ICONS: dict[str, str] = {
    "ung_dung": _rect(Box(14, 14, 72, 72), _STRONG, round_by=16)
    + _circle(50, 40, 13, _PAPER)
    + _shape("M27 74 C27 52 73 52 73 74 Z", _PAPER, edge=_PAPER),
    "an_sinh": _shape("M50 44 C40 28 20 36 26 52 C30 62 44 70 50 76 C56 70 70 62 74 52 C80 36 60 28 50 44 Z", "#d64545")
    + _line("M14 66 C20 84 36 92 50 92 C64 92 80 84 86 66", _BODY, 6),
    "giay_to": _shape("M24 10 H62 L78 28 V90 H24 Z", _PAPER) + _line("M36 42 H66 M36 56 H66 M36 70 H56", _SOFT_INK, 5),
    "the": _CHIP_CARD,
    "dien_thoai": _PHONE,
    "suc_khoe": _shape("M38 14 H62 V38 H86 V62 H62 V86 H38 V62 H14 V38 H38 Z", "#2f9e66"),
    "dich_vu": _rect(Box(16, 16, 30, 30), _STRONG, round_by=7)
    + _rect(Box(54, 16, 30, 30), _YELLOW, round_by=7)
    + _rect(Box(16, 54, 30, 30), "#2f9e66", round_by=7)
    + _rect(Box(54, 54, 30, 30), "#d64545", round_by=7),
    "ngan_hang": _shape("M50 10 L90 36 H10 Z", _YELLOW)
    + _line("M24 46 V72 M41 46 V72 M59 46 V72 M76 46 V72", _BODY, 8)
    + _rect(Box(12, 78, 76, 11), _BODY, round_by=3),
    "nguoi": _circle(50, 34, 20, _SOFT_INK) + _shape("M14 90 C14 54 86 54 86 90 Z", _SOFT_INK, edge=_SOFT_INK),
    "cai_dat": _circle(50, 50, 25, "none", edge=_SOFT_INK, thick=14)
    + _line(
        "M50 12 V20 M50 80 V88 M12 50 H20 M80 50 H88 M23 23 L29 29 M71 71 L77 77 M23 77 L29 71 M71 29 L77 23",
        _SOFT_INK,
        13,
    ),
    "loa": _shape("M14 40 H34 L70 18 V82 L34 60 H14 Z", "#d64545")
    + _line("M80 38 C86 44 86 56 80 62", _BODY, 6)
    + _line("M30 62 L36 86", _BODY, 9),
    "chuong": _shape("M22 72 C30 62 28 48 30 40 C34 16 66 16 70 40 C72 48 70 62 78 72 Z", _YELLOW)
    + _circle(50, 82, 8, _BODY),
    "vi_tri": _shape("M50 90 C26 60 22 50 22 40 C22 4 78 4 78 40 C78 50 74 60 50 90 Z", "#d64545")
    + _circle(50, 39, 11, _PAPER),
    "khoa": _line("M34 46 V34 C34 12 66 12 66 34 V46", _BODY, 9)
    + _rect(Box(22, 44, 56, 42), _YELLOW, round_by=8, edge=_BODY, thick=4)
    + _circle(50, 64, 7, _BODY),
    "sim": _shape("M26 10 H60 L78 28 V90 H26 Z", "#cfe3d4")
    + _rect(Box(36, 48, 32, 28), _YELLOW, round_by=5, edge=_BODY),
    "may_bay": _shape(
        "M50 8 C58 8 58 20 58 34 L92 58 V68 L58 58 V78 L70 88 V94 L50 88 L30 94 V88 L42 78 V58 L8 68 V58"
        " L42 34 C42 20 42 8 50 8 Z",
        _STRONG,
        edge=_STRONG,
        thick=2,
    ),
    "lich_su": _circle(50, 50, 36, _PAPER, edge=_BODY, thick=6) + _line("M50 28 V52 L66 62", _BODY, 7),
    "tin_nhan": _shape("M12 18 H88 V68 H46 L26 88 V68 H12 Z", "#2f9e66") + _line("M28 36 H72 M28 50 H58", _PAPER, 6),
}


# --- people, things, scenes ---------------------------------------------------------------------------------


def _person(coat: str, hair: str, *, face: bool = True) -> str:
    """Head and shoulders around the origin, about 170 wide."""
    smile = _circle(-13, -34, 4, _BODY) + _circle(13, -34, 4, _BODY) + _line("M-12 -16 C-6 -8 6 -8 12 -16", _BODY, 4)
    return (
        _shape("M-82 100 C-82 24 -36 10 0 10 C36 10 82 24 82 100 Z", coat)
        + _circle(0, -30, 40, _SKIN if face else hair, edge=_BODY, thick=4)
        + (_shape("M-42 -34 C-46 -84 46 -84 42 -34 C30 -54 -30 -54 -42 -34 Z", hair) + smile if face else "")
    )


_PEOPLE: dict[str, str] = {
    "can_bo": _person("#5d7f5a", "#2b2b2b")
    + _shape("M-48 -58 C-50 -92 50 -92 48 -58 Z", "#5d7f5a")
    + _shape("M-46 -58 H46 L40 -46 H-40 Z", "#3d5a3b"),
    "tinh_nguyen_vien": _person("#3f8fcf", "#2b2b2b") + _line("M-20 14 L0 36 L20 14", _PAPER, 6),
    "nhan_vien": _person("#e9edf0", "#2b2b2b") + _shape("M-8 14 H8 L12 62 L0 74 L-12 62 Z", _STRONG),
}
_BRINGS: dict[str, str] = {
    "the": _at(-212, -104, 1.2, _CHIP_CARD),
    "the_va_dien_thoai": _at(-206, -104, 1.2, _CHIP_CARD) + _at(100, -116, 1.2, _PHONE),
}


@dataclass(frozen=True, slots=True)
class Art:
    """A ready drawing, 560 wide, and the part of it that matters."""

    svg: str
    height: float
    focus: Box


def _phone_back(x: float) -> str:
    return (
        _rect(Box(x, 30, 230, 400), _CASE, round_by=36, edge=_BODY, thick=6)
        + _rect(Box(x + 22, 54, 84, 84), _BODY, round_by=22)
        + _circle(x + 47, 80, 15, "#9fb3c1")
        + _circle(x + 80, 112, 15, "#9fb3c1")
        + _words("Lưng máy", x + 115, 390, colour=_PAPER)
    )


def _held_card(y: float) -> str:
    return _at(148, y - 45, 2.4, _CHIP_CARD) + "".join(_wave(446 + 26 * n, y + 75, 41 + 14 * n) for n in range(3))


def _wave(x: float, y: float, half: float) -> str:
    return _line(f"M{_n(x)} {_n(y - half)} q{_n(half * 0.55)} {_n(half)} 0 {_n(2 * half)}", _RING, 9)


def _fingerprint() -> str:
    lines = ((14, 52), (34, 66), (54, 52), (74, 24))
    arcs = "".join(_line(f"M{-r} {down} V0 a{r} {r} 0 0 1 {2 * r} 0 V{down}", _STRONG, 9) for r, down in lines)
    return _circle(0, 0, 116, _PAPER, edge=_STRONG, thick=6) + _at(0, 4, 1, arcs)


def _small_phone(x: float, screen: str) -> str:
    return (
        _rect(Box(x, 20, 210, 330), _BODY, round_by=30)
        + _rect(Box(x + 12, 48, 186, 272), _PAPER, round_by=6)
        + _circle(x + 105, 335, 7, _PAPER)
        + screen
    )


def _oval(x: float, y: float, width: float, height: float) -> str:
    half = f"a{_n(width)} {_n(height)} 0 1 1"
    path = f"M{_n(x - width)} {_n(y)} {half} {_n(2 * width)} 0 {half} {_n(-2 * width)} 0"
    return _line(path, _STRONG, 9, more=' stroke-dasharray="26 20"')


def _words(text: str, x: float, y: float, *, style: Style = _STRONG_TEXT, colour: str = _INK) -> str:
    # no measuring here: scenes are put together when the module is read, before any font is needed
    weight = 700 if style.bold else 400
    look = f'font-size="{style.size}" font-weight="{weight}" fill="{colour}" text-anchor="middle"'
    return f'<text x="{_n(x)}" y="{_n(y)}" {look}>{text}</text>'


_BARE_FACE = (
    _shape("M-120 190 C-116 120 -60 104 0 104 C60 104 116 120 120 190 Z", "#3f8fcf")
    + _shape("M-74 -20 C-74 -120 74 -120 74 -20 C74 60 40 112 0 112 C-40 112 -74 60 -74 -20 Z", _SKIN)
    + _shape("M-78 -16 C-96 -136 96 -136 78 -16 C66 -66 -66 -66 -78 -16 Z", "#c9ced3")
    + _circle(-28, -4, 7, _BODY)
    + _circle(28, -4, 7, _BODY)
    + _line("M0 4 L-7 32 H7", _BODY, 5)
    + _line("M-26 60 C-12 72 12 72 26 60", _BODY, 6)
)
_SUN = _circle(0, 0, 30, _YELLOW) + _line(
    "M0 -56 V-44 M0 44 V56 M-56 0 H-44 M44 0 H56 M-40 -40 L-32 -32 M32 32 L40 40 M-40 40 L-32 32 M32 -32 L40 -40",
    _YELLOW,
    9,
)
_SCENES: dict[str, Art] = {
    "the_o_dau_may": Art(_phone_back(165) + _held_card(30), 450, Box(160, 12, 252, 164)),
    "the_o_giua_may": Art(_phone_back(165) + _held_card(170), 450, Box(160, 152, 252, 164)),
    "khuon_mat": Art(
        _at(280, 166, 1, _BARE_FACE) + _oval(280, 176, 118, 152) + _at(64, 84, 1, _SUN) + _at(496, 84, 1, _SUN),
        384,
        Box(146, 10, 268, 356),
    ),
    "van_tay": Art(
        _rect(Box(130, 20, 300, 290), _BODY, round_by=36) + _at(280, 165, 1.04, _fingerprint()),
        330,
        Box(126, 16, 308, 298),
    ),
    "may_cu_may_moi": Art(
        _small_phone(30, _rect(Box(52, 130, 166, 84), _YELLOW_PAPER, edge=_YELLOW) + _dots(59, 172, 6, 152))
        + _small_phone(320, _rect(Box(342, 130, 166, 84), _PAPER, edge=_STRONG, thick=6) + _dots(349, 172, 6, 152))
        + _line("M252 172 H300 M284 152 L304 172 L284 192", _RING, 12)
        + _words("Máy cũ", 135, 94)
        + _words("Máy mới", 425, 94),
        360,
        Box(334, 122, 182, 100),
    ),
    "khay_sim": Art(
        _rect(Box(20, 50, 520, 190), "#cfd8df", round_by=30, edge=_BODY, thick=5)
        + _rect(Box(56, 80, 190, 130), _PAPER, round_by=18, edge=_STRONG, thick=6)
        + _at(150, 82, 0.86, _ICONS["sim"])
        + _rect(Box(314, 80, 190, 130), _PAPER, round_by=18, edge=_EDGE)
        + _words("1", 110, 164, style=_BIG, colour=_STRONG)
        + _words("2", 409, 164, style=_BIG, colour=_SOFT_INK),
        262,
        Box(48, 72, 206, 146),
    ),
    "mat_sau_the": Art(
        _rect(Box(20, 20, 520, 320), "#dfe6ec", round_by=28, edge=_BODY, thick=5)
        + _rect(Box(23, 62, 514, 62), _BODY, round_by=0)
        + _rect(Box(60, 152, 300, 46), _PAPER, round_by=4, edge=_EDGE)
        + _at(96, 278, 0.5, _circle(0, 0, 64, _GREEN) + _HANDSET)
        + _dots(150, 278, 9, 320),
        360,
        Box(50, 232, 440, 92),
    ),
    "ngay_cho": Art(
        "".join(
            _rect(Box(30 + 176 * n, 40, 148, 160), _PAPER, edge=_BODY, thick=5)
            + _rect(Box(30 + 176 * n, 40, 148, 44), _STRONG, round_by=14)
            + _words(str(n + 1), 104 + 176 * n, 164, style=_BIG)
            for n in range(3)
        ),
        216,
        Box(16, 26, 528, 188),
    ),
    "giu_kin_ma": Art(
        _at(132, 196, 1.3, _person("#9b6fb0", "#c9ced3"))
        + _shape(
            "M300 60 H520 q24 0 24 24 V164 q0 24 -24 24 H360 L300 230 L316 188 Q276 188 276 164 V84 q0 -24 24 -24 Z",
            _PANEL,
        )
        + _dots(302, 124, 6, 216)
        + _line("M288 196 L536 54", _RED, 16),
        330,
        Box(262, 40, 294, 174),
    ),
    "nguoi_huong_dan": Art(
        _at(160, 150, 1.24, _PEOPLE["tinh_nguyen_vien"])
        + _at(400, 150, 1.24, _person("#9b6fb0", "#d8dde1"))
        + _rect(Box(10, 262, 540, 26), "#8a5a2b", round_by=8)
        + _rect(Box(36, 286, 488, 54), "#b98148", round_by=6)
        + _at(220, 150, 1.2, _PHONE),
        344,
        Box(6, 26, 548, 314),
    ),
}


# --- devices ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Device:
    """A frame around the screen: where its content begins, how wide that is, and what is drawn around it."""

    top: float
    left: float
    width: float
    below: float
    shortest: float
    frame: Callable[["Picture", float], str]
    has_app: bool = True


def _phone(picture: "Picture", bottom: float) -> str:
    return (
        _rect(Box(34, 14, 652, bottom - 14), _BODY, round_by=54)
        + _rect(Box(50, 58, 620, bottom - 58 - 40), _PAPER, round_by=14)
        + _rect(Box(300, 30, 120, 12), "#7d8b96", round_by=6)
        + _rect(Box(280, bottom - 26, 160, 10), "#7d8b96", round_by=5)
        + _app_bar(picture.app, Box(50, 58, 620, 84))
    )


def _app_bar(name: str, box: Box) -> str:
    corners = f"v{_n(14 - box.height)} q0 -14 14 -14 h{_n(box.width - 28)} q14 0 14 14 v{_n(box.height - 14)}"
    shape = f"M{_n(box.x)} {_n(box.bottom)} {corners} z"
    words = _text(
        name,
        Place(box.x + 20, box.y + box.height / 2 - 25, box.width - 40),
        Style(38, bold=True),
        colour=_PAPER,
        most=1,
        centre=True,
    )
    return f'<path d="{shape}" fill="{_STRONG}"/>' + words.svg


def _computer(picture: "Picture", bottom: float) -> str:
    screen = bottom - 74
    return (
        _shape(f"M290 {_n(screen)} h140 l26 58 h-192 z", _BODY)
        + _rect(Box(220, bottom - 20, 280, 18), _BODY, round_by=9)
        + _rect(Box(16, 14, 688, screen - 14), _BODY, round_by=26)
        + _rect(Box(34, 32, 652, screen - 32 - 22), _PAPER, round_by=10)
        + _rect(Box(34, 32, 652, 60), _PANEL, round_by=10)
        + "".join(_circle(62 + 30 * n, 62, 9, _EDGE) for n in range(3))
        + _text(picture.app, Place(160, 43, 400), Style(30, bold=True), most=1, centre=True).svg
    )


def _keypad_phone(picture: "Picture", bottom: float) -> str:
    keys = _keys(Place(168, bottom - 296, 384), 58, names="123456789*0#")
    return (
        _rect(Box(128, 14, 464, bottom - 14), "#46586a", round_by=48, edge=_BODY, thick=6)
        + _rect(Box(300, 30, 120, 12), "#a3b1bc", round_by=6)
        + _rect(Box(152, 58, 416, bottom - 58 - 320), _PAPER, round_by=14, edge=_BODY, thick=6)
        + _app_bar(picture.app, Box(152, 58, 416, 70))
        + keys.svg
    )


def _panel(picture: "Picture", bottom: float) -> str:
    return _rect(Box(24, 14, 672, bottom - 14), _PAPER, round_by=36, edge="#b7c5d0")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One illustration: a device with blocks on its screen, or an author's own screenshot (PNG bytes)."""

    name: str
    caption: str
    device: str = "dien_thoai"
    app: str = ""
    blocks: tuple[Block, ...] = ()
    screenshot: bytes = b""


# --- putting it together ------------------------------------------------------------------------------------

_HAND_ROOM = 128


def draw_svg(picture: Picture) -> str:
    """The picture as SVG, right on its own in a browser too."""
    if picture.screenshot:
        return _framed_screenshot(picture)
    device = DEVICES[picture.device]
    content = _stack(picture.blocks, Place(device.left, device.top, device.width))
    bottom = max(device.top + content.height + device.below, device.shortest)
    height = bottom + 46
    if height > TALLEST:
        raise TooTallError(picture.name)
    mark = _letters(_MARK, WIDTH / 2, bottom + 33, _SMALL, _SOFT_INK, anchor="middle")
    ground = _rect(Box(0, 0, WIDTH, height), _GROUND, round_by=0)
    return _svg(picture.caption, height, ground + device.frame(picture, bottom) + content.svg + mark)


def draw_png(picture: Picture) -> bytes:
    """The picture as a small PNG, 720 wide."""
    if picture.screenshot:
        return picture.screenshot
    fonts = [_font_file(bold=False), _font_file(bold=True)]
    raw = resvg_py.svg_to_bytes(svg_string=draw_svg(picture), skip_system_fonts=True, font_files=fonts)
    with Image.open(io.BytesIO(raw)) as image:
        return small_png(image)


def small_png(image: Image.Image, *, colours: int = 64) -> bytes:
    """PNG bytes in few colours; whatever else the image carried stays behind."""
    few = image.convert("RGB").quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.info.clear()
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def fit(block: Block, device: str) -> None:
    """DoesNotFitError where a block has more words than room."""
    _stack((block,), Place(0, 0, DEVICES[device].width))


def _svg(caption: str, height: float, body: str) -> str:
    size = f'width="{WIDTH}" height="{_n(height)}" viewBox="0 0 {WIDTH} {_n(height)}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="Roboto, sans-serif">'
        f"<title>{escape(caption)}</title>{body}</svg>\n"
    )


def _framed_screenshot(picture: Picture) -> str:
    with Image.open(io.BytesIO(picture.screenshot)) as image:
        width, height = image.size
    data = base64.b64encode(picture.screenshot).decode("ascii")
    href = f"data:image/png;base64,{data}"
    return _svg(
        picture.caption,
        height * WIDTH / width,
        f'<image width="{WIDTH}" height="{_n(height * WIDTH / width)}" href="{href}"/>',
    )


def _stack(blocks: tuple[Block, ...], place: Place) -> Drawn:
    """Blocks one under the other; ring and hand come last, so that nothing covers them."""
    svg, over, y = "", "", place.y
    for group in _rows(blocks):
        focused = next((block for block in group if block.stands_out), None)
        y += 10 if focused and svg else 0
        drawn = _row_of(group, Place(place.x, y, place.width))
        svg += drawn.svg
        y += drawn.height + _GAP
        if focused:
            over = _ring(drawn.focus) + (_hand(drawn.focus) if focused.press else "")
            y += _HAND_ROOM - _GAP if focused.press else 10
    height = y - place.y - (_GAP if y > place.y else 0)
    return Drawn(svg + over, height, Box(place.x, place.y, place.width, height))


def _rows(blocks: tuple[Block, ...]) -> Iterator[tuple[Block, ...]]:
    for are_icons, run in groupby(blocks, key=lambda block: isinstance(block, Icon)):
        group = tuple(run)
        per_row = 2 if are_icons else 1
        yield from (group[n : n + per_row] for n in range(0, len(group), per_row))


def _row_of(group: tuple[Block, ...], place: Place) -> Drawn:
    """One block over the whole width, or two icons side by side, equally tall."""
    if not isinstance(group[0], Icon):
        return group[0].draw(place)
    width = (place.width - _GAP) / 2
    drawn = [block.draw(Place(place.x + n * (width + _GAP), place.y, width)) for n, block in enumerate(group)]
    chosen = next((one for one, block in zip(drawn, group, strict=True) if block.stands_out), drawn[0])
    return Drawn("".join(one.svg for one in drawn), max(one.height for one in drawn), chosen.focus)


def _ring(box: Box) -> str:
    around = Box(box.x - 9, box.y - 9, box.width + 18, box.height + 18)
    by = 84 if abs(box.width - box.height) < 1 else 28
    return _rect(around, "none", round_by=by, edge=_PAPER, thick=16) + _rect(
        around, "none", round_by=by, edge=_RING, thick=9
    )


def _hand(box: Box) -> str:
    fist = (
        "M-17 18 A17 17 0 0 1 17 18 V72 Q18 57 32 57 Q46 58 46 74 Q48 63 60 64 Q72 65 72 80 Q75 71 84 73 Q95 76 95 90"
        " V120 Q94 162 52 162 H22 Q-6 160 -20 138 L-54 98 Q-62 86 -50 79 Q-38 75 -28 86 L-17 98 Z"
    )
    folds = _line("M46 76 V96 M72 82 V100", _BODY, 5)
    x = min(box.x + box.width * 0.78, 560)
    return _at(x, box.bottom - 14, 0.82, _shape(fist, _SKIN, thick=6) + folds, turn=-24)


DEVICES: dict[str, Device] = {
    "dien_thoai": Device(172, 78, 564, 68, _SHORTEST, _phone),
    "may_tinh": Device(122, 66, 588, 124, 560, _computer),
    "ban_phim": Device(148, 172, 376, 342, _SHORTEST, _keypad_phone),
    "khung_canh": Device(44, 60, 600, 30, 420, _panel, has_app=False),
}
BLOCKS: dict[str, type[Block]] = {
    "title": Title,
    "text": Text,
    "note": Note,
    "forbid": Forbid,
    "tick": Tick,
    "field": Field,
    "search": Search,
    "address": Address,
    "button": Button,
    "row": Row,
    "icon": Icon,
    "check": Check,
    "store": Store,
    "message": Message,
    "pad": Pad,
    "dial": Dial,
    "call": Call,
    "counter": Counter,
    "scene": Scene,
}
