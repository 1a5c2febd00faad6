"""Classes: opened or planned here for an account of the office, led from the board."""

import datetime as dt
from typing import Annotated

import typer

from bot import bootstrap
from bot.classes.schedule import ClassRefusedError, OpenClass, Schedule
from bot.cli.options import Database, settings_with
from bot.content.lessons import LENGTHS, Lesson
from bot.content.library import ContentError, Library
from bot.content.reading import suggestion
from bot.settings import Settings, SettingsError
from bot.store.moments import CITY
from bot.store.staff import Account
from bot.store.store import Store

commands = typer.Typer(help="Mở lớp học có người dạy.", no_args_is_help=True)

# who did it, for the audit log
_BY = "cli"


@commands.command("open")
def open_class(
    lesson: Annotated[str, typer.Argument(help="Tên tệp trong dialogs/lessons, ví dụ vneid_muc_2.")],
    *,
    trainer: Annotated[str, typer.Option(help="Tên đăng nhập của người dạy (gocua staff list).")],
    length: Annotated[str, typer.Option(help="short hoặc long; bài một bản thì khỏi.")] = "",
    at: Annotated[str, typer.Option(help='Giờ bắt đầu ở TP.HCM, ví dụ "2026-11-25 08:00"; không có là bây giờ.')] = "",
    ward: Annotated[str, typer.Option(help="Mã phường, xã; người dạy có đúng một phường thì khỏi.")] = "",
    venue: Annotated[str, typer.Option(help="Nơi học, ví dụ: nhà văn hoá khu phố 3.")] = "",
    db: Database = None,
) -> None:
    """Mở một lớp hay hẹn trước: in mã lớp cho bà con và đường dẫn riêng của người dạy."""
    settings, starts_at = settings_with(db), _moment(at)
    store = bootstrap.open_database(settings)
    account = _trainer(store, trainer)
    library = bootstrap.read_content(settings)
    if library.problems:
        raise ContentError("\n".join(str(problem) for problem in library.problems))
    found, chosen = _lesson(library, lesson, length)
    if ward and ward not in {row.code for row in library.wards}:
        raise typer.BadParameter(
            f'không có mã phường "{ward}"; tìm bằng: gocua ward "tên phường".', param_hint="--ward"
        )
    schedule = Schedule(store, library.lessons)
    try:
        opened = schedule.open(
            found,
            length=chosen,
            ward=ward or (next(iter(account.wards)) if len(account.wards) == 1 else ""),
            venue=venue,
            staff=account,
            starts_at=starts_at,
            by=_BY,
        )
    except ClassRefusedError as error:
        raise SettingsError(str(error)) from error
    _tell(settings, opened, schedule.lead(opened, account))


def _lesson(library: Library, name: str, length: str) -> tuple[Lesson, str]:
    """The lesson and the length it is taught in."""
    if name not in library.lessons:
        near = suggestion(name, library.lessons)
        raise typer.BadParameter(f'không có bài "{name}".{near}', param_hint="lesson")
    found = library.lessons[name]
    chosen = length or next(iter(found.minutes))
    if chosen not in found.minutes:
        known = ", ".join(each for each in LENGTHS if each in found.minutes) or "một bản duy nhất"
        raise typer.BadParameter(f'bài "{name}" không có bản "{length}"; có: {known}.', param_hint="--length")
    return found, chosen


def _trainer(store: Store, login: str) -> Account:
    account = store.staff.by_login(login.strip().lower())
    if account is None:
        raise typer.BadParameter(
            f'không có tài khoản "{login}". Xem: gocua staff list; thêm: gocua staff add TÊN --role trainer --ward MÃ',
            param_hint="--trainer",
        )
    return account


def _moment(typed: str) -> dt.datetime | None:
    if not typed:
        return None
    try:
        return dt.datetime.strptime(typed, "%Y-%m-%d %H:%M").replace(tzinfo=CITY)
    except ValueError:
        raise typer.BadParameter('giờ viết như "2026-11-25 08:00".', param_hint="--at") from None


def _tell(settings: Settings, opened: OpenClass, token: str) -> None:
    code = opened.code
    address = settings.public_url.rstrip("/") or f"http://{settings.host}:{settings.port}"
    typer.echo(f"Bắt đầu: {opened.starts_at.astimezone(CITY):%H:%M ngày %d/%m/%Y}; mã lớp xài được từ 2 giờ trước.")
    typer.echo(f"Mã lớp: {code[:3]} {code[3:]}")
    typer.echo(f"Bảng của người dạy (giữ riêng, ai có là điều khiển được): {address}/lop/{token}")
    typer.echo(f"Màn chiếu: {address}/lop/chieu/{code}")
    typer.echo(f"Bà con vô bằng web: {address}/?lop={code}")
