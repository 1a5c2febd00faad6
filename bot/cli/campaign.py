"""The campaign's numbers, from the side of whoever answers for them: targets in, counts checked."""

import asyncio
import contextlib
from pathlib import Path
from typing import Annotated

import typer

from bot import bootstrap
from bot.campaign.outflow_mapping import OutflowError
from bot.campaign.publishing import publish
from bot.campaign.targets import import_targets
from bot.campaign.verifying import verify
from bot.campaign.webhook import Webhook, WebhookError
from bot.cli.options import Database, settings_with
from bot.content.library import ContentError
from bot.settings import Settings
from bot.store.database import open_database
from bot.store.flow_standings import flow_standings
from bot.store.outflow_marks import Flow
from bot.store.store import Store

commands = typer.Typer(help="Số đếm của chiến dịch: đếm lại, so, sửa cho khớp.", no_args_is_help=True)
targets = typer.Typer(help="Chỉ tiêu của từng phường, từng tổ.", no_args_is_help=True)

# what each flow leads to
_PLACES: dict[Flow, str] = {"database": "cơ sở dữ liệu của chiến dịch", "webhook": "webhook"}

# differences worth reading; more are the same fault
_MOST_SHOWN = 20


@targets.callback()
def _targets() -> None:
    """One command so far, which keeps its name."""


@targets.command("import")
def targets_import(
    file: Annotated[
        Path,
        typer.Argument(
            help="Tệp CSV hoặc XLSX: phase, ward, task, target, eligible; của tổ thì thêm neighbourhood, team."
        ),
    ],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ đọc và nói chỗ sai, không ghi.")] = False,
    db: Database = None,
) -> None:
    """Nạp chỉ tiêu; có một dòng sai thì không nạp dòng nào."""
    settings = settings_with(db)
    engine = open_database(settings.database)
    library = bootstrap.read_content(settings)
    if library.problems:
        raise ContentError("nội dung đang có chỗ sai; gõ `gocua check` trước.")
    bootstrap.bring_plan(engine, library)
    read = import_targets(engine, file, dry_run=dry_run)
    for problem in read.problems:
        typer.echo(str(problem))
    if read.problems:
        typer.echo(f"Có {len(read.problems)} chỗ sai, chưa nạp dòng nào.")
        raise typer.Exit(1)
    typer.echo(f"{'Đọc được' if dry_run else 'Đã nạp'} {len(read.targets)} chỉ tiêu.")


@commands.command("verify")
def campaign_verify(
    repair: Annotated[bool, typer.Option("--repair", help="Sửa số đã giữ cho khớp số đếm lại.")] = False,
    db: Database = None,
) -> None:
    """Đếm lại từ đầu và so với số giữ sẵn; khác nhau thì nói khác ở đâu."""
    engine = open_database(settings_with(db).database)
    wrong = verify(engine, repair=repair)
    for each in wrong[:_MOST_SHOWN]:
        name = " ".join(part for part in each.key if part)
        typer.echo(f"{name}: đang giữ {each.kept}, đếm lại {each.counted}")
    if not wrong:
        typer.echo("Khớp.")
    elif repair:
        # what was told of whole weeks may have been wrong with them
        publish(engine, now=bootstrap.utc_now(), again=True)
        typer.echo(f"Đã sửa {len(wrong)} số.")
    else:
        typer.echo(f"Có {len(wrong)} số không khớp. Gõ: gocua campaign verify --repair")
        raise typer.Exit(1)


@commands.command("outflow")
def campaign_outflow(
    everything: Annotated[bool, typer.Option("--all", help="Gửi lại tất cả từ đầu, không chỉ phần mới đổi.")] = False,
    db: Database = None,
) -> None:
    """Gửi những gì đang chờ sang cơ sở dữ liệu của chiến dịch (CAMPAIGN_DATABASE_URL)."""
    settings = settings_with(db)
    store = bootstrap.open_database(settings)
    outflow = bootstrap.open_outflow(settings, store)
    if outflow is None:
        raise OutflowError("chưa đặt CAMPAIGN_DATABASE_URL.")
    if everything:
        outflow.mark_all()
    told = 0
    try:
        while number := outflow.round():
            told += number
    finally:
        outflow.leave()
    typer.echo(f"Đã gửi {told}, còn chờ {outflow.waiting()}.")


@commands.command("webhook")
def campaign_webhook(
    everything: Annotated[bool, typer.Option("--all", help="Gửi lại tất cả từ đầu, không chỉ phần mới đổi.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Gửi lại cả những gì đã thôi gửi.")] = False,
    db: Database = None,
) -> None:
    """Gửi những gì đang chờ tới địa chỉ của thành phố (GOCUA_CAMPAIGN_WEBHOOK)."""
    settings = settings_with(db)
    store = bootstrap.open_database(settings)
    webhook = bootstrap.open_webhook(settings, store)
    if webhook is None:
        raise WebhookError("chưa đặt GOCUA_CAMPAIGN_WEBHOOK.")
    if everything:
        store.webhook_events.mark_all()
    if again:
        store.webhook_events.revive()
    told = asyncio.run(_post_all(webhook))
    typer.echo(f"Đã gửi {told}.")
    _show(settings, store)


async def _post_all(webhook: Webhook) -> int:
    told = 0
    async with contextlib.aclosing(webhook):
        while number := await webhook.round():
            told += number
    return told


@commands.command("waiting")
def campaign_waiting(db: Database = None) -> None:
    """Cái gì còn chờ gửi sang cơ sở dữ liệu của chiến dịch và webhook, cái gì đã thôi gửi."""
    settings = settings_with(db)
    if not bootstrap.flows_of(settings):
        typer.echo("Chưa đặt CAMPAIGN_DATABASE_URL, cũng chưa đặt GOCUA_CAMPAIGN_WEBHOOK: không gửi đi đâu.")
        return
    _show(settings, bootstrap.open_database(settings))


def _show(settings: Settings, store: Store) -> None:
    for each in flow_standings(store.engine, bootstrap.flows_of(settings), now=bootstrap.utc_now()):
        since = f", cái cũ nhất đổi cách đây {each.oldest.total_seconds() / 60:.0f} phút" if each.waiting else ""
        trouble = f" (lần thử cuối: {each.trouble})" if each.trouble else ""
        typer.echo(f"{_PLACES[each.flow]}: còn chờ {each.waiting}{since}{trouble}; đã thôi gửi {each.dead}.")
    for reason, number in store.webhook_events.reasons().items():
        typer.echo(f"  thôi gửi vì {reason}: {number}. Bên nhận sửa xong thì gõ: gocua campaign webhook --again")
