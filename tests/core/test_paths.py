"""Content that changes under a living conversation: a kind word, and the nearest place that still exists."""

from dataclasses import replace

import pytest

from bot.core.dialogs import Attempt, Call, Choice, Goto, Return, Wording
from bot.core.state import Place, State
from tests.core.books import STANDARD, Chat, ask, at_step_one, at_step_two, book, dialog, say, symptom, without


def changed(chat: Chat, *gone: str) -> Chat:
    chat.book = without(chat.book, *gone)
    return chat


@pytest.mark.parametrize(
    ("gone", "said", "path"),
    [
        pytest.param(
            ("viec_mot.hai",),
            ["step_vanished", "1/2 Cài app: cài app", "[hinh_mot]"],
            "viec_mot.mot",
            id="the step: the last one of the journey stood at",
        ),
        pytest.param(
            ("viec_mot.hai", "viec_mot.mot"),
            ["step_vanished", "hỏi hoi_may"],
            "viec_mot.hoi_may",
            id="the step before it too: the one before that",
        ),
        pytest.param(("viec_mot",), ["step_vanished", "hỏi chon"], "menu.chon", id="the dialog: where one came from"),
    ],
)
def test_a_vanished_place_falls_back_to_the_nearest(gone: tuple[str, ...], said: list[str], path: str) -> None:
    chat = changed(at_step_two(), *gone)
    assert chat.open() == said
    assert chat.path == path


def test_without_a_way_back_the_journey_begins_at_its_first_question() -> None:
    chat = Chat(without(book(), "viec_mot.hai"), State(path=(Place("viec_mot", "hai"),)))
    assert chat.open() == ["step_vanished", "hỏi hoi_may"]


def test_without_a_way_back_and_without_the_dialog_it_is_the_menu() -> None:
    chat = Chat(state=State(path=(Place("xua", "kia"),), trail=((Place("xua", "nay"),),)))
    assert chat.open() == ["step_vanished", "hỏi chon"]
    assert (chat.path, chat.state.trail) == ("menu.chon", ())


def test_a_dialog_left_without_any_question_is_as_good_as_gone() -> None:
    chat = at_step_two()
    chat.mean("human")
    changed(chat, "gap_nguoi.ghi", "gap_nguoi.hoi")
    assert chat.open() == ["step_vanished", "2/3 Tên hai: mở app"]
    assert chat.path == "viec_mot.hai"


def test_a_step_that_no_longer_waits_is_as_good_as_gone() -> None:
    chat = Chat(state=State(path=(Place("gap_nguoi", "goi"),)))
    assert chat.open() == ["step_vanished", "hỏi hoi"]
    assert chat.path == "gap_nguoi.hoi"


def test_a_vanished_symptom_falls_back_to_the_step() -> None:
    chat = changed(at_step_one().go("Chưa được", "Máy chậm"), "?cham")
    assert chat.open() == ["step_vanished", "1/3 Cài app: cài app", "[hinh_mot]"]
    assert (chat.path, chat.labels) == ("viec_mot.mot", STANDARD)


def test_a_list_of_symptoms_left_empty_falls_back_to_the_step() -> None:
    chat = changed(at_step_two().go("Chưa được"), "?cham")
    assert chat.open() == ["step_vanished", "2/3 Tên hai: mở app"]


def test_a_symptom_left_with_fewer_remedies_leads_to_a_person() -> None:
    chat = at_step_one().go("Chưa được", "Máy không mở", "Vẫn chưa được")
    chat.book = book(symptoms=(symptom("khong_mo", "Máy không mở", Attempt(Wording("thử một lần"))),))
    assert chat.open() == ["symptom_exhausted"]


def test_a_question_whether_to_resume_at_a_step_that_lost_its_number() -> None:
    chat = at_step_two()
    chat.mean("menu")
    chat.press("Việc một")
    assert chat.place == "viec_mot.hai*"
    chat.book = without(chat.book, untitled={"viec_mot.hai": Choice("Rồi", Goto("menu", "chon"))})
    assert chat.open() == ["step_vanished", "mở app"]
    assert chat.place == "viec_mot.hai"


def test_a_bookmark_of_a_vanished_step_begins_the_journey_anew() -> None:
    chat = at_step_two()
    chat.mean("menu")
    changed(chat, "viec_mot.hai")
    assert chat.press("Việc một") == ["1/2 Cài app: cài app", "[hinh_mot]"]


def test_the_pressed_button_of_a_vanished_place_is_an_old_one() -> None:
    chat = changed(at_step_two(), "viec_mot.hai")
    assert chat.press("Xong rồi") == ["step_vanished", "old_button", "1/2 Cài app: cài app", "[hinh_mot]"]


def test_a_clear_word_at_a_vanished_place_is_still_followed() -> None:
    chat = changed(at_step_two(), "viec_mot.hai")
    assert chat.mean("human") == ["step_vanished", "hỏi hoi"]
    assert chat.path == "viec_mot.mot gap_nguoi.hoi"


def test_back_passes_over_what_vanished() -> None:
    chat = changed(at_step_two().go("Xong rồi"), "viec_mot.hai", "viec_mot.mot")
    assert chat.mean("back") == ["hỏi hoi_may"]


def test_a_label_that_changed_makes_its_button_an_old_one() -> None:
    chat = Chat().go("Bắt đầu")
    first = chat.buttons[0].id
    step = chat.book.dialogs["menu"].steps["chon"]
    renamed = replace(step, choices=(Choice("Việc thứ nhất", Goto("viec_mot", "hoi_may")), *step.choices[1:]))
    chat.book = book(replace(chat.book.dialogs["menu"], steps={"chon": renamed}))
    assert chat.press_id(first) == ["old_button", "hỏi chon"]


def test_a_vanished_caller_leaves_the_question_answered_first() -> None:
    chat = at_step_two()
    chat.mean("human")
    changed(chat, "viec_mot.hai")
    assert chat.open() == ["step_vanished", "hỏi hoi"]
    assert chat.press("Thôi, làm tiếp")[0] == "here_again"
    assert chat.place == "viec_mot.mot"


def test_a_question_that_a_passing_step_asked_is_never_cut_from_it() -> None:
    asked = book(
        dialog(
            "chao",
            ask("bat_dau", Choice("Bắt đầu")),
            say("xung_ho", Call("goi", "hoi")),
            say("toi", Goto("menu", "chon")),
        ),
        dialog("goi", ask("hoi", Choice("Cô", Return())), change_address_form="hoi"),
    )
    chat = Chat(asked).go("Bắt đầu")
    assert chat.path == "chao.toi goi.hoi"
    assert chat.mean("elder_mode") == ["elder_mode", "hỏi hoi"]
