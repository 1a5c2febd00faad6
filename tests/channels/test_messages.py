"""Replies become finished messages, and messages survive being stored."""

import json

from bot.channels.messages import Buttons, Picture, Renderer, Text, from_json, to_json
from bot.core.address import forms
from bot.core.replies import Button, Offer, Reply, Say, Show, StepNumber

RENDERER = Renderer("Bước {so}/{tong}: {ten}", {"hinh": "Bấm nút dưới cùng"}, "phường thử")

MESSAGES = (
    Text("Dạ cô bấm giùm con nha.", "Bước 3/8: Gõ số", 3, 8),
    Picture("hinh", "Bấm nút dưới cùng"),
    Buttons((Button("a.b/xong-roi", "Xong rồi"), Button("a.b/chua-duoc", "Chưa được"))),
)


def test_replies_are_filled_and_headed() -> None:
    replies: list[Reply] = [
        Say("Dạ {anh_chi} bấm giùm {em} nha.", forms("co"), StepNumber(3, 8, "Gõ số")),
        Show("hinh"),
        Offer((Button("a.b/xong-roi", "Xong rồi"), Button("a.b/chua-duoc", "Chưa được"))),
    ]
    assert RENDERER.render(replies) == MESSAGES


def test_who_runs_the_bot_is_said_by_name() -> None:
    assert RENDERER.render([Say("do {don_vi} lo", forms())]) == (Text("do phường thử lo"),)


def test_what_tells_progress_is_also_said_without_it() -> None:
    telling = Say("Tới bước {so}.", {**forms("co"), "so": "3"}, discreet="Làm tiếp nha {anh_chi}.")
    said = Renderer("", {}, "").render([telling, Say("Chào.")])
    assert said == (Text("Tới bước 3.", discreet="Làm tiếp nha cô."), Text("Chào."))
    assert from_json(to_json(said)) == said


def test_messages_survive_being_stored() -> None:
    assert from_json(json.loads(json.dumps(to_json(MESSAGES)))) == MESSAGES


def test_messages_of_elder_mode_survive_being_stored() -> None:
    slow = (
        Text("Gọi 1022 nha.", speech="Gọi một không hai hai nha.", discreet="Gọi nha."),
        Picture("hinh", "Bấm nút dưới cùng", large=True),
        Buttons((Button("a.b/xong-roi", "Xong rồi"), Button("a.b/chua-duoc", "Chưa được")), main=1),
    )
    assert from_json(json.loads(json.dumps(to_json(slow)))) == slow
    assert slow[1].drawing == "hinh-large"


def test_a_heading_stands_above_its_text() -> None:
    assert Text("lời", "đầu").whole == "đầu\nlời"
    assert Text("lời").whole == "lời"
