"""Which program calls, what it may do, and not too often."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import HTTPException, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes

from bot.accounts.codes import digest
from bot.campaign.scope import Scope
from bot.store.api_tokens import ApiToken, ApiTokens
from bot.web.callers import Refusals, client_address

# what a token may be made for
SCOPES = {"reports:read": "read figures", "completions:write": "tell officers' confirmations"}

# calls of one token in one minute, in each process
A_MINUTE = 300

# tokens whose calls are counted at the same time
_TOKENS = 1000

_BEARER = HTTPBearer(description="A token of `gocua staff token`.", auto_error=False)
Given = Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)]


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that was let in."""

    token: ApiToken

    @property
    def scope(self) -> Scope:
        """The wards it gets to see, by its token, never by what the address says (T62)."""
        return Scope(self.token.wards)


class Allowance:
    """How many calls a token has left in the present minute."""

    def __init__(self, now: Callable[[], float], a_minute: int = A_MINUTE) -> None:
        self._now = now
        self._a_minute = a_minute
        self._calls: OrderedDict[int, tuple[float, int]] = OrderedDict()

    def wait(self, token: int) -> int:
        """Counts one more call; the seconds it has to wait for, 0 where it is let through."""
        now = self._now()
        begun, calls = self._calls.get(token, (now, 0))
        if now - begun >= 60:
            begun, calls = now, 0
        self._calls[token] = (begun, calls + 1)
        self._calls.move_to_end(token)
        if len(self._calls) > _TOKENS:
            self._calls.popitem(last=False)
        return math.ceil(60 - (now - begun)) if calls >= self._a_minute else 0


class Doorkeeper:
    """A dependency of every route: lets a caller in whose token has the scopes that the route asks for."""

    def __init__(self, tokens: ApiTokens, *, proxies: int, now: Callable[[], float] = time.monotonic) -> None:
        self._tokens = tokens
        self._proxies = proxies
        self._refusals = Refusals(now)
        self._allowance = Allowance(now)

    def __call__(self, request: Request, asked: SecurityScopes, given: Given) -> Caller:
        token = self._tokens.find(digest(given.credentials)) if given else None
        if token is None:
            too_often = self._refusals.add(client_address(request, self._proxies))
            raise HTTPException(429 if too_often else 401, headers={"WWW-Authenticate": "Bearer"})
        if wait := self._allowance.wait(token.id):
            raise HTTPException(429, headers={"Retry-After": str(wait)})
        if not token.scopes.issuperset(asked.scopes):
            raise HTTPException(403)
        return Caller(token)
