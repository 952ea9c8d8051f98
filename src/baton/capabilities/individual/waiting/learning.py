"""Learning: laws of handle times, weights of rules and what promises are multiplied by, from what was told and what came."""

from collections.abc import Mapping, Sequence

import msgspec

from baton.capabilities.individual.events import Individual, Learned
from baton.capabilities.individual.quoting import keeping
from baton.capabilities.individual.quoting.laws import fitted
from baton.capabilities.individual.quoting.line import Line
from baton.capabilities.individual.quoting.pooled import BASE_MS, Waited, foretold, heaviness, patience_ms, weighed
from baton.capabilities.individual.waiting.telling import level_of

Row = Mapping[str, object]
Handled = tuple[str, int]
"""A queue, and how long a rep was busy with a conversation of it, milliseconds."""
NamedWait = tuple[str, int, tuple[int, ...], int | None]
"""A queue, an hour, quantiles of the wait for one rep, and the wait that came; none where the rep went home."""
STEP = 100
"""So many further waits (or conversations) are news; fewer change no policy."""


class Seen(msgspec.Struct, frozen=True):
    """All that is learned from, oldest first: handle times, waits for anybody, and for one rep."""

    handled: Sequence[Handled]
    waits: Sequence[Waited]
    named: Sequence[NamedWait]
    nominal_permille: int = Individual().nominal_permille


def learned(seen: Seen) -> Learned:
    """The policy. Weights are learned on every other wait, and what promises are multiplied by on those between."""
    took: dict[str, list[int]] = {}
    for queue, ms in seen.handled[: len(seen.handled) // STEP * STEP]:
        took.setdefault(queue, []).append(ms)
    waits = seen.waits[: len(seen.waits) // STEP * STEP]
    weights = weighed(waits[::2])
    between = waits[1::2]
    base = foretold(between, weights) + BASE_MS
    told = zip(between, base.tolist(), heaviness(between).tolist(), strict=True)
    levels = [
        (queue, hour, level_of(ways, ms), 1.0) for queue, hour, ways, ms in seen.named[: len(seen.named) // STEP * STEP]
    ]
    return Learned(
        waits=len(waits), laws=fitted(took), patience_ms=_patience(waits), weights=weights,
        factors=keeping.factors([(w.queue, w.hour, w.wait_ms / b, h) for w, b, h in told], seen.nominal_permille),
        levels=keeping.factors(levels, seen.nominal_permille),
    )  # fmt: skip


def waited_of(row: Row) -> Waited | None:
    """A wait for anybody as the read model has it; None where it rests on no line."""
    found = str(row["found"] or "")
    if not found:
        return None
    line = Line(*(int(each) for each in found.split(",")))
    return Waited(str(row["queue"]), _whole(row["hour"]), line, _whole(row["took_ms"]), bool(row["answered"]))


def named_of(row: Row) -> NamedWait:
    """A wait for one rep as the read model has it; no wait where they went home."""
    ways = tuple(int(each) for each in str(row["found"] or "").split(",") if each)
    return str(row["queue"]), _whole(row["hour"]), ways, _whole(row["took_ms"]) if row["answered"] else None


def _patience(waits: Sequence[Waited]) -> dict[str, int]:
    means = {queue: patience_ms([w for w in waits if w.queue == queue]) for queue in sorted({w.queue for w in waits})}
    return {queue: ms for queue, ms in means.items() if ms}


def _whole(value: object) -> int:
    return int(str(value or 0))
