"""The page in a real browser: by tapping, by typing, by keyboard alone, in large letters, across a killed server."""

import os
import re
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect, sync_playwright

from bot.bootstrap import Service
from tests.web.player import MOST, Button, Player
from tests.web.sites import Process, Site

pytestmark = pytest.mark.browser

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run", "--disable-quic", "--no-proxy-server",
]  # fmt: skip
PHONE: ViewportSize = {"width": 360, "height": 640}

# a voice for machines without one; it keeps what it was given to say
VOICE = """
window.said = [];
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => [{ lang: "vi-VN" }], cancel: () => {}, speak: (each) => window.said.push([each.text, each.lang]),
} });
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


class Screen:
    """A page as somebody sees it; what went wrong in it and what it asked for are kept."""

    def __init__(self, context: BrowserContext, address: str, shots: Path, name: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(10_000)
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        self._address = address
        self._shots = shots
        self._name = re.sub(r"\W+", "_", name)
        self.page.on("console", lambda message: self._note(message.type, message.text))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.hosts.add(urlsplit(request.url).netloc))

    def open(self) -> None:
        self.page.goto(f"{self._address}/")
        self.page.wait_for_selector("[data-active] .answers button")

    @property
    def token(self) -> str:
        return next(str(cookie.get("value")) for cookie in self.page.context.cookies() if cookie.get("name") == "gocua")

    @property
    def active(self) -> Locator:
        return self.page.locator("[data-active] .answers button")

    def buttons(self) -> list[Button]:
        found = self.active.evaluate_all("all => all.map(each => [each.value, each.querySelector('.label').innerText])")
        return [Button(id, label) for id, label in found]

    def after(self, act: Callable[[], None]) -> None:
        """Does it, and waits for the answer."""
        newest = (
            "() => [document.querySelectorAll('.turn').length, [...document.querySelectorAll('.turn')].pop().id].join()"
        )
        before = self.page.evaluate(newest)
        act()
        self.page.wait_for_function(f"before => ({newest})() !== before", arg=before)

    def shoot(self, label: str) -> None:
        self.page.screenshot(path=self._shots / f"{self._name}_{label}.png")

    def is_wider_than_it_seems(self) -> bool:
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def focused_id(self) -> str:
        return str(self.page.evaluate("document.activeElement.id"))

    def newest_id(self) -> str:
        return str(self.page.locator(".turn").last.get_attribute("id"))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.errors.append(text)


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


Act = Callable[[Screen, int], None]
Look = Callable[[Screen], None]


def play(screen: Screen, site: Site, player: Player, act: Act, *, look: Look | None = None) -> list[str]:
    """To the end of a journey; ``act`` gives the chosen answer, ``look`` sees every message."""
    for number in range(MOST):
        buttons = screen.buttons()
        chosen = player.choose(buttons)
        screen.after(lambda chosen=chosen: act(screen, chosen))  # type: ignore[misc]
        if look:
            look(screen)
        if number in (1, 8):
            screen.shoot(f"{number:02}")
        if site.done(screen.token):
            screen.shoot("end")
            break
    return site.done(screen.token)


def tap(screen: Screen, number: int) -> None:
    screen.active.nth(number).tap()


def write(screen: Screen, number: int) -> None:
    label = screen.active.nth(number).locator(".label").inner_text()
    screen.page.fill("#text", label)
    screen.page.press("#text", "Enter")


def press_digit(screen: Screen, number: int) -> None:
    screen.page.keyboard.press(str(number + 1))


@pytest.mark.parametrize("journey", [0, 1, 2])
def test_a_whole_journey_by_tapping(bot: Service, site: Site, screen: Screen, journey: int) -> None:
    assert len(play(screen, site, Player(bot.library, journey), tap)) == 1


def test_a_whole_journey_by_typing(bot: Service, site: Site, screen: Screen) -> None:
    assert len(play(screen, site, Player(bot.library, 0), write)) == 1


def test_a_whole_journey_by_digits_with_the_focus_on_what_is_new(bot: Service, site: Site, screen: Screen) -> None:
    def look(screen: Screen) -> None:
        assert screen.focused_id() == screen.newest_id()

    assert len(play(screen, site, Player(bot.library, 2), press_digit, look=look)) == 1


def test_tab_and_enter_alone(screen: Screen) -> None:
    def answer() -> None:
        for _ in range(12):
            screen.page.keyboard.press("Tab")
            if screen.page.evaluate("document.activeElement.name") == "button":
                break
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        assert screen.page.evaluate(outline) == "solid"
        screen.page.keyboard.press("Enter")

    for _ in range(3):
        screen.after(answer)
        assert screen.focused_id() == screen.newest_id()
    # from the newest message: its buttons come before the field, and a letter goes straight into the field
    screen.page.keyboard.type("menu")
    assert screen.page.input_value("#text") == "menu"
    screen.after(lambda: screen.page.keyboard.press("Enter"))
    assert screen.page.input_value("#text") == ""


def test_digits_in_the_field_are_text(screen: Screen) -> None:
    screen.page.focus("#text")
    screen.page.keyboard.press("1")
    assert screen.page.input_value("#text") == "1"
    assert screen.page.locator(".mine").count() == 0


def test_large_letters_on_a_small_phone(bot: Service, site: Site, screen: Screen) -> None:
    session = screen.page.context.new_cdp_session(screen.page)
    session.send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    screen.open()

    def look(screen: Screen) -> None:
        assert not screen.is_wider_than_it_seems()
        for button in (screen.active.first, screen.active.last):
            button.scroll_into_view_if_needed()
            expect(button).to_be_in_viewport(ratio=1)

    look(screen)
    screen.shoot("00")
    assert len(play(screen, site, Player(bot.library, 1), tap, look=look)) == 1


def test_sizes_of_letters_are_remembered(screen: Screen) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('.say')).fontSize)"
    before = screen.page.evaluate(size)
    screen.page.get_by_role("button", name="Chữ rất lớn").tap()
    larger = screen.page.evaluate(size)
    screen.open()
    assert larger > before * 1.5
    assert screen.page.evaluate(size) == larger
    assert not screen.is_wider_than_it_seems()
    screen.shoot("large")


def test_everything_to_press_is_large_enough(screen: Screen) -> None:
    screen.after(lambda: tap(screen, 0))
    boxes = screen.page.locator("button:visible, input:visible, a:visible").evaluate_all(
        "all => all.map(each => [each.textContent, each.getBoundingClientRect().height])"
    )
    assert [label for label, height in boxes if height < 48] == []
    answers = screen.active.evaluate_all("all => all.map(each => each.getBoundingClientRect().height)")
    assert min(answers) >= 56


def test_contrast_is_at_least_seven_to_one(screen: Screen) -> None:
    screen.after(lambda: tap(screen, 0))
    assert screen.page.evaluate(_CONTRAST) == []


def test_is_it_a_scam_is_always_there(screen: Screen) -> None:
    screen.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    button = screen.page.get_by_role("button", name="Nghi bị lừa?")
    expect(button).to_be_in_viewport(ratio=1)
    before = screen.buttons()
    screen.after(button.tap)
    assert screen.buttons() != before
    screen.shoot("scam")


def test_reading_aloud(screen: Screen) -> None:
    text = screen.page.locator(".say").first.inner_text()
    screen.page.get_by_role("button", name="Nghe", exact=True).first.tap()
    assert screen.page.evaluate("window.said") == [[text, "vi-VN"]]


def test_no_voice_no_button(browser: Browser, site: Site) -> None:
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'speechSynthesis', { value: undefined });")
    page = context.new_page()
    page.goto(site.address)
    expect(page.get_by_role("button", name="Nghe", exact=True)).to_have_count(0)
    context.close()


def test_a_whole_journey_in_english(bot: Service, site: Site, screen: Screen) -> None:
    said: set[str] = set()

    def look(screen: Screen) -> None:
        said.update(screen.page.locator(".say, figcaption, h2, .label").all_inner_texts())

    screen.page.get_by_role("button", name="English", exact=True).last.tap()
    screen.page.wait_for_selector("html[lang=en] [data-active] .answers button")
    screen.open()
    expect(screen.page.get_by_placeholder("Type a message")).to_be_visible()
    expect(screen.page.get_by_role("button", name="Is it a scam?").first).to_be_visible()
    assert screen.page.locator(".turn").last.get_attribute("lang") == "en"
    english = bot.library.book.in_language("en")
    assert len(play(screen, site, Player(bot.library, 0, english), tap, look=look)) == 1
    # what stands in quotes is on the phone's own screen
    left = [text for text in said if re.search(r"[À-ỹ]", re.sub(r'"[^"]*"|Gõ Cửa|Công dân số|Tiếng Việt', "", text))]
    assert [text for text in left if bot.settings.operator not in text] == []


def test_reading_aloud_in_english_wants_an_english_voice(screen: Screen) -> None:
    screen.page.get_by_role("button", name="English", exact=True).last.tap()
    screen.page.wait_for_selector("html[lang=en] [data-active] .answers button")
    expect(screen.page.get_by_role("button", name="Listen", exact=True)).to_have_count(0)


def test_own_words_stay_in_the_page(screen: Screen) -> None:
    words = "hỏi thăm <b>bà Tư</b>"

    def say() -> None:
        screen.page.fill("#text", words)
        screen.page.click("text=Gửi")

    screen.after(say)
    expect(screen.page.locator(".mine")).to_contain_text(words)
    screen.page.reload()
    expect(screen.page.locator(".mine")).to_have_count(0)
    assert words not in screen.page.content()


def test_two_tabs_show_the_same_turns(screen: Screen, context: BrowserContext, site: Site, shots: Path) -> None:
    other = Screen(context, site.address, shots, "other")
    other.open()
    other.after(lambda: screen.after(lambda: tap(screen, 0)))
    assert other.newest_id() == screen.newest_id()
    assert other.buttons() == screen.buttons()
    screen.after(lambda: other.after(lambda: tap(other, 0)))
    ids = screen.page.locator(".turn").evaluate_all("all => all.map(each => each.id)")
    assert len(ids) == len(set(ids)) == 3


def test_erasing_everything_shows_the_door_again(screen: Screen) -> None:
    door = [button.label for button in screen.buttons()]
    screen.after(lambda: tap(screen, 0))
    screen.page.fill("#text", "xoá hết")
    screen.after(lambda: screen.page.keyboard.press("Enter"))
    screen.after(lambda: tap(screen, 0))
    assert [button.label for button in screen.buttons()] == door


def test_without_script(browser: Browser, bot: Service, site: Site, shots: Path) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(site.address)
    player = Player(bot.library, 0)
    for _ in range(5):
        buttons = page.locator(".answers button")
        labels = buttons.locator(".label").all_inner_texts()
        ids = [str(each.get_attribute("value")) for each in buttons.all()]
        buttons.nth(player.choose([Button(*each) for each in zip(ids, labels, strict=True)])).click()
        assert page.url.startswith(f"{site.address}/#t")
    page.fill("#text", "menu")
    page.click("text=Gửi")
    expect(page.get_by_role("button", name=re.compile("Nghi bị lừa")).first).to_be_visible()
    page.screenshot(path=shots / "without_script.png")
    context.close()


def test_killed_in_the_middle_and_started_again(context: BrowserContext, process: Process, shots: Path) -> None:
    screen = Screen(context, process.site.address, shots, "killed")
    screen.open()
    for _ in range(3):
        screen.after(lambda: tap(screen, 0))
    before = screen.buttons()
    process.stop(signal.SIGKILL)
    # said into nothing: the page keeps it, and sends it when asked to
    screen.after(lambda: tap(screen, 0))
    screen.shoot("gone")
    process.start()
    assert screen.buttons() == before
    screen.after(screen.page.get_by_role("button", name="Gửi lại").tap)
    after = screen.buttons()
    assert after != before
    screen.open()
    assert screen.buttons() == after


# texts whose contrast with what lies behind them is under 7:1
_CONTRAST = """
() => {
  const numbers = (colour) => (colour.match(/[\\d.]+/g) || []).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.slice(0, 3).map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const found = numbers(getComputedStyle(node).backgroundColor);
      if (found.length === 3 || found[3] === 1) return found;
    }
    return [255, 255, 255];
  };
  const texts = [...document.querySelectorAll("body *")].filter((node) =>
    node.offsetParent && [...node.childNodes].some((each) => each.nodeType === 3 && each.data.trim()));
  return texts.filter((node) => {
    const [a, b] = [light(numbers(getComputedStyle(node).color)), light(ground(node))].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05) < 7;
  }).map((node) => node.textContent.trim());
}
"""
