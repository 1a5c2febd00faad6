"""Answers that could not be delivered."""

import json
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.table import Table

from bot import bootstrap
from bot.cli.options import Database, settings_with
from bot.delivery import dead_letters

commands = typer.Typer(help="Tin trả lời không tới được: xem, gửi lại, bỏ.", no_args_is_help=True)

Ids = Annotated[Optional[list[int]], typer.Argument(help="Số của tin, như `list` in ra.")]  # noqa: UP045
AllOfThem = Annotated[bool, typer.Option("--all", help="Mọi tin trong danh sách.")]


@commands.command("list")
def deliveries_list(
    as_json: Annotated[bool, typer.Option("--json", help="Một mảng JSON cho máy đọc.")] = False,
    db: Database = None,
) -> None:
    """Những tin đã thôi gửi: kênh nào, vì sao, từ lúc nào. Không in lời nào trong tin."""
    letters = bootstrap.open_database(settings_with(db)).outbox.dead()
    if as_json:
        typer.echo(json.dumps(dead_letters.listed(letters), ensure_ascii=False))
        return
    table = Table("Số", "Kênh", "Loại", "Vì sao", "Số lần thử", "Từ lúc", title=f"{len(letters)} tin không tới được")
    for row in dead_letters.rows(letters):
        table.add_row(*row)
    Console().print(table)


@commands.command("retry")
def deliveries_retry(ids: Ids = None, every: AllOfThem = False, db: Database = None) -> None:
    """Gửi lại những tin này."""
    wanted = _wanted(ids, every=every)
    outbox = bootstrap.open_database(settings_with(db)).outbox
    _tell_done("Gửi lại", *dead_letters.retry(outbox, wanted, bootstrap.utc_now()))


@commands.command("drop")
def deliveries_drop(ids: Ids = None, every: AllOfThem = False, db: Database = None) -> None:
    """Bỏ hẳn những tin này."""
    wanted = _wanted(ids, every=every)
    _tell_done("Bỏ", *dead_letters.drop(bootstrap.open_database(settings_with(db)).outbox, wanted))


def _wanted(ids: list[int] | None, *, every: bool) -> list[int]:
    if bool(ids) == every:
        raise typer.BadParameter("nêu số của tin (xem `gocua deliveries list`), hoặc --all.", param_hint="IDS")
    return ids or []


def _tell_done(word: str, done: list[int], unknown: list[int]) -> None:
    typer.echo(f"{word}: {len(done)} tin.")
    if unknown:
        typer.echo(f"Không có trong danh sách: {', '.join(map(str, unknown))}.", err=True)
        raise typer.Exit(1)
