"""One bot with the house's own content, served to all tests; each test is a visitor with a session of its own."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from bot.bootstrap import Service, build_service
from bot.settings import load_settings
from tests.web.player import Visitor
from tests.web.screens import ARGUMENTS, CHROMIUM, PHONE, VOICE, Screen
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


# ---- a real browser ----


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("GOCUA_SCREENSHOTS", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce")
    context.add_init_script(VOICE)
    yield context
    context.close()


@pytest.fixture
def screen(context: BrowserContext, site: Site, shots: Path, request: pytest.FixtureRequest) -> Iterator[Screen]:
    screen = Screen(context, site.address, shots, request.node.name)
    screen.open()
    yield screen
    assert screen.errors == []
    assert screen.hosts == {urlsplit(site.address).netloc}
