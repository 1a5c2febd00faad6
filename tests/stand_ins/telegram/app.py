"""The Telegram stand-in as an application: the Bot API, the page, and the control that only tests and the page use.

Below ``/_control``, besides what every stand-in has: ``trouble`` (the network), ``refuse`` (an answer of the API),
``limits``, ``updates`` (hold, copies, backwards), ``files`` (forget, refuse_downloads), ``taps`` (expire),
``forge`` (a tap no button has), ``reset``, ``calls`` (what the bot asked for), ``settled`` (waits until every update
was taken).
"""

import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.stand_ins.chat_page import control, page_routes
from tests.stand_ins.serving import Troubled, Troubles, served, settled
from tests.stand_ins.telegram.errors import ApiError, BadRequest, Json
from tests.stand_ins.telegram.files import RECORDED, Files
from tests.stand_ins.telegram.limits import Limits
from tests.stand_ins.telegram.methods import Api, Request
from tests.stand_ins.telegram.people import People
from tests.stand_ins.telegram.updates import Updates

# shaped like a real one, of no value
TOKEN = "7000000001:AAHstandInTokenForTrialsOfNoValue00"  # noqa: S105

BOT: Json = {
    "id": 7_000_000_001,
    "is_bot": True,
    "first_name": "Gõ Cửa",
    "username": "go_cua_bot",
    "can_join_groups": False,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}

# bytes of a request; the real one takes 50 MB
_BODY = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Call:
    """A method the bot called, to which chat, and the code it was answered with."""

    method: str
    chat_id: str
    code: int


@dataclass(slots=True)
class Refusal:
    """An answer that is given instead of doing what was asked: ``times`` times, or always where it is 0."""

    code: int
    description: str
    parameters: dict[str, int] = field(default_factory=dict)
    method: str = ""
    times: int = 1


class StandIn:
    """One bot, its people, and what is to go wrong."""

    def __init__(self, *, token: str, clock: Callable[[], float], factor: float, pace: float) -> None:
        self.token = token
        self.troubles = Troubles()
        self.calls: list[Call] = []
        self._refusals: list[Refusal] = []
        self._factor = factor
        self._limits = Limits(time.monotonic, factor)
        self._files = Files()
        self._updates = Updates(clock, self._answered_by_webhook, pace=pace)
        self._people = People(BOT, self._updates, clock)
        self._api = Api(BOT, self._updates, self._people, self._files, self._limits)

    # ---- the Bot API ----

    async def bot_api(self, request: HttpRequest) -> Response:
        """``/bot<token>/<method>`` by GET or POST; parameters in the address, a form, its parts, or JSON."""
        try:
            if request.path_params["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            result, told = await self._call(request.path_params["method"], await _read(request))
        except ApiError as error:
            return JSONResponse(error.to_json(), status_code=error.code, headers=_retry_after(error))
        return JSONResponse({"ok": True, "result": result, **({"description": told} if told else {})})

    async def download(self, request: HttpRequest) -> Response:
        try:
            if request.path_params["token"] != self.token:
                raise ApiError(401, "Unauthorized")
            return Response(self._files.find(request.path_params["id"]).data, media_type="image/jpeg")
        except ApiError as error:
            return JSONResponse(error.to_json(), status_code=error.code)

    async def recording(self, request: HttpRequest) -> Response:
        if request.path_params["token"] != self.token:
            return Response(status_code=401)
        return Response(RECORDED, media_type="audio/ogg")

    async def _call(self, method: str, request: Request) -> tuple[Any, str]:
        code = 200
        try:
            self._refuse(method)
            return await self._api.call(method, request)
        except ApiError as error:
            code = error.code
            raise
        finally:
            self.calls.append(Call(method, request.text("chat_id"), code))

    async def _answered_by_webhook(self, said: Json) -> None:
        method = str(said.pop("method"))
        if method.lower().startswith(("get", "setwebhook", "deletewebhook")):
            return
        with contextlib.suppress(ApiError):
            await self._call(method, Request(said))

    def _refuse(self, method: str) -> None:
        refusal = next((each for each in self._refusals if each.method.lower() in ("", method.lower())), None)
        if refusal is None:
            return
        if refusal.times == 1:
            self._refusals.remove(refusal)
        elif refusal.times:
            refusal.times -= 1
        raise ApiError(refusal.code, refusal.description, **refusal.parameters)

    # ---- the control ----

    def refuse(self, said: Json) -> None:
        """Asks for a refusal; without a code, all of them end."""
        if not said:
            self._refusals.clear()
            return
        self._refusals.append(Refusal(**said))

    def limits(self, said: Json) -> None:
        self._limits.set(float(said["factor"]), burst=float(said.get("burst", 5)))

    def updates(self, said: Json) -> None:
        """``held``, ``copies``, ``backwards``, ``pace``: those named are set; then what may go goes."""
        for name in ("held", "copies", "backwards", "pace"):
            if name in said:
                setattr(self._updates, name, said[name])
        self._updates.send_all()

    def files(self, said: Json) -> None:
        self._files.refuse_downloads = bool(said.get("refuse_downloads", False))
        if said.get("forget"):
            self._files.forget_all()

    def reset(self, said: Json) -> None:
        """Nothing goes wrong any more, no webhook, nothing waits; people and their chats stay."""
        self.troubles.waiting.clear()
        self._refusals.clear()
        self._limits.set(self._factor)
        self._files.refuse_downloads = False
        self._updates.reset()

    def forge(self, said: Json) -> None:
        self._people.forge(str(said["user"]), str(said["bubble"]), str(said["data"]))

    def expire_taps(self, said: Json) -> None:
        self._people.expire_taps()

    async def all_calls(self, request: HttpRequest) -> Response:
        return JSONResponse([asdict(call) for call in self.calls])

    async def commands(self, request: HttpRequest) -> Response:
        """What each language's list of commands says."""
        listed = {
            language: {each["command"]: each["description"] for each in commands}
            for language, commands in self._api.commands.items()
        }
        return JSONResponse(listed)

    async def settle(self, request: HttpRequest) -> Response:
        quiet = await settled(self._updates.quiet, float(request.query_params.get("seconds", 10)))
        return JSONResponse({"result": quiet})

    async def photo(self, request: HttpRequest) -> Response:
        try:
            return Response(self._files.find(request.path_params["id"]).data, media_type="image/png")
        except ApiError:
            return Response(status_code=404)

    def routes(self) -> list[Route]:
        acts = {
            "trouble": self.troubles.ask, "refuse": self.refuse, "limits": self.limits, "updates": self.updates,
            "files": self.files, "forge": self.forge, "taps": self.expire_taps, "reset": self.reset,
        }  # fmt: skip
        return [
            *page_routes(self._people, platform="telegram", bot=BOT["first_name"]),
            *(Route(f"/_control/{name}", control(act), methods=["POST"]) for name, act in acts.items()),
            Route("/_control/calls", self.all_calls),
            Route("/_control/commands", self.commands),
            Route("/_control/settled", self.settle),
            Route("/_page/photo/{id}", self.photo),
            Route("/file/bot{token}/photos/{id}", self.download),
            Route("/file/bot{token}/voice/file_7.oga", self.recording),
            Route("/bot{token}/{method}", self.bot_api, methods=["GET", "POST"]),
        ]

    async def close(self) -> None:
        await self._updates.close()


def build_app(
    *, token: str = TOKEN, clock: Callable[[], float] = time.time, factor: float = 1.0, pace: float = 1.0
) -> Starlette:
    """The stand-in. ``clock`` tells Unix time, ``factor`` scales its limits (0: none), ``pace`` its pauses."""
    stand_in = StandIn(token=token, clock=clock, factor=factor, pace=pace)

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        yield
        await stand_in.close()

    return Starlette(
        routes=stand_in.routes(),
        lifespan=lifespan,
        middleware=[Middleware(Troubled, troubles=stand_in.troubles)],
        exception_handlers={404: _not_found},
    )


@contextlib.contextmanager
def telegram_served(
    *, clock: Callable[[], float] = time.time, factor: float = 0.0, pace: float = 0.01
) -> Iterator[str]:
    """A Telegram of its own until the block ends; its address. Without limits and in a hurry unless asked otherwise."""
    with served(build_app(clock=clock, factor=factor, pace=pace)) as address:
        yield address


async def _read(request: HttpRequest) -> Request:
    parameters: dict[str, Any] = dict(request.query_params)
    if int(request.headers.get("content-length", "0")) > _BODY:
        raise ApiError(413, "Request Entity Too Large")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return Request({**parameters, **await _json(request)})
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return Request(parameters)
    files: dict[str, bytes] = {}
    async with request.form() as form:
        for name, value in form.items():
            if isinstance(value, UploadFile):
                files[name] = await value.read()
            else:
                parameters[name] = value
    return Request(parameters, files)


async def _json(request: HttpRequest) -> Json:
    try:
        body = await request.json()
    except ValueError:
        raise BadRequest("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise BadRequest("can't parse request: JSON object expected")
    return body


def _retry_after(error: ApiError) -> dict[str, str]:
    return {"Retry-After": str(error.parameters["retry_after"])} if "retry_after" in error.parameters else {}


async def _not_found(request: HttpRequest, error: Exception) -> Response:
    return JSONResponse(ApiError(404, "Not Found").to_json(), status_code=404)
