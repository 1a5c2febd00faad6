"""The city's provider of sign-ins, by OpenID Connect: authorization code with PKCE (T58).

Asked for nothing but who somebody is: no name, no address. Each sign-in opens its own connection; there are few.
"""

import base64
import datetime as dt
import importlib
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

from bot.accounts.errand import Errand
from bot.channels.channel import SendError
from bot.channels.http import Answer, HttpClient, object_in
from bot.settings import is_private

log = logging.getLogger(__name__)

# how long the provider's own description and its keys are believed
_BELIEVED = dt.timedelta(hours=1)

# a token signed with a key we have not seen makes us look for new ones, this often at most
_LOOK_AGAIN = dt.timedelta(minutes=1)

# bytes of the provider's description, or of its keys
_MOST = 256 * 1024

# somebody's number at the provider, as the standard limits it
SUBJECT = re.compile(r"[\x21-\x7e]{1,255}")

# seconds since 1970 that are no date of anybody's sign-in
_FAR = 10**11

# an error as the standard words them: nothing else of an answer is written down
_WORD = re.compile(r"[a-z_]{1,40}")


class ProviderError(Exception):
    """Nobody is signed in. ``why`` is a word for the audit log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class ProviderAway(ProviderError):
    """The provider does not answer, or not as one; later it may, or the operator has to look at the settings."""


class NotProven(ProviderError):
    """What came back proves nothing: an old code, another's, or a token that does not hold."""


@dataclass(frozen=True, slots=True)
class Registration:
    """What the provider knows us by. ``second_factor``: what it says in ``acr`` or ``amr`` where it looked at one."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    second_factor: frozenset[str] = frozenset()

    def identity(self, subject: str) -> str:
        """Who somebody is, whatever other providers call them."""
        return f"{self.issuer} {subject}"


@dataclass(frozen=True, slots=True)
class Told:
    """What the provider says of somebody, and when they last showed it who they are."""

    identity: str
    subject: str
    second_factor: bool
    shown_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the provider does what, by its own description."""

    authorization: str
    token: str
    keys: str
    by_form: bool
    read_at: dt.datetime


class Provider:
    """Leads to the provider and checks what comes back. Raises ``ProviderError``; belongs to no event loop."""

    def __init__(
        self,
        registration: Registration,
        *,
        now: Callable[[], dt.datetime],
        connect: Callable[[], HttpClient] = HttpClient,
    ) -> None:
        self.registration = registration
        self._now = now
        self._connect = connect
        self._known: _Place | None = None
        self._keys: Any = None
        self._keys_read_at = dt.datetime.min.replace(tzinfo=dt.UTC)

    async def look(self) -> None:
        """Whether it answers as a provider does."""
        async with self._connect() as client:
            await self._read_keys(client, await self._place(client))

    async def address(self, errand: Errand, redirect: str, *, again: bool = False) -> str:
        """The page of the provider's to send somebody to; ``again``: who is signed in there has to do it once more."""
        async with self._connect() as client:
            place = await self._place(client)
        asked = {
            "response_type": "code",
            "client_id": self.registration.client_id,
            "redirect_uri": redirect,
            "scope": "openid",
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": errand.challenge,
            "code_challenge_method": "S256",
        }
        if self.registration.second_factor:
            asked["acr_values"] = " ".join(sorted(self.registration.second_factor))
        if again:
            asked |= {"prompt": "login", "max_age": "0"}
        return f"{place.authorization}{'&' if '?' in place.authorization else '?'}{urlencode(asked)}"

    async def told(self, errand: Errand, redirect: str, code: str) -> Told:
        """Who the code stands for."""
        async with self._connect() as client:
            place = await self._place(client)
            signed = await self._exchange(client, place, errand, redirect, code)
            claims = await self._checked(client, place, signed, errand.nonce)
        return self._read(claims)

    # ---- inside ----

    async def _place(self, client: HttpClient) -> _Place:
        if self._known is None or self._now() - self._known.read_at > _BELIEVED:
            self._known = await self._described(client)
        return self._known

    async def _described(self, client: HttpClient) -> _Place:
        issuer = self.registration.issuer
        address = f"{issuer.rstrip('/')}/.well-known/openid-configuration"
        told = object_in(Answer(200, await _fetched(client, address)))
        if told is None or told.get("issuer") != issuer:
            # whoever answers for another issuer could sign for anybody
            raise _away("the description is not that of GOCUA_OIDC_ISSUER")
        places = [str(told.get(name, "")) for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")]
        if not all(is_private(place) for place in places):
            raise _away("an address in the description is missing or not https")
        methods = told.get("token_endpoint_auth_methods_supported", [])
        by_form = "client_secret_post" in methods and "client_secret_basic" not in methods
        return _Place(places[0], places[1], places[2], by_form, self._now())

    async def _read_keys(self, client: HttpClient, place: _Place) -> None:
        self._keys = _id_tokens().read_keys(await _fetched(client, place.keys))
        self._keys_read_at = self._now()

    async def _exchange(self, client: HttpClient, place: _Place, errand: Errand, redirect: str, code: str) -> str:
        known_by = self.registration
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect,
            "code_verifier": errand.verifier,
        }
        headers = {"Accept": "application/json"}
        if place.by_form:
            form |= {"client_id": known_by.client_id, "client_secret": known_by.client_secret}
        else:
            # each half is written as in a form first (RFC 6749, 2.3.1)
            pair = f"{quote_plus(known_by.client_id)}:{quote_plus(known_by.client_secret)}"
            headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
        try:
            answer = await client.post(place.token, form=form, headers=headers)
        except SendError as error:
            raise _away(error.reason) from None
        return _signed(answer)

    async def _checked(self, client: HttpClient, place: _Place, signed: str, nonce: str) -> dict[str, Any]:
        tokens = _id_tokens()
        age = self._now() - self._keys_read_at
        if age > _BELIEVED:
            await self._read_keys(client, place)
        elif age > _LOOK_AGAIN and not tokens.is_known(signed, self._keys):
            # the provider may have changed its keys
            await self._read_keys(client, place)
        try:
            claims: dict[str, Any] = tokens.claims_of(
                signed,
                self._keys,
                issuer=self.registration.issuer,
                client_id=self.registration.client_id,
                nonce=nonce,
                now=self._now(),
            )
        except tokens.TokenError as error:
            log.warning("a token of the provider's does not hold: %s", error)
            raise NotProven("provider_token") from None
        return claims

    def _read(self, claims: dict[str, Any]) -> Told:
        subject, shown = claims["sub"], claims.get("auth_time")
        if not (isinstance(subject, str) and SUBJECT.fullmatch(subject)):
            raise NotProven("provider_token")
        methods = claims.get("amr")
        said = [claims.get("acr"), *(methods if isinstance(methods, list) else ())]
        return Told(
            identity=self.registration.identity(subject),
            subject=subject,
            second_factor=not self.registration.second_factor.isdisjoint(
                word for word in said if isinstance(word, str)
            ),
            shown_at=_moment(shown),
        )


def _moment(seconds: Any) -> dt.datetime | None:
    """What a claim says of a time, if it says one."""
    known = isinstance(seconds, int | float) and 0 < seconds < _FAR
    return dt.datetime.fromtimestamp(seconds, dt.UTC) if known else None


def _id_tokens() -> Any:
    # its library takes time to load, and only where somebody signs in so is it needed
    return importlib.import_module("bot.accounts.id_token")


async def _fetched(client: HttpClient, address: str) -> bytes:
    try:
        return await client.fetch(address, most=_MOST)
    except SendError as error:
        raise _away(error.reason) from None


def _signed(answer: Answer) -> str:
    """The ID token of an answer."""
    said = object_in(answer)
    if said is None or answer.status >= 500:
        raise _away(f"http_{answer.status}")
    if not answer.is_error and isinstance(said.get("id_token"), str):
        return str(said["id_token"])
    word = str(said.get("error", ""))
    if word == "invalid_grant":
        raise NotProven("provider_code")
    raise _away(word if _WORD.fullmatch(word) else f"http_{answer.status}")


def _away(reason: str) -> ProviderAway:
    log.warning("the provider of sign-ins is of no use: %s", reason)
    return ProviderAway("provider_away")
