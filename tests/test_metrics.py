"""Figures as Prometheus reads them: by real HTTP, on this machine only."""

import contextlib
import socket
from collections.abc import Collection, Iterator

import httpx
import pytest

from bot.metrics import Flowing, Metrics, Standing, serving
from bot.settings import SettingsError


@contextlib.contextmanager
def taken_port() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@pytest.fixture
def free_port() -> int:
    with taken_port() as port:
        return port


def read(metrics: Metrics, port: int) -> dict[str, float]:
    """The figures a visit sees: name with labels -> value."""
    with serving(metrics, port):
        text = httpx.get(f"http://127.0.0.1:{port}/metrics").raise_for_status().text
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def test_what_happened_is_counted(free_port: int) -> None:
    metrics = Metrics()
    metrics.received("telegram", "text")
    metrics.received("telegram", "text")
    metrics.refused("zalo_oa", "signature")
    metrics.acknowledged("zalo_oa", 0.004)
    metrics.turn("telegram", 0.02)
    metrics.parsed(0.0004)
    metrics.sent("telegram", "sent", 0.2)
    metrics.put_off("telegram", "network")
    metrics.buried("telegram", "unknown")
    metrics.dropped("zalo_oa", "window")

    figures = read(metrics, free_port)

    expected = {
        'gocua_messages_total{channel="telegram",kind="text"}': 2,
        'gocua_refused_total{channel="zalo_oa",reason="signature"}': 1,
        'gocua_acknowledgement_seconds_count{channel="zalo_oa"}': 1,
        'gocua_turn_seconds_sum{channel="telegram"}': 0.02,
        'gocua_parse_seconds_bucket{le="0.0005"}': 1,
        'gocua_sends_total{channel="telegram",outcome="sent"}': 1,
        'gocua_send_seconds_count{channel="telegram"}': 1,
        'gocua_retries_total{channel="telegram",reason="network"}': 1,
        'gocua_dead_letters_total{channel="telegram",reason="unknown"}': 1,
        'gocua_dropped_total{channel="zalo_oa",reason="window"}': 1,
    }
    assert {name: figures.get(name) for name in expected} == expected


def test_how_the_channels_stand_is_asked_each_time(free_port: int) -> None:
    metrics, standings = Metrics(), [Standing("telegram", waiting=3, oldest=1.5, dead=0, people=12)]
    metrics.watch(lambda: standings)
    assert read(metrics, free_port)['gocua_outbox_oldest_seconds{channel="telegram"}'] == 1.5
    standings[0] = Standing("telegram", waiting=0, oldest=0, dead=2, people=12)
    figures = read(metrics, free_port)
    gauges = ("outbox_waiting", "outbox_dead", "people")
    assert [figures[f'gocua_{name}{{channel="telegram"}}'] for name in gauges] == [0, 2, 12]


def test_a_database_that_is_away_does_not_hide_the_rest(free_port: int) -> None:
    def away() -> Collection[Standing]:
        raise ConnectionError

    metrics = Metrics()
    metrics.watch(away)
    metrics.parsed(0.0001)
    figures = read(metrics, free_port)
    assert figures["gocua_parse_seconds_count"] == 1
    assert not any("outbox" in name for name in figures)


def test_what_waits_to_be_told_elsewhere_is_asked_each_time(free_port: int) -> None:
    metrics, flows = Metrics(), [Flowing("webhook", waiting=3, oldest=7.5, dead=1)]
    metrics.watch_flows(lambda: flows)
    names = ("waiting", "oldest_seconds", "dead")
    figures = read(metrics, free_port)
    assert [figures[f'gocua_flow_{name}{{flow="webhook"}}'] for name in names] == [3, 7.5, 1]
    flows.clear()
    assert not any("flow" in name for name in read(metrics, free_port))


def test_nothing_is_served_where_nobody_wants_it() -> None:
    with serving(Metrics(), 0):
        pass


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with (
        taken_port() as port,
        pytest.raises(SettingsError, match=f"GOCUA_METRICS_PORT: cổng {port} không mở được"),
        serving(Metrics(), port),
    ):
        pytest.fail("served on a port somebody else has")


def test_two_bots_in_one_process_count_apart() -> None:
    one, other = Metrics(), Metrics()
    one.parsed(0.1)
    assert one.registry.get_sample_value("gocua_parse_seconds_count") == 1
    assert other.registry.get_sample_value("gocua_parse_seconds_count") == 0
