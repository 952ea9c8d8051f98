"""The metric registry: every number Baton shows, by id. Ask for figures, for the rows behind them, or for the reference page."""

from collections.abc import Mapping, Sequence

from baton.capabilities.performance.registry.definitions import METRICS
from baton.capabilities.performance.registry.metric import Metric, figure_of, figures_of, known_dimensions
from baton.capabilities.performance.registry.rows import Frame
from baton.capabilities.performance.registry.seen import DIMENSIONS, Figure, Filters, Seen
from baton.kernel.errors import BatonError
from baton.kernel.log import Store

__all__ = [
    "DIMENSIONS", "METRICS", "Figure", "Filters", "Metric", "Seen", "figure_of", "figures_of", "metric_of", "metrics", "page",
    "rows_of", "with_beside",
]  # fmt: skip


def metric_of(id: str) -> Metric:
    """The metric of this id; raises with the ids there are."""
    found = METRICS.get(id)
    if found is None:
        raise BatonError("unknown_metric", 404, f"There is no metric {id!r}. There are: {', '.join(METRICS)}.")
    return found


def with_beside(names: Sequence[str]) -> list[str]:
    """The metrics asked for (all where none is named), and those that are never left away beside them."""
    asked = list(names) or list(METRICS)
    beside = [other for name in asked for other in metric_of(name).beside]
    return list(dict.fromkeys([*asked, *beside]))


async def metrics(
    store: Store, names: Sequence[str] = (), by: Sequence[str] = (), filters: Filters | None = None
) -> list[Figure]:
    """Figures of these metrics (all where none is named), one per group of `by`, over what is in the log.

    Containment never comes without resolution beside it.
    """
    known_dimensions(by)
    asked = [METRICS[name] for name in with_beside(names)]
    told = [m for m in asked if names or not (m.team_only and "rep" in by)]
    found = await figures_of(Frame(store, filters), told, by)
    return [figure for metric in told for figure in found[metric.id]]


async def rows_of(
    store: Store, name: str, filters: Filters | None = None, group: Mapping[str, str] | None = None, limit: int = 0, offset: int = 0
) -> tuple[list[Seen], int]:  # fmt: skip
    """The rows behind a figure, or a page of them (0 is no limit), and how many there are."""
    return await metric_of(name).page(Frame(store, filters), group or {}, limit, offset)


def page() -> str:
    """docs/reference/metrics.md."""
    lines = [
        "# Metrics", "",
        "Every number Baton shows, generated from the registry (`src/baton/capabilities/performance/registry/`); a test compares "
        "them. Shares carry a 95 % interval over clusters (task, customer or rep): rows of one cluster are not independent.", "",
        "The same definitions hold for what is live and for history: a read model is written with the turn it comes from.", "",
        f"Group any of them by {', '.join(DIMENSIONS)}: `baton metrics NAME --by rep,intent`, `GET /api/metrics/NAME?by=rep`. "
        "The rows behind each: `GET /api/metrics/NAME/rows`.", "",
    ]  # fmt: skip
    for metric in METRICS.values():
        lines += [f"## {metric.id}", "", f"**{metric.title}** ({metric.unit}). {metric.formula}", ""]
        lines += [f"- No data: {metric.no_data}."] if metric.no_data else []
        lines += [f"- Exclusions: {metric.exclusions}", f"- Options: {metric.options}"]
        lines += [f"- Source: {metric.source}"] if metric.source else []
        lines += [f"- Never shown without: {', '.join(metric.beside)}"] if metric.beside else []
        lines.append("")
    return "\n".join(lines)
