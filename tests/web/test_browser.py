"""The page in a real browser: by tapping, by typing, by keyboard alone, in large letters, across a killed server."""

import re
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from bot.bootstrap import Service
from tests.web.player import Button, Player
from tests.web.screens import CONTRAST, PHONE, Screen, play, tap
from tests.web.sites import Process, Site

pytestmark = pytest.mark.browser


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
    assert screen.page.evaluate(CONTRAST) == []


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
    assert screen.page.evaluate("window.said") == [[text.replace('"', ""), "vi-VN"]]


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
        # what was said before the language changed stays as it was
        turn = screen.page.locator('.turn[lang="en"]')
        said.update(turn.locator(".say, figcaption, h2, .label").all_inner_texts())

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
