"""The Official Account's channel over real HTTP, against the stand-in."""

import asyncio
import datetime as dt
import logging
import traceback
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.channels.channel import Part, SendError
from bot.channels.messages import Incoming
from bot.channels.payloads import find
from bot.core.replies import Button
from tests.channels.zalo_rigs import OaRig, oa_rig
from tests.stand_ins.clocks import MovableClock
from tests.stand_ins.control import Control, Someone
from tests.stand_ins.webhook import received
from tests.stand_ins.zalo_oa.app import ACCOUNT, zalo_oa_served

pytestmark = pytest.mark.anyio

DAY = 86400.0
BUTTONS = (Button("vneid_muc_2.otp/xong-roi", "Xong rồi"), Button("vneid_muc_2.otp/chua-duoc", "Chưa được"))


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def address(clock: MovableClock) -> Iterator[str]:
    with zalo_oa_served(clock=clock) as address:
        yield address


@pytest.fixture
def control(address: str) -> Iterator[Control]:
    control = Control(address)
    yield control
    control.close()


@pytest.fixture
async def rig(address: str, control: Control, clock: MovableClock) -> AsyncIterator[OaRig]:
    async with oa_rig(address, control, clock) as rig:
        yield rig


@pytest.fixture
def co_ba(control: Control) -> Someone:
    """Somebody who has written."""
    someone = control.person("Cô Ba")
    someone.writes("xin chào")
    return someone


async def failed(rig: OaRig, someone: Someone, part: Part) -> SendError:
    with pytest.raises(SendError) as caught:
        await rig.channel.send(someone.id, part)
    return caught.value


def uploads(control: Control) -> int:
    return sum(call["path"].endswith("/upload/image") for call in control.get("calls"))


# ---- texts and buttons ----


async def test_a_text_is_seen_and_its_id_told(rig: OaRig, co_ba: Someone) -> None:
    id = await rig.channel.send(co_ba.id, Part("Dạ chào cô Ba"))
    assert (co_ba.sees()[-1]["id"], co_ba.hears()) == (id, ["Dạ chào cô Ba"])
    assert (rig.channel.usage.quota, rig.channel.usage.quota_left) == ("reply", 7)


async def test_a_tap_comes_back_as_its_button(rig: OaRig, control: Control, co_ba: Someone) -> None:
    await rig.channel.send(co_ba.id, Part("Máy hiện số chưa cô?", buttons=BUTTONS))
    assert co_ba.labels() == ["Xong rồi", "Chưa được"]
    with received() as receiver:
        control.post("webhook", url=receiver.address)
        receiver.posts.clear()
        co_ba.taps("Chưa được")
        control.settle()
    [taken] = [rig.events.receive(post.headers, post.raw) for post in receiver.posts]
    assert isinstance(taken, Incoming)
    assert find(taken.button or "", [button.id for button in BUTTONS]) == "vneid_muc_2.otp/chua-duoc"
    # what a tap sends is not shown to people
    assert [bubble["text"] for bubble in co_ba.sees() if bubble["mine"]] == ["xin chào"]


async def test_where_buttons_are_refused_their_labels_are_numbered(
    rig: OaRig, control: Control, co_ba: Someone
) -> None:
    control.post("refuse", code=-201)
    await rig.channel.send(co_ba.id, Part("Sao rồi cô?", buttons=BUTTONS))
    assert co_ba.hears() == ["Sao rồi cô?\n\n1. Xong rồi\n2. Chưa được"]


# ---- pictures ----


async def test_a_picture_is_uploaded_once_for_everybody(rig: OaRig, control: Control) -> None:
    people = [control.person(name) for name in ("Cô Ba", "Chú Tư", "Má Năm")]
    for each in people:
        each.writes("chào")
    await asyncio.gather(*(rig.channel.send(each.id, Part("Bước 3", picture="tim")) for each in people))
    assert len({each.sees()[-1]["picture"] for each in people}) == 1
    assert (people[0].hears(), uploads(control)) == (["Bước 3"], 1)


async def test_an_upload_is_renewed_before_it_expires(
    rig: OaRig, control: Control, clock: MovableClock, co_ba: Someone
) -> None:
    await rig.channel.send(co_ba.id, Part(picture="tim"))
    clock.move(6 * DAY)
    co_ba.writes("còn đây")
    await rig.channel.send(co_ba.id, Part(picture="tim"))
    assert uploads(control) == 2


async def test_an_upload_that_expired_all_the_same_is_made_again(rig: OaRig, control: Control, co_ba: Someone) -> None:
    await rig.channel.send(co_ba.id, Part(picture="tim"))
    control.post("refuse", code=-100, path="/message/cs")
    await rig.channel.send(co_ba.id, Part("Bước 3", picture="tim"))
    assert (uploads(control), co_ba.hears()[-1]) == (2, "Bước 3")
    await rig.channel.send(co_ba.id, Part("Bước 3", picture="tim"))
    assert uploads(control) == 2


async def test_a_picture_the_content_has_lost_leaves_its_words(rig: OaRig, co_ba: Someone) -> None:
    await rig.channel.send(co_ba.id, Part("Bước 3", picture="mat"))
    assert await rig.channel.send(co_ba.id, Part(picture="mat")) == ""
    assert co_ba.hears() == ["Bước 3"]


async def test_an_upload_without_an_answer_is_only_tried_again(rig: OaRig, control: Control, co_ba: Someone) -> None:
    control.post("trouble", kind="half", path="/upload/image")
    error = await failed(rig, co_ba, Part(picture="tim"))
    assert (error.fate, error.unknown) == ("retry", False)


# ---- how it fails ----


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        (-32, ("-32", "retry", True, False)),
        (-200, ("-200", "retry", False, True)),
        (-204, ("-204", "operator", False, False)),
        (-210, ("-210", "drop", False, False)),
        (-211, ("-211", "operator", False, False)),
        (-213, ("-213", "unreachable", False, False)),
        (-218, ("-218", "drop", False, False)),
        (-217, ("-217", "unreachable", False, False)),
        (-224, ("-224", "operator", False, False)),
        (-227, ("-227", "unreachable", False, False)),
        (-230, ("window", "unreachable", False, False)),
        (-232, ("window", "unreachable", False, False)),
        (-244, ("-244", "drop", False, False)),
        (-321, ("-321", "operator", False, False)),
        (-99999, ("-99999", "retry", False, False)),
    ],
)
async def test_each_code_asks_for_something(
    rig: OaRig, control: Control, co_ba: Someone, code: int, meaning: tuple[str, str, bool, bool]
) -> None:
    control.post("refuse", code=code)
    error = await failed(rig, co_ba, Part("Dạ"))
    assert (error.reason, error.fate, error.everywhere, error.unknown) == meaning
    assert co_ba.hears() == []


@pytest.mark.parametrize("kind", ["gateway", "half", "down"])
async def test_what_may_have_arrived_is_said_so(rig: OaRig, control: Control, co_ba: Someone, kind: str) -> None:
    control.post("trouble", kind=kind, path="/message/cs")
    error = await failed(rig, co_ba, Part("Dạ"))
    assert (error.fate, error.unknown) == ("retry", kind != "gateway")
    assert bool(co_ba.hears()) == (kind == "half")


async def test_nobody_there_at_all(rig: OaRig, clock: MovableClock, control: Control) -> None:
    async with oa_rig("http://127.0.0.1:1", control, clock) as lonely:
        with pytest.raises(SendError) as caught:
            await lonely.channel.send("1", Part("Dạ"))
    assert (caught.value.fate, caught.value.unknown) == ("retry", False)


async def test_calls_of_a_minute_that_are_spent_stop_everybody(
    rig: OaRig, control: Control, clock: MovableClock, co_ba: Someone
) -> None:
    control.post("rate", limit=1)
    await rig.channel.send(co_ba.id, Part("một"))
    assert (rig.channel.usage.limit, rig.channel.usage.left) == (1, 0)
    error = await failed(rig, co_ba, Part("hai"))
    assert error.everywhere
    clock.move(error.after)
    await rig.channel.send(co_ba.id, Part("hai"))
    assert co_ba.hears() == ["một", "hai"]


async def test_after_a_week_the_window_is_closed(rig: OaRig, control: Control, co_ba: Someone) -> None:
    control.post("lapse", user=co_ba.id, seconds=8 * DAY)
    assert (await failed(rig, co_ba, Part("Dạ"))).reason == "window"


async def test_who_blocked_the_account_is_left_alone(rig: OaRig, co_ba: Someone) -> None:
    co_ba.blocks()
    assert (await failed(rig, co_ba, Part("Dạ"))).fate == "unreachable"


# ---- visitors without an account ----


async def test_a_visitor_is_answered_in_texts_with_numbers(rig: OaRig, control: Control, co_ba: Someone) -> None:
    control.post("visit", user=co_ba.id, conversation="c:9")
    with received() as door:
        control.post("webhook", url=door.address)
        co_ba.writes("cho hỏi")
        control.settle()
        events = [rig.events.receive(post.headers, post.raw) for post in door.posts if post.raw != b"{}"]
    (asked,) = [each for each in events if isinstance(each, Incoming)]
    assert asked.text == "cho hỏi"
    await rig.channel.send(asked.contact.user, Part("Bấm nút đỏ", picture="tim"))
    await rig.channel.send(asked.contact.user, Part("Xong chưa cô?", buttons=BUTTONS))
    assert await rig.channel.send(asked.contact.user, Part(picture="tim")) == ""
    assert co_ba.hears() == ["Bấm nút đỏ", "Xong chưa cô?\n\n1. Xong rồi\n2. Chưa được"]


# ---- tokens ----


async def test_a_token_the_platform_refuses_is_renewed_once_for_all(
    rig: OaRig, clock: MovableClock, co_ba: Someone
) -> None:
    # a day away: the pair is old by the platform's clock, and everybody hears of it at once
    old = await rig.store.load()
    clock.move(26 * 3600)
    await asyncio.gather(*(rig.channel.send(co_ba.id, Part(f"tin {number}")) for number in range(10)))
    assert len(rig.store.kept) == 2
    assert len(co_ba.hears()) == 10
    assert await rig.store.load() != old


async def test_a_revoked_grant_is_for_the_operator(
    rig: OaRig, control: Control, co_ba: Someone, caplog: pytest.LogCaptureFixture
) -> None:
    control.post("revoke")
    for _ in range(3):
        error = await failed(rig, co_ba, Part("Dạ"))
        assert error.fate == "operator"
    alarms = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert len(alarms) == 1
    assert "gocua zalo login" in alarms[0].getMessage()
    # the operator logs in again; the running bot goes on by itself
    given = control.post("tokens")
    pair = await rig.store.load()
    assert pair is not None
    await rig.store.save(type(pair)(given["access"], given["refresh"], rig.now(), rig.now() + dt.timedelta(hours=25)))
    await rig.channel.send(co_ba.id, Part("Dạ"))
    assert co_ba.hears() == ["Dạ"]


async def test_no_token_and_no_secret_stands_in_any_log_or_error(
    rig: OaRig, control: Control, co_ba: Someone, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = "TEXT-CANARY-Dạ chào"
    told = []
    for kind in ("gateway", "half", "down"):
        control.post("trouble", kind=kind, path="/message/cs")
        error = await failed(rig, co_ba, Part(canary))
        told.append("".join(traceback.format_exception(error)))
    control.post("revoke")
    told.append("".join(traceback.format_exception(await failed(rig, co_ba, Part(canary)))))
    pair = await rig.store.load()
    assert pair is not None
    everything = "\n".join([*told, caplog.text, repr(pair), repr(rig.channel)])
    for secret in (pair.access, pair.refresh, ACCOUNT.app_secret, ACCOUNT.oa_secret, canary, co_ba.id):
        assert secret not in everything
