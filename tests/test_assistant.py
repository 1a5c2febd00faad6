"""One message in, one committed turn out."""

import datetime as dt
import logging
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from bot.channels.messages import ContactKey, Incoming, Text
from bot.core.meaning import Meaning
from bot.store.chats import Chats
from bot.store.schema import completion, consent, conversation, hand_over, step_event
from tests.fakes import Clock, Talker, open_test_database, small_assistant

AGREED = ("xin chào", "Bắt đầu", "Làm", "Đồng ý")
REFUSED = ("xin chào", "Bắt đầu", "Làm", "Không")
TO_THE_END = ("xong", "xong", "Thấy rồi")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_test_database(tmp_path)


def rows(engine: Engine, *columns: object) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns)).all()]  # type: ignore[call-overload]


def test_a_whole_task_is_known_afterwards(engine: Engine) -> None:
    Talker(small_assistant(engine)).says(*AGREED, *TO_THE_END)
    assert rows(engine, completion.c.task, completion.c.evidence) == [("vneid_level_2", "self")]
    assert rows(engine, step_event.c.step, step_event.c.outcome) == [
        ("viec.cai_dat", "entered"),
        ("viec.cai_dat", "done"),
        ("viec.mo_app", "entered"),
        ("viec.mo_app", "done"),
    ]


def test_a_task_done_twice_counts_once(engine: Engine) -> None:
    talker = Talker(small_assistant(engine))
    talker.says(*AGREED, *TO_THE_END, "Làm", "Đồng ý", *TO_THE_END)
    assert len(rows(engine, completion.c.id)) == 1


def test_who_helps_gives_another_evidence_for_another_person(engine: Engine) -> None:
    talker = Talker(small_assistant(engine))
    talker.says(*AGREED, *TO_THE_END, "Làm cho má", "Đồng ý", *TO_THE_END)
    assert {row[0] for row in rows(engine, completion.c.evidence)} == {"helper", "self"}
    assert set(rows(engine, consent.c.assisted, consent.c.purpose)) == {
        (False, "count"), (False, "progress"), (True, "count"), (True, "progress"),
    }  # fmt: skip


def test_without_a_yes_nothing_is_counted_and_guidance_is_whole(engine: Engine) -> None:
    assert Talker(small_assistant(engine)).says(*REFUSED, *TO_THE_END) == ["Chọn việc."]
    assert (rows(engine, completion.c.id), rows(engine, step_event.c.id)) == ([], [])
    assert rows(engine, consent.c.given) == [(False,), (False,)]
    assert rows(engine, conversation.c.kept) == [(False,)]


def test_a_vague_word_is_not_a_finished_task(engine: Engine) -> None:
    talker = Talker(small_assistant(engine))
    talker.says(*AGREED, "xong", "xong")
    assert talker.says("dạ") == ["(press_one)", "Thấy chưa?"]
    assert rows(engine, completion.c.id) == []
    talker.says("có")
    assert len(rows(engine, completion.c.id)) == 1


def test_the_same_button_twice_moves_once(engine: Engine) -> None:
    talker = Talker(small_assistant(engine))
    talker.says(*AGREED)
    done = talker.opens()["(label_done)"]
    assert talker.presses(done) == ["Bước 2/2: Mở\nMở app nha."]
    assert talker.presses(done) == ["(old_button)", "Bước 2/2: Mở\nMở app nha."]


def test_two_people_do_not_disturb_one_another(engine: Engine) -> None:
    assistant = small_assistant(engine)
    first, second = Talker(assistant, "a"), Talker(assistant, "b")
    first.says(*AGREED)
    second.says("xin chào")
    assert first.says("xong") == ["Bước 2/2: Mở\nMở app nha."]
    assert second.says("1") == ["Chọn việc."]


def test_a_new_assistant_goes_on_where_the_old_one_stopped(engine: Engine) -> None:
    Talker(small_assistant(engine)).says(*AGREED)
    assert Talker(small_assistant(engine)).says("xong") == ["Bước 2/2: Mở\nMở app nha."]


def test_after_a_long_time_the_person_hears_where_they_stopped(engine: Engine) -> None:
    clock = Clock()
    talker = Talker(small_assistant(engine, clock))
    talker.says(*AGREED)
    clock.move(days=90)
    assert talker.says("xong") == ["(welcome_back_at_step)", "Bước 1/2: Cài\nCài app nha anh/chị."]
    assert talker.says("xong") == ["Bước 2/2: Mở\nMở app nha."]


@pytest.mark.parametrize(
    "state",
    ["{", "[]", '{"v":99}', '{"v":1,"path":""}', '{"v":1,"path":"viec"}', "\x00", '"x"', "null"],
)
def test_a_corrupt_state_begins_anew_and_keeps_what_was_finished(
    engine: Engine, state: str, caplog: pytest.LogCaptureFixture
) -> None:
    talker = Talker(small_assistant(engine))
    talker.says(*AGREED, *TO_THE_END)
    with engine.begin() as connection:
        connection.execute(update(conversation).values(state=state))
    assert talker.says("hello") == ["Xin chào."]
    assert len(rows(engine, completion.c.id)) == 1
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
def test_strange_text_gets_a_kind_answer_and_changes_no_place(engine: Engine, line: str) -> None:
    talker = Talker(small_assistant(engine))
    talker.says(*AGREED)
    first, here = talker.says(line)
    assert first in ("(not_understood)", "(too_long)")
    assert here == "Bước 1/2: Cài\nCài app nha anh/chị."


def test_a_label_of_an_earlier_message_is_known_as_such(engine: Engine) -> None:
    talker = Talker(small_assistant(engine))
    talker.says(*AGREED)
    assert talker.says("Bắt đầu") == ["(old_button)", "Bước 1/2: Cài\nCài app nha anh/chị."]


def test_a_forged_button_leads_nowhere(engine: Engine) -> None:
    talker = Talker(small_assistant(engine))
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
    assert rows(engine, completion.c.id) == []


def test_asking_for_a_person_is_noted_with_the_place_alone(engine: Engine) -> None:
    Talker(small_assistant(engine)).says(*AGREED, "gặp người")
    assert rows(engine, hand_over.c.place) == [("viec.cai_dat",)]


def test_forgetting_leaves_no_row_of_the_person(engine: Engine) -> None:
    Talker(small_assistant(engine)).says(*AGREED, *TO_THE_END, "xoá hết", "Xoá")
    assert rows(engine, completion.c.id) + rows(engine, consent.c.id) + rows(engine, step_event.c.id) == []


def test_one_failing_message_does_not_take_others_along(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    def understand(line: str, asked: str) -> Meaning:
        if line == "bom":
            raise RuntimeError("a fault of ours")
        return Meaning()

    assistant = small_assistant(engine, understand=understand)
    batch = [
        Incoming(ContactKey("test", name), text=line) for name, line in (("a", "chào"), ("b", "bom"), ("c", "chào"))
    ]
    with caplog.at_level(logging.CRITICAL):
        answers = assistant.handle_together(batch)
    first = [answer.messages[0] for answer in answers]
    assert [message.whole for message in first if isinstance(message, Text)] == ["Xin chào.", "(trouble)", "Xin chào."]
    assert [bool(answer.id) for answer in answers] == [True, False, True]


def test_another_process_taking_a_turn_meanwhile_loses_neither(engine: Engine) -> None:
    """While one process thinks, another moves the chat on; the first thinks again on what is there then."""
    talker, other = Talker(small_assistant(engine)), Talker(small_assistant(engine))
    talker.says(*AGREED)

    class Interrupted(Chats):
        meddled = False

        def load(self, keys):  # type: ignore[no-untyped-def]
            chats = super().load(keys)
            if not self.meddled:
                self.meddled = True
                other.says("xong")
            return chats

    assistant = small_assistant(engine)
    assistant._chats = Interrupted(engine)
    assert Talker(assistant).says("xong") == ["Thấy chưa?"]


def test_no_word_of_a_person_is_in_the_database_or_the_log(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    canaries: Sequence[str] = ("chim-hoang-yen", "079123456789", "Nguyen Thi Canh Chim")
    with caplog.at_level(logging.DEBUG):
        Talker(small_assistant(engine)).says(*AGREED, *canaries, "xong")
    engine.dispose()
    stored = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert [word for word in canaries if word.encode() in stored or word in caplog.text] == []


def test_the_time_of_a_turn_is_the_clocks(engine: Engine) -> None:
    clock = Clock()
    Talker(small_assistant(engine, clock)).says("xin chào")
    assert rows(engine, conversation.c.updated_at) == [(dt.datetime(2026, 11, 21, 3, tzinfo=dt.UTC).isoformat(),)]
