"""Elder mode in the engine: offered once, told page by page, two buttons, patience."""

from dataclasses import replace

import pytest

from bot.core.dialogs import Choice, Return
from bot.core.engine import advance
from bot.core.events import ChatOpened, StepOpened
from bot.core.replies import Show
from bot.core.state import Place, State
from tests.core.books import Chat, ask, book, dialog, numbered

FIRST = "Dạ cô mở máy lên, tìm chữ VNeID ở trong màn hình chính, kéo qua trái qua phải cho tới khi thấy nó nha."
SECOND = "Rồi cô bấm nhẹ vô hình đó một cái thôi, máy mở ra chậm thì mình cứ chờ, đừng bấm thêm lần nữa."
LONG_STEP = numbered("mot", f"{FIRST} {SECOND}", "khong_mo", "cham", picture="hinh_dai")
RESTING = ask("nghi", Choice("Thử lại", Return()), Choice("Gặp người thật", means="human"))
BOOK = book(
    dialog("viec_dai", LONG_STEP, task="digital_citizen_app"), dialog("cham_rai", RESTING, out_of_patience="nghi")
)
PAGE = ["label_read_on", "Nghe lại", "Việc khác"]
STEP = ["Xong rồi", "Chưa được", "Nghe lại", "Việc khác"]


def at(dialog: str, step: str, **slots: str) -> Chat:
    """A chat that stands there, in elder mode where nothing else is said."""
    chat = Chat(BOOK, State(path=(Place(dialog, step),), slots={"mode": "elder", **slots}))
    chat.open()
    return chat


# ---- pages ----


def test_a_long_step_comes_page_by_page() -> None:
    chat = at("viec_dai", "mot")
    assert chat.open() == [f"1/1 Tên mot: {FIRST}"]
    assert (chat.labels, chat.main) == (PAGE, 1)
    assert chat.press("label_read_on") == [SECOND, "[hinh_dai]"]
    assert (chat.labels, chat.main) == (STEP, 2)
    assert chat.state.unread == ()


@pytest.mark.parametrize("word", ["done", "yes", "resume", "read_on"])
def test_words_that_say_it_was_read_lead_to_the_next_page(word: str) -> None:
    assert at("viec_dai", "mot").mean(word) == [SECOND, "[hinh_dai]"]


def test_a_page_is_said_again_and_again() -> None:
    chat = at("viec_dai", "mot")
    assert chat.press("Nghe lại") == chat.mean("repeat") == [f"1/1 Tên mot: {FIRST}"]
    chat.press("label_read_on")
    assert chat.press("Nghe lại") == [f"1/1 Tên mot: {FIRST}"]


def test_a_class_that_goes_on_without_disturbing_anybody_leaves_the_page_being_read() -> None:
    chat = at("viec_dai", "mot")
    turn = advance(BOOK, chat.state, StepOpened(dialog="viec_dai", step="mot"))
    assert (turn.replies, turn.effects) == ((), ())
    assert turn.state == replace(chat.state, turn=chat.state.turn + 1)


def test_what_is_not_read_to_its_end_is_not_done() -> None:
    chat = at("viec_dai", "mot")
    chat.mean("done")
    assert (chat.place, chat.effects) == ("viec_dai.mot", [])


def test_anything_else_in_the_middle_of_the_pages_works_and_comes_back_to_the_first() -> None:
    chat = at("viec_dai", "mot")
    assert chat.mean("stuck") == ["which_symptom"]
    assert chat.mean("done") == ["here_again", f"1/1 Tên mot: {FIRST}"]
    assert chat.mean("human") == ["hỏi hoi"]


def test_who_comes_back_after_long_reads_the_step_from_its_beginning() -> None:
    chat = at("viec_dai", "mot")
    assert chat.press("label_read_on", away=True) == [
        "welcome_back_at_step Việc viec_dai 1/1",
        f"1/1 Tên mot: {FIRST}",
    ]


def test_a_rest_is_told_at_once() -> None:
    chat = at("viec_dai", "mot")
    assert chat.mean("pause") == ["paused_at_step Việc viec_dai 1/1"]
    assert (chat.labels, chat.main) == (["Làm tiếp"], 1)


def test_pictures_are_large() -> None:
    turn = advance(BOOK, State(path=(Place("viec_mot", "mot"),), slots={"mode": "elder"}), ChatOpened())
    assert Show("hinh_mot", large=True) in turn.replies


# ---- two buttons ----


@pytest.mark.parametrize(
    ("place", "labels", "main"),
    [
        pytest.param(("viec_mot", "hai"), STEP, 2, id="a step"),
        pytest.param(("viec_mot", "kiem_tra"), ["Thấy rồi", "Chưa thấy", "Việc khác"], 2, id="two answers"),
        pytest.param(("menu", "chon"), ["Việc một", "Việc hai", "Hỏi chỗ", "Việc khác"], 0, id="a list"),
        pytest.param(
            ("viec_hai", "mot"), ["Gõ rồi", "Máy không hỏi", "Chưa được", "Nghe lại", "Việc khác"], 0, id="own answers"
        ),
    ],
)
def test_which_answers_are_buttons(place: tuple[str, str], labels: list[str], main: int) -> None:
    chat = at(*place)
    assert (chat.labels, chat.main) == (labels, main)


def test_own_answers_of_a_remedy_stand_behind_the_two_buttons_and_are_picked_by_number() -> None:
    chat = at("viec_mot", "hai")
    chat.press("Chưa được")
    chat.press("Máy chậm")
    chat.mean("stuck")
    chat.press("Thử lại")
    chat.mean("stuck")
    labels = ["Được rồi", "Vẫn chưa được", "Chỉ chỗ giúp", "Tới bước hai", "Nghe lại", "Việc khác"]
    assert (chat.labels, chat.main) == (labels, 2)
    assert chat.type("3") == ["hỏi hoi"]


def test_outside_elder_mode_nothing_is_parted_and_all_are_buttons() -> None:
    chat = at("viec_dai", "mot", mode="usual")
    assert chat.open() == [f"1/1 Tên mot: {FIRST} {SECOND}", "[hinh_dai]"]
    assert chat.main is None


# ---- patience ----


def test_every_second_not_yet_is_answered_by_patience_and_a_person_is_one_tap_away() -> None:
    chat = at("viec_mot", "hai")
    assert chat.press("Chưa được") == ["which_symptom"]
    chat.press("Máy chậm")
    assert chat.press("Vẫn chưa được") == ["hỏi nghi"]
    assert (chat.labels[:2], chat.main) == (["Thử lại", "Gặp người thật"], 2)
    assert chat.press("Thử lại") == ["here_again", "thử cham 1", "[hinh_cham]"]
    assert chat.press("Vẫn chưa được") == ["thử cham 2"]
    chat.press("Vẫn chưa được")
    assert chat.press("Gặp người thật") == ["hỏi hoi"]


def test_another_step_is_counted_anew() -> None:
    chat = at("viec_mot", "hai")
    chat.press("Chưa được")
    chat.mean("done")
    chat.press("Xong rồi")
    assert chat.place == "viec_mot.ba"
    chat.mean("stuck")
    assert chat.state.slots["stuck"] == "viec_mot.ba:1"


def test_who_is_in_no_elder_mode_goes_on_without_patience() -> None:
    chat = at("viec_mot", "hai", mode="usual").go("Chưa được", "Máy chậm")
    assert chat.press("Vẫn chưa được") == ["thử cham 2"]


# ---- offering, choosing, leaving ----

SIGNS = [
    ("called grandmother", {"called": "ba"}, "offered"),
    ("called uncle", {"called": "bac"}, "offered"),
    ("called sister", {"called": "chi"}, ""),
    ("tells of an age", {"elder_sign": "yes"}, "offered"),
    ("tells of somebody's age", {"elder_sign": "yes", "relation": "má"}, ""),
]


@pytest.mark.parametrize(("named", "mode"), [each[1:] for each in SIGNS], ids=[each[0] for each in SIGNS])
def test_when_it_is_offered(named: dict[str, str], mode: str) -> None:
    chat = at("menu", "chon", mode="")
    said = chat.mean("greet", entities=named)
    assert chat.state.mode == mode
    assert ("elder_offered" in said) == (mode == "offered") == ("label_elder" in chat.labels)


def test_two_times_not_yet_offer_it() -> None:
    chat = at("viec_mot", "hai", mode="").go("Chưa được", "Máy chậm")
    assert chat.press("Vẫn chưa được") == ["elder_offered", "thử cham 2"]
    assert chat.labels[-1] == "label_elder"


def test_it_is_offered_once_and_the_others_buttons_keep_their_numbers() -> None:
    chat = at("menu", "chon", mode="")
    chat.mean("greet", entities={"called": "ong"})
    assert chat.labels == ["Việc một", "Việc hai", "Hỏi chỗ", "Việc khác", "label_elder"]
    chat.type("2")
    assert (chat.state.mode, chat.labels[-1]) == ("usual", "Việc khác")
    assert "elder_offered" not in chat.mean("greet", entities={"called": "ba"})


def test_it_waits_for_a_calm_place() -> None:
    chat = at("menu", "chon", mode="")
    chat.mean("scam_report", entities={"called": "ba"})
    assert (chat.state.mode, chat.labels) == ("fits", ["Chưa làm gì", "Việc khác"])
    assert "elder_offered" in chat.press("Chưa làm gì")


def test_it_is_not_offered_to_who_helps() -> None:
    chat = at("menu", "chon", mode="", person="ma")
    chat.mean("greet", entities={"elder_sign": "yes"})
    assert "label_elder" not in chat.labels


def test_the_elder_who_takes_the_phone_is_offered_it() -> None:
    chat = at("menu", "chon", mode="", person="ba_ngoai")
    assert chat.mean("elder_here") == ["elder_here", "elder_offered", "hỏi chon"]


def test_its_button_works_at_once_and_long_after() -> None:
    chat = at("menu", "chon", mode="")
    chat.mean("greet", entities={"called": "ong"})
    button = chat.buttons[-1].id
    chat.type("2")
    assert chat.press_id(button) == ["elder_mode", "1/2 Tên mot: gõ số"]
    assert chat.state.mode == "elder"


def test_a_word_begins_it_and_a_word_ends_it() -> None:
    chat = at("viec_dai", "mot", mode="")
    assert chat.mean("elder_mode") == ["elder_mode", f"1/1 Tên mot: {FIRST}"]
    assert chat.mean("usual_mode") == ["usual_mode", f"1/1 Tên mot: {FIRST} {SECOND}", "[hinh_dai]"]
    assert "elder_offered" not in chat.mean("greet", entities={"called": "ba"})


def test_who_begins_with_it_reads_the_very_first_words_so() -> None:
    chat = Chat(BOOK)
    chat.mean("elder_mode")
    assert (chat.state.mode, chat.main) == ("elder", 2)
