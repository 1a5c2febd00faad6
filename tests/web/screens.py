"""A page as somebody sees it, in a real browser, and how a journey is played there."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Locator, Page, ViewportSize

from tests.web.player import MOST, Button, Player
from tests.web.sites import Site

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


# texts whose contrast with what lies behind them is under 7:1
CONTRAST = """
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
