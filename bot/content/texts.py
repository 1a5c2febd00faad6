"""Every text a person may read, with where it stands: what the checks and the translators go through."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.content.dialogs import Source
from bot.content.library import Library
from bot.content.reading import Problem
from bot.core.dialogs import Attempt, Choice, Step, Wording


@dataclass(frozen=True, slots=True)
class Spot:
    """A piece of content: its file, its line, and its name in messages."""

    file: str
    line: int
    where: str

    def problem(self, text: str) -> Problem:
        return Problem(self.file, self.line, f"{self.where} {text}".strip())


@dataclass(frozen=True, slots=True)
class Line:
    """One text; ``values`` are the placeholders it may hold beside the forms of address."""

    spot: Spot
    text: str
    values: tuple[str, ...] = ()


# what the engine's own phrases are given
PHRASE_VALUES = (
    "so", "tong", "ten", "viec", "cho_ai", "so_nguoi", "tu_ngay", "den_ngay", "ngay", "muc_dich", "phuong",
    "ghe", "bai", "ly_do",
)  # fmt: skip


def lines(library: Library) -> Iterator[Line]:
    """Everything but labels, of which ``choices`` and ``symptom_labels`` tell."""
    for spot, wording in wordings(library):
        yield from (Line(spot, text) for text in (wording.say, wording.speech) if text)
    for name, phrase in library.book.phrases.items():
        yield Line(_spot(library, f"!{name}", f'câu "{name}"'), phrase, PHRASE_VALUES)
    for name, dialog in library.book.dialogs.items():
        yield Line(_spot(library, name, '"title"'), dialog.title)
    for spot, step in steps(library):
        if step.title:
            yield Line(spot, step.title)
    for each in library.articles.values():
        yield Line(Spot(each.file, 1, ""), each.article.answer)
    for picture in library.pictures.values():
        yield Line(Spot(f"knowledge/pictures/{picture.name}.yml", 1, ""), picture.caption)
    yield from lesson_lines(library)


def lesson_lines(library: Library) -> Iterator[Line]:
    """What a trainer reads aloud or gives out; not what a crook says in a role play."""
    for lesson in library.lessons.values():
        yield from (Line(Spot(lesson.file, 1, ""), text) for text in (lesson.title, lesson.audience, *lesson.bring))
        for part in lesson.parts:
            spot = Spot(lesson.file, part.line, f'phần "{part.name}"')
            texts = (part.title, part.say, part.pause, part.do, part.ask, part.answer, *part.keep)
            remedies = (trouble.remedy for trouble in part.wrong)
            answers = (exchange.answer for exchange in part.play)
            yield from (Line(spot, text) for text in (*texts, *remedies, *answers) if text)


def steps(library: Library) -> Iterator[tuple[Spot, Step]]:
    for name, dialog in library.book.dialogs.items():
        for step in dialog.steps.values():
            yield _spot(library, f"{name}.{step.name}", f'bước "{step.name}"'), step


def attempts(library: Library) -> Iterator[tuple[Spot, Attempt]]:
    for name, symptom in library.book.symptoms.items():
        for attempt in symptom.attempts:
            yield _spot(library, f"?{name}", f'trục trặc "{name}"'), attempt


def wordings(library: Library) -> Iterator[tuple[Spot, Wording]]:
    for spot, each in _spoken(library):
        yield spot, each.wording
        yield from ((spot, variant) for _, variant in each.variants)


def choices(library: Library) -> Iterator[tuple[Spot, Choice]]:
    for spot, each in _spoken(library):
        yield from ((spot, choice) for choice in each.choices)


def labels(library: Library) -> Iterator[tuple[Spot, str]]:
    yield from ((spot, choice.label) for spot, choice in choices(library))
    for name, symptom in library.book.symptoms.items():
        yield _spot(library, f"?{name}", f'trục trặc "{name}"'), symptom.label
    for name, phrase in library.book.phrases.items():
        if name.startswith("label_"):
            yield _spot(library, f"!{name}", f'câu "{name}"'), phrase


def _spoken(library: Library) -> Iterator[tuple[Spot, Step | Attempt]]:
    yield from steps(library)
    yield from attempts(library)


def _spot(library: Library, name: str, where: str) -> Spot:
    source = library.dialogs.sources.get(name, Source("dialogs/phrases.yml", 1))
    return Spot(source.file, source.line, where)
