"""The committer: takes what waits, works it to rest, and writes turn, facts, decision, acts, read models and cursors as one.

One per process; it owns the write connection. One commit takes everything waiting from every lane the process owns. A
lane that is not owned, or not caught up, gets its inputs appended alone; a reader works them later with the same result.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from baton.kernel.capability import Crafts
from baton.kernel.codec import Codec
from baton.kernel.conversation import Decided, Entry
from baton.kernel.errors import BatonError, Fenced
from baton.kernel.events import Event
from baton.kernel.intake import TRIES, Asked, Intake, Taken, check_name, late, unfit
from baton.kernel.lanes import LANES, lane_of
from baton.kernel.log import ActRow, Seen, SendRow, Store, Work
from baton.kernel.memory import Memory
from baton.kernel.outbox import AHEAD_MS, Outbox
from baton.kernel.ports import Clock, Keys, Models
from baton.kernel.stream import Stream
from baton.kernel.working import Done, Working, measure

__all__ = ["Asked", "Committer", "Done", "Listener", "measure"]

BATCH = 128
LOOK_S = 1.0
AGAIN_S = 0.02
FENCES = 50
CAREFUL = 3 * BATCH
log = logging.getLogger(__name__)

Listener = Callable[[Sequence[Done]], None]
Act = Callable[[Decided, Stream], Awaitable[None]]


class Committer:
    """Appends, works and commits; `run` must be running for `append` to return.

    `lanes` are those this process owns: of those it was given, the ones that no other process holds. What another one
    leaves when it ends is taken over within `LOOK_S`; outside acts it left open are given to `inherited`.
    """

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
        self.memory = Memory(store, self.codec, lanes)
        self.listeners: list[Listener] = []
        self.outside: Callable[[Decided, Stream], None] = lambda decided, stream: None
        self.inherited: Callable[[list[ActRow]], None] = lambda acts: None
        self.ring: Callable[[frozenset[int]], None] = lambda lanes: None
        self.syncs = 0
        self.batch = BATCH
        self._intake = Intake(store, self.codec, keys, self.memory, clock)
        self._given = frozenset(lanes)
        self._outbox = Outbox()
        self._cursors: dict[int, int] = {}
        self._waiting: list[Asked] = []
        self._news = asyncio.Event()
        self._behind = True
        self._failures = 0
        self._careful = 0
        self._suspect = 0
        self._unfit: dict[int, str] = {}

    @property
    def lanes(self) -> frozenset[int]:
        """The lanes this process owns now."""
        return self.memory.lanes

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
        for name in (stream, by) if once is None else (stream, by, once):
            check_name(name)
        done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._ask(Asked(stream, events, by, done, once, expect, happened_at_ms, cause))
        return await done

    def nudge(self) -> None:
        """There may be news from elsewhere, or a timer may be due: look."""
        self._behind = True
        self._news.set()

    async def start(self) -> list[ActRow]:
        """Read cursors, policies, timers; returns the outside acts a crash left open."""
        await self.store.begin(())
        try:
            await self._look_around()
            await self.memory.learn_policies()
            return await self.store.acts(sorted(self.lanes)) if self.lanes else []
        finally:
            await self.store.rollback()

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

    async def cycle(self) -> bool:
        """One commit of everything that waits. Returns whether there was anything to do."""
        self._news.clear()
        self._behind = self._behind or self._outbox.stale(self.clock.now_ms())
        self._take_due()
        batch, self._waiting = self._waiting[: self.batch], self._waiting[self.batch :]
        if not batch and not self._behind:
            return False
        async with self.memory.quiet:
            try:
                busy = await self._commit(batch)
            except Fenced as fenced:
                await self._undo()
                if self._failures > FENCES:
                    self._refuse(batch, fenced)
                else:
                    self._waiting = batch + self._waiting
                return self._failures <= FENCES
            except (Exception, asyncio.CancelledError) as error:
                await self._undo()
                if self.store.blames_data(error):
                    self._look_closer(batch, error)
                    return True
                self._refuse(batch, error)
                if isinstance(error, asyncio.CancelledError):
                    raise
                return bool(batch)
        self._failures = 0
        self._careful = max(0, self._careful - 1)
        return busy or bool(self._waiting)

    async def _commit(self, batch: list[Asked]) -> bool:
        await self.store.begin(sorted({lane_of(a.stream) for a in batch}))
        self._behind = await self.store.moved() or self._behind
        acts = await self._look_around() if self._behind else []
        foreign = self.store.shared or self._behind
        seen = await self._look(batch, foreign)
        taken = await self._intake.take(batch, seen, self._behind)
        working = Working(self.crafts, self.models, self.memory)
        await working.take(self._todo(seen, taken), self._unfit)
        sent = [a.source for a, _ in taken.answers if a.source]
        if working.done or taken.rows or sent:
            work = working.written(taken.rows, self.codec, self.keys, self._cursors, sent)
            await self.store.put(work)
            await self.store.commit()
            self.syncs += 1
            self._advance(work)
        else:
            await self.store.rollback()
        self._tell(working.done, taken)
        if acts:
            self.inherited(acts)
        return bool(batch or working.done or self._outbox.wait_s(self.clock.now_ms(), LOOK_S) == 0)

    async def _look(self, batch: list[Asked], foreign: bool) -> Seen:
        named = [(a.stream, a.once) for a in batch if a.once]
        count = sum(len(a.events) for a in batch)
        lanes = sorted(self.lanes) if foreign and (self.lanes or self._behind) else None
        limit = 1 if self._careful else BATCH * 2
        seen = await self.store.look(lanes, limit, self.memory.policies.newest, named, count)
        self.memory.learn(seen.policies)
        self._behind = len(seen.pending) == limit or (self._careful > 0 and bool(batch))
        self._suspect = seen.pending[0].position if self._careful and seen.pending and not batch else 0
        return seen

    def _todo(self, seen: Seen, taken: Taken) -> list[Entry]:
        """What others left, then what is new here: later in every lane, and left to the next commit where others left much."""
        if self._careful and (taken.answers or taken.later):
            return []
        earlier = [self.memory.entry(row) for row in seen.pending]
        return earlier if self._behind else earlier + taken.entries

    async def _rest_until_news(self) -> None:
        if self._failures:
            await asyncio.sleep(min(LOOK_S, AGAIN_S * 2 ** min(self._failures, 10)))
        if self._waiting or self._behind:
            await asyncio.sleep(0)
            return
        try:
            async with asyncio.timeout(self._outbox.wait_s(self.clock.now_ms(), LOOK_S)):
                await self._news.wait()
        except TimeoutError:
            self._behind = True

    def _ask(self, asked: Asked) -> None:
        self._waiting.append(asked)
        self._news.set()

    def _ask_again(self, later: list[Asked]) -> None:
        for asked in later:
            asked.tries += 1
            if asked.tries > TRIES:
                asked.answer(late())
            elif lane_of(asked.stream) in self.lanes:
                self._ask(asked)
            else:
                asyncio.get_running_loop().call_later(AGAIN_S, self._ask, asked)

    def _take_due(self) -> None:
        for send in self._outbox.due(self.clock.now_ms()):
            event = self.codec.decode(send.stream, send.body)
            done: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            done.add_done_callback(lambda f: f.cancelled() or f.exception())
            once, when, source = f"out:{send.source}", send.happened_at_ms, send.source
            self._waiting.append(Asked(send.stream, (event,), send.by, done, once, None, when, source, source))

    def _advance(self, work: Work) -> None:
        self._cursors.update({lane: to for lane, (_, to) in work.cursors.items()})
        self._outbox.sent(work.sent)
        self._outbox.add(work.sends)

    def _tell(self, done: list[Done], taken: Taken) -> None:
        for asked, at in taken.answers:
            asked.answer(at)
        self._ask_again(taken.later)
        elsewhere = frozenset(row.lane for row in taken.rows) - self.lanes
        if elsewhere:
            self.ring(elsewhere)
        for listener in self.listeners:
            try:
                listener(done)
            except Exception:
                log.exception("a listener failed; what it was told of is on disk")
        for each in done:
            if each.rest.outside is not None:
                self.outside(each.rest.outside, each.stream)

    async def _undo(self) -> None:
        self._failures += 1
        self._behind = True
        self.memory.undo()
        await self.store.rollback()

    async def _look_around(self) -> list[ActRow]:
        """Own what is free, and stand where the store says; returns outside acts left open on lanes that are new here."""
        owned = await self.store.own(self._given)
        new, lanes = owned - self.lanes, sorted(owned)
        self.memory.lanes = owned
        cursors = await self.store.cursors(lanes) if lanes else {}
        if any(cursors[lane] != self._cursors.get(lane) for lane in lanes):
            self.memory.clear()
        self._cursors = cursors
        until_ms = self.clock.now_ms() + AHEAD_MS
        sends: list[SendRow] = await self.store.sends(lanes, until_ms) if lanes else []
        self._outbox.reset(sends, until_ms)
        return await self.store.acts(sorted(new)) if new else []

    def _look_closer(self, batch: list[Asked], error: BaseException) -> None:
        """What was written is at fault: go on one by one, so that only what is unfit is refused, or passed over."""
        if not self._careful:
            self._waiting = batch + self._waiting
        elif self._suspect:
            log.error(
                "an input cannot be written as worked; it is passed over: position=%d", self._suspect, exc_info=error
            )
            self._unfit[self._suspect] = type(error).__name__
        else:
            self._refuse(batch, unfit(type(error).__name__))
        self._careful = CAREFUL

    def _refuse(self, batch: list[Asked], error: BaseException) -> None:
        log.error("a commit failed; nothing of it was kept: size=%d", len(batch), exc_info=error)
        told = refusal(error)
        for asked in batch:
            self._outbox.again(asked.source)
            asked.answer(told)


def refusal(error: BaseException) -> BatonError:
    """What a failed commit is told as: 507 where space ran out, else 503."""
    if isinstance(error, BatonError):
        return error
    words = str(error).lower()
    full = "full" in words or "no space left" in words
    return BatonError(
        "disk_full" if full else "log_unavailable", 507 if full else 503,
        "Nothing was kept. " + ("Free disk space" if full else "Check the database") + " and send it again.")  # fmt: skip
