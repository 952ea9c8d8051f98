"""A metric: one definition, and the figures that its rows give."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from math import isfinite

import msgspec

from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.estimated import estimated
from baton.capabilities.performance.registry.rows import Frame, Sums
from baton.capabilities.performance.registry.scope import Expr
from baton.capabilities.performance.registry.seen import DIMENSIONS, Figure, Seen, Unit
from baton.kernel.errors import BatonError
from baton.kernel.stats import ClusterSums, Estimate, difference, ratio_of_sums, share_of_sums

Rows = Callable[[Frame], Awaitable[list[Seen]]]


class Metric(msgspec.Struct, frozen=True):
    """One definition. `formula` is what screens and documents show; `beside` are metrics never left away when it is shown.

    `counts` is what the database adds up, or, for `automatic` means of a model's estimates, the rows themselves; None where
    there is no data, and `no_data` says why. `versus` compares, by that dimension, all others with the most frequent value.
    A `team_only` figure is never given for one rep.
    """

    id: str
    title: str
    formula: str
    unit: Unit
    counts: Counted | Rows | None
    exclusions: str = "None."
    options: str = "None."
    source: str = ""
    beside: tuple[str, ...] = ()
    automatic: bool = False
    no_data: str = ""
    versus: str = ""
    team_only: bool = False

    async def page(
        self, frame: Frame, group: Mapping[str, str], limit: int = 0, offset: int = 0
    ) -> tuple[list[Seen], int]:
        """The rows behind the figure, or a page of them, and how many there are."""
        known_dimensions(group)
        team(self, group)
        if self.counts is None:
            return [], 0
        if isinstance(self.counts, Counted):
            found = await frame.listed(self.counts, group, limit, offset)
            alone = len(found) if not limit else await self._count(frame, group)
            return found, alone
        rows = [row for row in await self.counts(frame) if all(row.of.get(k, "") == v for k, v in group.items())]
        return rows[offset : offset + limit] if limit else rows, len(rows)

    async def _count(self, frame: Frame, group: Mapping[str, str]) -> int:
        split = (await figures_of(frame, [msgspec.structs.replace(self, versus="")], tuple(group)))[self.id]
        return sum(each.n for each in split if each.group == dict(group))


async def figures_of(
    frame: Frame, metrics: Sequence[Metric], by: Sequence[str] = (), also: Expr | None = None
) -> dict[str, list[Figure]]:
    """Figures of these metrics, one per group of `by` and biggest first; those of one grain are asked for in one query."""
    known_dimensions(by)
    for metric in metrics:
        team(metric, by)
    parts: dict[tuple[int, str], list[Metric]] = {}
    for metric in metrics:
        alone = metric.counts.grain if isinstance(metric.counts, Counted) else metric
        parts.setdefault((id(alone), metric.versus), []).append(metric)
    found: dict[str, list[Figure]] = {}
    for part in await asyncio.gather(*(_part(frame, each, tuple(by), also) for each in parts.values())):
        found |= part
    return found


async def figure_of(frame: Frame, metric: Metric, also: Expr | None = None) -> Figure:
    """A metric's one figure."""
    return (await figures_of(frame, [metric], (), also))[metric.id][0]


def figure(metric: Metric, sums: ClusterSums, group: dict[str, str]) -> Figure:
    """The figure of these sums, with its interval: rows of one cluster (task, customer, rep) are not independent."""
    if not sums.n or (not sums.x and metric.unit != "count"):
        return _nothing(metric, group, sums)
    if metric.unit == "count":
        return _figure(metric, group, Estimate(sums.y, float("-inf"), float("inf"), sums.n), sums)
    return _figure(metric, group, _estimate(metric, sums), sums)


def known_dimensions(by: Iterable[str]) -> None:
    """Raises where something cannot be grouped by."""
    for name in by:
        if name not in DIMENSIONS:
            told = f"Nothing can be grouped by {name!r}. Choose from {', '.join(DIMENSIONS)}."
            raise BatonError("unknown_dimension", 422, told)


def team(metric: Metric, by: Iterable[str]) -> None:
    """Raises where one rep's load is asked for: it is looked at for teams only."""
    if metric.team_only and "rep" in by:
        raise BatonError(
            "team_only", 422, f"{metric.title} is told for teams only, never for one rep. Leave out `rep`."
        )


async def _part(frame: Frame, metrics: list[Metric], by: tuple[str, ...], also: Expr | None) -> dict[str, list[Figure]]:
    first = metrics[0]
    if first.counts is None:
        return {first.id: [] if by else [_nothing(first, {}, ClusterSums())]}
    if not isinstance(first.counts, Counted):
        return {first.id: _automatic(first, await first.counts(frame), by)}
    counts = [each.counts for each in metrics if isinstance(each.counts, Counted)]
    asked = (*by, first.versus) if first.versus else by
    sums = await frame.sums(counts, asked, also)
    if first.versus:
        return {each.id: _versus(each, sums, n, by) for n, each in enumerate(metrics)}
    return {each.id: _ranked(each, sums, n, by) for n, each in enumerate(metrics)}


def _ranked(metric: Metric, sums: Sums, n: int, by: tuple[str, ...]) -> list[Figure]:
    if not by:
        return [figure(metric, sums[()][n] if () in sums else ClusterSums(), {})]
    told = sorted(((key, each[n]) for key, each in sums.items() if each[n].n), key=lambda g: (-g[1].n, g[0]))
    return [figure(metric, each, dict(zip(by, key, strict=True))) for key, each in told]


def _versus(metric: Metric, sums: Sums, n: int, by: tuple[str, ...]) -> list[Figure]:
    """All others less the most frequent value, where either has any."""
    often: dict[str, int] = {}
    groups: dict[tuple[str, ...], dict[str, ClusterSums]] = {}
    for key, each in sums.items():
        often[key[-1]] = often.get(key[-1], 0) + each[n].n
        groups.setdefault(key[:-1], {})[key[-1]] = each[n]
    often.pop("", None)
    usual = max(often, key=lambda v: (often[v], v)) if often else ""
    told = [_compared(metric, g, usual, dict(zip(by, key, strict=True))) for key, g in sorted(groups.items())]
    return told or ([] if by else [_nothing(metric, {}, ClusterSums())])


def _compared(metric: Metric, values: Mapping[str, ClusterSums], usual: str, group: dict[str, str]) -> Figure:
    others = sum((s for v, s in values.items() if v not in {usual, ""}), ClusterSums())
    most = values.get(usual, ClusterSums())
    if not others.x or not most.x:
        return _nothing(metric, group, others + most)
    shares = Metric(metric.id, "", "", "share" if metric.unit == "points" else metric.unit, metric.counts)
    apart = difference(_estimate(shares, others), _estimate(shares, most))
    note = f"{others.n} of other languages less {most.n} of {usual!r}." if metric.versus == "language" else ""
    return msgspec.structs.replace(_figure(metric, group, apart, others + most), note=note)


def _estimate(metric: Metric, sums: ClusterSums) -> Estimate:
    return share_of_sums(sums) if metric.unit == "share" else ratio_of_sums(sums)


def _figure(metric: Metric, group: dict[str, str], found: Estimate, sums: ClusterSums) -> Figure:
    low, high = (end if isfinite(end) else None for end in (found.low, found.high))
    return Figure(metric.id, metric.title, metric.unit, group, found.value, low, high, sums.n, sums.k, sums.y, sums.x)


def _nothing(metric: Metric, group: dict[str, str], sums: ClusterSums) -> Figure:
    note = f"no data: {metric.no_data}" if metric.no_data else ""
    return Figure(metric.id, metric.title, metric.unit, group, None, None, None, sums.n, sums.k, sums.y, sums.x, note)


def _automatic(metric: Metric, rows: Sequence[Seen], by: tuple[str, ...]) -> list[Figure]:
    groups: dict[tuple[str, ...], list[Seen]] = {} if by else {(): list(rows)}
    for each in rows if by else ():
        groups.setdefault(tuple(each.of.get(name, "") for name in by), []).append(each)
    ranked = sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
    return [judged(metric, each, dict(zip(by, key, strict=True))) for key, each in ranked]


def judged(metric: Metric, seen: Sequence[Seen], group: dict[str, str]) -> Figure:
    """The figure of a model's estimates, corrected by the outcomes that are stated for a part of them."""
    known = [each for each in seen if each.x]
    clusters = len({each.cluster for each in known})
    sums = ClusterSums(len(known), clusters, sum(each.y for each in known), sum(each.x for each in known))
    found, note = estimated(seen) if seen else (None, "")
    told = _nothing(metric, group, sums) if found is None else _figure(metric, group, found, sums)
    return msgspec.structs.replace(told, note=note)
