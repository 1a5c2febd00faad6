"""What goes in and out of a channel: what a person did, and finished messages to show them."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.address import forms
from bot.core.replies import Button, Offer, Reply, Say, Show

# ---- in ----


@dataclass(frozen=True, slots=True)
class ContactKey:
    """Who writes: a channel and that channel's own name for the chat."""

    channel: str
    user: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a person did: typed ``text``, pressed the ``button`` of that id, or, with neither, came in.

    ``id`` is the platform's own of this message, empty where there is none: the same one twice is one message.
    ``hidden`` are the kinds of secrets the shield took out of the text, ``scam`` what it heard of a scam ("report",
    "done"), ``strange_link``: a link goes to a page that is not on the official list. ``media`` names what was sent
    instead of a text and is not fetched (T37): voice, photo, video, file, contact, location, sticker, other; or
    unread, where the platform did not tell what it was. ``file`` is the platform's id of a recording.
    """

    contact: ContactKey
    text: str | None = None
    button: str | None = None
    id: str = ""
    hidden: tuple[str, ...] = ()
    scam: str = ""
    strange_link: bool = False
    media: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class ClassCall:
    """The trainer opened a step for the class this chat sits in; ``again``: also for those who had it."""

    contact: ContactKey
    dialog: str
    step: str
    again: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class ClassOver:
    """The trainer ended the class this chat sits in."""

    contact: ContactKey
    id: str = ""


# what comes into a chat because of its class, and not from its person
OfClass = ClassCall | ClassOver


@dataclass(frozen=True, slots=True)
class Unreachable:
    """The person blocked the bot or left it: nothing can be sent until they write again."""

    contact: ContactKey
    id: str = ""


@dataclass(frozen=True, slots=True)
class HumanTookOver:
    """Somebody of the office writes in this chat: the bot is silent there until it is released."""

    contact: ContactKey
    id: str = ""


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn:
    """The person told the platform that we are to forget them: all that is stored about them goes, without a word."""

    contact: ContactKey
    id: str = ""


@dataclass(frozen=True, slots=True)
class Echoed:
    """The platform shows a text of ours in this chat since ``at``: proof that it arrived. Never stored."""

    contact: ContactKey
    text: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Ignored:
    """Genuine, and nothing to do: acknowledged like the rest. ``reason`` is a code for the counters, never content."""

    reason: str


# what an entrance makes of one post of a platform
Received = Incoming | Unreachable | HumanTookOver | ConsentWithdrawn | Echoed | Ignored


# ---- out ----

# behind the name of a picture that is drawn large; no picture of the content has a name like this
LARGE = "-large"


@dataclass(frozen=True, slots=True)
class Text:
    """A finished text. ``number`` of ``total`` where it is a numbered step, else 0; ``heading`` says so in words.

    ``language`` is the code of the one it is in, empty for Vietnamese. ``speech`` is how the author wants it read
    aloud, empty where the rules of ``bot.core.speech`` read it right. ``discreet`` is said in its place where nobody
    may read how far the person is; empty where the text itself tells nothing of it.
    """

    text: str
    heading: str = ""
    number: int = 0
    total: int = 0
    language: str = ""
    speech: str = ""
    discreet: str = ""

    @property
    def whole(self) -> str:
        return f"{self.heading}\n{self.text}" if self.heading else self.text


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its name, and what it shows; ``large`` for eyes that see less."""

    name: str
    caption: str
    large: bool = False

    @property
    def drawing(self) -> str:
        """Under which name it is drawn in its size."""
        return self.name + LARGE if self.large else self.name


@dataclass(frozen=True, slots=True)
class Buttons:
    """The answers that may be pressed, in order; numbers typed count them from 1.

    ``main``: in elder mode, how many of them are shown as buttons, the first ones; else None. ``apart``: below what was
    said unasked. Numbers then still count the answers asked for before, so where there are no buttons these are not
    shown; the text says the words for them.
    """

    buttons: tuple[Button, ...]
    main: int | None = None
    apart: bool = False


Message = Text | Picture | Buttons


@dataclass(frozen=True, slots=True)
class Renderer:
    """Turns replies into messages: fills the forms of address, adds headings and captions.

    ``heading`` is the phrase above a numbered step, ``captions`` those of the pictures, ``operator`` who runs the bot;
    ``translations`` are renderers for other languages, by their codes.
    """

    heading: str
    captions: Mapping[str, str]
    operator: str
    language: str = ""
    translations: "Mapping[str, Renderer]" = field(default_factory=dict)

    def in_language(self, language: str) -> "Renderer":
        return self.translations.get(language, self)

    def render(self, replies: Sequence[Reply]) -> tuple[Message, ...]:
        return tuple(self._rendered(reply) for reply in replies)

    def _rendered(self, reply: Reply) -> Message:
        match reply:
            case Say(text, values, step, speech, discreet):
                filled, spoken = self._filled(text, values), self._filled(speech, values)
                if step is None:
                    return Text(filled, language=self.language, speech=spoken, discreet=self._filled(discreet, values))
                number = {"so": str(step.number), "tong": str(step.total), "ten": step.title}
                heading = self._filled(self.heading, {**values, **number})
                return Text(filled, heading, step.number, step.total, self.language, spoken)
            case Show(picture, large):
                return Picture(picture, self._filled(self.captions.get(picture, ""), forms()), large)
            case Offer(buttons, main):
                return Buttons(buttons, main)

    def _filled(self, text: str, values: Mapping[str, str]) -> str:
        # templates come from reviewed content only; what people type never is one
        return text.format_map({**values, "don_vi": self.operator}) if "{" in text else text


# ---- stored ----


def to_json(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The stored form of messages."""
    return [_to_json(message) for message in messages]


def dump(messages: Sequence[Message]) -> str:
    """Messages as the text that is stored."""
    return json.dumps(to_json(messages), ensure_ascii=False, separators=(",", ":"))


def load(stored: str) -> tuple[Message, ...]:
    """The messages ``dump`` wrote."""
    return from_json(json.loads(stored))


def _to_json(message: Message) -> dict[str, Any]:
    match message:
        case Text(text, heading, number, total, language, speech, discreet):
            stored = {"text": text, "heading": heading, "number": number, "total": total}
            seldom = {"language": language, "speech": speech, "discreet": discreet}
            return stored | {name: value for name, value in seldom.items() if value}
        case Picture(name, caption, large):
            return {"picture": name, "caption": caption} | ({"large": True} if large else {})
        case Buttons(buttons, main, apart):
            shown: dict[str, Any] = {"buttons": [[button.id, button.label] for button in buttons]}
            shown |= {} if main is None else {"main": main}
            return {**shown, "apart": True} if apart else shown


def from_json(stored: Sequence[Mapping[str, Any]]) -> tuple[Message, ...]:
    """The messages ``to_json`` stored."""
    return tuple(_from_json(each) for each in stored)


def _from_json(stored: Mapping[str, Any]) -> Message:
    if "text" in stored:
        seldom = (stored.get("language", ""), stored.get("speech", ""), stored.get("discreet", ""))
        return Text(stored["text"], stored["heading"], stored["number"], stored["total"], *seldom)
    if "picture" in stored:
        return Picture(stored["picture"], stored["caption"], stored.get("large", False))
    buttons = tuple(Button(id, label) for id, label in stored["buttons"])
    return Buttons(buttons, stored.get("main"), stored.get("apart", False))
