"""A Rasa server in the model's place: asked properly, and in no way able to stop or mislead the bot."""

import gzip
import json
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bootstrap import read_content, read_understanding
from bot.nlu.circuit import FAILURES, PAUSE
from bot.nlu.model import Ranked
from bot.nlu.plain_words import PlainWords
from bot.nlu.rasa_server import MOST_BYTES, RasaFailed, RasaServer, harmless, read_ranking
from bot.nlu.understanding import Understanding
from bot.settings import load_settings
from tests.nlu.rasa_stand_in import Question, RasaStandIn, in_rasas_form
from tests.nlu.test_circuit import Seconds

INTENTS = {"faq/cost", "done", "thanks"}
THEIRS = [Ranked("faq/cost", 0.75), Ranked("done", 0.25)]
OURS = [Ranked("thanks", 1.0)]
SIGNED = "abc.def"

# long enough for an answer on a busy machine, short enough to wait for one that never comes
PATIENT, HASTY = 30.0, 0.1


class Own:
    """The bot's own model: always of the same opinion."""

    def rank(self, text: str, *, most: int = 10) -> list[Ranked]:
        return OURS[:most]


@pytest.fixture
def rasa() -> Iterator[RasaStandIn]:
    with closing(RasaStandIn(lambda question: question.answers(THEIRS))) as stand_in:
        yield stand_in


def answer_to(rasa: RasaStandIn, text: str = "tốn tiền không", *, seconds: float = PATIENT) -> list[Ranked]:
    with closing(RasaServer(rasa.url, INTENTS, Own(), seconds=seconds)) as server:
        return server.rank(text)


def test_the_server_is_asked_and_its_names_are_ours(rasa: RasaStandIn) -> None:
    assert answer_to(rasa) == THEIRS
    assert (rasa.asked, rasa.paths) == (["tốn tiền không"], ["/model/parse"])


def test_a_token_goes_into_a_header_and_nowhere_else(rasa: RasaStandIn) -> None:
    with closing(RasaServer(rasa.url + "/", INTENTS, token=SIGNED, seconds=PATIENT)) as server:
        server.rank("xong")
    assert rasa.headers["Authorization"] == f"Bearer {SIGNED}"
    assert rasa.paths == ["/model/parse"]
    answer_to(rasa)
    assert "Authorization" not in rasa.headers


def test_no_more_than_asked_for(rasa: RasaStandIn) -> None:
    with closing(RasaServer(rasa.url, INTENTS, seconds=PATIENT)) as server:
        assert server.rank("tốn tiền không", most=1) == THEIRS[:1]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("/restart", "restart"),
        ('/faq.cost@1.0{"bank": "x"}', 'faq.cost@1.0{"bank": "x"}'),
        ("  //  /done", "done"),
        ("EXTERNAL: done", "done"),
        ("/EXTERNAL: /done", "done"),
        ("bước 3/8", "bước 3/8"),
        ("nửa chữ \ud83d", "nửa chữ \ud83d"),
        ("x" * 5_000, "x" * 4_000),
    ],
)
def test_what_rasa_takes_for_a_command_is_sent_as_words(rasa: RasaStandIn, typed: str, sent: str) -> None:
    answer_to(rasa, typed)
    assert rasa.asked == [sent]


@pytest.mark.parametrize("typed", ["", "   ", "/", " / / EXTERNAL: "])
def test_what_holds_no_words_is_not_sent(rasa: RasaStandIn, typed: str) -> None:
    assert answer_to(rasa, typed) == OURS
    assert rasa.asked == []


@given(st.text())
def test_nothing_typed_looks_like_a_command(text: str) -> None:
    assert not harmless(text).strip().startswith(("/", "EXTERNAL:"))
    assert text.endswith(harmless(text))


def says(ranking: object) -> Callable[[Question], None]:
    return lambda question: question.says(json.dumps(ranking).encode())


GOOD = in_rasas_form("x", THEIRS)
WRONG: dict[str, Callable[[Question], None]] = {
    "hangs": Question.hangs,
    "drips": Question.drips,
    "hangs up": Question.hangs_up,
    "half an answer": lambda question: question.says(b'{"intent": ', promised=500),
    "cut JSON": lambda question: question.says(json.dumps(GOOD).encode()[:-20]),
    "500": lambda question: question.says(json.dumps(GOOD).encode(), status=500),
    "401": lambda question: question.says(b"{}", status=401),
    "204": lambda question: question.says(b"", status=204),
    "redirect": lambda question: question.says(b"", status=307, Location="/model/parse"),
    "page": lambda question: question.says(b"<html>Sanic</html>"),
    "nothing": lambda question: question.says(b""),
    "bytes": lambda question: question.says(b"\xff\xfe\x00"),
    "deep": lambda question: question.says(b"[" * 100_000),
    "list": says([GOOD]),
    "null": says(None),
    "no intent": says({key: value for key, value in GOOD.items() if key != "intent"}),
    "intent is text": says(GOOD | {"intent": "done"}),
    "no ranking": says({key: value for key, value in GOOD.items() if key != "intent_ranking"}),
    "ranking of text": says(GOOD | {"intent_ranking": ["done"]}),
    "name is a number": says(GOOD | {"intent": {"name": 1, "confidence": 1.0}}),
    "unknown intent": says(GOOD | {"intent": {"name": "order_pizza", "confidence": 1.0}}),
    "confidence above 1": says(GOOD | {"intent": {"name": "done", "confidence": 1.5}}),
    "confidence below 0": says(GOOD | {"intent": {"name": "done", "confidence": -0.1}}),
    "confidence is no number": says(GOOD | {"intent": {"name": "done", "confidence": float("nan")}}),
    "confidence is text": says(GOOD | {"intent": {"name": "done", "confidence": "1"}}),
    "confidence is true": says(GOOD | {"intent": {"name": "done", "confidence": True}}),
    "flood": lambda question: question.says(json.dumps(GOOD).encode() + b" " * 10_000_000),
    "packed": lambda question: question.says(gzip.compress(json.dumps(GOOD).encode()), Content_Encoding="gzip"),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_the_bots_own_model_answers_instead(
    rasa: RasaStandIn, wrong: Callable[[Question], None], caplog: pytest.LogCaptureFixture
) -> None:
    rasa.answer = wrong
    hasty = HASTY if wrong in (Question.hangs, Question.drips) else PATIENT
    with closing(RasaServer(rasa.url, INTENTS, Own(), seconds=hasty)) as server:
        answers = [server.rank("canary tốn tiền không") for _ in range(FAILURES + 3)]
    assert answers == [OURS] * (FAILURES + 3)
    assert len(rasa.asked) == FAILURES
    assert [record.levelname for record in caplog.records if record.name.startswith("bot")] == ["ERROR"]
    assert "canary" not in caplog.text


def test_where_nobody_listens_the_bots_own_model_answers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with closing(RasaServer(f"http://127.0.0.1:{port}", INTENTS, Own(), seconds=PATIENT)) as server:
        assert server.rank("xong") == OURS


def test_it_comes_back_by_itself(rasa: RasaStandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "bot")
    seconds = Seconds()
    rasa.answer = lambda question: question.says(b"", status=503)
    with closing(RasaServer(rasa.url, INTENTS, Own(), seconds=PATIENT, now=seconds)) as server:
        for _ in range(FAILURES):
            server.rank("xong")
        rasa.answer = lambda question: question.answers(THEIRS)
        assert server.rank("xong") == OURS
        seconds.passed += PAUSE
        assert server.rank("xong") == THEIRS
        assert server.rank("xong") == THEIRS
    assert [record.levelname for record in caplog.records if record.name.startswith("bot")] == ["ERROR", "WARNING"]


def test_a_text_rasa_has_no_idea_of_is_no_failure(rasa: RasaStandIn) -> None:
    rasa.answer = lambda question: question.answers([])
    with closing(RasaServer(rasa.url, INTENTS, Own(), seconds=PATIENT)) as server:
        assert [server.rank("😀") for _ in range(FAILURES + 1)] == [OURS] * (FAILURES + 1)
    assert len(rasa.asked) == FAILURES + 1


def test_rasas_own_mark_of_doubt_is_no_meaning() -> None:
    unsure = {"name": "nlu_fallback", "confidence": 0.6}
    named = [unsure, {"name": "done", "confidence": 0.3}, {"name": "faq.cost", "confidence": 0.2}]
    answer = json.dumps({"intent": unsure, "intent_ranking": named}).encode()
    assert read_ranking(answer, INTENTS) == [Ranked("done", 0.3), Ranked("faq/cost", 0.2)]


def test_an_unknown_intent_far_down_is_left_out() -> None:
    named = [{"name": "done", "confidence": 0.9}, {"name": "of_last_year", "confidence": 0.1}]
    answer = json.dumps({"intent": named[0], "intent_ranking": named}).encode()
    assert read_ranking(answer, INTENTS) == [Ranked("done", 0.9)]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["done", "nlu_fallback", "?"]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["intent", "intent_ranking", "name", "confidence"]), inner)
        ),
    )
)
def test_whatever_it_answers_is_a_ranking_or_a_failure(answer: object) -> None:
    try:
        ranking = read_ranking(json.dumps(answer).encode(), INTENTS)
    except RasaFailed:
        return
    assert all(each.intent in INTENTS and 0 <= each.confidence <= 1 for each in ranking)


def test_without_a_model_of_its_own_the_bot_goes_on_with_words(rasa: RasaStandIn) -> None:
    rasa.answer = lambda question: question.says(b"", status=500)
    with closing(RasaServer(rasa.url, INTENTS, seconds=PATIENT)) as server:
        assert Understanding(PlainWords({}), server).understand("quên mật khẩu").intent == ""


def test_an_answer_is_read_up_to_a_bound() -> None:
    assert len(json.dumps(in_rasas_form("x" * 4_000, [Ranked("faq/cost", 0.1)] * 10))) < MOST_BYTES


def test_the_setting_puts_it_in_the_models_place(rasa: RasaStandIn) -> None:
    settings = load_settings({"NLU_URL": rasa.url})
    server = read_understanding(settings, read_content(settings)).model
    assert isinstance(server, RasaServer)
    with closing(server):
        server.rank("tốn tiền không")
    assert rasa.asked == ["tốn tiền không"]
