"""Passkeys on the console: what a page asks a browser for, what came back, and the doors of one's own."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Response

from bot.accounts.errand import came_back, set_out
from bot.accounts.passkeys import Answer, Site, to_create, to_show
from bot.accounts.signing_in import SigningIn
from bot.store.passkeys import Passkeys
from bot.store.staff import Account
from bot.web.desk.visit import Door, GoToError, RefusedError, Visit

# what such an errand is about
_ABOUT = "passkey"

# characters of an answer; a security key's is about two thousand
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Question:
    """What a form carries for the script (JSON), and what has to come back with its answer."""

    text: str
    state: str


class Asking:
    """Makes questions and reads answers. None where no passkey can be asked for: without one, or at a bare number."""

    def __init__(self, passkeys: Passkeys, *, public_url: str, now: Callable[[], dt.datetime]) -> None:
        self.passkeys = passkeys
        self._public_url = public_url.rstrip("/")
        self._now = now

    def to_show(self, visit: Visit, account: Account) -> Question | None:
        known, site = self.passkeys.of(account), self._site(visit)
        if not known or not site.name:
            return None
        errand = set_out(visit.token, _ABOUT, self._now())
        return Question(to_show(site, known, errand), errand.state)

    def to_create(self, visit: Visit) -> Question | None:
        site = self._site(visit)
        if not site.name:
            return None
        errand = set_out(visit.token, _ABOUT, self._now())
        return Question(to_create(site, visit.account, self.passkeys.of(visit.account), errand), errand.state)

    def answer(self, visit: Visit) -> Answer | None:
        """What the script sent, where this browser was asked it not long ago."""
        errand = came_back(visit.token, visit.field("state"), self._now())
        if errand is None or errand.back != _ABOUT:
            return None
        return Answer(visit.form.get("credential", "")[:_MOST], errand, self._site(visit))

    def _site(self, visit: Visit) -> Site:
        return Site(self._public_url or str(visit.request.base_url).rstrip("/"))


class PasskeyDoors:
    """One's own passkeys: one more, one less; both only with a second factor shown lately."""

    def __init__(self, asking: Asking, signing_in: SigningIn) -> None:
        self._asking = asking
        self._signing_in = signing_in

    def doors(self) -> tuple[Door, ...]:
        return (
            Door("POST", "/desk/me/passkeys", "own", self.add, confirmed=True),
            Door("POST", "/desk/me/passkeys/{id}/remove", "own", self.remove, confirmed=True),
        )

    def add(self, visit: Visit) -> Response:
        answer = self._asking.answer(visit)
        if visit.session is None or answer is None or not self._signing_in.add_passkey(visit.session, answer):
            raise RefusedError(422, "passkey_not_added")
        raise GoToError("/desk/me")

    def remove(self, visit: Visit) -> Response:
        if not self._asking.passkeys.remove(visit.account, visit.number("id")):
            raise RefusedError(404, "not_found")
        raise GoToError("/desk/me")
