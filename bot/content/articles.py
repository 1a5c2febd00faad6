"""Reads ``knowledge/<topic>/<slug>.md``: one question a file, its first paragraph the whole answer."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from bot.content.reading import Problems, Section, note_loose_marks, parse_yaml, read_text
from bot.core.dialogs import Article

FRONT_MATTER = ("title", "questions", "owner", "updated", "review_by", "source", "confidence")

# what an article may say beside: the journey its answer leads to
OFFER = "offer"
CONFIDENCES = ("H", "M", "L")


@dataclass(frozen=True, slots=True)
class ArticleFile:
    """An article as its author wrote it; ``questions`` are the ways people ask for it."""

    file: str
    article: Article
    questions: tuple[str, ...]
    review_by: dt.date
    review_line: int
    offer_line: int = 1


def load_articles(root: Path, problems: Problems) -> dict[str, ArticleFile]:
    """Every article by its slug; broken ones are noted and left out."""
    articles: dict[str, ArticleFile] = {}
    for path in sorted((root / "knowledge").glob("*/*.md")):
        if path.stem == "README":
            continue
        file = path.relative_to(root).as_posix()
        article = _article(path, file, problems)
        if article is None:
            continue
        if path.stem in articles:
            problems.add(file, 1, f'bài "{path.stem}" đã có ở {articles[path.stem].file}.')
        articles[path.stem] = article
    return articles


def _article(path: Path, file: str, problems: Problems) -> ArticleFile | None:
    text = read_text(path, file, problems)
    if text is None:
        return None
    marker, head, body = [*text.split("---\n", 2), "", ""][:3]
    if marker or not head:
        problems.add(file, 1, 'bài phải mở đầu bằng phần ghi chú giữa hai dòng "---".')
        return None
    note_loose_marks("\n" * (head.count("\n") + 2) + body, file, problems)
    # the empty line stands for the marker, so that line numbers are those of the file
    front = parse_yaml("\n" + head, file, problems)
    if front is None:
        return None
    front.allow((*FRONT_MATTER, OFFER))
    missing = [word for word in FRONT_MATTER if word not in front]
    for word in missing:
        front.complain(f'thiếu "{word}".', 1)
    answer = " ".join(body.strip().split("\n\n")[0].split())
    if not answer:
        front.complain("chưa có câu trả lời.", 1)
    if front.text("confidence", "M") not in CONFIDENCES:
        front.complain('"confidence" phải là H, M hoặc L.', front.line_of("confidence"))
    review_by = _date(front, "review_by")
    if missing or not answer or review_by is None or _date(front, "updated") is None:
        return None
    questions = tuple(text.value for text in front.texts("questions"))
    article = Article(path.stem, front.text("title"), answer, front.text(OFFER, ""))
    return ArticleFile(file, article, questions, review_by, front.line_of("review_by"), front.line_of(OFFER))


def _date(front: Section, word: str) -> dt.date | None:
    text = front.text(word)
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        if word in front:
            front.complain(f'ngày "{text}" phải viết dạng 2026-11-01.', front.line_of(word))
        return None
