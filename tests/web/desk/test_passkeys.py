"""Passkeys in the app's place, through the real console: made, shown, shown twice, another's, taken away."""

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.bootstrap import Service
from bot.store.passkeys import MOST
from tests.web.desk.authenticator import Authenticator
from tests.web.desk.people import PASSWORD, Browser, Official, at_the_desk, new_official
from tests.web.desk.test_provider import at_its_own_desk


@dataclass
class Office:
    """Somebody with a browser at the console, which browsers know by a name."""

    bot: Service
    browser: Browser
    origin: str
    official: Official

    def sign_in(self) -> None:
        """As far as the second factor."""
        self.browser.client.cookies.clear()
        half = self.browser.post("/desk/sign-in", login=self.official.account.login, password=PASSWORD)
        assert half.headers["location"] == "/desk/second-factor"

    def asked(self, path: str) -> tuple[dict[str, Any], dict[str, str]]:
        """The question of a page, and what its form sends besides the answer."""
        page = self.browser.get(path).text
        form = re.search(r'<form[^>]*data-question="([^"]*)" hidden>(.*?)</form>', page, re.DOTALL)
        assert form, page
        sent = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form[2]))
        return json.loads(html.unescape(form[1])), sent

    def add(self, key: Authenticator) -> httpx.Response:
        question, sent = self.asked("/desk/me")
        return self.browser.client.post("/desk/me/passkeys", data={**sent, "credential": key.make(question)})

    def show(self, key: Authenticator) -> httpx.Response:
        question, sent = self.asked("/desk/second-factor")
        return self.browser.client.post("/desk/second-factor", data={**sent, "credential": key.show(question)})


@pytest.fixture
def office(bot: Service) -> Iterator[Office]:
    official = new_official(bot, "editor")
    with at_its_own_desk(bot) as desk:
        address = desk.address.replace("127.0.0.1", "localhost")
        with at_the_desk(bot, address, official) as browser:
            yield Office(bot, browser, address, official)


@pytest.fixture
def key(office: Office) -> Authenticator:
    key = Authenticator(office.origin)
    assert office.add(key).headers["location"] == "/desk/me"
    return key


def is_in(office: Office) -> bool:
    return office.browser.get("/desk/me").status_code == 200


def test_added_shown_and_in(office: Office, key: Authenticator) -> None:
    assert office.bot.store.audit.latest(1)[0].entry.action == "passkey_added"
    office.sign_in()
    assert office.show(key).headers["location"] == "/desk"
    assert is_in(office)


def test_the_app_still_opens_and_without_a_passkey_nobody_is_asked_for_one(office: Office) -> None:
    office.sign_in()
    page = office.browser.get("/desk/second-factor").text
    assert "data-passkey" not in page
    assert "<script" not in page
    code = office.official.code(office.bot)
    assert office.browser.post("/desk/second-factor", code=code).headers["location"] == "/desk"


def test_an_answer_opens_nothing_at_another_sign_in(office: Office, key: Authenticator) -> None:
    office.sign_in()
    question, sent = office.asked("/desk/second-factor")
    answer = {**sent, "credential": key.show(question)}
    assert office.browser.client.post("/desk/second-factor", data=answer).status_code == 303
    office.sign_in()
    _, sent = office.asked("/desk/second-factor")
    for again in ({"credential": answer["credential"]}, {"credential": answer["credential"], "state": answer["state"]}):
        refused = office.browser.client.post("/desk/second-factor", data={**sent, **again})
        assert (refused.status_code, "chưa xác nhận được" in refused.text) == (422, True)
    assert not is_in(office)


@pytest.mark.parametrize("counts", [True, False])
def test_what_matters_is_confirmed_with_it_and_each_answer_counts_once(
    office: Office, key: Authenticator, counts: bool
) -> None:
    question, sent = office.asked("/desk/confirm?next=/desk/content")
    # many never count: then the moment of the question tells
    key.counter = 0 if counts else -1
    answer = {**sent, "credential": key.show(question)}
    assert office.browser.client.post("/desk/confirm", data=answer).headers["location"] == "/desk/content"
    assert office.browser.client.post("/desk/confirm", data=answer).status_code == 422


def elsewhere(key: Authenticator) -> None:
    key.origin = "https://khac.example"


def copied(key: Authenticator) -> None:
    """A copy that was not there when the original signed."""
    key.counter = -1


def of_another_name(key: Authenticator) -> None:
    key.name = b"x" * 32


@pytest.mark.parametrize("lie", [elsewhere, copied, of_another_name])
def test_what_does_not_hold_opens_nothing(office: Office, key: Authenticator, lie: Any) -> None:
    key.counter = 5
    office.sign_in()
    assert office.show(key).status_code == 303
    lie(key)
    office.sign_in()
    assert office.show(key).status_code == 422
    assert not is_in(office)


def test_a_key_of_somebody_else_opens_nothing(office: Office, key: Authenticator) -> None:
    official = new_official(office.bot, "editor")
    with at_the_desk(office.bot, office.origin, official) as browser:
        other = Office(office.bot, browser, office.origin, official)
        theirs = Authenticator(office.origin)
        assert other.add(theirs).status_code == 303
        # nor can one key be two people's
        assert other.add(key).status_code == 422
    office.sign_in()
    assert office.show(theirs).status_code == 422
    assert not is_in(office)


@pytest.mark.parametrize(
    "credential", ["x", "{}", '{"id": 1}', "[]", '{"id": "a", "rawId": "b", "response": {}}', "💥"]
)
def test_what_is_no_answer_is_refused_kindly(office: Office, key: Authenticator, credential: str) -> None:
    _, sent = office.asked("/desk/me")
    sent["credential"] = credential
    assert office.browser.client.post("/desk/me/passkeys", data=sent).status_code == 422
    office.sign_in()
    _, sent = office.asked("/desk/second-factor")
    named = credential.replace('"a"', json.dumps(json.loads(key.make({"rp": {"id": "x"}, "challenge": ""}))["id"]))
    for each in (credential, named):
        answer = office.browser.client.post("/desk/second-factor", data={**sent, "credential": each})
        assert answer.status_code == 422
    assert office.browser.client.post("/desk/second-factor", data={**sent, "state": "", "credential": "x"}).is_error


def test_it_can_be_taken_away_by_its_owner_alone_and_a_reset_takes_all(office: Office, key: Authenticator) -> None:
    store = office.bot.store
    [kept] = store.passkeys.of(office.official.account)
    with at_the_desk(office.bot, office.origin, new_official(office.bot, "editor")) as browser:
        assert browser.post(f"/desk/me/passkeys/{kept.id}/remove").status_code == 404
    assert office.browser.post(f"/desk/me/passkeys/{kept.id}/remove").headers["location"] == "/desk/me"
    assert store.passkeys.of(office.official.account) == []
    assert office.add(Authenticator(office.origin)).status_code == 303
    office.bot.signing_in.invite(office.official.account, by="cli")
    assert store.passkeys.of(office.official.account) == []


def test_nobody_has_too_many_and_adding_asks_for_the_second_factor(office: Office) -> None:
    for _ in range(MOST):
        assert office.add(Authenticator(office.origin)).status_code == 303
    assert office.add(Authenticator(office.origin)).status_code == 422
    with office.bot.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE staff_session SET confirmed_at = '2026-01-01T00:00:00.000000+00:00'")
    assert office.add(Authenticator(office.origin)).headers["location"] == "/desk/confirm?next=/desk/me"


def test_at_a_bare_number_no_browser_makes_one(bot: Service) -> None:
    with at_its_own_desk(bot) as desk, at_the_desk(bot, desk.address, new_official(bot, "editor")) as browser:
        assert "data-passkey" not in browser.get("/desk/me").text
