"""Community teams: which there are, and whose words count for them. Targets come with ``gocua targets import``."""

from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.table import Table

from bot import bootstrap
from bot.campaign.scope import CITY, Scope
from bot.campaign.teams import Teams
from bot.cli.options import Database, settings_with
from bot.store.database import StoreError
from bot.store.store import Store

commands = typer.Typer(help="Tổ công nghệ số cộng đồng: xem tổ, gắn tài khoản vào tổ.", no_args_is_help=True)

Member = Annotated[str, typer.Argument(help="Tên đăng nhập, hoặc token:SỐ của một chương trình.")]

# who did it, for the audit log
_BY = "cli"


@commands.command("list")
def team_list(
    ward: Annotated[Optional[str], typer.Option(help="Chỉ của phường, xã mã này.")] = None,  # noqa: UP045
    db: Database = None,
) -> None:
    """Các tổ đã nạp cùng chỉ tiêu: số của tổ, phường, khu phố hay ấp, bao nhiêu tài khoản."""
    found = _teams(bootstrap.open_database(settings_with(db))).listed(Scope.of([ward]) if ward else CITY)
    table = Table("Số", "Phường, xã", "Khu phố, ấp", "Tổ", "Tài khoản", title=f"{len(found)} tổ")
    for each in found:
        table.add_row(str(each.id), each.ward, each.neighbourhood, each.name, str(each.members))
    Console().print(table)


@commands.command("join")
def team_join(
    number: Annotated[int, typer.Argument(help="Số của tổ, như `list` in ra.")], member: Member, db: Database = None
) -> None:
    """Gắn một tài khoản vào tổ: người mà tài khoản đó xác nhận, trước nay cũng vậy, tính cho tổ."""
    store = bootstrap.open_database(settings_with(db))
    if not _teams(store).join(_actor(store, member), number, by=_BY):
        raise StoreError(f"không có tổ số {number}. Xem: gocua team list")
    typer.echo("Đã gắn.")


@commands.command("leave")
def team_leave(member: Member, db: Database = None) -> None:
    """Gỡ một tài khoản khỏi tổ của nó."""
    store = bootstrap.open_database(settings_with(db))
    if not _teams(store).leave(_actor(store, member), by=_BY):
        raise StoreError(f"{member} không thuộc tổ nào. Xem: gocua team list")
    typer.echo("Đã gỡ.")


def _teams(store: Store) -> Teams:
    return Teams(store.engine, store.writer, store.audit)


def _actor(store: Store, member: str) -> str:
    account = store.staff.by_login(member.strip().lower())
    if account is not None:
        return account.actor
    if member in {token.actor for token in store.api_tokens.listed()}:
        return member
    raise StoreError(f"không có tài khoản {member}. Xem: gocua staff list, gocua staff token list")
