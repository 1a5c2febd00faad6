"""What stands around every page: security headers, a limit on what is sent, own origin only, errors without texts."""

import logging
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.logs import place_of

log = logging.getLogger(__name__)

# bytes of a form, or of a platform's post (T55)
BODY = 256 * 1024

# fields of a form; ours has three
_FIELDS = 10

_FORM = "application/x-www-form-urlencoded"

_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_HSTS = "max-age=31536000"


class BodyTooLargeError(Exception):
    """More was sent than anybody types."""


class NotAFormError(Exception):
    """What was sent is not the form of our page."""


# ---- around every answer ----


class Guard:
    """Adds the headers to every answer; a fault of ours becomes the page ``failed`` makes and a line in the log."""

    def __init__(self, app: ASGIApp, *, https: bool, failed: Callable[[], Response]) -> None:
        self._app = app
        self._headers = {**_HEADERS, "Strict-Transport-Security": _HSTS} if https else _HEADERS
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers.update(self._headers)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_guarded)
        except Exception as error:  # whatever went wrong, the person gets a page
            log.error("a request failed: %s", place_of(error))
            if not started:
                await self._failed()(scope, receive, send_guarded)


# ---- what comes in ----


async def read_body(request: Request) -> bytes:
    """What was sent, however long it says it is. Raises ``BodyTooLargeError``."""
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > BODY:
        raise BodyTooLargeError
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY:
            raise BodyTooLargeError
    return bytes(body)


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a posted form. Raises ``NotAFormError`` or ``BodyTooLargeError``."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise NotAFormError
    body = await read_body(request)
    try:
        pairs = parse_qsl(
            body.decode(errors="replace"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="replace",
            max_num_fields=_FIELDS,
        )
    except ValueError as error:
        raise NotAFormError from error
    return dict(pairs)


def is_own_page(headers: Mapping[str, str], public_url: str, *, has_key: bool) -> bool:
    """Whether a post comes from a page of ours, by what the browser says of it.

    Old browsers say nothing, and then send no cookie from elsewhere either (or we know them by the form's key).
    """
    site = headers.get("sec-fetch-site", "")
    if site not in ("", "same-origin", "none"):
        return False
    origin = headers.get("origin")
    if origin is None:
        return True
    if origin == "null":
        # what a form of a page without referrer says
        return site == "same-origin" or has_key
    if public_url:
        return origin == _origin(public_url)
    return urlsplit(origin).netloc == headers.get("host", "")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
