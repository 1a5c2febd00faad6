"""The web chat as an application. Nothing is built at import."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from bot.accounts.provider import Provider
from bot.accounts.signing_in import SigningIn
from bot.campaign.figures import Figures
from bot.channels.hook import Hook
from bot.classes.confirming import Confirming
from bot.classes.results import Results
from bot.classes.roll import Roll
from bot.classes.schedule import Schedule
from bot.content.check_phrase import check_phrase
from bot.content.library import Library
from bot.content.translation import translated_words
from bot.entrance import Entrance
from bot.metrics import Metrics, serving
from bot.running import Running
from bot.settings import Settings
from bot.store.store import Store
from bot.web.api.api import ROOT, build_api
from bot.web.api.callers import Doorkeeper
from bot.web.chat import FAILED, NOT_FOUND, Chat, Files
from bot.web.classroom import Classroom
from bot.web.desk.assembly import build_desk
from bot.web.gallery import Gallery
from bot.web.guard import Guard
from bot.web.live import Bells
from bot.web.pages import Notice, Pages
from bot.web.seats import Seats
from bot.web.server import run
from bot.web.session import Cookie
from bot.web.static_files import load_assets
from bot.web.webhooks import Webhooks
from bot.web.words import WORDS
from bot.worker import Worker

# every visit of a robot would open a chat
_ROBOTS = "User-agent: *\nDisallow: /\n"

_WRONG_WAY = Notice("wrong_way")


class Service(Protocol):
    """What the web face needs of a bot that serves."""

    @property
    def settings(self) -> Settings: ...
    @property
    def library(self) -> Library: ...
    @property
    def entrance(self) -> Entrance: ...
    @property
    def store(self) -> Store: ...
    @property
    def worker(self) -> Worker: ...
    @property
    def roll(self) -> Roll: ...
    @property
    def schedule(self) -> Schedule: ...
    @property
    def confirming(self) -> Confirming: ...
    @property
    def results(self) -> Results: ...
    @property
    def gallery(self) -> Gallery: ...
    @property
    def metrics(self) -> Metrics: ...
    @property
    def hooks(self) -> Sequence[Hook]: ...
    @property
    def running(self) -> Running: ...
    @property
    def signing_in(self) -> SigningIn: ...
    @property
    def provider(self) -> Provider | None: ...


def serve(service: Service) -> None:
    """Serves until Ctrl+C or SIGTERM. Raises ``SettingsError`` for a port that cannot be had."""
    settings = service.settings
    with serving(service.metrics, settings.metrics_port):
        run(build_app(service), host=settings.host, port=settings.port)


def build_app(service: Service) -> FastAPI:
    """The web face; what goes on by itself starts and stops with it. ``app.state.bells`` ends its streams."""
    assets, bells = load_assets(), Bells()
    words = service.library.locales.each(lambda translate: translated_words(WORDS, translate) if translate else WORDS)
    public_url = service.settings.public_url
    phrase = check_phrase(public_url) if public_url else ""
    pages = Pages(service.gallery, assets, service.library.lists.numbers, words, phrase=phrase)
    chat = Chat(
        chats=service.store.chats,
        worker=service.worker,
        entrance=service.entrance,
        pages=pages,
        bells=bells,
        cookie=Cookie(https=bool(public_url)),
        public_url=public_url,
    )

    classroom = Classroom(
        roll=service.roll,
        schedule=service.schedule,
        library=service.library,
        gallery=service.gallery,
        assets=assets,
        now=service.store.now,
        public_url=public_url,
        ended=lambda: bells.closed,
    )
    seats = Seats(
        schedule=service.schedule,
        confirming=service.confirming,
        library=service.library,
        assets=assets,
        public_url=public_url,
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        bells.open()
        async with service.running.at_work(bells.heard):
            watching = asyncio.ensure_future(bells.watch(service.store.chats.newest))
            yield
            watching.cancel()
            bells.close()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.bells = bells
    _add_routes(app, chat, Files(service.gallery, assets), service.running)
    build_desk(service, assets).add_to(app)
    app.mount(ROOT, _api(service))
    app.add_middleware(
        Guard, https=bool(public_url), failed=lambda: HTMLResponse(pages.notice(FAILED), status_code=500)
    )
    _add_classroom(app, classroom, seats)
    _webhooks(service).add_to(app)
    return app


def _api(service: Service) -> FastAPI:
    store = service.store
    doorkeeper = Doorkeeper(store.api_tokens, proxies=service.settings.proxies)
    return build_api(Figures(store.engine), store.confirmations, doorkeeper, now=store.now)


def _webhooks(service: Service) -> Webhooks:
    return Webhooks(
        service.hooks,
        hide=service.entrance.hide,
        accept=service.running.take,
        metrics=service.metrics,
        proxies=service.settings.proxies,
    )


def _add_classroom(app: FastAPI, classroom: Classroom, seats: Seats) -> None:
    app.add_api_route("/lop/{token}", classroom.board, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/lop/{token}", classroom.tap, methods=["POST"], response_model=None)
    app.add_api_route("/lop/chieu/{code}", classroom.projector, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/lop/chieu/{code}/song", classroom.projector_stream, methods=["GET"], response_model=None)
    app.add_api_route("/lop/{token}/ghe", seats.page, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/lop/{token}/ghe", seats.confirm, methods=["POST"], response_model=None)
    app.add_api_route("/lop/{token}/song", classroom.stream, methods=["GET"], response_model=None)


def _add_routes(app: FastAPI, chat: Chat, files: Files, running: Running) -> None:
    async def picture(request: Request, name: str) -> Response:
        return await files.picture(request, name) or chat.refusal(request, 404, NOT_FOUND)

    async def static(request: Request) -> Response:
        return files.static(request) or chat.refusal(request, 404, NOT_FOUND)

    async def ready() -> Response:
        """Whether work may be given: the database answers and every channel can be spoken to."""
        return await chat.health() if running.is_ready else PlainTextResponse("channels", status_code=503)

    async def robots() -> Response:
        return PlainTextResponse(_ROBOTS, headers={"Cache-Control": "public, max-age=86400"})

    async def refuse(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        return chat.refusal(request, status, NOT_FOUND if status == 404 else _WRONG_WAY)

    app.add_api_route("/", chat.page, methods=["GET", "HEAD"], response_model=None)
    app.add_api_route("/chat", chat.say, methods=["POST"], response_model=None)
    app.add_api_route("/chat/stream", chat.stream, methods=["GET"], response_model=None)
    app.add_api_route("/pictures/{name}.png", picture, methods=["GET"], response_model=None)
    app.add_api_route("/static/{file}", static, methods=["GET"], response_model=None)
    app.add_api_route("/healthz", chat.health, methods=["GET"], response_model=None)
    app.add_api_route("/readyz", ready, methods=["GET"], response_model=None)
    app.add_api_route("/robots.txt", robots, methods=["GET"], response_model=None)
    app.add_exception_handler(HTTPException, refuse)
