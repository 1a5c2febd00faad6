"""A Rasa server for tests: real HTTP on this machine, and every way in which such a server goes wrong."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from bot.nlu.model import Ranked
from bot.nlu.rasa_names import to_rasa


def in_rasas_form(text: str, ranking: list[Ranked]) -> dict[str, Any]:
    """What ``/model/parse`` answers for a ranking."""
    named = [{"name": to_rasa(each.intent), "confidence": each.confidence} for each in ranking]
    best = named[0] if named else {"name": None, "confidence": 0.0}
    return {"text": text, "intent": best, "entities": [], "intent_ranking": named}


class RasaStandIn:
    """Serves ``/model/parse`` with what ``answer`` does; ``asked`` holds the texts, ``headers`` the last request's."""

    def __init__(self, answer: "Callable[[Question], None]") -> None:
        self.answer = answer
        self.asked: list[str] = []
        self.headers: dict[str, str] = {}
        self.paths: list[str] = []
        self.over = Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(stand_in) -> type[BaseHTTPRequestHandler]:  # noqa: N805 - the handler below has a self of its own
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                stand_in.paths.append(self.path)
                stand_in.headers = dict(self.headers)
                stand_in.asked.append(body["text"])
                stand_in.answer(Question(self, body["text"], stand_in.over))

            def log_message(self, format: str, *args: object) -> None:
                pass

        return Handler


class Question:
    """One request under way, and the good and bad ways to answer it."""

    def __init__(self, handler: BaseHTTPRequestHandler, text: str, over: Event) -> None:
        self._handler = handler
        self.text = text
        self._over = over

    def answers(self, ranking: list[Ranked]) -> None:
        self.says(json.dumps(in_rasas_form(self.text, ranking)).encode())

    def says(self, body: bytes, *, status: int = 200, promised: int = 0, **headers: str) -> None:
        """``promised``: a length that was announced and is not kept."""
        self._handler.send_response(status)
        for name, value in headers.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.send_header("Content-Length", str(promised or len(body)))
        self._handler.end_headers()
        try:
            self._handler.wfile.write(body)
        except OSError:
            self._handler.close_connection = True  # who asked has heard enough
        if promised:
            self._handler.close_connection = True

    def hangs(self) -> None:
        self._over.wait()
        self._handler.close_connection = True

    def hangs_up(self) -> None:
        self._handler.close_connection = True

    def drips(self) -> None:
        """A header that never ends, byte by byte: no single read takes long."""
        self._handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
        self._handler.close_connection = True
        while not self._over.wait(0.01):
            try:
                self._handler.wfile.write(b"x")
            except OSError:
                return
