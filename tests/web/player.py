"""A player who knows no text of the dialogs: it reads the buttons that are offered and finds its way to the end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx

from bot.content.library import Library
from bot.core.dialogs import MENU, Book, Goto

# presses after which even a long journey is over
MOST = 80


@dataclass(frozen=True, slots=True)
class Button:
    """A button of the page: what it sends, and what stands on it."""

    id: str
    label: str


def menu_of_journeys(book: Book) -> tuple[str, ...]:
    """The labels of the menu that lead to a journey, in their order."""
    steps = book.dialogs[MENU].steps.values()
    return tuple(
        choice.label
        for step in steps
        for choice in step.choices
        if isinstance(choice.move, Goto) and book.dialogs[choice.move.dialog].task
    )


class Player:
    """Picks the journey where the menu stands, "Xong rồi" where it is offered, else the first button not yet tried."""

    def __init__(self, library: Library, journey: int, book: Book | None = None) -> None:
        """``book`` is the one in the language the chat is held in, where that is not Vietnamese."""
        book = book or library.book
        self._menu = menu_of_journeys(book)
        self._journey = self._menu[journey]
        self._done = book.phrases["label_done"]
        self._pressed: set[str] = set()

    def choose(self, buttons: Sequence[Button]) -> int:
        """Which of the buttons to press."""
        labels = [button.label for button in buttons]
        wanted = self._wanted(labels)
        fresh = [number for number in (wanted, *range(len(buttons))) if buttons[number].id not in self._pressed]
        chosen = fresh[0] if fresh else wanted
        self._pressed.add(buttons[chosen].id)
        return chosen

    def _wanted(self, labels: list[str]) -> int:
        for label in (self._journey, self._done):
            if label in labels:
                return labels.index(label)
        return 0


# ---- the page without script ----


class Page(HTMLParser):
    """What a page offers: the turns on it, the buttons that can be pressed, the texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.turns: list[str] = []
        self.buttons: list[Button] = []
        self.says: list[str] = []
        self.pictures: list[str] = []
        self.key = ""
        self._into: list[str] | None = None
        self._id = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        kind = values.get("class", "")
        if tag == "article":
            self.turns.append(values.get("id", ""))
        elif tag == "img":
            self.pictures.append(values["src"])
        elif values.get("name") == "key":
            self.key = values["value"]
        elif values.get("name") == "button":
            self._id = values["value"]
        elif kind in ("label", "say"):
            self._into = []

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)

    def handle_endtag(self, tag: str) -> None:
        if self._into is None or tag not in ("span", "p"):
            return
        text, self._into = "".join(self._into), None
        if tag == "p":
            self.says.append(text)
        else:
            self.buttons.append(Button(self._id, text))


@dataclass
class Visitor:
    """Somebody with a browser that knows no script."""

    address: str
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        # what the machine around the tests sets as proxy is not meant for loopback
        self.client = httpx.Client(base_url=self.address, follow_redirects=True, trust_env=False, timeout=30)

    @property
    def token(self) -> str:
        return self.client.cookies["gocua"]

    def open(self) -> Page:
        return Page(self.client.get("/").text)

    def press(self, button: str) -> Page:
        return Page(self.client.post("/chat", data={"button": button}).text)

    def write(self, text: str) -> Page:
        return Page(self.client.post("/chat", data={"text": text}).text)

    def script(self, **fields: str) -> dict[str, object]:
        """What the page's script does: the answer to one message as JSON."""
        answer = self.client.post("/chat", data=fields, headers={"Accept": "application/json"})
        found: dict[str, object] = answer.json()
        return found


def newest(page: Page) -> int:
    """The id of the newest turn on a page."""
    return max(int(match[1]) for turn in page.turns if (match := re.fullmatch(r"t(\d+)", turn)))
