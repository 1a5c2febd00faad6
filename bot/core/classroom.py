"""In a class: a seat, and the step that the trainer opened for all."""

from bot.core.conditions import CONDITIONS
from bot.core.dialogs import START, Call
from bot.core.events import ClassJoined, StepOpened
from bot.core.paths import called, can_stand_at, menu_path
from bot.core.showing import show
from bot.core.state import Path, Place
from bot.core.talk import Talk
from bot.core.walking import arrive


def join_class(talk: Talk, event: ClassJoined) -> None:
    """A seat; who comes late is where the class is at once."""
    talk.phrase("class_joined", ghe=str(event.seat), bai=event.lesson)
    path = _opened_path(talk, event.dialog, event.step)
    if path:
        arrive(talk, path)
    elif talk.state.path[0].dialog == START:
        arrive(talk, menu_path(talk.book))
    else:
        show(talk)


def keep_pace(talk: Talk, event: StepOpened) -> None:
    """To the step of the class. Who is ahead stays ahead and hears nothing; so does who deals with a scam."""
    path = _opened_path(talk, event.dialog, event.step)
    if not path or _deals_with_scam(talk) or (_is_as_far(talk, event) and not event.again):
        return
    talk.phrase("class_step")
    arrive(talk, path)


def _opened_path(talk: Talk, dialog: str, step: str) -> Path:
    """Where a step that was opened puts a person; nowhere where the content no longer has it.

    A question the journey begins with under a condition, as for consent, comes on top while it is open.
    """
    place = Place(dialog, step)
    if not can_stand_at(talk.book, place):
        return ()
    steps = talk.book.dialogs[dialog].steps
    first = steps[talk.book.dialogs[dialog].first]
    if first.condition and isinstance(first.move, Call) and CONDITIONS[first.condition](talk.state):
        return called((place,), Place(first.move.dialog, first.move.step))
    return (place,)


def _is_as_far(talk: Talk, event: StepOpened) -> bool:
    """Whether the person stands at this step or behind it in the same journey, or has finished that."""
    dialog = talk.book.dialogs[event.dialog]
    if dialog.task and f"{talk.state.person}/{dialog.task}" in talk.state.done:
        return True
    here = talk.state.path[0]
    return here.dialog == dialog.name and dialog.order.index(here.step) >= dialog.order.index(event.step)


def _deals_with_scam(talk: Talk) -> bool:
    answer = talk.book.hears.get("scam_done", ("", ""))[0]
    return any(place.dialog == answer for place in talk.state.path)
