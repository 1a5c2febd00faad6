"""The report counts people, by task and by day of the city."""

from pathlib import Path

from bot.campaign.report import make_report
from tests.fakes import TASK, Clock, Talker, open_test_database, small_assistant

AGREED = ("xin chào", "Bắt đầu", "Làm", "Đồng ý")


def test_an_empty_database_counts_nothing(tmp_path: Path) -> None:
    report = make_report(open_test_database(tmp_path)).to_dict()
    nothing = {
        "started": 0,
        "completed": 0,
        "by_evidence": dict.fromkeys(("self", "helper", "trainer", "officer"), 0),
        "stuck": {},
    }
    assert report == {
        "tasks": dict.fromkeys((TASK, "social_security_account", "digital_citizen_app"), nothing),
        "days": {},
    }


def test_people_are_counted_by_task_evidence_and_day(tmp_path: Path) -> None:
    engine, clock = open_test_database(tmp_path), Clock()
    assistant = small_assistant(engine, clock)
    Talker(assistant, "xong").says(*AGREED, "xong", "xong", "Thấy rồi", "Làm", "Đồng ý", "xong", "xong", "Thấy rồi")
    Talker(assistant, "do dang").says(*AGREED, "xong")
    Talker(assistant, "khong cho dem").says("xin chào", "Bắt đầu", "Làm", "Không", "xong", "xong", "Thấy rồi")
    clock.move(hours=15)  # past midnight in the city, not yet in UTC
    Talker(assistant, "giup ma").says("xin chào", "Bắt đầu", "Làm cho má", "Đồng ý", "xong", "xong", "Thấy rồi")
    report = make_report(engine)
    whole = report.tasks[TASK]
    assert (whole.started, whole.completed, whole.by_evidence) == (3, 2, {"self": 1, "helper": 1})
    assert {day: (tasks[TASK].started, tasks[TASK].completed) for day, tasks in report.days.items()} == {
        "2026-11-21": (2, 1),
        "2026-11-22": (1, 1),
    }


def test_who_was_stuck_is_counted_at_the_step_once(tmp_path: Path) -> None:
    engine = open_test_database(tmp_path)
    assistant = small_assistant(engine)
    for name in ("a", "b"):
        Talker(assistant, name).says(*AGREED, "(label_stuck)", "(label_stuck)")
    assert make_report(engine).tasks[TASK].stuck == {"viec.cai_dat": 2}
