"""What all tests share: a clock that stands still, and the option that rewrites golden files."""

import pytest

from tests.fakes import Clock


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite what golden files expect, then read the diff")


@pytest.fixture
def clock() -> Clock:
    return Clock()
