"""Classes on the command line: for whom they are opened, when, and what is said where that makes no sense."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.bootstrap import open_database, read_content
from bot.classes.schedule import Schedule
from bot.cli import app
from bot.cli.options import settings_with

LESSON, WARD = "cong_dan_so", "26740"


class Operator:
    """Somebody at the machine, with one database in which Lan may teach."""

    def __init__(self, folder: Path) -> None:
        self.settings = settings_with(f"sqlite:///{folder / 'classes.db'}")
        self.store = open_database(self.settings)
        self.store.staff.add("lan", "trainer", [WARD], by="cli")

    def opens(self, *words: str) -> Result:
        return CliRunner().invoke(app, ["class", "open", *words, "--db", self.settings.database])

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.store, read_content(self.settings).lessons)


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


def test_a_class_is_opened_in_the_name_of_its_trainer(operator: Operator) -> None:
    said = operator.opens(LESSON, "--trainer", " Lan ", "--length", "short", "--venue", "nhà văn hoá").output
    [token] = re.findall(r"/lop/([\w-]{40,})", said)
    led = operator.schedule.by_link(token)
    assert led is not None
    assert (led.found.ward, led.found.venue, led.found.length) == (WARD, "nhà văn hoá", "short")
    assert f"Mã lớp: {led.found.code[:3]} {led.found.code[3:]}" in said
    opened = next(each.entry for each in operator.store.audit.latest(9) if each.entry.action == "class_opened")
    assert (opened.actor, opened.detail) == ("cli", led.actor)


def test_a_class_can_be_planned_by_the_citys_clock(operator: Operator) -> None:
    day = (operator.store.now()).strftime("%Y-12-31")
    said = operator.opens(LESSON, "--trainer", "lan", "--at", f"{day} 08:30").output
    assert "Bắt đầu: 08:30 ngày 31/12/" in said
    [planned] = operator.schedule.of_trainer(1)
    assert planned.starts_at.isoformat() == f"{day}T01:30:00+00:00"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((LESSON,), "--trainer"),
        ((LESSON, "--trainer", "khong-co"), "gocua staff add"),
        ((LESSON, "--trainer", "lan", "--at", "mai"), "2026-11-25 08:00"),
        ((LESSON, "--trainer", "lan", "--at", "2020-01-01 08:00"), "giờ bắt đầu đã qua"),
        ((LESSON, "--trainer", "lan", "--length", "mini"), "có: short, long"),
    ],
)
def test_what_makes_no_sense_is_said(operator: Operator, words: tuple[str, ...], told: str) -> None:
    done = operator.opens(*words)
    assert done.exit_code != 0
    said = " ".join(re.sub(r"[│╭╮╰╯─]", " ", done.output + str(done.exception)).split())
    assert told in said
    assert [each.entry.action for each in operator.store.audit.latest(9)] == ["staff_added"]
