"""The lists of names and places that authors write, and what is said when they are wrong."""

from pathlib import Path

import pytest

from bot.content.library import load_library
from tests.content.small_content import PROJECT, copy_of_small, problems, spoil


def test_the_small_lists_are_right(tmp_path: Path) -> None:
    assert problems(copy_of_small(tmp_path)) == []


def test_what_the_project_says_of_banks() -> None:
    banks = load_library(PROJECT).banks
    # the list published for VNeID in August 2025 (journeys, 4.3)
    assert sum(bank.linked is not None for bank in banks) == 18
    assert len({bank.name for bank in banks}) == len(banks)


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("dialogs/nlu/lookups.yml", 'lookup: "bank"', 'lookup: "banks"', 'không có lookup "banks". Ý bạn là "bank"?'),
        ("dialogs/nlu/lookups.yml", "    - Vietcombank\n", "", 'lookup "bank" chưa có chữ nào.'),
        ("dialogs/nlu/synonyms.yml", 'synonym: "Vietcombank"', 'synonym: "Vietcombanc"', "không có trong lookup nào."),
        ("dialogs/nlu/regexes.yml", "buoc (\\d)", "buoc (\\d", "dialogs/nlu/regexes.yml:5: mẫu không đọc được"),
        ("dialogs/nlu/regexes.yml", "buoc (\\d)", "buoc", "mẫu cần một nhóm trong ngoặc tròn"),
        ("dialogs/nlu/regexes.yml", "regex:", "intent:", 'có chữ "intent" không dùng được ở đây.'),
        ("knowledge/banks.yml", "2025-08-28", "28/8/2025", 'ngày "28/8/2025" phải viết dạng'),
        ("knowledge/banks.yml", '"Vietcombank"', '"ACB"', 'ngân hàng "ACB" có trong knowledge/banks.yml mà chưa'),
        ("knowledge/old_wards.csv", "Phường Thủ Dầu Một", "Phường Thủ Dầu", 'không có phường, xã "Phường Thủ Dầu"'),
        ("knowledge/old_wards.csv", "Phường Phú Cường", "Phú Cường", "knowledge/old_wards.csv:2:"),
        ("knowledge/old_wards.csv", "Thành phố Thủ Dầu Một", "Quận 99", "không bắt đầu bằng quận, huyện nào"),
        (
            "knowledge/old_wards.csv",
            "name,former_units,units",
            "name,units",
            "dòng đầu phải là: name,former_units,units.",
        ),
    ],
)
def test_a_wrong_list_is_told_with_its_place(tmp_path: Path, file: str, old: str, new: str, said: str) -> None:
    root = copy_of_small(tmp_path)
    spoil(root, file, old, new)
    found = "\n".join(problems(root))
    assert said in found
    assert file.rsplit("/", maxsplit=1)[-1] in found


@pytest.mark.parametrize("file", ["dialogs/nlu/lookups.yml", "knowledge/banks.yml", "knowledge/old_wards.csv"])
def test_a_missing_list_is_told(tmp_path: Path, file: str) -> None:
    root = copy_of_small(tmp_path)
    (root / file).unlink()
    assert any(line.startswith(f"{file}:1: không đọc được tệp") for line in problems(root))


def test_a_way_to_write_two_names_is_told(tmp_path: Path) -> None:
    root = copy_of_small(tmp_path)
    spoil(root, "dialogs/nlu/lookups.yml", "    - Vietcombank\n", "    - Vietcombank\n    - ACB\n")
    spoil(
        root,
        "dialogs/nlu/synonyms.yml",
        "    - vcb\n",
        '    - vcb\n- synonym: "ACB"\n  examples: |\n    - vcb\n',
    )
    assert 'dialogs/nlu/synonyms.yml:8: "vcb" đã là cách viết của "Vietcombank".' in problems(root)
