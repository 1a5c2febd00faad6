"""Measures the desk: its pages as a browser gets them, their queries, the weekly file, what one completion costs."""

import asyncio
import contextlib
import datetime as dt
import secrets
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, dataclass, replace
from functools import partial
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from bot import bootstrap
from bot.accounts.codes import digest, new_token
from bot.bench.city import last_sunday, seed
from bot.bench.meter import seconds_of
from bot.bench.served import ServedBot, database, serving_pages_on, writing
from bot.campaign.figures import Figures
from bot.campaign.publishing import publish
from bot.campaign.scope import CITY, Scope
from bot.campaign.signing import signing_key
from bot.campaign.weekly import whole_week, write_weekly
from bot.core.effects import TASKS
from bot.settings import Settings, SettingsError
from bot.store.database import open_database
from bot.store.evidence import Word, take_words
from bot.store.moments import stamp
from bot.store.tallies import Tallies
from bot.web.desk.visit import DeskCookie

# completions whose roll-up is timed, visits of each page
_ROLLED = 300
_VISITS = 15

# every so many wards one is looked at
_EVERY = 8

_A_DAY = 86_400.0

_LOGIN = "bench@tphcm.example"

_ROWS = (
    "tạo (s)", "chốt tuần (s)", "số của một phường (ms)", "trang phường (ms)",
    "số của thành phố (ms)", "trang thành phố (ms)", "trang so các phường (ms)", "tệp tuần (s)", "cộng dồn (ms)",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """A column of the table, in the order of its rows: seconds for seeding, publishing, weekly, else milliseconds."""

    people: int
    seeding: float
    publishing: float
    ward: float
    ward_page: float
    city: float
    city_page: float
    wards_page: float
    weekly: float
    roll_up: float


def measure_desk(settings: Settings, console: Console, sizes: list[int], *, postgres: bool) -> None:
    """Print a column for each size, each on a database of its own that goes away, and how much all grew."""
    columns = []
    for people in sizes:
        with tempfile.TemporaryDirectory() as folder, database(Path(folder), postgres=postgres) as (address, _):
            engine = open_database(address)
            seeding = seconds_of(partial(seed, settings, engine, people))
            columns.append(measure_seeded(settings, engine, address, people, Path(folder), seeding=seeding))
    console.print(table_of(columns, "PostgreSQL" if postgres else "SQLite"))


def table_of(columns: Sequence[Measured], name: str) -> Table:
    """A row for each thing measured, with how much it grew from the first size to the last."""
    table = Table(title=f"Bàn làm việc trên {name}", title_justify="left")
    table.add_column("")
    for each in columns:
        table.add_column(f"{each.people:,}", justify="right")
    table.add_column("lớn lên", justify="right")
    rows = zip(*(astuple(each)[1:] for each in columns), strict=True)
    for label, numbers in zip(_ROWS, rows, strict=True):
        grown = f"×{numbers[-1] / numbers[0]:,.1f}" if len(numbers) > 1 else ""
        table.add_row(label, *(f"{number:,.2f}" for number in numbers), grown)
    return table


def measure_seeded(
    settings: Settings, engine: Engine, address: str, people: int, folder: Path, *, seeding: float = 0.0
) -> Measured:
    """A column of the table, from a database that is filled."""
    publishing = seconds_of(partial(publish, engine, now=bootstrap.utc_now(), again=True))
    figures = Figures(engine)
    codes = [unit.code for unit in figures.wards(CITY)][::_EVERY]
    with _at_the_desk(settings, address, folder) as browser:
        pages = [
            _median([partial(_visit, browser, path) for path in paths])
            for paths in ([f"/desk/wards/{code}" for code in codes], ["/desk"] * _VISITS, ["/desk/wards"] * _VISITS)
        ]
    measured = Measured(
        people,
        seeding,
        publishing,
        _median([partial(_ward, figures, code) for code in codes]),
        pages[0],
        _median([partial(_city, figures)] * _VISITS),
        pages[1],
        pages[2],
        seconds_of(partial(_weekly, settings, engine, folder)),
        _roll_up(engine, people),
    )
    engine.dispose()
    return measured


def _median(acts: list[Callable[[], object]]) -> float:
    """Milliseconds; the first act, which warms up, is not counted."""
    return statistics.median(seconds_of(act) * 1000 for act in [*acts[:1], *acts][1:])


# ---- what is measured ----


@contextlib.contextmanager
def _at_the_desk(settings: Settings, address: str, folder: Path) -> Iterator[httpx.Client]:
    """The browser of somebody who may see everything, at a process that serves this database."""
    bot = serving_pages_on(folder, address)
    store = bootstrap.open_database(replace(settings, database_url=address, keys=folder / "keys.json"))
    # the process is here to show pages, not to erase people who never chatted
    store.duties.take("sweep", seconds=_A_DAY)
    account = store.staff.add(_LOGIN, "city_admin", (), by="bench") or store.staff.by_login(_LOGIN)
    if account is None:
        raise SettingsError("không thêm được tài khoản để đo.")
    token = new_token()
    store.staff.begin(account, digest(token), "full")
    bot.start()
    try:
        asyncio.run(_is_ready(bot))
        cookies = {DeskCookie(https=False).name: token}
        with httpx.Client(base_url=bot.address, cookies=cookies, trust_env=False, timeout=60) as browser:
            yield browser
    finally:
        bot.stop()


async def _is_ready(bot: ServedBot) -> None:
    async with writing() as client:
        await bot.is_ready(client)


def _visit(browser: httpx.Client, path: str) -> None:
    browser.get(path).raise_for_status()


def _ward(figures: Figures, code: str) -> None:
    figures.ward(Scope.of([code]), code)


def _city(figures: Figures) -> None:
    figures.city(CITY, compared=False)
    figures.trends(CITY)
    figures.causes(CITY)
    for task in TASKS:
        figures.funnel(CITY, task)


def _weekly(settings: Settings, engine: Engine, folder: Path) -> None:
    now = bootstrap.utc_now()
    year, week, _ = last_sunday(now).isocalendar()
    write_weekly(
        engine,
        whole_week(f"{year}-W{week:02}", today=bootstrap.today()),
        folder / secrets.token_hex(4),
        key=signing_key(folder / "keys.json", production=False),
        content_version="bench",
        made_at=now,
    )


def _roll_up(engine: Engine, people: int) -> float:
    """What the counts add to a completion, in the transaction that writes it and without its commit."""
    spent = []
    for number in range(_ROLLED):
        at = stamp(dt.datetime.now(dt.UTC))
        with engine.begin() as connection:
            tallies = Tallies(connection, at=at)
            word = Word(at, secrets.token_hex(16), 1 + number * 10 % people, TASKS[0], "officer")
            take_words(connection, [word], tallies, at=at)
            spent.append(seconds_of(tallies.write) * 1000)
    return statistics.median(spent)
