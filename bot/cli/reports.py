"""What the campaign counts."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import bootstrap
from bot.campaign.report import EVIDENCE, TaskCount, make_report
from bot.campaign.signing import public_text, signing_key
from bot.campaign.weekly import check_weekly, whole_week, write_weekly
from bot.cli.options import Database, settings_with
from bot.settings import load_settings
from bot.store.database import open_database

commands = typer.Typer(help="Số đếm của chiến dịch, và tệp tuần có chữ ký.")


@commands.callback(invoke_without_command=True)
def report(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Một đối tượng JSON cho máy đọc.")] = False,
    db: Database = None,
) -> None:
    """Số người bắt đầu, làm xong, mắc kẹt ở bước nào; theo việc và theo ngày."""
    if context.invoked_subcommand:
        return
    made = make_report(open_database(settings_with(db).database))
    if as_json:
        typer.echo(json.dumps(made.to_dict(), ensure_ascii=False, indent=2))
        return
    console = Console()
    console.print(_report_table("Tất cả", made.tasks))
    for day, tasks in made.days.items():
        console.print(_report_table(day, tasks))


@commands.command("weekly")
def report_weekly(
    week: Annotated[str, typer.Option(help="Tuần đã trọn, ví dụ 2026-W47.")],
    out: Annotated[Path, typer.Option(help="Thư mục để ghi các tệp.")],
    db: Database = None,
) -> None:
    """Tệp tuần (CSV, XLSX) kèm bản kê và chữ ký; số dưới 5 được che."""
    settings = settings_with(db)
    library = bootstrap.read_content(settings)
    files = write_weekly(
        open_database(settings.database),
        whole_week(week, today=bootstrap.today()),
        out,
        key=signing_key(settings.keys, production=settings.production),
        content_version=library.book.version,
        made_at=bootstrap.utc_now(),
    )
    for path in files:
        typer.echo(str(path))


@commands.command("verify")
def report_verify(
    folder: Annotated[Path, typer.Argument(help="Thư mục của tệp tuần.")],
    key: Annotated[str, typer.Option(help="Khoá công khai của nơi gửi; bỏ trống: khoá của máy này.")] = "",
) -> None:
    """Tệp tuần có còn nguyên như lúc ký không."""
    settings = load_settings()
    public = key or public_text(signing_key(settings.keys, production=settings.production))
    problems = check_weekly(folder, public_key=public)
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(1)
    typer.echo("Nguyên vẹn, đúng chữ ký.")


@commands.command("key")
def report_key() -> None:
    """In khoá công khai, để nơi nhận kiểm chữ ký."""
    settings = load_settings()
    typer.echo(public_text(signing_key(settings.keys, production=settings.production)))


def _report_table(title: str, tasks: dict[str, TaskCount]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("Việc", no_wrap=True)
    for heading in ("Bắt đầu", "Xong", "Tự làm", "Có người giúp", "Người dạy thấy", "Cán bộ thấy"):
        table.add_column(heading, justify="right")
    table.add_column("Mắc ở bước (số người)")
    for task, count in tasks.items():
        stuck = ", ".join(f"{step} ({people})" for step, people in count.stuck.items())
        by = (str(count.by_evidence.get(name, 0)) for name in EVIDENCE)
        table.add_row(task, str(count.started), str(count.completed), *by, stuck)
    return table
