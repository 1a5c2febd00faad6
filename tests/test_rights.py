"""What people may ask for in their chat: see, correct, stop, pause, have all erased."""

import asyncio

import pytest
from sqlalchemy import insert, select, update

from bot.assistant import _records
from bot.bootstrap import read_content
from bot.channels.messages import ContactKey
from bot.content.library import Library
from bot.core.effects import PURPOSES, TASKS, Agree, Complete, Forget, Lift, Restrict, ShowData
from bot.core.engine import Turn
from bot.core.state import State
from bot.own_data import told
from bot.settings import Settings
from bot.store.moments import stamp
from bot.store.outbox import fresh
from bot.store.records import CompletionRecord, ConsentRecord, RightRecord
from bot.store.schema import contact, link, metadata, outgoing, person, right_used
from bot.store.store import Store
from tests.fakes import Talker, small_worker

AGREED = ("xin chào", "Bắt đầu", "Làm", "Đồng ý")


def rows(store: Store, *columns: object) -> list[tuple[object, ...]]:
    with store.engine.connect().execution_options(reading=True) as connection:
        return [tuple(row) for row in connection.execute(select(*columns)).all()]  # type: ignore[call-overload]


@pytest.fixture(scope="module")
def library() -> Library:
    return read_content(Settings())


def test_deleting_leaves_no_row_of_the_person_but_the_log_of_the_right(store: Store) -> None:
    talker = Talker(small_worker(store))
    talker.contact = ContactKey("pushed", "co_ba")
    talker.says(*AGREED, "xong", "gặp người")
    ((id,),) = rows(store, contact.c.id)
    with store.engine.begin() as connection:
        waiting = fresh(int(str(id)), "[]", at=stamp(store.now()), pushed=True)
        connection.execute(insert(outgoing), {**waiting, "kind": "reminder"})
    talker.says("xoá hết", "Xoá")
    left = {table.name for table in metadata.sorted_tables if rows(store, table)}
    assert left <= {
        "contact",
        "conversation",
        "outgoing",
        "link",
        "seen",
        "right_used",
        "key_print",
        "tombstone",
        "tally",
    }
    # of all that waited to be sent, the confirmation alone is left, and it knows where to go
    assert len(rows(store, outgoing.c.id)) == 1
    assert len(rows(store, link.c.contact_id)) == 1
    assert rows(store, right_used.c.kind, right_used.c.channel) == [("delete", "pushed")]


async def _due(store: Store) -> list[str]:
    return [each.kind for each in await store.outbox.due("pushed", store.now(), 10)]


@pytest.mark.parametrize(("restricted", "kinds"), [(None, {"reply", "reminder"}), ("2026", {"reply"})])
def test_nothing_unasked_leaves_while_processing_rests(store: Store, restricted: str | None, kinds: set[str]) -> None:
    talker = Talker(small_worker(store))
    talker.contact = ContactKey("pushed", "co_ba")
    talker.says("xin chào")
    with store.engine.begin() as connection:
        id = connection.execute(select(contact.c.id)).scalar_one()
        connection.execute(update(contact).values(restricted_since=restricted))
        connection.execute(
            insert(outgoing), {**fresh(id, "[]", at=stamp(store.now()), pushed=True), "kind": "reminder"}
        )
    seen: set[str] = set()
    for _ in range(2):
        due = asyncio.run(_due(store))
        seen |= set(due)
        with store.engine.begin() as connection:
            connection.execute(update(outgoing).where(outgoing.c.kind == "reply").values(status="sent"))
    assert seen == kinds


@pytest.mark.parametrize("slot", ["restricted", "child"])
def test_whoever_is_not_to_be_kept_leaves_no_row_of_a_step_a_task_or_a_yes(slot: str) -> None:
    state = State(slots={slot: "yes"}, consents={"/count": "yes"})
    effects = (Complete(TASKS[0]), Agree("count"), ShowData(), Restrict(), Lift(), Forget())
    kept = _records(Turn(state, (), effects), method="button")
    assert {type(each) for each in kept} == {RightRecord}
    free = _records(Turn(State(consents={"/count": "yes"}), (), effects), method="button")
    assert {type(each) for each in free} == {RightRecord, ConsentRecord, CompletionRecord}


def test_a_copy_never_names_anybody_of_a_platform(store: Store, library: Library) -> None:
    talker = Talker(small_worker(store), "so-zalo-84901234567")
    talker.says(*AGREED, "xong")
    (id,) = rows(store, contact.c.id)[0]
    kept = store.chats.kept(int(str(id)))
    texts = "\n".join(say.text for say in told(kept, State(), library.book))
    assert "84901234567" not in texts
    for (pseudonym,) in rows(store, person.c.pseudonym):
        assert str(pseudonym) not in texts


def test_on_a_platform_abroad_a_copy_tells_no_progress(library: Library) -> None:
    state = State(
        bookmarks={"/vneid_muc_2": next(iter(library.book.dialogs["vneid_muc_2"].steps))}, done=(f"/{TASKS[1]}",)
    )
    open_copy, discreet = (
        "\n".join(say.text for say in told(None, state, library.book, discreet=each)) for each in (False, True)
    )
    titles = [dialog.title for dialog in library.book.dialogs.values() if dialog.task]
    assert any(title in open_copy for title in titles)
    assert not any(title in discreet for title in titles)


def test_every_purpose_has_its_words_in_every_language(library: Library) -> None:
    for book in library.book.in_all_languages:
        assert [each for each in PURPOSES if not book.phrases[f"purpose_{each}"]] == []


def test_somebody_unknown_is_told_that_nothing_is_kept(library: Library) -> None:
    texts = [say.text for say in told(None, State(), library.book)]
    assert "Chưa xin phép điều gì" in texts[0]
    assert "không giữ" in texts[-1]
