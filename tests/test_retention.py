"""What is past its time goes, on the day."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, func, insert, select

from bot.bootstrap import utc_now
from bot.retention import LATE, LIVE_SESSION, PROOFS, TERMS, all_rules, look_at_retention, sweep
from bot.store.erasing import Proof
from bot.store.moments import stamp
from bot.store.outbox import fresh
from bot.store.records import inserted
from bot.store.schema import (
    code_try,
    consent,
    contact,
    conversation,
    follow,
    hand_over,
    help_request,
    lesson_class,
    link,
    outgoing,
    person,
    reminder,
    request_case,
    retention_run,
    right_used,
    seat,
    seen,
    share_code,
    staff_account,
    staff_code,
    staff_delay,
    staff_session,
    staff_told,
    step_event,
    tombstone,
    webhook_event,
)
from bot.store.store import Store
from tests.fakes import Clock, Talker, open_test_store, small_worker


def test_a_session_nobody_agreed_to_keep_goes_after_a_day_and_a_kept_one_stays(tmp_path: Path) -> None:
    clock = Clock()
    store = open_test_store(tmp_path, clock)
    worker = small_worker(store)
    Talker(worker, "giu").says("xin chào", "Bắt đầu", "Làm", "Đồng ý")
    Talker(worker, "khong giu").says("xin chào", "Bắt đầu", "Làm", "Không")
    assert sweep(store.engine, now=clock() + LIVE_SESSION)["sessions"] == 0
    assert sweep(store.engine, now=clock() + LIVE_SESSION + dt.timedelta(seconds=1))["sessions"] == 1
    assert Talker(worker, "giu").says("xong") == ["Bước 2/2: Mở\nMở app nha."]
    assert Talker(worker, "khong giu").says("xong") == ["Xin chào."]


def test_a_database_that_is_away_stops_nothing(tmp_path: Path) -> None:
    engine = open_test_store(tmp_path).engine
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE conversation")
    assert sweep(engine, now=utc_now()) == {}


# ---- each kind of row, planted in the past ----


def _contact(connection: Connection, at: str, number: int) -> int:
    row = {"channel": "test", "lookup": f"1.{number}", "created_at": at, "heard_at": at}
    return inserted(connection, insert(contact), row)


def _chat(connection: Connection, at: str, number: int) -> None:
    _contact(connection, at, number)


def _conversation(*, kept: bool) -> Callable[[Connection, str, int], None]:
    def plant(connection: Connection, at: str, number: int) -> None:
        row = {"contact_id": _contact(connection, at, number), "state": "", "turn": 1, "kept": kept, "updated_at": at}
        connection.execute(insert(conversation), row)

    return plant


def _of_contact(table: Table, **values: object) -> Callable[[Connection, str, int], None]:
    def plant(connection: Connection, at: str, number: int) -> None:
        id = _contact(connection, at, number)
        connection.execute(insert(table), {"contact_id": id, "created_at": at, **values})

    return plant


def _of_person(table: Table | None, **values: object) -> Callable[[Connection, str, int], None]:
    def plant(connection: Connection, at: str, number: int) -> None:
        row = {"contact_id": _contact(connection, at, number), "code": "", "pseudonym": str(number)}
        id = inserted(connection, insert(person), row)
        if table is not None:
            connection.execute(insert(table), {"person_id": id, "created_at": at, **values})

    return plant


def _plain(table: Table, since: str, **values: object) -> Callable[[Connection, str, int], None]:
    def plant(connection: Connection, at: str, number: int) -> None:
        named = {name: f"{value}{number}" if name in ("lookup", "key") else value for name, value in values.items()}
        connection.execute(insert(table), {since: at, **named})

    return plant


def _class(connection: Connection, at: str, number: int) -> int:
    row = {
        "code": "123456", "lesson": "", "length": "", "ward": "", "venue": "", "part": "",
        "seats": 1, "without_phone": 0, "created_at": at, "starts_at": at, "ends_at": at,
    }  # fmt: skip
    return inserted(connection, insert(lesson_class), row)


def _lesson(connection: Connection, at: str, number: int) -> None:
    _class(connection, at, number)


def _seat(connection: Connection, at: str, number: int) -> None:
    row = {"class_id": _class(connection, at, number), "number": 1, "lookup": str(number), "channel": "test"}
    connection.execute(insert(seat), {**row, "address": "", "joined_at": at})


_SAID = {
    name: value
    for name, value in fresh(0, "[]", at="", pushed=False).items()
    if name not in ("contact_id", "created_at")
}
_YES = {
    "purpose": "count", "given": True, "notice_digest": "", "wording": "", "answer": "", "channel": "test",
    "method": "", "assisted": False, "content_version": "",
}  # fmt: skip
_STEP = {
    "task": "", "step": "", "symptom": "", "outcome": "", "source": "", "content_version": "", "day": "2026-01-01",
}  # fmt: skip
_WISH = {
    "ward": "", "way": "", "hours": "", "place": "", "reason": "", "status": "waiting", "taken_by": "", "result": "",
}  # fmt: skip
_CASE = {
    "reference": "", "kind": "see", "route": "letter", "third_party": False, "received_on": "2026-01-01",
    "extended": False, "result": "", "note": "",
}  # fmt: skip


def _code(connection: Connection, at: str, number: int) -> None:
    row = {"contact_id": _contact(connection, at, number), "person": "", "kind": "move", "digest": f"1.{number}"}
    connection.execute(insert(share_code), {**row, "until": at})


def _follow(connection: Connection, at: str, number: int) -> None:
    subject, follower = _contact(connection, at, number), _contact(connection, at, number + 10)
    row = {"subject_id": subject, "person": "", "follower_id": follower, "seat": 1, "label": "ma"}
    connection.execute(insert(follow), {**row, "created_at": at, "until": at})


def _reminder(connection: Connection, at: str, number: int) -> None:
    row = {"contact_id": _contact(connection, at, number), "created_at": at, "due_at": at}
    connection.execute(insert(reminder), row)


def _of_staff(table: Table, since: str, **values: object) -> Callable[[Connection, str, int], None]:
    def plant(connection: Connection, at: str, number: int) -> None:
        row = {"login": str(number), "role": "auditor", "totp_step": 0, "created_at": at}
        account = inserted(connection, insert(staff_account), row)
        row = {"digest": str(number)} if "digest" in table.c else {}
        connection.execute(insert(table), {**row, "account_id": account, since: at, **values})

    return plant


def _webhook_event(connection: Connection, at: str, number: int) -> None:
    row = {"event_id": str(number), "person": str(number), "task": "", "changed_at": at, "due_at": at}
    connection.execute(insert(webhook_event), {**row, "tries": 0, "reason": ""})


PLANTS: dict[str, tuple[Table, Callable[[Connection, str, int], None]]] = {
    "sessions": (conversation, _conversation(kept=False)),
    "remembered": (conversation, _conversation(kept=True)),
    "replies": (outgoing, _of_contact(outgoing, **{**_SAID, "due_at": "2026"})),
    "messages": (seen, _plain(seen, "received_at", key="1.")),
    "seats": (seat, _seat),
    "classes": (lesson_class, _lesson),
    "steps": (step_event, _of_person(step_event, **_STEP)),
    "hand_overs": (hand_over, _of_contact(hand_over, place="")),
    "help_requests": (help_request, _of_person(help_request, **_WISH)),
    "consents": (consent, _of_person(consent, **{**_YES, "given": False})),
    "rights": (right_used, _of_contact(right_used, kind="see", channel="test")),
    "requests": (request_case, _plain(request_case, "closed_at", **_CASE)),
    "tombstones": (tombstone, _plain(tombstone, "erased_at", lookup="1.")),
    "runs": (retention_run, _plain(retention_run, "ran_at", rule="sessions", erased=0)),
    "share_codes": (share_code, _code),
    "follows": (follow, _follow),
    "code_tries": (code_try, _plain(code_try, "tried_at", lookup="1.", channel="test")),
    "reminders": (reminder, _reminder),
    "sign_ins": (staff_session, _of_staff(staff_session, "begun_at", stage="full", seen_at="", confirmed_at="")),
    "webhook_events": (webhook_event, _webhook_event),
    "delays": (staff_delay, _plain(staff_delay, "until", lookup="1.", failures=1)),
    "codes": (staff_code, _of_staff(staff_code, "until", kind="invite")),
    "staff_told": (staff_told, _of_staff(staff_told, "told_at", what="class 1")),
    "people": (person, _of_person(None)),
    "chats": (contact, _chat),
}


def test_every_rule_has_a_row_to_prove_it() -> None:
    assert set(PLANTS) == set(TERMS) == set(all_rules())


@pytest.mark.parametrize("rule", PLANTS)
def test_a_row_goes_when_its_term_is_over_and_not_before(store: Store, clock: Clock, rule: str) -> None:
    table, plant = PLANTS[rule]
    term, now = TERMS[rule], clock()
    with store.engine.begin() as connection:
        plant(connection, stamp(now - term + dt.timedelta(seconds=1)), 1)
        plant(connection, stamp(now - term - dt.timedelta(seconds=1)), 2)
    gone = sweep(store.engine, now=now)
    assert gone[rule] == 1
    with store.engine.connect().execution_options(reading=True) as connection:
        proven = select(retention_run).where(retention_run.c.rule == rule, retention_run.c.ran_at == stamp(now))
        evidence = connection.execute(proven).one()
        left = connection.execute(select(func.count()).select_from(table)).scalar_one()
    assert (evidence.erased, evidence.oldest[:10]) == (1, stamp(now - term + dt.timedelta(seconds=1))[:10])
    assert left == (1 if table is not retention_run else 1 + len(TERMS))
    assert sweep(store.engine, now=now + dt.timedelta(seconds=2))[rule] == 1


def test_a_yes_that_still_holds_is_kept_however_old(store: Store, clock: Clock) -> None:
    with store.engine.begin() as connection:
        _of_person(consent, **_YES)(connection, stamp(clock() - PROOFS * 2), 1)
    assert sweep(store.engine, now=clock())["consents"] == 0


def test_who_waits_for_help_stays_within_reach_though_nothing_else_is_known_of_them(store: Store, clock: Clock) -> None:
    with store.engine.begin() as connection:
        _of_person(help_request, **_WISH)(connection, stamp(clock() - dt.timedelta(days=30)), 1)
        contact_id = connection.execute(select(contact.c.id)).scalar_one()
        connection.execute(insert(link), {"contact_id": contact_id, "address": ""})
    gone = sweep(store.engine, now=clock())
    assert (gone["people"], gone["chats"], _links(store)) == (0, 0, 1)
    with store.engine.begin() as connection:
        connection.execute(help_request.update().values(status="closed", closed_at=stamp(clock())))
    sweep(store.engine, now=clock())
    assert _links(store) == 0


def _links(store: Store) -> int:
    with store.engine.connect().execution_options(reading=True) as connection:
        return connection.execute(select(func.count()).select_from(link)).scalar_one()


def test_a_sweep_that_stopped_is_noticed_and_so_is_what_it_left(store: Store, clock: Clock) -> None:
    assert look_at_retention(store.engine, now=clock()).ran_at is None
    sweep(store.engine, now=clock())
    assert look_at_retention(store.engine, now=clock()) == Proof(clock(), ())
    with store.engine.begin() as connection:
        _conversation(kept=False)(connection, stamp(clock()), 1)
    in_time, late = (clock() + LIVE_SESSION + LATE + dt.timedelta(minutes=each) for each in (-1, 1))
    assert look_at_retention(store.engine, now=in_time).overdue == ()
    assert look_at_retention(store.engine, now=late).overdue == ("sessions",)
