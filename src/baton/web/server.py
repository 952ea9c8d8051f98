"""Server: uvicorn, made so that it stops at once although event streams are open."""

import asyncio
import socket

import uvicorn

from baton.web.app import App, asgi


class Server(uvicorn.Server):
    """Serves an `App` over HTTP/1.1. `await serve()` returns after SIGTERM, SIGINT, or `should_exit`."""

    def __init__(self, app: App, host: str, port: int) -> None:
        super().__init__(
            uvicorn.Config(
                asgi(app), host=host, port=port, log_level="warning", access_log=False, http="httptools", lifespan="on",
                server_header=False, timeout_graceful_shutdown=5, proxy_headers=True,
            )
        )  # fmt: skip
        self._app = app
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so by `up`."""
        await super().startup(sockets)
        self.up.set()

    @property
    def address(self) -> str:
        """Where it serves, once `started`: for port 0 the one it was given."""
        host, port = self.servers[0].sockets[0].getsockname()[:2]
        return f"http://{host}:{port}"

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the event streams, then what uvicorn does."""
        self._app.stop()
        await super().shutdown(sockets)
