"""What a trainer types: words with or without marks, or a command of the app. Nothing of it is kept or logged."""

import re
from dataclasses import dataclass
from typing import Literal

from bot.core.text import fold

Command = Literal[
    "help", "open", "classes", "next", "back", "again", "stuck", "board", "without_phone", "confirm", "code", "end", ""
]

# each command as the app lists it, and the words that mean the same
COMMANDS: dict[Command, tuple[str, str, tuple[str, ...]]] = {
    "open": ("molop", "Mở một lớp", ("mo lop", "mo mot lop", "lop moi")),
    "next": ("tiep", "Qua phần kế", ("tiep", "tiep tuc", "tiep theo", "phan ke", "qua phan ke", "ke tiep", "bat dau")),
    "back": ("lui", "Về phần trước", ("lui", "phan truoc", "quay lai", "ve phan truoc")),
    "again": ("nhac", "Nhắc lại bước trên mọi máy", ("nhac", "nhac lai", "nhac lai buoc", "nghe lai", "doc lai")),
    "stuck": ("vuong", "Ghế nào cần giúp", ("vuong", "ai vuong", "ai can giup", "ghe nao can giup", "can giup")),
    "board": ("bang", "Cả lớp tới đâu", ("bang", "bang lop", "ca lop", "ca lop toi dau", "toi dau roi", "may nguoi")),
    "without_phone": ("khongmay", "Đếm người không máy", ("khong may", "nguoi khong may", "khong co may")),
    "confirm": ("xacnhan", "Xác nhận ghế đã làm xong", ("xac nhan", "xac nhan ghe", "da thay", "ghe")),
    "code": ("malop", "Mã lớp, hình vuông, màn chiếu", ("ma lop", "ma", "hinh vuong", "man chieu", "qr")),
    "classes": ("lop", "Các lớp của mình", ("lop", "cac lop", "lop nao", "lop cua toi", "lop cua minh", "doi lop")),
    "end": ("ketthuc", "Kết thúc lớp", ("ket thuc", "ket thuc lop", "tan lop", "het lop")),
    "help": ("giup", "Coi gõ được gì", ("giup", "help", "menu", "start", "chao", "xin chao")),
}

# words that end a question of ours
_STOP = frozenset({"thoi", "huy", "bo qua", "khong mo nua"})

_NUMBER = re.compile(r"\d{1,4}")


@dataclass(frozen=True, slots=True)
class Said:
    """A command and the numbers typed with it; of other texts, none."""

    command: Command
    numbers: tuple[int, ...] = ()


def read(text: str) -> Said:
    """What somebody wants; bare numbers are the seats they confirm.

    >>> read("Ai vướng?").command, read("/vuong@lop_bot").command, read("nhà văn hoá").command
    ('stuck', 'stuck', '')
    >>> read("3, 7 và 12"), read("không máy 5").numbers
    (Said(command='confirm', numbers=(3, 7, 12)), (5,))
    """
    words = fold(re.sub(r"^(/\w+)@\w+", r"\1", text.strip()))
    numbers = tuple(int(number) for number in _NUMBER.findall(words))
    rest = " ".join(word for word in words.split() if not word.isdecimal() and word != "va")
    if not rest:
        return Said("confirm" if numbers else "", numbers)
    return Said(_MEANS.get(rest, ""), numbers)


def is_stop(text: str) -> bool:
    return fold(text) in _STOP


_MEANS: dict[str, Command] = {
    word: command for command, (name, _, words) in COMMANDS.items() for word in (name, *words)
}
