"""A Telegram for all tests of the trainers' bot; a hall, a bot and a trainer for each."""

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


def pytest_configure() -> None:
    # python-telegram-bot warns where it is not told which type of time to return
    os.environ["PTB_TIMEDELTA"] = "true"


@dataclass
class Wall:
    """The clock Telegram stamps messages with: that of the test under way."""

    clock: Clock


@pytest.fixture(scope="session")
def wall() -> Wall:
    return Wall(Clock())


@pytest.fixture(scope="session")
def telegram(wall: Wall) -> Iterator[str]:
    with telegram_served(clock=lambda: wall.clock().timestamp()) as address:
        yield address


@pytest.fixture
def control(telegram: str, wall: Wall, clock: Clock) -> Iterator[Control]:
    wall.clock = clock
    control = Control(telegram)
    yield control
    control.post("reset")
    control.close()


@pytest.fixture
def hall(sqlite_template: Path, tmp_path: Path, clock: Clock) -> Iterator[Hall]:
    store = open_test_store(f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'test.db')}", clock)
    yield Hall(store)
    store.engine.dispose()


@pytest.fixture
def office(hall: Hall) -> Office:
    return office_of(hall)


@pytest.fixture
def running(office: Office, telegram: str, control: Control) -> Iterator[Running]:
    with at_work(office, telegram, control) as running:
        yield running


@pytest.fixture
def minh(hall: Hall) -> Account:
    return hall.account("minh")


@pytest.fixture
def stranger(running: Running, control: Control, request: pytest.FixtureRequest) -> Chat:
    return Chat(control.person(f"lạ {request.node.name}"), running)


@pytest.fixture
def chat(running: Running, control: Control, office: Office, minh: Account, request: pytest.FixtureRequest) -> Chat:
    """The chat of Minh, a trainer of one ward."""
    chat = Chat(control.person(request.node.name), running)
    chat.ties(office, minh)
    return chat
