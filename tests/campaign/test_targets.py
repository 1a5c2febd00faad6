"""A target file is read as offices make them, every problem is told by its row, and it is taken whole or not at all."""

import io
import unicodedata
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import insert, select

from bot.campaign.targets import import_targets, read_targets
from bot.store.schema import campaign, phase, target, team, team_target, ward
from bot.store.store import Store
from tests.fakes import TASK

HEAD = "phase,ward,task,target,eligible"
GOOD = f"q4,25747,{TASK},40,100"


@pytest.fixture
def planned(store: Store) -> Store:
    with store.engine.begin() as connection:
        for code in ("25747", "25750"):
            connection.execute(insert(ward), {"code": code, "kind": "phường", "name": code, "area": ""})
        days = {"starts_on": "2026-10-01", "ends_on": "2026-12-31"}
        connection.execute(insert(campaign), {"code": "c", "title": "c", **days})
        connection.execute(insert(phase), {"code": "q4", "campaign": "c", "title": "q4", **days})
    return store


def told(content: bytes, folder: Path) -> list[str]:
    path = folder / "chi_tieu"
    path.write_bytes(content)
    read = read_targets(path, phases=("q4",), wards=("25747", "25750"))
    assert bool(read.problems) or read.targets
    return [str(problem) for problem in read.problems]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1258"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_files_as_offices_save_them(encoding: str, delimiter: str, tmp_path: Path) -> None:
    text = f"Giai đoạn,Mã phường,Việc,Chỉ tiêu,Đối tượng\r\nq4,25747,{TASK},1.200,12 000\r\n"
    if encoding == "cp1258":
        text = text.replace("Giai đoạn", "giai doan").replace("Mã phường", "ma").replace("Việc", "task")
        text = text.replace("Chỉ tiêu", "target").replace("Đối tượng", "Ðói tu?ng").replace("Ðói tu?ng", "eligible")
    assert told(text.replace(",", delimiter).encode(encoding), tmp_path) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"q4,99999,{TASK},1,2", 'dòng 2: không có phường có mã "99999".'),
        (f"q9,25747,{TASK},1,2", 'dòng 2: không có giai đoạn "q9".'),
        ("q4,25747,nau_com,1,2", 'dòng 2: không có việc "nau_com".'),
        (f"q4,25747,{TASK},-1,2", 'dòng 2: cột "target" phải là số nguyên không âm, không phải "-1".'),
        (f"q4,25747,{TASK},1.5,2", 'dòng 2: cột "target" phải là số nguyên không âm, không phải "1.5".'),
        (f"q4,25747,{TASK},2026-11-21,2", 'dòng 2: cột "target" phải là số nguyên không âm, không phải "2026-11-21".'),
        (f"q4,25747,{TASK},,2", 'dòng 2: cột "target" để trống.'),
        (f"q4,,{TASK},1,2", 'dòng 2: cột "ward" để trống.'),
        (f"q4,25747,{TASK},=1+1,2", 'dòng 2: cột "target" là công thức; dán giá trị vào thay công thức.'),
        (f"q4,25747,{TASK},3,2", "dòng 2: chỉ tiêu 3 lớn hơn số người 2."),
        (f"q4,25747,{TASK},3,99999999999", 'dòng 2: cột "eligible" lớn hơn số dân của thành phố.'),
        (f"{GOOD}\n{GOOD}", f"dòng 3: phường 25747, việc {TASK} đã có ở dòng 2."),
        (f"=HYPERLINK(1),25747,{TASK},1,2", 'dòng 2: cột "phase" là công thức; dán giá trị vào thay công thức.'),
    ],
)
def test_what_is_wrong_is_told_by_row(line: str, problem: str, tmp_path: Path) -> None:
    assert told(f"{HEAD}\n{line}\n".encode(), tmp_path) == [problem]


TEAMS = f"{HEAD},neighbourhood,team"


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (f"{GOOD},Khu phố 3,", 'dòng 2: có "neighbourhood" mà cột "team" để trống; ghi tên tổ, hoặc bỏ trống cả hai.'),
        (f"{GOOD},,{'Tổ ' * 60}", 'dòng 2: cột "team" dài quá 120 chữ cái.'),
        (f"{GOOD},{'a' * 81},Tổ 1", 'dòng 2: cột "neighbourhood" dài quá 80 chữ cái.'),
        (f'{GOOD},,"=cmd|"', 'dòng 2: cột "team" là công thức; dán giá trị vào thay công thức.'),
        (f"{GOOD},KP 3,Tổ 1\n{GOOD},kp  3,tổ 1", f"dòng 3: phường 25747, tổ tổ 1, việc {TASK} đã có ở dòng 2."),
    ],
)
def test_what_is_wrong_with_a_team_is_told_by_row(line: str, problem: str, tmp_path: Path) -> None:
    assert told(f"{TEAMS}\n{line}\n".encode(), tmp_path) == [problem]


@pytest.mark.parametrize(
    "old",
    [
        pytest.param("Tæ c«ng nghÖ sè §«ng Hßa".encode("latin-1"), id="TCVN3"),
        pytest.param("Toå coâng ngheä soá Ñoâng Hoøa".encode("latin-1"), id="VNI"),
    ],
)
def test_fonts_of_before_unicode_are_answered_clearly(old: bytes, tmp_path: Path) -> None:
    [problem] = told(f"{TEAMS}\n{GOOD},,".encode() + old, tmp_path)
    assert problem == 'tệp dùng bảng mã cũ (TCVN3, VNI...). Đổi sang Unicode rồi lưu bằng "CSV UTF-8".'


def test_names_in_the_old_windows_code_page_are_read(tmp_path: Path) -> None:
    # that code page has vowels with their hats and horns, and the five tones apart
    parted = unicodedata.normalize("NFD", "Tổ Đông Hòa – ấp Xóm Mới")
    for hat in ("ô", "ê", "â", "ă", "ơ", "ư"):
        parted = parted.replace(unicodedata.normalize("NFD", hat), hat)
    path = tmp_path / "chi_tieu"
    path.write_bytes(f"{TEAMS}\n{GOOD},,{parted}".encode("cp1258"))
    [read] = read_targets(path, phases=("q4",), wards=("25747",)).targets
    assert read.team == "Tổ Đông Hòa – ấp Xóm Mới"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "thiếu cột"),
        (f"{HEAD}\n{GOOD}".encode("utf-16-le"), "không đoán được bảng mã"),
        (b"ward,task\n", "thiếu cột phase, target, eligible"),
        (HEAD.encode() + b"\n", "tệp chưa có chỉ tiêu nào."),
        (f"{HEAD},ward\n{GOOD}".encode(), 'cột "ward" bị lặp lại.'),
        (b"\x00\x81\xff\x13 nonsense", "không đoán được bảng mã"),
        (f'{HEAD}\nq4,"25747,{TASK}'.encode(), "ngoặc kép"),
        (b"PK\x03\x04 not a book", "tệp XLSX hỏng"),
    ],
)
def test_what_is_wrong_with_the_file_is_told(content: bytes, problem: str, tmp_path: Path) -> None:
    assert problem in "\n".join(told(content, tmp_path))


def book(*rows: tuple[str | float, ...]) -> bytes:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for row in (tuple(HEAD.split(",")), *rows):
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_spreadsheet_is_read_and_its_formulas_are_not(tmp_path: Path) -> None:
    assert told(book(("q4", 25747, TASK, 40, 100.0)), tmp_path) == []
    assert told(book(("q4", "25747", TASK, "=20+20", 100)), tmp_path) == [
        'dòng 2: cột "target" là công thức; dán giá trị vào thay công thức.'
    ]


def test_all_or_nothing_and_again_is_no_harm(planned: Store, tmp_path: Path) -> None:
    path = tmp_path / "chi_tieu.csv"

    def stored() -> list[tuple[str, int]]:
        with planned.engine.connect().execution_options(reading=True) as connection:
            return [(row.ward, row.goal) for row in connection.execute(select(target).order_by(target.c.ward))]

    path.write_text(f"{HEAD}\n{GOOD}\nq4,25750,{TASK},x,9\n", "utf-8")
    assert [problem.row for problem in import_targets(planned.engine, path).problems] == [3]
    assert stored() == []
    path.write_text(f"{HEAD}\n{GOOD}\nq4,25750,{TASK},7,9\n", "utf-8")
    import_targets(planned.engine, path, dry_run=True)
    assert stored() == []
    import_targets(planned.engine, path)
    import_targets(planned.engine, path)
    assert stored() == [("25747", 40), ("25750", 7)]


def test_targets_of_teams_stand_beside_their_ward_s(planned: Store, tmp_path: Path) -> None:
    path = tmp_path / "chi_tieu.csv"
    there = f"q4,25750,{TASK}"
    rows = [f"{GOOD},,", f"{GOOD},Khu phố 3,Tổ 1", f"{there},5,9,Ấp 2,Tổ 1", f"{there},6,9,,Tổ lưu động"]
    path.write_text("\n".join([TEAMS, *rows]), "utf-8")
    for _ in range(2):
        assert import_targets(planned.engine, path).problems == ()
    with planned.engine.connect().execution_options(reading=True) as connection:
        wards = connection.execute(select(target.c.ward, target.c.goal)).all()
        query = select(team.c.ward, team.c.neighbourhood, team.c.name, team_target.c.goal).join(team_target)
        teams = connection.execute(query.order_by(team_target.c.goal)).all()
    assert [tuple(row) for row in wards] == [("25747", 40)]
    assert [tuple(row) for row in teams] == [
        ("25750", "Ấp 2", "Tổ 1", 5),
        ("25750", "", "Tổ lưu động", 6),
        ("25747", "Khu phố 3", "Tổ 1", 40),
    ]
