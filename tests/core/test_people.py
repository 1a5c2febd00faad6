"""Helping several people from one chat: each keeps their place, nothing is switched silently, phones change hands."""

import pytest

from bot.core.address import NEIGHBOUR
from bot.core.dialogs import Book, Choice, Goto
from bot.core.state import Place, State, parse_place
from tests.core.books import VNEID, Chat, ask, book, dialog


def relatives() -> Book:
    to_menu = Goto("menu", "chon")
    who = ask(
        "ai",
        Choice("Giúp má", Goto("giup", "ke_ben"), remember=(("person", "ma"),)),
        Choice("Giúp bà ngoại", Goto("giup", "ke_ben"), remember=(("person", "ba_ngoai"),)),
        Choice("Người khác", Goto("giup", "ai_khac")),
    )
    others = ask("ai_khac", Choice("Giúp dì", Goto("giup", "ke_ben"), remember=(("person", "di"),)))
    beside = ask("ke_ben", Choice("Kế bên", to_menu), Choice("Ở xa", to_menu))
    hands = dialog(
        "ai_cam_may", ask("hoi", Choice("Người giúp", to_menu, remember=(("holder", ""),))), helper_here="hoi"
    )
    return book(dialog("giup", who, others, beside, help_relative="ai"), hands)


def helper_of_two() -> Chat:
    """Má stands at the second step of the first journey, bà ngoại at the first of the second; the helper at neither."""
    chat = Chat(relatives())
    chat.open()
    chat.mean("help_relative", entities={"relation": "má"})
    chat.go("Kế bên", "Việc một", "iPhone", "Xong rồi")
    chat.mean("help_relative", entities={"relation": "bà ngoại"})
    return chat.go("Kế bên", "Việc hai")


def test_who_is_named_need_not_be_chosen() -> None:
    chat = Chat(relatives())
    chat.open()
    assert chat.mean("help_relative", entities={"relation": "dì"}) == ["hỏi ke_ben"]
    assert chat.state.person == "di"


def test_a_relative_without_a_button_is_helped_as_the_others_are() -> None:
    chat = Chat(relatives())
    chat.open()
    assert chat.mean("help_relative", entities={"relation": "ngoại"}) == ["hỏi ke_ben"]
    assert chat.state.person == "ngoai"


@pytest.mark.parametrize("relation", ["", "hàng xóm"])
def test_who_is_not_named_is_asked_about(relation: str) -> None:
    chat = Chat(relatives())
    chat.open()
    assert chat.mean("help_relative", entities={"relation": relation}) == ["hỏi ai"]
    assert chat.state.person == ""


def test_who_is_helped_already_is_not_asked_about_again() -> None:
    chat = helper_of_two()
    place = chat.place
    assert chat.mean("help_relative", entities={"relation": "bà ngoại"})[0] == "here_again"
    assert (chat.place, chat.state.person) == (place, "ba_ngoai")


def test_each_keeps_their_own_place_and_phone() -> None:
    chat = helper_of_two()
    assert chat.state.slots.get("phone") == ""
    chat.mean("help_relative", entities={"relation": "má"})
    assert chat.state.slots.get("phone") == "iphone"
    chat.go("Kế bên", "Việc một")
    assert chat.place == "viec_mot.hai*"


def test_nobody_walks_back_into_anothers_journey() -> None:
    chat = helper_of_two()
    while chat.mean("back") and chat.state.trail:
        assert "viec_mot" not in chat.place


def test_after_a_long_rest_the_helper_says_for_whom() -> None:
    chat = helper_of_two()
    assert chat.open(away=True)[-1] == "for_whom"
    assert chat.labels == ["cho bà ngoại", "cho má", "label_for_another", "Việc khác"]
    assert chat.place == "viec_hai.mot@ba_ngoai|ma"


def test_the_answer_goes_on_where_that_person_stopped() -> None:
    chat = helper_of_two()
    chat.open(away=True)
    assert chat.mean("", entities={"relation": "má"}) == ["going_on_for", "2/3 Tên hai: mở app"]
    assert (chat.state.person, chat.place) == ("ma", "viec_mot.hai")


def test_a_new_name_there_begins_with_that_person() -> None:
    chat = helper_of_two()
    chat.open(away=True)
    assert chat.mean("", entities={"relation": "dì"}) == ["hỏi ke_ben"]


def test_one_person_is_not_asked_for_whom() -> None:
    chat = Chat(relatives())
    chat.open()
    chat.mean("help_relative", entities={"relation": "má"})
    chat.go("Kế bên", "Việc một", "iPhone")
    assert "for_whom" not in chat.open(away=True)


def test_the_elder_takes_the_phone_and_is_spoken_to() -> None:
    chat = Chat(relatives())
    chat.open()
    chat.mean("help_relative", entities={"relation": "má"})
    chat.go("Kế bên", "Việc một", "Máy khác")
    assert chat.mean("repeat") == ["1/3 Cài app: cài cho má", "[hinh_giup]"]
    assert chat.mean("elder_here", entities={"relation": "má"}) == ["elder_here", "1/3 Cài app: cài app", "[hinh_mot]"]
    assert not chat.state.speaks_for_somebody
    assert chat.state.person == "ma"
    chat.mean("helper_here")
    chat.go("Người giúp")
    assert chat.state.speaks_for_somebody


def test_another_elder_takes_the_phone() -> None:
    chat = helper_of_two()
    chat.mean("elder_here", entities={"relation": "má"})
    assert (chat.state.person, chat.state.slots.get("holder")) == ("ma", "elder")


def test_nobody_is_an_elder_helped_who_has_no_helper() -> None:
    chat = Chat(relatives())
    chat.open()
    assert chat.mean("elder_here")[0] == "greeting"
    assert chat.mean("helper_here")[0] == "greeting"
    assert not chat.state.slots.get("holder")


def test_turning_to_somebody_else_takes_the_phone_back() -> None:
    chat = helper_of_two()
    chat.mean("elder_here")
    chat.mean("help_relative", entities={"relation": "má"})
    assert chat.state.speaks_for_somebody


def test_the_place_where_people_are_asked_about_is_stored() -> None:
    place = Place("viec_hai", "mot", "people", "ba_ngoai|-")
    assert parse_place(str(place)) == place


def test_whoever_went_on_last_comes_first() -> None:
    state = State(bookmarks={"ma/viec_mot": "hai", "/viec_mot": "mot", "ma/viec_hai": "mot"})
    assert state.underway == ("ma", "")


def test_another_persons_journey_is_never_begun_silently() -> None:
    chat = helper_of_two()
    here = chat.place
    assert chat.mean("viec_mot", entities={"relation": "dì"}) == ["for_whom"]
    assert chat.labels == ["cho bà ngoại", "cho dì", "label_for_another", "Việc khác"]
    assert chat.press("cho bà ngoại")[0] == "going_on_for"
    assert (chat.place, chat.state.person) == (here, "ba_ngoai")


def test_who_is_new_is_asked_about_before_their_journey() -> None:
    chat = helper_of_two()
    chat.mean("viec_mot", entities={"relation": "dì"})
    assert chat.press("cho dì") == ["hỏi ke_ben"]
    assert chat.state.person == "di"


def test_an_elder_who_takes_the_phone_goes_on_with_their_own_journey() -> None:
    chat = helper_of_two()
    chat.mean("elder_here", entities={"relation": "má"})
    assert (chat.place, chat.state.person, chat.state.slots["holder"]) == ("viec_mot.hai", "ma", "elder")


def test_an_elder_nobody_began_for_is_asked_about() -> None:
    chat = helper_of_two()
    assert chat.mean("elder_here", entities={"relation": "dì"}) == ["for_whom"]
    assert chat.state.person == "ba_ngoai"


# ---- one neighbour after the other ----

NEIGHBOURS = book(
    dialog(
        "chao",
        ask("bat_dau", Choice("Bà con kế tiếp", Goto("menu", "chon"), remember=(("person", NEIGHBOUR),))),
        nua="bat_dau",
    )
)


def test_each_neighbour_is_a_person_of_their_own() -> None:
    chat = Chat(NEIGHBOURS).go("Bà con kế tiếp")
    first = chat.state.person
    chat.mean("nua")
    chat.press("Bà con kế tiếp")
    assert (first, chat.state.person) == (f"{NEIGHBOUR}.1", f"{NEIGHBOUR}.2")


def test_the_next_neighbour_begins_anew_and_the_volunteer_stays() -> None:
    mine = State(
        bookmarks={"/viec_mot": "hai", f"{NEIGHBOUR}.7/viec_mot": "mot"},
        done=(f"/{VNEID}", f"{NEIGHBOUR}.7/{VNEID}"),
        consents={"/count": "yes", f"{NEIGHBOUR}.7/count": "no"},
        slots={"person": f"{NEIGHBOUR}.7", "neighbours": "7", "phone": "iphone"},
    )
    chat = Chat(NEIGHBOURS, mine).go("Bà con kế tiếp")
    assert chat.state.person == f"{NEIGHBOUR}.8"
    assert (chat.state.bookmarks, chat.state.done) == ({"/viec_mot": "hai"}, (f"/{VNEID}",))
    assert chat.state.consents == {"/count": "yes"}


def test_a_hundred_neighbours_keep_the_state_small() -> None:
    chat = Chat(NEIGHBOURS)
    chat.open()
    for _ in range(100):
        chat.press("Bà con kế tiếp")
        chat.go("Việc một", *(["Máy khác"] if "Máy khác" in chat.labels else []))
        chat.mean("nua")
    assert len(str(chat.state.to_dict())) < 2000
