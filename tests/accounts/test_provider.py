"""The way to a provider and back, over real HTTP, with what a provider may do wrong."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.accounts.codes import new_token
from bot.accounts.errand import Errand, set_out
from bot.accounts.provider import NotProven, Provider, ProviderAway, ProviderError, Registration, Told
from tests.stand_ins.provider.app import CLIENT, MFA, RETURN, SECRET, StandIn, provider_served

REDIRECT = f"https://gocua.example.vn{RETURN}"


@pytest.fixture(scope="module")
def shared() -> Iterator[StandIn]:
    with provider_served() as stand_in:
        yield stand_in


@pytest.fixture
def stand_in(shared: StandIn) -> StandIn:
    shared.behave()
    shared.calls.clear()
    return shared


class Office:
    """Us, with a clock of our own."""

    def __init__(self, stand_in: StandIn) -> None:
        self.ahead = dt.timedelta(0)
        known_by = Registration(stand_in.address, CLIENT, SECRET, frozenset({MFA}))
        self.stand_in = stand_in
        self.provider = Provider(known_by, now=self.now)

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC) + self.ahead

    def leave(self, *, again: bool = False) -> tuple[Errand, str]:
        errand = set_out(new_token(), "/desk", self.now())
        return errand, asyncio.run(self.provider.address(errand, REDIRECT, again=again))

    def told(self, errand: Errand, code: str) -> Told:
        return asyncio.run(self.provider.told(errand, REDIRECT, code))

    def sign_in(self, sub: str = "an", *, mfa: bool = True) -> Told:
        errand, address = self.leave()
        return self.told(errand, code_in(self.stand_in.allow(address, sub, mfa=mfa)))


@pytest.fixture
def office(stand_in: StandIn) -> Office:
    return Office(stand_in)


def code_in(address: str) -> str:
    return parse_qs(urlsplit(address).query)["code"][0]


def test_who_somebody_is_and_what_they_showed(office: Office, stand_in: StandIn) -> None:
    told = office.sign_in()
    assert (told.identity, told.subject, told.second_factor) == (f"{stand_in.address} an", "an", True)
    assert told.shown_at is not None
    assert not office.sign_in(mfa=False).second_factor
    # its description and its keys are asked for once
    assert stand_in.calls == ["describe", "token", "keys", "token"]


def test_the_provider_is_asked_for_nothing_but_who_it_is(office: Office) -> None:
    errand, address = office.leave()
    asked = parse_qs(urlsplit(address).query)
    assert asked["scope"] == ["openid"]
    assert asked["acr_values"] == [MFA]
    assert errand.verifier not in address
    assert SECRET not in address
    assert "prompt" not in asked
    again = parse_qs(urlsplit(office.leave(again=True)[1]).query)
    assert (again["prompt"], again["max_age"]) == (["login"], ["0"])


def test_a_second_factor_named_in_acr_counts_too(office: Office, stand_in: StandIn) -> None:
    stand_in.claims = {"acr": MFA, "amr": None}
    assert office.sign_in(mfa=False).second_factor


@pytest.mark.parametrize("shown", [None, "hôm qua", 10**18, -1])
def test_what_is_said_in_no_known_way_is_not_said(office: Office, stand_in: StandIn, shown: object) -> None:
    stand_in.claims = {"acr": ["lạ"], "amr": MFA, "auth_time": shown}
    told = office.sign_in()
    assert (told.second_factor, told.shown_at) == (False, None)


def test_a_client_may_be_known_by_its_form(office: Office, stand_in: StandIn) -> None:
    stand_in.described = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert office.sign_in().subject == "an"


def test_a_code_is_good_once_and_for_who_set_out(office: Office, stand_in: StandIn) -> None:
    errand, address = office.leave()
    code = code_in(stand_in.allow(address, "an"))
    other, _ = office.leave()
    with pytest.raises(NotProven, match="provider_code"):
        office.told(other, code)
    code = code_in(stand_in.allow(address, "an"))
    office.told(errand, code)
    with pytest.raises(NotProven, match="provider_code"):
        office.told(errand, code)


@pytest.mark.parametrize("signing", ["none", "secret", "stranger"])
def test_what_is_not_signed_by_the_provider_proves_nothing(office: Office, stand_in: StandIn, signing: str) -> None:
    stand_in.signing = signing  # type: ignore[assignment]
    with pytest.raises(NotProven, match="provider_token"):
        office.sign_in()


@pytest.mark.parametrize(
    "claims", [{"nonce": "khác"}, {"aud": "ai-khac"}, {"exp": 1}, {"sub": "a b"}, {"sub": 7}, {"sub": "x" * 256}]
)
def test_what_is_signed_for_something_else_proves_nothing(
    office: Office, stand_in: StandIn, claims: dict[str, object]
) -> None:
    stand_in.claims = claims
    with pytest.raises(NotProven, match="provider_token"):
        office.sign_in()


@pytest.mark.parametrize(("ahead", "holds"), [(50, True), (-50, True), (400, False), (-90, False)])
def test_clocks_may_differ_by_a_minute(office: Office, ahead: int, holds: bool) -> None:
    office.ahead = dt.timedelta(seconds=ahead)
    if holds:
        assert office.sign_in().subject == "an"
    else:
        with pytest.raises(NotProven, match="provider_token"):
            office.sign_in()


def test_a_provider_that_changes_its_keys_is_believed_within_a_minute(office: Office, stand_in: StandIn) -> None:
    office.sign_in()
    stand_in.rotate()
    # who sends tokens of unknown keys makes us ask for keys once a minute at most
    with pytest.raises(NotProven):
        office.sign_in()
    office.provider._keys_read_at -= dt.timedelta(minutes=2)
    assert office.sign_in().subject == "an"
    assert stand_in.calls.count("keys") == 2


def other_issuer(stand_in: StandIn) -> None:
    stand_in.described = {"issuer": "https://xau.example"}


def plain_token_address(stand_in: StandIn) -> None:
    stand_in.described = {"token_endpoint": "http://dang-nhap.example/token"}


def no_keys_address(stand_in: StandIn) -> None:
    stand_in.described = {"jwks_uri": None}


def down(stand_in: StandIn) -> None:
    stand_in.troubles.ask({"kind": "down", "times": 0})


def gateway(stand_in: StandIn) -> None:
    stand_in.troubles.ask({"kind": "gateway", "times": 0})


def half(stand_in: StandIn) -> None:
    stand_in.troubles.ask({"kind": "half", "path": "openid-configuration"})


def keys_down(stand_in: StandIn) -> None:
    stand_in.troubles.ask({"kind": "down", "path": "/jwks", "times": 0})


def token_gateway(stand_in: StandIn) -> None:
    stand_in.troubles.ask({"kind": "gateway", "path": "/token", "times": 0})


def huge(stand_in: StandIn) -> None:
    stand_in.described = {"x": "x" * 300_000}


@pytest.mark.parametrize(
    "trouble",
    [other_issuer, plain_token_address, no_keys_address, down, gateway, half, keys_down, token_gateway, huge],
)
def test_a_provider_that_does_not_answer_as_one_signs_nobody_in(
    office: Office, stand_in: StandIn, trouble: Callable[[StandIn], None]
) -> None:
    trouble(stand_in)
    with pytest.raises(ProviderAway):
        office.sign_in()
    stand_in.behave()
    assert office.sign_in().subject == "an"


def test_who_is_not_the_client_it_knows_is_told_as_trouble_of_the_operator(stand_in: StandIn) -> None:
    office = Office(stand_in)
    office.provider = Provider(Registration(stand_in.address, CLIENT, "another-secret-0123456"), now=office.now)
    with pytest.raises(ProviderAway):
        office.sign_in()


def test_nobody_listens_there() -> None:
    provider = Provider(Registration("http://127.0.0.1:9", CLIENT, SECRET), now=lambda: dt.datetime.now(dt.UTC))
    with pytest.raises(ProviderError):
        asyncio.run(provider.look())
