"""An operator's login and the status, against the stand-in's consent page."""

import datetime as dt
import re
from collections.abc import AsyncIterator, Iterator
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.http import HttpClient, object_in
from bot.channels.zalo_oa_api import OaApi
from bot.channels.zalo_oa_login import (
    Code,
    PastedPair,
    PasteError,
    challenge_of,
    consent_link,
    login,
    look,
    new_verifier,
    read_pasted,
)
from bot.channels.zalo_oa_tokens import GrantError, Grants, TokenPair, Tokens
from tests.channels.token_shelf import TokenShelf
from tests.channels.zalo_rigs import oa_account
from tests.stand_ins.control import Control
from tests.stand_ins.zalo_oa.app import ACCOUNT, zalo_oa_served

pytestmark = pytest.mark.anyio

CODE = "kQxyz-0123_abcdefgh"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with zalo_oa_served() as address:
        yield address


@pytest.fixture
async def client() -> AsyncIterator[HttpClient]:
    async with HttpClient(trust_env=False) as client:
        yield client


async def logged_in(pasted: str, address: str, client: HttpClient, verifier: str = "") -> TokenShelf:
    store, account = TokenShelf(), oa_account(address)
    grants = Grants(account, client, now)
    await login(
        read_pasted(pasted), account=account, grants=grants, store=store, verifier=verifier, state="xyz", now=now
    )
    return store


def test_the_challenge_is_the_documented_one() -> None:
    assert challenge_of("A" * 43) == "DwBzhbb51LfusnSGBa_hqYSgo7-j8BTQnip4TOnlzRo"


def test_verifiers_are_of_letters_and_digits_and_differ() -> None:
    verifiers = {new_verifier() for _ in range(20)}
    assert len(verifiers) == 20
    assert all(re.fullmatch("[A-Za-z0-9]{43}", each) for each in verifiers)


async def test_from_the_link_to_a_stored_pair(address: str, client: HttpClient) -> None:
    verifier = new_verifier()
    link = consent_link(oa_account(address), ACCOUNT.redirect_uri, verifier, "xyz")
    assert verifier not in link
    allow = f"{address}/v4/oa/permission/allow?{urlsplit(link).query}"
    sent_to = (await client.get(allow)).headers["location"]
    store = await logged_in(sent_to, address, client, verifier)
    assert [pair.expires_at > now() for pair in store.kept] == [True]
    with pytest.raises(GrantError):
        await logged_in(sent_to, address, client, verifier)


async def test_a_code_alone_will_do_and_a_wrong_verifier_will_not(address: str, client: HttpClient) -> None:
    link = consent_link(oa_account(address), ACCOUNT.redirect_uri, "V" * 43, "xyz")
    allow = f"{address}/v4/oa/permission/allow?{urlsplit(link).query}"
    codes = [parse_qs(urlsplit((await client.get(allow)).headers["location"]).query)["code"][0] for _ in range(2)]
    assert len((await logged_in(codes[0], address, client, "V" * 43)).kept) == 1
    with pytest.raises(GrantError):
        await logged_in(codes[1], address, client, "W" * 43)


async def test_a_pasted_pair_is_renewed_at_once(address: str, client: HttpClient) -> None:
    control = Control(address)
    given = control.post("tokens")
    control.close()
    store = await logged_in(f" {given['access']}\n{given['refresh']}\n", address, client)
    assert [pair.access == given["access"] for pair in store.kept] == [True, False]
    headers = {"access_token": given["access"]}
    answer = object_in(await client.get(f"{address}/v2.0/oa/getoa", headers=headers))
    assert answer is not None
    assert answer["error"] == -220


@pytest.mark.parametrize("wrong", ["state=abc", f"state=xyz&oa_id={'9' * 10}"])
async def test_the_answer_to_another_link_is_not_used(address: str, client: HttpClient, wrong: str) -> None:
    with pytest.raises(GrantError) as caught:
        await logged_in(f"https://gocua.example/zalo?code={CODE}&{wrong}", address, client)
    assert caught.value.reason == "other_consent"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"https://gocua.example/zalo?code={CODE}&oa_id=22&state=xyz\n", Code(CODE, "xyz", "22")),
        (f"code={CODE}&oa_id=22", Code(CODE, "", "22")),
        (CODE, Code(CODE)),
        (f"{CODE}\n{CODE}2", PastedPair(CODE, f"{CODE}2")),
        (f'{{"access_token": "{CODE}", "refresh_token": "{CODE}2"}}', PastedPair(CODE, f"{CODE}2")),
    ],
)
def test_what_can_be_pasted(text: str, read: Code | PastedPair) -> None:
    assert read_pasted(text) == read
    assert CODE not in repr(read)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "một câu dài có nhiều chữ", "{", "[]", '{"access_token": 7, "refresh_token": 8}', "a b c", "?code=é"],
)
def test_what_cannot_be_read_is_not_repeated(text: str) -> None:
    with pytest.raises(PasteError) as caught:
        read_pasted(text)
    assert not text or text not in str(caught.value)


async def test_the_status_tells_who_we_are_and_what_is_left(address: str, client: HttpClient) -> None:
    control = Control(address)
    given = control.post("tokens")
    store = TokenShelf(TokenPair(given["access"], given["refresh"], now(), now() + dt.timedelta(hours=25)))
    account = oa_account(address)
    tokens = Tokens(Grants(account, client, now), store, now)
    status = await look(OaApi(account, client, tokens), store, now)
    assert (status.account, status.name, status.trouble) == (ACCOUNT.oa_id, "Gõ Cửa", "")
    assert [(quota.kind, quota.left, quota.total) for quota in status.quotas] == [("sub_quota", 500, 500)]
    assert status.token_left is not None
    assert status.token_left > dt.timedelta(hours=24)
    control.post("revoke")
    control.close()
    assert (await look(OaApi(account, client, tokens), store, now)).trouble == "token_refresh"
    empty = TokenShelf()
    nobody = OaApi(account, client, Tokens(Grants(account, client, now), empty, now))
    assert (await look(nobody, empty, now)).trouble == "no_token"


async def test_the_proof_is_sent_where_the_console_wants_one(address: str, client: HttpClient) -> None:
    control = Control(address)
    given = control.post("tokens")
    control.post("proof", needed=True)
    store = TokenShelf(TokenPair(given["access"], given["refresh"], now(), now() + dt.timedelta(hours=25)))
    account = oa_account(address)
    tokens = Tokens(Grants(account, client, now), store, now)
    assert (await look(OaApi(account, client, tokens, proof=True), store, now)).name == "Gõ Cửa"
    assert (await look(OaApi(account, client, tokens), store, now)).trouble == "-242"
    control.post("proof", needed=False)
    control.close()
