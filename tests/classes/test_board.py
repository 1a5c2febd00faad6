"""The board: who is how far, who asks for help, how much time is left; and that it names nobody."""

from dataclasses import asdict

from tests.classes.hall import Hall
from tests.fakes import Clock


def test_a_class_that_has_not_begun_waits(hall: Hall) -> None:
    board = hall.board
    assert (board.now, board.part, board.seats, board.done, board.help) == (-1, None, 0, 0, ())
    assert board.following is not None
    assert board.following.title == "Chào"
    assert (board.part_left, board.lesson_left) == (0, 30)


def test_seats_are_counted_by_how_far_they_are(hall: Hall) -> None:
    for who in "abcd":
        hall.says(who, hall.code)
    hall.tap("open", "cai")
    hall.says("a", "xong")
    hall.says("d", "gặp người")
    board = hall.board
    assert (board.seats, board.here, board.done) == (4, 3, 1)
    assert [(each.step, each.seats, each.is_now) for each in board.standing] == [
        ("Bước 1: Cài", 3, True),
        ("Bước 2: Mở", 1, False),
    ]


def test_the_clock_of_part_and_lesson_runs_and_runs_over(hall: Hall, clock: Clock) -> None:
    hall.tap("open", "chao")
    clock.move(minutes=4)
    hall.tap("open", "cai")
    clock.move(minutes=12, seconds=30)
    assert (hall.board.part_left, hall.board.lesson_left) == (-2, 14)


def test_who_finished_the_journey_counts_as_done(hall: Hall) -> None:
    hall.says("a", hall.code)
    hall.tap("open", "mo")
    hall.says("a", "xong")
    hall.presses("a", "Thấy rồi")
    hall.tap("open", "cai")
    assert (hall.board.done, hall.places()) == (1, ["menu.chon"])


def test_a_chat_that_was_erased_is_an_empty_seat(hall: Hall) -> None:
    hall.says("a", hall.code)
    hall.tap("open", "cai")
    hall.says("a", "xoá hết")
    assert hall.board.seats == 1
    hall.presses("a", "Xoá")
    assert hall.board.seats == 0


def test_nothing_on_the_board_is_a_person(hall: Hall) -> None:
    hall.says("co-ba-o-tang-tret", hall.code)
    hall.tap("open", "cai")
    hall.says("co-ba-o-tang-tret", "tôi tên Lan, nhà ở hẻm 5")
    shown = str(asdict(hall.board))
    assert not any(word in shown for word in ("co-ba", "Lan", "hẻm", "pushed"))
