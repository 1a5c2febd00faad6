"""One message in, one committed turn out."""

import datetime as dt
import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.channels.messages import ContactKey, Incoming
from bot.channels.payloads import OLD, Payloads
from bot.core.state import Place, State
from bot.store.chats import StoredChat
from bot.store.moments import stamp
from bot.store.schema import completion, consent, conversation, hand_over, step_event
from bot.store.store import Store
from tests.fakes import Clock, Talker, open_test_store, small_assistant, small_worker

AGREED = ("xin chào", "Bắt đầu", "Làm", "Đồng ý")
REFUSED = ("xin chào", "Bắt đầu", "Làm", "Không")
TO_THE_END = ("xong", "xong", "Thấy rồi")


# on SQLite: what a message leads to is the same on every database, and how it is written is tested with the store
@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    return open_test_store(tmp_path, clock)


def rows(store: Store, *columns: object) -> list[tuple[object, ...]]:
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns)).all()]  # type: ignore[call-overload]


def test_a_whole_task_is_known_afterwards(store: Store) -> None:
    Talker(small_worker(store)).says(*AGREED, *TO_THE_END)
    assert rows(store, completion.c.task, completion.c.evidence) == [("vneid_level_2", "self")]
    assert rows(store, step_event.c.step, step_event.c.outcome) == [
        ("viec.cai_dat", "entered"),
        ("viec.cai_dat", "done"),
        ("viec.mo_app", "entered"),
        ("viec.mo_app", "done"),
    ]


def test_a_task_done_twice_counts_once(store: Store) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED, *TO_THE_END, "Làm", "Đồng ý", *TO_THE_END)
    assert len(rows(store, completion.c.id)) == 1


def test_where_words_leave_the_country_people_are_told_so_first(clock: Clock) -> None:
    assistant = small_assistant(clock, abroad=("telegram",))

    def said(channel: str, turn: int = 0, text: str | None = None) -> str:
        chat = StoredChat("k", channel, turn=turn)
        return assistant.take(Incoming(ContactKey(channel, "a"), text=text), chat).messages

    assert said("telegram").startswith('[{"text":"(platform_abroad)"')
    assert "(platform_abroad)" not in said("telegram", turn=1) + said("zalo_oa")


@pytest.mark.parametrize(("media", "phrase"), [("unread", "(unread)"), ("voice", "(voice)"), ("photo", "(media)")])
def test_what_is_not_read_is_said_so(clock: Clock, media: str, phrase: str) -> None:
    assistant, who = small_assistant(clock), ContactKey("zalo_bot", "a")
    greeted = assistant.take(Incoming(who), StoredChat("k", "zalo_bot"))
    chat = StoredChat("k", "zalo_bot", state=greeted.state, turn=1)
    assert phrase in assistant.take(Incoming(who, media=media), chat).messages


class Ear:
    """Hears the same words in every recording."""

    def __init__(self, words: str | None, hidden: tuple[str, ...] = (), scam: str = "") -> None:
        self.heard = replace(SPOKEN, text=words, hidden=hidden, scam=scam)
        self.asked = 0

    def __call__(self, incoming: Incoming) -> Incoming:
        assert incoming == SPOKEN
        self.asked += 1
        return self.heard


SPOKEN = Incoming(ContactKey("telegram", "a"), media="voice", file="AwAC")


@pytest.mark.parametrize(
    ("ear", "says", "offers"),
    [
        pytest.param(Ear("xong"), "(voice_heard)", "viec.cai_dat~done/", id="the button of a step"),
        pytest.param(Ear("gặp người"), "(voice_heard)", "viec.cai_dat~human/", id="a person"),
        pytest.param(Ear("xoá hết"), "(voice_unclear)", "viec.cai_dat/", id="what cannot be asked about"),
        pytest.param(Ear("lăng nhăng"), "(voice_unclear)", "viec.cai_dat/", id="nothing understood"),
        pytest.param(Ear(None), "(voice)", "viec.cai_dat/", id="nothing heard"),
        pytest.param(Ear("xong «mã OTP»", ("otp",)), "(hidden)", "", id="a code"),
        pytest.param(Ear("gặp người «số điện thoại»", ("phone",)), "(hidden)", "", id="a number beside a wish"),
    ],
)
def test_what_was_heard_is_asked_about_and_not_done(clock: Clock, ear: Ear, says: str, offers: str) -> None:
    assistant = small_assistant(clock, listen=ear)
    state = State(path=(Place("viec", "cai_dat"),))
    chat = StoredChat("k", "telegram", state=json.dumps(state.to_dict()), turn=1)
    turn = assistant.take(SPOKEN, chat)
    assert ear.asked == 1
    assert says in turn.messages
    assert f'"{offers}' in turn.messages
    assert turn.records == ()
    assert "lăng nhăng" not in turn.messages + turn.state


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(State(), id="before the notice"),
        pytest.param(State(path=(Place("viec", "cai_dat"),), slots={"restricted": "yes"}), id="data at rest"),
    ],
)
def test_nobody_is_listened_to_who_did_not_hear_the_notice(clock: Clock, state: State) -> None:
    ear = Ear("xong")
    chat = StoredChat("k", "telegram", state=json.dumps(state.to_dict()), turn=1)
    small_assistant(clock, listen=ear).take(SPOKEN, chat)
    assert ear.asked == 0


def test_who_helps_gives_another_evidence_for_another_person(store: Store) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED, *TO_THE_END, "Làm cho má", "Đồng ý", *TO_THE_END)
    assert {row[0] for row in rows(store, completion.c.evidence)} == {"helper", "self"}
    assert set(rows(store, consent.c.assisted, consent.c.purpose)) == {
        (False, "count"), (False, "progress"), (True, "count"), (True, "progress"),
    }  # fmt: skip


def test_without_a_yes_nothing_is_counted_and_guidance_is_whole(store: Store) -> None:
    assert Talker(small_worker(store)).says(*REFUSED, *TO_THE_END) == ["Chọn việc."]
    assert (rows(store, completion.c.id), rows(store, step_event.c.id)) == ([], [])
    assert rows(store, consent.c.given) == [(False,), (False,)]
    assert rows(store, conversation.c.kept) == [(False,)]


def test_a_vague_word_is_not_a_finished_task(store: Store) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED, "xong", "xong")
    assert talker.says("dạ") == ["(press_one)", "Thấy chưa?"]
    assert rows(store, completion.c.id) == []
    talker.says("có")
    assert len(rows(store, completion.c.id)) == 1


def test_the_same_button_twice_moves_once(store: Store) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED)
    done = talker.opens()["(label_done)"]
    assert talker.presses(done) == ["Bước 2/2: Mở\nMở app nha."]
    assert talker.presses(done) == ["(old_button)", "Bước 2/2: Mở\nMở app nha."]


def test_the_digest_of_a_button_is_that_button_and_moves_once(store: Store) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED)
    payloads, today = Payloads(b"k" * 32), dt.date(2026, 11, 21)
    shown = payloads.sign(talker.contact, talker.opens()["(label_done)"], today)
    pressed = payloads.read(talker.contact, shown, today)
    assert pressed is not None
    assert talker.presses(pressed) == ["Bước 2/2: Mở\nMở app nha."]
    assert talker.presses(pressed) == ["(old_button)", "Bước 2/2: Mở\nMở app nha."]
    assert talker.presses(OLD) == ["(old_button)", "Bước 2/2: Mở\nMở app nha."]


def test_two_people_do_not_disturb_one_another(store: Store) -> None:
    worker = small_worker(store)
    first, second = Talker(worker, "a"), Talker(worker, "b")
    first.says(*AGREED)
    second.says("xin chào")
    assert first.says("xong") == ["Bước 2/2: Mở\nMở app nha."]
    assert second.says("1") == ["Chọn việc."]


def test_a_new_assistant_goes_on_where_the_old_one_stopped(store: Store) -> None:
    Talker(small_worker(store)).says(*AGREED)
    assert Talker(small_worker(store)).says("xong") == ["Bước 2/2: Mở\nMở app nha."]


def test_after_a_long_time_the_person_hears_where_they_stopped(store: Store, clock: Clock) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED)
    clock.move(days=90)
    assert talker.says("xong") == ["(welcome_back_at_step)", "Bước 1/2: Cài\nCài app nha anh/chị."]
    assert talker.says("xong") == ["Bước 2/2: Mở\nMở app nha."]


@pytest.mark.parametrize(
    "state",
    ["{", "[]", '{"v":99}', '{"v":1,"path":""}', '{"v":1,"path":"viec"}', "\x00", '"x"', "null"],
)
def test_a_corrupt_state_begins_anew_and_keeps_what_was_finished(
    store: Store, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED, *TO_THE_END)
    with store.engine.begin() as connection:
        connection.execute(update(conversation).values(state=state))
    assert talker.says("hello") == ["Xin chào."]
    assert len(rows(store, completion.c.id)) == 1
    assert "begins anew" in caplog.text


@pytest.mark.parametrize(
    "line",
    [
        "",
        " ",
        "\t\r",
        "x" * 100_000,
        "\x00\x1b[31m\x07",
        "😀😀😀",
        "Привет",
        "你好",
        "a\u0301\u200b",
        "\ud800",
        "{em}",
        "%s %(x)s",
    ],
    ids=[
        "empty",
        "blank",
        "tab",
        "long",
        "control",
        "emoji",
        "russian",
        "chinese",
        "marks",
        "surrogate",
        "braces",
        "percent",
    ],
)
def test_strange_text_gets_a_kind_answer_and_changes_no_place(store: Store, line: str) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED)
    first, here = talker.says(line)
    assert first in ("(not_understood)", "(too_long)")
    assert here == "Bước 1/2: Cài\nCài app nha anh/chị."


def test_a_label_of_an_earlier_message_is_known_as_such(store: Store) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED)
    assert talker.says("Bắt đầu") == ["(old_button)", "Bước 1/2: Cài\nCài app nha anh/chị."]


def test_a_forged_button_leads_nowhere(store: Store) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED)
    for forged in (
        "viec.thay_chua/thay-roi",
        "/",
        "",
        "viec.cai_dat/thay-roi",
        "../../x",
        "viec.cai_dat/" + "x" * 10_000,
    ):
        assert talker.presses(forged)[0] == "(old_button)"
    assert rows(store, completion.c.id) == []


def test_asking_for_a_person_is_noted_with_the_place_alone(store: Store) -> None:
    Talker(small_worker(store)).says(*AGREED, "gặp người")
    assert rows(store, hand_over.c.place) == [("viec.cai_dat",)]


def test_forgetting_leaves_no_row_of_the_person(store: Store) -> None:
    Talker(small_worker(store)).says(*AGREED, *TO_THE_END, "xoá hết", "Xoá")
    assert rows(store, completion.c.id) + rows(store, consent.c.id) + rows(store, step_event.c.id) == []


def test_no_word_of_a_person_is_in_the_database_or_the_log(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    canaries: Sequence[str] = ("chim-hoang-yen", "079123456789", "Nguyen Thi Canh Chim")
    with caplog.at_level(logging.DEBUG):
        Talker(small_worker(store)).says(*AGREED, *canaries, "xong")
    store.engine.dispose()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [word for word in canaries if word.encode() in stored or word in caplog.text] == []


def test_the_time_of_a_turn_is_the_clocks(store: Store, clock: Clock) -> None:
    Talker(small_worker(store)).says("xin chào")
    assert rows(store, conversation.c.updated_at) == [(stamp(clock()),)]
