"""What people type, and what it means: with marks and without, in the words of the South, wrapped in politeness."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.bootstrap import plain_words, read_content
from bot.content.reading import Problems
from bot.content.words import load_words
from bot.core import limits
from bot.core.meaning import COMMANDS, NOTHING, Entity, Meaning
from bot.core.text import fold
from bot.nlu.plain_words import VAGUE, PlainWords, Words
from bot.settings import PROJECT, load_settings

LISTS = load_words(PROJECT, Problems())
PEOPLE = plain_words(LISTS)
ALL_WORDS = sorted({word for each in LISTS.values() for word in (*each.whole, *each.vague)})


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        # done
        ("xong rồi", "done"), ("xong roi", "done"), ("XONG RỒI!!!", "done"), ("xong rùi", "done"), ("rồi", "done"),
        ("r", "done"), ("dc rồi", "done"), ("đc r", "done"), ("ok rồi em", "done"), ("dạ xong rồi nha con", "done"),
        ("da xong roi a", "done"), ("dạ rồi con", "done"), ("rồi nha em", "done"), ("con ơi xong rồi", "done"),
        ("xong rồi con ơi", "done"), ("dạ thưa xong rồi", "done"), ("làm xong rồi đó con", "done"),
        ("bấm rồi nè", "done"), ("thấy rồi con", "done"), ("em ơi xong rồi nha em", "done"),
        # stuck
        ("chưa được", "stuck"), ("chua duoc", "stuck"), ("k dc", "stuck"), ("ko dc", "stuck"), ("k được", "stuck"),
        ("hông được", "stuck"), ("hổng được con ơi", "stuck"), ("hong dc", "stuck"), ("chưa dc", "stuck"),
        ("chưa", "stuck"), ("dạ chưa", "stuck"), ("bấm hoài không được", "stuck"), ("nó báo lỗi", "stuck"),
        ("máy bị kẹt rồi", "stuck"), ("không thấy", "stuck"), ("chưa nhận được mã", "stuck"),
        ("không làm được con ơi", "stuck"),
        # yes, no, agree
        ("có", "yes"), ("dạ có", "yes"), ("có nha con", "yes"), ("đúng rồi con", "yes"), ("phải rồi", "yes"),
        ("không", "no"), ("hông", "no"), ("ko", "no"), ("dạ không", "no"), ("thôi khỏi", "no"),
        ("không đồng ý", "no"), ("dạ tui không đồng ý", "no"),
        ("đồng ý", "agree"), ("dạ đồng ý", "agree"), ("tôi đồng ý", "agree"),
        # moving about
        ("quay lại", "back"), ("quay lai di con", "back"), ("lui", "back"), ("trở về", "back"),
        ("nhắc lại", "repeat"), ("nói lại đi con", "repeat"), ("gì vậy con", "repeat"), ("nghe không rõ", "repeat"),
        ("không hiểu", "not_understand"), ("hổng hiểu gì hết", "not_understand"), ("là sao con", "not_understand"),
        ("bác không hiểu con ơi", "not_understand"), ("tui không rành", "not_understand"),
        ("để sau", "pause"), ("mai làm tiếp nha", "pause"), ("bận rồi con", "pause"), ("dừng", "pause"),
        ("thôi để mai", "pause"), ("nghỉ chút", "pause"),
        ("tạm biệt con", "goodbye"), ("menu", "menu"), ("về đầu", "menu"), ("làm tiếp", "resume"),
        ("tiếp đi con", "resume"), ("làm lại từ đầu", "restart"),
        # people and safety
        ("gặp người", "human"), ("cho gặp người thật", "human"), ("cho bác gặp ai đó", "human"), ("cứu", "human"),
        ("nhờ người giúp", "human"), ("gọi ai giúp tui với", "human"),
        ("lừa đảo hả", "scam_report"), ("có phải lừa đảo không con", "scam_report"),
        ("người ta gọi kêu đọc mã", "scam_report"), ("có người gọi xưng công an", "scam_report"),
        ("công an gọi bắt cài app", "scam_report"), ("ai đó xin mã OTP", "scam_report"),
        ("lỡ bấm link rồi", "scam_done"), ("tôi lỡ đọc mã cho nó rồi", "scam_done"),
        ("tui bị lừa mất tiền", "scam_done"), ("lỡ chuyển khoản rồi", "scam_done"),
        ("tôi chuyển tiền cho họ rồi", "scam_done"), ("mất tiền trong tài khoản rồi", "scam_done"),
        # data and the bot itself
        ("xoá hết", "delete_data"), ("xóa dữ liệu của tôi", "delete_data"), ("ngừng lưu", "stop_saving"),
        ("đừng lưu", "stop_saving"), ("lưu gì của tôi", "privacy"), ("ai vậy", "is_bot_real"),
        ("có phải công an không", "is_bot_real"), ("đổi xưng hô", "change_address_form"),
        ("kêu tui bằng bác", "change_address_form"), ("giúp má tui với", "help_relative"),
        ("làm cho ngoại", "help_relative"),
        # journeys
        ("kích hoạt vneid", "vneid_muc_2"), ("kich hoat vneid muc 2", "vneid_muc_2"), ("lên mức 2", "vneid_muc_2"),
        ("nhận tiền an sinh", "tai_khoan_an_sinh"), ("liên kết ngân hàng", "tai_khoan_an_sinh"),
        ("cài app công dân số", "cong_dan_so"), ("cds", "cong_dan_so"),
        # manners
        ("chào con", "greet"), ("alo", "greet"), ("cảm ơn con nhiều nha", "thanks"), ("cám ơn nghen", "thanks"),
    ],
)  # fmt: skip
def test_what_people_type(text: str, intent: str) -> None:
    meaning = PEOPLE.understand(text)
    assert (meaning.intent, meaning.confidence) == (intent, 1.0)


@pytest.mark.parametrize(
    "text",
    [
        "ừ", "ờ", "dạ", "vâng", "ok", "okay", "được", "DẠ", "da", "ừ con", "ừ nha", "dạ con", "vâng ạ", "ok em",
        "dạ dạ", "dạ vâng", "dạ được ạ", "oke nha", "dạ con ơi",
    ],
)  # fmt: skip
def test_a_word_that_may_only_mean_i_hear_you_is_vague(text: str) -> None:
    meaning = PEOPLE.understand(text)
    assert (meaning.intent, meaning.confidence) == ("yes", VAGUE)


@pytest.mark.parametrize(
    ("text", "self_word"),
    [
        ("con ơi trời mưa", "con"),
        ("em ơi nắng quá", "em"),
        ("trời đẹp quá cháu ơi", "chau"),
        ("Con à, trời đẹp quá", "con"),
        ("chau oi troi mua", "chau"),
        ("trời mưa nha con", "con"),
    ],
)
def test_how_the_bot_is_called_is_heard_even_where_nothing_else_is(text: str, self_word: str) -> None:
    assert PEOPLE.understand(text) == Meaning(entities=(Entity("self_word", self_word),))


def test_how_the_bot_is_called_is_heard_beside_the_matter() -> None:
    assert PEOPLE.understand("xong rồi con ơi") == Meaning("done", 1.0, (Entity("self_word", "con"),))


@pytest.mark.parametrize("text", ["con tôi làm", "em trai tôi", "con ở nhà", "xong rồi, ở nhà con"])
def test_a_child_spoken_of_is_nobody_called(text: str) -> None:
    assert PEOPLE.understand(text).entities == ()


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n\t", "?!…", "👍", "👍🏽❤️", "\x00\x07", "\u200b\u200d\ufeff", "привет", "你好", "สวัสดี", "שלום",
        "trời đẹp quá", "công an phường ở đâu", "tại sao", "số 2", "2", "12", "123", "xongg", "a" * limits.TEXT,
        "{anh_chi}", "<script>alert(1)</script>", "'; DROP TABLE chats; --", "\ud800",
    ],
)  # fmt: skip
def test_what_nobody_understands(text: str) -> None:
    assert PEOPLE.understand(text) == NOTHING


@pytest.mark.parametrize("length", [limits.TEXT + 1, 100_000])
def test_a_text_too_long_is_not_read(length: int) -> None:
    assert PEOPLE.understand("xong rồi ".ljust(length, "a")) == Meaning("too_long", 1.0)


@pytest.mark.parametrize("words", ["con nha ", "con oi ", "da thua ", "nha nhe a ", "lừa ", "1 ", "con con con nha "])
def test_no_text_takes_long_to_read(words: str) -> None:
    """Politeness repeated for ever once took time that doubled with every word."""
    text = (words * limits.TEXT)[: limits.TEXT - 2] + " x"
    began = time.perf_counter()
    PEOPLE.understand(text)
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("bị lừa, cho gặp người thật", "scam_done"),
        ("có người gọi, không hiểu gì hết", "scam_report"),
        ("không được, cho gặp người", "human"),
        ("không hiểu, không được", "not_understand"),
    ],
)
def test_where_two_meanings_stand_safety_comes_first(text: str, intent: str) -> None:
    assert PEOPLE.understand(text).intent == intent


def test_safety_stands_at_the_head_of_the_table() -> None:
    assert list(LISTS)[:3] == ["scam_done", "scam_report", "human"]


@given(st.sampled_from(ALL_WORDS))
def test_marks_and_capitals_make_no_difference(word: str) -> None:
    meaning = PEOPLE.understand(word)
    assert meaning.intent != ""
    alike = [each for each in ALL_WORDS if fold(each) == fold(word)]
    if len({PEOPLE.understand(each).intent for each in alike}) == 1:
        # "đúng" and "dừng" are one word without their marks
        # nor are "bà" and "ba" alike where somebody calls herself so
        assert PEOPLE.understand(fold(word)).intent == meaning.intent
    assert PEOPLE.understand(unicodedata.normalize("NFD", word).upper()) == meaning


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    meaning = PEOPLE.understand(text)
    assert meaning.intent in {"", *LISTS}
    assert 0 <= meaning.confidence <= 1


def test_a_word_of_two_meanings_has_the_first() -> None:
    words = PlainWords({"pause": Words(whole=("thôi",)), "no": Words(whole=("thôi", "không"))})
    assert [words.understand(text).intent for text in ("thôi", "không")] == ["pause", "no"]


def test_the_other_meaning_of_words_without_their_marks_is_told_too() -> None:
    words = PlainWords({"pause": Words(whole=("dừng",)), "yes": Words(whole=("đúng", "đúng rồi"))})
    told = [(meaning.intent, meaning.also) for meaning in map(words.understand, ("dung", "dừng", "đúng", "dung roi"))]
    assert told == [("pause", "yes"), ("pause", ""), ("yes", ""), ("yes", "")]


def test_a_phrase_within_stands_at_the_borders_of_words() -> None:
    words = PlainWords({"human": Words(within=("gặp người",))})
    assert [words.understand(text).intent for text in ("cho gặp người đi", "gặp ngườii", "GẶP   NGƯỜI")] == [
        "human",
        "",
        "human",
    ]


def test_a_message_that_is_just_a_word_comes_before_a_phrase_within() -> None:
    words = PlainWords({"scam": Words(within=("lừa",)), "menu": Words(whole=("không lừa",))})
    assert words.understand("không lừa").intent == "menu"


def test_every_meaning_of_the_table_is_one_somebody_acts_on() -> None:
    dialogs = {path.stem for path in (PROJECT / "dialogs").glob("*.yml")}
    articles = {f"faq/{path.stem}" for path in (PROJECT / "knowledge").glob("*/*.md")}
    heard = read_content(load_settings()).book.hears
    unknown = [
        each
        for each in LISTS
        if each not in {*COMMANDS, *dialogs, *articles, "agree", "elder_agrees"} and each.partition("/")[0] not in heard
    ]
    assert unknown == []
