"""Serves an application with uvicorn: one line that tells the address, quiet otherwise, quick to stop."""

import contextlib
import errno
import socket
import sys
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from bot.settings import SettingsError

# seconds that a request still running may take once Ctrl+C was pressed
_PATIENCE = 5

# seconds an idle connection stays open: longer than a proxy or a phone uses one again, so that no post meets its end
_KEPT = 75


_WHY = {
    errno.EADDRINUSE: "đã có chương trình khác dùng. Tắt chương trình đó, hoặc đặt GOCUA_PORT là số khác.",
    errno.EACCES: "không được phép dùng. Đặt GOCUA_PORT là số từ 1024 trở lên.",
    errno.EADDRNOTAVAIL: "không phải địa chỉ của máy này. Sửa lại GOCUA_HOST.",
}


class CannotListenError(SettingsError):
    """The address to listen on cannot be had; the message says why and what an operator can do."""


class Server(uvicorn.Server):
    """Tells when it is ready, and ends open streams as soon as it is to stop."""

    def __init__(self, app: FastAPI, ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                server_header=False,
                # nothing here depends on who a proxy says the client is
                proxy_headers=False,
                ws="none",
                lifespan="on",
                timeout_graceful_shutdown=_PATIENCE,
                timeout_keep_alive=_KEPT,
            )
        )
        self._bells = app.state.bells
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._bells.close()
        await super().shutdown(sockets)


def run(app: FastAPI, *, host: str, port: int) -> None:
    """Serves until Ctrl+C or SIGTERM. Raises ``CannotListenError``."""
    with contextlib.closing(listen(host, port)) as listening, contextlib.suppress(KeyboardInterrupt):
        address = _address(host, listening.getsockname()[1])
        Server(app, lambda: _tell(f"Gõ Cửa đang chạy: {address} (Ctrl+C để dừng)")).run([listening])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one. Raises ``CannotListenError``."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        # only of a socket that is TCP by name does asyncio know to answer without waiting (40 ms) for more to send
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(128)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        why = _WHY.get(error.errno or 0, f"không mở được ({error.strerror}).")
        raise CannotListenError(f"địa chỉ {_address(host, port)} {why}") from error
    return listening


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _tell(line: str) -> None:
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.flush()
