"""What a provider signs: each part of a token that does not hold is found, whatever else is right."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, Key, OctKey, RSAKey

from bot.accounts.id_token import TokenError, claims_of, is_known, read_keys
from tests.fakes import Clock

NOW = Clock()()
AT = int(NOW.timestamp())
ISSUER, CLIENT, NONCE = "https://dang-nhap.tphcm.example", "go-cua", "n-0S6_WzA2Mj"
RSA = RSAKey.generate_key(2048, {"kid": "r", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "e"})
GOOD = {"iss": ISSUER, "aud": CLIENT, "sub": "an", "nonce": NONCE, "iat": AT, "exp": AT + 300}
KEYS = read_keys(json.dumps({"keys": [RSA.as_dict(private=False), EC.as_dict(private=False)]}).encode())


def signed(claims: dict[str, Any], key: Key = RSA, **header: Any) -> str:
    told = {name: value for name, value in {"alg": "RS256", "kid": "r", **header}.items() if value is not None}
    return jwt.encode(told, claims, key, algorithms=[str(told["alg"])])


def read(token: str) -> dict[str, Any]:
    return claims_of(token, KEYS, issuer=ISSUER, client_id=CLIENT, nonce=NONCE, now=NOW)


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (RSA, {}),
        (RSA, {"alg": "PS256"}),
        (EC, {"alg": "ES256", "kid": "e"}),
        # of its kind there is only one
        (RSA, {"kid": None}),
    ],
)
def test_a_token_that_holds(key: Key, header: dict[str, Any]) -> None:
    assert read(signed(dict(GOOD), key, **header)) == GOOD


@pytest.mark.parametrize(
    "other",
    [
        {"iss": ISSUER + "/"},
        {"iss": None},
        {"aud": "ai-khac"},
        {"aud": None},
        {"aud": [CLIENT, "ai-khac"]},
        {"aud": [CLIENT, "ai-khac"], "azp": "ai-khac"},
        {"azp": "ai-khac"},
        {"nonce": "khác"},
        {"nonce": None},
        {"nonce": ""},
        {"sub": None},
        {"exp": AT - 61},
        {"exp": None},
        {"exp": "mai"},
        {"iat": AT + 61},
        {"iat": AT - 601},
        {"iat": None},
        {"nbf": AT + 61},
    ],
)
def test_a_claim_that_does_not_hold(other: dict[str, Any]) -> None:
    with pytest.raises(TokenError):
        read(signed({name: value for name, value in {**GOOD, **other}.items() if value is not None}))


@pytest.mark.parametrize(
    "other",
    [{"exp": AT - 59}, {"iat": AT + 59}, {"aud": [CLIENT]}, {"aud": [CLIENT, "ai-khac"], "azp": CLIENT}],
)
def test_clocks_may_differ_a_little_and_others_may_be_told_too(other: dict[str, Any]) -> None:
    assert read(signed({**GOOD, **other}))["sub"] == "an"


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (RSAKey.generate_key(2048), {}),
        (RSA, {"kid": "mới"}),
        (RSA, {"kid": "e"}),
        (RSA, {"alg": "RS512"}),
        (OctKey.import_key("client-secret-for-tests-0123"), {"alg": "HS256"}),
        # the public key as if it were a shared secret
        (OctKey.import_key(RSA.as_bytes(private=False).hex()), {"alg": "HS256"}),
        (EC, {"alg": "ES256", "kid": "r"}),
    ],
)
def test_a_signature_that_does_not_hold(key: Key, header: dict[str, Any]) -> None:
    with pytest.raises(TokenError):
        read(signed(dict(GOOD), key, **header))


def test_a_changed_letter_is_seen() -> None:
    head, body, signature = signed(dict(GOOD)).split(".")
    for token in (
        f"{head}.{body}.{'A' if signature[9] != 'A' else 'B'}{signature[1:]}",
        f"{head}.{body}.",
        f"{head}..",
    ):
        with pytest.raises(TokenError):
            read(token)


@settings(max_examples=30)
@given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: data.decode("latin-1")))
def test_what_is_no_token_is_refused_and_nothing_else_happens(text: str) -> None:
    for token in (text, f"eyJhbGciOiJSUzI1NiIsImtpZCI6InIifQ.{text}.{text}"):
        with pytest.raises(TokenError):
            read(token)


def test_what_is_signed_but_no_object_is_refused() -> None:
    with pytest.raises(TokenError):
        read(jws.serialize_compact({"alg": "RS256", "kid": "r"}, b'["an"]', RSA))


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{}", b'{"keys": 1}', b'{"keys": [1, {}, {"kty": "oct", "k": "eA"}, {"kty": "RSA", "n": "x"}]}'],
)
def test_keys_that_are_none_are_passed_over(body: bytes) -> None:
    keys = read_keys(body)
    assert keys.keys == []
    assert not is_known(signed(dict(GOOD)), keys)


def test_a_key_for_another_purpose_signs_nobody_in() -> None:
    keys = read_keys(json.dumps({"keys": [{**RSA.as_dict(private=False), "use": "enc"}]}).encode())
    assert not is_known(signed(dict(GOOD)), keys)
