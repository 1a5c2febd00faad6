"""A rest, and the one reminder after it."""

from dataclasses import replace

from bot.core.choices import button_id
from bot.core.dialogs import Choice
from bot.core.effects import Agree, Decline, Remind
from bot.core.events import ButtonPressed, Event, TextUnderstood
from bot.core.performing import perform
from bot.core.showing import show, show_after
from bot.core.talk import Talk
from bot.core.walking import leave_more


def pause(talk: Talk) -> None:
    """Says where one stops; a reminder is offered where it can be kept."""
    leave_more(talk)
    talk.state = replace(talk.state, paused=True)
    talk.phrase_with_place("paused")
    if not may_offer_reminder(talk):
        _offer_to_resume(talk)
    elif talk.state.consent("remind") == "yes":
        _set_reminder(talk)
    else:
        talk.phrase("remind_offer")
        talk.offer((talk.book.standard["resume"], talk.book.standard["remind"]))


def offer_reminder_beside(talk: Talk, choices: tuple[Choice, ...]) -> None:
    """The same below the answers of a step, for who may go on at once; who said yes before is not asked again."""
    if talk.state.consent("remind") == "yes":
        talk.effects.append(Remind())
        talk.phrase("will_remind")
        talk.offer(choices)
    else:
        talk.phrase("remind_offer")
        talk.offer((*choices, talk.book.standard["remind"]))


def may_offer_reminder(talk: Talk) -> bool:
    """At a step that is remembered, where the bot could write first, to who never said no to it."""
    remembered = talk.state.consent("progress") == "yes" and bool(talk.whereabouts())
    return talk.can_remind and remembered and talk.state.consent("remind") != "no"


def asks_for_reminder(talk: Talk, event: Event) -> bool:
    """The button for it, or its words where it was just offered."""
    remind = talk.book.standard["remind"]
    if remind.slug not in talk.offered:
        return False
    if isinstance(event, TextUnderstood):
        # at a step, where a class ended, a yes may be one to what the phone asks
        return event.meaning.intent == "remind_me" or (event.meaning.intent == "agree" and talk.state.paused)
    return isinstance(event, ButtonPressed) and event.button == button_id(talk.state.place, remind.slug)


def agree_to_reminder(talk: Talk) -> None:
    wording = talk.book.phrases["remind_offer"]
    perform(talk, Agree("remind", wording), talk.book.standard["remind"].label)
    talk.state = replace(talk.state, paused=True)
    _set_reminder(talk)


def ask_for_reminder(talk: Talk) -> None:
    """ "Mai nhắc tôi", said anywhere: a rest, with the offer where it can be kept."""
    if not talk.can_remind:
        show_after(talk, "cannot_remind")
        return
    if talk.state.consent("remind") == "no":
        # asked for again: the no is taken back, a yes is still to be said
        answers = {key: answer for key, answer in talk.state.consents.items() if key != "/remind"}
        talk.state = replace(talk.state, consents=answers)
    pause(talk)


def stop_reminding(talk: Talk) -> None:
    """At once, wherever it is said; who rests goes on resting."""
    perform(talk, Decline("remind", talk.book.phrases["reminders_stopped"]))
    talk.phrase("reminders_stopped")
    if talk.state.paused:
        _offer_to_resume(talk)
    else:
        show(talk)


def _set_reminder(talk: Talk) -> None:
    talk.effects.append(Remind())
    talk.phrase("will_remind")
    _offer_to_resume(talk)


def _offer_to_resume(talk: Talk) -> None:
    talk.offer((talk.book.standard["resume"],))
