"""Reads ``knowledge/<topic>/<slug>.md``: one question a file, its first paragraph the whole answer."""

import datetime as dt
from pathlib import Path

from bot.content.reading import Problems, parse_yaml
from bot.core.dialogs import Article

FRONT_MATTER = ("title", "questions", "owner", "updated", "review_by", "source", "confidence")


def load_articles(root: Path, problems: Problems, *, today: dt.date) -> dict[str, Article]:
    """Every article by its slug; broken ones are noted and left out."""
    articles: dict[str, Article] = {}
    for path in sorted((root / "knowledge").glob("*/*.md")):
        article = _article(path, path.relative_to(root).as_posix(), problems, today)
        if article is None:
            continue
        if article.slug in articles:
            problems.add(path.relative_to(root).as_posix(), 1, f'đã có một bài tên "{article.slug}" ở thư mục khác.')
        articles[article.slug] = article
    return articles


def _article(path: Path, file: str, problems: Problems, today: dt.date) -> Article | None:
    text = path.read_text(encoding="utf-8", errors="replace")
    marker, head, body = [*text.split("---\n", 2), "", ""][:3]
    if marker or not body:
        if path.stem != "README":
            problems.add(file, 1, 'bài phải mở đầu bằng phần ghi chú giữa hai dòng "---".')
        return None
    front = parse_yaml("\n" + head, file, problems)
    if front is None:
        return None
    front.allow(FRONT_MATTER)
    for word in FRONT_MATTER:
        if word not in front:
            front.complain(f'thiếu "{word}".')
    answer = " ".join(body.strip().split("\n\n")[0].split())
    if not answer:
        front.complain("chưa có câu trả lời.")
        return None
    review = front.text("review_by")
    try:
        if review and dt.date.fromisoformat(review) < today:
            front.complain(f"đã quá ngày phải xem lại ({review}).", front.line_of("review_by"))
    except ValueError:
        front.complain(f'ngày "{review}" phải viết dạng 2026-11-01.', front.line_of("review_by"))
    return Article(path.stem, front.text("title"), answer, file)
