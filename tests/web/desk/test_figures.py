"""The figures and requests as pages: what each may see, small numbers hidden, nothing of another ward."""

import re

import pytest
from sqlalchemy import delete, insert

from bot.bootstrap import Service
from bot.store.schema import ward
from tests.web.desk.filled import fill, wish
from tests.web.desk.people import at_the_desk, new_official
from tests.web.sites import Site


@pytest.fixture(autouse=True)
def _filled(bot: Service) -> None:
    fill(bot)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_the_city_sees_sums_goals_and_causes(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "city_admin")) as browser:
        page = words(browser.get("/desk").text)
    assert "Cả thành phố" in page
    assert "Giai đoạn thử" in page
    assert "907 người xong" in page
    assert "Mục tiêu 4.000" in page
    assert re.search(r"Số tính tới hết Chủ nhật \d\d/\d\d/\d{4}\.", page)
    assert "Không có SIM chính chủ" in page


def test_a_small_number_is_not_told_and_cannot_be_subtracted(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "auditor")) as browser:
        small = words(browser.get("/desk/wards/25750").text)
        page = browser.get("/desk/wards").text
    assert "ẩn người xong" in small
    rows = {
        name: re.findall(r'class="num">(.*?)</td>', row)
        for name, row in re.findall(r'/wards/(\d+)"(.*?)</tr>', page, re.S)
    }
    assert "ẩn" in rows["25750"][0]
    # the sum is told, so one alone could be subtracted
    hidden = {name for name, row in rows.items() if "ẩn" in row[0]}
    assert {"25750", "25760"} <= hidden
    assert not {"26740", "25747"} & hidden


def test_an_officer_of_one_ward_lands_on_it_and_sees_no_other(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "ward_officer", ("25747",))) as browser:
        assert browser.get("/desk").headers["location"] == "/desk/wards/25747"
        own = words(browser.get("/desk/wards/25747").text)
        compared = browser.get("/desk/wards").text
        assert browser.get("/desk/wards/26740").status_code == 404
    assert "300 người xong" in own
    assert re.findall(r'href="/desk/wards/(\d+)"', compared) == ["25747"]


def test_an_officer_without_any_ward_sees_nothing(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "ward_officer")) as browser:
        page = words(browser.get("/desk").text)
    assert "907" not in page
    assert "300" not in page


def test_a_journey_shows_where_people_stop_by_the_words_of_its_steps(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "editor")) as browser:
        page = words(browser.get("/desk/tasks/vneid_level_2").text)
        assert browser.get("/desk/tasks/khong_co").status_code == 404
    assert "Nhiều người dừng nhất ở" in page


def test_every_chart_has_its_title_and_its_numbers(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "auditor")) as browser:
        page = browser.get("/desk").text
    charts = re.findall(r'<svg class="trend".*?</svg>', page, re.S)
    assert len(charts) == 3
    for chart in charts:
        [ids] = re.findall(r'role="img" aria-labelledby="([^"]+)"', chart)
        assert all(f'id="{id}"' in chart for id in ids.split())


@pytest.mark.parametrize(
    ("order", "first"),
    [("reached", "26740"), ("finished", "26740"), ("goal", "25747"), ("name", "25747"), ("vớ vẩn", "26740")],
)
def test_wards_are_compared_by_the_column_whose_name_is_pressed(
    bot: Service, site: Site, order: str, first: str
) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "ward_officer", ("25747", "26740"))) as browser:
        page = browser.get(f"/desk/wards?sort={order}").text
    assert re.findall(r'href="/desk/wards/(\d+)"', page)[0] == first
    assert len(re.findall(r"aria-sort=", page)) == 1


def test_the_phases_their_days_and_the_numbers_behind_the_charts_are_told(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "auditor")) as browser:
        page = words(browser.get("/desk").text)
    year = bot.store.now().year
    assert f"Giai đoạn thử Đang diễn ra 01/01/{year} – 31/12/{year}" in page
    assert "Người xong từng tuần, bằng số Tuần" in page


def test_a_ward_of_which_nothing_is_known_is_a_page_all_the_same(bot: Service, site: Site) -> None:
    known = {"code": "99998", "kind": "xã", "name": "Trống", "area": ""}
    with bot.store.engine.begin() as connection:
        connection.execute(insert(ward), known)
    with at_the_desk(bot, site.address, new_official(bot, "ward_officer", ("99998",))) as browser:
        answer = browser.get("/desk/wards/99998")
        browser.post("/desk/language", language="en", back="/desk")
        english = words(browser.get("/desk/wards/99998").text)
    with bot.store.engine.begin() as connection:
        connection.execute(delete(ward).where(ward.c.code == "99998"))
    page = words(answer.text)
    assert (answer.status_code, "Xã Trống" in page, "ẩn người xong" in page) == (200, True, True)
    assert "Chưa có mục tiêu." in page
    assert "None" not in page + english
    assert "hidden people finished" in english


def test_a_ward_s_page_shows_its_teams_and_says_what_their_numbers_mean(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "ward_officer", ("26740", "25747"))) as browser:
        page = words(browser.get("/desk/wards/26740").text)
        other = words(browser.get("/desk/wards/25747").text)
    assert "Tổ 1 Khu phố 3 0 ẩn / 50 ẩn / 50 ẩn / 50" in page
    assert "Ai tự báo xong thì tính cho phường, không cho tổ nào" in page
    assert "Tổ công nghệ số cộng đồng" not in other


def test_requests_of_ones_wards_alone_can_be_seen_taken_and_closed(bot: Service, site: Site) -> None:
    own, other = wish(bot, "26740", pseudonym="a" * 32), wish(bot, "25747", pseudonym="b" * 32)
    with at_the_desk(bot, site.address, new_official(bot, "ward_officer", ("26740",))) as browser:
        page = browser.get("/desk/requests").text
        assert f'id="r{own}"' in page
        assert f'id="r{other}"' not in page
        assert browser.post(f"/desk/requests/{other}/take").status_code == 404
        assert browser.post(f"/desk/requests/{other}/close", result="helped").status_code == 404
        assert browser.post(f"/desk/requests/{own}/close", result="gì đó").status_code == 422
        assert browser.post(f"/desk/requests/{own}/take").status_code == 303
        assert browser.post(f"/desk/requests/{own}/take").status_code == 409
        assert browser.post(f"/desk/requests/{own}/close", result="helped").status_code == 303
        assert f'id="r{own}"' in browser.get("/desk/requests?show=closed").text
    told = [row.entry.action for row in bot.store.audit.latest(20)]
    assert {"requests_seen", "request_taken", "request_closed"} <= set(told)
