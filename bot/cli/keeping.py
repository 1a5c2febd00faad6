"""The database as a whole: a backup, its way back, the inventory of what it holds."""

import csv
import sys
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.table import Table

from bot.bootstrap import utc_now
from bot.cli.options import Database, settings_with
from bot.content.inventory import load_inventory
from bot.content.library import ContentError
from bot.content.reading import Problems
from bot.retention import TERMS
from bot.settings import PROJECT
from bot.store.backup import BackupError, back_up
from bot.store.backup import restore as put_back
from bot.store.sealing import read_keyring
from bot.store.tombstones import read_tombstones

commands = typer.Typer()


@commands.command()
def backup(file: Annotated[Path, typer.Argument(help="Tệp mới, chưa có.")], db: Database = None) -> None:
    """Chép cả cơ sở dữ liệu ra một tệp đã khoá, trong lúc bot vẫn chạy."""
    settings = settings_with(db)
    keyring = read_keyring(settings.keys, production=settings.production)
    manifest = back_up(settings.database, keyring, file, now=utc_now())
    size = file.stat().st_size / 1e6
    typer.echo(f"Xong: {file}, {size:.1f} MB, khoá số {manifest.key}. Cất tệp khoá ở nơi khác với bản sao lưu này.")


@commands.command()
def restore(
    file: Annotated[Path, typer.Argument(help="Tệp mà `gocua backup` đã ghi.")],
    replace: Annotated[bool, typer.Option("--replace", help="Thay cơ sở dữ liệu đang có.")] = False,
    erased: Annotated[
        Optional[list[Path]],  # noqa: UP045
        typer.Option("--erased", help="Thêm tệp erased của máy khác, nếu trước đó chạy nhiều máy."),
    ] = None,
    db: Database = None,
) -> None:
    """Lấy lại bản sao lưu; ai đã xoá hết sau ngày sao lưu thì xoá lại. Dừng bot trước khi gõ."""
    settings = settings_with(db)
    keyring = read_keyring(settings.keys, production=settings.production)
    gone: dict[str, str] = {}
    for path in [settings.erased, *(erased or [])]:
        if path.exists() or path != settings.erased:
            gone |= _read(path)
    done = put_back(settings.database, keyring, file, replace=replace, erased=gone, now=utc_now())
    typer.echo(f"Xong: dữ liệu của {done.manifest.taken_at}, xoá lại {done.erased_again} người đã xin xoá sau đó.")
    typer.echo("Nếu dùng Zalo OA, coi mã truy cập còn hạn không: gocua zalo status")


@commands.command()
def inventory(
    as_csv: Annotated[bool, typer.Option("--csv", help="Dạng CSV, mỗi cột của cơ sở dữ liệu một dòng.")] = False,
) -> None:
    """Mọi thứ được lưu: để làm gì, loại nào, giữ bao lâu, ai đọc; cho người phụ trách dữ liệu cá nhân."""
    problems = Problems()
    tables = load_inventory(PROJECT, problems)
    if found := problems.found:
        raise ContentError("\n".join(map(str, found)))
    if as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerow(("bảng", "cột", "loại", "là gì", "để làm gì", "dựa vào", "giữ", "ai đọc"))
        for each in tables:
            for column, kind in each.columns.items():
                told = (each.what, each.purpose, each.ground, _kept(each.kept), each.readers)
                writer.writerow((each.table, column, kind, *told))
        return
    table = Table("Bảng", "Là gì", "Để làm gì", "Giữ", "Ai đọc", show_lines=True)
    for each in tables:
        table.add_row(each.table, each.what, each.purpose, _kept(each.kept), each.readers)
    Console().print(table)


def _kept(kept: str) -> str:
    """Terms by their names become days; words stay."""
    names = kept.split(", ")
    return "; ".join(f"{TERMS[name].days} ngày" for name in names) if TERMS.keys() >= set(names) else kept


def _read(path: Path) -> dict[str, str]:
    try:
        return read_tombstones(path)
    except OSError as error:
        raise BackupError(f"không đọc được {path} ({error.strerror}).") from error
