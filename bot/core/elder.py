"""Elder mode: one thing a message, in few words, with two buttons. What is different in it, and when it is offered."""

from collections.abc import Sequence

from bot.core import limits
from bot.core.dialogs import START, Book, Choice
from bot.core.state import State

# who is called this may like larger letters and one thing at a time (journeys 10.1)
OLD_PEOPLE = frozenset({"bac", "ong", "ba"})

# "Chưa được" at the same step after which patience speaks, and a person is near
PATIENCE = 2

# choices that stand behind the answers themselves
_ASIDE = ("repeat", "more")


def is_offered_at(book: Book, state: State) -> bool:
    """Whether this is a calm place to offer elder mode: the menu or a journey's own step, and nothing in between."""
    root = state.path[0].dialog
    alone = len(state.path) == 1 or state.place.mode in ("symptoms", "remedy")
    return state.mode == "fits" and alone and root != START and not state.speaks_for_somebody


def page_choices(book: Book) -> tuple[Choice, ...]:
    """The buttons of a page that another one follows."""
    return tuple(book.standard[name] for name in ("read_on", "repeat", "more"))


def arranged(book: Book, choices: Sequence[Choice]) -> tuple[tuple[Choice, ...], int]:
    """The choices in the order of elder mode, and how many of them are shown as buttons.

    Where more than two answers stand, "it works" and "it does not" are the buttons; a plain list has none, and is
    picked from by number.
    """
    answers = [choice for choice in choices if choice.means not in _ASIDE]
    outcomes = [choice for choice in choices if choice in _outcomes(book)]
    main = answers if len(answers) <= limits.MAIN else outcomes if len(outcomes) == limits.MAIN else []
    return (*main, *(choice for choice in choices if choice not in main)), len(main)


def stuck_again(state: State) -> str:
    """What is remembered of one more "Chưa được" here: the step, and how often in a row.

    >>> from bot.core.state import Place
    >>> state = State(path=(Place("vneid_muc_2", "otp"),), slots={"stuck": "vneid_muc_2.otp:1"})
    >>> stuck_again(state)
    'vneid_muc_2.otp:2'
    """
    step, _, count = state.slots.get("stuck", "").rpartition(":")
    here = str(state.place.plain)
    return f"{here}:{int(count) + 1 if step == here and count.isdecimal() else 1}"


def _outcomes(book: Book) -> tuple[Choice, ...]:
    return tuple(book.standard[name] for name in ("done", "stuck", "fixed", "still_stuck"))
