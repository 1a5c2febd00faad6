"""What happened, for the bot: posted to its webhook or taken by polling, one at a time, never both."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal, get_args
from urllib.parse import urlsplit

import httpx

from tests.stand_ins.zalo_bot.errors import BotError, Json

# seconds: how long a webhook may take, the longest poll, and how long an update waits for the next poll
_PATIENCE = 10.0
_LONGEST_POLL = 60.0
_KEPT = 3.0

_SECRET = range(8, 257)

# how an idle poll ends: HTTP 408, or HTTP 200 with a body that says 408
Idle = Literal["http", "body"]

# what stands around an update that is posted: {"ok": true, "result": …}, or nothing
Shape = Literal["envelope", "bare"]

SHAPES = {"idle": get_args(Idle), "shape": get_args(Shape), "photo": ("photo", "photo_url")}


@dataclass(slots=True)
class Webhook:
    """Where updates are posted. ``at`` is when it was set."""

    url: str
    secret: str
    at: float


@dataclass(slots=True)
class Knobs:
    """How updates reach the bot. ``copies`` of each post; ``held``: nothing is posted for now."""

    idle: Idle = "http"
    shape: Shape = "envelope"
    photo: str = "photo"
    copies: int = 1
    held: bool = False
    secret: str | None = None


class Updates:
    """The queue. ``clock`` tells Unix time, ``pace`` scales a poll's wait; ``loopback`` webhooks are allowed."""

    def __init__(self, clock: Callable[[], float], *, pace: float, loopback: bool) -> None:
        self._clock = clock
        self._pace = pace
        self._loopback = loopback
        self._waiting: deque[Json] = deque()
        self._arrived = asyncio.Event()
        self._polls = 0
        self._polled = -_KEPT
        self._sender: asyncio.Task[None] | None = None
        self._client: httpx.AsyncClient | None = None
        self.webhook: Webhook | None = None
        self.knobs = Knobs()
        self.statuses: list[int] = []
        self.quiet = asyncio.Event()
        self.quiet.set()

    def add(self, update: Json) -> None:
        """What nobody listens for is lost."""
        if self.webhook is None and not self._polls and time.monotonic() - self._polled > _KEPT:
            return
        self._waiting.append(update)
        self.quiet.clear()
        self._arrived.set()
        self.send_all()

    # ---- polling ----

    async def get(self, seconds: float) -> Json:
        """The next update. Raises ``BotError`` 408 where there was none in that time."""
        if self.webhook is not None:
            raise BotError(400, "Bad Request: webhook is active, delete it first", quiet=True)
        self._polls += 1
        try:
            await asyncio.wait_for(self._come(), min(seconds, _LONGEST_POLL) * self._pace)
        except TimeoutError:
            raise BotError(408, "Request timeout", quiet=self.knobs.idle == "body") from None
        finally:
            self._polls -= 1
            self._polled = time.monotonic()
        update = self._waiting.popleft()
        self._rest()
        return update

    async def _come(self) -> None:
        while not self._waiting:
            self._arrived.clear()
            await self._arrived.wait()

    def _rest(self) -> None:
        if not self._waiting:
            self.quiet.set()

    # ---- the webhook ----

    def set_webhook(self, url: str, secret: str) -> Webhook:
        if not self._is_allowed(url):
            raise BotError(400, "Bad Request: url must be a public https address")
        if len(secret) not in _SECRET:
            raise BotError(400, "Bad Request: secret_token must have 8 to 256 characters")
        self.webhook = Webhook(url, secret, self._clock())
        return self.webhook

    def delete_webhook(self) -> None:
        self.webhook = None

    def send_all(self) -> None:
        """What may be posted is posted now."""
        if self.webhook is not None and not self.knobs.held and (self._sender is None or self._sender.done()):
            self._sender = asyncio.get_running_loop().create_task(self._send())

    async def close(self) -> None:
        if self._sender is not None:
            self._sender.cancel()
            await asyncio.gather(self._sender, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def _is_allowed(self, url: str) -> bool:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if self._loopback and host in ("127.0.0.1", "localhost"):
            return True
        if parts.scheme != "https" or "." not in host:
            return False
        # a name is taken at its word, an address must be one of the open net
        return not re.fullmatch(r"[\d.]+|.*:.*", host) or ip_address(host).is_global

    async def _send(self) -> None:
        while self._waiting and self.webhook is not None and not self.knobs.held:
            update = self._waiting[0]
            for _ in range(self.knobs.copies):
                self.statuses.append(await self._post(self.webhook, update))
            self._waiting.popleft()
        self._rest()

    async def _post(self, webhook: Webhook, update: Json) -> int:
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False, timeout=_PATIENCE)
        secret = webhook.secret if self.knobs.secret is None else self.knobs.secret
        body = {"ok": True, "result": update} if self.knobs.shape == "envelope" else update
        headers = {"Content-Type": "application/json", "User-Agent": "Java/17.0.9", "X-Bot-Api-Secret-Token": secret}
        encoded = [(name.encode(), value.encode()) for name, value in headers.items() if value]
        try:
            content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            return (await self._client.post(webhook.url, content=content, headers=encoded)).status_code
        except httpx.HTTPError:
            return 0
