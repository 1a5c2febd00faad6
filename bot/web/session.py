"""Who a browser is: a long random token in a cookie, which the store knows only as a digest."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

from fastapi import Request, Response

from bot.channels.messages import ContactKey

CHANNEL = "web"

# how long a browser may stay away and still find its place
MAX_AGE = 90 * 24 * 3600

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

_NUMBER = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Cookie:
    """The session's cookie: for https only where people come by https, else for trials on the own machine."""

    https: bool

    @property
    def name(self) -> str:
        return "__Host-gocua" if self.https else "gocua"

    def read(self, request: Request) -> ContactKey | None:
        token = request.cookies.get(self.name, "")
        return ContactKey(CHANNEL, token) if _TOKEN.fullmatch(token) else None

    def write(self, response: Response, contact: ContactKey) -> None:
        response.set_cookie(
            self.name, contact.user, max_age=MAX_AGE, path="/", secure=self.https, httponly=True, samesite="lax"
        )


def new_contact() -> ContactKey:
    return ContactKey(CHANNEL, secrets.token_urlsafe(32))


def form_key(contact: ContactKey) -> str:
    """What the forms of this session carry, so that a post without an origin is known as our own."""
    return hmac.digest(contact.user.encode(), b"form", "sha256").hex()[:32]


def is_form_key(contact: ContactKey, key: str) -> bool:
    return hmac.compare_digest(form_key(contact).encode(), key.encode())


def message_id(given: str, said: str) -> str:
    """What makes the same message sent again the same: the number its form was given, and what it says.

    Without a number, or with one we did not make, every message is a new one.
    """
    if not _NUMBER.fullmatch(given):
        return ""
    return f"{given}:{hashlib.sha256(said.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def new_number() -> str:
    """A number for the forms of a page, so that what is sent twice from there counts once."""
    return secrets.token_urlsafe(12)
