"""What came too fast to be true is told beside the numbers, and without a person."""

import datetime as dt

from sqlalchemy import insert

from bot.campaign.flags import DEVICE, Flag, flags
from bot.store.moments import stamp
from bot.store.schema import completion, contact, person, step_event
from bot.store.store import Store
from tests.fakes import TASK

TODAY = dt.date(2026, 11, 21)
AT = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)


def finish(store: Store, number: int, *, seconds: int, chat: int = 0) -> None:
    """Somebody who took so long; ``chat`` 0 is a chat of their own."""
    with store.engine.begin() as connection:
        if not chat:
            row = {"channel": "web", "lookup": f"{number}", "created_at": stamp(AT)}
            chat = connection.execute(insert(contact).returning(contact.c.id), row).scalar_one()
        who = {"contact_id": chat, "code": f"{number}", "pseudonym": f"p{number}"}
        person_id = connection.execute(insert(person).returning(person.c.id), who).scalar_one()
        same = {"person_id": person_id, "task": TASK, "day": "2026-11-21"}
        step = {"step": "viec.a", "symptom": "", "outcome": "entered", "source": "self", "content_version": "v"}
        connection.execute(insert(step_event), {**same, **step, "created_at": stamp(AT)})
        done = stamp(AT + dt.timedelta(seconds=seconds))
        connection.execute(insert(completion), {**same, "evidence": "self", "created_at": done})


def found(store: Store) -> list[Flag]:
    with store.engine.connect().execution_options(reading=True) as connection:
        return flags(connection, TODAY, TODAY)


def test_a_journey_in_less_than_a_minute(store: Store) -> None:
    finish(store, 1, seconds=59)
    finish(store, 2, seconds=60)
    assert found(store) == [Flag("speed", "", TASK, "2026-11-21", 1)]


def test_a_chat_that_finishes_for_many_people(store: Store) -> None:
    finish(store, 0, seconds=600)
    with store.engine.connect().execution_options(reading=True) as connection:
        chat = connection.exec_driver_sql("SELECT MIN(id) FROM contact").scalar()
    for number in range(1, DEVICE.limit - 1):
        finish(store, number, seconds=600, chat=chat or 0)
    assert found(store) == []
    finish(store, DEVICE.limit, seconds=600, chat=chat or 0)
    assert found(store) == [Flag("device", "", TASK, "2026-11-21", DEVICE.limit)]
