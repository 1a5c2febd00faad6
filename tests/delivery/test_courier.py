"""Delivery in virtual time: nothing lost or doubled, in order, inside the limits, whatever the platform does."""

import asyncio
import contextlib
import datetime as dt
import itertools
import logging
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.channel import Abilities, Part, SendError
from bot.channels.fitting import fit
from bot.channels.messages import Message, Picture, Text
from bot.delivery.courier import FLIGHTS, Courier
from bot.delivery.shift import LEASE, Shift
from bot.delivery.terms import TELEGRAM, Rate, Terms, zalo_oa
from bot.metrics import Metrics
from tests.delivery.fake_channel import FakeChannel
from tests.delivery.fake_outbox import FakeOutbox
from tests.delivery.flaky import FlakyOutbox
from tests.delivery.stored_outbox import StoredOutbox
from tests.virtual_time import START, moment, now, run

FREELY = Terms(Rate(10_000, 1.0))
HOUR = 3_600.0
HELLO = (Text("chào"),)

AnyOutbox = FakeOutbox | StoredOutbox


def fitted(messages: Sequence[Message], abilities: Abilities) -> tuple[Part, ...]:
    return fit(messages, abilities, by_number="Gõ số:")


class World:
    """An outbox, a channel, and the courier between them."""

    def __init__(
        self, outbox: AnyOutbox, *outcomes: Exception | None, terms: Terms = FREELY, look_every: float = 1.0
    ) -> None:
        self.outbox = outbox
        self.flaky = FlakyOutbox(outbox)
        self.channel = FakeChannel(outcomes=list(outcomes))
        self.metrics = Metrics()
        self.duties = outbox.duties("process 1")
        self.terms = terms
        self.look_every = look_every
        self.goes_first = False
        self.fit = fitted

    def courier(self) -> Courier:
        return Courier(
            self.channel,
            self.flaky,
            terms=self.terms,
            fit=self.fit,
            shift=Shift(self.duties, "fake", goes_first=self.goes_first),
            metrics=self.metrics,
            now=now,
            chance=lambda: 0.5,
            look_every=self.look_every,
        )

    def deliver(self, seconds: float, meanwhile: Callable[[Courier], Awaitable[None]] | None = None) -> None:
        """What happens in that many seconds, and then an orderly stop."""

        async def main() -> None:
            courier = self.courier()
            running = asyncio.create_task(courier.run())
            if meanwhile is not None:
                await meanwhile(courier)
            await asyncio.sleep(seconds)
            courier.stop()
            await running

        run(main)

    def say(self, address: str, *texts: str) -> int:
        return self.outbox.put(address, [Text(text) for text in texts] or HELLO)

    def counted(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, {"channel": "fake", **labels}) or 0.0


@pytest.fixture(params=["in memory", "sqlite", "postgresql"])
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[AnyOutbox]:
    if request.param == "in memory":
        yield FakeOutbox()
        return
    in_a_file = f"sqlite:///{tmp_path / 'outbox.db'}"
    address = in_a_file if request.param == "sqlite" else request.getfixturevalue("postgresql_database")
    with contextlib.closing(StoredOutbox(address)) as stored:
        yield stored


# ---- when all is well ----


def test_each_person_gets_their_replies_in_order(outbox: AnyOutbox) -> None:
    world = World(outbox)
    for number in range(3):
        for person in ("a", "b"):
            world.say(person, f"{person}{number}")
    world.deliver(5)
    assert world.channel.texts("a") == ["a0", "a1", "a2"]
    assert world.channel.texts("b") == ["b0", "b1", "b2"]
    assert set(world.outbox.statuses()) == {("sent", "")}
    assert world.counted("gocua_sends_total", outcome="sent") == 6


def test_a_turn_of_several_parts(outbox: AnyOutbox) -> None:
    world = World(outbox)
    world.outbox.put("a", [Text("Mở app"), Picture("app", "Hình"), Text("Xong chưa?")])
    world.deliver(5)
    assert world.channel.texts("a") == ["Hình", "Mở app", "Xong chưa?"]
    assert world.outbox.statuses() == [("sent", "")]


def test_a_new_reply_leaves_when_the_bell_rings(outbox: AnyOutbox) -> None:
    world = World(outbox, look_every=60.0)

    async def meanwhile(courier: Courier) -> None:
        await asyncio.sleep(10)
        world.say("a")
        courier.ring()

    world.deliver(5, meanwhile)
    assert world.channel.times() == [10.0]


def test_many_people_at_once_but_not_too_many(outbox: AnyOutbox) -> None:
    world = World(outbox)
    world.channel.seconds = 2.0
    for person in range(60):
        world.say(str(person))
    world.deliver(10)
    assert world.channel.most_at_once == FLIGHTS
    assert set(world.outbox.statuses()) == {("sent", "")}


def test_replies_go_before_reminders(outbox: AnyOutbox) -> None:
    world = World(outbox)
    world.outbox.put("a", [Text("nhắc")], kind="reminder")
    world.say("a", "trả lời")
    world.deliver(5)
    assert world.channel.texts("a") == ["trả lời", "nhắc"]


def test_nobody_waits_for_somebody_else_s_chat(outbox: AnyOutbox) -> None:
    world = World(outbox, terms=Terms(Rate(25, 1.0), chat_gap=1.0), look_every=60)
    world.say("a", "một")
    world.say("a", "hai")

    async def meanwhile(courier: Courier) -> None:
        await asyncio.sleep(0.3)
        world.say("b", "chào")
        courier.ring()

    world.deliver(5, meanwhile)
    assert [address for _, address, _ in world.channel.calls] == ["a", "b", "a"]
    assert world.channel.times() == pytest.approx([0.0, 0.3, 1.0], abs=0.01)


def test_a_reply_that_comes_while_the_rate_is_spent_leaves_as_soon_as_it_may(outbox: AnyOutbox) -> None:
    world = World(outbox, terms=Terms(Rate(1, 2.0)), look_every=60)
    world.say("a")

    async def meanwhile(courier: Courier) -> None:
        await asyncio.sleep(0.5)
        world.say("b")
        courier.ring()

    world.deliver(5, meanwhile)
    assert world.channel.times() == pytest.approx([0.0, 2.0], abs=0.01)


def test_a_reply_passes_reminders_that_wait_for_their_turn(outbox: AnyOutbox) -> None:
    world = World(outbox, terms=Terms(Rate(1, 1.0)))
    for number in range(40):
        world.outbox.put(str(number), [Text("nhắc")], kind="reminder")

    async def meanwhile(courier: Courier) -> None:
        await asyncio.sleep(3)
        world.say("b", "trả lời")
        courier.ring()

    world.deliver(60, meanwhile)
    addresses = [address for address, _ in world.channel.shown]
    assert sorted(addresses) == sorted(["b", *map(str, range(40))])
    assert addresses.index("b") < 8


# ---- inside the terms ----


def test_telegram_s_rates(outbox: AnyOutbox) -> None:
    world = World(outbox, terms=TELEGRAM)
    for person in range(35):
        world.say(str(person), "một")
        world.say(str(person), "hai")
    world.deliver(20)
    times = world.channel.times()
    assert len(times) == 70
    assert all(later - earlier >= 0.999 for earlier, later in zip(times, times[25:], strict=False))
    for person in range(35):
        first, second = [at for at, to, _ in world.channel.calls if to == str(person)]
        assert second - first >= 0.999
    assert times[-1] < 5, "the rate is used, too"


def test_the_plan_of_zalo(outbox: AnyOutbox) -> None:
    world = World(outbox, terms=zalo_oa(100))
    for person in range(100):
        world.say(str(person))
    world.deliver(200)
    times = world.channel.times()
    assert len(times) == 100
    assert all(later - earlier >= 59.9 for earlier, later in zip(times, times[90:], strict=False))


def test_nothing_is_sent_outside_the_window(outbox: AnyOutbox) -> None:
    world = World(outbox, terms=zalo_oa(100))
    world.outbox.put("a", HELLO, heard_at=START - dt.timedelta(days=8))
    world.outbox.put("b", HELLO, heard_at=START - dt.timedelta(days=3), kind="reminder")
    world.outbox.put("c", HELLO, heard_at=START - dt.timedelta(days=3))
    world.deliver(5)
    assert world.outbox.statuses() == [("dropped", "window"), ("dropped", "window"), ("sent", "")]
    assert [to for to, _ in world.channel.shown] == ["c"]
    assert world.counted("gocua_dropped_total", reason="window") == 2


def test_a_window_that_closes_while_a_reply_waits(outbox: AnyOutbox) -> None:
    refusals = [SendError("502", "retry") for _ in range(20)]
    world = World(outbox, *refusals, terms=zalo_oa(100), look_every=600)
    world.outbox.put("a", HELLO, heard_at=START - dt.timedelta(days=6, hours=23))
    world.deliver(30 * HOUR)
    assert world.outbox.statuses() == [("dropped", "window")]


# ---- when a call fails ----


def test_a_failed_call_is_tried_again_and_holds_back_what_comes_after(outbox: AnyOutbox) -> None:
    world = World(outbox, SendError("502", "retry"), None, SendError("502", "retry"))
    world.say("a", "một")
    world.say("a", "hai")
    world.say("b", "khác")
    world.deliver(300)
    assert world.channel.texts("a") == ["một", "hai"]
    assert world.channel.texts("b") == ["khác"]
    assert world.counted("gocua_retries_total", reason="502") == 2


def test_eight_tries_then_a_dead_letter(outbox: AnyOutbox) -> None:
    world = World(outbox, *[SendError("502", "retry")] * 20, look_every=300)
    world.say("a", "một")
    world.say("a", "hai")
    world.channel.outcomes[8:] = []
    world.deliver(26 * HOUR)
    assert len(world.channel.calls) == 9
    assert world.outbox.statuses() == [("dead", "502"), ("sent", "")]
    assert world.counted("gocua_dead_letters_total", reason="502") == 1


def test_a_person_who_blocked_us_is_not_asked_again(outbox: AnyOutbox) -> None:
    world = World(outbox, SendError("blocked", "unreachable"), look_every=60)
    world.say("a", "một")
    world.say("a", "hai")
    world.say("b")
    world.deliver(HOUR)
    assert [address for _, address, _ in world.channel.calls] == ["a", "b"]
    assert world.outbox.statuses() == [("dropped", "blocked"), ("dropped", "blocked"), ("sent", "")]


def test_a_message_nobody_takes_is_dropped_alone(outbox: AnyOutbox) -> None:
    world = World(outbox, SendError("malformed", "drop"), look_every=60)
    world.say("a", "một")
    world.say("a", "hai")
    world.deliver(HOUR)
    assert world.outbox.statuses() == [("dropped", "malformed"), ("sent", "")]


def test_a_reply_that_was_taken_back_meanwhile_does_not_leave(outbox: AnyOutbox) -> None:
    world = World(outbox, terms=Terms(Rate(1, 10.0)))
    world.say("a")
    taken_back = world.say("b")

    async def meanwhile(courier: Courier) -> None:
        await asyncio.sleep(5)
        await outbox.drop(taken_back, "human")

    world.deliver(30, meanwhile)
    assert world.outbox.statuses() == [("sent", ""), ("dropped", "human")]
    assert [address for address, _ in world.channel.shown] == ["a"]


def test_a_part_that_arrived_is_not_sent_again(outbox: AnyOutbox) -> None:
    world = World(outbox, None, SendError("502", "retry"))
    world.say("a", "một", "hai", "ba")
    world.deliver(60)
    assert world.channel.texts("a") == ["một", "hai", "ba"]


# ---- outcomes nobody knows ----


def test_an_unknown_outcome_rests_and_is_repeated_once(outbox: AnyOutbox) -> None:
    unknown = SendError("timeout", "retry", unknown=True)
    world = World(outbox, unknown, unknown)
    world.say("a", "một")
    world.say("a", "hai")
    world.deliver(300)
    first, second, *_ = world.channel.times()
    assert second - first >= 60
    assert world.channel.texts("a") == ["một", "một", "hai"]
    assert world.outbox.statuses() == [("dead", "timeout"), ("sent", "")]


def test_a_platform_that_never_answers(outbox: AnyOutbox) -> None:
    world = World(outbox)
    world.channel.seconds = 10_000.0
    world.say("a")
    world.deliver(300)
    first, second = world.channel.times()
    assert second - first >= 60
    assert world.outbox.statuses() == [("dead", "timeout")]


def test_a_fault_of_ours_is_an_unknown_outcome_and_its_words_are_not_logged(
    outbox: AnyOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(outbox, ValueError("chữ của người ta"))
    world.say("a")
    with caplog.at_level(logging.DEBUG):
        world.deliver(120)
    assert world.outbox.statuses() == [("sent", "")]
    assert world.channel.times()[1] >= 60
    assert "chữ của người ta" not in caplog.text


def test_what_a_dead_process_left_on_its_way(outbox: AnyOutbox) -> None:
    world = World(outbox)
    for seconds_ago, unknown_tries in [(300, 0), (300, 1), (0, 0)]:
        left = START - dt.timedelta(seconds=seconds_ago)
        world.outbox.put(f"{left}, {unknown_tries}", HELLO, unknown_tries=unknown_tries, leaving_at=left)

    async def meanwhile(courier: Courier) -> None:
        await asyncio.sleep(55)
        # the one that left just before is not touched before its minute is over
        assert world.outbox.statuses() == [("waiting", "stranded"), ("dead", "stranded"), ("leaving", "")]

    world.deliver(200, meanwhile)
    assert world.outbox.statuses() == [("sent", ""), ("dead", "stranded"), ("sent", "")]
    assert all(at >= 60 for at in world.channel.times())


def test_a_turn_that_takes_its_time_is_not_taken_for_stranded(outbox: AnyOutbox) -> None:
    world = World(outbox, terms=Terms(Rate(1, 50.0)))
    world.say("a", "một", "hai", "ba")
    world.deliver(300)
    assert world.channel.texts("a") == ["một", "hai", "ba"]
    assert world.outbox.statuses() == [("sent", "")]
    assert world.counted("gocua_retries_total", reason="stranded") == 0


# ---- when the whole channel is not well ----


def test_a_throttled_channel_rests_for_everybody_and_loses_nobody(
    outbox: AnyOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(outbox, *[SendError("429", "retry", after=30, everywhere=True)] * 120, look_every=30)
    for person in range(100):
        world.say(str(person))
    with caplog.at_level(logging.WARNING):
        world.deliver(1.5 * HOUR)
    times = world.channel.times()
    calls_in_first_half_minute = [at for at in times if at < 30]
    assert len(calls_in_first_half_minute) == FLIGHTS
    # afterwards one at a time tries the air
    probes = times[FLIGHTS:120]
    assert all(later - earlier >= 30 for earlier, later in itertools.pairwise(probes))
    assert {status for status, _ in world.outbox.statuses()} == {"sent"}
    assert len(caplog.records) == 1


def test_a_revoked_token_is_told_once_and_tried_every_few_minutes(
    outbox: AnyOutbox, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(outbox, *[SendError("401", "operator")] * 20, look_every=60)
    for person in range(3):
        world.say(str(person))
    with caplog.at_level(logging.INFO):
        world.deliver(2 * HOUR)
    assert [record.levelname for record in caplog.records] == ["ERROR", "INFO"]
    times = world.channel.times()
    assert all(later - earlier >= 180 for earlier, later in itertools.pairwise(times[2:20]))
    assert {status for status, _ in world.outbox.statuses()} == {"sent"}
    assert world.counted("gocua_sends_total", outcome="operator") == 20


def test_a_rest_that_begins_between_two_parts(outbox: AnyOutbox) -> None:
    world = World(outbox, terms=Terms(Rate(1000, 1.0), chat_gap=1.0))
    world.channel.outcomes = [None, SendError("429", "retry", after=60, everywhere=True)]
    world.say("a", "một", "hai")
    world.say("b", "khác")
    world.deliver(300)
    assert world.channel.texts("a") == ["một", "hai"]
    assert world.channel.texts("b") == ["khác"]
    assert world.channel.times()[2] >= 60


# ---- several processes ----


def test_only_one_of_two_processes_delivers_and_the_other_takes_over(outbox: AnyOutbox) -> None:
    world, other = World(outbox), World(outbox)
    other.duties = outbox.duties("process 2")

    async def main() -> None:
        couriers = [world.courier(), other.courier()]
        running = [asyncio.create_task(couriers[0].run())]
        await asyncio.sleep(1)
        running.append(asyncio.create_task(couriers[1].run()))
        for number in range(10):
            world.say("a", str(number))
            await asyncio.sleep(1)
        couriers[0].stop()
        await running[0]
        world.say("a", "10")
        await asyncio.sleep(5)
        couriers[1].stop()
        await running[1]

    run(main)
    assert world.channel.texts("a") == [str(number) for number in range(10)]
    assert other.channel.texts("a") == ["10"]


def test_who_goes_first_is_given_the_turn_and_leaves_it_again(outbox: AnyOutbox) -> None:
    pages, works = World(outbox), World(outbox)
    works.duties, works.goes_first = outbox.duties("process 2"), True

    async def main() -> None:
        first = pages.courier()
        running = [asyncio.create_task(first.run())]
        pages.say("a", "một mình")
        await asyncio.sleep(1)
        second = works.courier()
        running.append(asyncio.create_task(second.run()))
        await asyncio.sleep(10)
        pages.say("a", "có người rồi")
        await asyncio.sleep(2)
        second.stop()
        await running[1]
        pages.say("a", "lại một mình")
        await asyncio.sleep(5)
        first.stop()
        await running[0]

    run(main)
    assert pages.channel.texts("a") == ["một mình", "lại một mình"]
    assert works.channel.texts("a") == ["có người rồi"]


def test_a_process_that_died_is_followed_by_another(outbox: AnyOutbox) -> None:
    world, other = World(outbox), World(outbox)
    other.duties = outbox.duties("process 2")

    async def main() -> None:
        dying = asyncio.create_task(world.courier().run())
        await asyncio.sleep(1)
        dying.cancel()
        courier = other.courier()
        running = asyncio.create_task(courier.run())
        world.say("a", "còn ai không")
        await asyncio.sleep(LEASE + 5)
        courier.stop()
        await running

    run(main)
    assert (world.channel.shown, other.channel.texts("a")) == ([], ["còn ai không"])
    assert other.channel.times()[0] >= LEASE - 1


# ---- stopping, and a database that is away ----


def test_a_stop_waits_for_calls_under_way_and_leaves_the_rest(outbox: AnyOutbox) -> None:
    world = World(outbox, terms=Terms(Rate(1, 10.0)))
    world.channel.seconds = 5.0
    for person in range(3):
        world.say(str(person))
    world.deliver(1)
    assert world.outbox.statuses() == [("sent", ""), ("waiting", ""), ("waiting", "")]
    world.deliver(60)
    assert {status for status, _ in world.outbox.statuses()} == {"sent"}
    assert len(world.channel.calls) == 3


def test_a_stop_does_not_wait_for_ever(outbox: AnyOutbox) -> None:
    world = World(outbox)
    world.channel.seconds = 40.0
    world.say("a")

    async def main() -> float:
        courier = world.courier()
        running = asyncio.create_task(courier.run())
        await asyncio.sleep(1)
        courier.stop()
        await running
        return moment()

    assert run(main) <= 30
    assert world.outbox.statuses() == [("leaving", "")], "whoever starts next applies the rule of the unknown outcome"


@pytest.mark.parametrize("texts", [("một",), ("một", "hai")], ids=["the only part", "one of two"])
def test_a_database_that_goes_away_while_a_part_is_under_way(outbox: AnyOutbox, texts: tuple[str, ...]) -> None:
    world = World(outbox)
    world.say("a", *texts)
    world.channel.seconds = 1.0

    async def meanwhile(courier: Courier) -> None:
        await asyncio.sleep(0.5)
        world.flaky.away = 5

    world.deliver(200, meanwhile)
    assert world.channel.texts("a") == list(texts)
    assert world.outbox.statuses() == [("sent", "")]


def test_a_database_that_is_away_at_the_start(outbox: AnyOutbox) -> None:
    world = World(outbox)
    world.say("a")
    world.flaky.away = 3
    world.deliver(30)
    assert world.channel.texts("a") == ["chào"]


def test_a_reply_that_cannot_be_made_ready_holds_up_nobody(outbox: AnyOutbox) -> None:
    def unfit(messages: Sequence[Message], abilities: Abilities) -> tuple[Part, ...]:
        if messages[0] == Text("hỏng"):
            raise LookupError
        return fitted(messages, abilities)

    world = World(outbox)
    world.fit = unfit
    world.say("a", "hỏng")
    world.say("a", "lành")
    world.deliver(30)
    assert world.outbox.statuses() == [("dead", "fault"), ("sent", "")]


def test_no_content_is_ever_logged(outbox: AnyOutbox, caplog: pytest.LogCaptureFixture) -> None:
    errors = [SendError("502", "retry"), SendError("401", "operator"), SendError("x", "retry", unknown=True)]
    world = World(outbox, *errors, KeyError("bí mật"), look_every=60)
    world.say("so-dien-thoai", "bí mật")
    with caplog.at_level(logging.DEBUG):
        world.deliver(2 * HOUR)
    assert "bí mật" not in caplog.text
    assert "so-dien-thoai" not in caplog.text


# ---- whatever happens ----

_errors = st.one_of(
    st.none(),
    st.builds(SendError, st.just("502"), st.just("retry")),
    st.builds(SendError, st.just("malformed"), st.just("drop")),
    st.builds(SendError, st.just("blocked"), st.just("unreachable")),
    st.builds(SendError, st.just("401"), st.just("operator")),
    st.builds(SendError, st.just("429"), st.just("retry"), after=st.floats(0, 100), everywhere=st.just(True)),
    st.builds(SendError, st.just("timeout"), st.just("retry"), unknown=st.just(True)),
    st.just(ValueError("fault")),
)


@pytest.mark.parametrize(("kind", "examples"), [("in memory", 60), ("stored", 5)])
def test_whatever_the_platform_does(kind: str, examples: int) -> None:
    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(_errors, max_size=25), st.lists(st.sampled_from("abc"), max_size=10), st.floats(0, 100))
    def check(outcomes: list[Exception | None], people: list[str], stopped_at: float) -> None:
        with TemporaryDirectory() as folder:
            if kind == "in memory":
                see_it_through(FakeOutbox(), outcomes, people, stopped_at)
                return
            with contextlib.closing(StoredOutbox(f"sqlite:///{folder}/outbox.db")) as outbox:
                see_it_through(outbox, outcomes, people, stopped_at)

    check()


def see_it_through(outbox: AnyOutbox, outcomes: list[Exception | None], people: list[str], stopped_at: float) -> None:
    world = World(outbox, *outcomes, look_every=1800)
    for number, person in enumerate(people):
        world.say(person, str(number), f"{number}'")
    world.deliver(stopped_at)
    assert all(status in ("sent", "dropped", "dead", "waiting") for status, _ in outbox.statuses())
    # the second run's clock begins anew
    outbox.hurry()
    world.deliver(30 * HOUR)

    for number, (person, (status, _)) in enumerate(zip(people, outbox.statuses(), strict=True)):
        assert status in ("sent", "dropped", "dead")
        assert status != "sent" or {str(number), f"{number}'"} <= set(world.channel.texts(person))
    unknown = sum(isinstance(each, ValueError) or getattr(each, "unknown", False) for each in outcomes)
    for person in "abc":
        seen = world.channel.texts(person)
        assert seen == sorted(seen, key=lambda text: (int(text.rstrip("'")), text)), "in order"
        assert len(seen) - len(set(seen)) <= unknown, "only what may have been lost is sent twice"
        assert all(seen.count(text) <= 2 for text in seen), "and that once"
