"""The reviewed lists: what may be named, found however it is written, and only while somebody is sure of it."""

import datetime as dt
from pathlib import Path

import pytest

from bot.content.lists import Entry, digits, load_lists
from bot.content.reading import Problems
from tests.content.small_content import copy_of_small, problems, spoil

DAY = dt.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("written", "number"),
    [("1900 0368", "19000368"), ("1900.0368", "19000368"), ("1022", "1022"), ("+84 28", "8428"), ("gọi", ""), ("", "")],
)
def test_digits(written: str, number: str) -> None:
    assert digits(written) == number


def test_entries_are_found_by_their_plain_form(tmp_path: Path) -> None:
    root = copy_of_small(tmp_path)
    spoil(root, "knowledge/hotlines.yml", '"1022"', '"1900 0368"')
    spoil(root, "knowledge/hosts.yml", '"vneid.gov.vn"', '"VNeID.gov.vn"')
    found = Problems()
    lists = load_lists(root, found)
    assert found.found == []
    assert lists.numbers == {"19000368": Entry("1900 0368", "knowledge/hotlines.yml", 3, DAY)}
    assert lists.hosts == {"vneid.gov.vn": Entry("VNeID.gov.vn", "knowledge/hosts.yml", 3, DAY)}


@pytest.mark.parametrize(("days", "stale"), [(-30, False), (0, False), (90, False), (91, True), (4000, True)])
def test_what_is_stale(days: int, stale: bool) -> None:
    entry = Entry("1022", "knowledge/hotlines.yml", 3, DAY)
    assert entry.is_stale(DAY + dt.timedelta(days=days)) is stale


@pytest.mark.parametrize("needed", ["number", "who", "source", "checked", "owner"])
def test_an_entry_needs_its_proof(tmp_path: Path, needed: str) -> None:
    root = copy_of_small(tmp_path)
    lines = (root / "knowledge/hotlines.yml").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line.replace(f'{needed}: "', 'note: "') for line in lines]
    (root / "knowledge/hotlines.yml").write_text("".join(kept), encoding="utf-8")
    found = Problems()
    assert load_lists(root, found).numbers == {}
    value = "" if needed == "number" else "1022"
    assert [str(problem) for problem in found.found] == [f'knowledge/hotlines.yml:3: mục "{value}" thiếu "{needed}".']


@pytest.mark.parametrize(("confidence", "known"), [("H", True), ("M", True), ("L", False), ("", False), ("cao", False)])
def test_an_entry_needs_somebody_who_is_sure(tmp_path: Path, confidence: str, known: bool) -> None:
    root = copy_of_small(tmp_path)
    spoil(root, "knowledge/hotlines.yml", '"H"', f'"{confidence}"')
    assert bool(load_lists(root, Problems()).numbers) is known


# ---- what texts may name ----


@pytest.mark.parametrize(
    ("text", "named"),
    [
        pytest.param("gọi 1022", "", id="listed"),
        pytest.param("số 113", "113", id="short"),
        pytest.param("Tổng đài 115", "115", id="in capitals"),
        pytest.param("gọi 113 để báo", "113", id="before a word that begins with đ"),
        pytest.param("tổng đài là 1023", "1023", id="after 'là'"),
        pytest.param("Hotline: 1023", "1023", id="after a colon"),
        pytest.param("gọi 1900 0368", "1900 0368", id="with a blank"),
        pytest.param("gọi 1900.0368", "1900.0368", id="with a dot"),
        pytest.param("nhắn 0901 234 567", "0901 234 567", id="a mobile number"),
        pytest.param("nhắn 0901.234.567", "0901.234.567", id="a mobile number with dots"),
        pytest.param("nhắn 028 3829 1234", "028 3829 1234", id="a number of the city"),
        pytest.param("18001091 nha", "18001091", id="without blanks"),
        pytest.param("bấm 12 số căn cước", "", id="how many figures a card has"),
        pytest.param("máy hỏi 8 tới 20 ký tự", "", id="how many letters"),
        pytest.param("tặng số 500 đồng", "", id="a small amount"),
        pytest.param("thẻ 500.000 đồng", "", id="an amount"),
        pytest.param("tháng 8/2025", "", id="a month"),
        pytest.param("196 Nguyễn Thị Minh Khai", "", id="a house"),
        pytest.param("từ 7 giờ tới 9 giờ", "", id="hours"),
    ],
)
def test_numbers_in_texts(tmp_path: Path, text: str, named: str) -> None:
    root = copy_of_small(tmp_path)
    spoil(root, "dialogs/noi_den.yml", "tới phường nha.", f"{text}.")
    said = [f'dialogs/noi_den.yml:3: bước "hoi" nhắc số "{named}", chưa có trong knowledge/hotlines.yml.']
    assert [line.partition(" Ý bạn")[0] for line in problems(root)] == (said if named else [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("trang vneid.gov.vn", [], id="listed"),
        pytest.param("trang https://vneid.gov.vn/huong-dan", [], id="with a lock and a path"),
        pytest.param("trang VNEID.GOV.VN", [], id="in capitals"),
        pytest.param("trang vneid-gov.com", ['nhắc trang "vneid-gov.com"'], id="a look-alike"),
        pytest.param("trang bit.ly/abc", ['nhắc trang "bit.ly"'], id="a shortened link"),
        pytest.param("trang xin.vneid.gov.vn", ['nhắc trang "xin.vneid.gov.vn"'], id="a host below a listed one"),
        pytest.param("trang http://vneid.gov.vn", ['trang "vneid.gov.vn" phải là https'], id="without a lock"),
        pytest.param("tệp VNeID.APK", ["nhắc tệp cài đặt .apk"], id="an installation file"),
        pytest.param("app VNeID. Bấm vô", [], id="the end of a sentence"),
    ],
)
def test_hosts_in_texts(tmp_path: Path, text: str, said: list[str]) -> None:
    root = copy_of_small(tmp_path)
    spoil(root, "dialogs/noi_den.yml", "tới phường nha.", f"{text} nha.")
    found = [line.removeprefix('dialogs/noi_den.yml:3: bước "hoi" ') for line in problems(root)]
    assert len(found) == len(said)
    assert all(line.startswith(start) for line, start in zip(found, said, strict=True))
