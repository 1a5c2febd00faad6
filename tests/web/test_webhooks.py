"""The doors of the platforms, by real HTTP: what is genuine is kept before it is acknowledged, the rest is refused."""

import hmac
import json
import logging
import socket
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from ipaddress import ip_network
from typing import BinaryIO

import httpx
import pytest
from fastapi import FastAPI

from bot.channels.bodies import read_object
from bot.channels.channel import RefusedError
from bot.channels.hook import Hook
from bot.channels.messages import ContactKey, HumanTookOver, Ignored, Incoming, Received, Unreachable
from bot.metrics import Metrics
from bot.store.database import StoreError
from bot.web.webhooks import Webhooks
from tests.stand_ins.serving import served

SIGN = "chu-ky-cua-nen-tang"
MINH = ContactKey("chat", "1")
CANARY = "chim hoàng yến 079123456789"


def receive(headers: Mapping[str, str], body: bytes) -> Received:
    """A platform with a shared secret, as simple as can be."""
    if not hmac.compare_digest(headers.get("x-sign", "").encode(), SIGN.encode()):
        raise RefusedError("signature")
    update = read_object(body)
    match update.get("event"):
        case "text":
            return Incoming(MINH, text=update["text"], id=update.get("id", ""))
        case "left":
            return Unreachable(MINH)
        case "human":
            return HumanTookOver(MINH)
    return Ignored("unknown_event")


class Door:
    """A served door, and what it kept."""

    def __init__(self) -> None:
        self.kept: list[object] = []
        self.away = False
        self.metrics = Metrics()
        self.address = ""

    def app(self, **fields: object) -> FastAPI:
        hook = replace(Hook("chat", "chat", receive), **fields)  # type: ignore[arg-type]
        webhooks = Webhooks(
            [hook],
            hide=self.hide,
            accept=self.accept,
            metrics=self.metrics,
            proxies=1,
            patience=0.3,
            now=time.monotonic,
        )
        app = FastAPI()
        webhooks.add_to(app)
        return app

    def hide(self, incoming: Incoming) -> Incoming:
        return replace(incoming, text=(incoming.text or "").replace("079123456789", "«CCCD»"))

    async def accept(self, received: object) -> None:
        if self.away:
            raise StoreError("đĩa đã đầy")
        self.kept.append(received)

    def post(self, content: object, *, sign: str = SIGN, headers: Mapping[str, str] | None = None) -> int:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        sent = {"X-Sign": sign, **(headers or {})}
        return httpx.post(f"{self.address}/webhooks/chat", content=body, headers=sent).status_code

    def connect(self) -> socket.socket:
        host, port = self.address.removeprefix("http://").split(":")
        return socket.create_connection((host, int(port)), timeout=30)

    def raw(self, *pieces: bytes) -> bytes:
        """Talk to the door without any manners; what it says."""
        with self.connect() as connection:
            for piece in pieces:
                connection.sendall(piece)
            return connection.recv(4096)

    def flood(self, request: bytes, times: int, *, together: int = 500) -> list[bytes]:
        """The same request again and again, without waiting for answers; their statuses."""
        statuses: list[bytes] = []
        with self.connect() as connection, connection.makefile("rb") as answers:
            for _ in range(times // together):
                connection.sendall(request * together)
                statuses += [line.split()[1] for line in _status_lines(answers, together)]
        return statuses

    def counted(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, {"channel": "chat", **labels}) or 0.0


def _status_lines(answers: BinaryIO, wanted: int) -> Iterator[bytes]:
    while wanted:
        line = answers.readline()
        if line.startswith(b"HTTP/1.1 "):
            wanted -= 1
            yield line


@pytest.fixture
def door() -> Iterator[Door]:
    door = Door()
    with served(door.app()) as door.address:
        yield door


def test_a_message_is_hidden_and_kept_before_it_is_acknowledged(door: Door) -> None:
    assert door.post({"event": "text", "text": CANARY, "id": "m1"}) == 200
    assert door.kept == [Incoming(MINH, text="chim hoàng yến «CCCD»", id="m1")]
    assert door.counted("gocua_messages_total", kind="text") == 1
    assert door.counted("gocua_acknowledgement_seconds_count") == 1


def test_the_platform_can_be_told_something_in_the_same_breath(door: Door) -> None:
    def answer(received: Received) -> Mapping[str, str]:
        return {"say": "nghe rồi"} if isinstance(received, Incoming) else {}

    with served(door.app(answer=answer)) as address:
        posts = [
            httpx.post(f"{address}/webhooks/chat", json=content, headers={"X-Sign": SIGN})
            for content in ({"event": "text", "text": "alo"}, {"event": "left"})
        ]
    assert [(post.status_code, post.text) for post in posts] == [(200, '{"say":"nghe rồi"}'), (200, "")]


@pytest.mark.parametrize(
    ("event", "kept"), [("left", [Unreachable(MINH)]), ("human", [HumanTookOver(MINH)]), ("news", []), (None, [])]
)
def test_other_events(door: Door, event: str | None, kept: list[object]) -> None:
    assert door.post({"event": event}) == 200
    assert door.kept == kept


def test_what_cannot_be_kept_is_not_acknowledged(door: Door) -> None:
    door.away = True
    assert door.post({"event": "text", "text": "chào"}) == 503
    door.away = False
    assert door.post({"event": "text", "text": "chào"}) == 200
    assert len(door.kept) == 1


BAD = [
    ("a wrong sign", b"{}", {"X-Sign": "khac"}, 403),
    ("no sign", b"{}", {"X-Sign": ""}, 403),
    ("a sign beyond ASCII", b"{}", {"X-Sign": "mật mã"}, 403),
    ("no JSON", b"{", {}, 403),
    ("deep JSON", b"[" * 50_000, {}, 403),
    ("more than anybody writes", b" " * 300_000, {}, 413),
]


@pytest.mark.parametrize(("body", "headers", "status"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_what_is_not_the_platform_s(door: Door, body: bytes, headers: Mapping[str, str], status: int) -> None:
    encoded = {name.encode(): value.encode() for name, value in {"X-Sign": SIGN, **headers}.items()}
    answer = httpx.post(f"{door.address}/webhooks/chat", content=body, headers=encoded)
    assert (answer.status_code, answer.content) == (status, b"")
    assert door.kept == []


def test_a_body_in_chunks_is_measured_while_it_comes(door: Door) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(10_000):
            yield b"x" * 10_000

    answer = httpx.Client().build_request("POST", f"{door.address}/webhooks/chat", content=endless())
    with httpx.Client() as client:
        try:
            status = client.send(answer).status_code
        except httpx.WriteError:
            # the door was closed while we were still talking
            status = 413
    assert status == 413


HEAD = b"POST /webhooks/chat HTTP/1.1\r\nHost: x\r\nX-Sign: " + SIGN.encode() + b"\r\n"


def test_a_body_shorter_than_declared_is_not_waited_for(door: Door) -> None:
    assert b" 408 " in door.raw(HEAD + b"Content-Length: 100\r\n\r\n", b'{"event":')
    assert door.kept == []


def test_a_body_longer_than_declared_is_read_as_declared(door: Door) -> None:
    door.raw(HEAD + b"Content-Length: 2\r\n\r\n", b'{}{"event": "text"}')
    assert door.kept == []


@pytest.mark.parametrize("head", [b"Content-Length: two\r\n", b"Content-Length: -1\r\n", b"Transfer-Encoding: x\r\n"])
def test_a_length_that_is_none(door: Door, head: bytes) -> None:
    assert b" 400 " in door.raw(HEAD + head + b"\r\n") or b" 501 " in door.raw(HEAD + head + b"\r\n")


def test_somebody_who_hangs_up_in_the_middle(door: Door) -> None:
    with door.connect() as connection:
        connection.sendall(HEAD + b'Content-Length: 100\r\n\r\n{"event":')
    assert door.post({"event": "text", "text": "chào"}) == 200
    assert len(door.kept) == 1


def test_only_posts(door: Door) -> None:
    assert httpx.get(f"{door.address}/webhooks/chat").status_code == 405
    assert httpx.post(f"{door.address}/webhooks/other").status_code == 404


def test_ten_thousand_forgeries_from_one_address(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    forged = b"POST /webhooks/chat HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6\r\nContent-Length: 2\r\n\r\n{}"
    with caplog.at_level(logging.WARNING):
        statuses = door.flood(forged, 10_000)
    assert (statuses.count(b"403"), statuses.count(b"429")) == (20, 9_980)
    assert len(caplog.records) == 20
    assert door.counted("gocua_refused_total", reason="signature") == 10_000
    # what is genuine is never refused, wherever it seems to come from
    assert door.post({"event": "text", "text": "chào"}, headers={"X-Forwarded-For": "6.6.6.6"}) == 200
    assert len(door.kept) == 1


def test_nothing_of_a_body_is_logged(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        door.post({"event": "text", "text": CANARY}, sign="khac")
        door.post(CANARY.encode())
        door.away = True
        door.post({"event": "text", "text": CANARY})
    assert "hoàng yến" not in caplog.text
    assert "079123456789" not in caplog.text


def test_a_fence_in_front_of_the_signature() -> None:
    door = Door()
    with served(door.app(nets=(ip_network("149.154.160.0/20"),))) as door.address:
        assert door.post({"event": "text", "text": "chào"}, headers={"X-Forwarded-For": "6.6.6.6"}) == 403
        spoofed = {"X-Forwarded-For": "149.154.167.1, 6.6.6.6"}
        assert door.post({"event": "text", "text": "chào"}, headers=spoofed) == 403
        assert door.post({"event": "text", "text": "chào"}, headers={"X-Forwarded-For": "149.154.167.1"}) == 200
    assert len(door.kept) == 1
