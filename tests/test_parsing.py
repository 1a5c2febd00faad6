"""``gocua parse``: hidden by the shield, then understood; the names of intents are the published ones."""

import json
import subprocess
import sys

import pytest

from bot.bootstrap import parser, plain_words, read_content
from bot.content.training import known_intents
from bot.core.meaning import Entity
from bot.nlu.model import OUT_OF_SCOPE, Ranked
from bot.nlu.plain_words import PlainWords, Words
from bot.nlu.understanding import Understanding
from bot.parsing import Parsed, Parser
from bot.settings import load_settings


class FixedRanker:
    """Says the same of every text, and remembers what it was asked."""

    def __init__(self, **shares: float) -> None:
        self.shares = shares
        self.asked: list[str] = []

    def rank(self, text: str, *, most: int = 10) -> list[Ranked]:
        self.asked.append(text)
        return [Ranked(intent.replace("__", "/"), share) for intent, share in self.shares.items()]


PLAIN = PlainWords(
    {
        "scam_report": Words(within=("lừa đảo",)),
        "agree": Words(whole=("đồng ý",)),
        "stop_saving": Words(whole=("ngừng lưu",)),
        "restart": Words(whole=("làm lại từ đầu",)),
        "done": Words(whole=("rồi", "xong")),
        "stuck": Words(whole=("chưa",), within=("không được",)),
        "yes": Words(whole=("có",)),
        "no": Words(whole=("không",)),
    }
)


def parse(line: str, asked: str = "", **shares: float) -> Parsed:
    return Parser(Understanding(PLAIN, FixedRanker(**(shares or {"out_of_scope": 0.9})))).parse(line, asked)


@pytest.mark.parametrize(
    ("line", "asked", "intent"),
    [
        ("đồng ý", "", "yes"),
        ("ngung luu", "", "delete_data"),
        ("làm lại từ đầu", "", "menu"),
        ("rồi", "", "done"),
        ("rồi", "step", "done"),
        ("rồi", "question", "yes"),
        ("có", "step", "done"),
        ("có", "question", "yes"),
        ("không", "step", "stuck"),
        ("chưa", "question", "no"),
        ("giá vàng sao rồi", "", OUT_OF_SCOPE),
    ],
)
def test_an_intent_has_its_published_name(line: str, asked: str, intent: str) -> None:
    assert parse(line, asked).ranking[0].intent == intent


def test_every_meaning_of_the_content_has_a_published_name() -> None:
    library = read_content(load_settings())
    known = known_intents(library.articles)
    parser = Parser(Understanding(plain_words(library.words), FixedRanker(greet=0.9)))
    phrases = [text for words in library.words.values() for text in (*words.whole, *words.vague, *words.within)]
    assert {parser.parse(text).ranking[0].intent for text in phrases} <= known


def test_a_secret_is_hidden_before_anybody_looks() -> None:
    ranker = FixedRanker(faq__otp_missing=0.9)
    parsed = Parser(Understanding(PLAIN, ranker)).parse("mã otp của tui là 482913 nè")
    assert "482913" not in parsed.text
    assert parsed.ranking[0].intent == "faq/otp_missing"
    assert not any("482913" in text or "«" in text for text in ranker.asked)


def test_only_a_secret_is_out_of_scope_and_not_sure() -> None:
    ranker = FixedRanker(faq__otp_missing=0.9)
    parsed = Parser(Understanding(PLAIN, ranker)).parse("079123456789")
    assert parsed.ranking == (Ranked(OUT_OF_SCOPE, 0.0),)
    assert ranker.asked == []


@pytest.mark.parametrize(
    ("line", "shares", "intent"),
    [
        ("công an gọi kêu đọc mã otp", {"faq__otp_missing": 0.7}, "scam_report"),
        ("công an gọi kêu đọc mã otp", {"out_of_scope": 0.99}, "scam_report"),
        ("tui lỡ đọc mã cho nó rồi", {"faq__otp_missing": 0.99}, "scam_done"),
        ("lừa đảo hả", {"is_bot_real": 0.99}, "scam_report"),
    ],
)
def test_a_scam_is_a_scam(line: str, shares: dict[str, float], intent: str) -> None:
    assert parse(line, "", **shares).ranking[0].intent == intent


def test_entities_count_the_characters_that_are_printed() -> None:
    library = read_content(load_settings())
    line = "Cccd của má tui là 079123456789, làm ở Vietcombank được hông, bước 3"
    found = parser(load_settings(), library).parse(line).to_dict()
    assert "079123456789" not in found["text"]
    named = {each["entity"]: found["text"][each["start"] : each["end"]] for each in found["entities"]}
    assert named["bank"] == "Vietcombank"
    assert named["step_number"].endswith("3")


def test_guesses_are_led_by_the_better_one() -> None:
    parsed = parse("chắc là cái mã", faq__otp_missing=0.3, faq__otp_expired=0.2)
    assert [each.intent for each in parsed.ranking] == ["faq/otp_missing", "faq/otp_expired"]


@pytest.mark.parametrize("line", ["", " ", "a" * 100_000, "\u200b" * 500, "\0", "«mã OTP»", "0" * 5_000])
def test_strange_lines_are_parsed(line: str) -> None:
    found = parse(line, faq__cost=0.9).to_dict()
    assert json.loads(json.dumps(found))["intent"]["name"] in {"faq/cost", OUT_OF_SCOPE}


def test_its_form_is_rasas() -> None:
    parsed = Parsed("ở Agribank", (Ranked("done", 0.1234567),), (Entity("bank", "Agribank", 2, 10),))
    assert parsed.to_dict() == {
        "text": "ở Agribank",
        "intent": {"name": "done", "confidence": 0.123457},
        "intent_ranking": [{"name": "done", "confidence": 0.123457}],
        "entities": [{"entity": "bank", "value": "Agribank", "start": 2, "end": 10}],
    }


def test_the_command_reads_lines_and_minds_the_place() -> None:
    command = [sys.executable, "-c", "from bot.cli import main; main()", "parse"]
    given = "r\r\nđồng ý\n"
    assert _intents(subprocess.run(command, input=given, capture_output=True, text=True, check=True)) == ["done", "yes"]
    place = next(
        f"{dialog.name}.{step}"
        for dialog in read_content(load_settings()).book.dialogs.values()
        for step, each in dialog.steps.items()
        if each.waits and not each.number
    )
    done = subprocess.run([*command, "--context", place, "r"], capture_output=True, text=True, check=True)
    assert _intents(done) == ["yes"]


def _intents(done: "subprocess.CompletedProcess[str]") -> list[str]:
    return [json.loads(line)["intent"]["name"] for line in done.stdout.splitlines()]
