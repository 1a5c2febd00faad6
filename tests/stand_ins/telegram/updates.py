"""What waits for the bot: updates in order, taken by long polling or posted to a webhook, never both."""

import asyncio
import contextlib
import json
import re
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from tests.stand_ins.serving import Counter
from tests.stand_ins.telegram.errors import BadRequest, Conflict, Json

# not sent unless they are asked for by name
_ONLY_BY_NAME = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

# seconds: the longest poll, the longest pause between two tries of a webhook, the patience with its answer
_LONGEST_POLL = 50
_LONGEST_PAUSE = 60
_PATIENCE = 60

_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


@dataclass(frozen=True, slots=True)
class Update:
    """One thing that happened in a chat, as the bot gets it."""

    id: int
    chat: int
    kind: str
    body: Json

    def to_json(self) -> Json:
        return {"update_id": self.id, self.kind: self.body}


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are posted."""

    url: str
    secret: str = ""
    max_connections: int = 40


class Updates:
    """The queue. ``clock`` tells Unix time, ``answer`` does what a webhook says in its answer, ``pace`` scales pauses.

    ``held``: nothing is posted for now. ``copies``: each update is posted so many times.
    """

    def __init__(self, clock: Callable[[], float], answer: Callable[[Json], Awaitable[object]], *, pace: float) -> None:
        self._clock = clock
        self._answer = answer
        self._numbers = Counter(710_000_001)
        self._pending: dict[int, Update] = {}
        self._allowed: frozenset[str] = frozenset()
        self._poll: asyncio.Future[None] | None = None
        self._senders: dict[int, asyncio.Task[None]] = {}
        self._gate = asyncio.Semaphore(1)
        self._client: httpx.AsyncClient | None = None
        self._last_error: tuple[int, str] | None = None
        self.webhook: Webhook | None = None
        self.pace = pace
        self.copies = 1
        self.backwards = False
        self.held = False
        self.quiet = asyncio.Event()
        self.quiet.set()

    def add(self, kind: str, body: Json, chat: int) -> None:
        if not self._wanted(kind):
            return
        update = Update(self._numbers(), chat, kind, body)
        self._pending[update.id] = update
        self.quiet.clear()
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self._send_on(chat)

    def allow(self, kinds: Sequence[str] | None) -> None:
        """Which kinds the bot wants from now on; None changes nothing, an empty list is the default."""
        if kinds is not None:
            self._allowed = frozenset(kind.lower() for kind in kinds)

    def _wanted(self, kind: str) -> bool:
        return kind in self._allowed if self._allowed else kind not in _ONLY_BY_NAME

    def _confirm(self, update: int) -> None:
        self._pending.pop(update, None)
        if not self._pending:
            self.quiet.set()

    # ---- polling ----

    async def get(self, *, offset: int, limit: int, timeout: float) -> list[Json]:
        """What waits from ``offset`` on; what stands before it is confirmed by asking."""
        if self.webhook is not None:
            raise Conflict(
                "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
            )
        self._end_poll("terminated by other getUpdates request; make sure that only one bot instance is running")
        self._confirm_before(offset)
        if not self._pending and timeout > 0:
            await self._wait(min(timeout, _LONGEST_POLL))
        return [update.to_json() for update in list(self._pending.values())[:limit]]

    def _confirm_before(self, offset: int) -> None:
        first = offset if offset >= 0 else next(iter(list(self._pending)[offset:]), 0)
        for id in [id for id in self._pending if id < first]:
            self._confirm(id)

    async def _wait(self, seconds: float) -> None:
        poll: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            await asyncio.wait_for(poll, seconds)
        except TimeoutError:
            return
        finally:
            if self._poll is poll:
                self._poll = None

    def _end_poll(self, why: str) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(Conflict(why))

    # ---- webhook ----

    def set_webhook(self, webhook: Webhook, *, drop_pending: bool) -> str:
        if not _SECRET.fullmatch(webhook.secret or "_"):
            too_long = len(webhook.secret) > 256
            raise BadRequest(f"secret token {'is too long' if too_long else 'contains unallowed characters'}")
        same = webhook == self.webhook
        self._end_poll("terminated by setWebhook request")
        self._begin_anew(webhook, drop_pending=drop_pending)
        return "Webhook is already set" if same else "Webhook was set"

    def delete_webhook(self, *, drop_pending: bool) -> str:
        known = self.webhook is not None
        self._begin_anew(None, drop_pending=drop_pending)
        return "Webhook was deleted" if known else "Webhook is already deleted"

    def reset(self) -> None:
        self.held, self.copies, self.backwards = False, 1, False
        self._allowed = frozenset()
        self._begin_anew(None, drop_pending=True)

    def _begin_anew(self, webhook: Webhook | None, *, drop_pending: bool) -> None:
        self.stop()
        self.webhook, self._last_error = webhook, None
        if drop_pending:
            self._pending.clear()
            self.quiet.set()
        if webhook is not None:
            self._gate = asyncio.Semaphore(webhook.max_connections)
        self.send_all()

    def info(self) -> Json:
        webhook = self.webhook
        info: Json = {
            "url": webhook.url if webhook else "",
            "has_custom_certificate": False,
            "pending_update_count": len(self._pending),
        }
        if webhook is None:
            return info
        info |= {"max_connections": webhook.max_connections, "ip_address": "127.0.0.1"}
        if self._allowed:
            info["allowed_updates"] = sorted(self._allowed)
        if self._last_error:
            info |= dict(zip(("last_error_date", "last_error_message"), self._last_error, strict=True))
        return info

    def send_all(self) -> None:
        for chat in {update.chat for update in self._pending.values()}:
            self._send_on(chat)

    def stop(self) -> None:
        for sender in self._senders.values():
            sender.cancel()
        self._senders.clear()

    async def close(self) -> None:
        self.stop()
        if self._client is not None:
            await self._client.aclose()

    def _send_on(self, chat: int) -> None:
        """One sender a chat, so that its updates stay in order; chats go side by side."""
        if self.webhook is None or self.held or chat in self._senders:
            return
        sender = asyncio.get_running_loop().create_task(self._send_chat(self.webhook, chat))
        self._senders[chat] = sender
        sender.add_done_callback(lambda done: self._ended(chat, done))

    def _ended(self, chat: int, done: asyncio.Task[None]) -> None:
        if self._senders.get(chat) is done:
            del self._senders[chat]

    async def _send_chat(self, webhook: Webhook, chat: int) -> None:
        failures: dict[int, int] = defaultdict(int)
        while update := self._next_of(chat):
            async with self._gate:
                wrong = await self._post(webhook, update)
            if not wrong:
                self._confirm(update.id)
                continue
            self._last_error = (int(self._clock()), wrong)
            # the first failure is tried again at once, then after 2, 4, 8 … seconds
            pause = min(2 ** failures[update.id], _LONGEST_PAUSE) if failures[update.id] else 0
            failures[update.id] += 1
            await asyncio.sleep(pause * self.pace)

    def _next_of(self, chat: int) -> Update | None:
        if self.held:
            return None
        pending = [update for update in self._pending.values() if update.chat == chat]
        return pending[-1 if self.backwards else 0] if pending else None

    async def _post(self, webhook: Webhook, update: Update) -> str:
        """Posts it as often as asked for; what went wrong, empty where nothing did."""
        if self._client is None:
            self._client = httpx.AsyncClient(trust_env=False, timeout=max(1.0, _PATIENCE * self.pace))
        headers = {"Content-Type": "application/json"}
        if webhook.secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook.secret
        body = json.dumps(update.to_json(), ensure_ascii=False).encode()
        try:
            for _ in range(self.copies):
                response = await self._client.post(webhook.url, content=body, headers=headers)
                if not response.is_success:
                    return f"Wrong response from the webhook: {response.status_code} {response.reason_phrase}"
                await self._obey(response)
        except httpx.TimeoutException:
            return "Read timeout expired"
        except httpx.ConnectError:
            return "Connection refused"
        except httpx.HTTPError:
            return "Connection reset by peer"
        return ""

    async def _obey(self, response: httpx.Response) -> None:
        """A method may stand in the answer; its result is told to nobody."""
        with contextlib.suppress(ValueError):
            said: Any = response.json()
            if isinstance(said, dict) and said.get("method"):
                await self._answer(said)
