"""What words mean here: of whom they speak, in which language, which of two things, and how surely."""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.address import CALLED
from bot.core.answering import begin_helping, mean
from bot.core.choices import can_be_offered, choices_at
from bot.core.manners import offering_language
from bot.core.meaning import Meaning
from bot.core.people import ask_between, go_on_for, go_to, leave_question_for_whom, named, somebody_else
from bot.core.showing import show, show_after
from bot.core.talk import Talk
from bot.core.walking import stand

# what is written down (a yes, a task finished) needs words at least this clear; a button always is
SURE = 0.8


def hear(talk: Talk, meaning: Meaning) -> None:
    """Act on a meaning; where two are about as likely, ask which it was."""
    meaning = _with_its_marks(talk, offering_language(talk, meaning))
    if meaning.intent == "help_relative" or (talk.state.place.mode == "people" and meaning.entity("relation")):
        _help_somebody(talk, meaning)
        return
    if meaning.intent in ("", "change_address_form") and meaning.entity("called") in CALLED:
        show_after(talk, "called_so")
        return
    guesses = _guesses(talk, meaning.guesses)
    if not meaning.intent and not guesses and named(talk.state, meaning) == talk.state.person != "":
        show_after(talk, "here_again")
        return
    if another := somebody_else(talk.book, talk.state, meaning):
        if meaning.intent != "elder_here" or another not in talk.state.underway:
            ask_between(talk, (talk.state.person, another))
            return
        go_to(talk, another)
    if meaning.intent == "helper_here" and talk.state.slots.get("holder") != "elder":
        show_after(talk, "greeting")
    elif meaning.intent or not guesses:
        mean(talk, meaning.intent, sure=meaning.confidence >= SURE)
    else:
        _ask_which(talk, guesses)


def ask_whether_heard(talk: Talk, meaning: Meaning) -> None:
    """What a machine heard is done only once a button said that it was meant."""
    meant = _guesses(talk, (meaning.intent, *meaning.guesses))
    if not meant:
        show_after(talk, "voice_unclear")
        return
    talk.phrase("voice_heard")
    _ask_which(talk, meant)


def _guesses(talk: Talk, meanings: Sequence[str]) -> list[str]:
    """Those that can be asked about here."""
    here = talk.state.place.plain
    return [each for each in meanings if can_be_offered(talk.book, here, each)]


def _ask_which(talk: Talk, guesses: Sequence[str]) -> None:
    stand(talk, talk.state.place.plain._replace(mode="guess", symptom="|".join(guesses)))
    show(talk)


def _with_its_marks(talk: Talk, meaning: Meaning) -> Meaning:
    """Of words that mean two things without their marks, the one that is an answer here."""
    choices = choices_at(talk.book, talk.state.place)
    if meaning.also and any(choice.means == meaning.also for choice in choices):
        return replace(meaning, intent=meaning.also)
    return meaning


def _help_somebody(talk: Talk, meaning: Meaning) -> None:
    """Somebody who was named is helped; whoever is being helped already is not asked about again."""
    person = named(talk.state, meaning)
    if person and talk.state.place.mode == "people" and person in talk.state.underway:
        go_on_for(talk, person)
    elif not person or person != talk.state.person:
        begin_helping(talk, person)
    else:
        leave_question_for_whom(talk)
        if meaning.beside:
            mean(talk, meaning.beside)
        else:
            show_after(talk, "here_again")
