"""The stored form of a chat: what is written is read again, and anything else is refused."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.state import Place, State, StateError, parse_place

FULL = State(
    path=(Place("vneid_muc_2", "otp"), Place("lua_dao", "hoi")),
    trail=(
        (Place("chao", "bat_dau"),),
        (Place("vneid_muc_2", "otp", "symptoms"),),
        (Place("vneid_muc_2", "otp", "remedy", "otp_khong_toi", 2), Place("gap_nguoi", "hoi")),
        (Place("vneid_muc_2", "otp", "resume"),),
    ),
    bookmarks={"/vneid_muc_2": "otp", "ma/cong_dan_so": "tai"},
    done=("/digital_citizen_app", "ma/vneid_level_2"),
    consents={"/progress": "yes", "ma/count": "no"},
    slots={"called": "co", "person": "ma"},
    offered=("chua-lam-gi-het", "viec-khac"),
    paused=True,
    turn=41,
)


def stored(**changes: Any) -> dict[str, Any]:
    return FULL.to_dict() | changes


def test_what_is_written() -> None:
    assert FULL.to_dict() == {
        "v": 1,
        "path": "vneid_muc_2.otp lua_dao.hoi",
        "trail": [
            "chao.bat_dau",
            "vneid_muc_2.otp?",
            "vneid_muc_2.otp?otp_khong_toi:2 gap_nguoi.hoi",
            "vneid_muc_2.otp*",
        ],
        "bookmarks": {"/vneid_muc_2": "otp", "ma/cong_dan_so": "tai"},
        "done": ["/digital_citizen_app", "ma/vneid_level_2"],
        "consents": {"/progress": "yes", "ma/count": "no"},
        "slots": {"called": "co", "person": "ma"},
        "offered": ["chua-lam-gi-het", "viec-khac"],
        "paused": True,
        "turn": 41,
    }


@pytest.mark.parametrize("state", [pytest.param(State(), id="new"), pytest.param(FULL, id="full")])
def test_what_is_written_is_read_again(state: State) -> None:
    assert State.from_dict(json.loads(json.dumps(state.to_dict(), ensure_ascii=False))) == state


names = st.from_regex(r"[a-z0-9]+(_[a-z0-9]+)*", fullmatch=True)
places = st.one_of(
    st.builds(Place, names, names, st.sampled_from(["", "symptoms", "resume"]), st.just(""), st.just(0)),
    st.builds(Place, names, names, st.just("remedy"), names, st.integers(0, 99)),
)


@given(places)
def test_every_place_is_read_as_it_was_written(place: Place) -> None:
    assert parse_place(str(place)) == place


@pytest.mark.parametrize(
    "text", ["", ".", "chao", "chao.", ".bat_dau", "chao.bat_dau?x", "chao.bat_dau?x:", "a.b?x:-1", "a.b?x:²"]
)
def test_what_is_no_place(text: str) -> None:
    with pytest.raises(StateError):
        parse_place(text)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="nothing"),
        pytest.param([], id="a list"),
        pytest.param("{}", id="a text"),
        pytest.param(7, id="a number"),
        pytest.param({}, id="empty"),
        pytest.param(stored(v=2), id="of a newer version"),
        pytest.param(stored(v="1"), id="a version in words"),
        *[
            pytest.param({key: value for key, value in FULL.to_dict().items() if key != left}, id=f"without {left}")
            for left in FULL.to_dict()
        ],
        pytest.param(stored(path=None), id="path: nothing"),
        pytest.param(stored(path=["chao.bat_dau"]), id="path: a list"),
        pytest.param(stored(path="chao"), id="path: no step"),
        pytest.param(stored(path="chao.bat_dau ."), id="path: a lone dot"),
        pytest.param(stored(path="a.b?x:y"), id="path: an attempt in letters"),
        pytest.param(stored(path="a.b?x:" + "9" * 5000), id="path: an endless attempt"),
        pytest.param(stored(trail=None), id="trail: nothing"),
        pytest.param(stored(trail=3), id="trail: a number"),
        pytest.param(stored(trail="chao.bat_dau"), id="trail: a text"),
        pytest.param(stored(trail=[None]), id="trail: nothing in it"),
        pytest.param(stored(bookmarks=[1, 2]), id="bookmarks: numbers"),
        pytest.param(stored(bookmarks=None), id="bookmarks: nothing"),
        pytest.param(stored(bookmarks="x"), id="bookmarks: a text"),
        pytest.param(stored(done=None), id="done: nothing"),
        pytest.param(stored(done="/vneid_level_2"), id="done: a text"),
        pytest.param(stored(done=1), id="done: a number"),
        pytest.param(stored(consents=5), id="consents: a number"),
        pytest.param(stored(slots=["a"]), id="slots: a list"),
        pytest.param(stored(offered=False), id="offered: no list"),
        pytest.param(stored(offered="xong-roi"), id="offered: a text"),
        pytest.param(stored(turn="x"), id="turn: letters"),
        pytest.param(stored(turn=None), id="turn: nothing"),
        pytest.param(stored(turn=[]), id="turn: a list"),
        pytest.param(json.loads(json.dumps(stored()).replace("41", "Infinity")), id="turn: endless"),
        pytest.param(json.loads(json.dumps(stored()).replace("41", "NaN")), id="turn: no number"),
    ],
)
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(StateError):
        State.from_dict(value)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(FULL.to_dict())), json_values)
def test_whatever_stands_in_a_field_is_read_or_refused(key: str, value: Any) -> None:
    """No other error than ``StateError``, and what is read can be written."""
    try:
        state = State.from_dict(stored(**{key: value}))
    except StateError:
        return
    assert State.from_dict(state.to_dict()) == state


def test_whose_task_it_is() -> None:
    assert (State().person, FULL.person) == ("", "ma")


def test_consents_are_those_of_the_person_helped() -> None:
    assert (FULL.consent("count"), FULL.consent("progress")) == ("no", "")
