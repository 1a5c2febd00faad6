"""Accounts of staff, their one-time codes, their sessions; what the rules are stands in ``bot/accounts``.

Every change writes its row of the audit log in the same transaction.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, and_, delete, false, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.audit import AuditLog, Entry
from bot.store.database import reading
from bot.store.moments import moment, stamp
from bot.store.schema import (
    approval,
    class_trainer,
    passkey,
    staff_account,
    staff_code,
    staff_delay,
    staff_session,
    staff_telegram,
    staff_ward,
)
from bot.store.sealing import Keyring
from bot.store.writer import Job, Writer

# a question nobody answered for so long has lapsed: it outlives a weekend, not whoever asked it
ANSWER_WITHIN = dt.timedelta(days=3)

Stage = Literal["enrol", "password", "full"]
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Account:
    """Who may sign in. ``password`` is its Argon2id hash, ``totp`` the second factor's secret; empty until enrolled.

    ``identity`` is who they are to the city's provider; whoever signs in there has no password here.
    """

    id: int
    login: str
    role: str
    wards: frozenset[str]
    created_at: dt.datetime
    password: str = ""
    identity: str = ""
    totp: str = ""
    totp_step: int = 0
    disabled: bool = False

    @property
    def actor(self) -> str:
        """Its name in the audit log."""
        return f"staff:{self.id}"

    @property
    def is_open(self) -> bool:
        """Whether somebody enrolled with it and may sign in."""
        return bool((self.password or self.identity) and self.totp) and not self.disabled


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody at a browser; ``secret`` is the second factor being set up."""

    id: int
    account: Account
    stage: Stage
    begun_at: dt.datetime
    seen_at: dt.datetime
    confirmed_at: dt.datetime
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Something two people have to agree to; ``agreed`` is None while the second has not decided, or never did."""

    id: int
    kind: str
    subject: str
    asked_by: int
    asked_at: dt.datetime
    decided_by: int | None
    decided_at: dt.datetime | None
    agreed: bool | None

    def has_lapsed(self, now: dt.datetime) -> bool:
        """Whether nobody answered in time; who still wants it asks anew."""
        return self.agreed is None and self.asked_at < now - ANSWER_WITHIN


class Staff:
    """The accounts of one database. Calls block and raise ``StoreError``; from an event loop use a thread."""

    def __init__(
        self, engine: Engine, keyring: Keyring, writer: Writer, audit: AuditLog, *, now: Callable[[], dt.datetime]
    ) -> None:
        self._engine = engine
        self._keyring = keyring
        self._writer = writer
        self._audit = audit
        self._now = now
        self._acting: Job[Callable[[Connection], Any], Any] = Job(
            lambda connection, acts: [a(connection) for a in acts]
        )

    # ---- accounts ----

    def accounts(self) -> list[Account]:
        """All of them, in the order they were made."""
        with reading(self._engine) as connection:
            return self._accounts(connection, select(staff_account).order_by(staff_account.c.id))

    def account(self, id: int) -> Account | None:
        with reading(self._engine) as connection:
            return self._account(connection, staff_account.c.id == id)

    def by_login(self, login: str) -> Account | None:
        with reading(self._engine) as connection:
            return self._account(connection, staff_account.c.login == login)

    def by_identity(self, identity: str) -> Account | None:
        """Whose account it is that the city's provider knows so."""
        with reading(self._engine) as connection:
            return self._account(connection, staff_account.c.identity == identity)

    def add(
        self, login: str, role: str, wards: Collection[str], *, by: str, identity: str | None = None
    ) -> Account | None:
        """A new account that nobody can use yet; None where the login or the identity is taken."""

        def act(connection: Connection) -> Account | None:
            known_so = staff_account.c.identity == identity if identity else false()
            if self._account(connection, or_(staff_account.c.login == login, known_so)) is not None:
                return None
            row = {"login": login, "role": role, "totp_step": 0, "created_at": stamp(self._now()), "identity": identity}
            id = int(connection.execute(insert(staff_account).returning(staff_account.c.id), row).scalar_one())
            _set_wards(connection, id, wards)
            self._audit.append(connection, Entry(by, "staff_added", f"staff:{id}", f"role:{role}"))
            return self._account(connection, staff_account.c.id == id)

        return self._do(act)

    def change(self, account: Account, role: str, wards: Collection[str], *, by: str) -> None:
        """Another role, other wards; its sessions end (T60)."""

        def act(connection: Connection) -> None:
            connection.execute(update(staff_account).where(staff_account.c.id == account.id).values(role=role))
            _set_wards(connection, account.id, wards)
            _end_sessions(connection, account.id)
            self._audit.append(connection, Entry(by, "role_changed", account.actor, f"role:{role} wards:{len(wards)}"))

        self._do(act)

    def tie(self, account: Account, identity: str, *, by: str) -> bool:
        """From now on they sign in at the city's provider: password and sessions go, the second factor stays.

        Whether nobody else has that identity.
        """

        def act(connection: Connection) -> bool:
            other = (staff_account.c.identity == identity) & (staff_account.c.id != account.id)
            if self._account(connection, other) is not None:
                return False
            values = {"identity": identity, "password": None}
            connection.execute(update(staff_account).where(staff_account.c.id == account.id).values(values))
            _end_sessions(connection, account.id)
            self._audit.append(connection, Entry(by, "staff_tied", account.actor))
            return True

        return self._do(act)

    def untie(self, account: Account, *, by: str) -> None:
        """The city's provider opens it no more; its sessions end."""

        def act(connection: Connection) -> None:
            connection.execute(update(staff_account).where(staff_account.c.id == account.id).values(identity=None))
            _end_sessions(connection, account.id)
            self._audit.append(connection, Entry(by, "staff_untied", account.actor))

        self._do(act)

    def disable(self, account: Account, *, by: str) -> None:
        """Nobody signs in with it any more; its sessions end, and whoever led classes from Telegram is out."""
        self._close_or_open(account, stamp(self._now()), Entry(by, "staff_disabled", account.actor))

    def enable(self, account: Account, *, by: str) -> None:
        self._close_or_open(account, None, Entry(by, "staff_enabled", account.actor))

    def reset(self, account: Account, digest: str, until: dt.datetime, *, by: str) -> None:
        """Password, second factor, passkeys, sessions and Telegram go; the code of this digest opens it anew."""

        def act(connection: Connection) -> None:
            values = {"password": None, "totp": None, "totp_step": 0}
            connection.execute(update(staff_account).where(staff_account.c.id == account.id).values(values))
            for table in (staff_code, passkey):
                connection.execute(delete(table).where(table.c.account_id == account.id))
            _end_sessions(connection, account.id)
            _untie(connection, account.id)
            row = {"digest": digest, "account_id": account.id, "kind": "invite", "until": stamp(until)}
            connection.execute(insert(staff_code), row)
            self._audit.append(connection, Entry(by, "code_issued", account.actor))

        self._do(act)

    # ---- signing in ----

    def redeem(self, digest: str) -> Account | None:
        """Whose one-time code it is, where it is one that still holds; used with that."""

        def act(connection: Connection) -> Account | None:
            used = delete(staff_code).where(staff_code.c.digest == digest, staff_code.c.kind == "invite")
            found = connection.execute(used.returning(staff_code.c.account_id, staff_code.c.until)).first()
            if found is None or moment(str(found.until)) < self._now():
                return None
            account = self._account(connection, staff_account.c.id == found.account_id)
            return None if account is None or account.disabled else account

        return self._do(act)

    def enrol(self, account: Account, password: str, totp: str, spare: Collection[str]) -> None:
        """Its password's hash, empty where it needs none; its second factor, the digests of its spare codes."""

        def act(connection: Connection) -> None:
            values = {
                "password": password or None,
                "totp": self._keyring.seal(totp, **_place(account.id)),
                "totp_step": 0,
            }
            connection.execute(update(staff_account).where(staff_account.c.id == account.id).values(values))
            connection.execute(delete(staff_code).where(staff_code.c.account_id == account.id))
            connection.execute(
                insert(staff_code),
                [{"digest": each, "account_id": account.id, "kind": "spare", "until": None} for each in spare],
            )
            _end_sessions(connection, account.id)
            self._audit.append(connection, Entry(account.actor, "enrolled", account.actor))

        self._do(act)

    def use_step(self, account: Account, step: int) -> bool:
        """Whether the second factor's code of that half minute was not used before; used with that."""
        later = update(staff_account).where(staff_account.c.id == account.id, staff_account.c.totp_step < step)
        return self._do(lambda connection: connection.execute(later.values(totp_step=step)).rowcount == 1)

    def use_spare(self, account: Account, digest: str) -> bool:
        """Whether it was one of the spare codes; used with that."""
        used = delete(staff_code).where(
            staff_code.c.digest == digest, staff_code.c.kind == "spare", staff_code.c.account_id == account.id
        )
        return self._do(lambda connection: connection.execute(used).rowcount == 1)

    def attempt(self, login: str, pause: Callable[[int], dt.timedelta]) -> bool:
        """Whether this login may be tried now, be it known or not; counted before it is tried, so that many tries at
        the same time are as slow as one after the other. ``pause`` is how long the next waits after so many."""
        lookup = self._tried(login)

        def act(connection: Connection) -> bool:
            now = self._now()
            found = connection.execute(select(staff_delay).where(staff_delay.c.lookup == lookup)).first()
            if found is not None and moment(found.until) > now:
                return False
            tries = found.failures + 1 if found else 1
            row = {"lookup": lookup, "failures": tries, "until": stamp(now + pause(tries))}
            connection.execute(_DELAY[connection.dialect.name], row)
            return True

        return self._do(act)

    # ---- sessions ----

    def begin(self, account: Account, digest: str, stage: Stage, *, secret: str = "", ends: str = "") -> None:
        """A session under that digest; the one of digest ``ends`` goes. A whole sign-in forgets earlier failures."""

        def act(connection: Connection) -> None:
            connection.execute(delete(staff_session).where(staff_session.c.digest == ends))
            at = stamp(self._now())
            sealed = self._keyring.seal(secret, **_session_place(digest)) if secret else None
            row = {"digest": digest, "account_id": account.id, "stage": stage, "secret": sealed}
            connection.execute(insert(staff_session), {**row, "begun_at": at, "seen_at": at, "confirmed_at": at})
            if stage == "full":
                connection.execute(delete(staff_delay).where(staff_delay.c.lookup == self._tried(account.login)))
                self._audit.append(connection, Entry(account.actor, "signed_in", account.actor))

        self._do(act)

    def session(self, digest: str) -> Session | None:
        """The session of a cookie, however old it is."""
        with reading(self._engine) as connection:
            row = connection.execute(select(staff_session).where(staff_session.c.digest == digest)).first()
            return self._session(connection, row) if row else None

    def sessions(self, account: Account) -> list[Session]:
        """Where somebody is signed in."""
        query = select(staff_session).where(staff_session.c.account_id == account.id, staff_session.c.stage == "full")
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(staff_session.c.seen_at.desc())).all()
            found = [self._session(connection, row) for row in rows]
        return [session for session in found if session is not None]

    def seen(self, session: Session) -> None:
        """Somebody is still there."""
        at = update(staff_session).where(staff_session.c.id == session.id).values(seen_at=stamp(self._now()))
        self._do(lambda connection: connection.execute(at))

    def confirm(self, session: Session) -> None:
        """The second factor was shown once more."""

        def act(connection: Connection) -> None:
            at = update(staff_session).where(staff_session.c.id == session.id).values(confirmed_at=stamp(self._now()))
            connection.execute(at)
            connection.execute(delete(staff_delay).where(staff_delay.c.lookup == self._tried(session.account.login)))

        self._do(act)

    def end(self, session_id: int, account: Account, *, action: str = "signed_out") -> bool:
        """One of somebody's own sessions goes; whether there was one."""

        def act(connection: Connection) -> bool:
            ended = delete(staff_session).where(
                staff_session.c.id == session_id, staff_session.c.account_id == account.id
            )
            was_there = connection.execute(ended).rowcount == 1
            if was_there:
                self._audit.append(connection, Entry(account.actor, action, account.actor))
            return was_there

        return self._do(act)

    # ---- what two people agree to ----

    def ask(self, kind: str, subject: str, by: Account) -> None:
        """Ask for something that a second person has to agree to; asked once more, it is still asked once."""

        def act(connection: Connection) -> None:
            same = (approval.c.kind == kind, approval.c.subject == subject, self._waits())
            if connection.execute(select(approval.c.id).where(*same)).first() is not None:
                return
            row = {"kind": kind, "subject": subject, "asked_by": by.id, "asked_at": stamp(self._now())}
            connection.execute(insert(approval), row)
            self._audit.append(connection, Entry(by.actor, "approval_asked", subject, kind))

        self._do(act)

    def decide(self, id: int, by: Account, *, agreed: bool) -> Approval | None:
        """The second person's word; None where nothing waits under that number, or it is their own question."""

        def act(connection: Connection) -> Approval | None:
            open_ = (approval.c.id == id, self._waits(), approval.c.asked_by != by.id)
            values = {"agreed": agreed, "decided_by": by.id, "decided_at": stamp(self._now())}
            row = connection.execute(update(approval).where(*open_).values(values).returning(approval)).first()
            if row is None:
                return None
            action = "approval_given" if agreed else "approval_refused"
            self._audit.append(connection, Entry(by.actor, action, row.subject, row.kind))
            return _approval(row)

        return self._do(act)

    def approvals(self, *, since: dt.datetime) -> list[Approval]:
        """What was asked since then, the newest first."""
        query = select(approval).where(approval.c.asked_at >= stamp(since)).order_by(approval.c.id.desc())
        with reading(self._engine) as connection:
            return [_approval(row) for row in connection.execute(query)]

    # ---- inside ----

    def _waits(self) -> ColumnElement[bool]:
        """A question that a second person may still answer."""
        return and_(approval.c.agreed.is_(None), approval.c.asked_at >= stamp(self._now() - ANSWER_WITHIN))

    def _do(self, act: Callable[[Connection], Result]) -> Result:
        done: Result = self._writer.do(self._acting, act)
        return done

    def _tried(self, login: str) -> str:
        return self._keyring.lookup("staff_delay", login)

    def _close_or_open(self, account: Account, disabled_at: str | None, entry: Entry) -> None:
        def act(connection: Connection) -> None:
            this = staff_account.c.id == account.id
            connection.execute(update(staff_account).where(this).values(disabled_at=disabled_at))
            _end_sessions(connection, account.id)
            _untie(connection, account.id)
            self._audit.append(connection, entry)

        self._do(act)

    def _account(self, connection: Connection, which: Any) -> Account | None:
        found = self._accounts(connection, select(staff_account).where(which))
        return found[0] if found else None

    def _accounts(self, connection: Connection, query: "Select[Any]") -> list[Account]:
        rows = connection.execute(query).all()
        limits = select(staff_ward).where(staff_ward.c.account_id.in_([row.id for row in rows]))
        wards: dict[int, set[str]] = {}
        for limit in connection.execute(limits):
            wards.setdefault(limit.account_id, set()).add(limit.ward)
        return [self._opened(row, frozenset(wards.get(row.id, ()))) for row in rows]

    def _opened(self, row: "Row[Any]", wards: frozenset[str]) -> Account:
        return Account(
            id=row.id,
            login=row.login,
            role=row.role,
            wards=wards,
            created_at=moment(row.created_at),
            password=row.password or "",
            identity=row.identity or "",
            totp=self._keyring.unseal(row.totp, **_place(row.id)) if row.totp else "",
            totp_step=row.totp_step,
            disabled=row.disabled_at is not None,
        )

    def _session(self, connection: Connection, row: "Row[Any]") -> Session | None:
        account = self._account(connection, staff_account.c.id == row.account_id)
        if account is None:
            return None
        secret = self._keyring.unseal(row.secret, **_session_place(row.digest)) if row.secret else ""
        begun, seen, confirmed = moment(row.begun_at), moment(row.seen_at), moment(row.confirmed_at)
        return Session(row.id, account, row.stage, begun, seen, confirmed, secret)


def _set_wards(connection: Connection, id: int, wards: Collection[str]) -> None:
    connection.execute(delete(staff_ward).where(staff_ward.c.account_id == id))
    if wards:
        connection.execute(insert(staff_ward), [{"account_id": id, "ward": ward} for ward in sorted(wards)])


def _end_sessions(connection: Connection, id: int) -> None:
    """Wherever somebody is signed in, and the links they lead classes with."""
    connection.execute(delete(staff_session).where(staff_session.c.account_id == id))
    connection.execute(update(class_trainer).where(class_trainer.c.staff_id == id).values(digest=None))


def _untie(connection: Connection, id: int) -> None:
    connection.execute(delete(staff_telegram).where(staff_telegram.c.account_id == id))


def _approval(row: "Row[Any]") -> Approval:
    decided_at = moment(row.decided_at) if row.decided_at else None
    return Approval(
        row.id, row.kind, row.subject, row.asked_by, moment(row.asked_at), row.decided_by, decided_at, row.agreed
    )


def _place(id: int) -> dict[str, str]:
    return {"table": "staff_account", "record": str(id), "field": "totp"}


def _session_place(digest: str) -> dict[str, str]:
    return {"table": "staff_session", "record": digest, "field": "secret"}


def _upsert(insert: "sqlite.Insert | postgresql.Insert") -> "sqlite.Insert | postgresql.Insert":
    values = {"failures": insert.excluded.failures, "until": insert.excluded.until}
    return insert.on_conflict_do_update(index_elements=["lookup"], set_=values)


_DELAY = {"sqlite": _upsert(sqlite.insert(staff_delay)), "postgresql": _upsert(postgresql.insert(staff_delay))}
