"""For whom it is: whoever types, or one of those they help, each with a phone and steps of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core import limits
from bot.core.address import MYSELF, NEIGHBOUR, helped_by_name, may_be_same
from bot.core.dialogs import Book, Choice, Step
from bot.core.elder import OLD_PEOPLE, notice_elder
from bot.core.meaning import Meaning
from bot.core.paths import exists, menu_path
from bot.core.showing import show, show_after
from bot.core.state import Place, State
from bot.core.talk import Talk
from bot.core.walking import stand

# ---- who was meant ----


def named(state: State, meaning: Meaning) -> str:
    """The person a relation stands for: the one whose turn it is, one underway, or somebody new."""
    name = helped_by_name(meaning.entity("relation"))
    known = (state.person, *state.underway)
    return next((person for person in known if name and person and may_be_same(person, name)), name)


def somebody_else(book: Book, state: State, meaning: Meaning) -> str:
    """Whose journey is spoken of, or who took the phone, where it is another person's turn; else nothing."""
    person = named(state, meaning)
    if not person or person == state.person:
        return ""
    dialog = book.dialogs.get(meaning.intent)
    takes_phone = meaning.intent == "elder_here" and (state.person or state.underway)
    is_unclear = not meaning.intent and not meaning.guesses
    return person if takes_phone or is_unclear or (dialog is not None and dialog.task) else ""


def offer_to_help(book: Book, dialog: str, person: str) -> tuple[Step, Choice] | None:
    """The button for this person; whoever has none is helped as the others are."""
    offers = [
        (step, choice)
        for step in book.dialogs[dialog].steps.values()
        for choice in step.choices
        if dict(choice.remember).get("person")
    ]
    if not person or not offers:
        return None
    own = next((offer for offer in offers if ("person", person) in offer[1].remember), None)
    step, any_choice = offers[0]
    return own or (step, replace(any_choice, remember=(("person", person),)))


# ---- whose turn it is ----


def turn_to(talk: Talk, person: str) -> None:
    """From now on it is about this person: their phone, their steps; nobody walks back into another one's."""
    state = talk.state
    if person == state.person:
        return
    slots = {**state.slots, f"phone:{state.person}": state.slots.get("phone", "")}
    slots |= {"reason": "", "late": "", "person": person, "phone": slots.get(f"phone:{person}", ""), "holder": ""}
    slots = {slot: value for slot, value in slots.items() if value or not slot.startswith("phone:")}
    trail = tuple(path for path in state.trail if not talk.book.dialogs[path[0].dialog].task)
    talk.state = replace(state, slots=slots, trail=trail)


def turn_to_next_neighbour(talk: Talk) -> None:
    """A volunteer's next person, who has answered nothing yet; what the last one answered is let go."""
    state = talk.state
    number = 1 + state.neighbours
    talk.state = replace(
        state,
        bookmarks={key: step for key, step in state.bookmarks.items() if not key.startswith(NEIGHBOUR)},
        done=tuple(mark for mark in state.done if not mark.startswith(NEIGHBOUR)),
        consents={key: answer for key, answer in state.consents.items() if not key.startswith(NEIGHBOUR)},
        slots={**_without_neighbours(state.slots), "neighbours": str(number)},
    )
    turn_to(talk, f"{NEIGHBOUR}.{number}")


def _without_neighbours(slots: Mapping[str, str]) -> dict[str, str]:
    own = (f"phone:{NEIGHBOUR}", f"ward:{NEIGHBOUR}")
    return {slot: value for slot, value in slots.items() if not slot.startswith(own)}


def ask_for_whom(talk: Talk) -> None:
    ask_between(talk, talk.state.underway[: limits.PEOPLE])


def ask_between(talk: Talk, people: Sequence[str]) -> None:
    """For whom does the talk go on? Nobody's turn is taken silently."""
    codes = "|".join(person or MYSELF for person in people)
    stand(talk, talk.state.place.plain._replace(mode="people", symptom=codes))
    show(talk)


def leave_question_for_whom(talk: Talk) -> None:
    if talk.state.place.mode == "people":
        stand(talk, talk.state.place.plain)


def stay_with(talk: Talk, person: str) -> None:
    """Asked for whom, the one whose turn it is was chosen."""
    stand(talk, talk.state.place.plain)
    _show_for(talk, person)


def go_on_for(talk: Talk, person: str) -> None:
    """To the step where this person stopped, saying whose it is."""
    go_to(talk, person)
    _show_for(talk, person)


def _show_for(talk: Talk, person: str) -> None:
    show_after(talk, "going_on_for" if person else "going_on_for_myself")


def go_to(talk: Talk, person: str) -> None:
    turn_to(talk, person)
    bookmarks = talk.state.bookmarks
    stopped = (key for key in reversed(list(bookmarks)) if key.partition("/")[0] == person)
    paths = ((Place(key.partition("/")[2], bookmarks[key]),) for key in stopped)
    path = next((path for path in paths if exists(talk.book, path)), menu_path(talk.book))
    talk.state = replace(talk.state, path=path, paused=False)


def give_phone_to_elder(talk: Talk) -> None:
    """ "Má đây": from now on the words are for the person helped."""
    if not talk.state.person:
        show_after(talk, "greeting")
        return
    talk.set_slot("holder", "elder")
    if talk.called in OLD_PEOPLE:
        notice_elder(talk)
    show_after(talk, "elder_here")
