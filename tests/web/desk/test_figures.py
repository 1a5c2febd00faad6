"""The figures and requests as pages: what each may see, small numbers hidden, nothing of another ward."""

import re

import pytest

from bot.bootstrap import Service
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
