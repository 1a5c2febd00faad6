"""Classes at the desk: who sees and opens which, the link shown once, results without anybody, paper from the page."""

import csv
import io
import re

import pytest
from sqlalchemy import insert, update

from bot.bootstrap import Service
from bot.classes.results import Result
from bot.classes.schedule import OpenClass
from bot.core.effects import TASKS
from bot.store.moments import stamp
from bot.store.schema import class_result, lesson_class
from bot.web.desk.class_figures import class_csv, class_figures
from bot.web.desk.titles import Titles
from bot.web.desk.words import WORDS
from tests.web.desk.people import Official, at_the_desk, new_official
from tests.web.sites import Site

LESSON, OWN, FOREIGN = "cong_dan_so", "26740", "25747"
TASK = TASKS[2]


class Ward:
    """An officer and a trainer of one ward, and the trainer's class."""

    def __init__(self, bot: Service, site: Site) -> None:
        self.bot, self.site = bot, site
        self.officer, self.trainer = (new_official(bot, role, (OWN,)) for role in ("ward_officer", "trainer"))
        self.found = self.opened(self.trainer, OWN)

    def opened(self, trainer: Official, ward: str) -> OpenClass:
        lesson = self.bot.library.lessons[LESSON]
        venue = "nhà văn hoá khu phố 3"
        return self.bot.schedule.open(lesson, length="short", ward=ward, venue=venue, staff=trainer.account)

    def at(self, official: Official, path: str = "", found: OpenClass | None = None) -> tuple[int, str]:
        """What somebody gets at a page of a class."""
        with at_the_desk(self.bot, self.site.address, official) as browser:
            answer = browser.get(f"/desk/classes/{(found or self.found).id}{path}")
        return answer.status_code, answer.text

    def posts(self, official: Official, path: str, **fields: str) -> tuple[int, str]:
        at = f"/desk/classes/{self.found.id}{path}" if path else "/desk/classes"
        with at_the_desk(self.bot, self.site.address, official) as browser:
            answer = browser.post(at, **fields)
        return answer.status_code, answer.headers.get("location", answer.text)

    def ended(self, *, seats: int, reached: dict[str, int], finished: int) -> None:
        """The class is over, with these results."""
        at = stamp(self.bot.store.now())
        over = {"seats": seats, "without_phone": 3, "begun_at": at, "ends_at": at, "settled_at": at}
        rows = [{"kind": "reached", "code": code, "people": people} for code, people in reached.items()]
        rows.append({"kind": "finished", "code": TASK, "people": finished})
        with self.bot.store.engine.begin() as connection:
            connection.execute(update(lesson_class).where(lesson_class.c.id == self.found.id).values(over))
            connection.execute(insert(class_result), [{"class_id": self.found.id, **row} for row in rows])


@pytest.fixture
def ward(bot: Service, site: Site) -> Ward:
    return Ward(bot, site)


def test_each_sees_the_classes_of_their_wards_and_a_trainer_their_own(ward: Ward) -> None:
    seen = {}
    for name, official in {
        "officer": ward.officer,
        "trainer": ward.trainer,
        "admin": new_official(ward.bot, "city_admin"),
        "auditor": new_official(ward.bot, "auditor"),
        "colleague": new_official(ward.bot, "trainer", (OWN,)),
        "officer elsewhere": new_official(ward.bot, "ward_officer", (FOREIGN,)),
    }.items():
        with at_the_desk(ward.bot, ward.site.address, official) as browser:
            listed = f'/desk/classes/{ward.found.id}"' in browser.get("/desk/classes").text
        statuses = [ward.at(official, path)[0] for path in ("", "/report.csv", "/paper/handout.pdf")]
        seen[name] = (listed, *statuses)
    # no address for a QR code here, and no results yet: both are said, and only to who may know
    own, foreign = (True, 200, 409, 409), (False, 404, 404, 404)
    assert seen == {
        "officer": own, "trainer": own, "admin": own, "auditor": own,
        "colleague": foreign, "officer elsewhere": foreign,
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/trainers", "/link", "/end"])
def test_nobody_acts_on_a_class_that_is_not_theirs(ward: Ward, path: str) -> None:
    for official in (new_official(ward.bot, "trainer", (OWN,)), new_official(ward.bot, "ward_officer", (FOREIGN,))):
        assert ward.posts(official, path, trainer=official.account.login)[0] == 404
    assert ward.bot.schedule.find(ward.found.id) == ward.found
    assert ward.bot.schedule.trainers(ward.found) == [ward.trainer.account.login]


def test_an_officer_plans_a_class_for_a_trainer_of_the_ward(ward: Ward) -> None:
    login = ward.trainer.account.login
    year = ward.bot.store.now().year
    form = {"lesson": f"{LESSON}/short", "ward": OWN, "venue": " nhà  văn hoá ", "trainer": login}
    status, location = ward.posts(ward.officer, "", **form, starts_at=f"{year}-12-31T08:30")
    found = ward.bot.schedule.find(int(location.rpartition("/")[2]))
    assert found is not None
    assert (status, found.venue, found.starts_at.isoformat()) == (303, "nhà văn hoá", f"{year}-12-31T01:30:00+00:00")
    assert ward.bot.schedule.trainers(found) == [login]
    page = ward.at(ward.trainer, "", found)[1]
    assert "Sắp tới" in page
    assert "Huỷ lớp này" in page


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"lesson": "khong_co/short"}, "class_lesson_wrong"),
        ({"lesson": f"{LESSON}/mini"}, "class_lesson_wrong"),
        ({"ward": FOREIGN}, "class_ward"),
        ({"ward": ""}, "class_ward"),
        ({"trainer": "khong.co"}, "class_ward"),
        ({"starts_at": "2020-01-01T08:00"}, "class_past"),
        ({"starts_at": "mai"}, "class_past"),
    ],
)
def test_a_class_that_cannot_be_is_said_and_not_opened(ward: Ward, changed: dict[str, str], told: str) -> None:
    form = {"lesson": f"{LESSON}/short", "ward": OWN, "venue": "", "trainer": ward.trainer.account.login}
    status, text = ward.posts(ward.officer, "", **form | changed)
    assert (status, WORDS[told] in text) == (422, True)


def test_a_trainer_opens_classes_for_themselves_alone(ward: Ward) -> None:
    colleague = new_official(ward.bot, "trainer", (OWN,))
    form = {"lesson": f"{LESSON}/short", "ward": OWN, "venue": ""}
    assert ward.posts(ward.trainer, "", **form, trainer=colleague.account.login)[0] == 422
    assert ward.posts(ward.trainer, "", **form, trainer=ward.trainer.account.login)[0] == 303


def test_the_link_is_drawn_by_who_leads_and_the_one_before_ends(ward: Ward) -> None:
    assert ward.posts(ward.officer, "/link")[0] == 403
    tokens = [re.findall(r"/lop/([\w-]{40,})", ward.posts(ward.trainer, "/link")[1])[0] for _ in range(2)]
    led = [ward.bot.schedule.by_link(token) for token in tokens]
    assert [each.staff if each else None for each in led] == [None, ward.trainer.account.id]
    assert tokens[1] not in ward.at(ward.trainer)[1]


def test_a_second_trainer_comes_and_goes(ward: Ward) -> None:
    login = ward.officer.account.login
    assert ward.posts(ward.trainer, "/trainers", trainer=login)[0] == 303
    assert ward.bot.schedule.trainers(ward.found) == [login, ward.trainer.account.login]
    assert ward.posts(ward.officer, "/link")[0] == 200
    assert ward.posts(ward.officer, "/trainers", trainer=ward.trainer.account.login, act="drop")[0] == 303
    assert ward.bot.schedule.trainers(ward.found) == [login]
    assert ward.at(ward.trainer)[0] == 404


def test_an_officer_ends_a_class_and_then_nothing_changes_any_more(ward: Ward) -> None:
    assert ward.posts(ward.officer, "/end")[0] == 303
    assert ward.bot.schedule.by_code(ward.found.code) is None
    assert "Đã huỷ" in ward.at(ward.officer)[1]
    for path in ("/end", "/trainers"):
        assert ward.posts(ward.officer, path)[0] == 409


def test_results_hide_small_numbers_and_name_no_seat(ward: Ward) -> None:
    ward.ended(seats=40, reached={"cong_dan_so.mo_app": 30, "cong_dan_so.coi_ten": 3, "": 7}, finished=28)
    status, page = ward.at(ward.officer)
    assert status == 200
    told = [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r'<td class="num">(.*?)</td>', page)]
    # nothing confirmed; three stood at a step, and seven elsewhere would tell them
    assert told == ["ẩn", "28", "30", "ẩn", "ẩn"]
    assert "40" in page
    status, text = ward.at(ward.officer, "/report.csv")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [WORDS["class_attendance"], WORDS["class_seats"], "40"] in rows
    assert [WORDS["class_attendance"], WORDS["class_without_phone"], "ẩn"] in rows
    assert [WORDS["class_finished"], WORDS[f"task_{TASK}"], "28"] in rows


def test_a_class_of_few_tells_nothing_of_them(bot: Service, ward: Ward) -> None:
    result = Result({"cong_dan_so.mo_app": 2, "": 1}, {TASK: 2}, {TASK: 1})
    figures = class_figures(ward.found, result, Titles(bot.library.book), WORDS, "")
    shown = [number for rows in (figures.confirmed, figures.finished, figures.reached) for _, number in rows]
    assert {figures.seats, figures.without_phone, *shown} == {None}


def test_what_was_typed_is_no_formula_in_a_spreadsheet(bot: Service, ward: Ward) -> None:
    figures = class_figures(ward.found, Result({}, {}, {}), Titles(bot.library.book), WORDS, "")
    assert ",'=1+1\r\n" in class_csv({"Nơi học": "=1+1"}, figures, WORDS).decode("utf-8-sig")


def test_the_overview_counts_the_classes_of_a_ward(ward: Ward) -> None:
    ward.ended(seats=40, reached={"": 40}, finished=0)
    with at_the_desk(ward.bot, ward.site.address, ward.officer) as browser:
        page = browser.get(f"/desk/wards/{OWN}").text
    assert re.search(r"<strong>\d+</strong> lớp đã dạy, \d+ lượt người dự", page)


@pytest.mark.parametrize(("paper", "status"), [("script", 200), ("certificate", 200), ("poster", 409), ("x", 404)])
def test_paper_is_printed_from_the_page(ward: Ward, paper: str, status: int) -> None:
    with at_the_desk(ward.bot, ward.site.address, ward.trainer) as browser:
        answer = browser.get(f"/desk/classes/{ward.found.id}/paper/{paper}.pdf?copies=2")
    assert answer.status_code == status
    assert (answer.content[:5] == b"%PDF-") == (status == 200)
