"""What a turn becomes on channels of every ability: nothing lost, nothing doubled, everything within the limits."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.channel import Abilities, Part
from bot.channels.fitting import fit, units
from bot.channels.messages import Buttons, Message, Picture, Text
from bot.core.replies import Button

BY_NUMBER = "Mình gõ số nha:"

TELEGRAM = Abilities(text=4096, buttons=100, label=64, caption=1024)
ZALO_OA = Abilities(text=2000, buttons=5, label=100, caption=2000)
ZALO_BOT = Abilities(text=2000, caption=2000)

STEP = Text("Mở app rồi bấm Đăng nhập nha cô.", "Bước 3/8: Mở app", 3, 8)
ASK = Text("Cô mở được chưa ạ?")
PICTURE = Picture("dang_nhap", "Nút Đăng nhập màu đỏ")


def choices(*labels: str) -> Buttons:
    return Buttons(tuple(Button(f"viec/buoc/{number}", label) for number, label in enumerate(labels)))


THREE = choices("Xong rồi", "Chưa được", "Nghe lại")


def slow(main: int) -> Buttons:
    """Three choices in elder mode."""
    return replace(THREE, main=main)


SIX = choices("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu")
NUMBERED = "Mình gõ số nha:\n1. Xong rồi\n2. Chưa được\n3. Nghe lại"
WITH_CAPTION = Part("Nút Đăng nhập màu đỏ", picture="dang_nhap")


def shown(*messages: Message, on: Abilities) -> list[Part]:
    return list(fit(messages, on, by_number=BY_NUMBER))


CASES = [
    ("a step with a picture", (STEP, PICTURE, THREE), TELEGRAM,
     [WITH_CAPTION, Part(STEP.whole, buttons=THREE.buttons)]),
    ("a picture without room for its caption", (STEP, PICTURE), replace(TELEGRAM, caption=10),
     [Part(picture="dang_nhap"), Part(PICTURE.caption), Part(STEP.whole)]),
    ("no captions at all", (PICTURE,), replace(TELEGRAM, caption=0),
     [Part(picture="dang_nhap"), Part(PICTURE.caption)]),
    ("no pictures at all", (STEP, PICTURE), replace(ZALO_BOT, pictures=False),
     [Part(PICTURE.caption), Part(STEP.whole)]),
    ("a picture that has no caption", (Picture("kho", ""), ASK), TELEGRAM, [Part(picture="kho"), Part(ASK.text)]),
    ("buttons below the last text", (STEP, ASK, THREE), ZALO_OA,
     [Part(STEP.whole), Part(ASK.text, buttons=THREE.buttons)]),
    ("numbers where there are no buttons", (ASK, THREE), ZALO_BOT, [Part(f"{ASK.text}\n\n{NUMBERED}")]),
    ("as many buttons as the channel has", (ASK, SIX), replace(ZALO_OA, buttons=6),
     [Part(ASK.text, buttons=SIX.buttons)]),
    ("one button too many", (ASK, SIX), ZALO_OA,
     [Part("Cô mở được chưa ạ?\n\nMình gõ số nha:\n1. Một\n2. Hai\n3. Ba\n4. Bốn\n5. Năm\n6. Sáu")]),
    ("a label too long is not shortened", (ASK, choices("Được", "Chưa được đâu cháu")), replace(ZALO_OA, label=10),
     [Part("Cô mở được chưa ạ?\n\nMình gõ số nha:\n1. Được\n2. Chưa được đâu cháu")]),
    ("no progress where it may not be told", (STEP, THREE), replace(TELEGRAM, progress=False),
     [Part(STEP.text, buttons=THREE.buttons)]),
    ("other words for progress", (Text("Mình tới bước 3.", discreet="Làm tiếp nha."),),
     replace(TELEGRAM, progress=False), [Part("Làm tiếp nha.")]),
    ("progress where it may be told", (Text("Mình tới bước 3.", discreet="Làm tiếp nha."),), ZALO_OA,
     [Part("Mình tới bước 3.")]),
    ("choices without any text", (THREE,), TELEGRAM, [Part(NUMBERED)]),
    ("choices below a picture alone", (PICTURE, THREE), TELEGRAM, [WITH_CAPTION, Part(NUMBERED)]),
    ("no room for the numbers below the text", (Text("a" * 70), THREE), Abilities(text=80),
     [Part("a" * 70), Part(NUMBERED)]),
    ("numbers over several parts", (ASK, THREE), Abilities(text=30),
     [Part(ASK.text), Part("Mình gõ số nha:\n1. Xong rồi"), Part("2. Chưa được\n3. Nghe lại")]),
    ("elder mode: two buttons, the others by number", (ASK, slow(2)), TELEGRAM,
     [Part(f"{ASK.text}\n\nMình gõ số nha:\n3. Nghe lại", buttons=THREE.buttons[:2])]),
    ("elder mode where there are no buttons", (ASK, slow(2)), ZALO_BOT, [Part(f"{ASK.text}\n\n{NUMBERED}")]),
    ("elder mode: a list to pick from by number", (ASK, slow(0)), TELEGRAM, [Part(f"{ASK.text}\n\n{NUMBERED}")]),
    ("elder mode: all are main ones", (ASK, slow(3)), TELEGRAM, [Part(ASK.text, buttons=THREE.buttons)]),
    ("elder mode: no room for the numbers", (Text("a" * 70), slow(2)), Abilities(text=80, buttons=5, label=20),
     [Part("a" * 70), Part(NUMBERED)]),
    ("a large picture", (replace(PICTURE, large=True),), TELEGRAM,
     [Part(PICTURE.caption, picture="dang_nhap-large")]),
    ("nothing to say", (), TELEGRAM, []),
    ("a blank text", (Text("  \n"), ASK), TELEGRAM, [Part(ASK.text)]),
]  # fmt: skip


@pytest.mark.parametrize(("messages", "abilities", "expected"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_what_a_channel_shows(messages: tuple[Message, ...], abilities: Abilities, expected: list[Part]) -> None:
    assert shown(*messages, on=abilities) == expected


# limits below are those of the platform; 95 % of them are used
CUTS = [
    ("at a paragraph", "Một hai.\n\nBa bốn. Năm sáu.", 21, ["Một hai.", "Ba bốn. Năm sáu."]),
    ("at a line", "Một hai ba.\nBốn năm. Sáu", 19, ["Một hai ba.", "Bốn năm. Sáu"]),
    ("at a sentence", "Một hai ba. Bốn năm sáu bảy.", 19, ["Một hai ba.", "Bốn năm sáu bảy."]),
    ("behind a closing quote", "Bấm “Xong.” Rồi chờ một chút", 20, ["Bấm “Xong.”", "Rồi chờ một chút"]),
    ("at a word", "một hai ba bốn năm", 13, ["một hai ba", "bốn năm"]),
    ("white space at the cut needs no room", "một hai ba bốn", 11, ["một hai ba", "bốn"]),
    ("not for a crumb", "Dạ.\n\nmột hai ba bốn năm sáu", 25, ["Dạ.\n\nmột hai ba bốn năm", "sáu"]),
    ("inside a word nobody types", "abcdefgh", 5, ["abcd", "efgh"]),
    ("not before a mark", "abca\u0302\u0301d", 5, ["abc", "a\u0302\u0301d"]),
    ("not inside a family", "ab👨\u200d👩\u200d👧c", 9, ["ab", "👨\u200d👩\u200d👧", "c"]),
    ("not before a skin tone", "ab👍🏽", 5, ["ab", "👍🏽"]),
    ("not inside a flag", "a🇻🇳🇻🇳", 8, ["a🇻🇳", "🇻🇳"]),
    ("marks without end are cut all the same", "a" + "\u0301" * 9, 5,
     ["a\u0301\u0301\u0301", "\u0301" * 4, "\u0301" * 2]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "limit", "expected"), [case[1:] for case in CUTS], ids=[case[0] for case in CUTS])
def test_where_a_long_text_is_cut(text: str, limit: int, expected: list[str]) -> None:
    assert [part.text for part in shown(Text(text), on=Abilities(text=limit))] == expected


def test_a_heading_stays_with_its_text() -> None:
    text = Text("Cô mở điện thoại lên rồi tìm app", "Bước 3/8: Mở", 3, 8)
    first, *_ = shown(text, on=Abilities(text=34))
    assert first.text == "Bước 3/8: Mở\nCô mở điện thoại"


def test_emoji_count_twice() -> None:
    assert units("á👍") == 3


def test_twice_the_same() -> None:
    messages = (Text("Chữ. " * 3000, "Bước 1/2: Dài"), PICTURE, SIX)
    assert shown(*messages, on=ZALO_OA) == shown(*messages, on=ZALO_OA)


# ---- whatever the content and the channel ----

_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
_spoken = st.lists(
    st.one_of(
        st.builds(Text, _words, st.sampled_from(["", "Bước 1/3: Mở"])),
        st.builds(Picture, st.sampled_from(["kho", "dang_nhap"]), _words),
    ),
    max_size=5,
)
# labels come from the content, which has no blank ones and no numbers before them
_labels = st.lists(st.from_regex(r"[a-zđấừ👍]{3,20}", fullmatch=True), max_size=12, unique=True)
_abilities = st.builds(
    Abilities,
    text=st.integers(48, 200),
    buttons=st.integers(0, 10),
    label=st.integers(0, 25),
    caption=st.integers(0, 100),
    pictures=st.booleans(),
)


def _bare(text: str) -> str:
    return "".join(text.split())


@given(_spoken, _labels, _abilities)
def test_nothing_is_lost_and_everything_fits(
    messages: list[Text | Picture], labels: list[str], abilities: Abilities
) -> None:
    parts = shown(*messages, choices(*labels), on=abilities)

    for part in parts:
        assert part.picture or part.text.strip()
        assert units(part.text) <= (abilities.caption if part.picture else abilities.text)
        assert len(part.buttons) <= abilities.buttons
        assert all(units(button.label) <= abilities.label for button in part.buttons)
    assert not any(part.buttons for part in parts[:-1])

    pictures = [message.name for message in messages if isinstance(message, Picture)]
    assert [part.picture for part in parts if part.picture] == (pictures if abilities.pictures else [])

    spoken, listed = _without_list(parts, labels)
    assert [button.label for part in parts for button in part.buttons] + listed == labels
    # texts in their order, captions in theirs
    wanted = "".join(message.whole if isinstance(message, Text) else message.caption for message in messages)
    assert sorted(_bare(spoken)) == sorted(_bare(wanted))
    assert _in_order(_bare(spoken), [_bare(m.whole) for m in messages if isinstance(m, Text)])


def _without_list(parts: list[Part], labels: list[str]) -> tuple[str, list[str]]:
    """What was said, and the labels that stand as numbered lines at the end."""
    said = "\n".join(part.text for part in parts)
    if not labels or any(part.buttons for part in parts):
        return said, []
    before, _, numbered = said.rpartition(BY_NUMBER)
    return before, re.findall(r"^\d+\. (.+)$", numbered, re.MULTILINE)


def _in_order(said: str, texts: list[str]) -> bool:
    at = 0
    for text in texts:
        found = said.find(text, at)
        if found < 0:
            return False
        at = found + len(text)
    return True
