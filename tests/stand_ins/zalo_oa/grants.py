"""Who may speak for the Official Account: consent, codes, and pairs of tokens that are each used up once."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.stand_ins.zalo_oa.errors import Json, OaError, OauthError

# seconds that a code, an access token and a refresh token live
_CODE = 600
ACCESS = 25 * 3600
REFRESH = 90 * 86400

# the real number is not known; nobody may build on it
_SPENT = -14014


@dataclass(frozen=True, slots=True)
class Account:
    """One app and the Official Account that granted it."""

    app_id: str = "1234567890123456789"
    app_secret: str = "app-secret-for-tests"  # noqa: S105
    oa_id: str = "2222222222222222222"
    oa_secret: str = "oa-secret-for-tests"  # noqa: S105
    name: str = "Gõ Cửa"
    redirect_uri: str = "https://gocua.example/zalo"


@dataclass(frozen=True, slots=True)
class _Code:
    challenge: str
    until: float


@dataclass(slots=True)
class Pair:
    """A token pair as given out; a newer one kills both halves of it."""

    access: str
    refresh: str
    access_until: float
    refresh_until: float


class Grants:
    """All codes and pairs. ``clock`` tells Unix time."""

    def __init__(self, account: Account, clock: Callable[[], float]) -> None:
        self._account = account
        self._clock = clock
        self._codes: dict[str, _Code] = {}
        self._known: set[str] = set()
        self._live: Pair | None = None
        self.refreshed = 0

    # ---- consent ----

    def check_consent(self, asked: Mapping[str, str]) -> None:
        """Raises ``OauthError`` where the console's settings do not match."""
        if asked.get("app_id") != self._account.app_id:
            raise OauthError(-14002, "Invalid app id")
        if asked.get("redirect_uri") != self._account.redirect_uri:
            raise OauthError(-14003, "Invalid redirect uri")

    def allow(self, asked: Mapping[str, str]) -> str:
        """The address an administrator's browser is sent to after the yes, with the code in it."""
        self.check_consent(asked)
        code = secrets.token_urlsafe(48)
        self._codes[code] = _Code(asked.get("code_challenge", ""), self._clock() + _CODE)
        told = {"code": code, "oa_id": self._account.oa_id, "state": asked.get("state", "")}
        query = urlencode({name: value for name, value in told.items() if value})
        return f"{asked['redirect_uri']}?{query}"

    # ---- tokens ----

    def token(self, secret_key: str, form: Mapping[str, str]) -> Json:
        """The answer of the token endpoint. Raises ``OauthError``."""
        if form.get("app_id") != self._account.app_id:
            raise OauthError(-14002, "Invalid app id")
        if secret_key != self._account.app_secret:
            raise OauthError(-14004, "Invalid secret key")
        match form.get("grant_type"):
            case "authorization_code":
                self._spend_code(form.get("code", ""), form.get("code_verifier", ""))
            case "refresh_token":
                self._spend_refresh(form.get("refresh_token", ""))
                self.refreshed += 1
            case _:
                raise OauthError(-14005, "Invalid grant type")
        pair = self.give()
        return {"access_token": pair.access, "refresh_token": pair.refresh, "expires_in": str(ACCESS)}

    def give(self) -> Pair:
        """A new pair, as the console's explorer hands one out; the old one is dead from now on."""
        now = self._clock()
        self._live = Pair(secrets.token_urlsafe(48), secrets.token_urlsafe(48), now + ACCESS, now + REFRESH)
        self._known.add(self._live.access)
        return self._live

    def revoke(self) -> None:
        """The account's administrator takes the grant back: both tokens are dead."""
        self._live = None

    def check(self, access: str) -> None:
        """Raises ``OaError`` unless the token is the one that lives."""
        if access not in self._known:
            raise OaError(-216)
        if self._live is None or access != self._live.access or self._clock() >= self._live.access_until:
            raise OaError(-220)

    def _spend_code(self, given: str, verifier: str) -> None:
        code = self._codes.pop(given, None)
        if code is None or self._clock() >= code.until:
            raise OauthError(-14011, "Invalid code", "code is expired or used")
        if code.challenge and code.challenge != challenge_of(verifier):
            raise OauthError(-14012, "Invalid code verifier")

    def _spend_refresh(self, given: str) -> None:
        if self._live is None or given != self._live.refresh or self._clock() >= self._live.refresh_until:
            raise OauthError(_SPENT, "Invalid refresh token", "refresh token is expired or used")
        self._live = None


def challenge_of(verifier: str) -> str:
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
