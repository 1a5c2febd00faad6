"""What a provider signs of somebody, checked with joserfc: its signature, for whom it is, how old (T58)."""

import datetime as dt
import json
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, Key, KeySet, RSAKey

from bot.accounts.errand import SKEW

# by public keys alone: with "none" or a shared secret anybody could sign
ALGORITHMS = {"RS256": "RSA", "PS256": "RSA", "ES256": "EC"}

# a token is fetched the moment it is made: an older one was kept for something
_OLDEST = 600

_PRIVATE = frozenset({"d", "p", "q", "dp", "dq", "qi", "oth"})

# bits: a shorter RSA key is too short by now
_SHORT = 2048


class TokenError(Exception):
    """A token that proves nothing; the message is a word of joserfc's or ours and holds nothing of the token."""


def read_keys(body: bytes) -> KeySet:
    """The keys a provider signs with; those of other kinds or for other purposes are passed over."""
    try:
        listed = json.loads(body)["keys"]
        return KeySet([key for key in map(_key, listed) if key is not None])
    except (ValueError, KeyError, TypeError):
        return KeySet([])


def is_known(token: str, keys: KeySet) -> bool:
    """Whether the key that a token names is one of these."""
    try:
        _key_for(token, keys)
    except TokenError:
        return False
    return True


def claims_of(token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, now: dt.datetime) -> dict[str, Any]:
    """What it says, where all of it holds. Raises ``TokenError``."""
    seconds = int(now.timestamp())
    wanted = jwt.JWTClaimsRegistry(
        now=seconds,
        leeway=int(SKEW.total_seconds()),
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        nonce={"essential": True, "value": nonce},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        claims = jwt.decode(token, _key_for(token, keys), algorithms=list(ALGORITHMS)).claims
        if not isinstance(claims, dict):
            raise TokenError("not_an_object")
        wanted.validate(claims)
    except JoseError as error:
        raise TokenError(error.error) from None
    except (ValueError, TypeError) as error:
        raise TokenError(type(error).__name__) from None
    _for_us_alone(claims, client_id)
    if claims["iat"] < seconds - _OLDEST:
        raise TokenError("too_old")
    return claims


def _for_us_alone(claims: dict[str, Any], client_id: str) -> None:
    audience, party = claims["aud"], claims.get("azp")
    shared = isinstance(audience, list) and len(audience) > 1
    if (shared or party is not None) and party != client_id:
        raise TokenError("for_another")


def _key_for(token: str, keys: KeySet) -> Key:
    """The key a token names, of the kind its algorithm is for."""
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError) as error:
        raise TokenError(type(error).__name__) from None
    kind = ALGORITHMS.get(str(header.get("alg")))
    fitting = [key for key in keys.keys if key.key_type == kind]
    named = [key for key in fitting if key.kid == header["kid"]] if "kid" in header else fitting
    if len(named) != 1:
        raise TokenError("unknown_key")
    return named[0]


def _key(listed: Any) -> Key | None:
    if not isinstance(listed, dict) or listed.get("use", "sig") != "sig":
        return None
    # a private half has no business there
    public = {name: value for name, value in listed.items() if name not in _PRIVATE}
    try:
        return _imported(public)
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _imported(public: dict[str, Any]) -> Key | None:
    if public["kty"] == "EC":
        return ECKey.import_key(public)
    if public["kty"] != "RSA":
        return None
    key = RSAKey.import_key(public)
    return key if key.raw_value.key_size >= _SHORT else None
