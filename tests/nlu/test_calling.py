"""What a text tells of forms of address."""

import pytest

from bot.nlu.calling import how_called


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("con ơi", {"self_word": "con"}),
        ("rồi nha con", {"self_word": "con"}),
        ("được không cháu", {"self_word": "chau"}),
        ("gọi tui là bà đi", {"called": "ba"}),
        ("kêu tôi bằng cô nha", {"called": "co"}),
        ("keu tui la bac", {"called": "bac"}),
        ("tui là bà già 75 tuổi", {"called": "ba"}),
        ("tui là đàn ông mà", {"gender": "man"}),
        ("tôi là phụ nữ", {"gender": "woman"}),
        ("chú bấm rồi nè con", {"self_word": "con", "own_title": "chu"}),
        ("dạ bà không thấy", {"own_title": "ba"}),
        ("con giúp bà đi", {"self_word": "con", "own_title": "ba"}),
        ("con ơi cho bà hỏi thăm", {"self_word": "con", "own_title": "ba"}),
        ("ở nhà con", {}),
        ("má con", {}),
        ("con giúp bà nội", {}),
        ("đừng gọi tui là bà", {}),
        ("cô tui chưa làm", {}),
        ("co khong", {}),
        ("ba tháng rồi", {}),
        ("", {}),
    ],
)
def test_how_people_call_themselves_and_the_bot(text: str, told: dict[str, str]) -> None:
    assert {each.name: each.value for each in how_called(text)} == told
