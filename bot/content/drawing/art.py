"""Icons on a square of 100, people and scenes, none of which resembles a real logo, name or number."""

from dataclasses import dataclass

from bot.content.drawing.pen import (
    BIG,
    BODY,
    CASE,
    EDGE,
    GREEN,
    INK,
    PANEL,
    PAPER,
    RED,
    RING,
    SKIN,
    SOFT_INK,
    STRONG,
    STRONG_TEXT,
    YELLOW,
    YELLOW_PAPER,
    Box,
    Style,
    at,
    circle,
    dots,
    line,
    num,
    rect,
    shape,
)

SCENE_WIDTH = 560

# --- small pictures, each on a square of 100 ----------------------------------------------------------------


def icon(name: str, x: float, y: float, size: float) -> str:
    return at(x, y, size / 100, rect(Box(0, 0, 100, 100), PANEL, round_by=24) + ICONS[name])


HANDSET = shape(
    "M-44 -36 C-40 -48 -26 -56 -18 -50 L-4 -28 C0 -20 -12 -12 -14 -6 C-8 8 4 18 14 22 C20 20 28 8 36 12"
    " L54 26 C60 34 50 46 42 50 C0 60 -56 8 -44 -36 Z",
    PAPER,
    edge=PAPER,
    thick=2,
)
_CHIP_CARD = (
    rect(Box(8, 24, 84, 54), "#cfe3d4", round_by=8, edge=BODY, thick=4)
    + rect(Box(17, 36, 20, 17), YELLOW, round_by=3, edge=BODY, thick=2.5)
    + line("M48 40 H82 M48 52 H82 M18 66 H62", SOFT_INK, 5)
)
_PHONE = (
    rect(Box(28, 8, 44, 84), BODY, round_by=9)
    + rect(Box(33, 18, 34, 60), "#bfe0f5", round_by=3)
    + circle(50, 85, 3.5, PAPER)
)
ICONS: dict[str, str] = {
    "ung_dung": rect(Box(14, 14, 72, 72), STRONG, round_by=16)
    + circle(50, 40, 13, PAPER)
    + shape("M27 74 C27 52 73 52 73 74 Z", PAPER, edge=PAPER),
    "an_sinh": shape("M50 44 C40 28 20 36 26 52 C30 62 44 70 50 76 C56 70 70 62 74 52 C80 36 60 28 50 44 Z", "#d64545")
    + line("M14 66 C20 84 36 92 50 92 C64 92 80 84 86 66", BODY, 6),
    "giay_to": shape("M24 10 H62 L78 28 V90 H24 Z", PAPER) + line("M36 42 H66 M36 56 H66 M36 70 H56", SOFT_INK, 5),
    "the": _CHIP_CARD,
    "dien_thoai": _PHONE,
    "suc_khoe": shape("M38 14 H62 V38 H86 V62 H62 V86 H38 V62 H14 V38 H38 Z", "#2f9e66"),
    "dich_vu": rect(Box(16, 16, 30, 30), STRONG, round_by=7)
    + rect(Box(54, 16, 30, 30), YELLOW, round_by=7)
    + rect(Box(16, 54, 30, 30), "#2f9e66", round_by=7)
    + rect(Box(54, 54, 30, 30), "#d64545", round_by=7),
    "ngan_hang": shape("M50 10 L90 36 H10 Z", YELLOW)
    + line("M24 46 V72 M41 46 V72 M59 46 V72 M76 46 V72", BODY, 8)
    + rect(Box(12, 78, 76, 11), BODY, round_by=3),
    "nguoi": circle(50, 34, 20, SOFT_INK) + shape("M14 90 C14 54 86 54 86 90 Z", SOFT_INK, edge=SOFT_INK),
    "cai_dat": circle(50, 50, 25, "none", edge=SOFT_INK, thick=14)
    + line(
        "M50 12 V20 M50 80 V88 M12 50 H20 M80 50 H88 M23 23 L29 29 M71 71 L77 77 M23 77 L29 71 M71 29 L77 23",
        SOFT_INK,
        13,
    ),
    "loa": shape("M14 40 H34 L70 18 V82 L34 60 H14 Z", "#d64545")
    + line("M80 38 C86 44 86 56 80 62", BODY, 6)
    + line("M30 62 L36 86", BODY, 9),
    "chuong": shape("M22 72 C30 62 28 48 30 40 C34 16 66 16 70 40 C72 48 70 62 78 72 Z", YELLOW)
    + circle(50, 82, 8, BODY),
    "vi_tri": shape("M50 90 C26 60 22 50 22 40 C22 4 78 4 78 40 C78 50 74 60 50 90 Z", "#d64545")
    + circle(50, 39, 11, PAPER),
    "khoa": line("M34 46 V34 C34 12 66 12 66 34 V46", BODY, 9)
    + rect(Box(22, 44, 56, 42), YELLOW, round_by=8, edge=BODY, thick=4)
    + circle(50, 64, 7, BODY),
    "sim": shape("M26 10 H60 L78 28 V90 H26 Z", "#cfe3d4") + rect(Box(36, 48, 32, 28), YELLOW, round_by=5, edge=BODY),
    "may_bay": shape(
        "M50 8 C58 8 58 20 58 34 L92 58 V68 L58 58 V78 L70 88 V94 L50 88 L30 94 V88 L42 78 V58 L8 68 V58"
        " L42 34 C42 20 42 8 50 8 Z",
        STRONG,
        edge=STRONG,
        thick=2,
    ),
    "lich_su": circle(50, 50, 36, PAPER, edge=BODY, thick=6) + line("M50 28 V52 L66 62", BODY, 7),
    "tin_nhan": shape("M12 18 H88 V68 H46 L26 88 V68 H12 Z", "#2f9e66") + line("M28 36 H72 M28 50 H58", PAPER, 6),
}


# --- people, things, scenes ---------------------------------------------------------------------------------


def person(coat: str, hair: str, *, face: bool = True) -> str:
    """Head and shoulders around the origin, about 170 wide."""
    smile = circle(-13, -34, 4, BODY) + circle(13, -34, 4, BODY) + line("M-12 -16 C-6 -8 6 -8 12 -16", BODY, 4)
    return (
        shape("M-82 100 C-82 24 -36 10 0 10 C36 10 82 24 82 100 Z", coat)
        + circle(0, -30, 40, SKIN if face else hair, edge=BODY, thick=4)
        + (shape("M-42 -34 C-46 -84 46 -84 42 -34 C30 -54 -30 -54 -42 -34 Z", hair) + smile if face else "")
    )


PEOPLE: dict[str, str] = {
    "can_bo": person("#5d7f5a", "#2b2b2b")
    + shape("M-48 -58 C-50 -92 50 -92 48 -58 Z", "#5d7f5a")
    + shape("M-46 -58 H46 L40 -46 H-40 Z", "#3d5a3b"),
    "tinh_nguyen_vien": person("#3f8fcf", "#2b2b2b") + line("M-20 14 L0 36 L20 14", PAPER, 6),
    "nhan_vien": person("#e9edf0", "#2b2b2b") + shape("M-8 14 H8 L12 62 L0 74 L-12 62 Z", STRONG),
}
BRINGS: dict[str, str] = {
    "the": at(-212, -104, 1.2, _CHIP_CARD),
    "the_va_dien_thoai": at(-206, -104, 1.2, _CHIP_CARD) + at(100, -116, 1.2, _PHONE),
}


@dataclass(frozen=True, slots=True)
class Art:
    """A ready drawing, 560 wide, and the part of it that matters."""

    svg: str
    height: float
    focus: Box


def _phone_back(x: float) -> str:
    return (
        rect(Box(x, 30, 230, 400), CASE, round_by=36, edge=BODY, thick=6)
        + rect(Box(x + 22, 54, 84, 84), BODY, round_by=22)
        + circle(x + 47, 80, 15, "#9fb3c1")
        + circle(x + 80, 112, 15, "#9fb3c1")
        + _words("Lưng máy", x + 115, 390, colour=PAPER)
    )


def _held_card(y: float) -> str:
    return at(148, y - 45, 2.4, _CHIP_CARD) + "".join(_wave(446 + 26 * n, y + 75, 41 + 14 * n) for n in range(3))


def _wave(x: float, y: float, half: float) -> str:
    return line(f"M{num(x)} {num(y - half)} q{num(half * 0.55)} {num(half)} 0 {num(2 * half)}", RING, 9)


def _fingerprint() -> str:
    lines = ((14, 52), (34, 66), (54, 52), (74, 24))
    arcs = "".join(line(f"M{-r} {down} V0 a{r} {r} 0 0 1 {2 * r} 0 V{down}", STRONG, 9) for r, down in lines)
    return circle(0, 0, 116, PAPER, edge=STRONG, thick=6) + at(0, 4, 1, arcs)


def _small_phone(x: float, screen: str) -> str:
    return (
        rect(Box(x, 20, 210, 330), BODY, round_by=30)
        + rect(Box(x + 12, 48, 186, 272), PAPER, round_by=6)
        + circle(x + 105, 335, 7, PAPER)
        + screen
    )


def _oval(x: float, y: float, width: float, height: float) -> str:
    half = f"a{num(width)} {num(height)} 0 1 1"
    path = f"M{num(x - width)} {num(y)} {half} {num(2 * width)} 0 {half} {num(-2 * width)} 0"
    return line(path, STRONG, 9, more=' stroke-dasharray="26 20"')


def _words(text: str, x: float, y: float, *, style: Style = STRONG_TEXT, colour: str = INK) -> str:
    # no measuring here: scenes are put together when the module is read, before any font is needed
    weight = 700 if style.bold else 400
    look = f'font-size="{style.size}" font-weight="{weight}" fill="{colour}" text-anchor="middle"'
    return f'<text x="{num(x)}" y="{num(y)}" {look}>{text}</text>'


_BARE_FACE = (
    shape("M-120 190 C-116 120 -60 104 0 104 C60 104 116 120 120 190 Z", "#3f8fcf")
    + shape("M-74 -20 C-74 -120 74 -120 74 -20 C74 60 40 112 0 112 C-40 112 -74 60 -74 -20 Z", SKIN)
    + shape("M-78 -16 C-96 -136 96 -136 78 -16 C66 -66 -66 -66 -78 -16 Z", "#c9ced3")
    + circle(-28, -4, 7, BODY)
    + circle(28, -4, 7, BODY)
    + line("M0 4 L-7 32 H7", BODY, 5)
    + line("M-26 60 C-12 72 12 72 26 60", BODY, 6)
)
_SUN = circle(0, 0, 30, YELLOW) + line(
    "M0 -56 V-44 M0 44 V56 M-56 0 H-44 M44 0 H56 M-40 -40 L-32 -32 M32 32 L40 40 M-40 40 L-32 32 M32 -32 L40 -40",
    YELLOW,
    9,
)
SCENES: dict[str, Art] = {
    "the_o_dau_may": Art(_phone_back(165) + _held_card(30), 450, Box(160, 12, 252, 164)),
    "the_o_giua_may": Art(_phone_back(165) + _held_card(170), 450, Box(160, 152, 252, 164)),
    "khuon_mat": Art(
        at(280, 166, 1, _BARE_FACE) + _oval(280, 176, 118, 152) + at(64, 84, 1, _SUN) + at(496, 84, 1, _SUN),
        384,
        Box(146, 10, 268, 356),
    ),
    "van_tay": Art(
        rect(Box(130, 20, 300, 290), BODY, round_by=36) + at(280, 165, 1.04, _fingerprint()),
        330,
        Box(126, 16, 308, 298),
    ),
    "may_cu_may_moi": Art(
        _small_phone(30, rect(Box(52, 130, 166, 84), YELLOW_PAPER, edge=YELLOW) + dots(59, 172, 6, 152))
        + _small_phone(320, rect(Box(342, 130, 166, 84), PAPER, edge=STRONG, thick=6) + dots(349, 172, 6, 152))
        + line("M252 172 H300 M284 152 L304 172 L284 192", RING, 12)
        + _words("Máy cũ", 135, 94)
        + _words("Máy mới", 425, 94),
        360,
        Box(334, 122, 182, 100),
    ),
    "khay_sim": Art(
        rect(Box(20, 50, 520, 190), "#cfd8df", round_by=30, edge=BODY, thick=5)
        + rect(Box(56, 80, 190, 130), PAPER, round_by=18, edge=STRONG, thick=6)
        + at(150, 82, 0.86, ICONS["sim"])
        + rect(Box(314, 80, 190, 130), PAPER, round_by=18, edge=EDGE)
        + _words("1", 110, 164, style=BIG, colour=STRONG)
        + _words("2", 409, 164, style=BIG, colour=SOFT_INK),
        262,
        Box(48, 72, 206, 146),
    ),
    "mat_sau_the": Art(
        rect(Box(20, 20, 520, 320), "#dfe6ec", round_by=28, edge=BODY, thick=5)
        + rect(Box(23, 62, 514, 62), BODY, round_by=0)
        + rect(Box(60, 152, 300, 46), PAPER, round_by=4, edge=EDGE)
        + at(96, 278, 0.5, circle(0, 0, 64, GREEN) + HANDSET)
        + dots(150, 278, 9, 320),
        360,
        Box(50, 232, 440, 92),
    ),
    "ngay_cho": Art(
        "".join(
            rect(Box(30 + 176 * n, 40, 148, 160), PAPER, edge=BODY, thick=5)
            + rect(Box(30 + 176 * n, 40, 148, 44), STRONG, round_by=14)
            + _words(str(n + 1), 104 + 176 * n, 164, style=BIG)
            for n in range(3)
        ),
        216,
        Box(16, 26, 528, 188),
    ),
    "giu_kin_ma": Art(
        at(132, 196, 1.3, person("#9b6fb0", "#c9ced3"))
        + shape(
            "M300 60 H520 q24 0 24 24 V164 q0 24 -24 24 H360 L300 230 L316 188 Q276 188 276 164 V84 q0 -24 24 -24 Z",
            PANEL,
        )
        + dots(302, 124, 6, 216)
        + line("M288 196 L536 54", RED, 16),
        330,
        Box(262, 40, 294, 174),
    ),
    "nguoi_huong_dan": Art(
        at(160, 150, 1.24, PEOPLE["tinh_nguyen_vien"])
        + at(400, 150, 1.24, person("#9b6fb0", "#d8dde1"))
        + rect(Box(10, 262, 540, 26), "#8a5a2b", round_by=8)
        + rect(Box(36, 286, 488, 54), "#b98148", round_by=6)
        + at(220, 150, 1.2, _PHONE),
        344,
        Box(6, 26, 548, 314),
    ),
}
