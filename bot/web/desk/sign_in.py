"""The doors of signing in: name and password, the second factor, the one-time code on paper, signing out."""

import re
import time
from collections.abc import Callable

from fastapi import Response
from fastapi.responses import RedirectResponse
from markupsafe import Markup

from bot.accounts.passkeys import Answer
from bot.accounts.second_factor import qr_svg
from bot.accounts.signing_in import Enrolled, SigningIn
from bot.store.staff import Session, Staff, Stage
from bot.web.callers import Refusals, client_address
from bot.web.desk.pages import DeskPages
from bot.web.desk.passkeys import Asking
from bot.web.desk.visit import LANGUAGE_COOKIE, DeskCookie, Door, GoToError, RefusedError, Visit, own_page

_A_YEAR = 365 * 24 * 3600


class SignInDoors:
    """What somebody meets who is not signed in, and what is one's own once one is."""

    def __init__(
        self,
        signing_in: SigningIn,
        staff: Staff,
        asking: Asking,
        pages: DeskPages,
        cookie: DeskCookie,
        *,
        proxies: int = 0,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._signing_in = signing_in
        self._staff = staff
        self._asking = asking
        self._pages = pages
        self._cookie = cookie
        self._proxies = proxies
        self._refusals = Refusals(now)

    def doors(self) -> tuple[Door, ...]:
        return (
            Door("GET", "/desk/sign-in", None, self.sign_in),
            Door("POST", "/desk/sign-in", None, self.take_password),
            Door("GET", "/desk/second-factor", None, self.second_factor),
            Door("POST", "/desk/second-factor", None, self.take_second_factor),
            Door("GET", "/desk/welcome", None, self.welcome),
            Door("POST", "/desk/welcome", None, self.take_invite),
            Door("GET", "/desk/enrol", None, self.enrol),
            Door("POST", "/desk/enrol", None, self.take_enrolment),
            Door("POST", "/desk/language", None, self.change_language),
            Door("GET", "/desk/confirm", "own", self.confirm),
            Door("POST", "/desk/confirm", "own", self.take_confirmation),
            Door("POST", "/desk/sign-out", "own", self.sign_out),
            Door("GET", "/desk/me", "own", self.me),
            Door("POST", "/desk/me/sessions/{id}/end", "own", self.end_session),
        )

    # ---- name, password, second factor ----

    def sign_in(self, visit: Visit) -> Response:
        if visit.session is not None and visit.session.stage == "full":
            raise GoToError("/desk")
        return self._pages.page(visit, "sign_in.html", visit.words["sign_in"], wrong="")

    def take_password(self, visit: Visit) -> Response:
        token = self._signing_in.password(visit.field("login"), visit.form.get("password", ""))
        if token:
            return self._cookie.lead_to("/desk/second-factor", token)
        self._refuse(visit)
        return self._pages.page(visit, "sign_in.html", visit.words["sign_in"], status=422, wrong="sign_in_wrong")

    def second_factor(self, visit: Visit) -> Response:
        return self._second_factor_page(visit, _at_stage(visit, "password"))

    def take_second_factor(self, visit: Visit) -> Response:
        session = _at_stage(visit, "password")
        token = self._signing_in.second_factor(session, visit.token, self._shown(visit))
        if token:
            return self._cookie.lead_to("/desk", token)
        self._refuse(visit)
        return self._second_factor_page(visit, session, wrong=_wrong(visit))

    def _shown(self, visit: Visit) -> str | Answer:
        """The second factor in a form: a passkey's answer, or a code."""
        return self._asking.answer(visit) or visit.field("code")

    def _second_factor_page(self, visit: Visit, session: Session, wrong: str = "") -> Response:
        return self._pages.page(
            visit,
            "second_factor.html",
            visit.words["second_factor"],
            status=422 if wrong else 200,
            question=self._asking.to_show(visit, session.account),
            wrong=wrong,
        )

    # ---- the code on paper ----

    def welcome(self, visit: Visit) -> Response:
        return self._pages.page(visit, "welcome.html", visit.words["welcome"], wrong="")

    def take_invite(self, visit: Visit) -> Response:
        token = self._signing_in.redeem(visit.field("code"))
        if token:
            return self._cookie.lead_to("/desk/enrol", token)
        self._refuse(visit)
        return self._pages.page(visit, "welcome.html", visit.words["welcome"], status=422, wrong="invite_wrong")

    def enrol(self, visit: Visit) -> Response:
        return self._enrol_page(visit, _at_stage(visit, "enrol"))

    def take_enrolment(self, visit: Visit) -> Response:
        session = _at_stage(visit, "enrol")
        password, again = visit.form.get("password", ""), visit.form.get("again", "")
        done = self._signing_in.enrol(session, password, again, visit.field("code"))
        if not isinstance(done, Enrolled):
            return self._enrol_page(visit, session, wrong=done)
        heading = visit.words["spare_codes"]
        response = self._pages.page(visit, "spare_codes.html", heading, codes=done.spare_codes)
        if done.token:
            self._cookie.write(response, done.token)
        return response

    def _enrol_page(self, visit: Visit, session: Session, wrong: str = "") -> Response:
        return self._pages.page(
            visit,
            "enrol.html",
            visit.words["enrol"],
            status=422 if wrong else 200,
            login=session.account.login,
            tied=bool(session.account.identity),
            # segno draws it; nothing in it is of anybody's typing but the login, and that inside the picture's points
            qr=Markup(qr_svg(session.secret, session.account.login)),  # noqa: S704
            secret=" ".join(re.findall("....", session.secret)),
            wrong=wrong,
        )

    # ---- once signed in ----

    def confirm(self, visit: Visit) -> Response:
        return self._confirm_page(visit, own_page(visit.asked("next")))

    def take_confirmation(self, visit: Visit) -> Response:
        wanted = own_page(visit.field("next"))
        if visit.session is not None and self._signing_in.confirm(visit.session, self._shown(visit)):
            raise GoToError(wanted)
        return self._confirm_page(visit, wanted, wrong=_wrong(visit))

    def _confirm_page(self, visit: Visit, wanted: str, wrong: str = "") -> Response:
        return self._pages.page(
            visit,
            "confirm.html",
            visit.words["confirm"],
            status=422 if wrong else 200,
            question=self._asking.to_show(visit, visit.account),
            next=wanted,
            wrong=wrong,
        )

    def sign_out(self, visit: Visit) -> Response:
        if visit.session is not None:
            self._signing_in.sign_out(visit.session)
        response = RedirectResponse("/desk/sign-in", status_code=303)
        response.delete_cookie(self._cookie.name, path="/", secure=self._cookie.https, httponly=True, samesite="lax")
        return response

    def me(self, visit: Visit) -> Response:
        sessions = self._staff.sessions(visit.account)
        return self._pages.page(
            visit,
            "me.html",
            visit.words["me"],
            sessions=sessions,
            passkeys=self._asking.passkeys.of(visit.account),
            question=self._asking.to_create(visit),
        )

    def end_session(self, visit: Visit) -> Response:
        if not self._staff.end(visit.number("id"), visit.account, action="session_ended"):
            raise RefusedError(404, "not_found")
        raise GoToError("/desk/me")

    def change_language(self, visit: Visit) -> Response:
        response = RedirectResponse(own_page(visit.field("back")), status_code=303)
        language = "en" if visit.field("language") == "en" else "vi"
        response.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=_A_YEAR,
            path="/",
            secure=self._cookie.https,
            httponly=True,
            samesite="lax",
        )
        return response

    # ---- inside ----

    def _refuse(self, visit: Visit) -> None:
        if self._refusals.add(client_address(visit.request, self._proxies)):
            raise RefusedError(429, "too_often")


def _wrong(visit: Visit) -> str:
    return "passkey_wrong" if visit.field("credential") else "code_wrong"


def _at_stage(visit: Visit, stage: Stage) -> Session:
    if visit.session is None or visit.session.stage != stage:
        raise GoToError("/desk/sign-in")
    return visit.session
