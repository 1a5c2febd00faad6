"""Every door of the console and of the API × every role × wards of others: generated from the router (T61, T62).

A route that is not in the table fails, and so does a line of the table without a route.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from bot.bootstrap import Service
from bot.store.schema import metadata
from bot.web.app import build_app
from tests.web.desk.filled import fill
from tests.web.desk.people import Browser, Official, at_the_desk, new_official
from tests.web.sites import Site

ROLES = {"A": "city_admin", "O": "ward_officer", "T": "trainer", "E": "editor", "U": "auditor"}
OWN, FOREIGN = "26740", "25747"

# who is let in: the letters of the roles, "*" for everybody signed in or not
DOORS = {
    ("GET", "/desk/sign-in"): "*",
    ("POST", "/desk/sign-in"): "*",
    ("GET", "/desk/second-factor"): "*",
    ("POST", "/desk/second-factor"): "*",
    ("GET", "/desk/welcome"): "*",
    ("POST", "/desk/welcome"): "*",
    ("GET", "/desk/enrol"): "*",
    ("POST", "/desk/enrol"): "*",
    ("POST", "/desk/language"): "*",
    ("GET", "/desk/provider"): "*",
    ("GET", "/desk/provider/return"): "*",
    ("GET", "/desk/confirm"): "AOTEU",
    ("POST", "/desk/confirm"): "AOTEU",
    ("POST", "/desk/sign-out"): "AOTEU",
    ("GET", "/desk/me"): "AOTEU",
    ("POST", "/desk/me/sessions/{id}/end"): "AOTEU",
    ("POST", "/desk/me/passkeys"): "AOTEU",
    ("POST", "/desk/me/passkeys/{id}/remove"): "AOTEU",
    ("GET", "/desk/me/telegram"): "AOT",
    ("POST", "/desk/me/telegram"): "AOT",
    ("POST", "/desk/me/telegram/end"): "AOT",
    ("GET", "/desk/staff"): "AU",
    ("POST", "/desk/staff"): "A",
    ("GET", "/desk/staff/{id}"): "A",
    ("POST", "/desk/staff/{id}/role"): "A",
    ("POST", "/desk/staff/{id}/identity"): "A",
    ("POST", "/desk/staff/{id}/disable"): "A",
    ("POST", "/desk/staff/{id}/enable"): "A",
    ("POST", "/desk/staff/{id}/reset"): "A",
    ("GET", "/desk/approvals"): "AU",
    ("POST", "/desk/approvals/{id}"): "A",
    ("GET", "/desk/weekly"): "AU",
    ("POST", "/desk/weekly/{week}/ask"): "A",
    ("POST", "/desk/weekly/{week}/download"): "A",
    ("GET", "/desk/deliveries"): "AU",
    ("POST", "/desk/deliveries/{id}/{act}"): "A",
    ("GET", "/desk/content"): "AOTEU",
    ("GET", "/desk/audit"): "AU",
    ("GET", "/desk"): "AOTEU",
    ("GET", "/desk/wards"): "AOTEU",
    ("GET", "/desk/wards/{ward}"): "AOTEU",
    ("GET", "/desk/tasks/{task}"): "AOTEU",
    ("GET", "/desk/requests"): "AOU",
    ("POST", "/desk/requests/{id}/take"): "AO",
    ("POST", "/desk/requests/{id}/close"): "AO",
    ("POST", "/desk/requests/{id}/reopen"): "AO",
    ("GET", "/desk/classes"): "AOTU",
    ("POST", "/desk/classes"): "AOT",
    ("GET", "/desk/classes/{id}"): "AOTU",
    ("POST", "/desk/classes/{id}/trainers"): "AOT",
    ("POST", "/desk/classes/{id}/link"): "AOT",
    ("POST", "/desk/classes/{id}/end"): "AOT",
    ("GET", "/desk/classes/{id}/report.csv"): "AOTU",
    ("GET", "/desk/classes/{id}/report.pdf"): "AOTU",
    ("GET", "/desk/classes/{id}/paper/{paper}.pdf"): "AOTU",
}

# who gets to see a ward that is not theirs; to the others it is as if there were none
FOREIGN_WARD = {("GET", "/desk/wards/{ward}"): "AEU"}

# what is in the braces of an address: nothing that exists, so that nothing happens
NOBODY = {
    "{id}": "999999", "{act}": "retry", "{ward}": OWN, "{task}": "vneid_level_2", "{week}": "2026-W60",
    "{paper}": "script",
}  # fmt: skip


@pytest.fixture(scope="module")
def officials(bot: Service) -> dict[str, Official]:
    fill(bot)
    limited = {"O", "T"}
    return {letter: new_official(bot, role, (OWN,) if letter in limited else ()) for letter, role in ROLES.items()}


@pytest.fixture
def stranger(site: Site) -> Iterator[Browser]:
    browser = Browser(site.address)
    with browser.client:
        yield browser


def address(path: str) -> str:
    for name, value in NOBODY.items():
        path = path.replace(name, value)
    return path


def ask(browser: Browser, method: str, path: str) -> int:
    return (browser.get(path) if method == "GET" else browser.post(path)).status_code


def test_the_table_has_every_door_of_the_router(bot: Service) -> None:
    app = build_app(bot)
    routes = {
        (method, getattr(route, "path", ""))
        for route in app.routes
        for method in getattr(route, "methods", None) or ()
        if method != "HEAD" and getattr(route, "path", "").startswith("/desk")
    }
    assert routes == DOORS.keys()


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_each_role_is_let_in_where_the_table_says_so_and_nowhere_else(
    bot: Service, site: Site, officials: dict[str, Official], method: str, path: str
) -> None:
    let_in = DOORS[method, path]
    found = ""
    for letter, official in officials.items():
        with at_the_desk(bot, site.address, official) as browser:
            status = ask(browser, method, address(path))
        assert status < 500
        found += letter if status != 403 else ""
    assert found == ("AOTEU" if let_in == "*" else let_in)


@pytest.mark.parametrize(("method", "path"), [door for door, let_in in DOORS.items() if let_in != "*"])
def test_whoever_is_not_signed_in_is_sent_to_the_sign_in(stranger: Browser, method: str, path: str) -> None:
    answer = stranger.get(address(path)) if method == "GET" else stranger.post(address(path))
    assert (answer.status_code, answer.headers.get("location")) == (303, "/desk/sign-in")


@pytest.mark.parametrize("path", [path for method, path in DOORS if method == "POST"])
def test_no_form_is_taken_without_its_key_or_from_another_site(
    bot: Service, site: Site, officials: dict[str, Official], path: str
) -> None:
    before = everything(bot)
    with at_the_desk(bot, site.address, officials["A"]) as browser:
        key = browser.key()
        session = everything(bot)
        refused = [
            browser.post_raw(address(path), nothing=""),
            browser.post_raw(address(path), key="0" * 32),
            browser.post_raw(address(path), key=key, headers={"Origin": "https://khac.example"}),
            browser.post_raw(address(path), key=key, headers={"Sec-Fetch-Site": "cross-site"}),
        ]
    assert {answer.status_code for answer in refused} == {403}
    assert everything(bot) == session != before


@pytest.mark.parametrize("path", [path for method, path in DOORS if method == "GET"])
def test_looking_changes_nothing(bot: Service, site: Site, officials: dict[str, Official], path: str) -> None:
    with at_the_desk(bot, site.address, officials["A"]) as browser:
        before = everything(bot)
        browser.get(address(path))
    assert everything(bot) == before


def test_every_door_with_a_ward_in_its_address_stands_in_the_table_of_foreign_wards() -> None:
    assert {door for door in DOORS if "{ward}" in door[1]} == FOREIGN_WARD.keys()


@pytest.mark.parametrize("door", FOREIGN_WARD)
@pytest.mark.parametrize("ward", [FOREIGN, "99999", "26740'--", "%2e%2e"])
def test_a_ward_of_others_is_a_ward_that_does_not_exist(
    bot: Service, site: Site, officials: dict[str, Official], door: tuple[str, str], ward: str
) -> None:
    (method, path), found = door, {}
    for letter, official in officials.items():
        with at_the_desk(bot, site.address, official) as browser:
            found[letter] = ask(browser, method, path.replace("{ward}", ward))
    seen = FOREIGN_WARD[door] if ward == FOREIGN else ""
    assert found == {letter: 200 if letter in seen else 404 for letter in ROLES}


def test_every_page_has_the_headers_that_guard_it(bot: Service, site: Site, officials: dict[str, Official]) -> None:
    with at_the_desk(bot, site.address, officials["A"]) as browser:
        answer = browser.get("/desk/staff")
    assert answer.headers["cache-control"] == "no-store"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "style=" not in answer.text
    assert "<script" not in answer.text
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def everything(bot: Service) -> dict[str, list[tuple[object, ...]]]:
    """All rows but those of the audit log, which tells of looking, too."""
    tables = [table for table in metadata.sorted_tables if not table.name.startswith("audit")]
    with bot.store.engine.connect() as connection:
        return {table.name: [tuple(row) for row in connection.execute(select(table))] for table in tables}
