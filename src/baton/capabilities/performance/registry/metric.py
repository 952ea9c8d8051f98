"""A metric: one definition, and the figures that rows give it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from math import isinf

import msgspec

from baton.capabilities.performance.registry.estimated import estimated
from baton.capabilities.performance.registry.rows import Frame
from baton.capabilities.performance.registry.seen import DIMENSIONS, Figure, Seen, Unit
from baton.kernel.errors import BatonError
from baton.kernel.stats import Estimate, clustered_ratio, clustered_share

Rows = Callable[[Frame], Awaitable[list[Seen]]]


class Metric(msgspec.Struct, frozen=True):
    """One definition. `formula` is what screens and documents show; `beside` are metrics never left away when it is shown;
    `automatic` ones are means of a model's estimates.
    """

    id: str
    title: str
    formula: str
    unit: Unit
    rows: Rows
    exclusions: str = "None."
    options: str = "None."
    source: str = ""
    beside: tuple[str, ...] = ()
    automatic: bool = False


def figure(metric: Metric, seen: Sequence[Seen], group: dict[str, str]) -> Figure:
    """The figure of these rows, with its interval: rows of one cluster (task, customer, rep) are not independent."""
    y, x = sum(s.y for s in seen), sum(s.x for s in seen)
    if not seen:
        return Figure(metric.id, metric.title, metric.unit, group, None, None, None, 0, 0, 0.0, 0.0)
    if metric.automatic:
        return _automatic(metric, seen, group)
    if metric.unit == "count":
        return Figure(metric.id, metric.title, metric.unit, group, y, None, None, len(seen), 0, y, x)
    clusters: dict[str, tuple[float, float]] = {}
    for each in seen:
        had = clusters.get(each.cluster, (0.0, 0.0))
        clusters[each.cluster] = (had[0] + each.y, had[1] + each.x)
    found = _share(clusters) if metric.unit == "share" else clustered_ratio(clusters)
    low, high = (None if isinf(end) or not x else end for end in (found.low, found.high))
    value = found.value if x else None
    return Figure(metric.id, metric.title, metric.unit, group, value, low, high, len(seen), len(clusters), y, x)


def _automatic(metric: Metric, seen: Sequence[Seen], group: dict[str, str]) -> Figure:
    found, note = estimated(seen)
    known = [each for each in seen if each.x]
    y, x = sum(each.y for each in known), sum(each.x for each in known)
    if found is None:
        return Figure(metric.id, metric.title, metric.unit, group, None, None, None, len(known), 0, y, x, note)
    low, high = (None if isinf(end) else end for end in (found.low, found.high))
    clusters = len({each.cluster for each in known})
    return Figure(metric.id, metric.title, metric.unit, group, found.value, low, high, len(known), clusters, y, x, note)


def known_dimensions(by: Sequence[str]) -> None:
    """Raises where something cannot be grouped by."""
    for name in by:
        if name not in DIMENSIONS:
            raise BatonError(
                "unknown_dimension", 422, f"Nothing can be grouped by {name!r}. Choose from {', '.join(DIMENSIONS)}."
            )


def grouped(metric: Metric, seen: Sequence[Seen], by: Sequence[str]) -> list[Figure]:
    """A figure per group of `by`, biggest first; one for all where `by` is empty."""
    known_dimensions(by)
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
