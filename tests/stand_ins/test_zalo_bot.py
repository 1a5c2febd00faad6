"""The Zalo Bot stand-in against the platform's documents: methods, polling, webhooks, and what people see."""

import threading
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.stand_ins.control import Control, Someone
from tests.stand_ins.webhook import Receiver, received
from tests.stand_ins.zalo_bot.app import TOKEN, zalo_bot_served

SECRET = "a secret of the tests, long enough"  # noqa: S105


class Api:
    """A plain client of the bot's methods."""

    def __init__(self, address: str, token: str = TOKEN) -> None:
        self.http = httpx.Client(base_url=f"{address}/bot{token}", trust_env=False)

    def call(self, method: str, **given: object) -> Any:
        return self.http.post(method, json=given).json()


@pytest.fixture
def address() -> Iterator[str]:
    with zalo_bot_served() as address:
        yield address


@pytest.fixture
def control(address: str) -> Iterator[Control]:
    control = Control(address)
    yield control
    control.close()


@pytest.fixture
def api(address: str) -> Iterator[Api]:
    api = Api(address)
    yield api
    api.http.close()


@pytest.fixture
def receiver(api: Api) -> Iterator[Receiver]:
    with received() as receiver:
        assert api.call("setWebhook", url=receiver.address, secret_token=SECRET)["ok"]
        yield receiver


@pytest.fixture
def co_ba(control: Control) -> Someone:
    """Somebody who has written."""
    someone = control.person("Cô Ba")
    someone.writes("xin chào")
    return someone


def poll(api: Api) -> Any:
    return api.call("getUpdates", timeout="30")


# ---- the bot ----


def test_it_says_who_it_is(api: Api) -> None:
    assert api.call("getMe")["result"]["account_name"] == "bot.go_cua"


@pytest.mark.parametrize(("token", "method", "code"), [("1:x", "getMe", 401), (TOKEN, "getme", 404), (TOKEN, "x", 404)])
def test_names_and_tokens_are_exact(address: str, token: str, method: str, code: int) -> None:
    answer = httpx.post(f"{address}/bot{token}/{method}", trust_env=False)
    assert (answer.status_code, answer.json()["ok"], answer.json()["error_code"]) == (code, False, code)


# ---- sending ----


def test_a_text_is_seen_as_sent(api: Api, co_ba: Someone) -> None:
    sent = api.call("sendMessage", chat_id=co_ba.id, text="Dạ chào cô Ba")["result"]
    assert (co_ba.hears(), co_ba.sees()[-1]["id"]) == (["Dạ chào cô Ba"], sent["message_id"])
    assert sent["date"] > 10**12


def test_parameters_come_in_any_form(api: Api, co_ba: Someone) -> None:
    said = {"chat_id": co_ba.id, "text": "a"}
    for answer in (
        api.http.get("sendMessage", params=said),
        api.http.post("sendMessage", data=said),
        api.http.post("sendMessage", files={name: (None, value) for name, value in said.items()}),
    ):
        assert answer.json()["ok"]
    assert co_ba.hears() == ["a", "a", "a"]


def test_a_picture_is_an_address(api: Api, co_ba: Someone) -> None:
    url = "https://gocua.example/pictures/a.png"
    assert api.call("sendPhoto", chat_id=co_ba.id, photo=url, caption="Bước 3")["ok"]
    assert [(each["picture"], each["text"]) for each in co_ba.sees() if each["picture"]] == [(url, "Bước 3")]


def test_typing_has_no_result(api: Api, co_ba: Someone) -> None:
    assert api.call("sendChatAction", chat_id=co_ba.id, action="typing") == {"ok": True}
    assert co_ba.looks()["typing"]


@pytest.mark.parametrize(
    ("method", "given"),
    [
        ("sendMessage", {"text": ""}),
        ("sendMessage", {"text": "a" * 2001}),
        ("sendMessage", {"text": "a", "chat_id": "nobody"}),
        ("sendPhoto", {"photo": "a.png"}),
        ("sendPhoto", {"photo": "https://a.example/a.png", "caption": "a" * 2001}),
        ("sendVoice", {"voice_url": "https://a.example/a.mp3"}),
        ("sendChatAction", {"action": "dancing"}),
    ],
)
def test_what_breaks_a_limit_is_refused(api: Api, co_ba: Someone, method: str, given: dict[str, str]) -> None:
    assert api.call(method, **{"chat_id": co_ba.id, **given})["error_code"] == 400
    assert co_ba.hears() == []


def test_a_month_has_so_many_messages(api: Api, control: Control, co_ba: Someone) -> None:
    control.post("quota", left=1)
    answers = [api.call("sendMessage", chat_id=co_ba.id, text="a").get("error_code") for _ in range(2)]
    assert answers == [None, 429]


@pytest.mark.parametrize("html", [False, True])
def test_any_call_can_be_made_to_fail(api: Api, control: Control, co_ba: Someone, html: bool) -> None:
    control.post("refuse", code=429, html=html)
    answer = api.http.post("sendMessage", json={"chat_id": co_ba.id, "text": "a"})
    assert (answer.status_code, answer.text.startswith("<html>")) == (429, html)
    co_ba.blocks()
    assert api.call("sendMessage", chat_id=co_ba.id, text="a")["error_code"] == 400


# ---- polling ----


@pytest.mark.parametrize(("idle", "status"), [("http", 408), ("body", 200)])
def test_an_idle_poll_ends_in_408(api: Api, control: Control, idle: str, status: int) -> None:
    control.post("updates", idle=idle)
    answer = api.http.post("getUpdates", json={"timeout": 1})
    assert (answer.status_code, answer.json()["error_code"]) == (status, 408)


def test_updates_come_one_at_a_time_and_are_gone(api: Api, control: Control) -> None:
    poll(api)
    co_ba = control.person("Cô Ba")
    ids = [co_ba.writes(text) for text in ("một", "hai")]
    told = [poll(api)["result"]["message"] for _ in range(2)]
    assert [message["message_id"] for message in told] == ids
    assert told[0]["chat"] == {"id": co_ba.id, "chat_type": "PRIVATE"}
    assert not poll(api)["ok"]


def test_a_poll_ends_when_somebody_writes(address: str, control: Control) -> None:
    with zalo_bot_served(pace=1.0) as patient:
        told: list[Any] = []
        api, there = Api(patient), Control(patient)
        thread = threading.Thread(target=lambda: told.append(poll(api)))
        thread.start()
        writer = there.person("Cô Ba")
        while not told:
            writer.writes("chào")
            thread.join(0.1)
        api.http.close()
        there.close()
    assert told[0]["result"]["message"]["text"] == "chào"


def test_what_nobody_polls_for_is_lost(api: Api, co_ba: Someone) -> None:
    assert not poll(api)["ok"]


def test_polling_and_webhook_exclude_each_other(api: Api, receiver: Receiver) -> None:
    answer = poll(api)
    assert (answer["ok"], answer["error_code"]) == (False, 400)


# ---- the webhook ----


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("http://bot.example/hook", SECRET),
        ("https://192.168.1.4/hook", SECRET),
        ("https://[::1]/hook", SECRET),
        ("https://intranet/hook", SECRET),
        ("https://bot.example/hook", "short"),
        ("https://bot.example/hook", "a" * 257),
    ],
)
def test_a_webhook_is_public_and_has_a_secret(api: Api, url: str, secret: str) -> None:
    assert api.call("setWebhook", url=url, secret_token=secret)["error_code"] == 400


def test_a_webhook_is_told_and_taken_back(api: Api, control: Control) -> None:
    assert api.http.post("getWebhookInfo").status_code == 404
    control.post("webhook_info", forgetful=False)
    assert api.call("getWebhookInfo")["result"]["url"] == ""
    assert api.call("setWebhook", url="https://bot.example/hook", secret_token=SECRET)["ok"]
    assert api.call("getWebhookInfo")["result"]["url"] == "https://bot.example/hook"
    assert api.call("deleteWebhook")["result"]["url"] == ""


@pytest.mark.parametrize("shape", ["envelope", "bare"])
@pytest.mark.parametrize("photo", ["photo", "photo_url"])
def test_a_post_has_the_secret_and_either_shape(control: Control, receiver: Receiver, shape: str, photo: str) -> None:
    control.post("updates", shape=shape, photo=photo)
    control.person("Cô Ba").sends("photo", "coi giùm")
    control.settle()
    [post] = receiver.posts
    assert post.headers["x-bot-api-secret-token"] == SECRET
    update = post.body["result"] if shape == "envelope" else post.body
    assert (update["event_name"], photo in update["message"]) == ("message.image.received", True)


def test_protected_people_say_nothing_but_that_they_are_there(control: Control, receiver: Receiver) -> None:
    co_ba = control.person("Cô Ba")
    control.post("protect", user=co_ba.id, protected=True)
    co_ba.writes("chào")
    control.post("unknown")
    control.post("group", user=control.person("Chú Tư").id, text="@bot chào")
    control.settle()
    first, second, third = (post.body["result"] for post in receiver.posts)
    assert (first["event_name"], "text" in first["message"]) == ("message.unsupported.received", False)
    assert "message" not in second
    assert third["message"]["chat"]["chat_type"] == "GROUP"


@pytest.mark.parametrize(
    ("media", "event"),
    [("voice", "voice"), ("sticker", "sticker"), ("document", "unsupported"), ("location", "unsupported")],
)
def test_what_else_is_sent(control: Control, receiver: Receiver, media: str, event: str) -> None:
    control.person("Cô Ba").sends(media)
    control.settle()
    assert receiver.posts[0].body["result"]["event_name"] == f"message.{event}.received"


def test_duplicates_and_wrong_secrets_on_demand(control: Control, receiver: Receiver) -> None:
    control.post("updates", copies=2, secret="somebody else")  # noqa: S106
    control.person("Cô Ba").writes("chào")
    control.settle()
    assert [post.headers["x-bot-api-secret-token"] for post in receiver.posts] == ["somebody else"] * 2
    assert control.get("statuses") == [200, 200]
