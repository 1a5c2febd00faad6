"""When two things may have been meant, the person is asked; when it is none of our matters, that is said."""

from dataclasses import replace

from bot.core.choices import asked_at
from bot.core.effects import RecordStep
from bot.core.events import TextUnderstood
from bot.core.meaning import Meaning
from bot.core.state import State
from tests.core.books import Chat, at_step_one, book

NONE_OF_THESE = book().phrases["label_none_of_these"]


def unsure(chat: Chat, *guesses: str) -> list[str]:
    return chat.take(TextUnderstood(meaning=Meaning("", 0.3, (), guesses)))


def test_two_guesses_become_buttons() -> None:
    chat = at_step_one()
    here = chat.place
    assert unsure(chat, "faq/mat_phi", "faq/khong_co_bai_nay") == ["which_meaning"]
    assert chat.labels[:2] == ["Có mất phí không?", NONE_OF_THESE]
    assert chat.place == f"{here}~faq/mat_phi"


def test_the_one_that_was_meant_is_answered_and_the_step_offered_again() -> None:
    chat = at_step_one()
    here = chat.place
    unsure(chat, "faq/mat_phi")
    said = chat.press("Có mất phí không?")
    assert said[:2] == ["không mất phí", "here_again"]
    assert chat.place == here


def test_neither_of_them_brings_the_step_back() -> None:
    chat = at_step_one()
    here = chat.place
    unsure(chat, "faq/mat_phi")
    assert chat.press(NONE_OF_THESE)[0] == "not_understood"
    assert chat.place == here


def test_guesses_nobody_can_name_are_not_asked_about() -> None:
    chat = at_step_one()
    here = chat.place
    assert unsure(chat, "thanks", "faq/khong_co_bai_nay")[0] == "not_understood"
    assert chat.place == here


def test_an_article_that_went_takes_the_question_along() -> None:
    chat = at_step_one()
    here = chat.place
    unsure(chat, "faq/mat_phi")
    chat.book = replace(chat.book, articles={})
    chat.open()
    assert chat.place == here


def test_what_is_none_of_our_matters_is_said_so() -> None:
    chat = at_step_one()
    here = chat.place
    assert chat.mean("out_of_scope")[0] == "out_of_scope"
    assert chat.place == here


def test_what_was_asked_is_known_to_who_listens() -> None:
    chat = at_step_one()
    assert asked_at(chat.book, chat.state) == "step"
    assert asked_at(chat.book, Chat().go().state) == "question"
    assert asked_at(chat.book, State()) == ""


def test_an_answer_that_has_a_button_here_is_offered_as_one() -> None:
    chat = at_step_one()
    unsure(chat, "stuck", "faq/mat_phi")
    assert chat.labels[:2] == ["Chưa được", "Có mất phí không?"]
    chat.press("Chưa được")
    assert chat.place == "viec_mot.mot?"
    assert [effect.symptom for effect in chat.effects if isinstance(effect, RecordStep)] == [""]


def test_one_answer_alone_is_no_journey_offered() -> None:
    chat = at_step_one()
    assert unsure(chat, "stuck", "faq/khong_co_bai_nay") == ["which_meaning"]


def test_letters_that_mean_two_things_mean_what_is_an_answer_here() -> None:
    dung = TextUnderstood(meaning=Meaning("pause", 1.0, also="done"))
    chat = at_step_one()
    assert chat.take(dung)[0].startswith("2/3")
    chat = Chat()
    chat.open()
    assert chat.take(dung)[0] == "paused"
