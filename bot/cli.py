"""The command line: ``gocua --help``."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.table import Table

from bot import bootstrap
from bot.bench.parsing import measure_parsing
from bot.bench.turns import measure_turns
from bot.campaign.report import TaskCount, make_report
from bot.channels.messages import ContactKey, Incoming, Message
from bot.channels.terminal import CHANNEL, talk, write_plain, write_rich
from bot.content.checks import Checked
from bot.content.checks import check as check_content
from bot.content.library import ContentError, Library
from bot.core.choices import asked_at
from bot.core.state import State, StateError, parse_place
from bot.nlu.evaluation import EvaluationError, Score, judge, read_lines
from bot.nlu.parsing import parse as parse_text
from bot.nlu.parsing import ranked
from bot.settings import Settings, SettingsError, load_settings
from bot.shield.report import shield_lines
from bot.store.database import StoreError, open_database
from bot.web.app import serve as serve_web

app = typer.Typer(
    help="Gõ Cửa: cầm tay chỉ từng bước VNeID mức 2, tài khoản an sinh và app Công dân số TP.HCM.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)

bench = typer.Typer(help="Đo tốc độ; số đo in ra, không bao giờ là điều kiện của bài kiểm tra.", no_args_is_help=True)
app.add_typer(bench, name="bench")

Database = Annotated[Optional[str], typer.Option("--db", help="Địa chỉ cơ sở dữ liệu, ví dụ sqlite:////tmp/thu.db")]  # noqa: UP045


def main() -> None:
    """Runs the command line; faults of settings, content and database end with one clear message, never a traceback."""
    try:
        app()
    except (SettingsError, ContentError, StoreError, EvaluationError, StateError) as error:
        sys.stderr.write(f"gocua: {error}\n")
        sys.exit(1)


@app.command()
def chat(
    plain: Annotated[
        bool, typer.Option("--plain", help="Mỗi dòng một tin, không màu mè; cho máy khác điều khiển.")
    ] = False,
    db: Database = None,
    name: Annotated[
        str, typer.Option("--as", help="Tên cuộc trò chuyện; gọi lại cùng tên thì làm tiếp chỗ cũ.")
    ] = "terminal",
    lang: Annotated[str, typer.Option("--lang", help="Ngôn ngữ. Hiện có: vi.")] = "vi",
) -> None:
    """Trò chuyện trong terminal."""
    if lang != "vi":
        raise typer.BadParameter("hiện chỉ có tiếng Việt (vi).", param_hint="--lang")
    bot = bootstrap.build_bot(_settings(db))
    contact = ContactKey(CHANNEL, name)

    def answer(line: str | None) -> tuple[Message, ...]:
        return bot.assistant.handle(Incoming(contact, text=line)).messages

    if plain:
        _speak_utf8()
        talk(sys.stdin, answer, lambda messages: write_plain(messages, sys.stdout))
        return
    console = Console()
    talk(_prompted(console), answer, lambda messages: write_rich(messages, console))


@app.command()
def serve() -> None:
    """Chạy trang trò chuyện trên web."""
    serve_web(bootstrap.build_bot(load_settings()))


@app.command()
def report(
    as_json: Annotated[bool, typer.Option("--json", help="Một đối tượng JSON cho máy đọc.")] = False,
    db: Database = None,
) -> None:
    """Số người bắt đầu, làm xong, mắc kẹt ở bước nào; theo việc và theo ngày."""
    made = make_report(open_database(_settings(db).database))
    if as_json:
        typer.echo(json.dumps(made.to_dict(), ensure_ascii=False, indent=2))
        return
    console = Console()
    console.print(_report_table("Tất cả", made.tasks))
    for day, tasks in made.days.items():
        console.print(_report_table(day, tasks))


@app.command()
def train() -> None:
    """Cho máy học lại từ dialogs/nlu và knowledge; ghi ra models/gocua.tar.gz."""
    raise typer.Exit(_train())


@app.command()
def parse(
    words: Annotated[Optional[list[str]], typer.Argument(help="Câu cần hiểu; không có thì đọc từng dòng.")] = None,  # noqa: UP045
    context: Annotated[str, typer.Option(help="Chỗ đang hỏi, dạng tệp.bước.")] = "",
) -> None:
    """Máy hiểu một câu thành ý gì; mỗi dòng một đối tượng JSON."""
    settings = load_settings()
    library = bootstrap.read_content(settings)
    understanding = bootstrap.read_understanding(settings, library)
    asked = asked_at(library.book, State(path=(parse_place(context),))) if context else ""
    _speak_utf8()
    for line in [" ".join(words)] if words else sys.stdin:
        typer.echo(json.dumps(parse_text(understanding, line.rstrip("\r\n"), asked), ensure_ascii=False))


@app.command("eval")
def evaluate(
    as_json: Annotated[bool, typer.Option("--json", help="Một đối tượng JSON cho máy đọc.")] = False,
    training: Annotated[Optional[Path], typer.Option("--train", help="Học từ tệp câu<TAB>nhãn này.")] = None,  # noqa: UP045
    test: Annotated[Optional[Path], typer.Option("--test", help="Chấm trên tệp câu<TAB>nhãn này.")] = None,  # noqa: UP045
) -> None:
    """Chấm xem máy hiểu đúng bao nhiêu, theo cách gõ và theo ý định."""
    if training and test:
        raise typer.Exit(_train(str(training), str(test)))
    settings = load_settings()
    understanding = bootstrap.read_understanding(settings, bootstrap.read_content(settings))
    if understanding.model is None:
        raise EvaluationError("chưa có mô hình; gõ `make train` trước.")
    lines = read_lines(test or settings.content / "models" / "evaluation.tsv")
    score = judge(lines, lambda text: ranked(understanding, text), sure=0.0)
    if as_json:
        typer.echo(json.dumps(score.to_dict(), ensure_ascii=False))
        return
    _print_score(score)


@app.command()
def ward() -> None:
    """Đọc từng dòng, in ra phường, xã của thành phố mà dòng đó có thể nói tới."""
    wards = bootstrap.wards(bootstrap.read_content(load_settings()))
    _speak_utf8()
    for line in sys.stdin:
        units = [unit.full_name for unit in wards.find(line)]
        typer.echo(json.dumps({"units": units}, ensure_ascii=False))


@app.command()
def shield(
    conversation: Annotated[
        bool, typer.Option("--conversation", help="Các dòng là tin của một người; dòng trống là người khác.")
    ] = False,
) -> None:
    """Đọc từng dòng, in ra chỗ phải che, có phải lừa đảo không, và các trang web được nhắc."""
    library = bootstrap.read_content(load_settings())
    _speak_utf8()
    lines = (line.rstrip("\r\n") for line in sys.stdin)
    for seen in shield_lines(lines, conversation=conversation, official=frozenset(library.lists.hosts)):
        typer.echo(seen)


@bench.command("turn")
def bench_turn() -> None:
    """Một lượt trả lời tốn bao nhiêu: riêng bộ máy, và cả khi ghi vào SQLite."""
    measure_turns(load_settings(), Console())


@bench.command("parse")
def bench_parse() -> None:
    """Hiểu một câu tốn bao nhiêu, và nạp mô hình mất bao lâu."""
    measure_parsing(load_settings(), Console())


@app.command()
def check(
    content: Annotated[Optional[Path], typer.Option(help="Thư mục có dialogs/ và knowledge/.")] = None,  # noqa: UP045
) -> None:
    """Kiểm tra lời thoại, hình, số điện thoại, trang web; đi thử mọi ngả."""
    settings = load_settings()
    library = bootstrap.read_content(
        replace(settings, content=content.resolve()) if content else settings, measured=True
    )
    checked = check_content(library, today=bootstrap.today())
    for problem in checked.problems:
        typer.echo(str(problem))
    summary = _summary(library, checked)
    if checked.problems:
        typer.echo(f"Có {len(checked.problems)} chỗ cần sửa. {summary}")
        raise typer.Exit(1)
    typer.echo(f"Tốt. {summary}")


def _summary(library: Library, checked: Checked) -> str:
    book = library.book
    parts = (
        f"{len(book.dialogs)} cuộc trò chuyện",
        f"{len(book.symptoms)} trục trặc",
        f"{len(library.pictures)} hình",
        f"{checked.texts} lời",
        f"đi qua {checked.walk.walked} chỗ" if checked.walk else "chưa đi thử được vì còn chỗ hỏng",
    )
    return ", ".join(parts) + "."


def _train(*files: str) -> int:
    # a process of its own: serving never loads what only training needs
    return subprocess.run([sys.executable, "-m", "bot.training", *files], check=False).returncode  # noqa: S603


def _print_score(score: Score) -> None:
    console = Console()
    table = Table(title=f"{score.lines} câu, đúng {score.accuracy:.1%}", title_justify="left")
    for heading in ("cách gõ", "đúng"):
        table.add_column(heading)
    for register, share in score.by_register.items():
        table.add_row(register, f"{share:.1%}")
    console.print(table)
    console.print(
        f"Ngoài phạm vi bị từ chối: {score.rejected:.1%}; trong phạm vi bị từ chối nhầm: {score.refused:.1%}."
    )
    for wanted, got, count in score.confusions:
        console.print(f"{count:3}  {wanted} -> {got}", highlight=False)


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


def _settings(db: str | None) -> Settings:
    settings = load_settings()
    return replace(settings, database_url=db) if db else settings


def _speak_utf8() -> None:
    # whatever the terminal's locale, people's bytes are UTF-8; broken ones are shown, not fatal
    for stream in (sys.stdin, sys.stdout):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace", newline=None)


def _prompted(console: Console) -> Iterator[str]:
    while True:
        try:
            yield console.input("[bold]bạn>[/bold] ")
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
