"""`baton bench log`: durable appends beside the limit of the bare store, in the same run.

Ours: `Committer.append`, called by up to `CALLERS` conversations at once, each with its share of the batch: every turn
is sealed, encoded and appended, as an import or a web process does it whose lanes others work. The limit: rows that are
ready, sealed beforehand, into the same tables and indexes of a second database, one transaction a batch; nothing is
encoded, fenced or awaited by anyone. `ratio` is ours / limit, each the median of alternating repeats.

Beside it: `sealed_limit_per_s` and `sealed_ratio`, the same limit with the sealing and encoding of its rows timed too: what
of the distance is encryption. `worked_per_s`: as many conversations at once as the batch is large, each of which says one thing and waits until it is on
disk, worked to rest in the same commit (no capability is loaded).
"""

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import msgspec

from baton.kernel.capability import Crafts
from baton.kernel.clock import WallClock
from baton.kernel.codec import Codec
from baton.kernel.committer import Committer
from baton.kernel.conversation import TurnSaid
from baton.kernel.lanes import LANES, lane_of
from baton.kernel.log import STEP, EntryRow, Store, Work
from baton.kernel.ports import Ending, Hit, Judgement, Met
from baton.kernel.tables import Tables
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore

TEXT = "I have been waiting for my refund since Tuesday and nobody answers, can you please have a look at it?"
TURN = TurnSaid("customer", TEXT)
STREAMS = [f"conversation/{n}" for n in range(1000)]
CALLERS = 16
NAMES = ("ours", "bare", "beside")
GROUP = 16
Round = Callable[[], Awaitable[object]]


class NoModels:
    """Nothing is understood here."""

    version = "none"

    def ahead(self, texts: Sequence[str]) -> None:
        """Nothing is kept."""

    def judge(self, text: str, head: str = "") -> Judgement:
        """Nothing is known of it."""
        return Judgement()

    def search(self, text: str) -> Sequence[Hit]:
        """Nothing is found."""
        return ()

    def met(self, ending: Ending) -> Met:
        """Nothing is known of it."""
        return Met()


_turn = itertools.count()


def next_streams(batch: int) -> list[str]:
    """The conversations that share the next batch."""
    first = next(_turn) * CALLERS
    return [STREAMS[(first + n) % len(STREAMS)] for n in range(min(batch, CALLERS))]


class Bare:
    """The store alone: rows that are ready, appended and committed."""

    def __init__(self, store: Store, lock: bool = True) -> None:
        self._store, self._lock = store, lock
        self._body = msgspec.json.encode({"t": "conversation.TurnSaid", "v": 1, "e": {"role": "customer", "text": ""},
                                          "s": {"text": bytes(len(TEXT) + 30)}})  # fmt: skip
        self._next = 0

    def rows(self, count: int) -> Work:
        """Inputs as rows."""
        streams, rows, now = next_streams(count), [], 1_790_000_000_000
        for n in range(count):
            self._next += STEP
            stream = streams[n % len(streams)]
            rows.append(EntryRow(self._next, lane_of(stream), stream, None, "customer", "", now, now, self._body))
        return Work(rows, [], [], [], [], [], [], {}, Tables())

    async def write(self, work: Work) -> None:
        """One transaction."""
        await self._store.begin(sorted({r.lane for r in work.entries}) if self._lock else ())
        await self._store.put(work)
        await self._store.commit()


async def rate(each: Round, events: int, seconds: float) -> float:
    """Events a second over `seconds` of rounds."""
    done, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        await each()
        done += events
    return done / spent


async def bare_rate(bare: Bare, batch: int, seconds: float, codec: Codec | None = None) -> float:
    """The limit: only writing is timed, not making the rows; with a `codec`, sealing and encoding them too."""
    done, spent = 0, 0.0
    while spent < seconds:
        work = bare.rows(batch)
        start = time.perf_counter()
        if codec is not None:
            for row in work.entries:
                codec.encode(row.stream, TURN)
        await bare.write(work)
        spent += time.perf_counter() - start
        done += batch
    return done / spent


@asynccontextmanager
async def committing(store: Store, folder: Path, lanes: Iterable[int]) -> AsyncIterator[Committer]:
    """A committer that runs, with real keys and no capability."""
    keys = SqliteKeys(folder / "keys.db")
    keys.make(STREAMS)
    committer = Committer(store, Crafts(), keys, NoModels(), WallClock(), lanes)
    await committer.start()
    running = asyncio.create_task(committer.run())
    try:
        yield committer
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        keys.close()


async def appended(committer: Committer, batch: int) -> None:
    """So many turns, shared by a few conversations."""
    streams = next_streams(batch)
    each = [TURN] * (batch // len(streams))
    await asyncio.gather(*(committer.append(stream, *each, by="customer") for stream in streams))


async def worked(committer: Committer, batch: int) -> None:
    """So many conversations say one thing each, and wait."""
    await asyncio.gather(*(committer.append(f"conversation/{n}", TURN, by="customer") for n in range(batch)))


async def bench_log(
    log: str = "sqlite", batches: Sequence[int] = (1, 16, 256), seconds: float = 1.0, repeats: int = 5
) -> dict[str, object]:
    """Figures by batch: `events_per_s`, `limit_per_s`, `ratio`; on PostgreSQL also `lane_locked_ratio`, `group_ratio`.

    Args:
        log: `sqlite`, or `postgres`: a server of its own in a temporary folder.
    """
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as name:
        folder = Path(name)
        async with _stores(log, folder) as (ours, bare, beside):
            figures: dict[str, object] = {**await _measured(ours, bare, beside, folder, batches, seconds, repeats)}
            if log != "sqlite":
                figures |= await _locks(bare, seconds, repeats)
        return figures


async def _measured(
    ours: Store, bare: Store, beside: Store, folder: Path, batches: Sequence[int], seconds: float, repeats: int
) -> dict[str, dict[str, float]]:
    figures: dict[str, dict[str, float]] = {}
    limit = Bare(bare)
    for batch in batches:
        got: list[tuple[float, float, float]] = []
        async with committing(ours, folder, ()) as committer:
            for _ in range(repeats):
                mine = await rate(partial(appended, committer, batch), batch, seconds)
                sealed = await bare_rate(limit, batch, seconds, committer.codec)
                got.append((mine, await bare_rate(limit, batch, seconds), sealed))
        mine, most, sealed = (statistics.median(column) for column in zip(*got, strict=True))
        figures[str(batch)] = {
            "events_per_s": round(mine), "limit_per_s": round(most), "ratio": round(mine / most, 3),
            "sealed_limit_per_s": round(sealed), "sealed_ratio": round(mine / sealed, 3),
        }  # fmt: skip
    async with committing(beside, folder, range(LANES)) as committer:
        for batch in batches:
            rates = [await rate(partial(worked, committer, batch), batch, seconds) for _ in range(repeats)]
            figures[str(batch)] |= {"worked_per_s": round(statistics.median(rates))}
    return figures


async def _locks(store: Store, seconds: float, repeats: int) -> dict[str, object]:
    """What the lane's lock costs a single append, and what committing as a group gives, on the bare store."""
    locked, free = Bare(store), Bare(store, lock=False)
    locked._next, free._next = 1 << 50, 1 << 51
    got = [
        (
            await bare_rate(locked, 1, seconds),
            await bare_rate(free, 1, seconds),
            await bare_rate(locked, GROUP, seconds),
        )
        for _ in range(repeats)
    ]
    single, without, group = (statistics.median(column) for column in zip(*got, strict=True))
    return {"lane_locked_ratio": round(single / without, 3), "group_ratio": round(group / single, 2)}


@asynccontextmanager
async def _stores(log: str, folder: Path) -> AsyncIterator[list[Store]]:
    if log == "sqlite":
        async with _opened([SqliteStore(folder / f"{name}.db") for name in NAMES]) as stores:
            yield stores
        return
    from baton.stores.postgres import PostgresStore
    from tests.ports.servers import PostgresServer

    await asyncio.to_thread(folder.chmod, 0o755)
    server = PostgresServer(folder)
    await asyncio.to_thread(server.start)
    try:
        urls = [await asyncio.to_thread(server.fresh_database) for _ in NAMES]
        async with _opened([PostgresStore(url) for url in urls]) as stores:
            yield stores
    finally:
        await asyncio.to_thread(server.drop)


@asynccontextmanager
async def _opened(stores: Sequence[Store]) -> AsyncIterator[list[Store]]:
    for store in stores:
        await store.open(())
    try:
        yield list(stores)
    finally:
        for store in stores:
            await store.close()
