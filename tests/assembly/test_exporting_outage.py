"""An outage of whoever collects traces, measured: what a turn's acknowledgement takes with nobody there, with somebody who never answers, and without any export."""

import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median

import pytest

from baton.assembly.parts import assemble, running
from baton.demo.policies import set_policies
from baton.kernel.committer import Committer
from baton.kernel.conversation import Ended, Started, TurnSaid
from baton.settings import Settings
from tests.ports.servers import free_port
from tests.scenes.agents_floor import procedures

pytestmark = pytest.mark.long

SAYS = ("I forgot my password", "How early must I be at the gate?", "thanks, bye")
ROUNDS, TALKS, WARM = 3, 50, 5


async def talk(committer: Committer, key: str) -> list[float]:
    """One conversation; how long each turn waited to be on disk, in milliseconds."""
    stream, took = f"conversation/{key}", []
    await committer.append(stream, Started(), by="customer")
    for text in SAYS:
        began = time.perf_counter()
        await committer.append(stream, TurnSaid("customer", text), by="customer")
        took.append(1000 * (time.perf_counter() - began))
    await committer.append(stream, Ended("customer_left"), by="customer")
    return took


async def waited(export: str) -> list[float]:
    """What turns waited in a Baton that exports there."""
    with tempfile.TemporaryDirectory() as home:
        parts = await assemble(Settings(home=Path(home), slow_tier="off", otel_export=export))
        async with running(parts):
            await set_policies(parts.committer, procedures())
            for n in range(WARM):
                await talk(parts.committer, f"warm{n}")
            return [ms for n in range(TALKS) for ms in await talk(parts.committer, f"talk{n}")]


async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take what comes and say nothing."""
    await reader.read()
    writer.close()


async def test_an_outage_costs_no_turn() -> None:
    silent = await asyncio.start_server(never, "127.0.0.1", 0)
    places = {
        "nowhere": "",
        "nobody": f"http://127.0.0.1:{free_port()}",
        "silent": f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}",
    }
    took: dict[str, list[float]] = {name: [] for name in places}
    for _ in range(ROUNDS):
        for name, place in places.items():
            took[name].append(median(await waited(place)))
    silent.close()
    print({name: [round(each, 1) for each in found] for name, found in took.items()})
    for name in ("nobody", "silent"):
        assert median(took[name]) <= 1.3 * median(took["nowhere"]) + 0.5, took
