"""The stand-ins as somebody starts and uses them by hand: from the command line, in a browser."""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.stand_ins.control import Control
from tests.stand_ins.telegram.app import TOKEN, telegram_served

GOCUA = Path(sys.executable).with_name("gocua")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.mark.parametrize("platform", ["telegram", "zalo-oa", "zalo-bot"])
def test_each_starts_from_the_command_line_and_stops_when_told(platform: str) -> None:
    started = subprocess.Popen([GOCUA, "stand-in", platform], stdout=subprocess.PIPE)
    try:
        assert started.stdout is not None
        address = started.stdout.readline().decode().strip()
        assert f'data-platform="{platform}"' in httpx.get(address, trust_env=False).text
        started.terminate()
        assert started.wait(60) in (0, -15)
    finally:
        started.kill()
        started.communicate()


def test_the_provider_of_sign_ins_starts_there_too() -> None:
    started = subprocess.Popen([GOCUA, "stand-in", "provider"], stdout=subprocess.PIPE)
    try:
        assert started.stdout is not None
        address, issuer = (started.stdout.readline().decode().strip() for _ in range(2))
        described = httpx.get(f"{address}.well-known/openid-configuration", trust_env=False).json()
        assert issuer == f"GOCUA_OIDC_ISSUER: {described['issuer']}"
    finally:
        started.kill()
        started.communicate()


@contextlib.contextmanager
def opened(address: str) -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--no-proxy-server"]
        )
        page = browser.new_page(viewport={"width": 390, "height": 780})
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        yield page
        browser.close()
    assert wrong == []


@pytest.mark.browser
def test_the_page_shows_a_chat_and_lets_one_type_and_tap(tmp_path: Path) -> None:
    shots = Path(os.environ.get("GOCUA_SCREENSHOTS", tmp_path))
    with telegram_served() as address, opened(address) as page:
        control = Control(address)
        page.get_by_label("Đang là ai").select_option(label="Chú Tư")
        page.get_by_label("Tin nhắn").fill("chào <b>con</b>")
        page.keyboard.press("Enter")
        expect(page.locator(".bubble.mine")).to_contain_text("chào <b>con</b>")
        chu_tu = control.person("Chú Tư")
        keyboard = '{"inline_keyboard": [[{"text": "Xong rồi", "callback_data": "x"}]]}'
        said = {"chat_id": chu_tu.id, "text": "Dạ chú mở app nha", "reply_markup": keyboard}
        httpx.post(f"{address}/bot{TOKEN}/sendMessage", data=said, trust_env=False)
        page.get_by_role("button", name="Xong rồi").click()
        expect(page.locator(".keys .busy")).to_have_text("Xong rồi")
        page.get_by_label("Gửi kèm").select_option("voice")
        expect(page.locator(".bubble.mine").last).to_contain_text("Tin thoại")
        page.get_by_role("button", name="Chặn").click()
        expect(page.locator("#presence")).to_have_text("đã chặn")
        assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
        page.screenshot(path=shots / "stand_in_telegram.png")
        taps = httpx.get(f"{address}/bot{TOKEN}/getUpdates", trust_env=False).json()["result"]
        kinds = [next(name for name in update if name != "update_id") for update in taps]
        assert kinds == ["message", "callback_query", "message", "my_chat_member"]
        control.close()
