"""The plain protocol is fixed: other tools read it."""

import io

from rich.console import Console

from bot.channels.messages import Buttons, Message, Picture, Text
from bot.channels.terminal import talk, write_plain, write_rich
from bot.core.replies import Button

MESSAGES: tuple[Message, ...] = (
    Text("Dòng một\ndòng hai", "Bước 1/2: Cài", 1, 2),
    Picture("vneid_cai_dat", "Tìm VNeID"),
    Buttons((Button("x/1", "Xong rồi"), Button("x/2", "Chưa được"))),
)


def test_the_plain_form() -> None:
    out = io.StringIO()
    write_plain(MESSAGES, out)
    assert out.getvalue() == (
        "bot> Bước 1/2: Cài\nDòng một\ndòng hai\nbot> [hình: vneid_cai_dat] Tìm VNeID\n[1] Xong rồi\n[2] Chưa được\n"
    )


def test_the_form_for_people_says_the_same() -> None:
    out = io.StringIO()
    write_rich(MESSAGES, Console(file=out, width=80))
    assert [word for word in ("Bước 1/2", "dòng hai", "Tìm VNeID", "1  Xong rồi") if word not in out.getvalue()] == []


def test_a_talk_greets_first_and_then_answers_each_line() -> None:
    heard: list[str | None] = []

    def answer(line: str | None) -> tuple[Message, ...]:
        heard.append(line)
        return (Text(f"{line}"),)

    shown: list[object] = []
    talk(["xin chào\n", "\r\n", "  1 \n"], answer, shown.append)
    assert heard == [None, "xin chào", "", "  1 "]
    assert shown == [(Text("None"),), (Text("xin chào"),), (Text(""),), (Text("  1 "),)]
