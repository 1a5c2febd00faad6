"""What an effect changes in the chat itself, before the assistant does it in the world."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.core.effects import (
    Agree,
    Blocked,
    Complete,
    Decline,
    Effect,
    Enrol,
    Forget,
    Lift,
    Reopen,
    RequestHelp,
    Restrict,
    ShowData,
)
from bot.core.state import NO_WARD, State
from bot.core.talk import Talk


def perform(talk: Talk, effect: Effect, label: str = "") -> None:
    """``label`` is the button that asked for it."""
    if isinstance(effect, Agree | Decline):
        effect = replace(effect, wording=effect.wording or talk.step_wording().say, label=label)
    change = _CHANGES.get(type(effect))
    talk.effects.append(change(talk, effect) if change else effect)


def _note_answer(talk: Talk, effect: Agree | Decline) -> Effect:
    state = talk.state
    answer = "yes" if isinstance(effect, Agree) else "no"
    consents = {**state.consents, f"{state.answerer(effect.purpose)}/{effect.purpose}": answer}
    talk.state = replace(state, consents=consents)
    if answer == "yes" and effect.purpose == "count" and state.ward in talk.book.wards:
        # told before, when nobody was to be counted
        talk.effects.append(Enrol(state.ward))
    return effect


def _mark_finished(talk: Talk, effect: Complete) -> Effect:
    state, task = talk.state, effect.task
    mark = f"{state.person}/{task}"
    done = state.done if mark in state.done else (*state.done, mark)
    finished = {f"{state.person}/{name}" for name, dialog in talk.book.dialogs.items() if dialog.task == task}
    bookmarks = {key: step for key, step in state.bookmarks.items() if key not in finished}
    talk.state = replace(state, done=done, bookmarks=bookmarks)
    return effect


def _mark_unfinished(talk: Talk, effect: Reopen) -> Effect:
    mark = f"{talk.state.person}/{effect.task}"
    talk.state = replace(talk.state, done=tuple(each for each in talk.state.done if each != mark))
    return effect


def _note_reason(talk: Talk, effect: Blocked) -> Effect:
    talk.set_slot("reason", effect.reason)
    return replace(effect, task=talk.book.dialogs[talk.state.path[0].dialog].task)


def _tell_wish(talk: Talk, effect: RequestHelp) -> Effect:
    """What the person chose to say of themselves, and where the journey stood when they asked."""
    slots, ward = talk.state.slots, talk.state.ward
    return RequestHelp(
        way=slots.get("help_way", effect.way),
        hours=slots.get("help_hours", ""),
        ward="" if ward == NO_WARD else ward,
        place=str(talk.state.path[0]),
        reason=slots.get("reason", ""),
    )


def _begin_anew(talk: Talk, effect: Forget) -> Effect:
    """Without what lies below; only the turn goes on counting.

    The language stays, so that it can be read, and somebody under 16 stays one.
    """
    slots = {slot: value for slot, value in talk.state.slots.items() if slot in ("language", "child")}
    talk.state = State(path=talk.state.path[-1:], slots=slots, turn=talk.state.turn)
    return effect


def _restrict(talk: Talk, effect: Restrict) -> Effect:
    talk.set_slot("restricted", "yes")
    return effect


def _lift(talk: Talk, effect: Lift) -> Effect:
    talk.drop_slot("restricted")
    return effect


def _put_behind_replies(talk: Talk, effect: ShowData) -> Effect:
    return replace(effect, at=len(talk.replies))


_CHANGES: dict[type[Effect], Callable[[Talk, Any], Effect]] = {
    Agree: _note_answer,
    Decline: _note_answer,
    Complete: _mark_finished,
    Reopen: _mark_unfinished,
    Blocked: _note_reason,
    RequestHelp: _tell_wish,
    Forget: _begin_anew,
    Restrict: _restrict,
    Lift: _lift,
    ShowData: _put_behind_replies,
}
