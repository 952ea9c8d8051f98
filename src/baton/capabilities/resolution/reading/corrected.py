"""Corrected: the share of needs met as Baton judges all of them, corrected by what people answered about a random part without seeing that judgement."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import select

from baton.capabilities.resolution.reading.windowed import Need
from baton.capabilities.resolution.tables import PROBES
from baton.kernel.log import Store
from baton.kernel.stats import Estimate, Labelled, clustered_share, prediction_powered_sampled, wilson

MET = frozenset({"confirmed", "provisional", "correctly_refused"})
FEWEST = 30
"""Answers below which nothing is corrected: the interval would rest on a handful of customers."""
FEWEST_OF_A_KIND = 5
"""Where fewer answers say yes, or no, their spread is not known; then the answers alone are shown, with Wilson's interval."""


class Drawn(msgspec.Struct, frozen=True):
    """A need of the draw: the chance it had, and its answer (empty while there is none)."""

    need: str
    permille: int
    met: str = ""
    who: str = ""
    by: str = ""
    answered_ms: int = 0


class Corrected(msgspec.Struct, frozen=True):
    """Both figures. `automatic` is over all needs that are over, `corrected` None where too few answers are there; `why` says so.

    `drawn` needs were drawn, `answered` have an answer, `cannot` of them "cannot tell"; `agree` of the `usable` ones say what Baton says.
    """

    automatic: Estimate
    corrected: Estimate | None
    drawn: int
    answered: int
    usable: int
    cannot: int
    agree: int
    why: str = ""

    @property
    def missing(self) -> int:
        """How many more answers are needed before anything is corrected."""
        return max(0, FEWEST - self.usable)


async def probes(store: Store) -> dict[str, Drawn]:
    """The draw, by need."""
    rows = await store.survey(select(*PROBES.c).where(PROBES.c.permille > 0))
    return {
        str(r["need"]): Drawn(str(r["need"]), _whole(r["permille"]), str(r["met"] or ""), str(r["who"] or ""), str(r["answered_by"] or ""), _whole(r["answered_ms"]))
        for r in rows
    }  # fmt: skip


def corrected(found: Sequence[Need], drawn: Mapping[str, Drawn]) -> Corrected:
    """The automatic share of needs met, and the corrected one. Needs still open, and those of simulated customers, are in neither."""
    over = [need for need in found if need.state != "open" and not need.simulated]
    scores = [(need.cluster, float(need.state in MET)) for need in over]
    asked = [(need, drawn[need.need]) for need in over if need.need in drawn]
    told = [
        Labelled(need.cluster, float(need.state in MET), float(probe.met == "yes"), probe.permille / 1000)
        for need, probe in asked
        if probe.met in {"yes", "no"}
    ]
    value, why = _estimate(scores, told)
    return Corrected(
        _share(scores), value, len(asked), sum(bool(p.met) for _, p in asked), len(told), sum(p.met == "cannot_tell" for _, p in asked),
        sum(each.score == each.label for each in told), why,
    )  # fmt: skip


def _estimate(scores: Sequence[tuple[str, float]], told: Sequence[Labelled]) -> tuple[Estimate | None, str]:
    if len(told) < FEWEST:
        return None, f"Too few answers to correct: {len(told)} of the {FEWEST} that are needed."
    yes = round(sum(each.label for each in told))
    if min(yes, len(told) - yes) < FEWEST_OF_A_KIND:
        said = f"The answers alone, since fewer than {FEWEST_OF_A_KIND} of them say {'no' if 2 * yes > len(told) else 'yes'} (Wilson)."
        return wilson(yes, len(told)), said
    found = prediction_powered_sampled(scores, told)
    kept = Estimate(min(1.0, max(0.0, found.value)), max(0.0, found.low), min(1.0, found.high), found.n, found.clusters)
    return kept, "Corrected by the answers (prediction-powered, known chances)."


def _share(scores: Sequence[tuple[str, float]]) -> Estimate:
    groups: dict[str, tuple[int, int]] = {}
    for cluster, met in scores:
        y, n = groups.get(cluster, (0, 0))
        groups[cluster] = (y + int(met), n + 1)
    return clustered_share(groups)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
