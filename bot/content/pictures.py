"""Reads ``knowledge/pictures``: a few lines of YAML become a picture, an author's own screenshot takes its place."""

import re
import warnings
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps

from bot.content.drawing import (
    BLOCKS,
    DEVICES,
    TALLEST,
    WIDTH,
    Block,
    DoesNotFitError,
    Picture,
    TooTallError,
    draw_svg,
    fit,
    small_png,
    undrawable,
)
from bot.content.reading import Problems, Section, Text, read_yaml, suggestion

__all__ = ["Picture", "load_pictures"]

_FOLDER = Path("knowledge", "pictures")
_WORDS = ("caption", "device", "app", "screen")
_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_MOST_DOTS = 16
_LONGEST_CAPTION = 160
_HEAVIEST = 10_000_000
_SCREENSHOTS = (".png", ".jpg", ".jpeg")

# a hotline may be read out in a picture; any other long number could be somebody's
_LONG_NUMBER = re.compile(r"\d(?:[ .\-]?\d){5,}")
_HOTLINE = re.compile(r"1[89]00[ .]?\d{4,6}")


def load_pictures(root: Path, problems: Problems, *, measured: bool = True) -> dict[str, Picture]:
    """Every picture that is in order, by name; what is not in order is told to ``problems``.

    ``measured`` also lays each one out to see that its words fit: for a check, not for every start.
    """
    folder = root / _FOLDER
    screenshots = _screenshots(folder, root, problems)
    pictures = {}
    for path in sorted(folder.glob("*.yml")):
        before = len(problems.found)
        picture = _read(path, root, screenshots.pop(path.stem, None), problems, measured)
        if picture and len(problems.found) == before:
            pictures[picture.name] = picture
    for path in screenshots.values():
        text = f'ảnh này chưa có tệp "{path.stem}.yml" đi kèm. Tạo tệp đó với một dòng caption: "…".'
        problems.add(_file(path, root), 1, text)
    return pictures


def _file(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix()


def _screenshots(folder: Path, root: Path, problems: Problems) -> dict[str, Path]:
    """Image files by picture name; files nobody can use are complained about."""
    found: dict[str, Path] = {}
    for path in sorted(folder.glob("*")):
        if path.suffix in (".yml", ".md") or path.name.startswith("."):
            continue
        if path.suffix.lower() not in _SCREENSHOTS:
            problems.add(
                _file(path, root), 1, f'không dùng được loại tệp "{path.suffix}". Hình chụp phải là .png hoặc .jpg.'
            )
        elif path.stem in found:
            problems.add(_file(path, root), 1, f'trùng với "{found[path.stem].name}". Chỉ giữ lại một ảnh.')
        else:
            found[path.stem] = path
    return found


# --- the spec -----------------------------------------------------------------------------------------------


def _read(path: Path, root: Path, screenshot: Path | None, problems: Problems, measured: bool) -> Picture | None:
    section = read_yaml(path, root, problems)
    if section is None:
        return None
    section.where = f'hình "{path.stem}":'
    section.allow(_WORDS)
    if not _NAME.fullmatch(path.stem):
        section.complain("tên tệp chỉ gồm chữ thường không dấu, số và dấu gạch dưới.")
    caption = _caption(section)
    if screenshot:
        return Picture(name=path.stem, caption=caption, screenshot=_reencode(screenshot, root, problems))
    return _drawn(path.stem, caption, section, measured)


def _caption(section: Section) -> str:
    caption = section.text("caption").strip()
    if not caption:
        section.complain('thiếu "caption": một câu ngắn nói phải nhìn vào đâu.')
    if len(caption) > _LONGEST_CAPTION:
        section.complain(
            f'"caption" dài {len(caption)} chữ cái, nhiều nhất {_LONGEST_CAPTION}.', section.line_of("caption")
        )
    _check_numbers(section, "caption", caption)
    return caption


def _drawn(name: str, caption: str, section: Section, measured: bool) -> Picture | None:
    device = section.text("device", "dien_thoai")
    if device not in DEVICES:
        section.complain(f'không có device "{device}".{_choose(device, tuple(DEVICES))}', section.line_of("device"))
        return None
    app = section.text("app").strip()
    _check_frame(section, device, app)
    blocks = _blocks(section, device, measured)
    if blocks is None:
        return None
    picture = Picture(name=name, caption=caption, device=device, app=app, blocks=blocks)
    _check_one_focus(picture, section)
    if measured:
        _check_it_fits(picture, section)
    return picture


def _check_frame(section: Section, device: str, app: str) -> None:
    if DEVICES[device].has_app and not app:
        section.complain('thiếu "app": tên ứng dụng hiện trên đầu màn hình.')
    if not DEVICES[device].has_app and app:
        section.complain(f'device "{device}" không có màn hình nên không dùng "app".', section.line_of("app"))
    _check_letters(section, "app", app)
    _check_numbers(section, "app", app)


def _blocks(section: Section, device: str, measured: bool) -> tuple[Block, ...] | None:
    """The blocks of the screen, or None where one of them is not in order."""
    before = len(section.problems.found)
    parts = section.sections("screen")
    blocks = tuple(block for part in parts if (block := _block(part, device, measured)))
    if len(section.problems.found) > before:
        return None
    if not blocks:
        section.complain('"screen" còn trống: cần ít nhất một khối, ví dụ - button: "Gửi yêu cầu".')
        return None
    return blocks


def _block(section: Section, device: str, measured: bool) -> Block | None:
    word = section.keys[0] if section.keys else ""
    if word not in BLOCKS:
        section.complain(f'không có khối "{word}".{_choose(word, tuple(BLOCKS))}')
        return None
    kind = BLOCKS[word]
    section.allow(tuple(option.name for option in fields(kind)))
    values: dict[str, Any] = {option.name: _value(option, section) for option in fields(kind) if option.name in section}
    missing = [option.name for option in fields(kind) if _is_needed(option) and not values.get(option.name)]
    for name in missing:
        section.complain(f'khối "{word}" thiếu "{name}".')
    if missing or not _are_words_known(kind, values, section):
        return None
    block = kind(**values)
    try:
        if measured:
            fit(block, device)
    except DoesNotFitError as error:
        section.complain(f'khối "{word}": chữ "{error}" dài quá, không vẽ vừa. Bớt chữ giúp nhé.')
    return block


def _is_needed(option: Field[Any]) -> bool:
    return option.type is str and option.default is MISSING


def _value(option: Field[Any], section: Section) -> str | int | bool:
    found = section.text_at(option.name) or Text("", section.line)
    if option.type is bool:
        return _flag(option.name, found, section)
    if option.type is int:
        return _count(option.name, found, section)
    _check_letters(section, option.name, found.value)
    _check_numbers(section, option.name, found.value)
    return found.value.strip()


def _flag(name: str, found: Text, section: Section) -> bool:
    if found.value != "true":
        section.complain(f'"{name}" chỉ nhận "true"; không cần thì bỏ dòng này.', found.line)
    return found.value == "true"


def _count(name: str, found: Text, section: Section) -> int:
    if found.value.isascii() and found.value.isdigit() and 1 <= int(found.value) <= _MOST_DOTS:
        return int(found.value)
    section.complain(f'"{name}" phải là một số từ 1 đến {_MOST_DOTS}.', found.line)
    return 1


def _are_words_known(kind: type[Block], values: dict[str, Any], section: Section) -> bool:
    """Whether the options that take one of a few words hold such a word."""
    known = True
    for option in fields(kind):
        words = option.metadata["words"]() if "words" in option.metadata else ()
        word = values.get(option.name, "")
        if words and word and word not in words:
            section.complain(
                f'"{option.name}" không có chữ "{word}".{_choose(word, words)}', section.line_of(option.name)
            )
            known = False
    return known


def _choose(word: str, known: tuple[str, ...]) -> str:
    return suggestion(word, known) or f" Chọn một trong: {', '.join(known)}."


# --- checks of texts and of the whole -----------------------------------------------------------------------


def _check_letters(section: Section, key: str, text: str) -> None:
    if missing := undrawable(text):
        section.complain(
            f'"{key}" có ký tự "{missing}" không vẽ được. Bỏ hình biểu cảm và mũi tên.', section.line_of(key)
        )


def _check_numbers(section: Section, key: str, text: str) -> None:
    if any(not _HOTLINE.fullmatch(number) for number in _LONG_NUMBER.findall(text)):
        section.complain(
            f'"{key}" có một dãy số dài. Số thẻ, số điện thoại, mã: chỉ vẽ bằng "dots".', section.line_of(key)
        )


def _check_one_focus(picture: Picture, section: Section) -> None:
    marks = sum(block.press + block.look for block in picture.blocks)
    if marks == 0:
        section.complain('chưa có chỗ cần chú ý. Thêm press: "true" ở nút phải bấm, hoặc look: "true" ở chỗ phải nhìn.')
    if marks > 1:
        section.complain(f"có {marks} chỗ press hoặc look; mỗi hình chỉ được một.")


def _check_it_fits(picture: Picture, section: Section) -> None:
    try:
        draw_svg(picture)
    except TooTallError:
        section.complain(f"cao quá {TALLEST} điểm ảnh. Bớt khối hoặc bớt chữ giúp nhé.")
    except DoesNotFitError as error:
        section.complain(f'"app": chữ "{error}" dài quá, không vẽ vừa. Bớt chữ giúp nhé.', section.line_of("app"))


# --- screenshots --------------------------------------------------------------------------------------------


def _reencode(path: Path, root: Path, problems: Problems) -> bytes:
    """The screenshot as PNG, at most as wide as a drawn picture, without place, time and camera."""
    if path.stat().st_size > _HEAVIEST:
        problems.add(_file(path, root), 1, "ảnh nặng quá 10 MB. Cắt nhỏ lại giúp nhé.")
        return b""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=("PNG", "JPEG")) as image:
                return _shrink(ImageOps.exif_transpose(image))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        problems.add(_file(path, root), 1, "ảnh hỏng hoặc không phải PNG/JPEG thật. Chụp lại hoặc xuất lại giúp nhé.")
        return b""


def _shrink(image: Image.Image) -> bytes:
    if image.width > WIDTH:
        image = image.convert("RGB").resize(
            (WIDTH, round(image.height * WIDTH / image.width)), Image.Resampling.LANCZOS
        )
    return small_png(image, colours=256)
