"""Which buttons stand at a place, and which of them a typed line picks."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.core import limits
from bot.core.address import MYSELF
from bot.core.dialogs import Book, Choice, Dialog, Goto, Step
from bot.core.meaning import COMMANDS
from bot.core.state import Place, State
from bot.core.text import fold, normal

# the place of buttons that hold wherever one stands: those below what the bot says unasked
ANYWHERE = str(Place("-", "-"))

_NUMBER = re.compile(r"(?:(?:so|nut|chon|bam|cau|muc|o)\s)*(\d{1,2})")

# "Có, ngồi kế bên", "Máy khác (Samsung, Oppo…)": each part may be what somebody types
_PART = re.compile(r"[,:;()…]+")

# a dictated number arrives in words
_DIGITS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín", "mười")
_ENGLISH_DIGITS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_SPELLED = {fold(word): str(number) for digits in (_DIGITS, _ENGLISH_DIGITS) for number, word in enumerate(digits, 1)}

# typed with marks a number word needs its own: "bà" is nobody's third button
_MARKED = {fold(word): word for word in _DIGITS}


def choices_at(book: Book, place: Place) -> tuple[Choice, ...]:
    """The buttons of a place that waits, in the order shown."""
    dialog = book.dialogs[place.dialog]
    return _MODES[place.mode](book, dialog, dialog.steps[place.step], place)


def page_choices(book: Book) -> tuple[Choice, ...]:
    """The buttons of a page that another one follows."""
    return tuple(book.standard[name] for name in ("read_on", "repeat", "more"))


def choices_now(book: Book, state: State) -> tuple[Choice, ...]:
    """What may be answered now: at the place, or on a page of it that another one follows."""
    return page_choices(book) if state.unread else choices_at(book, state.place)


def pressed(book: Book, state: State, button: str) -> Choice | None:
    """The choice a button stands for, if it stands at the present place; elder mode is wished for from anywhere."""
    place, _, slug = button.rpartition("/")
    if place == ANYWHERE:
        return book.anywhere.get(slug)
    if slug == book.standard["elder"].slug:
        return book.standard["elder"]
    if place != str(state.place):
        return None
    return next((choice for choice in choices_now(book, state) if choice.slug == slug), None)


def typed_choice(book: Book, state: State, text: str) -> str | None:
    """The id of the button a line of text picks, by its number or its label, or None.

    Numbers count the buttons last shown; they are not those of ``choices_at`` when the content changed meanwhile.
    """
    if not state.path:
        return None
    words = fold(text)
    plain = words.removeprefix("da ")
    for typed in (words, plain, _in_full(plain, book)):
        if (slug := typed.replace(" ", "-")) in state.offered:
            return button_id(state.place, slug)
    labelled = _labelled(book, words)
    for slug in state.offered:
        if slug in labelled:
            return button_id(state.place, slug)
    number = _NUMBER.fullmatch(_spelled_out(plain, state.offered)) if _may_be_number(text, plain) else None
    if number and 1 <= int(number[1]) <= len(state.offered):
        return button_id(state.place, state.offered[int(number[1]) - 1])
    return None


def _may_be_number(text: str, words: str) -> bool:
    """Whether no marks were typed that make a number word another one."""
    last = normal(text[: limits.TEXT]).lower().rstrip(" .!").rpartition(" ")[2]
    meant = _MARKED.get(words.rpartition(" ")[2], last)
    return last in (meant, fold(last)) or fold(last) not in _MARKED


def nearly_typed_choice(book: Book, state: State, text: str) -> str | None:
    """The id of the one button whose words stand in a line, or that holds the line; None where two might.

    "dạ gọi được con" picks "Gọi được"; "sam sung" picks "Máy khác (Samsung, Oppo…)". What writes something down is not
    picked so.
    """
    if not state.path:
        return None
    words = f" {_in_full(fold(text[: limits.TEXT]), book)} "
    if any(either in words for either in (" hay ", " hoac ")):
        return None
    offered = [choice for choice in choices_at(book, state.place) if choice.slug in state.offered]
    found = [choice for choice in offered if not choice.effects and _is_nearly(choice.label, words)]
    return button_id(state.place, found[0].slug) if len(found) == 1 else None


def naming_choice(book: Book, state: State, text: str, *, slot: str, value: str) -> str | None:
    """The id of the button here that remembers this value, where a short line names it: "xiaomi" is an Android phone.

    Not where the line says no to it, or names it beside something else.
    """
    words = f" {_in_full(fold(text[: limits.TEXT]), book)} "
    if not state.path or not value or len(words.split()) > _AROUND or any(each in words for each in _UNCLEAR):
        return None
    here = (choice for choice in choices_at(book, state.place) if choice.slug in state.offered)
    found = next((choice for choice in here if (slot, value) in choice.remember and not choice.effects), None)
    return button_id(state.place, found.slug) if found else None


# shorter words stand in too many lines
_TELLING = 6

# words of politeness around a label; with more of them the line is about something else
_AROUND = 7

_NEGATIONS = (" khong ", " chua ", " dung ", " hong ")

# a line with one of these does not plainly say what it names
_UNCLEAR = (*_NEGATIONS, " hay ", " hoac ", " not ", " or ")


def _is_nearly(label: str, words: str) -> bool:
    """Whether a part of the label stands among these words unnegated, or they are a part of the label themselves."""
    typed = words.strip()
    if len(typed) >= _TELLING and typed.replace(" ", "") in fold(label).replace(" ", ""):
        return True
    for part in _PART.split(label):
        folded = fold(part)
        if typed == folded and len(folded) > len("xa"):
            return True
        if len(folded) >= _TELLING and " " not in folded and folded in typed.replace(" ", ""):
            return True
        before, found, _ = words.partition(f" {folded} ")
        telling = len(folded) >= _TELLING and " " in folded and len(words.split()) <= len(folded.split()) + _AROUND
        if found and telling and not f"{before} ".endswith(_NEGATIONS):
            return True
    return False


def _in_full(words: str, book: Book) -> str:
    """Folded words with what is usually shortened written out: "k nho" is "khong nho"."""
    return " ".join(book.shorthand.get(word, word) for word in words.split())


def _labelled(book: Book, words: str) -> set[str]:
    """The slugs of buttons with this label, in whatever language."""
    return {slug for each in book.in_all_languages for slug in each.labels.get(words, ())}


def is_label(book: Book, words: str) -> bool:
    """Whether some button anywhere says just these folded words."""
    return any(words in each.labels for each in book.in_all_languages)


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
    resume = replace(book.standard["resume"], move=Goto(dialog.name, step.name))
    restart = replace(book.standard["restart"], move=Goto(dialog.name, dialog.first))
    return (resume, restart, book.standard["more"])


def can_be_offered(book: Book, place: Place, meaning: str) -> bool:
    """Whether a meaning can be a button where two may have been meant: it has a title, or a button of its own here."""
    return meaning in book.titles or meaning == _PERSON or _answer_here(book, place, meaning) is not None


def _answer_here(book: Book, place: Place, meaning: str) -> Choice | None:
    """The button of a step that stands for a meaning; one that writes something down is pressed knowingly or not."""
    choices = choices_at(book, place)
    return next((choice for choice in choices if choice.means == meaning and not choice.effects), None)


def is_offer(place: Place) -> bool:
    """One journey alone: not what somebody may have meant, but what an answer leads to."""
    return not any(sign in place.symptom for sign in "|/") and place.symptom not in COMMANDS


def _guess_choices(book: Book, dialog: Dialog, step: Step, place: Place) -> tuple[Choice, ...]:
    guesses = (
        _answer_here(book, place.plain, meaning) or _elsewhere(book, meaning) for meaning in place.symptom.split("|")
    )
    neither = "not_now" if is_offer(place) else "none_of_these"
    return (*guesses, book.standard[neither], book.standard["more"])


# a real person can be asked for anywhere
_PERSON = "human"


def _elsewhere(book: Book, meaning: str) -> Choice:
    return book.standard[_PERSON] if meaning == _PERSON else book.choice(_title(meaning), meaning)


def _people_choices(book: Book, dialog: Dialog, step: Step, place: Place) -> tuple[Choice, ...]:
    people = place.symptom.split("|")
    go_on = (book.choice(_for_whom(person), f"person/{person}") for person in people)
    another = book.choice(lambda each: each.phrases["label_for_another"], "help_relative")
    return (*go_on, another, book.standard["more"])


def _ward_choices(book: Book, dialog: Dialog, step: Step, place: Place) -> tuple[Choice, ...]:
    entries = ward_list(book, place.symptom)
    first = place.attempt * limits.WARDS
    shown = tuple(
        Choice(label, means=f"ward/{target}" if target in book.wards else f"wards/{target}:0")
        for label, target in entries[first : first + limits.WARDS]
    )
    rest = f"wards/{place.symptom}:{place.attempt + 1}"
    further = (book.choice(lambda each: each.phrases["label_more_wards"], rest),)
    return (
        *shown,
        *(further if len(entries) > first + limits.WARDS else ()),
        book.standard["no_ward"],
        book.standard["more"],
    )


def ward_list(book: Book, name: str) -> tuple[tuple[str, str], ...]:
    """The entries of a list: one of the book's, or codes of units parted by commas."""
    codes = (code for code in name.split(",") if code in book.wards)
    return book.ward_lists.get(name) or tuple((book.wards[code], code) for code in codes)


def _title(meaning: str) -> Callable[[Book], str]:
    return lambda book: book.titles[meaning]


def _for_whom(person: str) -> Callable[[Book], str]:
    if person == MYSELF:
        return lambda book: book.phrases["label_for_myself"]
    return lambda book: book.phrases["for_this_person"].replace("{nguoi_nha}", book.spoken(person))


_MODES = {
    "": _step_choices, "symptoms": _symptom_choices, "remedy": _remedy_choices, "resume": _resume_choices,
    "guess": _guess_choices, "people": _people_choices, "wards": _ward_choices,
}  # fmt: skip
