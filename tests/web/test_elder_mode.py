"""Elder mode in a real browser on a small phone: large, few, high in contrast, and read aloud by itself."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.bootstrap import Service
from tests.web.player import Player
from tests.web.screens import CONTRAST, PHONE, Screen, play, tap
from tests.web.sites import Site

pytestmark = pytest.mark.browser

SIZES = "all => all.filter(each => each.offsetParent).map(each => parseFloat(getComputedStyle(each).fontSize))"


@pytest.fixture
def slow(screen: Screen) -> Screen:
    """A page in elder mode."""
    button = screen.page.get_by_role("button", name="Chữ to, nói chậm")
    screen.after(button.tap)
    screen.page.wait_for_selector("html[data-mode=elder]")
    return screen


def write(screen: Screen, text: str) -> None:
    screen.page.fill("#text", text)
    screen.after(lambda: screen.page.press("#text", "Enter"))


def said(page: Page) -> list[str]:
    """What the voice was given to say."""
    return [text for text, _ in page.evaluate("window.said")]


def act(screen: Screen, number: int) -> None:
    """What is folded away is opened first."""
    button = screen.active.nth(number)
    if not button.is_visible():
        screen.page.locator("[data-active] summary").tap()
    button.tap()


def test_a_whole_journey_with_one_thing_a_message(bot: Service, site: Site, slow: Screen) -> None:
    def look(screen: Screen) -> None:
        newest = screen.page.locator(".turn").last
        texts = newest.locator(".say").all_inner_texts()
        assert sum(len(text) for text in texts if len(text) > 40) <= 160
        if newest.locator("details").count():
            assert newest.locator(".answers > button").count() <= 2
        assert not screen.is_wider_than_it_seems()
        spoken = said(screen.page)
        # by itself, and in words: no voice is left to guess at a hotline or a step
        assert spoken
        assert not [text for text in spoken if re.search(r"\d/\d|\d{3}", text)]
        screen.page.evaluate("window.said = []")

    slow.shoot("00")
    assert len(play(slow, site, Player(bot.library, 2), act, look=look)) == 1


def test_everything_is_large(slow: Screen) -> None:
    write(slow, "tiếp")
    write(slow, "tiếp")
    texts = "h1 span:not(.dot), h2, .say, figcaption, .label, .number, button, summary, input, footer p, .mine"
    assert min(slow.page.locator(texts).evaluate_all(SIZES)) >= 22
    heights = slow.page.locator("button:visible, input:visible, summary:visible, a.button:visible").evaluate_all(
        "all => all.map(each => [each.textContent, each.getBoundingClientRect().height])"
    )
    assert [label for label, height in heights if height < 56] == []
    assert slow.page.evaluate(CONTRAST) == []
    slow.shoot("large")


def test_pictures_fill_the_screen(bot: Service, site: Site, slow: Screen) -> None:
    first = slow.page.locator("img").first

    def look(screen: Screen) -> None:
        if first.count() and first.bounding_box():
            screen.shoot("picture")

    play(slow, site, Player(bot.library, 2), act, look=look)
    box = first.bounding_box()
    assert box is not None
    assert box["width"] >= 0.88 * PHONE["width"]
    address = str(first.evaluate("each => each.src"))
    assert "-large.png" in address
    assert slow.page.request.get(address).ok


def test_reading_begins_with_the_first_touch_and_only_then(slow: Screen) -> None:
    slow.open()
    assert said(slow.page) == []
    slow.page.locator(".say").last.tap()
    text = slow.page.locator("[data-active] .say").first.inner_text()
    assert said(slow.page)[0] == text.replace('"', "").replace("anh/chị", "anh chị")
    assert said(slow.page)[-1].startswith("Bấm số một: Tôi tự làm.")


def test_quiet_keeps_quiet_and_read_again_reads_again(slow: Screen) -> None:
    slow.page.get_by_role("button", name="Im", exact=True).tap()
    slow.page.evaluate("window.said = []")
    slow.after(lambda: tap(slow, 0))
    assert said(slow.page) == []
    slow.open()
    slow.page.locator(".say").last.tap()
    assert said(slow.page) == []
    slow.page.get_by_role("button", name="Đọc lại").tap()
    assert len(said(slow.page)) == 2
    slow.after(lambda: tap(slow, 0))
    assert len(said(slow.page)) == 4


def test_the_voice_stays_at_hand(slow: Screen) -> None:
    slow.page.evaluate("scrollTo(0, 0)")
    for name in ("Đọc lại", "Im"):
        expect(slow.page.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)


def test_a_phone_without_a_vietnamese_voice_says_so_kindly(browser: Browser, site: Site, shots: Path) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True)
    voice = "{ value: { getVoices: () => [{ lang: 'en-US' }], cancel: () => {}, speak: () => {} } }"
    context.add_init_script(f"Object.defineProperty(window, 'speechSynthesis', {voice});")
    screen = Screen(context, site.address, shots, "no_voice")
    screen.open()
    expect(screen.page.get_by_role("status")).not_to_be_visible()
    screen.after(screen.page.get_by_role("button", name="Chữ to, nói chậm").tap)
    expect(screen.page.locator("#no-voice")).to_contain_text("chưa có giọng đọc tiếng Việt")
    expect(screen.page.get_by_role("button", name="Đọc lại")).to_have_count(0)
    context.close()


def test_back_to_normal_by_the_button(slow: Screen) -> None:
    slow.after(slow.page.get_by_role("button", name="Như bình thường").tap)
    expect(slow.page.locator("html[data-mode]")).to_have_count(0)
    expect(slow.page.get_by_role("button", name="Chữ to, nói chậm")).to_be_visible()


def test_without_script_letters_are_large_all_the_same(browser: Browser, site: Site, shots: Path) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address)
    for name in ("Chữ to, nói chậm", "Tôi tự làm", "Bà", "Cài app Công dân số TP.HCM"):
        page.get_by_role("button", name=name).click()
    assert page.locator("html").get_attribute("data-mode") == "elder"
    page.locator("summary").last.click()
    expect(page.get_by_role("button", name="Nghe lại").last).to_be_visible()
    page.screenshot(path=shots / "elder_without_script.png")
    context.close()


# ---- what people without sight, mouse or steady hands stumble over: axe-core and one rule more ----

STATES = {
    "the first page": [],
    "the menu": ["1", "sao cũng được, bỏ qua"],
    "a step": ["1", "bà", "3", "4", "1"],
    "its symptoms": ["1", "bà", "3", "4", "1", "chưa được"],
    "a scam": ["bị lừa"],
    "other things": ["việc khác"],
    "elder mode": ["chữ to", "rồi", "rồi"],
    "a page of elder mode": ["chữ to"],
    "a step in elder mode": ["chữ to", "rồi", "rồi", "1", "bà", "3", "rồi", "4", "1", "rồi"],
    "a scam in elder mode": ["chữ to", "bị lừa"],
    "elder mode in English": ["Hello, please go slowly, one thing at a time"],
}


@pytest.mark.parametrize("state", STATES)
def test_axe_has_no_complaint(screen: Screen, context: BrowserContext, state: str) -> None:
    for text in STATES[state]:
        write(screen, text)
    result = Axe().run(
        screen.page, options={"resultTypes": ["violations"], "rules": {"color-contrast-enhanced": {"enabled": True}}}
    )
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in result.response["violations"]] == []
    assert screen.page.evaluate(CONTRAST) == []
    screen.shoot("seen")


def test_axe_has_no_complaint_in_english(screen: Screen) -> None:
    screen.page.get_by_role("button", name="English", exact=True).last.tap()
    screen.page.wait_for_selector("html[lang=en] [data-active] .answers button")
    assert Axe().run(screen.page).response["violations"] == []


def test_axe_has_no_complaint_about_a_page_instead_of_the_chat(screen: Screen, site: Site) -> None:
    screen.page.goto(f"{site.address}/khong-co")
    assert Axe().run(screen.page).response["violations"] == []
    assert screen.page.evaluate(CONTRAST) == []
    screen.errors.clear()
