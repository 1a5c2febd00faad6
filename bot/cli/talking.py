"""What talks: the terminal chat and the web server."""

import os
import sys
from collections.abc import Iterator
from typing import Annotated, Literal

import typer
from rich.console import Console

from bot import bootstrap, logs
from bot.channels.messages import ContactKey, Incoming, Message
from bot.channels.terminal import CHANNEL, talk, write_plain, write_rich
from bot.cli.options import Database, settings_with, speak_utf8
from bot.core.languages import LANGUAGES, SOURCE
from bot.settings import PROJECT, SettingsError, load_settings
from bot.web.app import serve as serve_web

commands = typer.Typer()


@commands.command()
def chat(
    plain: Annotated[
        bool, typer.Option("--plain", help="Mỗi dòng một tin, không màu mè; cho máy khác điều khiển.")
    ] = False,
    db: Database = None,
    name: Annotated[
        str, typer.Option("--as", help="Tên cuộc trò chuyện; gọi lại cùng tên thì làm tiếp chỗ cũ.")
    ] = "terminal",
    lang: Annotated[str, typer.Option("--lang", help=f"Ngôn ngữ: {', '.join(LANGUAGES)}.")] = SOURCE,
) -> None:
    """Trò chuyện trong terminal."""
    if lang not in LANGUAGES:
        known = ", ".join(f"{name} ({code})" for code, name in LANGUAGES.items())
        raise typer.BadParameter(f"hiện chỉ có {known}.", param_hint="--lang")
    bot = bootstrap.build_bot(settings_with(db))
    contact = ContactKey(CHANNEL, name)
    # who comes in for another language says its name first
    first = None if lang == SOURCE else LANGUAGES[lang]

    def answer(line: str | None) -> tuple[Message, ...]:
        text = first if line is None else line
        return bot.worker.handle(bot.entrance.hide(Incoming(contact, text=text))).messages

    if plain:
        speak_utf8()
        talk(sys.stdin, answer, lambda messages: write_plain(messages, sys.stdout))
        return
    console = Console()
    talk(_prompted(console), answer, lambda messages: write_rich(messages, console))


@commands.command()
def serve() -> None:
    """Chạy trang trò chuyện trên web."""
    logs.set_up()
    serve_web(bootstrap.build_service(load_settings()))


@commands.command("stand-in", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def stand_in(
    context: typer.Context,
    platform: Annotated[Literal["telegram", "zalo-oa", "zalo-bot", "provider"], typer.Argument(help="Nền tảng nào.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng trên máy này; 0 là cổng nào trống cũng được.")] = 0,
) -> None:
    """Mở một Telegram, Zalo hay nơi đăng nhập giả trên máy này, có trang để thử; tuỳ chọn khác chuyển cho nó."""
    folder = PROJECT / "tests" / "stand_ins"
    if not folder.is_dir():
        raise SettingsError("stand-in chỉ có trong thư mục mã nguồn, không có trong gói đã cài.")
    os.chdir(PROJECT)
    # in place of this process, so that whoever stops it stops the stand-in
    module = f"tests.stand_ins.{platform.replace('-', '_')}"
    os.execv(sys.executable, [sys.executable, "-m", module, "--port", str(port), *context.args])  # noqa: S606


def _prompted(console: Console) -> Iterator[str]:
    while True:
        try:
            yield console.input("[bold]bạn>[/bold] ")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
