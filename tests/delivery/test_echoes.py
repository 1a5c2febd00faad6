"""What a platform echoed was delivered: an unknown outcome is settled by it, and by nothing else."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import closing

import pytest

from bot.channels.channel import Part
from bot.channels.messages import ContactKey, Echoed, Text
from bot.delivery.echoes import Echoes, settle
from bot.store.outbox import Delivery
from tests.delivery.stored_outbox import StoredOutbox
from tests.virtual_time import START, now, run

LEFT = START - dt.timedelta(seconds=30)


@pytest.fixture
def outbox(database: str) -> Iterator[StoredOutbox]:
    with closing(StoredOutbox(database)) as outbox:
        yield outbox


class Moment:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def heard(*echoed: tuple[str, str, dt.datetime]) -> Echoes:
    echoes = Echoes(lambda: 0.0)
    for user, text, at in echoed:
        echoes.hear(Echoed(ContactKey("fake", user), text, at))
    return echoes


def parts_of(delivery: Delivery) -> Sequence[Part]:
    return [Part(message.text) for message in delivery.messages if isinstance(message, Text)]


def settled(outbox: StoredOutbox, echoes: Echoes) -> list[tuple[str, str]]:
    run(lambda: settle(echoes, outbox, "fake", parts_of, now()))
    return outbox.statuses()


CASES = {
    "the platform shows it": ("a", "chào", LEFT, "sent"),
    "its clock is a little behind": ("a", "chào", LEFT - dt.timedelta(seconds=40), "sent"),
    "space around it is lost": ("a", " chào\n", LEFT, "sent"),
    "in another chat": ("b", "chào", LEFT, "leaving"),
    "another text": ("a", "chào cô", LEFT, "leaving"),
    "the same words long before": ("a", "chào", LEFT - dt.timedelta(minutes=5), "leaving"),
}


@pytest.mark.parametrize(("user", "text", "at", "status"), CASES.values(), ids=CASES)
def test_an_echo_proves_what_it_shows(outbox: StoredOutbox, user: str, text: str, at: dt.datetime, status: str) -> None:
    outbox.put("a", [Text("chào")], leaving_at=LEFT)
    assert settled(outbox, heard((user, text, at))) == [(status, "")]


def test_what_was_put_off_as_unknown_is_not_sent_again(outbox: StoredOutbox) -> None:
    id = outbox.put("a", [Text("chào")])

    async def unknown() -> None:
        await outbox.mark_leaving(id, now())
        await outbox.put_off(id, now() + dt.timedelta(seconds=60), "timeout", counted=False, unknown=True)

    run(unknown)
    assert settled(outbox, heard(("a", "khác", START))) == [("waiting", "timeout")]
    assert settled(outbox, heard(("a", "chào", START))) == [("sent", "")]


def test_what_just_left_or_was_refused_is_left_alone(outbox: StoredOutbox) -> None:
    outbox.put("a", [Text("chào")], leaving_at=START)
    refused = outbox.put("b", [Text("chào")])

    async def refuse() -> None:
        await outbox.mark_leaving(refused, now())
        await outbox.put_off(refused, now(), "502", counted=True, unknown=False)

    run(refuse)
    assert settled(outbox, heard(("a", "chào", START), ("b", "chào", START))) == [("leaving", ""), ("waiting", "502")]


def test_of_several_parts_those_that_were_shown_are_not_sent_again(outbox: StoredOutbox) -> None:
    outbox.put("a", [Text("một"), Text("hai"), Text("hai"), Text("ba")], leaving_at=LEFT)
    # one echo proves one part
    settled(outbox, heard(("a", "một", LEFT), ("a", "hai", LEFT)))

    async def unsure() -> list[int]:
        return [each.parts_sent for each in await outbox.unsure("fake", now())]

    assert run(unsure) == [2]


def test_echoes_are_forgotten_in_time_and_in_number() -> None:
    moment = Moment()
    echoes = Echoes(moment)
    echoes.hear(Echoed(ContactKey("fake", "a"), "chào", START))
    moment.seconds = 300
    echoes.hear(Echoed(ContactKey("fake", "b"), "chào", START))
    assert not echoes.take("a", "chào", None)
    assert echoes.take("b", "chào", None)
    assert not echoes
