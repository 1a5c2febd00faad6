"""The Zalo Bot channel over real HTTP, against the stand-in, and what its entrance makes of posts."""

import asyncio
import datetime as dt
import json
import logging
import time
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.channel import Part, RefusedError, SendError
from bot.channels.http import HttpClient
from bot.channels.messages import ContactKey, Ignored, Incoming, Received
from bot.channels.zalo_bot import ZaloBot
from bot.channels.zalo_bot_updates import CHANNEL, ZaloBotUpdates
from bot.settings import SettingsError
from tests.channels.zalo_rigs import SECRET, BotRig, bot_rig
from tests.stand_ins.control import Control, Someone
from tests.stand_ins.webhook import received
from tests.stand_ins.zalo_bot.app import TOKEN, zalo_bot_served

pytestmark = pytest.mark.anyio

NOW = dt.datetime(2025, 6, 19, 7, 0, tzinfo=dt.UTC)
STAMP = 1750316131602
CO_BA = ContactKey(CHANNEL, "6ede9afa66b88fe6d0001")
UPDATES = ZaloBotUpdates(secret=SECRET, now=lambda: NOW)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with zalo_bot_served() as address:
        yield address


@pytest.fixture
def control(address: str) -> Iterator[Control]:
    control = Control(address)
    yield control
    for knob in ("trouble", "refuse"):
        control.post(knob)
    control.post("updates", idle="http", shape="envelope", photo="photo", secret=None)
    control.post("quota", left=3000)
    control.close()


@pytest.fixture
async def rig(address: str) -> AsyncIterator[BotRig]:
    async with bot_rig(address, time.time) as rig:
        yield rig
        await rig.channel.delete_webhook()


@pytest.fixture
def co_ba(control: Control, request: pytest.FixtureRequest) -> Someone:
    """Somebody who has written."""
    someone = control.person(request.node.name)
    someone.writes("xin chào")
    return someone


async def failed(rig: BotRig, someone: Someone, part: Part) -> SendError:
    with pytest.raises(SendError) as caught:
        await rig.channel.send(someone.id, part)
    return caught.value


# ---- send ----


async def test_a_text_is_seen_and_its_id_told(rig: BotRig, co_ba: Someone) -> None:
    id = await rig.channel.send(co_ba.id, Part("Dạ chào cô Ba"))
    assert (co_ba.sees()[-1]["id"], co_ba.hears()) == (id, ["Dạ chào cô Ba"])
    assert await rig.channel.account_name() == "bot.go_cua"


async def test_a_picture_is_sent_by_its_address(rig: BotRig, co_ba: Someone) -> None:
    await rig.channel.send(co_ba.id, Part("Bước 3", picture="tim"))
    newest = co_ba.sees()[-1]
    assert (newest["picture"], newest["text"]) == ("https://gocua.example/pictures/tim.png", "Bước 3")


async def test_without_an_address_for_pictures_words_go_alone(address: str, co_ba: Someone) -> None:
    async with bot_rig(address, time.time, pictures=False) as rig:
        assert not rig.channel.abilities.pictures
        await rig.channel.send(co_ba.id, Part("Bước 3", picture="tim"))
        assert await rig.channel.send(co_ba.id, Part(picture="tim")) == ""
    assert co_ba.hears() == ["Bước 3"]


@pytest.mark.parametrize(
    ("refusal", "meaning"),
    [
        ({"code": 400}, ("400", "drop", False, False)),
        ({"code": 401}, ("401", "operator", False, False)),
        ({"code": 403}, ("403", "retry", False, False)),
        ({"code": 404}, ("404", "operator", False, False)),
        ({"code": 408}, ("408", "retry", False, True)),
        ({"code": 429}, ("429", "retry", True, False)),
        ({"code": 429, "html": True}, ("http_429", "retry", True, False)),
        ({"code": 429, "quiet": True}, ("429", "retry", True, False)),
        ({"code": 500}, ("500", "retry", False, False)),
        ({"code": 502, "html": True}, ("http_502", "retry", False, False)),
        ({"code": 504, "html": True}, ("http_504", "retry", False, True)),
        ({"code": 404, "html": True}, ("http_404", "operator", False, False)),
    ],
)
async def test_each_code_asks_for_something(
    rig: BotRig, control: Control, co_ba: Someone, refusal: dict[str, Any], meaning: tuple[str, str, bool, bool]
) -> None:
    control.post("refuse", **refusal)
    error = await failed(rig, co_ba, Part("Dạ"))
    assert (error.reason, error.fate, error.everywhere, error.unknown) == meaning
    assert error.everywhere == bool(error.after)


@pytest.mark.parametrize("kind", ["gateway", "half", "down"])
async def test_what_may_have_arrived_is_said_so(rig: BotRig, control: Control, co_ba: Someone, kind: str) -> None:
    control.post("trouble", kind=kind, path="/sendMessage")
    error = await failed(rig, co_ba, Part("Dạ"))
    assert (error.fate, error.unknown) == ("retry", kind != "gateway")
    assert bool(co_ba.hears()) == (kind == "half")


async def test_the_token_stands_in_no_log_and_no_error(
    rig: BotRig, control: Control, co_ba: Someone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    told = [repr(rig.channel)]
    canary = "TEXT-CANARY Dạ chào"
    for kind in ("gateway", "half", "down"):
        control.post("trouble", kind=kind, path="/sendMessage")
        told.append("".join(traceback.format_exception(await failed(rig, co_ba, Part(canary)))))
    control.post("refuse", code=401)
    told.append("".join(traceback.format_exception(await failed(rig, co_ba, Part(canary)))))
    async with bot_rig("http://127.0.0.1:1", time.time) as lonely:
        told.append("".join(traceback.format_exception(await failed(lonely, co_ba, Part(canary)))))
    for secret in (TOKEN, TOKEN.partition(":")[2], canary, co_ba.id):
        assert secret not in "\n".join([*told, caplog.text])


# ---- polling ----


def poll_codes(control: Control) -> set[int]:
    """How the polls of this test ended, as far as they have."""
    return {call["code"] for call in control.get("calls") if call["method"] == "getUpdates"}


@pytest.mark.parametrize("idle", ["http", "body"])
async def test_polling_waits_through_nothing_and_trouble(rig: BotRig, control: Control, idle: str) -> None:
    control.post("updates", idle=idle)
    co_ba = control.person("Cô Ba")
    async with aclosing(rig.channel.poll(rig.updates, pause=0.01)) as updates:
        coming = asyncio.ensure_future(anext(updates))
        control.post("refuse", code=500, method="getUpdates")
        control.post("trouble", kind="gateway", path="/getUpdates")
        while not {408, 500} <= await asyncio.to_thread(poll_codes, control):
            assert not coming.done()
        written = await asyncio.to_thread(co_ba.writes, "một")
        first = await coming
        control.post("protect", user=co_ba.id, protected=True)
        again = await asyncio.to_thread(co_ba.writes, "hai")
        second = await anext(updates)
        control.post("protect", user=co_ba.id, protected=False)
    assert first == Incoming(ContactKey(CHANNEL, co_ba.id), text="một", id=written)
    assert second == Incoming(ContactKey(CHANNEL, co_ba.id), id=again, media="unread")


# ---- the entrance ----


def test_a_secret_that_can_be_guessed_stops_the_start() -> None:
    for secret in ("", "short", "x" * 31, "x" * 257, "x" * 40 + "é", "x" * 40 + " "):
        with pytest.raises(SettingsError):
            ZaloBotUpdates(secret=secret, now=lambda: NOW)


async def test_a_token_that_cannot_be_right_stops_the_start() -> None:
    async with HttpClient() as client:
        for token in ("", "abc", "1:short", f"{TOKEN}/x", f"{TOKEN}\n"):
            with pytest.raises(SettingsError) as caught:
                ZaloBot(token=token, client=client)
            assert not token or token not in str(caught.value)


def posted(body: object, secret: str | None = SECRET) -> Received:
    headers = {} if secret is None else {"x-bot-api-secret-token": secret}
    return UPDATES.receive(headers, json.dumps(body).encode())


def message(**more: Any) -> dict[str, Any]:
    return {
        "from": {"id": CO_BA.user, "display_name": "Cô Ba", "is_bot": False},
        "chat": {"id": CO_BA.user, "chat_type": "PRIVATE"},
        "message_id": "m1",
        "date": STAMP,
        **more,
    }


def update(event: str, **more: Any) -> dict[str, Any]:
    return {"event_name": f"message.{event}.received", "message": message(**more)}


@pytest.mark.parametrize("secret", [None, "", "x" * 40, SECRET + "x", "é" * 40, "\udc80"])
def test_who_does_not_know_the_secret_is_refused(secret: str | None) -> None:
    with pytest.raises(RefusedError) as caught:
        posted(update("text", text="chào"), secret)
    assert caught.value.reason == "secret"


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        (update("text", text="chào"), Incoming(CO_BA, text="chào", id="m1")),
        ({"ok": True, "result": update("text", text="chào")}, Incoming(CO_BA, text="chào", id="m1")),
        (update("text", text=""), Incoming(CO_BA, id="m1", media="other")),
        (update("image", photo="https://x", caption="coi"), Incoming(CO_BA, text="coi", id="m1", media="photo")),
        (update("image", photo_url="https://x"), Incoming(CO_BA, id="m1", media="photo")),
        (update("sticker", sticker="0e"), Incoming(CO_BA, id="m1", media="sticker")),
        (update("voice", voice_url="https://x"), Incoming(CO_BA, id="m1", media="voice")),
        (update("unsupported"), Incoming(CO_BA, id="m1", media="unread")),
        ({"event_name": "message.unsupported.received"}, Ignored("nobody")),
        (update("text", text="a", chat={"id": "g", "chat_type": "GROUP"}), Ignored("group")),
        (update("text", text="a", **{"from": {"id": "b", "is_bot": True}}), Ignored("nobody")),
        (update("dance"), Ignored("event")),
        ({}, Ignored("event")),
        ({"ok": True, "result": []}, Ignored("event")),
    ],
)
def test_each_update_is_what_it_says(body: dict[str, Any], taken: Received) -> None:
    assert posted(body) == taken


def test_a_message_without_an_id_is_known_by_its_bytes() -> None:
    body = update("text", text="chào", message_id=None)
    first, again, other = posted(body), posted(body), posted(update("text", text="khác", message_id=None))
    assert isinstance(first, Incoming)
    assert isinstance(other, Incoming)
    assert first == again
    assert first.id
    assert first.id != other.id


@pytest.mark.parametrize(("minutes", "reason"), [(121, "stale"), (-6, "ahead")])
def test_a_stamp_is_of_about_now(minutes: int, reason: str) -> None:
    stamp = int((NOW.timestamp() - minutes * 60) * 1000)
    with pytest.raises(RefusedError) as caught:
        posted(update("text", text="chào", date=stamp))
    assert caught.value.reason == reason


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["message", "chat", "from", "id", "text", "photo", "result"]), inner)
        ),
    )
)
def test_bodies_of_any_shape_are_read_without_a_fault(part: object) -> None:
    body = {"event_name": "message.text.received", "message": part}
    assert isinstance(posted(body), Received)


@pytest.mark.parametrize("shape", ["envelope", "bare"])
async def test_the_webhook_hears_what_is_written(rig: BotRig, control: Control, shape: str) -> None:
    control.post("updates", shape=shape, copies=2)
    co_ba = control.person("Cô Ba")
    with received() as receiver:
        await rig.channel.set_webhook(receiver.address, SECRET)
        written = co_ba.writes("chào")
        await asyncio.to_thread(control.settle)
    control.post("updates", copies=1)
    taken = {rig.updates.receive(post.headers, post.raw) for post in receiver.posts}
    assert taken == {Incoming(ContactKey(CHANNEL, co_ba.id), text="chào", id=written)}
