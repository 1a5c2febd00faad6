"""The weekly file leaves the house on two people's word, to whoever asked, for a day, as it was signed."""

import datetime as dt
import io
import re
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.bootstrap import Service
from bot.campaign.signing import public_text, signing_key
from bot.campaign.weekly import check_weekly
from bot.store.moments import stamp
from bot.store.schema import approval, staff_session
from tests.web.desk.filled import fill
from tests.web.desk.people import Browser, Official, at_the_desk, new_official
from tests.web.sites import Site


@pytest.fixture(scope="module")
def admins(bot: Service) -> tuple[Official, Official]:
    fill(bot)
    return new_official(bot, "city_admin"), new_official(bot, "city_admin")


def weeks(browser: Browser) -> list[str]:
    return re.findall(r'<th scope="row" class="num">(\d{4}-W\d{2})</th>', browser.get("/desk/weekly").text)


def question(bot: Service, week: str) -> int:
    asked = bot.store.staff.approvals(since=bot.store.now() - dt.timedelta(days=60))
    return next(each.id for each in asked if each.subject == f"week:{week}")


def age(bot: Service, id: int, column: str, **length: float) -> None:
    """It happened that much longer ago."""
    at = stamp(bot.store.now() - dt.timedelta(**length))
    with bot.store.engine.begin() as connection:
        connection.execute(update(approval).where(approval.c.id == id).values({column: at}))


def test_one_asks_another_agrees_and_whoever_asked_takes_it_home(
    bot: Service, site: Site, admins: tuple[Official, Official], tmp_path: Path
) -> None:
    one, other = admins
    with at_the_desk(bot, site.address, one) as asker, at_the_desk(bot, site.address, other) as second:
        week = weeks(asker)[0]
        take = f"/desk/weekly/{week}/download"
        assert asker.post(take).status_code == 409
        assert asker.post(f"/desk/weekly/{week}/ask").status_code == 303
        id = question(bot, week)
        assert asker.post(f"/desk/approvals/{id}", answer="agree").status_code == 409
        assert asker.post(take).status_code == 409
        assert f"Xuất tệp tuần: {week}" in second.get("/desk/approvals").text
        assert second.post(f"/desk/approvals/{id}", answer="agree").status_code == 303
        assert second.post(take).status_code == 409
        taken = asker.post(take)
    assert (taken.status_code, taken.headers["content-type"]) == (200, "application/zip")
    assert taken.headers["content-disposition"] == f'attachment; filename="go-cua-tuan-{week}.zip"'
    zipfile.ZipFile(io.BytesIO(taken.content)).extractall(tmp_path)
    names = {f"tuan-{week}.csv", f"tuan-{week}-luu-y.csv", f"tuan-{week}.xlsx", "manifest.json", "manifest.sig"}
    assert {path.name for path in tmp_path.iterdir()} == names
    key = public_text(signing_key(bot.settings.keys, production=False))
    assert check_weekly(tmp_path, public_key=key) == []
    noted = [(row.entry.action, row.entry.actor) for row in bot.store.audit.latest(20)]
    assert [each for each in noted if each[0] not in ("signed_in",)][:3] == [
        ("weekly_exported", one.account.actor),
        ("approval_given", other.account.actor),
        ("approval_asked", one.account.actor),
    ]


def test_a_no_and_a_yes_of_yesterday_open_nothing_and_can_be_asked_again(
    bot: Service, site: Site, admins: tuple[Official, Official]
) -> None:
    one, other = admins
    with at_the_desk(bot, site.address, one) as asker, at_the_desk(bot, site.address, other) as second:
        week = weeks(asker)[1]
        for answer in ("refuse", "agree"):
            asker.post(f"/desk/weekly/{week}/ask")
            second.post(f"/desk/approvals/{question(bot, week)}", answer=answer)
            status = asker.post(f"/desk/weekly/{week}/download").status_code
            assert status == (200 if answer == "agree" else 409)
        age(bot, question(bot, week), "decided_at", hours=25)
        assert asker.post(f"/desk/weekly/{week}/download").status_code == 409
        assert f'action="/desk/weekly/{week}/ask"' in asker.get("/desk/weekly").text


def test_a_question_nobody_answered_lapses(bot: Service, site: Site, admins: tuple[Official, Official]) -> None:
    one, other = admins
    with at_the_desk(bot, site.address, one) as asker, at_the_desk(bot, site.address, other) as second:
        week = weeks(asker)[2]
        asker.post(f"/desk/weekly/{week}/ask")
        asker.post(f"/desk/weekly/{week}/ask")
        id = question(bot, week)
        age(bot, id, "asked_at", days=3, minutes=1)
        assert second.post(f"/desk/approvals/{id}", answer="agree").status_code == 409
        assert "Quá hạn, chưa ai trả lời" in second.get("/desk/approvals").text
        asker.post(f"/desk/weekly/{week}/ask")
        assert question(bot, week) == id + 1


@pytest.mark.parametrize("week", ["2026-W60", "tuần này", "2199-W01", "..%2Fx"])
def test_a_week_that_is_none_or_is_not_over_is_a_page_that_does_not_exist(
    bot: Service, site: Site, admins: tuple[Official, Official], week: str
) -> None:
    with at_the_desk(bot, site.address, admins[0]) as browser:
        assert browser.post(f"/desk/weekly/{week}/ask").status_code == 404


@pytest.mark.parametrize("act", ["ask", "download"])
def test_both_want_the_second_factor_shown_lately(
    bot: Service, site: Site, admins: tuple[Official, Official], act: str
) -> None:
    with at_the_desk(bot, site.address, admins[0]) as browser:
        week = weeks(browser)[3]
        with bot.store.engine.begin() as connection:
            connection.execute(
                update(staff_session).values(confirmed_at=stamp(bot.store.now() - dt.timedelta(hours=1)))
            )
        answer = browser.post(f"/desk/weekly/{week}/{act}", back="/desk/weekly")
    assert answer.headers["location"] == "/desk/confirm?next=/desk/weekly"
