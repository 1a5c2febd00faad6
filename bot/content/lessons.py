"""Reads ``dialogs/lessons/*.yml``: what a trainer reads aloud, and which step of which journey every phone gets.

A lesson may have two lengths: a part then says how many minutes it takes in each, and is left out of the other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.reading import Problems, Section, Text, read_yaml, suggestion
from bot.core.dialogs import Book

LESSON_WORDS = ("title", "for", "minutes", "bring", "note", "parts")
PART_WORDS = (
    "title", "minutes", "say", "do", "open", "picture", "play", "wrong", "ask", "answer", "keep", "pause", "note",
)  # fmt: skip
PLAY_WORDS = ("trick", "answer")
TROUBLE_WORDS = ("symptom", "when", "try")

# a lesson of one length has the empty one
ONE_LENGTH = ""
LENGTHS = {"short": "buổi ngắn", "long": "buổi dài"}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What often goes wrong: a symptom of the dialogs, or the trainer's own ``when`` with its remedy."""

    when: str
    remedy: str
    symptom: str = ""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A turn of a role play: what the crook says, and what the class answers together."""

    trick: str
    answer: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a lesson. ``opens`` is the (dialog, step) every phone gets; ``minutes`` are by length.

    A part with a ``pause`` is nothing but that. ``keep`` is what the class takes home on paper.
    """

    name: str
    title: str
    minutes: Mapping[str, int]
    say: str = ""
    do: str = ""
    opens: tuple[str, str] | None = None
    picture: str = ""
    play: tuple[Exchange, ...] = ()
    wrong: tuple[Trouble, ...] = ()
    ask: str = ""
    answer: str = ""
    keep: tuple[str, ...] = ()
    pause: str = ""
    line: int = 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson as it is taught; ``minutes`` is what its author promises, by length."""

    name: str
    title: str
    audience: str
    minutes: Mapping[str, int]
    bring: tuple[str, ...]
    parts: tuple[Part, ...]
    file: str
    line: int = 1

    def parts_of(self, length: str) -> tuple[Part, ...]:
        """The parts taught in this length, in their order."""
        return tuple(part for part in self.parts if length in part.minutes)


def load_lessons(root: Path, book: Book, problems: Problems) -> dict[str, Lesson]:
    """Every lesson by the name of its file; steps and symptoms are looked up in the book."""
    paths = sorted((root / "dialogs" / "lessons").glob("*.yml"))
    sections = ((path.stem, read_yaml(path, root, problems)) for path in paths)
    return {name: _lesson(name, section, book) for name, section in sections if section is not None}


def _lesson(name: str, section: Section, book: Book) -> Lesson:
    section.allow(LESSON_WORDS)
    for word in ("title", "for", "minutes", "parts"):
        if word not in section:
            section.complain(f'thiếu "{word}".')
    minutes = _minutes(section, (ONE_LENGTH,))
    parts = section.section("parts")
    written = [(each, parts.section(each, f'phần "{each}"')) for each in parts.keys] if parts else []
    return Lesson(
        name=name,
        title=section.text("title"),
        audience=section.text("for"),
        minutes=minutes,
        bring=_values(section, "bring"),
        parts=tuple(_part(each, part, tuple(minutes), book) for each, part in written if part is not None),
        file=section.file,
        line=section.line_of("minutes"),
    )


def _part(name: str, section: Section, lengths: tuple[str, ...], book: Book) -> Part:
    section.allow(PART_WORDS)
    if "title" not in section:
        section.complain('thiếu "title".')
    if ("say" in section) == ("pause" in section):
        section.complain('cần đúng một trong hai: "say" (lời đọc) hoặc "pause" (lời mời nghỉ).')
    if ("ask" in section) != ("answer" in section):
        section.complain('"ask" và "answer" đi với nhau: hỏi gì, bà con trả lời sao là hiểu.')
    if "minutes" not in section:
        section.complain('thiếu "minutes".')
    return Part(
        name=name,
        title=section.text("title"),
        minutes=_minutes(section, lengths),
        say=section.text("say").strip(),
        do=section.text("do").strip(),
        opens=_opened(section, book),
        picture=section.text("picture"),
        play=tuple(_exchange(each) for each in section.sections("play")),
        wrong=tuple(trouble for each in section.sections("wrong") if (trouble := _trouble(each, book))),
        ask=section.text("ask").strip(),
        answer=section.text("answer").strip(),
        keep=_values(section, "keep"),
        pause=section.text("pause").strip(),
        line=section.line,
    )


def _values(section: Section, word: str) -> tuple[str, ...]:
    return tuple(text.value.strip() for text in section.texts(word))


def _minutes(section: Section, lengths: tuple[str, ...]) -> dict[str, int]:
    """Minutes by length; a plain number holds for every one of ``lengths``."""
    if "minutes" not in section:
        return {}
    if section.is_text("minutes"):
        number = _number(section, section.text_at("minutes"))
        return dict.fromkeys(lengths, number)
    each = section.section("minutes")
    if each is None:
        return {}
    each.allow(tuple(LENGTHS))
    known = LENGTHS if lengths == (ONE_LENGTH,) and "parts" in section else lengths
    for length in each.keys:
        if length in LENGTHS and length not in known:
            each.complain(f'bài này không có bản "{length}" ở đầu tệp.', each.line_of(length))
    return {length: _number(each, each.text_at(length)) for length in each.keys if length in known}


def _number(section: Section, text: Text | None) -> int:
    if text is None:
        return 0
    if text.value.isascii() and text.value.isdecimal() and 0 < int(text.value) < 1000:
        return int(text.value)
    section.complain(f'"minutes" ghi "{text.value}"; viết số phút, ví dụ "10".', text.line)
    return 0


def _opened(section: Section, book: Book) -> tuple[str, str] | None:
    target = section.text_at("open")
    if target is None:
        return None
    name, _, step = target.value.partition(".")
    dialog = book.dialogs.get(name)
    if dialog is None:
        near = suggestion(name, book.dialogs)
        section.complain(f'mở "{target.value}", không có cuộc trò chuyện "{name}".{near}', target.line)
    elif step not in dialog.steps:
        near = suggestion(step, dialog.steps)
        section.complain(f'mở "{target.value}", không có bước "{step}" trong đó.{near}', target.line)
    elif not dialog.steps[step].waits:
        section.complain(f'mở "{target.value}", nhưng bước đó không chờ ai bấm; chọn bước có nút.', target.line)
    else:
        return name, step
    return None


def _exchange(section: Section) -> Exchange:
    section.allow(PLAY_WORDS)
    for word in PLAY_WORDS:
        if not section.text(word):
            section.complain(f'một lượt đóng vai thiếu "{word}".')
    return Exchange(section.text("trick"), section.text("answer"))


def _trouble(section: Section, book: Book) -> Trouble | None:
    section.allow(TROUBLE_WORDS)
    named = section.text_at("symptom")
    if named is None:
        if not (section.text("when") and section.text("try")):
            section.complain('một chỗ hay vướng cần "symptom", hoặc cả "when" lẫn "try".')
        return Trouble(section.text("when"), section.text("try"))
    symptom = book.symptoms.get(named.value)
    if symptom is None:
        near = suggestion(named.value, book.symptoms)
        section.complain(f'nhắc trục trặc "{named.value}", không có trục trặc này.{near}', named.line)
        return None
    remedy = section.text("try") or symptom.attempts[0].wording.say
    return Trouble(section.text("when") or symptom.label, remedy, symptom.name)
