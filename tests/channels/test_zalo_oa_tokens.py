"""The Official Account's tokens against the stand-in's OAuth: renewed in time, once, stored first, never in a loop."""

import asyncio
import datetime as dt
import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx
import pytest

from bot.channels.channel import SendError
from bot.channels.http import Answer, HttpClient
from bot.channels.zalo_oa_tokens import AGAIN, GrantError, Grants, TokenPair, Tokens
from tests.channels.answering import Answering, always
from tests.channels.token_shelf import TokenShelf
from tests.channels.zalo_rigs import oa_account, reader_of
from tests.stand_ins.clocks import MovableClock
from tests.stand_ins.control import Control
from tests.stand_ins.zalo_oa.app import zalo_oa_served

pytestmark = pytest.mark.anyio

HOUR = 3600.0


@dataclass(slots=True)
class Rig:
    """Somebody logged in at the stand-in; ``another`` is a second process with the same store."""

    address: str
    control: Control
    clock: MovableClock
    store: TokenShelf

    @property
    def now(self) -> Callable[[], dt.datetime]:
        return reader_of(self.clock)

    def another(self, client: HttpClient, address: str = "") -> Tokens:
        return Tokens(Grants(oa_account(address or self.address), client, self.now), self.store, self.now)

    def works(self, token: str) -> bool:
        headers = {"access_token": token}
        return bool(httpx.get(f"{self.address}/v2.0/oa/getoa", headers=headers, trust_env=False).json()["error"] == 0)


@pytest.fixture
def rig() -> Iterator[Rig]:
    clock = MovableClock()
    with zalo_oa_served(clock=clock) as address:
        control = Control(address)
        given, now = control.post("tokens"), reader_of(clock)()
        pair = TokenPair(given["access"], given["refresh"], now, now + dt.timedelta(hours=25))
        yield Rig(address, control, clock, TokenShelf(pair))
        control.close()


def alarms(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


async def test_a_young_pair_is_given_out_as_it_is(rig: Rig) -> None:
    async with HttpClient(trust_env=False) as client:
        assert await rig.another(client).access() == rig.store.kept[0].access
    assert len(rig.store.kept) == 1


async def test_a_pair_is_renewed_hours_ahead(rig: Rig) -> None:
    async with HttpClient(trust_env=False) as client:
        tokens = rig.another(client)
        rig.clock.move(20 * HOUR)
        token = await tokens.access()
    assert (token, rig.works(token)) == (rig.store.kept[1].access, True)
    assert rig.store.kept[1].expires_at - rig.store.kept[1].obtained_at == dt.timedelta(hours=25)


async def test_many_who_ask_at_once_get_one_renewal(rig: Rig) -> None:
    async with HttpClient(trust_env=False) as client:
        first, second = rig.another(client), rig.another(client)
        rig.clock.move(20 * HOUR)
        given = await asyncio.gather(*(tokens.access() for tokens in (first, second) for _ in range(10)))
    assert set(given) == {rig.store.kept[1].access}
    assert len(rig.store.kept) == 2


async def test_what_another_process_renewed_is_taken_over(rig: Rig) -> None:
    async with HttpClient(trust_env=False) as client:
        ours, theirs = rig.another(client), rig.another(client)
        old = await ours.access()
        new = await theirs.renew(await theirs.access())
        assert await ours.renew(old) == new
    assert len(rig.store.kept) == 2


async def test_a_pair_that_cannot_be_saved_is_not_used_and_not_lost(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    async with HttpClient(trust_env=False) as client:
        tokens = rig.another(client)
        rig.store.broken = True
        with pytest.raises(SendError) as caught:
            await tokens.renew(rig.store.kept[0].access)
        assert (caught.value.reason, caught.value.fate) == ("token_store", "operator")
        rig.store.broken = False
        # the platform has killed the old pair; the new one was kept in memory all the while
        assert rig.works(await tokens.renew(rig.store.kept[0].access))
    assert len(alarms(caplog)) == 1


async def test_whoever_gives_up_waiting_loses_no_pair(rig: Rig) -> None:
    asked, go_on = asyncio.Event(), asyncio.Event()

    async def answer() -> Answer:
        if asked.is_set():
            return Answer(200, b'{"error": -14014}')
        # the platform has spent the old pair by now
        asked.set()
        await go_on.wait()
        return Answer(200, b'{"access_token": "new", "refresh_token": "next", "expires_in": "90000"}')

    async with Answering(answer) as client:
        tokens = rig.another(client)
        waiting = asyncio.create_task(tokens.renew(rig.store.kept[0].access))
        await asked.wait()
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        go_on.set()
        assert await tokens.renew(rig.store.kept[0].access) == "new"
    assert [pair.access for pair in rig.store.kept[1:]] == ["new"]


async def test_a_spent_refresh_token_alarms_once_and_is_tried_once(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.control.post("revoke")
    async with HttpClient(trust_env=False) as client:
        tokens = rig.another(client)
        for _ in range(5):
            with pytest.raises(SendError) as caught:
                await tokens.renew(rig.store.kept[0].access)
            assert caught.value.fate == "operator"
            rig.clock.move(AGAIN.total_seconds() + 1)
    assert len(alarms(caplog)) == 1
    assert rig.store.kept[0].refresh not in caplog.text


async def test_while_a_renewal_fails_the_old_pair_serves_its_last_hours(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    async with HttpClient(trust_env=False) as client:
        tokens = rig.another(client, "http://127.0.0.1:1")
        rig.clock.move(20 * HOUR)
        for _ in range(3):
            assert await tokens.access() == rig.store.kept[0].access
        assert len(alarms(caplog)) == 1
        rig.clock.move(AGAIN.total_seconds() + 1)
        assert await tokens.access() == rig.store.kept[0].access
        assert len(alarms(caplog)) == 2
        rig.clock.move(5 * HOUR)
        with pytest.raises(SendError):
            await tokens.access()


@pytest.mark.parametrize("kind", ["gateway", "half", "down"])
async def test_the_network_fails_a_renewal_for_a_while_only(rig: Rig, kind: str) -> None:
    rig.control.post("trouble", kind=kind, path="/access_token")
    async with HttpClient(trust_env=False) as client:
        tokens = rig.another(client)
        with pytest.raises(SendError):
            await tokens.renew(rig.store.kept[0].access)
        rig.clock.move(AGAIN.total_seconds() + 1)
        if kind == "half":
            # the platform had spent the old pair, and its answer is lost: only a person can help
            with pytest.raises(SendError):
                await tokens.renew(rig.store.kept[0].access)
        else:
            assert rig.works(await tokens.renew(rig.store.kept[0].access))


async def test_without_a_pair_the_operator_is_told(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    rig.store.kept.clear()
    async with HttpClient(trust_env=False) as client:
        with pytest.raises(SendError) as caught:
            await rig.another(client).access()
    assert (caught.value.reason, "gocua zalo login" in alarms(caplog)[0]) == ("no_token", True)


async def test_a_pair_nobody_uses_is_kept_alive(rig: Rig) -> None:
    days: list[float] = []

    async def sleep(seconds: float) -> None:
        rig.clock.move(seconds)
        days.append(seconds)
        if sum(days) > 100 * 24 * HOUR:
            raise asyncio.CancelledError

    async with HttpClient(trust_env=False) as client:
        with pytest.raises(asyncio.CancelledError):
            await rig.another(client).keep(sleep)
        assert rig.works(rig.store.kept[-1].access)


@pytest.mark.parametrize("given", ["90000", 90000, "soon", None, -1])
async def test_the_life_of_a_pair_is_told_in_any_way(given: object) -> None:
    body = {"access_token": "a", "refresh_token": "r", "expires_in": given}
    now = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
    async with always(Answer(200, json.dumps(body).encode())) as client:
        pair = await Grants(oa_account("http://127.0.0.1"), client, lambda: now).refresh("r")
    assert pair.expires_at == now + dt.timedelta(hours=25)
    assert "'a'" not in repr(pair)


@pytest.mark.parametrize(
    ("answer", "final"),
    [
        (Answer(200, b'{"error": -14014, "error_name": "Invalid refresh token"}'), True),
        (Answer(200, b'{"access_token": "", "refresh_token": "r"}'), True),
        (Answer(200, b'{"access_token": 7, "refresh_token": "r"}'), True),
        (Answer(200, b"<html></html>"), False),
        (Answer(503, b'{"access_token": "a", "refresh_token": "r"}'), False),
    ],
)
async def test_only_a_token_is_a_success(answer: Answer, final: bool) -> None:
    async with always(answer) as client:
        grants = Grants(oa_account("http://127.0.0.1"), client, lambda: dt.datetime.now(dt.UTC))
        with pytest.raises(GrantError) as caught:
            await grants.refresh("r")
    assert caught.value.final == final
