"""One bot with the house's own content, served to all tests; each test is a visitor with a session of its own."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bootstrap import Service, build_service
from bot.settings import load_settings
from tests.web.player import Visitor
from tests.web.sites import Process, Site, served


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Service:
    path = tmp_path_factory.mktemp("web") / "web.db"
    return build_service(replace(load_settings(), database_url=f"sqlite:///{path}", public_url=""))


@pytest.fixture(scope="session")
def site(bot: Service) -> Iterator[Site]:
    with served(bot) as site:
        yield site


@pytest.fixture
def visitor(site: Site) -> Iterator[Visitor]:
    visitor = Visitor(site.address)
    with visitor.client:
        yield visitor


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path)
    process.start()
    yield process
    process.kill()
