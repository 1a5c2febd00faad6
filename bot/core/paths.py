"""Where a chat can stand, and where a move leads from there. Nothing here changes a chat."""

from dataclasses import replace
from itertools import pairwise

from bot.core import limits
from bot.core.choices import can_be_offered, ward_list
from bot.core.dialogs import MENU, START, Book, Call, Dialog, Goto, Move, Next, Return, Step
from bot.core.state import Path, Place, State


def step_at(book: Book, place: Place) -> Step | None:
    dialog = book.dialogs.get(place.dialog)
    return dialog.steps.get(place.step) if dialog else None


def can_stand_at(book: Book, place: Place) -> bool:
    """Whether the place is there and waits for the person."""
    step = step_at(book, place)
    if step is None or not step.waits:
        return False
    if place.mode == "guess":
        return all(can_be_offered(book, place.plain, meaning) for meaning in place.symptom.split("|"))
    if place.mode == "remedy":
        return place.symptom in step.symptoms
    if place.mode == "wards":
        return len(ward_list(book, place.symptom)) > place.attempt * limits.WARDS
    needed = {"resume": step.number > 0, "symptoms": bool(step.symptoms)}
    return needed.get(place.mode, True)


def exists(book: Book, path: Path) -> bool:
    """Callers need only be there to return to; the place itself must be one that waits."""
    return all(step_at(book, place) for place in path) and can_stand_at(book, path[-1])


def menu_path(book: Book) -> Path:
    return (Place(MENU, _first_waiting(book.dialogs[MENU])),)


def called(path: Path, place: Place) -> Path:
    """A path that calls a place. A dialog called again cuts the path back to its first call, so none grows for ever."""
    dialogs = [each.dialog for each in path]
    base = path[: dialogs.index(place.dialog)] if place.dialog in dialogs else path
    return (*base[-(limits.PATH - 1) :], place)


def led(book: Book, path: Path, move: Move) -> Path:
    """Where a move leads from a path."""
    base, place = path[:-1], path[-1]
    match move:
        case Goto(dialog, step):
            roots = bool(book.dialogs[dialog].task) or dialog in (START, MENU)
            return (Place(dialog, step),) if roots else (*base, Place(dialog, step))
        case Call(dialog, step):
            return called((*base, place.plain), Place(dialog, step))
        case Return():
            return base or menu_path(book)
        case Next():
            following = book.dialogs[place.dialog].following.get(place.step)
            return (*base, Place(place.dialog, following)) if following else led(book, path, Return())


def below_questions(book: Book, path: Path) -> Path:
    """The path below any question in between, so that questions never pile up.

    What a passing step called is no question in between: nobody could stand at that step.
    """
    for depth, (below, place) in enumerate(pairwise(path), 1):
        if book.dialogs[place.dialog].is_digression and can_stand_at(book, below):
            return path[:depth]
    return path


def settled(book: Book, state: State) -> State:
    """The state itself or, where content changed under a living chat, at the nearest place that still exists."""
    if exists(book, state.path):
        return state
    trail = tuple(path for path in state.trail if exists(book, path))
    return replace(state, path=_nearest(book, state), trail=trail)


def _nearest(book: Book, state: State) -> Path:
    place = state.place
    # where the caller's step vanished, the question returns to the nearest that is left of it
    callers = tuple(left for caller in state.path[:-1] if (left := _left_of(book, state, caller)))
    plain = (*callers, place.plain)
    if exists(book, plain):
        return plain
    passed = next((path for path in reversed(state.trail) if exists(book, path)), None)
    if passed and passed[-1].dialog == place.dialog:
        return passed
    dialog = book.dialogs.get(place.dialog)
    if dialog and any(step.waits for step in dialog.steps.values()):
        return (Place(dialog.name, _first_waiting(dialog)),)
    return passed or menu_path(book)


def _left_of(book: Book, state: State, place: Place) -> Place | None:
    """A place, or where it vanished the latest of its dialog that was passed, or the first that waits there."""
    if step_at(book, place):
        return place
    passed = (each for path in reversed(state.trail) for each in path if each.dialog == place.dialog)
    dialog = book.dialogs.get(place.dialog)
    first = next((step.name for step in dialog.steps.values() if step.waits), "") if dialog else ""
    standing = next((each for each in passed if can_stand_at(book, each)), None)
    return standing or (Place(place.dialog, first) if first else None)


def _first_waiting(dialog: Dialog) -> str:
    return next(name for name, step in dialog.steps.items() if step.waits)
