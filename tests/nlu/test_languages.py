"""Which language a text is in, and what becomes of it in the chat it was written to."""

import pytest

from bot.content.reading import Problems
from bot.content.training import load_training
from bot.core.meaning import Entity, Meaning
from bot.nlu.languages import Languages, language_of
from bot.nlu.plain_words import PlainWords, Words
from bot.nlu.understanding import Understanding
from bot.settings import PROJECT

VIETNAMESE = PlainWords(
    {"done": Words(("xong",)), "vneid_muc_2": Words((), (), ("kích hoạt",)), "scam_report": Words((), (), ("lừa đảo",))}
)
ENGLISH = PlainWords({"done": Words(("done",)), "vneid_muc_2": Words((), (), ("activate",))})
LANGUAGES = Languages(Understanding(VIETNAMESE), {"en": ENGLISH})


@pytest.mark.parametrize(
    ("text", "language"),
    [
        pytest.param("How do I activate this on my phone?", "en", id="a question"),
        pytest.param("I’m a foreigner with a residence card", "en", id="a typographic apostrophe"),
        pytest.param('I cannot find "Kích hoạt tài khoản" on it, where is it?', "en", id="words of the screen, quoted"),
        pytest.param("WHERE IS THE POLICE OFFICE", "en", id="capitals"),
        pytest.param("hello", "", id="one word everybody knows"),
        pytest.param("ok", "", id="ok"),
        pytest.param("yes", "", id="yes"),
        pytest.param("VNeID error", "", id="what a phone said"),
        pytest.param("123456", "", id="digits"),
        pytest.param("请说中文", "", id="another script"),
        pytest.param("", "", id="nothing"),
        pytest.param("Dạ cho con hỏi mã OTP không về", "vi", id="Vietnamese"),
        pytest.param("toi khong biet lam sao", "vi", id="Vietnamese without marks"),
        pytest.param("mo app len bi error login please", "", id="loan words only"),
        pytest.param("em ơi please help me with cái này", "mixed", id="half and half"),
        pytest.param("I am foreigner, đăng ký VNeID where is it?", "mixed", id="half and half, English first"),
        pytest.param("con ơi cái app này báo lỗi hoài bác không biết what to do with nó", "vi", id="mostly"),
    ],
)
def test_language_of_a_text(text: str, language: str) -> None:
    assert language_of(text) == language


def test_vietnamese_lines_are_never_taken_for_english() -> None:
    """Every training line that is not meant to be English."""
    foreign = ("change_language", "out_of_scope", "faq/foreigner", "human", "privacy", "is_bot_real")
    lines = [line.text for line in load_training(PROJECT, {}, Problems()) if line.intent not in foreign]
    assert len(lines) > 5_000
    assert [text for text in lines if language_of(text) == "en"] == []


@pytest.mark.parametrize(
    ("text", "chat", "meaning"),
    [
        pytest.param("please activate this for me", None, ("vneid_muc_2", "language", "en"), id="a chat that begins"),
        pytest.param("do you know what this is", None, ("", "language", "en"), id="it begins, not understood"),
        pytest.param("kích hoạt giùm", None, ("vneid_muc_2", "", ""), id="it begins in Vietnamese"),
        pytest.param("please activate this for me", "vi", ("vneid_muc_2", "other_language", "en"), id="later"),
        pytest.param("please help with kích hoạt cái này", "vi", ("vneid_muc_2", "other_language", "en"), id="mixed"),
        pytest.param("done", "vi", ("", "", ""), id="a word tells no language"),
        pytest.param("done", "en", ("done", "", ""), id="an English word"),
        pytest.param("xong", "en", ("done", "", ""), id="a Vietnamese word somebody learned"),
        pytest.param("do you know what this is", "en", ("", "", ""), id="English, not understood"),
        pytest.param(
            "muốn kích hoạt định danh", "en", ("vneid_muc_2", "other_language", "vi"), id="Vietnamese in English"
        ),
        pytest.param("có lừa đảo không", "en", ("scam_report", "other_language", "vi"), id="a scam in any language"),
    ],
)
def test_understanding_in_the_language_of_the_chat(text: str, chat: str | None, meaning: tuple[str, str, str]) -> None:
    intent, entity, language = meaning
    entities = (Entity(entity, language),) if entity else ()
    found = LANGUAGES.understand(text, "", chat)
    assert (found.intent, found.entities) == (intent, entities)


def test_without_translations_everything_is_vietnamese() -> None:
    assert Languages(Understanding(VIETNAMESE)).understand("what do you want with this", "", None) == Meaning()
