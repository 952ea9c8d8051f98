"""Why a raw handle time misleads: reps whose queues take longer beside the others, line by line and at the same mix."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from sqlalchemy import and_

from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.definitions import METRICS
from baton.capabilities.performance.registry.seen import Seen
from baton.capabilities.performance.screen.selected import Selected
from baton.kernel.stats import Estimate, MeanComparison, clustered_ratio, difference, standardise_means

FEWEST = 5
FEWEST_REPS = 2
MOST_QUEUES = 9


class Cell(msgspec.Struct, frozen=True):
    """What one rep handled in one queue: how many, and how long all of it took, in seconds."""

    rep: str
    queue: str
    n: int
    seconds: float


class Pace(msgspec.Struct, frozen=True):
    """Handle time of both halves of the reps in one queue, in seconds; None where too few to say."""

    queue: str
    left: Estimate | None
    right: Estimate | None
    left_n: int
    right_n: int


HALVES = ("longer", "shorter")
"""The reps whose queues take longer, and the others, as an address names them."""


class Paces(msgspec.Struct, frozen=True):
    """Reps whose queues take longer beside the others: raw, in each queue, and at the same mix of queues. Seconds.

    `usual` is what the work of each half takes on average, whoever does it; `compared` refuses where the halves share too little work.
    """

    raw: Pace
    queues: tuple[Pace, ...]
    raw_less: Estimate
    compared: MeanComparison
    reps: tuple[int, int]
    usual: tuple[float, float]

    @property
    def equal_less(self) -> Estimate | None:
        """The difference at the same mix of queues; None where none may be claimed."""
        return self.compared.difference

    @property
    def reverses(self) -> bool:
        """Whether raw and equal mix point in different directions (Simpson 1951)."""
        return self.compared.reverses


async def paces(selected: Selected) -> Paces | None:
    """Handle time of the reps with the longer queues beside that of the others; None where there are too few of either."""
    return side_by_side(await _handled(selected))


async def rows_of_half(selected: Selected, half: str, queue: str, limit: int, offset: int) -> tuple[list[Seen], int]:
    """The rows behind one cell of the table of handle times, and how many: of a half of the reps, in one queue or in all."""
    handled, cells = METRICS["aht"].counts, await _handled(selected)
    harder, others = _halves(cells, _usual(cells))
    reps = harder if half == HALVES[0] else others
    if not isinstance(handled, Counted):
        return [], 0
    also = and_(handled.grain.dimension("rep").in_(sorted(reps)), handled.grain.dimension("queue") != "")
    rows = await selected.listed(handled, {"queue": queue} if queue else {}, limit, offset, also)
    return rows, sum(c.n for c in cells if c.rep in reps and (not queue or c.queue == queue))


def side_by_side(cells: Sequence[Cell]) -> Paces | None:
    """Both halves of the reps: raw, queue by queue, and at the mix of both halves together."""
    usual = _usual(cells)
    harder, others = _halves(cells, usual)
    left, right = [c for c in cells if c.rep in harder], [c for c in cells if c.rep in others]
    if len(harder) < FEWEST_REPS:
        return None
    compared = standardise_means(_by_queue(left), _by_queue(right))
    raw = Pace("", compared.left_raw, compared.right_raw, _count(left), _count(right))
    queues = sorted({c.queue for c in left} | {c.queue for c in right}, key=lambda q: -usual[q])
    each = tuple(_pace(queue, left, right) for queue in queues)
    shown = sorted(each, key=lambda p: -(p.left_n + p.right_n))[:MOST_QUEUES]
    return Paces(
        raw, tuple(p for p in each if p in shown), difference(compared.left_raw, compared.right_raw), compared,
        (len(harder), len(others)), (_expected(left, usual), _expected(right, usual)),
    )  # fmt: skip


async def _handled(selected: Selected) -> list[Cell]:
    handled = METRICS["aht"].counts
    if not isinstance(handled, Counted):
        return []
    found = await selected.sums([handled], ["rep", "queue"])
    return [Cell(rep, queue, sums.n, sums.y) for (rep, queue), (sums,) in found.items() if rep and queue and sums.n]


def _usual(cells: Iterable[Cell]) -> dict[str, float]:
    """What a contact of each queue takes on average, in seconds, whoever handles it."""
    sums: dict[str, tuple[float, int]] = {}
    for each in cells:
        y, n = sums.get(each.queue, (0.0, 0))
        sums[each.queue] = (y + each.seconds, n + each.n)
    return {queue: y / n for queue, (y, n) in sums.items()}


def _halves(cells: Iterable[Cell], usual: Mapping[str, float]) -> tuple[set[str], set[str]]:
    """Reps by how long the work they get usually takes: the upper half and the lower."""
    work: dict[str, list[Cell]] = {}
    for each in cells:
        work.setdefault(each.rep, []).append(each)
    known = {rep: _expected(own, usual) for rep, own in work.items() if _count(own) >= FEWEST}
    ranked = sorted(known, key=lambda rep: (-known[rep], rep))
    middle = len(ranked) // 2
    return set(ranked[:middle]), set(ranked[middle:])


def _pace(queue: str, left: Sequence[Cell], right: Sequence[Cell]) -> Pace:
    a, b = ([c for c in side if c.queue == queue] for side in (left, right))
    return Pace(queue, _mean(a), _mean(b), _count(a), _count(b))


def _mean(cells: Sequence[Cell]) -> Estimate | None:
    groups: dict[str, tuple[float, float]] = {}
    for each in cells:
        y, x = groups.get(each.rep, (0.0, 0.0))
        groups[each.rep] = (y + each.seconds, x + each.n)
    return clustered_ratio(groups) if _count(cells) >= FEWEST and len(groups) > 1 else None


def _by_queue(cells: Iterable[Cell]) -> dict[str, dict[str, tuple[float, float]]]:
    """Seconds and contacts of each rep in each queue."""
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for each in cells:
        y, n = found.setdefault(each.queue, {}).get(each.rep, (0.0, 0.0))
        found[each.queue][each.rep] = (y + each.seconds, n + each.n)
    return found


def _count(cells: Iterable[Cell]) -> int:
    return sum(c.n for c in cells)


def _expected(cells: Sequence[Cell], usual: Mapping[str, float]) -> float:
    return sum(c.n * usual[c.queue] for c in cells) / _count(cells)
