"""What every channel promises: each test runs on all of them, against the platforms' stand-ins by real HTTP."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Iterator

import pytest

from bot.channels.channel import Part, SendError
from bot.channels.fitting import fit, units
from bot.channels.messages import Buttons, Message, Picture, Text
from bot.core.replies import Button
from bot.delivery.courier import Courier
from bot.delivery.shift import Shift
from bot.delivery.terms import TELEGRAM
from bot.metrics import Metrics
from tests.channels.suite import BY_NUMBER, COME_TO, PICTURE, PUSHED, Platforms, Pushed, Stage, now
from tests.delivery.fake_outbox import AlwaysOurs, FakeOutbox

pytestmark = pytest.mark.anyio

STEP = Text("Mở VNeID, gõ mật khẩu rồi bấm Đăng nhập.", "Bước 3/8: Đăng nhập", 3, 8)


def choices(count: int) -> Buttons:
    return Buttons(tuple(Button(f"vneid_muc_2.mo_app/cau-{number}", f"Câu số {number}") for number in range(count)))


@pytest.fixture(scope="module")
def platforms() -> Iterator[Platforms]:
    with Platforms() as platforms:
        yield platforms


@pytest.fixture(params=[*PUSHED, *COME_TO])
async def stage(request: pytest.FixtureRequest, platforms: Platforms) -> AsyncIterator[Stage]:
    if request.param in COME_TO:
        yield COME_TO[request.param]()
        return
    async with PUSHED[request.param](platforms[request.param]) as pushed:
        yield pushed


@pytest.fixture(params=PUSHED)
async def pushed(request: pytest.FixtureRequest, platforms: Platforms) -> AsyncIterator[Pushed]:
    async with PUSHED[request.param](platforms[request.param]) as pushed:
        yield pushed


# ---- what people see and choose ----


async def test_a_text_is_read_as_it_was_written(stage: Stage) -> None:
    await stage.show(Text("Bấm <b>Đồng ý</b> & chờ *một chút* nha cô 👍"))
    assert "Bấm <b>Đồng ý</b> & chờ *một chút* nha cô 👍" in stage.read()


async def test_a_step_shows_its_heading_its_picture_and_its_answers(stage: Stage) -> None:
    answers = Buttons((Button("v.x/xong-roi", "Xong rồi"), Button("v.x/chua-duoc", "Chưa được")))
    await stage.show(STEP, Picture(PICTURE, "Nút màu đỏ ở dưới"), answers)
    read = stage.read()
    assert all(words in read for words in (STEP.text, "Nút màu đỏ ở dưới"))
    assert (STEP.heading in read) == stage.tells_progress
    assert stage.pictures() == 1
    assert [await stage.choose(label) for label in ("Chưa được", "Xong rồi")] == ["v.x/chua-duoc", "v.x/xong-roi"]


# as many as Zalo has buttons, and one more
@pytest.mark.parametrize("count", [5, 6])
async def test_every_choice_can_be_made(stage: Stage, count: int) -> None:
    await stage.show(Text("Cô chọn giúp con."), choices(count))
    chosen = [await stage.choose(f"Câu số {number}") for number in range(count)]
    assert chosen == [f"vneid_muc_2.mo_app/cau-{number}" for number in range(count)]


async def test_a_long_label_keeps_all_its_words(stage: Stage) -> None:
    label = "Máy báo số căn cước này đã có người đăng ký bằng số điện thoại khác rồi " * 2
    await stage.show(Text("Máy báo gì ạ?"), Buttons((Button("a/mot", label.strip()), Button("a/hai", "Không thấy gì"))))
    assert await stage.choose(label.strip()) == "a/mot"


async def test_a_long_text_arrives_whole_and_in_order(stage: Stage) -> None:
    sentences = [f"Câu thứ {number} dài hơn một chút cho đủ chữ." for number in range(200)]
    await stage.show(Text(" ".join(sentences)), choices(2))
    read = stage.read()
    places = [read.find(sentence) for sentence in sentences]
    assert -1 not in places
    assert places == sorted(places)
    assert await stage.choose("Câu số 1") == "vneid_muc_2.mo_app/cau-1"


# ---- what goes wrong on the way ----


async def failed(stage: Pushed, text: str = "chào cô") -> SendError:
    with pytest.raises(SendError) as found:
        await stage.channel.send(stage.address, Part(text))
    return found.value


async def test_a_throttled_channel_says_so_for_everybody(pushed: Pushed) -> None:
    pushed.refuse(pushed.faults.throttle)
    error = await failed(pushed)
    assert (error.fate, error.everywhere, error.unknown, error.after > 0) == ("retry", True, False, True)
    await pushed.channel.send(pushed.address, Part("lại"))
    assert pushed.read() == "lại"


async def test_somebody_who_blocked_the_bot_is_let_go(pushed: Pushed) -> None:
    pushed.person.blocks()
    error = await failed(pushed)
    # what the Zalo Bot platform says of somebody who blocked it is not documented
    expected = "drop" if pushed.channel.name == "zalo_bot" else "unreachable"
    assert (error.fate, error.everywhere) == (expected, False)


async def test_a_platform_that_does_not_know_us_any_more_needs_the_operator(pushed: Pushed) -> None:
    pushed.refuse(pushed.faults.token)
    assert (await failed(pushed)).fate == "operator"


async def test_a_gateway_s_page_is_no_answer(pushed: Pushed) -> None:
    pushed.trouble("gateway")
    error = await failed(pushed)
    assert (error.fate, error.unknown) == ("retry", False)
    assert pushed.read() == ""


async def test_a_network_that_is_down_is_tried_again(pushed: Pushed) -> None:
    pushed.trouble("down")
    assert (await failed(pushed)).fate == "retry"
    await pushed.channel.send(pushed.address, Part("lại"))
    assert pushed.read() == "lại"


async def test_half_an_answer_leaves_open_whether_it_arrived(pushed: Pushed) -> None:
    pushed.trouble("half")
    error = await failed(pushed)
    assert (error.fate, error.unknown) == ("retry", True)
    assert pushed.read() == "chào cô"


@pytest.mark.parametrize("kind", ["down", "gateway", "half", "throttle", "token"])
async def test_no_secret_and_no_content_in_logs_and_errors(
    pushed: Pushed, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    if kind in ("throttle", "token"):
        pushed.refuse(getattr(pushed.faults, kind))
    else:
        pushed.trouble(kind)
    error = await failed(pushed, "chim hoàng yến")
    told = caplog.text + "".join(traceback.format_exception(error))
    assert [secret for secret in (*pushed.secrets, "hoàng yến") if secret in told] == []


# ---- with delivery ----


async def test_a_courier_hands_over_whole_turns(pushed: Pushed) -> None:
    outbox = FakeOutbox()
    turns: list[list[Message]] = [
        [STEP, Picture(PICTURE, "Nút màu đỏ ở dưới"), choices(3)],
        [Text("Dạ để con nói lại nha.")],
    ]
    for turn in turns:
        outbox.put(pushed.address, turn, channel=pushed.channel.name)
    courier = Courier(
        pushed.channel,
        outbox,
        terms=TELEGRAM,
        fit=lambda messages, abilities: fit(messages, abilities, by_number=BY_NUMBER),
        shift=Shift(AlwaysOurs(), pushed.channel.name),
        metrics=Metrics(),
        now=now,
        chance=lambda: 0.5,
    )
    async with asyncio.timeout(30):
        running = asyncio.create_task(courier.run())
        while "Dạ để con nói lại nha." not in pushed.read():
            await asyncio.sleep(0.05)
        courier.stop()
        await running
    assert outbox.statuses() == [("sent", ""), ("sent", "")]
    heading = f"{STEP.heading}\n" if pushed.tells_progress else ""
    assert pushed.read().startswith(f"Nút màu đỏ ở dưới\n{heading}Mở VNeID")
    assert all(units(text) <= pushed.channel.abilities.text for text in pushed.person.hears())
