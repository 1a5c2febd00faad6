"""What the bot says, with text and values still apart so that it can be translated until the last moment."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StepNumber:
    """Where one stands in a journey: "Bước 3/8"."""

    number: int
    total: int
    title: str


@dataclass(frozen=True, slots=True)
class Say:
    """A message. ``text`` is a template from the content; ``values`` fill its placeholders.

    ``speech`` are the author's words for reading it aloud, where ``bot.core.speech`` would read it wrongly.
    ``discreet`` is said in its place where nobody may read how far the person is; empty where it does not tell.
    """

    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    step: StepNumber | None = None
    speech: str = ""
    discreet: str = ""


@dataclass(frozen=True, slots=True)
class Show:
    """A picture by name, with its caption from the picture's own file; ``large`` for eyes that see less."""

    picture: str
    large: bool = False


@dataclass(frozen=True, slots=True)
class Button:
    """``id`` is opaque to channels and comes back in ``ButtonPressed``."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The answers a person may press; always the last reply of a turn.

    ``main``: in elder mode, how many of them, the first ones, are shown as buttons; the others are picked by their
    number. None: not in elder mode, all are shown alike.
    """

    buttons: tuple[Button, ...]
    main: int | None = None


Reply = Say | Show | Offer

# what is told at once, where a turn is told page by page
Page = tuple[Say | Show, ...]
