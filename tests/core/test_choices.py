"""Which button a typed line picks: by its number in figures or words, or by its label."""

from dataclasses import replace

import pytest

from bot.core.choices import button_id, choices_at, naming_choice, nearly_typed_choice, typed_choice
from bot.core.dialogs import Choice, Goto
from bot.core.effects import Agree
from bot.core.state import State, parse_place
from tests.core.books import STANDARD, Chat, ask, at_step_one, book, dialog

OTHER_THINGS = ["Làm tiếp", "Quay lại bước trước", "Nghi bị lừa", "Gặp người thật", "Nghỉ", "Về đầu"]
REMEDY = ["Vẫn chưa được", "Nghe lại", "Việc khác"]


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        pytest.param("1", "xong-roi", id="a number"),
        pytest.param(" 2 ", "chua-duoc", id="a number with blanks"),
        pytest.param("2.", "chua-duoc", id="a number with a dot"),
        pytest.param("02", "chua-duoc", id="a number with a nought"),
        pytest.param("２", "chua-duoc", id="a full-width number"),
        pytest.param("số 2", "chua-duoc", id="số"),
        pytest.param("so 2", "chua-duoc", id="so"),
        pytest.param("nút số 3", "nghe-lai", id="nút số"),
        pytest.param("Bấm nút 3", "nghe-lai", id="bấm nút"),
        pytest.param("chọn số 4", "viec-khac", id="chọn số"),
        pytest.param("hai", "chua-duoc", id="a number in words"),
        pytest.param("số ba", "nghe-lai", id="số, in words"),
        pytest.param("BỐN", "viec-khac", id="a number in capital words"),
        pytest.param("Xong rồi", "xong-roi", id="a label"),
        pytest.param("xong roi", "xong-roi", id="a label without marks"),
        pytest.param("CHƯA ĐƯỢC!", "chua-duoc", id="a label in capitals"),
        pytest.param("chu\u031ba đu\u031bo\u031b\u0323c", "chua-duoc", id="a label with loose marks"),
        pytest.param("viec khac", "viec-khac", id="the last button"),
        pytest.param("0", None, id="nought"),
        pytest.param("5", None, id="one too many"),
        pytest.param("99", None, id="far too many"),
        pytest.param("123", None, id="three figures are no button"),
        pytest.param("-1", "xong-roi", id="the sign is punctuation"),
        pytest.param("năm", None, id="one too many, in words"),
        pytest.param("1 2", None, id="two numbers"),
        pytest.param("1/3", None, id="a fraction"),
        pytest.param("xong", None, id="half a label"),
        pytest.param("xong rồi nha", None, id="a label and more"),
        pytest.param("", None, id="nothing"),
        pytest.param("👍", None, id="an emoji"),
        pytest.param("số", None, id="a number without a figure"),
    ],
)
def test_what_a_line_picks(line: str, slug: str | None) -> None:
    chat = at_step_one()
    expected = slug and button_id(chat.state.place, slug)
    assert typed_choice(chat.book, chat.state, line) == expected


def test_nothing_is_picked_before_the_first_message() -> None:
    assert typed_choice(book(), State(), "1") is None


def test_numbers_count_the_buttons_last_shown_even_where_the_content_changed() -> None:
    chat = Chat().go("Bắt đầu")
    chat.book = book(
        dialog("menu", ask("chon", Choice("Mới", Goto("menu", "chon")), Choice("Việc hai", Goto("viec_hai", "mot"))))
    )
    assert chat.type("2") == ["1/2 Tên mot: gõ số"]
    assert chat.place == "viec_hai.mot"


def test_a_number_of_a_button_that_is_gone_is_an_old_one() -> None:
    chat = Chat().go("Bắt đầu")
    chat.book = book(dialog("menu", ask("chon", Choice("Việc hai", Goto("viec_hai", "mot")))))
    assert chat.type("1") == ["old_button", "hỏi chon"]


def test_a_label_that_begins_with_a_number_is_told_from_the_number() -> None:
    chat = Chat(
        book(dialog("menu", ask("chon", Choice("2", Goto("viec_hai", "mot")), Choice("Một", Goto("viec_mot", "mot")))))
    )
    chat.go("Bắt đầu")
    assert chat.type("2") == ["1/2 Tên mot: gõ số"]


@pytest.mark.parametrize(
    ("place", "labels"),
    [
        pytest.param("chao.bat_dau", ["Bắt đầu", "Giúp má", "Việc khác"], id="a question"),
        pytest.param("viec_khac.hoi", OTHER_THINGS, id="other things"),
        pytest.param("viec_mot.hai", STANDARD, id="a numbered step"),
        pytest.param("viec_hai.mot", ["Gõ rồi", "Máy không hỏi", *STANDARD[1:]], id="with answers of its own"),
        pytest.param("viec_mot.mot?", ["Máy không mở", "Máy chậm", "Không có trong đây", "Việc khác"], id="symptoms"),
        pytest.param("viec_mot.mot?cham:0", ["Được rồi", *REMEDY], id="a remedy"),
        pytest.param(
            "viec_mot.mot?cham:1", ["Được rồi", "Chỉ chỗ giúp", "Tới bước hai", *REMEDY], id="a remedy with answers"
        ),
        pytest.param("viec_mot.mot?cham:2", ["Gặp người thật", "Thử lại bước này", "Việc khác"], id="no remedy left"),
        pytest.param("viec_mot.mot*", ["Làm tiếp", "Làm lại từ đầu", "Việc khác"], id="whether to resume"),
    ],
)
def test_the_buttons_of_a_place(place: str, labels: list[str]) -> None:
    assert [choice.label for choice in choices_at(book(), parse_place(place))] == labels


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        pytest.param("k nhớ", "khong-nho", id="shortened"),
        pytest.param("ko nho", "khong-nho", id="shortened, without marks"),
        pytest.param("bà", None, id="bà is no three"),
        pytest.param("ba", "khong-nho", id="ba is three"),
    ],
)
def test_labels_as_they_are_typed_in_a_hurry(line: str, slug: str | None) -> None:
    choices = (Choice("Gọi được"), Choice("Gọi không được"), Choice("Không nhớ"))
    shop = replace(book(dialog("menu", ask("chon", *choices))), shorthand={"k": "khong", "ko": "khong"})
    state = State(path=(parse_place("menu.chon"),), offered=tuple(choice.slug for choice in choices))
    assert typed_choice(shop, state, line) == (slug and button_id(state.place, slug))


@pytest.mark.parametrize(
    ("line", "slug"),
    [
        pytest.param("dạ gọi được con ơi", "goi-duoc", id="a label in a sentence"),
        pytest.param("gọi không được", "goi-khong-duoc", id="a label"),
        pytest.param("không gọi được", None, id="a label denied"),
        pytest.param("máy sam sung con ơi", "may-khac-samsung-oppo", id="a part of a label, in two words"),
        pytest.param("ở xa", "khong-o-xa", id="just a short part"),
        pytest.param("nhà tui ở xa lắm", None, id="a short part of a sentence"),
        pytest.param("gọi được hay gọi không được", None, id="two labels"),
        pytest.param("bữa hổm tui có nhờ thằng cháu nó gọi được cho bên nhà mạng rồi đó", None, id="a long story"),
        pytest.param("đồng ý cả hai nha con", None, id="what is written down is pressed or said in full"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_a_button_whose_words_stand_in_a_line(line: str, slug: str | None) -> None:
    choices = (
        Choice("Gọi được"),
        Choice("Gọi không được"),
        Choice("Máy khác (Samsung, Oppo…)"),
        Choice("Không, ở xa"),
        Choice("Đồng ý cả hai", effects=(Agree("progress"),)),
    )
    shop = book(dialog("menu", ask("chon", *choices)))
    state = State(path=(parse_place("menu.chon"),), offered=tuple(choice.slug for choice in choices))
    assert nearly_typed_choice(shop, state, line) == (slug and button_id(state.place, slug))


@pytest.mark.parametrize(
    ("line", "value", "slug"),
    [
        pytest.param("xiaomi", "android", "may-khac", id="a maker nobody put on the button"),
        pytest.param("dạ máy realme con ơi", "android", "may-khac", id="in a sentence"),
        pytest.param("ai phôn", "iphone", "iphone", id="as it is heard"),
        pytest.param("không phải ai phôn", "iphone", None, id="denied"),
        pytest.param("xiaomi hay ai phôn", "android", None, id="two of them"),
        pytest.param("nokia 1280", "keypad", None, id="a kind that no button remembers"),
        pytest.param("hồi trước cô xài cái xiaomi mà nó hư rồi giờ cô chưa mua", "android", None, id="a long story"),
        pytest.param("máy gì cũng được", "", None, id="none"),
    ],
)
def test_a_button_that_remembers_what_a_line_names(line: str, value: str, slug: str | None) -> None:
    phones = (
        Choice("iPhone", remember=(("phone", "iphone"),)),
        Choice("Máy khác", remember=(("phone", "android"),)),
    )
    shop = book(dialog("menu", ask("chon", *phones)))
    state = State(path=(parse_place("menu.chon"),), offered=tuple(choice.slug for choice in phones))
    picked = naming_choice(shop, state, line, slot="phone", value=value)
    assert picked == (slug and button_id(state.place, slug))
