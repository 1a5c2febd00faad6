"""The audit log: whether it is whole."""

from typing import Annotated

import typer

from bot import bootstrap
from bot.cli.options import Database, settings_with

commands = typer.Typer(help="Nhật ký việc làm của cán bộ: còn nguyên vẹn không.", no_args_is_help=True)


@commands.callback()
def group() -> None:
    """One command so far, and yet a group: ``gocua audit verify``."""


@commands.command("verify")
def audit_verify(
    known: Annotated[str, typer.Option(help="Dấu cuối đã chép ra máy khác lần trước, như lệnh này in ra.")] = "",
    db: Database = None,
) -> None:
    """Đọc lại cả nhật ký: dòng nào bị sửa, xoá hay chèn thì chuỗi đứt ở đó."""
    verdict = bootstrap.open_database(settings_with(db)).audit.verify(known)
    if verdict.broken is not None:
        typer.echo(f"Chuỗi đứt ở dòng {verdict.broken}: nhật ký đã bị sửa, xoá hoặc chèn từ đó.", err=True)
        raise typer.Exit(1)
    typer.echo(f"Nguyên vẹn: {verdict.rows} dòng.")
    typer.echo(f"Dấu cuối, chép sang máy khác để lần sau so: {verdict.head}")
