"""How far somebody has come, for those they let know: each task's step, or that it is finished. Nothing else."""

from dataclasses import dataclass

from bot.core.dialogs import Book
from bot.core.state import State


@dataclass(frozen=True, slots=True)
class Progress:
    """One task. ``number`` of ``total`` is the step it stopped at; 0 where it is finished."""

    title: str
    number: int = 0
    total: int = 0


def progress(book: Book, state: State, person: str) -> tuple[Progress, ...]:
    """The tasks this person has begun or finished, in the order of the book."""
    return tuple(
        each
        for name, dialog in book.dialogs.items()
        if dialog.task and (each := _of_task(book, state, person, name)) is not None
    )


def _of_task(book: Book, state: State, person: str, name: str) -> Progress | None:
    dialog = book.dialogs[name]
    step = dialog.steps.get(state.bookmarks.get(f"{person}/{name}", ""))
    if step is not None and step.number:
        return Progress(dialog.title, step.number, dialog.total)
    return Progress(dialog.title) if f"{person}/{dialog.task}" in state.done else None
