"""What an operator's graphs show: counts and seconds for Prometheus, on a port of their own; never a text or an id.

Every label is one of a few words of the code: a channel, a kind, an outcome, a reason.
"""

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.settings import SettingsError

# seconds; a turn takes a few milliseconds, a slow disk or a queue a second
_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0)
_PARSING = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25)

# loopback: whoever watches from elsewhere does so by a tunnel or an agent on this machine (T66)
_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a channel stands now. ``oldest`` is the age in seconds of the reply that waits longest."""

    channel: str
    waiting: int
    oldest: float
    dead: int
    people: int


@dataclass(frozen=True, slots=True)
class Flowing:
    """What still has to be told elsewhere. ``flow``: database, webhook; ``oldest`` is an age in seconds."""

    flow: str
    waiting: int
    oldest: float
    dead: int


class Metrics:
    """The figures of one process, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._received = self._counter("gocua_messages", "Messages that came in.", "channel", "kind")
        self._refused = self._counter("gocua_refused", "Posts that were not a platform's.", "channel", "reason")
        self._acknowledged = self._seconds("gocua_acknowledgement_seconds", "Until a webhook was answered.", "channel")
        self._turns = self._seconds("gocua_turn_seconds", "From a message to its committed turn.", "channel")
        self._parsing = self._seconds("gocua_parse_seconds", "To understand one text.", buckets=_PARSING)
        self._sends = self._counter("gocua_sends", "Attempts to hand a part over.", "channel", "outcome")
        self._sending = self._seconds("gocua_send_seconds", "Until a platform took one part.", "channel")
        self._retries = self._counter("gocua_retries", "Replies put off to be tried again.", "channel", "reason")
        self._dead = self._counter("gocua_dead_letters", "Replies given up.", "channel", "reason")
        self._dropped = self._counter("gocua_dropped", "Replies nobody can or must be sent.", "channel", "reason")

    def received(self, channel: str, kind: str) -> None:
        """``kind``: text, button, opened, media, or what else an entrance tells apart."""
        self._received.labels(channel, kind).inc()

    def refused(self, channel: str, reason: str) -> None:
        self._refused.labels(channel, reason).inc()

    def acknowledged(self, channel: str, seconds: float) -> None:
        self._acknowledged.labels(channel).observe(seconds)

    def turn(self, channel: str, seconds: float) -> None:
        self._turns.labels(channel).observe(seconds)

    def parsed(self, seconds: float) -> None:
        self._parsing.observe(seconds)

    def sent(self, channel: str, outcome: str, seconds: float) -> None:
        """``outcome``: sent, retry, drop, operator, unknown."""
        self._sends.labels(channel, outcome).inc()
        self._sending.labels(channel).observe(seconds)

    def put_off(self, channel: str, reason: str) -> None:
        self._retries.labels(channel, reason).inc()

    def buried(self, channel: str, reason: str) -> None:
        self._dead.labels(channel, reason).inc()

    def dropped(self, channel: str, reason: str) -> None:
        self._dropped.labels(channel, reason).inc()

    def watch(self, look: Callable[[], Collection[Standing]]) -> None:
        """Ask how the channels stand each time the figures are read; a look that fails leaves its figures out."""
        self.registry.register(_Standings(look))

    def watch_sweep(self, look: Callable[[], float]) -> None:
        """Ask how many seconds ago the last sweep ended; nothing where none ever did."""
        self.registry.register(_Sweep(look))

    def watch_flows(self, look: Callable[[], Collection[Flowing]]) -> None:
        """Ask how much still has to be told to the campaign's database and to the webhook."""
        self.registry.register(_Flows(look))

    def _counter(self, name: str, help: str, *labels: str) -> Counter:
        return Counter(name, help, labels, registry=self.registry)

    def _seconds(self, name: str, help: str, *labels: str, buckets: tuple[float, ...] = _QUICK) -> Histogram:
        return Histogram(name, help, labels, buckets=buckets, registry=self.registry)


class _Standings(Collector):
    """Gauges that are true at the moment they are read."""

    def __init__(self, look: Callable[[], Collection[Standing]]) -> None:
        self._look = look

    def describe(self) -> Iterable[Metric]:
        # names are told without a look: nothing may be asked before somebody reads
        return _gauges(())

    def collect(self) -> Iterable[Metric]:
        try:
            standings = self._look()
        except Exception:  # a database that is away must not hide the other figures
            return []
        return _gauges(standings)


class _Sweep(Collector):
    """The age of the last sweep; left out where the look fails."""

    def __init__(self, look: Callable[[], float]) -> None:
        self._look = look

    def describe(self) -> Iterable[Metric]:
        return [_sweep_age()]

    def collect(self) -> Iterable[Metric]:
        age = _sweep_age()
        try:
            age.add_metric([], self._look())
        except Exception:  # a database that is away must not hide the other figures
            return []
        return [age]


class _Flows(Collector):
    """What waits to be told elsewhere; left out where the look fails."""

    def __init__(self, look: Callable[[], Collection[Flowing]]) -> None:
        self._look = look

    def describe(self) -> Iterable[Metric]:
        return _flow_gauges(())

    def collect(self) -> Iterable[Metric]:
        try:
            flows = self._look()
        except Exception:  # a database that is away must not hide the other figures
            return []
        return _flow_gauges(flows)


def _flow_gauges(flows: Collection[Flowing]) -> list[Metric]:
    waiting = _gauge("gocua_flow_waiting", "Changes not told yet to the campaign's database or webhook.", "flow")
    oldest = _gauge("gocua_flow_oldest_seconds", "Age of the change that waits longest; alarm at an hour.", "flow")
    dead = _gauge("gocua_flow_dead", "Changes the webhook did not take and that were given up.", "flow")
    for each in flows:
        waiting.add_metric([each.flow], each.waiting)
        oldest.add_metric([each.flow], each.oldest)
        dead.add_metric([each.flow], each.dead)
    return [waiting, oldest, dead]


def _sweep_age() -> GaugeMetricFamily:
    return GaugeMetricFamily(
        "gocua_sweep_age_seconds", "Since what is past its time was erased; alarm at 26 hours.", labels=[]
    )


def _gauges(standings: Collection[Standing]) -> list[Metric]:
    waiting = _gauge("gocua_outbox_waiting", "Replies that wait to be handed over.")
    oldest = _gauge("gocua_outbox_oldest_seconds", "Age of the reply that waits longest.")
    dead = _gauge("gocua_outbox_dead", "Dead letters an operator has not looked at.")
    people = _gauge("gocua_people", "People known on the channel.")
    for each in standings:
        waiting.add_metric([each.channel], each.waiting)
        oldest.add_metric([each.channel], each.oldest)
        dead.add_metric([each.channel], each.dead)
        people.add_metric([each.channel], each.people)
    return [waiting, oldest, dead, people]


def _gauge(name: str, help: str, label: str = "channel") -> GaugeMetricFamily:
    return GaugeMetricFamily(name, help, labels=[label])


@contextlib.contextmanager
def serving(metrics: Metrics, port: int) -> Iterator[None]:
    """Serves the figures on this machine only while the block runs; port 0: not at all. Raises ``SettingsError``."""
    if not port:
        yield
        return
    try:
        server, thread = start_http_server(port, _HOST, metrics.registry)
    except OSError as error:
        raise SettingsError(
            f"GOCUA_METRICS_PORT: cổng {port} không mở được ({error.strerror}). Chọn số khác, hoặc bỏ trống để tắt."
        ) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
