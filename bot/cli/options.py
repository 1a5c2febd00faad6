"""What several commands share: the database option, the settings it changes, streams that speak UTF-8."""

import sys
from dataclasses import replace
from typing import Annotated, Optional

import typer

from bot.settings import Settings, load_settings

Database = Annotated[Optional[str], typer.Option("--db", help="Địa chỉ cơ sở dữ liệu, ví dụ sqlite:////tmp/thu.db")]  # noqa: UP045


def settings_with(db: str | None) -> Settings:
    settings = load_settings()
    return replace(settings, database_url=db) if db else settings


def speak_utf8() -> None:
    # whatever the terminal's locale, people's bytes are UTF-8; broken ones are shown, not fatal
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace", newline=None)
