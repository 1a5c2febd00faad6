"""One HTTP call to a platform, and the ways it can fail, as ``SendError``."""

import logging
from collections.abc import Awaitable
from typing import Any

import httpx

from bot.channels.channel import SendError

# seconds: to reach the platform, and to hear from it
_CONNECT = 5.0
_ANSWER = 15.0

# connections to one platform at once
_CONNECTIONS = 8

# a platform that asks to slow down without saying for how long
_SLOW_DOWN = 30.0

# statuses of a gateway that waited in vain: what stands behind it may have done its work
WAITED = (408, 504)


def open_client(*, trust_env: bool = True) -> httpx.AsyncClient:
    """A client for one platform. ``trust_env``: a proxy named in the environment is used."""
    for name in ("httpx", "httpcore"):
        # they log addresses, and those of some platforms hold the token (T57)
        logging.getLogger(name).setLevel(logging.WARNING)
    return httpx.AsyncClient(
        timeout=httpx.Timeout(_ANSWER, connect=_CONNECT),
        limits=httpx.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
        trust_env=trust_env,
    )


async def answered(call: Awaitable[httpx.Response]) -> httpx.Response:
    """What came back, whatever it says. Raises ``SendError`` where nothing did."""
    try:
        return await call
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError):
        # nothing left this machine; the address in the error's request stays out of every log
        raise SendError("unreachable", "retry") from None
    except httpx.HTTPError:
        raise SendError("no_answer", "retry", unknown=True) from None


def object_in(response: httpx.Response) -> dict[str, Any] | None:
    """The JSON object of an answer, or None where it holds something else: a gateway's HTML, half a text."""
    try:
        found = response.json()
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def failure(response: httpx.Response) -> SendError:
    """What an answer means that is not the platform's own words."""
    status = response.status_code
    reason = f"http_{status}"
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return SendError(reason, "retry", after=asked_to_wait(response), everywhere=True)
    if status in WAITED or response.is_success:
        return SendError(reason, "retry", unknown=True)
    if status in (401, 403, 404):
        return SendError(reason, "operator")
    return SendError(reason, "retry")


def asked_to_wait(response: httpx.Response) -> float:
    """Seconds of silence that an answer asks for."""
    text = response.headers.get("retry-after", "").strip()
    return float(text) if text.isdecimal() and len(text) < 6 else _SLOW_DOWN
