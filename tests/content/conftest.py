"""The project's own content, read and walked once for all tests."""

import pytest

from bot.content.checks import Checked, check
from bot.content.library import Library, load_library
from tests.content.small_content import PROJECT, freshest_day


@pytest.fixture(scope="session")
def project() -> Library:
    return load_library(PROJECT)


@pytest.fixture(scope="session")
def project_checked(project: Library) -> Checked:
    """Checked as of the day its lists were last looked through, so that time alone breaks nothing."""
    return check(project, today=freshest_day(project))
