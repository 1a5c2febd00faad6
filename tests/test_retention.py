"""What is past its time goes, on the day."""

import datetime as dt
from pathlib import Path

from bot.bootstrap import utc_now
from bot.retention import LIVE_SESSION, sweep
from bot.store.chats import Chats
from tests.fakes import Clock, Talker, open_test_database, small_assistant


def test_a_session_nobody_agreed_to_keep_goes_after_a_day_and_a_kept_one_stays(tmp_path: Path) -> None:
    engine, clock = open_test_database(tmp_path), Clock()
    assistant, chats = small_assistant(engine, clock), Chats(engine)
    Talker(assistant, "giu").says("xin chào", "Bắt đầu", "Làm", "Đồng ý")
    Talker(assistant, "khong giu").says("xin chào", "Bắt đầu", "Làm", "Không")
    assert sweep(chats, now=clock() + LIVE_SESSION) == 0
    assert sweep(chats, now=clock() + LIVE_SESSION + dt.timedelta(seconds=1)) == 1
    assert Talker(assistant, "giu").says("xong") == ["Bước 2/2: Mở\nMở app nha."]
    assert Talker(assistant, "khong giu").says("xong") == ["Xin chào."]


def test_a_database_that_is_away_stops_nothing(tmp_path: Path) -> None:
    engine = open_test_database(tmp_path)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE conversation")
    assert sweep(Chats(engine), now=utc_now()) == 0
