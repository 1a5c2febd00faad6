"""The weekly file tells the truth of a whole week, and nobody changes a byte of it unseen."""

import csv
import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from bot.campaign.signing import public_text, signing_key
from bot.campaign.weekly import ReportError, check_weekly, whole_week, write_weekly
from bot.store.schema import tally, ward
from bot.store.store import Store
from bot.store.tallies import Deed, key_of
from tests.campaign.test_flags import TODAY
from tests.fakes import TASK

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = public_text(KEY)


@pytest.fixture
def folder(store: Store, tmp_path: Path) -> Path:
    with store.engine.begin() as connection:
        unit = {"code": "25747", "kind": "phường", "name": "Thủ Dầu Một", "area": ""}
        connection.execute(insert(ward), unit)
        for code, people in (("self", 12), ("officer", 7), ("helper", 2)):
            deed = Deed(0, "2026-11-12", TASK, "completed", code)
            connection.execute(insert(tally), {**key_of(deed, "25747")._asdict(), "people": people})
    out = tmp_path / "tuan"
    made_at = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
    week = whole_week("2026-W46", today=TODAY)
    write_weekly(store.engine, week, out, key=KEY, content_version="v", made_at=made_at)
    return out


def test_the_numbers_of_the_week_small_ones_hidden(folder: Path) -> None:
    with (folder / "tuan-2026-W46.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    first = rows[0]
    assert (first["ten"], first["viec"], first["hoan_thanh"]) == ("Phường Thủ Dầu Một", TASK, "21")
    assert first["theo_helper"] == "<5"
    assert "<5" in (first["theo_self"], first["theo_officer"], rows[1]["theo_helper"], rows[1]["hoan_thanh"])
    sheet = openpyxl.load_workbook(folder / "tuan-2026-W46.xlsx")["Tuần"]
    assert [str(cell) for cell in next(sheet.iter_rows(min_row=2, max_row=2, values_only=True))] == [
        value or "None" for value in first.values()
    ]


def test_as_signed_it_is_believed(folder: Path) -> None:
    assert check_weekly(folder, public_key=PUBLIC) == []
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert (manifest["first_day"], manifest["last_day"], manifest["hidden_below"]) == ("2026-11-09", "2026-11-15", 5)


def test_a_changed_byte_of_any_file_is_seen(folder: Path) -> None:
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        for at in (0, len(content) // 2, len(content) - 1):
            path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            assert check_weekly(folder, public_key=PUBLIC) != [], (path.name, at)
        path.write_bytes(content)
    assert check_weekly(folder, public_key=PUBLIC) == []


def test_a_missing_file_a_stranger_and_another_key_are_seen(folder: Path) -> None:
    other = public_text(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    assert "không do khoá này ký" in check_weekly(folder, public_key=other)[0]
    assert check_weekly(folder, public_key="rác") != []
    (folder / "them.csv").write_text("x")
    assert check_weekly(folder, public_key=PUBLIC) == ["them.csv không có trong manifest.json; tệp này không ai ký."]
    (folder / "them.csv").unlink()
    for path in sorted(folder.iterdir()):
        content = path.read_bytes()
        path.unlink()
        assert any("thiếu" in problem for problem in check_weekly(folder, public_key=PUBLIC)), path.name
        path.write_bytes(content)


@pytest.mark.parametrize("name", ["2026-W47", "2026-W60", "tuần này", "2026-W00", "../x"])
def test_only_whole_weeks_that_exist(name: str) -> None:
    with pytest.raises(ReportError, match="tuần"):
        whole_week(name, today=TODAY)


def test_the_key_is_drawn_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    keys = tmp_path / "keys.json"
    first = public_text(signing_key(keys, production=False))
    assert public_text(signing_key(keys, production=True)) == first
    assert (tmp_path / "report_key").stat().st_mode & 0o077 == 0
