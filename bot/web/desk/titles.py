"""Steps, symptoms and places by the words people see there, instead of their codes."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.campaign.figures import Funnel
from bot.campaign.hiding import Shown
from bot.core.address import forms
from bot.core.dialogs import Book


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of a journey as its page shows it; ``lost``: came there, did not get past."""

    name: str
    entered: Shown
    passed: Shown
    stuck: Shown
    met: tuple[tuple[str, Shown], ...]

    @property
    def lost(self) -> Shown:
        return None if self.entered is None or self.passed is None else max(self.entered - self.passed, 0)


@dataclass(frozen=True, slots=True)
class Journey:
    """A funnel in the order of its dialogs; ``worst`` is where most people stop, None where that is not told."""

    task: str
    started: Shown
    completed: Shown
    stops: tuple[Stop, ...]

    @property
    def most(self) -> int:
        return max((stop.entered or 0 for stop in self.stops), default=0)

    @property
    def worst(self) -> Stop | None:
        losing = [stop for stop in self.stops if stop.lost]
        return max(losing, key=lambda stop: stop.lost or 0, default=None)


class Titles:
    """The words of one book, in the language somebody reads."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def journey(self, funnel: Funnel, language: str) -> Journey:
        book = self._book.in_language(language)
        order = {place: at for at, place in enumerate(_places(book))}
        met: dict[str, list[tuple[str, Shown]]] = {}
        for each in funnel.symptoms:
            symptom = book.symptoms.get(each.symptom)
            met.setdefault(each.step, []).append((symptom.label if symptom else each.symptom, each.people))
        stops = [
            Stop(self.place(each.step, language), each.entered, each.passed, each.stuck, tuple(met.get(each.step, ())))
            for each in sorted(funnel.steps, key=lambda step: order.get(step.step, len(order)))
        ]
        return Journey(funnel.task, funnel.started, funnel.completed, tuple(stops))

    def in_order(self, codes: Iterable[str]) -> list[str]:
        """Steps ("dialog.step") in the order of the content, what is no longer there behind."""
        order = {place: at for at, place in enumerate(_places(self._book))}
        return sorted(codes, key=lambda code: (order.get(code, len(order)), code))

    def place(self, code: str, language: str) -> str:
        """``dialog.step`` as people know it ("Bước 3. Mở app"); what is no longer in the content keeps its code."""
        book = self._book.in_language(language)
        dialog_name, _, step_name = code.partition(".")
        dialog = book.dialogs.get(dialog_name)
        step = dialog.steps.get(step_name.partition("?")[0]) if dialog else None
        if dialog is None or step is None:
            return code
        name = _plain(step.title) if step.title else _plain(dialog.title)
        return f"{step.number}. {name}" if step.number else name


def _places(book: Book) -> Iterable[str]:
    """Every step in the order of the content."""
    return (f"{dialog.name}.{step}" for dialog in book.dialogs.values() for step in dialog.steps)


def _plain(text: str) -> str:
    """A text for somebody whose form of address is not known here."""
    return text.format_map(forms())
