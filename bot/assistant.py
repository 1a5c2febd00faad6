"""One message and the chat as it stands, in; one turn, ready to be written, out. All it needs is handed in."""

import datetime as dt
import re
from collections.abc import Callable, Collection
from dataclasses import replace

from bot.channels.messages import ClassCall, ContactKey, Incoming, Message, OfClass, Renderer, dump
from bot.channels.payloads import find
from bot.core.choices import ANYWHERE, asked_at, button_id, is_label, naming_choice, nearly_typed_choice, typed_choice
from bot.core.dialogs import CHOOSE_WARD, START, Book
from bot.core.effects import (
    Agree,
    Blocked,
    Complete,
    Decline,
    Effect,
    Enrol,
    Forget,
    HandOver,
    LeaveClass,
    Lift,
    RecordStep,
    Reopen,
    RequestHelp,
    Restrict,
    ShowData,
)
from bot.core.engine import Turn, advance
from bot.core.events import (
    ButtonPressed,
    ChatOpened,
    ClassEnded,
    ClassFull,
    ClassJoined,
    ClassNotFound,
    Event,
    StepOpened,
    TextUnderstood,
)
from bot.core.languages import SOURCE
from bot.core.meaning import NOTHING, Meaning
from bot.core.replies import Say
from bot.core.state import State
from bot.core.text import fold
from bot.entrance import UNREAD
from bot.own_data import told
from bot.sharing import Sharing, read_state, write_state
from bot.shield.hiding import without_marks
from bot.store.chats import FinishedTurn, StoredChat
from bot.store.evidence import Evidence
from bot.store.kept import Kept
from bot.store.records import (
    BlockedRecord,
    CompletionRecord,
    ConsentRecord,
    CorrectionRecord,
    EnrolRecord,
    HandOverRecord,
    HelpRecord,
    LeaveClassRecord,
    Record,
    RightRecord,
    StepRecord,
)

# someone who was away longer is told where they stopped
AWAY = dt.timedelta(hours=6)

# numbers people think they must give; harmless to talk on about once they are hidden
_NUMBERS_OF_ONES_OWN = frozenset({"phone", "email", "cccd", "cmnd", "insurance", "bank_account"})

# a text, what was just asked ("step", "question" or nothing) and the chat's language, None where that is not settled
Understand = Callable[[str, str, str | None], Meaning]

# a recorded message, with its words where they could be heard
Listen = Callable[[Incoming], Incoming]

# the code of a class and whose chat it is: a seat there, or why there is none
Join = Callable[[str, ContactKey], ClassJoined | ClassFull | ClassNotFound]

# alone in a message, it gets past the shield only where a class was spoken of before
_CLASS_CODE = re.compile(r"\s*(\d{3})[ .]?(\d{3})\s*")

# what is kept of a chat, read for its own person
LookUp = Callable[[int], Kept]


def _no_wards(text: str) -> tuple[str, ...]:
    return ()


class Assistant:
    """Thinks about messages; writes no turn, and of the world knows what is handed in: words, classes, what is kept."""

    def __init__(
        self,
        book: Book,
        renderer: Renderer,
        understand: Understand,
        now: Callable[[], dt.datetime],
        sharing: Sharing,
        *,
        kept: LookUp,
        join: Join = lambda code, contact: ClassNotFound(),
        pushed: Collection[str] = (),
        abroad: Collection[str] = (),
        listen: Listen | None = None,
        find_wards: Callable[[str], tuple[str, ...]] = _no_wards,
    ) -> None:
        """``pushed``: channels on which the bot can write first; ``abroad``: those on which what people write leaves
        the country, and they are told so first (T28). ``find_wards``: the codes of the units that words may name.
        """
        self._join = join
        self._book = book
        self._renderer = renderer
        self._understand = understand
        self._now = now
        self._sharing = sharing
        self._kept = kept
        self._pushed = frozenset(pushed)
        self._abroad = frozenset(abroad)
        self._listen = listen
        self._find_wards = find_wards

    def take(self, incoming: Incoming, chat: StoredChat) -> FinishedTurn:
        """The turn a message leads to, nothing stored yet."""
        state = self._state(chat)
        typed = self._sharing.typed(incoming, chat, state)
        event = typed.event if typed else self._event(incoming, state)
        can_remind = chat.channel in self._pushed
        event = replace(event, away=self._was_away(chat), can_remind=can_remind)
        method = "button" if incoming.button is not None else "word"
        turn = advance(self._book, state, event)
        return self._finished(turn, chat, before=state, method=method, moved=typed.records if typed else ())

    def call(self, call: OfClass, chat: StoredChat) -> FinishedTurn | None:
        """The turn a trainer's tap leads to; None where this person is not to be disturbed."""
        state = self._state(chat)
        if not state.path:
            # whoever went on in another chat, or had everything erased, is not brought back by a class
            return None
        turn = advance(self._book, state, self._of_class(call, chat))
        return self._finished(turn, chat, before=state, method="word") if turn.replies else None

    def _of_class(self, call: OfClass, chat: StoredChat) -> Event:
        if isinstance(call, ClassCall):
            return StepOpened(dialog=call.dialog, step=call.step, again=call.again)
        return ClassEnded(can_remind=chat.channel in self._pushed)

    def _finished(
        self, turn: Turn, chat: StoredChat, *, before: State, method: str, moved: tuple[Record, ...] = ()
    ) -> FinishedTurn:
        """``moved``: what a code that was typed writes, before anything else."""
        shared = self._sharing.told(self._with_copy(turn, chat), chat)
        turn = shared.turn
        return FinishedTurn(
            chat=chat,
            state=write_state(turn.state),
            turn=chat.turn + 1,
            kept=any(answer == "yes" for key, answer in turn.state.consents.items() if key.endswith("/progress")),
            messages=dump(self._rendered(turn, chat, before)),
            # who came over from another chat is here before anything else is written of them
            records=(*moved, *_records(turn, method=method), *shared.records),
            content_version=self._book.version,
            forget=any(isinstance(effect, Forget) for effect in turn.effects),
            restricted=turn.state.is_restricted,
        )

    def _rendered(self, turn: Turn, chat: StoredChat, before: State) -> tuple[Message, ...]:
        language = turn.state.language
        messages = self._renderer.in_language(language).render(turn.replies)
        is_new = chat.turn == 0 or language not in (before.language, SOURCE)
        return (
            self.phrase("platform_abroad", language) + messages if is_new and chat.channel in self._abroad else messages
        )

    def only_say(self, phrase: str, chat: StoredChat) -> FinishedTurn:
        """A turn that says one phrase of the content and moves nothing."""
        return FinishedTurn(
            chat=chat,
            state=chat.state,
            turn=chat.turn + 1,
            kept=chat.kept,
            messages=dump(self.phrase(phrase, read_state(chat.state).language)),
            records=(),
            content_version=self._book.version,
            restricted=chat.restricted,
        )

    def phrase(self, name: str, language: str = "") -> tuple[Message, ...]:
        """A phrase of the content for somebody whose form of address is not known here."""
        book = self._book.in_language(language)
        return self._renderer.in_language(language).render([Say(book.phrases[name], book.forms())])

    def _with_copy(self, turn: Turn, chat: StoredChat) -> Turn:
        """With the copy of somebody's data among the replies, where they asked for it."""
        asked = next((effect for effect in turn.effects if isinstance(effect, ShowData)), None)
        if asked is None:
            return turn
        kept = None if chat.contact_id is None else self._kept(chat.contact_id)
        copy = told(kept, turn.state, self._book, discreet=chat.channel in self._abroad)
        return replace(turn, replies=(*turn.replies[: asked.at], *copy, *turn.replies[asked.at :]))

    def _state(self, chat: StoredChat) -> State:
        """The state of a chat; that its processing rests stands in a row that outlives it."""
        state = read_state(chat.state)
        if chat.restricted and not state.is_restricted:
            return replace(state, slots={**state.slots, "restricted": "yes"})
        return state

    def _was_away(self, chat: StoredChat) -> bool:
        return bool(chat.updated_at) and self._now() - dt.datetime.fromisoformat(chat.updated_at) > AWAY

    def _event(self, incoming: Incoming, state: State) -> Event:
        if incoming.button is not None:
            return ButtonPressed(button=self._button(incoming.button, state))
        if incoming.text is None:
            return self._without_words(incoming, state)
        button = typed_choice(self._book, state, incoming.text)
        if button is not None:
            return ButtonPressed(button=button)
        meaning = self._meaning(incoming, incoming.text, state)
        if code := _class_code(incoming, meaning):
            return self._join(code, incoming.contact)
        return self._said(incoming, incoming.text, meaning, state)

    def _said(self, incoming: Incoming, text: str, meaning: Meaning, state: State) -> Event:
        """Words with this meaning, unless they are nearly those of a button."""
        if meaning.confidence < 1.0 and not incoming.hidden and not meaning.intent.startswith("scam"):
            # the words of one button are better evidence than a guess at what else was meant
            phone = meaning.entity("phone_kind")
            button = nearly_typed_choice(self._book, state, text) or naming_choice(
                self._book, state, text, slot="phone", value=phone
            )
            if button is not None:
                return ButtonPressed(button=button)
        words = fold(text[:100])
        if not meaning.intent and words and is_label(self._book, words):
            # a label of an earlier message
            return ButtonPressed(button=f"{ANYWHERE}/{words}")
        hidden = any(kind != UNREAD for kind in incoming.hidden)
        wards = () if incoming.scam or incoming.hidden else self._wards(text, state)
        return TextUnderstood(meaning=meaning, hidden=hidden, wards=wards)

    def _wards(self, text: str, state: State) -> tuple[str, ...]:
        """The units a text may name, where the person was asked for theirs."""
        asking = self._book.hears.get(CHOOSE_WARD, ("", ""))[0]
        return self._find_wards(text) if state.path and state.place.dialog == asking else ()

    def _button(self, pressed: str, state: State) -> str:
        """The id of a button; some platforms give back a digest of it only."""
        offered = [button_id(state.place, slug) for slug in state.offered] if state.path else []
        return find(pressed, (*offered, *(f"{ANYWHERE}/{slug}" for slug in self._book.anywhere))) or pressed

    def _without_words(self, incoming: Incoming, state: State) -> Event:
        if not incoming.media:
            return ChatOpened()
        # nobody is listened to before the notice, or while their data is to rest
        if incoming.media == "voice" and self._listen is not None and state.path and not state.is_restricted:
            heard = self._listen(incoming)
            if heard.text is not None:
                return self._spoken(heard, heard.text, state)
        return _unread_media(incoming.media)

    def _spoken(self, heard: Incoming, text: str, state: State) -> Event:
        """What a recording means. What the shield saw in it is answered as if it had been typed."""
        meaning = self._meaning(heard, text, state)
        if heard.scam or heard.hidden or heard.strange_link:
            told = any(kind != UNREAD for kind in heard.hidden)
            return TextUnderstood(meaning=_warning(meaning), hidden=told)
        return TextUnderstood(meaning=meaning, heard=True)

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


def _warning(meaning: Meaning) -> Meaning:
    """Only what the shield saw: whatever else was heard beside a number is not acted upon."""
    warns = meaning.intent.startswith("scam_") or meaning.intent in ("secret", "strange_link", "too_long")
    return meaning if warns else Meaning("secret", 1.0)


def _class_code(incoming: Incoming, meaning: Meaning) -> str:
    """Six digits somebody joins a class with, or nothing; what was hidden never is one."""
    bare = None if incoming.hidden or incoming.scam else _CLASS_CODE.fullmatch(incoming.text or "")
    return bare[1] + bare[2] if bare else "".join(each for each in meaning.entity("class_code") if each.isdecimal())


def _unread_media(media: str) -> TextUnderstood:
    return TextUnderstood(meaning=Meaning(media if media in ("voice", "unread") else "media", 1.0))


# ---- from effects to rows ----


def _records(turn: Turn, *, method: str) -> tuple[Record, ...]:
    """The rows a turn writes. Steps and completions only after the person's yes to being counted (T11).

    While processing rests (T18), and of a child (T25), nothing but what the person does about it themselves.
    """
    effects = (effect for effect in turn.effects if turn.state.may_keep or isinstance(effect, _ALWAYS))
    records = (_record(effect, turn.state, method) for effect in effects)
    return tuple(record for record in records if record is not None)


def _record(effect: Effect, state: State, method: str) -> Record | None:
    person = state.person
    helped = state.speaks_for_somebody
    match effect:
        case Agree(purpose, wording, label) | Decline(purpose, wording, label):
            whose = state.answerer(purpose)
            given = isinstance(effect, Agree)
            return ConsentRecord(whose, purpose, given, wording, label, method, helped and bool(whose))
        case Reopen(task):
            return CorrectionRecord(person, task, "helper" if person else "self")
        case HandOver() | LeaveClass():
            return HandOverRecord(str(state.path[0])) if isinstance(effect, HandOver) else LeaveClassRecord()
        case RequestHelp(way, hours, ward, place, reason):
            return HelpRecord(person, way, hours, ward, place, reason)
    if type(effect) in _RIGHTS:
        return RightRecord(_RIGHTS[type(effect)])
    return _counted_record(effect, person) if state.consent("count") == "yes" else None


def _counted_record(effect: Effect, person: str) -> Record | None:
    evidence: Evidence = "helper" if person else "self"
    match effect:
        case RecordStep(task, step, symptom, outcome):
            return StepRecord(person, task, step, symptom, outcome, evidence)
        case Complete(task):
            return CompletionRecord(person, task, evidence)
        case Enrol(ward):
            return EnrolRecord(person, ward)
        case Blocked(reason, task):
            return BlockedRecord(person, task, reason)
    return None


# what is written down even while processing rests: nothing that counts or remembers somebody
_ALWAYS = (Decline, Forget, ShowData, Restrict, Lift, Reopen, HandOver, RequestHelp, LeaveClass)

# rights that leave no row of their own
_RIGHTS: dict[type[Effect], str] = {ShowData: "see", Forget: "delete", Restrict: "restrict", Lift: "lift"}
