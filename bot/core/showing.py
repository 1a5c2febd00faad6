"""Says what stands at the present place and offers its answers."""

from collections.abc import Callable

from bot.core import limits
from bot.core.choices import choices_at, is_offer
from bot.core.dialogs import START
from bot.core.replies import StepNumber
from bot.core.talk import Talk


def show(talk: Talk) -> None:
    choices = choices_at(talk.book, talk.state.place)
    if len(choices) < limits.CHOICES and _is_calm_for_elder_mode(talk):
        talk.set_slot("mode", "offered")
        talk.phrase("elder_offered")
        choices = (*choices, talk.book.standard["elder"])
    _SHOWERS[talk.state.place.mode](talk)
    talk.offer(choices)


def show_after(talk: Talk, phrase: str) -> None:
    """A few words, and the present place again."""
    talk.phrase(phrase)
    show(talk)


def _is_calm_for_elder_mode(talk: Talk) -> bool:
    """Whether it may fit, and this is the menu or a journey's own step, and nothing in between."""
    state = talk.state
    if state.mode != "fits" or state.speaks_for_somebody:
        return False
    alone = len(state.path) == 1 or state.place.mode in ("symptoms", "remedy")
    return alone and state.path[0].dialog != START


def _show_step(talk: Talk) -> None:
    step = talk.step
    number = StepNumber(step.number, talk.book.dialogs[talk.state.place.dialog].total, step.title)
    talk.say_wording(talk.wording(step.wording, step.variants), number if step.number else None)


def _show_symptoms(talk: Talk) -> None:
    talk.phrase("which_symptom")


def _show_remedy(talk: Talk) -> None:
    place = talk.state.place
    attempts = talk.book.symptoms[place.symptom].attempts
    if place.attempt >= len(attempts):
        talk.phrase("symptom_exhausted")
        return
    attempt = attempts[place.attempt]
    talk.say_wording(talk.wording(attempt.wording, attempt.variants))


def _show_resume(talk: Talk) -> None:
    talk.phrase("resume_or_restart", **talk.whereabouts())


def _show_guess(talk: Talk) -> None:
    talk.phrase("offered" if is_offer(talk.state.place) else "which_meaning")


def _show_people(talk: Talk) -> None:
    talk.phrase("for_whom")


def _show_wards(talk: Talk) -> None:
    talk.phrase("which_ward")


_SHOWERS: dict[str, Callable[[Talk], None]] = {
    "": _show_step,
    "symptoms": _show_symptoms,
    "remedy": _show_remedy,
    "resume": _show_resume,
    "guess": _show_guess,
    "people": _show_people,
    "wards": _show_wards,
}
