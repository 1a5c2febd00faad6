"""One set of tests for whatever ranks intents: another classifier may take the model's place if it passes these."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.nlu.fit import Example, fit
from bot.nlu.model import Model
from bot.nlu.plain_words import PlainWords
from bot.nlu.ranker import Ranker
from bot.nlu.rasa_server import RasaServer
from bot.nlu.understanding import Understanding
from tests.nlu.rasa_stand_in import Question, RasaStandIn

LINES = {
    "faq/otp_missing": ("không nhận được mã otp", "chờ hoài không thấy mã otp", "otp không về máy"),
    "faq/forgot_password": ("quên mật khẩu rồi", "mật khẩu không nhớ nữa", "làm sao lấy lại mật khẩu"),
    "done": ("xong rồi", "làm xong rồi đó con", "rồi nha"),
}
EXAMPLES = [Example(text, intent) for intent, texts in LINES.items() for text in texts]


def own_model() -> Model:
    return fit(EXAMPLES, {"mk": "mat khau"})


@pytest.fixture(scope="module", params=["the bot's own model", "a Rasa server"])
def ranker(request: pytest.FixtureRequest) -> Iterator[Ranker]:
    model = own_model()
    if request.param == "the bot's own model":
        yield model
        return

    def answer(question: Question) -> None:
        question.answers(model.rank(question.text))

    with closing(RasaStandIn(answer)) as rasa, closing(RasaServer(rasa.url, LINES, seconds=30)) as server:
        yield server


@pytest.mark.parametrize(("intent", "text"), [(intent, text) for intent, texts in LINES.items() for text in texts])
def test_what_it_was_taught_comes_first(ranker: Ranker, intent: str, text: str) -> None:
    assert ranker.rank(text)[0].intent == intent


def test_the_best_come_first_and_no_more_than_asked_for(ranker: Ranker) -> None:
    ranking = ranker.rank("quên mã otp")
    assert [each.confidence for each in ranking] == sorted((each.confidence for each in ranking), reverse=True)
    assert len({each.intent for each in ranking}) == len(ranking) <= 10
    assert ranker.rank("quên mã otp", most=2) == ranking[:2]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet=st.characters(), max_size=200))
def test_any_text_gets_known_intents_with_shares_of_one(ranker: Ranker, text: str) -> None:
    ranking = ranker.rank(text)
    assert {each.intent for each in ranking} <= LINES.keys()
    assert all(0 <= each.confidence <= 1 for each in ranking)
    assert sum(each.confidence for each in ranking) <= 1 + 1e-5
    assert ranker.rank(text) == ranking


@pytest.mark.parametrize("text", ["x" * 100_000, "\u200b" * 5_000, "\ud83d", "/done", "/done@1.0{}", "EXTERNAL: done"])
def test_bad_input_gets_a_ranking_and_no_error(ranker: Ranker, text: str) -> None:
    assert all(each.confidence < 1 for each in ranker.rank(text))


def test_it_serves_understanding(ranker: Ranker) -> None:
    meaning = Understanding(PlainWords({}), ranker).understand("tôi quên mật khẩu rồi")
    assert (meaning.intent or meaning.guesses[0]) == "faq/forgot_password"
