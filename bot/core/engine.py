"""The dialog engine: a book, a state and an event give the next state, the replies and the effects.

``advance`` is a function: it reads no clock, rolls no dice, opens no file and knows no channel. Every loop in it is
bounded by ``bot.core.limits``.
"""

from dataclasses import dataclass, replace

from bot.core.answering import choose
from bot.core.choices import pressed
from bot.core.classroom import (
    ask_for_class_code,
    end_class,
    join_class,
    keep_pace,
    late_answer,
    may_be_class_code,
    take_late_answer,
)
from bot.core.dialogs import START, Book
from bot.core.effects import Effect
from bot.core.elder import tell_slowly
from bot.core.events import (
    ButtonPressed,
    CameOver,
    ClassEnded,
    ClassFull,
    ClassJoined,
    ClassNotFound,
    Event,
    StepOpened,
    TextUnderstood,
)
from bot.core.hearing import ask_whether_heard, hear
from bot.core.manners import listen_to_address, listen_to_language
from bot.core.paths import menu_path, settled
from bot.core.people import ask_for_whom
from bot.core.replies import Reply
from bot.core.resting import agree_to_reminder, asks_for_reminder, pause, stop_reminding
from bot.core.showing import show, show_after
from bot.core.state import Place, State, joined
from bot.core.talk import Talk
from bot.core.walking import arrive
from bot.core.wards import is_asked_for_ward, name_ward

# what a class brings about: it neither waits for a rest to end nor is welcomed back
_OF_A_CLASS = (ClassJoined, ClassNotFound, ClassFull, StepOpened, ClassEnded)

# words that keep a rest, and words that end one by going somewhere
_RESTING = ("pause", "goodbye")
_MOVING = ("menu", "restart", "back")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event led to."""

    state: State
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...]


def advance(book: Book, state: State, event: Event) -> Turn:
    """One turn of a chat."""
    talk = Talk(book, state, can_remind=event.can_remind and state.may_keep)
    _take(talk, event)
    if not talk.replies:
        # nothing to hear: what was being read and offered stays
        return Turn(replace(talk.state, turn=talk.state.turn + 1), (), tuple(talk.effects))
    unread = tell_slowly(talk) if talk.state.mode == "elder" else ()
    after = replace(talk.state, offered=talk.offered, unread=unread, turn=talk.state.turn + 1)
    return Turn(after, tuple(talk.replies), tuple(talk.effects))


def _take(talk: Talk, event: Event) -> None:
    if isinstance(event, CameOver):
        _come_over(talk, event.state)
        return
    if isinstance(event, TextUnderstood) and not event.heard:
        listen_to_language(talk, event.meaning)
    if isinstance(event, TextUnderstood) and event.hidden and not may_be_class_code(talk, event):
        # safety speaks first, wherever the person stands
        talk.phrase("hidden")
    if not talk.state.path:
        _begin(talk, event)
        return
    _settle(talk)
    if isinstance(event, _OF_A_CLASS):
        _handle(talk, event)
    elif asks_for_reminder(talk, event):
        agree_to_reminder(talk)
    elif event.away or talk.state.paused:
        _welcome_back(talk, event)
    else:
        _handle(talk, event)


def _begin(talk: Talk, event: Event) -> None:
    """The first message of a chat: the notice comes before anything else."""
    start = talk.book.dialogs[START]
    if talk.state.slots.get("moved"):
        talk.drop_slot("moved")
        talk.phrase("moved_away")
    if isinstance(event, TextUnderstood):
        listen_to_address(talk, event.meaning)
        if _leads_somewhere(talk, event.meaning.intent):
            talk.state = replace(talk.state, path=menu_path(talk.book))
            talk.say(start.steps[start.first].wording.say)
            hear(talk, event.meaning)
            return
        if event.meaning.intent == "elder_mode":
            talk.set_slot("mode", "elder")
    if isinstance(event, _OF_A_CLASS):
        talk.state = replace(talk.state, path=menu_path(talk.book))
        talk.say(start.steps[start.first].wording.say)
        _handle(talk, event)
        return
    arrive(talk, (Place(START, start.first),))


def _come_over(talk: Talk, brought: State) -> None:
    """Go on from where another chat stood; what was asked there to rest or resume is over."""
    talk.state = joined(talk.state, brought)
    talk.book = talk.book.in_language(talk.state.language)
    if not talk.state.path:
        talk.state = replace(talk.state, path=menu_path(talk.book))
    _settle(talk)
    talk.state = replace(talk.state, paused=False)
    talk.phrase_with_place("came_over")
    show(talk)


def _settle(talk: Talk) -> None:
    """Content may have changed under a living chat."""
    state = settled(talk.book, talk.state)
    if state is not talk.state:
        talk.state = state
        talk.phrase("step_vanished")


def _welcome_back(talk: Talk, event: Event) -> None:
    """After a pause the person hears where they stopped, and only then what they asked for.

    Who helps several people says first for whom to go on.
    """
    # the pages that were being read begin anew, and the buttons below them are old
    talk.state = replace(talk.state, unread=())
    choice = pressed(talk.book, talk.state, event.button) if isinstance(event, ButtonPressed) else None
    intent = event.meaning.intent if isinstance(event, TextUnderstood) else ""
    if intent in _RESTING:
        pause(talk)
        return
    if "stop_reminding" in (intent, choice.means if choice else ""):
        stop_reminding(talk)
        return
    talk.state = replace(talk.state, paused=False)
    talk.phrase_with_place("welcome_back")
    if choice or intent in _MOVING or _leads_somewhere(talk, intent):
        _handle(talk, event)
    elif len(talk.state.underway) > 1:
        ask_for_whom(talk)
    else:
        show(talk)


def _leads_somewhere(talk: Talk, intent: str) -> bool:
    return intent in talk.book.hears or intent.startswith("faq/") or intent == "join_class"


def _handle(talk: Talk, event: Event) -> None:
    if talk.state.mode == "offered":
        # offered once, and not again
        talk.set_slot("mode", "usual")
    match event:
        case ButtonPressed(button=button):
            _press(talk, button)
        case TextUnderstood() if may_be_class_code(talk, event):
            show_after(talk, "class_code_hidden")
        case TextUnderstood(heard=True):
            ask_whether_heard(talk, event.meaning)
        case TextUnderstood():
            listen_to_address(talk, event.meaning)
            if event.wards and is_asked_for_ward(talk):
                name_ward(talk, event.wards)
            else:
                hear(talk, event.meaning)
        case _ if isinstance(event, _OF_A_CLASS):
            _follow_class(talk, event)
        case _:
            show(talk)


def _follow_class(talk: Talk, event: Event) -> None:
    match event:
        case ClassJoined():
            join_class(talk, event)
        case ClassNotFound():
            ask_for_class_code(talk, "class_not_found")
        case ClassFull():
            show_after(talk, "class_full")
        case StepOpened():
            keep_pace(talk, event)
        case ClassEnded():
            end_class(talk)


def _press(talk: Talk, button: str) -> None:
    choice = pressed(talk.book, talk.state, button)
    if choice is not None:
        choose(talk, choice)
    elif late := late_answer(talk, button):
        take_late_answer(talk, *late)
    else:
        show_after(talk, "old_button")
