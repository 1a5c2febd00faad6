"""Messages go in once and come out answered: each person's in order, different people's together, on each database."""

import asyncio
import datetime as dt
import json
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update

from bot.assistant import Assistant
from bot.channels.messages import ContactKey, HumanTookOver, Incoming, Message, Text, Unreachable, dump
from bot.core.meaning import Meaning
from bot.quota import A_MINUTE, Quota
from bot.store.chats import FinishedTurn, StoredChat
from bot.store.database import StoreError
from bot.store.inbox import LEASE
from bot.store.schema import contact, conversation, inbox, outgoing, seen
from bot.store.spool import Spool
from bot.store.store import Store
from bot.worker import TOGETHER, TRIES, Answer, Worker
from tests.fakes import Clock, Talker, fixed_keyring, open_test_store, small_assistant, small_worker
from tests.postgresql import PostgreSQL

# longer than a slow machine needs for anything here
PATIENCE = 60.0


class Ledger(Assistant):
    """Remembers in the state of a chat what was said there, in its order; fails where it is told to."""

    def __init__(self, clock: Callable[[], dt.datetime]) -> None:
        self._honest = small_assistant(clock)
        self.fails_on: set[str] = set()
        self.begun: list[str] = []
        self.holds: dict[str, threading.Event] = {}

    def take(self, incoming: Incoming, chat: StoredChat) -> FinishedTurn:
        said = incoming.text or ""
        self.begun.append(said)
        if said in self.holds:
            self.holds[said].wait(PATIENCE)
        if said in self.fails_on:
            raise RuntimeError(f"a fault of ours, about {said}")
        heard = [*json.loads(chat.state or "[]"), said]
        messages = dump((Text(said),))
        return FinishedTurn(chat, json.dumps(heard), chat.turn + 1, False, messages, (), "test")

    def only_say(self, phrase: str, chat: StoredChat) -> FinishedTurn:
        return self._honest.only_say(phrase, chat)

    def phrase(self, name: str, language: str = "") -> tuple[Message, ...]:
        return self._honest.phrase(name, language)


def message(user: str, said: str, *, id: str = "", channel: str = "pushed") -> Incoming:
    return Incoming(ContactKey(channel, user), text=said, id=id)


def heard(store: Store, user: str, channel: str = "pushed") -> list[str]:
    """What was said in a chat, as its state remembers it."""
    query = select(conversation.c.state).join(contact)
    with store.engine.connect() as connection:
        state = connection.execute(
            query.where(contact.c.lookup == store.chats.lookup(ContactKey(channel, user)))
        ).scalar()
    return list(json.loads(state or "[]"))


def rows(store: Store, table: object) -> int:
    with store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())  # type: ignore[arg-type]


def said(answer: Answer) -> list[str]:
    return [each.whole for each in answer.messages if isinstance(each, Text)]


@pytest.fixture
def ledger(clock: Clock) -> Ledger:
    return Ledger(clock)


@pytest.fixture
def worker(ledger: Ledger, store: Store) -> Worker:
    return Worker(ledger, store.inbox, store.writer, now=store.now)


# ---- order and numbers ----


def test_everybody_is_answered_in_their_order(worker: Worker, store: Store) -> None:
    sent = [(f"{user}", f"{number}") for number in range(5) for user in range(TOGETHER + 10)]
    futures = [worker.ask(message(*each)) for each in sent]
    worker.start()
    assert [said(future.result(PATIENCE)) for future in futures] == [[text] for _, text in sent]
    worker.stop()
    assert all(heard(store, f"{user}") == ["0", "1", "2", "3", "4"] for user in range(TOGETHER + 10))
    assert (rows(store, inbox), rows(store, outgoing)) == (0, len(sent))


def test_the_same_message_counts_once_and_gets_the_same_answer(worker: Worker, store: Store) -> None:
    worker.start()
    first = worker.ask(message("a", "chào", id="m1")).result(PATIENCE)
    together = [worker.ask(message("a", "chào", id="m2")) for _ in range(3)]
    again = worker.ask(message("a", "chào", id="m1")).result(PATIENCE)
    assert again == first
    assert len({future.result(PATIENCE).id for future in together}) == 1
    worker.stop()
    assert heard(store, "a") == ["chào", "chào"]


def test_the_same_number_of_another_person_is_another_message(worker: Worker, store: Store) -> None:
    for user in ("a", "b"):
        worker.handle(message(user, "chào", id="1"))
    assert (heard(store, "a"), heard(store, "b")) == (["chào"], ["chào"])


def test_a_message_is_sealed_while_it_waits_and_gone_when_it_is_answered(worker: Worker, store: Store) -> None:
    futures = [worker.ask(message("người lạ", "chim hoàng yến")), worker.ask(message("người lạ", "chim sẻ"))]
    store.writer.write()
    with store.engine.connect() as connection:
        stored = str(connection.execute(select(inbox)).all())
    assert stored
    assert not any(word in stored for word in ("người", "chim"))
    worker.start()
    assert all(future.result(PATIENCE).id for future in futures)
    worker.stop()
    assert (rows(store, inbox), rows(store, seen)) == (0, 2)


# ---- what goes wrong ----


def test_a_message_that_cannot_be_answered_takes_nobody_along(
    worker: Worker, ledger: Ledger, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    ledger.fails_on = {"bom"}
    sent = [("a", "1"), ("b", "bom"), ("c", "1"), ("b", "2")]
    futures = [worker.ask(message(*each)) for each in sent]
    with caplog.at_level(logging.CRITICAL):
        worker.start()
        assert [said(future.result(PATIENCE)) for future in futures] == [["1"], ["(trouble)"], ["1"], ["2"]]
        worker.stop()
    assert ledger.begun.count("bom") == TRIES
    assert "bom" not in caplog.text
    assert heard(store, "b") == ["2"]
    assert rows(store, inbox) == 0


def test_a_turn_that_cannot_be_written_takes_nobody_along(
    store: Store, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    class Unwritable(Ledger):
        def take(self, incoming: Incoming, chat: StoredChat) -> FinishedTurn:
            turn = super().take(incoming, chat)
            # no column takes a text that is none
            return replace(turn, state=None) if incoming.text == "bom" else turn  # type: ignore[arg-type]

    worker = Worker(Unwritable(clock), store.inbox, store.writer, now=clock)
    futures = [worker.ask(message(*each)) for each in (("a", "1"), ("b", "bom"), ("c", "1"))]
    worker.start()
    assert [said(future.result(PATIENCE)) for future in futures] == [["1"], ["(trouble)"], ["1"]]
    worker.stop()
    assert (heard(store, "a"), heard(store, "c"), rows(store, inbox)) == (["1"], ["1"], 0)


def test_a_message_that_kills_whoever_begins_it_is_answered_in_the_end(
    worker: Worker, ledger: Ledger, store: Store
) -> None:
    future = worker.ask(message("a", "giết"))
    store.writer.write()
    with store.engine.begin() as connection:
        connection.execute(update(inbox).values(claims=10))
    worker.start()
    assert said(future.result(PATIENCE)) == ["(trouble)"]
    worker.stop()
    assert ledger.begun == []


def test_a_message_nobody_can_open_stands_in_nobodys_way(worker: Worker, store: Store) -> None:
    first, second = worker.ask(message("a", "1")), worker.ask(message("a", "2"))
    store.writer.write()
    with store.engine.begin() as connection:
        head = connection.execute(select(func.min(inbox.c.id))).scalar_one()
        connection.execute(update(inbox).where(inbox.c.id == head).values(payload="1.khong-phai"))
    worker.start()
    assert said(second.result(PATIENCE)) == ["2"]
    assert first.result(PATIENCE).messages == ()
    worker.stop()


def test_a_slow_thought_holds_up_only_its_own_person(ledger: Ledger, store: Store) -> None:
    ledger.holds["chậm"] = threading.Event()
    with ThreadPoolExecutor(4) as aside:
        worker = Worker(ledger, store.inbox, store.writer, now=store.now, aside=aside)
        worker.start()
        slow, behind = worker.ask(message("a", "chậm")), worker.ask(message("a", "sau"))
        assert said(worker.ask(message("b", "nhanh")).result(PATIENCE)) == ["nhanh"]
        assert (slow.done(), behind.done()) == (False, False)
        ledger.holds["chậm"].set()
        assert said(behind.result(PATIENCE)) == ["sau"]
        worker.stop()
    assert heard(store, "a") == ["chậm", "sau"]


def test_a_listener_that_fails_and_a_caller_who_left_stop_nobody(worker: Worker) -> None:
    def fail(who: ContactKey, answer: Answer) -> None:
        raise RuntimeError("a fault of a listener")

    left, stays = worker.ask(message("a", "1")), worker.ask(message("b", "1"))
    left.cancel()
    worker.start(fail)
    assert said(stays.result(PATIENCE)) == ["1"]
    worker.stop()


def test_stopping_answers_who_waits_and_leaves_the_rest_for_the_next_start(
    worker: Worker, ledger: Ledger, store: Store
) -> None:
    asked = [worker.ask(message("a", str(number))) for number in range(3)]
    worker.start()
    worker.stop()
    assert [said(future.result(0)) for future in asked] == [["0"], ["1"], ["2"]]


# ---- several processes ----


def test_two_processes_share_the_work_and_keep_each_persons_order(
    open_store: Callable[..., Store], clock: Clock
) -> None:
    stores = [open_store(clock, holder=name) for name in ("một", "hai")]
    workers = [Worker(Ledger(clock), each.inbox, each.writer, now=clock) for each in stores]
    for worker in workers:
        worker.start()
    sent = [(f"{user}", f"{number}") for number in range(10) for user in range(20)]
    # each person writes to both, but only once the message before is stored
    for number in range(10):
        put = [
            asyncio.run(workers[(int(user) + number) % 2].accept(message(user, text, id=text)))
            for user, text in sent
            if text == str(number)
        ]
        assert all(put)
    last = [workers[0].ask(message(str(user), "hết")) for user in range(20)]
    assert all(future.result(PATIENCE).id for future in last)
    for worker in workers:
        worker.stop()
    wanted = [str(number) for number in range(10)] + ["hết"]
    assert [heard(stores[0], str(user)) for user in range(20)] == [wanted] * 20
    assert rows(stores[0], outgoing) == 20 * 11


def test_what_another_process_answered_is_told_to_who_asked_here(
    open_store: Callable[..., Store], clock: Clock
) -> None:
    here, there = open_store(clock, holder="đây"), open_store(clock, holder="kia")
    asking = Worker(Ledger(clock), here.inbox, here.writer, now=clock)
    other = Worker(Ledger(clock), there.inbox, there.writer, now=clock)
    waiting = asking.ask(message("a", "chào", id="1"))
    here.writer.write()
    other.handle(message("a", "nữa", id="2"))
    assert heard(there, "a") == ["chào", "nữa"]
    asking.start()
    assert said(waiting.result(PATIENCE)) == ["chào"]
    asking.stop()


def test_a_claim_of_somebody_who_is_no_more_runs_out(open_store: Callable[..., Store], clock: Clock) -> None:
    gone, here = open_store(clock, holder="máy-khác:1:x"), open_store(clock, holder="đây")
    gone.inbox.put_all([gone.inbox.seal(message("a", "chào"))])
    with gone.engine.begin() as connection:
        assert len(gone.inbox.claim(connection, 10, ())) == 1
    worker = Worker(Ledger(clock), here.inbox, here.writer, now=clock)
    with here.engine.begin() as connection:
        assert here.inbox.claim(connection, 10, ()) == []
    clock.move(seconds=LEASE.total_seconds() + 1)
    worker.handle(message("b", "khác"))
    assert heard(here, "a") == ["chào"]


def test_who_lost_the_claim_writes_nothing(open_store: Callable[..., Store], clock: Clock) -> None:
    """One process thinks so long that another takes over: only one of the two turns is written."""
    slow, quick = open_store(clock, holder="chậm"), open_store(clock, holder="nhanh")
    ledger = Ledger(clock)
    ledger.holds["chào"] = threading.Event()
    with ThreadPoolExecutor(1) as aside:
        worker = Worker(ledger, slow.inbox, slow.writer, now=clock, aside=aside)
        worker.start()
        asked = worker.ask(message("a", "chào"))
        while not ledger.begun:
            threading.Event().wait(0.01)
        clock.move(seconds=LEASE.total_seconds() + 1)
        Worker(Ledger(clock), quick.inbox, quick.writer, now=clock).handle(message("a", "nữa"))
        ledger.holds["chào"].set()
        assert said(asked.result(PATIENCE)) == ["chào"]
        worker.stop()
    assert heard(quick, "a") == ["chào", "nữa"]
    assert rows(quick, outgoing) == 2


# ---- a flood ----


def test_a_flood_of_one_person_is_told_so_once_and_the_web_never(store: Store, clock: Clock) -> None:
    worker = Worker(Ledger(clock), store.inbox, store.writer, now=clock, quota=Quota())
    futures = {
        channel: [worker.ask(message("a", "tin", channel=channel)) for _ in range(A_MINUTE + 3)]
        for channel in ("pushed", "web")
    }
    worker.start()
    pushed = [said(future.result(PATIENCE)) for future in futures["pushed"]]
    web = [said(future.result(PATIENCE)) for future in futures["web"]]
    worker.stop()
    assert pushed == [["tin"]] * A_MINUTE + [["(too_many)"], [], []]
    assert web == [["tin"]] * (A_MINUTE + 3)


# ---- a human, and nobody ----


def test_where_a_human_took_over_the_bot_is_silent_until_it_is_released(worker: Worker, store: Store) -> None:
    who = ContactKey("pushed", "a")
    worker.handle(message("a", "1"))
    worker.start()
    asyncio.run(worker.accept(HumanTookOver(who)))
    assert worker.ask(message("a", "2")).result(PATIENCE) == Answer(0, ())
    store.contacts.release(who)
    assert said(worker.ask(message("a", "3")).result(PATIENCE)) == ["3"]
    worker.stop()
    with store.engine.connect() as connection:
        query = select(outgoing.c.status, outgoing.c.reason).order_by(outgoing.c.id)
        left = [tuple(row) for row in connection.execute(query)]
    assert left == [("dropped", "human"), ("waiting", "")]


def test_who_left_is_sent_nothing_until_they_write_again(worker: Worker, store: Store) -> None:
    worker.handle(message("a", "1"))
    worker.start()
    assert asyncio.run(worker.accept(Unreachable(ContactKey("pushed", "a"), id="u1")))
    assert not asyncio.run(worker.accept(Unreachable(ContactKey("pushed", "a"), id="u1")))
    worker.ask(message("a", "2")).result(PATIENCE)
    worker.stop()
    with store.engine.connect() as connection:
        assert connection.execute(select(contact.c.unreachable_since)).scalar() is None
        statuses = list(connection.execute(select(outgoing.c.status).order_by(outgoing.c.id)).scalars())
    assert statuses == ["dropped", "waiting"]


# ---- the database is away ----


@pytest.fixture
def away(tmp_path: Path, clock: Clock) -> Store:
    """A store on SQLite that can be taken away: ``hide`` and ``show`` below."""
    return open_test_store(tmp_path, clock)


def hide(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE seen RENAME TO hidden"))


def show(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE hidden RENAME TO seen"))


def test_without_a_database_messages_wait_in_the_spool_and_come_in_their_order(
    away: Store, clock: Clock, tmp_path: Path
) -> None:
    spool, ended = Spool(tmp_path / "spool", fixed_keyring()), threading.Event()
    worker = Worker(Ledger(clock), away.inbox, away.writer, now=clock, spool=spool)
    worker.start(lambda who, answer: ended.set() if said(answer) == ["sau"] else None)
    asyncio.run(worker.accept(message("a", "trước", id="0")))
    hide(away)
    for number in range(5):
        assert asyncio.run(worker.accept(message("a", str(number), id=f"m{number}")))
    assert any((tmp_path / "spool").glob("messages"))
    assert said(worker.ask(message("b", "web")).result(PATIENCE)) == ["(trouble)"]
    show(away)
    asyncio.run(worker.accept(message("a", "sau", id="9")))
    assert ended.wait(PATIENCE)
    worker.stop()
    assert spool.is_empty
    assert heard(away, "a") == ["trước", "0", "1", "2", "3", "4", "sau"]


def test_a_server_that_stops_and_comes_back_loses_nothing(
    postgresql: PostgreSQL, postgresql_database: str, clock: Clock, tmp_path: Path
) -> None:
    store = open_test_store(postgresql_database, clock)
    spool, ended = Spool(tmp_path / "spool", fixed_keyring()), threading.Event()
    worker = Worker(Ledger(clock), store.inbox, store.writer, now=clock, spool=spool)
    worker.start(lambda who, answer: ended.set() if said(answer) == ["sau"] else None)
    asyncio.run(worker.accept(message("a", "trước", id="0")))
    postgresql.stop()
    try:
        for number in range(3):
            assert asyncio.run(worker.accept(message("a", str(number), id=f"m{number}")))
        assert said(worker.ask(message("b", "web")).result(PATIENCE)) == ["(trouble)"]
    finally:
        postgresql.start()
    asyncio.run(worker.accept(message("a", "sau", id="9")))
    assert ended.wait(PATIENCE)
    worker.stop()
    assert heard(store, "a") == ["trước", "0", "1", "2", "sau"]
    store.engine.dispose()


def test_without_database_and_spool_the_platform_is_told(away: Store, clock: Clock) -> None:
    worker = Worker(Ledger(clock), away.inbox, away.writer, now=clock)
    worker.start()
    hide(away)
    with pytest.raises(StoreError):
        asyncio.run(worker.accept(message("a", "1")))
    worker.stop()


def test_no_word_of_a_person_is_in_an_error_of_understanding(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def understand(line: str, asked: str, language: str | None) -> Meaning:
        raise ValueError(f"cannot understand {line}")

    with caplog.at_level(logging.DEBUG):
        assert Talker(small_worker(store, understand)).says("chim hoàng yến") == ["(trouble)"]
    assert "ValueError" in caplog.text
    assert "chim" not in caplog.text
