"""Which buttons stand at a place, and which of them a typed line picks."""

import re
from collections.abc import Sequence

from bot.core.dialogs import Book, Choice, Dialog, Goto, Step
from bot.core.state import Place, State
from bot.core.text import fold

_NUMBER = re.compile(r"(?:(?:so|nut|chon|bam|cau|muc|o)\s)*(\d{1,2})")

# a dictated number arrives in words
_DIGITS = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi")
_SPELLED = {word: str(number) for number, word in enumerate(_DIGITS, 1)}


def choices_at(book: Book, place: Place) -> tuple[Choice, ...]:
    """The buttons of a place that waits, in the order shown."""
    dialog = book.dialogs[place.dialog]
    return _MODES[place.mode](book, dialog, dialog.steps[place.step], place)


def typed_choice(book: Book, state: State, text: str) -> str | None:
    """The id of the button a line of text picks, by its number or its label, or None.

    Numbers count the buttons last shown; they are not those of ``choices_at`` when the content changed meanwhile.
    """
    if not state.path:
        return None
    words = fold(text)
    for slug in (words.replace(" ", "-"), words.removeprefix("da ").replace(" ", "-")):
        if slug in state.offered:
            return button_id(state.place, slug)
    words = words.removeprefix("da ")
    number = _NUMBER.fullmatch(_spelled_out(words, state.offered))
    if number and 1 <= int(number[1]) <= len(state.offered):
        return button_id(state.place, state.offered[int(number[1]) - 1])
    return None


def asked_at(book: Book, state: State) -> str:
    """What the person was asked: to do a "step", a "question", or nothing yet."""
    if not state.path or state.paused:
        return ""
    dialog = book.dialogs.get(state.place.dialog)
    step = dialog.steps.get(state.place.step) if dialog else None
    return "" if step is None else "step" if step.number or state.place.mode == "remedy" else "question"


def _spelled_out(words: str, offered: Sequence[str]) -> str:
    word = words.removeprefix("so ")
    # "ba" is a number and a father: where a label has the word alone, it is not the number
    is_label_word = words == word and any(word in slug.split("-") for slug in offered)
    return words if is_label_word else _SPELLED.get(word, words)


def button_id(place: Place, slug: str) -> str:
    """The id under which a choice is offered: it says at which place, so that an old one is known as such."""
    return f"{place}/{slug}"


def _step_choices(book: Book, dialog: Dialog, step: Step, place: Place) -> tuple[Choice, ...]:
    more = () if "more" in dialog.hears else (book.standard["more"],)
    if not step.number:
        return (*step.choices, *more)
    stuck = (book.standard["stuck"],)
    return (*(step.choices or (book.standard["done"],)), *stuck, book.standard["repeat"], *more)


def _symptom_choices(book: Book, dialog: Dialog, step: Step, place: Place) -> tuple[Choice, ...]:
    symptoms = (book.symptom_choices[name] for name in step.symptoms)
    return (*symptoms, book.standard["other_symptom"], book.standard["more"])


def _remedy_choices(book: Book, dialog: Dialog, step: Step, place: Place) -> tuple[Choice, ...]:
    attempts = book.symptoms[place.symptom].attempts
    if place.attempt >= len(attempts):
        return (book.standard["human"], book.standard["try_again"], book.standard["more"])
    own = attempts[place.attempt].choices
    still = book.standard["still_stuck"]
    return (book.standard["fixed"], *own, still, book.standard["repeat"], book.standard["more"])


def _resume_choices(book: Book, dialog: Dialog, step: Step, place: Place) -> tuple[Choice, ...]:
    resume = Choice(book.phrases["label_resume"], Goto(dialog.name, step.name), means="resume")
    restart = Choice(book.phrases["label_restart"], Goto(dialog.name, dialog.first), means="restart")
    return (resume, restart, book.standard["more"])


def _guess_choices(book: Book, dialog: Dialog, step: Step, place: Place) -> tuple[Choice, ...]:
    guesses = (Choice(label=book.titles[meaning], means=meaning) for meaning in place.symptom.split("|"))
    return (*guesses, book.standard["none_of_these"], book.standard["more"])


_MODES = {
    "": _step_choices, "symptoms": _symptom_choices, "remedy": _remedy_choices, "resume": _resume_choices,
    "guess": _guess_choices,
}  # fmt: skip
