"""Where a chat stands: small, frozen, with a stored form of its own."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from bot.core.replies import Page, Say, Show, StepNumber

STATE_VERSION = 1

Mode = Literal["", "symptoms", "remedy", "resume", "guess", "people", "wards"]

# in place of a ward: the person would rather not say
NO_WARD = "-"


class StateError(ValueError):
    """A stored state that cannot be read: corrupt, or written by a newer version."""


class Place(NamedTuple):
    """A step, and how one stands at it: before its list of symptoms, in a remedy, asked whether to resume there, asked
    which of two things was meant (``symptom`` then holds both meanings, parted by "|"), for whom to go on (their codes,
    parted in the same way), or which ward it is (``symptom`` names the list and ``attempt`` its page).
    """

    dialog: str
    step: str
    mode: Mode = ""
    symptom: str = ""
    attempt: int = 0

    def __str__(self) -> str:
        """The stored form: ``dialog.step``, then ``?`` (symptoms), ``?otp:1`` (second attempt), ``*`` (resume),
        ``~a|b`` (guess), ``@a|b`` (people) or ``#list:1`` (second page of wards).
        """
        step = f"{self.dialog}.{self.step}"
        if not self.mode:
            return step
        marks = {
            "symptoms": "?",
            "resume": "*",
            "remedy": f"?{self.symptom}:{self.attempt}",
            "guess": f"~{self.symptom}",
            "people": f"@{self.symptom}",
            "wards": f"#{self.symptom}:{self.attempt}",
        }
        return step + marks[self.mode]

    @property
    def plain(self) -> "Place":
        """The step itself."""
        return Place(self.dialog, self.step) if self.mode else self


def parse_place(text: str) -> Place:
    """The place ``str`` wrote.

    >>> parse_place("vneid_muc_2.otp?otp_khong_toi:1")
    Place(dialog='vneid_muc_2', step='otp', mode='remedy', symptom='otp_khong_toi', attempt=1)
    """
    dialog, dot, rest = text.partition(".")
    if not (dialog and dot and rest):
        raise StateError(f"not a place: {text[:80]!r}")
    if rest.endswith("*"):
        return Place(dialog, rest[:-1], "resume")
    found = re.search(r"[#~@?]", rest)
    if not found:
        return Place(dialog, rest)
    step, behind = rest[: found.start()], rest[found.end() :]
    match found[0]:
        case "~":
            return Place(dialog, step, "guess", behind)
        case "@":
            return Place(dialog, step, "people", behind)
        case "#":
            return Place(dialog, step, "wards", *_numbered(text, behind))
    remedy = behind.partition(":")[0]
    return Place(dialog, step, "remedy", *_numbered(text, behind)) if remedy else Place(dialog, step, "symptoms")


def _numbered(text: str, name_and_number: str) -> tuple[str, int]:
    name, _, number = name_and_number.partition(":")
    if not number.isdecimal():
        raise StateError(f"not a place: {text[:80]!r}")
    return name, int(number)


# the current place and, before it, those that called it; empty before the first message
Path = tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class State:
    """A chat. ``trail`` are the paths that "quay lại" walks back, the last one latest.

    ``bookmarks`` keep the step of each journey begun (``person/dialog``), ``done`` the tasks finished
    (``person/task``), ``consents`` each answer to a purpose (``person/purpose``: yes or no), ``slots`` the few things
    remembered (``bot.core.conditions``), ``offered`` the buttons last shown. ``unread`` are, in elder mode, the page
    being read and those after it; empty once the last one is there.
    """

    path: Path = ()
    trail: tuple[Path, ...] = ()
    bookmarks: Mapping[str, str] = field(default_factory=dict)
    done: tuple[str, ...] = ()
    consents: Mapping[str, str] = field(default_factory=dict)
    slots: Mapping[str, str] = field(default_factory=dict)
    offered: tuple[str, ...] = ()
    unread: tuple[Page, ...] = ()
    paused: bool = False
    turn: int = 0

    @property
    def place(self) -> Place:
        return self.path[-1]

    @property
    def person(self) -> str:
        """Whose task this is: the code of the person helped, or nothing for the one who types."""
        return self.slots.get("person", "")

    @property
    def language(self) -> str:
        """The code of the language chosen for this chat, or nothing: Vietnamese."""
        return self.slots.get("language", "")

    @property
    def ward(self) -> str:
        """The code of the current person's ward, ``NO_WARD`` where they would not say, nothing while unasked."""
        return self.slots.get(f"ward:{self.person}", "")

    @property
    def mode(self) -> str:
        """How the chat is led: "elder"; "fits" or "offered" where it may become so; "usual": not asked about again."""
        return self.slots.get("mode", "")

    @property
    def speaks_for_somebody(self) -> bool:
        """The one who holds the phone types for somebody else."""
        return bool(self.person) and self.slots.get("holder", "") != "elder"

    @property
    def is_restricted(self) -> bool:
        """The person had all processing stopped until they lift it (T18)."""
        return self.slots.get("restricted") == "yes"

    @property
    def may_keep(self) -> bool:
        """Whether anything may be counted or remembered: not while it is restricted, and not of a child (T25)."""
        return not self.is_restricted and self.slots.get("child") != "yes"

    @property
    def underway(self) -> tuple[str, ...]:
        """The codes of everybody in the middle of a journey, whoever went on last coming first."""
        return tuple(dict.fromkeys(key.partition("/")[0] for key in reversed(list(self.bookmarks))))

    def consent(self, purpose: str) -> str:
        """The current person's answer: yes, no, or nothing where it was not asked."""
        return self.consents.get(f"{self.person}/{purpose}", "")

    def to_dict(self) -> dict[str, Any]:
        return {
            "v": STATE_VERSION,
            "path": _write_path(self.path),
            "trail": [_write_path(path) for path in self.trail],
            "bookmarks": dict(self.bookmarks),
            "done": list(self.done),
            "consents": dict(self.consents),
            "slots": dict(self.slots),
            "offered": list(self.offered),
            "paused": self.paused,
            "turn": self.turn,
            **({"unread": [[_write_said(each) for each in page] for page in self.unread]} if self.unread else {}),
        }

    @classmethod
    def from_dict(cls, stored: Any) -> "State":
        """The state ``to_dict`` wrote. Raises ``StateError`` for anything else."""
        if not isinstance(stored, dict) or stored.get("v") != STATE_VERSION:
            raise StateError("not a state of this version")
        try:
            return cls(
                path=_read_path(stored["path"]),
                trail=tuple(path for each in _read_list(stored["trail"]) if (path := _read_path(each))),
                bookmarks=_read_strings(stored["bookmarks"]),
                done=tuple(str(each) for each in _read_list(stored["done"])),
                consents=_read_strings(stored["consents"]),
                slots=_read_strings(stored["slots"]),
                offered=tuple(str(each) for each in _read_list(stored["offered"])),
                unread=tuple(_read_page(page) for page in _read_list(stored.get("unread", []))),
                paused=stored["paused"] is True,
                turn=int(stored["turn"]),
            )
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise StateError(f"a state that cannot be read: {error}") from error


def _write_path(path: Path) -> str:
    return " ".join(str(place) for place in path)


def _read_path(text: Any) -> Path:
    if not isinstance(text, str):
        raise StateError(f"not a path: {str(text)[:80]!r}")
    return tuple(parse_place(part) for part in text.split())


def _read_list(stored: Any) -> list[Any]:
    if not isinstance(stored, list):
        raise StateError(f"not a list: {str(stored)[:80]!r}")
    return stored


def _read_strings(stored: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in dict(stored).items()}


def _write_said(said: Say | Show) -> dict[str, Any]:
    if isinstance(said, Show):
        return {"show": said.picture}
    step = [said.step.number, said.step.total, said.step.title] if said.step else []
    return {"say": said.text, "step": step, "speech": said.speech, "discreet": said.discreet}


def _read_page(stored: Any) -> Page:
    return tuple(_read_said(each) for each in _read_list(stored))


def _read_said(stored: Any) -> Say | Show:
    if not isinstance(stored, dict):
        raise StateError("not a page")
    if "show" in stored:
        return Show(str(stored["show"]))
    step = _read_list(stored["step"])
    number = StepNumber(int(step[0]), int(step[1]), str(step[2])) if len(step) == 3 else None
    return Say(str(stored["say"]), step=number, speech=str(stored["speech"]), discreet=str(stored["discreet"]))
