"""Elder mode: one thing a message, in few words, with two buttons. What is different in it, and when it is offered."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core import limits
from bot.core.choices import choices_at, page_choices
from bot.core.dialogs import Book, Choice
from bot.core.paging import paged
from bot.core.replies import Page, Show
from bot.core.showing import show, show_after
from bot.core.state import State
from bot.core.talk import Talk
from bot.core.walking import leave_questions

# who is called this may like larger letters and one thing at a time (journeys 10.1)
OLD_PEOPLE = frozenset({"bac", "ong", "ba"})

# "Chưa được" at the same step after which patience speaks, and a person is near
PATIENCE = 2

# choices that stand behind the answers themselves
_ASIDE = ("repeat", "more")


# ---- when it is offered, begun and ended ----


def notice_elder(talk: Talk) -> None:
    """Elder mode may fit; it is offered once, where the person can think about it."""
    if not talk.state.mode:
        talk.set_slot("mode", "fits")


def hear_of_age(talk: Talk) -> None:
    notice_elder(talk)
    show_after(talk, "slower")


def slow_down(talk: Talk) -> None:
    _change_mode(talk, "elder", "elder_mode")


def go_as_usual(talk: Talk) -> None:
    _change_mode(talk, "usual", "usual_mode")


def _change_mode(talk: Talk, mode: str, phrase: str) -> None:
    talk.set_slot("mode", mode)
    leave_questions(talk)
    show_after(talk, phrase)


def patience_is_due(talk: Talk) -> bool:
    """Counts one more "Chưa được"; in elder mode every second one at a step is answered by patience first."""
    stuck = _stuck_again(talk.state)
    talk.set_slot("stuck", stuck)
    due = int(stuck.rpartition(":")[2]) % PATIENCE == 0
    if due:
        notice_elder(talk)
    return due and talk.state.mode == "elder" and "out_of_patience" in talk.book.hears


def _stuck_again(state: State) -> str:
    """What is remembered of one more "Chưa được" here: the step, and how often in a row.

    >>> from bot.core.state import Place
    >>> state = State(path=(Place("vneid_muc_2", "otp"),), slots={"stuck": "vneid_muc_2.otp:1"})
    >>> _stuck_again(state)
    'vneid_muc_2.otp:2'
    """
    step, _, count = state.slots.get("stuck", "").rpartition(":")
    here = str(state.place.plain)
    return f"{here}:{int(count) + 1 if step == here and count.isdecimal() else 1}"


# ---- page by page ----


def read_on(talk: Talk) -> None:
    """The page after the present one; where all were read, the place itself."""
    if len(talk.state.unread) > 1:
        _tell(talk, talk.state.unread[1:])
    else:
        show(talk)


def read_again(talk: Talk) -> None:
    _tell(talk, talk.state.unread)


def _tell(talk: Talk, pages: tuple[Page, ...]) -> None:
    talk.replies += pages[0]
    talk.later = pages[1:]
    talk.choices = choices_at(talk.book, talk.state.place)


def tell_slowly(talk: Talk) -> tuple[Page, ...]:
    """Turns what was said into its first page, with few buttons; the pages still to be read, this one first."""
    pages = (*paged(talk.replies, limits.INSTRUCTION), *talk.later)
    is_last = len(pages) == 1 or talk.state.paused
    told = [each for page in pages for each in page] if is_last else pages[0]
    choices, main = _arranged(talk.book, talk.choices if is_last else page_choices(talk.book))
    talk.replies = [replace(each, large=True) if isinstance(each, Show) else each for each in told]
    talk.offer(choices, main=main)
    return () if is_last else pages


def _arranged(book: Book, choices: Sequence[Choice]) -> tuple[tuple[Choice, ...], int]:
    """The choices in the order of elder mode, and how many of them are shown as buttons.

    Where more than two answers stand, "it works" and "it does not" are the buttons; a plain list has none, and is
    picked from by number.
    """
    answers = [choice for choice in choices if choice.means not in _ASIDE]
    outcomes = [choice for choice in choices if choice in _outcomes(book)]
    main = answers if len(answers) <= limits.MAIN else outcomes if len(outcomes) == limits.MAIN else []
    return (*main, *(choice for choice in choices if choice not in main)), len(main)


def _outcomes(book: Book) -> tuple[Choice, ...]:
    return tuple(book.standard[name] for name in ("done", "stuck", "fixed", "still_stuck"))
