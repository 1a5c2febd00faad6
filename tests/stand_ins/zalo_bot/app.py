"""The Zalo Bot stand-in as an application: its methods, the page, and the control that tests and the page use.

Below ``/_control``, besides what every stand-in has: ``trouble`` (the network), ``refuse`` (an answer of the API),
``quota``, ``updates`` (how they are told), ``protect``, ``group`` (a mention), ``unknown`` (an event without message),
``calls``, ``statuses`` (of the posts) and ``settled`` (every update was taken).
"""

import contextlib
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from tests.stand_ins.chat_page import control, page_routes
from tests.stand_ins.serving import Troubled, Troubles, served, settled
from tests.stand_ins.zalo_bot.errors import BotError, Json
from tests.stand_ins.zalo_bot.methods import Api, Refusal
from tests.stand_ins.zalo_bot.people import People
from tests.stand_ins.zalo_bot.updates import SHAPES, Updates

# shaped like a real one, of no value
TOKEN = "1459232241454765289:HstandInTokenForTrialsOfNoValue"  # noqa: S105

BOT: Json = {
    "id": "1459232241454765289",
    "account_name": "bot.go_cua",
    "account_type": "BASIC",
    "can_join_groups": False,
}

_HTML = "<html><head><title>{code}</title></head><body><center><h1>{code}</h1></center></body></html>"


@dataclass(frozen=True, slots=True)
class Call:
    """A method the bot called, to which chat, and the code it was answered with."""

    method: str
    chat_id: str
    code: int


class StandIn:
    """One bot, its people, and what is to go wrong."""

    def __init__(self, *, clock: Callable[[], float], pace: float, loopback: bool) -> None:
        self.updates = Updates(clock, pace=pace, loopback=loopback)
        self.troubles = Troubles()
        self._people = People(self.updates, clock)
        self._api = Api(BOT, self.updates, self._people)
        self._calls: list[Call] = []

    # ---- the platform ----

    async def bot_api(self, request: Request) -> Response:
        """``/bot<token>/<method>`` by GET or POST; parameters in the address, a form, its parts, or JSON."""
        method = str(request.path_params["method"])
        given: dict[str, Any] = {}
        code = 200
        try:
            if request.path_params["token"] != TOKEN:
                raise BotError(401, "Unauthorized")
            given = await _read(request)
            result = await self._api.call(method, given)
        except BotError as error:
            code = error.code
            if error.html:
                return HTMLResponse(_HTML.format(code=code), status_code=code)
            return JSONResponse(error.to_json(), status_code=200 if error.quiet else code)
        finally:
            self._calls.append(Call(method, str(given.get("chat_id", "")), code))
        return JSONResponse({"ok": True} if result is None else {"ok": True, "result": result})

    # ---- the control ----

    def refuse(self, said: Json) -> None:
        """Asks for a refusal; without a code, all of them end."""
        if not said:
            self._api.refusals.clear()
            return
        self._api.refusals.append(Refusal(**said))

    def quota(self, said: Json) -> None:
        self._api.left = int(said["left"])

    def tell_updates(self, said: Json) -> Json:
        """``idle``, ``shape``, ``photo``, ``copies``, ``held``, ``secret``: those named are set."""
        for name, value in said.items():
            if name in SHAPES and value not in SHAPES[name]:
                raise ValueError(f"{name} is one of {', '.join(SHAPES[name])}")
            setattr(self.updates.knobs, name, value)
        self.updates.send_all()
        return asdict(self.updates.knobs)

    async def calls(self, request: Request) -> Response:
        return JSONResponse([asdict(call) for call in self._calls])

    async def statuses(self, request: Request) -> Response:
        return JSONResponse(self.updates.statuses)

    async def settle(self, request: Request) -> Response:
        quiet = await settled(self.updates.quiet, float(request.query_params.get("seconds", 10)))
        return JSONResponse({"result": quiet})

    def routes(self) -> list[Route]:
        people = self._people
        acts: dict[str, Callable[[Json], object]] = {
            "trouble": self.troubles.ask,
            "refuse": self.refuse,
            "quota": self.quota,
            "updates": self.tell_updates,
            "protect": lambda said: people.protect(str(said["user"]), bool(said["protected"])),
            "group": lambda said: people.write_in_group(str(said["user"]), str(said["text"])),
            "unknown": lambda said: people.send_unknown(),
            "webhook_info": lambda said: setattr(self._api, "forgetful", bool(said["forgetful"])),
        }
        return [
            *page_routes(people, platform="zalo-bot", bot="Bot Gõ Cửa"),
            *(Route(f"/_control/{name}", control(act), methods=["POST"]) for name, act in acts.items()),
            Route("/_control/calls", self.calls),
            Route("/_control/statuses", self.statuses),
            Route("/_control/settled", self.settle),
            Route("/bot{token}/{method}", self.bot_api, methods=["GET", "POST"]),
        ]


def build_app(stand_in: StandIn) -> Starlette:
    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await stand_in.updates.close()

    return Starlette(
        routes=stand_in.routes(),
        lifespan=lifespan,
        middleware=[Middleware(Troubled, troubles=stand_in.troubles)],
        exception_handlers={404: _not_found},
    )


@contextlib.contextmanager
def zalo_bot_served(
    *, clock: Callable[[], float] = time.time, pace: float = 0.01, loopback: bool = True
) -> Iterator[str]:
    """A bot of its own until the block ends; its address. In a hurry unless asked otherwise."""
    with served(build_app(StandIn(clock=clock, pace=pace, loopback=loopback))) as address:
        yield address


async def _read(request: Request) -> dict[str, Any]:
    parameters: dict[str, Any] = dict(request.query_params)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        async with request.form() as form:
            return {**parameters, **form}
    try:
        body = json.loads(await request.body() or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise BotError(400, "Bad Request: body is not a JSON object")
    return {**parameters, **body}


async def _not_found(request: Request, error: Exception) -> Response:
    return JSONResponse(BotError(404, "Not Found").to_json(), status_code=404)
