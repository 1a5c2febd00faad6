"""The report counts people, by task and by day of the city."""

from pathlib import Path

from bot.campaign.report import make_report
from tests.fakes import TASK, Clock, Talker, open_test_store, small_worker

AGREED = ("xin chào", "Bắt đầu", "Làm", "Đồng ý")


def test_an_empty_database_counts_nothing(tmp_path: Path) -> None:
    report = make_report(open_test_store(tmp_path).engine).to_dict()
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
    clock = Clock()
    store = open_test_store(tmp_path, clock)
    worker = small_worker(store)
    Talker(worker, "xong").says(*AGREED, "xong", "xong", "Thấy rồi", "Làm", "Đồng ý", "xong", "xong", "Thấy rồi")
    Talker(worker, "do dang").says(*AGREED, "xong")
    Talker(worker, "khong cho dem").says("xin chào", "Bắt đầu", "Làm", "Không", "xong", "xong", "Thấy rồi")
    clock.move(hours=15)  # past midnight in the city, not yet in UTC
    Talker(worker, "giup ma").says("xin chào", "Bắt đầu", "Làm cho má", "Đồng ý", "xong", "xong", "Thấy rồi")
    report = make_report(store.engine)
    whole = report.tasks[TASK]
    assert (whole.started, whole.completed, whole.by_evidence) == (3, 2, {"self": 1, "helper": 1})
    assert {day: (tasks[TASK].started, tasks[TASK].completed) for day, tasks in report.days.items()} == {
        "2026-11-21": (2, 1),
        "2026-11-22": (1, 1),
    }


def test_who_was_stuck_is_counted_at_the_step_once(tmp_path: Path) -> None:
    store = open_test_store(tmp_path)
    worker = small_worker(store)
    for name in ("a", "b"):
        Talker(worker, name).says(*AGREED, "(label_stuck)", "(label_stuck)")
    assert make_report(store.engine).tasks[TASK].stuck == {"viec.cai_dat": 2}
