"""The web chat as an application. Nothing is built at import."""

import asyncio
import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from typing import Protocol

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.exceptions import HTTPException

from bot.assistant import Assistant
from bot.content.library import Library
from bot.core.address import forms
from bot.retention import sweep
from bot.settings import Settings
from bot.store.chats import Chats
from bot.turn_queue import TurnQueue
from bot.web.chat import FAILED, NOT_FOUND, Chat, Files
from bot.web.gallery import Gallery
from bot.web.guard import Guard
from bot.web.live import Bells
from bot.web.pages import Notice, Pages
from bot.web.server import run
from bot.web.session import Cookie
from bot.web.static_files import load_assets

# seconds between two looks at what is past its time
_SWEEP_EVERY = 3_600

# every visit of a robot would open a chat
_ROBOTS = "User-agent: *\nDisallow: /\n"

_WRONG_WAY = Notice("Trang này không mở kiểu đó", "Mời quay về trang trò chuyện, chỗ đang làm vẫn còn.")


class Bot(Protocol):
    """What the web chat needs of a running bot."""

    @property
    def settings(self) -> Settings: ...
    @property
    def library(self) -> Library: ...
    @property
    def chats(self) -> Chats: ...
    @property
    def assistant(self) -> Assistant: ...


def serve(bot: Bot) -> None:
    """Serves the web chat until Ctrl+C. Raises ``CannotListenError``, whose message is for the operator."""
    run(build_app(bot), host=bot.settings.host, port=bot.settings.port)


def build_app(bot: Bot) -> FastAPI:
    """The web chat; its turn queue starts and stops with it. ``app.state.bells`` ends its streams."""
    gallery, assets, bells = Gallery(bot.library.pictures), load_assets(), Bells()
    pages = Pages(gallery, assets, bot.library.lists.numbers)
    public_url = bot.settings.public_url
    chat = Chat(
        chats=bot.chats,
        pages=pages,
        bells=bells,
        cookie=Cookie(https=bool(public_url)),
        public_url=public_url,
        too_long=_plain(bot.library.book.phrases["too_long"]),
    )

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        bells.open()
        chat.queue = TurnQueue(bot.assistant, bells.heard)
        chat.queue.start()
        sweeping = asyncio.create_task(_sweep_now_and_then(bot.chats))
        yield
        sweeping.cancel()
        bells.close()
        chat.queue.stop()

    app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.bells = bells
    _add_routes(app, chat, Files(gallery, assets))
    app.add_middleware(
        Guard, https=bool(public_url), failed=lambda: HTMLResponse(pages.notice(FAILED), status_code=500)
    )
    return app


def _add_routes(app: FastAPI, chat: Chat, files: Files) -> None:
    async def picture(request: Request, name: str) -> Response:
        return await files.picture(request, name) or chat.refusal(request, 404, NOT_FOUND)

    async def static(request: Request) -> Response:
        return files.static(request) or chat.refusal(request, 404, NOT_FOUND)

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
    app.add_api_route("/robots.txt", robots, methods=["GET"], response_model=None)
    app.add_exception_handler(HTTPException, refuse)


async def _sweep_now_and_then(chats: Chats) -> None:
    while True:
        await asyncio.to_thread(sweep, chats, now=dt.datetime.now(dt.UTC))
        await asyncio.sleep(_SWEEP_EVERY)


def _plain(phrase: str) -> str:
    """A phrase for somebody whose form of address is not known here."""
    return phrase.format_map(forms())
