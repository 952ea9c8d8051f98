"""What a figure means: its definition, its value in what is selected, how it splits, and its rows."""

from collections.abc import Iterable
from math import isfinite

import msgspec

from baton.capabilities.performance.registry import METRICS, metric_of
from baton.capabilities.performance.registry.metric import Metric, figure, grouped
from baton.capabilities.performance.registry.seen import Figure, Seen
from baton.capabilities.performance.screen.selected import Selected
from baton.web.formats import duration_words, number

SPLITS = ("channel", "intent", "queue", "complexity", "path", "source")
MOST_GROUPS = 8
PAGE = 50


class Shown(msgspec.Struct, frozen=True):
    """A figure as a screen writes it: the value, its interval, how many rows and clusters stand behind it, what must be said with it."""

    metric: Metric
    value: str
    interval: str
    n: int
    clusters: int
    group: str = ""
    note: str = ""


class Meaning(msgspec.Struct, frozen=True):
    """A metric with its figure, its splits by name, and the figures it is never shown without."""

    shown: Shown
    beside: tuple[Shown, ...]
    splits: tuple[tuple[str, tuple[Shown, ...]], ...]


async def meaning(selected: Selected, id: str) -> Meaning:
    """The definition of a metric and its figures in what is selected; raises with the ids there are."""
    metric = metric_of(id)
    rows = await metric.rows(selected)
    beside = [await one(selected, METRICS[name]) for name in metric.beside]
    splits = [(name, _split(metric, rows, name)) for name in SPLITS]
    return Meaning(
        shown(metric, figure(metric, rows, {})), tuple(beside), tuple((n, s) for n, s in splits if len(s) > 1)
    )


async def one(selected: Selected, metric: Metric) -> Shown:
    """A metric's figure."""
    return shown(metric, figure(metric, await metric.rows(selected), {}))


async def estimate_of_stated(selected: Selected) -> Shown:
    """What the model would have said of the conversations whose outcome the source states."""
    metric, stated = METRICS["judged_resolution"], {str(row["conversation"]) for row in await selected.rewards()}
    rows = [row for row in await metric.rows(selected) if row.id in stated]
    return shown(metric, figure(metric, rows, {}))


async def all_of(selected: Selected, leave: Iterable[str] = ()) -> list[Shown]:
    """Every metric of the registry that has rows here."""
    found = [await one(selected, metric) for metric in METRICS.values() if metric.id not in set(leave)]
    return [each for each in found if each.n]


def shown(metric: Metric, found: Figure) -> Shown:
    """A figure in its unit."""
    value = "no figure" if found.value is None else written(found.value, metric.unit)
    ends = "" if found.low is None or found.high is None else _ends(found.low, found.high, metric.unit)
    return Shown(metric, value, ends, found.n, found.clusters, ", ".join(found.group.values()), found.note)


def written(value: float, unit: str) -> str:
    """A value in its unit: a share in percent, seconds as a duration, a mood with its sign."""
    if not isfinite(value):
        return "no figure"
    if unit == "share":
        return f"{number(value * 100, 1)}\u00a0%"
    if unit == "s":
        return seconds(value)
    return f"{'+' if value > 0 else ''}{number(value / 1000, 2)}" if unit == "permille" else number(value)


def seconds(value: float) -> str:
    """Seconds as people read them: under a minute with one decimal, else minutes and seconds."""
    if abs(value) < 60:
        return f"{number(value, 1)}\u00a0s"
    if abs(value) < 3600:
        minutes, rest = divmod(round(abs(value)), 60)
        return f"{'−' if value < 0 else ''}{minutes}:{rest:02}\u00a0min"
    return duration_words(round(value * 1000))


def clock(value: float) -> str:
    """Seconds as minutes and seconds, for a column of handle times: 679.0 as "11:19"."""
    minutes, rest = divmod(round(abs(value)), 60)
    return f"{'−' if value <= -0.5 else ''}{minutes}:{rest:02}"


def _ends(low: float, high: float, unit: str) -> str:
    if not (isfinite(low) and isfinite(high)):
        return ""
    if unit == "share":
        return f"{number(low * 100, 1)} to {number(high * 100, 1)}"
    if unit == "s":
        return f"{seconds(max(low, 0.0))} to {seconds(high)}"
    return f"{written(low, unit)} to {written(high, unit)}"


def _split(metric: Metric, rows: list[Seen], by: str) -> tuple[Shown, ...]:
    found = grouped(metric, [row for row in rows if row.of.get(by)], [by])
    return tuple(shown(metric, each) for each in found[:MOST_GROUPS])
