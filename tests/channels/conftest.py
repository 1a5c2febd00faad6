"""Channels are asynchronous; their tests run on asyncio, as the bot does."""

import pytest


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"
