"""Wishes for help: the list by age, each step made once, and what the person hears of it in their own chat."""

import asyncio
from collections.abc import Iterator

import pytest
from sqlalchemy import insert, select

from bot.campaign.requests import RESULTS, HelpRequest, Requests, Result
from bot.campaign.scope import CITY, OutOfScope, Scope
from bot.channels.messages import ContactKey, HumanTookOver, Incoming, Text, dump
from bot.retention import sweep
from bot.store.moments import stamp
from bot.store.schema import contact, help_request, person
from bot.store.store import Store
from bot.worker import Worker
from tests.fakes import Clock, small_worker

HERE, THERE = "25747", "25750"


@pytest.fixture
def requests(store: Store) -> Requests:
    def told(phrase: str, state: str) -> str:
        return dump((Text(f"({phrase}{' in their words' if state else ''})"),))

    return Requests(store.engine, store.writer, told, pushed=("pushed",), now=store.now)


@pytest.fixture
def worker(store: Store) -> Iterator[Worker]:
    worker = small_worker(store)
    worker.start()
    yield worker
    worker.stop()


def ask(store: Store, worker: Worker, name: str, *, ward: str = HERE) -> int:
    """Somebody writes, and asks for help; the number of their wish."""
    who = ContactKey("pushed", name)
    worker.ask(Incoming(who, text="xin chào")).result(30)
    with store.engine.begin() as connection:
        chat = select(contact.c.id).where(contact.c.lookup == store.chats.lookup(who))
        row = {"contact_id": connection.execute(chat).scalar_one(), "code": "", "pseudonym": name}
        person_id = connection.execute(insert(person).returning(person.c.id), row).scalar_one()
        wish = {"person_id": person_id, "ward": ward, "way": "call", "hours": "morning", "place": "", "reason": ""}
        wish |= {"status": "waiting", "created_at": stamp(store.now()), "taken_by": "", "result": ""}
        return int(connection.execute(insert(help_request).returning(help_request.c.id), wish).scalar_one())


def told(store: Store) -> list[tuple[str, str]]:
    """What is on its way to people: whose chat, and what; first of each chat."""
    due = asyncio.run(store.outbox.due("pushed", store.now(), 10))
    return [(each.address, message.whole) for each in due for message in each.messages if isinstance(message, Text)]


def leave(store: Store) -> None:
    """Everything on its way arrives."""

    async def send() -> None:
        while due := await store.outbox.due("pushed", store.now(), 10):
            for each in due:
                await store.outbox.mark_leaving(each.id, store.now())
                await store.outbox.mark_sent(each.id)

    asyncio.run(send())


def listed(requests: Requests, scope: Scope = CITY) -> list[int]:
    return [each.id for each in requests.open(scope)]


def test_who_waits_longest_stands_on_top_and_what_was_taken_behind(
    store: Store, worker: Worker, requests: Requests, clock: Clock
) -> None:
    first, second, third = (_later(clock, ask(store, worker, name)) for name in ("a", "b", "c"))
    assert listed(requests) == [first, second, third]
    requests.take(CITY, first, "staff:1")
    assert listed(requests) == [second, third, first]
    requests.close(CITY, second, "staff:1", "helped")
    assert listed(requests) == [third, first]
    clock.move(minutes=1)
    requests.close(CITY, third, "staff:1", "helped")
    assert [each.id for each in requests.open(CITY, statuses=("closed",))] == [third, second]


def _later(clock: Clock, id: int) -> int:
    clock.move(minutes=1)
    return id


def test_taking_is_told_in_the_person_s_chat_and_done_by_one_alone(
    store: Store, worker: Worker, requests: Requests
) -> None:
    id = ask(store, worker, "a")
    leave(store)
    assert requests.take(CITY, id, "staff:1")
    assert not requests.take(CITY, id, "staff:2")
    assert told(store) == [("a", "(help_taken in their words)")]
    assert requests.find(CITY, id).taken_by == "staff:1"


@pytest.mark.parametrize("result", RESULTS)
def test_closing_is_told_with_its_result_and_once(
    store: Store, worker: Worker, requests: Requests, result: Result
) -> None:
    id = ask(store, worker, "a")
    leave(store)
    assert requests.close(CITY, id, "staff:1", result)
    assert not requests.close(CITY, id, "staff:2", result)
    phrase = "help_not_reached" if result == "not_reached" else "help_closed"
    assert told(store) == [("a", f"({phrase} in their words)")]
    found = requests.find(CITY, id)
    assert (found.status, found.result, found.closed_at) == ("closed", result, store.now())


def test_what_was_closed_too_early_is_opened_again_by_whoever_has_it_now(
    store: Store, worker: Worker, requests: Requests
) -> None:
    id = ask(store, worker, "a")
    assert not requests.reopen(CITY, id, "staff:2")
    requests.close(CITY, id, "staff:1", "helped")
    leave(store)
    assert requests.reopen(CITY, id, "staff:2")
    found = requests.find(CITY, id)
    assert (found.status, found.taken_by, found.result, found.closed_at) == ("taken", "staff:2", "", None)
    assert told(store) == [("a", "(help_taken in their words)")]
    assert requests.close(CITY, id, "staff:2", "not_wanted")


def test_the_bot_is_silent_while_a_human_writes_and_speaks_again_once_it_is_closed(
    store: Store, worker: Worker, requests: Requests
) -> None:
    id = ask(store, worker, "a")
    requests.take(CITY, id, "staff:1")
    asyncio.run(worker.accept(HumanTookOver(ContactKey("pushed", "a"))))
    again = Incoming(ContactKey("pushed", "a"), text="dạ")
    assert worker.ask(again).result(30).messages == ()
    assert requests.find(CITY, id).silent
    requests.close(CITY, id, "staff:1", "helped")
    assert not requests.find(CITY, id).silent
    assert worker.ask(again).result(30).messages != ()
    assert told(store)[0] == ("a", "(help_closed in their words)")


@pytest.mark.parametrize("step", ["take", "close", "reopen"])
def test_a_wish_of_another_ward_is_one_that_does_not_exist(
    store: Store, worker: Worker, requests: Requests, step: str
) -> None:
    id, mine = ask(store, worker, "a", ward=THERE), Scope.of([HERE])
    leave(store)
    steps = {
        "take": lambda each: requests.take(mine, each, "staff:1"),
        "close": lambda each: requests.close(mine, each, "staff:1", "helped"),
        "reopen": lambda each: requests.reopen(mine, each, "staff:1"),
    }
    for each in (id, id + 1):
        with pytest.raises(OutOfScope):
            steps[step](each)
    assert (listed(requests, mine), told(store)) == ([], [])
    assert requests.find(CITY, id).status == "waiting"


def test_a_wish_says_what_the_person_chose_and_nothing_that_names_them(
    store: Store, worker: Worker, requests: Requests
) -> None:
    found = requests.find(CITY, ask(store, worker, "a"))
    assert found == HelpRequest(
        id=found.id, ward=HERE, channel="pushed", way="call", hours="morning", place="", reason="", status="waiting",
        created_at=store.now(), taken_by="", taken_at=None, result="", closed_at=None, silent=False,
    )  # fmt: skip


def test_who_wrote_long_ago_still_hears_that_somebody_sees_to_it(
    store: Store, worker: Worker, requests: Requests, clock: Clock
) -> None:
    id = ask(store, worker, "a")
    leave(store)
    clock.move(days=5)
    sweep(store.engine, now=clock())
    assert requests.take(CITY, id, "staff:1")
    assert told(store) == [("a", "(help_taken)")]
