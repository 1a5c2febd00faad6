"""The whole of a content: the small one of the tests, and the one people really talk with."""

import datetime as dt
from pathlib import Path

from bot.content.checks import CHECKS, Checked
from bot.content.library import Library, load_library
from tests.content.small_content import SMALL, checked, copy_of_small, problems, spoil


def test_the_small_content_is_in_order() -> None:
    found = checked(SMALL)
    assert [str(problem) for problem in found.problems] == []
    assert found.walk is not None
    assert found.walk.completed == {"digital_citizen_app"}
    assert found.texts > 50


def test_the_content_of_the_project_is_in_order(project_checked: Checked) -> None:
    assert [str(problem) for problem in project_checked.problems] == []


def test_the_walk_covers_the_content_of_the_project(project_checked: Checked) -> None:
    walked = project_checked.walk
    assert walked is not None
    assert walked.walked > 1000
    assert walked.completed == {"vneid_level_2", "social_security_account", "digital_citizen_app"}


def test_the_lists_of_the_project_are_fresh_for_a_while(project: Library) -> None:
    """On the day the newest entry was checked no other entry was older than the reviews allow."""
    entries = [*project.lists.numbers.values(), *project.lists.hosts.values()]
    newest = max(entry.checked for entry in entries)
    assert [entry.value for entry in entries if entry.is_stale(newest)] == []


def test_no_check_stands_twice() -> None:
    assert len(set(CHECKS)) == len(CHECKS)


def test_many_mistakes_are_said_at_once_in_the_order_of_the_files(tmp_path: Path) -> None:
    root = copy_of_small(tmp_path)
    spoil(root, "dialogs/menu.yml", 'goto: "cai_app"', 'goto: "cai_ap"')
    spoil(root, "dialogs/cai_app.yml", 'goto: "tai"', 'goto: "tay"')
    spoil(root, "dialogs/cai_app.yml", 'if: "phone_unknown"', 'if: "phone"')
    assert [line.split(": ")[0] for line in problems(root)] == [
        "dialogs/cai_app.yml:5",
        "dialogs/cai_app.yml:28",
        "dialogs/menu.yml:7",
    ]


def test_a_button_may_mean_an_article(tmp_path: Path) -> None:
    root = copy_of_small(tmp_path)
    spoil(root, "dialogs/menu.yml", 'means: "scam_report"', 'means: "faq/mat_phi"')
    assert problems(root) == []


def test_a_first_message_that_nobody_reads_to_its_end_is_pointed_out(tmp_path: Path) -> None:
    root = copy_of_small(tmp_path)
    greeting = (root / "dialogs" / "chao.yml").read_text(encoding="utf-8").split('ask: "')[1].split('"')[0]
    spoil(root, "dialogs/chao.yml", greeting, " ".join([greeting] + ["nha"] * 60))
    assert any("phải dưới 60 tiếng" in line for line in problems(root))


def test_an_entry_is_fresh_for_ninety_days(tmp_path: Path) -> None:
    root = copy_of_small(tmp_path)
    assert problems(root, today=dt.date(2026, 11, 1) + dt.timedelta(days=90)) == []
    stale = problems(root, today=dt.date(2026, 11, 1) + dt.timedelta(days=91))
    assert [line.split(":")[0] for line in stale] == ["knowledge/hosts.yml", "knowledge/hotlines.yml"]


def test_reading_never_raises_for_an_empty_folder(tmp_path: Path) -> None:
    library = load_library(tmp_path)
    assert [problem.file for problem in library.problems if "thiếu câu" not in problem.text] == [
        "dialogs/nlu/lookups.yml",
        "dialogs/nlu/regexes.yml",
        "dialogs/nlu/synonyms.yml",
        "dialogs/plain_words.yml",
        "knowledge/banks.yml",
        "knowledge/hosts.yml",
        "knowledge/hotlines.yml",
        "knowledge/old_wards.csv",
        "knowledge/teencode.yml",
        "knowledge/wards.csv",
    ]


def test_the_version_of_a_book_tells_of_any_change(tmp_path: Path) -> None:
    root = copy_of_small(tmp_path)

    def version() -> str:
        return load_library(root).book.version

    first = version()
    assert version() == first
    spoil(root, "dialogs/menu.yml", "muốn làm gì", "muốn làm chi")
    second = version()
    spoil(root, "knowledge/hoi_dap/mat_phi.md", "không mất phí\n", "không tốn tiền\n")
    assert len({first, second, version()}) == 3


def test_an_article_is_to_be_looked_at_again_by_its_day(tmp_path: Path) -> None:
    root = copy_of_small(tmp_path)
    article = next((root / "knowledge").glob("*/*.md"))
    day = load_library(root).articles[article.stem].review_by
    file = article.relative_to(root).as_posix()
    late = f"{file}:6: đã quá ngày phải xem lại ({day})."
    assert late not in problems(root, today=day)
    assert late in problems(root, today=day + dt.timedelta(days=1))


def test_a_question_has_one_owner(tmp_path: Path) -> None:
    root = copy_of_small(tmp_path)
    article = next((root / "knowledge").glob("*/*.md"))
    other = article.with_name("zz_khac.md")
    other.write_text(article.read_text(encoding="utf-8"), encoding="utf-8")
    question = load_library(root).articles[article.stem].questions[0]
    file, owner = (path.relative_to(root).as_posix() for path in (other, article))
    assert f'{file}:1: câu hỏi "{question}" đã thuộc bài {owner}.' in problems(root)
