"""What is posted to the app's webhook: signed bytes, at least once, in no promised order, until it answers 200."""

import asyncio
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import httpx

from tests.stand_ins.zalo_oa.errors import Json
from tests.stand_ins.zalo_oa.grants import Account

# seconds: how long an answer may take, and the pauses before each new try
_PATIENCE = 2.0
_PAUSES = (30, 300, 900, 1800, 3600)

# posts under way at once
_TOGETHER = 50

# good: as documented · wrong, missing, strange: what only somebody else would send
Signature = Literal["good", "wrong", "missing", "strange"]
SIGNATURES = get_args(Signature)

# what the console's test button sends
_SAMPLE = {
    "sender": {"id": "246845883529197922"},
    "user_id_by_app": "552177279717587730",
    "recipient": {"id": "388613280878808645"},
    "event_name": "user_send_text",
    "message": {"text": "This is testing message", "msg_id": "This is message id"},
}


@dataclass(slots=True)
class Post:
    """One event as bytes; the same ones on every try."""

    chat: str
    event: str
    body: bytes
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Try:
    """How one post went. ``status`` 0: no answer in time, or none at all."""

    event: str
    retry: int
    status: int


@dataclass(slots=True)
class Knobs:
    """How the sender behaves. ``copies`` of each post; ``held``: nothing leaves for now; ``backwards``: newest first.

    ``number``: the stamp is a JSON number, as was seen with a few events.
    """

    retries: bool = True
    copies: int = 1
    held: bool = False
    backwards: bool = False
    number: bool = False
    signature: Signature = "good"


class Events:
    """The sender. ``clock`` tells Unix time, ``pace`` scales the pauses between tries."""

    def __init__(self, account: Account, clock: Callable[[], float], *, pace: float) -> None:
        self._account = account
        self._clock = clock
        self._waiting: list[Post] = []
        self._busy: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._gate = asyncio.Semaphore(_TOGETHER)
        self._client: httpx.AsyncClient | None = None
        self.pace = pace
        self.knobs = Knobs()
        self.webhook = ""
        self.disabled = False
        self.tries: list[Try] = []
        self.quiet = asyncio.Event()
        self.quiet.set()

    def add(self, event: Json, chat: str) -> None:
        """Posts an event; ``app_id`` and ``timestamp`` are added where it has none."""
        if not self.webhook or self.disabled:
            return
        self._waiting.append(self._signed(event, chat))
        self.quiet.clear()
        self._send_on(chat)

    def send_all(self) -> None:
        """What may leave leaves now."""
        for chat in {post.chat for post in self._waiting}:
            self._send_on(chat)

    async def save(self, url: str) -> int:
        """A new webhook, as typed into the console; how it answered the probe."""
        self.webhook = url
        self.disabled = False
        return await self._post(Post("", "probe", b"{}", {"Content-Type": "application/json"}), retry=0)

    async def test(self) -> int:
        """The console's test button; how the webhook answered."""
        return await self._post(self._signed(_SAMPLE, ""), retry=0)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    # ---- the bytes ----

    def _signed(self, event: Json, chat: str) -> Post:
        stamp = int(self._clock() * 1000)
        whole = {"app_id": self._account.app_id, "timestamp": stamp if self.knobs.number else str(stamp), **event}
        body = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", **self._signature(body, str(whole["timestamp"]))}
        return Post(chat, str(whole.get("event_name", "")), body, headers)

    def _signature(self, body: bytes, stamp: str) -> dict[str, str]:
        account = self._account
        mac = hashlib.sha256(account.app_id.encode() + body + stamp.encode() + account.oa_secret.encode()).hexdigest()
        match self.knobs.signature:
            case "good":
                return {"X-ZEvent-Signature": f"mac={mac}"}
            case "wrong":
                return {"X-ZEvent-Signature": f"mac={'0' * len(mac)}"}
            case "strange":
                return {"X-ZEvent-Signature": "mac=\u00e9"}
        return {}

    # ---- on their way ----

    def _send_on(self, chat: str) -> None:
        if not self.knobs.held and chat not in self._busy:
            self._busy.add(chat)
            self._begin(self._send_chat(chat))

    def _begin(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._tasks.discard(task)
        if not self._tasks and not self._waiting:
            self.quiet.set()

    async def _send_chat(self, chat: str) -> None:
        while post := self._next_of(chat):
            self._waiting.remove(post)
            if not await self._delivered(post, retry=0) and self.knobs.retries:
                # the others do not wait for it: order is not promised
                self._begin(self._try_again(post))
        self._busy.discard(chat)

    def _next_of(self, chat: str) -> Post | None:
        mine = [post for post in self._waiting if post.chat == chat]
        return mine[-1 if self.knobs.backwards else 0] if mine and not self.knobs.held else None

    async def _try_again(self, post: Post) -> None:
        for retry, pause in enumerate(_PAUSES, 1):
            await asyncio.sleep(pause * self.pace)
            if await self._delivered(post, retry=retry):
                return
        self.disabled = True

    async def _delivered(self, post: Post, *, retry: int) -> bool:
        statuses = [await self._post(post, retry=retry) for _ in range(self.knobs.copies)]
        return statuses[-1] == httpx.codes.OK

    async def _post(self, post: Post, *, retry: int) -> int:
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False, timeout=_PATIENCE)
        headers = {**post.headers, "num_retry": str(retry)} if retry else post.headers
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        status = 0
        try:
            async with self._gate:
                status = (await self._client.post(self.webhook, content=post.body, headers=encoded)).status_code
        except httpx.HTTPError:
            pass
        self.tries.append(Try(post.event, retry, status))
        return status
