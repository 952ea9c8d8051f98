"""What a metric is made of: rows that were seen, what may be asked of them, and the figure they give."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from math import isinf
from typing import Literal

import msgspec

from baton.kernel.errors import BatonError
from baton.kernel.log import Store
from baton.kernel.stats import Estimate, clustered_ratio, clustered_share

Unit = Literal["share", "s", "permille", "count"]
DIMENSIONS = (
    "rep", "agent", "queue", "intent", "channel", "complexity", "source", "path", "day", "language", "brand", "site", "origin",
)  # fmt: skip


class Filters(msgspec.Struct, frozen=True):
    """Which conversations count: by when they began (milliseconds, `until_ms` excluded) and by dimension; empty means all."""

    from_ms: int = 0
    until_ms: int = 0
    where: dict[str, str] = {}


class Seen(msgspec.Struct, frozen=True, gc=False):
    """One row of a metric: y over x, the conversation (or other id) it came from, and its dimensions."""

    id: str
    y: float
    x: float
    cluster: str
    of: Mapping[str, str]


Rows = Callable[[Store, Filters], Awaitable[list[Seen]]]


class Metric(msgspec.Struct, frozen=True):
    """One definition. `formula` is what screens and documents show; `beside` are metrics never left away when it is shown."""

    id: str
    title: str
    formula: str
    unit: Unit
    rows: Rows
    exclusions: str = "None."
    options: str = "None."
    source: str = ""
    beside: tuple[str, ...] = ()


class Figure(msgspec.Struct, frozen=True):
    """A metric's value in a group: y over x (the sum of y, for a count), with its 95 % interval over `clusters`."""

    metric: str
    title: str
    unit: Unit
    group: dict[str, str]
    value: float
    low: float | None
    high: float | None
    n: int
    clusters: int
    y: float
    x: float

    def row(self) -> dict[str, object]:
        """As one flat row: for tables, CSV and JSON."""
        digits = 1 if self.unit in {"s", "permille"} else 4
        ends = [None if e is None else round(e, digits) for e in (self.low, self.high)]
        return {
            "metric": self.metric, **self.group, "value": round(self.value, digits), "low": ends[0], "high": ends[1],
            "unit": self.unit, "n": self.n, "clusters": self.clusters, "sum": round(self.y, 3),
        }  # fmt: skip


def figure(metric: Metric, seen: Sequence[Seen], group: dict[str, str]) -> Figure:
    """The figure of these rows, with its interval: rows of one cluster (task, customer, rep) are not independent."""
    y, x = sum(s.y for s in seen), sum(s.x for s in seen)
    if metric.unit == "count":
        return Figure(metric.id, metric.title, metric.unit, group, y, None, None, len(seen), 0, y, x)
    clusters: dict[str, tuple[float, float]] = {}
    for each in seen:
        had = clusters.get(each.cluster, (0.0, 0.0))
        clusters[each.cluster] = (had[0] + each.y, had[1] + each.x)
    found = _share(clusters) if metric.unit == "share" else clustered_ratio(clusters)
    ends = (found.low, found.high) if x else (None, None)
    low, high = (None if e is None or isinf(e) else e for e in ends)
    return Figure(metric.id, metric.title, metric.unit, group, found.value, low, high, len(seen), len(clusters), y, x)


def grouped(metric: Metric, seen: Sequence[Seen], by: Sequence[str]) -> list[Figure]:
    """A figure per group of `by`, biggest first; one for all where `by` is empty."""
    for name in by:
        if name not in DIMENSIONS:
            raise BatonError(
                "unknown_dimension", 422, f"Nothing can be grouped by {name!r}. Choose from {', '.join(DIMENSIONS)}."
            )
    if not by:
        return [figure(metric, seen, {})]
    groups: dict[tuple[str, ...], list[Seen]] = {}
    for each in seen:
        groups.setdefault(tuple(each.of.get(name, "") for name in by), []).append(each)
    ranked = sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
    return [figure(metric, rows, dict(zip(by, key, strict=True))) for key, rows in ranked]


def _share(clusters: Mapping[str, tuple[float, float]]) -> Estimate:
    whole = all(y.is_integer() and x.is_integer() for y, x in clusters.values())
    if not whole:
        return clustered_ratio(clusters)
    return clustered_share({c: (int(y), int(x)) for c, (y, x) in clusters.items()})
