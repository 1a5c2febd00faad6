"""Classes: opened here, led from the board."""

from typing import Annotated

import typer

from bot import bootstrap
from bot.classes.roll import Roll
from bot.cli.options import Database, settings_with
from bot.content.lessons import LENGTHS
from bot.content.library import ContentError
from bot.content.reading import suggestion

commands = typer.Typer(help="Mở lớp học có người dạy.", no_args_is_help=True)


@commands.command("open")
def open_class(
    lesson: Annotated[str, typer.Argument(help="Tên tệp trong dialogs/lessons, ví dụ vneid_muc_2.")],
    length: Annotated[str, typer.Option(help="short hoặc long; bài một bản thì khỏi.")] = "",
    ward: Annotated[str, typer.Option(help="Mã phường, xã (knowledge/wards.csv).")] = "",
    venue: Annotated[str, typer.Option(help="Nơi học, ví dụ: nhà văn hoá khu phố 3.")] = "",
    db: Database = None,
) -> None:
    """Mở một lớp: in mã lớp cho bà con và đường dẫn riêng của người dạy."""
    settings = settings_with(db)
    library = bootstrap.read_content(settings)
    if library.problems:
        raise ContentError("\n".join(str(problem) for problem in library.problems))
    if lesson not in library.lessons:
        near = suggestion(lesson, library.lessons)
        raise typer.BadParameter(f'không có bài "{lesson}".{near}', param_hint="lesson")
    found = library.lessons[lesson]
    chosen = length or next(iter(found.minutes))
    if chosen not in found.minutes:
        known = ", ".join(each for each in LENGTHS if each in found.minutes) or "một bản duy nhất"
        raise typer.BadParameter(f'bài "{lesson}" không có bản "{length}"; có: {known}.', param_hint="--length")
    if ward and ward not in {row.code for row in library.wards}:
        raise typer.BadParameter(
            f'không có mã phường "{ward}"; tìm bằng: gocua ward "tên phường".', param_hint="--ward"
        )
    store = bootstrap.open_database(settings)
    code, trainer = Roll(store, library.lessons).open(found, length=chosen, ward=ward, venue=venue[:120])
    address = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    typer.echo(f"Mã lớp: {code[:3]} {code[3:]}")
    typer.echo(f"Bảng của người dạy (giữ riêng, ai có là điều khiển được): {address}/lop/{trainer.token}")
    typer.echo(f"Màn chiếu: {address}/lop/chieu/{code}")
    typer.echo(f"Bà con vô bằng web: {address}/?lop={code}")
