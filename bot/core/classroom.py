"""In a class: a seat, the step that the trainer opened for all, and the end."""

from dataclasses import replace

from bot.core import limits
from bot.core.choices import button_id, choices_at
from bot.core.dialogs import MENU, START, Choice, Step
from bot.core.effects import Agree, Decline, LeaveClass
from bot.core.events import ClassJoined, StepOpened, TextUnderstood
from bot.core.paths import called, can_stand_at, menu_path, step_at
from bot.core.performing import perform
from bot.core.resting import may_offer_reminder, offer_reminder_beside
from bot.core.showing import show, show_after
from bot.core.state import Path, Place, parse_place
from bot.core.talk import Talk
from bot.core.walking import arrive

# what a dialog hears that asks what a class has to know, and one that waits for its first step
_JOINING = "class_joined"
_WAITING = "class_waits"

# ---- in and out ----


def join_class(talk: Talk, event: ClassJoined) -> None:
    """A seat; who comes late is where the class is at once. What a class asks, it asks before its steps."""
    talk.phrase("class_joined", ghe=str(event.seat), bai=event.lesson)
    path = _joining_path(talk, event)
    if not event.again and event.opens_steps and _JOINING in talk.book.hears:
        path = called(path, Place(*talk.book.hears[_JOINING]))
    arrive(talk, path)


def _joining_path(talk: Talk, event: ClassJoined) -> Path:
    """Where the class is; before its first step a place to wait, except for who is in the middle of something."""
    place = Place(event.dialog, event.step)
    if can_stand_at(talk.book, place) and not _is_as_far(talk, place):
        return (place,)
    if talk.state.path[0].dialog not in (START, MENU):
        return talk.state.path
    waits = event.opens_steps and _WAITING in talk.book.hears
    return (Place(*talk.book.hears[_WAITING]),) if waits else menu_path(talk.book)


def leave_class(talk: Talk) -> None:
    talk.effects.append(LeaveClass())
    talk.phrase("class_left")
    if talk.state.path[0].dialog == talk.book.hears.get(_WAITING, ("",))[0]:
        arrive(talk, menu_path(talk.book))
    else:
        show(talk)


# ---- its code ----


def ask_for_class_code(talk: Talk, phrase: str = "class_code_wanted") -> None:
    talk.set_slot("class_code", str(talk.state.turn))
    show_after(talk, phrase)


def may_be_class_code(talk: Talk, event: TextUnderstood) -> bool:
    """Something was hidden in the very answer to where a class's code was wanted: perhaps that, perhaps an OTP."""
    wanted = talk.state.slots.get("class_code") == str(talk.state.turn - 1)
    return wanted and event.hidden and event.meaning.intent == "secret"


# ---- one pace ----


def keep_pace(talk: Talk, event: StepOpened) -> None:
    """To the step of the class. Who is ahead stays ahead and hears nothing; so does who deals with a scam.

    Who is stuck is told, and stays with what they were trying until the trainer says the step once more.
    """
    place = Place(event.dialog, event.step)
    if not can_stand_at(talk.book, place) or _deals_with(talk, "scam_done"):
        return
    if not event.again and _is_as_far(talk, place):
        return
    if not event.again and _is_stuck(talk):
        talk.phrase("class_goes_on")
        talk.offer(choices_at(talk.book, talk.state.place))
        return
    _keep_question_open(talk)
    talk.phrase("class_step")
    arrive(talk, (place,))


def _is_as_far(talk: Talk, place: Place) -> bool:
    """Whether the person stands at this step or behind it in the same journey, or has finished that."""
    dialog = talk.book.dialogs[place.dialog]
    if dialog.task and f"{talk.state.person}/{dialog.task}" in talk.state.done:
        return True
    here = talk.state.path[0]
    return here.dialog == dialog.name and dialog.order.index(here.step) >= dialog.order.index(place.step)


def _is_stuck(talk: Talk) -> bool:
    """Something is being tried against a symptom, or a person was asked for."""
    return talk.state.place.mode in ("symptoms", "remedy") or _deals_with(talk, "human")


def _deals_with(talk: Talk, meaning: str) -> bool:
    answer = talk.book.hears.get(meaning, ("", ""))[0]
    return any(place.dialog == answer for place in talk.state.path)


# ---- a yes or no that comes when the class has gone on ----


def _keep_question_open(talk: Talk) -> None:
    """The class does not wait for a yes; the buttons it was asked with stay good."""
    choices = choices_at(talk.book, talk.state.place)
    if any(isinstance(effect, Agree) for choice in choices for effect in choice.effects):
        talk.set_slot("late", str(talk.state.place))


def late_answer(talk: Talk, button: str) -> tuple[Step, Choice] | None:
    """The question a class went on from, and the answer to it that this button is."""
    asked = talk.state.slots.get("late", "")
    step = step_at(talk.book, parse_place(asked)) if asked else None
    answers = step.choices if step else ()
    answer = next((each for each in answers if button == button_id(parse_place(asked), each.slug)), None)
    return (step, answer) if step and answer else None


def take_late_answer(talk: Talk, step: Step, answer: Choice) -> None:
    """Written down with the wording it was asked in; everybody stays where they are by now."""
    talk.drop_slot("late")
    wording = talk.wording(step.wording, step.variants).say
    for effect in answer.effects:
        perform(talk, replace(effect, wording=wording) if isinstance(effect, Agree | Decline) else effect, answer.label)
    show_after(talk, "class_answered")


# ---- the end ----


def end_class(talk: Talk) -> None:
    """Who is in the middle keeps their place, hears so once, and is asked whether the bot may remind them."""
    if talk.state.paused or not _is_underway(talk):
        return
    whereabouts = talk.whereabouts()
    # only who agreed to it is remembered for long
    if whereabouts and talk.state.consent("progress") == "yes":
        talk.phrase("class_ended_at_step", **whereabouts)
    else:
        talk.phrase("class_ended")
    choices = choices_at(talk.book, talk.state.place)[: limits.CHOICES - 1]
    if may_offer_reminder(talk):
        offer_reminder_beside(talk, choices)
    else:
        talk.offer(choices)


def _is_underway(talk: Talk) -> bool:
    """In the middle of a journey that is not finished."""
    task = talk.book.dialogs[talk.state.path[0].dialog].task
    return bool(task) and f"{talk.state.person}/{task}" not in talk.state.done
