"""Signing in: what holds, what ends a session, what a guesser meets."""

import datetime as dt

import pyotp
import pytest
from sqlalchemy import text

from bot.accounts.codes import digest
from bot.accounts.signing_in import ABSOLUTE, IDLE, INVITED, Enrolled, SigningIn
from bot.retention import sweep
from bot.store.staff import Account, Session
from bot.store.store import Store
from tests.fakes import Clock

PASSWORD = "con mèo ngủ trên mái tôn"  # noqa: S105
LOGIN = "lan@phuong.example"


class Person:
    """Somebody of the office with their phone."""

    def __init__(self, store: Store, clock: Clock, *, role: str = "city_admin", login: str = LOGIN) -> None:
        self.store, self.clock = store, clock
        self.rules = SigningIn(store.staff, store.passkeys, store.audit, now=clock)
        added = store.staff.add(login, role, (), by="cli")
        assert added is not None
        self.account: Account = added
        self.secret = ""
        self.spare: tuple[str, ...] = ()

    def code(self) -> str:
        """What their phone shows; each only once, so the next comes half a minute later."""
        self.clock.move(seconds=30)
        return pyotp.TOTP(self.secret).at(self.clock())

    def session(self, token: str) -> Session:
        session = self.rules.session(token)
        assert session is not None
        return session

    def enrol(self) -> str:
        token = self.rules.redeem(self.rules.invite(self.account, by="cli"))
        session = self.session(token)
        self.secret = session.secret
        done = self.rules.enrol(session, PASSWORD, PASSWORD, self.code())
        assert isinstance(done, Enrolled)
        self.spare = done.spare_codes
        return done.token

    def sign_in(self, code: str = "") -> str:
        token = self.rules.password(LOGIN, PASSWORD)
        return token and self.rules.second_factor(self.session(token), token, code or self.code())


@pytest.fixture
def person(store: Store, clock: Clock) -> Person:
    return Person(store, clock)


def test_from_the_code_on_paper_to_a_session_and_in_again(person: Person) -> None:
    first = person.enrol()
    assert person.session(first).stage == "full"
    second = person.sign_in()
    assert second not in ("", first)
    assert person.session(second).account.login == LOGIN
    assert [row.entry.action for row in person.store.audit.latest(3)] == ["signed_in", "signed_in", "enrolled"]


def test_the_code_on_paper_holds_once_and_a_day(person: Person) -> None:
    code = person.rules.invite(person.account, by="cli")
    assert person.rules.redeem(code.lower().replace("-", " "))
    assert person.rules.redeem(code) == ""
    late = person.rules.invite(person.account, by="cli")
    person.clock.move(seconds=INVITED.total_seconds() + 1)
    assert person.rules.redeem(late) == ""


@pytest.mark.parametrize(
    ("password", "again", "code", "told"),
    [
        ("ngắn quá", "ngắn quá", "", "password_short"),
        ("a" * 129, "a" * 129, "", "password_long"),
        ("matkhau123456", "matkhau123456", "", "password_common"),
        (LOGIN, LOGIN, "", "password_common"),
        (PASSWORD, PASSWORD + "!", "", "password_differs"),
        (PASSWORD, PASSWORD, "000000", "code_wrong"),
        (PASSWORD, PASSWORD, "một hai", "code_wrong"),
    ],
)
def test_what_cannot_be_set_up_is_said(person: Person, password: str, again: str, code: str, told: str) -> None:
    token = person.rules.redeem(person.rules.invite(person.account, by="cli"))
    session = person.session(token)
    assert person.rules.enrol(session, password, again, code) == told


def test_half_a_sign_in_opens_nothing_and_soon_ends(person: Person) -> None:
    person.enrol()
    token = person.rules.password(LOGIN, PASSWORD)
    assert person.session(token).stage == "password"
    person.clock.move(minutes=11)
    assert person.rules.session(token) is None


def test_a_code_of_the_phone_is_good_once(person: Person) -> None:
    person.enrol()
    code = person.code()
    assert person.sign_in(code)
    assert person.sign_in(code) == ""


def test_a_spare_code_is_good_once(person: Person) -> None:
    person.enrol()
    assert person.sign_in(person.spare[0].lower())
    assert person.sign_in(person.spare[0]) == ""
    assert person.sign_in(person.spare[1])


def test_a_session_ends_when_nobody_is_there_and_after_a_day_of_work(person: Person) -> None:
    idle = person.enrol()
    person.clock.move(seconds=IDLE.total_seconds())
    assert person.rules.session(idle) is None
    busy = person.sign_in()
    begun = person.clock()
    while person.clock() - begun < ABSOLUTE - dt.timedelta(minutes=10):
        person.clock.move(minutes=10)
        assert person.rules.session(busy) is not None
    person.clock.move(minutes=10)
    assert person.rules.session(busy) is None


@pytest.mark.parametrize("what", ["disable", "change", "reset", "sign_out", "end"])
def test_what_ends_a_session(person: Person, what: str) -> None:
    token = person.enrol()
    staff, account = person.store.staff, person.account
    match what:
        case "disable":
            staff.disable(account, by="cli")
        case "change":
            staff.change(account, "auditor", (), by="cli")
        case "reset":
            person.rules.invite(account, by="cli")
        case "sign_out":
            person.rules.sign_out(person.session(token))
        case "end":
            assert staff.end(staff.sessions(account)[0].id, account)
    assert person.rules.session(token) is None


def test_nobody_ends_the_session_of_another(person: Person) -> None:
    token = person.enrol()
    other = person.store.staff.add("khac@phuong.example", "auditor", (), by="cli")
    assert other is not None
    assert not person.store.staff.end(person.session(token).id, other)
    assert person.rules.session(token) is not None


@pytest.mark.parametrize("login", [LOGIN, "khong.ai@phuong.example"])
def test_a_guesser_waits_longer_each_time_whether_there_is_such_an_account_or_not(person: Person, login: str) -> None:
    person.enrol()
    for _ in range(8):
        assert person.rules.password(login, "sai bét") == ""
    # the right password is not even looked at now
    assert person.rules.password(login, PASSWORD) == ""
    # nobody is locked out for good
    person.clock.move(minutes=15)
    assert bool(person.rules.password(login, PASSWORD)) == (login == LOGIN)


def test_the_second_factor_cannot_be_guessed_either(person: Person) -> None:
    person.enrol()
    token = person.rules.password(LOGIN, PASSWORD)
    for _ in range(8):
        assert person.rules.second_factor(person.session(token), token, "123456") == ""
    assert person.rules.second_factor(person.session(token), token, person.spare[0]) == ""


def test_a_confirmation_is_asked_again_after_some_minutes(person: Person) -> None:
    token = person.enrol()
    assert person.rules.is_confirmed(person.session(token))
    person.clock.move(minutes=6)
    assert not person.rules.is_confirmed(person.session(token))
    assert not person.rules.confirm(person.session(token), "000000")
    assert person.rules.confirm(person.session(token), person.code())
    assert person.rules.is_confirmed(person.session(token))


def test_nothing_that_signs_anybody_in_can_be_read_from_the_database(person: Person) -> None:
    invite = person.rules.invite(person.account, by="cli")
    token = person.enrol()
    person.sign_in()
    with person.store.engine.connect() as connection:
        tables = ("staff_account", "staff_code", "staff_session", "staff_delay", "audit_entry")
        rows = "\n".join(str(connection.execute(text(f"SELECT * FROM {table}")).all()) for table in tables)  # noqa: S608
    assert digest(person.spare[0]) in rows
    assert [secret for secret in (invite, token, person.secret, PASSWORD, *person.spare) if secret in rows] == []


def test_what_nobody_can_use_any_more_is_swept_away(person: Person) -> None:
    person.enrol()
    person.rules.password(LOGIN, "sai bét")
    person.rules.invite(person.account, by="cli")
    person.rules.password("ai.do@phuong.example", "sai bét")
    for hours, left in ((12, True), (60, False)):
        person.clock.move(hours=hours)
        sweep(person.store.engine, now=person.clock())
        with person.store.engine.connect() as connection:
            rows = [connection.execute(text(f"SELECT * FROM {table}")).all() for table in ("staff_delay", "staff_code")]  # noqa: S608
        assert [bool(each) for each in rows] == [left, left]


def test_nobody_agrees_to_their_own_question(person: Person, clock: Clock) -> None:
    staff = person.store.staff
    other = staff.add("hai@phuong.example", "city_admin", (), by="cli")
    assert other is not None
    staff.ask("city_admin", "staff:9", person.account)
    staff.ask("city_admin", "staff:9", other)
    [asked] = staff.approvals(since=clock() - dt.timedelta(days=1))
    assert staff.decide(asked.id, person.account, agreed=True) is None
    decided = staff.decide(asked.id, other, agreed=True)
    assert decided is not None
    assert decided.agreed is True
    assert staff.decide(asked.id, other, agreed=False) is None
