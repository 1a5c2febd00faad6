"""A whole class, from the code on the wall to the ward's figures: learners on Zalo, Telegram and the web, one pace.

Everything is real but the platforms, which are their stand-ins, by HTTP on loopback.
"""

import itertools
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import httpx
import pytest

from bot.bootstrap import Service, build_service, open_database, open_office
from bot.campaign.report import make_report
from bot.staff import words
from bot.store.staff import Account
from tests.staff.chat import Chat, at_work
from tests.stand_ins.control import Control, Someone
from tests.stand_ins.telegram.app import telegram_served
from tests.stand_ins.zalo_oa.app import zalo_oa_served
from tests.test_running import log_in, settings_for, wait_for
from tests.web.desk.people import new_official
from tests.web.player import Page, Visitor
from tests.web.sites import served

LESSON, TASK, WARD = "cong_dan_so", "digital_citizen_app", "26740"


class Trainer(Protocol):
    """Whoever leads the class: on the board, or by another way that does the same."""

    def opens(self, part: str) -> None: ...
    def ends(self) -> None: ...
    def board(self) -> dict[str, Any]: ...
    def saw(self, seat: int) -> None: ...


@dataclass
class OnTheBoard:
    """A trainer with the class's page open in a browser."""

    address: str
    link: str
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def opens(self, part: str) -> None:
        self._tap(act="open", part=part)

    def ends(self) -> None:
        self._tap(act="end")

    def board(self) -> dict[str, Any]:
        with httpx.stream("GET", f"{self.address}{self.link}/song", trust_env=False, timeout=30) as stream:
            line = next(line for line in stream.iter_lines() if line.startswith("data: "))
        found: dict[str, Any] = httpx.Response(200, content=line.removeprefix("data: ")).json()
        return found

    def saw(self, seat: int) -> None:
        form = {"seat": str(seat), "person": "", "task": TASK, "seen": "yes"}
        answer = self._post(f"{self.link}/ghe", form)
        assert answer.status_code == 303, answer.text

    def _tap(self, **form: str) -> None:
        answer = self._post(self.link, {"id": f"tap-{next(self.numbers):06}", **form})
        assert answer.is_success, answer.text

    def _post(self, path: str, form: dict[str, str]) -> httpx.Response:
        headers = {"Origin": self.address}
        return httpx.post(self.address + path, data=form, headers=headers, trust_env=False, timeout=30)


@dataclass
class OnTelegram:
    """A trainer who leads from the chat of the trainers' bot."""

    chat: Chat
    titles: dict[str, str]

    def opens(self, part: str) -> None:
        """One part after the other, as a lesson goes, until this one is taught."""
        while f": {self.titles[part]} (" not in self.chat.hears()[-1].partition("\n")[0]:
            self.chat.taps(next(each for each in self.chat.labels() if each.startswith(("Bắt đầu: ", "Tiếp: "))))

    def ends(self) -> None:
        self.chat.says("tan lớp")
        self.chat.taps(words.B_YES_END)

    def board(self) -> dict[str, Any]:
        [board], [stuck] = self.chat.says("cả lớp"), self.chat.says("ai vướng")
        counted = {
            "seats": r"(\d+) ghế,",
            "iphone": r"iPhone (\d+)",
            "android": r"Android (\d+)",
            "done": r"rồi: (\d+)",
        }
        numbers = {name: int(found[1]) for name, like in counted.items() if (found := re.search(like, board))}
        return {**numbers, "help": [[int(seat)] for seat in re.findall(r"^Ghế (\d+)", stuck, re.MULTILINE)]}

    def saw(self, seat: int) -> None:
        self.chat.says(str(seat))
        assert self.chat.taps(words.B_SEEN)[0].endswith(f"đã ghi ghế {seat}.")


class Learner(Protocol):
    """Somebody with a phone, whatever it is on."""

    def says(self, text: str) -> None: ...
    def taps(self, label: str) -> None: ...
    def said(self) -> str: ...


@dataclass
class OnAPlatform:
    """Somebody in a chat of Zalo or Telegram."""

    person: Someone

    def says(self, text: str) -> None:
        self.person.writes(text)

    def taps(self, label: str) -> None:
        wait_for(lambda: label in self.person.labels(), lambda: f"no {label!r}: {self.said()}")
        self.person.taps(label)

    def said(self) -> str:
        return "\n".join(self.person.hears())


@dataclass
class OnAPage:
    """Somebody with a browser, who came by the link of the class."""

    visitor: Visitor

    def says(self, text: str) -> None:
        self.visitor.write(text)

    def taps(self, label: str) -> None:
        self.visitor.press(next(each.id for each in reversed(self._page().buttons) if each.label == label))

    def said(self) -> str:
        return "\n".join(self._page().says)

    def _page(self) -> Page:
        return self.visitor.open()


@dataclass
class Hall:
    """The class and everybody in it."""

    service: Service
    address: str
    code: str
    trainer: Trainer
    zalo: Control
    telegram: Control
    pages: list[Visitor] = field(default_factory=list)

    def on_zalo(self, name: str) -> Learner:
        learner = OnAPlatform(self.zalo.person(name))
        learner.says(f"vào lớp {self.code}")
        return learner

    def on_telegram(self, name: str) -> Learner:
        learner = OnAPlatform(self.telegram.person(name))
        learner.says(f"/start lop_{self.code}")
        return learner

    def on_a_page(self) -> Learner:
        visitor = Visitor(self.address)
        self.pages.append(visitor)
        visitor.client.get(f"/?lop={self.code}")
        return OnAPage(visitor)


@contextmanager
def led_on_the_board(service: Service, address: str, staff: Account) -> Iterator[tuple[str, Trainer]]:
    """A class with its code, and a trainer who has its board open."""
    lesson = service.library.lessons[LESSON]
    opened = service.schedule.open(lesson, length="short", ward=WARD, venue="", staff=staff)
    yield opened.code, OnTheBoard(address, f"/lop/{service.schedule.lead(opened, staff)}")


@contextmanager
def led_on_telegram(service: Service, address: str, staff: Account) -> Iterator[tuple[str, Trainer]]:
    """The same opened and led from a chat, by a bot that shares nothing but the database with the one of residents."""
    store, lesson = open_database(service.settings), service.library.lessons[LESSON]
    office = open_office(replace(service.settings, public_url=address), service.library, store)
    with (
        telegram_served() as platform,
        closing(Control(platform)) as control,
        at_work(office, platform, control) as running,
    ):
        chat = Chat(control.person("Người dạy"), running)
        chat.ties(office, staff)
        for label in (words.B_OPEN, lesson.title, words.LENGTHS["short"].format(minutes=lesson.minutes["short"])):
            chat.taps(label)
        told = chat.taps(words.B_NO_VENUE)[-1]
        code = re.search(r"Mã lớp: (\d{3}) (\d{3})", told)
        assert code, told
        yield code[1] + code[2], OnTelegram(chat, {part.name: part.title for part in lesson.parts})
    store.engine.dispose()


@pytest.fixture(params=[led_on_the_board, led_on_telegram])
def hall(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hall]:
    with zalo_oa_served() as zalo, telegram_served() as telegram:
        controls = Control(zalo), Control(telegram)
        settings = replace(settings_for("zalo_oa", zalo, tmp_path), channels=("zalo_oa", "telegram"))
        settings = replace(settings, telegram_api=telegram)
        log_in(settings, controls[0])
        service = build_service(settings)
        staff = new_official(service, "trainer", (WARD,)).account
        with served(service) as site, request.param(service, site.address, staff) as (code, trainer):
            controls[0].post("webhook", url=f"{site.address}/webhooks/zalo-oa")
            hall = Hall(service, site.address, code, trainer, *controls)
            yield hall
            for visitor in hall.pages:
                visitor.client.close()
        for control in controls:
            control.close()


def hears(learner: Learner, words: str, *, times: int = 1) -> None:
    def missing() -> str:
        return f"{words!r} never came: {learner.said()}"

    # a platform's limits let a phone that is some parts behind catch up slowly
    wait_for(lambda: learner.said().count(words) >= times, missing, patience=120)


def stands(trainer: Trainer, met: "Callable[[dict[str, Any]], bool]") -> None:
    """Waits until the board shows it."""
    wait_for(lambda: met(trainer.board()), lambda: str(trainer.board()))


def seat_of(learner: Learner) -> int:
    hears(learner, "ghế số")
    found = re.search(r"ghế số (\d+)", learner.said())
    assert found
    return int(found[1])


def settle(learner: Learner, phone: str, answer: str) -> int:
    """Answers what a class asks on joining, by word; the seat."""
    seat = seat_of(learner)
    for asked, said in (("đang xài điện thoại nào", phone), ("xin phép hai điều", answer)):
        hears(learner, asked)
        learner.says(said)
    return seat


def test_a_class_on_three_channels_goes_from_the_code_to_the_wards_figures(hall: Hall) -> None:
    trainer, names = hall.trainer, {}
    for name, learner in (("zalo", hall.on_zalo("Cô Ba")), ("page", hall.on_a_page())):
        names[name] = learner, settle(learner, "Máy khác (Samsung, Oppo…)", "Đồng ý cả hai")
    telegram = hall.on_telegram("Chú Tư")
    names["telegram"] = telegram, settle(telegram, "iPhone", "Chỉ cộng vào số người làm")
    for learner, _ in names.values():
        hears(learner, "ngồi chờ một chút")
    stands(trainer, lambda board: (board["seats"], board["iphone"], board["android"]) == (3, 1, 2))

    # the first step: by tap, by word, and one who is stuck
    trainer.opens("mo_vneid")
    for learner, _ in names.values():
        hears(learner, "mở VNeID trên máy mình")
    names["zalo"][0].says("xong rồi con")
    names["page"][0].taps("Xong rồi")
    names["telegram"][0].taps("Chưa được")
    names["telegram"][0].taps("Quên mã sáu số")
    stands(trainer, lambda board: board["done"] == 2 and [each[0] for each in board["help"]] == [names["telegram"][1]])

    # the second: who is stuck is left in peace, a latecomer is where the class is, who is there already hears nothing
    trainer.opens("tai_app")
    hears(names["telegram"][0], "gỡ xong chỗ này")
    late = hall.on_zalo("Má Năm")
    names["late"] = late, settle(late, "không rõ máy gì", "Không đồng ý")
    hears(late, "Tên app có chữ Thành phố Hồ Chí Minh")
    assert names["page"][0].said().count("lớp mình tới bước này") == 1
    names["telegram"][0].taps("Được rồi")
    names["telegram"][0].taps("Xong rồi")
    hears(names["telegram"][0], "Tên app có chữ Thành phố Hồ Chí Minh")

    # to the end: two finish, one asks to be reminded at home, one goes without a question
    trainer.opens("phan_anh")
    for name in ("zalo", "page"):
        hears(names[name][0], "có chuyện thật như hẻm ngập")
        names[name][0].says("Xong rồi")
        finish(names[name][0])
    hears(names["telegram"][0], "có chuyện thật như hẻm ngập")
    hears(late, "có chuyện thật như hẻm ngập")
    trainer.ends()
    hears(late, "Dạ lớp bữa nay tới đây là xong")
    hears(names["telegram"][0], "Dạ lớp bữa nay tới đây là xong")
    assert "Mai nhắc tôi" not in late.said()
    assert "lớp bữa nay" not in names["page"][0].said()

    # what the trainer saw on the phones stands in the figures; who did not agree is not counted
    for name in ("zalo", "page"):
        trainer.saw(names[name][1])
    count = make_report(hall.service.store.engine).tasks[TASK]
    assert (count.completed, count.by_evidence) == (2, {"trainer": 2})


def finish(learner: Learner) -> None:
    """The question at the end of the lesson's journey, which proves it."""
    hears(learner, "có thấy hiện tên của mình")
    learner.says("Thấy rồi")
    hears(learner, "Dạ xong rồi đó")
