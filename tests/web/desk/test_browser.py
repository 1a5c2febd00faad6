"""The console in a real browser: without script, by keyboard, on a phone, on paper; nothing of other hosts."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from bot.bootstrap import Service
from tests.stand_ins.provider.app import StandIn
from tests.web.desk.filled import fill
from tests.web.desk.people import COOKIE, PASSWORD, Official, at_the_desk, new_official
from tests.web.screens import PHONE
from tests.web.sites import Site

pytestmark = pytest.mark.browser

PAGES = ("", "/wards", "/wards/26740", "/tasks/vneid_level_2", "/requests", "/requests?show=closed", "/deliveries",
         "/content", "/weekly", "/staff",
         "/approvals", "/audit?verify=1", "/me", "/sign-in", "/welcome")  # fmt: skip


@pytest.fixture(scope="module")
def admin(bot: Service) -> Official:
    fill(bot)
    return new_official(bot, "city_admin")


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    yield page
    context.close()


def test_by_keyboard_alone_from_the_sign_in_to_a_ward(bot: Service, site: Site, admin: Official, page: Page) -> None:
    page.goto(f"{site.address}/desk")
    page.locator("#login").focus()
    page.keyboard.type(admin.account.login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(admin.code(bot))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Cả thành phố")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Phường, xã").press("Enter")
    page.locator('a[href="/desk/wards/26740"]').press("Enter")
    expect(page.locator("h1")).to_have_text("Phường Sài Gòn")
    page.get_by_role("button", name="English").press("Enter")
    expect(page.get_by_role("link", name="Audit log")).to_be_visible()


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_wider_than_a_phone_asks_another_host_or_has_anything_axe_complains_of(
    bot: Service, site: Site, admin: Official, browser: Browser, path: str
) -> None:
    with at_the_desk(bot, site.address, admin) as signed_in:
        context = browser.new_context(viewport=PHONE)
        if path not in ("/sign-in", "/welcome"):
            context.add_cookies([{"name": COOKIE, "value": signed_in.token, "url": site.address}])
        page, told, hosts = context.new_page(), [], set()
        page.on("console", lambda message: told.append(message.text))
        page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
        answer = page.goto(f"{site.address}/desk{path}")
        assert answer is not None
        assert answer.status == 200
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        # what a finger has to hit
        small = page.evaluate(
            "[...document.querySelectorAll('main button, main select, nav a')]"
            ".filter(each => each.getBoundingClientRect().height < 43).map(each => each.textContent)"
        )
        unnamed = page.evaluate(
            "[...document.querySelectorAll('input:not([type=hidden]), select')]"
            ".filter(each => !each.labels.length).map(each => each.name)"
        )
        complaints = [(each["id"], each["nodes"][0]["html"]) for each in Axe().run(page).response["violations"]]
        context.close()
    assert (told, small, unnamed, complaints) == ([], [], [], [])
    assert hosts == {urlsplit(site.address).netloc}


def test_paper_shows_the_figures_and_nothing_to_press(
    bot: Service, site: Site, admin: Official, browser: Browser
) -> None:
    with at_the_desk(bot, site.address, admin) as signed_in:
        context = browser.new_context()
        context.add_cookies([{"name": COOKIE, "value": signed_in.token, "url": site.address}])
        page = context.new_page()
        page.goto(f"{site.address}/desk")
        page.emulate_media(media="print")
        assert page.locator("button:visible, nav:visible, select:visible").count() == 0
        expect(page.locator(".trend").first).to_be_visible()
        expect(page.get_by_text(re.compile(r"^\d+ người xong$"))).to_have_count(3)
        assert page.pdf().startswith(b"%PDF")
        context.close()


def test_in_by_the_citys_page_and_back_from_another_site(
    bot: Service, site: Site, provider: StandIn, page: Page
) -> None:
    added = bot.store.staff.add("can.bo@tphcm.example", "auditor", (), by="cli", identity=f"{provider.address} can-bo")
    assert added is not None
    page.goto(f"{site.address}/desk")
    page.get_by_role("link", name="Đăng nhập bằng tài khoản thành phố").click()
    page.get_by_label("Mã số").fill("nguoi-la")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("h1")).to_have_text("Tài khoản này chưa vào được")
    expect(page.locator("main code")).to_have_text("nguoi-la")
    page.goto(f"{site.address}/desk")
    page.get_by_role("link", name="Đăng nhập bằng tài khoản thành phố").click()
    page.get_by_label("Mã số").fill("can-bo")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.locator("h1")).to_have_text("Cả thành phố")
    page.goto(f"{site.address}/desk/me")
    expect(page.get_by_text(added.login)).to_be_visible()


@pytest.fixture
def at_a_name(site: Site) -> str:
    """The same site by a name: at a bare number browsers make no passkeys."""
    return site.address.replace("127.0.0.1", "localhost")


def test_a_passkey_of_this_device_takes_the_place_of_the_app(bot: Service, at_a_name: str, browser: Browser) -> None:
    official = new_official(bot, "editor")
    context = browser.new_context(viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(10_000)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    devices = context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {**device, "automaticPresenceSimulation": True}})
    with at_the_desk(bot, at_a_name, official) as signed_in:
        context.add_cookies([{"name": COOKIE, "value": signed_in.token, "url": at_a_name}])
        page.goto(f"{at_a_name}/desk/me")
        page.get_by_role("button", name="Thêm máy này hay một khoá").click()
        expect(page.get_by_role("button", name="Bỏ", exact=True)).to_have_count(1)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.get_by_role("button", name="Đăng xuất").click()
    page.locator("#login").fill(official.account.login)
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Tiếp tục").click()
    page.get_by_role("button", name="Dùng máy hay khoá đã thêm").click()
    expect(page.locator("h1")).to_have_text("Cả thành phố")
    # the same key cannot be added twice: said beside the button, and the page goes on
    page.goto(f"{at_a_name}/desk/me")
    page.get_by_role("button", name="Thêm máy này hay một khoá").click()
    expect(page.get_by_role("alert")).to_have_text("Chưa thêm được. Bấm lại để thử lần nữa.")
    page.goto(f"{at_a_name}/desk/confirm?next=/desk/content")
    page.get_by_role("button", name="Dùng máy hay khoá đã thêm").click()
    expect(page.locator("h1")).to_have_text("Nội dung cần xem lại")
    context.close()
    assert told == []
