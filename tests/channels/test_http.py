"""What an answer that is no platform's word means, how a call fails, and that addresses stay out of the logs."""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator

import pytest

from bot.channels.channel import SendError
from bot.channels.http import Answer, File, HttpClient, failure, object_in
from tests.stand_ins.zalo_bot.app import zalo_bot_served

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("status", "fate", "everywhere", "unknown"),
    [
        (200, "retry", False, True),
        (302, "retry", False, False),
        (401, "operator", False, False),
        (404, "operator", False, False),
        (408, "retry", False, True),
        (429, "retry", True, False),
        (500, "retry", False, False),
        (504, "retry", False, True),
        (599, "retry", False, False),
    ],
)
def test_a_status_alone_says_something(status: int, fate: str, everywhere: bool, unknown: bool) -> None:
    error = failure(Answer(status, b"<html></html>"))
    assert (error.reason, error.fate, error.everywhere, error.unknown) == (f"http_{status}", fate, everywhere, unknown)


@pytest.mark.parametrize(("asked", "after"), [("7", 7), ("", 30), ("soon", 30), ("9" * 9, 30), ("-1", 30)])
def test_the_wait_is_the_one_that_was_asked_for(asked: str, after: float) -> None:
    assert failure(Answer(429, b"", {"retry-after": asked})).after == after


@pytest.mark.parametrize(
    ("text", "found"), [(b'{"a": 1}', {"a": 1}), (b"[]", None), (b"<html>", None), (b'{"a', None), (b"\xff", None)]
)
def test_only_objects_are_answers(text: bytes, found: object) -> None:
    assert object_in(Answer(200, text)) == found


@contextlib.asynccontextmanager
async def serving(answer: bytes, *, hangs: bool = False) -> AsyncIterator[str]:
    """A server that reads what is asked, answers these bytes and closes."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65_536)
        writer.write(answer)
        if hangs:
            await reader.read()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/botSECRET"


@pytest.mark.parametrize(
    "answer",
    [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf", b"good day\r\n\r\n", b"HTTP/1.1 200"],
    ids=["nothing", "half an answer", "no answer", "half a line"],
)
async def test_what_was_asked_may_have_been_done_where_no_whole_answer_comes(answer: bytes) -> None:
    async with serving(answer) as address, HttpClient(trust_env=False) as client:
        with pytest.raises(SendError) as caught:
            await client.post(address, json={})
    assert (caught.value.reason, caught.value.fate, caught.value.unknown) == ("no_answer", "retry", True)
    assert "SECRET" not in repr(caught.value)
    assert caught.value.__suppress_context__


async def test_who_answers_too_late_may_have_done_it() -> None:
    async with serving(b"", hangs=True) as address, HttpClient(trust_env=False) as client:
        with pytest.raises(SendError) as caught:
            await client.post(address, json={}, patience=0.05)
    assert (caught.value.reason, caught.value.unknown) == ("no_answer", True)


async def test_what_nobody_heard_was_not_done() -> None:
    with socket.socket() as taken:
        # nobody listens there, and nobody else can
        taken.bind(("127.0.0.1", 0))
        async with HttpClient(trust_env=False) as client:
            with pytest.raises(SendError) as caught:
                await client.post(f"http://127.0.0.1:{taken.getsockname()[1]}/botSECRET")
    assert (caught.value.reason, caught.value.fate, caught.value.unknown) == ("unreachable", "retry", False)
    assert caught.value.__suppress_context__


async def test_an_answer_is_read_whole_and_its_headers_in_small_letters() -> None:
    answer = b"HTTP/1.1 418 Tea\r\nX-RateLimit-Remain: 7\r\ncontent-length: 2\r\n\r\n{}"
    async with serving(answer) as address, HttpClient(trust_env=False) as client:
        answered = await client.post(address, file=File("a.png", b"png", "image/png"))
    assert (answered.status, answered.body, answered.headers["x-ratelimit-remain"]) == (418, b"{}", "7")


async def test_nobody_is_sent_on_to_another_address() -> None:
    answer = b"HTTP/1.1 302 Found\r\nlocation: http://elsewhere.invalid/\r\ncontent-length: 0\r\n\r\n"
    async with serving(answer) as address, HttpClient(trust_env=False) as client:
        assert (await client.get(address)).status == 302


async def test_addresses_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with zalo_bot_served() as address:
        async with HttpClient(trust_env=False) as client:
            assert (await client.get(f"{address}/botSECRET/getMe")).status == 401
    assert "SECRET" not in caplog.text
