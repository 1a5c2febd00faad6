"""Small stand-ins shared by the tests: a clock one can move, and a tiny bot on a real database."""

import datetime as dt
import itertools
from collections.abc import Callable, Collection
from pathlib import Path

from bot.assistant import Assistant, Join, Listen, LookUp, Understand
from bot.channels.messages import Buttons, ContactKey, Incoming, Renderer, Text
from bot.core.dialogs import PHRASES, Book, Choice, Dialog, Goto, Next, Step, Wording
from bot.core.effects import Agree, Complete, Decline, Forget, HandOver
from bot.core.events import ClassNotFound
from bot.nlu.languages import Languages
from bot.nlu.plain_words import PlainWords, Words
from bot.nlu.understanding import Understanding
from bot.sharing import Shares, Sharing
from bot.store.kept import Kept
from bot.store.outflow_marks import Flow
from bot.store.sealing import Keyring
from bot.store.sharing import Followed, Follower, Tries
from bot.store.store import Store, open_store
from bot.worker import Worker

TASK = "vneid_level_2"


class Clock:
    """Tells a fixed moment until it is moved."""

    def __init__(self) -> None:
        self.moment = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.moment

    def move(self, **length: float) -> None:
        self.moment += dt.timedelta(**length)


def small_book() -> Book:
    """A greeting, a menu, consent, one journey of two steps, a person to ask for, and deletion."""
    steps = {
        "cai_dat": Step("cai_dat", Wording("Cài app nha {anh_chi}."), symptoms=(), title="Cài", number=1),
        "mo_app": Step("mo_app", Wording("Mở app nha."), title="Mở", number=2),
        "thay_chua": Step(
            "thay_chua",
            Wording("Thấy chưa?"),
            choices=(Choice("Thấy rồi", Goto("menu", "chon"), means="yes", effects=(Complete(TASK),)), Choice("Chưa")),
        ),
    }
    both = (Agree("progress"), Agree("count"))
    neither = (Decline("progress"), Decline("count"))
    begin = Goto("viec", "cai_dat")
    consent = Step(
        "xin_phep",
        Wording("Cho phép không?"),
        choices=(Choice("Đồng ý", begin, effects=both), Choice("Không", begin, effects=neither)),
    )
    greeting = Step("chao", Wording("Xin chào."), choices=(Choice("Bắt đầu", Goto("menu", "chon")),))
    choose = Step(
        "chon",
        Wording("Chọn việc."),
        choices=(
            Choice("Làm", Goto("chao", "xin_phep")),
            Choice("Làm cho má", Goto("chao", "xin_phep"), remember=(("person", "ma"),)),
        ),
    )
    person = Step("nguoi", Wording("Ra phường nha."), effects=(HandOver(),), move=Next())
    more = Step("hoi", Wording("Cần gì?"), choices=(Choice("Gặp người", means="human"),))
    forget = Step(
        "xoa", Wording("Xoá không?"), choices=(Choice("Xoá", Goto("chao", "chao"), effects=(Forget(),)), Choice("Giữ"))
    )
    dialogs = [
        Dialog("chao", "Chào", {"chao": greeting, "xin_phep": consent}),
        Dialog("menu", "Chọn", {"chon": choose}),
        Dialog("viec", "Việc", steps, task=TASK),
        Dialog("gap_nguoi", "Người", {"nguoi": person}, hears={"human": "nguoi"}),
        Dialog("viec_khac", "Khác", {"hoi": more}, hears={"more": "hoi"}),
        Dialog("xoa_du_lieu", "Xoá", {"xoa": forget}, hears={"delete_data": "xoa"}),
    ]
    phrases = {name: f"({name})" for name in PHRASES} | {"step_heading": "Bước {so}/{tong}: {ten}"}
    return Book({dialog.name: dialog for dialog in dialogs}, {}, phrases, version="test")


WORDS = PlainWords(
    {
        "human": Words(whole=("gặp người",)),
        "delete_data": Words(whole=("xoá hết",)),
        "done": Words(whole=("xong",)),
        "yes": Words(whole=("có",), vague=("dạ",)),
    }
)


def fixed_keyring() -> Keyring:
    return Keyring({1: bytes(range(32))})


def open_test_store(
    where: Path | str,
    clock: Callable[[], dt.datetime] | None = None,
    *,
    holder: str = "",
    pushed: str = "pushed",
    flows: Collection[Flow] = (),
) -> Store:
    """The database at an address, or the SQLite one of a folder; replies on the channel ``pushed`` wait to leave."""
    url = where if isinstance(where, str) else f"sqlite:///{where / 'test.db'}"
    return open_store(url, fixed_keyring(), now=clock or Clock(), pushed=(pushed,), holder=holder, flows=flows)


class NoShares:
    """A database in which nobody shares anything."""

    def digest(self, code: str) -> str:
        return code

    def find(self, code: str, contact_id: int | None, now: dt.datetime) -> None:
        return None

    def tries(self, lookup: str, channel: str, now: dt.datetime) -> Tries:
        return Tries(0, 0)

    def followed(self, contact_id: int | None, now: dt.datetime) -> tuple[Followed, ...]:
        return ()

    def followers(self, contact_id: int | None, whose: str, now: dt.datetime) -> tuple[Follower, ...]:
        return ()


def drawn_in_turn() -> Callable[[], str]:
    """Codes that a test can name: CM4 7PQ, CM5 7PQ and so on."""
    digits = itertools.cycle("4567892")
    return lambda: f"CM{next(digits)}7PQ"


def _no_class(code: str, who: ContactKey) -> ClassNotFound:
    return ClassNotFound()


def small_assistant(
    clock: Callable[[], dt.datetime] | None = None,
    understand: Understand | None = None,
    shares: Shares | None = None,
    kept: LookUp | None = None,
    *,
    pushed: Collection[str] = (),
    abroad: Collection[str] = (),
    listen: Listen | None = None,
    join: Join = _no_class,
) -> Assistant:
    book, now = small_book(), clock or Clock()
    renderer = Renderer(book.phrases["step_heading"], {}, "nhóm thử")
    understood = understand or Languages(Understanding(WORDS)).understand
    sharing = Sharing(book, renderer, shares or NoShares(), now=now, draw=drawn_in_turn(), abroad=abroad)
    return Assistant(
        book,
        renderer,
        understood,
        now,
        sharing,
        kept=kept or _nothing_kept,
        pushed=pushed,
        abroad=abroad,
        listen=listen,
        join=join,
    )


def _nothing_kept(contact_id: int) -> Kept:
    raise LookupError(f"nobody looks up chat {contact_id} here")


def small_worker(store: Store, understand: Understand | None = None) -> Worker:
    """The whole way of a message, in the thread that asks."""
    assistant = small_assistant(store.now, understand, store.shares, store.chats.kept, pushed=store.inbox.pushed)
    return Worker(assistant, store.inbox, store.writer, now=store.now)


class Talker:
    """One person who types to the bot."""

    def __init__(self, worker: Worker, name: str = "co_ba") -> None:
        self.worker = worker
        self.contact = ContactKey("test", name)

    def says(self, *lines: str) -> list[str]:
        """Type lines one after another; the texts of the last answer."""
        texts: list[str] = []
        for line in lines:
            answer = self.worker.handle(Incoming(self.contact, text=line))
            texts = [message.whole for message in answer.messages if isinstance(message, Text)]
        return texts

    def opens(self) -> dict[str, str]:
        """Come in; the buttons offered, label -> id."""
        answer = self.worker.handle(Incoming(self.contact))
        last = answer.messages[-1]
        assert isinstance(last, Buttons)
        return {button.label: button.id for button in last.buttons}

    def presses(self, button: str) -> list[str]:
        answer = self.worker.handle(Incoming(self.contact, button=button))
        return [message.whole for message in answer.messages if isinstance(message, Text)]
