"""Codes, following, moving and reminders in the tables, on either database."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise

import pytest
from sqlalchemy import Table, func, insert, select, update

from bot.channels.messages import ContactKey
from bot.retention import sweep
from bot.store.chats import FinishedTurn, StoredChat, write_turns
from bot.store.database import StaleTurn, StoreError
from bot.store.moments import stamp
from bot.store.records import CompletionRecord, ConsentRecord, Record, StepRecord
from bot.store.schema import (
    code_try,
    completion,
    consent,
    contact,
    conversation,
    follow,
    outgoing,
    person,
    reminder,
    share_code,
    step_event,
    tally,
)
from bot.store.sealing import Keyring
from bot.store.sharing import (
    CodeRecord,
    FollowRecord,
    LookRecord,
    MoveRecord,
    NameRecord,
    NoReminderRecord,
    ReminderRecord,
    Shares,
    StopRecord,
    WrongCodeRecord,
)
from bot.store.store import Store
from tests.fakes import Clock

MA, HOA, TU = (ContactKey("pushed", name) for name in ("má", "chị Hoa", "anh Tư"))
CODE = "CM47PQ"
NOTICE = '[{"text":"có người xem"}]'


class Chat:
    """One chat of a store; each call is a turn."""

    def __init__(self, store: Store, who: ContactKey) -> None:
        self.store = store
        self.who = who

    @property
    def stored(self) -> StoredChat:
        query = (
            select(contact.c.id, conversation.c.state, conversation.c.turn)
            .join(conversation)
            .where(contact.c.lookup == self.store.chats.lookup(self.who))
        )
        with self.store.engine.connect() as connection:
            row = connection.execute(query).first()
        chat = StoredChat(self.store.chats.lookup(self.who), self.who.channel)
        return replace(chat, contact_id=row.id, state=row.state, turn=row.turn) if row else chat

    @property
    def lookup(self) -> str:
        return self.store.chats.lookup(self.who)

    @property
    def id(self) -> int:
        found = self.stored.contact_id
        assert found is not None
        return found

    def turn(self, *records: Record, forget: bool = False) -> "Chat":
        chat = self.stored
        turn = FinishedTurn(chat, '{"v":1}', chat.turn + 1, True, "[]", records, "v", forget, address=self.who.user)
        with self.store.engine.begin() as connection:
            write_turns(
                connection,
                [turn],
                at=self.store.now(),
                keyring=self.store.keyring,
                tombstones=self.store.tombstones,
                pushed={"pushed"},
            )
        return self

    def give(self, kind: str = "follow", code: str = CODE, whose: str = "") -> "Chat":
        now = self.store.now()
        until = now + dt.timedelta(days=7) if kind == "follow" else None
        record = CodeRecord(whose, kind, self.store.shares.digest(code), now + dt.timedelta(minutes=15), until)
        return self.turn(record)

    def follow(self, code: str = CODE, label: str = "ma") -> "Chat":
        chat = self.stored
        found = self.store.shares.find(code, chat.contact_id, self.store.now())
        assert found is not None
        until = found.follow_until or found.until
        self.turn(FollowRecord(found.id, found.contact_id, found.person, until, NOTICE))
        return self.turn(NameRecord(label))

    def move_here(self, code: str = CODE, **given: object) -> "Chat":
        found = self.store.shares.find(code, self.stored.contact_id, self.store.now())
        assert found is not None
        record = MoveRecord(found.id, found.contact_id, found.turn, '{"left":1}', 0, (), NOTICE)
        return self.turn(replace(record, **given))  # type: ignore[arg-type]

    def followed(self) -> list[tuple[str, str]]:
        return [(each.label, each.person) for each in self.store.shares.followed(self.id, self.store.now())]


@pytest.fixture
def ma(store: Store) -> Chat:
    return Chat(store, MA).turn()


@pytest.fixture
def hoa(store: Store) -> Chat:
    return Chat(store, HOA)


@pytest.fixture
def tu(store: Store) -> Chat:
    return Chat(store, TU)


def rows(store: Store, *columns: object) -> list[tuple[object, ...]]:
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns)).all()]  # type: ignore[call-overload]


def count(store: Store, table: Table) -> int:
    with store.engine.connect() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def told(store: Store, chat: Chat) -> int:
    """How often something was said to a chat unasked."""
    query = select(func.count()).where(outgoing.c.contact_id == chat.id, outgoing.c.messages == NOTICE)
    with store.engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def no(purpose: str, whose: str = "") -> ConsentRecord:
    return ConsentRecord(whose, purpose, False, "Ngừng.", "", "word", False)


# ---- codes ----


def test_only_a_keyed_digest_of_a_code_is_stored(store: Store, ma: Chat) -> None:
    ma.give()
    ((digest,),) = rows(store, share_code.c.digest)
    assert digest == store.shares.digest(CODE)
    assert CODE not in str(rows(store, *share_code.c))


def test_the_last_code_said_is_the_one_that_works(store: Store, ma: Chat) -> None:
    ma.give().give(code="CM57PQ")
    assert store.shares.find(CODE, None, store.now()) is None
    assert store.shares.find("CM57PQ", None, store.now()) is not None


def test_a_code_another_chat_drew_too_is_drawn_again(ma: Chat, tu: Chat) -> None:
    ma.give()
    with pytest.raises(StaleTurn):
        tu.turn().give()


def test_a_code_works_once_and_in_time(store: Store, ma: Chat, hoa: Chat, tu: Chat, clock: Clock) -> None:
    found = store.shares.find(CODE, None, store.now()) if ma.give() else None
    assert found is not None
    hoa.follow()
    with pytest.raises(StaleTurn):
        tu.turn(FollowRecord(found.id, found.contact_id, "", found.until, NOTICE))
    ma.give(code="CM57PQ")
    clock.move(minutes=16)
    with pytest.raises(StaleTurn):
        tu.turn().follow("CM57PQ")
    assert count(store, follow) == 1


def test_two_processes_with_one_code_one_wins(open_store: Callable[..., Store], clock: Clock) -> None:
    here, there = open_store(clock), open_store(clock)
    Chat(here, MA).turn(CompletionRecord("", "vneid_level_2", "self")).give("move")
    racing = [Chat(here, HOA), Chat(there, TU)]
    found = here.shares.find(CODE, None, clock())
    assert found is not None
    record = MoveRecord(found.id, found.contact_id, found.turn, "{}", 0, (), NOTICE)

    def redeem(chat: Chat) -> str:
        try:
            chat.turn(record)
        except StoreError as error:
            return type(error).__name__
        return "won"

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(redeem, racing))
    assert sorted(outcomes)[-1] == "won"
    assert outcomes.count("won") == 1
    assert count(here, completion) == 1
    winner = racing[outcomes.index("won")]
    assert rows(here, person.c.contact_id) == [(winner.id,)]


def test_wrong_codes_count_for_an_hour_per_chat_and_channel(store: Store, ma: Chat, hoa: Chat, clock: Clock) -> None:
    for _ in range(3):
        ma.turn(WrongCodeRecord())
    hoa.turn(WrongCodeRecord())
    tries = store.shares.tries(ma.lookup, "pushed", clock())
    assert (tries.chat, tries.channel) == (3, 4)
    assert store.shares.tries("", "web", clock()).channel == 0
    clock.move(minutes=61)
    assert store.shares.tries(ma.lookup, "pushed", clock()).channel == 0


def test_deleting_buys_no_new_tries(store: Store, ma: Chat) -> None:
    ma.turn(WrongCodeRecord()).turn(forget=True)
    assert store.shares.tries(ma.lookup, "pushed", store.now()).chat == 1


# ---- following ----


def test_a_follower_sees_until_the_end_date(store: Store, ma: Chat, hoa: Chat, clock: Clock) -> None:
    ma.give()
    hoa.follow()
    assert hoa.followed() == [("ma", "")]
    clock.move(days=7, minutes=-1)
    assert hoa.followed() == [("ma", "")]
    clock.move(minutes=2)
    assert hoa.followed() == []
    sweep(store.engine, now=clock())
    assert (count(store, follow), count(store, share_code)) == (0, 0)


def test_who_is_followed_hears_of_the_use_and_of_looks_once_an_hour(
    store: Store, ma: Chat, hoa: Chat, clock: Clock
) -> None:
    ma.give()
    hoa.follow()
    assert told(store, ma) == 1
    ((follow_id,),) = rows(store, follow.c.id)
    look = LookRecord(int(str(follow_id)), ma.id, NOTICE)
    for minutes in (0, 30, 29, 2):
        clock.move(minutes=minutes)
        hoa.turn(look)
    assert told(store, ma) == 3


def test_two_followers_have_seats_and_one_can_be_stopped(store: Store, ma: Chat, hoa: Chat, tu: Chat) -> None:
    ma.give()
    hoa.follow()
    ma.give(code="CM57PQ")
    tu.follow("CM57PQ")
    assert [each.seat for each in store.shares.followers(ma.id, "", store.now())] == [1, 2]
    ma.turn(StopRecord("", "1"))
    assert (hoa.followed(), tu.followed()) == ([], [("ma", "")])
    ma.give(code="CM67PQ")
    hoa.follow("CM67PQ")
    assert [each.seat for each in store.shares.followers(ma.id, "", store.now())] == [1, 2]
    ma.turn(StopRecord("", "all"))
    assert (hoa.followed(), tu.followed()) == ([], [])


def test_a_fourth_follower_finds_no_seat(store: Store, ma: Chat) -> None:
    for number in range(4):
        ma.give(code=f"CM{number + 4}7PQ")
        follower = Chat(store, ContactKey("pushed", str(number)))
        if number < 3:
            follower.follow(f"CM{number + 4}7PQ")
            continue
        with pytest.raises(StaleTurn):
            follower.follow(f"CM{number + 4}7PQ")


@pytest.mark.parametrize("end", [no("progress"), no("follow")], ids=["progress", "follow"])
def test_a_withdrawn_yes_ends_following_and_open_codes(store: Store, ma: Chat, hoa: Chat, end: Record) -> None:
    ma.give()
    hoa.follow()
    ma.give(code="CM57PQ").turn(end)
    assert hoa.followed() == []
    assert store.shares.find("CM57PQ", None, store.now()) is None


def test_one_persons_no_leaves_anothers_follower(ma: Chat, hoa: Chat) -> None:
    ma.give(whose="ma")
    hoa.follow()
    ma.turn(no("progress", "ngoai"))
    assert hoa.followed() == [("ma", "ma")]


def test_deleting_on_either_side_ends_it(store: Store, ma: Chat, hoa: Chat) -> None:
    for who in (ma, hoa):
        ma.give()
        hoa.follow()
        ma.give(code="CM57PQ").turn(ReminderRecord())
        who.turn(forget=True)
        assert hoa.followed() == []
    assert (count(store, follow), count(store, reminder)) == (0, 1)


# ---- going on elsewhere ----


def test_people_with_all_their_rows_go_over(store: Store, ma: Chat, hoa: Chat) -> None:
    step = StepRecord("", "vneid_level_2", "vneid_muc_2.otp", "", "entered", "self")
    ma.turn(step, CompletionRecord("ma", "vneid_level_2", "helper")).give("move")
    before = rows(store, person.c.pseudonym)
    hoa.move_here()
    assert rows(store, person.c.pseudonym) == before
    assert {row[0] for row in rows(store, person.c.contact_id)} == {hoa.id}
    assert (count(store, step_event), count(store, completion)) == (1, 1)
    assert (ma.stored.state, told(store, ma)) == ('{"left":1}', 1)


def test_who_was_known_in_both_is_one_and_a_task_done_in_both_counts_once(store: Store, ma: Chat, hoa: Chat) -> None:
    done = CompletionRecord("", "vneid_level_2", "self")
    yes = ConsentRecord("", "count", True, "Cho không?", "Đồng ý", "button", False)
    hoa.turn(yes, done, replace(done, task="digital_citizen_app"))
    ma.turn(yes, done, replace(done, task="social_security_account")).give("move")
    hoa.move_here()
    tasks = sorted(str(row[0]) for row in rows(store, completion.c.task))
    assert tasks == ["digital_citizen_app", "social_security_account", "vneid_level_2"]
    assert (count(store, person), count(store, consent)) == (1, 2)


def test_neighbours_of_both_are_never_one(store: Store, ma: Chat, hoa: Chat) -> None:
    done = CompletionRecord("ba_con.1", "vneid_level_2", "helper")
    hoa.turn(done, replace(done, person="ba_con.2"))
    ma.turn(done).give("move")
    hoa.move_here(neighbours=1)
    codes = sorted(str(row[0]) for row in rows(store, person.c.code))
    assert (codes, count(store, completion)) == (["ba_con.1", "ba_con.2", "ba_con.3"], 3)


def test_a_no_said_here_ends_the_yes_that_came_over(store: Store, ma: Chat, hoa: Chat) -> None:
    ma.turn(ConsentRecord("", "count", True, "Cho không?", "Đồng ý", "button", False)).give("move")
    hoa.turn(no("count")).move_here(refused=(("", "count"),))
    withdrawn = set(rows(store, consent.c.given, consent.c.withdrawn_at))
    assert withdrawn == {(True, stamp(store.now())), (False, None)}


def test_followers_go_along_and_reminders_end(store: Store, ma: Chat, hoa: Chat, tu: Chat) -> None:
    ma.give()
    tu.follow()
    ma.turn(ReminderRecord()).give("move", "CM57PQ")
    hoa.turn().move_here("CM57PQ")
    assert [each.subject_id for each in store.shares.followed(tu.id, store.now())] == [hoa.id]
    assert count(store, reminder) == 0


def test_a_follower_who_takes_the_chat_over_follows_nobody(store: Store, ma: Chat, hoa: Chat) -> None:
    ma.give()
    hoa.follow()
    ma.give("move", "CM57PQ")
    hoa.move_here("CM57PQ")
    assert count(store, follow) == 0


def test_a_turn_in_flight_in_the_chat_that_was_left_is_taken_again(ma: Chat, hoa: Chat) -> None:
    ma.give("move")
    in_flight = ma.stored
    turn = FinishedTurn(in_flight, "{}", in_flight.turn + 1, True, "[]", (), "v", address="a")
    hoa.move_here()
    with ma.store.engine.begin() as connection, pytest.raises(StaleTurn):
        write_turns(connection, [turn], at=ma.store.now(), keyring=ma.store.keyring, tombstones=ma.store.tombstones)


def test_a_chat_that_moved_on_meanwhile_is_read_again(store: Store, ma: Chat, hoa: Chat) -> None:
    ma.give("move")
    found = store.shares.find(CODE, None, store.now())
    assert found is not None
    ma.turn()
    with pytest.raises(StaleTurn):
        hoa.turn(MoveRecord(found.id, found.contact_id, found.turn, "{}", 0, (), NOTICE))
    hoa.move_here()


# ---- the helper behind a yes ----


def test_an_assisted_yes_names_the_helpers_pseudonym(store: Store, ma: Chat) -> None:
    yes = ConsentRecord("ma", "progress", True, "Má chịu không?", "Đồng ý", "button", assisted=True)
    ma.turn(yes, replace(yes, person="", assisted=False))
    pseudonyms = {code: pseudonym for code, pseudonym in rows(store, person.c.code, person.c.pseudonym)}  # noqa: C416
    assert rows(store, consent.c.assisted, consent.c.helper) == [(True, pseudonyms[""]), (False, None)]
    assert pseudonyms[""] != pseudonyms["ma"]


# ---- reminders ----


def due(store: Store, now: dt.datetime) -> list[int]:
    return [each.contact_id for each in store.reminders.due(now, ["pushed"])]


def test_a_reminder_falls_due_a_day_later_by_day(store: Store, ma: Chat, clock: Clock) -> None:
    clock.move(hours=11)
    ma.turn(ReminderRecord())
    ((due_at,),) = rows(store, reminder.c.due_at)
    assert due_at == "2026-11-23T01:00:00.000000+00:00"
    assert due(store, dt.datetime(2026, 11, 23, 0, 59, tzinfo=dt.UTC)) == []
    assert due(store, dt.datetime(2026, 11, 23, 1, 0, tzinfo=dt.UTC)) == [ma.id]


def test_who_came_back_is_not_reminded(store: Store, ma: Chat, clock: Clock) -> None:
    ma.turn(ReminderRecord())
    clock.move(hours=2)
    ma.turn()
    assert due(store, clock() + dt.timedelta(days=2)) == []


@pytest.mark.parametrize("column", ["silent_since", "unreachable_since"])
def test_nobody_silent_or_out_of_reach_is_reminded(store: Store, ma: Chat, clock: Clock, column: str) -> None:
    ma.turn(ReminderRecord())
    with store.engine.begin() as connection:
        connection.execute(contact.update().values({column: stamp(clock())}))
    assert due(store, clock() + dt.timedelta(days=2)) == []


def test_another_channel_is_not_written_to(store: Store, clock: Clock) -> None:
    Chat(store, ContactKey("web", "a")).turn(ReminderRecord())
    assert due(store, clock() + dt.timedelta(days=2)) == []


def test_at_most_one_reminder_a_week(store: Store, ma: Chat, clock: Clock) -> None:
    left = []
    for _ in range(20):
        ma.turn(ReminderRecord())
        clock.move(days=1)
        for each in store.reminders.due(clock(), ["pushed"]):
            row = {"contact_id": each.contact_id, "created_at": stamp(clock()), "messages": "[]", "kind": "reminder"}
            row |= {"status": "sent", "parts_sent": 0, "due_at": stamp(clock())}
            row |= {"tries": 0, "unknown_tries": 0, "reason": ""}
            with store.engine.begin() as connection:
                connection.execute(insert(outgoing), row)
            left.append(clock())
    assert len(left) == 3
    assert all(later - earlier >= dt.timedelta(days=7) for earlier, later in pairwise(left))


@pytest.mark.parametrize("end", [no("remind"), no("progress"), NoReminderRecord()], ids=["remind", "progress", "done"])
def test_a_reminder_that_waits_in_the_outbox_is_taken_back(store: Store, ma: Chat, end: Record) -> None:
    row = {"contact_id": ma.id, "created_at": "", "messages": "[]", "kind": "reminder", "status": "waiting"}
    row |= {"parts_sent": 0, "due_at": "", "tries": 0, "unknown_tries": 0, "reason": ""}
    with store.engine.begin() as connection:
        connection.execute(insert(outgoing), row)
    ma.turn(ReminderRecord()).turn(end)
    assert count(store, reminder) == 0
    assert ("reminder", "dropped", "stopped") in rows(store, outgoing.c.kind, outgoing.c.status, outgoing.c.reason)


def test_the_sweep_forgets_wrong_codes_and_reminders_that_never_left(store: Store, ma: Chat, clock: Clock) -> None:
    ma.turn(WrongCodeRecord(), ReminderRecord())
    sweep(store.engine, now=clock() + dt.timedelta(minutes=59))
    assert (count(store, code_try), count(store, reminder)) == (1, 1)
    sweep(store.engine, now=clock() + dt.timedelta(days=10))
    assert (count(store, code_try), count(store, reminder)) == (0, 0)


# ---- beside the other rights ----


def test_a_code_said_before_a_change_of_keys_still_works(store: Store, ma: Chat) -> None:
    ma.give("move")
    keyring = Keyring({1: bytes(range(32)), 2: bytes(32)})
    keyring.follow(2)
    found = Shares(store.engine, keyring).find(CODE, None, store.now())
    assert found is not None
    assert found.contact_id == ma.id


def test_who_had_processing_stopped_is_not_looked_at_or_reminded(store: Store, ma: Chat, hoa: Chat) -> None:
    ma.give().turn(ReminderRecord())
    hoa.follow()
    tomorrow = store.now() + dt.timedelta(days=2)
    assert (hoa.followed(), len(store.reminders.due(tomorrow, ["pushed"]))) == ([("ma", "")], 1)
    her = ma.id
    with store.engine.begin() as connection:
        connection.execute(update(contact).where(contact.c.id == her).values(restricted_since=stamp(store.now())))
    assert (hoa.followed(), store.reminders.due(tomorrow, ["pushed"])) == ([], [])
    found = store.shares.find(CODE, None, store.now())
    assert found is not None
    assert found.restricted


def test_who_only_looks_may_do_so_until_the_end_date(store: Store, ma: Chat, hoa: Chat, clock: Clock) -> None:
    ma.give()
    hoa.follow()
    followed = hoa.id
    with store.engine.begin() as connection:
        connection.execute(update(follow).values(until=stamp(clock() + dt.timedelta(days=30))))
        connection.execute(update(conversation).where(conversation.c.contact_id == followed).values(kept=False))
    clock.move(days=20)
    sweep(store.engine, now=clock())
    assert [each.label for each in store.shares.followed(followed, clock())] == ["ma"]


def test_who_was_counted_in_both_chats_is_counted_once(store: Store, ma: Chat, hoa: Chat) -> None:
    for chat in (ma, hoa):
        chat.turn(CompletionRecord("", "vneid_level_2", "self"))
    ma.give("move")
    hoa.move_here()
    query = select(tally.c.people).where(tally.c.kind == "completed")
    with store.engine.connect() as connection:
        assert connection.execute(query).scalars().all() == [1]
