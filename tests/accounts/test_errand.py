"""The way to the provider and back: known again by the browser that set out, by no other, and not for long."""

import base64
import hashlib

import pytest

from bot.accounts.codes import new_token
from bot.accounts.errand import LASTS, came_back, set_out
from tests.fakes import Clock

TOKEN = new_token()


def test_a_browser_knows_its_errand_again(clock: Clock) -> None:
    errand = set_out(TOKEN, "/desk/staff/3", clock())
    assert came_back(TOKEN, errand.state, clock()) == errand
    assert errand.back == "/desk/staff/3"
    shown = base64.urlsafe_b64encode(hashlib.sha256(errand.verifier.encode()).digest()).rstrip(b"=").decode()
    assert (errand.challenge, len(errand.verifier)) == (shown, 43)


def test_each_errand_is_another(clock: Clock) -> None:
    one, two = (set_out(TOKEN, "/desk", clock()) for _ in range(2))
    assert {one.state, one.nonce, one.verifier}.isdisjoint({two.state, two.nonce, two.verifier})


def test_another_browser_cannot_finish_it(clock: Clock) -> None:
    assert came_back(new_token(), set_out(TOKEN, "/desk", clock()).state, clock()) is None


def test_who_takes_too_long_begins_anew(clock: Clock) -> None:
    errand = set_out(TOKEN, "/desk", clock())
    clock.move(seconds=LASTS.total_seconds() + 1)
    assert came_back(TOKEN, errand.state, clock()) is None


@pytest.mark.parametrize("state", ["", "~", "~~~", "9~x~/desk~mac", "một~hai", "\udc80~\ud800", "~" * 300])
def test_what_is_no_state_is_none(clock: Clock, state: str) -> None:
    assert came_back(TOKEN, state, clock()) is None


@pytest.mark.parametrize("at", range(0, 40, 7))
def test_no_letter_of_a_state_can_be_changed(clock: Clock, at: int) -> None:
    state = set_out(TOKEN, "/desk/staff/3", clock()).state
    changed = state[:at] + ("1" if state[at] != "1" else "2") + state[at + 1 :]
    assert came_back(TOKEN, changed, clock()) is None
