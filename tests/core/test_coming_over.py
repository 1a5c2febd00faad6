"""One chat goes on where another one stood; reminders; how far somebody has come."""

from dataclasses import replace

import pytest

from bot.core.dialogs import Book, Return
from bot.core.effects import Agree, Decline, Effect, Remind
from bot.core.engine import advance
from bot.core.events import ButtonPressed, CameOver, ChatOpened, TextUnderstood
from bot.core.meaning import Meaning
from bot.core.progress import Progress, progress
from bot.core.replies import Offer, Say
from bot.core.state import State, joined, parse_place
from tests.core.books import VNEID, Chat, at_step_two, book, dialog, say, without

YES = {"/progress": "yes", "/count": "yes"}


def at_a_remembered_step(**consents: str) -> State:
    answers = {f"/{purpose}": answer for purpose, answer in consents.items()}
    return replace(at_step_two().state, consents=YES | answers)


def said(content: Book, state: State, event: object) -> tuple[list[str], list[str], State, tuple[Effect, ...]]:
    turn = advance(content, state, event)  # type: ignore[arg-type]
    texts = [reply.text for reply in turn.replies if isinstance(reply, Say)]
    offers = [reply for reply in turn.replies if isinstance(reply, Offer)]
    return texts, [button.label for button in offers[-1].buttons], turn.state, turn.effects


def words(intent: str, *, can_remind: bool = True) -> TextUnderstood:
    return TextUnderstood(meaning=Meaning(intent, 1.0), can_remind=can_remind)


# ---- coming over ----


def test_a_new_chat_goes_on_at_the_very_step() -> None:
    theirs = at_step_two().state
    texts, labels, state, _ = said(book(), State(), CameOver(state=theirs))
    assert texts[0].startswith("came_over_at_step")
    assert (state.path, state.bookmarks, state.slots) == (theirs.path, theirs.bookmarks, theirs.slots)
    assert "Xong rồi" in labels


def test_who_rested_there_goes_on_here() -> None:
    theirs = replace(at_step_two().state, paused=True)
    _, _, state, _ = said(book(), State(), CameOver(state=theirs))
    assert not state.paused


def test_content_that_changed_meanwhile_leads_to_the_nearest_place() -> None:
    theirs = at_step_two().state
    texts, _, state, _ = said(without(book(), "viec_mot.hai"), State(), CameOver(state=theirs))
    assert texts[0] == "step_vanished"
    assert str(state.place) == "viec_mot.mot"


def test_what_was_done_or_refused_in_either_stays_so() -> None:
    here = State(done=("/a", "/b"), consents={"/count": "no", "/progress": "yes"}, bookmarks={"/x": "1", "/y": "1"})
    theirs = State(done=("/b", "ma/c"), consents={"/count": "yes", "ma/count": "yes"}, bookmarks={"/y": "2"})
    both = joined(here, theirs)
    assert sorted(both.done) == ["/a", "/b", "ma/c"]
    assert both.consents == {"/count": "no", "/progress": "yes", "ma/count": "yes"}
    assert both.bookmarks == {"/x": "1", "/y": "2"}


def test_neighbours_of_both_chats_stay_people_of_their_own() -> None:
    here = State(done=("ba_con.1/c",), slots={"neighbours": "1"})
    theirs = State(done=("ba_con.1/c", "ba_con.2/c"), slots={"neighbours": "2"})
    both = joined(here, theirs)
    assert sorted(both.done) == ["ba_con.1/c", "ba_con.2/c", "ba_con.3/c"]
    assert both.neighbours == 3


def test_the_chat_that_was_left_says_so_once() -> None:
    left = State(slots={"called": "co", "moved": "1"})
    texts, _, state, _ = said(book(), left, ChatOpened())
    assert texts[0] == "moved_away"
    texts, _, _, _ = said(book(), state, words("menu"))
    assert "moved_away" not in texts


# ---- reminders ----


def test_a_rest_offers_a_reminder_and_one_tap_is_the_yes() -> None:
    texts, labels, state, effects = said(book(), at_a_remembered_step(), words("pause"))
    assert (texts[-1], labels, effects) == ("remind_offer", ["Làm tiếp", "label_remind"], ())
    button = ButtonPressed(button=f"{state.place}/{state.offered[1]}", can_remind=True)
    texts, labels, state, effects = said(book(), state, button)
    assert effects == (Agree("remind", "remind_offer", "label_remind"), Remind())
    assert (texts, labels, state.paused) == (["will_remind"], ["Làm tiếp"], True)


def test_words_for_it_are_the_yes_where_it_is_offered_only() -> None:
    _, _, state, effects = said(book(), at_a_remembered_step(), words("remind_me"))
    assert effects == ()
    _, _, _, effects = said(book(), state, words("remind_me"))
    assert Remind() in effects


@pytest.mark.parametrize(
    ("state", "can_remind"),
    [
        (at_a_remembered_step(), False),
        (at_a_remembered_step(remind="no"), True),
        (replace(at_a_remembered_step(), consents={"/progress": "no"}), True),
        (replace(Chat().go("Bắt đầu").state, consents=YES), True),
    ],
    ids=["a page that cannot", "said no", "not remembered", "not at a step"],
)
def test_a_reminder_is_not_offered_where_it_cannot_or_must_not_be(state: State, can_remind: bool) -> None:
    texts, labels, _, effects = said(book(), state, words("pause", can_remind=can_remind))
    assert "remind_offer" not in texts
    assert (labels, effects) == (["Làm tiếp"], ())


def test_a_yes_holds_for_the_next_rest() -> None:
    _, _, _, effects = said(book(), at_a_remembered_step(remind="yes"), words("pause"))
    assert effects == (Remind(),)


def test_an_ambiguous_word_is_no_yes() -> None:
    _, _, state, _ = said(book(), at_a_remembered_step(), words("pause"))
    for intent in ("yes", "resume", "thanks", ""):
        assert said(book(), state, words(intent))[3] == ()


@pytest.mark.parametrize("resting", [True, False])
def test_no_more_reminders_holds_at_once_and_disturbs_nobody(resting: bool) -> None:
    before = replace(at_a_remembered_step(remind="yes"), paused=resting)
    texts, labels, state, effects = said(book(), before, words("stop_reminding"))
    assert [type(effect) for effect in effects] == [Decline]
    assert (texts[0], state.paused, state.consent("remind")) == ("reminders_stopped", resting, "no")
    assert labels == (["Làm tiếp"] if resting else ["Xong rồi", "Chưa được", "Nghe lại", "Việc khác"])


def test_the_button_below_a_reminder_holds_wherever_one_stands() -> None:
    content = book()
    slug = next(slug for slug, choice in content.anywhere.items() if choice.means == "stop_reminding")
    _, _, state, effects = said(content, at_a_remembered_step(remind="yes"), ButtonPressed(button=f"-.-/{slug}"))
    assert [type(effect) for effect in effects] == [Decline]
    assert str(state.place) == "viec_mot.hai"


def test_who_helps_is_the_one_who_is_reminded() -> None:
    state = State(slots={"person": "ma"}, consents={"/remind": "yes", "ma/progress": "no"})
    assert (state.consent("remind"), state.consent("progress")) == ("yes", "no")


# ---- how far ----


def test_progress_is_each_tasks_step_or_that_it_is_done() -> None:
    content = book()
    state = State(
        path=(parse_place("menu.chon"),),
        bookmarks={"ma/viec_mot": "hai", "/viec_hai": "mot", "ma/viec_hai": "mat_roi"},
        done=(f"/{VNEID}",),
    )
    one, two = content.dialogs["viec_mot"], content.dialogs["viec_hai"]
    assert progress(content, state, "ma") == (Progress(one.title, 2, one.total),)
    assert progress(content, state, "") == (Progress(one.title), Progress(two.title, 1, two.total))
    assert progress(content, state, "ngoai") == ()


def test_a_no_said_for_somebody_is_theirs_and_never_the_typists() -> None:
    stop = dialog("ngung", say("ngung", Return(), Decline("progress")), elder_declines="ngung")
    chat = at_step_two(book(stop))
    chat.mean("elder_declines")
    assert chat.state.consents == {}
    chat.state = replace(chat.state, slots={**chat.state.slots, "person": "ma"})
    chat.mean("elder_declines")
    assert chat.state.consents == {"ma/progress": "no"}
