"""Requests that came by letter, by phone or in person."""

import datetime as dt
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.table import Column, Table

from bot.bootstrap import today, utc_now
from bot.cli.options import Database, settings_with
from bot.requests import (
    RESULTS,
    ROUTES,
    TERMS,
    Alarm,
    Case,
    RequestError,
    acknowledge,
    add_case,
    all_cases,
    close,
    extend,
    find_case,
    open_cases,
)
from bot.store.database import open_database

commands = typer.Typer(
    help="Yêu cầu về dữ liệu tới bằng thư, điện thoại, tại quầy; hạn theo luật.", no_args_is_help=True
)

_STANDS: dict[Alarm, str] = {
    "overdue": "QUÁ HẠN",
    "unacknowledged": "chưa báo đã nhận",
    "80%": "gần tới hạn",
    "50%": "quá nửa hạn",
    "in time": "còn thời gian",
    "closed": "đã đóng",
}

Number = Annotated[int, typer.Argument(help="Số của yêu cầu, như `list` in ra.")]


@commands.command("add")
def requests_add(
    reference: Annotated[str, typer.Argument(help="Số hồ sơ của cơ quan; không tên, không số giấy tờ.")],
    *,
    kind: Annotated[str, typer.Option(help=f"Quyền nào: {', '.join(TERMS)}.")],
    route: Annotated[str, typer.Option(help=f"Tới bằng cách nào: {', '.join(ROUTES)}.")],
    received: Annotated[Optional[str], typer.Option(help="Ngày nhận, dạng 2026-11-21; không có là hôm nay.")] = None,  # noqa: UP045
    third_party: Annotated[bool, typer.Option("--third-party", help="Bên khác cũng giữ dữ liệu này.")] = False,
    note: Annotated[str, typer.Option(help="Ghi chú, không tên, không số của ai.")] = "",
    db: Database = None,
) -> None:
    """Ghi một yêu cầu; in ra hạn báo đã nhận và hạn trả lời."""
    _known("--kind", kind, tuple(TERMS))
    _known("--route", route, ROUTES)
    engine = open_database(settings_with(db).database)
    case = Case(reference, kind, route, _day(received), third_party, note)
    _print_case(find_case(engine, add_case(engine, case)))


@commands.command("list")
def requests_list(
    every: Annotated[bool, typer.Option("--all", help="Cả những yêu cầu đã đóng.")] = False, db: Database = None
) -> None:
    """Những yêu cầu đang chờ; cái nào tới hạn trước đứng trước."""
    engine = open_database(settings_with(db).database)
    table = Table("Số", Column("Hồ sơ", no_wrap=True), "Quyền", "Báo đã nhận", "Hạn", "Dài nhất", "Đang")
    for case in all_cases(engine) if every else open_cases(engine):
        told = "rồi" if case.acknowledged_on else f"trước hết {case.acknowledge_by}"
        days = (told, case.due, _longest(case), _STANDS[case.alarm(today())])
        table.add_row(str(case.id), case.reference, case.kind, *map(str, days))
    Console().print(table)


@commands.command("show")
def requests_show(id: Number, db: Database = None) -> None:
    """Một yêu cầu, cùng những gì đã làm."""
    _print_case(find_case(open_database(settings_with(db).database), id))


@commands.command("acknowledge")
def requests_acknowledge(id: Number, db: Database = None) -> None:
    """Đã báo cho người đó là yêu cầu tới rồi."""
    acknowledge(open_database(settings_with(db).database), id, today())
    typer.echo("Đã ghi.")


@commands.command("extend")
def requests_extend(id: Number, db: Database = None) -> None:
    """Gia hạn, một lần; phải báo cho người đó biết vì sao."""
    engine = open_database(settings_with(db).database)
    extend(engine, id)
    _print_case(find_case(engine, id))


@commands.command("close")
def requests_close(
    id: Number,
    result: Annotated[str, typer.Option(help=f"Kết quả: {', '.join(RESULTS)}.")],
    note: Annotated[str, typer.Option(help="Đã làm gì, không tên, không số của ai.")] = "",
    db: Database = None,
) -> None:
    """Đóng một yêu cầu, ghi kết quả."""
    _known("--result", result, RESULTS)
    close(open_database(settings_with(db).database), id, result=result, note=note, now=utc_now())
    typer.echo("Đã đóng.")


def _print_case(case: Case) -> None:
    told = {
        "số": case.id,
        "hồ sơ": case.reference,
        "quyền": case.kind,
        "tới": f"{case.received_on}, {case.route}",
        "báo đã nhận": case.acknowledged_on or f"trước hết ngày {case.acknowledge_by}",
        "hạn": f"{case.due}, dài nhất {_longest(case)}",
        "đang": _STANDS[case.alarm(today())],
        "kết quả": case.result or "chưa",
        "ghi chú": case.note or "không",
    }
    for name, value in told.items():
        typer.echo(f"{name}: {value}")


def _longest(case: Case) -> dt.date:
    """The last day the law knows of: with its one extension."""
    extension = 0 if case.extended else TERMS[case.kind].extension
    return case.due + dt.timedelta(days=extension)


def _day(text: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if text else today()
    except ValueError:
        raise RequestError(f"ngày {text!r} phải viết dạng 2026-11-21.") from None


def _known(option: str, word: str, words: tuple[str, ...]) -> None:
    if word not in words:
        raise typer.BadParameter(f"chỉ có {', '.join(words)}.", param_hint=option)
