"""The command line as other programs see it: a process with standard input and output."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.bootstrap import Bot, build_bot
from bot.channels.messages import Buttons, ContactKey, Incoming
from bot.settings import PROJECT, load_settings

GOCUA = Path(sys.executable).with_name("gocua")
TASKS = {
    "Kích hoạt VNeID mức 2": "vneid_level_2",
    "Liên kết nhận tiền an sinh": "social_security_account",
    "Cài app Công dân số TP.HCM": "digital_citizen_app",
}


def gocua(*words: str, lines: str | bytes = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    given = lines if isinstance(lines, bytes) else lines.encode()
    settings = os.environ | environment
    done = subprocess.run([GOCUA, *words], check=False, input=given, capture_output=True, env=settings, timeout=60)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def db(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'cli.db'}"


def reported(db: str) -> dict[str, dict[str, object]]:
    tasks: dict[str, dict[str, object]] = json.loads(gocua("report", "--json", "--db", db).stdout)["tasks"]
    return tasks


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    folder = tmp_path_factory.mktemp("scout")
    return build_bot(replace(load_settings(), database_url=f"sqlite:///{folder / 'scout.db'}"))


def way_through(bot: Bot, task: str) -> list[str]:
    """The lines a person types to finish a task: "Xong rồi" where it stands, else the first button."""
    contact = ContactKey("scout", task)
    answer = bot.worker.handle(Incoming(contact))
    typed: list[str] = []
    while len(typed) < 60:
        last = answer.messages[-1]
        assert isinstance(last, Buttons)
        labels = [button.label for button in last.buttons]
        typed.append(task if task in labels else "Xong rồi" if "Xong rồi" in labels else labels[0])
        answer = bot.worker.handle(Incoming(contact, text=typed[-1]))
        if typed[-1] == "Thấy rồi":
            return typed
    raise AssertionError(f"no end in sight: {typed}")


@pytest.mark.parametrize("task", TASKS)
def test_a_piped_chat_goes_through_a_journey_and_counts_once(task: str, db: str, bot: Bot) -> None:
    lines = "\n".join(way_through(bot, task)) + "\n"
    for _ in range(2):
        assert gocua("chat", "--plain", "--db", db, "--as", "co_ba", lines=lines).returncode == 0
    counted = {name: (count["started"], count["completed"]) for name, count in reported(db).items()}
    assert counted == {name: ((1, 1) if name == TASKS[task] else (0, 0)) for name in TASKS.values()}
    assert reported(db)[TASKS[task]]["by_evidence"] == {"self": 1, "helper": 0, "trainer": 0, "officer": 0}


def test_a_later_call_goes_on_where_the_earlier_one_stopped(db: str) -> None:
    first = gocua("chat", "--plain", "--db", db, "--as", "chu_tu", lines="1\n2\n").stdout
    later = gocua("chat", "--plain", "--db", db, "--as", "chu_tu").stdout
    other = gocua("chat", "--plain", "--db", db, "--as", "nguoi khac").stdout
    assert first.endswith(later)
    assert "xin chào" in other


def test_strange_lines_are_answered_and_the_end_is_quiet(db: str) -> None:
    lines = b"\n\xff\xfe\x00\n" + b"x" * 100_000 + b"\n\xf0\x9f\x98\x80\n\r\n"
    done = gocua("chat", "--plain", "--db", db, lines=lines)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("[1] ") == 6


def test_no_input_at_all_ends_well(db: str) -> None:
    assert gocua("chat", "--plain", "--db", db).returncode == 0


@pytest.mark.parametrize(
    ("words", "environment", "message"),
    [
        (["chat", "--db", "khong phai dia chi"], {}, "địa chỉ cơ sở dữ liệu không đọc được"),
        (["report", "--db", "sqlite:////proc/khong/co/gocua.db"], {}, "không tạo được thư mục"),
        (["chat"], {"GOCUA_CONTENT": "/nowhere"}, "GOCUA_CONTENT"),
        (["chat"], {"GOCUA_PORT": "abc"}, "GOCUA_PORT"),
    ],
    ids=["no address", "no folder", "no content", "no port"],
)
def test_faults_are_one_clear_line(words: list[str], environment: dict[str, str], message: str) -> None:
    done = gocua(*words, **environment)
    assert done.returncode == 1
    assert done.stderr.startswith("gocua: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_broken_dialog_stops_the_start_with_its_line(tmp_path: Path, db: str) -> None:
    for folder in ("dialogs", "knowledge"):
        shutil.copytree(PROJECT / folder, tmp_path / folder)
    menu = tmp_path / "dialogs" / "menu.yml"
    menu.write_text(
        menu.read_text(encoding="utf-8").replace('goto: "cong_dan_so"', 'goto: "cong_dan_xo"'), encoding="utf-8"
    )
    message = 'bước "chon" trỏ tới "cong_dan_xo", không có bước này.'
    done = gocua("chat", "--db", db, GOCUA_CONTENT=str(tmp_path))
    assert (done.returncode, "Traceback" in done.stderr, message in done.stderr) == (1, False, True)
    checked = gocua("check", "--content", str(tmp_path))
    assert (checked.returncode, message in checked.stdout) == (1, True)


def test_help_is_there_for_every_command() -> None:
    text = gocua("--help", COLUMNS="100").stdout
    assert [word for word in ("serve", "chat", "check", "report", "bench") if word not in text] == []


def test_another_language_is_refused_kindly(db: str) -> None:
    done = gocua("chat", "--plain", "--lang", "fr", "--db", db)
    assert (done.returncode, "Tiếng Việt (vi), English (en)" in done.stderr) == (2, True)


def test_a_chat_may_begin_in_english(db: str) -> None:
    done = gocua("chat", "--plain", "--lang", "en", "--db", db, lines="menu\n")
    assert [line for line in done.stdout.splitlines() if line.startswith("[1]")] == [
        "[1] I do it for myself",
        "[1] Activate VNeID level 2",
    ]
