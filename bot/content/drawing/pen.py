"""The pen of every drawing: its colours, its boxes, how it measures and sets text, and the shapes it knows."""

from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from importlib.resources import files

from PIL import ImageFont

# text on its ground never falls under 7:1
INK, SOFT_INK, PAPER, PANEL, EDGE = "#14212b", "#34434f", "#ffffff", "#e3ebf1", "#6b7c8a"
GROUND, BODY, STRONG, CALM, CHOSEN = "#eaf0f4", "#25323d", "#00508a", "#d6e4ef", "#d3e7f7"
RING, RED, RED_PAPER, GREEN, GREEN_PAPER = "#e8590c", "#941616", "#fdecec", "#085a30", "#e5f5ec"
YELLOW, YELLOW_PAPER, SKIN, CASE = "#f2b544", "#fff5d9", "#ffd9a8", "#46535e"


class DoesNotFitError(ValueError):
    """A text is longer than the room it has; the message is the text."""


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


TITLE, BUTTON, TEXT, STRONG_TEXT = Style(44, bold=True), Style(42, bold=True), Style(36), Style(36, bold=True)
LABEL, SMALL, KEY, BIG = Style(34), Style(26), Style(40, bold=True), Style(60, bold=True)


@cache
def font_file(*, bold: bool) -> str:
    return str(files("font_roboto") / "files" / ("Roboto-Bold.ttf" if bold else "Roboto-Regular.ttf"))


@cache
def _font(style: Style) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_file(bold=style.bold), style.size, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(4096)
def _length(text: str, style: Style) -> float:
    return _font(style).getlength(text)


def undrawable(text: str) -> str:
    """The letters of a text that the font does not have, such as emoji and arrows."""
    return "".join(letter for letter in text if not _has_glyph(letter))


@cache
def _has_glyph(letter: str) -> bool:
    mask = _font(TEXT).getmask
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


def letters(text: str, x: float, baseline: float, style: Style, colour: str, *, anchor: str) -> str:
    # textLength keeps the layout where a browser has no Roboto and takes a wider font
    return (
        f'<text x="{num(x)}" y="{num(baseline)}" font-size="{style.size}" font-weight="{700 if style.bold else 400}" '
        f'fill="{colour}" text-anchor="{anchor}" textLength="{num(_length(text, style))}" '
        f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
    )


def write(text: str, place: Place, style: Style, *, colour: str = INK, most: int = 3, centre: bool = False) -> Drawn:
    x, anchor = (place.middle, "middle") if centre else (place.x, "start")
    lines = wrap(text, place.width, style, most)
    first = place.y + style.size
    svg = "".join(
        letters(line, x, first + n * style.line, style, colour, anchor=anchor) for n, line in enumerate(lines)
    )
    height = len(lines) * style.line
    return Drawn(svg, height, Box(place.x - 6, place.y, place.width + 12, height))


# --- shapes -------------------------------------------------------------------------------------------------


def num(number: float) -> str:
    return f"{round(number, 1):g}"


def rect(box: Box, fill: str, *, round_by: float = 16, edge: str = "none", thick: float = 3, more: str = "") -> str:
    return (
        f'<rect x="{num(box.x)}" y="{num(box.y)}" width="{num(box.width)}" height="{num(box.height)}" '
        f'rx="{num(round_by)}" fill="{fill}" stroke="{edge}" stroke-width="{num(thick)}"{more}/>'
    )


def circle(x: float, y: float, radius: float, fill: str, *, edge: str = "none", thick: float = 3) -> str:
    return (
        f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(radius)}" '
        f'fill="{fill}" stroke="{edge}" stroke-width="{num(thick)}"/>'
    )


def line(path: str, colour: str, thick: float, *, more: str = "") -> str:
    ends = 'stroke-linecap="round" stroke-linejoin="round"'
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{num(thick)}" {ends}{more}/>'


def shape(path: str, fill: str, *, edge: str = BODY, thick: float = 4) -> str:
    return f'<path d="{path}" fill="{fill}" stroke="{edge}" stroke-width="{num(thick)}" stroke-linejoin="round"/>'


def at(x: float, y: float, scale: float, svg: str, *, turn: float = 0) -> str:
    turned = f" rotate({num(turn)})" if turn else ""
    return f'<g transform="translate({num(x)} {num(y)}) scale({scale:.3g}){turned}">{svg}</g>'


def dots(x: float, y: float, count: int, width: float, *, colour: str = INK) -> str:
    step = min(36, width / count)
    return "".join(circle(x + step * (n + 0.5), y, step * 0.27, colour) for n in range(count))


def tick(x: float, y: float, size: float, colour: str = PAPER) -> str:
    return at(x, y, size / 100, line("M-32 2 L-10 26 L34 -24", colour, 18))


def cross(x: float, y: float, size: float, colour: str = PAPER) -> str:
    return at(x, y, size / 100, line("M-25 -25 L25 25 M25 -25 L-25 25", colour, 18))
