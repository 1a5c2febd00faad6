"""The project's own schematic screens: one picture in, one SVG or PNG out, the same bytes every time."""

from bot.content.drawing.blocks import BLOCKS, Block, Button, Counter, Field, Icon, Row, Scene, Title
from bot.content.drawing.devices import DEVICES, Picture
from bot.content.drawing.draw import TALLEST, WIDTH, TooTallError, draw_png, draw_svg, fit, small_png, within
from bot.content.drawing.pen import DoesNotFitError, Style, undrawable, wrap

__all__ = [
    "BLOCKS",
    "DEVICES",
    "TALLEST",
    "WIDTH",
    "Block",
    "Button",
    "Counter",
    "DoesNotFitError",
    "Field",
    "Icon",
    "Picture",
    "Row",
    "Scene",
    "Style",
    "Title",
    "TooTallError",
    "draw_png",
    "draw_svg",
    "fit",
    "small_png",
    "undrawable",
    "within",
    "wrap",
]
