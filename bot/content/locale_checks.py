"""What ``gocua check`` looks for in translations: small functions in a list, each yielding the problems of one kind."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from string import Formatter

from bot.content.asks_english import asked_for_in_english
from bot.content.catalogue import Catalogue, CatalogueError, Entry
from bot.content.checks import hosts_in
from bot.content.library import Library
from bot.content.lists import digits
from bot.content.reading import Problem
from bot.content.translatable import TranslatableText
from bot.core import limits
from bot.core.address import forms

# problems of one kind in one language that are named one by one
_NAMED = 20

# Vietnamese that stays in every language: names of the bot, the city's app, languages
_NAMES = ("Gõ Cửa", "Công dân số TP.HCM", "Công dân số", "Tiếng Việt")

# forms of address make no sense in most languages: a translation may do without
_OPTIONAL = frozenset(name.lower() for name in forms()) - {"nguoi_nha"}

_QUOTED = re.compile(r'"([^"{}]+)"')
_NUMBER = re.compile(r"\d(?:[ .]?\d)*")
_MARKED = re.compile(r"[À-ỹ]")


@dataclass(frozen=True, slots=True)
class CheckedLocale:
    """What the check of one language found; ``translated`` of ``texts`` are there."""

    language: str
    complete: bool
    texts: int
    translated: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    """A text and its translation."""

    file: str
    line: int
    text: TranslatableText
    said: str

    def problem(self, what: str) -> Problem:
        return Problem(self.file, self.line, f"({self.text.context}) {what}")


def check_locales(library: Library, texts: Sequence[TranslatableText]) -> list[CheckedLocale]:
    """Every language below ``locales/``; ``texts`` are all there is to translate."""
    return [_read_and_checked(library, language, texts) for language in library.locales.languages]


def _read_and_checked(library: Library, language: str, texts: Sequence[TranslatableText]) -> CheckedLocale:
    try:
        return check_catalogue(library, library.locales.read(language), texts)
    except CatalogueError as error:
        file, line, what = str(error).split(":", 2)
        return CheckedLocale(language, False, len(texts), 0, (Problem(file, int(line), what.strip()),))


def check_catalogue(library: Library, catalogue: Catalogue, texts: Sequence[TranslatableText]) -> CheckedLocale:
    """One language beside the Vietnamese of the library."""
    known = {(text.context, text.text): text for text in texts}
    entries = {(each.context, each.source): each for each in catalogue.entries}
    pairs = [
        _Pair(catalogue.file, entry.line, known[key], entry.text)
        for key, entry in entries.items()
        if key in known and entry.text and not entry.fuzzy
    ]
    problems = [*_gone(catalogue, known), *_repeated(catalogue)]
    if catalogue.complete:
        problems += _named(_missing(catalogue, entries, texts))
    kept = frozenset(_kept_words(library))
    for pair in pairs:
        for check in CHECKS:
            problems += check(pair, kept)
    return CheckedLocale(catalogue.language, catalogue.complete, len(texts), len(pairs), tuple(problems))


# ---- the file ----


def _missing(
    catalogue: Catalogue, entries: dict[tuple[str, str], Entry], texts: Sequence[TranslatableText]
) -> Iterator[Problem]:
    for text in texts:
        entry = entries.get((text.context, text.text))
        shown = text.text if len(text.text) < 60 else text.text[:57] + "…"
        if entry is None:
            yield Problem(catalogue.file, 1, f'({text.context}) chưa có câu "{shown}"; chạy `make locales`, rồi dịch.')
        elif entry.fuzzy:
            yield Problem(catalogue.file, entry.line, f'({text.context}) câu gốc đã đổi, coi lại rồi bỏ chữ "fuzzy".')
        elif not entry.text:
            yield Problem(catalogue.file, entry.line, f'({text.context}) chưa dịch câu "{shown}".')


def _gone(catalogue: Catalogue, known: Collection[tuple[str, str]]) -> Iterator[Problem]:
    gone = [each for each in catalogue.entries if (each.context, each.source) not in known]
    if gone:
        what = f"{len(gone)} câu không còn trong lời tiếng Việt; chạy `make locales`."
        yield Problem(catalogue.file, gone[0].line, what)


def _repeated(catalogue: Catalogue) -> Iterator[Problem]:
    counted = Counter((each.context, each.source) for each in catalogue.entries)
    for each in catalogue.entries:
        if counted.pop((each.context, each.source), 1) > 1:
            yield Problem(catalogue.file, each.line, f"({each.context}) câu này có hai bản dịch; giữ một thôi.")


def _named(problems: Iterator[Problem]) -> list[Problem]:
    found = list(problems)
    if len(found) <= _NAMED:
        return found
    rest = f"và {len(found) - _NAMED} câu nữa chưa dịch hoặc phải coi lại."
    return [*found[:_NAMED], Problem(found[_NAMED].file, found[_NAMED].line, rest)]


# ---- one text beside its Vietnamese ----


def _placeholders(pair: _Pair, kept: Collection[str]) -> Iterator[Problem]:
    try:
        wanted, found = (_names(text) for text in (pair.text.text, pair.said))
    except ValueError:
        yield pair.problem('có dấu "{" hoặc "}" lẻ.')
        return
    for name in sorted(wanted - found - _OPTIONAL):
        yield pair.problem(f"bản dịch thiếu {{{name}}}.")
    for name in sorted(found - wanted - _OPTIONAL):
        yield pair.problem(f"bản dịch có {{{name}}}, câu gốc không có.")


def _names(text: str) -> set[str]:
    return {name.lower() for _, name, _, _ in Formatter().parse(text) if name is not None}


def _lengths(pair: _Pair, kept: Collection[str]) -> Iterator[Problem]:
    most = limits.LABEL if pair.text.kind != "text" else limits.SAY
    if pair.text.kind == "text" and len(pair.text.text) <= limits.INSTRUCTION:
        most = limits.INSTRUCTION
    # what is long in Vietnamese already may be as long
    if len(pair.said) > max(most, len(pair.text.text)):
        yield pair.problem(f'"{pair.said}" dài {len(pair.said)} chữ cái, tối đa {most}.')


def _left_over(pair: _Pair, kept: Collection[str]) -> Iterator[Problem]:
    rest = _QUOTED.sub(" ", pair.said)
    for name in _NAMES:
        rest = rest.replace(name, " ")
    if _MARKED.search(rest):
        yield pair.problem(f'còn chữ tiếng Việt ngoài dấu ngoặc kép: "{pair.said}".')


def _screen_words(pair: _Pair, kept: Collection[str]) -> Iterator[Problem]:
    """Words of a phone's screen stay as they are, in quotes; what the bot itself offers is translated."""
    wanted, found = (set(_QUOTED.findall(text)) for text in (pair.text.text, pair.said))
    for words in sorted(wanted - found - frozenset(kept)):
        yield pair.problem(f'thiếu chữ trên màn hình "{words}", để nguyên trong ngoặc kép.')
    for words in sorted(found - wanted):
        if _MARKED.search(words) and words not in pair.text.text:
            yield pair.problem(f'có chữ "{words}" trong ngoặc kép, câu gốc không có.')


def _kept_words(library: Library) -> Iterator[str]:
    """What stands in quotes and is the bot's own: labels of its buttons, words it understands."""
    book = library.book
    for dialog in book.dialogs.values():
        for step in dialog.steps.values():
            yield from (choice.label for choice in step.choices)
    yield from (symptom.label for symptom in book.symptoms.values())
    yield from (text for name, text in book.phrases.items() if name.startswith("label_"))
    for words in library.words.values():
        yield from (*words.whole, *words.within)
    # on the web page
    yield "Gửi lại"


def _facts(pair: _Pair, kept: Collection[str]) -> Iterator[Problem]:
    """Phone numbers, years, house numbers and sites are the same in every language."""
    wanted, found = (_numbers(text) | hosts_in(text) for text in (pair.text.text, pair.said))
    if wanted != found:
        yield pair.problem(f"{', '.join(sorted(wanted ^ found))} không giống câu gốc.")


def _numbers(text: str) -> set[str]:
    return {number for found in _NUMBER.findall(text) if len(number := digits(found)) >= 3}


def _asks(pair: _Pair, kept: Collection[str]) -> Iterator[Problem]:
    if asked := asked_for_in_english(pair.said):
        yield pair.problem(f"hỏi xin thứ không bao giờ được hỏi ({asked}).")


CHECKS: tuple[Callable[[_Pair, Collection[str]], Iterator[Problem]], ...] = (
    _placeholders, _lengths, _left_over, _screen_words, _facts, _asks,
)  # fmt: skip
