"""What every channel that pushes messages promises: what it can show, how a part is handed over, and how that fails."""

from dataclasses import dataclass
from typing import Literal, Protocol

from bot.core.replies import Button


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a channel can show. Lengths in UTF-16 units; ``buttons`` of 0: choices become numbered text.

    ``caption`` is the longest text that goes with a picture in one message; 0: picture and text go one after another.
    Without ``pictures`` their captions go alone.
    ``progress``: how far somebody is may be said there; else headings of steps stay away (T28).
    """

    text: int
    buttons: int = 0
    label: int = 0
    caption: int = 0
    pictures: bool = True
    progress: bool = True


@dataclass(frozen=True, slots=True)
class Part:
    """What one call hands over: a text, perhaps with buttons below, or a picture by name with its caption as text."""

    text: str = ""
    picture: str = ""
    buttons: tuple[Button, ...] = ()


# retry: later, unchanged · drop: this message cannot or must not be sent · unreachable: nor can any other to this
# person, until they write again · operator: the channel is not well
Fate = Literal["retry", "drop", "unreachable", "operator"]


class SendError(Exception):
    """A part was not handed over. ``reason`` is a code of the platform or of ours, never content.

    ``after``: seconds the platform asks to wait. ``everywhere``: nobody on this channel can be sent to until then.
    ``unknown``: the platform may have it all the same (a time-out after sending).
    """

    def __init__(
        self, reason: str, fate: Fate, *, after: float = 0.0, everywhere: bool = False, unknown: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fate = fate
        self.after = after
        self.everywhere = everywhere
        self.unknown = unknown


class RefusedError(Exception):
    """A post that is not the platform's, or too old or too large to be: answered 403, nothing of it kept.

    ``reason`` is a code for the counters, never content.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Channel(Protocol):
    """One platform as the bot speaks to it."""

    @property
    def name(self) -> str: ...
    @property
    def abilities(self) -> Abilities: ...
    async def send(self, address: str, part: Part) -> str:
        """Hand a part over to the chat of that address; the platform's id of it. Raises ``SendError``."""

    async def close(self) -> None: ...
