"""What is kept about somebody, in their own words: the answer to "xem dữ liệu của tôi" (T16)."""

import datetime as dt
from collections.abc import Iterator

from bot.core.dialogs import Book
from bot.core.replies import Say
from bot.core.state import State
from bot.store.kept import Kept, KeptPerson
from bot.store.moments import CITY


def told(kept: Kept | None, state: State, book: Book, *, discreet: bool = False) -> tuple[Say, ...]:
    """One message about each person of the chat and one about the chat; without ``kept`` nothing is stored yet.

    ``discreet``: on a platform abroad, where nobody may read how far somebody is (T28).
    """
    known = {each.code: each for each in kept.people} if kept else {}
    codes = dict.fromkeys(("", *known, *(key.partition("/")[0] for key in (*state.bookmarks, *state.done))))
    copy = _Copy(state, book, discreet=discreet)
    people = [copy.about_person(code, known.get(code)) for code in codes]
    return tuple(Say(text) for text in (*people, copy.about_chat(kept)))


class _Copy:
    """The lines of a copy in the language of the chat."""

    def __init__(self, state: State, book: Book, *, discreet: bool) -> None:
        self._state = state
        self._discreet = discreet
        self._book = book.in_language(state.language)

    def about_person(self, code: str, known: KeptPerson | None) -> str:
        heading = self._line("kept_about_somebody", code) if code else self._line("kept_about_you")
        return _listed(heading, self._lines_of_person(code, known))

    def about_chat(self, kept: Kept | None) -> str:
        since = kept.since if kept else None
        heading = self._line("kept_about_chat", ngay=self._day(since)) if since else self._line("kept_about_you")
        return _listed(heading, self._lines_of_chat(kept))

    def _lines_of_person(self, code: str, known: KeptPerson | None) -> Iterator[str]:
        for answer in known.answers if known else ():
            purpose = self._book.phrases[f"purpose_{answer.purpose}"]
            said = "kept_yes" if answer.given else "kept_no"
            yield self._line(said, code, muc_dich=purpose, ngay=self._day(answer.at))
        if not known or not known.answers:
            yield self._line("kept_unasked", code)
        if known and known.watched_until:
            last = self._day(known.watched_until[-1])
            yield self._line("kept_watched", code, so=str(len(known.watched_until)), ngay=last)
        if self._discreet:
            yield self._line("kept_discreet", code)
            return
        yield from self._tasks(code)
        if known:
            yield from self._campaign(code, known)

    def _campaign(self, code: str, known: KeptPerson) -> Iterator[str]:
        for done in known.counted:
            about = {"viec": self._title(done.task), "ngay": self._day(done.day)}
            yield self._line(f"kept_counted_{done.evidence}", code, **about)
        if known.enrolled:
            ward = self._book.wards.get(known.enrolled.ward, known.enrolled.ward)
            yield self._line("kept_ward", code, phuong=ward, ngay=self._day(known.enrolled.at))
        for stopped in known.blocked:
            why = {"ly_do": self._book.phrases[f"blocked_{stopped.reason}"], "ngay": self._day(stopped.day)}
            if stopped.task:
                yield self._line("kept_blocked_at", code, viec=self._title(stopped.task), **why)
            else:
                yield self._line("kept_blocked", code, **why)
        for asked in known.asked:
            yield self._line(f"kept_help_{asked.status}", code, ngay=self._day(asked.at))
        if known.steps:
            yield self._line("kept_steps", code, so=str(known.steps))

    def _tasks(self, code: str) -> Iterator[str]:
        for key, step in self._state.bookmarks.items():
            person, _, name = key.partition("/")
            dialog = self._book.dialogs.get(name)
            if person == code and dialog is not None and step in dialog.steps:
                number = str(dialog.steps[step].number)
                yield self._line("kept_at_step", code, viec=dialog.title, so=number, tong=str(dialog.total))
        for mark in self._state.done:
            person, _, task = mark.partition("/")
            if person == code:
                yield self._line("kept_done", code, viec=self._title(task))

    def _lines_of_chat(self, kept: Kept | None) -> Iterator[str]:
        if self._state.slots.get("called"):
            yield self._line("kept_address")
        if kept and kept.restricted_since:
            yield self._line("kept_restricted", ngay=self._day(kept.restricted_since))
        if kept and kept.hand_overs:
            yield self._line("kept_hand_overs", so=str(len(kept.hand_overs)), ngay=self._day(kept.hand_overs[-1]))
        if kept and kept.follows:
            yield self._line("kept_follows", so=str(kept.follows))
        if kept and kept.reminder:
            yield self._line("kept_reminder", ngay=self._day(kept.reminder))
        if kept and kept.seated:
            yield self._line("kept_seat", ghe=str(kept.seated.number), ngay=self._day(kept.seated.at))
        if kept and kept.is_linked:
            yield self._line("kept_link")
        if kept and kept.replies:
            yield self._line("kept_replies", so=str(kept.replies))
        yield self._line("kept_never")

    def _line(self, phrase: str, person: str = "", **values: str) -> str:
        slots = self._state.slots
        forms = self._book.forms(slots.get("called", ""), slots.get("self_word", ""), person)
        return self._book.phrases[phrase].format_map({**forms, **values})

    def _title(self, task: str) -> str:
        return next((dialog.title for dialog in self._book.dialogs.values() if dialog.task == task), task)

    def _day(self, at: dt.datetime | dt.date) -> str:
        day = at.astimezone(CITY).date() if isinstance(at, dt.datetime) else at
        # a foreigner reads 3/4 as the fourth of March or the third of April
        return f"{day:%d/%m/%Y}" if not self._state.language else f"{day.day} {day:%B %Y}"


def _listed(heading: str, lines: Iterator[str]) -> str:
    return "\n".join((heading, *(f"• {line}" for line in lines)))
