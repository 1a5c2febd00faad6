"""The inbox: who may claim what, and whose answer counts."""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import func, insert, select, update

from bot.campaign.verifying import verify
from bot.channels.messages import ConsentWithdrawn, ContactKey, HumanTookOver, Incoming, Unreachable
from bot.retention import all_rules
from bot.store.chats import FinishedTurn
from bot.store.database import StaleTurn
from bot.store.erasing import erase
from bot.store.inbox import LEASE, Answered, Claimed, Event
from bot.store.schema import contact, inbox, metadata, outgoing, person, seen
from bot.store.store import Store
from tests.campaign.test_outflow import FLOWS, write
from tests.fakes import Clock

WHO = ContactKey("pushed", "a")


def put(store: Store, *events: Event) -> list[bool]:
    with store.engine.begin() as connection:
        return store.inbox.put(connection, [store.inbox.seal(each) for each in events])


def claim(store: Store, *, limit: int = 10, busy: Sequence[Claimed] = ()) -> list[Claimed]:
    with store.engine.begin() as connection:
        return store.inbox.claim(connection, limit, [each.id for each in busy])


def answer(store: Store, *claimed: Claimed) -> list[int]:
    turns = [FinishedTurn(each.chat, "{}", each.chat.turn + 1, False, "[]", (), "test") for each in claimed]
    with store.engine.begin() as connection:
        return store.inbox.answer(connection, [Answered(each, turn) for each, turn in zip(claimed, turns, strict=True)])


def typed(*texts: str, who: ContactKey = WHO) -> list[Incoming]:
    return [Incoming(who, text=text, id=f"id {text}") for text in texts]


def texts(claimed: list[Claimed]) -> list[str | None]:
    return [each.event.text for each in claimed if isinstance(each.event, Incoming)]


@pytest.fixture
def other(open_store: Callable[..., Store], clock: Clock) -> Store:
    """The same database as another process sees it."""
    return open_store(clock, holder="máy-khác:1:x")


def test_what_is_put_is_new_once_in_one_transaction_and_in_two(store: Store) -> None:
    assert put(store, *typed("1", "2", "1")) == [True, True, False]
    assert put(store, *typed("2", "3")) == [False, True]
    assert put(store, Incoming(WHO, text="1"), Incoming(WHO, text="1")) == [True, True]


def test_only_the_first_message_of_a_person_can_be_claimed(store: Store, other: Store) -> None:
    put(store, *typed("1", "2", "3"), *typed("1", who=ContactKey("pushed", "b")))
    ours = claim(store, limit=1)
    theirs = claim(other)
    assert [each.event.contact.user for each in (*ours, *theirs)] == ["a", "b"]
    assert claim(other, busy=theirs) == []
    assert claim(store, busy=ours) == []


def test_the_next_one_can_be_claimed_once_the_first_is_answered(store: Store, other: Store) -> None:
    put(store, *typed("1", "2"))
    first = claim(store)
    assert answer(store, *first)[0] > 0
    second = claim(other)
    assert (texts(second), second[0].chat.turn, second[0].chat.linked) == (["2"], 1, True)


def test_a_claim_runs_out_and_the_late_answer_is_refused(store: Store, other: Store, clock: Clock) -> None:
    put(store, *typed("1"))
    late = claim(store)
    clock.move(seconds=LEASE.total_seconds() + 1)
    again = claim(other)
    assert [each.claims for each in (*late, *again)] == [1, 2]
    with pytest.raises(StaleTurn):
        answer(store, *late)
    assert answer(other, *again)[0] > 0
    with pytest.raises(StaleTurn):
        answer(other, *again)


def test_claims_of_a_process_that_is_no_more_are_free_at_once(
    open_store: Callable[..., Store], store: Store, clock: Clock
) -> None:
    put(store, *typed("1"))
    machine = store.inbox.holder.partition(":")[0]
    # no process has that number: the largest a system gives is smaller
    dead = open_store(clock, holder=f"{machine}:99999999:x")
    assert len(claim(dead)) == 1
    assert claim(store) == []
    store.inbox.free_claims_of_the_dead()
    assert texts(claim(store)) == ["1"]


def test_a_living_process_keeps_its_claims(store: Store, other: Store) -> None:
    put(store, *typed("1"))
    claim(other)
    store.inbox.free_claims_of_the_dead()
    assert claim(store) == []


@pytest.mark.parametrize(
    "event",
    [
        Incoming(WHO, text="xin chào \x00 \ud800 😀", id="1", hidden=("otp",), scam="report", strange_link=True),
        Incoming(WHO, button="viec.cai_dat/xong"),
        Incoming(WHO, media="voice"),
        Unreachable(WHO, "2"),
        HumanTookOver(WHO),
        ConsentWithdrawn(WHO, "3"),
    ],
    ids=["text", "button", "media", "unreachable", "human", "withdrawn"],
)
def test_what_comes_out_is_what_went_in(store: Store, event: Event) -> None:
    put(store, event)
    assert [each.event for each in claim(store)] == [event]


def test_a_message_of_another_person_in_ones_row_cannot_be_opened(store: Store) -> None:
    put(store, *typed("1"), *typed("2", who=ContactKey("pushed", "b")))
    with store.engine.begin() as connection:
        payloads = list(connection.execute(select(inbox.c.payload).order_by(inbox.c.id)).scalars())
        connection.execute(update(inbox).values(payload=payloads[0]))
    assert texts(claim(store)) == ["1"]


def test_a_reply_is_found_by_its_message(store: Store) -> None:
    message = typed("1")[0]
    put(store, message)
    sealed = store.inbox.seal(message)
    assert store.inbox.reply_to(sealed) is None
    [id] = answer(store, *claim(store))
    found = store.inbox.reply_to(sealed)
    assert (found.id if found else None) == id


def test_what_is_past_its_time_goes_and_what_waits_stays(store: Store, clock: Clock) -> None:
    put(store, *typed("1"))
    answer(store, *claim(store))
    put(store, *typed("2"))
    with store.engine.begin() as connection:
        connection.execute(update(outgoing).values(status="sent"))

    def left() -> list[int]:
        erase(store.engine, all_rules(), store.tombstones, now=clock())
        with store.engine.connect() as connection:
            return [
                connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (seen, outgoing)
            ]

    assert left() == [2, 1]
    clock.move(hours=49)
    assert left() == [1, 1]
    assert put(store, *typed("1", "2")) == [True, False]
    clock.move(days=6)
    assert left() == [2, 0]


def test_replies_still_to_be_sent_are_never_swept(store: Store, clock: Clock) -> None:
    put(store, *typed("1"))
    [id] = answer(store, *claim(store))
    clock.move(days=30)
    erase(store.engine, all_rules(), store.tombstones, now=clock())
    [delivery] = asyncio.run(store.outbox.due("pushed", clock(), 10))
    assert (delivery.id, delivery.address) == (id, "a")


def test_who_withdraws_their_consent_is_forgotten_whole(store: Store) -> None:
    stranger = ContactKey("pushed", "b")
    put(store, *typed("1"), *typed("1", who=stranger))
    answer(store, *claim(store))
    with store.engine.begin() as connection:
        for id in connection.execute(select(contact.c.id)).scalars().all():
            connection.execute(insert(person).values(contact_id=id, code="", pseudonym=f"p{id}"))
    for number in ("2", "3"):
        # the second time there is nobody to forget
        put(store, ConsentWithdrawn(WHO, f"withdrawal {number}"))
        withdrawn = claim(store)
        with store.engine.begin() as connection:
            store.inbox.answer(connection, [Answered(each, None) for each in withdrawn])
        assert not store.chats.knows(WHO)
    assert store.chats.knows(stranger)
    with store.engine.connect() as connection:
        left = {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if {"contact_id", "person_id"} & set(table.columns.keys())
        }
    # of the other one: a chat, its address, a reply and a person
    assert {name: rows for name, rows in left.items() if rows} == {
        "conversation": 1, "link": 1, "outgoing": 1, "person": 1,
    }  # fmt: skip
    put(store, *typed("4"))
    assert [each.chat.turn for each in claim(store)] == [0]


def test_who_withdraws_their_consent_counts_no_more_and_others_are_told(open_store: Callable[..., Store]) -> None:
    store = open_store(flows=FLOWS)
    put(store, *typed("1"))
    answer(store, *claim(store))
    with store.engine.begin() as connection:
        id = connection.execute(select(contact.c.id)).scalar_one()
        connection.execute(insert(person).values(contact_id=id, code="", pseudonym="p1"))
        write(connection, 1, ward="25747")
    counted = store.webhook_events.next()
    assert (counted.evidence if counted else None) == "self"
    put(store, ConsentWithdrawn(WHO, "withdrawal"))
    withdrawn = claim(store)
    with store.engine.begin() as connection:
        store.inbox.answer(connection, [Answered(each, None) for each in withdrawn])
    assert verify(store.engine) == []
    removed = store.webhook_events.next()
    assert removed is not None
    assert (removed.person, removed.evidence, removed.ward) == ("p1", None, None)
