"""People and AI side by side: at equal mix with what may be concluded, and why a raw handle time misleads."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from baton.capabilities.performance.registry.definitions import METRICS
from baton.capabilities.performance.registry.ledger import EqualMix
from baton.capabilities.performance.registry.seen import Seen
from baton.capabilities.performance.screen.selected import Selected
from baton.kernel.stats import Estimate, StratumShare, clustered_ratio, difference
from baton.web.asked import in_words

LEVELS = ("low", "medium", "high")
FEWEST = 5


class Kind(msgspec.Struct, frozen=True):
    """A stratum of the comparison: its words, and the dimensions that list its conversations."""

    words: str
    where: dict[str, str]
    share: StratumShare


class Pace(msgspec.Struct, frozen=True):
    """Handle time of both halves of the reps at one level of complexity, in seconds; None where too few to say."""

    level: str
    left: Estimate | None
    right: Estimate | None
    left_n: int
    right_n: int


class Paces(msgspec.Struct, frozen=True):
    """Reps with the harder work beside the others: raw, at each level, and at the same mix. Seconds.

    `reverses` is true where the raw figure says the opposite of the figure at the same mix (Simpson 1951).
    """

    raw: Pace
    levels: tuple[Pace, ...]
    raw_less: Estimate
    equal_less: Estimate | None
    reps: tuple[int, int]
    hard: tuple[float, float]

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
    """Handle time of the reps with most hard work beside that of the others; None where there are too few of either."""
    seen = [s for s in await METRICS["aht"].rows(selected) if s.of["rep"] and s.of["complexity"] in LEVELS]
    harder, others = _halves(seen)
    left, right = [s for s in seen if s.of["rep"] in harder], [s for s in seen if s.of["rep"] in others]
    if min(len(harder), len(others)) < 2 or min(len(left), len(right)) < 2 * FEWEST:
        return None
    levels = tuple(_pace(level, left, right) for level in LEVELS)
    raw = Pace("all", _mean(left), _mean(right), len(left), len(right))
    assert raw.left is not None and raw.right is not None  # noqa: S101, PT018  both sides were counted above
    return Paces(
        raw, levels, difference(raw.left, raw.right), _equal_less(levels), (len(harder), len(others)),
        (_hard(left), _hard(right)),
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


def _halves(seen: Iterable[Seen]) -> tuple[set[str], set[str]]:
    """Reps by their share of medium and high work: the upper half and the lower."""
    counts: dict[str, list[int]] = {}
    for each in seen:
        had = counts.setdefault(each.of["rep"], [0, 0])
        had[0] += each.of["complexity"] != "low"
        had[1] += 1
    ranked = sorted(
        (rep for rep, (_, n) in counts.items() if n >= FEWEST), key=lambda r: (-counts[r][0] / counts[r][1], r)
    )
    middle = len(ranked) // 2
    return set(ranked[:middle]), set(ranked[middle:])


def _pace(level: str, left: Sequence[Seen], right: Sequence[Seen]) -> Pace:
    a, b = ([s for s in side if s.of["complexity"] == level] for side in (left, right))
    return Pace(level, _mean(a), _mean(b), len(a), len(b))


def _mean(seen: Sequence[Seen]) -> Estimate | None:
    if len(seen) < FEWEST or len({s.cluster for s in seen}) < 2:
        return None
    groups: dict[str, tuple[float, float]] = {}
    for each in seen:
        y, x = groups.get(each.cluster, (0.0, 0.0))
        groups[each.cluster] = (y + each.y, x + each.x)
    return clustered_ratio(groups)


def _equal_less(levels: Sequence[Pace]) -> Estimate | None:
    """The difference at the mix of both halves together, over the levels that both have enough of."""
    both = [(p, p.left, p.right) for p in levels if p.left is not None and p.right is not None]
    total = sum(p.left_n + p.right_n for p, _, _ in both)
    if not total:
        return None
    weights: Mapping[str, float] = {p.level: (p.left_n + p.right_n) / total for p, _, _ in both}
    left = _weighted([(e, weights[p.level]) for p, e, _ in both])
    return difference(left, _weighted([(e, weights[p.level]) for p, _, e in both]))


def _weighted(parts: Sequence[tuple[Estimate, float]]) -> Estimate:
    value = sum(w * e.value for e, w in parts)
    half = sum((w * (e.high - e.value)) ** 2 for e, w in parts) ** 0.5
    return Estimate(value, value - half, value + half, sum(e.n for e, _ in parts))


def _hard(seen: Sequence[Seen]) -> float:
    return sum(s.of["complexity"] != "low" for s in seen) / len(seen)
