"""What happened to a chat. Names are past tense; nothing here knows a channel."""

from dataclasses import dataclass

from bot.core.meaning import NOTHING, Meaning
from bot.core.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """``away``: the person was gone so long that they should be told where they stopped.

    ``can_remind``: on this channel the bot could write first, if it was asked to.
    """

    away: bool = False
    can_remind: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatOpened(Event):
    """The person came in without saying anything: a page loaded, a bot followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ButtonPressed(Event):
    """``button`` is the id of a ``Button`` once offered, perhaps long ago."""

    button: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassJoined(Event):
    """The code was right: the chat has a ``seat`` in a class. ``dialog`` and ``step`` are what the class is at now.

    ``again``: it had the seat already. ``opens_steps``: the lesson brings steps to the phones.
    """

    seat: int
    lesson: str
    dialog: str = ""
    step: str = ""
    again: bool = False
    opens_steps: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassNotFound(Event):
    """No class has this code, or it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFull(Event):
    """The code is right, and every seat of the class is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOpened(Event):
    """The trainer opened a step for the whole class; ``again``: also for those who had it."""

    dialog: str
    step: str
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassEnded(Event):
    """The trainer ended the class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextUnderstood(Event):
    """Words that were no button; ``meaning`` is empty where nobody understood them.

    ``hidden``: something private was taken out of the words before anybody read them. ``wards``: the codes of the
    units the words may name, where the person was asked for theirs.
    ``heard``: they were spoken, and a machine may have heard wrong.
    """

    meaning: Meaning = NOTHING
    hidden: bool = False
    heard: bool = False
    wards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CameOver(Event):
    """The person goes on here from where another chat of theirs stands."""

    state: State
