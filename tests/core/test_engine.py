"""The dialog engine: what each answer leads to, what is said, what is kept, what is to be done."""

from dataclasses import replace

import pytest

from bot.core.dialogs import Article, Call, Choice, Goto, Return
from bot.core.effects import Agree, Complete, Decline, Forget, HandOver, RecordStep
from bot.core.state import Place, State
from tests.core.books import (
    STANDARD,
    VNEID,
    Chat,
    ask,
    at_step_one,
    at_step_two,
    book,
    dialog,
    say,
)

# ---- coming in ----


def test_a_chat_begins_with_the_notice() -> None:
    chat = Chat()
    assert chat.open() == ["hỏi bat_dau"]
    assert (chat.place, chat.labels) == ("chao.bat_dau", ["Bắt đầu", "Giúp má", "Việc khác"])


def test_a_first_message_nobody_understands_gets_the_notice() -> None:
    chat = Chat()
    assert chat.mean("") == ["hỏi bat_dau"]
    assert chat.place == "chao.bat_dau"


@pytest.mark.parametrize(
    ("intent", "said", "place"),
    [
        pytest.param("human", ["hỏi bat_dau", "hỏi hoi"], "gap_nguoi.hoi", id="a person"),
        pytest.param("viec_hai", ["hỏi bat_dau", "1/2 Tên mot: gõ số"], "viec_hai.mot", id="a journey"),
        pytest.param("scam_report", ["hỏi bat_dau", "hỏi hoi"], "lua_dao.hoi", id="a scam"),
        pytest.param(
            "faq/mat_phi",
            ["hỏi bat_dau", "không mất phí", "here_again", "hỏi chon"],
            "menu.chon",
            id="a question of the knowledge",
        ),
    ],
)
def test_a_clear_first_message_is_followed_after_the_notice(intent: str, said: list[str], place: str) -> None:
    chat = Chat()
    assert chat.mean(intent) == said
    assert chat.place == place


def test_after_a_clear_first_message_comes_the_menu() -> None:
    chat = Chat()
    chat.mean("human")
    assert chat.press("Thôi, làm tiếp") == ["here_again", "hỏi chon"]


def test_a_first_word_already_tells_the_form_of_address() -> None:
    chat = Chat()
    chat.mean("", entities={"self_word": "con"})
    assert chat.state.slots == {"self_word": "con", "called": "co_chu"}


# ---- numbered steps ----


def test_a_numbered_step_shows_its_number_its_picture_and_the_same_answers() -> None:
    chat = Chat().go("Bắt đầu", "Việc một")
    assert chat.press("Máy khác") == ["1/3 Cài app: cài app", "[hinh_mot]"]
    assert chat.labels == STANDARD


def test_done_goes_on_and_is_recorded() -> None:
    chat = at_step_one()
    assert chat.press("Xong rồi") == ["2/3 Tên hai: mở app"]
    assert chat.effects == [
        RecordStep(VNEID, "viec_mot.mot", "", "done"),
        RecordStep(VNEID, "viec_mot.hai", "", "entered"),
    ]


def test_the_word_done_does_what_the_button_does() -> None:
    pressed, typed = at_step_one(), at_step_one()
    assert typed.mean("done") == pressed.press("Xong rồi")
    assert typed.state == pressed.state
    assert typed.effects == pressed.effects


def test_stuck_lists_the_symptoms_of_the_step() -> None:
    chat = at_step_one()
    assert chat.press("Chưa được") == ["which_symptom"]
    assert chat.labels == ["Máy không mở", "Máy chậm", "Không có trong đây", "Việc khác"]
    assert chat.effects == [RecordStep(VNEID, "viec_mot.mot", "", "stuck")]


def test_a_step_without_symptoms_leads_to_other_things() -> None:
    chat = at_step_two().go("Xong rồi")
    assert chat.place == "viec_mot.ba"
    assert chat.press("Chưa được") == ["hỏi hoi"]
    assert chat.place == "viec_khac.hoi"


@pytest.mark.parametrize("how", ["Nghe lại", "repeat"])
def test_repeat_says_the_step_again_and_changes_nothing(how: str) -> None:
    chat = at_step_one()
    before = chat.state
    said = chat.press(how) if how in chat.labels else chat.mean(how)
    assert said == ["1/3 Cài app: cài app", "[hinh_mot]"]
    assert chat.state == replace(before, turn=before.turn + 1)
    assert chat.effects == []


def test_a_step_may_have_answers_of_its_own_in_place_of_done() -> None:
    chat = Chat().go("Bắt đầu", "Việc hai")
    assert chat.labels == ["Gõ rồi", "Máy không hỏi", "Chưa được", "Nghe lại", "Việc khác"]
    assert chat.press("Máy không hỏi") == ["2/2 Tên hai: coi lại"]


def test_the_word_done_presses_the_answer_that_means_it() -> None:
    chat = Chat().go("Bắt đầu", "Việc hai")
    assert chat.mean("done") == ["2/2 Tên hai: coi lại"]


def test_the_end_of_a_dialog_nobody_called_is_the_menu() -> None:
    chat = Chat().go("Bắt đầu", "Việc hai", "Gõ rồi")
    assert chat.press("Xong rồi") == ["hỏi chon"]
    assert chat.path == "menu.chon"


# ---- symptoms and remedies ----


def test_remedies_come_one_by_one_then_a_person() -> None:
    chat = at_step_one().go("Chưa được")
    assert chat.press("Máy không mở") == ["thử khong_mo 1"]
    assert chat.effects == [RecordStep(VNEID, "viec_mot.mot", "khong_mo", "stuck")]
    assert chat.labels == ["Được rồi", "Vẫn chưa được", "Nghe lại", "Việc khác"]
    assert chat.press("Vẫn chưa được") == ["elder_offered", "thử khong_mo 2"]
    assert chat.effects == []
    assert chat.press("Vẫn chưa được") == ["symptom_exhausted"]
    assert chat.labels == ["Gặp người thật", "Thử lại bước này", "Việc khác"]
    assert chat.press("Gặp người thật") == ["hỏi hoi"]
    assert (chat.place, chat.effects) == ("gap_nguoi.hoi", [HandOver()])


@pytest.mark.parametrize(
    "way",
    [
        pytest.param(("Được rồi",), id="the first remedy helped"),
        pytest.param(("Vẫn chưa được", "Được rồi"), id="the second remedy helped"),
        pytest.param(("Vẫn chưa được", "Vẫn chưa được", "Thử lại bước này"), id="none helped, once more"),
    ],
)
def test_after_a_remedy_the_step_is_offered_again(way: tuple[str, ...]) -> None:
    chat = at_step_one().go("Chưa được", "Máy không mở", *way[:-1])
    assert chat.press(way[-1]) == ["here_again", "1/3 Cài app: cài app", "[hinh_mot]"]
    assert chat.path == "viec_mot.mot"


@pytest.mark.parametrize("word", ["done", "yes"])
def test_the_words_done_and_yes_end_a_remedy(word: str) -> None:
    chat = at_step_one().go("Chưa được", "Máy không mở")
    assert chat.mean(word) == ["here_again", "1/3 Cài app: cài app", "[hinh_mot]"]


@pytest.mark.parametrize("word", ["stuck", "no"])
def test_the_words_stuck_and_no_lead_to_the_next_remedy(word: str) -> None:
    chat = at_step_one().go("Chưa được", "Máy không mở")
    assert chat.mean(word) == ["elder_offered", "thử khong_mo 2"]


@pytest.mark.parametrize("answer", ["Không có trong đây", "stuck", "no", "human"])
def test_none_of_the_symptoms_leads_to_a_person(answer: str) -> None:
    chat = at_step_one().go("Chưa được")
    said = chat.press(answer) if answer in chat.labels else chat.mean(answer)
    assert (said, chat.path) == (["hỏi hoi"], "viec_mot.mot? gap_nguoi.hoi")


def test_a_person_met_at_the_symptoms_leads_back_to_the_symptoms() -> None:
    chat = at_step_one().go("Chưa được", "Không có trong đây")
    assert chat.press("Thôi, làm tiếp") == ["here_again", "which_symptom"]


def test_an_answer_of_a_remedy_may_call_and_comes_back_to_the_step() -> None:
    chat = at_step_one().go("Chưa được", "Máy chậm", "Vẫn chưa được")
    answers = ["Được rồi", "Chỉ chỗ giúp", "Tới bước hai", "Vẫn chưa được", "Nghe lại", "Việc khác"]
    assert chat.labels == [*answers, "label_elder"]
    assert chat.press("Chỉ chỗ giúp") == ["hỏi hoi"]
    assert chat.path == "viec_mot.mot noi_den.hoi"
    assert chat.press("Rõ rồi") == ["here_again", "1/3 Cài app: cài app", "[hinh_mot]"]


def test_an_answer_of_a_remedy_may_go_to_another_step() -> None:
    chat = at_step_one().go("Chưa được", "Máy chậm", "Vẫn chưa được")
    assert chat.press("Tới bước hai") == ["2/3 Tên hai: mở app"]
    assert chat.path == "viec_mot.hai"


def test_done_typed_before_the_symptoms_leads_back_to_the_step() -> None:
    chat = at_step_one().go("Chưa được")
    assert chat.mean("done") == ["here_again", "1/3 Cài app: cài app", "[hinh_mot]"]


def test_stuck_typed_where_no_remedy_is_left_leads_to_a_person() -> None:
    chat = at_step_one().go("Chưa được", "Máy không mở", "Vẫn chưa được", "Vẫn chưa được")
    assert chat.mean("stuck") == ["hỏi hoi"]
    assert chat.path == "viec_mot.mot?khong_mo:2 gap_nguoi.hoi"


def test_a_symptom_told_in_words_opens_its_remedy_at_a_step_that_knows_it() -> None:
    chat = at_step_one()
    assert chat.mean("symptom/khong_mo") == ["thử khong_mo 1"]


@pytest.mark.parametrize("intent", ["symptom/khong_mo", "symptom/la_hoac"])
def test_a_symptom_the_step_does_not_know_is_not_understood(intent: str) -> None:
    assert at_step_two().mean(intent) == ["not_understood", "2/3 Tên hai: mở app"]


# ---- questions in between ----


@pytest.mark.parametrize(
    ("intent", "answer", "place"),
    [
        pytest.param("human", "Thôi, làm tiếp", "gap_nguoi.hoi", id="human"),
        pytest.param("scam_report", "Chưa làm gì", "lua_dao.hoi", id="scam"),
        pytest.param("more", "Làm tiếp", "viec_khac.hoi", id="other things"),
        pytest.param("delete_data", "Thôi", "xoa.hoi", id="delete"),
    ],
)
def test_a_question_in_between_comes_back_to_the_step(intent: str, answer: str, place: str) -> None:
    chat = at_step_two()
    assert chat.mean(intent) == ["hỏi hoi"]
    assert chat.path == f"viec_mot.hai {place}"
    assert chat.press(answer) == ["here_again", "2/3 Tên hai: mở app"]
    assert chat.path == "viec_mot.hai"


def test_here_again_is_not_said_on_going_on() -> None:
    """A called dialog that returns to a step never stood at goes on there; nobody comes back."""
    content = book(
        dialog(
            "viec_hai", say("dau", Call("noi_den", "hoi")), ask("cuoi", Choice("Rồi", Goto("menu", "chon"))), task=VNEID
        )
    )
    chat = Chat(content)
    chat.open()
    assert chat.mean("viec_hai") == ["nói dau", "hỏi hoi"]
    assert chat.path == "viec_hai.cuoi noi_den.hoi"
    assert chat.press("Rõ rồi") == ["hỏi cuoi"]


def test_questions_in_between_never_pile_up() -> None:
    chat = at_step_two()
    for intent in ("human", "scam_report", "more", "human", "delete_data"):
        chat.mean(intent)
    assert chat.path == "viec_mot.hai xoa.hoi"


def test_an_answer_of_the_knowledge_is_followed_by_the_step() -> None:
    chat = at_step_two()
    assert chat.mean("faq/mat_phi") == ["không mất phí", "here_again", "2/3 Tên hai: mở app"]
    assert chat.path == "viec_mot.hai"


@pytest.mark.parametrize("intent", ["", "faq/khong_co", "la_hoac", "symptom"])
def test_what_nobody_understands_changes_nothing(intent: str) -> None:
    chat = at_step_two()
    before = chat.state
    assert chat.mean(intent) == ["not_understood", "2/3 Tên hai: mở app"]
    heard = {slot: value for slot, value in chat.state.slots.items() if slot != "unheard"}
    assert replace(chat.state, slots=heard) == replace(before, turn=before.turn + 1)


def test_nobody_hears_the_same_excuse_twice_in_a_row() -> None:
    chat = at_step_two()
    said = [chat.mean("")[0] for _ in range(3)]
    assert said == ["not_understood", "not_understood_again", "not_understood"]
    chat.mean("repeat")
    chat.mean("")
    chat.mean("repeat")
    assert chat.mean("")[0] == "not_understood"


@pytest.mark.parametrize(
    ("intent", "phrase"),
    [
        ("greet", "greeting"),
        ("thanks", "thanks"),
        ("voice", "voice"),
        ("media", "media"),
        ("too_long", "too_long"),
        ("not_understand", "slower"),
        ("yes", "done_or_not"),
    ],
)
def test_what_is_said_in_between_is_answered_and_the_step_offered_again(intent: str, phrase: str) -> None:
    chat = at_step_two()
    assert chat.mean(intent) == [phrase, "2/3 Tên hai: mở app"]
    assert (chat.path, chat.labels) == ("viec_mot.hai", STANDARD)


def test_an_answer_may_lead_to_its_journey() -> None:
    offering = Article("muc_hai", "Mức 2 là gì?", "mức 2 là vậy", offer="viec_mot")
    chat = Chat(book(articles=[offering])).go("Bắt đầu")
    assert chat.mean("faq/muc_hai") == ["mức 2 là vậy", "offered"]
    assert chat.labels == ["Việc viec_mot", "label_not_now", "Việc khác"]
    chat.press("label_not_now")
    assert chat.place == "menu.chon"
    chat.mean("faq/muc_hai")
    chat.press("Việc viec_mot")
    assert chat.place == "viec_mot.hoi_may"


def test_in_the_middle_of_a_journey_nothing_else_is_offered() -> None:
    offering = Article("muc_hai", "Mức 2 là gì?", "mức 2 là vậy", offer="viec_hai")
    chat = at_step_two(book(articles=[offering]))
    assert chat.mean("faq/muc_hai") == ["mức 2 là vậy", "here_again", "2/3 Tên hai: mở app"]


def test_what_was_hidden_is_said_first_and_then_the_words_are_answered() -> None:
    chat = at_step_two()
    assert chat.mean("thanks", hidden=True) == ["hidden", "thanks", "2/3 Tên hai: mở app"]
    assert chat.mean("scam_report", hidden=True) == ["hidden", "hỏi hoi"]
    assert chat.place == "lua_dao.hoi"


def test_what_was_hidden_in_a_first_message_or_after_a_long_rest_is_said_first() -> None:
    assert Chat().mean("", hidden=True) == ["hidden", "hỏi bat_dau"]
    assert at_step_two().mean("", hidden=True, away=True)[0] == "hidden"


@pytest.mark.parametrize("intent", ["yes", "no", "done"])
def test_a_word_that_fits_no_button_asks_for_one(intent: str) -> None:
    chat = Chat().go("Bắt đầu")
    assert chat.mean(intent) == ["press_one", "hỏi chon"]


def test_no_at_a_numbered_step_means_stuck() -> None:
    chat = at_step_two()
    assert chat.mean("no") == ["which_symptom"]


def test_opening_the_chat_again_shows_where_one_stands() -> None:
    chat = at_step_two()
    before = chat.state
    assert chat.open() == ["2/3 Tên hai: mở app"]
    assert chat.state == replace(before, turn=before.turn + 1)


# ---- back ----


def test_back_walks_the_way_back_to_the_notice() -> None:
    chat = at_step_two()
    ways = [(chat.mean("back")[0], chat.place) for _ in range(5)]
    assert ways == [
        ("1/3 Cài app: cài app", "viec_mot.mot"),
        ("hỏi hoi_may", "viec_mot.hoi_may"),
        ("hỏi chon", "menu.chon"),
        ("hỏi bat_dau", "chao.bat_dau"),
        ("no_way_back", "chao.bat_dau"),
    ]


def test_back_from_the_page_of_other_things_leads_before_the_step_below_it() -> None:
    chat = at_step_two().go("Việc khác")
    assert chat.press("Quay lại bước trước")[0] == "1/3 Cài app: cài app"
    assert chat.path == "viec_mot.mot"


def test_back_leads_out_of_remedies() -> None:
    chat = at_step_one().go("Chưa được", "Máy không mở", "Vẫn chưa được")
    assert [chat.mean("back")[0] for _ in range(3)] == [
        "thử khong_mo 1",
        "which_symptom",
        "1/3 Cài app: cài app",
    ]


def test_the_way_back_has_no_loops() -> None:
    chat = at_step_two()
    for _ in range(5):
        chat.go("Chưa được", "Máy chậm", "Được rồi")
    assert chat.mean("back")[0] == "1/3 Cài app: cài app"


def test_back_then_on_then_back_is_the_same_place() -> None:
    chat = at_step_two()
    trail = chat.state.trail
    chat.mean("back")
    chat.press("Xong rồi")
    assert (chat.place, chat.state.trail) == ("viec_mot.hai", trail)


# ---- rest and return ----


@pytest.mark.parametrize("intent", ["pause", "goodbye"])
def test_a_pause_says_where_one_stops_and_offers_to_go_on(intent: str) -> None:
    chat = at_step_two()
    assert chat.mean(intent) == ["paused_at_step Việc viec_mot 2/3"]
    assert (chat.labels, chat.state.paused) == (["Làm tiếp"], True)


def test_a_pause_from_other_things_rests_at_the_step_below() -> None:
    chat = at_step_two().go("Việc khác")
    assert chat.press("Nghỉ") == ["paused_at_step Việc viec_mot 2/3"]
    assert chat.path == "viec_mot.hai"


def test_a_pause_outside_of_a_journey_names_no_step() -> None:
    chat = Chat().go("Bắt đầu")
    assert chat.mean("pause") == ["paused"]


@pytest.mark.parametrize("answer", ["Làm tiếp", "resume", "yes", "", "done", "greet"])
def test_whatever_is_said_after_a_pause_leads_to_the_step(answer: str) -> None:
    chat = at_step_two()
    chat.mean("pause")
    said = chat.press(answer) if answer in chat.labels else chat.mean(answer)
    assert said == ["welcome_back_at_step Việc viec_mot 2/3", "2/3 Tên hai: mở app"]
    assert (chat.path, chat.state.paused) == ("viec_mot.hai", False)


def test_the_number_of_the_only_button_ends_a_pause() -> None:
    chat = at_step_two()
    chat.mean("pause")
    assert chat.type("1") == ["welcome_back_at_step Việc viec_mot 2/3", "2/3 Tên hai: mở app"]


def test_a_clear_wish_after_a_pause_is_followed_at_once() -> None:
    chat = at_step_two()
    chat.mean("pause")
    assert chat.mean("human") == ["welcome_back_at_step Việc viec_mot 2/3", "hỏi hoi"]
    assert chat.path == "viec_mot.hai gap_nguoi.hoi"


@pytest.mark.parametrize(
    ("came", "said"),
    [
        pytest.param("open", ["2/3 Tên hai: mở app"], id="opened"),
        pytest.param("button", ["3/3 Tên ba: đọc chữ"], id="pressed a button that stands there"),
        pytest.param("old", ["2/3 Tên hai: mở app"], id="pressed an old button"),
        pytest.param("human", ["hỏi hoi"], id="asked for a person"),
        pytest.param("thanks", ["2/3 Tên hai: mở app"], id="said thanks"),
    ],
)
def test_after_a_long_time_one_hears_where_one_stopped(came: str, said: list[str]) -> None:
    chat = at_step_two()
    match came:
        case "open":
            heard = chat.open(away=True)
        case "button":
            heard = chat.press("Xong rồi", away=True)
        case "old":
            heard = chat.press_id("menu.chon/viec-mot", away=True)
        case _:
            heard = chat.mean(came, away=True)
    assert heard == ["welcome_back_at_step Việc viec_mot 2/3", *said]


def test_after_a_long_time_outside_of_a_journey() -> None:
    chat = Chat().go("Bắt đầu")
    assert chat.open(away=True) == ["welcome_back", "hỏi chon"]


def test_resume_and_menu_and_restart_as_words() -> None:
    chat = at_step_two()
    assert chat.mean("resume") == ["2/3 Tên hai: mở app"]
    assert chat.mean("restart") == ["1/3 Cài app: cài app", "[hinh_mot]"]
    assert chat.mean("menu") == ["hỏi chon"]
    assert chat.path == "menu.chon"


def test_resume_from_other_things_leaves_them() -> None:
    chat = at_step_two().go("Việc khác")
    assert chat.mean("resume") == ["2/3 Tên hai: mở app"]
    assert chat.path == "viec_mot.hai"


# ---- a journey begun, left, and begun again ----


def test_a_journey_begun_earlier_asks_whether_to_go_on() -> None:
    chat = at_step_two()
    chat.mean("menu")
    assert chat.press("Việc một") == ["resume_or_restart Việc viec_mot 2/3"]
    assert chat.labels == ["Làm tiếp", "Làm lại từ đầu", "Việc khác"]
    assert chat.place == "viec_mot.hai*"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("Làm tiếp", ["2/3 Tên hai: mở app"]),
        ("resume", ["2/3 Tên hai: mở app"]),
        ("Làm lại từ đầu", ["1/3 Cài app: cài app", "[hinh_mot]"]),
        ("restart", ["1/3 Cài app: cài app", "[hinh_mot]"]),
    ],
)
def test_go_on_or_begin_again(answer: str, said: list[str]) -> None:
    chat = at_step_two()
    chat.mean("menu")
    chat.press("Việc một")
    assert (chat.press(answer) if answer in chat.labels else chat.mean(answer)) == said


def test_the_question_whether_to_go_on_is_no_place_to_go_back_to() -> None:
    chat = at_step_two()
    chat.mean("menu")
    chat.go("Việc một", "Làm tiếp")
    assert chat.mean("back") == ["hỏi chon"]


def test_bookmarks_belong_to_the_person_helped() -> None:
    chat = at_step_two()
    chat.mean("menu")
    chat.state = replace(chat.state, slots={**chat.state.slots, "person": "ma"})
    assert chat.press("Việc một") == ["1/3 Cài app: cài cho má", "[hinh_giup]"]
    assert chat.state.bookmarks == {"/viec_mot": "hai", "ma/viec_mot": "mot"}


def at_proof() -> Chat:
    return at_step_two().go("Xong rồi", "Xong rồi")


def test_a_task_finished_is_completed_once_marked_and_its_bookmark_goes() -> None:
    chat = at_proof()
    assert chat.press("Thấy rồi") == ["hỏi xong"]
    assert chat.effects == [Complete(VNEID)]
    assert (chat.state.done, chat.state.bookmarks) == ((f"/{VNEID}",), {})


def test_a_task_finished_twice_stands_once_in_the_state() -> None:
    chat = at_proof().go("Thấy rồi")
    chat.mean("back")
    chat.press("Thấy rồi")
    assert chat.state.done == (f"/{VNEID}",)


def test_a_task_finished_for_two_people_is_two() -> None:
    chat = at_proof().go("Thấy rồi")
    chat.mean("back")
    chat.state = replace(chat.state, slots={**chat.state.slots, "person": "ma"})
    chat.press("Thấy rồi")
    assert chat.state.done == (f"/{VNEID}", f"ma/{VNEID}")


def test_a_task_finished_earlier_is_said_on_beginning_it_again() -> None:
    chat = at_proof().go("Thấy rồi")
    chat.mean("menu")
    assert chat.press("Việc một") == ["already_done", "1/3 Cài app: cài app", "[hinh_mot]"]


def test_a_journey_heard_by_its_name_begins_a_path_of_its_own() -> None:
    chat = at_step_two().go("Việc khác")
    assert chat.mean("viec_hai") == ["1/2 Tên mot: gõ số"]
    assert chat.path == "viec_hai.mot"


def test_the_name_of_the_journey_one_is_on_changes_nothing() -> None:
    chat = at_step_two()
    assert chat.mean("viec_mot") == ["here_again", "2/3 Tên hai: mở app"]
    assert chat.path == "viec_mot.hai"


# ---- buttons ----


def test_an_old_button_is_called_one_and_nothing_changes() -> None:
    chat = at_step_one()
    old = chat.buttons[0].id
    chat.press("Xong rồi")
    before = chat.state
    assert chat.press_id(old) == ["old_button", "2/3 Tên hai: mở app"]
    assert chat.state == replace(before, turn=before.turn + 1)
    assert chat.effects == []


def test_a_button_pressed_twice_counts_once() -> None:
    chat = at_proof()
    button = next(each.id for each in chat.buttons if each.label == "Thấy rồi")
    first = chat.press_id(button), chat.effects
    second = chat.press_id(button), chat.effects
    assert (first, second) == ((["hỏi xong"], [Complete(VNEID)]), (["old_button", "hỏi xong"], []))


@pytest.mark.parametrize(
    "button", ["", "/", "viec_mot.hai", "viec_mot.hai/", "viec_mot.hai/la-lam", "x" * 5000, "-.-/xong-roi"]
)
def test_a_button_that_never_was_is_an_old_one(button: str) -> None:
    assert at_step_two().press_id(button) == ["old_button", "2/3 Tên hai: mở app"]


def test_every_button_of_a_turn_has_an_id_of_its_own() -> None:
    chat = at_step_one().go("Chưa được", "Máy chậm", "Vẫn chưa được")
    assert len({button.id for button in chat.buttons}) == len(chat.buttons)


# ---- calls ----


def test_a_choice_that_calls_comes_back_to_its_own_step() -> None:
    chat = Chat().go("Bắt đầu", "Hỏi chỗ")
    assert chat.path == "menu.chon noi_den.hoi"
    assert chat.press("Chỗ khác") == ["nói xa", "here_again", "hỏi chon"]


def test_a_step_that_calls_goes_on_behind_itself() -> None:
    content = book(
        dialog(
            "menu",
            ask("chon", Choice("Đi", Goto("menu", "goi"))),
            say("goi", Call("noi_den", "hoi")),
            ask("sau", Choice("Rồi", Goto("menu", "chon"))),
        )
    )
    chat = Chat(content)
    chat.open()
    chat.mean("menu")
    assert chat.press("Đi") == ["nói goi", "hỏi hoi"]
    assert chat.path == "menu.sau noi_den.hoi"
    assert chat.press("Rõ rồi") == ["hỏi sau"]


def test_the_last_step_that_calls_leaves_no_caller() -> None:
    content = book(dialog("menu", ask("chon", Choice("Đi", Goto("menu", "goi"))), say("goi", Call("noi_den", "hoi"))))
    chat = Chat(content)
    chat.open()
    chat.mean("menu")
    chat.press("Đi")
    assert chat.path == "noi_den.hoi"
    assert chat.press("Rõ rồi")[-1] == "hỏi chon"


def test_a_dialog_called_again_cuts_the_path_back_to_its_first_call() -> None:
    content = book(
        dialog("noi_den", ask("hoi", Choice("Nữa", Call("xa", "hoi")), Choice("Rõ rồi", Return()))),
        dialog("xa", ask("hoi", Choice("Về", Return()), Choice("Lại", Call("noi_den", "hoi")))),
    )
    chat = Chat(content).go("Bắt đầu", "Hỏi chỗ", "Nữa")
    assert chat.path == "menu.chon noi_den.hoi xa.hoi"
    chat.press("Lại")
    assert chat.path == "menu.chon noi_den.hoi"


def test_a_dialog_that_calls_itself_does_not_grow() -> None:
    content = book(dialog("noi_den", ask("hoi", Choice("Lại", Call("noi_den", "hoi")), Choice("Rõ rồi", Return()))))
    chat = Chat(content).go("Bắt đầu", "Hỏi chỗ", "Lại", "Lại", "Lại")
    assert chat.path == "menu.chon noi_den.hoi"
    assert chat.press("Rõ rồi") == ["here_again", "hỏi chon"]


# ---- conditions, variants, what is remembered ----


def test_a_step_whose_condition_does_not_hold_is_passed() -> None:
    chat = Chat(state=State(slots={"phone": "iphone"})).go("Bắt đầu")
    assert chat.press("Việc một") == ["1/3 Cài app: cài trên iPhone", "[hinh_mot]"]


def test_a_choice_remembers_and_goes_on() -> None:
    chat = Chat().go("Bắt đầu", "Việc một")
    assert chat.press("iPhone") == ["1/3 Cài app: cài trên iPhone", "[hinh_mot]"]
    assert chat.state.slots == {"phone": "iphone"}


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        pytest.param({"phone": "android"}, ["cài app", "[hinh_mot]"], id="none holds"),
        pytest.param({"phone": "iphone"}, ["cài trên iPhone", "[hinh_mot]"], id="words only"),
        pytest.param({"phone": "android", "person": "ba"}, ["cài cho ba", "[hinh_giup]"], id="words and picture"),
        pytest.param(
            {"phone": "iphone", "person": "ba"}, ["cài trên iPhone", "[hinh_giup]"], id="the first of each field"
        ),
    ],
)
def test_the_first_variant_that_holds_wins_field_by_field(slots: dict[str, str], said: list[str]) -> None:
    chat = Chat(state=State(slots=slots)).go("Bắt đầu")
    words, picture = chat.press("Việc một")
    assert [words.removeprefix("1/3 Cài app: "), picture] == said


def test_a_remedy_has_variants_too() -> None:
    chat = Chat(state=State(slots={"phone": "iphone"})).go("Bắt đầu", "Việc một", "Chưa được")
    assert chat.press("Máy chậm") == ["thử cham trên iPhone", "[hinh_cham]"]


def test_helping_someone_is_remembered_from_the_first_answer() -> None:
    chat = Chat().go("Giúp má", "Việc một")
    assert chat.press("Máy khác") == ["1/3 Cài app: cài cho má", "[hinh_giup]"]


# ---- effects ----


def test_a_yes_is_kept_for_the_person_with_the_words_they_saw() -> None:
    chat = at_step_two()
    chat.mean("consent")
    chat.press("Đồng ý")
    assert chat.effects == [
        Agree("progress", "hỏi hoi", "Đồng ý"),
        Agree("count", "hỏi hoi", "Đồng ý"),
        RecordStep(VNEID, "viec_mot.hai", "", "entered"),
    ]
    assert chat.state.consents == {"/progress": "yes", "/count": "yes"}


def test_a_no_is_kept_for_the_person_helped_alone() -> None:
    chat = at_step_two()
    chat.state = replace(chat.state, slots={**chat.state.slots, "person": "ma"}, consents={"/progress": "yes"})
    assert chat.mean("consent") == ["hỏi giùm má"]
    chat.press("Không")
    assert chat.effects[:2] == [
        Decline("progress", "hỏi giùm {nguoi_nha}", "Không"),
        Decline("count", "hỏi giùm {nguoi_nha}", "Không"),
    ]
    assert chat.state.consents == {"/progress": "yes", "ma/progress": "no", "ma/count": "no"}


def test_forget_begins_anew_and_only_the_turn_counts_on() -> None:
    chat = at_proof().go("Thấy rồi")
    chat.mean("delete_data")
    turn = chat.state.turn
    assert chat.press("Xoá hết") == ["nói da_xoa", "hỏi bat_dau"]
    assert chat.effects == [Forget()]
    assert chat.state == State(
        path=(Place("chao", "bat_dau"),),
        trail=((Place("xoa", "hoi"),),),
        offered=("bat-dau", "giup-ma", "viec-khac"),
        turn=turn + 1,
    )


@pytest.mark.parametrize(("confidence", "completed"), [(0.5, False), (0.79, False), (0.8, True), (1.0, True)])
def test_a_vague_yes_never_writes_anything_down(confidence: float, completed: bool) -> None:
    chat = at_proof()
    said = chat.mean("yes", confidence)
    assert said == (["hỏi xong"] if completed else ["press_one", "hỏi kiem_tra"])
    assert (chat.effects == [Complete(VNEID)], bool(chat.state.done)) == (completed, completed)


def test_a_vague_yes_to_a_consent_asks_for_the_button() -> None:
    chat = at_step_two()
    chat.mean("consent")
    assert chat.mean("yes", 0.5) == ["press_one", "hỏi hoi"]
    assert (chat.state.consents, chat.effects) == ({}, [])


@pytest.mark.parametrize("confidence", [0.5, 1.0])
def test_done_is_no_yes_where_something_is_written_down(confidence: float) -> None:
    chat = at_proof()
    assert chat.mean("done", confidence) == ["press_one", "hỏi kiem_tra"]
    assert chat.effects == []


def test_done_is_a_yes_where_nothing_is_written_down() -> None:
    content = book(dialog("menu", ask("chon", Choice("Có", Goto("viec_hai", "mot"), means="yes"))))
    assert Chat(content).go("Bắt đầu").mean("done") == ["1/2 Tên mot: gõ số"]


def test_a_vague_word_still_presses_what_writes_nothing_down() -> None:
    chat = at_proof()
    assert chat.mean("no", 0.5) == ["2/3 Tên hai: mở app"]
