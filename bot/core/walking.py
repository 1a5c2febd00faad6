"""Moves a chat: along a dialog, into another one, back again."""

from dataclasses import replace

from bot.core import limits
from bot.core.conditions import CONDITIONS
from bot.core.dialogs import MENU, Call, Goto, Move, Next, Step
from bot.core.paths import below_questions, called, exists, led, menu_path
from bot.core.performing import perform
from bot.core.showing import show, show_after
from bot.core.state import Path, Place
from bot.core.talk import Talk


def arrive(talk: Talk, path: Path) -> None:
    """Walk from a place to the next one that waits for the person, saying what stands on the way."""
    for _ in range(limits.STEPS_A_TURN):
        place = path[-1]
        step = talk.book.dialogs[place.dialog].steps[place.step]
        if step.condition and not CONDITIONS[step.condition](talk.state):
            path = led(talk.book, path, Next())
            continue
        if step.waits:
            if len(path) < len(talk.state.path) and path in talk.state.trail:
                talk.phrase("here_again")
            move_to(talk, path)
            if not place.mode:
                talk.record(place, "entered")
            show(talk)
            return
        path = _pass_through(talk, path, step)
    talk.phrase("lost")
    move_to(talk, menu_path(talk.book))
    show(talk)


def _pass_through(talk: Talk, path: Path, step: Step) -> Path:
    wording = talk.wording(step.wording, step.variants)
    talk.say_wording(wording)
    for effect in step.effects:
        perform(talk, effect)
    if not isinstance(step.move, Call):
        return led(talk.book, path, step.move)
    # when the called dialog ends, go on behind this step
    following = talk.book.dialogs[path[-1].dialog].following.get(step.name)
    base = (*path[:-1], Place(path[-1].dialog, following)) if following else path[:-1]
    return called(base, Place(step.move.dialog, step.move.step))


def follow(talk: Talk, move: Move) -> None:
    """Go where a move leads; a journey begun before is asked about first."""
    path = led(talk.book, talk.state.path, move)
    place, person = path[-1], talk.state.person
    dialog = talk.book.dialogs[place.dialog]
    begins = isinstance(move, Goto) and bool(dialog.task) and place.step == dialog.first
    if begins and talk.state.place.mode != "resume":
        bookmark = talk.state.bookmarks.get(f"{person}/{dialog.name}", "")
        if bookmark in dialog.steps and dialog.steps[bookmark].number:
            move_to(talk, (Place(dialog.name, bookmark, "resume"),))
            show(talk)
            return
        if f"{person}/{dialog.task}" in talk.state.done:
            talk.phrase("already_done")
    arrive(talk, path)


def open_dialog(talk: Talk, dialog: str, step: str) -> None:
    """Answer a meaning: a question in between comes back here, a journey begins a path of its own."""
    if talk.book.dialogs[dialog].task or dialog == MENU:
        follow(talk, Goto(dialog, step))
    else:
        arrive(talk, called(below_questions(talk.book, talk.state.path), Place(dialog, step)))


def move_to(talk: Talk, path: Path) -> None:
    """Stand at a new path; the trail keeps the way here without its loops."""
    state = talk.state
    trail = state.trail
    if path != state.path and state.path and not _is_at_more(talk) and state.place.mode != "resume":
        trail = (*trail, state.path)
    if path in trail:
        trail = trail[: trail.index(path)]
    place = path[-1]
    dialog = talk.book.dialogs[place.dialog]
    bookmarks = state.bookmarks
    if dialog.task and dialog.steps[place.step].number:
        mark = f"{state.person}/{dialog.name}"
        # the latest stands last
        bookmarks = {key: step for key, step in bookmarks.items() if key != mark} | {mark: place.step}
    talk.state = replace(state, path=path, trail=trail[-limits.TRAIL :], bookmarks=bookmarks, paused=False)


def stand(talk: Talk, place: Place) -> None:
    """Stand at a place in exchange for the present one, as for a list or a question above it."""
    move_to(talk, (*talk.state.path[:-1], place))


# ---- back ----


def go_back(talk: Talk) -> None:
    """One step back; from the page of other things, back from the step below it."""
    path = below_questions(talk.book, talk.state.path) if _is_at_more(talk) else talk.state.path
    trail = list(talk.state.trail)
    while trail and (trail[-1] == path or not exists(talk.book, trail[-1])):
        trail.pop()
    if not trail:
        talk.state = replace(talk.state, path=path)
        show_after(talk, "no_way_back")
        return
    talk.state = replace(talk.state, path=trail.pop(), trail=tuple(trail))
    show(talk)


def back_to_step(talk: Talk) -> None:
    """From a list, a remedy or a question above a step to the step itself."""
    talk.phrase("here_again")
    stand(talk, talk.state.place.plain)
    show(talk)


def go_on(talk: Talk) -> None:
    """Leave the page of other things for the step below it."""
    leave_more(talk)
    show(talk)


def restart(talk: Talk) -> None:
    root = talk.book.dialogs[talk.state.path[0].dialog]
    arrive(talk, (Place(root.name, root.first),))


def go_to_menu(talk: Talk) -> None:
    arrive(talk, menu_path(talk.book))


def leave_more(talk: Talk) -> None:
    if _is_at_more(talk):
        talk.state = replace(talk.state, path=below_questions(talk.book, talk.state.path))


def leave_questions(talk: Talk) -> None:
    """Back below any question in between, which is over."""
    path = below_questions(talk.book, talk.state.path)
    move_to(talk, (*path[:-1], without_guess(path[-1])))


def without_guess(place: Place) -> Place:
    return place.plain if place.mode == "guess" else place


def _is_at_more(talk: Talk) -> bool:
    """On the page of other things, "Việc khác"."""
    return "more" in talk.book.dialogs[talk.state.place.dialog].hears and len(talk.state.path) > 1
