"""The Official Account's stand-in against the platform's documents: tokens, calls, webhooks, and what people see."""

import hashlib
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from PIL import Image

from tests.stand_ins.control import Control, Someone
from tests.stand_ins.webhook import Post, Receiver, received
from tests.stand_ins.zalo_oa.app import ACCOUNT, zalo_oa_served
from tests.stand_ins.zalo_oa.grants import challenge_of

DAY = 86400.0

BUTTONS: list[dict[str, object]] = [
    {"title": "Xong rồi", "type": "oa.query.show", "payload": "Xong rồi"},
    {"title": "Chưa được", "type": "oa.query.hide", "payload": "#s:2"},
    {"title": "Gọi", "type": "oa.open.phone", "payload": {"phone_code": "19000368"}},
]


class Api:
    """A plain client of the API, with a token that works."""

    def __init__(self, address: str, token: str) -> None:
        self.http = httpx.Client(base_url=address, headers={"access_token": token}, trust_env=False)

    def post(self, path: str, body: object) -> Any:
        return self.http.post(path, json=body).raise_for_status().json()

    def get(self, path: str, data: object) -> Any:
        return self.http.get(path, params={"data": json.dumps(data)}).raise_for_status().json()

    def upload(self, data: bytes, kind: str = "image") -> Any:
        files = {"file": ("picture", data)}
        return self.http.post(f"/v2.0/oa/upload/{kind}", files=files).raise_for_status().json()

    def say(self, user: str, text: str, **more: object) -> Any:
        return self.send(user, {"text": text, **more})

    def send(self, user: str, message: object) -> Any:
        return self.post("/v3.0/oa/message/cs", {"recipient": {"user_id": user}, "message": message})


@pytest.fixture
def address() -> Iterator[str]:
    with zalo_oa_served() as address:
        yield address


@pytest.fixture
def control(address: str) -> Iterator[Control]:
    control = Control(address)
    yield control
    control.close()


@pytest.fixture
def api(address: str, control: Control) -> Iterator[Api]:
    api = Api(address, control.post("tokens")["access"])
    yield api
    api.http.close()


@pytest.fixture
def receiver(control: Control) -> Iterator[Receiver]:
    with received() as receiver:
        assert control.post("webhook", url=receiver.address) == 200
        receiver.posts.clear()
        yield receiver


@pytest.fixture
def co_ba(control: Control) -> Someone:
    """Somebody who has written."""
    someone = control.person("Cô Ba")
    someone.writes("xin chào")
    return someone


def picture(kind: str = "PNG", side: int = 60) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), "teal").save(out, kind)
    return out.getvalue()


def buttons(*given: object) -> dict[str, object]:
    return {"attachment": {"type": "template", "payload": {"buttons": list(given)}}}


def media(**element: object) -> dict[str, object]:
    payload = {"template_type": "media", "elements": [element]}
    return {"text": "Bước 3", "attachment": {"type": "template", "payload": payload}}


# ---- tokens ----


def token(address: str, secret: str = ACCOUNT.app_secret, **form: str) -> Any:
    return httpx.post(
        f"{address}/v4/oa/access_token",
        data={"app_id": ACCOUNT.app_id, **form},
        headers={"secret_key": secret},
        trust_env=False,
    ).json()


def account(address: str, token: str) -> Any:
    """What the API says to a token."""
    return httpx.get(f"{address}/v2.0/oa/getoa", headers={"access_token": token}, trust_env=False).json()


def test_consent_gives_a_code_for_one_pair(address: str) -> None:
    verifier = "A" * 43
    asked = {
        "app_id": ACCOUNT.app_id,
        "redirect_uri": ACCOUNT.redirect_uri,
        "code_challenge": challenge_of(verifier),
        "state": "x",
    }
    page = httpx.get(f"{address}/v4/oa/permission", params=asked, trust_env=False)
    assert "Cho phép" in page.text
    sent_to = httpx.get(f"{address}/v4/oa/permission/allow", params=asked, trust_env=False).headers["location"]
    told = {name: value for name, [value] in parse_qs(urlsplit(sent_to).query).items()}
    assert (sent_to.startswith(ACCOUNT.redirect_uri), told["oa_id"], told["state"]) == (True, ACCOUNT.oa_id, "x")
    form = {"grant_type": "authorization_code", "code": told["code"], "code_verifier": verifier}
    pair = token(address, **form)
    assert pair["expires_in"] == "90000"
    assert "access_token" not in token(address, **form)
    assert account(address, pair["access_token"])["data"]["oa_id"] == ACCOUNT.oa_id


def test_consent_for_an_address_not_in_the_console_is_refused(address: str) -> None:
    asked = {"app_id": ACCOUNT.app_id, "redirect_uri": "https://elsewhere.example"}
    refused = httpx.get(f"{address}/v4/oa/permission", params=asked, trust_env=False).json()
    assert (refused["error"], refused["error_name"]) == (-14003, "Invalid redirect uri")


def test_a_refresh_kills_both_old_tokens_and_works_once(address: str, control: Control) -> None:
    old = control.post("tokens")
    form = {"grant_type": "refresh_token", "refresh_token": old["refresh"]}
    new = token(address, **form)
    again = token(address, **form)
    assert ("access_token" in again, again["error"] < 0) == (False, True)
    assert account(address, old["access"])["error"] == -220
    assert account(address, new["access_token"])["error"] == 0


@pytest.mark.parametrize("wrong", [{"secret": "x"}, {"app_id": "1"}, {"grant_type": "password"}])
def test_a_wrong_refresh_is_no_refresh(address: str, control: Control, wrong: dict[str, str]) -> None:
    pair = control.post("tokens")
    given = {"grant_type": "refresh_token", "refresh_token": pair["refresh"], **wrong}
    assert "access_token" not in token(address, **given)
    assert account(address, pair["access"])["error"] == 0


def test_tokens_grow_old(address: str, control: Control) -> None:
    pair = control.post("tokens")
    control.post("clock", seconds=25 * 3600)
    assert account(address, pair["access"])["error"] == -220
    control.post("clock", seconds=90 * DAY)
    assert "access_token" not in token(address, grant_type="refresh_token", refresh_token=pair["refresh"])


@pytest.mark.parametrize(("given", "error"), [("", -216), ("nobody", -216)])
def test_an_unknown_token_is_answered_with_http_200(address: str, given: str, error: int) -> None:
    assert account(address, given)["error"] == error


def test_the_proof_is_wanted_where_it_is_switched_on(api: Api, control: Control) -> None:
    control.post("proof", needed=True)
    assert api.get("/v2.0/oa/getoa", {})["error"] == -242


# ---- sending ----


def test_a_text_is_seen_as_sent_and_counted(api: Api, co_ba: Someone) -> None:
    answer = api.say(co_ba.id, "Dạ chào cô Ba")
    assert (answer["error"], answer["data"]["user_id"]) == (0, co_ba.id)
    assert answer["data"]["quota"] == {"quota_type": "reply", "remain": 7, "total": 8}
    assert co_ba.hears() == ["Dạ chào cô Ba"]


def test_quota_goes_from_free_to_paid_to_none(api: Api, control: Control, co_ba: Someone) -> None:
    kinds = [api.say(co_ba.id, "a")["data"].get("quota", {}).get("quota_type") for _ in range(9)]
    assert kinds == ["reply"] * 8 + ["sub_quota"]
    told = api.post("/v3.0/oa/quota/message", {"quota_owner": "OA", "product_type": "cs"})["data"]
    assert (told[0]["quota_type"], told[0]["remain"]) == ("sub_quota", 499)
    for _ in range(499):
        api.say(co_ba.id, "a")
    assert "quota" not in api.say(co_ba.id, "a")["data"]


def test_buttons_are_tapped_as_texts(api: Api, control: Control, receiver: Receiver) -> None:
    co_ba = control.person("Cô Ba")
    co_ba.writes("chào")
    api.say(co_ba.id, "Sao rồi cô?", **buttons(*BUTTONS))
    for label in co_ba.labels():
        co_ba.taps(label)
    control.settle()
    texts = [post.body["message"]["text"] for post in events(receiver, "user_send_text")]
    assert texts == ["chào", "Xong rồi", "#s:2"]
    assert [bubble["text"] for bubble in co_ba.sees() if bubble["mine"]] == ["chào", "Xong rồi"]


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({"text": ""}, -201),
        ({"text": "a" * 2001}, -210),
        ({"text": "a", **buttons(*[BUTTONS[0]] * 6)}, -201),
        ({"text": "a", **buttons({**BUTTONS[0], "payload": "a" * 1001})}, -201),
        ({"text": "a", **buttons({**BUTTONS[0], "title": "a" * 101})}, -201),
        ({"text": "a", **buttons({**BUTTONS[0], "payload": {"text": "a"}})}, -201),
        (media(media_type="image", attachment_id="image-none"), -201),
        (media(media_type="image"), -201),
        (media(media_type="image", url="https://a.example/a.png", attachment_id="x"), -201),
        (media(media_type="pdf", url="https://a.example/a.pdf"), -201),
        ({"attachment": {"type": "audio", "payload": {}}}, -233),
        ({"attachment": {"type": "template", "payload": {"template_type": "list"}}}, -233),
    ],
)
def test_what_breaks_a_limit_is_refused(api: Api, co_ba: Someone, message: object, error: int) -> None:
    assert api.send(co_ba.id, message)["error"] == error
    assert co_ba.hears() == []


def test_nobody_is_written_to_a_week_after_they_wrote(api: Api, control: Control, co_ba: Someone) -> None:
    never = control.person("Ngoại")
    assert api.say(never.id, "a")["error"] == -232
    control.post("lapse", user=co_ba.id, seconds=8 * DAY)
    assert api.say(co_ba.id, "a")["error"] == -230
    co_ba.blocks()
    assert api.say(co_ba.id, "a")["error"] == -213


def test_retired_and_unknown_paths(api: Api, co_ba: Someone) -> None:
    body = {"recipient": {"user_id": co_ba.id}, "message": {"text": "a"}}
    assert api.post("/v2.0/oa/message", body)["error"] == -240
    assert api.http.post("/v3.0/oa/message", json=body).status_code == 404
    reaction = {"react_icon": "/-strong", "react_message_id": "m"}
    assert api.post("/v2.0/oa/message", {"recipient": body["recipient"], "sender_action": reaction})["error"] == 0


def test_calls_of_a_minute_are_counted(api: Api, control: Control, co_ba: Someone) -> None:
    control.post("rate", limit=2)
    body = {"recipient": {"user_id": co_ba.id}, "message": {"text": "a"}}
    answers = [api.http.post("/v3.0/oa/message/cs", json=body) for _ in range(3)]
    assert [answer.json()["error"] for answer in answers] == [0, 0, -32]
    assert [answer.headers["x-ratelimit-remain"] for answer in answers] == ["1", "0", "0"]
    control.post("clock", seconds=60)
    assert api.say(co_ba.id, "a")["error"] == 0


@pytest.mark.parametrize("code", [-32, -213, -227, -244])
def test_any_call_can_be_made_to_fail(api: Api, control: Control, co_ba: Someone, code: int) -> None:
    control.post("refuse", code=code, user=co_ba.id)
    assert [api.say(co_ba.id, "a")["error"] for _ in range(2)] == [code, 0]


# ---- uploads ----


def test_a_picture_is_uploaded_and_sent_until_it_expires(api: Api, control: Control, co_ba: Someone) -> None:
    id = api.upload(picture())["data"]["attachment_id"]
    assert api.send(co_ba.id, media(media_type="image", attachment_id=id))["error"] == 0
    [shown] = [bubble for bubble in co_ba.sees() if bubble["picture"]]
    assert (shown["text"], api.http.get(shown["picture"]).content) == ("Bước 3", picture())
    control.post("clock", seconds=7 * DAY - 10)
    co_ba.writes("còn đây")
    token = control.post("tokens")["access"]
    api.http.headers["access_token"] = token
    assert api.send(co_ba.id, media(media_type="image", attachment_id=id))["error"] == 0
    control.post("clock", seconds=20)
    assert api.send(co_ba.id, media(media_type="image", attachment_id=id))["error"] == -100


@pytest.mark.parametrize(
    ("data", "kind", "error"),
    [
        (b"%PDF-1.4", "image", -201),
        (b"", "image", -201),
        (picture("GIF"), "image", -201),
        (picture("JPEG"), "image", 0),
        (picture("PNG") + bytes(1024 * 1024), "image", -201),
        (picture("GIF"), "gif", 0),
        (b"%PDF-1.4", "file", 0),
    ],
)
def test_what_can_be_uploaded(api: Api, data: bytes, kind: str, error: int) -> None:
    assert api.upload(data, kind)["error"] == error


def test_a_file_is_sent_by_its_token(api: Api, co_ba: Someone) -> None:
    token = api.upload(b"%PDF-1.4", "file")["data"]["token"]
    assert api.send(co_ba.id, {"attachment": {"type": "file", "payload": {"token": token}}})["error"] == 0


# ---- reading ----


def test_a_get_reads_its_data_parameter_alone(api: Api, co_ba: Someone) -> None:
    told = api.get("/v3.0/oa/user/detail", {"user_id": co_ba.id})["data"]
    assert (told["display_name"], told["user_is_follower"]) == ("Cô Ba", False)
    assert api.http.get("/v3.0/oa/user/detail", params={"user_id": co_ba.id}).json()["error"] == -201
    assert api.http.get("/v3.0/oa/user/detail", params={"data": "user"}).json()["error"] == -201


def test_lists_of_people_and_messages(api: Api, co_ba: Someone) -> None:
    api.say(co_ba.id, "Dạ chào")
    users = api.get("/v3.0/oa/user/getlist", {"offset": 0, "count": 50})["data"]
    assert (users["total"], users["users"][0]) == (4, {"user_id": co_ba.id})
    assert api.get("/v3.0/oa/user/getlist", {"offset": 0, "count": 51})["error"] == -201
    assert [each["message"] for each in api.get("/v2.0/oa/listrecentchat", {"offset": 0, "count": 5})["data"]] == [
        "Dạ chào"
    ]
    talk = api.get("/v2.0/oa/conversation", {"user_id": co_ba.id, "offset": 0, "count": 5})["data"]
    assert [each["message"] for each in talk] == ["Dạ chào", "xin chào"]


# ---- webhooks ----


def events(receiver: Receiver, name: str) -> list[Post]:
    return [post for post in receiver.posts if post.body.get("event_name") == name]


def is_signed(post: Post) -> bool:
    stamp = str(post.body["timestamp"]).encode()
    mac = hashlib.sha256(ACCOUNT.app_id.encode() + post.raw + stamp + ACCOUNT.oa_secret.encode()).hexdigest()
    return post.headers.get("x-zevent-signature") == f"mac={mac}"


def test_an_event_is_signed_over_its_bytes(control: Control, receiver: Receiver) -> None:
    co_ba = control.person("Cô Ba")
    id = co_ba.writes("Xin chào")
    control.settle()
    [post] = receiver.posts
    assert is_signed(post)
    assert '"text":"Xin chào"'.encode() in post.raw
    assert post.body["sender"]["id"] == co_ba.id
    assert post.body["message"] == {"text": "Xin chào", "msg_id": id}
    assert (post.body["recipient"]["id"], post.body["app_id"]) == (ACCOUNT.oa_id, ACCOUNT.app_id)
    assert isinstance(post.body["timestamp"], str)


@pytest.mark.parametrize(
    ("media", "event"),
    [
        ("voice", "user_send_audio"),
        ("photo", "user_send_image"),
        ("gif", "user_send_gif"),
        ("video", "user_send_video"),
        ("document", "user_send_file"),
        ("contact", "user_send_business_card"),
        ("link", "user_send_link"),
        ("location", "user_send_location"),
        ("sticker", "user_send_sticker"),
    ],
)
def test_what_else_is_sent_has_an_event_of_its_own(
    control: Control, receiver: Receiver, media: str, event: str
) -> None:
    control.person("Cô Ba").sends(media, "coi giùm")
    control.settle()
    [post] = events(receiver, event)
    assert post.body["message"]["text"] == "coi giùm"
    assert post.body["message"]["attachments"][0]["payload"]


def test_following_has_no_sender(control: Control, receiver: Receiver) -> None:
    co_ba = control.person("Cô Ba")
    control.post("follow", user=co_ba.id, follows=True)
    co_ba.blocks()
    control.settle()
    assert [post.body["event_name"] for post in receiver.posts] == ["follow", "unfollow"]
    assert receiver.posts[0].body["follower"] == {"id": co_ba.id}
    assert "sender" not in receiver.posts[0].body


def test_every_message_of_the_account_is_echoed(api: Api, control: Control, receiver: Receiver, co_ba: Someone) -> None:
    sent = api.say(co_ba.id, "của bot")["data"]["message_id"]
    control.post("agent", user=co_ba.id, text="của cán bộ")
    control.settle()
    ours, theirs = events(receiver, "oa_send_text")
    assert (ours.body["message"]["msg_id"], "admin_id" in ours.body["sender"]) == (sent, False)
    assert theirs.body["sender"]["admin_id"]
    assert [theirs.body["sender"]["id"], theirs.body["recipient"]["id"]] == [ACCOUNT.oa_id, co_ba.id]


def test_a_webhook_that_fails_is_tried_again_with_the_same_bytes(control: Control, receiver: Receiver) -> None:
    receiver.answers[:] = [500, 503]
    control.person("Cô Ba").writes("chào")
    control.settle()
    assert [post.headers.get("num_retry") for post in receiver.posts] == [None, "1", "2"]
    assert len({post.raw for post in receiver.posts}) == 1


def test_a_webhook_that_never_answers_is_switched_off(control: Control, receiver: Receiver) -> None:
    receiver.answers[:] = [500] * 6
    co_ba = control.person("Cô Ba")
    co_ba.writes("chào")
    control.settle()
    assert control.get("settled")["disabled"]
    co_ba.writes("còn đó hông")
    control.settle()
    assert len(receiver.posts) == 6


def test_duplicates_and_disorder_on_demand(control: Control, receiver: Receiver) -> None:
    co_ba = control.person("Cô Ba")
    control.post("events", held=True, copies=2, backwards=True)
    co_ba.writes("một")
    co_ba.writes("hai")
    control.post("events", held=False)
    control.settle()
    assert [post.body["message"]["text"] for post in receiver.posts] == ["hai", "hai", "một", "một"]


def test_what_only_somebody_else_would_send(control: Control, receiver: Receiver) -> None:
    co_ba = control.person("Cô Ba")
    for signature in ("wrong", "missing", "strange"):
        control.post("events", signature=signature)
        co_ba.writes("chào")
    control.settle()
    assert [is_signed(post) for post in receiver.posts] == [False] * 3


def test_the_console_probes_and_tests(address: str, control: Control) -> None:
    with received() as receiver:
        saved = control.post("webhook", url=receiver.address)
        tested = control.post("test")
    assert (saved, tested) == (200, 200)
    probe, sample = receiver.posts
    assert (probe.raw, "x-zevent-signature" in probe.headers) == (b"{}", False)
    assert (is_signed(sample), sample.body["message"]["text"]) == (True, "This is testing message")
    assert sample.body["recipient"]["id"] != ACCOUNT.oa_id


def test_stamps_as_numbers_and_events_nobody_knows(control: Control, receiver: Receiver) -> None:
    control.post("events", number=True)
    control.post("event", event_name="user_does_something_new", sender={"id": "1"})
    control.settle()
    [post] = receiver.posts
    assert (is_signed(post), isinstance(post.body["timestamp"], int)) == (True, True)


# ---- the network ----


@pytest.mark.parametrize("kind", ["down", "half"])
def test_the_network_fails_when_told_to(api: Api, control: Control, co_ba: Someone, kind: str) -> None:
    control.post("trouble", kind=kind, path="/message/cs")
    with pytest.raises(httpx.TransportError):
        api.say(co_ba.id, "a")
    assert co_ba.hears() == (["a"] if kind == "half" else [])


def test_a_gateway_answers_html(api: Api, control: Control, co_ba: Someone) -> None:
    control.post("trouble", kind="gateway", path="/message/cs")
    with pytest.raises(httpx.HTTPStatusError):
        api.say(co_ba.id, "a")
    assert (api.say(co_ba.id, "b")["error"], co_ba.hears()) == (0, ["b"])
