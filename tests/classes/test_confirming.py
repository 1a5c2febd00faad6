"""What a trainer saw, by seat: counted once, taken back, and only where it may be."""

import datetime as dt

import pytest
from sqlalchemy import select, update

from bot.classes.confirming import Confirmable, Saw
from bot.classes.schedule import CONFIRMING, EARLY
from bot.store.evidence import Word, take_words
from bot.store.moments import stamp
from bot.store.schema import audit_entry, class_confirmation, completion, completion_event, contact, person
from bot.store.tallies import Tallies
from tests.classes.hall import Hall
from tests.fakes import TASK, Clock


def counted(hall: Hall) -> list[tuple[str, str]]:
    """Whose task counts, on whose word."""
    query = select(person.c.code, completion.c.evidence).join(completion, completion.c.person_id == person.c.id)
    with hall.store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(person.c.id))]


def events(hall: Hall) -> list[tuple[str, str, str]]:
    query = select(completion_event.c.evidence, completion_event.c.change, completion_event.c.source)
    with hall.store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(completion_event.c.id))]


def sits(hall: Hall, who: str = "a", answer: str = "Đồng ý", task: str = "Làm") -> None:
    hall.agrees(who, answer, task)
    hall.says(who, hall.code)


def finishes(hall: Hall) -> None:
    hall.tap("open", "mo")
    hall.says("a", "xong")
    hall.presses("a", "Thấy rồi")


def test_what_was_seen_counts_once_in_the_trainers_name(hall: Hall) -> None:
    sits(hall)
    for _ in range(3):
        assert hall.confirming.say(hall.led, Saw(1, "", TASK)) == "taken"
    assert counted(hall) == [("", "trainer")]
    assert events(hall) == [("trainer", "confirm", hall.trainer.actor)]
    assert hall.confirming.seats(hall.found) == [Confirmable(1, "", TASK, says_done=False, confirmed=True)]


def test_two_trainers_who_saw_the_same_count_it_once(hall: Hall) -> None:
    sits(hall)
    hoa = hall.account("hoa")
    hall.schedule.add_trainer(hall.found, hoa, by="cli")
    other = hall.schedule.led_by(hoa.id, hall.found.id)
    assert other is not None
    for led in (hall.led, other):
        hall.confirming.say(led, Saw(1, "", TASK))
    assert len(events(hall)) == 1


def test_taken_back_it_is_a_correction_and_what_others_said_stands(hall: Hall) -> None:
    sits(hall)
    finishes(hall)
    assert counted(hall) == [("", "self")]
    for finished in (True, False, False, True, False):
        hall.confirming.say(hall.led, Saw(1, "", TASK, finished=finished))
    assert counted(hall) == [("", "self")]
    assert [change for evidence, change, _ in events(hall) if evidence == "trainer"] == [
        "confirm", "withdraw", "confirm", "withdraw",
    ]  # fmt: skip
    assert hall.confirming.seats(hall.found) == [Confirmable(1, "", TASK, says_done=True, confirmed=False)]


def test_who_did_not_agree_is_a_number_of_the_class_and_counts_once_they_do(hall: Hall) -> None:
    sits(hall, answer="Không")
    hall.confirming.say(hall.led, Saw(1, "", TASK))
    assert (counted(hall), events(hall)) == ([], [])
    assert [each.confirmed for each in hall.confirming.seats(hall.found)] == [True]
    finishes(hall)
    for label in ("Làm", "Đồng ý"):
        hall.presses("a", label)
    hall.confirming.say(hall.led, Saw(1, "", TASK))
    assert counted(hall) == [("", "trainer")]


def test_who_had_all_processing_stopped_is_not_counted(hall: Hall) -> None:
    sits(hall)
    with hall.store.engine.begin() as connection:
        connection.execute(update(contact).values(restricted_since=stamp(hall.store.now())))
    assert hall.confirming.say(hall.led, Saw(1, "", TASK)) == "taken"
    assert (counted(hall), events(hall)) == ([], [])


def test_of_a_phone_that_several_share_it_is_said_who(hall: Hall) -> None:
    sits(hall)
    finishes(hall)
    for label in ("Làm cho má", "Đồng ý"):
        hall.presses("a", label)
    assert [(each.person, each.says_done) for each in hall.confirming.seats(hall.found)] == [("ma", False), ("", True)]
    hall.confirming.say(hall.led, Saw(1, "ma", TASK))
    assert counted(hall) == [("", "self"), ("ma", "trainer")]


@pytest.mark.parametrize(
    "saw",
    [Saw(2, "", TASK), Saw(1, "ngoai", TASK), Saw(1, "", "digital_citizen_app"), Saw(1, "", "x"), Saw(-1, "", TASK)],
    ids=["no such seat", "nobody there", "a task of no lesson here", "no task", "no seat"],
)
def test_what_nobody_could_see_is_not_taken(hall: Hall, saw: Saw) -> None:
    sits(hall)
    assert hall.confirming.say(hall.led, saw) == "gone"
    assert events(hall) == []


def test_a_seat_of_another_class_is_not_theirs(hall: Hall) -> None:
    other = hall.open(hall.account("hoa"))
    hall.agrees("a")
    hall.says("a", other.code)
    assert hall.confirming.say(hall.led, Saw(1, "", TASK)) == "gone"


def test_a_chat_that_was_erased_cannot_be_confirmed(hall: Hall) -> None:
    sits(hall)
    hall.confirming.say(hall.led, Saw(1, "", TASK))
    hall.says("a", "xoá hết")
    hall.presses("a", "Xoá")
    assert hall.confirming.say(hall.led, Saw(1, "", TASK)) == "gone"
    assert counted(hall) == []


def test_there_is_a_day_to_confirm(hall: Hall, clock: Clock) -> None:
    sits(hall)
    led = hall.led
    hall.tap("end")
    clock.moment = hall.found.ends_at + CONFIRMING - dt.timedelta(minutes=1)
    assert hall.confirming.say(led, Saw(1, "", TASK)) == "taken"
    clock.move(minutes=2)
    assert hall.confirming.say(led, Saw(1, "", TASK, finished=False)) == "over"
    assert counted(hall) == [("", "trainer")]


def test_nothing_is_seen_before_a_class(hall: Hall, clock: Clock) -> None:
    planned = hall.open(starts_at=clock() + EARLY + dt.timedelta(hours=1))
    led = hall.schedule.led_by(hall.trainer.id, planned.id)
    assert led is not None
    assert hall.confirming.say(led, Saw(1, "", TASK)) == "over"


def test_an_officers_later_word_stands_above_the_trainers(hall: Hall) -> None:
    sits(hall)
    hall.confirming.say(hall.led, Saw(1, "", TASK))
    with hall.store.engine.begin() as connection:
        tallies = Tallies(connection, at=stamp(hall.store.now()))
        [person_id] = connection.execute(select(person.c.id)).scalars()
        word = Word(stamp(hall.store.now()), "office 1", person_id, TASK, "officer")
        take_words(connection, [word], tallies, at=word.happened_at)
        tallies.write()
    hall.confirming.say(hall.led, Saw(1, "", TASK, finished=False))
    assert counted(hall) == [("", "officer")]


def test_what_is_kept_of_it_names_a_seat_and_nobody(hall: Hall) -> None:
    sits(hall, "so-dien-thoai-cua-co-ba")
    hall.confirming.say(hall.led, Saw(1, "", TASK))
    with hall.store.engine.connect() as connection:
        kept = [*connection.execute(class_confirmation.select()), *connection.execute(audit_entry.select())]
        pseudonym = connection.execute(select(person.c.pseudonym)).scalar_one()
    assert not any(word in str(kept) for word in ("co-ba", pseudonym))
    assert f"seat:1 {TASK}" in str(kept)
