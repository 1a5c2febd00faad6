"""What a dialog is once its file has been read: plain, frozen, already checked.

A ``Book`` is everything the engine may say. It is handed in; the engine opens no file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.core.effects import Effect
from bot.core.text import fold

# ---- where an answer leads ----


@dataclass(frozen=True, slots=True)
class Goto:
    """On to another step; a journey or the menu entered this way starts a new path."""

    dialog: str
    step: str


@dataclass(frozen=True, slots=True)
class Call:
    """Into another dialog, and back here when it ends."""

    dialog: str
    step: str


@dataclass(frozen=True, slots=True)
class Return:
    """Back to whoever called; to the menu where nobody did."""


@dataclass(frozen=True, slots=True)
class Next:
    """On to the step that follows in the file."""


Move = Goto | Call | Return | Next


# ---- what stands in a dialog ----


@dataclass(frozen=True, slots=True)
class Wording:
    """What is said and shown; an empty field leaves the plain wording in place."""

    say: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer a person may press.

    ``means`` is the meaning this button stands for: words with that meaning press it too, and a choice without a
    ``move`` does what that meaning does everywhere. ``remember`` are slots of the state to set.
    """

    label: str
    move: Move | None = None
    means: str = ""
    effects: tuple[Effect, ...] = ()
    remember: tuple[tuple[str, str], ...] = ()
    slug: str = field(init=False, default="")

    def __post_init__(self) -> None:
        object.__setattr__(self, "slug", fold(self.label).replace(" ", "-"))


@dataclass(frozen=True, slots=True)
class Attempt:
    """One thing to try against a symptom, with answers of its own before the usual ones."""

    wording: Wording
    variants: tuple[tuple[str, Wording], ...] = ()
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Symptom:
    """What the phone says or does, in the words of residents, and what to try, in order."""

    name: str
    label: str
    attempts: tuple[Attempt, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One step. It waits where it has ``choices`` or a ``number``; else it says its text and moves on.

    ``condition`` names when the step is taken at all; ``variants`` are other wordings under a condition, the first
    that holds wins, field by field.
    """

    name: str
    wording: Wording = Wording()
    variants: tuple[tuple[str, Wording], ...] = ()
    choices: tuple[Choice, ...] = ()
    symptoms: tuple[str, ...] = ()
    title: str = ""
    number: int = 0
    condition: str = ""
    move: Move = Next()
    effects: tuple[Effect, ...] = ()

    @property
    def waits(self) -> bool:
        return bool(self.choices) or self.number > 0


@dataclass(frozen=True)
class Dialog:
    """Steps in their order. With a ``task`` it is a journey. ``hears`` maps a meaning to the step that answers it."""

    name: str
    title: str
    steps: Mapping[str, Step]
    task: str = ""
    hears: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def order(self) -> tuple[str, ...]:
        return tuple(self.steps)

    @cached_property
    def following(self) -> Mapping[str, str]:
        """Each step's successor in the file; the last has none."""
        return dict(zip(self.order, self.order[1:], strict=False))

    @cached_property
    def total(self) -> int:
        return sum(1 for step in self.steps.values() if step.number)

    @property
    def first(self) -> str:
        return self.order[0]

    @property
    def is_digression(self) -> bool:
        """A dialog that answers a meaning in the middle of anything, and then returns."""
        return bool(self.hears) and not self.task


@dataclass(frozen=True, slots=True)
class Article:
    """A question's answer, whole in itself."""

    slug: str
    title: str
    answer: str


# phrases the engine says of its own; the content must hold every one of them
PHRASES = {
    "label_done": "the button for: this step is done",
    "label_stuck": "the button for: it does not work",
    "label_repeat": "the button for: say it again",
    "label_more": "the button for: something else; leads to back, a person, scams, pause, menu",
    "label_fixed": "the button for: the remedy helped",
    "label_still_stuck": "the button for: the remedy did not help",
    "label_other_symptom": "the button for: none of these",
    "label_try_again": "the button for: try the step once more",
    "label_human": "the button for: a person, please",
    "label_resume": "the button for: go on where I stopped",
    "label_restart": "the button for: from the beginning",
    "label_none_of_these": "the button for: neither of your guesses",
    "which_meaning": "before two guesses at what was meant",
    "out_of_scope": "understood, but not what this bot is for",
    "step_heading": "above a numbered step: {so}, {tong}, {ten}",
    "which_symptom": "before the list of symptoms",
    "symptom_exhausted": "when nothing helped",
    "not_understood": "nothing understood",
    "press_one": "understood, but here a button is needed",
    "done_or_not": "a yes that may only mean: I am listening",
    "old_button": "a button of an earlier message",
    "no_way_back": "back at the very beginning",
    "here_again": "on returning to a step after something else",
    "slower": "before repeating for someone who did not understand",
    "greeting": "a greeting in the middle",
    "thanks": "an answer to thanks",
    "paused": "stopping for now",
    "paused_at_step": "stopping at a numbered step: {viec}, {so}, {tong}",
    "welcome_back": "coming back after a long time",
    "welcome_back_at_step": "coming back to a numbered step: {viec}, {so}, {tong}",
    "resume_or_restart": "a journey begun earlier: {viec}, {so}, {tong}",
    "already_done": "a task finished earlier",
    "step_vanished": "the place was removed from the content",
    "lost": "the engine gave up walking; back to the menu",
    "secret": "digits that look like a code were sent",
    "trouble": "our own fault; nothing is lost",
    "too_long": "a message too long to read",
}

START = "chao"
MENU = "menu"


@dataclass(frozen=True)
class Book:
    """All content the engine may use. ``version`` is a digest of it."""

    dialogs: Mapping[str, Dialog]
    symptoms: Mapping[str, Symptom]
    phrases: Mapping[str, str]
    articles: Mapping[str, Article] = field(default_factory=dict)
    version: str = ""

    @cached_property
    def hears(self) -> Mapping[str, tuple[str, str]]:
        """Meaning -> (dialog, step) that answers it. A journey also hears its own name."""
        answers = {name: (name, dialog.first) for name, dialog in self.dialogs.items() if dialog.task}
        for name, dialog in self.dialogs.items():
            answers |= {meaning: (name, step) for meaning, step in dialog.hears.items()}
        return answers

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What can be offered as a button when a person may have meant it: journeys and articles, by meaning."""
        journeys = {name: dialog.title for name, dialog in self.dialogs.items() if dialog.task}
        return journeys | {f"faq/{slug}": article.title for slug, article in self.articles.items()}

    @cached_property
    def standard(self) -> Mapping[str, Choice]:
        """The engine's own buttons by phrase name without "label_"."""
        meanings = {
            "done": "done", "stuck": "stuck", "repeat": "repeat", "more": "more", "fixed": "done",
            "still_stuck": "stuck", "other_symptom": "human", "try_again": "done", "human": "human",
            "resume": "resume", "restart": "restart", "none_of_these": "none_of_these",
        }  # fmt: skip
        return {name: Choice(label=self.phrases["label_" + name], means=means) for name, means in meanings.items()}

    @cached_property
    def symptom_choices(self) -> Mapping[str, Choice]:
        """The button of each symptom."""
        return {name: Choice(label=each.label, means=f"symptom/{name}") for name, each in self.symptoms.items()}

    @cached_property
    def labels(self) -> frozenset[str]:
        """Every button's label, folded: to recognise one of an earlier message."""
        choices = [
            choice for dialog in self.dialogs.values() for step in dialog.steps.values() for choice in step.choices
        ]
        choices += [
            choice for each in self.symptoms.values() for attempt in each.attempts for choice in attempt.choices
        ]
        symptoms = [symptom.label for symptom in self.symptoms.values()]
        return frozenset(fold(label) for label in [c.label for c in [*choices, *self.standard.values()]] + symptoms)
