"""Paper, read back from the PDF as a reader's program reads it."""

import datetime as dt
import unicodedata

import pypdfium2
import pytest

from bot.content.check_phrase import check_phrase
from bot.content.library import Library
from bot.paper import papers
from bot.paper.papers import ClassReport, Office, ReportRow
from bot.paper.press import PressError, print_pdf

OFFICE = Office("Tổ công nghệ số cộng đồng", "https://gocua.example")
PHRASE = check_phrase(OFFICE.address)

# millimetres, width and height
A4, LANDSCAPE, A3 = (210, 297), (297, 210), (297, 420)


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, in one line."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    return [" ".join(unicodedata.normalize("NFC", text).split()) for text in texts]


def size_of(pdf: bytes) -> tuple[int, int]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        width, height = document[0].get_size()
    finally:
        document.close()
    return round(width / 72 * 25.4), round(height / 72 * 25.4)


@pytest.fixture(scope="module")
def vneid(project: Library) -> bytes:
    return papers.handout(project, project.lessons["vneid_muc_2"], OFFICE)


def test_a_handout_has_every_step_of_its_journey_in_words_for_paper(project: Library, vneid: bytes) -> None:
    text = " ".join(pages_of(vneid))
    steps = [step for step in project.book.dialogs["vneid_muc_2"].steps.values() if step.number]
    for step in steps:
        assert f"Bước {step.number}/8 {step.title}" in text
    assert "Cô chú coi tin nhắn, gõ mã OTP" in text
    assert "đừng gửi cho ai, kể cả Gõ Cửa." in text
    assert "{" not in text
    assert "Dạ " not in text
    assert PHRASE in text
    assert "gocua.example" in text


def test_a_handout_fits_three_sheets_with_a_picture_for_every_step(vneid: bytes) -> None:
    document = pypdfium2.PdfDocument(vneid)
    try:
        drawn = sum(
            1 for page in document for each in page.get_objects() if each.type == pypdfium2.raw.FPDF_PAGEOBJ_IMAGE
        )
        assert (len(document), drawn) == (3, 8)
    finally:
        document.close()


def test_a_lesson_without_a_journey_prints_what_to_keep(project: Library) -> None:
    lesson = project.lessons["phong_lua_dao"]
    text = " ".join(pages_of(papers.handout(project, lesson, OFFICE)))
    for part in lesson.parts:
        for line in part.keep:
            assert line in text


@pytest.mark.parametrize("length", ["short", "long"])
def test_a_script_reads_every_part_of_its_length_with_the_clock(project: Library, length: str) -> None:
    lesson = project.lessons["vneid_muc_2"]
    text = " ".join(pages_of(papers.script(project, lesson, length)))
    begins = 0
    for part in lesson.parts_of(length):
        assert f"{begins // 60}:{begins % 60:02} {part.title} {part.minutes[length]} phút" in text
        begins += part.minutes[length]
    assert ("Nghỉ tay lần hai" in text) == (length == "long")
    assert "Kích hoạt VNeID mức 2 · Bước 4/8: Gõ mã OTP" in text


def test_a_script_tells_the_crook_from_the_class(project: Library) -> None:
    text = " ".join(pages_of(papers.script(project, project.lessons["phong_lua_dao"], "")))
    assert "Người dạy, làm kẻ gian Bác cứ đọc cái mã mới về máy cho tôi, một phút là xong." in text
    assert "Cả lớp đáp lớn Mã này tôi không đọc cho ai." in text


def test_a_poster_is_one_page_with_the_code_of_its_class() -> None:
    plain, coded = papers.poster(OFFICE), papers.poster(OFFICE, code="482913", when="08:00 ngày 25/11")
    assert (size_of(plain), size_of(coded)) == (A3, A3)
    (first,), (second,) = pages_of(plain), pages_of(coded)
    assert "vào lớp" not in first
    assert "Gõ vào lớp 482 913" in second
    assert "Mã lớp 08:00 ngày 25/11, hết lớp là hết mã" in second
    assert all(PHRASE in text and OFFICE.operator in text for text in (first, second))


def test_four_cards_stand_on_a_sheet() -> None:
    (text,) = pages_of(papers.card(OFFICE))
    assert text.count("Ba điều không nói với ai") == 4
    assert text.count(PHRASE) == 4


def test_a_certificate_leaves_the_name_to_the_hand(project: Library) -> None:
    pdf = papers.certificate(project.lessons["cong_dan_so"], OFFICE.operator)
    (text,) = pages_of(pdf)
    assert size_of(pdf) == LANDSCAPE
    assert "tự tay viết tên mình" in text
    assert "Cài app Công dân số TP.HCM" in text
    assert "không phải giấy tờ của cơ quan nhà nước" in text


def test_certificates_of_a_class_bear_its_day_and_place(project: Library) -> None:
    lesson, day = project.lessons["cong_dan_so"], dt.date(2026, 11, 25)
    pdf = papers.certificate(lesson, OFFICE.operator, place="nhà văn hoá <khu phố 3>", day=day, copies=3)
    pages = pages_of(pdf)
    assert len(pages) == 3
    assert all("Nơi học: nhà văn hoá <khu phố 3>" in text for text in pages)
    assert all("Ngày 25 tháng 11 năm 2026" in text for text in pages)


def test_a_class_report_tells_what_it_is_given(project: Library) -> None:
    rows = (ReportRow("Máy đã vô lớp", "40"), ReportRow("Ngồi chung, không có máy", "ẩn"))
    report = ClassReport("Báo cáo lớp học", (("Bài", "Cài app"),), (("Người dự", rows),), ("Chữ ẩn là số nhỏ.",), "vi")
    pdf = papers.class_report(report, OFFICE.operator)
    (text,) = pages_of(pdf)
    assert size_of(pdf) == A4
    for told in ("Báo cáo lớp học", "Bài Cài app", "Máy đã vô lớp 40", "không có máy ẩn", "Chữ ẩn", OFFICE.operator):
        assert told in text


def test_an_operators_name_is_text_and_nothing_else() -> None:
    (text,) = pages_of(papers.poster(Office("<b>&", OFFICE.address)))
    assert "do <b>& lo" in text


def test_a_press_that_fails_says_why() -> None:
    with pytest.raises(PressError, match="Không in được: "):
        print_pdf("card", {"cards": range(4), **OFFICE.facts, "qr": "https://gocua.example/qr.svg"})


def test_every_letter_is_in_the_fonts_we_bring(project: Library) -> None:
    """No letter of the lessons falls back on whatever font the machine has."""
    pdf = papers.script(project, project.lessons["tai_khoan_an_sinh"], "long")
    document = pypdfium2.PdfDocument(pdf)
    try:
        objects = [each for page in document for each in page.get_objects()]
        fonts = {each.get_font().get_base_name() for each in objects if isinstance(each, pypdfium2.PdfTextObj)}
    finally:
        document.close()
    assert fonts
    assert all("Roboto" in font for font in fonts)
