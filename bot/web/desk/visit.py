"""One request to the console as its doors see it: who asks, what they may see, what they sent."""

import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from bot.accounts.codes import new_token
from bot.accounts.roles import Permission, may, scope_of
from bot.campaign.scope import Scope
from bot.store.staff import Account, Session

LANGUAGE_COOKIE = "gocua-desk-language"

_PAGE = re.compile(r"/desk(/[a-z0-9-]+)*")


class RefusedError(Exception):
    """A page that is not shown; ``word`` names the heading in ``bot.web.desk.words``, with its text beside."""

    def __init__(self, status: int, word: str) -> None:
        super().__init__(status)
        self.status = status
        self.word = word


class GoToError(Exception):
    """Something has to be done on another page first."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that was let in. ``token`` is that of the cookie, be there a session or not."""

    request: Request
    token: str
    language: str
    words: Mapping[str, str]
    session: Session | None = None
    form: Mapping[str, str] = field(default_factory=dict)

    @property
    def account(self) -> Account:
        """Who is signed in; the doors that ask are never opened to anybody else."""
        if self.session is None or self.session.stage != "full":
            raise GoToError("/desk/sign-in")
        return self.session.account

    @property
    def scope(self) -> Scope:
        """What they get to see, by their role and wards, never by what the address says (T62)."""
        return scope_of(self.account.role, self.account.wards)

    @property
    def key(self) -> str:
        """What the forms of this session carry (T61)."""
        return hmac.digest(self.token.encode(), b"desk form", "sha256").hex()[:32]

    def may(self, permission: Permission) -> bool:
        return may(self.account.role, permission)

    def at(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def number(self, name: str) -> int:
        """A part of the address that is a number. Raises ``RefusedError``."""
        text = self.at(name)
        if not (text.isascii() and text.isdecimal() and len(text) < 10):
            raise RefusedError(404, "not_found")
        return int(text)

    def asked(self, name: str, *, most: int = 200) -> str:
        """What stands behind the question mark of the address."""
        return self.request.query_params.get(name, "")[:most]

    def field(self, name: str) -> str:
        """What was typed in a field of the form."""
        return self.form.get(name, "")[:1000]


@dataclass(frozen=True, slots=True)
class Door:
    """One page or one act: ``permission`` is None where nobody has to be signed in.

    ``open`` waits for others only where it is a coroutine function; any other runs in a thread of its own.
    ``confirmed``: only with a second factor shown lately (T60).
    """

    method: str
    path: str
    permission: Permission | None
    open: Callable[[Visit], Response] | Callable[[Visit], Awaitable[Response]]
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class DeskCookie:
    """The console's cookie: gone with the browser, for https only where people come by https."""

    https: bool

    @property
    def name(self) -> str:
        return "__Host-gocua-desk" if self.https else "gocua-desk"

    def read(self, request: Request) -> str:
        """Its token, or a new one where there is none."""
        token = request.cookies.get(self.name, "")
        return token if len(token) == _TOKEN else new_token()

    def write(self, response: Response, token: str) -> None:
        response.set_cookie(self.name, token, path="/", secure=self.https, httponly=True, samesite="lax")

    def lead_to(self, address: str, token: str) -> Response:
        """On to another page with a new token: somebody is further in than before."""
        response = RedirectResponse(address, status_code=303)
        self.write(response, token)
        return response


def own_page(address: str) -> str:
    """The page of the console somebody may be led back to, the first one where it is none."""
    return address if _PAGE.fullmatch(address) else "/desk"


# letters of a token
_TOKEN = 43
