"""The tables of the Performance page as rows to keep."""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from baton.capabilities.performance.registry.ledger import recontact_pairs
from baton.capabilities.performance.screen.meanings import all_of
from baton.capabilities.performance.screen.outcomes import outcomes
from baton.capabilities.performance.screen.parts import Ask
from baton.capabilities.performance.screen.selected import Selected, filters_of
from baton.capabilities.performance.screen.suggestions import COUNTS, uses
from baton.kernel.stats import Estimate

Table = tuple[Sequence[Mapping[str, object]], Sequence[str]]
DAYS = 7


async def ledger(ask: Ask) -> Table:
    """The nine states."""
    before = Selected(ask.app.store, ask.asked.before) if ask.asked.before else None
    found = await outcomes(Selected(ask.app.store, ask.asked), before)
    rows = [
        {"state": line.state, "needs": line.needs, **_ends("share", line.share), **_ends("change", line.change),
         "ended_without_a_person": line.contained, "clusters": line.share.clusters, "meaning": line.meaning}
        for line in found.lines
    ]  # fmt: skip
    return rows, [
        "state",
        "needs",
        *_names("share"),
        *_names("change"),
        "ended_without_a_person",
        "clusters",
        "meaning",
    ]


async def returns(ask: Ask) -> Table:
    """Who came back: each contained contact with the next about the same issue."""
    found = await recontact_pairs(ask.app.store, filters_of(ask.asked), DAYS, limit=100_000)
    rows = [
        {"issue": p.issue, "customer": p.customer, "gap_ms": p.gap_ms,
         **{f"first_{f}": getattr(p.first, f) for f in CONTACT}, **{f"then_{f}": getattr(p.then, f) for f in CONTACT}}
        for p in found.shown
    ]  # fmt: skip
    return rows, ["issue", "customer", "gap_ms", *(f"{side}_{f}" for side in ("first", "then") for f in CONTACT)]


async def suggestions(ask: Ask) -> Table:
    """AI suggestions, as far as the role may see them: per rep, or the team."""
    names = {rep.id: rep.name for rep in ask.app.accounts.everyone()}
    found = await uses(Selected(ask.app.store, ask.asked, anybody=True), names, ask.level("ai_use"), ask.staff.id)
    shown = [*found.rows, found.team] if ask.level("ai_use").agreed else [found.team]
    rows = [
        {"rep": use.rep or "team", "name": use.name, **{c: getattr(use, c) for c in COUNTS}, "conversations": use.conversations,
         **_ends("sent_as_they_were", use.as_they_were), **_ends("silent_rework", use.rework)}
        for use in shown
    ]  # fmt: skip
    return rows, ["rep", "name", *COUNTS, "conversations", *_names("sent_as_they_were"), *_names("silent_rework")]


async def figures(ask: Ask) -> Table:
    """Every figure of the registry that has rows here."""
    found = await all_of(Selected(ask.app.store, ask.asked))
    rows = [
        {"metric": f.metric.id, "title": f.metric.title, "value": f.value, "interval_95": f.interval, "n": f.n,
         "clusters": f.clusters, "formula": f.metric.formula, "exclusions": f.metric.exclusions}
        for f in found
    ]  # fmt: skip
    return rows, ["metric", "title", "value", "interval_95", "n", "clusters", "formula", "exclusions"]


CONTACT = ("conversation", "channel", "source", "path", "verdict", "started_ms", "ended_ms", "queue", "rep")
FILES: Mapping[str, Callable[[Ask], Awaitable[Table]]] = {
    "ledger": ledger, "returns": returns, "suggestions": suggestions, "figures": figures,
}  # fmt: skip


def _names(name: str) -> tuple[str, str, str]:
    return name, f"{name}_low", f"{name}_high"


def _ends(name: str, estimate: Estimate | None) -> dict[str, object]:
    if estimate is None:
        return {}
    told = (estimate.value, estimate.low, estimate.high)
    return dict(zip(_names(name), (round(each, 4) for each in told), strict=True))
