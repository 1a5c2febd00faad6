"""What only the stored outbox can have: rows that cannot be read."""

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Table, update

from bot.channels.messages import Text
from bot.store.schema import link, outgoing
from tests.delivery.stored_outbox import StoredOutbox
from tests.virtual_time import now, run


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[StoredOutbox]:
    with closing(StoredOutbox(tmp_path)) as outbox:
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
