"""A Telegram for all tests of the trainers' bot, a hall and a bot at work for each module, a trainer for each test."""

import itertools
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.staff.office import Office
from bot.store.staff import Account
from tests.classes.hall import Hall
from tests.fakes import Clock, open_test_store
from tests.staff.chat import Chat, Running, at_work, office_of
from tests.stand_ins.control import Control
from tests.stand_ins.telegram.app import telegram_served

_numbers = itertools.count(1)


def pytest_configure() -> None:
    # python-telegram-bot warns where it is not told which type of time to return
    os.environ["PTB_TIMEDELTA"] = "true"


@dataclass
class Wall:
    """The clock Telegram stamps messages with: that of the module under way."""

    clock: Clock


@pytest.fixture(scope="session")
def wall() -> Wall:
    return Wall(Clock())


@pytest.fixture(scope="session")
def telegram(wall: Wall) -> Iterator[str]:
    with telegram_served(clock=lambda: wall.clock().timestamp()) as address:
        yield address


@pytest.fixture(scope="module")
def clock(wall: Wall) -> Clock:
    """Goes on from test to test: what one test opened is over for the next where it matters."""
    wall.clock = Clock()
    return wall.clock


@pytest.fixture(scope="module")
def control(telegram: str) -> Iterator[Control]:
    control = Control(telegram)
    yield control
    control.post("reset")
    control.close()


@pytest.fixture(scope="module")
def hall(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Hall]:
    path = shutil.copy(sqlite_template, tmp_path_factory.mktemp("staff") / "test.db")
    store = open_test_store(f"sqlite:///{path}", clock)
    yield Hall(store)
    store.engine.dispose()


@pytest.fixture(scope="module")
def office(hall: Hall) -> Office:
    return office_of(hall)


@pytest.fixture(scope="module")
def running(office: Office, telegram: str, control: Control) -> Iterator[Running]:
    with at_work(office, telegram, control) as running:
        yield running


@pytest.fixture
def minh(hall: Hall) -> Account:
    """A trainer of one ward."""
    return hall.account(f"minh.{next(_numbers)}")


@pytest.fixture
def stranger(running: Running, control: Control) -> Chat:
    return Chat(control.person(f"người lạ {next(_numbers)}"), running)


@pytest.fixture
def chat(running: Running, control: Control, office: Office, minh: Account) -> Chat:
    """Minh's chat with the bot."""
    chat = Chat(control.person(minh.login), running)
    chat.ties(office, minh)
    return chat
