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
    """A message. ``text`` is a template from the content; ``values`` fill its placeholders."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    step: StepNumber | None = None


@dataclass(frozen=True, slots=True)
class Show:
    """A picture by name, with its caption from the picture's own file."""

    picture: str


@dataclass(frozen=True, slots=True)
class Button:
    """``id`` is opaque to channels and comes back in ``ButtonPressed``."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Offer:
    """The answers a person may press; always the last reply of a turn."""

    buttons: tuple[Button, ...]


# what stands in a text for what only the store knows: a code just drawn and until when it lets somebody look, how far
# those have come whom this chat follows, who may look at the present person
LATE = ("ma", "den_ngay", "tien_do", "nguoi_xem")

Reply = Say | Show | Offer
