"""Paper for classes, from the same words and pictures the phones show."""

from pathlib import Path
from typing import Annotated, Optional

import typer

from bot import bootstrap
from bot.content.lessons import LENGTHS, Lesson
from bot.content.library import ContentError, Library
from bot.content.reading import suggestion
from bot.paper import papers
from bot.paper.papers import Office
from bot.settings import Settings, SettingsError, load_settings

commands = typer.Typer(help="In giấy cho lớp học ra tệp PDF, từ đúng bài dạy và các bước.", no_args_is_help=True)

LessonName = Annotated[str, typer.Argument(help="Tên tệp trong dialogs/lessons, ví dụ vneid_muc_2.")]
Target = Annotated[Optional[Path], typer.Option("--out", help="Tệp PDF ghi ra; không có thì đặt tên theo bài.")]  # noqa: UP045


@commands.command()
def handout(lesson: LessonName, out: Target = None) -> None:
    """Tờ giấy đem về: chữ lớn, hình từng bước, hình vuông để hỏi lại."""
    settings = load_settings()
    library = _library(settings)
    _write(papers.handout(library, _lesson(library, lesson), _office(settings)), out, f"to-phat-{lesson}")


@commands.command()
def script(
    lesson: LessonName,
    length: Annotated[str, typer.Option(help="short hoặc long; bài một bản thì khỏi.")] = "",
    out: Target = None,
) -> None:
    """Lời người dạy: đọc gì, lúc nào, máy hiện gì, hay vướng chỗ nào."""
    library = _library(load_settings())
    found = _lesson(library, lesson)
    chosen = length or next(iter(found.minutes))
    if chosen not in found.minutes:
        known = ", ".join(each for each in LENGTHS if each in found.minutes) or "một bản duy nhất"
        raise typer.BadParameter(f'bài "{lesson}" không có bản "{length}"; có: {known}.', param_hint="--length")
    _write(papers.script(library, found, chosen), out, f"loi-day-{lesson}" + (f"-{chosen}" if chosen else ""))


@commands.command()
def poster(
    code: Annotated[str, typer.Option(help="Mã lớp sáu số, nếu in cho một lớp.")] = "", out: Target = None
) -> None:
    """Áp phích A3: hình vuông, ba điều Gõ Cửa không bao giờ làm, câu dò."""
    if code and not (len(code) == 6 and code.isascii() and code.isdecimal()):
        raise typer.BadParameter("mã lớp gồm đúng sáu số.", param_hint="--code")
    _write(papers.poster(_office(load_settings()), code=code), out, "ap-phich")


@commands.command()
def card(out: Target = None) -> None:
    """Thẻ ba điều không nói với ai, bốn tấm một tờ A4."""
    _write(papers.card(_office(load_settings())), out, "the-ba-dieu")


@commands.command()
def certificate(lesson: LessonName, out: Target = None) -> None:
    """Giấy ghi nhận đã học xong; tên để trống cho người học tự viết."""
    settings = load_settings()
    _write(papers.certificate(_lesson(_library(settings), lesson), settings.operator), out, f"giay-ghi-nhan-{lesson}")


def _library(settings: Settings) -> Library:
    library = bootstrap.read_content(settings)
    if library.problems:
        raise ContentError("\n".join(str(problem) for problem in library.problems))
    return library


def _lesson(library: Library, name: str) -> Lesson:
    if name not in library.lessons:
        known = ", ".join(library.lessons) or "chưa có bài nào"
        near = suggestion(name, library.lessons)
        raise typer.BadParameter(f'không có bài "{name}".{near} Đang có: {known}.', param_hint="lesson")
    return library.lessons[name]


def _office(settings: Settings) -> Office:
    """Raises ``SettingsError`` where there is no address a QR code may open."""
    if not settings.public_url:
        raise SettingsError("GOCUA_PUBLIC_URL: hình vuông trên giấy cần địa chỉ https bà con mở, ví dụ https://…")
    return Office(settings.operator, settings.public_url)


def _write(pdf: bytes, out: Path | None, name: str) -> None:
    path = out or Path(f"{name}.pdf")
    path.write_bytes(pdf)
    typer.echo(f"Đã ghi {path} ({len(pdf) // 1024} KB).")
