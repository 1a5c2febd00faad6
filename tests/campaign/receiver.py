"""A server of the city's that takes what the webhook posts, as deploy/api.md tells its programmers to."""

import contextlib
import re
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.settings import PROJECT
from tests.stand_ins.serving import Trouble, Troubled, Troubles, served

SECRET = "Kx81-vZq0-77Lm-ppRw-Ab12-Cd34-Ef56"  # noqa: S105

_PAGE = (PROJECT / "deploy" / "api.md").read_text("utf-8")


def checks_of_the_page() -> Callable[[str, str, str, bytes], bool]:
    """The function the page gives to programmers."""
    [code] = re.findall(r"```python\n(.*?)```", _PAGE, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own page
    check: Callable[[str, str, str, bytes], bool] = names["is_from_gocua"]
    return check


@dataclass(slots=True)
class Receiver:
    """What was posted to it; it answers with the ``answers`` it was given, then with 204.

    ``meanwhile`` is done while a post waits for its answer.
    """

    address: str = ""
    posts: list[dict[str, Any]] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    forged: int = 0
    strayed: int = 0
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    meanwhile: Callable[[], None] | None = None
    troubles: Troubles = field(default_factory=Troubles)
    arrived: threading.Event = field(default_factory=threading.Event)

    def forget(self) -> None:
        self.posts.clear()
        self.bodies.clear()
        self.answers.clear()
        self.troubles.ask({})
        self.arrived.clear()
        self.meanwhile, self.forged, self.strayed = None, 0, 0

    def fails(self, kind: str, times: int = 1) -> None:
        self.troubles.waiting.append(Trouble(kind, times=times))  # type: ignore[arg-type]

    @property
    def people(self) -> list[str]:
        """Whom it was told of, each id once."""
        return [post["person"] for post in {post["event_id"]: post for post in self.posts}.values()]

    async def take(self, request: Request) -> Response:
        body = await request.body()
        told = request.headers
        if not self._check(SECRET, told["gocua-timestamp"], told["gocua-signature"], body):
            self.forged += 1
            return Response(status_code=403)
        self.posts.append(await request.json())
        self.bodies.append(body)
        self.arrived.set()
        if self.meanwhile is not None:
            self.meanwhile()
        status, headers = self.answers.pop(0) if self.answers else (204, {})
        return Response(status_code=status, headers=headers)

    async def stray(self, request: Request) -> Response:
        self.strayed += 1
        return Response()

    def _check(self, *given: Any) -> bool:
        return checks_of_the_page()(*given)


@contextlib.contextmanager
def receiving() -> Iterator[Receiver]:
    """One on a free port of this machine, until the block ends."""
    receiver = Receiver()
    routes = [
        Route("/hook", receiver.take, methods=["POST"]),
        Route("/elsewhere", receiver.stray, methods=["GET", "POST"]),
    ]
    with served(Troubled(Starlette(routes=routes), receiver.troubles)) as address:  # type: ignore[arg-type]
        receiver.address = f"{address}/hook"
        yield receiver
