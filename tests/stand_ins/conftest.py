"""Tests of the stand-ins run on asyncio, as the bot does."""

import os

import pytest


def pytest_configure() -> None:
    # python-telegram-bot warns where it is not told which type of time to return
    os.environ["PTB_TIMEDELTA"] = "true"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
