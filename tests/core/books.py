"""A small book and a chat that talks with it: what the tests of the engine stand on."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.core.choices import typed_choice
from bot.core.dialogs import (
    PHRASES,
    Article,
    Attempt,
    Book,
    Call,
    Choice,
    Dialog,
    Goto,
    Move,
    Next,
    Return,
    Step,
    Symptom,
    Wording,
)
from bot.core.effects import Agree, Complete, Decline, Effect, Forget, HandOver
from bot.core.engine import advance
from bot.core.events import ButtonPressed, ChatOpened, Event, TextUnderstood
from bot.core.meaning import Entity, Meaning
from bot.core.replies import Button, Offer, Reply, Say, Show
from bot.core.state import State

LABELS = {
    "label_done": "Xong rồi",
    "label_stuck": "Chưa được",
    "label_repeat": "Nghe lại",
    "label_more": "Việc khác",
    "label_fixed": "Được rồi",
    "label_still_stuck": "Vẫn chưa được",
    "label_other_symptom": "Không có trong đây",
    "label_try_again": "Thử lại bước này",
    "label_human": "Gặp người thật",
    "label_resume": "Làm tiếp",
    "label_restart": "Làm lại từ đầu",
}
WITH_PLACE = {
    "paused_at_step": "paused_at_step {viec} {so}/{tong}",
    "welcome_back_at_step": "welcome_back_at_step {viec} {so}/{tong}",
    "resume_or_restart": "resume_or_restart {viec} {so}/{tong}",
    "for_this_person": "cho {nguoi_nha}",
}

# every phrase says its own name, so that a test reads what the engine meant to say
SPOKEN = {name: name for name in PHRASES} | LABELS | WITH_PLACE

STANDARD = ["Xong rồi", "Chưa được", "Nghe lại", "Việc khác"]


# ---- making content ----


def dialog(name: str, *steps: Step, task: str = "", **hears: str) -> Dialog:
    """A dialog; its numbered steps are counted, like the reader of the files does."""
    numbered: dict[str, Step] = {}
    for step in steps:
        count = 1 + sum(1 for each in numbered.values() if each.number)
        numbered[step.name] = replace(step, number=count) if step.number else step
    return Dialog(name, f"Việc {name}", numbered, task, hears)


def numbered(name: str, say: str = "", *stuck: str, picture: str = "", choices: tuple[Choice, ...] = ()) -> Step:
    return Step(name, Wording(say or name, picture), choices=choices, symptoms=stuck, title=f"Tên {name}", number=1)


def ask(name: str, *choices: Choice, condition: str = "", variants: tuple[tuple[str, Wording], ...] = ()) -> Step:
    return Step(name, Wording(f"hỏi {name}"), variants, choices, condition=condition)


def say(name: str, move: Move | None = None, *effects: Effect, condition: str = "") -> Step:
    return Step(name, Wording(f"nói {name}"), move=move or Next(), effects=effects, condition=condition)


def symptom(name: str, label: str, *attempts: Attempt) -> Symptom:
    return Symptom(name, label, attempts or (Attempt(Wording(f"thử {name} 1")), Attempt(Wording(f"thử {name} 2"))))


def book(*dialogs: Dialog, symptoms: Iterable[Symptom] = (), articles: Iterable[Article] = ()) -> Book:
    """A book of the small world below; a dialog given takes the place of the one of its name."""
    everything = {each.name: each for each in (*WORLD, *dialogs)}
    every_symptom = {each.name: each for each in (*SYMPTOMS, *symptoms)}
    every_article = {each.slug: each for each in (*ARTICLES, *articles)}
    return Book(everything, every_symptom, SPOKEN, every_article)


# ---- a small world: the dialogs every content must hold, and two journeys ----

VNEID, ACCOUNT = "vneid_level_2", "social_security_account"

SYMPTOMS = (
    symptom("khong_mo", "Máy không mở"),
    symptom(
        "cham",
        "Máy chậm",
        Attempt(Wording("thử cham 1", "hinh_cham"), (("iphone", Wording("thử cham trên iPhone")),)),
        Attempt(
            Wording("thử cham 2"),
            choices=(
                Choice("Chỉ chỗ giúp", Call("noi_den", "hoi")),
                Choice("Tới bước hai", Goto("viec_mot", "hai")),
            ),
        ),
    ),
)
ARTICLES = (Article("mat_phi", "Có mất phí không?", "không mất phí"),)

WORLD = (
    dialog(
        "chao",
        ask(
            "bat_dau",
            Choice("Bắt đầu", Goto("menu", "chon")),
            Choice("Giúp má", Goto("menu", "chon"), remember=(("person", "ma"),)),
        ),
    ),
    dialog(
        "menu",
        ask(
            "chon",
            Choice("Việc một", Goto("viec_mot", "hoi_may")),
            Choice("Việc hai", Goto("viec_hai", "mot")),
            Choice("Hỏi chỗ", Call("noi_den", "hoi")),
        ),
    ),
    dialog(
        "viec_mot",
        ask(
            "hoi_may",
            Choice("iPhone", remember=(("phone", "iphone"),)),
            Choice("Máy khác", remember=(("phone", "android"),)),
            condition="phone_unknown",
        ),
        Step(
            "mot",
            Wording("cài app", "hinh_mot"),
            (("iphone", Wording("cài trên iPhone")), ("helping", Wording("cài cho {nguoi_nha}", "hinh_giup"))),
            symptoms=("khong_mo", "cham"),
            title="Cài app",
            number=1,
        ),
        numbered("hai", "mở app", "cham"),
        numbered("ba", "đọc chữ"),
        ask(
            "kiem_tra",
            Choice("Thấy rồi", Goto("viec_mot", "xong"), means="yes", effects=(Complete(VNEID),)),
            Choice("Chưa thấy", Goto("viec_mot", "hai"), means="no"),
        ),
        ask("xong", Choice("Làm việc hai", Goto("viec_hai", "mot")), Choice("Nghỉ ở đây", means="pause")),
        task=VNEID,
    ),
    dialog(
        "viec_hai",
        numbered("mot", "gõ số", "khong_mo", choices=(Choice("Gõ rồi", means="done"), Choice("Máy không hỏi"))),
        numbered("hai", "coi lại", "khong_mo"),
        task=ACCOUNT,
    ),
    dialog(
        "viec_khac",
        ask(
            "hoi",
            Choice("Làm tiếp", Return()),
            Choice("Quay lại bước trước", means="back"),
            Choice("Nghi bị lừa", means="scam_report"),
            Choice("Gặp người thật", means="human"),
            Choice("Nghỉ", means="pause"),
            Choice("Về đầu", means="menu"),
        ),
        more="hoi",
    ),
    dialog(
        "gap_nguoi",
        Step("ghi", effects=(HandOver(),)),
        ask("hoi", Choice("Gọi điện", Goto("gap_nguoi", "goi")), Choice("Thôi, làm tiếp", Return())),
        say("goi", Return()),
        human="ghi",
    ),
    dialog("lua_dao", ask("hoi", Choice("Chưa làm gì", Return(), means="no")), scam_report="hoi"),
    dialog(
        "xin_phep",
        ask(
            "hoi",
            Choice("Đồng ý", Return(), means="yes", effects=(Agree("progress"), Agree("count"))),
            Choice("Không", Return(), means="no", effects=(Decline("progress"), Decline("count"))),
            variants=(("helping", Wording("hỏi giùm {nguoi_nha}")),),
        ),
        consent="hoi",
    ),
    dialog(
        "xoa",
        ask("hoi", Choice("Xoá hết", Goto("xoa", "da_xoa"), effects=(Forget(),)), Choice("Thôi", Return(), means="no")),
        say("da_xoa", Goto("chao", "bat_dau")),
        delete_data="hoi",
    ),
    dialog(
        "noi_den",
        ask("hoi", Choice("Rõ rồi", Return()), Choice("Chỗ khác", Goto("noi_den", "xa"))),
        say("xa", Return()),
    ),
)


# ---- talking ----


def worded(replies: Iterable[Reply]) -> list[str]:
    """What was said and shown, filled in: "1/3 Cài app: cài app", "[hinh_mot]"."""
    texts = []
    for reply in replies:
        match reply:
            case Say(text, values, None):
                texts.append(text.format_map(values))
            case Say(text, values, step) if step:
                texts.append(f"{step.number}/{step.total} {step.title}: {text.format_map(values)}")
            case Show(picture):
                texts.append(f"[{picture}]")
    return texts


class Chat:
    """A person at a book. Each turn stores the state as JSON and reads it again, as a real chat does."""

    def __init__(self, content: Book | None = None, state: State | None = None) -> None:
        self.book = content or book()
        self.state = state or State()
        self.buttons: tuple[Button, ...] = ()
        self.main: int | None = None
        self.effects: list[Effect] = []

    def take(self, event: Event) -> list[str]:
        turn = advance(self.book, self.state, event)
        self.state = State.from_dict(json.loads(json.dumps(turn.state.to_dict())))
        assert self.state == turn.state
        last = turn.replies[-1]
        assert isinstance(last, Offer)
        self.buttons = last.buttons
        self.main = last.main
        self.effects = list(turn.effects)
        return worded(turn.replies)

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    @property
    def place(self) -> str:
        return str(self.state.place)

    @property
    def path(self) -> str:
        return " ".join(str(place) for place in self.state.path)

    def open(self, *, away: bool = False) -> list[str]:
        return self.take(ChatOpened(away=away))

    def press(self, label: str, *, away: bool = False) -> list[str]:
        """Press one of the buttons now offered."""
        button = next(each for each in self.buttons if each.label == label)
        return self.press_id(button.id, away=away)

    def press_id(self, button: str, *, away: bool = False) -> list[str]:
        return self.take(ButtonPressed(button=button, away=away))

    def mean(
        self,
        intent: str,
        confidence: float = 1.0,
        *,
        away: bool = False,
        hidden: bool = False,
        entities: Mapping[str, str] | None = None,
    ) -> list[str]:
        named = tuple(Entity(name, value) for name, value in (entities or {}).items())
        return self.take(TextUnderstood(meaning=Meaning(intent, confidence, named), hidden=hidden, away=away))

    def type(self, line: str) -> list[str]:
        """A line that names a button, by number or by label."""
        button = typed_choice(self.book, self.state, line)
        assert button is not None
        return self.press_id(button)

    def go(self, *labels: str) -> "Chat":
        """Open the chat where it is new, then press one button after the other."""
        if not self.state.path:
            self.open()
        for label in labels:
            self.press(label)
        return self


def at_step_one(content: Book | None = None) -> Chat:
    """A chat at the first numbered step of the first journey, on an Android phone."""
    return Chat(content).go("Bắt đầu", "Việc một", "Máy khác")


def at_step_two(content: Book | None = None) -> Chat:
    return at_step_one(content).go("Xong rồi")


# ---- content that changes under a living chat ----


def without(content: Book, *gone: str, untitled: Mapping[str, Choice] | None = None) -> Book:
    """The book without some "dialog", "dialog.step" or "?symptom"; what led there returns.

    ``untitled`` are numbered steps that became plain questions, by "dialog.step".
    """
    symptoms = {name: each for name, each in content.symptoms.items() if f"?{name}" not in gone}
    dialogs = {}
    for name, each in content.dialogs.items():
        steps = [
            _rewritten(step, gone, untitled or {}, f"{name}.{step.name}")
            for step in each.steps.values()
            if name not in gone and f"{name}.{step.name}" not in gone
        ]
        if steps:
            made = dialog(name, *steps, task=each.task)
            hears = {meaning: step for meaning, step in each.hears.items() if step in made.steps}
            dialogs[name] = Dialog(name, each.title, made.steps, each.task, hears)
    left = {f"{name}.{step}" for name, each in dialogs.items() for step in each.steps}
    return _mended(Book(dialogs, symptoms, content.phrases, content.articles), left)


def _rewritten(step: Step, gone: tuple[str, ...], untitled: Mapping[str, Choice], name: str) -> Step:
    symptoms = tuple(each for each in step.symptoms if f"?{each}" not in gone)
    if name in untitled:
        return replace(step, number=0, title="", symptoms=(), choices=(untitled[name],))
    return replace(step, symptoms=symptoms)


def _mended(content: Book, left: set[str]) -> Book:
    def move(each: Move | None) -> Move | None:
        return Return() if isinstance(each, Goto | Call) and f"{each.dialog}.{each.step}" not in left else each

    def choices(each: tuple[Choice, ...]) -> tuple[Choice, ...]:
        return tuple(replace_move(choice, move(choice.move)) for choice in each)

    def replace_move(choice: Choice, to: Move | None) -> Choice:
        return Choice(choice.label, to, choice.means, choice.effects, choice.remember)

    dialogs = {
        name: Dialog(
            name,
            each.title,
            {
                step.name: replace(step, move=move(step.move) or Next(), choices=choices(step.choices))
                for step in each.steps.values()
            },
            each.task,
            each.hears,
        )
        for name, each in content.dialogs.items()
    }
    symptoms = {
        name: replace(each, attempts=tuple(replace(a, choices=choices(a.choices)) for a in each.attempts))
        for name, each in content.symptoms.items()
    }
    return Book(dialogs, symptoms, content.phrases, content.articles)
