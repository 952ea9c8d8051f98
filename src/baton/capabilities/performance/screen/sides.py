"""People and AI side by side: at equal mix with what may be concluded, and why a raw handle time misleads."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.definitions import METRICS
from baton.capabilities.performance.registry.ledger import EqualMix
from baton.capabilities.performance.screen.selected import Selected
from baton.kernel.stats import Estimate, StratumShare, clustered_ratio, difference
from baton.web.asked import in_words

FEWEST = 5
MOST_QUEUES = 9


class Kind(msgspec.Struct, frozen=True):
    """A stratum of the comparison: its words, and the dimensions that list its conversations."""

    words: str
    where: dict[str, str]
    share: StratumShare


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


class Paces(msgspec.Struct, frozen=True):
    """Reps whose queues take longer beside the others: raw, in each queue, and at the same mix of queues. Seconds.

    `usual` is what the work of each half takes on average, whoever does it. `reverses` is true where the raw figure says
    the opposite of the figure at the same mix (Simpson 1951).
    """

    raw: Pace
    queues: tuple[Pace, ...]
    raw_less: Estimate
    equal_less: Estimate | None
    reps: tuple[int, int]
    usual: tuple[float, float]

    @property
    def reverses(self) -> bool:
        """Whether raw and equal mix point in different directions."""
        return self.equal_less is not None and self.raw_less.value * self.equal_less.value < 0


def comparison_rows(mix: EqualMix) -> list[dict[str, object]]:
    """The rows of the drawing, in permille."""
    c = mix.comparison
    rows = [_compared("As it happened", "unequal work", "raw", c.left_raw, c.right_raw)]
    if c.left is not None and c.right is not None:
        rows.append(_compared("At equal mix", "same intent, complexity, channel", "equal", c.left, c.right))
    return rows


def kinds(mix: EqualMix) -> list[Kind]:
    """The strata compared, heaviest first."""
    found = []
    for share in sorted(mix.comparison.strata, key=lambda s: -s.weight):
        intent, complexity, channel = share.stratum.split(" · ")
        where = {"intent": intent, "complexity": complexity, "channel": channel}
        kept = {k: v for k, v in where.items() if v not in {"unknown", "ungraded"}}
        found.append(Kind(f"{in_words(intent)}, {complexity}, {channel}", kept, share))
    return found


async def paces(selected: Selected) -> Paces | None:
    """Handle time of the reps with the longer queues beside that of the others; None where there are too few of either."""
    handled = METRICS["aht"].counts
    if not isinstance(handled, Counted):
        return None
    found = await selected.sums([handled], ["rep", "queue"])
    cells = [Cell(rep, queue, sums.n, sums.y) for (rep, queue), (sums,) in found.items() if rep and queue and sums.n]
    return side_by_side(cells)


def side_by_side(cells: Sequence[Cell]) -> Paces | None:
    """Both halves of the reps: raw, queue by queue, and at the mix of both halves together."""
    usual = _usual(cells)
    harder, others = _halves(cells, usual)
    left, right = [c for c in cells if c.rep in harder], [c for c in cells if c.rep in others]
    raw_left, raw_right = _mean(left), _mean(right)
    if raw_left is None or raw_right is None:
        return None
    queues = sorted({c.queue for c in left} | {c.queue for c in right}, key=lambda q: -usual[q])
    each = tuple(_pace(queue, left, right) for queue in queues)
    shown = sorted(each, key=lambda p: -(p.left_n + p.right_n))[:MOST_QUEUES]
    return Paces(
        Pace("", raw_left, raw_right, _count(left), _count(right)), tuple(p for p in each if p in shown),
        difference(raw_left, raw_right), _equal_less(each), (len(harder), len(others)), (_expected(left, usual), _expected(right, usual)),
    )  # fmt: skip


def _compared(label: str, sub: str, kind: str, left: Estimate, right: Estimate) -> dict[str, object]:
    sides = (("agent", "AI", left), ("person", "people", right))
    marks = [
        {
            "who": who,
            "name": name,
            "value": round(e.value * 1000),
            "low": round(e.low * 1000),
            "high": round(e.high * 1000),
        }
        for who, name, e in sides
    ]
    return {"label": label, "sub": sub, "kind": kind, "marks": marks}


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


def _equal_less(queues: Sequence[Pace]) -> Estimate | None:
    """The difference at the mix of both halves together, over the queues that both have enough of."""
    both = [(p, p.left, p.right) for p in queues if p.left is not None and p.right is not None]
    total = sum(p.left_n + p.right_n for p, _, _ in both)
    if not total:
        return None
    weights: Mapping[str, float] = {p.queue: (p.left_n + p.right_n) / total for p, _, _ in both}
    left = _weighted([(e, weights[p.queue]) for p, e, _ in both])
    return difference(left, _weighted([(e, weights[p.queue]) for p, _, e in both]))


def _weighted(parts: Sequence[tuple[Estimate, float]]) -> Estimate:
    value = sum(w * e.value for e, w in parts)
    half = sum((w * (e.high - e.value)) ** 2 for e, w in parts) ** 0.5
    return Estimate(value, value - half, value + half, sum(e.n for e, _ in parts))


def _count(cells: Iterable[Cell]) -> int:
    return sum(c.n for c in cells)


def _expected(cells: Sequence[Cell], usual: Mapping[str, float]) -> float:
    return sum(c.n * usual[c.queue] for c in cells) / _count(cells)
