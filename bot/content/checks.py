"""What ``gocua check`` looks for: small functions in a list, each yielding the problems of one kind."""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from string import Formatter

from bot.content.asks import asked_for
from bot.content.lesson_checks import lesson_problems
from bot.content.library import Library
from bot.content.lists import digits
from bot.content.reading import Problem, suggestion
from bot.content.texts import Line, choices, labels, lines, steps, wordings
from bot.content.walk import Walk, unreachable, walk
from bot.core import limits
from bot.core.address import PLACEHOLDERS
from bot.core.dialogs import MENU, START
from bot.core.languages import CHANGE, LANGUAGES
from bot.core.meaning import COMMANDS
from bot.core.text import fold

# meanings every chat must be able to answer, wherever it stands
NEEDED = (
    "human", "scam_report", "scam_done", "secret", "strange_link", "more", "delete_data", "stop_saving",
    "change_address_form", "change_language", "help_relative",
    "is_bot_real", "privacy",
)  # fmt: skip

_NAME = re.compile(r"[a-z0-9_]+")

# meanings that do nothing of their own, but press a button standing for them
ANSWERS = ("agree",)

# meanings the engine itself acts on that name a language
_CHANGES = tuple(f"{CHANGE}{code}" for code in LANGUAGES)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of the whole content found; ``walk`` is None where broken references left nothing to walk."""

    problems: tuple[Problem, ...]
    walk: Walk | None
    texts: int


def check(library: Library, *, today: dt.date) -> Checked:
    """Every problem of the content, in the order of files and lines."""
    problems = list(library.problems)
    for each in CHECKS:
        problems += each(library, today)
    # texts are filled on the way, so a broken placeholder leaves nothing to walk either
    walked = walk(library.book) if _is_whole(library) and not any(_placeholders(library, today)) else None
    if walked:
        problems += _dead_ends(library, walked)
    return Checked(tuple(sorted(set(problems))), walked, sum(1 for _ in lines(library)))


def _is_whole(library: Library) -> bool:
    book = library.book
    return (
        not library.problems and START in book.dialogs and MENU in book.dialogs and all(n in book.hears for n in NEEDED)
    )


# ---- references ----


def _pictures(library: Library, today: dt.date) -> Iterator[Problem]:
    for spot, wording in wordings(library):
        if wording.picture and wording.picture not in library.pictures:
            near = suggestion(wording.picture, library.pictures)
            yield spot.problem(f'cần hình "{wording.picture}", không có hình này.{near}')


def _step_pictures(library: Library, today: dt.date) -> Iterator[Problem]:
    for spot, step in steps(library):
        if step.number and not step.wording.picture:
            yield spot.problem('là bước có số mà chưa có hình ("picture").')


def _meanings(library: Library, today: dt.date) -> Iterator[Problem]:
    known = _known_meanings(library)
    for spot, choice in choices(library):
        if choice.means and choice.means not in known:
            yield spot.problem(
                f'nút "{choice.label}" mang nghĩa "{choice.means}", không ai hiểu.{suggestion(choice.means, known)}'
            )
        elif choice.means in ANSWERS and choice.move is None:
            yield spot.problem(f'nút "{choice.label}" mang nghĩa "{choice.means}" nên cần "goto" hoặc "call".')


def _hearing(library: Library, today: dt.date) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for name, dialog in library.book.dialogs.items():
        source = library.dialogs.sources[name]
        for meaning in dialog.hears:
            if meaning in owners:
                yield Problem(source.file, source.line, f'nghĩa "{meaning}" đã do tệp "{owners[meaning]}" trả lời.')
            owners.setdefault(meaning, name)
    for needed in NEEDED:
        if needed not in owners:
            yield Problem("dialogs", 1, f'chưa có tệp nào trả lời nghĩa "{needed}" (hears).')
    for needed in (START, MENU):
        if needed not in library.book.dialogs:
            yield Problem("dialogs", 1, f'thiếu tệp "{needed}.yml".')


def _notice(library: Library, today: dt.date) -> Iterator[Problem]:
    """What the first message says of us is read to its end only when it is short, in every language (T10)."""
    source = library.dialogs.sources.get(START)
    for book in library.book.in_all_languages if source and START in library.book.dialogs else ():
        greeting = book.dialogs[START]
        words = len(greeting.steps[greeting.first].wording.say.split())
        if source and words >= limits.NOTICE:
            yield Problem(
                source.file, source.line, f"lời báo đầu tiên dài {words} tiếng; phải dưới {limits.NOTICE} tiếng."
            )


def _names(library: Library, today: dt.date) -> Iterator[Problem]:
    """Names stand in stored places and in reports: no blanks, no marks, no signs."""
    for name, source in library.dialogs.sources.items():
        for part in name.lstrip("!?").split(".", 1):
            if not _NAME.fullmatch(part):
                yield Problem(
                    source.file, source.line, f'tên "{part}" chỉ được có chữ thường không dấu, số và gạch dưới.'
                )


def _plain_words(library: Library, today: dt.date) -> Iterator[Problem]:
    known = _known_meanings(library)
    tables = {"dialogs/plain_words.yml": library.words}
    tables |= {f"locales/{code}/plain_words.yml": words for code, words in library.foreign_words.items()}
    for file, words in tables.items():
        for intent in words:
            if intent not in known:
                yield Problem(file, 1, f'nghĩa "{intent}" không ai hiểu.{suggestion(intent, known)}')


def _known_meanings(library: Library) -> set[str]:
    return {*COMMANDS, *ANSWERS, *_CHANGES, *library.book.hears, *(f"faq/{slug}" for slug in library.articles)}


# ---- ways ----


def _unreachable(library: Library, today: dt.date) -> Iterator[Problem]:
    if library.problems or START not in library.book.dialogs:
        return
    for dialog, step in unreachable(library.book):
        source = library.dialogs.sources[f"{dialog}.{step}"]
        yield Problem(source.file, source.line, f'bước "{step}" không có lối nào dẫn tới.')
    used = {name for _, step in steps(library) for name in step.symptoms}
    for name in library.book.symptoms:
        if name not in used:
            source = library.dialogs.sources[f"?{name}"]
            yield Problem(source.file, source.line, f'trục trặc "{name}" không bước nào nhắc tới.')


def _stuck(library: Library, today: dt.date) -> Iterator[Problem]:
    for spot, step in steps(library):
        if step.number and not step.symptoms:
            yield spot.problem('là bước có số mà chưa có trục trặc nào ("stuck") cho nút "Chưa được".')


def _too_many(library: Library, today: dt.date) -> Iterator[Problem]:
    for spot, step in steps(library):
        if len(step.choices) > limits.CHOICES - 2 or len(step.symptoms) > limits.CHOICES - 2:
            yield spot.problem(f"có hơn {limits.CHOICES - 2} lựa chọn; người lớn tuổi coi không xuể, chia bớt ra.")


def _dead_ends(library: Library, walked: Walk) -> Iterator[Problem]:
    for end in walked.dead_ends:
        source = library.dialogs.sources[f"{end.place.dialog}.{end.place.step}"]
        at = f' (trục trặc "{end.place.symptom}")' if end.place.symptom else ""
        yield Problem(source.file, source.line, f'bước "{end.place.step}"{at}: {end.missing}.')
    for name, dialog in library.book.dialogs.items():
        if dialog.task and dialog.task not in walked.completed:
            source = library.dialogs.sources[name]
            yield Problem(source.file, source.line, f'không đường nào đi tới "complete" của việc "{dialog.task}".')


# ---- words ----


def _labels(library: Library, today: dt.date) -> Iterator[Problem]:
    for spot, label in labels(library):
        if len(label) > limits.LABEL:
            yield spot.problem(f'nút "{label}" dài {len(label)} chữ cái, tối đa {limits.LABEL}.')
        if "{" in label:
            yield spot.problem(f'nút "{label}" không được có chữ thay thế.')


def _twice(library: Library, today: dt.date) -> Iterator[Problem]:
    for spot, step in steps(library):
        shown = ("stuck", "repeat", "more") if step.number else ("more",)
        standard = {library.book.standard[name].slug: library.book.standard[name].label for name in shown}
        for choice in step.choices:
            if choice.slug in standard:
                yield spot.problem(f'nút "{choice.label}" trùng với nút có sẵn "{standard[choice.slug]}".')
        for symptom in step.symptoms:
            if step.symptoms.count(symptom) > 1:
                yield spot.problem(f'nhắc trục trặc "{symptom}" hai lần.')


def _lengths(library: Library, today: dt.date) -> Iterator[Problem]:
    for line in lines(library):
        if len(line.text) > limits.SAY:
            yield line.spot.problem(f"lời dài {len(line.text)} chữ cái, tối đa {limits.SAY}.")


def _placeholders(library: Library, today: dt.date) -> Iterator[Problem]:
    for line in lines(library):
        known = (*PLACEHOLDERS, *line.values)
        try:
            names = [name for _, name, _, _ in Formatter().parse(line.text) if name is not None]
        except ValueError:
            yield line.spot.problem('có dấu "{" hoặc "}" lẻ.')
            continue
        for name in names:
            if name not in known:
                yield line.spot.problem(f"có chữ thay thế {{{name}}} không có thật.{suggestion(name, known)}")


def _asks(library: Library, today: dt.date) -> Iterator[Problem]:
    said = [(line.spot, line.text) for line in lines(library)] + list(labels(library))
    for spot, text in said:
        if asked := asked_for(text):
            yield spot.problem(f"hỏi xin thứ không bao giờ được hỏi ({asked}).")


# ---- numbers and addresses ----

_LONG_NUMBER = re.compile(r"(?<![\d.])(?:1[89]00[\s.]?\d[\d\s.]{2,8}\d|0\d[\d\s.]{6,12}\d)(?![\d])")
_CALLED_NUMBER = re.compile(
    r"(?:gọi|số|tổng đài|hotline|bấm):?\s+(?:là\s+)?(\d{3,6})(?!\.?\d)(?!\s*(?:\d|số|chữ|ngày|đồng|đ\b))", re.IGNORECASE
)
_HOST = re.compile(
    r"(https?://)?((?:[a-z0-9-]+\.)+(?:vn|com|net|org|gov|info|io|me|co|app|xyz|top|cc|ly|gl|link|site|online|shop))\b"
)


def hosts_in(text: str) -> set[str]:
    """The sites a text names."""
    return {host for _, host in _HOST.findall(text.lower())}


def _numbers(library: Library, today: dt.date) -> Iterator[Problem]:
    known = library.lists.numbers
    for line in lines(library):
        for number in (*_LONG_NUMBER.findall(line.text), *_CALLED_NUMBER.findall(line.text)):
            entry = known.get(digits(number))
            if entry is None:
                near = suggestion(digits(number), known)
                yield line.spot.problem(f'nhắc số "{number.strip()}", chưa có trong knowledge/hotlines.yml.{near}')


def _hosts(library: Library, today: dt.date) -> Iterator[Problem]:
    for line in lines(library):
        yield from _host_problems(library, line)


def _host_problems(library: Library, line: Line) -> Iterator[Problem]:
    if ".apk" in line.text.lower():
        yield line.spot.problem("nhắc tệp cài đặt .apk; chỉ được chỉ tới App Store, CH Play.")
    for scheme, host in _HOST.findall(line.text.lower()):
        if scheme == "http://":
            yield line.spot.problem(f'trang "{host}" phải là https.')
        if host not in library.lists.hosts:
            near = suggestion(host, library.lists.hosts)
            yield line.spot.problem(f'nhắc trang "{host}", chưa có trong knowledge/hosts.yml.{near}')


def _stale(library: Library, today: dt.date) -> Iterator[Problem]:
    for entry in (*library.lists.numbers.values(), *library.lists.hosts.values()):
        if entry.is_stale(today):
            yield Problem(entry.file, entry.line, f'"{entry.value}" kiểm tra lần cuối {entry.checked}, đã quá 90 ngày.')


def _offers(library: Library, today: dt.date) -> Iterator[Problem]:
    journeys = {name for name, dialog in library.book.dialogs.items() if dialog.task}
    for each in library.articles.values():
        if each.article.offer and each.article.offer not in journeys:
            near = suggestion(each.article.offer, journeys)
            yield Problem(each.file, each.offer_line, f'mời làm "{each.article.offer}", không có việc này.{near}')


def _reviews(library: Library, today: dt.date) -> Iterator[Problem]:
    for each in library.articles.values():
        if each.review_by < today:
            yield Problem(each.file, each.review_line, f"đã quá ngày phải xem lại ({each.review_by}).")


def _questions(library: Library, today: dt.date) -> Iterator[Problem]:
    owners: dict[str, str] = {}
    for each in library.articles.values():
        for question in each.questions:
            owner = owners.setdefault(fold(question), each.file)
            if owner != each.file:
                yield Problem(each.file, 1, f'câu hỏi "{question}" đã thuộc bài {owner}.')


CHECKS: tuple[Callable[[Library, dt.date], Iterator[Problem]], ...] = (
    _pictures, _step_pictures, _meanings, _hearing, _notice, _names, _plain_words, _unreachable, _stuck, _too_many,
    _labels, _twice, _lengths, _placeholders, _asks, _numbers, _hosts, _stale, _offers, _reviews, _questions,
    lesson_problems,
)  # fmt: skip
