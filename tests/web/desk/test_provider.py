"""Signing in at the city's provider, through the real app: who is let in, who is not, and what is asked of whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pyotp
import pytest
from fastapi import FastAPI

from bot.bootstrap import Service
from bot.store.staff import Account
from bot.web.desk.assembly import build_desk
from bot.web.static_files import load_assets
from tests.stand_ins.provider.app import StandIn
from tests.stand_ins.serving import served
from tests.web.desk.people import COOKIE, PASSWORD, Browser, Official, at_the_desk, new_official, numbers
from tests.web.sites import Site

SECRET = pyotp.random_base32()


@pytest.fixture(autouse=True)
def behaving(provider: StandIn) -> Iterator[None]:
    yield
    provider.behave()


@pytest.fixture
def browser(bot: Service) -> Iterator[Browser]:
    """At a console of its own over the same database, so that what one is refused counts for nobody else."""
    with at_its_own_desk(bot) as browser:
        yield browser


@contextmanager
def at_its_own_desk(bot: Service) -> Iterator[Browser]:
    app = FastAPI()
    build_desk(bot, load_assets()).add_to(app)
    with served(app) as address:
        browser = Browser(address)
        with browser.client:
            yield browser


def of_the_city(bot: Service, provider: StandIn, *, totp: bool = False, role: str = "auditor") -> tuple[str, Account]:
    """Somebody whose account is tied to the city's; their number there."""
    subject = f"can-bo-{next(numbers)}"
    staff = bot.store.staff
    added = staff.add(f"{subject}@tphcm.example", role, (), by="cli", identity=f"{provider.address} {subject}")
    assert added is not None
    if totp:
        staff.enrol(added, "", SECRET, ["x" * 64])
    return subject, still(bot, added.id)


def still(bot: Service, id: int) -> Account:
    account = bot.store.staff.account(id)
    assert account is not None
    return account


def leave(browser: Browser, next: str = "") -> str:
    """Where the console sends the browser."""
    answer = browser.get(f"/desk/provider{'?next=' + next if next else ''}")
    assert answer.status_code == 303
    return answer.headers["location"]


def sign_in(browser: Browser, provider: StandIn, subject: str, *, mfa: bool = True, next: str = "") -> httpx.Response:
    return browser.get(provider.allow(leave(browser, next), subject, mfa=mfa))


def last_actions(bot: Service, count: int = 1) -> list[tuple[str, str, str]]:
    return [(row.entry.actor, row.entry.action, row.entry.detail) for row in bot.store.audit.latest(count)]


def test_in_by_the_citys_account_with_both_factors_looked_at_there(
    bot: Service, provider: StandIn, browser: Browser
) -> None:
    subject, account = of_the_city(bot, provider)
    assert "/desk/provider" in browser.get("/desk/sign-in").text
    before = browser.client.cookies[COOKIE]
    done = sign_in(browser, provider, subject)
    assert (done.status_code, done.headers["location"]) == (303, "/desk")
    assert browser.client.cookies[COOKIE] != before
    assert account.login in browser.get("/desk/me").text
    assert last_actions(bot) == [(account.actor, "signed_in", "")]


def test_our_own_second_factor_is_asked_where_the_provider_looked_at_one_only(
    bot: Service, provider: StandIn, browser: Browser
) -> None:
    subject, account = of_the_city(bot, provider, totp=True)
    half = sign_in(browser, provider, subject, mfa=False)
    assert half.headers["location"] == "/desk/second-factor"
    assert browser.get("/desk/me").headers["location"] == "/desk/sign-in"
    key = browser.key("/desk/second-factor")
    assert browser.client.post("/desk/second-factor", data={"key": key, "code": "000000"}).status_code == 422
    code = Official(account, SECRET).code(bot)
    assert browser.client.post("/desk/second-factor", data={"key": key, "code": code}).headers["location"] == "/desk"
    assert browser.get("/desk/me").status_code == 200


@pytest.mark.parametrize("who", ["unknown", "disabled", "without_any_second_factor", "untied", "of_another_provider"])
def test_who_may_not_enter_meets_one_page_and_reads_their_own_number(
    bot: Service, provider: StandIn, browser: Browser, who: str
) -> None:
    subject, account = of_the_city(bot, provider)
    match who:
        case "unknown":
            subject = "nguoi-la"
        case "disabled":
            bot.store.staff.disable(account, by="cli")
        case "untied":
            bot.store.staff.untie(account, by="cli")
        case "of_another_provider":
            bot.store.staff.tie(account, f"https://khac.example {subject}", by="cli")
    refused = sign_in(browser, provider, subject, mfa=who != "without_any_second_factor")
    assert refused.status_code == 403
    assert "Tài khoản này chưa vào được" in refused.text
    assert f"<code>{subject}</code>" in refused.text
    assert account.login not in refused.text
    assert browser.get("/desk/me").status_code == 303
    [(_, action, detail)] = last_actions(bot)
    assert (action, detail) == ("sign_in_failed", "provider_unknown")


def test_a_page_that_was_opened_once_opens_nobody_a_second_time(
    bot: Service, provider: StandIn, browser: Browser
) -> None:
    subject, _ = of_the_city(bot, provider)
    back = provider.allow(leave(browser), subject)
    with at_its_own_desk(bot) as stranger:
        stolen = stranger.get(back)
        assert stolen.status_code == 422
        assert last_actions(bot) == [("nobody", "sign_in_failed", "provider_state")]
        assert stranger.get("/desk/me").status_code == 303
    assert browser.get(back).status_code == 303
    assert browser.get(back).status_code == 422


def test_a_code_of_somebody_else_does_not_enter_by_my_errand(bot: Service, provider: StandIn, browser: Browser) -> None:
    subject, _ = of_the_city(bot, provider)
    theirs = httpx.URL(provider.allow(leave(browser), subject)).params["code"]
    mine = httpx.URL(provider.allow(leave(browser), subject))
    mixed = browser.get(str(mine.copy_set_param("code", theirs)))
    assert mixed.status_code == 422
    assert last_actions(bot) == [("nobody", "sign_in_failed", "provider_code")]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"state": ""}, "provider_state"),
        ({"state": "x" * 500}, "provider_state"),
        ({"iss": "https://khac.example"}, "provider_state"),
        ({"code": "sai"}, "provider_code"),
        ({"code": ""}, "provider_code"),
    ],
)
def test_a_way_back_that_somebody_wrote_is_refused_and_noted(
    bot: Service, provider: StandIn, browser: Browser, change: dict[str, str], why: str
) -> None:
    subject, _ = of_the_city(bot, provider)
    address = httpx.URL(provider.allow(leave(browser), subject)).copy_merge_params(change)
    assert browser.get(str(address)).status_code == 422
    assert last_actions(bot) == [("nobody", "sign_in_failed", why)]
    assert browser.get("/desk/me").status_code == 303


def test_who_says_no_at_the_provider_may_begin_again(bot: Service, provider: StandIn, browser: Browser) -> None:
    state = httpx.URL(leave(browser)).params["state"]
    refused = browser.client.get("/desk/provider/return", params={"error": "access_denied", "state": state})
    assert refused.status_code == 422
    assert "Mời đăng nhập lại từ đầu" in refused.text
    assert last_actions(bot) == [("nobody", "sign_in_failed", "provider_refused")]


def test_a_token_that_does_not_hold_lets_nobody_in(bot: Service, provider: StandIn, browser: Browser) -> None:
    subject, _ = of_the_city(bot, provider)
    provider.signing = "stranger"
    assert sign_in(browser, provider, subject).status_code == 422
    assert last_actions(bot) == [("nobody", "sign_in_failed", "provider_token")]


def test_a_provider_that_is_away_is_said_and_passwords_go_on(bot: Service, provider: StandIn, browser: Browser) -> None:
    subject, _ = of_the_city(bot, provider)
    back = provider.allow(leave(browser), subject)
    provider.troubles.ask({"kind": "gateway", "times": 0})
    away = browser.get(back)
    assert away.status_code == 503
    assert "Chưa tới được trang đăng nhập của thành phố" in away.text
    assert last_actions(bot) == [("nobody", "sign_in_failed", "provider_away")]
    local = new_official(bot, "auditor")
    half = browser.post("/desk/sign-in", login=local.account.login, password=PASSWORD)
    assert half.headers["location"] == "/desk/second-factor"


def test_nobody_enters_with_a_password_once_the_city_knows_them(bot: Service, browser: Browser) -> None:
    official = new_official(bot, "auditor")
    assert bot.store.staff.tie(official.account, "https://khac.example an", by="cli")
    assert browser.post("/desk/sign-in", login=official.account.login, password=PASSWORD).status_code == 422


def test_many_wrong_ways_back_from_one_address_are_told_to_wait(browser: Browser) -> None:
    statuses = [browser.get("/desk/provider/return?state=x").status_code for _ in range(22)]
    assert statuses == [422] * 20 + [429] * 2


def test_without_a_provider_its_doors_are_closed_and_nothing_names_it(bot: Service) -> None:
    with at_its_own_desk(replace(bot, provider=None)) as browser:
        assert browser.get("/desk/provider").status_code == 404
        assert browser.get("/desk/provider/return").status_code == 404
        assert "/desk/provider" not in browser.get("/desk/sign-in").text


# ---- once more, for what matters ----


def test_what_matters_is_confirmed_at_the_provider(bot: Service, provider: StandIn, browser: Browser) -> None:
    subject, account = of_the_city(bot, provider, role="city_admin")
    sign_in(browser, provider, subject)
    with bot.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE staff_session SET confirmed_at = '2026-01-01T00:00:00.000000+00:00'")
    asked = browser.post("/desk/staff", login="ai-do", role="editor", back="/desk/staff")
    assert asked.headers["location"] == "/desk/confirm?next=/desk/staff"
    page = browser.get("/desk/confirm?next=/desk/staff").text
    assert "/desk/provider?next=/desk/staff" in page
    assert 'name="code"' not in page
    assert "prompt=login" in leave(browser, "/desk/staff")
    for wrong in ({"sub": "nguoi-khac"}, {"auth_time": 1_700_000_000}, {"auth_time": None}, {"amr": ["pwd"]}):
        provider.claims = wrong
        assert sign_in(browser, provider, subject, next="/desk/staff").status_code == 403
        assert last_actions(bot) == [(account.actor, "sign_in_failed", "provider_confirm")]
    provider.claims = {}
    assert "/desk/confirm" in browser.post("/desk/staff", login="x", role="editor").headers["location"]
    assert sign_in(browser, provider, subject, next="/desk/staff").headers["location"] == "/desk/staff"
    assert browser.post("/desk/staff", login="<>", role="editor").status_code == 422


def test_who_has_no_account_of_the_city_is_not_sent_there_to_confirm(bot: Service, site: Site) -> None:
    with at_the_desk(bot, site.address, new_official(bot, "editor")) as browser:
        assert browser.get("/desk/provider?next=/desk/me").headers["location"] == "/desk"
        assert "/desk/provider" not in browser.get("/desk/confirm").text


# ---- who is tied to what ----


def test_an_admin_ties_an_account_to_the_citys_when_making_it(
    bot: Service, provider: StandIn, site: Site, browser: Browser
) -> None:
    subject = f"moi-{next(numbers)}"
    with at_the_desk(bot, site.address, new_official(bot, "city_admin")) as desk:
        made = desk.post("/desk/staff", login=subject, role="editor", subject=subject)
        # both factors are looked at there: no code of ours is needed
        assert made.headers["location"].startswith("/desk/staff/")
        assert f'value="{subject}"' in desk.get(made.headers["location"]).text
        assert "Qua tài khoản thành phố" in desk.get("/desk/staff").text
        again = desk.post("/desk/staff", login=f"{subject}-hai", role="editor", subject=subject)
        assert (again.status_code, "đã nối với người khác" in again.text) == (422, True)
        for wrong in ("có dấu", "x" * 256):
            assert desk.post("/desk/staff", login="khac", role="editor", subject=wrong).status_code == 422
    assert sign_in(browser, provider, subject).headers["location"] == "/desk"


def test_an_account_is_tied_freed_and_never_an_admins(
    bot: Service, provider: StandIn, site: Site, browser: Browser
) -> None:
    one, admin = new_official(bot, "editor"), new_official(bot, "city_admin")
    with at_the_desk(bot, site.address, new_official(bot, "city_admin")) as desk:
        path = f"/desk/staff/{one.account.id}/identity"
        assert desk.post(path, subject=f"noi-{one.account.id}").status_code == 303
        assert last_actions(bot)[0][1] == "staff_tied"
        assert sign_in(browser, provider, f"noi-{one.account.id}").headers["location"] == "/desk"
        other = new_official(bot, "editor")
        taken = desk.post(f"/desk/staff/{other.account.id}/identity", subject=f"noi-{one.account.id}")
        assert taken.status_code == 422
        freed = desk.post(path, subject="")
        assert "big-code" in freed.text
        assert (still(bot, one.account.id).identity, still(bot, one.account.id).is_open) == ("", False)
        assert desk.post(f"/desk/staff/{admin.account.id}/identity", subject="toi").status_code == 409
    # whoever was in is out
    assert browser.get("/desk/me").status_code == 303


def test_a_code_on_paper_sets_up_the_second_factor_and_opens_nothing_by_itself(
    bot: Service, provider: StandIn, browser: Browser
) -> None:
    subject, account = of_the_city(bot, provider)
    code = bot.signing_in.invite(account, by="cli")
    browser.post("/desk/welcome", code=code)
    page = browser.get("/desk/enrol").text
    assert 'name="password"' not in page
    session = bot.signing_in.session(browser.client.cookies[COOKIE])
    assert session is not None
    shown = Official(account, session.secret)
    done = browser.client.post("/desk/enrol", data={"key": browser.key("/desk/enrol"), "code": shown.code(bot)})
    assert done.text.count("<li><code>") == 8
    assert browser.get("/desk/me").headers["location"] == "/desk/sign-in"
    assert sign_in(browser, provider, subject, mfa=False).headers["location"] == "/desk/second-factor"
