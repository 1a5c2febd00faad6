"""One message and the chat as it stands, in; one turn, ready to be written, out. All it needs is handed in."""

import datetime as dt
import json
import logging
import re
from collections.abc import Callable

from bot.channels.messages import ClassCall, ContactKey, Incoming, Message, Renderer, dump
from bot.channels.payloads import find
from bot.core.choices import asked_at, button_id, is_label, typed_choice
from bot.core.dialogs import START, Book
from bot.core.effects import Agree, Complete, Decline, Effect, Forget, HandOver, RecordStep
from bot.core.engine import Turn, advance
from bot.core.events import (
    ButtonPressed,
    ChatOpened,
    ClassJoined,
    ClassNotFound,
    Event,
    StepOpened,
    TextUnderstood,
)
from bot.core.languages import SOURCE
from bot.core.meaning import NOTHING, Meaning
from bot.core.replies import Say
from bot.core.state import Place, State, StateError
from bot.core.text import fold
from bot.entrance import UNREAD
from bot.shield.hiding import without_marks
from bot.store.chats import FinishedTurn, StoredChat
from bot.store.records import CompletionRecord, ConsentRecord, HandOverRecord, Record, StepRecord

log = logging.getLogger(__name__)

# someone who was away longer is told where they stopped
AWAY = dt.timedelta(hours=6)

# numbers people think they must give; harmless to talk on about once they are hidden
_NUMBERS_OF_ONES_OWN = frozenset({"phone", "email", "cccd", "cmnd", "insurance", "bank_account"})

# a text, what was just asked ("step", "question" or nothing) and the chat's language, None where that is not settled
Understand = Callable[[str, str, str | None], Meaning]

# the code of a class and whose chat it is: a seat there, or None where no such class is open
Join = Callable[[str, ContactKey], ClassJoined | None]

# alone in a message, it gets past the shield only where a class was spoken of before
_CLASS_CODE = re.compile(r"\s*(\d{3})[ .]?(\d{3})\s*")

# where the person was told what a button of long ago stands for: nowhere
_NO_PLACE = Place("-", "-")


class Assistant:
    """Thinks about messages; of the world it knows what is handed in: what words mean, which class has a code."""

    def __init__(
        self,
        book: Book,
        renderer: Renderer,
        understand: Understand,
        now: Callable[[], dt.datetime],
        join: Join = lambda code, contact: None,
    ) -> None:
        self._join = join
        self._book = book
        self._renderer = renderer
        self._understand = understand
        self._now = now

    def take(self, incoming: Incoming, chat: StoredChat) -> FinishedTurn:
        """The turn a message leads to, nothing stored yet."""
        state = self._state(chat)
        event = self._event(incoming, state, away=self._was_away(chat))
        method = "button" if incoming.button is not None else "word"
        return self._finished(advance(self._book, state, event), chat, method)

    def call(self, call: ClassCall, chat: StoredChat) -> FinishedTurn | None:
        """The turn a trainer's step leads to; None where this person is not to be disturbed."""
        opened = StepOpened(dialog=call.dialog, step=call.step, again=call.again)
        turn = advance(self._book, self._state(chat), opened)
        return self._finished(turn, chat, "word") if turn.replies else None

    def _finished(self, turn: Turn, chat: StoredChat, method: str) -> FinishedTurn:
        return FinishedTurn(
            chat=chat,
            state=json.dumps(turn.state.to_dict(), ensure_ascii=False, separators=(",", ":")),
            turn=chat.turn + 1,
            kept=any(answer == "yes" for key, answer in turn.state.consents.items() if key.endswith("/progress")),
            messages=dump(self._renderer.in_language(turn.state.language).render(turn.replies)),
            records=_records(turn, method=method),
            content_version=self._book.version,
            forget=any(isinstance(effect, Forget) for effect in turn.effects),
        )

    def only_say(self, phrase: str, chat: StoredChat) -> FinishedTurn:
        """A turn that says one phrase of the content and moves nothing."""
        return FinishedTurn(
            chat=chat,
            state=chat.state,
            turn=chat.turn + 1,
            kept=chat.kept,
            messages=dump(self.phrase(phrase, self._state(chat).language)),
            records=(),
            content_version=self._book.version,
        )

    def phrase(self, name: str, language: str = "") -> tuple[Message, ...]:
        """A phrase of the content for somebody whose form of address is not known here."""
        book = self._book.in_language(language)
        return self._renderer.in_language(language).render([Say(book.phrases[name], book.forms())])

    def _state(self, chat: StoredChat) -> State:
        if not chat.state:
            return State()
        try:
            return State.from_dict(json.loads(chat.state))
        except (StateError, ValueError) as error:
            # nothing else of the chat is lost: completions and consents have rows of their own
            log.error("chat %s had a state that cannot be read and begins anew: %s", chat.contact_id, error)
            return State()

    def _was_away(self, chat: StoredChat) -> bool:
        return bool(chat.updated_at) and self._now() - dt.datetime.fromisoformat(chat.updated_at) > AWAY

    def _event(self, incoming: Incoming, state: State, *, away: bool) -> Event:
        if incoming.button is not None:
            return ButtonPressed(button=_button(incoming.button, state), away=away)
        if incoming.text is None:
            return ChatOpened(away=away) if not incoming.media else _unread_media(incoming.media, away=away)
        button = typed_choice(self._book, state, incoming.text)
        if button is not None:
            return ButtonPressed(button=button, away=away)
        meaning = self._meaning(incoming, incoming.text, state)
        code = _class_code(incoming, meaning)
        if code:
            return self._join(code, incoming.contact) or ClassNotFound(away=away)
        words = fold(incoming.text[:100])
        if not meaning.intent and words and is_label(self._book, words):
            # a label of an earlier message
            return ButtonPressed(button=button_id(_NO_PLACE, words), away=away)
        return TextUnderstood(meaning=meaning, hidden=any(kind != UNREAD for kind in incoming.hidden), away=away)

    def _meaning(self, incoming: Incoming, text: str, state: State) -> Meaning:
        """What the shield saw goes before what anybody understands (T39)."""
        if incoming.scam:
            return Meaning(f"scam_{incoming.scam}", 1.0)
        if not _NUMBERS_OF_ONES_OWN.issuperset(incoming.hidden):
            return Meaning("too_long" if incoming.hidden == (UNREAD,) else "secret", 1.0)
        if incoming.strange_link:
            return Meaning("strange_link", 1.0)
        if not incoming.hidden:
            return self._understood(text, state)
        left = without_marks(text)
        meaning = self._understood(left, state) if left else NOTHING
        # somebody's own number in a sentence about something: that something is what they want to hear of
        return meaning if meaning.intent or meaning.guesses else Meaning("secret", 1.0)

    def _understood(self, text: str, state: State) -> Meaning:
        begins = not state.language and (not state.path or state.place.dialog == START)
        return self._understand(text, asked_at(self._book, state), None if begins else state.language or SOURCE)


def _button(pressed: str, state: State) -> str:
    """The id of a button; some platforms give back a digest of it only."""
    offered = (button_id(state.place, slug) for slug in state.offered) if state.path else ()
    return find(pressed, offered) or pressed


def _class_code(incoming: Incoming, meaning: Meaning) -> str:
    """Six digits somebody joins a class with, or nothing; what was hidden never is one."""
    bare = None if incoming.hidden or incoming.scam else _CLASS_CODE.fullmatch(incoming.text or "")
    return bare[1] + bare[2] if bare else "".join(each for each in meaning.entity("class_code") if each.isdecimal())


def _unread_media(media: str, *, away: bool) -> TextUnderstood:
    return TextUnderstood(meaning=Meaning("voice" if media == "voice" else "media", 1.0), away=away)


# ---- from effects to rows ----


def _records(turn: Turn, *, method: str) -> tuple[Record, ...]:
    """The rows a turn writes. Steps and completions only after the person's yes to being counted (T11)."""
    records = (_record(effect, turn.state, method) for effect in turn.effects)
    return tuple(record for record in records if record is not None)


def _record(effect: Effect, state: State, method: str) -> Record | None:
    person = state.person
    counted = state.consent("count") == "yes"
    evidence = "helper" if person else "self"
    match effect:
        case RecordStep(task, step, symptom, outcome) if counted:
            return StepRecord(person, task, step, symptom, outcome, evidence)
        case Complete(task) if counted:
            return CompletionRecord(person, task, evidence)
        case Agree(purpose, wording, label):
            return ConsentRecord(person, purpose, True, wording, label, method, bool(person))
        case Decline(purpose, wording, label):
            return ConsentRecord(person, purpose, False, wording, label, method, bool(person))
        case HandOver():
            return HandOverRecord(str(state.path[0]))
    return None
