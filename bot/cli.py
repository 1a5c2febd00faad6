"""The command line: ``gocua --help``."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Optional

import typer
from rich.console import Console
from rich.table import Table

from bot import bootstrap, operating
from bot.bench.parsing import measure_parsing
from bot.bench.rasa import measure_rasa
from bot.bench.storm import Storm, Weather, measure_storm
from bot.bench.turns import measure_turns
from bot.campaign.report import TaskCount, make_report
from bot.channels.messages import ContactKey, Incoming, Message
from bot.channels.terminal import CHANNEL, talk, write_plain, write_rich
from bot.content.checks import Checked
from bot.content.checks import check as check_content
from bot.content.library import ContentError, Library
from bot.content.locale_checks import check_locales
from bot.core.choices import asked_at
from bot.core.languages import LANGUAGES, SOURCE
from bot.core.state import State, StateError, parse_place
from bot.delivery import dead_letters
from bot.nlu.chart import draw
from bot.nlu.evaluation import EvaluationError, Score, judge, judge_views, read_lines
from bot.settings import PROJECT, Settings, SettingsError, load_settings
from bot.shield.report import shield_lines
from bot.store.database import StoreError, open_database
from bot.store.sealing import KeysError
from bot.web.app import serve as serve_web

app = typer.Typer(
    help="Gõ Cửa: cầm tay chỉ từng bước VNeID mức 2, tài khoản an sinh và app Công dân số TP.HCM.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)

bench = typer.Typer(help="Đo tốc độ; số đo in ra, không bao giờ là điều kiện của bài kiểm tra.", no_args_is_help=True)
app.add_typer(bench, name="bench")

deliveries = typer.Typer(help="Tin trả lời không tới được: xem, gửi lại, bỏ.", no_args_is_help=True)
app.add_typer(deliveries, name="deliveries")
app.add_typer(operating.zalo, name="zalo")
app.command()(operating.doctor)
app.command()(operating.work)
app.command()(operating.release)

Ids = Annotated[Optional[list[int]], typer.Argument(help="Số của tin, như `list` in ra.")]  # noqa: UP045
AllOfThem = Annotated[bool, typer.Option("--all", help="Mọi tin trong danh sách.")]
Database = Annotated[Optional[str], typer.Option("--db", help="Địa chỉ cơ sở dữ liệu, ví dụ sqlite:////tmp/thu.db")]  # noqa: UP045

# what a language says of itself
_COMPLETE = {True: ", nhận là đủ", False: ", chưa nhận là đủ"}


def main() -> None:
    """Runs the command line; faults of settings, content and database end with one clear message, never a traceback."""
    try:
        app()
    except (SettingsError, ContentError, StoreError, KeysError, EvaluationError, StateError) as error:
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
    lang: Annotated[str, typer.Option("--lang", help=f"Ngôn ngữ: {', '.join(LANGUAGES)}.")] = SOURCE,
) -> None:
    """Trò chuyện trong terminal."""
    if lang not in LANGUAGES:
        known = ", ".join(f"{name} ({code})" for code, name in LANGUAGES.items())
        raise typer.BadParameter(f"hiện chỉ có {known}.", param_hint="--lang")
    bot = bootstrap.build_bot(_settings(db))
    contact = ContactKey(CHANNEL, name)
    # who comes in for another language says its name first
    first = None if lang == SOURCE else LANGUAGES[lang]

    def answer(line: str | None) -> tuple[Message, ...]:
        text = first if line is None else line
        return bot.worker.handle(bot.entrance.hide(Incoming(contact, text=text))).messages

    if plain:
        _speak_utf8()
        talk(sys.stdin, answer, lambda messages: write_plain(messages, sys.stdout))
        return
    console = Console()
    talk(_prompted(console), answer, lambda messages: write_rich(messages, console))


@app.command()
def serve() -> None:
    """Chạy trang trò chuyện trên web."""
    serve_web(bootstrap.build_service(load_settings()))


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
    parser = bootstrap.parser(settings, library)
    asked = asked_at(library.book, State(path=(parse_place(context),))) if context else ""
    _speak_utf8()
    for line in [" ".join(words)] if words else sys.stdin:
        typer.echo(json.dumps(parser.parse(line.rstrip("\r\n"), asked).to_dict(), ensure_ascii=False))


@app.command("eval")
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


@app.command("stand-in", context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def stand_in(
    context: typer.Context,
    platform: Annotated[Literal["telegram", "zalo-oa", "zalo-bot"], typer.Argument(help="Nền tảng nào.")],
    port: Annotated[int, typer.Option(min=0, max=65535, help="Cổng trên máy này; 0 là cổng nào trống cũng được.")] = 0,
) -> None:
    """Mở một Telegram hay Zalo giả trên máy này, có trang để nhắn thử; tuỳ chọn khác chuyển cho nó."""
    folder = PROJECT / "tests" / "stand_ins"
    if not folder.is_dir():
        raise SettingsError("stand-in chỉ có trong thư mục mã nguồn, không có trong gói đã cài.")
    os.chdir(PROJECT)
    # in place of this process, so that whoever stops it stops the stand-in
    module = f"tests.stand_ins.{platform.replace('-', '_')}"
    os.execv(sys.executable, [sys.executable, "-m", module, "--port", str(port), *context.args])  # noqa: S606


@deliveries.command("list")
def deliveries_list(
    as_json: Annotated[bool, typer.Option("--json", help="Một mảng JSON cho máy đọc.")] = False,
    db: Database = None,
) -> None:
    """Những tin đã thôi gửi: kênh nào, vì sao, từ lúc nào. Không in lời nào trong tin."""
    letters = bootstrap.open_database(_settings(db)).outbox.dead()
    if as_json:
        typer.echo(json.dumps(dead_letters.listed(letters), ensure_ascii=False))
        return
    table = Table("Số", "Kênh", "Loại", "Vì sao", "Số lần thử", "Từ lúc", title=f"{len(letters)} tin không tới được")
    for row in dead_letters.rows(letters):
        table.add_row(*row)
    Console().print(table)


@deliveries.command("retry")
def deliveries_retry(ids: Ids = None, every: AllOfThem = False, db: Database = None) -> None:
    """Gửi lại những tin này."""
    wanted = _wanted(ids, every=every)
    outbox = bootstrap.open_database(_settings(db)).outbox
    _tell_done("Gửi lại", *dead_letters.retry(outbox, wanted, bootstrap.utc_now()))


@deliveries.command("drop")
def deliveries_drop(ids: Ids = None, every: AllOfThem = False, db: Database = None) -> None:
    """Bỏ hẳn những tin này."""
    wanted = _wanted(ids, every=every)
    _tell_done("Bỏ", *dead_letters.drop(bootstrap.open_database(_settings(db)).outbox, wanted))


@bench.command("turn")
def bench_turn() -> None:
    """Một lượt trả lời tốn bao nhiêu: riêng bộ máy, và cả khi ghi vào SQLite."""
    measure_turns(load_settings(), Console())


@bench.command("parse")
def bench_parse(
    with_rasa: Annotated[
        bool, typer.Option("--rasa", help="Đo cả máy chủ của Rasa bên cạnh; lần đầu mất vài phút để học.")
    ] = False,
) -> None:
    """Hiểu một câu tốn bao nhiêu, và nạp mô hình mất bao lâu."""
    measure_parsing(load_settings(), Console())
    if with_rasa:
        measure_rasa(load_settings(), Console())


@bench.command("storm")
def bench_storm(
    weather: Annotated[
        Weather, typer.Option(help="calm: yên; kill: kill -9 hai mươi lần; away: mất cơ sở dữ liệu một lúc.")
    ] = "calm",
    seconds: Annotated[float, typer.Option(help="Bão bao lâu.")] = 60.0,
    rate: Annotated[int, typer.Option(help="Số tin mỗi giây.")] = 200,
    people: Annotated[int, typer.Option(help="Số người.")] = 500,
    postgres: Annotated[bool, typer.Option("--postgres", help="Trên một PostgreSQL mở riêng cho lần đo này.")] = False,
) -> None:
    """Webhook dồn dập vào bot đang chạy thật: nhận nhanh không, có mất, đôi, đảo tin nào không."""
    measure_storm(load_settings(), Console(), Storm(weather, rate, seconds, people, postgres))


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
    locales = check_locales(library, bootstrap.translatable(library))
    problems = [*checked.problems, *(problem for locale in locales for problem in locale.problems)]
    for problem in problems:
        typer.echo(str(problem))
    for locale in locales:
        typer.echo(f"{locale.language}: dịch {locale.translated}/{locale.texts} lời{_COMPLETE[locale.complete]}.")
    summary = _summary(library, checked)
    if problems:
        typer.echo(f"Có {len(problems)} chỗ cần sửa. {summary}")
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


def _wanted(ids: list[int] | None, *, every: bool) -> list[int]:
    if bool(ids) == every:
        raise typer.BadParameter("nêu số của tin (xem `gocua deliveries list`), hoặc --all.", param_hint="IDS")
    return ids or []


def _tell_done(word: str, done: list[int], unknown: list[int]) -> None:
    typer.echo(f"{word}: {len(done)} tin.")
    if unknown:
        typer.echo(f"Không có trong danh sách: {', '.join(map(str, unknown))}.", err=True)
        raise typer.Exit(1)


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
