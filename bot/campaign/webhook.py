"""Tells an address of the city's of each completion that is new or changed: signed, in order, at least once.

An event is posted until it is answered with 2xx. Whatever dies in between, it is posted once more under the same id, so
that whoever keeps the ids they have seen counts nothing twice. ``deploy/api.md`` says the same to their programmers.
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlsplit

from bot.channels.channel import SendError
from bot.channels.http import Answer, HttpClient, asked_to_wait
from bot.store.database import StoreError
from bot.store.duties import Duties
from bot.store.webhook_events import WebhookEvent, WebhookEvents

# posts of one round
MOST_TOGETHER = 50

# seconds for one post, and that a turn lasts: of several processes one tells, and is done before its turn is over
PATIENCE = 20.0
_TURN = 60.0

# seconds until a second try, twice as long before each further one, and never longer than
_FIRST_WAIT = 60.0
_LONGEST_WAIT = 3_600.0

# what an answer says of this one event, and how often it may before the next has its turn
_REFUSALS = frozenset({400, 409, 413, 415, 422})
_MOST_REFUSALS = 5


class WebhookError(Exception):
    """Nothing can be told now; the message says why and what an operator can do. What was not told stays."""


class Webhook:
    """One address and one secret. ``now``: seconds since 1970, for signatures; ``patience``: seconds for one post."""

    def __init__(
        self,
        events: WebhookEvents,
        duties: Duties,
        *,
        url: str,
        secret: str,
        now: Callable[[], float] = time.time,
        patience: float = PATIENCE,
    ) -> None:
        self._events = events
        self._duties = duties
        self._url = url
        self._secret = secret
        self._now = now
        self._patience = patience
        self._client = HttpClient()

    async def aclose(self) -> None:
        """Let another process have the turn at once."""
        await self._client.close()
        await asyncio.to_thread(self._leave)

    def _leave(self) -> None:
        # while the database is away nobody has a turn; it ends by itself
        with contextlib.suppress(StoreError):
            self._duties.leave("webhook")

    async def round(self) -> int:
        """Tell what is due, one after the other; how many arrived. 0 where another process has the turn.

        Raises ``WebhookError`` with the first that did not, and ``StoreError``.
        """
        for number in range(MOST_TOGETHER):
            event = await asyncio.to_thread(self._next)
            if event is None:
                return number
            await self._tell(event)
        return MOST_TOGETHER

    def _next(self) -> WebhookEvent | None:
        return self._events.next() if self._duties.take("webhook", seconds=_TURN) else None

    async def _tell(self, event: WebhookEvent) -> None:
        """Post it and note what came of it. Raises ``WebhookError``."""
        try:
            answer = await self._post(event)
        except SendError as error:
            await self._fail(event, error.reason, wait=0.0)
        else:
            if 200 <= answer.status < 300:
                await asyncio.to_thread(self._events.told, event)
            else:
                await self._fail(event, f"http_{answer.status}", wait=_asked(answer), refused=_refuses(answer, event))

    async def _post(self, event: WebhookEvent) -> Answer:
        body = body_of(event)
        at = str(int(self._now()))
        headers = {
            "Content-Type": "application/json",
            "Gocua-Event": event.event_id,
            "Gocua-Timestamp": at,
            "Gocua-Signature": signature(self._secret, at, body),
        }
        return await self._client.hand_over(self._url, body, headers=headers, patience=self._patience)

    async def _fail(self, event: WebhookEvent, reason: str, *, wait: float, refused: bool = False) -> None:
        wait = min(max(wait, _FIRST_WAIT * 2**event.tries), _LONGEST_WAIT)
        await asyncio.to_thread(self._events.failed, event, reason, wait=wait, refused=refused)
        # the host alone: nothing else of the address goes into a log
        raise WebhookError(
            f"{urlsplit(self._url).hostname} chưa nhận ({reason}). "
            + ("Đã thôi gửi một thông báo." if refused else "Những gì chưa gửi vẫn còn, sẽ gửi lại.")
        )


def body_of(event: WebhookEvent) -> bytes:
    """The JSON that is posted: the same bytes for the same event."""
    told = {
        "event_id": event.event_id,
        "change": "counted" if event.evidence else "removed",
        "person": event.person,
        "task": event.task,
        "evidence": event.evidence,
        "day": event.day,
        "ward": event.ward,
        "changed_at": event.changed_at,
    }
    return json.dumps(told, separators=(",", ":")).encode()


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What proves that we posted this body at that time.

    >>> signature("a secret", "1795316400", b"{}")
    'v1=cf72a87cc200d0fe3a8ca5463802ea62db5b49b5ec704860dc59d862dcedd67c'
    """
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def _refuses(answer: Answer, event: WebhookEvent) -> bool:
    return answer.status in _REFUSALS and event.tries + 1 >= _MOST_REFUSALS


def _asked(answer: Answer) -> float:
    slow = answer.status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
    return asked_to_wait(answer) if slow else 0.0
