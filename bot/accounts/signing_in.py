"""Signing in, staying signed in, being asked once more: the rules of T59 and T60 over what the store keeps."""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.accounts.codes import digest, new_invite, new_spare_codes, new_token, typed
from bot.accounts.errand import SKEW, Errand
from bot.accounts.passkeys import Answer, PasskeyError, registered, shown
from bot.accounts.passwords import hashed, is_right, weakness
from bot.accounts.provider import Told
from bot.accounts.second_factor import new_secret, step_of
from bot.store.audit import AuditLog, Entry
from bot.store.passkeys import Passkeys
from bot.store.staff import Account, Session, Staff

log = logging.getLogger(__name__)

# without a sign of life, and at all (T60); half a sign-in lives shorter
IDLE = dt.timedelta(minutes=15)
ABSOLUTE = dt.timedelta(hours=8)
_HALF = dt.timedelta(minutes=10)

# how long one confirmation by the second factor holds for exports, roles and deletions
CONFIRMED = dt.timedelta(minutes=5)

# a sign of life is written as often at most
_SEEN = dt.timedelta(minutes=1)

# how long a one-time code opens an account
INVITED = dt.timedelta(hours=24)

# tries without any wait; then twice as long each time, a quarter of an hour at most: never locked for good
_FREE_TRIES = 6
_LONGEST_PAUSE = dt.timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Somebody finished setting up: the new cookie, and the spare codes to print, shown this once.

    No cookie is given where they sign in at the city's provider: a code on paper alone opens nothing then.
    """

    token: str
    spare_codes: tuple[str, ...]


class SigningIn:
    """The steps, each from a cookie's token to the next one. Calls block and raise ``StoreError``."""

    def __init__(self, staff: Staff, passkeys: Passkeys, audit: AuditLog, *, now: Callable[[], dt.datetime]) -> None:
        self._staff = staff
        self._passkeys = passkeys
        self._audit = audit
        self._now = now

    def password(self, login: str, password: str) -> str:
        """The cookie of half a sign-in, empty where name or password are wrong or have to wait."""
        login = login.strip().lower()
        if not self._staff.attempt(login, _pause):
            return ""
        account = self._staff.by_login(login)
        right = is_right(password, account.password if account and account.is_open else "")
        if account is None or not right:
            self._note_failure(account, "password")
            return ""
        token = new_token()
        self._staff.begin(account, digest(token), "password")
        return token

    def second_factor(self, session: Session, token: str, code: str | Answer) -> str:
        """The cookie of a whole sign-in, empty where code or passkey is wrong, was used, or has to wait."""
        account = session.account
        if not self._staff.attempt(account.login, _pause):
            return ""
        if not self._shows_factor(account, code):
            self._note_failure(account, "second_factor")
            return ""
        return self._begin(account, ends=digest(token))

    def provider(self, told: Told, token: str) -> str:
        """The cookie of a whole sign-in, of half of one where the provider looked at one factor only.

        Empty where no account may be entered so: unknown, closed, or without any second factor.
        """
        account = self._staff.by_identity(told.identity)
        if account is None or account.disabled or not (told.second_factor or account.totp):
            self._note_failure(account, "provider_unknown")
            return ""
        if told.second_factor:
            return self._begin(account, ends=digest(token))
        half = new_token()
        self._staff.begin(account, digest(half), "password", ends=digest(token))
        return half

    def note_provider(self, why: str) -> None:
        """Somebody came back from the provider, or could not get there, and is nobody; ``why`` is a word of ours."""
        self._note_failure(None, why)

    def invite(self, account: Account, *, by: str) -> str:
        """A code that opens the account anew, for a day; password, second factor and sessions of before go."""
        code = new_invite()
        self._staff.reset(account, digest(code), self._now() + INVITED, by=by)
        return code

    def redeem(self, code: str) -> str:
        """The cookie with which somebody sets up their account, empty where the code is none."""
        account = self._staff.redeem(digest(typed(code)))
        if account is None:
            self._note_failure(None, "code")
            return ""
        token = new_token()
        self._staff.begin(account, digest(token), "enrol", secret=new_secret())
        return token

    def enrol(self, session: Session, password: str, again: str, code: str) -> Enrolled | str:
        """Password and second factor are set up; else the name of the word that says what to mend."""
        account = session.account
        if not account.identity and (wrong := _mistake(account, password, again)):
            return wrong
        if not step_of(session.secret, code, self._now()):
            return "code_wrong"
        spare = new_spare_codes()
        kept = "" if account.identity else hashed(password)
        self._staff.enrol(account, kept, session.secret, [digest(each) for each in spare])
        return Enrolled("" if account.identity else self._begin(account, ends=""), spare)

    # ---- sessions ----

    def session(self, token: str) -> Session | None:
        """Whose cookie it is, if its session still holds; somebody's sign of life with that."""
        session = self._staff.session(digest(token)) if token else None
        if session is None or not self._holds(session):
            return None
        if session.stage == "full" and self._now() - session.seen_at >= _SEEN:
            self._staff.seen(session)
        return session

    def is_confirmed(self, session: Session) -> bool:
        """Whether the second factor was shown lately enough for what asks for it."""
        return self._now() - session.confirmed_at < CONFIRMED

    def confirm(self, session: Session, code: str | Answer) -> bool:
        """The second factor once more."""
        if not self._staff.attempt(session.account.login, _pause) or not self._shows_factor(session.account, code):
            return False
        self._staff.confirm(session)
        return True

    def confirm_by_provider(self, session: Session, told: Told, errand: Errand) -> bool:
        """The same where the provider looked at both factors once more, for this errand."""
        is_fresh = told.shown_at is not None and told.shown_at >= errand.begun_at - SKEW
        if told.identity != session.account.identity or not told.second_factor or not is_fresh:
            self._note_failure(session.account, "provider_confirm")
            return False
        self._staff.confirm(session)
        return True

    def add_passkey(self, session: Session, answer: Answer) -> bool:
        """Whether somebody has one more second factor now."""
        try:
            new = registered(answer)
        except PasskeyError as error:
            log.warning("a new passkey does not hold: %s", error)
            return False
        asked_at = answer.errand.begun_at
        return self._passkeys.add(session.account, new.credential, new.public_key, new.counter, asked_at)

    def sign_out(self, session: Session) -> None:
        self._staff.end(session.id, session.account)

    # ---- inside ----

    def _holds(self, session: Session) -> bool:
        age, idle = self._now() - session.begun_at, self._now() - session.seen_at
        if session.account.disabled:
            return False
        return (age < ABSOLUTE and idle < IDLE) if session.stage == "full" else age < _HALF

    def _begin(self, account: Account, *, ends: str) -> str:
        token = new_token()
        self._staff.begin(account, digest(token), "full", ends=ends)
        return token

    def _shows_factor(self, account: Account, code: str | Answer) -> bool:
        if isinstance(code, Answer):
            return self._shows_passkey(account, code)
        step = step_of(account.totp, code, self._now()) if account.totp else 0
        return self._staff.use_step(account, step) if step else self._staff.use_spare(account, digest(typed(code)))

    def _shows_passkey(self, account: Account, answer: Answer) -> bool:
        try:
            passkey = next((each for each in self._passkeys.of(account) if each.credential == answer.named), None)
            count = shown(answer, passkey) if passkey else 0
        except PasskeyError as error:
            log.warning("what a passkey answered does not hold: %s", error)
            return False
        return passkey is not None and self._passkeys.use(passkey, count, answer.errand.begun_at)

    def _note_failure(self, account: Account | None, what: str) -> None:
        self._audit.add(Entry(account.actor if account else "nobody", "sign_in_failed", "", what))


def _mistake(account: Account, password: str, again: str) -> str:
    return weakness(password, account.login) or ("password_differs" if password != again else "")


def _pause(tries: int) -> dt.timedelta:
    """
    >>> [_pause(tries).total_seconds() for tries in (5, 6, 7, 30)]
    [0.0, 1.0, 2.0, 900.0]
    """
    if tries < _FREE_TRIES:
        return dt.timedelta(0)
    return min(dt.timedelta(seconds=2 ** min(tries - _FREE_TRIES, 20)), _LONGEST_PAUSE)
