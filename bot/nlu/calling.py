"""What a text tells of forms of address: what the person calls the bot, and what they want to be called or call
themselves.
"""

import re
from collections.abc import Iterator

from bot.core.meaning import Entity
from bot.core.text import fold, normal

# "con ơi", "cháu à"
_VOCATIVE = re.compile(r"\b(em|con|chau) (?:oi|a)\b")

# "rồi nha con", "được không cháu": the last word calls whoever is spoken to; "ở nhà con" does not
_AT_THE_END = re.compile(
    r"\b(?:nha|nhé|nhe|nghe|nghen|nè|ne|hả|ha|vậy|vay|zậy|zay|rồi|rùi|roi|không|khong|hông|hổng|hong|với|voi|đó|do|hen)"
    r" (em|con|cháu|chau)$"
)

# "gọi tui là bà đi", "kêu tôi bằng cô", "cứ gọi là chú"
_ASKED = re.compile(r"\b(?:goi|keu) (?:(?:toi|tui|minh|t|chi|anh|em) )?(?:la|bang) (co|chu|bac|ong|ba|anh|chi|di)\b")
_REFUSED = re.compile(r"\b(?:dung|khong|ko|hong) (?:goi|keu)\b")

# "tui là bà già", "tôi là đàn ông"
_SAID = re.compile(
    r"\b(?:toi|tui|minh) (?:la|thi la)? ?(ba gia|ong gia|ba lao|ong lao|dan ong|dan ba|phu nu|con gai|con trai)\b"
)
_OLD = {"ba gia": "ba", "ba lao": "ba", "ong gia": "ong", "ong lao": "ong"}
_MEN = frozenset({"dan ong", "con trai"})

# "chú hỏi con nè", "bà bấm rồi": a title that begins what is said and does something
_TITLES = {"cô": "co", "chú": "chu", "bác": "bac", "ông": "ong", "bà": "ba", "dì": "di"}
_BY_TITLE = re.compile(
    r"^(?:(?:dạ|ừ|ờ|à|thôi|rồi|mà|thưa|con ơi|cháu ơi|em ơi),? )*(cô|chú|bác|ông|bà|dì) "
    r"(?:hỏi|nói|muốn|bấm|làm|cài|gõ|nhập|mở|gửi|không|hông|hổng|ko|chưa|đã|đang|cũng|thấy|cần|quên|coi|xem|hiểu|biết|cảm|"
    r"cám|nè|đây|già|lớn|xong|sợ|mệt|xài|có|quay)\b"
)

# "cho bà hỏi thăm chút con"
_MAY_ASK = re.compile(r"\bcho (cô|chú|bác|ông|bà|dì) hỏi\b")

# "con giúp bà đi", "cháu chỉ cô cái này": it is the one who asks that is called bà
_PLEA = re.compile(
    r"^(?:(?:dạ|ê|thôi|ờ),? )*(con|cháu) (?:giúp|giùm|chỉ|nói|hướng dẫn|coi|đọc|cho) (?:giùm |dùm )?"
    r"(bà|ông|cô|chú|bác|dì)(?: (?:với|đi|coi|nha|cái|cách|làm|nghe|hỏi)\b|$)"
)


def how_called(text: str) -> tuple[Entity, ...]:
    """``self_word``: what the bot is called; ``called``: what the person asks to be called; ``gender`` and
    ``own_title``: what they call themselves by the way.

    >>> [(each.name, each.value) for each in how_called("Con ơi, gọi tui là bà đi")]
    [('self_word', 'con'), ('called', 'ba')]
    >>> [(each.name, each.value) for each in how_called("chú bấm rồi nha con")]
    [('self_word', 'con'), ('own_title', 'chu')]
    """
    return tuple(_found(normal(text).lower(), fold(text)))


def _found(kept: str, folded: str) -> Iterator[Entity]:
    kept = kept.rstrip(" .!?…")
    if plea := _PLEA.search(kept):
        yield Entity("self_word", fold(plea[1]))
        yield Entity("own_title", _TITLES[plea[2]])
        return
    if calls := _VOCATIVE.search(folded):
        yield Entity("self_word", calls[1])
    elif calls := _AT_THE_END.search(kept):
        yield Entity("self_word", fold(calls[1]))
    if (asked := _ASKED.search(folded)) and not _REFUSED.search(folded):
        yield Entity("called", asked[1])
    elif said := _SAID.search(folded):
        yield Entity("called", _OLD[said[1]]) if said[1] in _OLD else Entity("gender", _gender(said[1]))
    elif titled := _BY_TITLE.match(kept) or _MAY_ASK.search(kept):
        yield Entity("own_title", _TITLES[titled[1]])


def _gender(word: str) -> str:
    return "man" if word in _MEN else "woman"
