"""Numbers that are secrets: every run of four digits or more, unless it is proven harmless.

The form of a number and the nearest word that names a secret say of which kind it is.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, cast

from bot.shield.kinds import Kind, Span
from bot.shield.lexicon import Hit, word_set
from bot.shield.numbers import Group, Number
from bot.shield.view import View

# words between a number and what names it
_FAR: Final = 12
_FAR_AFTER: Final = 4

# three digits are a card's check number this near to its name; "sau" on the way counts as a number between
_CVV_NEAR: Final = 7

# words of the longest name
_LONGEST_NAME: Final = 8

# a name behind a number counts as if it stood so much farther off
_BEHIND: Final = 2

# a name that may mean something else counts as if it stood so much farther off
_WEAKER: Final = 3

# a name this near decides against a form that could be harmless
_NEAR: Final = 3

_YEAR_LEADS: Final = word_set("""cap den han het hoi luat nam ngay qua sinh sn tet thang toi truoc tu""")
_UNITS: Final = word_set(
    """tuoi nam thang ngay gio phut giay lan nguoi ho km m met mb gb kb mah kg g % ky ki chu trang buoc lop phuong xa
    don may cai h hom bua buoi cuoc phong tang cau bai gram lit dua dan thanh vien hoc"""
)
_MONEY_LEADS: Final = word_set("""du gd gia lay luong mat phi sd sdc tien ton""")
_VERSION_LEADS: Final = word_set("""android app ban ios v ver version vneid windows""")
_MODEL_LEADS: Final = word_set("""galaxy iphone itel masstel nokia oppo realme redmi samsung vivo xiaomi""")
_PLACE_LEADS: Final = word_set("""can chi duong hem ho kiet lo ngach ngo nha phong ql tinh""")
_STREETS: Final = word_set("duong quoc tinh")
_CALL_LEADS: Final = word_set("""dai goi gui hotline nhan so soan tin""")

# between a class and its code
_CLASS_OWNERS: Final = word_set("cua co toi con em minh la ma so thay anh chi nay hoc : bac ba chu")

# around a bare number: politeness, and what points at it
_POLITE: Final = word_set(
    """da a nha ne nek nhe do day con em ad oi roi la so ma no chi anh co chu bac thua vang nghen hen u uh ok va ban
    minh toi nua ah nay roi do"""
)

# groups of people on health cards; "tk" and "nn" are left out, people type them for other things
_CARD_CODES: Final = word_set(
    """dn hx ch hc xk ht tb no ct xb tn cs qn ca cy xn ms cc ck cb kc hd te bt hn dt xd ts tc tq ta ty hg ls
    pv hs sv gb gd nd th tv td tu ba"""
)

_LENGTHS: Final[dict[Kind, tuple[int, int]]] = {
    "otp": (4, 8),
    "passcode": (4, 8),
    "password": (4, 40),
    "cccd": (12, 12),
    "cmnd": (9, 9),
    "bank_account": (6, 19),
    "card": (13, 19),
    "cvv": (3, 4),
    "phone": (8, 12),
    "insurance": (10, 10),
}


@dataclass(frozen=True, slots=True)
class Name:
    """A word near a number that names a secret, so many words away. ``strong``: it can mean nothing else."""

    kind: Kind
    distance: int
    strong: bool


def digit_spans(view: View, names: list[Hit], numbers: list[Number], hotlines: Collection[str]) -> list[Span]:
    """The secrets among the numbers."""
    bare = _is_bare(view, numbers)
    spans = []
    starts = [hit.first for hit in names]
    for at, number in enumerate(numbers):
        # names that stand too far off are not looked at, so that many names and many numbers cost no more than a few
        low = bisect_left(starts, number.first - _FAR - _LONGEST_NAME)
        close = names[low : bisect_right(starts, number.last + _FAR_AFTER + 1)]
        near = _near(number, numbers, at, close)
        spans.extend(_judge(view, number, near, bare=bare, hotlines=hotlines, lessons=close))
    return spans


def _judge(
    view: View, number: Number, near: list[Name], *, bare: bool, hotlines: Collection[str], lessons: list[Hit]
) -> list[Span]:
    digits = number.digits
    if (
        len(digits) == 3
        and any(name.kind == "cvv" and name.distance <= _CVV_NEAR for name in near)
        and not _has_unit(view, number)
    ):
        return [_span(view, number, "cvv")]
    if len(digits) < 4 or number.is_amount or not _is_said_clearly(view, number, near):
        return []
    named = bool(near) and near[0].strong and near[0].distance <= _NEAR
    if not named or near[0].kind == "phone":
        rest = _without_hotlines(number, hotlines)
        if rest != number:
            return [] if rest is None or len(rest.digits) < 4 else [_span(view, rest, kind_of(rest.digits, near))]
    if _is_harmless(
        view,
        number,
        named=named,
        close=bool(near) and near[0].distance == 0 and _fits(number, near[0].kind),
        bare=bare,
        lessons=lessons,
    ):
        return []
    return [_span(view, number, _kind(view, number, near))]


def looks_harmless(view: View, number: Number, hotlines: Collection[str]) -> bool:
    """A hotline or a number with its unit: no piece of a secret either."""
    return number.digits in hotlines or _has_unit(view, number)


def is_class_code(view: View, number: Number, lessons: list[Hit]) -> bool:
    """The code of a class that is named beside it."""
    return 4 <= len(number.digits) <= 8 and any(
        hit.meaning == "class" and _is_of_class(view, number, hit) for hit in lessons
    )


def kind_of(digits: str, near: list[Name]) -> Kind:
    """The nearest name that fits the length; a form that tells more than a weak name; any name; the length alone."""
    form = _form(digits)
    for name in near:
        low, high = _LENGTHS[name.kind]
        if low <= len(digits) <= high and (name.strong or name.distance == 0 or form is None or form == name.kind):
            return name.kind
    if form:
        return form
    if near and near[0].kind == "bank_account" and near[0].distance <= 1:
        return "bank_account"
    strong = [name.kind for name in near if name.strong and name.kind != "cvv"]
    if strong and len(digits) not in (9, 10, 12):
        return strong[0]
    return by_length(len(digits))


def _fits(number: Number, kind: Kind) -> bool:
    low, high = _LENGTHS[kind]
    return low <= len(number.digits) <= high


def by_length(count: int) -> Kind:
    """What so many digits most likely are."""
    if count <= 8:
        return "otp"
    return {9: "cmnd", 10: "insurance", 12: "cccd"}.get(count, "bank_account")  # type: ignore[return-value]


def looks_like_phone(digits: str) -> bool:
    """A Vietnamese number, mobile (old or new) or landline, with or without the country's code.

    >>> [looks_like_phone(each) for each in ("0901234567", "84901234567", "02838123456", "0123456789")]
    [True, True, True, False]
    """
    if digits.startswith("84") and len(digits) > 10:
        digits = "0" + digits[2:].lstrip("0")
    if len(digits) == 10:
        return digits[0] == "0" and digits[1] in "35789"
    return len(digits) == 11 and (digits.startswith("02") or digits[:3] in ("012", "016", "018", "019"))


def passes_luhn(digits: str) -> bool:
    """The check digit of bank cards (ISO/IEC 7812-1).

    >>> passes_luhn("4111111111111111"), passes_luhn("4111111111111112")
    (True, False)
    """
    doubled = (int(digit) * 2 for digit in digits[-2::-2])
    total = sum(int(digit) for digit in digits[-1::-2]) + sum(each - 9 if each > 9 else each for each in doubled)
    return total % 10 == 0


def _form(digits: str) -> Kind | None:
    """The kind that the digits themselves give away."""
    if looks_like_phone(digits):
        return "phone"
    if len(digits) == 12 and digits[0] == "0" and digits[3] in "0123":
        return "cccd"
    if 13 <= len(digits) <= 19 and digits[0] in "234569" and passes_luhn(digits):
        return "card"
    return None


def _kind(view: View, number: Number, near: list[Name]) -> Kind:
    if len(number.digits) == 13 and _health_code(view, number) is not None:
        return "insurance"
    return kind_of(number.digits, near)


def _span(view: View, number: Number, kind: Kind) -> Span:
    first = number.first
    if kind == "insurance" and len(number.digits) == 13:
        code = _health_code(view, number)
        first = first if code is None else code
    start, end = view.raw(view.begins[first], view.stops[number.last])
    return Span(start, end, kind)


def _health_code(view: View, number: Number) -> int | None:
    """The word before a health card's thirteen digits: two letters for the group of people."""
    before = number.first - 1
    while before > 0 and view.words[before] in "-.:":
        before -= 1
    if before < 0 or not view.as_typed(before, before).isascii():
        return None
    return before if before >= 0 and view.words[before] in _CARD_CODES else None


def _near(number: Number, numbers: list[Number], at: int, names: list[Hit]) -> list[Name]:
    """The names around a number, nearest first. A name with another number between has its number already."""
    left = numbers[at - 1].last if at else -1
    right = numbers[at + 1].first if at + 1 < len(numbers) else 1 << 30
    found = []
    for hit in names:
        if hit.meaning[-1] not in "!?" or hit.meaning == "answer!":
            continue
        kind = cast(Kind, hit.meaning[:-1])
        strong = hit.meaning[-1] == "!"
        if hit.last < number.first:
            distance = number.first - hit.last - 1 + (_BEHIND if hit.last < left else 0)
            if distance <= _FAR:
                found.append(Name(kind, distance, strong))
        elif hit.first > number.last:
            distance = hit.first - number.last - 1
            if distance <= _FAR_AFTER and hit.first < right:
                found.append(Name(kind, distance + _BEHIND, strong))
    return sorted(found, key=lambda name: name.distance + (0 if name.strong else _WEAKER))


def _is_bare(view: View, numbers: list[Number]) -> bool:
    """Nothing but numbers and a polite word or two."""
    inside: set[int] = set()
    for number in numbers:
        inside.update(range(number.first, number.last + 1))
    return all(at in inside or word in _POLITE or not word.isalnum() for at, word in enumerate(view.words))


def _is_said_clearly(view: View, number: Number, near: list[Name]) -> bool:
    """Spelled digits are also common words ("ba năm", "sau", "không"): a few of them by chance are no code."""
    if not number.is_spelled:
        return True
    words = [view.as_typed(group.word, group.word) for group in number.groups]
    if near and near[0].distance <= _NEAR:
        return len(words) >= 3
    marked = any(not word.isascii() for word in words)
    while words and words[-1] in ("không", "khong"):
        words.pop()
    return len(words) >= (4 if marked else 5)


def _without_hotlines(number: Number, hotlines: Collection[str]) -> Number | None:
    """The number without the listed hotlines that stand in it as whole groups."""
    if number.digits in hotlines:
        return None
    groups, signs = list(number.groups), ["", *number.signs]
    kept: list[int] = []
    at = 0
    while at < len(groups):
        size = _hotline_at(groups, at, hotlines)
        alone = size and all(
            sign == "" or " " in sign or "," in sign for sign in (signs[at], *signs[at + size : at + size + 1])
        )
        if alone:
            at += size
        else:
            kept.append(at)
            at += 1
    if len(kept) == len(groups):
        return number
    if not kept:
        return None
    if _form(number.digits) or by_length(len(number.digits)) != "otp":
        return number
    return Number(tuple(groups[each] for each in kept), tuple(" " for _ in kept[1:]))


def _hotline_at(groups: list[Group], at: int, hotlines: Collection[str]) -> int:
    """How many groups from here on are a listed hotline; none where they are not."""
    for size in (3, 2, 1):
        digits = "".join(group.digits for group in groups[at : at + size])
        # "một một hai" in the middle of a spelled code is no call for help
        if digits in hotlines and (size == 1 or len(digits) > 4):
            return size
    return 0


# ---- proofs that a number is harmless ----


def _is_harmless(view: View, number: Number, *, named: bool, close: bool, bare: bool, lessons: list[Hit]) -> bool:
    before = _words_before(view, number)
    if is_class_code(view, number, lessons):
        return True
    if _is_year(view, number, before, doubted=named or bare):
        return True
    if named:
        return False
    if bare:
        return _is_listed_thing(view, number, before) or (
            len(number.groups) == 2 and all(_year(g.digits) for g in number.groups)
        )
    return (
        _has_unit(view, number)
        or _is_said_sum(number, before)
        or _is_version(number, before)
        or _is_listed_thing(view, number, before)
        or _is_range(number)
    ) and not close


def _words_before(view: View, number: Number) -> list[str]:
    """Up to three words before a number, nearest first."""
    words: list[str] = []
    at = number.first - 1
    while at >= 0 and len(words) < 3:
        if view.words[at].isalnum():
            words.append(view.words[at])
        at -= 1
    return words + [""] * (3 - len(words))


def _is_of_class(view: View, number: Number, hit: Hit) -> bool:
    if hit.last < number.first:
        between = view.norms[hit.last + 1 : number.first]
        return len(between) <= 2 or (len(between) <= 5 and all(word in _CLASS_OWNERS for word in between))
    return hit.last > hit.first and hit.first - number.last <= 3


def _is_year(view: View, number: Number, before: list[str], *, doubted: bool) -> bool:
    digits = number.digits
    if number.is_spelled and digits[0] == "5" and view.words[number.first] == "nam":
        return len(digits) == 5 and _year(digits[1:])
    if len(number.groups) == 2 and len(digits) == 8:
        return not doubted and all(_year(group.digits) for group in number.groups)
    if len(number.groups) != 1 and not number.is_spelled:
        return False
    if not _year(digits):
        return False
    lead = before[0] in _YEAR_LEADS and not (before[0] == "sinh" and before[1] == "nam" and doubted)
    return lead if doubted else True


def _year(digits: str) -> bool:
    return len(digits) == 4 and digits[:2] in ("19", "20")


def _has_unit(view: View, number: Number) -> bool:
    after = number.last + 1
    if after >= len(view.words) or len(number.groups[-1].digits) > 6:
        return False
    # "093-881-2205 giờ mất sim": a telephone counts no hours
    if looks_like_phone(number.digits):
        return False
    unit = view.words[after]
    if unit not in _UNITS:
        return False
    return len(unit) > 1 or unit == "%" or view.glued(after) or len(number.digits) <= 4


def _is_said_sum(number: Number, before: list[str]) -> bool:
    return number.digits.endswith("00") and len(number.groups) == 1 and any(word in _MONEY_LEADS for word in before[:2])


def _is_version(number: Number, before: list[str]) -> bool:
    dotted = bool(number.signs) and all(sign == "." for sign in number.signs)
    return dotted and len(number.groups) <= 4 and len(number.digits) <= 6 and before[0] in _VERSION_LEADS


def _is_listed_thing(view: View, number: Number, before: list[str]) -> bool:
    """An error, a ward's or post code, a model of phone, a house, a short number to call, the start of numbers, steps."""
    last, second, _ = before
    count = len(number.digits)
    if "loi" in before or "error" in before:
        return count <= 5 or "ma" in before[:2] or last == "x"
    if (second, last) in (
        ("ma", "phuong"),
        ("ma", "xa"),
        ("buu", "chinh"),
        ("buu", "dien"),
        ("ma", "so"),
        ("dau", "so"),
    ):
        return count <= 6
    if last in _MODEL_LEADS:
        return count <= 5
    if last in ("buoc", "step", "muc", "phuong", "quan", "tang"):
        return all(len(group.digits) <= 2 for group in number.groups)
    follows = view.words[number.last + 1] if number.last + 1 < len(view.words) else ""
    if follows in _STREETS and count == 4:
        return True
    if last in _PLACE_LEADS or (last == "so" and second in _PLACE_LEADS):
        return count == 4 or "/" in "".join(number.signs)
    if "/" in "".join(number.signs):
        return all(len(group.digits) <= 4 for group in number.groups) and count not in (9, 10, 12)
    if count == 4 and len(number.groups) == 1:
        return last in _CALL_LEADS and (last != "so" or second in ("goi", "dai"))
    return False


def _is_range(number: Number) -> bool:
    """ "3-5", "15-30": from … to …."""
    if len(number.groups) != 2 or number.signs[0].strip() != "-":
        return False
    low, high = (group.digits for group in number.groups)
    return len(low) <= 2 and len(high) <= 3 and int(low) < int(high)
