"""What people type for the place they live, and the units it may mean."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.wards import OldWardRow, WardRow
from bot.core.text import fold
from bot.nlu.noise import bare, telex
from bot.nlu.spoken import words_of
from tests.nlu.content import library, project_wards

ROWS = library().wards
OLD_ROWS = library().old_wards
WARDS = project_wards()

# "cần giờ" with all its marks is the district; nothing tells the hours apart but their sense
NOT_YET = ["chỉ cần giờ hành chính thôi hả"]

LINES = Path(__file__).parent / "wards.tsv"

# alike without marks, so that both are the answer
AREAS = ("TP.HCM", "Bình Dương", "Bà Rịa–Vũng Tàu")
ALIKE = {"Xã Thanh An", "Xã Thạnh An"}


def full_name(row: WardRow) -> str:
    return f"{row.type.capitalize()} {row.name}"


def find(text: str) -> set[str]:
    return {unit.full_name for unit in WARDS.find(text)}


def telex_keys(name: str) -> str:
    return " ".join(telex(word) for word in name.lower().split())


def units_by_district() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in ROWS:
        for name in (*row.former_units, row.former_area):
            found.setdefault(name, set()).add(full_name(row))
    return found


DISTRICTS = units_by_district()
GO_VAP = DISTRICTS["Quận Gò Vấp"]


def test_the_city_has_168_units() -> None:
    kinds = [row.type for row in ROWS]
    assert [kinds.count(kind) for kind in ("phường", "xã", "đặc khu")] == [113, 54, 1]
    areas = [row.former_area for row in ROWS]
    assert [areas.count(area) for area in ("TP.HCM", "Bình Dương", "Bà Rịa–Vũng Tàu")] == [102, 36, 30]
    assert len({row.code for row in ROWS}) == 168


def test_the_old_wards_lead_to_the_units_of_their_districts() -> None:
    by_wards: dict[str, set[str]] = {}
    for row in OLD_ROWS:
        by_wards.setdefault(row.former_units[0], set()).update(row.units)
    # Côn Đảo had no wards
    assert by_wards == {
        name: units
        for name, units in DISTRICTS.items()
        if name.startswith(("Quận", "Huyện", "Thành")) and name != "Huyện Côn Đảo"
    }


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_every_full_name_finds_its_unit(row: WardRow) -> None:
    name, short = full_name(row), {"phường": "p", "xã": "x", "đặc khu": "đặc khu"}[row.type]
    for text in (
        name,
        name.upper(),
        f"{short} {row.name}",
        f"{short}.{row.name}",
        f"tui ở {name.lower()} nha con",
        f"{name}, TP.HCM",
    ):
        # "x Thanh An" has no mark to tell it from the other one
        assert find(text) == {name} or (name == "Xã Thanh An" and find(text) == ALIKE), text
    for text in (bare(name), telex_keys(name), bare(f"{short} {row.name}").lower(), f"em o {bare(name).lower()} do"):
        assert find(text) == ({name} if name not in ALIKE else ALIKE), text


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.code)
def test_every_short_name_finds_its_unit_or_the_district_it_was(row: WardRow) -> None:
    districts = [
        units for name, units in DISTRICTS.items() if name not in AREAS and fold(name).endswith(f" {fold(row.name)}")
    ]
    expected = set().union(*districts) or {full_name(row)}
    if row.name == "Bình Dương":
        expected = DISTRICTS["Bình Dương"]
    elif row.name == "Tân Uyên":
        expected = DISTRICTS["Thành phố Tân Uyên"] | DISTRICTS["Huyện Bắc Tân Uyên"]
        assert find(row.name) <= expected
        return
    assert find(row.name) == (expected if row.name != "Thanh An" else ALIKE)
    assert find(bare(row.name).lower()) == (expected if full_name(row) not in ALIKE else ALIKE)


@pytest.mark.parametrize("district", [name for name in DISTRICTS if name.startswith(("Quận", "Huyện", "Thành"))])
def test_every_old_district_finds_all_its_units(district: str) -> None:
    short = district.replace("Quận ", "q ").replace("Huyện ", "h ").replace("Thành phố ", "tp ")
    for text in (
        district,
        bare(district).lower(),
        short,
        bare(short).lower(),
        f"hồi trước tui ở {district.lower()} cũ",
    ):
        assert find(text) == DISTRICTS[district], text


def _old_addresses() -> Iterator[tuple[OldWardRow, str]]:
    for row in OLD_ROWS:
        for district in row.former_units:
            yield row, f"{row.name}, {district}"
            yield row, bare(f"{row.name} {district}").lower()


def test_every_old_ward_leads_to_its_units() -> None:
    for row, text in _old_addresses():
        found = find(text)
        if row.name.split()[-1].isdecimal():
            # the numbers were dealt out anew: the whole district, the likeliest first
            assert found >= set(row.units), text
            assert found <= DISTRICTS[row.former_units[0]], text
            (place,) = WARDS.places(words_of(text))
            assert [unit.full_name for unit in place.units[: place.likely]] == list(row.units), text
            continue
        # a name that a unit bears today is that unit
        today = {full_name(each) for each in ROWS if f" {each.name}" in row.name}
        assert found == set(row.units) or (found and found <= today), text


def _lines() -> Iterator[tuple[str, set[str]]]:
    for line in LINES.read_text(encoding="utf-8").splitlines():
        text, _, names = line.partition("\t")
        if text and not text.startswith("#"):
            yield text, set().union(*(DISTRICTS.get(name, {name}) for name in names.split("; ") if name))


def test_what_people_type_is_understood() -> None:
    lines = list(_lines())
    known = {full_name(row) for row in ROWS}
    assert len(lines) >= 200
    assert all(units <= known for _, units in lines)
    assert [text for text, units in lines if find(text) != units] == NOT_YET


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("phường gò vấp", ["Gò Vấp"]),
        ("phường 5 gò vấp", ["An Hội Đông", "An Nhơn", "An Hội Tây", "Gò Vấp", "Hạnh Thông", "Thông Tây Hội"]),
        ("", []),
        ("xong rồi", []),
    ],
)
def test_a_question_back_has_a_button_for_each_unit(text: str, names: list[str]) -> None:
    choices = WARDS.choices(text)
    assert sorted(choice.label for choice in choices) == sorted(f"Phường {name}" for name in names)
    assert all([unit.full_name for unit in choice.units] == [choice.label] for choice in choices)


def test_a_question_back_about_a_province_asks_for_the_district_first() -> None:
    choices = WARDS.choices("tui ở bình dương", most=12)
    assert "Thành phố Dĩ An" in [choice.label for choice in choices]
    assert {unit.full_name for choice in choices for unit in choice.units} == DISTRICTS["Bình Dương"]


def test_the_likeliest_unit_of_an_old_ward_number_comes_first() -> None:
    assert next(choice.label for choice in WARDS.choices("p5 q3")) == "Phường Bàn Cờ"


@pytest.mark.parametrize("text", ["x" * 100_000, "phường " * 20_000, "\u200b" * 50_000, "p1 q" * 20_000, "😀"])
def test_any_length_is_read(text: str) -> None:
    assert isinstance(WARDS.find(text), tuple)


@given(st.text(max_size=60))
def test_any_text_is_read_and_places_lie_inside_it(text: str) -> None:
    for place in WARDS.places(words_of(text)):
        assert 0 <= place.start < place.end <= len(text)
        assert place.units
