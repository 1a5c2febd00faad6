"""A hall: a small lesson over the small book, a class of it, and people who type its code."""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.assistant import Assistant
from bot.channels.messages import Buttons, ContactKey, Incoming, Renderer, Text, load
from bot.classes.board import Board, look
from bot.classes.confirming import Confirming
from bot.classes.joining import Joining
from bot.classes.results import Results
from bot.classes.roll import Act, Roll, Tap
from bot.classes.schedule import Led, OpenClass, Schedule
from bot.content.lessons import Lesson, Part
from bot.core.dialogs import Book, Dialog, Return, Step, Wording
from bot.core.effects import GiveCode
from bot.core.meaning import Meaning
from bot.nlu.plain_words import PlainWords, Words
from bot.nlu.understanding import Understanding
from bot.sharing import Sharing
from bot.store.schema import conversation, outgoing
from bot.store.staff import Account
from bot.store.store import Store
from bot.worker import Worker
from tests.fakes import WORDS, drawn_in_turn, small_book

LESSON = Lesson(
    name="bai",
    title="Cài app",
    audience="Ai cũng được",
    minutes={"": 30},
    bring=(),
    parts=(
        Part("chao", "Chào", {"": 5}, say="Dạ tụi em chào."),
        Part("cai", "Cài", {"": 10}, say="Mình cài.", opens=("viec", "cai_dat")),
        Part("nghi", "Nghỉ", {"": 5}, pause="Uống nước."),
        Part("mo", "Mở", {"": 10}, say="Mình mở.", opens=("viec", "mo_app")),
    ),
    file="dialogs/lessons/bai.yml",
)


WARD = "27139"


# small_book, and words to take a chat to another phone and to leave a class
_MOVING = Dialog(
    "may_khac",
    "Máy khác",
    {"dua_chu": Step("dua_chu", Wording("Chữ hẹn: {ma}"), effects=(GiveCode("move"),), move=Return())},
    hears={"continue_elsewhere": "dua_chu"},
)
_WORDS = PlainWords({"continue_elsewhere": Words(whole=("qua máy khác",)), "leave_class": Words(whole=("rời lớp",))})


def _book() -> Book:
    book = small_book()
    return Book({**book.dialogs, _MOVING.name: _MOVING}, {}, book.phrases, version="test")


def _understand(text: str, asked: str = "", language: str | None = None) -> Meaning:
    meaning = _WORDS.understand(text)
    return meaning if meaning.intent else Understanding(WORDS).understand(text, asked)


@dataclass
class Hall:
    """One class and everybody's phones, without a thread: what waits is answered by ``settle``."""

    store: Store

    def __post_init__(self) -> None:
        self.book = _book()
        self.roll = Roll(self.store, {LESSON.name: LESSON})
        self.schedule = Schedule(self.store, {LESSON.name: LESSON})
        self.confirming = Confirming(self.store, {LESSON.name: LESSON}, self.book)
        self.results = Results(self.store, {LESSON.name: LESSON}, self.book)
        renderer = Renderer(self.book.phrases["step_heading"], {}, "nhóm thử")
        sharing = Sharing(self.book, renderer, self.store.shares, now=self.store.now, draw=drawn_in_turn())
        kept = self.store.chats.kept
        join = Joining(self.store, {LESSON.name: LESSON}).join
        pushed = self.store.inbox.pushed
        assistant = Assistant(
            self.book, renderer, _understand, self.store.now, sharing, kept=kept, join=join, pushed=pushed
        )
        self.worker = Worker(assistant, self.store.inbox, self.store.writer, now=self.store.now)
        self.trainer = self.account("lan")
        self.lead(self.open())
        self._taps = 0

    def account(self, login: str, role: str = "trainer", wards: Sequence[str] = (WARD,)) -> Account:
        account = self.store.staff.add(login, role, wards, by="cli")
        assert account is not None
        return account

    def open(self, staff: Account | None = None, starts_at: dt.datetime | None = None) -> OpenClass:
        staff = staff or self.trainer
        return self.schedule.open(LESSON, length="", ward=WARD, venue="nhà văn hoá", staff=staff, starts_at=starts_at)

    def lead(self, opened: OpenClass) -> None:
        """This is the class that is taught from now on."""
        self.code, self.token = opened.code, self.schedule.lead(opened, self.trainer)

    @property
    def led(self) -> Led:
        led = self.schedule.by_link(self.token)
        assert led is not None
        return led

    @property
    def found(self) -> OpenClass:
        return self.led.found

    @property
    def board(self) -> Board:
        return look(self.book, LESSON, self.found, self.roll.seated(self.found.id), self.store.now())

    def says(self, who: str, text: str, channel: str = "pushed") -> list[str]:
        answer = self.worker.handle(Incoming(ContactKey(channel, who), text=text))
        return [message.text for message in answer.messages if isinstance(message, Text)]

    def presses(self, who: str, label: str) -> list[str]:
        """Press a button of the last answer."""
        contact = ContactKey("pushed", who)
        (*_, reply) = self.store.chats.replies(contact)
        buttons = [button for each in load(reply.messages) if isinstance(each, Buttons) for button in each.buttons]
        chosen = next(button for button in buttons if button.label == label)
        answer = self.worker.handle(Incoming(contact, button=chosen.id))
        return [message.text for message in answer.messages if isinstance(message, Text)]

    def tap(self, act: Act, part: str = "", *, id: str = "", count: int = 0) -> bool:
        """The trainer taps, and every phone gets what it is to get."""
        self._taps += 1
        done = self.roll.tap(self.led, Tap(act, id or f"tap {self._taps}", part, count))
        self.settle()
        return done

    def moves(self, old: str, new: str) -> None:
        """Somebody goes on with the other phone, on a page, by the code that is said."""
        (said, *_) = self.says(old, "qua máy khác")
        self.says(new, said.removeprefix("Chữ hẹn: "), channel="web")

    def agrees(self, who: str, answer: str = "Đồng ý", task: str = "Làm") -> None:
        """Somebody who begins the journey and says whether they may be counted."""
        self.says(who, "chào")
        for label in ("Bắt đầu", task, answer):
            self.presses(who, label)

    def settle(self) -> None:
        while self.store.inbox.is_waiting([]):
            self.store.writer.round(self.worker)

    def heard(self, who: str, channel: str = "pushed") -> list[str]:
        """The texts of everything a phone was sent, oldest first."""
        rows = self.store.chats.replies(ContactKey(channel, who), last=100)
        return [each.text for row in rows for each in load(row.messages) if isinstance(each, Text)]

    def places(self) -> list[str]:
        with self.store.engine.connect() as connection:
            states = connection.execute(select(conversation.c.state).order_by(conversation.c.contact_id)).scalars()
            return [json.loads(state)["path"] for state in states]

    def waiting(self) -> Sequence[str]:
        with self.store.engine.connect() as connection:
            return connection.execute(select(outgoing.c.status).order_by(outgoing.c.id)).scalars().all()
