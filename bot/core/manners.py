"""How a chat is held: in which language, and who is called what."""

from dataclasses import replace

from bot.core.address import CALLED, OF_GENDER, SELVES
from bot.core.choices import choices_at
from bot.core.elder import OLD_PEOPLE, notice_elder
from bot.core.languages import CHANGE, SOURCE
from bot.core.meaning import Meaning
from bot.core.showing import show_after
from bot.core.talk import Talk
from bot.core.walking import leave_questions


def listen_to_address(talk: Talk, meaning: Meaning) -> None:
    """How people speak of themselves and to the bot sets the form of address, silently."""
    slots = dict(talk.state.slots)
    asked, self_word = meaning.entity("called"), meaning.entity("self_word")
    if self_word in SELVES:
        slots["self_word"] = self_word
        if self_word != "em" and slots.get("called", "anh_chi") in ("anh_chi", "anh", "chi"):
            slots["called"] = "co_chu"
    own = meaning.entity("own_title")
    if own in CALLED and slots.get("called") == "co_chu" and not talk.state.person:
        slots["called"] = own
    gendered = OF_GENDER.get(meaning.entity("gender"), {})
    slots["called"] = gendered.get(slots.get("called", ""), slots.get("called", ""))
    if asked in CALLED:
        slots |= {"called": asked, "self_word": "" if CALLED[asked][1] == "em" else slots.get("self_word", "")}
    slots = {slot: value for slot, value in slots.items() if value or slot in talk.state.slots}
    if slots != talk.state.slots:
        talk.state = replace(talk.state, slots=slots)
    told = meaning.entity("elder_sign") and not meaning.entity("relation")
    if told or slots.get("called") in OLD_PEOPLE:
        notice_elder(talk)


def listen_to_language(talk: Talk, meaning: Meaning) -> None:
    """Who asks for a language, or begins in it, is answered in it."""
    asked = meaning.intent.removeprefix(CHANGE) if meaning.intent.startswith(CHANGE) else ""
    if language := asked or meaning.entity("language"):
        _speak(talk, language)


def offering_language(talk: Talk, meaning: Meaning) -> Meaning:
    """Words partly or wholly in another language: did they want the matter, or that language?"""
    other = meaning.entity("other_language")
    if not other or talk.book.in_language(other) is talk.book:
        return meaning
    if any(choice.means == CHANGE + other for choice in choices_at(talk.book, talk.state.place)):
        # asked for the language, they answered in it
        return Meaning(CHANGE + other, 1.0)
    if meaning.intent in talk.book.titles:
        return replace(meaning, intent="", guesses=(meaning.intent, CHANGE + other))
    return meaning if meaning.intent else replace(meaning, intent="change_language", guesses=())


def change_language(talk: Talk, language: str) -> None:
    """The same place in another language; the question for it is over."""
    _speak(talk, language)
    leave_questions(talk)
    show_after(talk, "language_changed")


def _speak(talk: Talk, language: str) -> None:
    """From now on in this language, where the book was translated into it."""
    chosen = talk.book.in_language(language)
    if chosen.source is None and language != SOURCE:
        return
    talk.drop_slot("language")
    if language != SOURCE:
        talk.set_slot("language", language)
    talk.book = chosen
