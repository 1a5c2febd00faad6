"""Dates, times, money, decrees: numbers whose very form says that they are no secret (T34)."""

import re
from typing import Final

from bot.shield.lexicon import Hit
from bot.shield.view import View

_BEFORE: Final = r"(?<![\d.,/])"
_MONEY_UNIT: Final = r"(?:k|tr|d|dong|vnd|vnđ|trieu|nghin|ngan|ty|usd)"

# each repeats at most a few times over digits, so the time grows with the length of the text and no faster
_FORMS: Final = re.compile(
    rf"(?P<money>{_BEFORE}\d{{1,12}}(?:[.,]\d{{1,3}}){{0,4}}{_MONEY_UNIT}(?:\d{{1,3}})?(?![a-z\d]))"
    rf"|(?P<said>{_BEFORE}\d{{1,12}}(?:[.,]\d{{1,3}}){{0,4}}\s(?:dong|vnd|trieu|nghin|ngan|ty|usd|d)(?![a-z\d]))"
    rf"|(?P<round>{_BEFORE}[1-9]\d{{0,2}}(?:(?:\.\d{{3}}){{0,3}}\.000|(?:,\d{{3}}){{0,3}},000)(?![\d.,]*\d))"
    rf"|(?P<grouped>{_BEFORE}(?:(?!84\.)[1-9]\d?(?:\.\d{{3}}){{2,3}}|[1-9]\d{{0,2}}(?:,\d{{3}}){{2,4}})(?![.,]?\d))"
    rf"|(?P<signed>(?<![\w.])[+-]\s?(?!84[., ])\d{{1,3}}(?:[.,]\d{{3}}){{1,4}}(?![.,]?\d))"
    rf"|(?P<law>(?<![\d/])\d{{1,4}}/(?:\d{{4}}/)?[a-z]{{2,6}}\d{{0,2}}(?:-[a-z]{{2,6}}){{0,3}})"
    rf"|(?P<date>{_BEFORE}(?:\d{{1,2}}(?P<sep>[/.-])\d{{1,2}}(?P=sep)\d{{4}}|\d{{1,2}}/\d{{1,2}}/\d{{2}}"
    r"|\d{4}-\d{1,2}-\d{1,2})(?![\d/]))"
    r"|(?P<part>(?<![\d.,/:-])\d{1,3}/\d{1,4}(?!\d|/\d))"
    r"|(?P<time>(?<![\d:])\d{1,2}(?::\d{2}(?::\d{2})?|[hg](?:\d{2}p?(?:\d{2})?)?)(?![\d:]))"
)

# forms that could as well be a code: not believed right after a word that names one
_DOUBTFUL: Final = frozenset({"round", "grouped", "date", "part"})

_TYPED_UNITS: Final = frozenset({"dong", "đồng", "d", "đ", "ngan", "ngàn"})


def fixed_words(view: View, names: list[Hit]) -> frozenset[int]:
    """The words that belong to a number of harmless form."""
    named = {hit.last for hit in names if hit.meaning[-1] == "!"}
    found: set[int] = set()
    at = 0
    begins = view.begins
    for form in _FORMS.finditer(view.plain):
        while begins[at] < form.start():
            at += 1
        first = at
        while at < len(begins) and begins[at] < form.end():
            at += 1
        kind = form.lastgroup if form.lastgroup != "sep" else "date"
        if kind in _DOUBTFUL and _is_named(view, first, named):
            continue
        if kind == "date" and not _is_date(form.group()):
            continue
        if kind == "said" and not _is_said_money(view, at - 1, form.group()):
            continue
        found.update(range(first, at))
    return frozenset(found)


def _is_named(view: View, first: int, named: set[int]) -> bool:
    """A name of a secret stands right before, perhaps with "là" or ":" between."""
    before = first - 1
    while before >= 0 and view.words[before] in ("la", ":", "=", "so"):
        before -= 1
    return before in named


def _is_date(form: str) -> bool:
    numbers = [int(part) for part in re.split(r"\D", form)]
    if numbers[0] > 31:
        numbers.reverse()
    day, month, year = numbers
    return 1 <= day <= 31 and 1 <= month <= 12 and (year < 100 or 1900 <= year <= 2100)


def _is_said_money(view: View, unit: int, form: str) -> bool:
    """ "482913 đóng" and "12345678 ngân hàng" have no unit of money."""
    if view.words[unit] not in ("dong", "d", "ngan"):
        return True
    follows = view.words[unit + 1] if unit + 1 < len(view.words) else ""
    typed = view.as_typed(unit, unit)
    if typed not in _TYPED_UNITS or (typed == "ngan" and follows == "hang"):
        return False
    return typed in ("đồng", "đ", "ngàn") or "." in form or "," in form or "00 " in form or len(form) < 8
