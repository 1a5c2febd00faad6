"""Whatever people press and say, and whatever authors remove meanwhile: a turn ends with answers to press."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import limits
from bot.core.choices import typed_choice
from bot.core.dialogs import Book, Choice, Goto
from bot.core.engine import Turn, advance
from bot.core.events import ButtonPressed, ChatOpened, Event, TextUnderstood
from bot.core.meaning import COMMANDS, Entity, Meaning
from bot.core.replies import Offer
from bot.core.state import State
from tests.core.books import WORLD, book, without, worded

BOOK = book()
INTENTS = sorted(
    {*COMMANDS, *BOOK.hears, "symptom/cham", "symptom/khong_mo", "symptom/?", "faq/mat_phi", "faq/?", "agree", "", "x"}
)
# what authors may take away: any step but those the bot cannot do without
STEPS = sorted(
    f"{each.name}.{step}" for each in WORLD for step in each.steps if each.name not in ("chao", "menu", "viec_khac")
)
GONE = [*STEPS, *sorted({name.partition(".")[0] for name in STEPS}), "?cham", "?khong_mo"]
NUMBERED = [name for name in STEPS if name.startswith(("viec_mot", "viec_hai")) and name[-3:] in ("mot", "hai", ".ba")]

# one act of a person: (kind, a number to pick with, an intent or a text, how sure, away)
acts = st.tuples(
    st.sampled_from(["press", "press", "press", "old", "mean", "mean", "type", "open"]),
    st.integers(0, 11),
    st.sampled_from(INTENTS),
    st.sampled_from([0.5, 1.0]),
    st.booleans(),
)
Act = tuple[str, int, str, float, bool]
talks = st.lists(acts, max_size=40)


def event_of(act: Act, content: Book, state: State, offers: list[Offer]) -> Event:
    kind, number, intent, confidence, away = act
    if kind in ("press", "old") and offers:
        offer = offers[-1] if kind == "press" else offers[number % len(offers)]
        return ButtonPressed(button=offer.buttons[number % len(offer.buttons)].id, away=away)
    if kind == "type" and (typed := typed_choice(content, state, str(number))):
        return ButtonPressed(button=typed, away=away)
    if kind == "open":
        return ChatOpened(away=away)
    entities = (Entity("self_word", "con"), Entity("called", "bac"))[: number % 3]
    return TextUnderstood(meaning=Meaning(intent, confidence, entities), away=away)


def judge(content: Book, turn: Turn) -> Offer:
    """What holds after every turn; gives the answers offered."""
    state, last = turn.state, turn.replies[-1]
    assert isinstance(last, Offer)
    assert [type(reply) for reply in turn.replies].count(Offer) == 1
    assert len({button.id for button in last.buttons}) == len(last.buttons) > 0
    assert content.dialogs[state.place.dialog].steps[state.place.step].waits
    assert len(state.path) <= limits.PATH
    assert len(state.trail) <= limits.TRAIL
    assert State.from_dict(json.loads(json.dumps(state.to_dict()))) == state
    assert all("{" not in text for text in worded(turn.replies))
    return last


@given(talks)
@settings(max_examples=150, deadline=None)
def test_any_talk_keeps_a_place_and_answers(talk: list[Act]) -> None:
    state, offers = State(), list[Offer]()
    for act in talk:
        before = json.dumps(state.to_dict())
        turn = advance(BOOK, state, event_of(act, BOOK, state, offers))
        offers.append(judge(BOOK, turn))
        assert turn.state.turn == state.turn + 1
        assert json.dumps(state.to_dict()) == before
        state = turn.state
    assert_way_back_ends(state)


def assert_way_back_ends(state: State) -> None:
    """Going back and back again comes to the beginning, with no more turns than the trail is long."""
    places = [state.path]
    for _ in range(limits.TRAIL + 2):
        turn = advance(BOOK, state, TextUnderstood(meaning=Meaning("back", 1.0)))
        state = turn.state
        if "no_way_back" in worded(turn.replies):
            return
        places.append(state.path)
    raise AssertionError(f"no end of the way back: {places}")


@given(talks, st.sets(st.sampled_from(GONE), max_size=12), st.sets(st.sampled_from(NUMBERED), max_size=2), talks)
@settings(max_examples=200, deadline=None)
def test_content_may_change_under_any_talk(
    before: list[Act], gone: set[str], untitled: set[str], after: list[Act]
) -> None:
    plain = dict.fromkeys(untitled, Choice("Rồi", Goto("menu", "chon")))
    changed = without(BOOK, *gone, untitled=plain)
    state, offers = State(), list[Offer]()
    for content, talk in ((BOOK, before), (changed, after), (BOOK, before)):
        for act in talk:
            turn = advance(content, state, event_of(act, content, state, offers))
            offers.append(judge(content, turn))
            state = turn.state


@given(st.lists(st.integers(0, 11), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_the_same_talk_leads_to_the_same_turns(numbers: list[int]) -> None:
    def walk() -> list[Turn]:
        turns = [advance(BOOK, State(), ChatOpened())]
        for number in numbers:
            offer = turns[-1].replies[-1]
            assert isinstance(offer, Offer)
            button = offer.buttons[number % len(offer.buttons)].id
            turns.append(advance(BOOK, turns[-1].state, ButtonPressed(button=button)))
        return turns

    assert walk() == walk()
