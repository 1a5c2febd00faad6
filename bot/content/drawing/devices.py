"""A picture, and the devices that frame its screen."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.content.drawing.blocks import Block, number_keys
from bot.content.drawing.pen import BODY, EDGE, PANEL, PAPER, STRONG, Box, Place, Style, circle, num, rect, shape, write

_SHORTEST = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One illustration: a device with blocks on its screen, or an author's own screenshot (PNG bytes)."""

    name: str
    caption: str
    device: str = "dien_thoai"
    app: str = ""
    blocks: tuple[Block, ...] = ()
    screenshot: bytes = b""


@dataclass(frozen=True, slots=True)
class Device:
    """A frame around the screen: where its content begins, how wide that is, and what is drawn around it."""

    top: float
    left: float
    width: float
    below: float
    shortest: float
    frame: Callable[[Picture, float], str]
    has_app: bool = True


def _phone(picture: Picture, bottom: float) -> str:
    return (
        rect(Box(34, 14, 652, bottom - 14), BODY, round_by=54)
        + rect(Box(50, 58, 620, bottom - 58 - 40), PAPER, round_by=14)
        + rect(Box(300, 30, 120, 12), "#7d8b96", round_by=6)
        + rect(Box(280, bottom - 26, 160, 10), "#7d8b96", round_by=5)
        + _app_bar(picture.app, Box(50, 58, 620, 84))
    )


def _app_bar(name: str, box: Box) -> str:
    corners = f"v{num(14 - box.height)} q0 -14 14 -14 h{num(box.width - 28)} q14 0 14 14 v{num(box.height - 14)}"
    outline = f"M{num(box.x)} {num(box.bottom)} {corners} z"
    words = write(
        name,
        Place(box.x + 20, box.y + box.height / 2 - 25, box.width - 40),
        Style(38, bold=True),
        colour=PAPER,
        most=1,
        centre=True,
    )
    return f'<path d="{outline}" fill="{STRONG}"/>' + words.svg


def _computer(picture: Picture, bottom: float) -> str:
    screen = bottom - 74
    return (
        shape(f"M290 {num(screen)} h140 l26 58 h-192 z", BODY)
        + rect(Box(220, bottom - 20, 280, 18), BODY, round_by=9)
        + rect(Box(16, 14, 688, screen - 14), BODY, round_by=26)
        + rect(Box(34, 32, 652, screen - 32 - 22), PAPER, round_by=10)
        + rect(Box(34, 32, 652, 60), PANEL, round_by=10)
        + "".join(circle(62 + 30 * n, 62, 9, EDGE) for n in range(3))
        + write(picture.app, Place(160, 43, 400), Style(30, bold=True), most=1, centre=True).svg
    )


def _keypad_phone(picture: Picture, bottom: float) -> str:
    keys = number_keys(Place(168, bottom - 296, 384), 58, names="123456789*0#")
    return (
        rect(Box(128, 14, 464, bottom - 14), "#46586a", round_by=48, edge=BODY, thick=6)
        + rect(Box(300, 30, 120, 12), "#a3b1bc", round_by=6)
        + rect(Box(152, 58, 416, bottom - 58 - 320), PAPER, round_by=14, edge=BODY, thick=6)
        + _app_bar(picture.app, Box(152, 58, 416, 70))
        + keys.svg
    )


def _panel(picture: Picture, bottom: float) -> str:
    return rect(Box(24, 14, 672, bottom - 14), PAPER, round_by=36, edge="#b7c5d0")


DEVICES: dict[str, Device] = {
    "dien_thoai": Device(172, 78, 564, 68, _SHORTEST, _phone),
    "may_tinh": Device(122, 66, 588, 124, 560, _computer),
    "ban_phim": Device(148, 172, 376, 342, _SHORTEST, _keypad_phone),
    "khung_canh": Device(44, 60, 600, 30, 420, _panel, has_app=False),
}
