"""Requests by other ways than the chat: their days by law and by Vietnam's holidays, and nothing that names anybody."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.requests import (
    TERMS,
    Case,
    RequestError,
    acknowledge,
    add_case,
    all_cases,
    close,
    extend,
    open_cases,
    working_day,
)
from bot.store.store import Store
from tests.fakes import Clock


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-17", 2, "2026-11-19"),
        ("2026-11-20", 1, "2026-11-23"),
        # the last working day before Tết of 2026 and of 2027
        ("2026-02-13", 2, "2026-02-24"),
        ("2027-02-03", 2, "2027-02-12"),
        # National Day, Hung Kings' Day moved off a Sunday, and the turn of a year
        ("2026-08-28", 1, "2026-09-03"),
        ("2026-04-24", 1, "2026-04-28"),
        ("2026-12-31", 1, "2027-01-04"),
    ],
)
def test_working_days_follow_the_holidays(start: str, count: int, end: str) -> None:
    assert working_day(day(start), count) == day(end)


@pytest.mark.parametrize(
    ("kind", "third_party", "extended", "days"),
    [
        ("see", False, False, 10), ("correct", True, False, 15), ("copy", False, True, 20),
        ("withdraw", False, False, 15), ("restrict", True, False, 20), ("object", False, True, 30),
        ("delete", False, False, 20), ("delete", True, False, 30), ("delete", True, True, 50),
        ("protect", True, False, 15),
    ],
)  # fmt: skip
def test_each_right_has_the_days_of_the_law(kind: str, third_party: bool, extended: bool, days: int) -> None:
    case = Case("HS-1", kind, "letter", day("2026-11-02"), third_party, extended=extended)
    assert (case.due - case.received_on).days == days


@pytest.mark.parametrize(
    ("today", "acknowledged", "alarm"),
    [
        ("2026-11-02", False, "in time"),
        ("2026-11-04", False, "in time"),
        ("2026-11-05", False, "unacknowledged"),
        ("2026-11-06", True, "in time"),
        ("2026-11-07", True, "50%"),
        ("2026-11-10", True, "80%"),
        ("2026-11-12", True, "80%"),
        ("2026-11-13", True, "overdue"),
        ("2026-11-13", False, "overdue"),
    ],
)
def test_a_request_rings_at_half_and_at_four_fifths_of_its_days(today: str, acknowledged: bool, alarm: str) -> None:
    case = Case("HS-1", "see", "letter", day("2026-11-02"), acknowledged_on=day("2026-11-03") if acknowledged else None)
    assert case.alarm(day(today)) == alarm
    assert replace(case, closed_at=dt.datetime.now(dt.UTC)).alarm(day(today)) == "closed"


def test_a_case_goes_its_way_and_what_is_due_first_stands_first(store: Store, clock: Clock) -> None:
    slow = add_case(store.engine, Case("HS-1/2026", "delete", "letter", day("2026-11-02")))
    soon = add_case(store.engine, Case("HS-2/2026", "see", "phone", day("2026-11-05"), note="hẹn trả tại quầy"))
    assert [case.id for case in open_cases(store.engine)] == [soon, slow]
    acknowledge(store.engine, soon, day("2026-11-06"))
    extend(store.engine, soon)
    with pytest.raises(RequestError, match="một lần"):
        extend(store.engine, soon)
    close(store.engine, soon, result="done", note="đã trả bản in", now=clock())
    with pytest.raises(RequestError, match="đóng rồi"):
        close(store.engine, soon, result="done", note="", now=clock())
    assert [case.id for case in open_cases(store.engine)] == [slow]
    closed = all_cases(store.engine)[1]
    assert (closed.result, closed.note, closed.extended) == ("done", "hẹn trả tại quầy\nđã trả bản in", True)
    with pytest.raises(RequestError, match="không có yêu cầu số 99"):
        acknowledge(store.engine, 99, day("2026-11-06"))


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        ("079201012345", ""),
        ("HS 0907 770 123", ""),
        ("HS-1", "căn cước 079201012345"),
        ("HS-1", "gọi lại số 0907.770.123"),
        ("HS-1", "mã OTP là 482913"),
        ("HS-1; DROP TABLE", ""),
        ("", ""),
    ],
)
def test_nothing_that_names_anybody_is_written_down(store: Store, reference: str, note: str) -> None:
    with pytest.raises(RequestError):
        add_case(store.engine, Case(reference, "see", "letter", day("2026-11-02"), note=note))
    assert all_cases(store.engine) == []


def test_the_officer_works_from_the_command_line(tmp_path: Path) -> None:
    database = ["--db", f"sqlite:///{tmp_path / 'test.db'}"]
    run = CliRunner()
    added = run.invoke(app, ["requests", "add", "HS-7/2026", "--kind", "delete", "--route", "letter",
                             "--received", "2026-11-02", *database])  # fmt: skip
    assert "hạn: 2026-11-22, dài nhất 2026-12-12" in added.output
    assert "HS-7/2026" in run.invoke(app, ["requests", "list", *database]).output
    assert run.invoke(app, ["requests", "close", "1", "--result", "done", *database]).exit_code == 0
    assert "HS-7/2026" not in run.invoke(app, ["requests", "list", *database]).output
    assert "kết quả: done" in run.invoke(app, ["requests", "show", "1", *database]).output
    assert run.invoke(app, ["requests", "add", "HS-8", "--kind", "sell", "--route", "letter", *database]).exit_code == 2


def test_every_right_has_its_days() -> None:
    assert all(0 < term.alone <= term.with_third_party for term in TERMS.values())
