"""What only the stored outbox can have: rows that cannot be read."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Table, update

from bot.channels.messages import Text
from bot.store.schema import link, outgoing
from tests.delivery.stored_outbox import StoredOutbox
from tests.virtual_time import START, now, run


@pytest.fixture
def outbox(database: str) -> Iterator[StoredOutbox]:
    with closing(StoredOutbox(database)) as outbox:
        yield outbox


def test_marks_written_together_are_each_their_own(outbox: StoredOutbox) -> None:
    ids = [outbox.put(str(number), [Text("chào")]) for number in range(6)]

    async def mark() -> list[bool]:
        left = await asyncio.gather(*(outbox.mark_leaving(id, now()) for id in (*ids[:4], 99)))
        await asyncio.gather(
            outbox.mark_sent(ids[0]),
            outbox.mark_sent(ids[1]),
            outbox.put_off(ids[2], now(), "502", counted=True, unknown=False),
            outbox.put_off(ids[3], now(), "502", counted=False, unknown=True),
            outbox.drop(ids[4], "blocked"),
        )
        # what has ended stays as it ended
        await outbox.put_off(ids[0], now(), "late", counted=True, unknown=True)
        return [*left, await outbox.mark_leaving(ids[4], now())]

    assert run(mark) == [True, True, True, True, False, False]
    expected = [
        ("sent", ""),
        ("sent", ""),
        ("waiting", "502"),
        ("waiting", "502"),
        ("dropped", "blocked"),
        ("waiting", ""),
    ]
    assert outbox.statuses() == expected

    async def due() -> list[tuple[int, int, int]]:
        return [(each.id, each.tries, each.unknown_tries) for each in await outbox.due("fake", now(), 10)]

    assert run(due) == [(ids[2], 1, 0), (ids[3], 0, 1), (ids[5], 0, 0)]


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [(link, "address", "1.AAAA"), (link, "address", ""), (outgoing, "messages", "{"), (outgoing, "messages", "[{}]")],
)
def test_a_row_that_cannot_be_read_holds_up_nobody(
    outbox: StoredOutbox, table: Table, column: str, value: str, caplog: pytest.LogCaptureFixture
) -> None:
    outbox.put("a", [Text("hỏng")])
    with outbox.database.begin() as connection:
        connection.execute(update(table).values({column: value}))
    outbox.put("b", [Text("lành")])

    async def due() -> list[str]:
        return [delivery.address for delivery in await outbox.due("fake", now(), 10)]

    assert run(due) == ["b"]
    assert outbox.statuses() == [("dead", "unreadable"), ("waiting", "")]
    assert "hỏng" not in caplog.text


def dropped_chat(outbox: StoredOutbox, *, heard_at: dt.datetime | None) -> list[tuple[str, str]]:
    """What becomes of two replies to a chat that blocked us while the first one was on its way."""
    first, _ = (outbox.put("a", [Text(text)]) for text in ("một", "hai"))

    async def left_and_refused() -> None:
        await outbox.mark_leaving(first, now())
        if heard_at is not None:
            outbox.hear("a", heard_at)
        await outbox.drop_chat(first, "blocked", now())

    run(left_and_refused)
    return outbox.statuses()


def test_nothing_leaves_for_somebody_who_blocked_us_until_they_write(outbox: StoredOutbox) -> None:
    assert dropped_chat(outbox, heard_at=START - dt.timedelta(minutes=5)) == [("dropped", "blocked")] * 2

    async def due() -> list[int]:
        return [each.id for each in await outbox.due("fake", now(), 10)]

    third = outbox.put("a", [Text("ba")])
    assert run(due) == []
    outbox.hear("a", START)
    assert run(due) == [third]


def test_who_wrote_after_it_left_is_reachable(outbox: StoredOutbox) -> None:
    written = START + dt.timedelta(minutes=5)
    assert dropped_chat(outbox, heard_at=written) == [("dropped", "blocked"), ("waiting", "")]
