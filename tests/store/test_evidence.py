"""What counts after all words, whatever order they come in; and the kept counts always equal a recount."""

import datetime as dt
from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select

from bot.campaign.verifying import verify
from bot.store.evidence import EVIDENCE, Counted, Evidence, EvidenceConflict, Word, counted, take_words
from bot.store.records import enrol
from bot.store.schema import completion, completion_event, contact, person
from bot.store.store import Store
from bot.store.tallies import Tallies
from tests.fakes import TASK

AT = "2026-11-21T03:00:00.000000+00:00"


def word(event: str, day: int, evidence: Evidence = "self", change: str = "confirm", person_id: int = 1) -> Word:
    return Word(f"2026-11-{day:02}T03:00:00.000000+00:00", event, person_id, TASK, evidence, change)  # type: ignore[arg-type]


def since(day: int) -> str:
    return f"2026-11-{day:02}T03:00:00.000000+00:00"


def add_person(engine: Engine, number: int = 1) -> int:
    with engine.begin() as connection:
        row = {"channel": "web", "lookup": f"{number}", "created_at": AT}
        contact_id = connection.execute(insert(contact).returning(contact.c.id), row).scalar_one()
        who = {"contact_id": contact_id, "code": "", "pseudonym": f"p{number}"}
        person_id: int = connection.execute(insert(person).returning(person.c.id), who).scalar_one()
        return person_id


def take(engine: Engine, *words: Word) -> list[bool]:
    with engine.begin() as connection:
        tallies = Tallies(connection, at=AT)
        new = take_words(connection, words, tallies, at=AT)
        tallies.write()
        return new


def stands(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect().execution_options(reading=True) as connection:
        return [(row.evidence, row.day) for row in connection.execute(select(completion))]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), None),
        ((word("a", 1),), Counted("self", since(1))),
        ((word("a", 1), word("b", 9)), Counted("self", since(1))),
        ((word("a", 1), word("b", 9, "officer")), Counted("officer", since(1))),
        ((word("a", 1), word("b", 9, "officer"), word("c", 10, "officer", "withdraw")), Counted("self", since(1))),
        ((word("a", 1), word("b", 2, "self", "withdraw")), None),
        ((word("a", 1), word("b", 2, "self", "withdraw"), word("c", 3)), Counted("self", since(3))),
        ((word("a", 2, "self", "withdraw"), word("b", 2)), None),
        ((word("b", 2, "trainer", "withdraw"),), None),
    ],
)
def test_the_best_word_that_stands_counts(words: Sequence[Word], expected: Counted | None) -> None:
    assert counted(words) == expected


some_words = st.lists(
    st.builds(
        word,
        st.uuids().map(lambda each: each.hex),
        st.integers(1, 28),
        st.sampled_from(("self", "helper", "trainer", "officer")),
        st.sampled_from(("confirm", "withdraw")),
    ),
    max_size=8,
)


@given(some_words, st.randoms())
def test_order_and_repetition_change_nothing(words: list[Word], chance: Random) -> None:
    shuffled = [*words, *chance.choices(words, k=3)] if words else []
    chance.shuffle(shuffled)
    assert counted(shuffled) == counted(words)


def test_a_word_counts_once_and_a_better_one_takes_its_place(store: Store) -> None:
    engine, who = store.engine, add_person(store.engine)
    mine, officer = word("a", 3, person_id=who), word("b", 9, "officer", person_id=who)
    assert take(engine, officer, mine, officer) == [True, True, False]
    assert stands(engine) == [("officer", "2026-11-03")]
    assert take(engine, word("c", 10, "officer", "withdraw", who)) == [True]
    assert stands(engine) == [("self", "2026-11-03")]
    assert take(engine, word("d", 11, "self", "withdraw", who)) == [True]
    assert stands(engine) == []
    with engine.connect().execution_options(reading=True) as connection:
        assert len(connection.execute(select(completion_event)).all()) == 4
    assert verify(engine) == []


def test_an_event_id_drawn_twice_is_refused(store: Store) -> None:
    who = add_person(store.engine)
    take(store.engine, word("a", 3, person_id=who))
    with pytest.raises(EvidenceConflict, match="mã sự kiện"):
        take(store.engine, word("a", 4, person_id=who))


def test_counts_move_with_people_and_always_equal_a_recount(store: Store) -> None:
    chance, engine = Random(7), store.engine  # noqa: S311 - the same every time
    people = [add_person(engine, number) for number in range(12)]
    for number in range(120):
        who = chance.choice(people)
        evidence = chance.choice(EVIDENCE)
        change = chance.choice(("confirm", "confirm", "withdraw"))
        take(engine, word(f"e{number}", chance.randint(1, 28), evidence, change, who))
        if number % 5 == 0:
            with engine.begin() as connection:
                tallies = Tallies(connection, at=AT)
                enrol(connection, who, chance.choice(("25747", "25750", "25760")), tallies, at=AT)
                tallies.write()
    assert verify(engine) == []


def test_what_was_changed_behind_our_back_is_found_and_put_right(store: Store) -> None:
    engine, who = store.engine, add_person(store.engine)
    take(engine, word("a", 3, person_id=who))
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE tally SET people = 7")
    (wrong,) = verify(engine, repair=True)
    assert (wrong.key.week, wrong.kept, wrong.counted) == ("2026-W45", 7, 1)
    assert verify(engine) == []
    assert dt.date.fromisocalendar(2026, 45, 1) == dt.date(2026, 11, 2)
