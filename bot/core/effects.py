"""What the bot wants done in the world. The engine only names it; the assistant does it.

A dialog's ``do: "complete"`` is the effect ``Complete``; an effect with an argument is written ``"agree: count"``.
"""

from dataclasses import dataclass
from typing import Literal

from bot.core.address import HELPED

TASKS = ("vneid_level_2", "social_security_account", "digital_citizen_app")

# why something is kept; each is asked and answered on its own (T11)
PURPOSES = ("progress", "count", "remind", "follow")

# those a journey asks for before it begins
ASKED_FIRST = ("progress", "count")

# what a code lets another chat do: go on from here, or see for so many days how far somebody has come
SCOPES = ("move", "follow_1", "follow_7", "follow_30")

# the places of those who follow one person; "all" is everybody
SEATS = ("all", "1", "2", "3")

# why somebody cannot yet; a dialog's own exits say it, never free text
BLOCKED = ("no_smartphone", "no_sim", "card_expired", "bank_data_old", "cannot_travel", "does_not_want")

# how somebody would like to be helped, and when; "" is whenever
HELP_WAYS = ("message", "call", "visit")
HELP_HOURS = ("", "morning", "afternoon", "evening")


@dataclass(frozen=True, slots=True)
class Complete:
    """The person has finished a task of the campaign."""

    task: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """The person wants a human being."""


@dataclass(frozen=True, slots=True)
class Blocked:
    """The person cannot go on yet, for a reason of ``BLOCKED``; ``task`` is the one they were at, or empty."""

    reason: str
    task: str = ""


@dataclass(frozen=True, slots=True)
class RequestHelp:
    """The person wants to be written to, called or visited: how, when, in which ward, and what they met last."""

    way: str = "message"
    hours: str = ""
    ward: str = ""
    place: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Enrol:
    """The person said which ward they live in, to be counted there."""

    ward: str


@dataclass(frozen=True, slots=True)
class Agree:
    """The person said yes to one purpose; ``wording`` is the template they saw and ``label`` the answer they gave."""

    purpose: str
    wording: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Decline:
    """The person said no to one purpose, or took an earlier yes back."""

    purpose: str
    wording: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class GiveCode:
    """A code is to be drawn and said ("{ma}"), for one of ``SCOPES``."""

    scope: str


@dataclass(frozen=True, slots=True)
class StopFollowing:
    """Nobody at this seat may see any longer how far the person has come."""

    seat: str


@dataclass(frozen=True, slots=True)
class NameFollowed:
    """What this chat calls the person whose code it used last."""

    label: str


@dataclass(frozen=True, slots=True)
class Remind:
    """The person wants to be reminded, once, of what they stopped at."""


@dataclass(frozen=True, slots=True)
class LeaveClass:
    """The person does not follow a class any longer."""


@dataclass(frozen=True, slots=True)
class Forget:
    """Everything kept about this chat is to go."""


@dataclass(frozen=True, slots=True)
class ShowData:
    """The person wants to see what is kept about them; ``at``: behind so many replies of the turn."""

    at: int = 0


@dataclass(frozen=True, slots=True)
class Restrict:
    """Nothing more is counted, remembered anew or sent unasked until the person lifts it (T18); nothing is erased."""


@dataclass(frozen=True, slots=True)
class Lift:
    """The person ends a restriction; earlier answers hold again."""


@dataclass(frozen=True, slots=True)
class Reopen:
    """The person says that a task counted as finished is not."""

    task: str


@dataclass(frozen=True, slots=True)
class RecordStep:
    """How a person stands at a numbered step (``dialog.step``), perhaps at one of its symptoms; codes only (T6)."""

    task: str
    step: str
    symptom: str
    outcome: Literal["entered", "done", "stuck"]


# those an author may write
Named = (
    Complete | HandOver | Agree | Decline | GiveCode | StopFollowing | NameFollowed
    | Forget | ShowData | Restrict | Lift | Reopen | Blocked | RequestHelp
)  # fmt: skip

Effect = Named | Remind | RecordStep | Enrol | LeaveClass

# the words an author may write behind "do:", and what may stand behind their colon
EFFECTS: dict[str, type[Named]] = {
    "complete": Complete,
    "hand_over": HandOver,
    "agree": Agree,
    "decline": Decline,
    "give_code": GiveCode,
    "stop_following": StopFollowing,
    "name_followed": NameFollowed,
    "forget": Forget,
    "show_data": ShowData,
    "restrict": Restrict,
    "lift": Lift,
    "reopen": Reopen,
    "blocked": Blocked,
    "request_help": RequestHelp,
}
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "agree": PURPOSES,
    "decline": PURPOSES,
    "give_code": SCOPES,
    "stop_following": SEATS,
    "name_followed": tuple(HELPED),
    "reopen": TASKS,
    "blocked": BLOCKED,
}
