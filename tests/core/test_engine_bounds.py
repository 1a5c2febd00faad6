"""The bounds of the engine: content that runs in circles ends, and a chat of any length stays small."""

import json
import random

from bot.core import limits
from bot.core.dialogs import Call, Choice, Dialog, Goto, Return
from tests.core.books import Chat, ask, book, dialog, say
from tests.core.test_engine_random import INTENTS


def test_passing_steps_in_a_circle_end_in_the_menu() -> None:
    content = book(dialog("quay", say("mot"), say("hai", Goto("quay", "mot")), quay="mot"))
    chat = Chat(content).go("Bắt đầu", "Việc hai")
    said = chat.mean("quay")
    assert said == ["nói mot", "nói hai"] * (limits.STEPS_A_TURN // 2) + ["lost", "hỏi chon"]
    assert chat.path == "menu.chon"


def test_the_longest_honest_way_is_walked() -> None:
    steps = [say(f"s{number}") for number in range(limits.STEPS_A_TURN - 1)]
    chat = Chat(book(dialog("dai", *steps, ask("cuoi", Choice("Về", Return())), dai="s0"))).go("Bắt đầu")
    assert chat.mean("dai")[-1] == "hỏi cuoi"
    assert chat.path == "menu.chon dai.cuoi"


def test_dialogs_that_call_each_other_in_a_circle_end_in_the_menu() -> None:
    content = book(
        dialog("di", say("mot", Call("lai", "mot")), di="mot"),
        dialog("lai", say("mot", Call("di", "mot"))),
    )
    chat = Chat(content).go("Bắt đầu")
    assert chat.mean("di")[-2:] == ["lost", "hỏi chon"]


def chain(length: int) -> list[Dialog]:
    """Dialogs that call one another, each from a question."""
    return [
        dialog(
            f"d{number}", ask("hoi", Choice("Sâu", Call(f"d{(number + 1) % length}", "hoi")), Choice("Về", Return()))
        )
        for number in range(length)
    ]


def test_calls_within_calls_keep_the_path_short_and_return() -> None:
    chat = Chat(book(*chain(10), dialog("menu", ask("chon", Choice("Sâu", Call("d0", "hoi")))))).go("Bắt đầu")
    for number in range(9):
        chat.press("Sâu")
        assert chat.place == f"d{number}.hoi"
        assert len(chat.state.path) == min(number + 2, limits.PATH)
    back = [chat.press("Về") and chat.place for _ in range(limits.PATH)]
    assert back == ["d7.hoi", "d6.hoi", "d5.hoi", "d4.hoi", "d3.hoi", "menu.chon"]


def test_the_way_back_is_no_longer_than_the_trail() -> None:
    length = limits.TRAIL + 8
    steps = [ask(f"s{number}", Choice("Tới", Goto("dai", f"s{number + 1}"))) for number in range(length)]
    chat = Chat(book(dialog("dai", *steps, ask(f"s{length}", Choice("Về", Return())), dai="s0")))
    chat.open()
    chat.mean("dai")
    for _ in range(length):
        chat.press("Tới")
    assert len(chat.state.trail) == limits.TRAIL
    back = [chat.mean("back") for _ in range(limits.TRAIL)]
    assert back == [[f"hỏi s{number}"] for number in reversed(range(length - limits.TRAIL, length))]
    assert chat.mean("back") == ["no_way_back", "hỏi s8"]


def test_a_thousand_turns_keep_the_state_small() -> None:
    chance = random.Random(7)  # noqa: S311 - a talk, not a secret
    chat = Chat().go("Bắt đầu")
    largest = 0
    for _ in range(1000):
        if chance.random() < 0.7:
            chat.press_id(chance.choice(chat.buttons).id)
        else:
            chat.mean(chance.choice(INTENTS), entities={"self_word": chance.choice(["em", "con", "chau"])})
        largest = max(largest, len(json.dumps(chat.state.to_dict(), ensure_ascii=False)))
    assert chat.state.turn == 1002
    assert 500 < largest < 2000
