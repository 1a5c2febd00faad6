"""Recordings: from Telegram's stand-in, and from hosts that answer otherwise."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.channels.channel import SendError
from bot.channels.telegram_files import TelegramFiles
from tests.stand_ins.telegram.app import TOKEN, telegram_served
from tests.stand_ins.telegram.files import RECORDED, RECORDING

pytestmark = pytest.mark.anyio


async def test_a_recording_is_fetched_by_its_id() -> None:
    with telegram_served() as platform:
        files = TelegramFiles(token=TOKEN, api=platform)
        assert await files.fetch(RECORDING, most=len(RECORDED)) == RECORDED
        with pytest.raises(SendError, match="too_large"):
            await files.fetch(RECORDING, most=len(RECORDED) - 1)
        with pytest.raises(SendError, match="no_file"):
            await files.fetch("unknown", most=1_000)


def answer(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n"
    return head.encode() + body


FOUND = answer(b'{"ok": true, "result": {"file_path": "voice/file_7.oga"}}')


@contextlib.asynccontextmanager
async def serving(answers: Sequence[bytes], asked: list[str]) -> AsyncIterator[str]:
    left = list(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append((await reader.readline()).decode().split()[1])
        writer.write(left.pop(0))
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        pytest.param([answer(b"<html>")], "no_file", id="no JSON"),
        pytest.param([answer(b"[]")], "no_file", id="no object"),
        pytest.param([answer(b'{"result": {"file_path": 7}}')], "no_file", id="no path"),
        pytest.param([answer(b'{"result": {"file_path": "../getUpdates"}}')], "no_file", id="a path that leads out"),
        pytest.param([answer(b'{"result": {"file_path": "a@b.c/x.oga"}}')], "no_file", id="a path that is an address"),
        pytest.param(
            [FOUND, answer(b"", "302 Found", "Location: http://127.0.0.1:1/\r\n")], "http_302", id="led elsewhere"
        ),
        pytest.param([FOUND, answer(b"gone", "404 Not Found")], "http_404", id="gone"),
        pytest.param([FOUND, answer(b"x" * 11)], "too_large", id="too large"),
        pytest.param([FOUND, answer(b"x" * 9)[:-3]], "no_answer", id="cut off"),
    ],
)
async def test_whatever_else_is_answered_is_no_recording(answers: list[bytes], reason: str) -> None:
    asked: list[str] = []
    async with serving(answers, asked) as api:
        with pytest.raises(SendError, match=reason) as caught:
            await TelegramFiles(token="7:secret", api=api).fetch("AwAC", most=10)  # noqa: S106
    assert len(asked) == len(answers)
    assert "secret" not in str(caught.value)
