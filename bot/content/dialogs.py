"""Reads ``dialogs/*.yml`` into a ``Book``, noting every problem instead of stopping at the first."""

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from bot.content.reading import Problems, Section, Text, read_yaml, suggestion
from bot.core.conditions import CONDITIONS, SLOTS
from bot.core.dialogs import (
    PHRASES,
    Article,
    Attempt,
    Book,
    Call,
    Choice,
    Dialog,
    Goto,
    Move,
    Next,
    Return,
    Step,
    Symptom,
    Wording,
)
from bot.core.effects import ARGUMENTS, EFFECTS, TASKS, Complete, Effect
from bot.core.speech import spoken

DIALOG_WORDS = ("title", "task", "hears", "note", "steps", "symptoms", "phrases")
STEP_WORDS = (
    "title",
    "if",
    "say",
    "ask",
    "speech",
    "picture",
    "choose",
    "stuck",
    "goto",
    "call",
    "do",
    "note",
    *CONDITIONS,
)
CHOICE_WORDS = ("label", "goto", "call", "means", "do", "remember", "note")
SYMPTOM_WORDS = ("label", "try", "note")
ATTEMPT_WORDS = ("say", "speech", "picture", "choose", "note", *CONDITIONS)
WORDING_WORDS = ("say", "speech", "picture")

# the one file of the folder that is no dialog; bot.content.words reads it
WORDS_FILE = "plain_words.yml"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a piece of content stands, for messages of later checks."""

    file: str
    line: int


@dataclass(slots=True)
class DialogFiles:
    """What was read: the book, and where each dialog, step and symptom stands ("dialog", "dialog.step", "?symptom").

    ``notes`` are the authors' words to the translators, by the same names.
    """

    book: Book
    sources: dict[str, Source]
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Shelf:
    """Everything read so far, before references are looked up."""

    problems: Problems
    sections: dict[str, Section] = field(default_factory=dict)
    steps: dict[str, dict[str, Section]] = field(default_factory=dict)
    symptoms: dict[str, Section] = field(default_factory=dict)
    phrases: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)


def load_dialogs(root: Path, problems: Problems, articles: dict[str, Article]) -> DialogFiles:
    """Every dialog below ``root/dialogs``; ``articles`` are the knowledge the book may answer with."""
    shelf = _Shelf(problems)
    digest = hashlib.sha256()
    for path in sorted((root / "dialogs").glob("*.yml")):
        if path.name == WORDS_FILE:
            continue
        section = read_yaml(path, root, problems)
        digest.update(path.read_bytes())
        if section is not None:
            _collect(shelf, path.stem, section)
    _check_phrases(shelf, root)
    dialogs = {name: _dialog(shelf, name) for name in shelf.steps}
    symptoms = {name: _symptom(shelf, name, section) for name, section in shelf.symptoms.items()}
    for article in articles.values():
        digest.update(f"{article.slug}\n{article.answer}\n".encode())
    book = Book(dialogs, symptoms, shelf.phrases, articles, digest.hexdigest()[:16])
    return DialogFiles(book, shelf.sources, shelf.notes)


# ---- first pass: names ----


def _collect(shelf: _Shelf, name: str, section: Section) -> None:
    section.allow(DIALOG_WORDS)
    shelf.sections[name] = section
    shelf.sources[name] = Source(section.file, section.line)
    shelf.notes[name] = section.text("note")
    steps = section.section("steps")
    if steps is not None:
        shelf.steps[name] = {step: each for step in steps.keys if (each := steps.section(step, f'bước "{step}"'))}
        for step, written in shelf.steps[name].items():
            shelf.sources[f"{name}.{step}"] = Source(section.file, steps.line_of(step))
            shelf.notes[f"{name}.{step}"] = written.text("note")
        if not shelf.steps[name]:
            section.complain('"steps" chưa có bước nào.')
            del shelf.steps[name]
    symptoms = section.section("symptoms")
    for symptom in symptoms.keys if symptoms else []:
        each = symptoms.section(symptom, f'trục trặc "{symptom}"') if symptoms else None
        if each is None or symptoms is None:
            continue
        if symptom in shelf.symptoms:
            other = shelf.sources[f"?{symptom}"]
            each.complain(f"đã có ở {other.file}:{other.line}.", symptoms.line_of(symptom))
        else:
            shelf.symptoms[symptom] = each
            shelf.notes[f"?{symptom}"] = each.text("note")
            shelf.sources[f"?{symptom}"] = Source(section.file, symptoms.line_of(symptom))
    phrases = section.section("phrases")
    for phrase in phrases.keys if phrases else []:
        if phrases and phrase not in PHRASES:
            phrases.complain(
                f'câu "{phrase}" không ai dùng.{suggestion(phrase, set(PHRASES))}', phrases.line_of(phrase)
            )
        elif phrases:
            shelf.phrases[phrase] = phrases.text(phrase)
            shelf.sources[f"!{phrase}"] = Source(section.file, phrases.line_of(phrase))
    if steps is None and symptoms is None and phrases is None:
        section.complain('tệp cần có "steps", "symptoms" hoặc "phrases".')


def _check_phrases(shelf: _Shelf, root: Path) -> None:
    file = next((source.file for name, source in shelf.sources.items() if name.startswith("!")), "dialogs/phrases.yml")
    for phrase in PHRASES:
        if not shelf.phrases.setdefault(phrase, ""):
            shelf.problems.add(file, 1, f'thiếu câu "{phrase}".')
            shelf.phrases[phrase] = phrase


# ---- second pass: what stands in them ----


def _dialog(shelf: _Shelf, name: str) -> Dialog:
    section = shelf.sections[name]
    task = section.text("task")
    if task and task not in TASKS:
        section.complain(f'không có việc "{task}".{suggestion(task, TASKS)}', section.line_of("task"))
        task = ""
    title = section.text("title")
    if not title:
        section.complain('thiếu "title".')
    steps: dict[str, Step] = {}
    for step, each in shelf.steps[name].items():
        number = 1 + sum(1 for earlier in steps.values() if earlier.number) if "title" in each else 0
        steps[step] = _step(shelf, name, step, each, number=number, task=task)
    return Dialog(name, title, steps, task, _hears(shelf, name, section))


def _hears(shelf: _Shelf, name: str, section: Section) -> dict[str, str]:
    hears = section.section("hears")
    if hears is None:
        return {}
    answers = {}
    for meaning in hears.keys:
        step = hears.text_at(meaning)
        if step is not None and _known_step(shelf, hears, name, step):
            answers[meaning] = step.value
    return answers


def _step(shelf: _Shelf, dialog: str, name: str, section: Section, *, number: int, task: str) -> Step:
    section.allow(STEP_WORDS)
    choices = _choices(shelf, dialog, section, task)
    if "say" in section and "ask" in section:
        section.complain('có cả "say" lẫn "ask"; chỉ cần một.')
    if "ask" in section and not choices:
        section.complain('có "ask" mà không có "choose": người ta không biết bấm gì.')
    if choices and not number and "ask" not in section:
        section.complain('có "choose" thì lời hỏi viết ở "ask".')
    waits = bool(choices) or number > 0
    if waits and any(word in section for word in ("goto", "call", "do")):
        section.complain('chờ người ta bấm, nên "goto", "call", "do" phải nằm trong từng nút.')
    if waits and not (section.text("say") or section.text("ask")):
        section.complain("chờ người ta bấm mà không nói gì.")
    condition = section.text("if")
    if condition and condition not in CONDITIONS:
        section.complain(
            f'không có điều kiện "{condition}".{suggestion(condition, set(CONDITIONS))}', section.line_of("if")
        )
        condition = ""
    symptoms = tuple(_known_symptoms(shelf, section))
    if symptoms and not number:
        section.complain('có "stuck" thì phải có "title" (bước có số).', section.line_of("stuck"))
    return Step(
        name=name,
        wording=_wording(section, say_word="ask" if "ask" in section else "say"),
        variants=_variants(section),
        choices=choices,
        symptoms=symptoms if number else (),
        title=section.text("title"),
        number=number,
        condition=condition,
        move=Next() if waits else (_move(shelf, dialog, section) or Next()),
        effects=() if waits else _effects(section, task),
    )


def _known_symptoms(shelf: _Shelf, section: Section) -> list[str]:
    known = []
    for symptom in section.texts("stuck"):
        if symptom.value in shelf.symptoms:
            known.append(symptom.value)
        else:
            near = suggestion(symptom.value, set(shelf.symptoms))
            section.complain(f'nhắc trục trặc "{symptom.value}", không có trục trặc này.{near}', symptom.line)
    return known


def _choices(shelf: _Shelf, dialog: str, section: Section, task: str) -> tuple[Choice, ...]:
    choices: dict[str, Choice] = {}
    for each in section.sections("choose"):
        each.allow(CHOICE_WORDS)
        label = each.text("label")
        if not label:
            each.complain('có một nút thiếu "label".')
            continue
        if "goto" in each and "call" in each:
            each.complain(f'nút "{label}" có cả "goto" lẫn "call"; chỉ cần một.')
        choice = Choice(
            label=label,
            move=_move(shelf, dialog, each),
            means=each.text("means"),
            effects=_effects(each, task),
            remember=_remembered(each),
        )
        if choice.slug in choices:
            each.complain(f'nút "{label}" bị lặp lại.')
        choices[choice.slug] = choice
    return tuple(choices.values())


def _move(shelf: _Shelf, dialog: str, section: Section) -> Move | None:
    goto, call = section.text_at("goto"), section.text_at("call")
    if goto is not None:
        if goto.value == "return":
            return Return()
        target = _target(shelf, section, dialog, goto)
        return Goto(*target) if target else None
    if call is not None:
        target = _target(shelf, section, call.value if "." not in call.value else dialog, call)
        return Call(*target) if target else None
    return None


def _target(shelf: _Shelf, section: Section, dialog: str, target: Text) -> tuple[str, str] | None:
    """The (dialog, step) a word such as "buoc", "tep" (of a call) or "tep.buoc" names."""
    name, dot, step = target.value.partition(".")
    own = target.value in shelf.steps.get(dialog, {})
    if not dot and dialog != target.value and (own or name not in shelf.steps):
        return (dialog, name) if _known_step(shelf, section, dialog, target) else None
    if name not in shelf.steps:
        near = suggestion(name, set(shelf.steps))
        section.complain(f'trỏ tới "{target.value}", không có cuộc trò chuyện "{name}".{near}', target.line)
        return None
    if not dot:
        return name, next(iter(shelf.steps[name]))
    return (name, step) if _known_step(shelf, section, name, Text(step, target.line)) else None


def _known_step(shelf: _Shelf, section: Section, dialog: str, step: Text) -> bool:
    known = shelf.steps.get(dialog, {})
    if step.value in known:
        return True
    section.complain(f'trỏ tới "{step.value}", không có bước này.{suggestion(step.value, set(known))}', step.line)
    return False


def _effects(section: Section, task: str) -> tuple[Effect, ...]:
    return tuple(effect for word in section.texts("do") if (effect := _effect(section, word, task)))


def _effect(section: Section, word: Text, task: str) -> Effect | None:
    name, _, argument = (part.strip() for part in word.value.partition(":"))
    if name not in EFFECTS:
        section.complain(f'không có việc ghi "{name}".{suggestion(name, set(EFFECTS))}', word.line)
        return None
    kind = EFFECTS[name]
    if kind is Complete:
        if not task:
            section.complain('"complete" chỉ dùng trong tệp có "task".', word.line)
            return None
        return Complete(task)
    allowed = ARGUMENTS.get(name, ("",))
    if argument not in allowed:
        wanted = ", ".join(f'"{name}: {each}"' for each in allowed if each) or f'"{name}"'
        section.complain(f'"{word.value}" chưa đúng; viết {wanted}.', word.line)
        return None
    return kind(argument) if argument else kind()  # type: ignore[call-arg,arg-type]


def _remembered(section: Section) -> tuple[tuple[str, str], ...]:
    remember = section.section("remember")
    if remember is None:
        return ()
    pairs = []
    for slot in remember.keys:
        value = remember.text(slot)
        if slot not in SLOTS:
            remember.complain(f'không có chỗ nhớ "{slot}".{suggestion(slot, set(SLOTS))}', remember.line_of(slot))
        elif value not in SLOTS[slot]:
            near = suggestion(value, SLOTS[slot])
            remember.complain(f'"{slot}" không nhận "{value}".{near}', remember.line_of(slot))
        else:
            pairs.append((slot, value))
    return tuple(pairs)


def _wording(section: Section, *, say_word: str = "say") -> Wording:
    say, speech = section.text(say_word).strip(), section.text("speech").strip()
    if speech and not say:
        section.complain('có "speech" (lời đọc to) mà không có lời để đọc.', section.line_of("speech"))
    if speech and speech == spoken(say):
        section.complain('"speech" y như máy tự đọc, không cần ghi.', section.line_of("speech"))
    return Wording(say, section.text("picture"), speech)


def _variants(section: Section) -> tuple[tuple[str, Wording], ...]:
    variants = []
    for condition in CONDITIONS:
        if condition not in section:
            continue
        if section.is_text(condition):
            variants.append((condition, Wording(section.text(condition).strip())))
        elif each := section.section(condition):
            each.allow(WORDING_WORDS)
            variants.append((condition, _wording(each)))
    return tuple(variants)


def _symptom(shelf: _Shelf, name: str, section: Section) -> Symptom:
    section.allow(SYMPTOM_WORDS)
    label = section.text("label")
    if not label:
        section.complain('thiếu "label".')
    attempts = []
    for each in section.sections("try"):
        each.allow(ATTEMPT_WORDS)
        if not each.text("say"):
            each.complain('có một cách thử thiếu "say".')
        attempts.append(Attempt(_wording(each), _variants(each), _choices(shelf, "", each, "")))
    if not attempts:
        section.complain('chưa có cách thử nào ("try").')
    return Symptom(name, label or name, tuple(attempts))
