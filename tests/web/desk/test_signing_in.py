"""Signing in by the pages alone: the first time, again, with mistakes; what an admin does to others."""

import re

import pyotp
import pytest

from bot.bootstrap import Service
from bot.store.staff import Account
from tests.web.desk.people import COOKIE, PASSWORD, Browser, at_the_desk, new_official
from tests.web.sites import Site


def found(pattern: str, text: str) -> str:
    match = re.search(pattern, text)
    assert match, text
    return match[1]


def test_from_the_code_on_paper_to_the_desk(bot: Service, site: Site) -> None:
    admin = new_official(bot, "city_admin")
    with at_the_desk(bot, site.address, admin) as browser:
        made = browser.post("/desk/staff", login="Moi@Phuong.example", role="ward_officer", wards="26740")
    assert made.status_code == 200
    code = found(r"<code>([A-Z0-9-]{35})</code>", made.text)
    browser = Browser(site.address)
    with browser.client:
        before = browser.client.get("/desk/welcome").cookies[COOKIE]
        assert browser.post("/desk/welcome", code=code).headers["location"] == "/desk/enrol"
        page = browser.get("/desk/enrol").text
        assert "<svg" in page
        secret = found(r"<code>([A-Z2-7 ]{39})</code>", page).replace(" ", "")
        key = found(r'name="key" value="([0-9a-f]+)"', page)
        typed = {"key": key, "password": PASSWORD, "again": PASSWORD, "code": pyotp.TOTP(secret).now()}
        wrong = browser.client.post("/desk/enrol", data={**typed, "again": "khác"})
        assert wrong.status_code == 422
        done = browser.client.post("/desk/enrol", data=typed)
        assert done.text.count("<li><code>") == 8
        assert browser.client.cookies[COOKIE] != before
        assert "moi@phuong.example" in browser.get("/desk/me").text
        assert browser.post("/desk/sign-out").headers["location"] == "/desk/sign-in"
        assert browser.get("/desk/me").status_code == 303


def test_in_again_with_password_and_phone(bot: Service, site: Site) -> None:
    official = new_official(bot, "auditor")
    browser = Browser(site.address)
    with browser.client:
        wrong = browser.post("/desk/sign-in", login=official.account.login, password="sai")  # noqa: S106
        nobody = browser.post("/desk/sign-in", login="khong.ai@tphcm.example", password="sai")  # noqa: S106
        assert (wrong.status_code, nobody.status_code) == (422, 422)
        assert without_keys(wrong.text) == without_keys(nobody.text)
        half = browser.post("/desk/sign-in", login=official.account.login, password=PASSWORD)
        assert half.headers["location"] == "/desk/second-factor"
        token = browser.client.cookies[COOKIE]
        assert browser.get("/desk/me").headers["location"] == "/desk/sign-in"
        key = browser.key("/desk/second-factor")
        assert browser.client.post("/desk/second-factor", data={"key": key, "code": "000000"}).status_code == 422
        whole = browser.client.post("/desk/second-factor", data={"key": key, "code": official.code(bot)})
        assert whole.headers["location"] == "/desk"
        assert browser.client.cookies[COOKIE] != token
        assert browser.get("/desk/me").status_code == 200


def without_keys(text: str) -> str:
    return re.sub(r'value="[0-9a-f]{32}"', "", text)


def test_what_matters_asks_for_the_phone_once_more(bot: Service, site: Site) -> None:
    official, other = new_official(bot, "city_admin"), new_official(bot, "auditor")
    with at_the_desk(bot, site.address, official) as browser:
        with bot.store.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE staff_session SET confirmed_at = '2026-01-01T00:00:00.000000+00:00'")
        back = f"/desk/staff/{other.account.id}"
        asked = browser.post(f"{back}/disable", back=back)
        assert asked.headers["location"] == f"/desk/confirm?next={back}"
        assert not still(bot, other.account.id).disabled
        assert browser.post("/desk/confirm", next=back, code="000000").status_code == 422
        assert browser.post("/desk/confirm", next=back, code=official.code(bot)).headers["location"] == back
        browser.post(f"{back}/disable", back=back)
        assert still(bot, other.account.id).disabled


@pytest.mark.parametrize("next", ["https://xau.example/", "//xau.example", "/desk/../../x", "javascript:alert(1)"])
def test_nobody_is_led_elsewhere_afterwards(bot: Service, site: Site, next: str) -> None:
    official = new_official(bot, "editor")
    with at_the_desk(bot, site.address, official) as browser:
        assert browser.post("/desk/confirm", next=next, code=official.code(bot)).headers["location"] == "/desk"


def test_a_city_admin_is_made_by_two(bot: Service, site: Site) -> None:
    one, two, new = new_official(bot, "city_admin"), new_official(bot, "city_admin"), new_official(bot, "auditor")
    with at_the_desk(bot, site.address, one) as browser:
        browser.post(f"/desk/staff/{new.account.id}/role", role="city_admin")
        assert still(bot, new.account.id).role == "auditor"
        question = bot.store.staff.approvals(since=new.account.created_at)[0]
        assert browser.post(f"/desk/approvals/{question.id}", answer="agree").status_code == 409
    with at_the_desk(bot, site.address, two) as browser:
        assert new.account.login in browser.get("/desk/approvals").text
        browser.post(f"/desk/approvals/{question.id}", answer="agree")
    assert still(bot, new.account.id).role == "city_admin"


def test_an_admin_can_neither_change_their_own_account_nor_reset_anothers(bot: Service, site: Site) -> None:
    one, two = new_official(bot, "city_admin"), new_official(bot, "city_admin")
    with at_the_desk(bot, site.address, one) as browser:
        assert browser.post(f"/desk/staff/{one.account.id}/role", role="auditor").status_code == 409
        assert browser.post(f"/desk/staff/{two.account.id}/reset").status_code == 409
    assert still(bot, two.account.id).is_open


@pytest.mark.parametrize(
    "fields",
    [
        {"login": "a", "role": "editor"},
        {"login": "<b>x</b>", "role": "editor"},
        {"login": "dung.ten", "role": "vua"},
        {"login": "khong.phuong", "role": "ward_officer"},
        {"login": "phuong.la", "role": "ward_officer", "wards": "99999"},
        {"login": "thua.phuong", "role": "editor", "wards": "26740"},
    ],
)
def test_an_account_that_makes_no_sense_is_not_made(bot: Service, site: Site, fields: dict[str, str]) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "city_admin")) as browser:
        before = len(bot.store.staff.accounts())
        assert browser.post("/desk/staff", **fields).status_code == 422
    assert len(bot.store.staff.accounts()) == before


def test_the_console_speaks_english_when_asked(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "editor")) as browser:
        assert "Tài khoản của tôi" in browser.get("/desk/me").text
        browser.post("/desk/language", language="en", back="/desk/me")
        page = browser.get("/desk/me").text
        assert '<html lang="en">' in page
        assert "My account" in page
        assert "Content editor" in page


def test_many_wrong_tries_from_one_address_are_told_to_wait(bot: Service, site: Site) -> None:
    browser = Browser(site.address)
    with browser.client:
        key = browser.key()
        statuses = [
            browser.client.post("/desk/welcome", data={"key": key, "code": f"sai {number}"}).status_code
            for number in range(25)
        ]
    assert statuses[-1] == 429


def still(bot: Service, id: int) -> Account:
    account = bot.store.staff.account(id)
    assert account is not None
    return account
