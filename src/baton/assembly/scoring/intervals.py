"""`baton eval intervals`: do the intervals keep what they promise? On invented organisations whose truth is known, with the product's own statistics.

The truth answers for the needs that the ledger's own draw chose, as a reviewer would, and scores; nothing else sees it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from random import Random

import msgspec

from baton.assembly.scoring.organisations import Need, Organisation, Stretch, organisation
from baton.capabilities.resolution.events import Probing
from baton.kernel.stats import (
    Estimate,
    Labelled,
    MeanComparison,
    Moments,
    coverage,
    prediction_powered_sampled,
    standardise_means,
    watched_difference,
)

Say = Callable[[str], None]
Figures = dict[str, object]
Side = Mapping[str, Mapping[str, tuple[float, float]]]
DAYS = 30
SPLITS = 5
"""How many A/A comparisons each organisation is split into, each by other random halves."""
DRAWN = Probing(150)
"""About 200 needs of a month."""


class Found(msgspec.Struct, frozen=True):
    """What one organisation showed: its estimate beside the truth, A/A claims, and differences in handle time less the true one, in seconds."""

    rate: Estimate
    truth: float
    automatic: float
    claims: int
    raw: float
    adjusted: float | None
    by_intent: float | None


def intervals(seed: int, organisations: int, say: Say) -> Figures:
    """The figures over so many organisations."""
    found: list[Found] = []
    for n in range(organisations):
        found.append(_one(organisation(seed * 100_000 + n, DAYS)))
        if n % 20 == 19:
            say(f"{n + 1} of {organisations} organisations")
    return _figures(found)


def _figures(found: Sequence[Found]) -> Figures:
    held = coverage([f.rate for f in found], [f.truth for f in found])
    raw = _mean([f.raw for f in found if f.adjusted is not None])
    adjusted = _mean([f.adjusted for f in found if f.adjusted is not None])
    by_intent = _mean([f.by_intent for f in found if f.by_intent is not None])
    return {
        "coverage": round(held.value, 4), "coverage_interval": [round(held.low, 4), round(held.high, 4)],
        "width": round(_mean([f.rate.high - f.rate.low for f in found]), 4),
        "automatic_bias": round(_mean([f.automatic - f.truth for f in found]), 4),
        "estimate_bias": round(_mean([f.rate.value - f.truth for f in found]), 4),
        "false_claims": round(sum(f.claims for f in found) / (SPLITS * len(found)), 4), "comparisons": SPLITS * len(found),
        "raw_bias": round(raw, 2), "adjusted_bias": round(adjusted, 2), "bias_ratio": round(abs(adjusted / raw), 4) if raw else None,
        "intent_only_bias": round(by_intent, 2), "refused": sum(f.adjusted is None for f in found),
    }  # fmt: skip


def _one(of: Organisation) -> Found:
    scores = [(need.customer, float(need.held)) for need in of.needs]
    labelled = [
        Labelled(need.customer, float(need.held), float(need.met), DRAWN.permille / 1000)
        for need in of.needs
        if DRAWN.draws(need.id)
    ]
    harder = _harder_half(of.stretches)
    compared = _compared(of.stretches, harder, lambda s: f"{s.intent}/{s.complexity}")
    true_s = _true_difference(of.stretches, harder)
    coarse = _compared(of.stretches, harder, lambda s: s.intent)
    return Found(
        rate=prediction_powered_sampled(scores, labelled), truth=_mean([float(need.met) for need in of.needs]),
        automatic=_mean([score for _, score in scores]), claims=sum(_claims(of, n) for n in range(SPLITS)),
        raw=compared.left_raw.value - compared.right_raw.value - true_s,
        adjusted=compared.difference.value - true_s if compared.difference else None,
        by_intent=coarse.difference.value - true_s if coarse.difference else None,
    )  # fmt: skip


def _claims(of: Organisation, split: int) -> bool:
    """Whether an A/A comparison of what looks met, looked at every evening, ever claims a difference."""
    arms = [Moments(), Moments()]
    for evening in _evenings(of.needs):
        for need in evening:
            arm = Random(f"split/{split}/{need.id}").randrange(2)
            arms[arm] = arms[arm].plus(float(need.held))
        seen = watched_difference(arms[0], arms[1], tightest_at=max(1, len(of.needs) // 4))
        if not seen.low <= 0 <= seen.high:
            return True
    return False


def _evenings(needs: Sequence[Need]) -> Iterator[list[Need]]:
    for day in range(DAYS):
        yield [need for need in needs if need.day == day]


def _harder_half(stretches: Sequence[Stretch]) -> set[str]:
    """The half of the reps who get the larger share of high complexity."""
    seen: dict[str, list[bool]] = {}
    for each in stretches:
        seen.setdefault(each.rep, []).append(each.complexity == "high")
    ranked = sorted(seen, key=lambda rep: (sum(seen[rep]) / len(seen[rep]), rep))
    return set(ranked[len(ranked) // 2 :])


def _compared(stretches: Sequence[Stretch], harder: set[str], stratum: Callable[[Stretch], str]) -> MeanComparison:
    """Handle time of those who get the harder work beside the others': raw, and at equal mix."""
    sides: tuple[dict[str, dict[str, tuple[float, float]]], ...] = ({}, {})
    for each in stretches:
        groups = sides[each.rep not in harder].setdefault(stratum(each), {})
        total, count = groups.get(each.rep, (0.0, 0.0))
        groups[each.rep] = (total + each.handle_s, count + 1)
    return standardise_means(sides[0], sides[1])


def _true_difference(stretches: Sequence[Stretch], harder: set[str]) -> float:
    """How many seconds longer the one half truly takes at the same work: its reps' true factors, on the work of everybody."""
    base = _mean([s.base_s for s in stretches])
    left = _mean([s.factor for s in stretches if s.rep in harder])
    right = _mean([s.factor for s in stretches if s.rep not in harder])
    return base * (left - right)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
