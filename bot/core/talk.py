"""One turn while it is being made: the state so far, what was said, what is to be done.

Whatever a turn consists of is a function that takes a ``Talk`` and says, changes or offers something in it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot.core.address import ADDRESSED
from bot.core.conditions import CONDITIONS
from bot.core.dialogs import DISCREET, Book, Choice, Step, Wording
from bot.core.effects import Effect, RecordStep
from bot.core.replies import Button, Offer, Page, Reply, Say, Show, StepNumber
from bot.core.state import Place, State


class Talk:
    """``offered`` are the slugs of the buttons last shown and ``choices`` what stands behind those of this turn.

    ``later``: in elder mode, the pages that follow what is said now. ``can_remind``: on this channel the bot could
    write first, and may.
    """

    def __init__(self, book: Book, state: State, *, can_remind: bool = False) -> None:
        self.book = book.in_language(state.language)
        self.state = state
        self.can_remind = can_remind
        self.offered = state.offered
        self.choices: tuple[Choice, ...] = ()
        self.later: tuple[Page, ...] = ()
        self.replies: list[Reply] = []
        self.effects: list[Effect] = []

    @property
    def step(self) -> Step:
        place = self.state.place
        return self.book.dialogs[place.dialog].steps[place.step]

    # ---- what is remembered ----

    def set_slot(self, slot: str, value: str) -> None:
        self.state = replace(self.state, slots={**self.state.slots, slot: value})

    def drop_slot(self, dropped: str) -> None:
        slots = {slot: value for slot, value in self.state.slots.items() if slot != dropped}
        self.state = replace(self.state, slots=slots)

    def record(self, place: Place, outcome: Literal["entered", "done", "stuck"]) -> None:
        """Note how the person stands, for journeys and what they call; numbered steps and symptoms only."""
        dialogs = self.book.dialogs
        task = dialogs[self.state.path[0].dialog].task
        if task and dialogs[place.dialog].steps[place.step].number:
            symptom = place.symptom if place.mode == "remedy" else ""
            self.effects.append(RecordStep(task, str(place.plain), symptom, outcome))

    # ---- what is said ----

    @property
    def called(self) -> str:
        """The form of address of whoever holds the phone."""
        if self.state.person and not self.state.speaks_for_somebody:
            return ADDRESSED.get(self.state.person.partition(".")[0], "co_chu")
        return self.state.slots.get("called", "")

    @property
    def values(self) -> Mapping[str, str]:
        """What fills the placeholders of every text."""
        slots, person = self.state.slots, self.state.person
        # "con ơi" was said by the one who types, not by the one who took the phone
        self_word = "" if person and not self.state.speaks_for_somebody else slots.get("self_word", "")
        return self.book.forms(self.called, self_word, person)

    def say(self, text: str) -> None:
        self.replies.append(Say(text, self.values))

    def say_wording(self, wording: Wording, number: StepNumber | None = None) -> None:
        if wording.say or number:
            self.replies.append(Say(wording.say, self.values, number, wording.speech))
        if wording.picture:
            self.replies.append(Show(wording.picture))

    def phrase(self, name: str, **values: str) -> None:
        phrases = self.book.phrases
        discreet = phrases[DISCREET[name]] if name in DISCREET else ""
        filling = {**self.values, **values} if values else self.values
        self.replies.append(Say(phrases[name], filling, discreet=discreet))

    def phrase_with_place(self, name: str) -> None:
        """A phrase that also says at which numbered step the person stands, where they stand at one."""
        whereabouts = self.whereabouts()
        self.phrase(f"{name}_at_step" if whereabouts else name, **whereabouts)

    def whereabouts(self) -> dict[str, str]:
        """The nearest numbered step of the path, in words; empty where there is none."""
        for place in reversed(self.state.path):
            dialog = self.book.dialogs[place.dialog]
            number = dialog.steps[place.step].number
            if number:
                whose = (
                    self.book.phrases["for_somebody"].format(**self.values) if self.state.speaks_for_somebody else ""
                )
                return {"viec": dialog.title, "so": str(number), "tong": str(dialog.total), "cho_ai": whose}
        return {}

    def wording(self, plain: Wording, variants: tuple[tuple[str, Wording], ...]) -> Wording:
        """The wording for this person: the first variant whose condition holds wins, field by field."""
        spoken, picture = Wording(), ""
        for condition, variant in (*variants, ("", plain)):
            if not condition or CONDITIONS[condition](self.state):
                # what is read aloud belongs to the words it was written for
                spoken, picture = spoken if spoken.say else variant, picture or variant.picture
        return Wording(spoken.say, picture, spoken.speech)

    def step_wording(self) -> Wording:
        return self.wording(self.step.wording, self.step.variants)

    def offer(self, choices: tuple[Choice, ...], *, main: int | None = None) -> None:
        here = str(self.state.place)
        self.choices = choices
        self.offered = tuple([choice.slug for choice in choices])
        self.replies.append(Offer(tuple([Button(f"{here}/{choice.slug}", choice.label) for choice in choices]), main))
