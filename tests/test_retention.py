"""What is past its time goes, on the day."""

import datetime as dt
from pathlib import Path

from bot.bootstrap import utc_now
from bot.retention import LIVE_SESSION, sweep
from tests.fakes import Clock, Talker, open_test_store, small_worker


def test_a_session_nobody_agreed_to_keep_goes_after_a_day_and_a_kept_one_stays(tmp_path: Path) -> None:
    clock = Clock()
    store = open_test_store(tmp_path, clock)
    worker = small_worker(store)
    Talker(worker, "giu").says("xin chào", "Bắt đầu", "Làm", "Đồng ý")
    Talker(worker, "khong giu").says("xin chào", "Bắt đầu", "Làm", "Không")
    assert sweep(store.engine, now=clock() + LIVE_SESSION) == 0
    assert sweep(store.engine, now=clock() + LIVE_SESSION + dt.timedelta(seconds=1)) == 1
    assert Talker(worker, "giu").says("xong") == ["Bước 2/2: Mở\nMở app nha."]
    assert Talker(worker, "khong giu").says("xong") == ["Xin chào."]


def test_a_database_that_is_away_stops_nothing(tmp_path: Path) -> None:
    engine = open_test_store(tmp_path).engine
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE conversation")
    assert sweep(engine, now=utc_now()) == 0
