"""The committer: takes what waits, works it to rest, and writes turn, facts, decision, acts, read models and cursors as one.

One per process; it owns the write connection. One commit takes everything waiting from every lane the process owns. A
lane that is not owned, or not caught up, gets its inputs appended alone; a reader works them later with the same result.
"""

import asyncio
import heapq
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec

from baton.kernel.capability import Crafts
from baton.kernel.codec import Codec
from baton.kernel.conversation import ActionDone, Decided, Entry, Holder
from baton.kernel.errors import BatonError, Conflict, Fenced
from baton.kernel.events import Event
from baton.kernel.lanes import LANES, lane_of
from baton.kernel.log import ActRow, CausedRow, EntryRow, FactRow, SendRow, Store, Work
from baton.kernel.loop import Rest, to_rest
from baton.kernel.memory import Memory
from baton.kernel.ports import Clock, Keys, Models
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables

BATCH = 128
log = logging.getLogger(__name__)


class Asked(msgspec.Struct, gc=False):
    """An append that waits: its events go in together or not at all."""

    stream: str
    events: tuple[Event, ...]
    by: str
    done: asyncio.Future[int]
    once: str | None = None
    expect: int | None = None
    happened_at_ms: int = 0
    cause: str = ""
    source: str = ""


class Done(msgspec.Struct, gc=False):
    """An input that was worked and is on disk, with all it caused."""

    entry: Entry
    stream: Stream
    rest: Rest
    ordinal: int


Listener = Callable[[Sequence[Done]], None]
Act = Callable[[Decided, Stream], Awaitable[None]]


class Committer:
    """Appends, works and commits. `lanes` are the lanes this process owns; `run` must be running for `append` to return."""

    def __init__(
        self,
        store: Store,
        crafts: Crafts,
        keys: Keys,
        models: Models,
        clock: Clock,
        lanes: Iterable[int] = range(LANES),
    ) -> None:
        self.store, self.crafts, self.keys, self.models, self.clock = store, crafts, keys, models, clock
        self.codec = Codec(keys)
        self.memory = Memory(store, self.codec)
        self.lanes = frozenset(lanes)
        self.listeners: list[Listener] = []
        self.outside: Callable[[Decided, Stream], None] = lambda decided, stream: None
        self.syncs = 0
        self._cursors: dict[int, int] = {}
        self._waiting: list[Asked] = []
        self._timers: list[tuple[int, str, SendRow]] = []
        self._news = asyncio.Event()
        self._behind = True

    async def append(
        self, stream: str, *events: Event, by: str, once: str | None = None, expect: int | None = None,
        happened_at_ms: int = 0, cause: str = "",
    ) -> int:  # fmt: skip
        """Append `events` to `stream`; the first one's position, when they are on disk.

        Args:
            once: idempotency key: the same key with the same event returns the old position, with another raises
                `Conflict`.
            expect: the holder's epoch this rests on; raises `Conflict` where the baton has changed hands since.
        """
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(Asked(stream, events, by, done, once, expect, happened_at_ms, cause))
        self._news.set()
        return await done

    def nudge(self) -> None:
        """There may be news from elsewhere, or a timer may be due: look."""
        self._behind = True
        self._news.set()

    async def start(self) -> list[ActRow]:
        """Read cursors, policies, timers; returns the outside acts a crash left open."""
        await self.store.begin(())
        self._cursors = await self.store.cursors(sorted(self.lanes)) if self.lanes else {}
        for send in await self.store.sends(sorted(self.lanes)) if self.lanes else []:
            heapq.heappush(self._timers, (send.due_ms, send.source, send))
        acts = await self.store.acts(sorted(self.lanes)) if self.lanes else []
        await self.memory.learn_policies()
        await self.store.commit()
        return acts

    async def run(self) -> None:
        """Commit for ever. Cancel it to stop; what waits then fails and was not acknowledged."""
        try:
            while True:
                await self._rest_until_news()
                await self.cycle()
        finally:
            for asked in self._waiting:
                asked.done.cancel()

    async def settle(self) -> None:
        """Cycle until nothing waits and no timer is due (for imports, workers that catch up, and tests)."""
        while await self.cycle():
            pass

    async def _rest_until_news(self) -> None:
        if self._waiting or self._behind:
            await asyncio.sleep(0)
            return
        wait_s = 1.0
        if self._timers:
            wait_s = min(wait_s, max(0.0, (self._timers[0][0] - self.clock.now_ms()) / 1000))
        try:
            await asyncio.wait_for(self._news.wait(), wait_s)
        except TimeoutError:
            self._behind = True

    async def cycle(self) -> bool:
        """One commit of everything that waits. Returns whether there was anything to do."""
        self._news.clear()
        self._take_due()
        batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
        if not batch and not self._behind:
            return False
        try:
            return await self._commit(batch)
        except Fenced:
            await self._undo()
            self._waiting = batch + self._waiting
            self._cursors = await self._read_cursors()
            return True
        except Exception as error:  # noqa: BLE001 - a failed commit fails every waiting request, whatever failed it
            await self._undo()
            self._refuse(batch, error)
            return bool(batch)

    async def _commit(self, batch: list[Asked]) -> bool:
        touched = {lane_of(a.stream) for a in batch}
        await self.store.begin(sorted(touched | self.lanes if self._behind else touched))
        foreign = await self.store.moved() or self._behind
        fresh, placed = await self._insert(batch)
        todo = await self._todo(fresh, foreign)
        self.models.ahead([t for e in todo if (t := getattr(e.event, "text", ""))])
        tables = Tables()
        done = [await self._work(entry, tables) for entry in todo]
        if not todo and not fresh:
            await self.store.rollback()
            self._acknowledge(placed)
            return bool(batch)
        work = self._written(done, [a.source for a in batch if a.source], tables)
        await self.store.put(work)
        await self.store.commit()
        self.syncs += 1
        self._advance(work)
        self._acknowledge(placed)
        self._tell(done)
        return True

    async def _insert(self, batch: list[Asked]) -> tuple[list[Entry], list[tuple[Asked, int | BatonError]]]:
        named = [(a.stream, a.once) for a in batch if a.once]
        known = await self.store.known(named) if named else {}
        placed: list[tuple[Asked, int | BatonError]] = []
        fresh: list[Asked] = []
        seen: dict[tuple[str, str], Asked] = {}
        for asked in batch:
            old = known.get((asked.stream, asked.once)) if asked.once else None
            twin = seen.get((asked.stream, asked.once)) if asked.once else None
            if old is not None:
                placed.append((asked, self._same(asked, self.codec.decode(old.stream, old.body), old.position)))
            elif twin is not None:
                self._waiting.append(asked)
            elif asked.expect is not None and await self._epoch(asked.stream) != asked.expect:
                placed.append(
                    (asked, Conflict("baton_moved", "The conversation changed hands; the turn was not sent."))
                )
            else:
                fresh.append(asked)
                if asked.once:
                    seen[asked.stream, asked.once] = asked
        return await self._append(fresh, placed), placed

    async def _append(self, fresh: list[Asked], placed: list[tuple[Asked, int | BatonError]]) -> list[Entry]:
        if not fresh:
            return []
        self.keys.make({a.stream for a in fresh})
        positions = iter(await self.store.reserve(sum(len(a.events) for a in fresh)))
        now = self.clock.now_ms()
        entries: list[Entry] = []
        rows: list[EntryRow] = []
        for asked in fresh:
            for n, event in enumerate(asked.events):
                at, once = next(positions), asked.once if n == 0 else None
                when = asked.happened_at_ms or now
                entries.append(Entry(at, asked.stream, event, asked.by, now, when, asked.cause, once or ""))
                body = self.codec.encode(asked.stream, event)
                rows.append(
                    EntryRow(at, lane_of(asked.stream), asked.stream, once, asked.by, asked.cause, now, when, body)
                )
            placed.append((asked, entries[-len(asked.events)].position))
        await self.store.insert(rows)
        return entries

    async def _todo(self, fresh: list[Entry], foreign: bool) -> list[Entry]:
        if not foreign:
            return [e for e in fresh if lane_of(e.stream) in self.lanes]
        self._behind = False
        await self.memory.learn_policies()
        if not self.lanes:
            return []
        found = await self.store.pending(sorted(self.lanes), BATCH * 2)
        self._behind = len(found) == BATCH * 2
        return [self.memory.entry(row) for row in found]

    async def _work(self, entry: Entry, tables: Tables) -> Done:
        stream = await self.memory.stream(entry.stream)
        rest = to_rest(entry, stream, self.crafts, self.models)
        done = Done(entry, stream, rest, stream.ordinal)
        measure(done, self.crafts, tables)
        return done

    def _written(self, done: list[Done], sent: list[str], tables: Tables) -> Work:
        work = Work([], [], [], sent, [], [], {}, tables)
        for each in done:
            entry, lane = each.entry, lane_of(each.entry.stream)
            body = self.codec.encode_all(entry.stream, each.rest.caused)
            work.caused.append(CausedRow(entry.position, lane, entry.stream, each.ordinal, body))
            work.sends += self._sends(each, lane)
            if each.rest.outside is not None:
                work.acts.append(ActRow(each.rest.outside.key, lane, entry.stream, entry.position))
            if isinstance(entry.event, ActionDone):
                work.acted.append(entry.event.key)
            was = work.cursors.get(lane, (self._cursors.get(lane, 0), 0))[0]
            work.cursors[lane] = (was, entry.position)
        work.facts = self._facts({d.stream.id: d.stream for d in done}.values())
        return work

    def _sends(self, each: Done, lane: int) -> list[SendRow]:
        self.keys.make({to.stream for to in each.rest.sends})
        at = each.entry
        when = 0 if each.stream.live and at.at_ms == at.happened_at_ms else at.happened_at_ms
        return [
            SendRow(f"{at.position}.{n}", lane, to.stream, to.at_ms, when and max(when, to.at_ms), "system",
                    self.codec.encode(to.stream, to.event))
            for n, to in enumerate(each.rest.sends)
        ]  # fmt: skip

    def _facts(self, streams: Iterable[Stream]) -> list[FactRow]:
        return [row for stream in streams for row in self.memory.fact_rows(stream)]

    def _take_due(self) -> None:
        now = self.clock.now_ms()
        while self._timers and self._timers[0][0] <= now:
            _, source, send = heapq.heappop(self._timers)
            event = self.codec.decode(send.stream, send.body)
            done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            done.add_done_callback(lambda f: f.cancelled() or f.exception())
            asked = Asked(
                send.stream, (event,), send.by, done, f"out:{source}", None, send.happened_at_ms, source, source
            )
            self._waiting.append(asked)

    def _advance(self, work: Work) -> None:
        self._cursors.update({lane: to for lane, (_, to) in work.cursors.items()})
        for send in work.sends:
            heapq.heappush(self._timers, (send.due_ms, send.source, send))

    def _acknowledge(self, placed: list[tuple[Asked, int | BatonError]]) -> None:
        for asked, at in placed:
            if asked.done.done():
                continue
            if isinstance(at, BatonError):
                asked.done.set_exception(at)
            else:
                asked.done.set_result(at)

    def _tell(self, done: list[Done]) -> None:
        for listener in self.listeners:
            listener(done)
        for each in done:
            if each.rest.outside is not None:
                self.outside(each.rest.outside, each.stream)

    def _same(self, asked: Asked, old: Event, position: int) -> int | BatonError:
        if old == asked.events[0] or asked.source:
            return position
        return Conflict("once_reused", f"{asked.once!r} was used before for something else; send it under a new nonce.")

    async def _epoch(self, stream: str) -> int:
        holder = (await self.memory.stream(stream)).facts.get(Holder)
        return holder.epoch if holder else 0

    async def _undo(self) -> None:
        self.memory.clear()
        self._behind = True
        await self.store.rollback()

    async def _read_cursors(self) -> dict[int, int]:
        await self.store.begin(())
        cursors = await self.store.cursors(sorted(self.lanes))
        await self.store.rollback()
        return cursors

    def _refuse(self, batch: list[Asked], error: Exception) -> None:
        log.error("a commit failed; nothing of it was kept: size=%d", len(batch), exc_info=error)
        full = "full" in str(error).lower()
        told = error if isinstance(error, BatonError) else BatonError(
            "disk_full" if full else "log_unavailable", 507 if full else 503,
            "Nothing was kept. " + ("Free disk space" if full else "Check the database") + " and send it again.")  # fmt: skip
        for asked in batch:
            if not asked.done.done():
                asked.done.set_exception(told)


def measure(done: Done, crafts: Crafts, tables: Tables) -> None:
    """Fold one input and all it caused into the read models."""
    for n, event in enumerate([done.entry.event, *(c.event for c in done.rest.caused)]):
        for filed in crafts.measure.get(type(event), ()):
            try:
                filed.run(event, done.stream, tables)
            except Exception:
                log.exception("a measure failed: capability=%s position=%d", filed.capability, done.entry.position + n)
