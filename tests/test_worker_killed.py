"""Processes that are killed while they work: nothing is lost, nothing is answered twice, order is kept."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import func, select

from bot.bootstrap import utc_now
from bot.channels.messages import ContactKey, Incoming
from bot.settings import PROJECT
from bot.store.schema import inbox, outgoing
from bot.store.store import Store
from bot.worker import Worker
from tests.test_worker import Ledger, heard, rows

PEOPLE = 20
EACH = 15
KILLS = 3


class Victim:
    """A process that answers until it is killed."""

    def __init__(self, database: str) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", "tests.store.killed", database], cwd=PROJECT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture
def start(database: str) -> Iterator[Callable[[], Victim]]:
    victims: list[Victim] = []

    def start_one() -> Victim:
        victims.append(Victim(database))
        return victims[-1]

    yield start_one
    for victim in victims:
        victim.kill()


def wait_until_answered(store: Store, count: int) -> None:
    """Until so many replies are written; the processes at work have no other way to tell us."""
    while rows(store, outgoing) < count:
        time.sleep(0.02)
        assert rows(store, inbox) > 0


def test_killed_in_the_middle_nothing_is_lost_doubled_or_overtaken(
    start: Callable[[], Victim], open_store: Callable[..., Store]
) -> None:
    store = open_store(utc_now)
    messages = [
        Incoming(ContactKey("pushed", f"{user}"), text=f"{number}", id=f"{user}-{number}")
        for number in range(EACH)
        for user in range(PEOPLE)
    ]
    # every tenth comes twice, as platforms repeat themselves
    store.inbox.put_all([store.inbox.seal(each) for each in messages + messages[::10]])
    for kill in range(1, KILLS + 1):
        victims = [start() for _ in range(2)]
        wait_until_answered(store, len(messages) * kill // (KILLS + 1))
        for victim in victims:
            victim.kill()
    assert 0 < rows(store, inbox) < len(messages)
    worker = Worker(Ledger(utc_now), store.inbox, store.writer, now=utc_now)
    worker.start()
    # whoever is asked last is answered when nothing is left
    for user in range(PEOPLE):
        assert worker.ask(Incoming(ContactKey("pushed", f"{user}"), text="hết")).result(60).id
    worker.stop()
    wanted = [*(f"{number}" for number in range(EACH)), "hết"]
    assert [heard(store, f"{user}") for user in range(PEOPLE)] == [wanted] * PEOPLE
    with store.engine.connect() as connection:
        replies = connection.execute(select(func.count(outgoing.c.message_id.distinct()))).scalar()
    assert (replies, rows(store, outgoing), rows(store, inbox)) == (len(messages) + PEOPLE, len(messages) + PEOPLE, 0)
