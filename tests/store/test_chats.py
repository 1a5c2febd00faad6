"""Turns are written whole or not at all, on either database."""

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from bot.channels.messages import ContactKey
from bot.store.chats import FinishedTurn, StaleTurn, StoredChat, StoredReply, write_turns
from bot.store.moments import city_day, stamp
from bot.store.records import CompletionRecord, ConsentRecord, HandOverRecord, Record, StepRecord
from bot.store.schema import completion, consent, contact, conversation, hand_over, link, outgoing, person, step_event
from bot.store.store import Store

AT = dt.datetime(2026, 11, 21, 18, 30, tzinfo=dt.UTC)
WHO = ContactKey("test", "a")

COMPLETION = CompletionRecord("", "vneid_level_2", "self")
STEP = StepRecord("", "vneid_level_2", "vneid_muc_2.nhap_otp", "", "entered", "self")


def load(store: Store, who: ContactKey = WHO) -> StoredChat:
    """The chat as it stands."""
    query = (
        select(contact.c.id, conversation.c.state, conversation.c.turn, conversation.c.updated_at, conversation.c.kept)
        .join(conversation)
        .where(contact.c.lookup == store.chats.lookup(who))
    )
    with store.engine.connect() as connection:
        row = connection.execute(query).first()
    if row is None:
        return StoredChat(store.chats.lookup(who), who.channel)
    return StoredChat(store.chats.lookup(who), who.channel, row.id, row.state, row.turn, row.updated_at, row.kept)


def finished(chat: StoredChat, *records: Record, forget: bool = False) -> FinishedTurn:
    return FinishedTurn(chat, '{"v":1}', chat.turn + 1, True, "[]", records, "v", forget, address="số của cô Ba")


def write(store: Store, *turns: FinishedTurn) -> list[StoredReply]:
    with store.engine.begin() as connection:
        return write_turns(
            connection, turns, at=AT, keyring=store.keyring, tombstones=store.tombstones, pushed={"pushed"}
        )


def take(store: Store, *records: Record, forget: bool = False) -> StoredChat:
    """One turn of the chat; how it stands then."""
    write(store, finished(load(store), *records, forget=forget))
    return load(store)


def count(store: Store, table: object) -> int:
    with store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def consented(purpose: str, *, given: bool) -> ConsentRecord:
    return ConsentRecord("", purpose, given, "Cho phép không {anh_chi}?", "Đồng ý", "button", False)


def test_a_turn_is_found_again(store: Store) -> None:
    chat = take(store)
    assert (chat.turn, chat.state, chat.updated_at) == (1, '{"v":1}', stamp(AT))
    assert store.chats.knows(WHO)
    assert not store.chats.knows(ContactKey("test", "b"))


def test_the_newest_reply_of_each_chat_is_found_at_once(store: Store) -> None:
    others = [ContactKey("test", name) for name in "bcd"]
    for who in (WHO, *others[:2], WHO):
        write(store, finished(load(store, who)))
    newest = {who: store.chats.replies(who, last=1)[-1].id for who in (WHO, *others[:2])}
    assert store.chats.newest([WHO, *others]) == newest
    assert store.chats.newest([others[2]]) == {}


def test_a_completion_counts_once_however_often_it_comes(store: Store) -> None:
    take(store, COMPLETION)
    take(store, COMPLETION, replace(COMPLETION, evidence="helper"))
    assert count(store, completion) == 1


def test_a_person_and_one_they_help_are_two(store: Store) -> None:
    take(store, COMPLETION, replace(COMPLETION, person="ma", evidence="helper"))
    assert (count(store, completion), count(store, person)) == (2, 2)


def test_the_day_is_the_citys(store: Store) -> None:
    take(store, STEP)
    with store.engine.connect() as connection:
        assert connection.execute(select(step_event.c.day)).scalar() == "2026-11-22"
    assert city_day(dt.datetime(2026, 11, 21, 16, 59, tzinfo=dt.UTC)) == "2026-11-21"


def test_a_no_ends_the_earlier_yes_to_that_purpose_alone(store: Store) -> None:
    take(store, consented("count", given=True), consented("progress", given=True))
    take(store, consented("count", given=False))
    query = select(consent.c.purpose, consent.c.given, consent.c.withdrawn_at).order_by(consent.c.id)
    with store.engine.connect() as connection:
        rows = [tuple(row) for row in connection.execute(query)]
    assert rows == [("count", True, stamp(AT)), ("progress", True, None), ("count", False, None)]


def test_consent_keeps_the_wording_it_was_given_to(store: Store) -> None:
    take(store, consented("count", given=True))
    with store.engine.connect() as connection:
        row = connection.execute(select(consent)).one()
    wanted = ("Cho phép không {anh_chi}?", "Đồng ý", "button", "test")
    assert (row.wording, row.answer, row.method, row.channel) == wanted
    assert len(row.notice_digest) == 64


def test_forgetting_leaves_nothing_but_the_new_beginning(store: Store) -> None:
    take(store, COMPLETION, STEP, consented("count", given=True), HandOverRecord("menu.chon"))
    take(store, forget=True)
    tables = (person, completion, step_event, consent, hand_over)
    assert [count(store, table) for table in tables] == [0] * 5
    assert (count(store, conversation), count(store, outgoing)) == (1, 1)


def test_a_turn_on_an_old_state_is_refused_whole(store: Store) -> None:
    old = take(store)
    take(store)
    with pytest.raises(StaleTurn):
        write(store, finished(old, COMPLETION))
    assert (count(store, completion), count(store, outgoing)) == (0, 2)


def test_two_first_turns_of_one_chat_cannot_both_win(store: Store) -> None:
    new = load(store)
    write(store, finished(new))
    with pytest.raises(StaleTurn):
        write(store, finished(new))


def test_turns_of_several_chats_go_together_or_not_at_all(store: Store) -> None:
    old = take(store)
    take(store)
    with pytest.raises(StaleTurn):
        write(store, finished(load(store, ContactKey("test", "b")), COMPLETION), finished(old))
    assert count(store, completion) == 0


def test_many_chats_old_and_new_in_one_transaction_keep_their_own_replies(store: Store) -> None:
    people = [ContactKey("test", str(number)) for number in range(40)]
    for _ in range(2):
        turns = [replace(finished(load(store, who)), messages=f'["{who.user}"]') for who in people]
        write(store, *turns)
        write(store, *(finished(load(store, who)) for who in people[::2]))
    assert [load(store, who).turn for who in people] == [4, 2] * 20
    first = {who.user: store.chats.replies(who)[0].messages for who in people}
    assert first == {who.user: f'["{who.user}"]' for who in people}


def test_replies_come_in_order_and_from_where_one_stopped(store: Store) -> None:
    for _ in range(4):
        take(store)
    ids = [reply.id for reply in store.chats.replies(WHO)]
    assert ids == sorted(ids)
    assert [reply.id for reply in store.chats.replies(WHO, after=ids[1])] == ids[2:]
    assert [reply.id for reply in store.chats.replies(WHO, last=1)] == ids[3:]
    assert store.chats.replies(ContactKey("test", "someone else")) == []


@pytest.mark.parametrize(("channel", "status", "linked"), [("test", "shown", 0), ("pushed", "waiting", 1)])
def test_only_a_channel_that_pushes_has_addresses_and_sealed_ones(
    store: Store, channel: str, status: str, linked: int
) -> None:
    for _ in range(2):
        write(store, finished(load(store, ContactKey(channel, "x"))))
    with store.engine.connect() as connection:
        assert set(connection.execute(select(outgoing.c.status)).scalars()) == {status}
        addresses = list(connection.execute(select(link.c.address)).scalars())
    assert len(addresses) == linked
    assert all("cô Ba" not in address for address in addresses)
