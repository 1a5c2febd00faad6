"""What a dialog is once its file has been read: plain, frozen, already checked.

A ``Book`` is everything the engine may say. It is handed in; the engine opens no file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from bot.core.address import forms, spoken
from bot.core.effects import BLOCKED, PURPOSES, Effect
from bot.core.languages import CHANGE, LANGUAGES
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
    """What is said and shown; an empty field leaves the plain wording in place.

    ``speech``: how it is read aloud, where the rules would read it wrongly.
    """

    say: str = ""
    picture: str = ""
    speech: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer a person may press.

    ``means`` is the meaning this button stands for: words with that meaning press it too, and a choice without a
    ``move`` does what that meaning does everywhere. ``remember`` are slots of the state to set. ``slug`` names the
    choice among its neighbours; it is made of the Vietnamese label, whatever language the label is in.
    """

    label: str
    move: Move | None = None
    means: str = ""
    effects: tuple[Effect, ...] = ()
    remember: tuple[tuple[str, str], ...] = ()
    slug: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "slug", self.slug or slug_of(self.label))


def slug_of(label: str) -> str:
    """A label as part of an id.

    >>> slug_of("Được rồi!")
    'duoc-roi'
    """
    return fold(label).replace(" ", "-")


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
    """A question's answer, whole in itself. ``offer``: the journey it leads to, where there is one."""

    slug: str
    title: str
    answer: str
    offer: str = ""


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
    "label_not_now": "the button for: not this journey now",
    "label_remind": "the button for: yes, remind me tomorrow",
    "label_stop_reminding": "the button for: no more reminders",
    "label_stop_sharing": "the button for: nobody may look any longer",
    "label_elder": "the button for: elder mode, please",
    "label_read_on": "the button for: I have read this page, go on",
    "elder_offered": "offering elder mode, once; above what stands at the place",
    "elder_mode": "the first words in elder mode; says how to leave it",
    "usual_mode": "the first words after leaving elder mode",
    "offered": "before the journey an answer leads to",
    "by_number": "above choices that can only be typed by their number",
    "which_meaning": "before two guesses at what was meant",
    "out_of_scope": "understood, but not what this bot is for",
    "step_heading": "above a numbered step: {so}, {tong}, {ten}",
    "which_symptom": "before the list of symptoms",
    "symptom_exhausted": "when nothing helped",
    "not_understood": "nothing understood",
    "not_understood_again": "nothing understood for the second time: numbers, or a person",
    "press_one": "understood, but here a button is needed",
    "done_or_not": "a yes that may only mean: I am listening",
    "old_button": "a button of an earlier message",
    "no_way_back": "back at the very beginning",
    "here_again": "on returning to a step after something else",
    "slower": "before repeating for someone who did not understand",
    "called_so": "somebody said what they want to be called",
    "greeting": "a greeting in the middle",
    "thanks": "an answer to thanks",
    "paused": "stopping for now",
    "for_whom": "before the people for whom to go on",
    "for_this_person": "on the button for going on for somebody: {nguoi_nha}",
    "label_for_myself": "the button for: go on for myself",
    "label_for_another": "the button for: for somebody else",
    "for_somebody": "behind the name of a task, whose it is: {nguoi_nha}; begins with a blank",
    "which_ward": "before a list of places to choose from",
    "label_more_wards": "the button for: the next page of the list",
    "label_no_ward": "the button for: I would rather not say which ward",
    "ward_noted": "the ward was taken down: {phuong}",
    "ward_not_noted": "the person would rather not say which ward",
    "help_taken": "somebody of the office sees to a wish for help",
    "help_closed": "a wish for help is seen to",
    "help_not_reached": "the person could not be reached",
    "language_changed": "the first words after changing to this language",
    "going_on_for": "going on for somebody helped: {nguoi_nha}",
    "going_on_for_myself": "going on for oneself after helping somebody",
    "elder_here": "the person helped has taken the phone",
    "paused_at_step": "stopping at a numbered step: {viec}, {so}, {tong}, {cho_ai}",
    "welcome_back": "coming back after a long time",
    "welcome_back_at_step": "coming back to a numbered step: {viec}, {so}, {tong}, {cho_ai}",
    "resume_or_restart": "a journey begun earlier: {viec}, {so}, {tong}, {cho_ai}",
    "already_done": "a task finished earlier",
    "resume_discreet": "like resume_or_restart, where nobody may read which task and how far",
    "again_discreet": "like already_done, where nobody may read that it was",
    "step_vanished": "the place was removed from the content",
    "lost": "the engine gave up walking; back to the menu",
    "hidden": "something private was sent; it was hidden and not kept",
    "voice": "a recorded message was sent, which nobody listens to",
    "voice_heard": "before asking whether a machine heard a recorded message right",
    "voice_unclear": "a recorded message was heard by a machine, and nothing in it can be asked about",
    "media": "a picture, file, pin or contact card was sent, which nobody opens",
    "trouble": "our own fault; nothing is lost",
    "too_many": "more messages than anybody reads; some get no answer",
    "too_long": "a message too long to read",
    "remind_offer": "on stopping: may the bot send one reminder tomorrow; the wording of that consent",
    "will_remind": "a reminder is set for tomorrow",
    "cannot_remind": "asked for a reminder where the bot cannot write first",
    "reminder": "the reminder itself; no link, fee or deadline, nothing of the person",
    "reminders_stopped": "after: no more reminders",
    "came_over": "going on from another chat",
    "came_over_at_step": "going on from another chat, at a numbered step: {viec}, {so}, {tong}, {cho_ai}",
    "moved_away": "in the chat that was left, when somebody writes there again",
    "told_moved": "told to the chat that was left",
    "told_followed": "told to who is followed: somebody used the code; {so_nguoi} may look now; {cho_ai}",
    "told_looked": "told to who is followed: somebody looked; {cho_ai}",
    "followed_at_step": "how far somebody has come: {nguoi_nha}, {viec}, {so}, {tong}",
    "followed_done": "somebody finished a task: {nguoi_nha}, {viec}",
    "followed_not_begun": "somebody has nothing begun or finished: {nguoi_nha}",
    "own_progress": "asked how far one is oneself: {viec}, {so}, {tong}",
    "nobody_followed": "asked how somebody stands, without their leave; says how to get it",
    "not_on_telegram": "asked how somebody stands on a channel where that is not told (T28)",
    "follower": "one who may look: {so}, {tu_ngay}, {den_ngay}",
    "nobody_follows": "nobody may look",
    "class_joined": "in a class now: {ghe} is the number of the seat, {bai} the lesson",
    "class_not_found": "no class has this code today",
    "class_left": "no class moves this phone any longer",
    "class_full": "the class with this code has no seat left",
    "class_code_wanted": "wants to join a class, without a code",
    "class_code_hidden": "hidden in the answer to class_code_wanted or class_not_found; says how to type the code",
    "class_step": "before the step that the trainer opened for the whole class",
    "class_goes_on": "to who is stuck while the class goes on: no hurry, they are not moved",
    "class_answered": "after a yes or no to what was asked before the class went on",
    "class_ended": "the class is over, to who has not finished",
    "class_ended_at_step": "the class is over, to who stands at a numbered step: {viec}, {so}, {tong}, {cho_ai}",
    **{f"purpose_{purpose}": f"in a copy of somebody's data: what the purpose {purpose} is" for purpose in PURPOSES},
    "kept_about_you": "above what is kept of the one who types",
    "kept_about_somebody": "above what is kept of somebody helped: {nguoi_nha}",
    "kept_about_chat": "above what is kept of the chat itself: {ngay}",
    "kept_yes": "a yes to a purpose: {muc_dich}, {ngay}",
    "kept_no": "a no to a purpose: {muc_dich}, {ngay}",
    "kept_unasked": "nobody was asked for a yes yet",
    "kept_at_step": "a journey begun: {viec}, {so}, {tong}",
    "kept_done": "a task finished: {viec}",
    "kept_counted_self": "a task counted as finished on their own word: {viec}, {ngay}",
    "kept_counted_helper": "the same on the word of somebody who helps",
    "kept_counted_trainer": "the same on the word of who teaches a class",
    "kept_counted_officer": "the same on the word of somebody of the office",
    "kept_ward": "the ward chosen to be counted in: {phuong}, {ngay}",
    "kept_blocked": "why somebody cannot yet: {ly_do}, {ngay}",
    "kept_blocked_at": "why somebody cannot yet finish a task: {viec}, {ly_do}, {ngay}",
    "kept_help_waiting": "they asked to be called or visited, nobody took it yet: {ngay}",
    "kept_help_taken": "they asked to be called or visited, somebody took it: {ngay}",
    "kept_help_closed": "they asked to be called or visited, it is closed: {ngay}",
    **{f"blocked_{reason}": f"in a copy of somebody's data: they cannot yet, {reason}" for reason in BLOCKED},
    "kept_steps": "how many notes of steps there are: {so}",
    "kept_address": "the form of address",
    "kept_watched": "how many may look at how far this person is, the last one until: {so}, {ngay}",
    "kept_follows": "how many people this chat may look at: {so}",
    "kept_reminder": "a reminder that was agreed to: {ngay}",
    "kept_hand_overs": "how often a person was asked for: {so}, {ngay}",
    "kept_replies": "how many messages of the bot are kept: {so}",
    "kept_seat": "a seat in a class: {ghe}, {ngay}",
    "kept_link": "that the sealed address of the chat is kept",
    "kept_restricted": "that processing rests: {ngay}",
    "kept_discreet": "in place of the tasks, where nobody may read how far somebody is",
    "kept_never": "what is never kept",
    "unread": "the platform keeps back what somebody it protects has sent; with a number to call",
    "platform_abroad": "the first notice on a platform whose machines stand abroad",
    "command_menu": "in the list of commands: to the tasks",
    "command_repeat": "in the list of commands: say it again",
    "command_human": "in the list of commands: a person, please",
    "command_pause": "in the list of commands: stop for now",
    "command_delete": "in the list of commands: erase what is stored about me",
    "command_language": "in the list of commands: change the language",
}

# phrases that tell how far somebody is, and what is said in their place where that may not be told (T28)
DISCREET = {
    "paused_at_step": "paused",
    "welcome_back_at_step": "welcome_back",
    "resume_or_restart": "resume_discreet",
    "already_done": "again_discreet",
    "came_over_at_step": "came_over",
    "class_ended_at_step": "class_ended",
}

# a list of places to begin with
ALL_WARDS = "all"

# what a dialog hears that asks for the ward; who types there names it
CHOOSE_WARD = "choose_ward"

START = "chao"
MENU = "menu"


@dataclass(frozen=True)
class Book:
    """All content the engine may use. ``version`` is a digest of it.

    ``wards`` are the city's units, code -> full name; ``ward_lists`` are the lists of buttons that lead to them: in a
    list, each label leads to another list or, a code, to a unit.

    ``shorthand`` are words people shorten, folded, and what they stand for.
    ``translations`` are the same book in other languages, by their codes; such a one knows its ``source`` and in
    ``helped`` how it speaks of those who are helped.
    """

    dialogs: Mapping[str, Dialog]
    symptoms: Mapping[str, Symptom]
    phrases: Mapping[str, str]
    articles: Mapping[str, Article] = field(default_factory=dict)
    version: str = ""
    wards: Mapping[str, str] = field(default_factory=dict, compare=False)
    ward_lists: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict, compare=False)
    shorthand: Mapping[str, str] = field(default_factory=dict)
    translations: "Mapping[str, Book]" = field(default_factory=dict, compare=False)
    source: "Book | None" = field(default=None, compare=False)
    helped: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> "Book":
        """The book for somebody who chose this language; in Vietnamese where it was never translated into it."""
        source = self.source or self
        return source.translations.get(language, source)

    @property
    def in_all_languages(self) -> "tuple[Book, ...]":
        source = self.source or self
        return (source, *source.translations.values())

    def forms(self, called: str = "", self_word: str = "", person: str = "") -> Mapping[str, str]:
        """The forms of address, and in this book's language how the person helped is spoken of."""
        values = forms(called, self_word, person)
        if not self.helped:
            return values
        helped = self.spoken(person)
        return {**values, "nguoi_nha": helped, "Nguoi_nha": helped[:1].upper() + helped[1:]}

    def spoken(self, person: str) -> str:
        return self.helped.get(person.partition(".")[0]) or self.helped.get("nguoi_nha") or spoken(person)

    def choice(self, label: "Callable[[Book], str]", means: str, move: Move | None = None) -> Choice:
        """A button of the engine's own; ``label`` finds its words in a book."""
        return Choice(label(self), move, means, slug=slug_of(label(self.source or self)))

    @cached_property
    def hears(self) -> Mapping[str, tuple[str, str]]:
        """Meaning -> (dialog, step) that answers it. A journey also hears its own name."""
        answers = {name: (name, dialog.first) for name, dialog in self.dialogs.items() if dialog.task}
        for name, dialog in self.dialogs.items():
            answers |= {meaning: (name, step) for meaning, step in dialog.hears.items()}
        return answers

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What can be offered as a button when a person may have meant it: journeys, articles, languages."""
        journeys = {name: dialog.title for name, dialog in self.dialogs.items() if dialog.task}
        articles = {f"faq/{slug}": article.title for slug, article in self.articles.items()}
        return journeys | articles | {f"{CHANGE}{code}": name for code, name in LANGUAGES.items()}

    @cached_property
    def standard(self) -> Mapping[str, Choice]:
        """The engine's own buttons by phrase name without "label_"."""
        meanings = {
            "done": "done", "stuck": "stuck", "repeat": "repeat", "more": "more", "fixed": "done",
            "still_stuck": "stuck", "other_symptom": "human", "try_again": "done", "human": "human",
            "resume": "resume", "restart": "restart", "none_of_these": "none_of_these",
            "not_now": "not_now", "remind": "remind_me", "elder": "elder_mode", "read_on": "read_on",
            "no_ward": "no_ward",
        }  # fmt: skip
        return {name: self.choice(_phrase("label_" + name), means) for name, means in meanings.items()}

    @cached_property
    def anywhere(self) -> Mapping[str, Choice]:
        """The buttons below what the bot says unasked, by their slugs."""
        meanings = {"resume": "resume", "stop_sharing": "stop_sharing", "stop_reminding": "stop_reminding"}
        choices = [self.choice(_phrase("label_" + name), means) for name, means in meanings.items()]
        return {choice.slug: choice for choice in choices}

    @cached_property
    def symptom_choices(self) -> Mapping[str, Choice]:
        """The button of each symptom."""
        return {name: self.choice(_symptom_label(name), f"symptom/{name}") for name in self.symptoms}

    @cached_property
    def labels(self) -> Mapping[str, frozenset[str]]:
        """Every button's label, folded, with the slugs it may stand for: to recognise one that is typed."""
        choices = [
            choice for dialog in self.dialogs.values() for step in dialog.steps.values() for choice in step.choices
        ]
        choices += [
            choice for each in self.symptoms.values() for attempt in each.attempts for choice in attempt.choices
        ]
        choices += [*self.standard.values(), *self.symptom_choices.values()]
        labels: dict[str, set[str]] = {}
        for choice in choices:
            labels.setdefault(fold(choice.label), set()).add(choice.slug)
        return {label: frozenset(slugs) for label, slugs in labels.items()}


def _phrase(name: str) -> Callable[[Book], str]:
    return lambda book: book.phrases[name]


def _symptom_label(name: str) -> Callable[[Book], str]:
    return lambda book: book.symptoms[name].label
