"""The spool keeps what was acknowledged, in its order, whatever was cut off."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.database import StoreError
from bot.store.inbox import Sealed
from bot.store.spool import Spool, SpoolError
from tests.fakes import fixed_keyring


def sealed(number: int) -> Sealed:
    return Sealed(f"khoá {number}", "1.ai", "zalo_oa", f"1.thư {number}", "2026-11-21T03:00:00.000000+00:00")


def drained(spool: Spool) -> list[Sealed]:
    taken: list[Sealed] = []
    spool.drain(taken.extend)
    return taken


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", fixed_keyring())


def test_what_is_put_comes_out_once_in_its_order(spool: Spool) -> None:
    assert spool.is_empty
    for start in (0, 3, 4):
        spool.append([sealed(number) for number in range(start, start + 2 if start else 3)])
    assert drained(spool) == [sealed(number) for number in (0, 1, 2, 3, 4, 4, 5)]
    assert spool.is_empty
    assert drained(spool) == []


def test_nothing_can_be_read_in_the_files(spool: Spool, tmp_path: Path) -> None:
    spool.append([sealed(1)])
    stored = b"".join(path.read_bytes() for path in (tmp_path / "spool").iterdir())
    assert stored
    assert b"zalo" not in stored
    assert "thư".encode() not in stored


def test_what_the_database_refuses_stays_for_the_next_time(spool: Spool) -> None:
    spool.append([sealed(1), sealed(2)])

    def refuse(messages: Sequence[Sealed]) -> None:
        raise StoreError("away")

    for _ in range(2):
        with pytest.raises(StoreError):
            spool.drain(refuse)
    spool.append([sealed(3)])
    assert drained(spool) == [sealed(1), sealed(2), sealed(3)]


def test_more_than_one_transaction_holds_is_handed_over_in_pieces(spool: Spool) -> None:
    spool.append([sealed(number) for number in range(1_201)])
    sizes: list[int] = []
    assert spool.drain(lambda messages: sizes.append(len(messages))) == 1_201
    assert sizes == [500, 500, 201]


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_crash_while_writing_takes_only_what_was_not_acknowledged(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    spool = Spool(folder, fixed_keyring())
    spool.append([sealed(1), sealed(2)])
    kept = (folder / "messages").stat().st_size
    spool.append([sealed(3), sealed(4)])
    whole = (folder / "messages").read_bytes()
    cut = data.draw(st.integers(kept, len(whole)))
    (folder / "messages").write_bytes(whole[:cut])
    after = Spool(folder, fixed_keyring())
    after.append([sealed(5)])
    taken = drained(after)
    assert taken[:2] + taken[-1:] == [sealed(1), sealed(2), sealed(5)]
    # of the torn piece only whole lines, in their order
    assert taken[2:-1] in ([], [sealed(3)], [sealed(3), sealed(4)])


def test_processes_that_share_the_folder_lose_nothing(tmp_path: Path) -> None:
    spools = [Spool(tmp_path, fixed_keyring()) for _ in range(4)]
    taken: list[Sealed] = []

    def write(which: int) -> None:
        for number in range(25):
            spools[which].append([sealed(which * 100 + number)])
            if number % 10 == 9:
                spools[which].drain(taken.extend)

    threads = [threading.Thread(target=write, args=(which,)) for which in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spools[0].drain(taken.extend)
    assert len(taken) == len(set(taken)) == 100
    for which in range(4):
        own = [each for each in taken if int(each.key.split()[1]) // 100 == which]
        assert own == [sealed(which * 100 + number) for number in range(25)]


def test_a_folder_that_cannot_be_written_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SpoolError, match="GOCUA_SPOOL"):
        Spool(tmp_path / "file" / "spool", fixed_keyring())
