"""The Wake port: hints and signals reach everyone who listens; losing one costs time, never data."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

import pytest

from baton.engines.wake import LocalWake, NatsWake
from tests.ports.servers import NatsServer

pytestmark = pytest.mark.port

T = TypeVar("T")
WAIT_S = 8.0


@pytest.fixture(params=["local", "nats"])
async def pair(request):
    """A wake that rings, and one that hears: the same where there is one process, two where there are two."""
    if request.param == "local":
        wake = LocalWake()
        yield wake, wake
        return
    url, prefix = request.getfixturevalue("nats_url"), f"test_{request.node.name.encode().hex()[:40]}"
    one, other = NatsWake(url, prefix), NatsWake(url, prefix)
    yield one, other
    await one.close()
    await other.close()


@asynccontextmanager
async def listening(source: AsyncIterator[T], took: Callable[[T], object]) -> AsyncIterator[None]:
    async def listen() -> None:
        async for each in source:
            took(each)

    task = asyncio.create_task(listen())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(said: Callable[[], bool], again: Callable[[], Awaitable[None]]) -> None:
    """Say it again until it was heard: a hint sent before the listener is there is lost, as it may be."""
    async with asyncio.timeout(WAIT_S):
        while not said():
            await again()
            await asyncio.sleep(0.05)


async def test_lanes_that_ring_are_heard(pair):
    rings, hears = pair
    heard: set[int] = set()
    async with listening(hears.heard(), heard.update):
        await until(lambda: {3, 63} <= heard, lambda: rings.ring([3, 63]))


async def test_everyone_who_listens_hears(pair):
    rings, hears = pair
    first: set[int] = set()
    second: set[int] = set()
    async with listening(hears.heard(), first.update), listening(rings.heard(), second.update):
        await until(lambda: 7 in first and 7 in second, lambda: rings.ring([7]))


async def test_many_rings_melt_into_one_look(pair):
    rings, hears = pair
    looks: list[frozenset[int]] = []
    async with listening(hears.heard(), looks.append):
        await until(lambda: bool(looks), lambda: rings.ring([0]))
        looks.clear()
        for lane in range(64):
            await rings.ring([lane])
        await until(lambda: frozenset().union(*looks) >= set(range(64)), lambda: asyncio.sleep(0))
    assert len(looks) <= 64


async def test_signals_come_in_order_and_only_to_their_topic(pair):
    signals, hears = pair
    topic = "typing conversation/1 *>"
    came: list[bytes] = []
    other: list[bytes] = []
    async with listening(hears.signals(topic), came.append), listening(hears.signals("presence.1"), other.append):
        await until(lambda: bool(came), lambda: signals.signal(topic, b"ready"))
        came.clear()
        for n in range(50):
            await signals.signal(topic, str(n).encode())
        await until(lambda: b"49" in came, lambda: asyncio.sleep(0))
    assert [c for c in came if c != b"ready"] == [str(n).encode() for n in range(50)]
    assert not other


async def test_a_slow_listener_loses_the_oldest_signals_and_nobody_waits(pair):
    signals, hears = pair
    came: list[bytes] = []
    source = hears.signals("slow")
    first = asyncio.create_task(anext(source))
    await until(first.done, lambda: signals.signal("slow", b"0"))
    for n in range(3000):
        await signals.signal("slow", str(n).encode())
    async with asyncio.timeout(WAIT_S):
        async for body in source:
            came.append(body)
            if body == b"2999":
                break
    await source.aclose()
    assert len(came) <= 3001


async def test_nats_that_went_away_is_found_again(short_folder: Path):
    folder = short_folder / "nats_again"
    folder.mkdir()
    server = NatsServer(folder)
    server.start()
    rings, hears = NatsWake(server.url), NatsWake(server.url)
    heard: set[int] = set()
    try:
        async with listening(hears.heard(), heard.update):
            await until(lambda: 1 in heard, lambda: rings.ring([1]))
            server.kill()
            await rings.ring([2])
            server.start()
            await until(lambda: 3 in heard, lambda: rings.ring([3]))
    finally:
        await rings.close()
        await hears.close()
        server.stop()


async def test_a_ring_without_a_server_is_lost_quietly():
    wake = NatsWake("nats://127.0.0.1:1")
    async with asyncio.timeout(WAIT_S):
        await wake.ring([1])
    await wake.close()
