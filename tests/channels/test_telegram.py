"""The Telegram channel over real HTTP, against the stand-in."""

import asyncio
import datetime as dt
import logging
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass

import pytest

from bot.channels.channel import Part, SendError
from bot.channels.messages import ContactKey, Incoming, Received, Unreachable
from bot.channels.payloads import Payloads, find
from bot.channels.telegram import Telegram
from bot.channels.telegram_updates import TelegramUpdates
from bot.core.replies import Button
from bot.settings import SettingsError
from tests.channels.picture_shelf import Shelf, draw
from tests.stand_ins.control import Control, Someone
from tests.stand_ins.telegram.app import TOKEN, telegram_served
from tests.stand_ins.webhook import received as listening

pytestmark = pytest.mark.anyio

SECRET = "Bi-mat_cua_webhook_" + "x" * 20
PAYLOADS = Payloads(b"k" * 32)
BUTTONS = (Button("vneid_muc_2.otp/xong-roi", "Xong rồi"), Button("vneid_muc_2.otp/chua-duoc", "Chưa được"))


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with telegram_served() as address:
        yield address


@pytest.fixture
def control(address: str) -> Iterator[Control]:
    control = Control(address)
    yield control
    control.post("reset")
    control.close()


@pytest.fixture
def co_ba(control: Control, request: pytest.FixtureRequest) -> Someone:
    """Somebody who has opened the chat; what the bot missed until then is forgotten."""
    someone = control.person(request.node.name)
    someone.writes("/start")
    control.post("reset")
    return someone


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
async def telegram(address: str, shelf: Shelf) -> AsyncIterator[Telegram]:
    channel = opened(address, shelf)
    yield channel
    await channel.close()


@pytest.fixture
def updates() -> TelegramUpdates:
    return TelegramUpdates(secret=SECRET, payloads=PAYLOADS, now=now)


def opened(api: str, shelf: Shelf, token: str = TOKEN) -> Telegram:
    return Telegram(token=token, payloads=PAYLOADS, draw=draw, ids=shelf, now=now, api=api)


async def taken(telegram: Telegram, updates: TelegramUpdates, count: int) -> list[Received]:
    """The next updates, each accepted."""
    async with aclosing(telegram.poll(updates, pause=0.01)) as stream:
        found = []
        async for each in stream:
            found.append(each)
            if len(found) == count:
                # the one after the last is asked for, so that the last is accepted, too
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.2):
                        await anext(stream)
                break
        return found


# ---- send ----


async def test_a_text_with_buttons_is_seen_and_its_id_told(telegram: Telegram, co_ba: Someone) -> None:
    id = await telegram.send(co_ba.id, Part("Máy hiện số chưa cô?", buttons=BUTTONS))
    newest = co_ba.sees()[-1]
    assert (newest["id"], newest["text"], co_ba.labels()) == (id, "Máy hiện số chưa cô?", ["Xong rồi", "Chưa được"])
    assert [len(row) for row in newest["keys"]] == [1, 1]


async def test_what_looks_like_markup_stays_what_it_is(telegram: Telegram, co_ba: Someone) -> None:
    await telegram.send(co_ba.id, Part("<b>a</b> & *b* _c_"))
    assert co_ba.hears() == ["<b>a</b> & *b* _c_"]


async def test_a_picture_is_uploaded_once_for_everybody(
    telegram: Telegram, co_ba: Someone, control: Control, shelf: Shelf
) -> None:
    others = [control.person(f"{co_ba.id} {number}") for number in range(5)]
    for each in others:
        each.writes("/start")
    await asyncio.gather(*(telegram.send(each.id, Part("Tìm VNeID", picture="tim")) for each in (co_ba, *others)))
    pictures = {each.sees()[-1]["picture"] for each in (co_ba, *others)}
    assert (len(pictures), len(shelf.kept)) == (1, 1)
    assert co_ba.hears() == ["Tìm VNeID"]


async def test_a_picture_telegram_forgot_is_uploaded_again(
    telegram: Telegram, co_ba: Someone, control: Control, shelf: Shelf
) -> None:
    await telegram.send(co_ba.id, Part(picture="quen"))
    (before,) = shelf.kept.values()
    control.post("files", forget=True)
    await telegram.send(co_ba.id, Part("đây", picture="quen", buttons=BUTTONS))
    (after,) = shelf.kept.values()
    assert after.id != before.id
    assert (co_ba.hears()[-1], co_ba.labels()) == ("đây", ["Xong rồi", "Chưa được"])


async def test_the_words_of_a_picture_that_is_gone_remain(telegram: Telegram, co_ba: Someone) -> None:
    await telegram.send(co_ba.id, Part("Bấm nút dưới cùng", picture="mat"))
    assert await telegram.send(co_ba.id, Part(picture="mat")) == ""
    assert co_ba.hears() == ["Bấm nút dưới cùng"]


# ---- what goes wrong ----


@dataclass(frozen=True, slots=True)
class Meant:
    """What an error says, and what arrived in spite of it."""

    reason: str
    fate: str
    after: float = 0.0
    everywhere: bool = False
    unknown: bool = False
    heard: tuple[str, ...] = ()


THROTTLED = {"code": 429, "description": "Too Many Requests: retry after 9", "parameters": {"retry_after": 9}}
MOVED = {"code": 400, "description": "Bad Request: group chat was upgraded", "parameters": {"migrate_to_chat_id": -1}}

FAULTS = [
    pytest.param(THROTTLED, Meant("throttled", "retry", after=9, everywhere=True), id="throttled"),
    pytest.param({"code": 401, "description": "Unauthorized"}, Meant("token", "operator"), id="token"),
    pytest.param({"code": 404, "description": "Not Found"}, Meant("token", "operator"), id="no such bot"),
    pytest.param({"code": 500, "description": "Internal Server Error"}, Meant("server", "retry"), id="server"),
    pytest.param(
        {"code": 403, "description": "Forbidden: user is deactivated"}, Meant("blocked", "unreachable"), id="gone"
    ),
    pytest.param({"code": 400, "description": "Bad Request: MESSAGE_X"}, Meant("malformed", "drop"), id="malformed"),
    pytest.param(MOVED, Meant("blocked", "unreachable"), id="moved"),
    pytest.param({"kind": "gateway"}, Meant("strange_answer", "retry"), id="gateway"),
    pytest.param({"kind": "down"}, Meant("network", "retry", unknown=True), id="cut off"),
    pytest.param({"kind": "half"}, Meant("network", "retry", unknown=True, heard=("a",)), id="half an answer"),
]


@pytest.mark.parametrize(("fault", "meant"), FAULTS)
async def test_an_error_says_what_to_do(
    telegram: Telegram, co_ba: Someone, caplog: pytest.LogCaptureFixture, fault: dict[str, object], meant: Meant
) -> None:
    caplog.set_level(logging.DEBUG)
    co_ba.control.post("trouble" if "kind" in fault else "refuse", **fault)
    error = await refused(telegram, co_ba.id)
    heard = tuple(co_ba.hears())
    assert Meant(error.reason, error.fate, error.after, error.everywhere, error.unknown, heard) == meant
    assert TOKEN not in caplog.text + "".join(traceback.format_exception(error))
    await telegram.send(co_ba.id, Part("lại"))
    assert co_ba.hears() == [*heard, "lại"]


async def test_who_cannot_be_reached_is_let_go(telegram: Telegram, co_ba: Someone, control: Control) -> None:
    co_ba.blocks()
    assert (await refused(telegram, co_ba.id)).fate == "unreachable"
    assert (await refused(telegram, "99")).reason == "gone"
    assert (await refused(telegram, control.person("chưa mở").id)).fate == "unreachable"


async def test_without_a_connection_nothing_left(shelf: Shelf) -> None:
    with listening() as gone:
        pass
    telegram = opened(gone.address.removesuffix("/hook"), shelf)
    error = await refused(telegram, "1")
    assert (error.reason, error.fate, error.unknown) == ("network", "retry", False)
    await telegram.close()


@pytest.mark.parametrize("token", ["", "abc", "12 3:abc", ":abc", "đ:abc"])
def test_a_token_of_a_wrong_shape_stops_the_start(shelf: Shelf, token: str) -> None:
    with pytest.raises(SettingsError, match="BotFather"):
        opened("http://127.0.0.1:9", shelf, token)


async def refused(telegram: Telegram, address: str) -> SendError:
    with pytest.raises(SendError) as found:
        await telegram.send(address, Part("a"))
    return found.value


# ---- polling and the webhook ----


async def test_a_tap_comes_back_as_its_button_and_stops_waiting(
    telegram: Telegram, updates: TelegramUpdates, co_ba: Someone
) -> None:
    await telegram.send(co_ba.id, Part("Xong chưa cô?", buttons=BUTTONS))
    co_ba.taps("Chưa được")
    (received,) = await taken(telegram, updates, 1)
    assert isinstance(received, Incoming)
    assert find(received.button or "", [button.id for button in BUTTONS]) == BUTTONS[1].id
    assert [key["busy"] for row in co_ba.sees()[-1]["keys"] for key in row] == [False, False]


async def test_buttons_that_were_tapped_go_away(
    telegram: Telegram, updates: TelegramUpdates, co_ba: Someone, control: Control
) -> None:
    await telegram.send(co_ba.id, Part("Xong chưa cô?", buttons=BUTTONS))
    await telegram.send(co_ba.id, Part("Bước sau nha", buttons=BUTTONS))
    first, second = co_ba.sees()[-2:]
    control.post("tap", user=co_ba.id, bubble=first["id"], data=first["keys"][0][0]["data"])
    (tapped,) = await taken(telegram, updates, 1)
    # nothing is said however often it fails or comes too late
    control.post("refuse", method="editMessageReplyMarkup", code=429, description="Too Many Requests: retry after 9")
    for _ in range(3):
        await telegram.take_buttons_away(tapped)
    co_ba.writes("xong")
    (typed,) = await taken(telegram, updates, 1)
    await telegram.take_buttons_away(typed)
    assert [bubble["keys"] for bubble in co_ba.sees() if not bubble["mine"]] == [[], second["keys"]]


async def test_the_commands_are_listed_in_two_languages(telegram: Telegram, control: Control) -> None:
    await telegram.show_commands(lambda phrase, language: f"{phrase} ({language or 'vi'})")
    listed = control.get("commands")
    assert listed[""]["gap_nguoi"] == "command_human (vi)"
    assert listed["en"]["human"] == "command_human (en)"
    control.post("refuse", method="setMyCommands", code=500, description="Internal Server Error", times=2)
    await telegram.show_commands(lambda phrase, language: "sau")
    assert control.get("commands") == listed


async def test_polling_goes_on_after_trouble_and_forgets_nothing(
    telegram: Telegram, updates: TelegramUpdates, co_ba: Someone, control: Control
) -> None:
    contact = ContactKey("telegram", co_ba.id)
    co_ba.writes("một")
    co_ba.sends("voice")
    for kind in ("down", "gateway", "half"):
        control.post("trouble", kind=kind, path="getUpdates")
    async with aclosing(telegram.poll(updates, pause=0.01)) as stream:
        first = await anext(stream)
    # it was not accepted: whoever polls next gets it again
    again = await taken(telegram, updates, 2)
    assert isinstance(first, Incoming)
    voice = again[1]
    assert isinstance(voice, Incoming)
    assert again == [first, Incoming(contact, id=voice.id, media="voice", file=voice.file)]
    co_ba.blocks()
    (left,) = await taken(telegram, updates, 1)
    assert left == Unreachable(contact, id=left.id if isinstance(left, Unreachable) else "")


async def test_the_webhook_is_set_with_its_secret(telegram: Telegram, co_ba: Someone, control: Control) -> None:
    with listening() as door:
        await telegram.set_webhook(door.address, SECRET)
        co_ba.writes("chào con")
        bubble = co_ba.writes("sai rồi")
        co_ba.edits(bubble, "đúng")
        control.settle()
        state = await telegram.webhook()
    reader = TelegramUpdates(secret=SECRET, payloads=PAYLOADS, now=now)
    got = [reader.receive(post.headers, post.raw) for post in door.posts]
    assert [each.text for each in got if isinstance(each, Incoming)] == ["chào con", "sai rồi"]
    assert (state.url, state.waiting, state.last_error) == (door.address, 0, "")
