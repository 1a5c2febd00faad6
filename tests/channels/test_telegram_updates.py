"""What Telegram posts is checked, read, and never believed too much."""

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.channel import RefusedError
from bot.channels.messages import ContactKey, Ignored, Incoming, Received, Unreachable
from bot.channels.payloads import OLD, Payloads, find
from bot.channels.telegram_updates import TelegramUpdates, answer_to
from bot.settings import SettingsError

NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
STAMP = int(NOW.timestamp())
SECRET = "Bi-mat_cua_webhook_" + "x" * 20
HEADERS = {"x-telegram-bot-api-secret-token": SECRET}
CO_BA = ContactKey("telegram", "5200000001")
USER = {"id": 5200000001, "is_bot": False, "first_name": "Ba"}
CHAT = {"id": 5200000001, "first_name": "Ba", "type": "private"}
PAYLOADS = Payloads(b"k" * 32)
BUTTON = "vneid_muc_2.otp/xong-roi"


@pytest.fixture
def updates() -> TelegramUpdates:
    return TelegramUpdates(secret=SECRET, payloads=PAYLOADS, now=lambda: NOW)


def message(date: object = STAMP, chat: object = CHAT, **content: object) -> dict[str, Any]:
    return {"update_id": 7, "message": {"message_id": 12, "from": USER, "chat": chat, "date": date, **content}}


def tap(data: object, **other: object) -> dict[str, Any]:
    shown = {"message_id": 13, "date": 1, "chat": CHAT, "text": "Bấm nha"}
    return {"update_id": 8, "callback_query": {"id": "438", "from": USER, "message": shown, "data": data, **other}}


def member(status: str, chat: object = CHAT) -> dict[str, Any]:
    return {"update_id": 9, "my_chat_member": {"chat": chat, "date": STAMP, "new_chat_member": {"status": status}}}


def said(text: str | None, media: str = "") -> Incoming:
    return Incoming(CO_BA, text=text, id="message:12", media=media)


GROUP = {"id": -100123, "type": "supergroup"}
PHOTO = [{"file_id": "AgAC", "width": 90, "height": 60}]

READ = [
    pytest.param(message(text="chào con"), said("chào con"), id="text"),
    pytest.param(message(text="cha\u0300o"), said("chào"), id="marks apart"),
    pytest.param(message(text="/start"), said(None), id="start"),
    pytest.param(message(text="/start@go_cua_bot lop_12"), said(None), id="start with a word"),
    pytest.param(message(text="/start lop_482913"), said("vào lớp 482913"), id="start by the link of a class"),
    pytest.param(message(text="/gap_nguoi@go_cua_bot"), said("gap nguoi"), id="command"),
    pytest.param(message(voice={"duration": 4}), said(None, "voice"), id="voice"),
    pytest.param(
        message(voice={"duration": 4, "file_id": "AwAC"}),
        replace(said(None, "voice"), file="AwAC"),
        id="a recording, by its id",
    ),
    pytest.param(message(audio={"duration": 4}), said(None, "voice"), id="audio"),
    pytest.param(message(photo=PHOTO), said(None, "photo"), id="photo"),
    pytest.param(message(photo=PHOTO, caption="con coi giùm"), said("con coi giùm", "photo"), id="photo with words"),
    pytest.param(message(video={}), said(None, "video"), id="video"),
    pytest.param(message(video_note={}), said(None, "video"), id="round video"),
    pytest.param(message(document={"file_name": "cccd.pdf"}), said(None, "file"), id="file"),
    pytest.param(message(animation={}, document={}), said(None, "video"), id="animation"),
    pytest.param(message(contact={"phone_number": "84900000000"}), said(None, "contact"), id="contact"),
    pytest.param(message(location={"latitude": 10.7}), said(None, "location"), id="location"),
    pytest.param(message(venue={}, location={}), said(None, "location"), id="venue"),
    pytest.param(message(sticker={"emoji": "🙏"}), said(None, "sticker"), id="sticker"),
    pytest.param(message(poll={}), said(None, "other"), id="poll"),
    pytest.param(message(pinned_message={}), Ignored("service"), id="pinned"),
    pytest.param(message(text="a", chat=GROUP), Ignored("not_private"), id="group"),
    pytest.param(message(text="a", chat="x"), Ignored("not_private"), id="chat of a wrong type"),
    pytest.param(message(text="a", **{"from": {**USER, "is_bot": True}}), Ignored("not_private"), id="bot"),
    pytest.param(message(text="a", date=STAMP - 7_200), said("a"), id="two hours old"),
    pytest.param(message(text="a", date=STAMP - 7_201), Ignored("stale"), id="older"),
    pytest.param(message(text="a", date=STAMP + 300), said("a"), id="a clock ahead"),
    pytest.param(message(text=5), Ignored("service"), id="text of a wrong type"),
    pytest.param(
        message(text="a", chat={**CHAT, "id": 2**70}),
        Incoming(ContactKey("telegram", str(2**70)), text="a", id="message:12"),
        id="id beyond 64 bits",
    ),
    pytest.param({"update_id": 1, "edited_message": message(text="a")["message"]}, Ignored("edited"), id="edit"),
    pytest.param({"update_id": 1, "poll_answer": {}}, Ignored("unknown_kind"), id="unknown kind"),
    pytest.param({}, Ignored("unknown_kind"), id="nothing"),
    pytest.param({"message": "x"}, Ignored("unknown_kind"), id="wrong type"),
    pytest.param(member("kicked"), Unreachable(CO_BA, id="member:9"), id="blocked"),
    pytest.param(member("member"), Ignored("let_in"), id="let in again"),
    pytest.param(member("kicked", GROUP), Ignored("not_private"), id="thrown out of a group"),
    pytest.param(tap("s:forged"), Incoming(CO_BA, button=OLD, id="tap:438:13"), id="forged button"),
    pytest.param(tap("menu"), Incoming(CO_BA, button=OLD, id="tap:438:13"), id="another bot's button"),
    pytest.param(tap(None), Ignored("unknown_kind"), id="game"),
    pytest.param(tap("s:x", message={"chat": GROUP}), Ignored("not_private"), id="button in a group"),
    pytest.param(tap("s:x", message=None), Ignored("not_private"), id="button of nowhere"),
]


@pytest.mark.parametrize(("update", "expected"), READ)
def test_what_somebody_did_is_read(updates: TelegramUpdates, update: dict[str, Any], expected: Received) -> None:
    assert updates.receive(HEADERS, json.dumps(update).encode()) == expected


def test_a_tapped_button_is_found_and_its_waiting_sign_ended(updates: TelegramUpdates) -> None:
    received = updates.receive(HEADERS, json.dumps(tap(PAYLOADS.sign(CO_BA, BUTTON, NOW.date()))).encode())
    assert isinstance(received, Incoming)
    assert find(received.button or "", [BUTTON]) == BUTTON
    assert answer_to(received) == {"method": "answerCallbackQuery", "callback_query_id": "438"}


def test_nothing_is_said_to_other_posts(updates: TelegramUpdates) -> None:
    assert [answer_to(updates.read(each)) for each in (message(text="a"), member("kicked"), {})] == [{}, {}, {}]


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        pytest.param({}, b"{}", "secret", id="no secret"),
        pytest.param({"x-telegram-bot-api-secret-token": SECRET[:-1]}, b"{}", "secret", id="shorter"),
        pytest.param({"x-telegram-bot-api-secret-token": "bí mật"}, b"{}", "secret", id="beyond ASCII"),
        pytest.param({"x-telegram-bot-api-secret-token": "密"}, b"{}", "secret", id="beyond Latin"),
        pytest.param(HEADERS, b"", "not_json", id="empty"),
        pytest.param(HEADERS, b'{"update_id": 1, "mess', "not_json", id="half"),
        pytest.param(HEADERS, b"[]", "not_an_object", id="list"),
        pytest.param(HEADERS, b'{"a":' * 21 + b"1" + b"}" * 21, "too_deep", id="deep"),
        pytest.param(HEADERS, b" " * 262_145, "too_large", id="large"),
        pytest.param(HEADERS, json.dumps(message(text="a", date=STAMP + 301)).encode(), "future", id="future"),
        pytest.param(HEADERS, json.dumps(message(text="a", date="x")).encode(), "stamp", id="stamp of a wrong type"),
    ],
)
def test_what_is_not_telegrams_is_refused(
    updates: TelegramUpdates, headers: dict[str, str], body: bytes, reason: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        updates.receive(headers, body)
    assert refused.value.reason == reason


@pytest.mark.parametrize("secret", ["", "ngan", "x" * 31, "x" * 257, "x" * 31 + "đ", "x" * 31 + " ", "x" * 32 + "\n"])
def test_a_secret_that_can_be_guessed_stops_the_start(secret: str) -> None:
    with pytest.raises(SettingsError, match="32 to 256"):
        TelegramUpdates(secret=secret, payloads=PAYLOADS, now=lambda: NOW)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(["id", "from", "chat", "date", "text", "caption", "photo", "data", "message", "new_chat_member"])


@given(
    st.dictionaries(
        st.sampled_from(["update_id", "message", "callback_query", "my_chat_member", "edited_message"]),
        st.dictionaries(keys, json_values, max_size=6) | json_values,
    )
)
def test_any_update_is_read_or_refused(update: dict[str, Any]) -> None:
    updates = TelegramUpdates(secret=SECRET, payloads=PAYLOADS, now=lambda: NOW)
    try:
        received = updates.receive(HEADERS, json.dumps(update).encode())
    except RefusedError:
        return
    assert isinstance(received, Incoming | Unreachable | Ignored)
