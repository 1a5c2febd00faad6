"""Reading picture files: what an author may write, what is said when it is wrong, and what becomes of a screenshot."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from bot.content.drawing import BLOCKS, DEVICES, WIDTH, Button, Counter, Field, art, draw_png, draw_svg
from bot.content.pictures import Picture, load_pictures
from bot.content.reading import Problems

ROOT = Path(__file__).parents[2]
README = (ROOT / "knowledge/pictures/README.md").read_text(encoding="utf-8")
# fmt: off
NAMES = [
    "vneid_cai_dat_iphone", "vneid_cai_dat_android", "vneid_cai_dat", "vneid_kich_hoat", "vneid_nhap_so", "vneid_otp",
    "vneid_mat_khau", "vneid_passcode", "vneid_cau_hoi", "vneid_dang_nhap", "vneid_thanh_cong", "dk_den_cong_an",
    "dk_dua_the", "dk_lan_tay", "dk_tin_nhan", "dk_cho_duyet", "mt_mo_trang", "mt_kich_hoat", "mt_otp_cuc_gach",
    "mt_dat_ma", "mm_xac_nhan", "mm_ma_may_cu", "mm_nfc", "nfc_iphone", "nfc_android", "mm_huy_lien_ket",
    "mm_khoa_tai_khoan", "doi_so_cai_dat", "doi_so_goi", "doi_so_cong_an", "quen_mat_khau", "quen_passcode",
    "khuon_mat", "sim_khe_1", "as_dang_nhap", "as_nhom", "as_tai_khoan", "as_passcode", "as_ngan_hang",
    "as_so_tai_khoan", "as_kiem_tra", "as_dong_y", "as_gui", "as_lich_su", "as_thanh_cong", "as_ngan_hang_quay",
    "cds_vneid_san_sang", "cds_tai", "cds_cho_phep", "cds_dang_nhap", "cds_dong_y", "cds_dich_vu", "cds_phan_anh",
    "lua_dao_cup_may", "lua_dao_khong_doc_ma", "lua_dao_link_la", "lua_dao_tat_mang", "the_mat_sau", "gap_nguoi",
    "trung_tam_hcc", "goi_1022", "tra_cuu_phien_ban",
]
# fmt: on

GOOD = """\
caption: "Bấm nút dưới cùng"
app: "VNeID"
screen:
  - field: "Mật khẩu"
    dots: "8"
  - button: "Gửi yêu cầu"
    press: "true"
"""


def load(tmp_path: Path, text: str = "", name: str = "thu") -> tuple[dict[str, Picture], list[str]]:
    """What a folder holding one picture file gives, and what is said about it."""
    folder = tmp_path / "knowledge/pictures"
    folder.mkdir(parents=True, exist_ok=True)
    if text:
        (folder / f"{name}.yml").write_text(text, encoding="utf-8")
    problems = Problems()
    pictures = load_pictures(tmp_path, problems)
    return pictures, [str(problem) for problem in sorted(problems.found)]


def test_every_picture_of_the_project_is_in_order() -> None:
    problems = Problems()
    pictures = load_pictures(ROOT, problems)
    assert [str(problem) for problem in problems.found] == []
    assert set(NAMES) <= set(pictures)


def test_a_good_file(tmp_path: Path) -> None:
    pictures, problems = load(tmp_path, GOOD)
    assert problems == []
    blocks = (Field(field="Mật khẩu", dots=8), Button(button="Gửi yêu cầu", press=True))
    assert pictures == {"thu": Picture(name="thu", caption="Bấm nút dưới cùng", app="VNeID", blocks=blocks)}


def test_an_option_may_be_left_out(tmp_path: Path) -> None:
    text = 'caption: "Đến phường"\ndevice: "khung_canh"\nscreen:\n  - counter: "Công an phường"\n    look: "true"\n'
    pictures, problems = load(tmp_path, text)
    assert problems == []
    assert pictures["thu"].blocks == (Counter(counter="Công an phường", who="can_bo", look=True),)


def test_no_folder_is_no_pictures(tmp_path: Path) -> None:
    problems = Problems()
    assert load_pictures(tmp_path, problems) == {}
    assert problems.found == []


ALL_DEVICES = "dien_thoai, may_tinh, ban_phim, khung_canh"
BROKEN = {
    "no caption": (
        GOOD.replace('caption: "Bấm nút dưới cùng"\n', ""),
        '1: hình "thu": thiếu "caption": một câu ngắn nói phải nhìn vào đâu.',
    ),
    "empty caption": (
        GOOD.replace("Bấm nút dưới cùng", " "),
        '1: hình "thu": thiếu "caption": một câu ngắn nói phải nhìn vào đâu.',
    ),
    "long caption": (
        GOOD.replace("Bấm nút dưới cùng", "a" * 161),
        '1: hình "thu": "caption" dài 161 chữ cái, nhiều nhất 160.',
    ),
    "no app": (
        GOOD.replace('app: "VNeID"\n', ""),
        '1: hình "thu": thiếu "app": tên ứng dụng hiện trên đầu màn hình.',
    ),
    "app without a screen": (
        GOOD.replace("screen:", 'device: "khung_canh"\nscreen:'),
        '2: hình "thu": device "khung_canh" không có màn hình nên không dùng "app".',
    ),
    "long app": (
        GOOD.replace("VNeID", "Ứng dụng có cái tên dài hơn cả màn hình"),
        '2: hình "thu": "app": chữ "Ứng dụng có cái tên dài hơn cả màn hình" dài quá, không vẽ vừa. Bớt chữ giúp nhé.',
    ),
    "unknown word": (
        GOOD.replace("caption:", 'divice: "dien_thoai"\ncaption:'),
        '1: hình "thu": có chữ "divice" không dùng được ở đây. Ý bạn là "device"?',
    ),
    "unknown device": (
        GOOD.replace("screen:", 'device: "dienthoai"\nscreen:'),
        '3: hình "thu": không có device "dienthoai". Ý bạn là "dien_thoai"?',
    ),
    "strange device": (
        GOOD.replace("screen:", 'device: "xyz"\nscreen:'),
        f'3: hình "thu": không có device "xyz". Chọn một trong: {ALL_DEVICES}.',
    ),
    "unknown block": (
        GOOD.replace("- button:", "- buton:"),
        '6: hình "thu": không có khối "buton". Ý bạn là "button"?',
    ),
    "unknown option": (
        GOOD.replace("dots:", "dot:"),
        '5: hình "thu": có chữ "dot" không dùng được ở đây. Ý bạn là "dots"?',
    ),
    "unknown drawing": (
        GOOD.replace('  - field: "Mật khẩu"\n    dots: "8"', '  - row: "Vị trí"\n    drawing: "vitri"'),
        '5: hình "thu": "drawing" không có chữ "vitri". Ý bạn là "vi_tri"?',
    ),
    "missing drawing": (
        GOOD.replace('  - field: "Mật khẩu"\n    dots: "8"', '  - icon: "Vị trí"'),
        '4: hình "thu": khối "icon" thiếu "drawing".',
    ),
    "empty label": (GOOD.replace("Gửi yêu cầu", ""), '6: hình "thu": khối "button" thiếu "button".'),
    "no screen": (
        'caption: "Bấm"\napp: "VNeID"\n',
        '1: hình "thu": "screen" còn trống: cần ít nhất một khối, ví dụ - button: "Gửi yêu cầu".',
    ),
    "empty screen": (
        'caption: "Bấm"\napp: "VNeID"\nscreen: []\n',
        '1: hình "thu": "screen" còn trống: cần ít nhất một khối, ví dụ - button: "Gửi yêu cầu".',
    ),
    "screen is not a list": (
        'caption: "Bấm"\napp: "VNeID"\nscreen: "x"\n',
        '3: hình "thu": "screen" phải là một danh sách, mỗi mục bắt đầu bằng dấu "-".',
    ),
    "nothing to press": (
        GOOD.replace('    press: "true"\n', ""),
        '1: hình "thu": chưa có chỗ cần chú ý. Thêm press: "true" ở nút phải bấm, hoặc look: "true" ở chỗ phải nhìn.',
    ),
    "two things to press": (
        GOOD.replace('dots: "8"', 'look: "true"'),
        '1: hình "thu": có 2 chỗ press hoặc look; mỗi hình chỉ được một.',
    ),
    "press is not true": (
        GOOD.replace('press: "true"', 'press: "co"'),
        '7: hình "thu": "press" chỉ nhận "true"; không cần thì bỏ dòng này.',
    ),
    "dots are not a number": (
        GOOD.replace('"8"', '"tám"'),
        '5: hình "thu": "dots" phải là một số từ 1 đến 16.',
    ),
    "too many dots": (GOOD.replace('"8"', '"17"'), '5: hình "thu": "dots" phải là một số từ 1 đến 16.'),
    "long label": (
        GOOD.replace("Gửi yêu cầu", "Gửi yêu cầu " * 9),
        f'6: hình "thu": khối "button": chữ "{"Gửi yêu cầu " * 8}Gửi yêu cầu" dài quá, không vẽ vừa. Bớt chữ giúp nhé.',
    ),
    "too tall": (
        GOOD.replace("screen:\n", "screen:\n" + '  - tick: "Xong"\n' * 4),
        '1: hình "thu": cao quá 1000 điểm ảnh. Bớt khối hoặc bớt chữ giúp nhé.',
    ),
    "an ID number": (
        GOOD.replace("Gửi yêu cầu", "Số 079 123 456 789"),
        '6: hình "thu": "button" có một dãy số dài. Số thẻ, số điện thoại, mã: chỉ vẽ bằng "dots".',
    ),
    "a code in the caption": (
        GOOD.replace("Bấm nút dưới cùng", "Gõ 123456"),
        '1: hình "thu": "caption" có một dãy số dài. Số thẻ, số điện thoại, mã: chỉ vẽ bằng "dots".',
    ),
    "an arrow": (
        GOOD.replace("Gửi yêu cầu", "Gửi → xong"),
        '6: hình "thu": "button" có ký tự "→" không vẽ được. Bỏ hình biểu cảm và mũi tên.',
    ),
}


@pytest.mark.parametrize("label", BROKEN)
def test_a_broken_file_is_told_where_and_what(tmp_path: Path, label: str) -> None:
    text, message = BROKEN[label]
    pictures, problems = load(tmp_path, text)
    assert problems == [f"knowledge/pictures/thu.yml:{message}"]
    assert pictures == {}


def test_hotlines_may_be_shown(tmp_path: Path) -> None:
    _, problems = load(tmp_path, GOOD.replace("Gửi yêu cầu", "Gọi 1900.0368 hoặc 1022"))
    assert problems == []


def test_a_name_is_plain(tmp_path: Path) -> None:
    _, problems = load(tmp_path, GOOD, name="Hình 1")
    assert problems == [
        'knowledge/pictures/Hình 1.yml:1: hình "Hình 1": tên tệp chỉ gồm chữ thường không dấu, số và dấu gạch dưới.'
    ]


def test_one_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    load(tmp_path, GOOD, name="tot")
    pictures, problems = load(tmp_path, "caption: [", name="hong")
    assert list(pictures) == ["tot"]
    assert len(problems) == 1


# --- screenshots ---

SHORT = 'caption: "Ảnh chụp màn hình"\n'


def photo(path: Path, width: int = 1080, height: int = 2160) -> None:
    """A screenshot as a phone makes it: large, with place and camera noted inside."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.radial_gradient("L").resize((width, height)).convert("RGB")
    exif = Image.Exif()
    exif[271], exif[270] = "SecretCamera", "SecretPlace"
    note = PngImagePlugin.PngInfo()
    note.add_text("Comment", "SecretNote")
    if path.suffix.lower() == ".png":
        image.save(path, pnginfo=note, exif=exif, dpi=(72, 72))
    else:
        image.save(path, "JPEG", exif=exif, comment=b"SecretNote")


@pytest.mark.parametrize("ending", [".png", ".jpg", ".JPG"])
@pytest.mark.parametrize("spec", [SHORT, GOOD])
def test_a_screenshot_takes_the_place_of_the_drawing(tmp_path: Path, ending: str, spec: str) -> None:
    path = tmp_path / f"knowledge/pictures/thu{ending}"
    photo(path)
    assert b"Secret" in path.read_bytes()
    pictures, problems = load(tmp_path, spec)
    assert problems == []
    png = draw_png(pictures["thu"])
    assert b"Secret" not in png
    with Image.open(io.BytesIO(png)) as image:
        assert (image.format, image.size, image.info) == ("PNG", (WIDTH, 1440), {})
        assert image.getexif() == {}
    assert 'height="1440"' in draw_svg(pictures["thu"])


def test_a_small_screenshot_is_not_enlarged(tmp_path: Path) -> None:
    photo(tmp_path / "knowledge/pictures/thu.png", 360, 400)
    pictures, _ = load(tmp_path, SHORT)
    with Image.open(io.BytesIO(draw_png(pictures["thu"]))) as image:
        assert image.size == (360, 400)


def test_a_picture_taken_sideways_is_turned(tmp_path: Path) -> None:
    path = tmp_path / "knowledge/pictures/thu.jpg"
    path.parent.mkdir(parents=True)
    exif = Image.Exif()
    exif[274] = 6
    Image.new("RGB", (400, 200)).save(path, exif=exif)
    pictures, _ = load(tmp_path, SHORT)
    with Image.open(io.BytesIO(draw_png(pictures["thu"]))) as image:
        assert image.size == (200, 400)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("thu.svg", b"<svg/>", 'không dùng được loại tệp ".svg". Hình chụp phải là .png hoặc .jpg.'),
        ("thu.webp", b"x", 'không dùng được loại tệp ".webp". Hình chụp phải là .png hoặc .jpg.'),
        ("thu.png", b"<svg/>", "ảnh hỏng hoặc không phải PNG/JPEG thật. Chụp lại hoặc xuất lại giúp nhé."),
        (
            "thu.jpg",
            b"\xff\xd8\xff\xe0 cut",
            "ảnh hỏng hoặc không phải PNG/JPEG thật. Chụp lại hoặc xuất lại giúp nhé.",
        ),
        ("thu.png", b"x" * 10_000_001, "ảnh nặng quá 10 MB. Cắt nhỏ lại giúp nhé."),
        ("khac.png", b"x", 'ảnh này chưa có tệp "khac.yml" đi kèm. Tạo tệp đó với một dòng caption: "…".'),
    ],
)
def test_a_file_nobody_can_use_is_refused(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    load(tmp_path, GOOD)
    (tmp_path / "knowledge/pictures" / name).write_bytes(content)
    _, problems = load(tmp_path)
    assert problems == [f"knowledge/pictures/{name}:1: {message}"]


def test_a_screenshot_cut_short_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "knowledge/pictures/thu.png"
    photo(path)
    path.write_bytes(path.read_bytes()[:2000])
    pictures, problems = load(tmp_path, SHORT)
    assert pictures == {}
    assert problems == [
        "knowledge/pictures/thu.png:1: ảnh hỏng hoặc không phải PNG/JPEG thật. Chụp lại hoặc xuất lại giúp nhé."
    ]


def test_two_screenshots_of_one_name_are_refused(tmp_path: Path) -> None:
    photo(tmp_path / "knowledge/pictures/thu.jpg")
    photo(tmp_path / "knowledge/pictures/thu.png")
    _, problems = load(tmp_path, SHORT)
    assert problems == ['knowledge/pictures/thu.png:1: trùng với "thu.jpg". Chỉ giữ lại một ảnh.']


# --- the README ---


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("blocks", BLOCKS),
        ("devices", DEVICES),
        ("small drawings", art.ICONS),
        ("scenes", art.SCENES),
        ("people", art.PEOPLE),
        ("things", art.BRINGS),
    ],
)
def test_the_readme_names_every_word(label: str, words: dict[str, object]) -> None:
    assert [word for word in words if f"`{word}`" not in README] == []


def test_the_example_in_the_readme_is_in_order(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert example
    pictures, problems = load(tmp_path, example.group(1))
    assert problems == []
    assert list(pictures) == ["thu"]
