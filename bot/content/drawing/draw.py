"""Puts a picture together: its blocks one under the other, ring and hand over them, the device around them."""

import base64
import io
from collections.abc import Iterator
from html import escape
from itertools import groupby

import resvg_py
from PIL import Image

from bot.content.drawing.blocks import Block, Icon
from bot.content.drawing.devices import DEVICES, Picture
from bot.content.drawing.pen import (
    BODY,
    GROUND,
    PAPER,
    RING,
    SKIN,
    SMALL,
    SOFT_INK,
    Box,
    DoesNotFitError,
    Drawn,
    Place,
    at,
    font_file,
    letters,
    line,
    num,
    rect,
    shape,
)

WIDTH = 720
TALLEST = 1000
_LARGE = 1080
_GAP = 22
_HAND_ROOM = 128
_MARK = "Hình minh hoạ"

# what a picture that is too heavy is made of: colours, each fewer, and points in a line
_FEWER = (64, 32, 16)
_NARROWEST = 240


class TooTallError(DoesNotFitError):
    """The blocks together are taller than a picture may be."""


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
    mark = letters(_MARK, WIDTH / 2, bottom + 33, SMALL, SOFT_INK, anchor="middle")
    ground = rect(Box(0, 0, WIDTH, height), GROUND, round_by=0)
    return _svg(picture.caption, height, ground + device.frame(picture, bottom) + content.svg + mark)


def draw_png(picture: Picture, *, large: bool = False) -> bytes:
    """The picture as a small PNG, 720 wide, or 1080 for eyes that come closer; screenshots as they are."""
    if picture.screenshot:
        return picture.screenshot
    fonts = [font_file(bold=False), font_file(bold=True)]
    raw = resvg_py.svg_to_bytes(
        svg_string=draw_svg(picture), skip_system_fonts=True, font_files=fonts, width=_LARGE if large else WIDTH
    )
    with Image.open(io.BytesIO(raw)) as image:
        return small_png(image)


def small_png(image: Image.Image, *, colours: int = 64) -> bytes:
    """PNG bytes in few colours; whatever else the image carried stays behind."""
    few = image.convert("RGB").quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.info.clear()
    out = io.BytesIO()
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def within(png: bytes, most: int) -> bytes:
    """The picture in at most so many bytes: first fewer colours, then fewer points, as long as words can be read."""
    if len(png) <= most:
        return png
    with Image.open(io.BytesIO(png)) as opened:
        image = opened.convert("RGB")
    for colours in _FEWER:
        png = small_png(image, colours=colours)
        if len(png) <= most:
            return png
    while len(png) > most and image.width > _NARROWEST:
        image = image.resize((image.width * 4 // 5, image.height * 4 // 5), Image.Resampling.LANCZOS)
        png = small_png(image, colours=_FEWER[-1])
    return png


def fit(block: Block, device: str) -> None:
    """DoesNotFitError where a block has more words than room."""
    _stack((block,), Place(0, 0, DEVICES[device].width))


def _svg(caption: str, height: float, body: str) -> str:
    size = f'width="{WIDTH}" height="{num(height)}" viewBox="0 0 {WIDTH} {num(height)}"'
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
        f'<image width="{WIDTH}" height="{num(height * WIDTH / width)}" href="{href}"/>',
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
    return rect(around, "none", round_by=by, edge=PAPER, thick=16) + rect(
        around, "none", round_by=by, edge=RING, thick=9
    )


def _hand(box: Box) -> str:
    fist = (
        "M-17 18 A17 17 0 0 1 17 18 V72 Q18 57 32 57 Q46 58 46 74 Q48 63 60 64 Q72 65 72 80 Q75 71 84 73 Q95 76 95 90"
        " V120 Q94 162 52 162 H22 Q-6 160 -20 138 L-54 98 Q-62 86 -50 79 Q-38 75 -28 86 L-17 98 Z"
    )
    folds = line("M46 76 V96 M72 82 V100", BODY, 5)
    x = min(box.x + box.width * 0.78, 560)
    return at(x, box.bottom - 14, 0.82, shape(fist, SKIN, thick=6) + folds, turn=-24)
