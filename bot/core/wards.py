"""Which ward somebody lives in: named, picked from a list, or kept to oneself."""

from dataclasses import replace

from bot.core.dialogs import ALL_WARDS, CHOOSE_WARD, Next
from bot.core.effects import Enrol
from bot.core.paths import can_stand_at
from bot.core.showing import show, show_after
from bot.core.state import NO_WARD
from bot.core.talk import Talk
from bot.core.walking import follow, stand


def is_asked_for_ward(talk: Talk) -> bool:
    return talk.state.place.dialog == talk.book.hears.get(CHOOSE_WARD, ("", ""))[0]


def name_ward(talk: Talk, codes: tuple[str, ...]) -> None:
    """One unit is taken down; of several the person chooses, for nothing is decided for them."""
    if len(codes) == 1:
        note_ward(talk, codes[0])
    else:
        list_wards(talk, ",".join(codes))


def list_wards(talk: Talk, name: str = ALL_WARDS, page: int = 0) -> None:
    place = talk.state.place.plain._replace(mode="wards", symptom=name, attempt=page)
    if not can_stand_at(talk.book, place):
        show_after(talk, "not_understood")
        return
    stand(talk, place)
    show(talk)


def note_ward(talk: Talk, code: str) -> None:
    """Kept with the person; counted there only where they agreed to be counted."""
    talk.set_slot(f"ward:{talk.state.person}", code)
    if code == NO_WARD:
        talk.phrase("ward_not_noted")
    else:
        talk.phrase("ward_noted", phuong=talk.book.wards[code])
        talk.effects.append(Enrol(code))
    talk.state = replace(talk.state, path=(*talk.state.path[:-1], talk.state.place.plain))
    follow(talk, Next())


def keep_ward_to_oneself(talk: Talk) -> None:
    note_ward(talk, NO_WARD)
