"""The doors of accounts: who may sign in, and what two people have to agree to (T62, T63)."""

import datetime as dt
import re
from collections.abc import Callable, Mapping

from fastapi import Response

from bot.accounts.provider import SUBJECT, Registration
from bot.accounts.roles import LIMITED, ROLES
from bot.accounts.signing_in import SigningIn
from bot.store.staff import Account, Approval, Staff
from bot.web.desk.pages import DeskPages
from bot.web.desk.visit import Door, GoToError, RefusedError, Visit

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._+@-]{2,79}")

# how far back answered questions are shown
_SHOWN = dt.timedelta(days=30)

CITY_ADMIN = "city_admin"


class PeopleDoors:
    """Making, changing and closing accounts; a city admin is made by two."""

    def __init__(
        self,
        staff: Staff,
        signing_in: SigningIn,
        pages: DeskPages,
        provider: Registration | None = None,
        *,
        wards: Mapping[str, str],
        now: Callable[[], dt.datetime],
    ) -> None:
        """``wards`` are the full names by code."""
        self._staff = staff
        self._signing_in = signing_in
        self._pages = pages
        self._provider = provider
        self._wards = wards
        self._now = now

    def doors(self) -> tuple[Door, ...]:
        return (
            Door("GET", "/desk/staff", "staff", self.staff),
            Door("POST", "/desk/staff", "staff.act", self.add, confirmed=True),
            Door("GET", "/desk/staff/{id}", "staff.act", self.account),
            Door("POST", "/desk/staff/{id}/role", "staff.act", self.change_role, confirmed=True),
            Door("POST", "/desk/staff/{id}/identity", "staff.act", self.tie, confirmed=True),
            Door("POST", "/desk/staff/{id}/disable", "staff.act", self.disable, confirmed=True),
            Door("POST", "/desk/staff/{id}/enable", "staff.act", self.enable, confirmed=True),
            Door("POST", "/desk/staff/{id}/reset", "staff.act", self.reset, confirmed=True),
            Door("GET", "/desk/approvals", "staff", self.approvals),
            Door("POST", "/desk/approvals/{id}", "approvals.act", self.decide, confirmed=True),
        )

    def staff(self, visit: Visit, wrong: str = "") -> Response:
        return self._pages.page(
            visit,
            "staff.html",
            visit.words["staff"],
            status=422 if wrong else 200,
            accounts=self._staff.accounts(),
            roles=ROLES,
            wards=self._wards,
            wrong=wrong,
        )

    def add(self, visit: Visit) -> Response:
        login, role = visit.field("login").strip().lower(), visit.field("role")
        wards = self._typed_wards(visit)
        if not _LOGIN.fullmatch(login):
            return self.staff(visit, "login_wrong")
        if wards is None or not _fits(role, wards):
            return self.staff(visit, "wards_wrong")
        subject = visit.field("subject").strip()
        if not self._may_be(subject):
            return self.staff(visit, "subject_wrong")
        # nobody gets the highest role from one person alone: the account waits as an auditor's
        given = "auditor" if role == CITY_ADMIN else role
        account = self._staff.add(login, given, wards, by=visit.account.actor, identity=self._identity(subject))
        if account is None:
            return self.staff(visit, "login_taken" if self._staff.by_login(login) else "subject_wrong")
        if role == CITY_ADMIN:
            self._staff.ask(CITY_ADMIN, account.actor, visit.account)
        return self._begun(visit, account)

    def account(self, visit: Visit, wrong: str = "") -> Response:
        return self._pages.page(
            visit,
            "account.html",
            visit.words["account"],
            status=422 if wrong else 200,
            person=self._named(visit),
            roles=ROLES,
            wards=self._wards,
            subject=self._named(visit).identity.rpartition(" ")[2],
            wrong=wrong,
        )

    def change_role(self, visit: Visit) -> Response:
        account, role, wards = self._another(visit), visit.field("role"), self._typed_wards(visit)
        if wards is None or not _fits(role, wards):
            return self.account(visit, "wards_wrong")
        if role == CITY_ADMIN:
            self._staff.ask(CITY_ADMIN, account.actor, visit.account)
            raise GoToError("/desk/approvals")
        self._keep_two_admins(account)
        self._staff.change(account, role, wards, by=visit.account.actor)
        raise GoToError(f"/desk/staff/{account.id}")

    def tie(self, visit: Visit) -> Response:
        """To an account of the city's provider, or from it; whoever is freed of it gets a code to choose a password."""
        account, subject = self._another(visit), visit.field("subject").strip()
        if account.role == CITY_ADMIN:
            # whoever holds that account there would be the admin: that is for the machine's operator
            raise RefusedError(409, "admin_reset")
        if not self._may_be(subject):
            return self.account(visit, "subject_wrong")
        identity = self._identity(subject)
        if identity is None:
            self._staff.untie(account, by=visit.account.actor)
            return self._invited(visit, account)
        if not self._staff.tie(account, identity, by=visit.account.actor):
            return self.account(visit, "subject_wrong")
        raise GoToError(f"/desk/staff/{account.id}")

    def disable(self, visit: Visit) -> Response:
        account = self._another(visit)
        self._keep_two_admins(account)
        self._staff.disable(account, by=visit.account.actor)
        raise GoToError(f"/desk/staff/{account.id}")

    def enable(self, visit: Visit) -> Response:
        account = self._another(visit)
        if account.role == CITY_ADMIN:
            # it comes back as what anybody may give; the role itself is for two again
            self._staff.change(account, "auditor", (), by=visit.account.actor)
            self._staff.ask(CITY_ADMIN, account.actor, visit.account)
        self._staff.enable(account, by=visit.account.actor)
        raise GoToError(f"/desk/staff/{account.id}")

    def reset(self, visit: Visit) -> Response:
        account = self._another(visit)
        if account.role == CITY_ADMIN:
            # whoever holds the new code would be the admin: that is for the machine's operator
            raise RefusedError(409, "admin_reset")
        return self._invited(visit, account)

    # ---- what two agree to ----

    def approvals(self, visit: Visit) -> Response:
        names = {account.id: account.login for account in self._staff.accounts()}
        now = self._now()
        asked = self._staff.approvals(since=now - _SHOWN)
        return self._pages.page(visit, "approvals.html", visit.words["approvals"], asked=asked, names=names, now=now)

    def decide(self, visit: Visit) -> Response:
        agreed = visit.field("answer") == "agree"
        decided = self._staff.decide(visit.number("id"), visit.account, agreed=agreed)
        if decided is None:
            raise RefusedError(409, "not_yours")
        if agreed and decided.kind == CITY_ADMIN:
            self._make_admin(decided, visit.account)
        raise GoToError("/desk/approvals")

    # ---- inside ----

    def _make_admin(self, decided: Approval, by: Account) -> None:
        account = self._staff.account(int(decided.subject.partition(":")[2]))
        if account is not None:
            self._staff.change(account, CITY_ADMIN, (), by=by.actor)

    def _may_be(self, subject: str) -> bool:
        return not subject or (self._provider is not None and SUBJECT.fullmatch(subject) is not None)

    def _identity(self, subject: str) -> str | None:
        return self._provider.identity(subject) if self._provider and subject else None

    def _begun(self, visit: Visit, account: Account) -> Response:
        """Who signs in elsewhere, with both factors, needs no code of ours."""
        if account.identity and self._provider and self._provider.second_factor:
            raise GoToError(f"/desk/staff/{account.id}")
        return self._invited(visit, account)

    def _invited(self, visit: Visit, account: Account) -> Response:
        code = self._signing_in.invite(account, by=visit.account.actor)
        return self._pages.page(visit, "invite.html", visit.words["invite"], person=account, code=code)

    def _named(self, visit: Visit) -> Account:
        account = self._staff.account(visit.number("id"))
        if account is None:
            raise RefusedError(404, "not_found")
        return account

    def _another(self, visit: Visit) -> Account:
        """Nobody changes or closes their own account."""
        account = self._named(visit)
        if account.id == visit.account.id:
            raise RefusedError(409, "not_oneself")
        return account

    def _keep_two_admins(self, account: Account) -> None:
        admins = [each for each in self._staff.accounts() if each.role == CITY_ADMIN and not each.disabled]
        if account.role == CITY_ADMIN and len(admins) <= 2:
            raise RefusedError(409, "two_admins")

    def _typed_wards(self, visit: Visit) -> list[str] | None:
        """The codes somebody typed, parted by anything; None where one is no ward."""
        codes = re.findall(r"\d+", visit.field("wards"))
        return codes if all(code in self._wards for code in codes) else None


def _fits(role: str, wards: list[str]) -> bool:
    return role in ROLES and (role in LIMITED) == bool(wards)
