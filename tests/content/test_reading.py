"""YAML of authors: every scalar is text, a repeated key is a problem, every line is known."""

import unicodedata
from pathlib import Path

import pytest

from bot.content.reading import Problem, Problems, Section, Text, parse_yaml, read_yaml, suggestion


def parse(text: str) -> tuple[Section | None, list[str]]:
    problems = Problems()
    section = parse_yaml(text, "a.yml", problems)
    return section, [str(problem) for problem in problems.found]


def good(text: str) -> Section:
    section, found = parse(text)
    assert section is not None
    assert found == []
    return section


@pytest.mark.parametrize(
    "written",
    ["no", "yes", "true", "null", "~", "8:30", "0123456", "1e3", "2026-11-01", "1_000", "0x1F", ".inf", "12.50"],
)
def test_every_scalar_is_text(written: str) -> None:
    assert good(f"a: {written}\n").text("a") == written


@pytest.mark.parametrize(
    ("written", "read"),
    [
        pytest.param('"Dạ {anh_chi}, \\"Xong\\" nha."', 'Dạ {anh_chi}, "Xong" nha.', id="in quotes"),
        pytest.param("'Dạ: nha'", "Dạ: nha", id="in single quotes"),
        pytest.param("|\n  một\n  hai\n", "một\nhai\n", id="several lines"),
        pytest.param(">\n  một\n  hai\n", "một hai\n", id="folded lines"),
        pytest.param('""', "", id="empty"),
        pytest.param("", "", id="left out"),
    ],
)
def test_ways_to_write_a_text(written: str, read: str) -> None:
    assert good(f"a: {written}").text("a") == read


def test_lines_are_those_of_the_file() -> None:
    section = good('# lời đầu\n\na: "1"\nb:\n  - "2"\n  - "3"\nc:\n  d: "4"\n')
    inner = section.section("c")
    assert inner is not None
    assert (section.line_of("a"), section.line_of("c"), inner.line_of("d")) == (3, 7, 8)
    assert section.text_at("a") == Text("1", 3)
    assert section.texts("b") == [Text("2", 5), Text("3", 6)]


def test_a_single_text_counts_as_a_list_of_one() -> None:
    assert good('a: "x"\n').texts("a") == [Text("x", 1)]


def test_what_is_not_there() -> None:
    section = good('a: "x"\n')
    assert (section.text("b"), section.text("b", "sẵn"), section.text_at("b")) == ("", "sẵn", None)
    assert (section.texts("b"), section.section("b"), section.sections("b")) == ([], None, [])
    assert ("a" in section, "b" in section, section.keys, section.line_of("b")) == (True, False, ["a"], 1)


def test_what_a_text_is() -> None:
    section = good('a: "x"\nb: ["x"]\nc: {d: "x"}\n')
    assert [section.is_text(key) for key in ("a", "b", "c", "d")] == [True, False, False, False]


def test_a_repeated_key_is_said_and_the_first_stays() -> None:
    section, found = parse('a: "1"\nb: "2"\na: "3"\n')
    assert section is not None
    assert (section.text("a"), found) == ("1", ['a.yml:3: "a" bị lặp lại; chỗ đầu ở dòng 1.'])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", "a.yml:1: tệp trống.", id="empty"),
        pytest.param("# chú thích\n", "a.yml:1: tệp trống.", id="comments only"),
        pytest.param("- a\n", "a.yml:1: tệp phải gồm các dòng dạng chữ: giá trị.", id="a list"),
        pytest.param("chữ\n", "a.yml:1: tệp phải gồm các dòng dạng chữ: giá trị.", id="one text"),
        pytest.param(
            'a: "x\nb: "y"\n',
            "a.yml:2: YAML không đọc được gần chỗ này (did not find expected key)."
            " Câu chữ cần đặt trong dấu ngoặc kép.",
            id="an open quote",
        ),
        pytest.param(
            "a: &x [*y]\n",
            "a.yml:1: YAML không đọc được gần chỗ này (found undefined alias). Câu chữ cần đặt trong dấu ngoặc kép.",
            id="an unknown alias",
        ),
        pytest.param(
            "a: \x00\n", "a.yml:1: tệp có ký tự điều khiển lạ, YAML không đọc được.", id="a control character"
        ),
    ],
)
def test_a_file_that_cannot_be_read(text: str, said: str) -> None:
    assert parse(text) == (None, [said])


def test_unquoted_texts_that_do_not_parse_name_their_line() -> None:
    section, found = parse("a: Chú ý: hôm nay nghỉ\n")
    assert section is None
    assert [line.split("(")[0] for line in found] == ["a.yml:1: YAML không đọc được gần chỗ này "]


def test_each_line_with_loose_marks_is_named() -> None:
    loose = unicodedata.normalize("NFD", "ạ")
    _, found = parse(f'a: "{loose}"\nb: "ạ"\nc: "{loose}"\n')
    assert [line.partition(": ")[0] for line in found] == ["a.yml:1", "a.yml:3"]


@pytest.mark.parametrize(
    ("text", "ask", "said"),
    [
        pytest.param('a: ["x"]\n', "text", 'a.yml:1: "a" phải là một câu chữ.', id="a list for a text"),
        pytest.param("a: {b: c}\n", "text", 'a.yml:1: "a" phải là một câu chữ.', id="a section for a text"),
        pytest.param("a: [{b: c}]\n", "texts", 'a.yml:1: "a" phải là một danh sách các chữ.', id="a list of sections"),
        pytest.param("a: {b: c}\n", "texts", 'a.yml:1: "a" phải là một danh sách các chữ.', id="a section for a list"),
        pytest.param(
            'a: "x"\n', "section", 'a.yml:1: "a" phải gồm các dòng dạng chữ: giá trị.', id="a text for a section"
        ),
        pytest.param(
            'a: "x"\n',
            "sections",
            'a.yml:1: "a" phải là một danh sách, mỗi mục bắt đầu bằng dấu "-".',
            id="a text for a list of sections",
        ),
        pytest.param(
            'a:\n  - "x"\n', "sections", 'a.yml:2: "a" phải gồm các dòng dạng chữ: giá trị.', id="texts for sections"
        ),
        pytest.param("? [x]\n: y\na: b\n", "text", "a.yml:1: có một tên không phải chữ.", id="a name that is no text"),
    ],
)
def test_what_stands_in_the_wrong_form(text: str, ask: str, said: str) -> None:
    problems = Problems()
    section = parse_yaml(text, "a.yml", problems)
    assert section is not None
    getattr(section, ask)("a")
    assert [str(problem) for problem in problems.found] == [said]


def test_unknown_words_are_said_with_the_nearest_known_one() -> None:
    problems = Problems()
    section = parse_yaml('say: "x"\nsya: "x"\nhoàn_toàn_lạ: "x"\n', "a.yml", problems)
    assert section is not None
    section.allow(("say", "ask"))
    assert [str(problem) for problem in problems.found] == [
        'a.yml:2: có chữ "sya" không dùng được ở đây. Ý bạn là "say"?',
        'a.yml:3: có chữ "hoàn_toàn_lạ" không dùng được ở đây.',
    ]


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("xongg", ' Ý bạn là "xong"?'),
        ("dang_kí", ' Ý bạn là "dang_ky"?'),
        ("XONG", ""),
        ("zzzz", ""),
        ("", ""),
    ],
)
def test_suggestions(word: str, said: str) -> None:
    assert suggestion(word, {"xong", "dang_ky", "chao"}) == said


def test_no_suggestion_from_nothing() -> None:
    assert suggestion("xong", ()) == ""


def test_problems_are_sorted_by_file_and_line() -> None:
    found = [Problem("b.yml", 2, "x"), Problem("a.yml", 10, "x"), Problem("a.yml", 9, "x")]
    assert [str(problem) for problem in sorted(found)] == ["a.yml:9: x", "a.yml:10: x", "b.yml:2: x"]


# ---- files ----


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param('a: "ạ"\n'.encode(), [], id="UTF-8"),
        pytest.param('a: "ạ"\r\n'.encode(), [], id="lines of Windows"),
        pytest.param(b'\xef\xbb\xbfa: "x"\n', [], id="a byte order mark"),
        pytest.param(b'a: "\xff"\n', ["t.yml:1: tệp không phải UTF-8. Lưu lại bằng UTF-8 giúp nhé."], id="not UTF-8"),
    ],
)
def test_reading_a_file(tmp_path: Path, written: bytes, said: list[str]) -> None:
    problems = Problems()
    (tmp_path / "t.yml").write_bytes(written)
    section = read_yaml(tmp_path / "t.yml", tmp_path, problems)
    assert [str(problem) for problem in problems.found] == said
    assert (section is None) == bool(said)
    if section:
        assert section.keys == ["a"]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    problems = Problems()
    assert read_yaml(tmp_path / "t.yml", tmp_path, problems) is None
    assert [str(problem) for problem in problems.found] == ["t.yml:1: không đọc được tệp: No such file or directory."]
