"""Translations: what is read, what is made of it, and what the check finds wrong with it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from babel.messages.catalog import Catalog as BabelCatalog
from babel.messages.pofile import read_po, write_po
from hypothesis import given
from hypothesis import strategies as st

from bot.bootstrap import foreign_words, translatable
from bot.content.asks_english import asked_for_in_english
from bot.content.catalogue import Catalogue, CatalogueError, Entry, read_catalogue
from bot.content.library import Library, load_library
from bot.content.locale_checks import check_catalogue, check_locales
from bot.content.translatable import TranslatableText
from bot.core.dialogs import Book
from bot.settings import PROJECT
from bot.translating import update
from tests.content.small_content import copy_of_small

HEADER = 'msgid ""\nmsgstr ""\n"Language: en\\n"\n"X-Complete: yes\\n"\n'


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(PROJECT)


@pytest.fixture(scope="module")
def texts(library: Library) -> list[TranslatableText]:
    return translatable(library)


# ---- reading ----


def written(folder: Path, text: str) -> Path:
    path = folder / "locales" / "en" / "LC_MESSAGES" / "gocua.po"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def read(folder: Path, text: str) -> Catalogue:
    return read_catalogue(written(folder, text), folder)


def test_reading_what_people_and_editors_write(tmp_path: Path) -> None:
    body = """
#. a note
#: dialogs/a.yml
#, fuzzy
msgctxt "a.b"
msgid "Một"
msgstr "One"

msgid ""
"dài \\"lắm\\"\\n"
"hai dòng"
msgstr "long"
#~ msgctxt "old"
#~ msgid "cũ"
#~ msgstr "old"
"""
    catalogue = read(tmp_path, HEADER + body)
    assert (catalogue.language, catalogue.complete) == ("en", True)
    assert [(each.context, each.source, each.text, each.fuzzy) for each in catalogue.entries] == [
        ("a.b", "Một", "One", True),
        ("", 'dài "lắm"\nhai dòng', "long", False),
    ]
    assert catalogue.translate("a.b", "Một") == "Một"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("", 1, id="empty"),
        pytest.param("<html>", 1, id="something else"),
        pytest.param('msgid "a"\nmsgstr "b"\n', 1, id="no header"),
        pytest.param(HEADER + '\nmsgid "a\n', 6, id="a quote that is not closed"),
        pytest.param(HEADER + '\n"lạc"\n', 6, id="a line that belongs to nothing"),
        pytest.param(HEADER + '\nmsgid "a"\nmsgid "b"\nmsgstr "c"\n', 7, id="twice the same word"),
    ],
)
def test_a_broken_catalogue_says_where(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(CatalogueError, match=rf"^locales/en/LC_MESSAGES/gocua.po:{line}: "):
        read(tmp_path, text)


def test_a_catalogue_in_another_encoding_is_broken(tmp_path: Path) -> None:
    path = written(tmp_path, "")
    path.write_bytes('msgid ""\nmsgstr "đ"'.encode("utf-16"))
    with pytest.raises(CatalogueError, match="UnicodeDecodeError"):
        read_catalogue(path, tmp_path)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), min_size=1, max_size=200)


@given(entries=st.dictionaries(st.tuples(st.sampled_from(["a.b", "c"]), TEXT), TEXT, max_size=5))
def test_reads_what_babel_writes(entries: dict[tuple[str, str], str]) -> None:
    catalog = BabelCatalog(locale="en", fuzzy=False)
    for (context, source), text in entries.items():
        catalog.add(source, text, context=context)
    out = BytesIO()
    write_po(out, catalog, width=60)
    with TemporaryDirectory() as folder:
        found = read(Path(folder), out.getvalue().decode())
    assert {(each.context, each.source): each.text for each in found.entries} == entries


def test_our_own_catalogue_reads_as_babel_reads_it(library: Library) -> None:
    for language in library.locales.languages:
        catalogue = library.locales.read(language)
        with (PROJECT / catalogue.file).open("rb") as stored:
            theirs = {(each.context, each.id): each.string for each in read_po(stored, locale=language) if each.id}
        assert {(each.context, each.source): each.text for each in catalogue.entries} == theirs


# ---- the book ----


def test_the_english_book_has_the_same_places_and_slugs(library: Library) -> None:
    source, english = library.book, library.book.in_language("en")
    assert english.source is source
    assert _skeleton(english) == _skeleton(source)
    assert english.standard["done"].label == "Done"
    assert english.in_language("vi") is source


def _skeleton(book: Book) -> object:
    """Everything that stored states and pressed buttons refer to."""
    steps = {
        f"{name}.{step.name}": (step.number, step.symptoms, [choice.slug for choice in step.choices])
        for name, dialog in book.dialogs.items()
        for step in dialog.steps.values()
    }
    symptoms = {name: len(each.attempts) for name, each in book.symptoms.items()}
    standard = {name: each.slug for name, each in (*book.standard.items(), *book.symptom_choices.items())}
    return steps, symptoms, standard, list(book.articles), list(book.hears)


def test_labels_of_a_step_stay_apart_in_english(library: Library) -> None:
    english = library.book.in_language("en")
    for dialog in english.dialogs.values():
        for step in dialog.steps.values():
            labels = [choice.label for choice in step.choices]
            assert len(labels) == len(set(labels)), (dialog.name, step.name)
            symptoms = [english.symptoms[name].label for name in step.symptoms]
            assert len(symptoms) == len(set(symptoms)), (dialog.name, step.name)


def test_words_the_english_texts_tell_people_to_type_are_understood(library: Library) -> None:
    english = foreign_words(library)["en"]
    told = ("stop", "human", "stop saving", "delete everything", "back to helper", "menu")
    assert [word for word in told if not english.understand(word).intent] == []


def test_an_unusable_catalogue_is_said_once_and_vietnamese_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = copy_of_small(tmp_path)
    written(root, "nothing of the kind")
    (root / "locales" / "en" / "plain_words.yml").write_text('yes:\n  whole: ["yes"]\n', encoding="utf-8")
    with caplog.at_level(logging.ERROR):
        small = load_library(root)
        books = [small.book.in_language("en") for _ in range(3)]
    assert books == [small.book] * 3
    assert [each.source for each in books] == [None] * 3
    assert ["gocua.po:1" in record.message for record in caplog.records] == [True]


# ---- the check ----


def spoiled(
    library: Library, texts: list[TranslatableText], context: str, text: str, said: str, *, complete: bool = True
) -> list[str]:
    """What the check says of the real catalogue with one of its texts replaced."""
    catalogue = library.locales.read("en")
    entries = tuple(
        replace(each, text=said) if (each.context, each.source) == (context, text) else each
        for each in catalogue.entries
    )
    problems = check_catalogue(library, Catalogue("en", catalogue.file, complete, entries), texts).problems
    return [str(each) for each in problems]


def test_english_is_complete_and_without_fault(library: Library, texts: list[TranslatableText]) -> None:
    (english,) = check_locales(library, texts)
    assert [str(problem) for problem in english.problems] == []
    assert (english.language, english.complete, english.translated) == ("en", True, len(texts))


STEP = "vneid_muc_2.otp"
SCREEN = "vneid_muc_2.kich_hoat"


def text_of(texts: list[TranslatableText], context: str) -> str:
    return max((each.text for each in texts if each.context == context), key=len)


@pytest.mark.parametrize(
    ("context", "said", "problem"),
    [
        pytest.param("phrases.label_done", "", "chưa dịch", id="missing"),
        pytest.param("phrases.label_done", "Done " * 8, "tối đa 35", id="a label too long"),
        pytest.param("phrases.old_button", "no " * 80, "tối đa 160", id="an instruction too long"),
        pytest.param("phrases.step_heading", "Step {so}: {ten}", "thiếu {tong}", id="a placeholder lost"),
        pytest.param("phrases.thanks", "Welcome {viec}.", "có {viec}", id="a placeholder too much"),
        pytest.param("phrases.thanks", "Welcome {.", "lẻ", id="a loose bracket"),
        pytest.param("phrases.thanks", "Không có chi.", "còn chữ tiếng Việt", id="Vietnamese left"),
        pytest.param(SCREEN, "Open VNeID and press Activate.", "thiếu chữ trên màn hình", id="words of the screen"),
        pytest.param("phrases.thanks", 'Press "Gửi đi".', "câu gốc không có", id="words of no screen"),
        pytest.param("gap_nguoi.goi_1022", "Call 1023, the city's hotline.", "1022, 1023", id="another number"),
        pytest.param("phrases.thanks", "See https://vneid.example.com", "không giống", id="another site"),
        pytest.param(STEP, "Send me the OTP code.", "hỏi xin", id="it asks for a code"),
    ],
)
def test_what_is_wrong_with_a_translation(
    library: Library, texts: list[TranslatableText], context: str, said: str, problem: str
) -> None:
    found = spoiled(library, texts, context, text_of(texts, context), said)
    assert any(problem in each and f"({context})" in each for each in found)


def test_a_language_that_claims_nothing_may_miss_texts(library: Library, texts: list[TranslatableText]) -> None:
    assert spoiled(library, texts, STEP, text_of(texts, STEP), "", complete=False) == []


def test_changed_gone_and_doubled_texts_are_told(library: Library, texts: list[TranslatableText]) -> None:
    catalogue = library.locales.read("en")
    first, *rest = catalogue.entries
    strange = Entry(7, "nowhere", "không còn", "gone")
    fuzzy = Entry(first.line, first.context, first.source, first.text, True)
    entries = (fuzzy, strange, rest[0], *rest)
    problems = check_catalogue(library, Catalogue("en", catalogue.file, True, entries), texts).problems
    told = ["không còn trong lời tiếng Việt", "có hai bản dịch", "câu gốc đã đổi"]
    assert [word in str(problem) for word, problem in zip(told, problems, strict=True)] == [True] * 3


def test_an_empty_catalogue_names_the_first_texts_only(library: Library, texts: list[TranslatableText]) -> None:
    problems = check_catalogue(library, Catalogue("en", "en.po", True, ()), texts).problems
    assert (len(problems), f"và {len(texts) - 20} câu nữa" in str(problems[-1])) == (21, True)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        pytest.param("Please send me the OTP code.", "OTP code", id="to me"),
        pytest.param("Type your password here.", "password", id="here"),
        pytest.param("Tell us your ID number", "ID number", id="tell us"),
        pytest.param("What is your account number?", "account or card number", id="what is"),
        pytest.param("Send a photo of your passport.", "picture of papers or face", id="a photo"),
        pytest.param("Transfer the fee first.", "money", id="a fee"),
        pytest.param("Take your time, but read the code you got to me.", "OTP code", id="behind a comma"),
        pytest.param("Never send me the OTP code.", "", id="never"),
        pytest.param("Type the OTP code into the phone yourself.", "", id="into the phone"),
        pytest.param('Press "send me the OTP code".', "", id="quoted"),
        pytest.param("Whoever wants you to pay a fee is a cheat.", "", id="a warning"),
    ],
)
def test_what_an_english_text_may_not_ask_for(text: str, asked: str) -> None:
    assert asked_for_in_english(text) == asked


# ---- bringing it up to date ----


@pytest.fixture
def updated(tmp_path: Path) -> Callable[[str, list[TranslatableText]], tuple[int, Catalogue]]:
    def updated(stored: str, found: list[TranslatableText]) -> tuple[int, Catalogue]:
        path = written(tmp_path, stored)
        missing = update(path, "en", found, complete=True)
        return missing, read_catalogue(path, tmp_path)

    return updated


STORED = HEADER + '\nmsgctxt "a.b"\nmsgid "Dạ bấm nút màu xanh giúp em nha."\nmsgstr "Press the green button."\n'


def said(context: str, text: str) -> TranslatableText:
    return TranslatableText(context, text, "text", "dialogs/a.yml", "a word to you")


@pytest.mark.parametrize(
    ("found", "entries", "missing"),
    [
        pytest.param(
            [said("a.b", "Dạ bấm nút màu xanh giúp em nha.")], [("Press the green button.", False)], 0, id="the same"
        ),
        pytest.param(
            [said("a.b", "Dạ bấm nút màu xanh giúp em nha."), said("c.d", "Dạ bấm nút màu xanh giúp em nha.")],
            [("Press the green button.", False)] * 2,
            0,
            id="the same words elsewhere",
        ),
        pytest.param(
            [said("a.b", "Dạ bấm nút màu đỏ giúp em nha.")], [("Press the green button.", True)], 1, id="changed"
        ),
        pytest.param([said("c.d", "Chuyện khác hẳn")], [("", False)], 1, id="new, and one gone"),
    ],
)
def test_bringing_a_catalogue_up_to_date(
    updated: Callable[[str, list[TranslatableText]], tuple[int, Catalogue]],
    found: list[TranslatableText],
    entries: list[tuple[str, bool]],
    missing: int,
) -> None:
    left, catalogue = updated(STORED, found)
    assert [(each.text, each.fuzzy) for each in catalogue.entries] == entries
    assert (left, catalogue.complete) == (missing, True)


def test_nothing_changes_where_nothing_changed(library: Library, texts: list[TranslatableText], tmp_path: Path) -> None:
    """Else every ``make locales`` would fill a diff."""
    stored = (PROJECT / library.locales.read("en").file).read_text(encoding="utf-8")
    path = written(tmp_path, stored)
    assert update(path, "en", texts, complete=True) == 0
    assert path.read_text(encoding="utf-8") == stored
