"""Completions are told to an address of the city's: signed, in order, none lost, whoever dies or is away."""

import asyncio
import contextlib
import hashlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

from bot.bootstrap import open_database
from bot.campaign.webhook import Webhook, WebhookError, signature
from bot.cli import app
from bot.settings import PROJECT, load_settings
from bot.store.flow_standings import flow_standings
from bot.store.schema import person
from bot.store.store import Store
from bot.store.tallies import Tallies
from tests.campaign.receiver import SECRET, Receiver, checks_of_the_page, receiving
from tests.campaign.test_outflow import FLOWS, finish, write
from tests.fakes import TASK, Clock, open_test_store
from tests.store.test_evidence import AT

_PATIENCE = 60.0


@pytest.fixture(scope="module")
def server() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def receiver(server: Receiver) -> Receiver:
    server.forget()
    return server


def announce(store: Store, address: str, *, patience: float = _PATIENCE) -> int:
    """Everything that is due; how many posts were taken."""

    async def rounds() -> int:
        webhook = Webhook(store.webhook_events, store.duties, url=address, secret=SECRET, patience=patience)
        told = 0
        async with contextlib.aclosing(webhook):
            while number := await webhook.round():
                told += number
        return told

    return asyncio.run(rounds())


def forget(store: Store) -> None:
    """Everybody has all erased."""
    with store.engine.begin() as connection:
        tallies = Tallies(connection, at=AT, flows=FLOWS)
        tallies.forget(connection.execute(select(person.c.id)).scalars().all())
        connection.execute(person.delete())
        tallies.write()


def waiting(store: Store) -> tuple[int, int]:
    """How many wait, and how many were given up."""
    standing = flow_standings(store.engine, FLOWS, now=store.now())[1]
    return standing.waiting, standing.dead


def test_each_change_is_told_as_it_stands_and_nothing_else_of_anybody(store: Store, receiver: Receiver) -> None:
    finish(store.engine, 1)
    finish(store.engine, 2, ward="25747")
    assert announce(store, receiver.address) == 2
    finish(store.engine, 1, evidence="officer", ward="25750")
    finish(store.engine, 2, change="withdraw")
    assert announce(store, receiver.address) == 2
    assert [{name: value for name, value in post.items() if name != "event_id"} for post in receiver.posts] == [
        {
            "change": change,
            "person": who,
            "task": TASK,
            "evidence": evidence,
            "day": day,
            "ward": ward,
            "changed_at": AT,
        }
        for change, who, evidence, day, ward in (
            ("counted", "p1", "self", "2026-11-03", None),
            ("counted", "p2", "self", "2026-11-03", "25747"),
            ("counted", "p1", "officer", "2026-11-03", "25750"),
            ("removed", "p2", None, None, None),
        )
    ]
    assert len({post["event_id"] for post in receiver.posts}) == 4
    assert (announce(store, receiver.address), waiting(store), receiver.forged) == (0, (0, 0), 0)


def test_who_has_all_erased_is_removed_there_too(store: Store, receiver: Receiver) -> None:
    finish(store.engine, 1)
    announce(store, receiver.address)
    forget(store)
    announce(store, receiver.address)
    assert [(post["person"], post["change"]) for post in receiver.posts] == [("p1", "counted"), ("p1", "removed")]


def test_a_body_that_was_changed_or_is_old_is_not_ours() -> None:
    check, body = checks_of_the_page(), b'{"event_id":"1"}'
    at = str(int(time.time()))
    assert check(SECRET, at, signature(SECRET, at, body), body)
    wrong = [
        (SECRET, at, signature(SECRET, at, body), body + b" "),
        (SECRET, str(int(at) + 1), signature(SECRET, at, body), body),
        ("another", at, signature(SECRET, at, body), body),
        (SECRET, "1795316400", signature(SECRET, "1795316400", body), body),
        (SECRET, "soon", signature(SECRET, "soon", body), body),
        (SECRET, at, hashlib.sha256(body).hexdigest(), body),
    ]
    assert [check(*each) for each in wrong] == [False] * len(wrong)


def _status(status: int, **headers: str) -> Callable[[Receiver], None]:
    return lambda receiver: receiver.answers.append((status, headers))


@pytest.mark.parametrize(
    "failure",
    [
        (_status(500), "http_500", 1),
        (_status(503, **{"Retry-After": "600"}), "http_503", 10),
        (_status(429, **{"Retry-After": "99999"}), "http_429", 60),
        (_status(401), "http_401", 1),
        (_status(422), "http_422", 1),
        (_status(302, Location="/elsewhere"), "http_302", 1),
        (_status(307, Location="/elsewhere"), "http_307", 1),
        (lambda receiver: receiver.fails("down"), "no_answer", 1),
        (lambda receiver: receiver.fails("gateway"), "http_502", 1),
        (lambda receiver: receiver.fails("hang"), "no_answer", 1),
    ],
    ids=["500", "503", "429", "401", "422", "302", "307", "down", "gateway", "hang"],
)
def test_what_did_not_arrive_is_told_again_the_same_and_in_its_order(
    failure: tuple[Callable[[Receiver], None], str, int], store: Store, clock: Clock, receiver: Receiver
) -> None:
    goes_wrong, reason, minutes = failure
    finish(store.engine, 1)
    finish(store.engine, 2)
    goes_wrong(receiver)
    with pytest.raises(WebhookError, match=rf"127\.0\.0\.1 chưa nhận \({reason}\)"):
        announce(store, receiver.address, patience=0.5 if reason == "no_answer" else _PATIENCE)
    standing = flow_standings(store.engine, FLOWS, now=clock())[1]
    assert (standing.flow, standing.waiting, standing.dead, standing.trouble) == ("webhook", 2, 0, reason)
    clock.move(minutes=minutes, seconds=-1)
    assert announce(store, receiver.address) == 0
    clock.move(seconds=1)
    assert announce(store, receiver.address) == 2
    assert receiver.people == ["p1", "p2"]
    assert len(set(receiver.bodies)) == 2
    assert receiver.strayed == 0


def test_nobody_there_is_told_and_the_waits_grow_to_an_hour(store: Store, clock: Clock, receiver: Receiver) -> None:
    finish(store.engine, 1)
    due: list[float] = []
    for _ in range(9):
        with pytest.raises(WebhookError, match="unreachable"):
            announce(store, "http://127.0.0.1:1/hook")
        began = clock()
        while store.webhook_events.next() is None:
            clock.move(minutes=1)
        due.append((clock() - began).total_seconds() / 60)
    assert due == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert announce(store, receiver.address) == 1


def test_one_that_is_refused_again_and_again_holds_up_no_others(store: Store, clock: Clock, receiver: Receiver) -> None:
    finish(store.engine, 1)
    finish(store.engine, 2)
    receiver.answers += [(422, {})] * 5
    for _ in range(5):
        with pytest.raises(WebhookError):
            announce(store, receiver.address)
        assert receiver.people == ["p1"]
        clock.move(hours=1)
    assert announce(store, receiver.address) == 1
    assert (receiver.people, waiting(store), store.webhook_events.reasons()) == (["p1", "p2"], (0, 1), {"http_422": 1})
    assert store.webhook_events.revive() == 1
    assert announce(store, receiver.address) == 1
    assert (receiver.people[-1], waiting(store), store.webhook_events.revive()) == ("p1", (0, 0), 0)


def test_after_three_days_all_of_that_age_is_given_up_and_a_change_is_told_all_the_same(
    store: Store, clock: Clock, receiver: Receiver
) -> None:
    for number in (1, 2):
        finish(store.engine, number)
    clock.move(days=3, seconds=1)
    receiver.answers.append((500, {}))
    with pytest.raises(WebhookError):
        announce(store, receiver.address)
    assert waiting(store) == (0, 2)
    finish(store.engine, 2, evidence="officer")
    assert (waiting(store), announce(store, receiver.address)) == ((1, 1), 1)
    assert (receiver.posts[-1]["person"], receiver.posts[-1]["evidence"]) == ("p2", "officer")


def test_what_changes_often_while_nobody_is_there_is_told_once(store: Store, receiver: Receiver) -> None:
    finish(store.engine, 1)
    finish(store.engine, 1, evidence="officer")
    finish(store.engine, 1, ward="25747")
    assert waiting(store) == (1, 0)
    announce(store, receiver.address)
    assert [(post["evidence"], post["ward"]) for post in receiver.posts] == [("officer", "25747")]


def test_what_changes_while_it_is_told_is_told_again(store: Store, receiver: Receiver) -> None:
    finish(store.engine, 1)
    changed = threading.Event()

    def change() -> None:
        if not changed.is_set():
            changed.set()
            finish(store.engine, 1, evidence="officer")

    receiver.meanwhile = change
    assert announce(store, receiver.address) == 2
    assert [post["evidence"] for post in receiver.posts] == ["self", "officer"]
    assert len({post["event_id"] for post in receiver.posts}) == 2


def test_of_two_processes_one_tells(open_store: Callable[..., Store], receiver: Receiver) -> None:
    one, other = open_store(holder="one"), open_store(holder="other")
    finish(one.engine, 1)
    assert one.duties.take("webhook", seconds=60)
    assert announce(other, receiver.address) == 0
    assert announce(one, receiver.address) == 1
    # who ends leaves the turn to others
    finish(one.engine, 2)
    assert announce(other, receiver.address) == 1


def test_all_there_is_can_be_told_anew(store: Store, receiver: Receiver) -> None:
    finish(store.engine, 1)
    finish(store.engine, 2)
    announce(store, receiver.address)
    store.webhook_events.mark_all()
    assert announce(store, receiver.address) == 2
    assert receiver.people == ["p1", "p2", "p1", "p2"]


def test_the_operator_sees_what_waits_and_lets_it_go(receiver: Receiver, tmp_path: Path) -> None:
    (tmp_path / "campaign_webhook_secret").write_text(SECRET)
    database = f"sqlite:///{tmp_path / 'gocua.db'}"
    given = {"GOCUA_CAMPAIGN_WEBHOOK": receiver.address, "GOCUA_SECRETS": str(tmp_path), "DATABASE_URL": database}
    store = open_database(replace(load_settings(), database_url=database))
    finish(store.engine, 1)

    def gocua(*words: str) -> Result:
        return CliRunner().invoke(app, ["campaign", *words], env=given)

    assert gocua("waiting").output.startswith("webhook: còn chờ 1, cái cũ nhất đổi cách đây ")
    receiver.answers.append((500, {}))
    assert isinstance(gocua("webhook", "--all").exception, WebhookError)
    assert "(lần thử cuối: http_500); đã thôi gửi 0." in gocua("waiting").output
    store.webhook_events.mark_all()
    event = store.webhook_events.next()
    assert event is not None
    store.webhook_events.failed(event, "http_422", wait=0, refused=True)
    assert "đã thôi gửi 1.\n  thôi gửi vì http_422: 1. " in gocua("waiting").output
    assert gocua("webhook").output.startswith("Đã gửi 0.\n")
    assert gocua("webhook", "--again").output == "Đã gửi 1.\nwebhook: còn chờ 0; đã thôi gửi 0.\n"
    nowhere = CliRunner().invoke(app, ["campaign", "waiting"], env={"DATABASE_URL": database})
    assert nowhere.output.startswith("Chưa đặt CAMPAIGN_DATABASE_URL")


def test_killed_in_the_middle_none_is_lost_and_what_comes_twice_is_the_same(receiver: Receiver, tmp_path: Path) -> None:
    here = f"sqlite:///{tmp_path / 'test.db'}"
    store = open_test_store(here)
    with store.engine.begin() as connection:
        for number in range(1, 46):
            write(connection, number)
    for holder, last in (("1", 20), ("2", None)):
        words = [sys.executable, "-m", "tests.campaign.announcing", here, receiver.address, SECRET, holder]
        with subprocess.Popen(words, cwd=PROJECT) as process:
            # while it waits for the answer
            receiver.meanwhile = lambda last=last: process.kill() if len(receiver.posts) == last else None
            process.wait(_PATIENCE)
    assert receiver.people == [f"p{number}" for number in range(1, 46)]
    assert [post["person"] for post in receiver.posts[19:21]] == ["p20", "p20"]
    assert (len(receiver.posts), len(set(receiver.bodies))) == (46, 45)
    assert waiting(store) == (0, 0)
