"""The walk: every place is reached, what is missing at one is seen, and circles end."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.library import Library
from bot.content.walk import DeadEnd, unreachable, walk
from bot.core import limits
from bot.core.dialogs import Book, Call, Choice, Dialog, Goto, Return
from bot.core.effects import Complete
from bot.core.engine import advance
from bot.core.events import ButtonPressed, ChatOpened, TextUnderstood
from bot.core.meaning import COMMANDS, Meaning
from bot.core.replies import Offer
from bot.core.state import Place, State
from tests.core.books import ask, book, dialog, numbered, say

SMALL_WORLD = book()
NO_WAY_ON = "không có lối đi tiếp"
NO_HUMAN = "không gặp được người thật trong hai lần bấm"
NO_HELP = "không tới được chỗ nghi bị lừa trong hai lần bấm"


def page_without(content: Book, label: str) -> Book:
    """The book without one of the answers of the page of other things."""
    page = content.dialogs["viec_khac"]
    step = page.steps["hoi"]
    kept = tuple(choice for choice in step.choices if choice.label != label)
    return replace(
        content, dialogs={**content.dialogs, "viec_khac": replace(page, steps={"hoi": replace(step, choices=kept)})}
    )


def test_a_world_in_order_has_no_dead_end() -> None:
    walked = walk(SMALL_WORLD)
    assert walked.dead_ends == ()
    assert walked.completed == {"vneid_level_2"}
    assert walked.walked >= 50


def test_a_place_whose_answers_lead_nowhere_is_seen() -> None:
    content = book(dialog("noi_den", ask("hoi", Choice("Nữa", Goto("noi_den", "hoi")))))
    assert walk(content).dead_ends == (DeadEnd(Place("noi_den", "hoi"), NO_WAY_ON),)


@pytest.mark.parametrize(("label", "missing"), [("Gặp người thật", NO_HUMAN), ("Nghi bị lừa", NO_HELP)])
def test_a_place_without_help_is_seen(label: str, missing: str) -> None:
    ends = walk(page_without(SMALL_WORLD, label)).dead_ends
    assert {end.missing for end in ends} == {missing}
    assert Place("noi_den", "hoi") in {end.place for end in ends}


def test_help_that_nobody_hears_is_seen_everywhere() -> None:
    deaf = replace(SMALL_WORLD.dialogs["gap_nguoi"], hears={})
    ends = walk(book(deaf)).dead_ends
    assert {end.missing for end in ends} == {NO_HUMAN}


def test_the_help_of_a_place_itself_counts() -> None:
    content = page_without(SMALL_WORLD, "Nghi bị lừa")
    stand = dialog("noi_den", ask("hoi", Choice("Rõ rồi", Return()), Choice("Bị lừa", means="scam_report")))
    ends = walk(replace(content, dialogs={**content.dialogs, "noi_den": stand})).dead_ends
    assert Place("noi_den", "hoi") not in {end.place for end in ends}


def test_places_behind_a_condition_are_walked() -> None:
    content = book(dialog("viec_hai", ask("mot", Choice("Kẹt", Goto("viec_hai", "mot")), condition="helping")))
    assert DeadEnd(Place("viec_hai", "mot"), NO_WAY_ON) in walk(content).dead_ends


def test_symptoms_and_their_remedies_are_walked() -> None:
    ends = walk(page_without(SMALL_WORLD, "Nghi bị lừa")).dead_ends
    places = {str(end.place) for end in ends if end.place.dialog == "viec_mot"}
    assert {"viec_mot.mot", "viec_mot.mot?", "viec_mot.mot?cham:0", "viec_mot.mot?cham:1"} <= places
    assert "viec_mot.mot?cham:2" in places


def test_a_task_counts_only_where_a_way_completes_it() -> None:
    done = Choice("Xong", Goto("menu", "chon"), effects=(Complete("social_security_account"),))
    with_way = book(dialog("viec_hai", ask("mot", done), task="social_security_account"))
    without_way = book(dialog("viec_hai", ask("mot", Choice("Thôi", Goto("menu", "chon"))), ask("an", done)))
    assert walk(with_way).completed == {"vneid_level_2", "social_security_account"}
    assert walk(without_way).completed == {"vneid_level_2"}


def test_dialogs_that_call_one_another_in_a_circle_are_walked_to_an_end() -> None:
    content = book(
        dialog("noi_den", ask("hoi", Choice("Nữa", Call("xa", "hoi")), Choice("Rõ rồi", Return()))),
        dialog("xa", ask("hoi", Choice("Lại", Call("noi_den", "hoi")), Choice("Về", Return()))),
    )
    assert walk(content).walked < 1000


# ---- what no way leads to ----


@pytest.mark.parametrize(
    ("steps", "left"),
    [
        pytest.param((say("a", Return()), say("b", Return())), ["b"], id="behind a return"),
        pytest.param((say("a"), say("b", Return())), [], id="behind a step that is said"),
        pytest.param((ask("a", Choice("Rồi", Return())), say("b", Return())), ["b"], id="behind an answer away"),
        pytest.param((ask("a", Choice("Rồi")), say("b", Return())), [], id="behind an answer that goes on"),
        pytest.param((ask("a", Choice("Nghỉ", means="pause")), say("b", Return())), ["b"], id="behind a command"),
        pytest.param((numbered("a"), say("b", Return())), [], id="behind a numbered step"),
        pytest.param(
            (numbered("a", choices=(Choice("Rồi", Return()),)), say("b", Return())), [], id="behind 'done' in words"
        ),
        pytest.param((say("a", Call("noi_den", "hoi")), say("b", Return())), [], id="behind a call"),
        pytest.param((say("a", Return(), condition="helping"), say("b", Return())), [], id="behind a condition"),
        pytest.param((say("a", Goto("thu", "c")), say("b", Return()), say("c", Return())), ["b"], id="passed over"),
        pytest.param((ask("a", Choice("Tới", Goto("thu", "b"))), say("b", Return())), [], id="named by an answer"),
    ],
)  # fmt: skip
def test_what_nothing_leads_to(steps: tuple[object, ...], left: list[str]) -> None:
    made = dialog("thu", *steps, thu="a")  # type: ignore[arg-type]
    assert [step for name, step in unreachable(book(made)) if name == "thu"] == left


def test_an_answer_of_a_remedy_leads_somewhere_too() -> None:
    aside = dialog("noi_den", ask("hoi", Choice("Rõ rồi", Return())), say("xa", Return()))
    assert ("noi_den", "hoi") not in set(unreachable(book(aside)))
    assert ("noi_den", "xa") in set(unreachable(book(aside)))


def test_a_dialog_nobody_opens_is_unreachable_as_a_whole() -> None:
    lonely = Dialog("mo_coi", "Mồ côi", {"a": say("a"), "b": say("b")})
    assert [pair for pair in unreachable(book(lonely)) if pair[0] == "mo_coi"] == [("mo_coi", "a"), ("mo_coi", "b")]


# ---- the content people talk with ----

acts = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 999), st.sampled_from([0.5, 1.0])), max_size=60)


@given(acts)
@settings(max_examples=100, deadline=None)
def test_any_talk_about_the_content_of_the_project_ends_with_answers(
    project: Library, talk: list[tuple[int, int, float]]
) -> None:
    content = project.book
    intents = sorted({*COMMANDS, *content.hears, "agree", ""})
    turn = advance(content, State(), ChatOpened())
    for number, word, confidence in talk:
        last = turn.replies[-1]
        assert isinstance(last, Offer)
        assert len(last.buttons) <= limits.CHOICES + 2
        assert len({button.id for button in last.buttons}) == len(last.buttons)
        if number < 9:
            event = ButtonPressed(button=last.buttons[number % len(last.buttons)].id)
            turn = advance(content, turn.state, event)
        else:
            meaning = Meaning(intents[word % len(intents)], confidence)
            turn = advance(content, turn.state, TextUnderstood(meaning=meaning))
        assert State.from_dict(turn.state.to_dict()) == turn.state
