"""Checks of what authors write."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Optional

import typer

from bot import bootstrap
from bot.content.checks import Checked
from bot.content.checks import check as check_content
from bot.content.lessons import LENGTHS, Lesson
from bot.content.library import Library
from bot.content.locale_checks import check_locales
from bot.settings import load_settings

commands = typer.Typer()

# what a language says of itself
_COMPLETE = {True: ", nhận là đủ", False: ", chưa nhận là đủ"}


@commands.command()
def check(
    content: Annotated[Optional[Path], typer.Option(help="Thư mục có dialogs/ và knowledge/.")] = None,  # noqa: UP045
) -> None:
    """Kiểm tra lời thoại, bài dạy, hình, số điện thoại, trang web; cộng phút; đi thử mọi ngả."""
    settings = load_settings()
    library = bootstrap.read_content(
        replace(settings, content=content.resolve()) if content else settings, measured=True
    )
    checked = check_content(library, today=bootstrap.today())
    locales = check_locales(library, bootstrap.translatable(library))
    problems = [*checked.problems, *(problem for locale in locales for problem in locale.problems)]
    for problem in problems:
        typer.echo(str(problem))
    for locale in locales:
        typer.echo(f"{locale.language}: dịch {locale.translated}/{locale.texts} lời{_COMPLETE[locale.complete]}.")
    for lesson in library.lessons.values():
        typer.echo(f"Bài {lesson.name}: {_minutes(lesson)}.")
    summary = _summary(library, checked)
    if problems:
        typer.echo(f"Có {len(problems)} chỗ cần sửa. {summary}")
        raise typer.Exit(1)
    typer.echo(f"Tốt. {summary}")


def _minutes(lesson: Lesson) -> str:
    return ", ".join(f"{LENGTHS.get(length, 'một buổi')} {minutes} phút" for length, minutes in lesson.minutes.items())


def _summary(library: Library, checked: Checked) -> str:
    book = library.book
    parts = (
        f"{len(book.dialogs)} cuộc trò chuyện",
        f"{len(book.symptoms)} trục trặc",
        f"{len(library.pictures)} hình",
        f"{len(library.lessons)} bài dạy",
        f"{checked.texts} lời",
        f"đi qua {checked.walk.walked} chỗ" if checked.walk else "chưa đi thử được vì còn chỗ hỏng",
    )
    return ", ".join(parts) + "."
