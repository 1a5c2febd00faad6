"""Two chats share by a code, end to end on the real content; and the one message the bot writes first."""

import random
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.assistant import Assistant
from bot.bootstrap import entities, entrance, foreign_words, plain_words, renderer
from bot.channels.messages import Buttons, ContactKey, Incoming, Message, Text, load
from bot.channels.payloads import Payloads
from bot.content.library import Library, load_library
from bot.core.codes import draw, spaced
from bot.core.dialogs import Book
from bot.nlu.languages import Languages
from bot.nlu.understanding import Understanding
from bot.reminding import Reminding
from bot.settings import ABROAD, CHANNELS, PROJECT
from bot.sharing import CHANNEL_TRIES, Sharing
from bot.store.schema import completion, contact, follow, outgoing, person, reminder
from bot.store.sealing import new_key
from bot.store.store import Store, open_store
from bot.worker import Worker
from tests.fakes import Clock, drawn_in_turn, fixed_keyring

TO_STEP_TWO = ("1", "1", "bà", "1", "1", "1", "1", "2", "1", "xong")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(PROJECT)


class Office:
    """One process of the bot, on the channels there really are."""

    def __init__(self, library: Library, database: str, clock: Clock, book: Book | None = None) -> None:
        self.store: Store = open_store(database, fixed_keyring(), now=clock, pushed=CHANNELS)
        words = Languages(Understanding(plain_words(library.words), None, entities(library)), foreign_words(library))
        book, says = book or library.book, renderer(library, "nhóm thử")
        self.sharing = Sharing(book, says, self.store.shares, now=clock, draw=drawn_in_turn(), abroad=ABROAD)
        assistant = Assistant(
            book,
            says,
            words.understand,
            clock,
            self.sharing,
            kept=self.store.chats.kept,
            pushed=CHANNELS,
            abroad=ABROAD,
        )
        self.worker = Worker(assistant, self.store.inbox, self.store.writer, now=clock)
        self.reminding = Reminding(self.store.reminders, self.sharing, pushed=CHANNELS)


class Person:
    """Somebody who writes on a channel."""

    def __init__(self, office: Office, channel: str, name: str) -> None:
        self.office = office
        self.key = ContactKey(channel, name)

    def take(self, incoming: Incoming) -> str:
        self.messages = self.office.worker.handle(incoming).messages
        return _words(self.messages)

    def says(self, *lines: str) -> str:
        return [self.take(Incoming(self.key, text=line)) for line in lines][-1]

    def presses(self, button: str) -> str:
        return self.take(Incoming(self.key, button=button))

    @property
    def buttons(self) -> dict[str, str]:
        return _buttons(self.messages)

    @property
    def unasked(self) -> list[tuple[Message, ...]]:
        """What was said to this chat without its having asked."""
        found = self.office.store.chats.replies(self.key, last=100)
        return [load(reply.messages) for reply in found if reply.message_id is None]


def _words(messages: tuple[Message, ...]) -> str:
    return "\n".join(message.whole for message in messages if isinstance(message, Text))


def _buttons(messages: tuple[Message, ...]) -> dict[str, str]:
    offers = [message for message in messages if isinstance(message, Buttons)]
    return {button.label: button.id for offer in offers for button in offer.buttons}


@pytest.fixture
def make_office(
    library: Library, sqlite_template: Path, tmp_path: Path, clock: Clock
) -> Iterator[Callable[..., Office]]:
    # what is written is tested with the store, on both databases
    database = shutil.copy(sqlite_template, tmp_path / "test.db")
    opened: list[Office] = []

    def make(book: Book | None = None) -> Office:
        opened.append(Office(library, f"sqlite:///{database}", clock, book))
        return opened[-1]

    yield make
    for office in opened:
        office.store.engine.dispose()


@pytest.fixture
def office(make_office: Callable[..., Office]) -> Office:
    return make_office()


@pytest.fixture
def ba(office: Office) -> Person:
    """Stands at the second step, on Zalo, and agreed to everything."""
    person = Person(office, "zalo_oa", "bà")
    person.says(*TO_STEP_TWO)
    return person


def one(office: Office, column: object) -> object:
    with office.store.engine.connect() as connection:
        return connection.execute(select(column)).scalar()  # type: ignore[call-overload]


# ---- codes and the shield ----


def test_the_shield_lets_every_kind_of_code_pass(library: Library) -> None:
    chance, at = random.Random(4), iter(range(0, 10**9, 1000))  # noqa: S311 - not for use
    shield = entrance(library, now=lambda: float(next(at)))
    for number in range(500):
        code = draw(chance.choice)
        for text in (spaced(code), code.lower(), f"mã {spaced(code)}", f"chữ hẹn là {spaced(code)} nha"):
            seen = shield.hide(Incoming(ContactKey("web", str(number)), text=text))
            assert (seen.text, seen.hidden, seen.scam) == (text, (), "")


def test_a_code_is_said_and_only_its_digest_kept(office: Office, ba: Person) -> None:
    assert "CM4 7PQ" in ba.says("làm tiếp trên máy khác")
    found = office.store.shares.find("CM47PQ", None, office.store.now())
    assert found is not None
    assert found.kind == "move"


# ---- going on elsewhere ----


def test_from_zalo_to_the_web_to_telegram_and_back(office: Office, ba: Person) -> None:
    here, code = ba, "CM4 7PQ"
    for channel in ("web", "telegram", "zalo_bot"):
        assert code in here.says("làm tiếp trên máy khác")
        there = Person(office, channel, "bà ở đó")
        assert "bước" in there.says(code)
        assert len(here.unasked) == 1
        here, code = there, f"CM{int(code[2]) + 1} 7PQ"
    assert here.says("xong").startswith("Bước 3/8")
    assert "máy kia" in ba.says("xong")


def test_a_whole_task_over_two_channels_counts_once(office: Office, ba: Person) -> None:
    ba.says("làm tiếp trên máy khác")
    there = Person(office, "web", "bà")
    there.says("CM4 7PQ", *("xong",) * 3)
    there.says("Máy không hỏi mật khẩu")
    for _ in range(12):
        if one(office, func.count(completion.c.id)):
            break
        label = next(iter(there.buttons))
        there.presses(there.buttons[label])
    assert one(office, func.count(completion.c.id)) == 1
    there.says("làm tiếp trên máy khác")
    ba.says("CM5 7PQ")
    assert one(office, func.count(completion.c.id)) == 1
    with office.store.engine.connect() as connection:
        owner = select(contact.c.channel).select_from(completion.join(person).join(contact))
        assert connection.execute(owner).scalar_one() == "zalo_oa"


def test_one_code_in_two_processes_is_used_once(make_office: Callable[..., Office], ba: Person) -> None:
    ba.says("làm tiếp trên máy khác")
    other = make_office()
    first, second = Person(ba.office, "web", "một"), Person(other, "web", "hai")
    assert "làm tiếp ở đây" in first.says("CM4 7PQ")
    assert "có người xài rồi" in second.says("CM4 7PQ")


# ---- following ----


def test_on_telegram_nobodys_progress_is_told_and_the_code_stays_good(office: Office, ba: Person) -> None:
    ba.says("cho con gái xem", "1")
    abroad, here = Person(office, "telegram", "con"), Person(office, "web", "con")
    assert "Telegram" in abroad.says("CM4 7PQ")
    here.says("CM4 7PQ", "Má")
    assert "bước 2/8" in here.says("má làm tới đâu rồi")
    here.says("làm tiếp trên máy khác")
    abroad.says("CM5 7PQ")
    said = abroad.says("má làm tới đâu rồi")
    assert "Telegram" in said.splitlines()[0]
    assert "2/8" not in said


def test_the_notice_ends_it_with_one_tap(office: Office, ba: Person) -> None:
    ba.says("cho con gái xem", "1")
    con = Person(office, "zalo_oa", "con")
    con.says("CM4 7PQ", "Má")
    (notice,) = ba.unasked
    pressed = _buttons(notice)["Ngừng cho xem"]
    # as Zalo gives it back: signed, a digest of the button
    payloads = Payloads(new_key())
    today = office.store.now().date()
    opaque = payloads.read(ba.key, payloads.sign(ba.key, pressed, today), today)
    assert opaque is not None
    assert "không ai xem được nữa" in ba.presses(opaque)
    assert one(office, func.count(follow.c.id)) == 0
    assert "chưa ai cho" in con.says("má làm tới đâu rồi")


def test_a_channel_full_of_wrong_codes_rests_and_others_do_not(office: Office, ba: Person) -> None:
    ba.says("cho con gái xem", "1")
    wrong = [letters + "7PQ" for letters in ("CH2", "CP2", "CT2", "CV2", "CX2")]
    for number in range(CHANNEL_TRIES // 5):
        Person(office, "web", str(number)).says(*wrong)
    assert "tạm ngừng" in Person(office, "web", "con").says("CM4 7PQ")
    assert "được rồi" in Person(office, "zalo_bot", "con").says("CM4 7PQ")


# ---- the one message that comes first ----


def reminded(office: Office, clock: Clock) -> list[str]:
    office.reminding.send(clock())
    with office.store.engine.connect() as connection:
        query = select(outgoing.c.messages).where(outgoing.c.kind == "reminder", outgoing.c.status == "waiting")
        return [_words(load(stored)) for stored in connection.execute(query).scalars()]


def test_a_reminder_comes_after_an_own_yes_once_and_by_day(office: Office, ba: Person, clock: Clock) -> None:
    ba.says("dừng")
    assert list(ba.buttons) == ["Làm tiếp", "Mai nhắc tôi"]
    ba.presses(ba.buttons["Mai nhắc tôi"])
    clock.move(hours=23)
    assert reminded(office, clock) == []
    clock.move(hours=1)
    (text,) = reminded(office, clock)
    assert not re.search(r"http|www|\d|phí|hạn|VNeID|bước", text)
    assert one(office, func.count(reminder.c.contact_id)) == 0
    clock.move(hours=1)
    assert len(reminded(office, clock)) == 1


def test_no_reminder_at_night(office: Office, ba: Person, clock: Clock) -> None:
    clock.move(hours=9, minutes=59)
    ba.says("dừng", "Mai nhắc tôi")
    clock.move(days=1, minutes=1)
    assert reminded(office, clock) == []
    clock.move(hours=11, minutes=59)
    assert reminded(office, clock) == []
    clock.move(minutes=1)
    assert len(reminded(office, clock)) == 1


@pytest.mark.parametrize("line", ["ngừng nhắc", "ngừng lưu", "chào con"])
def test_no_reminder_after_any_of_these(office: Office, ba: Person, clock: Clock, line: str) -> None:
    ba.says("dừng", "Mai nhắc tôi")
    clock.move(minutes=1)
    ba.says(line)
    clock.move(days=1)
    assert reminded(office, clock) == []


def test_a_reminder_due_in_the_next_minute_is_taken_back(office: Office, ba: Person, clock: Clock) -> None:
    ba.says("dừng", "Mai nhắc tôi")
    clock.move(days=1)
    assert len(reminded(office, clock)) == 1
    ba.says("ngừng nhắc")
    assert reminded(office, clock) == []


def test_the_buttons_of_a_reminder_hold(office: Office, ba: Person, clock: Clock) -> None:
    ba.says("dừng", "Mai nhắc tôi")
    clock.move(days=1)
    reminded(office, clock)
    buttons = _buttons(ba.unasked[-1])
    assert list(buttons) == ["Làm tiếp", "Ngừng nhắc"]
    assert "ngừng nhắc" in ba.presses(buttons["Ngừng nhắc"])
    assert "Bước 2/8" in ba.presses(buttons["Làm tiếp"])


def test_a_page_that_cannot_write_first_offers_no_reminder(office: Office) -> None:
    person = Person(office, "web", "bà")
    person.says(*TO_STEP_TWO, "dừng")
    assert list(person.buttons) == ["Làm tiếp"]


# ---- coming back ----


def test_after_90_days_and_other_content_it_says_where_one_stopped(
    make_office: Callable[..., Office], ba: Person, clock: Clock, library: Library
) -> None:
    ba.says("dừng")
    clock.move(days=90)
    journey = library.book.dialogs["vneid_muc_2"]
    rewritten = replace(journey, steps={n: step for n, step in journey.steps.items() if n != "kich_hoat"})
    changed = replace(library.book, dialogs={**library.book.dialogs, "vneid_muc_2": rewritten})
    later = Person(make_office(changed), "zalo_oa", "bà")
    said = later.says("con ơi")
    assert "vừa được viết lại" in said
    assert "chào bà trở lại" in said
    assert "Bước 1/" in said


def test_who_asks_about_themselves_hears_their_own_step(ba: Person) -> None:
    said = ba.says("con ơi đang làm tới đâu rồi ta")
    assert said.startswith('Dạ việc "Kích hoạt VNeID mức 2" mình đang ở bước 2/8.')
