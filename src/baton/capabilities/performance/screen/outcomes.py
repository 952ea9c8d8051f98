"""Was the need met: the nine states of the ledger, what of them ended without a person, and the period before."""

from collections.abc import Callable, Iterable, Sequence

import msgspec

from baton.capabilities.performance.registry.definitions import AI_PATHS, METRICS
from baton.capabilities.performance.registry.metric import figure
from baton.capabilities.performance.registry.rows import Row, whole
from baton.capabilities.performance.registry.seen import Figure
from baton.capabilities.performance.screen.selected import Selected
from baton.capabilities.resolution.events import STATES
from baton.kernel.stats import Estimate, clustered_share, difference

SETTLED = ("confirmed", "provisional", "correctly_refused")
WINDOW_DAYS = 7
MEANINGS = {
    "confirmed": f"evidence, and nobody came back in {WINDOW_DAYS} days",
    "provisional": f"evidence; its {WINDOW_DAYS} days are not over",
    "correctly_refused": "not allowed, and said so clearly",
    "given_up": "left after an unmet ask",
    "reversed": "was held to be met, then came back",
    "failed": "the record, the rep or the source says it was not done",
    "unaccounted": "ended, no evidence either way",
    "open": "still being worked on, or a promise is open",
    "correctly_handed_over": "a person was needed and was reached",
}


class Line(msgspec.Struct, frozen=True):
    """One state: needs, their share, how that changed (None without a period before), and how many ended without a person."""

    state: str
    meaning: str
    needs: int
    share: Estimate
    change: Estimate | None
    contained: int


class Outcomes(msgspec.Struct, frozen=True):
    """The ledger of what is selected. `gap` are the needs that ended without a person and are not settled, by state.

    `share` is containment counted in needs, `evidence` the part of it that is settled; `young` are met, window open.
    """

    needs: int
    counts: dict[str, int]
    lines: tuple[Line, ...]
    contained: int
    settled: int
    gap: dict[str, int]
    share: Estimate
    evidence: Estimate
    before: int
    by_conversation: Figure
    confirmed_so_far: Figure
    young: int
    simulated: int
    invented: int
    of_ai: int

    @property
    def unmet(self) -> int:
        """Needs that ended without a person and without evidence that they were met."""
        return sum(self.gap.values())

    @property
    def containment(self) -> dict[str, int]:
        """What the ledger's drawing asks for: permille of all needs."""
        of = self.needs or 1
        settled = round(1000 * self.settled / of)
        return {
            "permille": round(1000 * self.contained / of),
            "settled_permille": settled,
            "gap_needs": self.unmet,
        }

    @property
    def gap_points(self) -> float:
        """Containment less what of it is settled with evidence, in percentage points, as drawn."""
        drawn = self.containment
        return (drawn["permille"] - drawn["settled_permille"]) / 10


async def outcomes(now: Selected, before: Selected | None) -> Outcomes:
    """The ledger of what is selected, beside the period before."""
    needs, among = await now.needs(), await now.conversations()
    earlier = await before.needs() if before else []
    then = await before.conversations() if before else among
    lines = [
        Line(state, MEANINGS[state], sum(r["state"] == state for r in needs), share, change, _contained(needs, state))
        for state in STATES
        for share in [_share(needs, among.cluster, (state,))]
        for change in [difference(share, _share(earlier, then.cluster, (state,))) if earlier else None]
    ]
    gap = {line.state: line.contained for line in lines if line.contained and line.state not in SETTLED}
    rows = [among[str(r["need"])] for r in needs]
    return Outcomes(
        len(needs), {line.state: line.needs for line in lines}, tuple(lines), sum(bool(r["contained"]) for r in needs),
        sum(_contained(needs, state) for state in SETTLED), gap,
        clustered_share(_clusters(needs, among.cluster, lambda r: bool(r["contained"]))),
        clustered_share(_clusters(needs, among.cluster, lambda r: bool(r["contained"] and r["state"] in SETTLED))),
        len(earlier), await _figure(now, "containment"), await _figure(now, "resolved_in_contained"),
        sum(r["state"] == "provisional" for r in needs), sum(bool(r["simulated"]) for r in rows),
        sum(r["origin"] == "generated" for r in rows), sum(r["first_path"] in AI_PATHS for r in needs),
    )  # fmt: skip


async def _figure(now: Selected, name: str) -> Figure:
    return figure(METRICS[name], await METRICS[name].rows(now), {})


def _contained(needs: Iterable[Row], state: str) -> int:
    return sum(whole(row["contained"]) for row in needs if row["state"] == state)


def _share(needs: Sequence[Row], cluster: Callable[[str], str], states: tuple[str, ...]) -> Estimate:
    return clustered_share(_clusters(needs, cluster, lambda row: row["state"] in states))


def _clusters(
    needs: Iterable[Row], cluster: Callable[[str], str], met: Callable[[Row], bool]
) -> dict[str, tuple[int, int]]:
    groups: dict[str, tuple[int, int]] = {}
    for row in needs:
        key = cluster(str(row["need"]))
        y, n = groups.get(key, (0, 0))
        groups[key] = (y + met(row), n + 1)
    return groups
