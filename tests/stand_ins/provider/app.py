"""A provider of sign-ins (OpenID Connect) as an application, with what can go wrong with one.

A page asks who somebody is and whether a second factor was shown; tests press its button by address.
"""

import base64
import contextlib
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.stand_ins.serving import Troubled, Troubles, served

CLIENT = "go-cua"
SECRET = "client-secret-for-tests-0123"  # noqa: S105
RETURN = "/desk/provider/return"
MFA = "mfa"

# seconds that a code and a token live
_CODE, _TOKEN = 60, 300

_PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Tài khoản thành phố</title>
<h1>Đăng nhập</h1><form action="/allow"><input type="hidden" name="asked" value="{asked}">
<p><label>Mã số <input name="sub" required></label></p>
<p><label><input type="checkbox" name="mfa" value="1" checked> Đã xác nhận hai bước</label></p>
<button>Đăng nhập</button> <button name="refuse" value="1" formnovalidate>Từ chối</button></form></html>"""

# good: as it should be · none: not signed · secret: with what only the client should know · stranger: with another key
Signing = Literal["good", "none", "secret", "stranger"]


@dataclass(frozen=True, slots=True)
class _Code:
    """What a code stands for, until it is spent."""

    asked: dict[str, str]
    sub: str
    mfa: bool
    until: float


@dataclass(slots=True)
class StandIn:
    """``claims`` and ``described`` are put over what it says of somebody and of itself; None takes one away."""

    address: str = ""
    signing: Signing = "good"
    claims: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    clock: Callable[[], float] = time.time
    troubles: Troubles = field(default_factory=Troubles)
    calls: list[str] = field(default_factory=list)
    _keys: list[RSAKey] = field(default_factory=list)
    _codes: dict[str, _Code] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.rotate()

    def rotate(self) -> None:
        """Sign with a new key, and show only that one."""
        self._keys = [RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"})]

    def behave(self) -> None:
        """Nothing goes wrong any more."""
        self.signing, self.claims, self.described = "good", {}, {}
        self.troubles.ask({})

    def allow(self, address: str, sub: str, *, mfa: bool = True) -> str:
        """Somebody signs in on the page of that address; where they are led then."""
        return self._leads(dict(parse_qsl(urlsplit(address).query)), sub, mfa=mfa)

    # ---- what it answers ----

    async def describe(self, request: Request) -> Response:
        self.calls.append("describe")
        self.address = self.address or str(request.base_url).rstrip("/")
        said = {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }
        return JSONResponse(_over(said, self.described))

    async def keys(self, request: Request) -> Response:
        self.calls.append("keys")
        shown = [key.as_dict(private=False) for key in self._keys]
        return JSONResponse({"keys": [{"kty": "oct", "k": "eA", "kid": "x"}, *shown]})

    async def authorize(self, request: Request) -> Response:
        self.calls.append("authorize")
        asked = dict(request.query_params)
        wrong = self._wrong(asked)
        if wrong:
            return HTMLResponse(f"<h1>{escape(wrong)}</h1>", status_code=400)
        return HTMLResponse(_PAGE.format(asked=escape(urlencode(asked))))

    async def press(self, request: Request) -> Response:
        """The button of that page."""
        query = request.query_params
        asked = dict(parse_qsl(query["asked"]))
        if query.get("refuse"):
            refused = urlencode({"error": "access_denied", "state": asked["state"]})
            return RedirectResponse(f"{asked['redirect_uri']}?{refused}", status_code=302)
        return RedirectResponse(self._leads(asked, query["sub"], mfa="mfa" in query), status_code=302)

    async def token(self, request: Request) -> Response:
        self.calls.append("token")
        form = {name: str(value) for name, value in (await request.form()).items()}
        if not self._is_client(request.headers.get("authorization", ""), form):
            return JSONResponse({"error": "invalid_client"}, status_code=401)
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or self.clock() >= code.until or not _fits(code.asked, form):
            return JSONResponse({"error": "invalid_grant"}, status_code=400)
        return JSONResponse({"access_token": "x", "token_type": "Bearer", "id_token": self._signed(code)})

    # ---- inside ----

    def _wrong(self, asked: dict[str, str]) -> str:
        wanted = {"client_id": CLIENT, "response_type": "code", "code_challenge_method": "S256"}
        for name, value in wanted.items():
            if asked.get(name) != value:
                return f"{name} phải là {value}"
        if urlsplit(asked.get("redirect_uri", "")).path != RETURN or "openid" not in asked.get("scope", "").split():
            return "redirect_uri hoặc scope lạ"
        return ""

    def _leads(self, asked: dict[str, str], sub: str, *, mfa: bool) -> str:
        assert self._wrong(asked) == ""
        code = secrets.token_urlsafe(24)
        self._codes[code] = _Code(asked, sub, mfa, self.clock() + _CODE)
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state'], 'iss': self.address})}"

    def _is_client(self, authorization: str, form: dict[str, str]) -> bool:
        if "client_secret_post" in self.described.get("token_endpoint_auth_methods_supported", ()):
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        given = base64.b64decode(authorization.removeprefix("Basic ")).decode().split(":")
        return [unquote_plus(each) for each in given] == [CLIENT, SECRET]

    def _signed(self, code: _Code) -> str:
        now = int(self.clock())
        said: dict[str, Any] = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": code.sub,
            "nonce": code.asked["nonce"],
            "iat": now,
            "exp": now + _TOKEN,
            "auth_time": now,
            "amr": ["pwd", MFA] if code.mfa else ["pwd"],
        }
        said = _over(said, self.claims)
        key = self._keys[0]
        header = {"alg": "RS256", "kid": key.kid}
        match self.signing:
            case "good":
                return jwt.encode(header, said, key)
            case "stranger":
                return jwt.encode(header, said, RSAKey.generate_key(2048))
            case "none":
                return _by_hand({**header, "alg": "none"}, said, b"")
            case "secret":
                return _by_hand({**header, "alg": "HS256"}, said, SECRET.encode())


def build_app(stand_in: StandIn) -> Starlette:
    routes = [
        Route("/.well-known/openid-configuration", stand_in.describe),
        Route("/jwks", stand_in.keys),
        Route("/authorize", stand_in.authorize),
        Route("/allow", stand_in.press),
        Route("/token", stand_in.token, methods=["POST"]),
    ]
    return Starlette(routes=routes, middleware=[Middleware(Troubled, troubles=stand_in.troubles)])


@contextlib.contextmanager
def provider_served() -> Iterator[StandIn]:
    """A provider of its own until the block ends, at another host name than the bot's: another site to a browser."""
    stand_in = StandIn()
    with served(build_app(stand_in)) as address:
        stand_in.address = address.replace("127.0.0.1", "localhost")
        yield stand_in


def _fits(asked: dict[str, str], form: dict[str, str]) -> bool:
    shown = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
    return (
        form.get("grant_type") == "authorization_code"
        and form.get("redirect_uri") == asked["redirect_uri"]
        and _encoded(shown) == asked["code_challenge"]
    )


def _by_hand(header: dict[str, Any], said: dict[str, Any], key: bytes) -> str:
    text = ".".join(_encoded(json.dumps(each).encode()) for each in (header, said))
    return f"{text}.{_encoded(hmac.digest(key, text.encode(), 'sha256')) if key else ''}"


def _over(said: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**said, **other}.items() if value is not None}


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
