"""What a figure means: its definition, its value in what is selected, how it splits, and its rows."""

import asyncio
from collections.abc import Iterable
from math import isfinite

import msgspec
from sqlalchemy import select

from baton.capabilities.lake.tables import LABELS
from baton.capabilities.performance.registry import METRICS, figures_of, metric_of
from baton.capabilities.performance.registry.judged import judged
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.metric import judged as estimate
from baton.capabilities.performance.registry.seen import Figure
from baton.capabilities.performance.screen.selected import Selected
from baton.capabilities.resolution.tables import CONTACTS
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
    beside = [METRICS[name] for name in metric.beside]
    figures, *split = await asyncio.gather(
        figures_of(selected, [metric, *beside]), *(figures_of(selected, [metric], [name]) for name in SPLITS)
    )
    splits = {name: tuple(_named(metric, found[id])) for name, found in zip(SPLITS, split, strict=True)}
    return Meaning(
        shown(metric, figures[id][0]), tuple(shown(m, figures[m.id][0]) for m in beside),
        tuple((name, told) for name, told in splits.items() if len(told) > 1),
    )  # fmt: skip


async def estimate_of_stated(selected: Selected) -> Shown:
    """What the model would have said of the conversations whose outcome the source states."""
    metric = METRICS["judged_resolution"]
    stated = select(LABELS.c.value).where(LABELS.c.conversation == CONTACTS.c.conversation, LABELS.c.what == "reward")
    rows = await judged(selected, stated.correlate(CONTACTS).exists())
    return shown(metric, estimate(metric, rows, {}))


async def cost_of(selected: Selected) -> Shown:
    """Cost per resolution in what is selected."""
    metric = METRICS["cost_per_resolution"]
    return shown(metric, (await figures_of(selected, [metric]))[metric.id][0])


async def all_of(selected: Selected, leave: Iterable[str] = ()) -> list[Shown]:
    """Every metric of the registry that has rows here."""
    asked = [metric for metric in METRICS.values() if metric.id not in set(leave) and not metric.no_data]
    found = await figures_of(selected, asked)
    return [shown(metric, found[metric.id][0]) for metric in asked if found[metric.id][0].n]


def shown(metric: Metric, found: Figure) -> Shown:
    """A figure in its unit."""
    value = "no figure" if found.value is None else written(found.value, metric.unit)
    low = max(found.low, 0.0) if found.low is not None and metric.unit == "s" and not metric.versus else found.low
    ends = "" if low is None or found.high is None else _ends(low, found.high, metric.unit)
    return Shown(metric, value, ends, found.n, found.clusters, ", ".join(found.group.values()), found.note)


def written(value: float, unit: str) -> str:
    """A value in its unit: a share in percent, seconds as a duration, a mood with its sign."""
    if not isfinite(value):
        return "no figure"
    if unit == "share":
        return f"{number(value * 100, 1)}\u00a0%"
    if unit == "s":
        return seconds(value)
    if unit == "cents":
        return f"{number(value, 1 if abs(value) < 100 else 0)}\u00a0cents"
    if unit == "points":
        return f"{'+' if value > 0 else ''}{number(value * 100, 1)}\u00a0points"
    if unit in {"permille", "score"}:
        return f"{'+' if value > 0 else ''}{number(value / 1000, 2)}" if unit == "permille" else number(value, 2)
    return number(value)


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
    if unit == "points":
        return f"{'+' if low > 0 else ''}{number(low * 100, 1)} to {'+' if high > 0 else ''}{number(high * 100, 1)}"
    if unit == "s":
        return f"{seconds(low)} to {seconds(high)}"
    return f"{written(low, unit)} to {written(high, unit)}"


def _named(metric: Metric, found: list[Figure]) -> list[Shown]:
    return [shown(metric, each) for each in found if all(each.group.values())][:MOST_GROUPS]
