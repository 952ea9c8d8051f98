"""Serving: the product in one process, a web process, a worker, and Halcyon Air."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine

from baton.assembly.forgetting import newest_head, reasons
from baton.assembly.learning import choose_pool
from baton.assembly.parts import Parts, assemble, running
from baton.assembly.tools import connected_tools, risks_of
from baton.capabilities.agents.answers.suggest import suggestions
from baton.capabilities.governance.gate.tools import ToolGate
from baton.engines.personal import hide
from baton.kernel.errors import BatonError
from baton.settings import Settings
from baton.web.app import App
from baton.web.server import Server

Say = Callable[[str], None]
Beside = Coroutine[None, None, None]
Ready = Callable[[], Awaitable[list[Beside]]]


async def listening(parts: Parts, app: App, ready: Ready) -> None:
    """Serve until told to stop; what `ready` gives once the first page can be had runs beside, until then."""
    app.blobs, app.pool = parts.blobs, (pool := choose_pool(parts.settings))
    app.hiding.hide, parts.minds.tell = hide, app.hub.signal
    app.reason, app.sealed = reasons(app), lambda: newest_head(parts.store)
    told = "Texts the slow tier was asked about."
    app.metrics.counters["baton_slow_tier"] = (told, lambda: parts.looking.asked)
    server = Server(app, parts.settings.host, parts.settings.port)
    async with running(parts), asyncio.TaskGroup() as group:
        serving = group.create_task(server.serve())
        await server.up.wait()
        beside = [group.create_task(work) for work in (await ready() if server.started else ())]
        await serving
        for task in beside:
            task.cancel()
    await asyncio.to_thread(getattr(pool, "end", pool.close))


def see_that_nobody_listens(settings: Settings) -> None:
    """Raise `port_taken` where another program has the port: before a home is opened, or begun again."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((settings.host, settings.port))
        except OSError as taken:
            where = f"{settings.host}:{settings.port}"
            told = f"Baton cannot listen on {where!r}: {taken.strerror}. Stop what does, or choose another with --port."
            raise BatonError("port_taken", 409, told) from taken


def serve(settings: Settings, say: Say) -> None:
    """The product in one process, until it is stopped."""
    see_that_nobody_listens(settings)

    async def main() -> None:
        gate = ToolGate()
        tools = await connected_tools(settings.home, gate)
        parts = await assemble(settings, tools=tools, gate=gate)
        app = App(parts.committer, settings, wake=parts.wake)
        app.tools = lambda: risks_of(tools)
        app.suggest = suggestions
        await listening(parts, app, announce)

    async def announce() -> list[Beside]:
        say(f"ready http://{settings.host}:{settings.port}")
        return []

    asyncio.run(main())


async def work_lanes(settings: Settings, say: Say) -> None:
    """Work lanes until stopped."""
    gate = ToolGate()
    tools = await connected_tools(settings.home, gate)
    async with running(await assemble(settings, tools=tools, gate=gate)):
        say(f"ready lanes {settings.lanes}")
        await asyncio.Event().wait()
