"""The keys that seal what the database holds of people."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.cli.options import Database, settings_with
from bot.store.database import open_database
from bot.store.rotation import draw, keys_in_use, retire, rotate

commands = typer.Typer(help="Khoá niêm dữ liệu: xem, tạo, đổi, bỏ khoá cũ; bot vẫn chạy.", no_args_is_help=True)


@commands.command("list")
def keys_list(db: Database = None) -> None:
    """Khoá nào đang dùng, khoá nào còn cần cho cái gì. Không in khoá."""
    table = Table("Số", "Dấu nhận", "Đang dùng", "Còn cần cho")
    for key in keys_in_use(open_database(settings_with(db).database)):
        needed = ", ".join(f"{count} {words}" for words, count in key.uses.items())
        table.add_row(str(key.number), key.print, "có" if key.is_current else "", needed)
    Console().print(table)


@commands.command("new")
def keys_new(db: Database = None) -> None:
    """Thêm một khoá vào tệp khoá; chưa dùng. Chép tệp khoá tới mọi máy rồi mới `rotate`."""
    settings = settings_with(db)
    number = draw(open_database(settings.database), settings.keys)
    typer.echo(
        f"Đã thêm khoá số {number} vào {settings.keys}. Chép tệp này tới mọi máy khác, rồi gõ: gocua keys rotate"
    )


@commands.command("rotate")
def keys_rotate(db: Database = None) -> None:
    """Dùng khoá mới nhất từ bây giờ; cái đã niêm bằng khoá cũ được niêm lại dần trong lúc bot chạy."""
    settings = settings_with(db)
    number = rotate(open_database(settings.database), settings.keys)
    typer.echo(f"Từ bây giờ dùng khoá số {number}. Khi khoá cũ hết việc (gocua keys list): gocua keys retire SỐ")


@commands.command("retire")
def keys_retire(
    number: Annotated[int, typer.Argument(help="Số của khoá cũ.")],
    db: Database = None,
) -> None:
    """Bỏ một khoá cũ không còn gì cần tới; bản sao lưu của ngày còn khoá đó thì vẫn cần nó."""
    settings = settings_with(db)
    retire(open_database(settings.database), settings.keys, number, settings.spool)
    typer.echo(f"Đã bỏ khoá số {number} khỏi {settings.keys}. Giữ một bản ở nơi khác tới khi không còn bản sao lưu cũ.")
