"""The circuit breaker, with a clock one can move."""

import logging

import pytest

from bot.nlu.circuit import FAILURES, PAUSE, Circuit


class Seconds:
    """Tells seconds that pass when told to."""

    def __init__(self) -> None:
        self.passed = 1000.0

    def __call__(self) -> float:
        return self.passed


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def circuit(seconds: Seconds) -> Circuit:
    return Circuit("it", seconds)


def fail(circuit: Circuit, times: int = FAILURES) -> None:
    for _ in range(times):
        circuit.failed("no answer")


def test_it_opens_after_failures_in_a_row_only(circuit: Circuit) -> None:
    fail(circuit, FAILURES - 1)
    circuit.succeeded()
    fail(circuit, FAILURES - 1)
    assert circuit.admits()
    fail(circuit, 1)
    assert not circuit.admits()


def test_one_probe_in_each_pause(circuit: Circuit, seconds: Seconds) -> None:
    fail(circuit)
    for _ in range(3):
        seconds.passed += PAUSE - 1
        assert not circuit.admits()
        seconds.passed += 1
        assert [circuit.admits(), circuit.admits()] == [True, False]
        circuit.failed("no answer")


def test_a_probe_that_never_reports_does_not_end_the_probing(circuit: Circuit, seconds: Seconds) -> None:
    fail(circuit)
    seconds.passed += PAUSE
    assert circuit.admits()
    seconds.passed += PAUSE
    assert circuit.admits()


def test_a_probe_that_succeeds_closes_it_for_everyone(circuit: Circuit, seconds: Seconds) -> None:
    fail(circuit)
    seconds.passed += PAUSE
    assert circuit.admits()
    circuit.succeeded()
    fail(circuit, FAILURES - 1)
    assert [circuit.admits(), circuit.admits()] == [True, True]


def test_one_line_when_it_opens_and_one_when_it_closes(
    circuit: Circuit, seconds: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    circuit.succeeded()
    fail(circuit, 3 * FAILURES)
    seconds.passed += PAUSE
    circuit.admits()
    circuit.failed("no answer")
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "it failed 5 times in a row (no answer)" in caplog.text
    circuit.succeeded()
    circuit.succeeded()
    assert [record.levelname for record in caplog.records] == ["ERROR", "WARNING"]
    assert "it answers again" in caplog.text
