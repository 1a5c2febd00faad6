"""The Official Account's stand-in as an application: OAuth, the API, the page, and the control of tests and page.

Below ``/_control``, besides what every stand-in has: ``trouble`` (the network), ``refuse`` (an answer of the API),
``rate``, ``tokens`` (a new pair), ``revoke``, ``proof``, ``clock`` (set forward), ``webhook`` (saved in the console),
``test`` (its button), ``events`` (how they are posted), ``event`` (any other), ``follow``, ``click_chat``, ``react``,
``see``, ``lapse``, ``agent`` (an officer writes), ``calls``, ``tries`` and ``settled`` (all events were taken).
"""

import contextlib
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.stand_ins.chat_page import control, page_routes
from tests.stand_ins.clocks import MovableClock
from tests.stand_ins.serving import Troubled, Troubles, served, settled
from tests.stand_ins.zalo_oa.errors import Json, OaError, OauthError
from tests.stand_ins.zalo_oa.events import SIGNATURES, Events
from tests.stand_ins.zalo_oa.grants import Account, Grants
from tests.stand_ins.zalo_oa.methods import METHODS, Api, Call, Rate, Refusal
from tests.stand_ins.zalo_oa.people import People

ACCOUNT = Account()

_NOT_FOUND = "<html><body><h1>404 Not Found</h1></body></html>"

_CONSENT = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Zalo</title>
<h1>Cho phép ứng dụng quản lý Official Account {name}?</h1>
<p><a href="/v4/oa/permission/allow?{query}">Cho phép</a></p></html>"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call of the API: whom it was about, and the code it was answered with."""

    path: str
    user: str
    error: int


class StandIn:
    """One account, its people, and what is to go wrong. ``rate`` is calls a minute, 0: as many as one likes."""

    def __init__(self, *, clock: MovableClock, pace: float, rate: int) -> None:
        self.clock = clock
        self.grants = Grants(ACCOUNT, clock)
        self.events = Events(ACCOUNT, clock, pace=pace)
        self.troubles = Troubles()
        self._people = People(ACCOUNT, self.events, clock)
        self._api = Api(ACCOUNT, self._people, clock, Rate(clock, rate))
        self._needs_proof = False
        self._asked: list[Asked] = []

    # ---- the platform ----

    async def permission(self, request: Request) -> Response:
        """The page where an administrator of the account says yes."""
        try:
            self.grants.check_consent(request.query_params)
        except OauthError as error:
            return JSONResponse(error.to_json())
        query = escape(urlencode(list(request.query_params.items())))
        return HTMLResponse(_CONSENT.format(name=escape(ACCOUNT.name), query=query))

    async def allow(self, request: Request) -> Response:
        try:
            return RedirectResponse(self.grants.allow(request.query_params), status_code=302)
        except OauthError as error:
            return JSONResponse(error.to_json())

    async def token(self, request: Request) -> Response:
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        try:
            return JSONResponse(self.grants.token(request.headers.get("secret_key", ""), form))
        except OauthError as error:
            return JSONResponse(error.to_json())

    async def call(self, request: Request) -> Response:
        """Any call of the API: HTTP 200 whatever comes of it, 404 where there is no such path."""
        if (request.method, request.url.path) not in METHODS:
            return HTMLResponse(_NOT_FOUND, status_code=404)
        call = Call(request.url.path, {})
        try:
            self._check(request.headers.get("access_token", ""), request.headers.get("appsecret_proof", ""))
            call = await _read(request)
            answer = {"data": self._api.call(request.method, call), "error": 0, "message": "Success"}
        except OaError as error:
            answer = error.to_json()
        self._asked.append(Asked(call.path, str(call.user or ""), int(answer["error"])))
        return JSONResponse(answer, headers=self._api.rate.headers())

    def _check(self, token: str, proof: str) -> None:
        self.grants.check(token)
        wanted = hmac.new(ACCOUNT.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if self._needs_proof and proof != wanted:
            raise OaError(-242)

    async def uploaded(self, request: Request) -> Response:
        """A picture, for the page."""
        upload = self._api.uploads.get(request.path_params["id"])
        return Response(upload.data, media_type="image/png") if upload else Response(status_code=404)

    # ---- the control ----

    def refuse(self, said: Json) -> None:
        """Asks for a refusal; without a code, all of them end."""
        if not said:
            self._api.refusals.clear()
            return
        self._api.refusals.append(Refusal(**said))

    def rate(self, said: Json) -> None:
        self._api.rate = Rate(self.clock, int(said["limit"]))

    def tokens(self, said: Json) -> Json:
        """A new pair, as the console's explorer hands one out."""
        return asdict(self.grants.give())

    def revoke(self, said: Json) -> None:
        self.grants.revoke()

    def proof(self, said: Json) -> None:
        self._needs_proof = bool(said["needed"])

    def move_clock(self, said: Json) -> None:
        self.clock.move(float(said["seconds"]))

    def post_events(self, said: Json) -> Json:
        """``held``, ``copies``, ``backwards``, ``number``, ``retries``, ``signature``: those named are set."""
        if said.get("signature", "good") not in SIGNATURES:
            raise ValueError(f"signature is one of {', '.join(SIGNATURES)}")
        for name, value in said.items():
            setattr(self.events.knobs, name, value)
        self.events.send_all()
        return asdict(self.events.knobs)

    def event(self, said: Json) -> None:
        """Any event at all, as it stands."""
        sender = said.get("sender")
        self.events.add(said, str(sender.get("id", "")) if isinstance(sender, dict) else "")

    async def save_webhook(self, request: Request) -> Response:
        return JSONResponse({"result": await self.events.save(str((await request.json())["url"]))})

    async def press_test(self, request: Request) -> Response:
        return JSONResponse({"result": await self.events.test()})

    async def calls(self, request: Request) -> Response:
        return JSONResponse([asdict(each) for each in self._asked])

    async def tries(self, request: Request) -> Response:
        return JSONResponse([asdict(each) for each in self.events.tries])

    async def settle(self, request: Request) -> Response:
        quiet = await settled(self.events.quiet, float(request.query_params.get("seconds", 10)))
        return JSONResponse({"result": quiet, "disabled": self.events.disabled})

    def routes(self) -> list[Route]:
        people = self._people
        acts = {
            "trouble": self.troubles.ask,
            "refuse": self.refuse,
            "rate": self.rate,
            "tokens": self.tokens,
            "revoke": self.revoke,
            "proof": self.proof,
            "clock": self.move_clock,
            "events": self.post_events,
            "event": self.event,
            "follow": lambda said: people.follow(str(said["user"]), follows=bool(said["follows"])),
            "click_chat": lambda said: people.click_chat(str(said["user"])),
            "visit": lambda said: people.visit(str(said["user"]), str(said["conversation"])),
            "withdraw": lambda said: people.withdraw(str(said["user"])),
            "react": lambda said: people.react(str(said["user"]), str(said["bubble"])),
            "see": lambda said: people.see(str(said["user"])),
            "lapse": lambda said: people.lapse(str(said["user"]), float(said["seconds"])),
            "agent": lambda said: people.agent_writes(str(said["user"]), str(said["text"])),
        }
        return [
            *page_routes(people, platform="zalo-oa", bot=ACCOUNT.name),
            *(Route(f"/_control/{name}", control(act), methods=["POST"]) for name, act in acts.items()),
            Route("/_control/webhook", self.save_webhook, methods=["POST"]),
            Route("/_control/test", self.press_test, methods=["POST"]),
            Route("/_control/calls", self.calls),
            Route("/_control/tries", self.tries),
            Route("/_control/settled", self.settle),
            Route("/_page/upload/{id}", self.uploaded),
            Route("/v4/oa/permission", self.permission),
            Route("/v4/oa/permission/allow", self.allow),
            Route("/v4/oa/access_token", self.token, methods=["POST"]),
            Route("/{path:path}", self.call, methods=["GET", "POST"]),
        ]


def build_app(stand_in: StandIn) -> Starlette:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await stand_in.events.close()

    return Starlette(
        routes=stand_in.routes(),
        lifespan=lifespan,
        middleware=[Middleware(Troubled, troubles=stand_in.troubles)],
    )


@contextlib.contextmanager
def zalo_oa_served(*, clock: MovableClock | None = None, pace: float = 0.0001, rate: int = 0) -> Iterator[str]:
    """An account of its own until the block ends; its address. Without limits and in a hurry unless asked otherwise."""
    with served(build_app(StandIn(clock=clock or MovableClock(), pace=pace, rate=rate))) as address:
        yield address


async def _read(request: Request) -> Call:
    path = request.url.path
    if request.method == "GET":
        return Call(path, _object(request.query_params.get("data", "{}")))
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        async with request.form() as form:
            file = form.get("file")
            return Call(path, {}, await file.read() if isinstance(file, UploadFile) else b"")
    return Call(path, _object((await request.body()).decode(errors="replace")))


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise OaError(-201, "body is not JSON")
    return found
