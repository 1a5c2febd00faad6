"""The dialog engine: a book, a state and an event give the next state, the replies and the effects.

``advance`` is a function: it reads no clock, rolls no dice, opens no file and knows no channel. Every loop in it is
bounded by ``bot.core.limits``.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.core import limits
from bot.core.address import ADDRESSED, CALLED, MYSELF, NEIGHBOUR, OF_GENDER, SELVES, helped_by_name, may_be_same
from bot.core.choices import ANYWHERE, can_be_offered, choices_at, is_offer, ward_list
from bot.core.conditions import CONDITIONS
from bot.core.dialogs import (
    ALL_WARDS,
    CHOOSE_WARD,
    DISCREET,
    MENU,
    START,
    Book,
    Call,
    Choice,
    Dialog,
    Goto,
    Move,
    Next,
    Return,
    Step,
    Wording,
)
from bot.core.effects import (
    Agree,
    Blocked,
    Complete,
    Decline,
    Effect,
    Enrol,
    Forget,
    LeaveClass,
    Lift,
    RecordStep,
    Remind,
    Reopen,
    RequestHelp,
    Restrict,
    ShowData,
)
from bot.core.elder import OLD_PEOPLE, PATIENCE, arranged, is_offered_at, page_choices, stuck_again
from bot.core.events import (
    ButtonPressed,
    CameOver,
    ClassEnded,
    ClassFull,
    ClassJoined,
    ClassNotFound,
    Event,
    StepOpened,
    TextUnderstood,
)
from bot.core.languages import CHANGE, SOURCE
from bot.core.meaning import Meaning
from bot.core.paging import paged
from bot.core.replies import Button, Offer, Page, Reply, Say, Show, StepNumber
from bot.core.state import NO_WARD, Path, Place, State, joined, parse_place

# what is written down (a yes, a task finished) needs words at least this clear; a button always is
SURE = 0.8


@dataclass(frozen=True, slots=True)
class Turn:
    """What one event led to."""

    state: State
    replies: tuple[Reply, ...]
    effects: tuple[Effect, ...]


def advance(book: Book, state: State, event: Event) -> Turn:
    """One turn of a chat."""
    talk = _Talk(book, state)
    talk.take(event)
    return talk.turn()


class _Talk:
    """One turn while it is being made: the state so far, what was said, what is to be done."""

    def __init__(self, book: Book, state: State) -> None:
        self.book = book.in_language(state.language)
        self.state = state
        self.offered = state.offered
        self.can_remind = False
        self.offering: tuple[Choice, ...] = ()
        self.later: tuple[Page, ...] = ()
        self.replies: list[Reply] = []
        self.effects: list[Effect] = []

    def turn(self) -> Turn:
        unread = self.told_slowly() if self.state.mode == "elder" else ()
        state = replace(self.state, offered=self.offered, unread=unread, turn=self.state.turn + 1)
        return Turn(state, tuple(self.replies), tuple(self.effects))

    def take(self, event: Event) -> None:
        self.can_remind = event.can_remind and self.state.may_keep
        if isinstance(event, CameOver):
            self.come_over(event.state)
            return
        if isinstance(event, TextUnderstood) and not event.heard:
            self.listen_to_language(event.meaning)
        if isinstance(event, TextUnderstood) and event.hidden and not self.may_be_class_code(event):
            # safety speaks first, wherever the person stands
            self.phrase("hidden")
        if not self.state.path:
            self.begin(event)
            return
        self.settle()
        if isinstance(event, _OF_A_CLASS):
            self.handle(event)
            return
        if self.asks_for_reminder(event):
            self.agree_to_reminder()
            return
        if event.away or self.state.paused:
            self.welcome_back(event)
            return
        self.handle(event)

    # ---- coming in ----

    def begin(self, event: Event) -> None:
        """The first message of a chat: the notice comes before anything else."""
        start = self.book.dialogs[START]
        here = (Place(START, start.first),)
        if self.state.slots.get("moved"):
            self.state = replace(self.state, slots={k: v for k, v in self.state.slots.items() if k != "moved"})
            self.phrase("moved_away")
        if isinstance(event, TextUnderstood) and self.leads_somewhere(event.meaning.intent):
            self.state = replace(self.state, path=self.menu_path())
            self.listen_to_address(event.meaning)
            self.say(start.steps[start.first].wording.say)
            self.hear(event.meaning)
            return
        if isinstance(event, _OF_A_CLASS):
            self.state = replace(self.state, path=self.menu_path())
            self.say(start.steps[start.first].wording.say)
            self.handle(event)
            return
        if isinstance(event, TextUnderstood):
            self.listen_to_address(event.meaning)
            if event.meaning.intent == "elder_mode":
                self.lead("elder")
        self.arrive(here)

    def come_over(self, brought: State) -> None:
        """Go on from where another chat stood; what was asked there to rest or resume is over."""
        self.state = joined(self.state, brought)
        self.book = self.book.in_language(self.state.language)
        if not self.state.path:
            self.state = replace(self.state, path=self.menu_path())
        self.settle()
        self.state = replace(self.state, paused=False)
        self.phrase_with_place("came_over")
        self.show()

    def leads_somewhere(self, intent: str) -> bool:
        return intent in self.book.hears or intent.startswith("faq/") or intent == "join_class"

    def welcome_back(self, event: Event) -> None:
        """After a pause the person hears where they stopped, and only then what they asked for.

        Who helps several people says first for whom to go on.
        """
        if isinstance(event, TextUnderstood) and event.meaning.intent in _RESTING:
            self.pause()
            return
        if self.meant(event) == "stop_reminding":
            self.stop_reminding()
            return
        self.state = replace(self.state, paused=False, unread=())
        self.phrase_with_place("welcome_back")
        intent = event.meaning.intent if isinstance(event, TextUnderstood) else ""
        if (
            self.leads_somewhere(intent)
            or intent in _MOVING
            or (isinstance(event, ButtonPressed) and self.pressed(event.button) is not None)
        ):
            self.handle(event)
        elif len(self.state.underway) > 1:
            self.ask_for_whom()
        else:
            self.show()

    def meant(self, event: Event) -> str:
        """The meaning of what was said or of the button that was pressed."""
        if isinstance(event, TextUnderstood):
            return event.meaning.intent
        choice = self.pressed(event.button) if isinstance(event, ButtonPressed) else None
        return choice.means if choice else ""

    def settle(self) -> None:
        """Content may have changed under a living chat: fall back to the nearest place that still exists."""
        if self.exists(self.state.path):
            return
        place = self.state.place
        # where the caller's step vanished, the question returns to the nearest that is left of it
        callers = tuple(left for caller in self.state.path[:-1] if (left := self.left_of(caller)))
        plain = (*callers, place.plain)
        nearest = next((path for path in reversed(self.state.trail) if self.exists(path)), None)
        dialog = self.book.dialogs.get(place.dialog)
        if self.exists(plain):
            path = plain
        elif nearest and nearest[-1].dialog == place.dialog:
            path = nearest
        elif dialog and any(step.waits for step in dialog.steps.values()):
            path = (Place(dialog.name, self.waiting_step(dialog)),)
        else:
            path = nearest or self.menu_path()
        self.state = replace(self.state, path=path, trail=tuple(each for each in self.state.trail if self.exists(each)))
        self.phrase("step_vanished")

    def left_of(self, place: Place) -> Place | None:
        """A place, or where it vanished the latest of its dialog that was passed, or the first that waits there."""
        if self.step_of(place):
            return place
        passed = (each for path in reversed(self.state.trail) for each in path if each.dialog == place.dialog)
        dialog = self.book.dialogs.get(place.dialog)
        first = next((step.name for step in dialog.steps.values() if step.waits), "") if dialog else ""
        return next(filter(self.can_stand_at, passed), None) or (Place(place.dialog, first) if first else None)

    def exists(self, path: Path) -> bool:
        """Callers need only be there to return to; the place itself must be one that waits."""
        return all(self.step_of(place) for place in path) and self.can_stand_at(path[-1])

    def step_of(self, place: Place) -> Step | None:
        dialog = self.book.dialogs.get(place.dialog)
        return dialog.steps.get(place.step) if dialog else None

    def can_stand_at(self, place: Place) -> bool:
        step = self.step_of(place)
        if step is None or not step.waits:
            return False
        if place.mode == "guess":
            return all(can_be_offered(self.book, place.plain, meaning) for meaning in place.symptom.split("|"))
        if place.mode == "remedy":
            return place.symptom in step.symptoms
        if place.mode == "wards":
            return len(ward_list(self.book, place.symptom)) > place.attempt * limits.WARDS
        needed = {"resume": step.number > 0, "symptoms": bool(step.symptoms)}
        return needed.get(place.mode, True)

    def waiting_step(self, dialog: Dialog) -> str:
        return next(name for name, step in dialog.steps.items() if step.waits)

    def menu_path(self) -> Path:
        return (Place(MENU, self.waiting_step(self.book.dialogs[MENU])),)

    # ---- what came in ----

    def handle(self, event: Event) -> None:
        if self.state.mode == "offered":
            # offered once, and not again
            self.lead("usual")
        match event:
            case ButtonPressed():
                self.press(event.button)
            case TextUnderstood() if self.may_be_class_code(event):
                self.phrase("class_code_hidden")
                self.show()
            case TextUnderstood(heard=True):
                self.ask_whether_heard(event.meaning)
            case TextUnderstood():
                self.listen_to_address(event.meaning)
                if event.wards and self.asks_for_ward:
                    self.name_ward(event.wards)
                else:
                    self.hear(event.meaning)
            case ClassJoined():
                self.join_class(event)
            case ClassNotFound():
                self.want_class_code("class_not_found")
            case ClassFull():
                self.phrase("class_full")
                self.show()
            case StepOpened():
                self.keep_pace(event)
            case ClassEnded():
                self.end_class()
            case _:
                self.show()

    def hear(self, meaning: Meaning) -> None:
        """Act on a meaning; where two are about as likely, ask which it was."""
        meaning = self.with_its_marks(self.offering_language(meaning))
        here = self.state.place.plain
        guesses = [guess for guess in meaning.guesses if can_be_offered(self.book, here, guess)]
        if meaning.intent == "help_relative" or (self.state.place.mode == "people" and meaning.entity("relation")):
            self.help_somebody(meaning)
            return
        if meaning.intent in ("", "change_address_form") and meaning.entity("called") in CALLED:
            self.phrase("called_so")
            self.show()
            return
        if not meaning.intent and not guesses and self.named(meaning) == self.state.person != "":
            self.here_again()
            return
        if another := self.somebody_else(meaning):
            if meaning.intent != "elder_here" or another not in self.state.underway:
                self.ask_between((self.state.person, another))
                return
            self.go_to(another)
        if meaning.intent == "helper_here" and self.state.slots.get("holder") != "elder":
            self.greet()
            return
        if meaning.intent or not guesses:
            self.mean(meaning.intent, sure=meaning.confidence >= SURE)
            return
        self.ask_which(guesses)

    def ask_which(self, guesses: Sequence[str]) -> None:
        self.move_to((*self.state.path[:-1], self.state.place.plain._replace(mode="guess", symptom="|".join(guesses))))
        self.show()

    def with_its_marks(self, meaning: Meaning) -> Meaning:
        """Of words that mean two things without their marks, the one that is an answer here."""
        if meaning.also and any(choice.means == meaning.also for choice in choices_at(self.book, self.state.place)):
            return replace(meaning, intent=meaning.also)
        return meaning

    def somebody_else(self, meaning: Meaning) -> str:
        """Whose journey is spoken of, or who took the phone, where it is another person's turn; else nothing."""
        person = self.named(meaning)
        if not person or person == self.state.person:
            return ""
        dialog = self.book.dialogs.get(meaning.intent)
        takes_phone = meaning.intent == "elder_here" and (self.state.person or self.state.underway)
        is_unclear = not meaning.intent and not meaning.guesses
        return person if takes_phone or is_unclear or (dialog is not None and dialog.task) else ""

    def named(self, meaning: Meaning) -> str:
        """The person a relation stands for: the one whose turn it is, one underway, or somebody new."""
        named = helped_by_name(meaning.entity("relation"))
        known = (self.state.person, *self.state.underway)
        return next((person for person in known if named and person and may_be_same(person, named)), named)

    def offering_language(self, meaning: Meaning) -> Meaning:
        """Words partly or wholly in another language: did they want the matter, or that language?"""
        other = meaning.entity("other_language")
        if not other or self.book.in_language(other) is self.book:
            return meaning
        if any(choice.means == CHANGE + other for choice in choices_at(self.book, self.state.place)):
            # asked for the language, they answered in it
            return Meaning(CHANGE + other, 1.0)
        if meaning.intent in self.book.titles:
            return replace(meaning, intent="", guesses=(meaning.intent, CHANGE + other))
        return meaning if meaning.intent else replace(meaning, intent="change_language", guesses=())

    def press(self, button: str) -> None:
        choice = self.pressed(button)
        if choice is None and (late := self.late_answer(button)):
            self.answer_late(*late)
            return
        if choice is None:
            self.phrase("old_button")
            self.show()
            return
        self.choose(choice)

    def pressed(self, button: str) -> Choice | None:
        """The choice a button stands for, if it stands at the present place; elder mode is wished for from anywhere."""
        place, _, slug = button.rpartition("/")
        if place == ANYWHERE:
            return self.book.anywhere.get(slug)
        if slug == self.book.standard["elder"].slug:
            return self.book.standard["elder"]
        if place != str(self.state.place):
            return None
        return next((choice for choice in self.choices if choice.slug == slug), None)

    @property
    def choices(self) -> tuple[Choice, ...]:
        """What may be answered now: at the place, or on a page of it that another one follows."""
        return page_choices(self.book) if self.state.unread else choices_at(self.book, self.state.place)

    def listen_to_address(self, meaning: Meaning) -> None:
        """How people speak of themselves and to the bot sets the form of address, silently."""
        slots = dict(self.state.slots)
        asked, self_word = meaning.entity("called"), meaning.entity("self_word")
        if self_word in SELVES:
            slots["self_word"] = self_word
            if self_word != "em" and slots.get("called", "anh_chi") in ("anh_chi", "anh", "chi"):
                slots["called"] = "co_chu"
        own = meaning.entity("own_title")
        if own in CALLED and slots.get("called") == "co_chu" and not self.state.person:
            slots["called"] = own
        gendered = OF_GENDER.get(meaning.entity("gender"), {})
        slots["called"] = gendered.get(slots.get("called", ""), slots.get("called", ""))
        if asked in CALLED:
            slots |= {"called": asked, "self_word": "" if CALLED[asked][1] == "em" else slots.get("self_word", "")}
        slots = {slot: value for slot, value in slots.items() if value or slot in self.state.slots}
        if slots != self.state.slots:
            self.state = replace(self.state, slots=slots)
        told = meaning.entity("elder_sign") and not meaning.entity("relation")
        if told or slots.get("called") in OLD_PEOPLE:
            self.notice_elder()

    def listen_to_language(self, meaning: Meaning) -> None:
        """Who asks for a language, or begins in it, is answered in it."""
        asked = meaning.intent.removeprefix(CHANGE) if meaning.intent.startswith(CHANGE) else ""
        if language := asked or meaning.entity("language"):
            self.speak(language)

    def speak(self, language: str) -> None:
        """From now on in this language, where the book was translated into it."""
        chosen = self.book.in_language(language)
        if chosen.source is None and language != SOURCE:
            return
        slots = {slot: value for slot, value in self.state.slots.items() if slot != "language"}
        self.state = replace(self.state, slots=slots if language == SOURCE else {**slots, "language": language})
        self.book = chosen

    # ---- choosing and meaning ----

    def choose(self, choice: Choice) -> None:
        for effect in choice.effects:
            self.perform(effect, choice.label)
        # behind the effects: what is remembered now outlives a forgetting
        self.remember(choice)
        if choice.move is not None:
            if choice.means == "done" and self.step.number:
                self.record(self.state.place, "done")
            self.follow(choice.move)
        elif choice.means:
            self.act(choice.means)
        else:
            self.follow(Next())

    def mean(self, intent: str, *, sure: bool = True) -> None:
        """What words with this meaning lead to: a button here that stands for it, else what it means anywhere."""
        if self.state.unread and intent in _LISTENING:
            intent = "read_on"
        # who types does not say yes for somebody else
        sure = sure and not (intent == "agree" and self.state.speaks_for_somebody)
        choices = self.choices
        here = {choice.means: choice for choice in reversed(choices) if choice.means}
        said = self.said_by_them(intent)
        choice = here.get(intent) or here.get(said) or here.get(_NEAR.get(intent, ""))
        if choice is not None and (not choice.effects or (sure and choice.means in (intent, said))):
            self.choose(choice)
        else:
            self.act(intent)

    def said_by_them(self, intent: str) -> str:
        """What words mean where somebody helped is asked: their yes is theirs alone, from their mouth or their hand."""
        if intent == "agree" and self.state.person and not self.state.speaks_for_somebody:
            return "elder_agrees"
        return _SAID_FOR_SOMEBODY.get(intent, intent)

    def act(self, intent: str) -> None:
        if intent == "elder_declines" and not self.state.person:
            # whose no it is, nobody said: it must not be taken for that of the one who types
            self.ask_for_other_words()
        elif intent == "resume" and self.state.is_restricted and _LIFTING in self.book.hears:
            # to go on with the steps, or to lift the restriction: only a clear yes does the latter
            self.open_dialog(*self.book.hears[_LIFTING])
        elif intent in _COMMANDS:
            _COMMANDS[intent](self)
        elif intent.startswith(CHANGE):
            self.change_language(intent.removeprefix(CHANGE))
        elif intent.startswith("person/"):
            self.turn_to_chosen(intent.removeprefix("person/").removeprefix(MYSELF))
        elif intent.startswith("wards/"):
            name, _, page = intent.removeprefix("wards/").partition(":")
            self.list_wards(name, int(page))
        elif intent.startswith("ward/"):
            self.note_ward(intent.removeprefix("ward/"))
        elif intent.startswith("symptom/") and intent.removeprefix("symptom/") in self.step.symptoms:
            self.try_remedy(intent.removeprefix("symptom/"), 0)
        elif intent.startswith("faq/") and intent.removeprefix("faq/") in self.book.articles:
            self.answer(intent.removeprefix("faq/"))
        elif intent == self.state.path[0].dialog:
            self.here_again()
        elif intent in self.book.hears:
            self.open_dialog(*self.book.hears[intent])
        else:
            self.ask_for_clearer_words()

    def ask_for_clearer_words(self) -> None:
        """Nothing was understood; who hears that twice is offered numbers and a person, not the same words again."""
        again = self.state.slots.get("unheard") == str(self.state.turn - 1)
        slots = {slot: value for slot, value in self.state.slots.items() if slot != "unheard"}
        self.state = replace(self.state, slots=slots if again else {**slots, "unheard": str(self.state.turn)})
        self.phrase("not_understood_again" if again else "not_understood")
        self.show()

    def remember(self, choice: Choice) -> None:
        for slot, value in choice.remember:
            if slot == "person":
                self.turn_to(self.next_neighbour() if value == NEIGHBOUR else value)
            else:
                self.state = replace(self.state, slots={**self.state.slots, slot: value})
            if slot == "called" and value in OLD_PEOPLE:
                self.notice_elder()

    def change_language(self, language: str) -> None:
        """The same place in another language; the question for it is over."""
        self.speak(language)
        self.leave_questions()
        self.phrase("language_changed")
        self.show()

    def leave_questions(self) -> None:
        """Back below any question in between, which is over."""
        path = self.base_path()
        self.move_to((*path[:-1], self.leaving_guess(path[-1])))

    # ---- elder mode ----

    def lead(self, mode: str) -> None:
        self.state = replace(self.state, slots={**self.state.slots, "mode": mode})

    def notice_elder(self) -> None:
        """Elder mode may fit; it is offered once, where the person can think about it."""
        if not self.state.mode:
            self.lead("fits")

    def hear_of_age(self) -> None:
        self.notice_elder()
        self.phrase("slower")
        self.show()

    def slow_down(self) -> None:
        self.lead("elder")
        self.leave_questions()
        self.phrase("elder_mode")
        self.show()

    def go_as_usual(self) -> None:
        self.lead("usual")
        self.leave_questions()
        self.phrase("usual_mode")
        self.show()

    def read_on(self) -> None:
        """The page after the present one; where all were read, the place itself."""
        if len(self.state.unread) > 1:
            self.tell(self.state.unread[1:])
        else:
            self.show()

    def tell(self, pages: tuple[Page, ...]) -> None:
        self.replies += pages[0]
        self.later = pages[1:]
        self.offering = choices_at(self.book, self.state.place)

    def told_slowly(self) -> tuple[Page, ...]:
        """Turns what was said into its first page, with few buttons; the pages still to be read, this one first."""
        pages = (*paged(self.replies, limits.INSTRUCTION), *self.later)
        is_last = len(pages) == 1 or self.state.paused
        told = [each for page in pages for each in page] if is_last else pages[0]
        choices, main = arranged(self.book, self.offering if is_last else page_choices(self.book))
        self.replies = [replace(each, large=True) if isinstance(each, Show) else each for each in told]
        self.offer(choices, main=main)
        return () if is_last else pages

    def patience_is_due(self) -> bool:
        """Counts one more "Chưa được"; in elder mode every second one at a step is answered by patience first."""
        stuck = stuck_again(self.state)
        self.state = replace(self.state, slots={**self.state.slots, "stuck": stuck})
        due = int(stuck.rpartition(":")[2]) % PATIENCE == 0
        if due:
            self.notice_elder()
        return due and self.state.mode == "elder" and "out_of_patience" in self.book.hears

    # ---- which ward ----

    @property
    def asks_for_ward(self) -> bool:
        return self.state.place.dialog == self.book.hears.get(CHOOSE_WARD, ("", ""))[0]

    def name_ward(self, codes: tuple[str, ...]) -> None:
        """One unit is taken down; of several the person chooses, for nothing is decided for them."""
        if len(codes) == 1:
            self.note_ward(codes[0])
        else:
            self.list_wards(",".join(codes))

    def list_wards(self, name: str = ALL_WARDS, page: int = 0) -> None:
        place = self.state.place.plain._replace(mode="wards", symptom=name, attempt=page)
        if not self.can_stand_at(place):
            self.phrase("not_understood")
            self.show()
            return
        self.move_to((*self.state.path[:-1], place))
        self.show()

    def note_ward(self, code: str) -> None:
        """Kept with the person; counted there only where they agreed to be counted."""
        self.state = replace(self.state, slots={**self.state.slots, f"ward:{self.state.person}": code})
        if code == NO_WARD:
            self.phrase("ward_not_noted")
        else:
            self.phrase("ward_noted", phuong=self.book.wards[code])
            self.effects.append(Enrol(code))
        self.state = replace(self.state, path=(*self.state.path[:-1], self.state.place.plain))
        self.follow(Next())

    def keep_ward_to_oneself(self) -> None:
        self.note_ward(NO_WARD)

    # ---- for whom ----

    def turn_to(self, person: str) -> None:
        """From now on it is about this person: their phone, their steps; nobody walks back into another one's."""
        state = self.state
        if person == state.person:
            return
        slots = {**state.slots, f"phone:{state.person}": state.slots.get("phone", "")}
        slots |= {"reason": "", "late": "", "person": person, "phone": slots.get(f"phone:{person}", ""), "holder": ""}
        slots = {slot: value for slot, value in slots.items() if value or not slot.startswith("phone:")}
        trail = tuple(path for path in state.trail if not self.book.dialogs[path[0].dialog].task)
        self.state = replace(state, slots=slots, trail=trail)

    def ask_for_whom(self) -> None:
        self.ask_between(self.state.underway[: limits.PEOPLE])

    def ask_between(self, people: Sequence[str]) -> None:
        """For whom does the talk go on? Nobody's turn is taken silently."""
        codes = "|".join(person or MYSELF for person in people)
        self.move_to((*self.state.path[:-1], self.state.place.plain._replace(mode="people", symptom=codes)))
        self.show()

    def turn_to_chosen(self, person: str) -> None:
        """Whoever was chosen by name: the one whose turn it is stays, who is new is asked about first."""
        if person == self.state.person:
            self.move_to((*self.state.path[:-1], self.state.place.plain))
            self.phrase("going_on_for" if person else "going_on_for_myself")
            self.show()
        elif person in self.state.underway or not person:
            self.go_on_for(person)
        else:
            self.begin_helping(person)

    def go_on_for(self, person: str) -> None:
        """To the step where this person stopped, saying whose it is."""
        self.go_to(person)
        self.phrase("going_on_for" if person else "going_on_for_myself")
        self.show()

    def go_to(self, person: str) -> None:
        self.turn_to(person)
        stopped = (key for key in reversed(list(self.state.bookmarks)) if key.partition("/")[0] == person)
        paths = ((Place(key.partition("/")[2], self.state.bookmarks[key]),) for key in stopped)
        path = next((path for path in paths if self.exists(path)), self.menu_path())
        self.state = replace(self.state, path=path, paused=False)

    def help_somebody(self, meaning: Meaning) -> None:
        """Somebody who was named is helped; whoever is being helped already is not asked about again."""
        person = self.named(meaning)
        if person and self.state.place.mode == "people" and person in self.state.underway:
            self.go_on_for(person)
        elif person and person == self.state.person:
            self.leave_question_for_whom()
            self.mean(meaning.beside) if meaning.beside else self.here_again()
        else:
            self.begin_helping(person)

    def leave_question_for_whom(self) -> None:
        if self.state.place.mode == "people":
            self.move_to((*self.state.path[:-1], self.state.place.plain))

    def begin_helping(self, person: str) -> None:
        """Helping starts with what the content asks first; without a name, with who it is."""
        dialog, first = self.book.hears["help_relative"]
        offer = self.offer_to_help(dialog, person)
        if offer is None:
            self.open_dialog(dialog, first)
            return
        step, choice = offer
        self.move_to((*self.base_path(), Place(dialog, step.name)))
        self.choose(choice)

    def offer_to_help(self, dialog: str, person: str) -> tuple[Step, Choice] | None:
        """The button for this person; whoever has none is helped as the others are."""
        offers = [
            (step, choice)
            for step in self.book.dialogs[dialog].steps.values()
            for choice in step.choices
            if dict(choice.remember).get("person")
        ]
        if not person or not offers:
            return None
        own = next((offer for offer in offers if ("person", person) in offer[1].remember), None)
        step, any_choice = offers[0]
        return own or (step, replace(any_choice, remember=(("person", person),)))

    def give_phone_to_elder(self) -> None:
        """ "Má đây": from now on the words are for the person helped."""
        if not self.state.person:
            self.greet()
            return
        self.state = replace(self.state, slots={**self.state.slots, "holder": "elder"})
        if self.called in OLD_PEOPLE:
            self.notice_elder()
        self.phrase("elder_here")
        self.show()

    def next_neighbour(self) -> str:
        """The code of a volunteer's next person, who has answered nothing yet; what the last one answered is let go."""
        state = self.state
        self.state = replace(
            state,
            bookmarks={key: step for key, step in state.bookmarks.items() if not key.startswith(NEIGHBOUR)},
            done=tuple(mark for mark in state.done if not mark.startswith(NEIGHBOUR)),
            consents={key: answer for key, answer in state.consents.items() if not key.startswith(NEIGHBOUR)},
            slots={**_without_neighbours(state.slots), "neighbours": str(1 + state.neighbours)},
        )
        return f"{NEIGHBOUR}.{self.state.slots['neighbours']}"

    def perform(self, effect: Effect, label: str = "") -> None:
        if isinstance(effect, Agree | Decline):
            wording = effect.wording or self.wording(self.step.wording, self.step.variants).say
            effect = replace(effect, wording=wording, label=label)
            answer = "yes" if isinstance(effect, Agree) else "no"
            consents = {**self.state.consents, f"{self.state.answerer(effect.purpose)}/{effect.purpose}": answer}
            self.state = replace(self.state, consents=consents)
            if answer == "yes" and effect.purpose == "count" and self.state.ward in self.book.wards:
                # told before, when nobody was to be counted
                self.effects.append(Enrol(self.state.ward))
        elif isinstance(effect, Complete):
            self.complete(effect.task)
        elif isinstance(effect, Blocked):
            effect = replace(effect, task=self.book.dialogs[self.state.path[0].dialog].task)
            self.state = replace(self.state, slots={**self.state.slots, "reason": effect.reason})
        elif isinstance(effect, RequestHelp):
            effect = self.wish()
        elif isinstance(effect, Forget):
            # the chat begins anew, without what lies below; only the turn goes on counting
            # in the same language, so that it can be read
            # and somebody under 16 stays one
            slots = {slot: value for slot, value in self.state.slots.items() if slot in ("language", "child")}
            self.state = State(path=self.state.path[-1:], slots=slots, turn=self.state.turn)
        elif isinstance(effect, ShowData):
            effect = replace(effect, at=len(self.replies))
        elif isinstance(effect, Restrict | Lift):
            slots = {slot: value for slot, value in self.state.slots.items() if slot != "restricted"}
            slots |= {"restricted": "yes"} if isinstance(effect, Restrict) else {}
            self.state = replace(self.state, slots=slots)
        elif isinstance(effect, Reopen):
            mark = f"{self.state.person}/{effect.task}"
            self.state = replace(self.state, done=tuple(each for each in self.state.done if each != mark))
        self.effects.append(effect)

    def wish(self) -> RequestHelp:
        """What the person chose to say of themselves, and where the journey stood when they asked."""
        slots, ward = self.state.slots, self.state.ward
        return RequestHelp(
            way=slots.get("help_way", RequestHelp().way),
            hours=slots.get("help_hours", ""),
            ward="" if ward == NO_WARD else ward,
            place=str(self.state.path[0]),
            reason=slots.get("reason", ""),
        )

    def complete(self, task: str) -> None:
        mark = f"{self.state.person}/{task}"
        done = self.state.done if mark in self.state.done else (*self.state.done, mark)
        finished = {f"{self.state.person}/{name}" for name, dialog in self.book.dialogs.items() if dialog.task == task}
        bookmarks = {key: step for key, step in self.state.bookmarks.items() if key not in finished}
        self.state = replace(self.state, done=done, bookmarks=bookmarks)

    # ---- what meanings do everywhere ----

    def done(self) -> None:
        place = self.state.place
        if place.mode in ("remedy", "symptoms"):
            self.back_to_step()
        elif place.mode == "resume" or not self.step.number:
            self.phrase("press_one")
            self.show()
        else:
            self.record(place, "done")
            self.follow(Next())

    def stuck(self) -> None:
        place = self.state.place
        if self.patience_is_due():
            self.open_dialog(*self.book.hears["out_of_patience"])
        elif place.mode == "symptoms" or self.is_exhausted(place):
            self.mean("human")
        elif place.mode == "remedy":
            self.try_remedy(place.symptom, place.attempt + 1)
        elif self.step.symptoms:
            self.record(place, "stuck")
            self.move_to((*self.state.path[:-1], place.plain._replace(mode="symptoms")))
            self.show()
        else:
            self.record(place, "stuck")
            self.mean("more")

    def yes(self) -> None:
        if self.state.place.mode == "remedy":
            self.done()
            return
        self.phrase("done_or_not" if self.step.number and not self.state.place.mode else "press_one")
        self.show()

    def no(self) -> None:
        if self.step.number and self.state.place.mode != "resume":
            self.stuck()
            return
        self.phrase("press_one")
        self.show()

    def back(self) -> None:
        """One step back; from the page of other things, back from the step below it."""
        path = self.base_path() if self.at_more() else self.state.path
        trail = list(self.state.trail)
        while trail and (trail[-1] == path or not self.exists(trail[-1])):
            trail.pop()
        if not trail:
            self.state = replace(self.state, path=path)
            self.phrase("no_way_back")
            self.show()
            return
        self.state = replace(self.state, path=trail.pop(), trail=tuple(trail))
        self.show()

    def repeat(self) -> None:
        if self.state.unread:
            self.tell(self.state.unread)
            return
        self.leave_more()
        self.show()

    def not_understand(self) -> None:
        self.phrase("slower")
        self.show()

    def pause(self) -> None:
        self.leave_more()
        self.state = replace(self.state, paused=True)
        self.phrase_with_place("paused")
        resume, remind = self.book.standard["resume"], self.book.standard["remind"]
        if not self.may_offer_reminder():
            self.offer((resume,))
        elif self.state.consent("remind") == "yes":
            self.set_reminder()
        else:
            self.phrase("remind_offer")
            self.offer((resume, remind))

    # ---- reminders ----

    def may_offer_reminder(self) -> bool:
        """At a step that is remembered, where the bot could write first, to who never said no to it."""
        remembered = self.state.consent("progress") == "yes" and bool(self.whereabouts())
        return self.can_remind and remembered and self.state.consent("remind") != "no"

    def asks_for_reminder(self, event: Event) -> bool:
        """The button for it, or its words where it was just offered."""
        remind = self.book.standard["remind"]
        if remind.slug not in self.offered:
            return False
        if isinstance(event, TextUnderstood):
            # at a step, where a class ended, a yes may be one to what the phone asks
            return event.meaning.intent == "remind_me" or (event.meaning.intent == "agree" and self.state.paused)
        return isinstance(event, ButtonPressed) and event.button == f"{self.state.place}/{remind.slug}"

    def agree_to_reminder(self) -> None:
        wording = self.book.phrases["remind_offer"]
        self.perform(Agree("remind", wording), self.book.standard["remind"].label)
        self.state = replace(self.state, paused=True)
        self.set_reminder()

    def set_reminder(self) -> None:
        self.effects.append(Remind())
        self.phrase("will_remind")
        self.offer((self.book.standard["resume"],))

    def ask_for_reminder(self) -> None:
        """ "Mai nhắc tôi", said anywhere: a rest, with the offer where it can be kept."""
        if not self.can_remind:
            self.phrase("cannot_remind")
            self.show()
            return
        if self.state.consent("remind") == "no":
            # asked for again: the no is taken back, a yes is still to be said
            answers = {key: answer for key, answer in self.state.consents.items() if key != "/remind"}
            self.state = replace(self.state, consents=answers)
        self.pause()

    def stop_reminding(self) -> None:
        """At once, wherever it is said; who rests goes on resting."""
        self.perform(Decline("remind", self.book.phrases["reminders_stopped"]))
        self.phrase("reminders_stopped")
        if self.state.paused:
            self.offer((self.book.standard["resume"],))
        else:
            self.show()

    # ---- going on ----

    def resume(self) -> None:
        self.leave_more()
        self.show()

    def restart(self) -> None:
        root = self.book.dialogs[self.state.path[0].dialog]
        self.arrive((Place(root.name, root.first),))

    def menu(self) -> None:
        self.arrive(self.menu_path())

    def greet(self) -> None:
        self.phrase("greeting")
        self.show()

    def thank(self) -> None:
        self.phrase("thanks")
        self.show()

    def decline_matter(self) -> None:
        self.phrase("out_of_scope")
        self.show()

    def ask_for_other_words(self) -> None:
        self.move_to((*self.state.path[:-1], self.state.place.plain))
        self.ask_for_clearer_words()

    def ask_whether_heard(self, meaning: Meaning) -> None:
        """What a machine heard is done only once a button said that it was meant."""
        here = self.state.place.plain
        meant = [each for each in (meaning.intent, *meaning.guesses) if can_be_offered(self.book, here, each)]
        if not meant:
            self.phrase("voice_unclear")
            self.show()
            return
        self.phrase("voice_heard")
        self.ask_which(meant)

    def leave_voice_unheard(self) -> None:
        self.phrase("voice")
        self.show()

    def leave_media_unseen(self) -> None:
        self.phrase("media")
        self.show()

    def leave_unread(self) -> None:
        self.phrase("unread")
        self.show()

    def stop_reading(self) -> None:
        self.phrase("too_long")
        self.show()

    def answer(self, slug: str) -> None:
        self.move_to((*self.state.path[:-1], self.leaving_guess(self.state.place)))
        article = self.book.articles[slug]
        self.say(article.answer)
        if article.offer not in self.book.dialogs or self.book.dialogs[self.state.path[0].dialog].task:
            self.here_again()
            return
        # not in the middle of a journey: the one the answer speaks of may begin
        self.move_to((*self.state.path[:-1], self.state.place.plain._replace(mode="guess", symptom=article.offer)))
        self.show()

    def leaving_guess(self, place: Place) -> Place:
        return place.plain if place.mode == "guess" else place

    def try_remedy(self, symptom: str, attempt: int) -> None:
        place = self.state.place._replace(mode="remedy", symptom=symptom, attempt=attempt)
        if attempt == 0:
            self.record(place, "stuck")
        self.move_to((*self.state.path[:-1], place))
        self.show()

    def is_exhausted(self, place: Place) -> bool:
        """Everything known against the symptom was tried."""
        return place.mode == "remedy" and place.attempt >= len(self.book.symptoms[place.symptom].attempts)

    def here_again(self) -> None:
        self.phrase("here_again")
        self.show()

    def back_to_step(self) -> None:
        self.phrase("here_again")
        self.move_to((*self.state.path[:-1], self.state.place.plain))
        self.show()

    # ---- in a class ----

    def ask_for_class_code(self) -> None:
        self.want_class_code("class_code_wanted")

    def want_class_code(self, phrase: str) -> None:
        self.state = replace(self.state, slots={**self.state.slots, "class_code": str(self.state.turn)})
        self.phrase(phrase)
        self.show()

    def may_be_class_code(self, event: TextUnderstood) -> bool:
        """Something was hidden in the very answer to where a class's code was wanted: perhaps that, perhaps an OTP."""
        wanted = self.state.slots.get("class_code") == str(self.state.turn - 1)
        return wanted and event.hidden and event.meaning.intent == "secret"

    def leave_class(self) -> None:
        self.effects.append(LeaveClass())
        self.phrase("class_left")
        if self.state.path[0].dialog == self.book.hears.get(_WAITING, ("",))[0]:
            self.arrive(self.menu_path())
        else:
            self.show()

    def join_class(self, event: ClassJoined) -> None:
        """A seat; who comes late is where the class is at once. What a class asks, it asks before its steps."""
        self.phrase("class_joined", ghe=str(event.seat), bai=event.lesson)
        path = self.joining_path(event)
        if not event.again and event.opens_steps and _JOINING in self.book.hears:
            path = called(path, Place(*self.book.hears[_JOINING]))
        self.arrive(path)

    def joining_path(self, event: ClassJoined) -> Path:
        """Where the class is; before its first step a place to wait, except for who is in the middle of something."""
        if self.can_stand_at_step(event.dialog, event.step) and not self.is_as_far(event):
            return (Place(event.dialog, event.step),)
        if self.state.path[0].dialog not in (START, MENU):
            return self.state.path
        waits = event.opens_steps and _WAITING in self.book.hears
        return (Place(*self.book.hears[_WAITING]),) if waits else self.menu_path()

    def keep_pace(self, event: StepOpened) -> None:
        """To the step of the class. Who is ahead stays ahead and hears nothing; so does who deals with a scam.

        Who is stuck is told, and stays with what they were trying until the trainer says the step once more.
        """
        if not self.can_stand_at_step(event.dialog, event.step) or self.deals_with_scam():
            return
        if self.is_as_far(event) and not event.again:
            return
        if self.is_stuck and not event.again:
            self.phrase("class_goes_on")
            self.offer(self.choices)
            return
        self.keep_question_open()
        self.phrase("class_step")
        self.arrive((Place(event.dialog, event.step),))

    def keep_question_open(self) -> None:
        """The class does not wait for a yes; the buttons it was asked with stay good."""
        if any(isinstance(effect, Agree) for choice in self.choices for effect in choice.effects):
            self.state = replace(self.state, slots={**self.state.slots, "late": str(self.state.place)})

    def late_answer(self, button: str) -> tuple[Step, Choice] | None:
        """The yes or no to a question the class went on from, and the step that asked it."""
        place, _, slug = button.rpartition("/")
        asked = parse_place(place) if place and place == self.state.slots.get("late") else None
        step = self.step_of(asked) if asked else None
        return next(((step, each) for each in step.choices if each.slug == slug), None) if step else None

    def answer_late(self, step: Step, choice: Choice) -> None:
        self.state = replace(self.state, slots={slot: v for slot, v in self.state.slots.items() if slot != "late"})
        wording = self.wording(step.wording, step.variants).say
        for effect in choice.effects:
            self.perform(
                replace(effect, wording=wording) if isinstance(effect, Agree | Decline) else effect, choice.label
            )
        self.phrase("class_answered")
        self.show()

    @property
    def is_stuck(self) -> bool:
        """Something is being tried against a symptom, or a person was asked for."""
        human = self.book.hears.get("human", ("", ""))[0]
        return self.state.place.mode in ("symptoms", "remedy") or any(
            place.dialog == human for place in self.state.path
        )

    def end_class(self) -> None:
        """Who is in the middle keeps their place, hears so once, and is asked whether the bot may remind them."""
        if self.state.paused or not self.is_underway:
            return
        whereabouts = self.whereabouts()
        # only who agreed to it is remembered for long
        if whereabouts and self.state.consent("progress") == "yes":
            self.phrase("class_ended_at_step", **whereabouts)
        else:
            self.phrase("class_ended")
        choices = self.choices
        if not self.may_offer_reminder():
            self.offer(choices)
        elif self.state.consent("remind") == "yes":
            self.effects.append(Remind())
            self.phrase("will_remind")
            self.offer(choices)
        else:
            self.phrase("remind_offer")
            self.offer((*choices[: limits.CHOICES - 1], self.book.standard["remind"]))

    @property
    def is_underway(self) -> bool:
        """In the middle of a journey that is not finished."""
        task = self.book.dialogs[self.state.path[0].dialog].task
        return bool(task) and f"{self.state.person}/{task}" not in self.state.done

    def can_stand_at_step(self, dialog: str, step: str) -> bool:
        return bool(dialog) and self.can_stand_at(Place(dialog, step))

    def is_as_far(self, event: ClassJoined | StepOpened) -> bool:
        """Whether the person stands at this step or behind it in the same journey, or has finished that."""
        dialog = self.book.dialogs[event.dialog]
        if dialog.task and f"{self.state.person}/{dialog.task}" in self.state.done:
            return True
        here = self.state.path[0]
        return here.dialog == dialog.name and dialog.order.index(here.step) >= dialog.order.index(event.step)

    def deals_with_scam(self) -> bool:
        answer = self.book.hears.get("scam_done", ("", ""))[0]
        return any(place.dialog == answer for place in self.state.path)

    # ---- moving ----

    def open_dialog(self, dialog: str, step: str) -> None:
        """Answer a meaning: a question in between comes back here, a journey begins a path of its own."""
        target = self.book.dialogs[dialog]
        if target.task or dialog == MENU:
            self.follow(Goto(dialog, step))
            return
        self.arrive(called(self.base_path(), Place(dialog, step)))

    def base_path(self) -> Path:
        """The path below any question in between, so that questions never pile up."""
        path = self.state.path
        asides = (depth for depth, place in enumerate(path) if depth and self.book.dialogs[place.dialog].is_digression)
        return path[: next(asides, len(path))]

    def at_more(self) -> bool:
        return "more" in self.book.dialogs[self.state.place.dialog].hears and len(self.state.path) > 1

    def leave_more(self) -> None:
        if self.at_more():
            self.state = replace(self.state, path=self.base_path())

    def follow(self, move: Move) -> None:
        path = self.led(self.state.path, move)
        place = path[-1]
        dialog = self.book.dialogs[place.dialog]
        bookmark = self.state.bookmarks.get(f"{self.state.person}/{dialog.name}", "")
        begins = isinstance(move, Goto) and bool(dialog.task) and place.step == dialog.first
        if begins and self.state.place.mode != "resume":
            if bookmark in dialog.steps and dialog.steps[bookmark].number:
                self.move_to((Place(dialog.name, bookmark, "resume"),))
                self.show()
                return
            if f"{self.state.person}/{dialog.task}" in self.state.done:
                self.phrase("already_done")
        self.arrive(path)

    def led(self, path: Path, move: Move) -> Path:
        """Where a move leads from a path."""
        base, place = path[:-1], path[-1]
        match move:
            case Goto(dialog, step):
                roots = bool(self.book.dialogs[dialog].task) or dialog in (START, MENU)
                return (Place(dialog, step),) if roots else (*base, Place(dialog, step))
            case Call(dialog, step):
                return called((*base, place.plain), Place(dialog, step))
            case Return():
                return base or self.menu_path()
            case Next():
                following = self.book.dialogs[place.dialog].following.get(place.step)
                return (*base, Place(place.dialog, following)) if following else self.led(path, Return())

    def arrive(self, path: Path) -> None:
        """Walk from a place to the next one that waits for the person, saying what stands on the way."""
        for _ in range(limits.STEPS_A_TURN):
            place = path[-1]
            step = self.book.dialogs[place.dialog].steps[place.step]
            if step.condition and not CONDITIONS[step.condition](self.state):
                path = self.led(path, Next())
                continue
            if step.waits:
                if len(path) < len(self.state.path) and path in self.state.trail:
                    self.phrase("here_again")
                self.move_to(path)
                if not place.mode:
                    self.record(place, "entered")
                self.show()
                return
            path = self.pass_through(path, step)
        self.phrase("lost")
        self.move_to(self.menu_path())
        self.show()

    def pass_through(self, path: Path, step: Step) -> Path:
        wording = self.wording(step.wording, step.variants)
        if wording.say:
            self.say(wording.say, speech=wording.speech)
        if wording.picture:
            self.replies.append(Show(wording.picture))
        for effect in step.effects:
            self.perform(effect)
        if isinstance(step.move, Call):
            # when the called dialog ends, go on behind this step
            following = self.book.dialogs[path[-1].dialog].following.get(step.name)
            base = (*path[:-1], Place(path[-1].dialog, following)) if following else path[:-1]
            return called(base, Place(step.move.dialog, step.move.step))
        return self.led(path, step.move)

    def move_to(self, path: Path) -> None:
        """Stand at a new path; the trail keeps the way here without its loops."""
        state = self.state
        trail = state.trail
        if path != state.path and state.path and not self.at_more() and state.place.mode != "resume":
            trail = (*trail, state.path)
        if path in trail:
            trail = trail[: trail.index(path)]
        place = path[-1]
        dialog = self.book.dialogs[place.dialog]
        bookmarks = dict(state.bookmarks)
        if dialog.task and dialog.steps[place.step].number:
            # the latest stands last
            bookmarks.pop(mark := f"{state.person}/{dialog.name}", None)
            bookmarks[mark] = place.step
        self.state = replace(state, path=path, trail=trail[-limits.TRAIL :], bookmarks=bookmarks, paused=False)

    # ---- saying ----

    @property
    def step(self) -> Step:
        place = self.state.place
        return self.book.dialogs[place.dialog].steps[place.step]

    @property
    def values(self) -> Mapping[str, str]:
        if self.state.person and not self.state.speaks_for_somebody:
            return self.book.forms(self.called, "", self.state.person)
        return self.book.forms(self.called, self.state.slots.get("self_word", ""), self.state.person)

    @property
    def called(self) -> str:
        """The form of address of whoever holds the phone."""
        if self.state.person and not self.state.speaks_for_somebody:
            return ADDRESSED.get(self.state.person.partition(".")[0], "co_chu")
        return self.state.slots.get("called", "")

    def say(self, text: str, step: StepNumber | None = None, *, speech: str = "") -> None:
        self.replies.append(Say(text, self.values, step, speech))

    def phrase(self, name: str, **values: str) -> None:
        phrases = self.book.phrases
        discreet = phrases[DISCREET[name]] if name in DISCREET else ""
        filling = {**self.values, **values} if values else self.values
        self.replies.append(Say(phrases[name], filling, discreet=discreet))

    def show(self) -> None:
        """Say what stands at the present place and offer its answers."""
        choices = choices_at(self.book, self.state.place)
        if len(choices) < limits.CHOICES and is_offered_at(self.book, self.state):
            self.lead("offered")
            self.phrase("elder_offered")
            choices = (*choices, self.book.standard["elder"])
        _SHOWERS[self.state.place.mode](self)
        self.offer(choices)

    def show_step(self) -> None:
        step = self.step
        number = StepNumber(step.number, self.book.dialogs[self.state.place.dialog].total, step.title)
        self.show_wording(self.wording(step.wording, step.variants), number if step.number else None)

    def show_symptoms(self) -> None:
        self.phrase("which_symptom")

    def show_remedy(self) -> None:
        attempts = self.book.symptoms[self.state.place.symptom].attempts
        if self.state.place.attempt >= len(attempts):
            self.phrase("symptom_exhausted")
            return
        attempt = attempts[self.state.place.attempt]
        self.show_wording(self.wording(attempt.wording, attempt.variants))

    def show_resume(self) -> None:
        self.phrase("resume_or_restart", **self.whereabouts())

    def show_guess(self) -> None:
        self.phrase("offered" if is_offer(self.state.place) else "which_meaning")

    def show_people(self) -> None:
        self.phrase("for_whom")

    def show_wards(self) -> None:
        self.phrase("which_ward")

    def show_wording(self, wording: Wording, number: StepNumber | None = None) -> None:
        self.say(wording.say, number, speech=wording.speech)
        if wording.picture:
            self.replies.append(Show(wording.picture))

    def offer(self, choices: tuple[Choice, ...], *, main: int | None = None) -> None:
        here = str(self.state.place)
        self.offering = choices
        self.offered = tuple([choice.slug for choice in choices])
        self.replies.append(Offer(tuple([Button(f"{here}/{choice.slug}", choice.label) for choice in choices]), main))

    def wording(self, plain: Wording, variants: tuple[tuple[str, Wording], ...]) -> Wording:
        spoken, picture = Wording(), ""
        for condition, variant in (*variants, ("", plain)):
            if not condition or CONDITIONS[condition](self.state):
                # what is read aloud belongs to the words it was written for
                spoken, picture = spoken if spoken.say else variant, picture or variant.picture
        return Wording(spoken.say, picture, spoken.speech)

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

    def record(self, place: Place, outcome: Literal["entered", "done", "stuck"]) -> None:
        """Note how the person stands, for journeys and what they call; numbered steps and symptoms only."""
        task = self.book.dialogs[self.state.path[0].dialog].task
        if task and self.book.dialogs[place.dialog].steps[place.step].number:
            symptom = place.symptom if place.mode == "remedy" else ""
            self.effects.append(RecordStep(task, str(place.plain), symptom, outcome))


def called(path: Path, place: Place) -> Path:
    """A path that calls a place. A dialog called again cuts the path back to its first call, so none grows for ever."""
    dialogs = [each.dialog for each in path]
    base = path[: dialogs.index(place.dialog)] if place.dialog in dialogs else path
    return (*base[-(limits.PATH - 1) :], place)


def _without_neighbours(slots: Mapping[str, str]) -> dict[str, str]:
    own = (f"phone:{NEIGHBOUR}", f"ward:{NEIGHBOUR}")
    return {slot: value for slot, value in slots.items() if not slot.startswith(own)}


_COMMANDS: dict[str, Callable[[_Talk], None]] = {
    "done": _Talk.done,
    "stuck": _Talk.stuck,
    "yes": _Talk.yes,
    "no": _Talk.no,
    "back": _Talk.back,
    "repeat": _Talk.repeat,
    "not_understand": _Talk.not_understand,
    "unsure": _Talk.not_understand,
    "pause": _Talk.pause,
    "goodbye": _Talk.pause,
    "resume": _Talk.resume,
    "restart": _Talk.restart,
    "menu": _Talk.menu,
    "greet": _Talk.greet,
    "thanks": _Talk.thank,
    "too_long": _Talk.stop_reading,
    "elder_here": _Talk.give_phone_to_elder,
    "voice": _Talk.leave_voice_unheard,
    "media": _Talk.leave_media_unseen,
    "unread": _Talk.leave_unread,
    "out_of_scope": _Talk.decline_matter,
    "none_of_these": _Talk.ask_for_other_words,
    "not_now": _Talk.back_to_step,
    "agree": _Talk.yes,
    "elder_agrees": _Talk.yes,
    "remind_me": _Talk.ask_for_reminder,
    "stop_reminding": _Talk.stop_reminding,
    "join_class": _Talk.ask_for_class_code,
    "leave_class": _Talk.leave_class,
    "list_wards": _Talk.list_wards,
    "no_ward": _Talk.keep_ward_to_oneself,
    "elder_mode": _Talk.slow_down,
    "usual_mode": _Talk.go_as_usual,
    "elder_sign": _Talk.hear_of_age,
    "read_on": _Talk.read_on,
}

# what a class brings about: it neither waits for a rest to end nor is welcomed back
_OF_A_CLASS = (ClassJoined, ClassNotFound, ClassFull, StepOpened, ClassEnded)

# what a dialog hears that asks what a class has to know, and one that waits for its first step
_JOINING = "class_joined"
_WAITING = "class_waits"

# words that keep a rest, and words that end one by going somewhere
_RESTING = ("pause", "goodbye")
_MOVING = ("menu", "restart", "back")

# words that, on a page which another one follows, say no more than that it was read
_LISTENING = ("done", "yes", "agree", "elder_agrees", "resume")

# what ends a restriction
_LIFTING = "lift_restriction"

# where no button stands for a meaning, its neighbour's may: "chưa" answers a question as "không" does
_NEAR = {"done": "yes", "stuck": "no"}

# "má không chịu" is a no wherever one is asked for; "má đồng ý" is a yes only where somebody's own was asked for
_SAID_FOR_SOMEBODY = {"elder_declines": "no"}

_SHOWERS: dict[str, Callable[[_Talk], None]] = {
    "": _Talk.show_step,
    "symptoms": _Talk.show_symptoms,
    "remedy": _Talk.show_remedy,
    "resume": _Talk.show_resume,
    "guess": _Talk.show_guess,
    "people": _Talk.show_people,
    "wards": _Talk.show_wards,
}
