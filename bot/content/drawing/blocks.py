"""The blocks of a screen: small classes whose first field is the word an author writes; what is typed is only dots."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.content.drawing.art import BRINGS, HANDSET, ICONS, PEOPLE, SCENE_WIDTH, SCENES, icon, person
from bot.content.drawing.pen import (
    BIG,
    BUTTON,
    CALM,
    CHOSEN,
    EDGE,
    GREEN,
    GREEN_PAPER,
    INK,
    KEY,
    LABEL,
    PANEL,
    PAPER,
    RED,
    RED_PAPER,
    SOFT_INK,
    STRONG,
    STRONG_TEXT,
    TEXT,
    TITLE,
    YELLOW,
    YELLOW_PAPER,
    Box,
    Drawn,
    Place,
    Style,
    at,
    circle,
    cross,
    dots,
    letters,
    line,
    num,
    rect,
    shape,
    tick,
    write,
)

# how far a ring keeps other things away
_CLEAR = 20
_NOTHING = Drawn("", 0, Box(0, 0, 0, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Block(ABC):
    """One thing on a screen. ``press`` brings ring and hand, ``look`` the ring alone."""

    press: bool = False
    look: bool = False

    @property
    def stands_out(self) -> bool:
        return self.press or self.look

    @abstractmethod
    def draw(self, place: Place) -> Drawn:
        """The block at a place, and how much of it was used."""


def one_of(names: Callable[[], tuple[str, ...]]) -> dict[str, Callable[[], tuple[str, ...]]]:
    """Metadata of a field that takes one of a few words."""
    return {"words": names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Title(Block):
    """A heading."""

    title: str

    def draw(self, place: Place) -> Drawn:
        return write(self.title, place, TITLE, centre=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Block):
    """Plain words."""

    text: str

    def draw(self, place: Place) -> Drawn:
        return write(self.text, place, TEXT, most=4, centre=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Block):
    """A hint on pale yellow."""

    note: str

    def draw(self, place: Place) -> Drawn:
        words = write(self.note, place.inside(left=24, top=14, right=24), TEXT, most=4, centre=True)
        box = Box(place.x, place.y, place.width, words.height + 30)
        return Drawn(rect(box, YELLOW_PAPER, edge=YELLOW) + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forbid(Block):
    """What one must not do: a red panel with a cross."""

    forbid: str

    def draw(self, place: Place) -> Drawn:
        words = write(self.forbid, place.inside(left=112, top=20, right=16), STRONG_TEXT, colour=RED, most=4)
        box = Box(place.x, place.y, place.width, max(words.height + 42, 104))
        middle = place.y + box.height / 2
        words = write(
            self.forbid,
            Place(place.x + 112, middle - words.height / 2, place.width - 128),
            STRONG_TEXT,
            colour=RED,
            most=4,
        )
        sign = circle(place.x + 58, middle, 36, RED) + cross(place.x + 58, middle, 66)
        return Drawn(rect(box, RED_PAPER, edge=RED, thick=4) + sign + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick(Block):
    """Something that went well."""

    tick: str

    def draw(self, place: Place) -> Drawn:
        words = write(self.tick, place.inside(left=16, top=156, right=16), STRONG_TEXT, colour=GREEN, centre=True)
        box = Box(place.x, place.y, place.width, words.height + 178)
        sign = circle(place.middle, place.y + 84, 60, GREEN) + tick(place.middle, place.y + 84, 110)
        return Drawn(rect(box, GREEN_PAPER, edge=GREEN) + sign + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field(Block):
    """A place to type in; ``dots`` stand for what is typed."""

    field: str
    dots: int = 0

    def draw(self, place: Place) -> Drawn:
        words = write(self.field, place, LABEL, most=2, colour=SOFT_INK)
        top = words.height + (_CLEAR if self.stands_out else 8)
        box = Box(place.x, place.y + top, place.width, 80)
        typed = dots(box.x + 20, box.y + 40, self.dots, box.width - 40) if self.dots else ""
        return Drawn(words.svg + rect(box, PAPER, edge=EDGE, thick=4) + typed, top + 80, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search(Block):
    """The search line of a store."""

    search: str

    def draw(self, place: Place) -> Drawn:
        box = Box(place.x, place.y, place.width, 84)
        words = write(self.search, place.inside(left=92, top=18, right=24), Style(38, bold=True), most=1)
        glass = circle(place.x + 46, place.y + 38, 17, "none", edge=INK, thick=6)
        handle = line(f"M{num(place.x + 59)} {num(place.y + 51)} l13 13", INK, 7)
        return Drawn(rect(box, PANEL, round_by=42, edge=EDGE) + glass + handle + words.svg, 84, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address(Block):
    """The address line of a browser."""

    address: str

    def draw(self, place: Place) -> Drawn:
        box = Box(place.x, place.y, place.width, 76)
        words = write(self.address, place.inside(left=30, top=14, right=24), STRONG_TEXT, most=1)
        return Drawn(rect(box, PAPER, round_by=38, edge=EDGE, thick=4) + words.svg, 76, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Button(Block):
    """A button over the whole width."""

    button: str

    def draw(self, place: Place) -> Drawn:
        fill, colour = (STRONG, PAPER) if self.stands_out else (CALM, INK)
        words = write(self.button, place.inside(left=20, top=24, right=20), BUTTON, colour=colour, centre=True)
        box = Box(place.x, place.y, place.width, words.height + 44)
        return Drawn(rect(box, fill, round_by=22) + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row(Block):
    """A line of a list."""

    row: str
    drawing: str = field(default="", metadata=one_of(lambda: tuple(ICONS)))
    detail: str = ""

    def draw(self, place: Place) -> Drawn:
        left = 100 if self.drawing else 24
        strong = self.stands_out
        name = write(self.row, place.inside(left=left, top=20, right=56), Style(36, bold=strong), most=3)
        more = self._detail(place.inside(left=left, top=20 + name.height, right=56))
        box = Box(place.x, place.y, place.width, max(name.height + more.height + 36, 92))
        lift = (box.height - name.height - more.height - 36) / 2
        picture = icon(self.drawing, place.x + 20, place.y + box.height / 2 - 32, 64) if self.drawing else ""
        arrow = line(f"M{num(place.x + place.width - 36)} {num(place.y + box.height / 2 - 14)} l14 14 l-14 14", INK, 6)
        fill, edge = (CHOSEN, STRONG) if strong else (PAPER, EDGE)
        words = at(0, lift, 1, name.svg + more.svg)
        return Drawn(rect(box, fill, edge=edge) + picture + words + arrow, box.height, box)

    def _detail(self, place: Place) -> Drawn:
        return write(self.detail, place, Style(30), colour=SOFT_INK, most=2) if self.detail else _NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Icon(Block):
    """A picture with its name; icons that follow one another stand in a grid."""

    icon: str
    drawing: str = field(metadata=one_of(lambda: tuple(ICONS)))

    def draw(self, place: Place) -> Drawn:
        words = write(self.icon, place.inside(left=8, top=130, right=8), Style(34, bold=True), most=3, centre=True)
        box = Box(place.x, place.y, place.width, words.height + 146)
        fill, edge = (CHOSEN, STRONG) if self.stands_out else (PAPER, EDGE)
        picture = icon(self.drawing, place.middle - 52, place.y + 20, 104)
        return Drawn(rect(box, fill, edge=edge) + picture + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check(Block):
    """A box to tick, drawn ticked."""

    check: str

    def draw(self, place: Place) -> Drawn:
        words = write(self.check, place.inside(left=92), TEXT, most=5)
        height = max(words.height, 70)
        box = Box(place.x + 4, place.y + 2, 64, 64)
        fill = STRONG if self.stands_out else SOFT_INK
        svg = rect(box, fill, round_by=12) + tick(box.middle, box.y + 32, 62)
        svg += at(0, (height - words.height) / 2, 1, words.svg)
        return Drawn(svg, height, Box(place.x - 4, place.y - 6, place.width + 8, height + 12))


@dataclass(frozen=True, slots=True, kw_only=True)
class Store(Block):
    """An app in the store, with the button that installs it."""

    store: str
    by: str = ""
    button: str = ""

    def draw(self, place: Place) -> Drawn:
        name = write(self.store, place.inside(left=136, top=18, right=16), Style(42, bold=True), most=2)
        below = place.inside(left=136, top=20 + name.height, right=16)
        maker = write(self.by, below, Style(30), colour=SOFT_INK, most=3) if self.by else _NOTHING
        height = max(name.height + maker.height + 40, 136)
        frame = Box(place.x, place.y, place.width, height)
        lift = at(0, (height - name.height - maker.height - 40) / 2, 1, name.svg + maker.svg)
        svg = icon("ung_dung", place.x + 16, place.y + 16, 104) + lift
        if not self.button:
            fill, edge = (CHOSEN, STRONG) if self.stands_out else (PAPER, EDGE)
            return Drawn(rect(frame, fill, edge=edge) + svg, height, frame)
        install = Button(button=self.button, press=self.press, look=self.look)
        pill = install.draw(place.inside(left=32, top=height + 12, right=32))
        whole = Box(frame.x, frame.y, frame.width, height + pill.height + 44)
        return Drawn(rect(whole, PAPER, edge=EDGE) + svg + pill.svg, whole.height, pill.focus)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Block):
    """A message that came by SMS; ``dots`` stand for the code in it."""

    message: str
    sender: str = ""
    dots: int = 0

    def draw(self, place: Place) -> Drawn:
        who = write(self.sender, place, STRONG_TEXT, most=1) if self.sender else _NOTHING
        top = place.y + who.height + (_CLEAR if self.stands_out else 6)
        words = write(self.message, Place(place.x + 26, top + 18, place.width - 66), TEXT, most=5)
        box = Box(place.x, top, place.width - 14, words.height + 40 + (54 if self.dots else 0))
        code = dots(box.x + 26, top + words.height + 48, self.dots, box.width - 52) if self.dots else ""
        tail = (
            ""
            if self.stands_out
            else shape(f"M{num(box.x + 30)} {num(box.bottom - 3)} l-14 30 l48 -30 z", PANEL, edge=PANEL)
        )
        return Drawn(who.svg + tail + rect(box, PANEL, round_by=26) + words.svg + code, box.bottom - place.y + 28, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pad(Block):
    """A row of dots over the keys one types them with."""

    pad: str
    dots: int = 6

    def draw(self, place: Place) -> Drawn:
        words = write(self.pad, place, TEXT, most=2, centre=True)
        step, top = min(64, (place.width - 88) / self.dots), words.height + _CLEAR
        middle = place.y + top + 34
        left = place.middle - step * (self.dots - 1) / 2
        typed = "".join(circle(left + step * n, middle, step / 4, INK) for n in range(self.dots))
        keys = number_keys(place.inside(left=40, top=top + 68 + _CLEAR, right=40), 74, names="123456789 0 ")
        box = Box(left - 44, middle - 34, step * (self.dots - 1) + 88, 68)
        ring = rect(box, PANEL, round_by=34)
        return Drawn(words.svg + ring + typed + keys.svg, top + 68 + _CLEAR + keys.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dial(Block):
    """A hotline and the green key that calls it."""

    dial: str

    def draw(self, place: Place) -> Drawn:
        number = write(self.dial, place.inside(top=10), BIG, most=1, centre=True)
        x, y = place.middle, place.y + number.height + 106
        key = circle(x, y, 72, GREEN) + at(x, y, 0.8, HANDSET)
        return Drawn(number.svg + key, number.height + 190, Box(x - 76, y - 76, 152, 152))


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Block):
    """Somebody rings; ``says`` is what they want; the red key hangs up."""

    call: str
    says: str = ""

    def draw(self, place: Place) -> Drawn:
        head = at(place.middle, place.y + 62, 0.62, circle(0, 0, 92, EDGE) + person(INK, "#cfd8df", face=False))
        name = write(self.call, place.inside(top=128), TITLE, most=2, centre=True)
        said = self._bubble(place.inside(top=140 + name.height))
        x, y = place.middle, place.y + 140 + name.height + said.height + 96
        key = circle(x, y, 74, RED) + at(x, y + 6, 0.8, HANDSET, turn=135)
        height = 140 + name.height + said.height + 176
        return Drawn(head + name.svg + said.svg + key, height, Box(x - 78, y - 78, 156, 156))

    def _bubble(self, place: Place) -> Drawn:
        if not self.says:
            return _NOTHING
        words = write(self.says, place.inside(left=24, top=16, right=24), TEXT, colour=RED, most=3, centre=True)
        box = Box(place.x, place.y, place.width, words.height + 36)
        return Drawn(rect(box, RED_PAPER, round_by=26, edge=RED) + words.svg, box.height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter(Block):
    """A desk under a sign, somebody behind it, and what one brings."""

    counter: str
    who: str = field(default="can_bo", metadata=one_of(lambda: tuple(PEOPLE)))
    brings: str = field(default="", metadata=one_of(lambda: tuple(BRINGS)))

    def draw(self, place: Place) -> Drawn:
        sign = write(
            self.counter,
            place.inside(left=20, top=18, right=20),
            Style(42, bold=True),
            colour=PAPER,
            most=3,
            centre=True,
        )
        board = rect(Box(place.x, place.y, place.width, sign.height + 36), STRONG, round_by=12)
        top = place.y + sign.height + 36
        wall = rect(Box(place.x + 14, top, place.width - 28, 230), PANEL, round_by=0)
        somebody = at(place.middle, top + 126, 1.16, PEOPLE[self.who])
        desk_top = rect(Box(place.x - 4, top + 226, place.width + 8, 26), "#8a5a2b", round_by=8)
        desk = rect(Box(place.x + 20, top + 250, place.width - 40, 120), "#b98148", round_by=6)
        things = at(place.middle, top + 226, 1, BRINGS[self.brings]) if self.brings else ""
        height = sign.height + 36 + 370
        box = Box(place.x - 2, place.y, place.width + 4, sign.height + 36)
        return Drawn(wall + board + sign.svg + somebody + desk + desk_top + things, height, box)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene(Block):
    """One of the ready drawings, with words under it."""

    scene: str = field(metadata=one_of(lambda: tuple(SCENES)))
    label: str = ""

    def draw(self, place: Place) -> Drawn:
        art, gap = SCENES[self.scene], _CLEAR if self.stands_out else 10
        scale = min(1, place.width / SCENE_WIDTH)
        x = place.middle - SCENE_WIDTH * scale / 2
        words = (
            write(self.label, place.inside(top=art.height * scale + gap), STRONG_TEXT, centre=True)
            if self.label
            else _NOTHING
        )
        box = Box(
            x + art.focus.x * scale, place.y + art.focus.y * scale, art.focus.width * scale, art.focus.height * scale
        )
        return Drawn(at(x, place.y, scale, art.svg) + words.svg, art.height * scale + words.height + gap, box)


def number_keys(place: Place, height: float, *, names: str) -> Drawn:
    """The keys of a number pad, three in a row; a space leaves a hole."""
    gap, width = 12, (place.width - 24) / 3
    svg = ""
    for n, name in enumerate(names):
        if name == " ":
            continue
        box = Box(place.x + n % 3 * (width + gap), place.y + n // 3 * (height + gap), width, height)
        baseline = box.y + height / 2 + KEY.size * 0.36
        svg += rect(box, PANEL, round_by=18, edge=EDGE, thick=2) + letters(
            name, box.middle, baseline, KEY, INK, anchor="middle"
        )
    whole = Box(place.x, place.y, place.width, 4 * height + 3 * gap)
    return Drawn(svg, whole.height, whole)


BLOCKS: dict[str, type[Block]] = {
    "title": Title,
    "text": Text,
    "note": Note,
    "forbid": Forbid,
    "tick": Tick,
    "field": Field,
    "search": Search,
    "address": Address,
    "button": Button,
    "row": Row,
    "icon": Icon,
    "check": Check,
    "store": Store,
    "message": Message,
    "pad": Pad,
    "dial": Dial,
    "call": Call,
    "counter": Counter,
    "scene": Scene,
}
