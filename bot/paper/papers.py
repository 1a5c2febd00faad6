"""Every paper of a class: handout, script, poster, card, certificate; of the same steps the phones show."""

import base64
import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import segno

from bot.content.check_phrase import check_phrase
from bot.content.drawing import draw_png
from bot.content.lessons import LENGTHS, Lesson, Part
from bot.content.library import Library
from bot.core.address import forms
from bot.core.dialogs import Dialog, Step
from bot.paper.press import print_pdf

# how paper speaks to whoever holds it, and of the bot, which is not there
_FORMS: Mapping[str, str] = {
    **forms(), "anh_chi": "cô chú", "Anh_chi": "Cô chú", "em": "Gõ Cửa", "Em": "Gõ Cửa",
}  # fmt: skip

_CARDS_A_SHEET = 4

# the hyphen of a word as it sounds, "ô-tê-pê", which no line may end with
_SPELT = re.compile(r"(?<=\w)-(?=\w)")


@dataclass(frozen=True, slots=True)
class Office:
    """Who gives the paper out, and the https address its QR code opens (T48)."""

    operator: str
    address: str

    @property
    def facts(self) -> dict[str, str]:
        return {
            "operator": self.operator,
            "host": urlsplit(self.address).hostname or "",
            "qr": _qr(self.address),
            "phrase": check_phrase(self.address),
        }


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A line of a report: what is counted, and the number as text, a word where it is hidden."""

    what: str
    number: str


@dataclass(frozen=True, slots=True)
class ClassReport:
    """A class as it is printed, in the words of one language; ``facts`` come before the numbers."""

    title: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[tuple[str, tuple[ReportRow, ...]], ...]
    notes: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class PrintedStep:
    """A step as a handout shows it."""

    number: int
    total: int
    title: str
    text: str
    picture: str


def handout(library: Library, lesson: Lesson, office: Office) -> bytes:
    """What a learner takes home: every step of the lesson's journeys in large type, and what to keep in mind."""
    steps = list(_steps(library, lesson))
    parts = [(part, _picture(library, part.picture)) for part in lesson.parts if part.keep]
    return print_pdf("handout", {"lesson": lesson, "steps": steps, "parts": parts, **office.facts})


def script(library: Library, lesson: Lesson, length: str) -> bytes:
    """What a trainer holds: the words to read, when, what every phone then shows, and what goes wrong."""
    begins, parts = 0, []
    for part in lesson.parts_of(length):
        minutes = part.minutes[length]
        parts.append(
            {
                "part": part,
                "clock": f"{begins // 60}:{begins % 60:02}",
                "minutes": minutes,
                "shown": _shown(library, part),
                "picture": _picture(library, _picture_of(library, part)),
                "wrong": [(trouble.when, _on_paper(trouble.remedy)) for trouble in part.wrong],
            }
        )
        begins += minutes
    facts = {"lesson": lesson, "minutes": lesson.minutes[length], "length": LENGTHS.get(length, ""), "parts": parts}
    return print_pdf("script", facts)


def poster(office: Office, *, code: str = "", when: str = "") -> bytes:
    """For a wall; with the ``code`` of one class and its hour and day, or for any day."""
    return print_pdf("poster", {"code": f"{code[:3]} {code[3:]}".strip(), "when": when, **office.facts})


def card(office: Office) -> bytes:
    """Four cards for elders on a sheet to cut: three things never to tell anybody."""
    return print_pdf("card", {"cards": range(_CARDS_A_SHEET), **office.facts})


def certificate(
    lesson: Lesson, operator: str, *, place: str = "", day: dt.date | None = None, copies: int = 1
) -> bytes:
    """A keepsake of a lesson; whoever wants one writes the name on it themselves, and by hand what is not given."""
    facts = {"lesson": lesson, "operator": operator, "place": place, "day": day}
    return print_pdf("certificate", facts, copies=copies)


def class_report(report: ClassReport, operator: str) -> bytes:
    """What the ward keeps of a class: numbers, nobody's name and no seat."""
    return print_pdf("class_report", {"report": report, "operator": operator})


# ---- steps ----


def _steps(library: Library, lesson: Lesson) -> Iterator[PrintedStep]:
    """The numbered steps of every journey the lesson opens, also those a class passes by."""
    opened = [part.opens[0] for part in lesson.parts if part.opens]
    for name in dict.fromkeys(opened):
        dialog = library.book.dialogs[name]
        yield from (_printed(library, dialog, step) for step in dialog.steps.values() if step.number)


def _printed(library: Library, dialog: Dialog, step: Step) -> PrintedStep:
    picture = _picture(library, step.wording.picture)
    return PrintedStep(step.number, dialog.total, step.title, _on_paper(step.wording.say), picture)


def _shown(library: Library, part: Part) -> str:
    """What every phone shows in this part, in words."""
    if part.opens is None:
        return ""
    dialog = library.book.dialogs[part.opens[0]]
    step = dialog.steps[part.opens[1]]
    return f"{dialog.title} · Bước {step.number}/{dialog.total}: {step.title}" if step.number else dialog.title


def _picture_of(library: Library, part: Part) -> str:
    if part.opens is None:
        return part.picture
    return part.picture or library.book.dialogs[part.opens[0]].steps[part.opens[1]].wording.picture


def _on_paper(text: str) -> str:
    """A text of the dialogs as paper says it: without the answer to a greeting.

    >>> _on_paper("Dạ {anh_chi} mở VNeID nha.")
    'Cô chú mở VNeID nha.'
    """
    plain = _SPELT.sub("\N{NON-BREAKING HYPHEN}", text.format_map(_FORMS).removeprefix("Dạ "))
    return plain[:1].upper() + plain[1:]


# ---- pictures ----


def _picture(library: Library, name: str) -> str:
    return _data("image/png", draw_png(library.pictures[name])) if name else ""


def _qr(address: str) -> str:
    """A QR code that survives a fold and a stain."""
    uri: str = segno.make(address, error="q", micro=False).svg_data_uri(scale=10, border=4)
    return uri


def _data(kind: str, content: bytes) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
