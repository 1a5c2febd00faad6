"""One message in, one committed turn out. Everything between is here; everything it needs is handed in."""

import datetime as dt
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.channels.messages import Incoming, Message, Renderer, to_json
from bot.core.address import forms
from bot.core.choices import asked_at, button_id, typed_choice
from bot.core.dialogs import Book
from bot.core.effects import Agree, Complete, Decline, Effect, Forget, HandOver, RecordStep
from bot.core.engine import Turn, advance
from bot.core.events import ButtonPressed, ChatOpened, Event, TextUnderstood
from bot.core.meaning import Meaning
from bot.core.replies import Say
from bot.core.state import Place, State, StateError
from bot.core.text import fold
from bot.store.chats import Chats, FinishedTurn, StaleTurn, StoredChat, lookup_of
from bot.store.database import StoreError
from bot.store.records import CompletionRecord, ConsentRecord, HandOverRecord, Record, StepRecord

log = logging.getLogger(__name__)

# someone who was away longer is told where they stopped
AWAY = dt.timedelta(hours=6)

# another process may take a turn of the same chat while we think; more than a few times in a row is a fault
TRIES = 4

# where the person was told what a button of long ago stands for: nowhere
_NO_PLACE = Place("-", "-")


@dataclass(frozen=True, slots=True)
class Answer:
    """What the bot says to one message. ``id`` counts upwards; 0 where nothing could be stored."""

    id: int
    messages: tuple[Message, ...]


class Assistant:
    """Handles messages of different people, many in one transaction."""

    def __init__(
        self,
        book: Book,
        chats: Chats,
        renderer: Renderer,
        understand: Callable[[str, str], Meaning],
        now: Callable[[], dt.datetime],
    ) -> None:
        self._book = book
        self._chats = chats
        self._renderer = renderer
        self._understand = understand
        self._now = now

    def handle(self, incoming: Incoming) -> Answer:
        """One message: its turn committed, or the kind words of ``trouble`` and nothing changed."""
        return self.handle_together([incoming])[0]

    def handle_together(self, batch: Sequence[Incoming]) -> list[Answer]:
        """One message each of different people, in one transaction. A message that fails does not take others along."""
        try:
            return self._commit(batch)
        except Exception as error:  # whatever went wrong, each person gets an answer
            if len(batch) > 1:
                return [self.handle(each) for each in batch]
            return [self._apologise(error)]

    def _commit(self, batch: Sequence[Incoming]) -> list[Answer]:
        for _ in range(TRIES):
            keys = {lookup_of(each.contact.channel, each.contact.user): each.contact.channel for each in batch}
            chats = self._chats.load(keys)
            made = [self._make(each, chats[key]) for each, key in zip(batch, keys, strict=True)]
            try:
                ids = self._chats.commit([turn for turn, _ in made], at=self._now())
            except StaleTurn:
                continue
            return [Answer(id, messages) for id, (_, messages) in zip(ids, made, strict=True)]
        raise StaleTurn("cuộc trò chuyện này có quá nhiều nơi cập nhật cùng lúc.")

    def _apologise(self, error: Exception) -> Answer:
        if isinstance(error, StoreError):
            log.error("a turn could not be stored: %s", error)
        else:
            log.exception("a turn failed")
        return Answer(0, self._renderer.render([Say(self._book.phrases["trouble"], forms())]))

    # ---- one turn, nothing stored yet ----

    def _make(self, incoming: Incoming, chat: StoredChat) -> tuple[FinishedTurn, tuple[Message, ...]]:
        state = self._state(chat)
        event = self._event(incoming, state, away=self._was_away(chat))
        turn = advance(self._book, state, event)
        messages = self._renderer.render(turn.replies)
        method = "button" if incoming.button is not None else "word"
        finished = FinishedTurn(
            chat=chat,
            state=json.dumps(turn.state.to_dict(), ensure_ascii=False, separators=(",", ":")),
            turn=chat.turn + 1,
            kept=any(answer == "yes" for key, answer in turn.state.consents.items() if key.endswith("/progress")),
            messages=json.dumps(to_json(messages), ensure_ascii=False, separators=(",", ":")),
            records=_records(turn, method=method),
            content_version=self._book.version,
            forget=any(isinstance(effect, Forget) for effect in turn.effects),
        )
        return finished, messages

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
            return ButtonPressed(button=incoming.button, away=away)
        if incoming.text is None:
            return ChatOpened(away=away)
        button = typed_choice(self._book, state, incoming.text)
        if button is not None:
            return ButtonPressed(button=button, away=away)
        meaning = self._understand(incoming.text, asked_at(self._book, state))
        words = fold(incoming.text[:100])
        if not meaning.intent and words and words in self._book.labels:
            # a label of an earlier message
            return ButtonPressed(button=button_id(_NO_PLACE, words), away=away)
        return TextUnderstood(meaning=meaning, away=away)


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
