"""The project's own content, which the papers are made of."""

import pytest

from bot.content.library import Library, load_library
from bot.settings import PROJECT


@pytest.fixture(scope="session")
def project() -> Library:
    return load_library(PROJECT)
