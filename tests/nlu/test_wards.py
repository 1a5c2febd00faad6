"""What people type for the place they live, and the units it may mean."""

import pytest

from bot.content.reading import Problems
from bot.content.wards import load_wards
from bot.nlu.wards import Unit, Wards
from bot.settings import PROJECT

ROWS = load_wards(PROJECT, Problems())
WARDS = Wards(Unit(row.code, row.type, row.name, row.former_area, row.former_units) for row in ROWS)
GO_VAP = {"An Hội Tây", "An Hội Đông", "An Nhơn", "Gò Vấp", "Hạnh Thông", "Thông Tây Hội"}


def test_the_city_has_168_units() -> None:
    kinds = [row.type for row in ROWS]
    assert [kinds.count(kind) for kind in ("phường", "xã", "đặc khu")] == [113, 54, 1]
    areas = [row.former_area for row in ROWS]
    assert [areas.count(area) for area in ("TP.HCM", "Bình Dương", "Bà Rịa–Vũng Tàu")] == [102, 36, 30]
    assert len({row.code for row in ROWS}) == 168


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_every_full_name_finds_its_unit_with_and_without_marks(row: object) -> None:
    unit = Unit(row.code, row.type, row.name)  # type: ignore[attr-defined]
    assert [found.code for found in WARDS.find(f"tui ở {unit.full_name.lower()} nha con")] == [unit.code]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("p xuan hoa", {"Xuân Hòa"}),
        ("P. Xuân Hoà", {"Xuân Hòa"}),
        ("phuong xuan hoa tphcm", {"Xuân Hòa"}),
        ("quận 3", {"Bàn Cờ", "Nhiêu Lộc", "Xuân Hòa"}),
        ("q3", {"Bàn Cờ", "Nhiêu Lộc", "Xuân Hòa"}),
        ("quan ba", {"Bàn Cờ", "Nhiêu Lộc", "Xuân Hòa"}),
        ("phường 14 quận 10", {"Diên Hồng", "Hòa Hưng", "Vườn Lài"}),
        ("p14 q10", {"Diên Hồng", "Hòa Hưng", "Vườn Lài"}),
        ("nhà con ở Gò Vấp", GO_VAP),
        ("phường Gò Vấp", {"Gò Vấp"}),
        ("phường 5 gò vấp", GO_VAP),
        ("tân định quận 1", {"Tân Định"}),
        ("thanh an", {"Thanh An", "Thạnh An"}),
        ("xã Thạnh An", {"Thạnh An"}),
        ("xã Thanh An dầu tiếng", {"Thanh An"}),
        ("hòa bình", {"Hòa Bình"}),
        ("bình hòa", {"Bình Hòa"}),
        ("phường bình lợi trung", {"Bình Lợi Trung"}),
        ("xã bình lợi", {"Bình Lợi"}),
        ("côn đảo", {"Côn Đảo"}),
        ("phuong binh duong", {"Bình Dương"}),
        ("phường xuân hao", {"Xuân Hòa"}),
        ("an phú thủ đức", None),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_people_type(text: str, names: set[str] | None) -> None:
    found = {unit.name for unit in WARDS.find(text)}
    if names is None:
        assert "An Phú" not in found
    else:
        assert found == names


@pytest.mark.parametrize("text", ["", "xong rồi", "k nhan dc otp", "😀", "x" * 100_000, "hôm nay trời mưa"])
def test_what_names_no_place_finds_none(text: str) -> None:
    assert WARDS.find(text) == ()
