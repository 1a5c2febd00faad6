"""One stage for every channel: a chat with somebody at its other end, who reads, presses or types.

The channels that push stand against their platform's stand-in, by real HTTP; web and terminal against what they draw.
"""

import contextlib
import datetime as dt
import functools
import io
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from html import unescape

from bot.channels.channel import Channel
from bot.channels.fitting import fit
from bot.channels.messages import Buttons, Incoming, Message, Received
from bot.channels.payloads import find
from bot.channels.telegram import Telegram
from bot.channels.telegram_updates import TelegramUpdates
from bot.channels.terminal import write_plain
from bot.content.library import load_library
from bot.web.gallery import Gallery
from bot.web.pages import Pages, TurnView
from bot.web.static_files import load_assets
from tests.channels.picture_shelf import Shelf, draw
from tests.channels.zalo_rigs import PAYLOADS, SECRET, bot_rig, oa_rig
from tests.content.small_content import SMALL
from tests.stand_ins.clocks import MovableClock
from tests.stand_ins.control import Control, Someone
from tests.stand_ins.telegram.app import TOKEN as TELEGRAM_TOKEN
from tests.stand_ins.telegram.app import telegram_served
from tests.stand_ins.webhook import Receiver, received
from tests.stand_ins.zalo_bot.app import TOKEN as ZALO_BOT_TOKEN
from tests.stand_ins.zalo_bot.app import zalo_bot_served
from tests.stand_ins.zalo_oa.app import ACCOUNT, zalo_oa_served
from tests.web.player import Page

BY_NUMBER = "Mình gõ số của câu muốn chọn nha:"

# a picture of the small content, and so of every channel
PICTURE = "kho"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Stage(ABC):
    """What every channel lets people do."""

    @property
    def tells_progress(self) -> bool:
        """Whether headings of steps are told."""
        return True

    @abstractmethod
    async def show(self, *messages: Message) -> None:
        """Hand a turn's messages over."""

    @abstractmethod
    def read(self) -> str:
        """Everything the bot's side of the chat says now, buttons aside, oldest first."""

    @abstractmethod
    def pictures(self) -> int:
        """How many pictures can be looked at."""

    @abstractmethod
    async def choose(self, label: str) -> str:
        """Press what says so, or type its number; the id of the button that arrives at the bot."""


# ---- channels that push ----


@dataclass(frozen=True, slots=True)
class Faults:
    """What this platform's stand-in is asked for, to refuse one call as the real one would."""

    throttle: Mapping[str, object]
    token: Mapping[str, object]
    # part of the address of the calls that send
    path: str


@dataclass
class Pushed(Stage):
    """A platform, the channel to it, and the door its posts come in by."""

    channel: Channel
    person: Someone
    door: Receiver
    receive: Callable[[Mapping[str, str], bytes], Received]
    faults: Faults
    secrets: tuple[str, ...]
    offered: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.person.id

    @property
    def tells_progress(self) -> bool:
        return self.channel.name != "telegram"

    async def show(self, *messages: Message) -> None:
        self.offered = [button.id for message in messages if isinstance(message, Buttons) for button in message.buttons]
        for part in fit(messages, self.channel.abilities, by_number=BY_NUMBER):
            await self.channel.send(self.address, part)

    def read(self) -> str:
        return "\n".join(self.person.hears())

    def pictures(self) -> int:
        return sum(bool(bubble["picture"]) for bubble in self.person.sees())

    async def choose(self, label: str) -> str:
        self.person.control.settle()
        self.door.posts.clear()
        if label in self.person.labels():
            self.person.taps(label)
            return find(self._heard().button or "", self.offered) or ""
        self.person.writes(_number_before(label, self.read().splitlines()))
        return self.offered[int(self._heard().text or "") - 1]

    def refuse(self, fault: Mapping[str, object]) -> None:
        """The next call that sends is refused."""
        self.person.control.post("refuse", **fault)

    def trouble(self, kind: str) -> None:
        """The network fails the next call that sends."""
        self.person.control.post("trouble", kind=kind, path=self.faults.path)

    def _heard(self) -> Incoming:
        self.person.control.settle()
        posts = [self.receive(post.headers, post.raw) for post in self.door.posts]
        (heard,) = [each for each in posts if isinstance(each, Incoming)]
        return heard


def _number_before(label: str, lines: Sequence[str]) -> str:
    """The number a person reads before a choice: "2. Chưa được", "[2] Chưa được"."""
    (line,) = [line for line in lines if line.endswith((f". {label}", f"] {label}"))]
    return line.removesuffix(label).strip(" .[]")


@dataclass(frozen=True, slots=True)
class Platform:
    """A stand-in, and the door its posts come in by."""

    api: str
    control: Control
    door: Receiver

    def newcomer(self) -> Someone:
        """Somebody new, who has written to the bot; nothing goes wrong any more."""
        for knob in ("trouble", "refuse"):
            self.control.post(knob)
        person = self.control.person(f"Cô Ba {uuid.uuid4()}")
        person.writes("/start")
        return person


class Platforms:
    """The stand-ins that tests asked for, until the block ends."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._served: dict[str, Platform] = {}

    def __enter__(self) -> "Platforms":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def __getitem__(self, name: str) -> Platform:
        if name not in self._served:
            api = self._stack.enter_context(_SERVED[name]())
            control = Control(api)
            self._stack.callback(control.close)
            self._served[name] = Platform(api, control, self._stack.enter_context(received()))
        return self._served[name]


_SERVED: Mapping[str, Callable[[], AbstractContextManager[str]]] = {
    "telegram": telegram_served,
    "zalo_oa": zalo_oa_served,
    "zalo_bot": zalo_bot_served,
}


@contextlib.asynccontextmanager
async def on_telegram(platform: Platform) -> AsyncIterator[Pushed]:
    updates = TelegramUpdates(secret=SECRET, payloads=PAYLOADS, now=now)
    throttled = "Too Many Requests: retry after 9"
    faults = Faults(
        throttle={"code": 429, "description": throttled, "parameters": {"retry_after": 9}},
        token={"code": 401, "description": "Unauthorized"},
        path="/send",
    )
    api = platform.api
    channel = Telegram(token=TELEGRAM_TOKEN, payloads=PAYLOADS, draw=draw, ids=Shelf(), now=now, api=api)
    try:
        await channel.set_webhook(platform.door.address, SECRET)
        secrets = (TELEGRAM_TOKEN, SECRET)
        yield Pushed(channel, platform.newcomer(), platform.door, updates.receive, faults, secrets)
    finally:
        await channel.close()


@contextlib.asynccontextmanager
async def on_zalo_oa(platform: Platform) -> AsyncIterator[Pushed]:
    faults = Faults(
        throttle={"code": -32, "path": "/message/"}, token={"code": -204, "path": "/message/"}, path="/message/"
    )
    async with oa_rig(platform.api, platform.control, MovableClock()) as rig:
        platform.control.post("webhook", url=platform.door.address)
        (pair,) = rig.store.kept
        secrets = (pair.access, pair.refresh, ACCOUNT.app_secret, ACCOUNT.oa_secret)
        yield Pushed(rig.channel, platform.newcomer(), platform.door, rig.events.receive, faults, secrets)


@contextlib.asynccontextmanager
async def on_zalo_bot(platform: Platform) -> AsyncIterator[Pushed]:
    faults = Faults(throttle={"code": 429}, token={"code": 401, "description": "Unauthorized"}, path="/send")
    async with bot_rig(platform.api, time.time) as rig:
        await rig.channel.set_webhook(platform.door.address, SECRET)
        secrets = (ZALO_BOT_TOKEN, SECRET)
        yield Pushed(rig.channel, platform.newcomer(), platform.door, rig.updates.receive, faults, secrets)


# ---- channels that people come to ----


class OnTerminal(Stage):
    """What is written is read; a number is typed."""

    def __init__(self) -> None:
        self._screen = io.StringIO()
        self._offered: list[str] = []

    async def show(self, *messages: Message) -> None:
        self._offered = [
            button.id for message in messages if isinstance(message, Buttons) for button in message.buttons
        ]
        write_plain(messages, self._screen)

    def read(self) -> str:
        return self._screen.getvalue()

    def pictures(self) -> int:
        return self.read().count("bot> [hình: ")

    async def choose(self, label: str) -> str:
        return self._offered[int(_number_before(label, self.read().splitlines())) - 1]


@functools.cache
def _pages() -> Pages:
    return Pages(Gallery(load_library(SMALL).pictures), load_assets(), ())


class OnWeb(Stage):
    """The page as a browser without script gets it."""

    def __init__(self) -> None:
        self._pages = _pages()
        self._turns: list[TurnView] = []

    async def show(self, *messages: Message) -> None:
        self._turns.append(self._pages.view(len(self._turns) + 1, messages))

    def read(self) -> str:
        return unescape(self._html())

    def pictures(self) -> int:
        return len(Page(self._html()).pictures)

    async def choose(self, label: str) -> str:
        (id,) = [button.id for button in Page(self._html()).buttons if button.label == label]
        return id

    def _html(self) -> str:
        return self._pages.chat(self._turns, key="k")


PUSHED = {"telegram": on_telegram, "zalo_oa": on_zalo_oa, "zalo_bot": on_zalo_bot}
COME_TO: Mapping[str, Callable[[], Stage]] = {"web": OnWeb, "terminal": OnTerminal}
