"""One HTTP call to a platform, and the ways it can fail, as ``SendError``.

aiohttp takes a tenth of the time that httpx takes for a call, and calls are most of what a turn costs.
"""

import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from types import TracebackType
from typing import Any, Self

import aiohttp

from bot.channels.channel import SendError

# seconds: to reach the platform, and to hear from it
_CONNECT = 5.0
_ANSWER = 15.0

# connections to one platform at once: as many as replies are on their way
_CONNECTIONS = 16

# a platform that asks to slow down without saying for how long
_SLOW_DOWN = 30.0

# statuses of a gateway that waited in vain: what stands behind it may have done its work
WAITED = (408, 504)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, whatever it says. The names of ``headers`` are small letters."""

    status: int
    body: bytes = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def is_error(self) -> bool:
        return self.status >= HTTPStatus.BAD_REQUEST


class HttpClient:
    """Calls to one platform. Opens nothing before its first call, which says whose event loop it belongs to.

    Nothing here logs: the addresses of some platforms hold the token (T57).
    """

    def __init__(self, *, trust_env: bool = True) -> None:
        """``trust_env``: a proxy named in the environment is used."""
        # asked once: for each call the library would read the environment and ~/.netrc again
        self._trust_env = trust_env and bool(urllib.request.getproxies())
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(
        self, url: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """What came back. Raises ``SendError`` where nothing did."""
        return await self._call("GET", url, params=params, headers=headers)

    async def fetch(self, url: str, *, most: int) -> bytes:
        """A file of at most ``most`` bytes. Raises ``SendError``, also for a larger one and where there is none."""
        try:
            async with self._opened().get(url, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise SendError(f"http_{response.status}", "drop")
                body = bytearray()
                async for piece in response.content.iter_any():
                    body += piece
                    if len(body) > most:
                        raise SendError("too_large", "drop")
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise SendError("no_answer", "drop") from None
        return bytes(body)

    async def post(
        self,
        url: str,
        *,
        json: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
        file: "File | None" = None,
        headers: Mapping[str, str] | None = None,
        patience: float = _ANSWER,
    ) -> Answer:
        """As ``get``, with one of a JSON body, a form and a file. ``patience``: seconds until an answer must begin."""
        data = file.form() if file else form
        timeout = _timeout(patience)
        return await self._call("POST", url, json=json, data=data, headers=headers, timeout=timeout)

    async def hand_over(self, url: str, content: bytes, *, headers: Mapping[str, str], patience: float) -> Answer:
        """These very bytes, within ``patience`` seconds altogether; of the answer no more than its head is read.

        Raises ``SendError``.
        """
        timeout = aiohttp.ClientTimeout(total=patience, connect=_CONNECT)
        return await self._call("POST", url, data=content, headers=headers, timeout=timeout, whole=False)

    async def _call(self, method: str, url: str, *, whole: bool = True, **given: Any) -> Answer:
        try:
            async with self._opened().request(method, url, allow_redirects=False, **given) as response:
                body = await response.read() if whole else b""
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError):
            # nothing left this machine; the address in the error's request stays out of every log
            raise SendError("unreachable", "retry") from None
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise SendError("no_answer", "retry", unknown=True) from None
        return Answer(response.status, body, {name.lower(): value for name, value in response.headers.items()})

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=_timeout(_ANSWER),
                trust_env=self._trust_env,
            )
        return self._session


@dataclass(frozen=True, slots=True)
class File:
    """A file to upload in the field ``file``."""

    name: str
    content: bytes = field(repr=False)
    kind: str

    def form(self) -> aiohttp.FormData:
        form = aiohttp.FormData()
        form.add_field("file", self.content, filename=self.name, content_type=self.kind)
        return form


def _timeout(answer: float) -> aiohttp.ClientTimeout:
    return aiohttp.ClientTimeout(total=None, connect=_CONNECT, sock_read=answer)


def object_in(answer: Answer) -> dict[str, Any] | None:
    """The JSON object of an answer, or None where it holds something else: a gateway's HTML, half a text."""
    try:
        found = json.loads(answer.body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def failure(answer: Answer) -> SendError:
    """What an answer means that is not the platform's own words."""
    reason = f"http_{answer.status}"
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return SendError(reason, "retry", after=asked_to_wait(answer), everywhere=True)
    if answer.status in WAITED or 200 <= answer.status < 300:
        return SendError(reason, "retry", unknown=True)
    if answer.status in (401, 403, 404):
        return SendError(reason, "operator")
    return SendError(reason, "retry")


def asked_to_wait(answer: Answer) -> float:
    """Seconds of silence that an answer asks for."""
    text = answer.headers.get("retry-after", "").strip()
    return float(text) if text.isdecimal() and len(text) < 6 else _SLOW_DOWN
