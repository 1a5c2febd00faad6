"""What people may ask for in their chat: see, correct, stop, pause, have all erased."""

import asyncio
import datetime as dt

import pytest
from sqlalchemy import Table, insert, select, update

from bot.assistant import _records
from bot.bootstrap import read_content
from bot.channels.messages import ContactKey
from bot.content.library import Library
from bot.core.effects import PURPOSES, TASKS, Agree, Complete, Forget, Lift, Restrict, ShowData
from bot.core.engine import Turn
from bot.core.state import State
from bot.own_data import told
from bot.settings import Settings
from bot.store.evidence import Evidence
from bot.store.kept import Asked, Blocked, Counted, Enrolled, Kept, KeptPerson, Seated
from bot.store.moments import stamp
from bot.store.outbox import fresh
from bot.store.records import CompletionRecord, ConsentRecord, RightRecord
from bot.store.schema import (
    blockage,
    contact,
    enrolment,
    help_request,
    lesson_class,
    link,
    metadata,
    outgoing,
    person,
    right_used,
    seat,
)
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


# what may stay of somebody who had all erased: the proof of it, what counts wrong codes, and nothing that names them
_STAYS = {"right_used", "tombstone", "code_try"}

# of staff, and what waits to be answered: the worker takes it away
_OF_OTHERS = {"staff_delay", "staff_telegram", "inbox"}


def _of_people() -> list[Table]:
    """Every table in which a row is somebody's, by the tables themselves."""
    ours = {person, contact}
    return [
        table
        for table in metadata.sorted_tables
        if table.name not in _OF_OTHERS
        and ("lookup" in table.c or table in ours or ours & {key.column.table for key in table.foreign_keys})
    ]


def _planted(table: Table, ids: dict[str, object]) -> dict[str, object]:
    """A row of that person, whatever else it says."""
    # a day, where there is room for one
    samples: dict[type, object] = {int: 1, bool: False}
    row = {}
    for column in table.columns:
        [key] = column.foreign_keys or [None]
        if key is not None:
            row[column.name] = ids[key.column.table.name]
        elif column.name == "lookup":
            row[column.name] = ids["lookup"]
        elif not column.nullable and column is not table.autoincrement_column:
            length = getattr(column.type, "length", None)
            row[column.name] = samples.get(column.type.python_type, "2026-11-21"[:length])
    return row


def test_deleting_erases_the_row_in_every_table_that_has_a_person(store: Store) -> None:
    talker = Talker(small_worker(store))
    talker.contact = ContactKey("pushed", "co_ba")
    talker.says(*AGREED, "xong")
    ((chat, lookup),) = rows(store, contact.c.id, contact.c.lookup)
    ((who,),) = rows(store, person.c.id)
    with store.engine.begin() as connection:
        row = _planted(lesson_class, {})
        ids = {"contact": chat, "lookup": lookup, "person": who}
        ids["lesson_class"] = connection.execute(insert(lesson_class).returning(lesson_class.c.id), row).scalar_one()
        for table in _of_people():
            if not connection.execute(select(table)).first():
                connection.execute(insert(table), _planted(table, ids))
    assert [table.name for table in _of_people() if not rows(store, table)] == []
    talker.says("xoá hết", "Xoá")
    # whoever writes next is new, as the bot's last answer to them
    new = {"contact", "conversation", "outgoing", "link", "seen"}
    assert {table.name for table in _of_people() if rows(store, table)} - new <= _STAYS


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


def test_a_copy_names_the_ward_the_reasons_the_requests_the_seat_and_on_whose_word(library: Library) -> None:
    at = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
    evidence: tuple[Evidence, ...] = ("self", "trainer", "officer")
    known = KeptPerson(
        code="",
        answers=(),
        counted=tuple(map(Counted, TASKS, (at.date(),) * 3, evidence)),
        steps=0,
        enrolled=Enrolled("25747", at),
        blocked=(Blocked("", "cannot_travel", at.date()), Blocked(TASKS[0], "no_sim", at.date())),
        asked=tuple(Asked(status, at) for status in ("waiting", "taken", "closed")),
    )
    kept = Kept(at, None, (known,), (), replies=0, is_linked=False, seated=Seated(7, at))
    about_person, about_chat = told(kept, State(), library.book)
    lines = set(about_person.text.split("\n• ")) | set(about_chat.text.split("\n• "))
    says, ward = library.book.phrases, library.book.wards["25747"]
    titles = {dialog.task: dialog.title for dialog in library.book.dialogs.values() if dialog.task}
    expected = {
        *(
            says[f"kept_counted_{word}"].format(viec=titles[task], ngay="21/11/2026")
            for task, word in zip(TASKS, evidence, strict=True)
        ),
        says["kept_ward"].format(phuong=ward, ngay="21/11/2026"),
        says["kept_blocked"].format(ly_do=says["blocked_cannot_travel"], ngay="21/11/2026"),
        says["kept_blocked_at"].format(viec=titles[TASKS[0]], ly_do=says["blocked_no_sim"], ngay="21/11/2026"),
        *(says[f"kept_help_{status}"].format(ngay="21/11/2026") for status in ("waiting", "taken", "closed")),
        says["kept_seat"].format(ghe="7", ngay="21/11/2026"),
    }
    assert expected <= lines
    # a platform abroad reads neither where somebody lives nor how far they are (T28)
    abroad = " ".join(say.text for say in told(kept, State(), library.book, discreet=True))
    assert [each for each in (ward, *titles.values(), says["blocked_no_sim"]) if each in abroad] == []


def test_what_the_tables_hold_of_somebody_is_in_their_copy(store: Store) -> None:
    talker = Talker(small_worker(store))
    talker.says(*AGREED, "xong", "xong", "Thấy rồi")
    ((chat, lookup),) = rows(store, contact.c.id, contact.c.lookup)
    ((who,),) = rows(store, person.c.id)
    at = stamp(store.now())
    with store.engine.begin() as connection:
        connection.execute(insert(enrolment), {"person_id": who, "ward": "25747", "chosen_at": at})
        reason = {"task": "", "reason": "no_sim", "created_at": at, "day": at[:10]}
        connection.execute(insert(blockage), {"person_id": who, **reason})
        ids = {"person": who, "lookup": lookup}
        connection.execute(insert(help_request), {**_planted(help_request, ids), "status": "taken", "created_at": at})
        row = _planted(lesson_class, {})
        ids["lesson_class"] = connection.execute(insert(lesson_class).returning(lesson_class.c.id), row).scalar_one()
        connection.execute(insert(seat), {**_planted(seat, ids), "number": 7, "joined_at": at})
    kept = store.chats.kept(int(str(chat)))
    [known] = kept.people
    assert [(each.task, each.evidence) for each in known.counted] == [(TASKS[0], "self")]
    assert known.enrolled == Enrolled("25747", store.now())
    assert known.blocked == (Blocked("", "no_sim", store.now().date()),)
    assert known.asked == (Asked("taken", store.now()),)
    assert kept.seated == Seated(7, store.now())


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
