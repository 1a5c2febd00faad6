"""Judging: shares are counted right, files are read or refused with their line, the picture shows what is there."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from bot.nlu.chart import draw
from bot.nlu.evaluation import EvaluationError, Judged, judge, judge_views, read_lines
from bot.nlu.model import OUT_OF_SCOPE, Ranked

LINES = [
    Judged("xong rồi", ("done",), "accented"),
    Judged("roi nha", ("done", "yes"), "bare"),
    Judged("giá vàng", (OUT_OF_SCOPE,), "accented"),
    Judged("bán xe", (OUT_OF_SCOPE,), "bare"),
    Judged("không được", ("stuck",), "accented"),
]
ANSWERS = {"xong rồi": "done", "roi nha": "yes", "giá vàng": OUT_OF_SCOPE, "bán xe": "done", "không được": OUT_OF_SCOPE}


def rank(text: str) -> list[Ranked]:
    return [Ranked(ANSWERS.get(text, "done"), 1.0)]


def test_shares_are_counted() -> None:
    score = judge(LINES, rank)
    assert (score.lines, score.accuracy) == (5, 3 / 5)
    assert score.by_register == {"accented": 2 / 3, "bare": 1 / 2}
    assert score.by_intent == {"done": 1.0, OUT_OF_SCOPE: 0.5, "stuck": 0.0}
    assert (score.rejected, score.refused) == (1 / 2, 1 / 3)
    assert sorted(score.confusions) == [(OUT_OF_SCOPE, "done", 1), ("stuck", OUT_OF_SCOPE, 1)]


def test_no_idea_is_out_of_scope() -> None:
    assert judge(LINES, lambda text: []).rejected == 1


def test_every_noisy_view_is_judged() -> None:
    views = judge_views(LINES, rank, {"k": "khong"})
    assert list(views) == ["bare", "telex", "mobile", "teencode"]
    # without marks only "roi nha" is known to this ranking, and "xong roi" is guessed
    assert views["bare"] == 2 / 5


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        ("xong\tdone\n", [Judged("xong", ("done",))]),
        ("text\tintent\nxong\tdone|yes\tbare\tdone.1\n", [Judged("xong", ("done", "yes"), "bare")]),
        ("\ufefftext\tlabel\r\n\r\nxong\tđặt vé\r\n", [Judged("xong", ("đặt vé",))]),
        ("a\u2028b\tdone", [Judged("a\u2028b", ("done",))]),
    ],
    ids=["plain", "header, several right", "from Windows", "a strange line separator"],
)
def test_lines_are_read(tmp_path: Path, content: str, lines: list[Judged]) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(content.encode())
    assert read_lines(path) == lines


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "a.tsv: không có dòng nào."),
        (b"text\tintent\n", "a.tsv: không có dòng nào."),
        (b"xong\tdone\nxong\n", "a.tsv:2: cần dạng câu<TAB>nhãn."),
        (b"xong\t|\n", "a.tsv:1: cần dạng câu<TAB>nhãn."),
        (b"\tdone\n", "a.tsv:1: cần dạng câu<TAB>nhãn."),
        (b"xong\tdone\n\xff\xfe\tdone\n", "a.tsv: không phải chữ UTF-8 (từ byte thứ 10)."),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "a.tsv"
    path.write_bytes(content)
    with pytest.raises(EvaluationError) as told:
        read_lines(path)
    assert str(told.value) == said


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="không đọc được tệp"):
        read_lines(tmp_path / "none.tsv")


def test_the_picture_is_an_svg_with_every_bar_and_mistake() -> None:
    lines = [*LINES, Judged("x", ("<&>",), "a<b")]
    text = draw(judge(lines, rank), judge_views(lines, rank, {}))
    titles = [each.text for each in ElementTree.fromstring(text).iter("{http://www.w3.org/2000/svg}title")]  # noqa: S314 - our own
    assert "stuck → out_of_scope: 1" in titles
    assert "<&> → done: 1" in titles
    assert text.count('fill="#2a7f62"') == 3 + 4


def test_a_faultless_score_is_drawn_too() -> None:
    assert ElementTree.fromstring(draw(judge(LINES[:1], rank), {}))  # noqa: S314 - our own
