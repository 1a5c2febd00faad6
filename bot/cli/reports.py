"""What the campaign counts."""

import json
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot.campaign.report import TaskCount, make_report
from bot.cli.options import Database, settings_with
from bot.store.database import open_database

commands = typer.Typer()


@commands.command()
def report(
    as_json: Annotated[bool, typer.Option("--json", help="Một đối tượng JSON cho máy đọc.")] = False,
    db: Database = None,
) -> None:
    """Số người bắt đầu, làm xong, mắc kẹt ở bước nào; theo việc và theo ngày."""
    made = make_report(open_database(settings_with(db).database))
    if as_json:
        typer.echo(json.dumps(made.to_dict(), ensure_ascii=False, indent=2))
        return
    console = Console()
    console.print(_report_table("Tất cả", made.tasks))
    for day, tasks in made.days.items():
        console.print(_report_table(day, tasks))


def _report_table(title: str, tasks: dict[str, TaskCount]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("Việc", no_wrap=True)
    for heading in ("Bắt đầu", "Xong", "Tự làm", "Có người giúp"):
        table.add_column(heading, justify="right")
    table.add_column("Mắc ở bước (số người)")
    for task, count in tasks.items():
        stuck = ", ".join(f"{step} ({people})" for step, people in count.stuck.items())
        by = (str(count.by_evidence.get(name, 0)) for name in ("self", "helper"))
        table.add_row(task, str(count.started), str(count.completed), *by, stuck)
    return table
