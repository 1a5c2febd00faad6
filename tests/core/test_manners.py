"""How a chat is held: who is called what, as people speak of themselves and to the bot."""

from dataclasses import replace

import pytest

from bot.core.dialogs import Choice, Goto, Wording
from bot.core.state import Place, State
from tests.core.books import Chat, ask, at_step_two, book, dialog


@pytest.mark.parametrize(
    ("before", "named", "after"),
    [
        pytest.param({}, {"self_word": "con"}, {"called": "co_chu", "self_word": "con"}, id="con ơi"),
        pytest.param({}, {"self_word": "chau"}, {"called": "co_chu", "self_word": "chau"}, id="cháu ơi"),
        pytest.param({}, {"self_word": "em"}, {"self_word": "em"}, id="em ơi"),
        pytest.param(
            {"called": "anh"}, {"self_word": "con"}, {"called": "co_chu", "self_word": "con"}, id="anh no more"
        ),
        pytest.param({"called": "ba"}, {"self_word": "con"}, {"called": "ba", "self_word": "con"}, id="bà stays bà"),
        pytest.param({}, {"called": "bac"}, {"called": "bac"}, id="called by name"),
        pytest.param({}, {"called": "bac", "self_word": "con"}, {"called": "bac", "self_word": "con"}, id="both"),
        pytest.param({}, {"called": "vua", "self_word": "trẫm"}, {}, id="neither is known"),
    ],
)
def test_how_people_speak_sets_the_form_of_address(
    before: dict[str, str], named: dict[str, str], after: dict[str, str]
) -> None:
    chat = Chat(state=State(path=(Place("menu", "chon"),), slots=before))
    chat.mean("greet", entities=named)
    assert {slot: value for slot, value in chat.state.slots.items() if slot != "mode"} == after


@pytest.mark.parametrize(
    ("before", "named", "called"),
    [
        pytest.param({"called": "co_chu"}, {"own_title": "chu"}, "chu", id="chú bấm rồi, after con ơi"),
        pytest.param({}, {"self_word": "con", "own_title": "ba"}, "ba", id="bà hỏi nè con ơi"),
        pytest.param({}, {"own_title": "ba"}, "", id="bà may be somebody else"),
        pytest.param({"called": "co"}, {"own_title": "chu"}, "co", id="what was chosen stays"),
        pytest.param({"called": "co_chu", "person": "ba_noi"}, {"own_title": "ba"}, "co_chu", id="bà who is helped"),
        pytest.param({"called": "co_chu"}, {"gender": "man"}, "chu", id="tui là đàn ông"),
        pytest.param({"called": "ong"}, {"gender": "woman"}, "ba", id="not ông but bà"),
        pytest.param({}, {"gender": "woman"}, "chi", id="a woman of any age"),
        pytest.param({"called": "bac"}, {"gender": "man"}, "bac", id="bác fits all"),
    ],
)
def test_what_people_call_themselves_narrows_it(before: dict[str, str], named: dict[str, str], called: str) -> None:
    chat = Chat(state=State(path=(Place("menu", "chon"),), slots=before))
    chat.mean("greet", entities=named)
    assert chat.state.slots.get("called", "") == called


def test_who_asks_to_be_called_so_is_called_so_at_once() -> None:
    chat = at_step_two()
    assert chat.mean("change_address_form", entities={"called": "ba"})[0] == "called_so"
    assert chat.state.slots["called"] == "ba"


def test_the_answer_already_speaks_in_the_new_form() -> None:
    content = book(dialog("menu", ask("chon", Choice("Đi", Goto("menu", "chon")))))
    step = replace(content.dialogs["menu"].steps["chon"], wording=Wording("Dạ {anh_chi}, {em} nghe."))
    chat = Chat(book(dialog("menu", step)), State(path=(Place("menu", "chon"),)))
    assert chat.mean("", entities={"self_word": "con"}) == ["not_understood", "Dạ cô/chú, con nghe."]
