"""What all tests share: a clock that stands still, and the option that rewrites golden files."""

import os

import pytest

from tests.fakes import Clock


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite what golden files expect, then read the diff")


def pytest_configure() -> None:
    # a model somebody trained here must not change what tests see; those that want one train their own
    os.environ["GOCUA_MODEL"] = os.devnull + "/none"


@pytest.fixture
def clock() -> Clock:
    return Clock()
