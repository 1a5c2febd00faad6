"""What the Official Account's webhook makes of posts: by hand-made bytes, and over real HTTP from the stand-in."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.channel import RefusedError
from bot.channels.messages import (
    ConsentWithdrawn,
    ContactKey,
    Echoed,
    HumanTookOver,
    Ignored,
    Incoming,
    Received,
    Unreachable,
)
from bot.channels.payloads import OLD, find
from bot.channels.zalo_oa_events import CHANNEL, ZaloOaEvents
from bot.channels.zalo_oa_tokens import OaAccount
from bot.settings import SettingsError
from tests.channels.zalo_rigs import PAYLOADS, oa_account
from tests.stand_ins.control import Control, Someone
from tests.stand_ins.webhook import Receiver, received
from tests.stand_ins.zalo_oa.app import ACCOUNT, zalo_oa_served

NOW = dt.datetime(2025, 6, 19, 7, 0, tzinfo=dt.UTC)
STAMP = "1750316131602"
CO_BA = ContactKey(CHANNEL, "7450000000000000001")

EVENTS = ZaloOaEvents(account=oa_account("http://127.0.0.1"), payloads=PAYLOADS, now=lambda: NOW)


def signed(body: object, stamp: str = STAMP) -> tuple[dict[str, str], bytes]:
    raw = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    mac = hashlib.sha256(ACCOUNT.app_id.encode() + raw + stamp.encode() + ACCOUNT.oa_secret.encode()).hexdigest()
    return {"x-zevent-signature": f"mac={mac}"}, raw


def event(name: str, **more: Any) -> dict[str, Any]:
    return {
        "app_id": ACCOUNT.app_id,
        "event_name": name,
        "sender": {"id": CO_BA.user},
        "recipient": {"id": ACCOUNT.oa_id},
        "message": {"msg_id": "m1", "text": "xin chào"},
        "timestamp": STAMP,
        **more,
    }


def read(body: dict[str, Any]) -> Received:
    return EVENTS.receive(*signed(body, str(body.get("timestamp"))))


def refused(headers: dict[str, str], raw: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        EVENTS.receive(headers, raw)
    assert caught.value.args == (caught.value.reason,)
    return caught.value.reason


# ---- the signature ----

GOLDEN = (
    '{"app_id":"1234567890123456789","sender":{"id":"1111"},"recipient":{"id":"2222"},"event_name":"user_send_text",'
    '"message":{"text":"Xin chào","msg_id":"m1"},"timestamp":"1750316131602"}'
).encode()
GOLDEN_MAC = "e1e664653dd27689bcc80c048ebfef5fb6a7f49183674a357101c99856b1200c"
GOLDEN_ACCOUNT = OaAccount("1234567890123456789", "another-secret", "2222", "oa-secret-for-tests")


@pytest.mark.parametrize(
    "written",
    [f"mac={GOLDEN_MAC}", f"mac = {GOLDEN_MAC}", GOLDEN_MAC, f"MAC={GOLDEN_MAC.upper()}", f" mac={GOLDEN_MAC} "],
)
def test_the_golden_vector_is_taken_however_it_is_written(written: str) -> None:
    assert len(GOLDEN) == 184
    events = ZaloOaEvents(account=GOLDEN_ACCOUNT, payloads=PAYLOADS, now=lambda: NOW)
    taken = events.receive({"x-zevent-signature": written}, GOLDEN)
    assert taken == Incoming(ContactKey(CHANNEL, "1111"), text="Xin chào", id="m1")


@pytest.mark.parametrize(
    "given_header",
    ["", "mac=", "mac=é", f"mac={GOLDEN_MAC}0", f"mac={'0' * 64}", "mac", "=" * 5000, "mac=\udc80"],
)
def test_any_other_signature_is_refused(given_header: str) -> None:
    assert refused({"x-zevent-signature": given_header}, signed(event("user_send_text"))[1]) == "signature"


def test_the_bytes_are_signed_not_what_they_mean() -> None:
    headers, raw = signed(event("user_send_text"))
    assert refused(headers, raw.replace(b":", b": ", 1)) == "signature"
    assert refused({}, raw) == "signature"


@given(st.binary(max_size=300))
def test_whatever_is_posted_is_refused_or_ignored(raw: bytes) -> None:
    try:
        taken = EVENTS.receive({}, raw)
    except RefusedError:
        return
    assert taken == Ignored("probe")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["sender", "recipient", "message", "id", "text", "msg_id", "follower", "attachments"]),
                inner,
            )
        ),
    ),
    st.sampled_from(["user_send_text", "user_send_link", "user_send_image", "follow", "oa_send_text"]),
)
def test_signed_bodies_of_any_shape_are_read_without_a_fault(part: object, name: str) -> None:
    shapes = part if isinstance(part, dict) else {"message": part}
    assert isinstance(read({**event(name), **shapes}), Received)


@pytest.mark.parametrize(
    ("missing", "values"),
    [
        ("secret", {"oa_secret": ""}),
        ("secret", {"app_secret": "", "oa_secret": "x" * 20}),
        ("one for both", {"app_secret": "x" * 20, "oa_secret": "x" * 20}),
        ("id", {"oa_id": "abc"}),
        ("id", {"app_id": ""}),
    ],
)
def test_an_account_that_cannot_be_right_is_no_account(missing: str, values: dict[str, str]) -> None:
    good = {"app_id": "1", "app_secret": "a" * 20, "oa_id": "2", "oa_secret": "b" * 20}
    with pytest.raises(SettingsError):
        OaAccount(**(good | values))


def test_an_account_shows_no_secret() -> None:
    assert "secret" not in repr(GOLDEN_ACCOUNT)


# ---- stamps and sizes ----


@pytest.mark.parametrize(
    ("minutes", "reason"), [(-4, None), (0, None), (119, None), (121, "stale"), (-6, "ahead"), (60 * 24 * 400, "stale")]
)
@pytest.mark.parametrize("number", [False, True])
def test_a_stamp_is_of_about_now(minutes: int, reason: str | None, number: bool) -> None:
    stamp = int((NOW.timestamp() - minutes * 60) * 1000)
    headers, raw = signed(event("user_send_text", timestamp=stamp if number else str(stamp)), str(stamp))
    if reason is None:
        assert isinstance(EVENTS.receive(headers, raw), Incoming)
    else:
        assert refused(headers, raw) == reason


@pytest.mark.parametrize("stamp", ["", "yesterday", "9" * 20, "1e12", "-5"])
def test_a_stamp_that_is_none_is_refused(stamp: str) -> None:
    assert refused(*signed(event("user_send_text", timestamp=stamp), stamp)) == "stamp"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b" " * (256 * 1024 + 1), "too_large"),
        (b'{"a":' * 21 + b"1" + b"}" * 21, "too_deep"),
        (b"[" * 200_000, "too_deep"),
        (b"[]", "not_an_object"),
        (b"{", "not_json"),
        (b'{"a":' + b"9" * 5000 + b"}", "not_json"),
        (b"\xff\xfe", "not_json"),
        (b"", "not_json"),
    ],
)
def test_large_deep_and_broken_bodies_are_refused(raw: bytes, reason: str) -> None:
    assert refused({}, raw) == reason


# ---- what happened ----


@pytest.mark.parametrize(
    ("body", "taken"),
    [
        (event("user_send_text"), Incoming(CO_BA, text="xin chào", id="m1")),
        (event("user_send_text", message={"msg_id": 1 << 70, "text": "a"}), Incoming(CO_BA, text="a", id=str(1 << 70))),
        (event("user_send_image"), Incoming(CO_BA, text="xin chào", id="m1", media="photo")),
        (event("user_send_gif", message={"msg_id": "m"}), Incoming(CO_BA, id="m", media="photo")),
        (event("user_send_audio", message={"msg_id": "m"}), Incoming(CO_BA, id="m", media="voice")),
        (event("user_send_video", message={"msg_id": "m"}), Incoming(CO_BA, id="m", media="video")),
        (event("user_send_file", message={"msg_id": "m"}), Incoming(CO_BA, id="m", media="file")),
        (event("user_send_sticker", message={"msg_id": "m"}), Incoming(CO_BA, id="m", media="sticker")),
        (event("user_send_location", message={"msg_id": "m"}), Incoming(CO_BA, id="m", media="location")),
        (event("user_send_business_card", message={"msg_id": "m"}), Incoming(CO_BA, id="m", media="contact")),
        (event("user_send_text", message={"msg_id": "m"}), Incoming(CO_BA, id="m", media="other")),
        (event("user_send_text", message={"msg_id": "m", "text": "\ud83d"}), Incoming(CO_BA, text="\ufffd", id="m")),
        (
            event("oa_send_text", recipient={"id": CO_BA.user}, sender={"id": ACCOUNT.oa_id}),
            Echoed(CO_BA, "xin chào", dt.datetime.fromtimestamp(int(STAMP) / 1000, dt.UTC)),
        ),
        (event("oa_send_image", message={"msg_id": "m"}), Ignored("echo")),
        (event("oa_send_text", recipient={}, sender={"id": ACCOUNT.oa_id}), Ignored("echo")),
        (event("user_seen_message"), Ignored("event")),
        (event("user_reacted_message"), Ignored("event")),
        (event("anonymous_send_text"), Ignored("event")),
        (
            event("anonymous_send_text", message={"msg_id": "m", "conversation_id": "c9", "text": "cho hỏi"}),
            Incoming(ContactKey(CHANNEL, f"anonymous:{CO_BA.user}:c9"), text="cho hỏi", id="m"),
        ),
        (
            event("anonymous_send_image", message={"msg_id": "m", "conversation_id": "c9"}),
            Incoming(ContactKey(CHANNEL, f"anonymous:{CO_BA.user}:c9"), id="m", media="photo"),
        ),
        (event("user_withdraw", message={"msg_id": "m"}), ConsentWithdrawn(CO_BA, "m")),
        (event("user_withdraw", sender=None, recipient=None, user_id=CO_BA.user), ConsentWithdrawn(CO_BA, "m1")),
        (event("user_withdraw", sender=None, recipient=None), Ignored("event")),
        (event("user_withdraw", app_id="999"), Ignored("other_account")),
        (event("user_does_something_new"), Ignored("event")),
        (event("user_send_text", sender={"id": ""}), Ignored("event")),
        (event("user_send_text", sender={"id": "a b\n"}), Ignored("event")),
        (event("user_send_text", sender=7), Ignored("event")),
        (event("user_send_text", recipient={"id": "999"}), Ignored("other_account")),
        (event("user_send_text", app_id="999"), Ignored("other_account")),
    ],
    ids=lambda each: str(each.get("event_name")) if isinstance(each, dict) else "",
)
def test_each_event_is_what_it_says(body: dict[str, Any], taken: Received) -> None:
    raw = json.dumps(body).encode()
    mac = hashlib.sha256(ACCOUNT.app_id.encode() + raw + STAMP.encode() + ACCOUNT.oa_secret.encode()).hexdigest()
    assert EVENTS.receive({"x-zevent-signature": f"mac={mac}"}, raw) == taken


def test_a_link_is_a_text_the_shield_can_judge() -> None:
    attachment = {"type": "link", "payload": {"url": "https://vneid-gov.example/x"}}
    body = event("user_send_link", message={"msg_id": "m", "text": "coi nè", "attachments": [attachment]})
    assert read(body) == Incoming(CO_BA, text="coi nè https://vneid-gov.example/x", id="m")


def test_a_tap_is_a_button_and_only_of_who_got_it() -> None:
    payload = PAYLOADS.sign(CO_BA, "vneid_muc_2.otp/xong-roi", NOW.date())
    taken = read(event("user_send_text", message={"msg_id": "m", "text": payload}))
    assert isinstance(taken, Incoming)
    assert taken.button
    assert find(taken.button, ["vneid_muc_2.otp/xong-roi"]) == "vneid_muc_2.otp/xong-roi"
    stranger = event("user_send_text", sender={"id": "7450000000000000002"}, message={"msg_id": "m", "text": payload})
    other = read(stranger)
    assert isinstance(other, Incoming)
    assert other.button == OLD


def test_events_without_an_id_are_known_by_their_bytes() -> None:
    body = {
        "app_id": ACCOUNT.app_id,
        "event_name": "follow",
        "oa_id": ACCOUNT.oa_id,
        "follower": {"id": CO_BA.user},
        "timestamp": STAMP,
    }
    headers, raw = signed(body)
    taken = EVENTS.receive(headers, raw)
    assert taken == Incoming(CO_BA, id=hashlib.sha256(raw).hexdigest())


# ---- over HTTP, from the stand-in ----


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with zalo_oa_served() as address:
        yield address


@pytest.fixture
def control(address: str) -> Iterator[Control]:
    control = Control(address)
    yield control
    control.post("events", number=False, signature="good")
    control.close()


@pytest.fixture
def receiver(control: Control) -> Iterator[Receiver]:
    with received() as receiver:
        control.post("webhook", url=receiver.address)
        yield receiver


def all_taken(receiver: Receiver, address: str) -> list[Received]:
    events = ZaloOaEvents(account=oa_account(address), payloads=PAYLOADS, now=lambda: dt.datetime.now(dt.UTC))
    return [events.receive(post.headers, post.raw) for post in receiver.posts]


def test_a_chat_as_the_platform_posts_it(address: str, control: Control, receiver: Receiver) -> None:
    co_ba: Someone = control.person("Cô Ba")
    contact = ContactKey(CHANNEL, co_ba.id)
    control.post("test")
    control.post("follow", user=co_ba.id, follows=True)
    written = co_ba.writes("Xin chào")
    sent = co_ba.sends("voice")
    control.post("agent", user=co_ba.id, text="để con gọi cô")
    control.post("events", number=True)
    control.post("react", user=co_ba.id, bubble=written)
    co_ba.blocks()
    control.settle()
    probe, sample, follow, text, voice, took_over, reaction, unfollow = all_taken(receiver, address)
    assert (probe, sample, reaction) == (Ignored("probe"), Ignored("sample"), Ignored("event"))
    assert isinstance(follow, Incoming)
    assert (follow.contact, follow.text, follow.media) == (contact, None, "")
    assert text == Incoming(contact, text="Xin chào", id=written)
    assert voice == Incoming(contact, id=sent, media="voice")
    assert isinstance(took_over, HumanTookOver)
    assert isinstance(unfollow, Unreachable)
    assert took_over.contact == unfollow.contact == contact


@pytest.mark.parametrize("signature", ["wrong", "missing", "strange"])
def test_what_somebody_else_posts_is_refused(
    address: str, control: Control, receiver: Receiver, signature: str
) -> None:
    receiver.posts.clear()
    control.post("events", signature=signature)
    control.person("Chú Tư").writes("chào")
    control.settle()
    with pytest.raises(RefusedError):
        all_taken(receiver, address)
