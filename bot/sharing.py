"""What one chat may know of another: a code that was typed, a code to be said, how far somebody has come.

The engine names it; here it is looked up, put into words, and told to whoever it is about.
"""

import datetime as dt
import json
import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Protocol

from bot.channels.messages import Buttons, Incoming, Message, Renderer, dump
from bot.core.choices import ANYWHERE
from bot.core.codes import find_code, spaced
from bot.core.dialogs import Book
from bot.core.effects import Complete, Effect, GiveCode, NameFollowed, Remind, StopFollowing
from bot.core.engine import Turn
from bot.core.events import CameOver, Event, TextUnderstood
from bot.core.meaning import Meaning
from bot.core.progress import Progress, progress
from bot.core.replies import LATE, Button, Reply, Say, Show
from bot.core.state import State, StateError
from bot.store.chats import StoredChat
from bot.store.moments import CITY
from bot.store.sharing import (
    SEATS,
    CodeRecord,
    Followed,
    Follower,
    FollowRecord,
    FoundCode,
    LookRecord,
    MoveRecord,
    NameRecord,
    NoReminderRecord,
    ReminderRecord,
    Shared,
    StopRecord,
    Tries,
    WrongCodeRecord,
)

log = logging.getLogger(__name__)

# how long a code may be used: read out to somebody beside, or over the phone to somebody who is at work
MOVE = dt.timedelta(minutes=15)
FOLLOW = dt.timedelta(hours=24)

# wrong codes in an hour: of one chat, which is patient with typing, and of a channel, where chats cost nothing. Of two
# million codes a hundred tries an hour find one of a hundred open ones once in two hundred hours
TRIES = 5
CHANNEL_TRIES = 100


# what a chat that was left still knows of the one who held it
_STAYING = ("called", "self_word", "language", "mode", "child", "restricted")


class Shares(Protocol):
    """What is known of sharing. Everything may raise ``StoreError``."""

    def digest(self, code: str) -> str: ...
    def find(self, code: str, contact_id: int | None, now: dt.datetime) -> FoundCode | None: ...
    def tries(self, lookup: str, channel: str, now: dt.datetime) -> Tries: ...
    def followed(self, contact_id: int | None, now: dt.datetime) -> Sequence[Followed]: ...
    def followers(self, contact_id: int | None, whose: str, now: dt.datetime) -> Sequence[Follower]: ...


@dataclass(frozen=True, slots=True)
class Typed:
    """A code was typed: what that means here, and what is written because of it."""

    event: Event
    records: tuple[Shared, ...] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A turn with what only the store knew in its words, and what is written because of them."""

    turn: Turn
    records: tuple[Shared, ...]


class Sharing:
    """``draw`` makes a new code; ``abroad`` are the channels on which nobody's progress is told (T28)."""

    def __init__(
        self,
        book: Book,
        renderer: Renderer,
        shares: Shares,
        *,
        now: Callable[[], dt.datetime],
        draw: Callable[[], str],
        abroad: Collection[str] = (),
    ) -> None:
        self._book = book
        self._renderer = renderer
        self._shares = shares
        self._now = now
        self._draw = draw
        self._abroad = frozenset(abroad)

    # ---- a code was typed ----

    def typed(self, incoming: Incoming, chat: StoredChat, state: State) -> Typed | None:
        """What a message that is a code means here; None where it is none."""
        text = incoming.text or ""
        code = "" if incoming.hidden or incoming.scam else find_code(text)
        if not code:
            return None
        tries = self._shares.tries(chat.lookup, chat.channel, self._now())
        if tries.chat >= TRIES or tries.channel >= CHANNEL_TRIES:
            return _means("code_too_many")
        found = self._shares.find(code, chat.contact_id, self._now())
        if found is None:
            return _means("code_wrong", WrongCodeRecord())
        return self._refused(found, chat) or self._used(found, state)

    def _refused(self, found: FoundCode, chat: StoredChat) -> Typed | None:
        if found.contact_id == chat.contact_id:
            return _means("code_own")
        if found.used:
            return _means("code_used")
        if found.until < self._now() or not found.state or (found.kind == "follow" and found.restricted):
            return _means("code_late")
        if found.kind == "move":
            return None
        if chat.channel in self._abroad:
            return _means("code_not_here")
        return _means("code_full") if found.seats_taken >= SEATS and not found.follows_already else None

    def _used(self, found: FoundCode, state: State) -> Typed:
        theirs = read_state(found.state)
        if found.kind == "move":
            return Typed(CameOver(state=theirs), (self._moving(found, theirs, state),))
        many = str(found.seats_taken + (not found.follows_already))
        notice = self._notice("told_followed", theirs, found.person, so_nguoi=many)
        until = found.follow_until or found.until
        return _means("code_follows", FollowRecord(found.id, found.contact_id, found.person, until, notice))

    def _moving(self, found: FoundCode, theirs: State, here: State) -> MoveRecord:
        kept = {slot: theirs.slots[slot] for slot in _STAYING if slot in theirs.slots}
        refused = (key.partition("/") for key, answer in here.consents.items() if answer == "no")
        return MoveRecord(
            code_id=found.id,
            contact_id=found.contact_id,
            turn=found.turn,
            left=write_state(State(slots={**kept, "moved": "1"}, turn=theirs.turn + 1)),
            neighbours=theirs.neighbours,
            refused=tuple((person, purpose) for person, _, purpose in refused),
            notice=self._notice("told_moved", theirs, "", button=""),
        )

    # ---- what a turn says and does ----

    def told(self, turn: Turn, chat: StoredChat) -> Told:
        """The replies with a code, with how others stand, with who may look; and the records of what was shared."""
        values: dict[str, str] = {}
        records: list[Shared] = []
        for effect in turn.effects:
            record = self._record(effect, turn.state, values)
            if record is not None:
                records.append(record)
        # in elder mode some of it is told on a later page
        pages = turn.state.unread
        said = [each.text for each in chain(turn.replies, *pages) if isinstance(each, Say)]
        wanted = {name for name in LATE for text in said if f"{{{name}}}" in text}
        if "tien_do" in wanted:
            values["tien_do"] = self._how_far(chat, turn.state, records, own=True)
        if "tien_do_nguoi_nha" in wanted:
            values["tien_do_nguoi_nha"] = self._how_far(chat, turn.state, records, own=False)
        if "nguoi_xem" in wanted:
            values["nguoi_xem"] = self._who_looks(chat, turn.state)
        if not wanted:
            return Told(turn, tuple(records))
        replies = tuple(_filled(reply, values) for reply in turn.replies)
        unread = tuple(tuple(_written_out(each, values) for each in page) for page in pages)
        return Told(replace(turn, replies=replies, state=replace(turn.state, unread=unread)), tuple(records))

    def _record(self, effect: Effect, state: State, values: dict[str, str]) -> Shared | None:
        match effect:
            case GiveCode(scope):
                return self._given(scope, state, values)
            case StopFollowing(seat):
                return StopRecord(state.person, seat)
            case NameFollowed(label):
                return NameRecord(label)
            case Remind():
                return ReminderRecord()
            case Complete():
                return NoReminderRecord()
        return None

    def _given(self, scope: str, state: State, values: dict[str, str]) -> CodeRecord:
        code, now = self._draw(), self._now()
        kind, _, days = scope.partition("_")
        follow_until = now + dt.timedelta(days=int(days)) if days else None
        values["ma"] = spaced(code)
        if follow_until:
            values["den_ngay"] = _day(follow_until)
        until = now + (MOVE if kind == "move" else FOLLOW)
        return CodeRecord(state.person, kind, self._shares.digest(code), until, follow_until)

    def _how_far(self, chat: StoredChat, state: State, records: list[Shared], *, own: bool) -> str:
        """How those stand who let this chat know; each of them hears of it. ``own``: may be asked about oneself."""
        book = self._book.in_language(state.language)
        if chat.channel in self._abroad:
            return self._phrase(book, "not_on_telegram", state)
        followed = self._shares.followed(chat.contact_id, self._now())
        if not followed:
            return (own and self._own_progress(book, state)) or self._phrase(book, "nobody_followed", state)
        lines = []
        for each in followed:
            theirs = read_state(each.state)
            lines += self._lines(book, each.label, progress(book, theirs, each.person))
            records.append(LookRecord(each.id, each.subject_id, self._notice("told_looked", theirs, each.person)))
        return "\n".join(lines)

    def _own_progress(self, book: Book, state: State) -> str:
        """Who follows nobody and is in the middle of a task asked about themselves."""
        tasks = [task for task in progress(book, state, state.person) if task.number]
        return "\n".join(
            book.phrases["own_progress"].format_map(
                {"viec": task.title, "so": str(task.number), "tong": str(task.total)}
            )
            for task in tasks
        )

    def _lines(self, book: Book, label: str, tasks: Sequence[Progress]) -> list[str]:
        forms = book.forms(person=label)
        if not tasks:
            return [book.phrases["followed_not_begun"].format_map(forms)]
        return [
            book.phrases["followed_at_step" if task.number else "followed_done"].format_map(
                {**forms, "viec": task.title, "so": str(task.number), "tong": str(task.total)}
            )
            for task in tasks
        ]

    def _who_looks(self, chat: StoredChat, state: State) -> str:
        book = self._book.in_language(state.language)
        followers = self._shares.followers(chat.contact_id, state.person, self._now())
        if not followers:
            return self._phrase(book, "nobody_follows", state)
        return "\n".join(
            book.phrases["follower"].format_map(
                {"so": str(each.seat), "tu_ngay": _day(each.since), "den_ngay": _day(each.until)}
            )
            for each in followers
        )

    def _phrase(self, book: Book, name: str, state: State) -> str:
        slots = state.slots
        return book.phrases[name].format_map(
            book.forms(slots.get("called", ""), slots.get("self_word", ""), state.person)
        )

    def _notice(self, name: str, theirs: State, person: str, *, button: str = "stop_sharing", **values: str) -> str:
        """Messages for another chat, in its language and its form of address."""
        return dump(self.unasked(name, theirs, person, *((button,) if button else ()), **values))

    def unasked(self, name: str, theirs: State, person: str, *buttons: str, **values: str) -> tuple[Message, ...]:
        """A phrase said to a chat that said nothing, with buttons that hold wherever it stands."""
        book = self._book.in_language(theirs.language)
        slots = theirs.slots
        forms = book.forms(slots.get("called", ""), slots.get("self_word", ""), person)
        values["cho_ai"] = book.phrases["for_somebody"].format_map(forms) if person else ""
        said = self._renderer.in_language(theirs.language).render([Say(book.phrases[name], {**forms, **values})])
        choices = [choice for choice in book.anywhere.values() if choice.means in buttons]
        offered = tuple(Button(f"{ANYWHERE}/{choice.slug}", choice.label) for choice in choices)
        return (*said, Buttons(offered, apart=True)) if offered else said


def read_state(stored: str) -> State:
    """A chat's state; of one that cannot be read the chat begins anew."""
    if not stored:
        return State()
    try:
        return State.from_dict(json.loads(stored))
    except (StateError, ValueError) as error:
        # nothing else of the chat is lost: completions and consents have rows of their own
        log.error("a chat had a state that cannot be read and begins anew: %s", error)
        return State()


def write_state(state: State) -> str:
    return json.dumps(state.to_dict(), ensure_ascii=False, separators=(",", ":"))


def _means(intent: str, *records: Shared) -> Typed:
    return Typed(TextUnderstood(meaning=Meaning(intent, 1.0)), records)


def _filled(reply: Reply, values: dict[str, str]) -> Reply:
    return replace(reply, values={**reply.values, **values}) if isinstance(reply, Say) else reply


def _written_out(said: Say | Show, values: dict[str, str]) -> Say | Show:
    """What a page that is kept says: it is told without values of its own."""
    if not isinstance(said, Say):
        return said
    for name, value in values.items():
        said = replace(said, text=said.text.replace(f"{{{name}}}", value))
    return said


def _day(at: dt.datetime) -> str:
    return at.astimezone(CITY).strftime("%d/%m/%Y")
