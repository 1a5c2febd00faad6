"""Chats are loaded and their turns committed: all of a turn, or nothing."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from bot.store.chats import Chats, FinishedTurn, StaleTurn, StoredChat, city_day, lookup_of
from bot.store.records import CompletionRecord, ConsentRecord, HandOverRecord, Record, StepRecord
from bot.store.schema import completion, consent, conversation, hand_over, outgoing, person, step_event
from tests.fakes import open_test_database

AT = dt.datetime(2026, 11, 21, 18, 30, tzinfo=dt.UTC)
KEY = lookup_of("test", "a")


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return open_test_database(tmp_path)


def finished(chat: StoredChat, *records: Record, forget: bool = False) -> FinishedTurn:
    return FinishedTurn(chat, '{"v":1}', chat.turn + 1, True, "[]", records, "v", forget)


def take(chats: Chats, *records: Record, forget: bool = False) -> StoredChat:
    """One turn of the chat; how it stands then."""
    chats.commit([finished(chats.load({KEY: "test"})[KEY], *records, forget=forget)], at=AT)
    return chats.load({KEY: "test"})[KEY]


def count(engine: Engine, table: object) -> int:
    with engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


COMPLETION = CompletionRecord("", "vneid_level_2", "self")
STEP = StepRecord("", "vneid_level_2", "vneid_muc_2.nhap_otp", "", "entered", "self")


def consented(purpose: str, *, given: bool) -> ConsentRecord:
    return ConsentRecord("", purpose, given, "Cho phép không {anh_chi}?", "Đồng ý", "button", False)


def test_a_chat_never_seen_is_empty(engine: Engine) -> None:
    assert Chats(engine).load({KEY: "test"}) == {KEY: StoredChat(KEY, "test")}


def test_a_turn_is_found_again(engine: Engine) -> None:
    chat = take(Chats(engine))
    assert (chat.turn, chat.state, chat.updated_at) == (1, '{"v":1}', AT.isoformat())


def test_a_completion_counts_once_however_often_it_comes(engine: Engine) -> None:
    chats = Chats(engine)
    take(chats, COMPLETION)
    take(chats, COMPLETION, replace(COMPLETION, evidence="helper"))
    assert count(engine, completion) == 1


def test_a_person_and_one_they_help_are_two(engine: Engine) -> None:
    take(Chats(engine), COMPLETION, replace(COMPLETION, person="ma", evidence="helper"))
    assert (count(engine, completion), count(engine, person)) == (2, 2)


def test_the_day_is_the_citys(engine: Engine) -> None:
    take(Chats(engine), STEP)
    with engine.connect() as connection:
        assert connection.execute(select(step_event.c.day)).scalar() == "2026-11-22"
    assert city_day(dt.datetime(2026, 11, 21, 16, 59, tzinfo=dt.UTC)) == "2026-11-21"


def test_a_no_ends_the_earlier_yes_to_that_purpose_alone(engine: Engine) -> None:
    chats = Chats(engine)
    take(chats, consented("count", given=True), consented("progress", given=True))
    take(chats, consented("count", given=False))
    query = select(consent.c.purpose, consent.c.given, consent.c.withdrawn_at).order_by(consent.c.id)
    with engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    assert rows == [("count", True, AT.isoformat()), ("progress", True, None), ("count", False, None)]


def test_consent_keeps_the_wording_it_was_given_to(engine: Engine) -> None:
    take(Chats(engine), consented("count", given=True))
    with engine.connect() as connection:
        row = connection.execute(select(consent)).one()
    assert (row.wording, row.answer, row.method, row.channel) == (
        "Cho phép không {anh_chi}?",
        "Đồng ý",
        "button",
        "test",
    )
    assert len(row.notice_digest) == 64


def test_forgetting_leaves_nothing_but_the_new_beginning(engine: Engine) -> None:
    chats = Chats(engine)
    take(chats, COMPLETION, STEP, consented("count", given=True), HandOverRecord("menu.chon"))
    take(chats, forget=True)
    tables = (person, completion, step_event, consent, hand_over)
    assert [count(engine, table) for table in tables] == [0] * 5
    assert (count(engine, conversation), count(engine, outgoing)) == (1, 1)


def test_a_turn_on_an_old_state_is_refused_whole(engine: Engine) -> None:
    chats = Chats(engine)
    old = take(chats)
    take(chats)
    with pytest.raises(StaleTurn):
        chats.commit([finished(old, COMPLETION)], at=AT)
    assert (count(engine, completion), count(engine, outgoing)) == (0, 2)


def test_two_first_turns_of_one_chat_cannot_both_win(engine: Engine) -> None:
    chats = Chats(engine)
    new = chats.load({KEY: "test"})[KEY]
    chats.commit([finished(new)], at=AT)
    with pytest.raises(StaleTurn):
        chats.commit([finished(new)], at=AT)


def test_turns_of_several_chats_go_together_or_not_at_all(engine: Engine) -> None:
    chats = Chats(engine)
    old = take(chats)
    take(chats)
    other = chats.load({lookup_of("test", "b"): "test"})[lookup_of("test", "b")]
    with pytest.raises(StaleTurn):
        chats.commit([finished(other, COMPLETION), finished(old)], at=AT)
    assert count(engine, completion) == 0


def test_replies_come_in_order_and_from_where_one_stopped(engine: Engine) -> None:
    chats = Chats(engine)
    for _ in range(4):
        take(chats)
    ids = [id for id, _ in chats.replies(KEY)]
    assert ids == sorted(ids)
    assert [id for id, _ in chats.replies(KEY, after=ids[1])] == ids[2:]
    assert [id for id, _ in chats.replies(KEY, last=1)] == ids[3:]
    assert chats.replies(lookup_of("test", "someone else")) == []


def test_what_nobody_agreed_to_keep_is_erased_when_the_session_is_over(engine: Engine) -> None:
    chats = Chats(engine)
    new = chats.load({KEY: "test"})[KEY]
    chats.commit([replace(finished(new), kept=False)], at=AT)
    other = lookup_of("test", "kept")
    chats.commit([finished(chats.load({other: "test"})[other])], at=AT)
    later = (AT + dt.timedelta(days=1)).isoformat()
    assert chats.purge(unkept_before=AT.isoformat(), replies_before=AT.isoformat()) == 0
    assert chats.purge(unkept_before=later, replies_before=later) == 1
    assert (chats.load({KEY: "test"})[KEY].turn, chats.load({other: "test"})[other].turn) == (0, 1)
    assert take(chats).turn == 1


def test_the_channels_own_name_for_a_chat_is_not_kept(engine: Engine, tmp_path: Path) -> None:
    own_name = "so-dien-thoai-cua-co-ba"
    key = lookup_of("test", own_name)
    chats = Chats(engine)
    chats.commit([finished(chats.load({key: "test"})[key])], at=AT)
    engine.dispose()
    assert all(own_name.encode() not in path.read_bytes() for path in tmp_path.iterdir())
