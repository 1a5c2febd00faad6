"""The drawings: the same bytes each time, small enough for a cheap phone, every block drawn, nothing cut off."""

import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from bot.content.drawing import (
    BLOCKS,
    DEVICES,
    TALLEST,
    WIDTH,
    Block,
    Button,
    Counter,
    DoesNotFitError,
    Icon,
    Picture,
    Row,
    Scene,
    Style,
    Title,
    TooTallError,
    art,
    draw_png,
    draw_svg,
    fit,
    pen,
    undrawable,
    wrap,
)
from bot.content.pictures import load_pictures
from bot.content.reading import Problems

ROOT = Path(__file__).parents[2]
PICTURES = load_pictures(ROOT, Problems())
HEAVIEST = 40_000
STYLE = Style(42, bold=True)

# a word of each block kind, and what must be seen in its drawing
SAMPLES: dict[str, tuple[dict[str, str], str]] = {
    "title": ({"title": "Kích hoạt"}, "Kích hoạt"),
    "text": ({"text": "Trang giới thiệu"}, "Trang giới thiệu"),
    "note": ({"note": "Giữ yên"}, "Giữ yên"),
    "forbid": ({"forbid": "Không đọc mã"}, "Không đọc mã"),
    "tick": ({"tick": "Tài khoản mức 2"}, "Tài khoản mức 2"),
    "field": ({"field": "Mật khẩu"}, "Mật khẩu"),
    "search": ({"search": "VNeID"}, "VNeID"),
    "address": ({"address": "https://vneid.gov.vn"}, "https://vneid.gov.vn"),
    "button": ({"button": "Gửi yêu cầu"}, "Gửi yêu cầu"),
    "row": ({"row": "Lịch sử đăng ký", "drawing": "lich_su", "detail": "Xem ở đây"}, "Xem ở đây"),
    "icon": ({"icon": "An sinh xã hội", "drawing": "an_sinh"}, "An sinh xã hội"),
    "check": ({"check": "Tôi đã đọc"}, "Tôi đã đọc"),
    "store": ({"store": "VNeID", "by": "Trung tâm", "button": "Cài đặt"}, "Cài đặt"),
    "message": ({"message": "Mã OTP", "sender": "Người gửi"}, "Người gửi"),
    "pad": ({"pad": "Sáu số"}, "Sáu số"),
    "dial": ({"dial": "1022"}, "1022"),
    "call": ({"call": "Người lạ", "says": "Đọc mã"}, "Đọc mã"),
    "counter": ({"counter": "Công an phường", "brings": "the"}, "Công an phường"),
    "scene": ({"scene": "van_tay", "label": "Đặt ngón tay"}, "Đặt ngón tay"),
}


def picture(*blocks: Block, device: str = "dien_thoai", app: str = "VNeID") -> Picture:
    return Picture(name="thu", caption="Thử <hình>", device=device, app=app, blocks=blocks)


def make(word: str, **values: Any) -> Block:
    return BLOCKS[word](**values)


def words(svg: str) -> str:
    """What can be read in a drawing, in order."""
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    return " ".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))


def size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as image:
        return image.size


# --- the pictures of the project ---


def test_there_are_pictures() -> None:
    assert len(PICTURES) > 60


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_small_and_labelled(name: str) -> None:
    png = draw_png(PICTURES[name])
    width, height = size(png)
    assert width == WIDTH
    assert height <= TALLEST
    assert len(png) < HEAVIEST
    assert "Hình minh hoạ" in words(draw_svg(PICTURES[name]))


@pytest.mark.parametrize("name", ["vneid_nhap_so", "dk_den_cong_an", "mt_kich_hoat", "mt_otp_cuc_gach"])
def test_the_same_picture_is_the_same_bytes_in_another_process(name: str) -> None:
    code = (
        "import hashlib, pathlib\n"
        "from bot.content.drawing import draw_png\n"
        "from bot.content.pictures import load_pictures\n"
        "from bot.content.reading import Problems\n"
        f"png = draw_png(load_pictures(pathlib.Path('.'), Problems())['{name}'])\n"
        "print(png.hex(), end='')"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == draw_png(PICTURES[name]).hex()


@pytest.mark.parametrize("name", PICTURES)
def test_no_letter_leaves_the_canvas(name: str) -> None:
    root = ElementTree.fromstring(draw_svg(PICTURES[name]))  # noqa: S314 - our own drawing
    for node in root.iter("{http://www.w3.org/2000/svg}text"):
        if "textLength" not in node.attrib:
            continue
        length, x = float(node.attrib["textLength"]), float(node.attrib["x"])
        left = x - length / 2 if node.attrib["text-anchor"] == "middle" else x
        assert left >= 0, node.text
        assert left + length <= WIDTH, node.text


@pytest.mark.parametrize("name", PICTURES)
def test_only_hotlines_are_long_numbers(name: str) -> None:
    keys = "1 2 3 4 5 6 7 8 9"
    text = words(draw_svg(PICTURES[name])).replace(keys, "")
    assert set(re.findall(r"\d{4,}(?:\.\d+)?", text)) <= {"1900", "1900.0368", "1022"}


# --- each kind of block ---


def test_every_block_has_a_sample() -> None:
    assert set(SAMPLES) == set(BLOCKS)


@pytest.mark.parametrize("word", SAMPLES)
def test_a_block_is_drawn(word: str) -> None:
    values, seen = SAMPLES[word]
    block = make(word, **values)
    assert seen in words(draw_svg(picture(block)))
    assert len(draw_png(picture(block))) < HEAVIEST


@pytest.mark.parametrize("word", SAMPLES)
def test_press_brings_ring_and_hand_and_look_the_ring_alone(word: str) -> None:
    values, _ = SAMPLES[word]
    plain, looked, pressed = (
        draw_svg(picture(make(word, **values, **mark))) for mark in ({}, {"look": True}, {"press": True})
    )
    assert (plain.count(pen.RING), looked.count(pen.RING), pressed.count(pen.RING)) == (0, 1, 1)
    assert ("rotate(-24)" in plain, "rotate(-24)" in looked, "rotate(-24)" in pressed) == (False, False, True)


@pytest.mark.parametrize("word", ["field", "message", "pad"])
def test_what_is_typed_is_dots(word: str) -> None:
    values, _ = SAMPLES[word]
    few, more = (draw_svg(picture(make(word, **values, dots=n))) for n in (3, 12))
    assert more.count("<circle") - few.count("<circle") == 9


@pytest.mark.parametrize("device", DEVICES)
def test_every_device_frames_a_screen(device: str) -> None:
    app = "VNeID" if DEVICES[device].has_app else ""
    svg = draw_svg(picture(Button(button="Tiếp tục", press=True), device=device, app=app))
    assert words(svg).startswith(app)
    assert "Tiếp tục" in words(svg)


def test_small_drawings_people_and_scenes_can_be_drawn() -> None:
    blocks = [
        *(Icon(icon="x", drawing=name) for name in art.ICONS),
        *(Counter(counter="x", who=name) for name in art.PEOPLE),
        *(Counter(counter="x", brings=name) for name in art.BRINGS),
        *(Scene(scene=name) for name in art.SCENES),
    ]
    drawn = {draw_svg(picture(block)) for block in blocks}
    # can_bo without anything in hand is nobody's double
    assert len(drawn) == len(blocks)
    for svg in drawn:
        ElementTree.fromstring(svg)  # noqa: S314 - our own drawing


def test_icons_stand_two_in_a_row() -> None:
    one, two, three = (draw_svg(picture(*[Icon(icon="x", drawing="the")] * n, *LONG)) for n in (1, 2, 3))
    assert height_of(one) == height_of(two) < height_of(three)


LONG = tuple(Row(row=f"Dòng {n}") for n in "ab")


def height_of(svg: str) -> float:
    return float(ElementTree.fromstring(svg).attrib["height"])  # noqa: S314 - our own drawing


# --- words ---


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Gửi yêu cầu", 500, ["Gửi yêu cầu"]),
        ("Kích hoạt tài khoản định danh điện tử", 524, ["Kích hoạt tài khoản", "định danh điện tử"]),
        ("Tài  khoản\nhưởng an sinh", 1000, ["Tài khoản hưởng an sinh"]),
        ("", 500, []),
    ],
)
def test_vietnamese_wraps(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width, STYLE, 3) == lines


@pytest.mark.parametrize(("text", "width"), [("một hai ba bốn năm sáu bảy tám", 120), ("x" * 60, 500)])
def test_too_long_is_said(text: str, width: float) -> None:
    with pytest.raises(DoesNotFitError, match=re.escape(text)):
        wrap(text, width, STYLE, 3)


def test_a_narrow_device_holds_less() -> None:
    block = Button(button="Xác thực NFC bằng thẻ CCCD gắn chip của mình nhé bà con")
    fit(block, "dien_thoai")
    with pytest.raises(DoesNotFitError):
        fit(block, "ban_phim")


def test_too_tall_is_said() -> None:
    with pytest.raises(TooTallError, match="thu"):
        draw_svg(picture(*(Title(title="Dòng") for _ in range(20))))


@pytest.mark.parametrize(
    ("text", "missing"), [("Đăng nhập › “Hủy” • ổ ẫ ỵ…", ""), ("Cá nhân → Cài đặt", "→"), ("Xong ✅", "✅")]
)
def test_letters_the_font_does_not_have(text: str, missing: str) -> None:
    assert undrawable(text) == missing


def test_words_of_authors_cannot_become_markup() -> None:
    svg = draw_svg(picture(Title(title='<script> & "x"')))
    assert "<script>" not in svg
    assert words(svg).split(" Hình")[0].endswith('<script> & "x"')
    assert "<title>Thử &lt;hình&gt;</title>" in svg


# --- colours ---


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("ink", "ground"),
    [
        *((pen.INK, ground) for ground in (pen.PAPER, pen.PANEL, pen.CALM, pen.CHOSEN)),
        (pen.INK, pen.YELLOW_PAPER),
        (pen.SOFT_INK, pen.PAPER),
        (pen.SOFT_INK, pen.GROUND),
        (pen.SOFT_INK, pen.CHOSEN),
        (pen.PAPER, pen.STRONG),
        (pen.PAPER, pen.CASE),
        (pen.RED, pen.RED_PAPER),
        (pen.GREEN, pen.GREEN_PAPER),
    ],
)
def test_letters_stand_out_from_their_ground(ink: str, ground: str) -> None:
    lighter, darker = sorted((luminance(ink), luminance(ground)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 7


def test_few_colours_keep_the_strong_ones() -> None:
    with Image.open(io.BytesIO(draw_png(PICTURES["vneid_nhap_so"]))) as image:
        counted = image.convert("RGB").getcolors(WIDTH * TALLEST) or []
    seen = {f"#{red:02x}{green:02x}{blue:02x}" for _, (red, green, blue) in counted}  # type: ignore[misc]
    assert {pen.STRONG, pen.PAPER, pen.RING, pen.GROUND} <= seen


def test_importing_draws_nothing() -> None:
    code = "from bot.content.drawing.pen import _font as a, font_file as b; print(a.cache_info()[3], b.cache_info()[3])"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout == "0 0\n"
