"""A Rasa server of the operator's own in the place of the bot's model (``NLU_URL``): asked over HTTP, within a time.

Whenever it is late, down or talks nonsense, the bot's own model answers; a person never notices more than the wait.
"""

import asyncio
import json
import re
import ssl
import time
from collections.abc import Callable, Collection
from threading import Thread
from typing import Any

import httpx

from bot.core import limits
from bot.nlu.circuit import Circuit
from bot.nlu.model import Ranked
from bot.nlu.ranker import Ranker
from bot.nlu.rasa_names import from_rasa

# seconds for the whole of one question, from connecting to the last byte: a person waits for it
SECONDS = 0.7

# bytes of an answer that are read; ten ranked intents are about one thousand
MOST_BYTES = 256 * 1024

# what Rasa puts first where its own pipeline is unsure: a mark, no meaning
_UNSURE = "nlu_fallback"

# to Rasa these are commands that name intents and entities; to us they are something somebody typed (T86)
_COMMAND = re.compile(r"(?:[\s/]|EXTERNAL:)+")


class RasaFailed(Exception):
    """A question that got no answer of use; the message says why and holds nothing a person typed."""


class RasaServer:
    """Ranks intents by ``POST <url>/model/parse``, and by ``fallback`` where that does not answer.

    ``intents`` are those the bot knows: a server that means another one was trained on something else. ``token`` is
    sent as a bearer (Rasa: a token signed with its ``--jwt-secret``).
    """

    def __init__(
        self,
        url: str,
        intents: Collection[str],
        fallback: Ranker | None = None,
        *,
        token: str = "",
        seconds: float = SECONDS,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = url.rstrip("/") + "/model/parse"
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._intents = frozenset(intents)
        self._fallback = fallback
        self._seconds = seconds
        self._circuit = Circuit("the Rasa server of NLU_URL", now)
        # no proxy of the environment: the server is near
        self._client = httpx.AsyncClient(verify=_certificates(url), trust_env=False, timeout=seconds)
        # only a cancelled task keeps a time for the whole; a server may drip one byte at a time for ever
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="rasa-server", daemon=True)
        self._thread.start()

    def rank(self, text: str, *, most: int = 10) -> list[Ranked]:
        """The likeliest intents, the best first: the server's, else those of the bot's own model."""
        return (self._theirs(text) or self._ours(text, most))[:most]

    def close(self) -> None:
        """Ends the connections and the thread."""
        asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _theirs(self, text: str) -> list[Ranked]:
        words = harmless(text)[: limits.TEXT]
        if not words or not self._circuit.admits():
            return []
        try:
            answer = asyncio.run_coroutine_threadsafe(self._ask(words), self._loop).result()
            ranking = read_ranking(answer, self._intents)
        except RasaFailed as error:
            self._circuit.failed(str(error))
            return []
        self._circuit.succeeded()
        return ranking

    def _ours(self, text: str, most: int) -> list[Ranked]:
        return self._fallback.rank(text, most=most) if self._fallback else []

    async def _ask(self, words: str) -> bytes:
        # escaped to ASCII, so that half a character cannot stop it
        body = json.dumps({"text": words}).encode()
        try:
            async with (
                asyncio.timeout(self._seconds),
                self._client.stream("POST", self._url, content=body, headers=self._headers) as response,
            ):
                return await _body(response)
        except (TimeoutError, httpx.TimeoutException):
            raise RasaFailed(f"no answer within {self._seconds} s") from None
        except (httpx.HTTPError, httpx.StreamError) as error:
            raise RasaFailed(type(error).__name__) from None


def _certificates(url: str) -> ssl.SSLContext:
    """The system's; to read them takes a tenth of a second, which plain HTTP need not spend."""
    if url.startswith("https:"):
        return ssl.create_default_context()
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


async def _body(response: httpx.Response) -> bytes:
    if response.status_code != httpx.codes.OK:
        raise RasaFailed(f"HTTP {response.status_code}")
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise RasaFailed("a packed answer nobody asked for")
    read = bytearray()
    async for part in response.aiter_raw():
        read += part
        if len(read) > MOST_BYTES:
            raise RasaFailed(f"more than {MOST_BYTES} bytes")
    return bytes(read)


def harmless(text: str) -> str:
    """A text in which Rasa finds no command.

    >>> harmless(" /restart"), harmless("EXTERNAL: /done@1.0{}"), harmless("1/2 rồi")
    ('restart', 'done@1.0{}', '1/2 rồi')
    """
    found = _COMMAND.match(text)
    return text[found.end() :] if found else text


def read_ranking(answer: bytes, intents: Collection[str]) -> list[Ranked]:
    """The ranking in an answer of ``/model/parse``; empty where Rasa found nothing to go by. Raises ``RasaFailed``.

    {"text": "…", "intent": {"name": "faq.cost", "confidence": 0.93}, "entities": [],
     "intent_ranking": [{"name": "faq.cost", "confidence": 0.93}, {"name": "done", "confidence": 0.02}]}
    """
    try:
        parsed = json.loads(answer)
    except (ValueError, RecursionError):
        # the original error carries the answer, which carries the text
        raise RasaFailed("an answer that is no JSON") from None
    best = _field(parsed, "intent", dict)
    if best.get("name") is None:
        return []
    named = [_ranked(each) for each in (best, *_field(parsed, "intent_ranking", list))]
    meant = [each for each in named if each.intent != _UNSURE]
    if meant and meant[0].intent not in intents:
        raise RasaFailed("an intent this bot does not know: train the server on this bot's lines")
    likeliest: dict[str, float] = {}
    for each in meant:
        if each.intent in intents:
            likeliest.setdefault(each.intent, each.confidence)
    return sorted((Ranked(*pair) for pair in likeliest.items()), key=lambda each: -each.confidence)


def _ranked(found: object) -> Ranked:
    confidence = _field(found, "confidence", (int, float))
    # written so that "not a number" is refused, too
    if isinstance(confidence, bool) or not 0 <= confidence <= 1:
        raise RasaFailed("a confidence outside 0 and 1")
    return Ranked(from_rasa(_field(found, "name", str)), float(confidence))


def _field(found: object, name: str, kind: type | tuple[type, ...]) -> Any:
    value = found.get(name) if isinstance(found, dict) else None
    if not isinstance(value, kind):
        raise RasaFailed(f'an answer without a proper "{name}"')
    return value
