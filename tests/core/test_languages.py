"""One chat in two languages: the same places and the same ids, whatever language they are shown in."""

from dataclasses import replace

import pytest

from bot.content.translation import translated_book
from bot.core.choices import typed_choice
from bot.core.dialogs import Book, Choice, Next
from bot.core.state import parse_place
from tests.core.books import Chat, ask, at_step_one, book, dialog

LANGUAGE = dialog(
    "tieng",
    ask("hoi", Choice("Tiếng Việt", means="change_language/vi"), Choice("English", means="change_language/en")),
    change_language="hoi",
)


def both() -> Book:
    """The small world, and one where every text begins with "en"."""
    translations: dict[str, Book] = {}
    source = replace(book(LANGUAGE), translations=translations)
    translations["en"] = translated_book(source, lambda context, text, kind: f"en {text}")
    return source


def at_step_one_in_english() -> Chat:
    chat = at_step_one(both())
    chat.mean("change_language/en")
    return chat


def test_the_same_place_in_another_language() -> None:
    chat = at_step_one(both())
    before = chat.place
    assert chat.mean("change_language/en") == ["en language_changed", "1/3 en Cài app: en cài app", "[hinh_mot]"]
    assert (chat.place, chat.state.language) == (before, "en")
    assert chat.labels == ["en Xong rồi", "en Chưa được", "en Nghe lại", "en Việc khác"]


def test_ids_are_those_of_the_vietnamese_labels() -> None:
    chat = at_step_one(both())
    vietnamese = [button.id for button in chat.buttons]
    chat.mean("change_language/en")
    assert [button.id for button in chat.buttons] == vietnamese


@pytest.mark.parametrize("mode", ["?", "?cham:0", "?cham:1", "?cham:2", "*", "~viec_hai|faq/mat_phi", "@-|ma"])
def test_ids_are_the_same_in_every_mode(mode: str) -> None:
    content = both()
    chat = at_step_one(content)
    ids = []
    for language in ("", "en"):
        slots = {**chat.state.slots, "language": language}
        place = f"viec_mot.mot{mode}"
        state = replace(chat.state, path=(parse_place(place),), slots=slots)
        standing = Chat(content)
        standing.state = state
        standing.mean("repeat")
        ids.append([button.id for button in standing.buttons])
    assert ids[0] == ids[1]


@pytest.mark.parametrize("line", ["en Xong rồi", "EN XONG ROI!", "Xong rồi", "1", "one"])
def test_typed_labels_of_either_language_are_understood(line: str) -> None:
    for chat in (at_step_one(both()), at_step_one_in_english()):
        assert typed_choice(chat.book, chat.state, line) == f"{chat.place}/xong-roi"


def test_an_old_button_still_works_after_changing_the_language() -> None:
    chat = at_step_one(both())
    done = chat.buttons[0].id
    chat.mean("change_language/en")
    assert chat.press_id(done) == ["2/3 en Tên hai: en mở app"]


def test_a_chat_begins_in_the_language_it_is_written_in() -> None:
    chat = Chat(both())
    assert chat.mean("", entities={"language": "en"}) == ["en hỏi bat_dau"]


def test_asking_for_the_language_first_of_all_shows_the_door_in_it() -> None:
    chat = Chat(both())
    assert chat.mean("change_language/en") == ["en hỏi bat_dau"]


def test_the_question_which_language_is_over_once_answered() -> None:
    chat = at_step_one(both())
    place = chat.place
    chat.mean("change_language")
    assert chat.press("English")[0] == "en language_changed"
    assert chat.path == place


def test_words_of_another_language_offer_both_the_matter_and_that_language() -> None:
    chat = at_step_one(both())
    assert chat.mean("viec_hai", entities={"other_language": "en"}) == ["which_meaning"]
    assert chat.labels[:2] == ["Việc viec_hai", "English"]
    assert chat.press("English") == ["en language_changed", "1/3 en Cài app: en cài app", "[hinh_mot]"]


def test_not_understood_in_another_language_asks_which() -> None:
    chat = at_step_one(both())
    assert chat.mean("", entities={"other_language": "en"}) == ["hỏi hoi"]
    assert chat.labels[:2] == ["Tiếng Việt", "English"]


def test_a_command_in_another_language_is_simply_done() -> None:
    chat = at_step_one(both())
    assert chat.mean("done", entities={"other_language": "en"}) == ["2/3 Tên hai: mở app"]
    assert chat.state.language == ""


def test_a_language_nobody_translated_changes_nothing() -> None:
    chat = at_step_one(book(LANGUAGE))
    assert chat.mean("change_language/en")[0] == "language_changed"
    assert chat.state.language == ""
    assert chat.mean("viec_hai", entities={"other_language": "en"}) != ["which_meaning"]


def test_back_to_vietnamese_leaves_no_trace() -> None:
    chat = at_step_one(both())
    before = chat.state.slots
    chat.mean("change_language/en")
    chat.mean("change_language/vi")
    assert chat.state.slots == before


def test_who_is_helped_is_named_in_the_language() -> None:
    chat = Chat(both()).go("Giúp má", "Việc một", "Máy khác")
    assert "1/3 en Cài app: en cài cho en má" in chat.mean("change_language/en")


def test_deleting_everything_keeps_the_language_so_that_it_can_be_read() -> None:
    chat = at_step_one_in_english()
    chat.mean("delete_data")
    assert chat.press("en Xoá hết") == ["en nói da_xoa", "en hỏi bat_dau"]
    assert chat.state.slots == {"language": "en"}


def test_nobody_is_asked_for_a_form_of_address_in_english() -> None:
    asking = dialog("chao", ask("bat_dau", Choice("Đi", Next())), ask("goi", Choice("Cô"), condition="address_unknown"))
    source = book(asking)
    content = replace(source, translations={"en": translated_book(source, lambda context, text, kind: text)})
    chat = Chat(content).go("Đi")
    assert chat.place == "chao.goi"
    chat = Chat(content)
    chat.mean("change_language/en")
    assert chat.go("Đi").place != "chao.goi"
