"""How the bot understands a line: learning, parsing, judging, and what the shield sees."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Optional

import typer
from rich.console import Console
from rich.table import Table

from bot import bootstrap
from bot.cli.options import speak_utf8
from bot.core.choices import asked_at
from bot.core.state import State, parse_place
from bot.nlu.chart import draw
from bot.nlu.evaluation import EvaluationError, Score, judge, judge_views, read_lines
from bot.settings import load_settings
from bot.shield.report import shield_lines

commands = typer.Typer()


@commands.command()
def train() -> None:
    """Cho máy học lại từ dialogs/nlu và knowledge; ghi ra models/gocua.tar.gz."""
    raise typer.Exit(_train())


@commands.command()
def parse(
    words: Annotated[Optional[list[str]], typer.Argument(help="Câu cần hiểu; không có thì đọc từng dòng.")] = None,  # noqa: UP045
    context: Annotated[str, typer.Option(help="Chỗ đang hỏi, dạng tệp.bước.")] = "",
) -> None:
    """Máy hiểu một câu thành ý gì; mỗi dòng một đối tượng JSON."""
    settings = load_settings()
    library = bootstrap.read_content(settings)
    parser = bootstrap.parser(settings, library)
    asked = asked_at(library.book, State(path=(parse_place(context),))) if context else ""
    speak_utf8()
    for line in [" ".join(words)] if words else sys.stdin:
        typer.echo(json.dumps(parser.parse(line.rstrip("\r\n"), asked).to_dict(), ensure_ascii=False))


@commands.command("eval")
def evaluate(
    as_json: Annotated[bool, typer.Option("--json", help="Một đối tượng JSON cho máy đọc.")] = False,
    training: Annotated[Optional[Path], typer.Option("--train", help="Học từ tệp câu<TAB>nhãn này.")] = None,  # noqa: UP045
    test: Annotated[Optional[Path], typer.Option("--test", help="Chấm trên tệp câu<TAB>nhãn này.")] = None,  # noqa: UP045
) -> None:
    """Chấm xem máy hiểu đúng bao nhiêu, theo cách gõ và theo ý định; vẽ hình vào models/reports."""
    if training and not test:
        raise EvaluationError("học từ --train thì cần cả --test để chấm.")
    if training and test:
        raise typer.Exit(_train(str(training), str(test)))
    settings = load_settings()
    library = bootstrap.read_content(settings)
    parser = bootstrap.parser(settings, library)
    if parser.understanding.model is None:
        raise EvaluationError("chưa có mô hình; gõ `gocua train` trước.")
    lines = read_lines(test or settings.content / "models" / "evaluation.tsv")
    score = judge(lines, lambda text: parser.parse(text).ranking)
    views = judge_views(lines, lambda text: parser.parse(text).ranking, library.teencode)
    alone = judge(lines, parser.understanding.model.rank).accuracy
    picture = settings.content / "models" / "reports" / "evaluation.svg"
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_text(draw(score, views), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps({**score.to_dict(), "by_view": views, "model_alone": alone}, ensure_ascii=False))
        return
    _print_score(score, views, alone)
    typer.echo(f"Hình: {picture}")


@commands.command()
def ward() -> None:
    """Đọc từng dòng, in ra phường, xã của thành phố mà dòng đó có thể nói tới."""
    wards = bootstrap.wards(bootstrap.read_content(load_settings()))
    speak_utf8()
    for line in sys.stdin:
        units = [unit.full_name for unit in wards.find(line)]
        typer.echo(json.dumps({"units": units}, ensure_ascii=False))


@commands.command()
def shield(
    conversation: Annotated[
        bool, typer.Option("--conversation", help="Các dòng là tin của một người; dòng trống là người khác.")
    ] = False,
) -> None:
    """Đọc từng dòng, in ra chỗ phải che, có phải lừa đảo không, và các trang web được nhắc."""
    library = bootstrap.read_content(load_settings())
    speak_utf8()
    lines = (line.rstrip("\r\n") for line in sys.stdin)
    for seen in shield_lines(lines, conversation=conversation, official=frozenset(library.lists.hosts)):
        typer.echo(seen)


def _train(*files: str) -> int:
    # a process of its own: serving never loads what only training needs
    return subprocess.run([sys.executable, "-m", "bot.training", *files], check=False).returncode  # noqa: S603


def _print_score(score: Score, views: Mapping[str, float], alone: float) -> None:
    console = Console()
    table = Table(title=f"{score.lines} câu, đúng {score.accuracy:.1%}", title_justify="left")
    for heading in ("cách gõ", "đúng"):
        table.add_column(heading)
    for register, share in score.by_register.items():
        table.add_row(register, f"{share:.1%}")
    table.add_section()
    for view, share in views.items():
        table.add_row(f"mọi câu, {view}", f"{share:.1%}")
    console.print(table)
    console.print(
        f"Ngoài phạm vi bị từ chối: {score.rejected:.1%}; trong phạm vi bị từ chối nhầm: {score.refused:.1%}. "
        f"Riêng mô hình đúng {alone:.1%}."
    )
    for wanted, got, count in score.confusions[:20]:
        console.print(f"{count:3}  {wanted} -> {got}", highlight=False)
