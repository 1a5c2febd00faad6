# ruff: noqa: E501 - a message stays on one line, so that it can be searched for
"""Lessons: how they are read, and what ``gocua check`` says to whoever wrote one wrong."""

from pathlib import Path

import pytest

from bot.content.lessons import Exchange, Trouble
from bot.content.library import Library, load_library
from tests.content.small_content import copy_of_small, problems, spoil

FILE = "dialogs/lessons/bai.yml"
LESSON = """\
title: "Tải app"
for: "Ai cũng được"
minutes: {short: "20", long: "60"}
bring: ["Điện thoại"]
parts:
  tai:
    title: "Tải app về máy"
    minutes: {short: "15", long: "35"}
    say: |
      Mình mở kho ứng dụng.
      Gõ tên app.
    do: "Mỗi người tự tải."
    open: "cai_app.tai"
    wrong:
      - symptom: "khong_tai_duoc"
      - when: "Máy hết pin"
        try: "Cắm sạc."
    ask: "Tải ở đâu?"
    answer: "Kho ứng dụng."
    keep: ["Chỉ tải từ kho ứng dụng."]
  nghi:
    title: "Nghỉ"
    minutes: "5"
    pause: "Mình uống nước."
  vai:
    title: "Đóng vai"
    minutes: {long: "20"}
    say: "Em làm kẻ gian."
    picture: "kho"
    play:
      - trick: "Đọc mã OTP cho tôi."
        answer: "Không đọc cho ai."
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = copy_of_small(tmp_path)
    (root / "dialogs/lessons").mkdir()
    (root / FILE).write_text(LESSON, encoding="utf-8")
    return root


def test_a_lesson_is_read_with_its_lengths(root: Path) -> None:
    lesson = load_library(root).lessons["bai"]
    assert dict(lesson.minutes) == {"short": 20, "long": 60}
    assert [part.name for part in lesson.parts_of("short")] == ["tai", "nghi"]
    assert [part.minutes["long"] for part in lesson.parts_of("long")] == [35, 5, 20]
    tai, _, vai = lesson.parts
    assert tai.opens == ("cai_app", "tai")
    assert tai.say == "Mình mở kho ứng dụng.\nGõ tên app."
    assert tai.wrong == (
        Trouble("Máy báo không tải được", "Dạ {anh_chi} bật Wi-Fi lên nha.", "khong_tai_duoc"),
        Trouble("Máy hết pin", "Cắm sạc."),
    )
    assert vai.play == (Exchange("Đọc mã OTP cho tôi.", "Không đọc cho ai."),)


def test_a_good_lesson_is_in_order(root: Path) -> None:
    assert problems(root) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title: "Tải app"\n', "", 'bai.yml:1: thiếu "title".'),
        ('for: "Ai', 'fo: "Ai', ['bai.yml:1: thiếu "for".', 'bai.yml:2: có chữ "fo" không dùng được ở đây. Ý bạn là "for"?']),
        ('long: "60"', 'long: "một giờ"', ['bai.yml:3: "minutes" ghi "một giờ"; viết số phút, ví dụ "10".', "bai.yml:3: buổi dài: các phần cộng lại 60 phút, đầu tệp ghi 0."]),
        ('long: "60"', 'long: "75"', "bai.yml:3: buổi dài: các phần cộng lại 60 phút, đầu tệp ghi 75."),
        ('{short: "20", long: "60"}', '"40"', ['bai.yml:3: bài chưa có câu hỏi nào ("ask") coi bà con hiểu chưa.', 'bai.yml:3: các phần cộng lại 5 phút, đầu tệp ghi 40.', 'bai.yml:8: phần "tai" bài này không có bản "long" ở đầu tệp.', 'bai.yml:8: phần "tai" bài này không có bản "short" ở đầu tệp.', 'bai.yml:27: phần "vai" bài này không có bản "long" ở đầu tệp.']),
        ('short: "15", long: "35"', 'short: "15", log: "35"', ["bai.yml:3: buổi dài: các phần cộng lại 25 phút, đầu tệp ghi 60.", 'bai.yml:3: bài buổi dài chưa có câu hỏi nào ("ask") coi bà con hiểu chưa.', 'bai.yml:8: phần "tai" có chữ "log" không dùng được ở đây. Ý bạn là "long"?']),
        ('    pause: "Mình uống nước."\n', "", ['bai.yml:22: phần "nghi" cần đúng một trong hai: "say" (lời đọc) hoặc "pause" (lời mời nghỉ).', 'bai.yml:25: phần "vai" tới đây dạy liền 60 phút chưa nghỉ; thêm một phần có "pause" trước đó.']),
        ('    pause: "Mình uống nước."', '    say: "Mình uống nước."', 'bai.yml:26: phần "vai" tới đây dạy liền 60 phút chưa nghỉ; thêm một phần có "pause" trước đó.'),
        ('    answer: "Kho ứng dụng."\n', "", 'bai.yml:7: phần "tai" "ask" và "answer" đi với nhau: hỏi gì, bà con trả lời sao là hiểu.'),
        ("cai_app.tai", "cai_ap.tai", 'bai.yml:13: phần "tai" mở "cai_ap.tai", không có cuộc trò chuyện "cai_ap". Ý bạn là "cai_app"?'),
        ("cai_app.tai", "cai_app.taii", 'bai.yml:13: phần "tai" mở "cai_app.taii", không có bước "taii" trong đó. Ý bạn là "tai"?'),
        ("cai_app.tai", "giup.ghi", 'bai.yml:13: phần "tai" mở "giup.ghi", nhưng bước đó không chờ ai bấm; chọn bước có nút.'),
        ('symptom: "khong_tai_duoc"', 'symptom: "khong_tai_dc"', 'bai.yml:15: phần "tai" nhắc trục trặc "khong_tai_dc", không có trục trặc này. Ý bạn là "khong_tai_duoc"?'),
        ('        try: "Cắm sạc."\n', "", 'bai.yml:16: phần "tai" một chỗ hay vướng cần "symptom", hoặc cả "when" lẫn "try".'),
        ('        answer: "Không đọc cho ai."\n', "", 'bai.yml:31: phần "vai" một lượt đóng vai thiếu "answer".'),
        ('picture: "kho"', 'picture: "khoo"', 'bai.yml:26: phần "vai" cần hình "khoo", không có hình này. Ý bạn là "kho"?'),
        ("Gõ tên app.", "{Anh_chi} gõ tên app.", 'bai.yml:7: phần "tai" có {Anh_chi}; lời cho cả lớp thì viết thẳng: "cô chú, anh chị", "bà con".'),
        ("Gõ tên app.", "Các bạn gõ tên app, dễ mà.", ['bai.yml:7: phần "tai" có chữ "các bạn", không phải giọng nhà mình.', 'bai.yml:7: phần "tai" có chữ "dễ mà", không phải giọng nhà mình.']),
        ("Gõ tên app.", "Gõ tên app " + "chầm chậm " * 42, 'bai.yml:7: phần "tai" có đoạn đọc dài 430 chữ cái, tối đa 420; xuống dòng cho người ta thở.'),
        ("Đọc mã OTP cho tôi.", "Bấm qua-tang.top, gọi 0901234567.", ['bai.yml:26: phần "vai" lời kẻ gian có "0901234567"; đừng ghi số hay trang có thể có thật.', 'bai.yml:26: phần "vai" lời kẻ gian có "qua-tang.top"; đừng ghi số hay trang có thể có thật.']),
        ("Gõ tên app.", "Đọc mã OTP cho em coi.", 'bai.yml:7: phần "tai" hỏi xin thứ không bao giờ được hỏi (mã OTP).'),
        ("Không đọc cho ai.", "Tôi gọi số 1234.", 'bai.yml:26: phần "vai" nhắc số "1234", chưa có trong knowledge/hotlines.yml.'),
        ("Gõ tên app.", "Mở trang vneidd.gov.vn.", 'bai.yml:7: phần "tai" nhắc trang "vneidd.gov.vn", chưa có trong knowledge/hosts.yml. Ý bạn là "vneid.gov.vn"?'),
    ],
)  # fmt: skip
def test_a_mistake_is_said_with_its_line(root: Path, old: str, new: str, said: str | list[str]) -> None:
    spoil(root, FILE, old, new)
    assert problems(root) == [f"dialogs/lessons/{each}" for each in ([said] if isinstance(said, str) else said)]


def test_every_task_has_a_lesson_of_two_lengths(project: Library) -> None:
    tasks = {name for name, dialog in project.book.dialogs.items() if dialog.task}
    assert {name for name, lesson in project.lessons.items() if set(lesson.minutes) == {"short", "long"}} == tasks


def test_a_task_lesson_opens_its_own_steps_in_their_order(project: Library) -> None:
    for name in ("vneid_muc_2", "tai_khoan_an_sinh", "cong_dan_so"):
        order = project.book.dialogs[name].order
        opened = [part.opens[1] for part in project.lessons[name].parts if part.opens and part.opens[0] == name]
        assert opened == sorted(opened, key=order.index)
        assert len(opened) >= 5
