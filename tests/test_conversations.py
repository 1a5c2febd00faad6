"""Golden talks: each file of ``tests/conversations`` is one, whole and word for word.

Every message takes the way of a real one: through the assistant into a SQLite database, and the next one loads its
state from there. ``--update`` rewrites what the bot says and what the store knows; the diff is read in review.
"""

import io
import json
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NoReturn

import pytest
import yaml
from sqlalchemy import Engine, select, update

from bot.assistant import Assistant
from bot.bootstrap import entities, foreign_words, plain_words, ward_finder
from bot.bootstrap import entrance as make_entrance
from bot.bootstrap import renderer as make_renderer
from bot.channels.messages import Buttons, ContactKey, Incoming, Message, load
from bot.channels.terminal import CHANNEL, write_plain
from bot.classes.joining import Joining
from bot.classes.roll import Roll, Tap
from bot.classes.schedule import Led, Schedule
from bot.content.lessons import Lesson
from bot.content.library import Library, load_library
from bot.nlu.languages import Languages
from bot.nlu.understanding import Understanding
from bot.settings import PROJECT, Settings
from bot.sharing import Sharing
from bot.store.schema import (
    blockage,
    completion,
    consent,
    contact,
    conversation,
    enrolment,
    hand_over,
    help_request,
    lesson_class,
    metadata,
    person,
    step_event,
)
from bot.store.store import Store
from bot.worker import Worker
from tests.fakes import Clock, drawn_in_turn, open_test_store

FOLDER = Path(__file__).with_name("conversations")
TALKS = sorted(FOLDER.glob("*.yml"))

# the chat of whoever types, where a talk names no other
MYSELF = "tôi"

_KINDS: tuple[Literal["me", "press", "wait", "class", "told"], ...] = ("me", "press", "wait", "class", "told")

# the code of the class of a talk
_CODE = "314159"
_WARD = "27139"

_LENGTHS = {"phút": "minutes", "giờ": "hours", "ngày": "days"}


# ---- a talk and its file ----


@dataclass(frozen=True, slots=True)
class Act:
    """One line of a talk: somebody typed, pressed or let time pass, or a trainer led a class; and what the bot said.

    ``value`` is nothing where the chat was only opened. ``ago`` counts back to the turn whose button is pressed.
    ``told`` is what the bot then said to another chat unasked.
    """

    kind: Literal["me", "press", "wait", "class", "told"]
    value: str | None
    chat: str = MYSELF
    ago: int = 0
    times: int = 1
    bot: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """A whole file. ``then`` is what the store knows afterwards, in codes."""

    note: str
    acts: tuple[Act, ...]
    then: dict[str, list[str]] = field(default_factory=dict)


class _TextLoader(yaml.SafeLoader):
    """Every scalar is text ("1", "no"), but an empty one is nothing."""


_TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith(":null")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_talk(text: str) -> Talk:
    # the loader is a safe one that makes nothing but text
    stored = yaml.load(text, _TextLoader)  # noqa: S506
    acts: list[Act] = []
    for entry in stored["talk"]:
        if "bot" in entry:
            acts[-1] = replace(acts[-1], bot=entry["bot"])
        else:
            acts.append(_read_act(entry))
    return Talk(stored["note"], tuple(acts), stored.get("then") or {})


def _read_act(entry: dict[str, str | None]) -> Act:
    unknown = set(entry) - {*_KINDS, "as", "ago", "times"}
    kinds = [kind for kind in _KINDS if kind in entry]
    if unknown or len(kinds) != 1:
        raise ValueError(f"một dòng cần đúng một chữ {', '.join(_KINDS)}, không hiểu: {entry}")
    ago, times = int(entry.get("ago") or 0), int(entry.get("times") or 1)
    return Act(kinds[0], entry[kinds[0]], entry.get("as") or MYSELF, ago, times)


def write_talk(talk: Talk) -> str:
    lines = [f"note: {_quoted(talk.note)}", "talk:"]
    for act in talk.acts:
        lines.append(f"  - {act.kind}:" + ("" if act.value is None else f" {_quoted(act.value)}"))
        lines += [f"    as: {_quoted(act.chat)}"] if act.chat != MYSELF else []
        lines += [f"    ago: {act.ago}"] if act.ago else []
        lines += [f"    times: {act.times}"] if act.times > 1 else []
        if act.bot:
            lines += ["  - bot: |", *(f"      {line}".rstrip() for line in act.bot.splitlines())]
    lines.append("then:")
    for name, rows in talk.then.items():
        lines += [f"  {name}:" + ("" if rows else " []"), *(f"    - {_quoted(row)}" for row in rows)]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else f"\\U{ord(char):08x}" for char in quoted)


# ---- holding a talk ----


@dataclass(frozen=True, slots=True)
class Told:
    """How a talk went: the file it should have been, all buttons ever shown, all that is stored."""

    talk: Talk
    buttons: tuple[Buttons, ...]
    stored: str


class _Chat:
    """One person's side: what the bot showed them, turn by turn."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.key = ContactKey(CHANNEL, name)
        self.shown: list[Buttons] = []
        self.last_reply = 0

    def incoming(self, act: Act) -> Incoming:
        if act.kind == "press":
            return Incoming(self.key, button=self.button(act))
        return Incoming(self.key, text=act.value if act.value is None else act.value * act.times)

    def button(self, act: Act) -> str:
        turns = self.shown[: len(self.shown) - act.ago]
        shown = (button for buttons in reversed(turns) for button in buttons.buttons if button.label == act.value)
        found = next(shown, None)
        return found.id if found else _wrong(f'chưa tin nào có nút "{act.value}"')

    def saw(self, messages: tuple[Message, ...]) -> None:
        self.shown += [message for message in messages if isinstance(message, Buttons)]


def hold(talk: Talk, library: Library, store: Store, clock: Clock) -> Told:
    """The talk as it really goes today."""
    words = Languages(Understanding(plain_words(library.words), None, entities(library)), foreign_words(library))
    renderer = make_renderer(library, Settings().operator)
    sharing = Sharing(library.book, renderer, store.shares, now=clock, draw=drawn_in_turn())
    assistant = Assistant(
        library.book,
        renderer,
        words.understand,
        clock,
        sharing,
        kept=store.chats.kept,
        join=Joining(store, library.lessons).join,
        find_wards=ward_finder(library),
    )
    worker = Worker(assistant, store.inbox, store.writer, now=clock)
    entrance = make_entrance(library, now=lambda: clock().timestamp())
    chats: dict[str, _Chat] = {}
    lesson = _Lesson(library, store, worker)
    acts = []
    for act in talk.acts:
        if act.kind == "wait":
            _wait(clock, act.value or "")
            acts.append(act)
        if act.kind == "class":
            lesson.lead(act.value or "")
            acts.append(act)
            acts += [told for each in chats.values() for told in _told(each, store, by_class=True)]
        if act.kind in ("wait", "class", "told"):
            continue
        chat = chats.setdefault(act.chat, _Chat(act.chat))
        messages = worker.handle(entrance.hide(chat.incoming(act))).messages
        chat.saw(messages)
        acts.append(replace(act, bot=_plain(messages)))
        acts += [told for each in chats.values() for told in _told(each, store)]
    shown = tuple(buttons for chat in chats.values() for buttons in chat.shown)
    return Told(Talk(talk.note, tuple(acts), known(store, list(chats))), shown, _dump(store.engine))


class _Lesson:
    """The trainer's side of a talk: "cong_dan_so" opens a class, "tai_app" a part of it, "end" ends it."""

    def __init__(self, library: Library, store: Store, worker: Worker) -> None:
        self._lessons, self._store, self._worker = library.lessons, store, worker
        self._schedule, self._roll = Schedule(store, library.lessons), Roll(store, library.lessons)
        self._led: Led | None = None

    def lead(self, word: str) -> None:
        if word in self._lessons:
            self._led = self._open(self._lessons[word])
            return
        if self._led is None:
            _wrong(f'chưa có lớp nào để "{word}"; mở lớp trước, thí dụ: class: "cong_dan_so"')
        tap = Tap("end", "end") if word == "end" else Tap("open", word, word)
        self._roll.tap(self._led, tap)
        while self._store.inbox.is_waiting([]):
            self._store.writer.round(self._worker)

    def _open(self, lesson: Lesson) -> Led | None:
        trainer = self._store.staff.add("lan", "trainer", (_WARD,), by="cli")
        assert trainer is not None
        length = next(iter(lesson.minutes))
        found = self._schedule.open(lesson, length=length, ward=_WARD, venue="nhà văn hoá", staff=trainer)
        with self._store.engine.begin() as connection:
            connection.execute(update(lesson_class).values(code=_CODE))
        return self._schedule.led_by(trainer.id, found.id)


def _told(chat: _Chat, store: Store, *, by_class: bool = False) -> list[Act]:
    """What was said to a chat since, without its having said anything. ``by_class``: its trainer did something."""
    replies = store.chats.replies(chat.key, after=chat.last_reply)
    chat.last_reply = max((reply.id for reply in replies), default=chat.last_reply)
    told = [load(reply.messages) for reply in replies if by_class or reply.message_id is None]
    for messages in told if by_class else ():
        chat.saw(messages)
    return [Act("told", chat.name, bot=_plain(messages)) for messages in told]


def _plain(messages: tuple[Message, ...]) -> str:
    out = io.StringIO()
    write_plain(messages, out)
    return "".join(line.removeprefix("bot> ") for line in out.getvalue().splitlines(keepends=True))


def _wait(clock: Clock, length: str) -> None:
    found = re.fullmatch(rf"(\d+) ({'|'.join(_LENGTHS)})", length)
    if not found:
        _wrong(f'không hiểu "wait: {length}"; viết như "90 ngày", "3 giờ", "20 phút"')
    clock.move(**{_LENGTHS[found[2]]: int(found[1])})


def _wrong(message: str) -> NoReturn:
    pytest.fail(message, pytrace=False)


# ---- what the store knows ----


def known(store: Store, names: list[str]) -> dict[str, list[str]]:
    """Completions, steps, consents and hand-overs in the order they came, and whose chat is kept."""
    engine = store.engine
    lookups = {store.chats.lookup(ContactKey(CHANNEL, name)): "" if name == MYSELF else f"{name}, " for name in names}
    people = {
        row.id: lookups[row.lookup] + (f"{row.code}/" if row.code else "")
        for row in _rows(engine, select(person.c.id, person.c.code, contact.c.lookup).join(contact))
    }
    steps: dict[str, list[str]] = {}
    for row in _rows(engine, select(step_event).order_by(step_event.c.id)):
        outcome = f"{row.outcome} {row.symptom}".rstrip()
        steps.setdefault(people[row.person_id] + row.step, []).append(outcome)
    completions = _rows(engine, select(completion).order_by(completion.c.id))
    consents = _rows(engine, select(consent).order_by(consent.c.id))
    asked = select(hand_over.c.place, contact.c.lookup).join(contact).order_by(hand_over.c.id)
    kept = select(contact.c.lookup).join(conversation).where(conversation.c.kept).order_by(contact.c.id)
    enrolled = _rows(engine, select(enrolment).order_by(enrolment.c.person_id))
    blocked = _rows(engine, select(blockage).order_by(blockage.c.id))
    wishes = _rows(engine, select(help_request).order_by(help_request.c.id))
    # what few talks lead to is told of in those alone
    few = {
        "wards": [people[row.person_id] + row.ward for row in enrolled],
        "blocked": [f"{people[row.person_id]}{row.reason} ({row.task or 'không việc nào'})" for row in blocked],
        "help": [people[row.person_id] + _wish(row) for row in wishes],
    }
    return {name: rows for name, rows in few.items() if rows} | {
        "completions": [f"{people[row.person_id]}{row.task}: {row.evidence}" for row in completions],
        "consents": [people[row.person_id] + _consent(row) for row in consents],
        "steps": [f"{step}: {', '.join(outcomes)}" for step, outcomes in steps.items()],
        "hand_overs": [lookups[row.lookup] + row.place for row in _rows(engine, asked)],
        "kept": [(lookups[row.lookup] or MYSELF).rstrip(", ") for row in _rows(engine, kept)],
    }


def _wish(row: Any) -> str:
    return f"{row.way} {row.hours or 'whenever'}, {row.ward or 'no ward'}, {row.place} {row.reason}".rstrip()


def _consent(row: Any) -> str:
    marks = [row.method, *(["assisted"] if row.assisted else []), *(["withdrawn"] if row.withdrawn_at else [])]
    return f"{row.purpose}: {'yes' if row.given else 'no'} ({', '.join(marks)})"


def _rows(engine: Engine, query: Any) -> list[Any]:
    with engine.connect().execution_options(reading=True) as connection:
        return list(connection.execute(query).all())


def _dump(engine: Engine) -> str:
    return "\n".join(str(tuple(row)) for table in metadata.sorted_tables for row in _rows(engine, select(table)))


# ---- the tests ----


@pytest.fixture(scope="module")
def library() -> Library:
    read = load_library(PROJECT)
    assert [str(problem) for problem in read.problems] == []
    return read


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file of the present version in which nobody has said anything yet."""
    path = tmp_path_factory.mktemp("empty") / "gocua.db"
    open_test_store(f"sqlite:///{path}").engine.dispose()
    return path


@pytest.fixture(scope="module")
def heard() -> dict[str, set[str]]:
    """The dialogs that asked something, by the talk they were heard in."""
    return {}


@pytest.fixture
def tell(library: Library, empty_database: Path, tmp_path: Path, clock: Clock) -> Callable[[Talk], Told]:
    """Holds a talk on a database of its own."""

    def tell(talk: Talk) -> Told:
        store = open_test_store(f"sqlite:///{shutil.copy(empty_database, tmp_path)}", clock)
        told = hold(talk, library, store, clock)
        store.engine.dispose()
        return told

    return tell


@pytest.mark.parametrize("path", TALKS, ids=lambda path: path.stem)
def test_talk(
    path: Path, tell: Callable[[Talk], Told], heard: dict[str, set[str]], request: pytest.FixtureRequest
) -> None:
    expected = read_talk(path.read_text("utf-8"))
    told = tell(expected)
    heard[path.stem] = _dialogs_of(told)
    if request.config.getoption("--update"):
        path.write_text(write_talk(told.talk), "utf-8")
    else:
        assert write_talk(told.talk).splitlines() == write_talk(expected).splitlines()
    assert [text for text in _own_words(told.talk) if text in told.stored] == []


def test_every_dialog_is_heard_in_some_talk(
    library: Library, tell: Callable[[Talk], Told], heard: dict[str, set[str]]
) -> None:
    # those held above are not held once more
    untold = (path for path in TALKS if path.stem not in heard)
    shown = set().union(*heard.values(), *(_dialogs_of(tell(read_talk(path.read_text("utf-8")))) for path in untold))
    asking = {name for name, dialog in library.book.dialogs.items() if any(s.waits for s in dialog.steps.values())}
    assert sorted(asking - shown) == []


def _dialogs_of(told: Told) -> set[str]:
    return {button.id.split(".")[0] for buttons in told.buttons for button in buttons.buttons}


def _own_words(talk: Talk) -> list[str]:
    """What people typed and no bot ever said: none of it may be found in the store (T5)."""
    said = "\n".join(act.bot for act in talk.acts).lower()
    typed = (act.value or "" for act in talk.acts if act.kind == "me")
    return [text for text in typed if len(text) > 5 and text.lower() not in said]
