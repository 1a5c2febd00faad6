"""The Official Account's tokens: a pair lives 25 hours, each refresh kills the old one, and is worth one try only.

So there is one refresher at a time among all processes, and a new pair is stored before it is used.
"""

import asyncio
import contextlib
import datetime as dt
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

from bot.channels.channel import SendError
from bot.channels.http import HttpClient, object_in
from bot.settings import SettingsError

log = logging.getLogger(__name__)

# a pair is renewed so long before it ends, and a failed renewal tried again after so long
AHEAD = dt.timedelta(hours=6)
AGAIN = dt.timedelta(minutes=10)

# seconds between two looks at a pair nobody uses; renewed each day, it never comes near its three months
_LOOK = 3600.0

# seconds a new pair lives where the answer does not say so
_LIFE = 25 * 3600

# characters of a secret; the platform's own are longer
_SHORTEST = 12

_HELP = "the operator has to run `gocua zalo login`"


@dataclass(frozen=True, slots=True)
class OaAccount:
    """The app and the Official Account that granted it, as the console shows them.

    ``app_secret`` buys tokens; ``oa_secret`` is another one and signs events. Raises ``SettingsError`` for values that
    cannot be right: with an empty secret anybody could sign.
    """

    app_id: str
    app_secret: str = field(repr=False)
    oa_id: str
    oa_secret: str = field(repr=False)
    api: str = "https://openapi.zalo.me"
    oauth: str = "https://oauth.zaloapp.com"

    def __post_init__(self) -> None:
        if not (self.app_id.isdecimal() and self.oa_id.isdecimal()):
            raise SettingsError("Mã ứng dụng và mã OA của Zalo chỉ gồm chữ số; chép lại từ developers.zalo.me.")
        if min(len(self.app_secret), len(self.oa_secret)) < _SHORTEST or self.app_secret == self.oa_secret:
            raise SettingsError(
                "Thiếu khoá bí mật của Zalo: khoá ứng dụng (trang Cài đặt) và OA Secret Key (trang Webhook) "
                "là hai khoá khác nhau; chép nguyên cả hai."
            )


@dataclass(frozen=True, slots=True)
class TokenPair:
    """Two halves of one grant, and until when the first works."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    obtained_at: dt.datetime
    expires_at: dt.datetime


class TokenStore(Protocol):
    """Where the pair rests, encrypted (T57)."""

    def lock(self) -> AbstractAsyncContextManager[None]:
        """Held by one refresher at a time, of all processes."""

    async def load(self) -> TokenPair | None: ...
    async def save(self, pair: TokenPair) -> None:
        """Returns once the pair is durable; the one before it is kept for diagnosis."""


class GrantError(Exception):
    """The platform gives no tokens. ``reason`` is its code or ours; ``final``: it said no and will say it again."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(f"Zalo không cấp mã truy cập ({reason}). Làm lại từ đầu: gocua zalo login")
        self.reason = reason
        self.final = final


class Grants:
    """The token endpoint. Raises ``GrantError``."""

    def __init__(self, account: OaAccount, client: HttpClient, now: Callable[[], dt.datetime]) -> None:
        self._account = account
        self._client = client
        self._now = now

    async def exchange(self, code: str, verifier: str) -> TokenPair:
        """The first pair, for the code an administrator's yes gave."""
        return await self._ask(grant_type="authorization_code", code=code, code_verifier=verifier)

    async def refresh(self, refresh: str) -> TokenPair:
        """The next pair; the one before is dead from now on."""
        return await self._ask(grant_type="refresh_token", refresh_token=refresh)

    async def _ask(self, **form: str) -> TokenPair:
        try:
            answer = await self._client.post(
                f"{self._account.oauth}/v4/oa/access_token",
                form={"app_id": self._account.app_id, **form},
                headers={"secret_key": self._account.app_secret},
            )
        except SendError as error:
            raise GrantError(error.reason) from None
        body = object_in(answer)
        if body is None or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise GrantError(f"http_{answer.status}")
        return self._pair(body)

    def _pair(self, body: dict[str, Any]) -> TokenPair:
        # errors come with HTTP 200 too: only a token is a success
        access, refresh = body.get("access_token"), body.get("refresh_token")
        if not isinstance(access, str) or not isinstance(refresh, str) or not access or not refresh:
            code = body.get("error")
            raise GrantError(str(code) if isinstance(code, int) else "no_token", final=True)
        now = self._now()
        return TokenPair(access, refresh, now, now + dt.timedelta(seconds=_seconds(body.get("expires_in"))))


class Tokens:
    """Gives out the access token, renewed in time. A renewal that fails alarms and is not tried in a loop."""

    def __init__(self, grants: Grants, store: TokenStore, now: Callable[[], dt.datetime]) -> None:
        self._grants = grants
        self._store = store
        self._now = now
        self._pair: TokenPair | None = None
        self._renewal: asyncio.Task[TokenPair] | None = None
        self._rest_until: dt.datetime | None = None
        # refresh tokens the platform takes no more; new pairs by the one they were given for, until they are stored
        self._spent: set[str] = set()
        self._unsaved: dict[str, TokenPair] = {}

    async def access(self) -> str:
        """A token that works as far as is known. Raises ``SendError`` for the operator."""
        pair = self._pair or await self._loaded()
        if self._now() < pair.expires_at - (dt.timedelta() if self._rests() else AHEAD):
            return pair.access
        try:
            return (await self._renewed(pair.access)).access
        except SendError:
            if self._now() >= pair.expires_at:
                raise
            # it still works for hours; the alarm has been given
            return pair.access

    async def renew(self, refused: str) -> str:
        """Another token than the one the platform refused. Raises ``SendError`` for the operator."""
        return (await self._renewed(refused)).access

    async def keep(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """Renews for ever, so that a pair nobody uses does not die of age."""
        while True:
            with contextlib.suppress(SendError):
                await self.access()
            await sleep(_LOOK)

    async def _loaded(self) -> TokenPair:
        async with _stored():
            self._pair = await self._store.load()
        if self._pair is None:
            log.error("zalo_oa: there is no token yet: %s", _HELP)
            raise SendError("no_token", "operator")
        return self._pair

    async def _renewed(self, old: str) -> TokenPair:
        """One renewal however many wait for it; nobody who gives up waiting can lose the new pair."""
        if self._renewal is None:
            self._renewal = asyncio.get_running_loop().create_task(self._renew(old))
            self._renewal.add_done_callback(self._ended)
        return await asyncio.shield(self._renewal)

    def _ended(self, renewal: "asyncio.Task[TokenPair]") -> None:
        self._renewal = None
        # those who wait hear of it as well; where nobody waits any more it must not be an error of its own
        if not renewal.cancelled():
            renewal.exception()

    async def _renew(self, old: str) -> TokenPair:
        async with _stored(), self._store.lock():
            pair = await self._store.load()
            if pair is None or pair.access == old:
                pair = await self._refreshed(pair)
            # else another process, or the operator, was faster
            self._pair = pair
            return pair

    async def _refreshed(self, pair: TokenPair | None) -> TokenPair:
        if pair is None or pair.refresh in self._spent:
            raise SendError("no_token", "operator")
        if pair.refresh not in self._unsaved:
            self._unsaved[pair.refresh] = await self._granted(pair)
        await self._store.save(self._unsaved[pair.refresh])
        log.info("zalo_oa: the token was renewed")
        return self._unsaved.pop(pair.refresh)

    async def _granted(self, pair: TokenPair) -> TokenPair:
        if self._rests():
            raise SendError("token_refresh", "operator")
        try:
            return await self._grants.refresh(pair.refresh)
        except GrantError as error:
            self._alarm(pair, error)
            raise SendError("token_refresh", "operator") from None

    def _rests(self) -> bool:
        return self._rest_until is not None and self._now() < self._rest_until

    def _alarm(self, pair: TokenPair, error: GrantError) -> None:
        self._rest_until = self._now() + AGAIN
        if error.final:
            self._spent.add(pair.refresh)
            log.error("zalo_oa: the token cannot be renewed any more (%s): %s", error.reason, _HELP)
        else:
            log.error("zalo_oa: the token could not be renewed (%s); the next try follows later", error.reason)


@contextlib.asynccontextmanager
async def _stored() -> AsyncIterator[None]:
    """A store that cannot be read or written is the operator's, too; a pair already granted waits in memory."""
    try:
        yield
    except SendError:
        raise
    except Exception as error:
        log.error("zalo_oa: the token store failed: %s", type(error).__name__)
        raise SendError("token_store", "operator") from error


def _seconds(given: object) -> int:
    # documented as a string of seconds
    text = str(given)
    return int(text) if text.isdecimal() and 0 < len(text) < 9 else _LIFE
