"""Each person's messages in order, different people's together."""

import threading
from collections.abc import Sequence

import pytest

from bot.assistant import Answer, Assistant
from bot.channels.messages import ContactKey, Incoming
from bot.turn_queue import TOGETHER, TurnQueue


class SlowAssistant(Assistant):
    """Notes the batches it is given; holds the first one until told."""

    def __init__(self) -> None:
        self.batches: list[list[tuple[str, str | None]]] = []
        self.go = threading.Event()

    def handle_together(self, batch: Sequence[Incoming]) -> list[Answer]:
        self.batches.append([(each.contact.user, each.text) for each in batch])
        self.go.wait(10)
        return [Answer(len(self.batches), ()) for _ in batch]


def message(user: str, text: str) -> Incoming:
    return Incoming(ContactKey("test", user), text=text)


@pytest.fixture
def assistant() -> SlowAssistant:
    return SlowAssistant()


def test_one_message_of_each_person_shares_a_batch_and_order_holds(assistant: SlowAssistant) -> None:
    queue = TurnQueue(assistant)
    sent = [("a", "1"), ("a", "2"), ("b", "1"), ("a", "3"), ("c", "1"), ("b", "2")]
    futures = [queue.submit(message(*each)) for each in sent]
    assistant.go.set()
    queue.start()
    assert [future.result(10).id for future in futures] == [1, 2, 1, 3, 1, 2]
    assert assistant.batches == [[("a", "1"), ("b", "1"), ("c", "1")], [("a", "2"), ("b", "2")], [("a", "3")]]
    queue.stop()


def test_a_crowd_is_served_first_come_first_served(assistant: SlowAssistant) -> None:
    queue = TurnQueue(assistant)
    futures = [queue.submit(message(f"{index}", "1")) for index in range(TOGETHER + 10)]
    assistant.go.set()
    queue.start()
    assert [future.result(10).id for future in futures] == [1] * TOGETHER + [2] * 10
    queue.stop()


def test_a_listener_that_fails_and_a_caller_who_left_stop_nobody(assistant: SlowAssistant) -> None:
    def fail(contact: ContactKey, answer: Answer) -> None:
        raise RuntimeError("a fault of a listener")

    queue = TurnQueue(assistant, fail)
    left, stays = queue.submit(message("a", "1")), queue.submit(message("b", "1"))
    left.cancel()
    assistant.go.set()
    queue.start()
    assert stays.result(10).id == 1
    queue.stop()


def test_stopping_finishes_what_waits_and_takes_nothing_new(assistant: SlowAssistant) -> None:
    heard: list[int] = []
    queue = TurnQueue(assistant, lambda contact, answer: heard.append(answer.id))
    queue.start()
    future = queue.submit(message("a", "1"))
    assistant.go.set()
    queue.stop()
    assert (future.result(0).id, heard) == (1, [1])
    with pytest.raises(RuntimeError):
        queue.submit(message("a", "2"))
