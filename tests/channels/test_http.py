"""What an answer that is no platform's word means, and that addresses stay out of the logs."""

import logging

import httpx
import pytest

from bot.channels.channel import SendError
from bot.channels.http import answered, failure, object_in, open_client
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
    ],
)
def test_a_status_alone_says_something(status: int, fate: str, everywhere: bool, unknown: bool) -> None:
    error = failure(httpx.Response(status, text="<html></html>"))
    assert (error.reason, error.fate, error.everywhere, error.unknown) == (f"http_{status}", fate, everywhere, unknown)


@pytest.mark.parametrize(("asked", "after"), [("7", 7), ("", 30), ("soon", 30), ("9" * 9, 30), ("-1", 30)])
def test_the_wait_is_the_one_that_was_asked_for(asked: str, after: float) -> None:
    assert failure(httpx.Response(429, headers={"retry-after": asked})).after == after


@pytest.mark.parametrize(("text", "found"), [('{"a": 1}', {"a": 1}), ("[]", None), ("<html>", None), ('{"a', None)])
def test_only_objects_are_answers(text: str, found: object) -> None:
    assert object_in(httpx.Response(200, text=text)) == found


@pytest.mark.parametrize(
    ("fault", "unknown"),
    [
        (httpx.ConnectError("no route to https://host/botSECRET"), False),
        (httpx.ConnectTimeout("https://host/botSECRET"), False),
        (httpx.ReadTimeout("https://host/botSECRET"), True),
        (httpx.WriteError("https://host/botSECRET"), True),
        (httpx.RemoteProtocolError("https://host/botSECRET"), True),
    ],
)
async def test_a_fault_tells_whether_it_may_have_arrived(fault: Exception, unknown: bool) -> None:
    async def call() -> httpx.Response:
        raise fault

    with pytest.raises(SendError) as caught:
        await answered(call())
    assert (caught.value.fate, caught.value.unknown) == ("retry", unknown)
    assert caught.value.__suppress_context__


async def test_addresses_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with zalo_bot_served() as address:
        async with open_client(trust_env=False) as client:
            assert (await answered(client.get(f"{address}/botSECRET/getMe"))).status_code == 401
    assert "SECRET" not in caplog.text
