"""The page of a stand-in: a chat as a person sees it on the platform, where one can type and tap.

A stand-in hands in a ``Room``; its page and its control then look the same as those of the others.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

_FOLDER = Path(__file__).parent / "page"

Platform = Literal["telegram", "zalo-oa", "zalo-bot"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can write to the bot."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Key:
    """A button as shown. ``data`` is what a tap sends; ``busy``: tapped, and the bot has not answered the tap."""

    label: str
    data: str
    busy: bool = False


@dataclass(frozen=True, slots=True)
class Bubble:
    """One message as a person sees it. ``picture`` is the address of a picture, ``media`` names what else was sent."""

    id: str
    mine: bool
    text: str = ""
    picture: str = ""
    media: str = ""
    keys: tuple[tuple[Key, ...], ...] = ()
    at: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True)
class ChatView:
    """A chat as it stands: its bubbles, oldest first. ``toast`` is a word that fades, as after a tap."""

    bubbles: tuple[Bubble, ...] = ()
    typing: bool = False
    blocked: bool = False
    toast: str = ""


class CannotDoError(Exception):
    """What the person wanted to do is not possible there; the message says why."""


class Room(Protocol):
    """What a stand-in lets people do. Each method raises ``CannotDoError`` where a person could not do that."""

    def people(self) -> list[Person]: ...
    def arrive(self, name: str) -> Person:
        """Somebody new, who has not written yet."""

    def look(self, user: str) -> ChatView: ...
    def write(self, user: str, text: str) -> str:
        """The id of the message written."""

    def tap(self, user: str, bubble: str, data: str) -> None: ...
    def send(self, user: str, media: str, caption: str) -> str:
        """Voice, photo, video, document, contact, location or sticker; the id of the message."""

    def edit(self, user: str, bubble: str, text: str) -> None: ...
    def block(self, user: str, blocked: bool) -> None: ...


def page_routes(room: Room, *, platform: Platform, bot: str) -> list[Route]:
    """The page at ``/`` and what its script, or a test, can do below ``/_control``."""
    html = (_FOLDER / "chat.html").read_text(encoding="utf-8").replace("{{platform}}", platform).replace("{{bot}}", bot)

    async def page(request: Request) -> Response:
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    async def file(request: Request) -> Response:
        return FileResponse(_FOLDER / f"chat.{request.path_params['kind']}", headers={"Cache-Control": "no-store"})

    async def people(request: Request) -> Response:
        if request.method == "POST":
            return JSONResponse(asdict(room.arrive(str((await request.json()).get("name", "")))))
        return JSONResponse([asdict(person) for person in room.people()])

    async def look(request: Request) -> Response:
        return JSONResponse(asdict(room.look(request.query_params["user"])))

    def write(said: dict[str, Any]) -> str:
        return room.write(str(said["user"]), str(said["text"]))

    def tap(said: dict[str, Any]) -> None:
        room.tap(str(said["user"]), str(said["bubble"]), str(said["data"]))

    def send(said: dict[str, Any]) -> str:
        return room.send(str(said["user"]), str(said["media"]), str(said.get("caption", "")))

    def edit(said: dict[str, Any]) -> None:
        room.edit(str(said["user"]), str(said["bubble"]), str(said["text"]))

    def block(said: dict[str, Any]) -> None:
        room.block(str(said["user"]), bool(said["blocked"]))

    acts = {"write": write, "tap": tap, "send": send, "edit": edit, "block": block}
    return [
        Route("/", page),
        Route("/_page/chat.{kind:str}", file),
        Route("/_control/people", _kindly(people), methods=["GET", "POST"]),
        Route("/_control/chat", _kindly(look)),
        *(Route(f"/_control/{name}", control(act), methods=["POST"]) for name, act in acts.items()),
    ]


def control(act: Callable[[dict[str, Any]], object]) -> Callable[[Request], Awaitable[Response]]:
    """An act of the control: a JSON object in, ``{"result": …}`` out, 400 with the reason where it cannot be done."""

    async def answer(request: Request) -> Response:
        return JSONResponse({"result": act(await request.json())})

    return _kindly(answer)


def _kindly(answer: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def guarded(request: Request) -> Response:
        try:
            return await answer(request)
        except CannotDoError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        except (KeyError, ValueError, TypeError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, status_code=400)

    return guarded
