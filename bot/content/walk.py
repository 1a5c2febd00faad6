"""Walks every place a person can reach, with the engine itself, and proves that nobody is left standing.

A place is a step, its list of symptoms, each attempt of a remedy, and what called it. At each the walk presses every
button, and asks: is there a way on, a way back, a human, and help against scams within two taps? A second walk does so
in elder mode, page by page.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from bot.core import limits
from bot.core.conditions import CONDITIONS
from bot.core.dialogs import Book, Call, Choice, Goto, Next, Step
from bot.core.effects import Complete
from bot.core.engine import Turn, advance
from bot.core.events import ButtonPressed, ChatOpened, ClassJoined, TextUnderstood
from bot.core.meaning import Meaning
from bot.core.replies import Button, Offer, Say
from bot.core.state import Place, State

# a guard against content that never ends; today's content has about a fiftieth of it
MOST_PLACES = 1_000_000


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """A place and what is missing there."""

    place: Place
    missing: str


@dataclass(frozen=True, slots=True)
class Walk:
    """``walked`` counts the places; ``completed`` are the tasks some way ends with."""

    walked: int
    dead_ends: tuple[DeadEnd, ...]
    completed: frozenset[str]


def walk(book: Book) -> Walk:
    """Every place reachable by pressing buttons, from the first message or in a class, under every two conditions
    together.

    All conditions together would be a walk of many minutes: what a place does hangs on one or two of them.
    """
    usual, slow = _Walker(book).walk(State()), _SlowWalker(book).walk(State(slots={"mode": "elder"}))
    ends = {*usual.dead_ends, *slow.dead_ends}
    return Walk(usual.walked + slow.walked, tuple(sorted(ends, key=str)), usual.completed)


class _Walker:
    def __init__(self, book: Book) -> None:
        self._book = book
        steps = (step for dialog in book.dialogs.values() for step in dialog.steps.values())
        self._gates = sorted({step.condition for step in steps} - {""})
        self._seen: set[_Stop] = set()
        self._walked = 0
        self._stood: set[Place] = set()
        self._waiting: deque[Turn] = deque()

    def walk(self, state: State) -> Walk:
        dead_ends: list[DeadEnd] = []
        completed: set[str] = set()
        judged: set[Place] = set()
        self._note(advance(self._book, state, ChatOpened()))
        self._note(advance(self._book, state, ClassJoined(seat=1, lesson="")))
        while self._waiting and self._walked < MOST_PLACES:
            turn = self._waiting.popleft()
            led = {button: self._pressed(turn, button) for button in _buttons(turn)}
            for after in led.values():
                completed |= {effect.task for effect in after.effects if isinstance(effect, Complete)}
                self._note(after)
            dead_ends += self._unfit(turn)
            if turn.state.place not in judged and not turn.state.paused and not turn.state.unread:
                judged.add(turn.state.place)
                dead_ends += _missing(self._book, turn.state, led)
        return Walk(self._walked, tuple(sorted(set(dead_ends), key=str)), frozenset(completed))

    def _pressed(self, turn: Turn, button: Button) -> Turn:
        return advance(self._book, turn.state, ButtonPressed(button=button.id))

    def _note(self, turn: Turn) -> None:
        """Keep a turn to walk on from, unless all that can follow it has been walked."""
        stops = self._stops(turn.state) - self._seen
        if stops:
            self._seen |= stops
            self._walked += 1
            self._stood.add(turn.state.place)
            self._waiting.append(turn)

    def _stops(self, state: State) -> "set[_Stop]":
        caller = state.path[-2] if len(state.path) > 1 else None
        # a caller that was itself stood at gives nothing new when the call returns to it
        new_caller = caller if caller not in self._stood else None
        held = [(gate, CONDITIONS[gate](state)) for gate in self._gates]
        return {(state.place, new_caller, pair, len(state.unread)) for pair in combinations(held, 2)} or {
            (state.place, new_caller, tuple(held), len(state.unread))
        }

    def _unfit(self, turn: Turn) -> Iterator[DeadEnd]:
        """What is wrong with a message itself."""
        yield from ()


class _SlowWalker(_Walker):
    """Walks in elder mode. What leads where is known by then; each page is read once, wherever it was called from."""

    def _stops(self, state: State) -> "set[_Stop]":
        return {(state.place, None, (), len(state.unread))}

    def _unfit(self, turn: Turn) -> Iterator[DeadEnd]:
        texts = (reply.text for reply in turn.replies if isinstance(reply, Say))
        said = sum(len(text) for text in texts if len(text) > limits.ASIDE)
        if said > limits.INSTRUCTION and not turn.state.paused:
            yield DeadEnd(turn.state.place, "lời dài quá, nói chậm thì phải chia ra nhiều tin quá")


# a place, what called it, two conditions and whether they hold there, and how many pages are still to be read
_Stop = tuple[Place, Place | None, tuple[tuple[str, bool], ...], int]


def unreachable(book: Book) -> Iterator[tuple[str, str]]:
    """The (dialog, step) pairs no answer, call or meaning leads to."""
    entries = [*book.hears.values(), ("chao", book.dialogs["chao"].first)]
    waiting = deque(entries)
    seen = set(entries)
    while waiting:
        dialog, step = waiting.popleft()
        for target in _targets(book, dialog, book.dialogs[dialog].steps[step]):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    for name, each in book.dialogs.items():
        yield from ((name, step) for step in each.steps if (name, step) not in seen)


def _buttons(turn: Turn) -> tuple[Button, ...]:
    last = turn.replies[-1]
    return last.buttons if isinstance(last, Offer) else ()


def _missing(book: Book, state: State, led: dict[Button, Turn]) -> Iterator[DeadEnd]:
    place = state.place
    labels = {book.standard[name].label for name in ("repeat", "more", "human")}
    on = [turn for button, turn in led.items() if button.label not in labels and turn.state.path != state.path]
    if not on:
        yield DeadEnd(place, "không có lối đi tiếp")
    back = advance(book, state, TextUnderstood(meaning=Meaning("back", 1.0)))
    begun = len(state.path) == 1 and not state.trail
    if not begun and back.state.path == state.path:
        yield DeadEnd(place, "không quay lại được")
    if not _within_two_taps(book, state, led, "human"):
        yield DeadEnd(place, "không gặp được người thật trong hai lần bấm")
    if not _within_two_taps(book, state, led, "scam_report"):
        yield DeadEnd(place, "không tới được chỗ nghi bị lừa trong hai lần bấm")


def _within_two_taps(book: Book, state: State, led: dict[Button, Turn], meaning: str) -> bool:
    answer = book.hears.get(meaning)
    if answer is None:
        return False
    if any(place.dialog == answer[0] for place in state.path):
        return True
    for first in led.values():
        if first.state.place.dialog == answer[0]:
            return True
        for button in _buttons(first):
            if advance(book, first.state, ButtonPressed(button=button.id)).state.place.dialog == answer[0]:
                return True
    return False


def _targets(book: Book, dialog: str, step: Step) -> Iterator[tuple[str, str]]:
    attempts = (attempt for name in step.symptoms for attempt in book.symptoms[name].attempts)
    choices: list[Choice] = [*step.choices, *(choice for attempt in attempts for choice in attempt.choices)]
    moving = [choice.move or Next() for choice in choices if choice.move or not choice.means or step.number]
    moves = moving if step.waits else [step.move]
    falls = (
        (step.waits and (step.number > 0 or not step.choices)) or isinstance(step.move, Call) or bool(step.condition)
    )
    if falls or (not step.waits and isinstance(step.move, Next)):
        moves.append(Next())
    for move in moves:
        match move:
            case Goto(name, target) | Call(name, target):
                yield name, target
            case Next() if step.waits or step.condition or not isinstance(step.move, Goto):
                following = book.dialogs[dialog].following.get(step.name)
                if following:
                    yield dialog, following
