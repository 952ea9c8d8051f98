"""Serving: the product in one process, a web process, a worker, and Halcyon Air."""

import asyncio
from collections.abc import Awaitable, Callable
from socket import socket

import uvicorn

from baton.assembly.parts import Parts, assemble, running
from baton.capabilities.agents.answers.suggest import suggestions
from baton.settings import Settings
from baton.web.app import App, asgi

Say = Callable[[str], None]
Ready = Callable[[asyncio.TaskGroup], Awaitable[None]]


class _Server(uvicorn.Server):
    """Uvicorn that says when the first page can be had."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        self.up.set()


async def listening(parts: Parts, app: App, ready: Ready) -> None:
    """Serve until told to stop; `ready` is awaited once the first page can be had."""
    config = uvicorn.Config(
        asgi(app), host=parts.settings.host, port=parts.settings.port, log_level="warning", access_log=False,
        http="httptools", timeout_graceful_shutdown=2, lifespan="on",
    )  # fmt: skip
    server = _Server(config)
    async with running(parts), asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve())
        await server.up.wait()
        if server.started:
            await ready(group)
        await serving


def serve(settings: Settings, say: Say) -> None:
    """The product in one process, until it is stopped."""

    async def main() -> None:
        parts = await assemble(settings)
        app = App(parts.committer, settings, wake=parts.wake)
        app.suggest = suggestions
        await listening(parts, app, announce)

    async def announce(_: asyncio.TaskGroup) -> None:
        say(f"ready http://{settings.host}:{settings.port}")

    asyncio.run(main())


async def work_lanes(settings: Settings, say: Say) -> None:
    """Work lanes until stopped."""
    async with running(await assemble(settings)):
        say(f"ready lanes {settings.lanes}")
        await asyncio.Event().wait()
