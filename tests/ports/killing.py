"""Kills: customers who keep their own ledger talk to processes that are killed at random instants and started again."""

import asyncio
import random
import sqlite3
import time
from dataclasses import dataclass, field
from pathlib import Path

from baton.kernel.conversation import ActionDone
from baton.kernel.log import Recorded
from baton.stores.sqlite import SqliteStore
from tests.ports.logs import TABLES, Place, all_of
from tests.ports.processes import Gone, LogProcess

CUSTOMERS = 8
KINDS = ("echo", "outside", "elsewhere", "echo", "person")
REST_S = 60.0


@dataclass
class Customers:
    """What the customers know: which turn of theirs was accepted where, in the order they said them."""

    accepted: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    outside: set[str] = field(default_factory=set)
    first_after_start_s: list[float] = field(default_factory=list)
    stopped: bool = False


async def customer(number: int, door: LogProcess, known: Customers) -> None:
    """Say one thing after another; what was not accepted is said again with the same nonce, for ever."""
    stream = f"conversation/{number}"
    mine = known.accepted.setdefault(stream, [])
    while not known.stopped:
        nonce, what = f"{number}-{len(mine)}", KINDS[len(mine) % len(KINDS)]
        at = await _until_accepted(door, stream, what, nonce, known)
        if at is not None:
            mine.append((nonce, at))
            known.outside.update([nonce] if what == "outside" else [])


async def _until_accepted(door: LogProcess, stream: str, what: str, nonce: str, known: Customers) -> int | None:
    while True:
        started_at = door.started_at
        try:
            at = await door.post(stream, what, nonce)
        except Gone:
            await asyncio.sleep(0.02)
            continue
        if started_at and started_at == door.started_at:
            known.first_after_start_s.append(time.monotonic() - started_at)
            door.started_at = 0.0
        return at


async def killed(place: Place, spread: tuple[str, ...], kills: int, seed: int) -> Customers:
    """Let customers talk to the first of these processes while they are killed, one after another, at random instants."""
    chance, known = random.Random(seed), Customers()
    running = [LogProcess(place, lanes, str(place.folder / "provider.db")) for lanes in spread]
    await asyncio.gather(*(p.start() for p in running))
    talking = [asyncio.create_task(customer(n, running[0], known)) for n in range(CUSTOMERS)]
    for n in range(kills):
        await asyncio.sleep(chance.uniform(0.02, 0.5))
        await running[n % len(running)].kill()
        await running[n % len(running)].start()
    known.stopped = True
    await asyncio.gather(*talking)
    await _rested(place, known)
    await asyncio.gather(*(p.end() for p in running))
    return known


async def _rested(place: Place, known: Customers) -> None:
    """Every input was worked and every outside act has its outcome in the log."""
    store = place.store()
    await store.open(TABLES)
    async with asyncio.timeout(REST_S):
        while True:
            rows = await all_of(store)
            open_ = await store.acts(range(64))
            if all(r.caused is not None for r in rows) and not open_ and not await store.sends(range(64)):
                break
            await asyncio.sleep(0.1)
    await store.close()


async def check(place: Place, known: Customers) -> None:
    """0 accepted turns lost, repeated or out of order; 0 effects repeated or missing; facts and outcomes add up."""
    async with place.opened() as committer:
        rows = await all_of(committer.store)
        said = {stream: _turns(rows, stream) for stream in known.accepted}
        assert {s: turns[: len(known.accepted[s])] for s, turns in said.items()} == known.accepted
        assert all(len(turns) == len({n for n, _ in turns}) for turns in said.values())
        decided = [committer.codec.decode(r.entry.stream, r.entry.body) for r in rows]
        outcomes = [e.key for e in decided if isinstance(e, ActionDone)]
        assert len(outcomes) == len(set(outcomes))
        for stream in {r.entry.stream for r in rows}:
            ordinals = [r.ordinal for r in rows if r.entry.stream == stream]
            assert ordinals == list(range(1, len(ordinals) + 1))
    effects = _effects(place.folder / "provider.db")
    assert len(effects) == len(set(effects)) == len(outcomes)
    assert known.outside <= set(effects)


def _turns(rows: list[Recorded], stream: str) -> list[tuple[str, int]]:
    mine = [r.entry for r in rows if r.entry.stream == stream and r.entry.by == "customer"]
    return [(e.once or "", e.position) for e in mine]


def _effects(path: Path) -> list[str]:
    db = sqlite3.connect(path)
    try:
        return [nonce for (nonce,) in db.execute("SELECT nonce FROM effects")]
    finally:
        db.close()


async def fresh(folder: Path) -> SqliteStore:
    """An empty store to work everything again into."""
    store = SqliteStore(folder / "fresh.db")
    await store.open(TABLES)
    return store
