"""The command line: ``gocua --help``. One module for each kind of command."""

import sys

import typer

from bot.campaign.outflow_mapping import OutflowError
from bot.campaign.webhook import WebhookError
from bot.campaign.weekly import ReportError
from bot.cli import (
    audit,
    bench,
    campaign,
    classes,
    content,
    deliveries,
    keeping,
    keys,
    operating,
    paper,
    reports,
    requests,
    staff,
    talking,
    teams,
    understanding,
)
from bot.content.library import ContentError
from bot.core.state import StateError
from bot.nlu.evaluation import EvaluationError
from bot.paper.press import PressError
from bot.requests import RequestError
from bot.settings import SettingsError
from bot.store.database import StoreError
from bot.store.sealing import KeysError

app = typer.Typer(
    help="Gõ Cửa: cầm tay chỉ từng bước VNeID mức 2, tài khoản an sinh và app Công dân số TP.HCM.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)

for group in (talking, understanding, content, operating, keeping):
    app.registered_commands += group.commands.registered_commands
app.add_typer(bench.commands, name="bench")
app.add_typer(classes.commands, name="class")
app.add_typer(paper.commands, name="paper")
app.add_typer(reports.commands, name="report")
app.add_typer(campaign.commands, name="campaign")
app.add_typer(campaign.targets, name="targets")
app.add_typer(teams.commands, name="team")
app.add_typer(deliveries.commands, name="deliveries")
app.add_typer(keys.commands, name="keys")
app.add_typer(requests.commands, name="requests")
app.add_typer(operating.zalo, name="zalo")
app.add_typer(staff.commands, name="staff")
app.add_typer(audit.commands, name="audit")


# what ends with one clear message
_TOLD = (
    SettingsError,
    ContentError,
    StoreError,
    KeysError,
    EvaluationError,
    StateError,
    ReportError,
    OutflowError,
    WebhookError,
)


def main() -> None:
    """Runs the command line; faults of settings, content and database end with one clear message, never a traceback."""
    try:
        app()
    except (
        SettingsError,
        ContentError,
        StoreError,
        KeysError,
        EvaluationError,
        StateError,
        PressError,
        ReportError,
        OutflowError,
        WebhookError,
        RequestError,
    ) as error:
        sys.stderr.write(f"gocua: {error}\n")
        sys.exit(1)
