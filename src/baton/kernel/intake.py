"""Intake: what of a batch is new, what was said before, and what has to wait for the next commit."""

import asyncio
from collections.abc import Iterator, Sequence

import msgspec

from baton.kernel.codec import Codec
from baton.kernel.conversation import Entry, Holder
from baton.kernel.errors import BatonError, Conflict
from baton.kernel.events import Event
from baton.kernel.lanes import lane_of
from baton.kernel.log import EntryRow, Seen, Store
from baton.kernel.memory import Memory
from baton.kernel.ports import Clock, Keys

TRIES = 250
"""How often an append that rests on the holder's epoch waits for another process to catch up: 20 ms each."""

NAME = 300


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
    tries: int = 0

    def answer(self, at: int | BatonError) -> None:
        """Tell whoever waits; one who has left is told nothing."""
        if self.done.done():
            return
        if isinstance(at, int):
            self.done.set_result(at)
        else:
            self.done.set_exception(at)


class Taken(msgspec.Struct, gc=False):
    """A batch sorted: new inputs to work here, the rows of all new inputs, what each request is answered after the
    commit, and requests that wait for the next.
    """

    entries: list[Entry]
    rows: list[EntryRow]
    answers: list[tuple[Asked, int | BatonError]]
    later: list[Asked]


class Intake:
    """Sorts a batch inside the open transaction."""

    def __init__(self, store: Store, codec: Codec, keys: Keys, memory: Memory, clock: Clock) -> None:
        self._store, self._codec, self._keys, self._memory, self._clock = store, codec, keys, memory, clock

    async def take(self, batch: Sequence[Asked], seen: Seen, behind: bool) -> Taken:
        """Give what is new its positions. `behind`: not all that waits on the lanes owned here was seen."""
        taken = Taken([], [], [], [])
        fresh: list[Asked] = []
        touched = {row.stream for row in seen.pending}
        twins: set[tuple[str, str]] = set()
        for asked in batch:
            name = (asked.stream, asked.once or "")
            old = seen.known.get(name)
            if old is not None:
                taken.answers.append((asked, self._repeated(asked, old)))
            elif name in twins or (asked.expect is not None and await self._unsure(asked.stream, touched, behind)):
                taken.later.append(asked)
            elif asked.expect is not None and await self._epoch(asked.stream) != asked.expect:
                taken.answers.append((asked, _moved()))
            else:
                fresh.append(asked)
                touched.add(asked.stream)
                twins.update([name] if asked.once else [])
        self._place(fresh, seen.positions, taken)
        return taken

    def _place(self, fresh: list[Asked], free: Sequence[int], taken: Taken) -> None:
        if not fresh:
            return
        self._keys.make({a.stream for a in fresh})
        positions, now = iter(free), self._clock.now_ms()
        for asked in fresh:
            try:
                bodies = [self._codec.encode(asked.stream, event) for event in asked.events]
            except (TypeError, ValueError, OverflowError) as error:
                taken.answers.append((asked, unfit(str(error))))
            else:
                self._rows(asked, bodies, positions, now, taken)

    def _rows(self, asked: Asked, bodies: list[bytes], positions: Iterator[int], now: int, taken: Taken) -> None:
        stream, lane, by, cause = asked.stream, lane_of(asked.stream), asked.by, asked.cause
        when, once, here, first = asked.happened_at_ms or now, asked.once, lane in self._memory.lanes, 0
        for event, body in zip(asked.events, bodies, strict=True):
            at = next(positions)
            first = first or at
            if here:
                taken.entries.append(Entry(at, stream, event, by, now, when, cause, once or ""))
            taken.rows.append(EntryRow(at, lane, stream, once, by, cause, now, when, body))
            once = None
        taken.answers.append((asked, first))

    async def _unsure(self, stream: str, touched: set[str], behind: bool) -> bool:
        """Whether inputs of the stream are still to be worked, so that nobody knows who will hold the baton."""
        known = lane_of(stream) in self._memory.lanes and not behind
        return stream in touched or (not known and await self._store.unworked(stream))

    async def _epoch(self, stream: str) -> int:
        holder = (await self._memory.open(stream)).facts.get(Holder)
        return holder.epoch if holder else 0

    def _repeated(self, asked: Asked, old: EntryRow) -> int | BatonError:
        if asked.source or self._codec.decode(old.stream, old.body) == asked.events[0]:
            return old.position
        return Conflict("once_reused", f"{asked.once!r} was used before for something else; send it under a new nonce.")


def check_name(name: str) -> None:
    """Refuse a stream, author or nonce that is empty, too long, or that not every database keeps."""
    if (
        not 0 < len(name) <= NAME
        or "\0" in name
        or not (name.isascii() or name == name.encode(errors="ignore").decode())
    ):
        raise unfit(f"a nonce or name has to be 1 to {NAME} characters of text")


def unfit(why: str) -> BatonError:
    """The refusal of an event that cannot be kept as it is."""
    return BatonError("unfit_event", 400, f"It cannot be kept: {why}. Send plain text without control characters.")


def late() -> BatonError:
    """The refusal of an append that waited too long for another process to work what came before it."""
    return BatonError(
        "still_worked", 503, "What was said before is still being worked. Nothing was kept: send it again in a moment."
    )


def _moved() -> Conflict:
    return Conflict("baton_moved", "The conversation changed hands; the turn was not sent.")
