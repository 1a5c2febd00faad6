"""What a button or a meaning leads to, wherever one stands."""

from collections.abc import Callable

from bot.core.address import MYSELF, NEIGHBOUR
from bot.core.choices import choices_now
from bot.core.classroom import ask_for_class_code, leave_class
from bot.core.dialogs import Choice, Next
from bot.core.elder import (
    OLD_PEOPLE,
    go_as_usual,
    hear_of_age,
    notice_elder,
    patience_is_due,
    read_again,
    read_on,
    slow_down,
)
from bot.core.languages import CHANGE
from bot.core.manners import change_language
from bot.core.paths import below_questions
from bot.core.people import (
    give_phone_to_elder,
    go_on_for,
    offer_to_help,
    stay_with,
    turn_to,
    turn_to_next_neighbour,
)
from bot.core.performing import perform
from bot.core.resting import ask_for_reminder, pause, stop_reminding
from bot.core.showing import show, show_after
from bot.core.state import Place
from bot.core.talk import Talk
from bot.core.walking import (
    back_to_step,
    follow,
    go_back,
    go_on,
    go_to_menu,
    move_to,
    open_dialog,
    restart,
    stand,
    without_guess,
)
from bot.core.wards import keep_ward_to_oneself, list_wards, note_ward

# words that, on a page which another one follows, say no more than that it was read
_LISTENING = ("done", "yes", "agree", "elder_agrees", "resume")

# what ends a restriction
_LIFTING = "lift_restriction"

# where no button stands for a meaning, its neighbour's may: "chưa" answers a question as "không" does
_NEAR = {"done": "yes", "stuck": "no"}

# "má không chịu" is a no wherever one is asked for; "má đồng ý" is a yes only where somebody's own was asked for
_SAID_FOR_SOMEBODY = {"elder_declines": "no"}


# ---- a button ----


def choose(talk: Talk, choice: Choice) -> None:
    for effect in choice.effects:
        perform(talk, effect, choice.label)
    # behind the effects: what is remembered now outlives a forgetting
    _remember(talk, choice)
    if choice.move is not None:
        if choice.means == "done" and talk.step.number:
            talk.record(talk.state.place, "done")
        follow(talk, choice.move)
    elif choice.means:
        act(talk, choice.means)
    else:
        follow(talk, Next())


def _remember(talk: Talk, choice: Choice) -> None:
    for slot, value in choice.remember:
        if slot != "person":
            talk.set_slot(slot, value)
        elif value == NEIGHBOUR:
            turn_to_next_neighbour(talk)
        else:
            turn_to(talk, value)
        if slot == "called" and value in OLD_PEOPLE:
            notice_elder(talk)


# ---- a meaning ----


def mean(talk: Talk, intent: str, *, sure: bool = True) -> None:
    """What words with this meaning lead to: a button here that stands for it, else what it means anywhere."""
    if talk.state.unread and intent in _LISTENING:
        intent = "read_on"
    # who types does not say yes for somebody else
    sure = sure and not (intent == "agree" and talk.state.speaks_for_somebody)
    choices = choices_now(talk.book, talk.state)
    here = {choice.means: choice for choice in reversed(choices) if choice.means}
    said = _said_by_them(talk, intent)
    choice = here.get(intent) or here.get(said) or here.get(_NEAR.get(intent, ""))
    if choice is not None and (not choice.effects or (sure and choice.means in (intent, said))):
        choose(talk, choice)
    else:
        act(talk, intent)


def _said_by_them(talk: Talk, intent: str) -> str:
    """What words mean where somebody helped is asked: their yes is theirs alone, from their mouth or their hand."""
    if intent == "agree" and talk.state.person and not talk.state.speaks_for_somebody:
        return "elder_agrees"
    return _SAID_FOR_SOMEBODY.get(intent, intent)


def act(talk: Talk, intent: str) -> None:
    """What a meaning does everywhere."""
    kind, slash, name = intent.partition("/")
    if intent == "elder_declines" and not talk.state.person:
        # whose no it is, nobody said: it must not be taken for that of the one who types
        _ask_for_other_words(talk)
    elif intent == "resume" and talk.state.is_restricted and _LIFTING in talk.book.hears:
        # to go on with the steps, or to lift the restriction: only a clear yes does the latter
        open_dialog(talk, *talk.book.hears[_LIFTING])
    elif intent in _COMMANDS:
        _COMMANDS[intent](talk)
    elif intent in _REMARKS:
        show_after(talk, _REMARKS[intent])
    elif slash and kind in _WITH_NAME:
        _WITH_NAME[kind](talk, name)
    elif intent == talk.state.path[0].dialog:
        show_after(talk, "here_again")
    elif intent in talk.book.hears:
        open_dialog(talk, *talk.book.hears[intent])
    else:
        _ask_for_clearer_words(talk)


def _ask_for_clearer_words(talk: Talk) -> None:
    """Nothing was understood; who hears that twice is offered numbers and a person, not the same words again."""
    again = talk.state.slots.get("unheard") == str(talk.state.turn - 1)
    talk.drop_slot("unheard")
    if not again:
        talk.set_slot("unheard", str(talk.state.turn))
    show_after(talk, "not_understood_again" if again else "not_understood")


def _ask_for_other_words(talk: Talk) -> None:
    stand(talk, talk.state.place.plain)
    _ask_for_clearer_words(talk)


# ---- at a step ----


def _done(talk: Talk) -> None:
    place = talk.state.place
    if place.mode in ("remedy", "symptoms"):
        back_to_step(talk)
    elif place.mode == "resume" or not talk.step.number:
        show_after(talk, "press_one")
    else:
        talk.record(place, "done")
        follow(talk, Next())


def _stuck(talk: Talk) -> None:
    place = talk.state.place
    if patience_is_due(talk):
        open_dialog(talk, *talk.book.hears["out_of_patience"])
    elif place.mode == "symptoms" or _is_exhausted(talk, place):
        mean(talk, "human")
    elif place.mode == "remedy":
        _try_remedy(talk, place.symptom, place.attempt + 1)
    elif talk.step.symptoms:
        talk.record(place, "stuck")
        stand(talk, place.plain._replace(mode="symptoms"))
        show(talk)
    else:
        talk.record(place, "stuck")
        mean(talk, "more")


def _is_exhausted(talk: Talk, place: Place) -> bool:
    """Everything known against the symptom was tried."""
    return place.mode == "remedy" and place.attempt >= len(talk.book.symptoms[place.symptom].attempts)


def _yes(talk: Talk) -> None:
    if talk.state.place.mode == "remedy":
        back_to_step(talk)
    else:
        show_after(talk, "done_or_not" if talk.step.number and not talk.state.place.mode else "press_one")


def _no(talk: Talk) -> None:
    if talk.step.number and talk.state.place.mode != "resume":
        _stuck(talk)
    else:
        show_after(talk, "press_one")


def _repeat(talk: Talk) -> None:
    if talk.state.unread:
        read_again(talk)
    else:
        go_on(talk)


def _open_symptom(talk: Talk, symptom: str) -> None:
    if symptom in talk.step.symptoms:
        _try_remedy(talk, symptom, 0)
    else:
        _ask_for_clearer_words(talk)


def _try_remedy(talk: Talk, symptom: str, attempt: int) -> None:
    place = talk.state.place._replace(mode="remedy", symptom=symptom, attempt=attempt)
    if attempt == 0:
        talk.record(place, "stuck")
    stand(talk, place)
    show(talk)


# ---- a name in it ----


def _answer_question(talk: Talk, slug: str) -> None:
    article = talk.book.articles.get(slug)
    if article is None:
        _ask_for_clearer_words(talk)
        return
    stand(talk, without_guess(talk.state.place))
    talk.say(article.answer)
    if article.offer not in talk.book.dialogs or talk.book.dialogs[talk.state.path[0].dialog].task:
        show_after(talk, "here_again")
        return
    # not in the middle of a journey: the one the answer speaks of may begin
    stand(talk, talk.state.place.plain._replace(mode="guess", symptom=article.offer))
    show(talk)


def _list_page_of_wards(talk: Talk, list_and_page: str) -> None:
    name, _, page = list_and_page.partition(":")
    list_wards(talk, name, int(page))


def _turn_to_chosen(talk: Talk, chosen: str) -> None:
    """Whoever was chosen by name: the one whose turn it is stays, who is new is asked about first."""
    person = chosen.removeprefix(MYSELF)
    if person == talk.state.person:
        stay_with(talk, person)
    elif person in talk.state.underway or not person:
        go_on_for(talk, person)
    else:
        begin_helping(talk, person)


def begin_helping(talk: Talk, person: str) -> None:
    """Helping starts with what the content asks first; without a name, with who it is."""
    dialog, first = talk.book.hears["help_relative"]
    offer = offer_to_help(talk.book, dialog, person)
    if offer is None:
        open_dialog(talk, dialog, first)
        return
    step, choice = offer
    move_to(talk, (*below_questions(talk.book, talk.state.path), Place(dialog, step.name)))
    choose(talk, choice)


_COMMANDS: dict[str, Callable[[Talk], None]] = {
    "done": _done,
    "stuck": _stuck,
    "yes": _yes,
    "agree": _yes,
    "elder_agrees": _yes,
    "no": _no,
    "back": go_back,
    "repeat": _repeat,
    "resume": go_on,
    "restart": restart,
    "menu": go_to_menu,
    "pause": pause,
    "goodbye": pause,
    "remind_me": ask_for_reminder,
    "stop_reminding": stop_reminding,
    "elder_here": give_phone_to_elder,
    "none_of_these": _ask_for_other_words,
    "not_now": back_to_step,
    "join_class": ask_for_class_code,
    "leave_class": leave_class,
    "list_wards": list_wards,
    "no_ward": keep_ward_to_oneself,
    "elder_mode": slow_down,
    "usual_mode": go_as_usual,
    "elder_sign": hear_of_age,
    "read_on": read_on,
}

# what is answered by a phrase and the place again
_REMARKS = {
    "greet": "greeting",
    "thanks": "thanks",
    "not_understand": "slower",
    "unsure": "slower",
    "out_of_scope": "out_of_scope",
    "too_long": "too_long",
    "voice": "voice",
    "media": "media",
    "unread": "unread",
}

# "ward/25747": what comes before the slash, and what is done with the name behind it
_WITH_NAME: dict[str, Callable[[Talk, str], None]] = {
    CHANGE.rstrip("/"): change_language,
    "person": _turn_to_chosen,
    "wards": _list_page_of_wards,
    "ward": note_ward,
    "symptom": _open_symptom,
    "faq": _answer_question,
}
