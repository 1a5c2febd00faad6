"""Numbers as people write them: in groups, with signs between, spelled in Vietnamese, or all of it mixed."""

from dataclasses import dataclass, field
from typing import Final

from bot.shield.view import View

# spelled digits with their marks; a word typed with marks must be one of these, so "bà" is never a three
_SPELLED: Final[dict[str, str]] = {
    "không": "0", "một": "1", "mốt": "1", "hai": "2", "ba": "3", "bốn": "4", "tư": "4", "năm": "5", "lăm": "5",
    "nhăm": "5", "sáu": "6", "bảy": "7", "bẩy": "7", "tám": "8", "chín": "9", "linh": "0", "lẻ": "0",
}  # fmt: skip
_BARE: Final[dict[str, str]] = {
    "khong": "0", "mot": "1", "hai": "2", "ba": "3", "bon": "4", "tu": "4", "nam": "5", "lam": "5", "sau": "6",
    "bay": "7", "tam": "8", "chin": "9",
}  # fmt: skip
_TENS: Final = frozenset({"mươi", "mười", "muoi", "chục"})

# words of amounts: nobody spells a code with them
_AMOUNT: Final = frozenset({"trăm", "tram", "nghìn", "nghin", "ngàn", "ngan", "triệu", "trieu", "tỷ", "tỉ", "ty"})
_MAYBE_SPELLED: Final = frozenset(_BARE) | {
    "muoi",
    "tram",
    "nghin",
    "ngan",
    "trieu",
    "ty",
    "chuc",
    "nham",
    "linh",
    "le",
}

# said between two digits: "sáu số một", "bốn tám rồi hai chín", "12 chấm 34"
_BETWEEN: Final = frozenset({"so", "gach", "cham", "phay", "roi", "xong", "tiep", "ngang", "xuyet", "xet"})
_SIGNS: Final = frozenset(".,-/_~()|*'\"=–+")

# blanks and signs between two groups of one number
_WIDEST_GAP: Final = 4

# signs with which a bank covers up the middle of an account
_MOST_STARS: Final = 12

# a group this long is a number of its own, never a part of the next
_WHOLE: Final = 9

# beside a spelled digit a group this long is another number: "ba 0901…" is father's, "năm 1952" a year
_MIXED: Final = 2

# letters typed for digits where they touch digits
_LETTERS: Final[dict[str, str]] = {"o": "0", "l": "1", "i": "1"}


@dataclass(frozen=True, slots=True)
class Group:
    """One word of a number. ``spelled`` in Vietnamese; ``amount``: a word such as "nghìn", which no code holds."""

    word: int
    digits: str
    spelled: bool = False
    amount: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """Groups that belong together, with the signs between them. ``signs[i]`` stands before ``groups[i + 1]``."""

    groups: tuple[Group, ...]
    signs: tuple[str, ...]
    digits: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "digits", "".join(group.digits for group in self.groups))

    @property
    def first(self) -> int:
        return self.groups[0].word

    @property
    def last(self) -> int:
        return self.groups[-1].word

    @property
    def is_spelled(self) -> bool:
        return all(group.spelled for group in self.groups)

    @property
    def is_amount(self) -> bool:
        return any(group.amount for group in self.groups)


def numbers_in(view: View, fixed: frozenset[int]) -> list[Number]:
    """The numbers of a text, left to right; ``fixed`` words (dates, times, money) take no part."""
    groups = _groups(view, fixed)
    found: list[Number] = []
    start = 0
    signs: list[str] = []
    for at in range(1, len(groups) + 1):
        sign = _join(view, groups[at - 1], groups[at]) if at < len(groups) else None
        if sign is not None:
            signs.append(sign)
            continue
        found.append(Number(tuple(groups[start:at]), tuple(signs)))
        start, signs = at, []
    return found


def _groups(view: View, fixed: frozenset[int]) -> list[Group]:
    groups = []
    words = view.words
    for at, word in enumerate(words):
        if at in fixed:
            continue
        if word[0] in "0123456789":
            groups.append(Group(at, word))
        elif word in _MAYBE_SPELLED:
            group = _spelled(view, at, groups[-1] if groups else None)
            if group:
                groups.append(group)
        elif word in _LETTERS and _touches_digits(view, at):
            groups.append(Group(at, _LETTERS[word]))
        elif _inside_digits(view, at) or _covers_digits(view, at):
            groups.append(Group(at, ""))
    return groups


def _spelled(view: View, at: int, before: Group | None) -> Group | None:
    typed = view.as_typed(at, at)
    if typed in _AMOUNT:
        # "ngân hàng" is typed "ngan hang"
        follows = view.words[at + 1] if at + 1 < len(view.words) else ""
        counts = before is not None and before.word == at - 1 and follows != "hang"
        return Group(at, "", spelled=True, amount=True) if counts else None
    if typed in _TENS:
        return Group(at, _tens(view, at, before), spelled=True)
    digit = _SPELLED.get(typed) or _BARE.get(typed)
    return Group(at, digit, spelled=True) if digit else None


def _tens(view: View, at: int, before: Group | None) -> str:
    """Digits a word for ten adds: "hai mươi" 20, "hai mươi ba" 23, "mười" 10, "mười ba" 13."""
    after_digit = before is not None and before.word == at - 1
    follows = view.words[at + 1] if at + 1 < len(view.words) else ""
    before_digit = follows in _BARE
    if after_digit and before_digit:
        return ""
    if after_digit:
        return "0"
    return "1" if before_digit else "10"


def _touches_digits(view: View, at: int) -> bool:
    words = view.words
    before = view.glued(at) and words[at - 1].isdecimal()
    after = at + 1 < len(words) and view.glued(at + 1) and words[at + 1].isdecimal()
    return before or after


def _inside_digits(view: View, at: int) -> bool:
    """The letter of an account such as "711A12345678"."""
    words = view.words
    if len(words[at]) > 1 or not words[at].isalpha() or at + 1 == len(words):
        return False
    if not view.glued(at) or not view.glued(at + 1):
        return False
    return all(near.isdecimal() and len(near) >= 3 for near in (words[at - 1], words[at + 1]))


def _covers_digits(view: View, at: int) -> bool:
    """The part of an account that a bank's message covers up: "xxx6789"."""
    words = view.words
    covers = set(words[at]) == {"x"} and len(words[at]) > 1
    return covers and at + 1 < len(words) and view.glued(at + 1) and words[at + 1].isdecimal()


def _join(view: View, left: Group, right: Group) -> str | None:
    """The signs between two groups of one number, or None where they are not one."""
    between = range(left.word + 1, right.word)
    if len(between) > 2 and not (len(between) <= _MOST_STARS and all(view.words[word] == "*" for word in between)):
        return None
    gap = view.plain[view.stops[left.word] : view.begins[right.word]]
    if "\n" in gap and (len(left.digits) > 1 or len(right.digits) > 1):
        return None
    alone = len(left.digits) >= _WHOLE or len(right.digits) >= _WHOLE
    if alone and any(map(str.isspace, gap)) and not (left.digits == "84" and len(right.digits) == _WHOLE):
        return None
    if left.spelled != right.spelled and max(len(left.digits), len(right.digits)) > _MIXED:
        return None
    if not between:
        return gap
    said = [view.words[word] for word in between]
    if all(sign in _SIGNS for sign in said) and (len(gap) <= _WIDEST_GAP or set(gap) == {"*"}):
        both_long = len(left.digits) >= 4 and len(right.digits) >= 4
        return None if gap.startswith(",") and " " in gap and both_long else gap
    if all(word in _BETWEEN or word in _SIGNS for word in said):
        spoken = left.spelled and right.spelled
        grouped = len(left.digits) > 1 and len(right.digits) > 1
        return " " if spoken or grouped else None
    return None
