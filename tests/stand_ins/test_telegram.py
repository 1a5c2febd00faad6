"""The Telegram stand-in, asked by two independent clients: the same table of cases for both."""

import io
import re
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from PIL import Image

from tests.stand_ins.control import Control, Someone
from tests.stand_ins.telegram.app import TOKEN, telegram_served
from tests.stand_ins.telegram.errors import TooManyRequests
from tests.stand_ins.telegram.limits import Limits
from tests.stand_ins.telegram_clients import CLIENTS, Client, Lost, Refused
from tests.stand_ins.webhook import Receiver, received

pytestmark = pytest.mark.anyio


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


@pytest.fixture(scope="module", params=CLIENTS)
async def client(request: pytest.FixtureRequest, address: str) -> AsyncIterator[Client]:
    async with CLIENTS[request.param](address, TOKEN) as client:
        yield client


@pytest.fixture
def co_ba(control: Control, client: Client, request: pytest.FixtureRequest) -> Someone:
    """Somebody new who has opened the chat; what the bot missed until then is forgotten."""
    someone = control.person(request.node.name)
    control.post("updates", held=True)
    someone.writes("/start")
    return someone


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with received() as receiver:
        yield receiver


def refusal(why: str) -> pytest.RaisesExc[Refused]:
    # one library writes the first letter large
    return pytest.RaisesExc(Refused, match=re.compile(re.escape(why), re.IGNORECASE))


def picture(width: int = 800, height: int = 600) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return out.getvalue()


# ---- talking ----


async def test_it_says_who_it_is(client: Client) -> None:
    assert await client.me() == "Gõ Cửa"


async def test_a_message_with_buttons_is_seen_as_it_was_sent(client: Client, co_ba: Someone) -> None:
    sent = await client.send(co_ba.id, "  Dạ cô mở app VNeID nha. \n", [("Xong rồi", "s:1"), ("Chưa được", "s:2")])
    assert (sent.text, sent.keys) == ("Dạ cô mở app VNeID nha.", (("Xong rồi", "s:1"), ("Chưa được", "s:2")))
    assert (co_ba.hears(), co_ba.labels()) == (["Dạ cô mở app VNeID nha."], ["Xong rồi", "Chưa được"])


async def test_a_picture_is_uploaded_once_and_sent_again_by_its_id(client: Client, co_ba: Someone) -> None:
    first = await client.photo(co_ba.id, picture(), "Tìm VNeID")
    again = await client.photo(co_ba.id, first.file_id)
    assert (first.text, again.file_id) == ("Tìm VNeID", first.file_id)
    addresses = {bubble["picture"] for bubble in co_ba.sees() if not bubble["mine"]}
    assert len(addresses) == 1


async def test_an_edited_message_changes_and_one_left_as_it_is_does_not(client: Client, co_ba: Someone) -> None:
    sent = await client.send(co_ba.id, "Bấm nút nha", [("Xong", "x")])
    edited = await client.edit(co_ba.id, sent.id, "Đã bấm Xong")
    assert (edited.text, edited.keys, co_ba.labels()) == ("Đã bấm Xong", (), [])
    with refusal("message is not modified"):
        await client.edit(co_ba.id, sent.id, "Đã bấm Xong")


async def test_a_deleted_message_is_gone(client: Client, co_ba: Someone) -> None:
    sent = await client.send(co_ba.id, "nhầm")
    assert await client.delete(co_ba.id, sent.id)
    assert co_ba.hears() == []


async def test_typing_is_seen_until_the_message_comes(client: Client, co_ba: Someone) -> None:
    await client.typing(co_ba.id)
    assert co_ba.looks()["typing"]
    await client.send(co_ba.id, "đây")
    assert not co_ba.looks()["typing"]


async def test_a_tapped_button_is_busy_until_it_is_answered(client: Client, co_ba: Someone) -> None:
    await client.send(co_ba.id, "Bấm nha", [("Xong", "x")])
    co_ba.taps("Xong")
    *_, tap = await client.updates()
    assert (tap.kind, tap.said) == ("callback_query", "x")
    assert [key["busy"] for row in co_ba.sees()[-1]["keys"] for key in row] == [True]
    assert await client.answer(tap.query, "Dạ")
    assert [key["busy"] for row in co_ba.sees()[-1]["keys"] for key in row] == [False]
    assert co_ba.looks()["toast"] == "Dạ"
    with refusal("query is too old"):
        await client.answer(tap.query)


# ---- what is refused ----


@pytest.mark.parametrize(
    ("text", "keys", "why"),
    [
        pytest.param(" \n ", [], "message text is empty", id="empty"),
        pytest.param("ă" * 4097, [], "message is too long", id="long"),
        pytest.param("😀" * 2049, [], "message is too long", id="long in units"),
        pytest.param("a", [("x", "d" * 65)], "BUTTON_DATA_INVALID", id="long data"),
        pytest.param("a", [("x", "đ" * 33)], "BUTTON_DATA_INVALID", id="long data in bytes"),
        pytest.param("a", [(" ", "d")], "can't parse inline keyboard button", id="no label"),
        pytest.param("a", [("x", "d")] * 101, "reply markup is too long", id="many buttons"),
    ],
)
async def test_a_message_telegram_would_not_take(
    client: Client, co_ba: Someone, text: str, keys: list[tuple[str, str]], why: str
) -> None:
    with refusal(why):
        await client.send(co_ba.id, text, keys)
    assert co_ba.hears() == []


@pytest.mark.parametrize(
    ("sent", "caption", "why"),
    [
        pytest.param(picture(), "ă" * 1025, "message caption is too long", id="long caption"),
        pytest.param(b"no picture", "", "IMAGE_PROCESS_FAILED", id="no picture"),
        pytest.param(picture(4000, 100), "", "PHOTO_INVALID_DIMENSIONS", id="narrow"),
        pytest.param("AgACmadeUp", "", "wrong file identifier", id="unknown id"),
        pytest.param("http://127.0.0.1:9/x.png", "", "failed to get HTTP URL content", id="address"),
    ],
)
async def test_a_picture_telegram_would_not_take(
    client: Client, co_ba: Someone, sent: bytes | str, caption: str, why: str
) -> None:
    with refusal(why):
        await client.photo(co_ba.id, sent, caption)


async def test_ids_of_pictures_can_be_forgotten(client: Client, co_ba: Someone, control: Control) -> None:
    sent = await client.photo(co_ba.id, picture())
    assert (await client.file(sent.file_id)).endswith(sent.file_id)
    control.post("files", refuse_downloads=True)
    with refusal("file is too big"):
        await client.file(sent.file_id)
    control.post("files", forget=True)
    with refusal("wrong file identifier"):
        await client.photo(co_ba.id, sent.file_id)


async def test_only_those_who_wrote_first_can_be_written_to(client: Client, control: Control) -> None:
    with refusal("chat not found"):
        await client.send("99", "a")
    with refusal("can't initiate conversation"):
        await client.send(control.person("Chưa nhắn").id, "a")


async def test_who_blocks_the_bot_hears_nothing_until_they_are_back(client: Client, co_ba: Someone) -> None:
    co_ba.blocks()
    with refusal("bot was blocked by the user"):
        await client.send(co_ba.id, "a")
    co_ba.blocks(False)
    await client.send(co_ba.id, "b")
    assert co_ba.hears() == ["b"]
    assert [update.kind for update in await client.updates()][-2:] == ["my_chat_member", "my_chat_member"]


async def test_a_wrong_token_is_nobodys(address: str) -> None:
    for open_client in CLIENTS.values():
        async with open_client(address, "7000000001:AAwrong") as client:
            with refusal("Unauthorized"):
                await client.me()


# ---- too fast, and a network that fails ----


async def test_a_flood_is_stopped_and_told_how_long_to_wait(client: Client, co_ba: Someone, control: Control) -> None:
    control.post("limits", factor=0.001, burst=1)
    await client.send(co_ba.id, "a")
    with pytest.raises(Refused) as refused:
        await client.send(co_ba.id, "b")
    assert 990 <= refused.value.retry_after <= 1000
    assert co_ba.hears() == ["a"]


def test_the_limits_are_those_of_telegram() -> None:
    seconds = 0.0
    limits = Limits(lambda: seconds, factor=1)
    taken = [_taken(limits, chat) for chat in (1, 1, 1, 1, 1, 1, *range(2, 30))]
    # a short burst to one chat, then one a second; thirty a second in all
    assert taken == [True] * 5 + [False] + [True] * 25 + [False] * 3
    seconds = 1.0
    assert [_taken(limits, 1), _taken(limits, 1)] == [True, False]


def _taken(limits: Limits, chat: int) -> bool:
    try:
        limits.check(chat)
    except TooManyRequests:
        return False
    return True


async def test_an_answer_can_be_asked_for(client: Client, co_ba: Someone, control: Control) -> None:
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    control.post("refuse", code=429, description="Too Many Requests: retry after 7", parameters={"retry_after": 7})
    control.post("refuse", code=400, description=description, parameters={"migrate_to_chat_id": -1001})
    with pytest.raises(Refused) as refused:
        await client.send(co_ba.id, "a")
    assert refused.value.retry_after == 7
    with refusal("upgraded to a supergroup"):
        await client.send(co_ba.id, "a")
    await client.send(co_ba.id, "a")


@pytest.mark.parametrize(("kind", "heard"), [("down", []), ("gateway", []), ("half", ["a"]), ("hang", ["a"])])
async def test_what_a_failing_network_leaves_behind(
    client: Client, co_ba: Someone, control: Control, kind: str, heard: list[str]
) -> None:
    control.post("trouble", kind=kind, path="sendMessage")
    with pytest.raises(Lost):
        await client.send(co_ba.id, "a")
    assert co_ba.hears() == heard
    await client.send(co_ba.id, "b")


# ---- polling ----


async def test_updates_stay_until_they_are_confirmed(client: Client, co_ba: Someone) -> None:
    co_ba.writes("một")
    bubble = co_ba.writes("hai")
    co_ba.edits(bubble, "hai ba")
    first = await client.updates()
    assert [(update.kind, update.said) for update in first] == [
        ("message", "/start"), ("message", "một"), ("message", "hai"), ("edited_message", "hai ba"),
    ]  # fmt: skip
    assert [update.id for update in first] == list(range(first[0].id, first[0].id + 4))
    assert await client.updates(offset=first[1].id) == first[1:]
    assert await client.updates(offset=first[-1].id + 1) == []


async def test_a_poll_waits_and_a_webhook_excludes_it(client: Client, co_ba: Someone) -> None:
    (start,) = await client.updates()
    assert await client.updates(offset=start.id + 1, wait=1) == []
    await client.set_webhook("http://127.0.0.1:9/")
    with refusal("can't use getUpdates method while webhook is active"):
        await client.updates()


# ---- the webhook ----


async def test_a_webhook_gets_each_update_with_the_secret(client: Client, control: Control, receiver: Receiver) -> None:
    someone = control.person(f"webhook {type(client).__name__}")
    await client.set_webhook(receiver.address, "s3cret_-", connections=7)
    assert (await client.webhook()).max_connections == 7
    someone.writes("xin chào")
    control.settle()
    (post,) = receiver.posts
    assert post.headers["x-telegram-bot-api-secret-token"] == "s3cret_-"
    assert post.body["message"]["text"] == "xin chào"


@pytest.mark.parametrize("secret", ["có dấu", "a b", "x" * 257])
async def test_a_secret_has_plain_letters_only(client: Client, secret: str) -> None:
    with refusal("secret token"):
        await client.set_webhook("https://go.example/", secret)


async def test_a_webhook_that_fails_is_tried_again_in_order(
    client: Client, control: Control, receiver: Receiver
) -> None:
    someone = control.person(f"again {type(client).__name__}")
    receiver.answers[:] = [500, 500, 500]
    await client.set_webhook(receiver.address)
    someone.writes("một")
    someone.writes("hai")
    control.settle()
    assert [post.body["message"]["text"] for post in receiver.posts] == ["một"] * 4 + ["hai"]
    info = await client.webhook()
    assert (info.pending, info.last_error) == (0, "Wrong response from the webhook: 500 Internal Server Error")


async def test_updates_can_be_doubled_and_turned_round(client: Client, control: Control, receiver: Receiver) -> None:
    someone = control.person(f"twice {type(client).__name__}")
    control.post("updates", held=True)
    await client.set_webhook(receiver.address)
    someone.writes("một")
    someone.writes("hai")
    assert (await client.webhook()).pending == 2
    control.post("updates", held=False, copies=2, backwards=True)
    control.settle()
    assert [post.body["message"]["text"] for post in receiver.posts] == ["hai", "hai", "một", "một"]


async def test_a_webhook_may_answer_with_a_method(client: Client, control: Control, receiver: Receiver) -> None:
    someone = control.person(f"method {type(client).__name__}")
    receiver.says = {"method": "sendMessage", "chat_id": someone.id, "text": "nghe rồi"}
    await client.set_webhook(receiver.address)
    someone.writes("alo")
    control.settle()
    assert someone.hears() == ["nghe rồi"]


async def test_an_address_where_nobody_listens_is_told(client: Client, control: Control) -> None:
    with received() as gone:
        pass
    await client.set_webhook(gone.address)
    someone = control.person(f"gone {type(client).__name__}")
    someone.writes("alo")
    while not (info := await client.webhook()).last_error:
        pass
    assert (info.pending, info.last_error) == (1, "Connection refused")


# ---- the protocol itself ----


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        ("bot1:a/getMe", 401, "Unauthorized"),
        (f"bot{TOKEN}/getNothing", 404, "Not Found: method not found"),
        ("getMe", 404, "Not Found"),
        (f"bot{TOKEN}/sendMessage", 400, "Bad Request: chat_id is empty"),
        (
            f"bot{TOKEN}/setWebhook?url=http://go.example/",
            400,
            "Bad Request: bad webhook: An HTTPS URL must be provided for webhook",
        ),
    ],
)
def test_errors_have_telegrams_shape(address: str, path: str, status: int, description: str) -> None:
    answer = httpx.get(f"{address}/{path}", trust_env=False)
    assert (answer.status_code, answer.json()) == (
        status,
        {"ok": False, "error_code": status, "description": description},
    )


@pytest.mark.parametrize("how", ["query", "form", "json", "parts"])
def test_parameters_come_in_four_ways(address: str, how: str) -> None:
    said = {
        "chat_id": "99",
        "text": "a",
        "reply_markup": '{"inline_keyboard": [[{"text": "x", "callback_data": "y"}]]}',
    }
    given = {
        "query": {"params": said},
        "form": {"data": said},
        "json": {"json": said},
        "parts": {"data": said, "files": {"z": b"1"}},
    }
    answer = httpx.request("POST", f"{address}/bot{TOKEN}/sendmessage", trust_env=False, **given[how])  # type: ignore[arg-type]
    assert answer.json()["description"] == "Bad Request: chat not found"


@pytest.mark.parametrize(
    ("html", "text", "marked"),
    [
        ("Chào <b>cô</b> &amp; <i>chú</i>", "Chào cô & chú", [("bold", 5, 2), ("italic", 10, 3)]),
        ("😀<a href='https://vneid.gov.vn'>đây</a>", "😀đây", [("text_link", 2, 3)]),
    ],
)
def test_html_is_read_as_telegram_reads_it(
    address: str, control: Control, html: str, text: str, marked: list[tuple[str, int, int]]
) -> None:
    someone = control.person(html)
    someone.writes("/start")
    said = {"chat_id": someone.id, "text": html, "parse_mode": "HTML"}
    message = httpx.post(f"{address}/bot{TOKEN}/sendMessage", json=said, trust_env=False).json()["result"]
    found = [(each["type"], each["offset"], each["length"]) for each in message["entities"]]
    assert (message["text"], found) == (text, marked)
