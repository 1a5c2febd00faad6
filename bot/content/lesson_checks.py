"""What ``gocua check`` looks for in lessons, beside what it looks for in every text."""

import datetime as dt
import re
from collections.abc import Callable, Iterator

from bot.content.lessons import LENGTHS, Lesson, Part
from bot.content.library import Library
from bot.content.reading import Problem, suggestion

# what people over 65 sit through without a rest, in minutes
LONGEST_WITHOUT_REST = 45

# what one can read aloud and a hall can follow before the next breath, in characters
LONGEST_PARAGRAPH = 420

_PLACEHOLDER = re.compile(r"\{\w*\}")
_ADDRESS = re.compile(r"[\w-]+\.(?:vn|com|net|org|info|top|xyz|cc)\b|\d{4,}", re.IGNORECASE)

# words of another tone than ours (journeys.md 10): cold, belittling, pressing
_UNKIND = (
    "quý vị", "quý khách", "các bạn", "mấy bạn", "ông già", "bà già", "dễ mà", "dễ lắm", "dễ ẹc", "đơn giản thôi",
    "có vậy cũng", "hạn chót", "trễ hạn", "bị phạt", "nhanh lên", "lẹ lên",
)  # fmt: skip


def _minutes(library: Library) -> Iterator[Problem]:
    for lesson in library.lessons.values():
        for length, promised in lesson.minutes.items():
            total = sum(part.minutes[length] for part in lesson.parts_of(length))
            if total != promised:
                which = f"{LENGTHS[length]}: " if length else ""
                yield _problem(lesson, f"{which}các phần cộng lại {total} phút, đầu tệp ghi {promised}.")


def _rests(library: Library) -> Iterator[Problem]:
    for lesson in library.lessons.values():
        for length in lesson.minutes:
            taught = 0
            for part in lesson.parts_of(length):
                taught = 0 if part.pause else taught + part.minutes[length]
                if taught > LONGEST_WITHOUT_REST:
                    text = f'tới đây dạy liền {taught} phút chưa nghỉ; thêm một phần có "pause" trước đó.'
                    yield _problem(lesson, text, part)
                    break


def _asks_the_class(library: Library) -> Iterator[Problem]:
    for lesson in library.lessons.values():
        for length in lesson.minutes:
            if not any(part.ask for part in lesson.parts_of(length)):
                which = f" {LENGTHS[length]}" if length else ""
                yield _problem(lesson, f'bài{which} chưa có câu hỏi nào ("ask") coi bà con hiểu chưa.')


def _pictures(library: Library) -> Iterator[Problem]:
    for lesson, part in _parts(library):
        if part.picture and part.picture not in library.pictures:
            near = suggestion(part.picture, library.pictures)
            yield _problem(lesson, f'cần hình "{part.picture}", không có hình này.{near}', part)


def _plain_address(library: Library) -> Iterator[Problem]:
    """The trainer speaks to many: nothing is filled in while they read."""
    for lesson, part, text in _trainers_words(library):
        for found in _PLACEHOLDER.findall(text):
            yield _problem(lesson, f'có {found}; lời cho cả lớp thì viết thẳng: "cô chú, anh chị", "bà con".', part)


def _tone(library: Library) -> Iterator[Problem]:
    for lesson, part, text in _trainers_words(library):
        for words in _UNKIND:
            if re.search(rf"\b{words}\b", text, re.IGNORECASE):
                yield _problem(lesson, f'có chữ "{words}", không phải giọng nhà mình.', part)


def _paragraphs(library: Library) -> Iterator[Problem]:
    for lesson, part in _parts(library):
        for paragraph in part.say.splitlines():
            if len(paragraph) > LONGEST_PARAGRAPH:
                length = f"có đoạn đọc dài {len(paragraph)} chữ cái, tối đa {LONGEST_PARAGRAPH}"
                yield _problem(lesson, f"{length}; xuống dòng cho người ta thở.", part)


def _tricks(library: Library) -> Iterator[Problem]:
    """What a crook says in a role play may ask for anything, but holds no address or number that could be real."""
    for lesson, part in _parts(library):
        for exchange in part.play:
            for found in _ADDRESS.findall(exchange.trick):
                yield _problem(lesson, f'lời kẻ gian có "{found}"; đừng ghi số hay trang có thể có thật.', part)


def lesson_problems(library: Library, today: dt.date) -> Iterator[Problem]:
    """Every problem of the lessons."""
    for each in _CHECKS:
        yield from each(library)


_CHECKS: tuple[Callable[[Library], Iterator[Problem]], ...] = (
    _minutes, _rests, _asks_the_class, _pictures, _plain_address, _tone, _paragraphs, _tricks,
)  # fmt: skip


def _parts(library: Library) -> Iterator[tuple[Lesson, Part]]:
    yield from ((lesson, part) for lesson in library.lessons.values() for part in lesson.parts)


def _trainers_words(library: Library) -> Iterator[tuple[Lesson, Part, str]]:
    for lesson, part in _parts(library):
        own = (trouble.remedy for trouble in part.wrong if not trouble.symptom)
        for text in (part.say, part.pause, part.do, part.ask, part.answer, *part.keep, *own):
            yield lesson, part, text


def _problem(lesson: Lesson, text: str, part: Part | None = None) -> Problem:
    if part is None:
        return Problem(lesson.file, lesson.line, text)
    return Problem(lesson.file, part.line, f'phần "{part.name}" {text}')
