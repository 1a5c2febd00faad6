"""Articles: one question a file, the first paragraph the whole answer."""

from pathlib import Path

import pytest

from bot.content.articles import FRONT_MATTER, ArticleFile, load_articles
from bot.content.reading import Problems
from bot.core.dialogs import Article
from tests.content.small_content import copy_of_small

HEAD = """\
title: "Làm có mất phí không?"
questions: ["mất phí không"]
owner: "biên tập"
updated: "2026-11-01"
review_by: "2027-02-01"
source: "C9"
confidence: "H"
"""
FILE = "knowledge/hoi_dap/mat_phi.md"


def load(tmp_path: Path, text: str, file: str = FILE) -> tuple[dict[str, ArticleFile], list[str]]:
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    problems = Problems()
    articles = load_articles(tmp_path, problems)
    return articles, [str(problem) for problem in problems.found]


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        pytest.param("Dạ không mất phí.\n", "Dạ không mất phí.", id="one line"),
        pytest.param("\n\nDạ không\nmất  phí.\n", "Dạ không mất phí.", id="lines become one"),
        pytest.param("Dạ không.\n\nChuyện bên lề.\n", "Dạ không.", id="only the first paragraph"),
        pytest.param("Dạ không.\n\n---\nThêm nữa.\n", "Dạ không.", id="a rule further below"),
        pytest.param("Dạ không.", "Dạ không.", id="no last line end"),
    ],
)
def test_the_first_paragraph_is_the_answer(tmp_path: Path, body: str, answer: str) -> None:
    articles, said = load(tmp_path, f"---\n{HEAD}---\n{body}")
    assert ({slug: each.article for slug, each in articles.items()}, said) == (
        {"mat_phi": Article("mat_phi", "Làm có mất phí không?", answer)},
        [],
    )


@pytest.mark.parametrize("word", FRONT_MATTER)
def test_every_word_of_the_head_is_needed(tmp_path: Path, word: str) -> None:
    head = "".join(line for line in HEAD.splitlines(keepends=True) if not line.startswith(f"{word}:"))
    assert load(tmp_path, f"---\n{head}---\nDạ.\n")[1] == [f'{FILE}:1: thiếu "{word}".']


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("Dạ không.\n", ':1: bài phải mở đầu bằng phần ghi chú giữa hai dòng "---".', id="no head"),
        pytest.param(f"---\n{HEAD}", ":1: chưa có câu trả lời.", id="no end of the head"),
        pytest.param(f"---\n{HEAD}---\n\n", ":1: chưa có câu trả lời.", id="no answer"),
        pytest.param(
            "---\n---\nDạ.\n", ':1: bài phải mở đầu bằng phần ghi chú giữa hai dòng "---".', id="an empty head"
        ),
        pytest.param(
            f'---\n{HEAD}tag: "x"\n---\nDạ.\n', ':9: có chữ "tag" không dùng được ở đây.', id="a word too many"
        ),
        pytest.param(
            f"---\n{HEAD}---\nDạ.\n".replace("2027-02-01", "1/2/2027"),
            ':6: ngày "1/2/2027" phải viết dạng 2026-11-01.',
            id="a day that is none",
        ),
    ],
)
def test_what_is_wrong_with_an_article(tmp_path: Path, text: str, said: str) -> None:
    assert load(tmp_path, text)[1] == [FILE + said]


def test_a_readme_is_no_article(tmp_path: Path) -> None:
    assert load(tmp_path, "# Viết bài\n", "knowledge/hoi_dap/README.md") == ({}, [])


def test_two_articles_of_one_name_are_one_too_many(tmp_path: Path) -> None:
    load(tmp_path, f"---\n{HEAD}---\nDạ một.\n")
    _, said = load(tmp_path, f"---\n{HEAD}---\nDạ hai.\n", "knowledge/khac/mat_phi.md")
    assert said == ['knowledge/khac/mat_phi.md:1: bài "mat_phi" đã có ở knowledge/hoi_dap/mat_phi.md.']


def test_the_articles_of_the_small_content(tmp_path: Path) -> None:
    problems = Problems()
    articles = load_articles(copy_of_small(tmp_path), problems)
    assert [each.article.answer for each in articles.values()] == ["Dạ làm trên app không mất phí nha {anh_chi}."]
    assert problems.found == []
