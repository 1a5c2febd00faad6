"""What things cost; figures are printed, never a condition of a test."""

from typing import Annotated

import typer
from rich.console import Console

from bot.bench.city import seed
from bot.bench.desk import measure_desk
from bot.bench.hall import Class, measure_class
from bot.bench.parsing import measure_parsing
from bot.bench.rasa import measure_rasa
from bot.bench.serving import Load, measure_serving
from bot.bench.storm import Storm, Weather, measure_storm
from bot.bench.turns import measure_turns
from bot.cli.options import Database, settings_with
from bot.settings import SettingsError, load_settings
from bot.store.database import open_database

commands = typer.Typer(
    help="Đo tốc độ; số đo in ra, không bao giờ là điều kiện của bài kiểm tra.", no_args_is_help=True
)


@commands.command("turn")
def bench_turn() -> None:
    """Một lượt trả lời tốn bao nhiêu: riêng bộ máy, và cả khi ghi vào SQLite."""
    measure_turns(load_settings(), Console())


@commands.command("parse")
def bench_parse(
    with_rasa: Annotated[
        bool, typer.Option("--rasa", help="Đo cả máy chủ của Rasa bên cạnh; lần đầu mất vài phút để học.")
    ] = False,
) -> None:
    """Hiểu một câu tốn bao nhiêu, và nạp mô hình mất bao lâu."""
    measure_parsing(load_settings(), Console())
    if with_rasa:
        measure_rasa(load_settings(), Console())


@commands.command("storm")
def bench_storm(
    *,
    weather: Annotated[
        Weather, typer.Option(help="calm: yên; kill: kill -9 hai mươi lần; away: mất cơ sở dữ liệu một lúc.")
    ] = "calm",
    seconds: Annotated[float, typer.Option(help="Bão bao lâu.")] = 60.0,
    rate: Annotated[int, typer.Option(help="Số tin mỗi giây.")] = 200,
    people: Annotated[int, typer.Option(help="Số người.")] = 500,
    postgres: Annotated[bool, typer.Option("--postgres", help="Trên một PostgreSQL mở riêng cho lần đo này.")] = False,
    processes: Annotated[int, typer.Option(help="Số tiến trình: một gocua serve, còn lại là gocua work.")] = 1,
) -> None:
    """Webhook dồn dập vào bot đang chạy thật: nhận nhanh không, có mất, đôi, đảo tin nào không."""
    measure_storm(load_settings(), Console(), Storm(weather, rate, seconds, people, postgres, processes))


@commands.command("serve")
def bench_serve(
    seconds: Annotated[float, typer.Option(help="Mỗi lần đo bao lâu.")] = 20.0,
    people: Annotated[int, typer.Option(help="Số người nhắn cùng lúc.")] = 64,
    postgres: Annotated[bool, typer.Option("--postgres", help="Trên một PostgreSQL mở riêng cho lần đo này.")] = False,
    with_rasa: Annotated[
        bool, typer.Option("--rasa", help="Đo cả máy chủ của Rasa làm cùng việc; lần đầu mất vài phút để học.")
    ] = False,
) -> None:
    """Từ webhook tới tay nền tảng: bao nhiêu lượt mỗi giây, CPU và bộ nhớ; một rồi hai tiến trình."""
    loads = [Load(people, seconds, processes, postgres) for processes in (1, 2)]
    measure_serving(load_settings(), Console(), loads, with_rasa=with_rasa)


@commands.command("class")
def bench_class(
    phones: Annotated[list[int], typer.Option(help="Số máy trong lớp; lặp lại được.")] = [40, 300],  # noqa: B006
    *,
    kill: Annotated[bool, typer.Option("--kill", help="kill -9 bot ngay sau mỗi lần bấm, rồi chạy lại.")] = False,
) -> None:
    """Người dạy bấm, từng máy có bước sau bao lâu, bảng trễ bao lâu, có máy nào mất bước không."""
    measure_class(load_settings(), Console(), [Class(each, kill) for each in phones])


@commands.command("seed")
def bench_seed(
    people: Annotated[int, typer.Option(help="Số người.")] = 1_000_000,
    db: Database = None,
) -> None:
    """Đổ vào một cơ sở dữ liệu trống một thành phố tưởng tượng: người, ba việc, 168 phường, lịch sử, số đếm."""
    if db is None:
        raise SettingsError("cần --db: một cơ sở dữ liệu trống, không phải cơ sở dữ liệu đang chạy.")
    settings = settings_with(db)
    seed(settings, open_database(settings.database), people)
    typer.echo(f"Đã tạo {people:,} người.")


@commands.command("desk")
def bench_desk(
    people: Annotated[list[int], typer.Option(help="Số người; ghi nhiều lần để so.")] = [10_000, 100_000, 1_000_000],  # noqa: B006
    postgres: Annotated[bool, typer.Option("--postgres", help="Trên một PostgreSQL mở riêng cho lần đo này.")] = False,
) -> None:
    """Trang phường, trang thành phố qua HTTP thật, tệp tuần, một lượt xong: tốn bao nhiêu khi dữ liệu lớn dần."""
    measure_desk(load_settings(), Console(), people, postgres=postgres)
