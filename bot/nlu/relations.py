"""Finds whom a text speaks about: "má tui", "giùm bà ngoại", "con gái". The same words are what people call themselves
and the bot ("con ơi, bác hỏi"), and "ba" is a number: a word counts only in company that makes it somebody else.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.core.meaning import Entity
from bot.core.text import fold
from bot.nlu.spoken import Phrases, Words, words_of
from bot.nlu.views import tone_last


def _marked(words: str) -> dict[str, str]:
    return {fold(word): tone_last(word) for word in words.split()}


# whose it is: "má tui", "con của em"
_OWNERS: Final = _marked("tui tôi tao mình mik em con cháu chị anh e tớ")
_FIRM_OWNERS: Final = frozenset({"tui", "toi", "minh", "mik"})

# titles by which two people address each other: "anh em" and "chú con" are no relation of somebody, "chú tui" is
_TITLES: Final = frozenset({"anh", "chị", "em", "cháu", "con", "cô", "chú", "bác", "dì", "cậu", "ông", "bà", "bạn"})
_OWNERS_OF: Final = {
    "anh": _FIRM_OWNERS, "em": _FIRM_OWNERS, "chị": _FIRM_OWNERS, "cháu": _FIRM_OWNERS,
    "con": _FIRM_OWNERS | {"em", "anh", "chi", "e"}, "bà": _FIRM_OWNERS | {"em"},
}  # fmt: skip
_TITLE_OWNERS: Final = _FIRM_OWNERS | {"em", "con"}

# for whom something is done, or whose thing it is: "giùm má", "số của mẹ", "máy ba"
_HELPERS: Final = frozenset(
    {"cho", "gium", "dum", "zum", "giup", "ho", "cua", "thay", "cung", "dua", "dan", "nho", "dat"}
)
_THINGS: Final = frozenset(
    {
        "may",
        "sim",
        "thoai",
        "dt",
        "the",
        "khoan",
        "tk",
        "cuoc",
        "vneid",
        "so",
        "cccd",
        "khau",
        "passcode",
        "ten",
        "luong",
    }
)

# with their marks these are said of somebody even with no owner, where nobody is called "con"
_ALONE: Final = frozenset({(tone_last(word),) for word in ("má", "mẹ", "bố", "vợ", "chồng")})

# without marks these are mostly something else: "mà", "vô", "mã vô", "ở xa"
_MUDDLED: Final = frozenset(
    {
        "ma", "vo", "noi", "bo", "chu", "cha", "ban", "bu", "u", "tia", "ma vo", "bo vo", "ba vo", "ba co",
        "ong co", "o xa", "ba gia", "ma de", "me de", "ma gia", "bo gia", "cha gia", "con cai", "con nho", "con lon",
        "con dau long", "con be", "tui nho", "chi dau", "ba chi", "ba ban", "bo me", "cac con", "ba di", "ong di",
        "ong chu", "ba me", "ong ba", "chi ba", "chi tu", "anh tu", "co ut", "di ut", "con rieng", "chi ca",
    }
)  # fmt: skip
_HOPELESS: Final = frozenset({"di", "co", "chi", "cau", "mo", "bam", "duong", "ba ban", "chi dau", "con be"})

# so these need an owner nobody mistakes, and the first ones also a place where no other word would stand
_BARE_OWNERS: Final = _FIRM_OWNERS | {"em", "nha", "cua", "chau"}
_AT_START: Final = frozenset({"ma", "noi", "chu", "bo", "u", "bu"})
_SURE_HELPERS: Final = frozenset({"cua", "gium", "dum", "cho"})
_NO_MARKS: Final = frozenset({"u", "bu"})

# behind a relation they call it or let it speak: "má ơi", "ngoại nè con", "mẹ hỏi"
_CALLED: Final = frozenset({"oi", "oii", "uoi", "ah", "nay", "ne", "day", "hoi", "chao", "nuoc"})
_SPEAKING: Final = frozenset({"day", "ne"})
_ASKING: Final = frozenset({"nha", "nhe", "nghen", "cai", "coi", "cach", "biet", "xem", "hieu", "vo", "vao"})
_PLEADED: Final = frozenset({"con", "chau", "em", "nha", "nhe", "a"})
_SAYING: Final = frozenset({"vo", "la", "voi", "rang", "chuyen", "khi"})

# what is counted: "ba tháng", "cho ba người"
_COUNTED: Final = frozenset(
    {
        "nguoi", "cai", "ngay", "thang", "nam", "lan", "buoc", "so", "gio", "phut", "tai", "ngan", "nghin", "trieu",
        "tram", "muoi", "chuc", "dua", "may", "sim", "tam", "the", "app", "loai", "muc", "tuan", "hom", "bua", "ma",
        "ty", "dong", "cuoc", "tin", "phuong", "quan", "chuyen", "viec", "cau", "chu", "phan", "xu", "roi", "mot",
        "chieu", "bon", "sau", "bay", "chin", "le", "gia", "rua", "cho", "con",
    }
)  # fmt: skip

# birth order behind a title: "dì Bảy", "chú Tư"; but "năm trăm" is money
_ORDER: Final = _marked("hai ba tư năm sáu bảy tám chín mười út")
_MONEY: Final = frozenset({"tram", "trieu", "ngan", "nghin", "muoi", "ty", "chuc"})

# words whose last syllable looks like a relation: "phản ánh", "hình ảnh"
_ADDRESSED: Final = frozenset({"thua", "da", "chao"})
_NOT_AFTER: Final = frozenset({"phan", "hinh", "tam", "chup", "chao"})


@dataclass(frozen=True, slots=True)
class _Form:
    value: str
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Speech(Words):
    """Words, and whether the bot is called "con" or "cháu" among them: then "má" may well be the one who writes."""

    calls: bool
    says_con: bool


class Relations:
    """The relations, by the ways to write them. ``sure`` ones count wherever they stand."""

    def __init__(self, forms: Mapping[str, str], sure: Collection[str]) -> None:
        table: dict[str, list[_Form]] = {}
        for form, value in forms.items():
            words = words_of(form)
            table.setdefault(" ".join(words.folded), []).append(_Form(value, tuple(words.kept)))
        self._forms = Phrases(table)
        self._sure = frozenset(fold(form) for form in sure)

    def find(self, words: Words) -> Iterator[Entity]:
        """Everybody a text speaks about, from left to right."""
        begins = self._forms.begins
        if begins.isdisjoint(words.folded):
            return
        speech = _speech(words)
        after = 0
        for at, word in enumerate(words.folded):
            if at < after or word not in begins:
                continue
            value, size = self._at(speech, at)
            if size:
                yield Entity("relation", value, words.starts[at], words.ends[at + size - 1])
                after = at + size

    def _at(self, words: _Speech, at: int) -> tuple[str, int]:
        found = self._forms.at(words.folded, at)
        while found:
            forms, size = found
            typed = words.kept[at : at + size]
            for form in sorted(forms, key=lambda each: tuple(typed) != each.kept):
                if _is(typed, form.kept) and self._counts(words, at, size, form):
                    return form.value, size
            found = self._forms.at(words.folded, at, size - 1)
        return "", 0

    def _counts(self, words: _Speech, at: int, size: int, form: _Form) -> bool:
        end = at + size
        folded = " ".join(words.folded[at:end])
        if at == 0 and form.value not in _TITLES and _says(words, end, _SPEAKING) and len(words) <= end + 2:
            # "má đây con": who took the phone says so
            return True
        if _says(words, end, _CALLED) or (at and words.folded[at - 1] in _not_after(form)):
            return False
        if folded in _NO_MARKS or tuple(words.kept[at:end]) != form.kept:
            return self._counts_bare(words, at, end, form, folded)
        if folded in self._sure or _is_owned(words, end, form.value):
            return True
        return _is_meant(words, at, end, form)

    def _counts_bare(self, words: _Speech, at: int, end: int, form: _Form, folded: str) -> bool:
        """As ``_counts``, for a word typed without the marks it has."""
        owned = _is_owned(words, end, form.value)
        if folded in _HOPELESS:
            return owned and at > 0 and words.folded[at - 1] in _SURE_HELPERS
        if folded in _MUDDLED:
            placed = at == 0 or folded not in _AT_START or _is_helped(words, at)
            return owned and placed and _says(words, end, _BARE_OWNERS)
        if folded in self._sure:
            return not (folded.endswith("noi") and _says(words, end, _SAYING))
        return owned or _is_meant(words, at, end, form)


def _not_after(form: _Form) -> Set[str]:
    return _NOT_AFTER | _ADDRESSED if form.value in _TITLES else _NOT_AFTER


def _is_meant(words: _Speech, at: int, end: int, form: _Form) -> bool:
    """Whether a word without an owner is somebody else, not the one who writes, nor a number."""
    helped = _is_helped(words, at)
    if form.value in _TITLES:
        return helped and _in_order(words, end)
    if words.calls or _says(words, end, _ASKING) or _pleads(words, end):
        return False
    if form.kept == ("ba",):
        return helped and not _says(words, end, _COUNTED)
    of_thing = at > 0 and words.folded[at - 1] in _THINGS and not _parted(words, at)
    marked = form.kept in _ALONE and tuple(words.kept[at:end]) == form.kept
    return helped or of_thing or (marked and not words.says_con)


def _is_helped(words: Words, at: int) -> bool:
    return at > 0 and words.folded[at - 1] in _HELPERS and not _parted(words, at)


def _pleads(words: Words, end: int) -> bool:
    """Whether "giúp má với", "chỉ ngoại đi" ends the matter; "má với ba em" goes on."""
    if not _says(words, end, frozenset({"voi", "di"})):
        return False
    return end + 1 == len(words) or words.folded[end + 1] in _PLEADED or _parted(words, end + 1)


def _is_owned(words: Words, end: int, value: str) -> bool:
    """Whether "tui", "của em" or "nhà tui" follows, and is not called itself: "giúp má, con ơi"."""
    owners: Collection[str] = _OWNERS_OF.get(value, _TITLE_OWNERS if value in _TITLES else _OWNERS)
    if value in _TITLES and _in_order(words, end):
        end += 1
    if end < len(words) and words.folded[end] == "cua":
        owners, end = _OWNERS, end + 1
    elif end < len(words) and words.folded[end] == "nha":
        end += 1
    if end >= len(words) or words.folded[end] not in owners or _parted(words, end):
        return False
    return _is(words.kept[end : end + 1], (_OWNERS[words.folded[end]],)) and not _says(
        words, end + 1, _CALLED - {"day", "hoi"}
    )


def _in_order(words: Words, at: int) -> bool:
    if at >= len(words) or words.folded[at] not in _ORDER or _parted(words, at):
        return False
    return _is(words.kept[at : at + 1], (_ORDER[words.folded[at]],)) and not _says(words, at + 1, _MONEY | _COUNTED)


def _is(typed: Sequence[str], meant: Sequence[str]) -> bool:
    """Whether words are spelled just so, or without any marks."""
    return all(
        word == other or (word == fold(other.rstrip("12345")) and word.isascii())
        for word, other in zip(typed, meant, strict=True)
    )


def _says(words: Words, at: int, any_of: frozenset[str]) -> bool:
    return at < len(words) and words.folded[at] in any_of and not _parted(words, at)


def _parted(words: Words, at: int) -> bool:
    """Whether a comma or the like stands before a word."""
    return any(sign in words.gap(at) for sign in ",.;:!?\n…—–\"'”")


def _speech(words: Words) -> _Speech:
    pairs = pairwise(words.folded)
    calls = any(called in ("con", "chau") and behind in ("oi", "a", "ne", "ha", "ah") for called, behind in pairs)
    says_con = not {"con", "chau"}.isdisjoint(words.folded)
    return _Speech(words.text, words.folded, words.kept, words.starts, words.ends, calls, says_con)
