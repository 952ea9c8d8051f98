"""Was the need met: the nine states of the ledger, what of them ended without a person, and the period before."""

import asyncio

import msgspec
from sqlalchemy import and_

from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.definitions import AI_PATHS, METRICS
from baton.capabilities.performance.registry.grains import NEED, N
from baton.capabilities.performance.registry.metric import figures_of
from baton.capabilities.performance.registry.rows import Sums
from baton.capabilities.performance.registry.scope import C, amount, flag
from baton.capabilities.performance.registry.seen import Figure
from baton.capabilities.performance.screen.selected import Selected
from baton.capabilities.resolution.events import STATES
from baton.kernel.stats import ClusterSums, Estimate, difference, share_of_sums
from baton.web.charts import LEDGER

SETTLED = ("confirmed", "provisional", "correctly_refused")
WINDOW_DAYS = 7
SHARES = [
    *(Counted(NEED, flag(N.state == state)) for state in STATES),
    Counted(NEED, amount(N.contained)),
    Counted(NEED, flag(and_(amount(N.contained) == 1, N.state.in_(SETTLED)))),
]
"""The nine states, containment, and what of it is settled: all over all needs."""
SPLIT = [
    Counted(NEED, amount(N.contained)),
    Counted(NEED, amount(C.simulated)),
    Counted(NEED, flag(C.origin == "generated")),
    Counted(NEED, flag(N.first_path.in_(AI_PATHS))),
]
NO_NEEDS = [0] * len(SPLIT)
NOTHING = [ClusterSums()] * len(SHARES)
MEANINGS = {look.state: look.meaning for look in LEDGER} | {
    "confirmed": f"evidence, and nobody came back in {WINDOW_DAYS} days",
    "provisional": f"evidence; its {WINDOW_DAYS} days are not over",
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
    shares, split, earlier, figures = await asyncio.gather(
        now.sums(SHARES), now.sums(SPLIT, ["state"]), before.sums(SHARES[: len(STATES)]) if before else _none(),
        figures_of(now, [METRICS["containment"], METRICS["resolved_in_contained"]]),
    )  # fmt: skip
    told, then = shares.get((), NOTHING), earlier.get((), NOTHING)
    by_state = {state: [round(each.y) for each in sums] for (state,), sums in split.items()}
    lines = [
        Line(state, MEANINGS[state], round(told[n].y), share, change, by_state.get(state, NO_NEEDS)[0])
        for n, state in enumerate(STATES)
        for share in [share_of_sums(told[n])]
        for change in [difference(share, share_of_sums(then[n])) if then[n].n else None]
    ]
    contained, simulated, invented, of_ai = (sum(each[n] for each in by_state.values()) for n in range(4))
    gap = {line.state: line.contained for line in lines if line.contained and line.state not in SETTLED}
    return Outcomes(
        told[0].n, {line.state: line.needs for line in lines}, tuple(lines), contained, contained - sum(gap.values()), gap,
        share_of_sums(told[-2]), share_of_sums(told[-1]), then[0].n, figures["containment"][0],
        figures["resolved_in_contained"][0], round(told[STATES.index("provisional")].y),
        simulated, invented, of_ai,
    )  # fmt: skip


async def _none() -> Sums:
    return {}
