"""A bot of the console's own: what people finish in the other tests of the web must not change its figures."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.bootstrap import Service, build_service
from bot.settings import load_settings
from tests.web.sites import Site, served


@pytest.fixture(scope="session")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Service:
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    return build_service(replace(load_settings(), database_url=f"sqlite:///{path}", public_url=""))


@pytest.fixture(scope="session")
def site(bot: Service) -> Iterator[Site]:
    with served(bot) as site:
        yield site
