"""Comparing: two versions of an agent, and the one sentence that may be concluded. Pure.

Versions that chance drew are compared by confidence sequences, which may be looked at every day. Versions that served one after the other
are compared at equal mix, where what else changed meanwhile is in the difference too.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Final

import msgspec

from baton.capabilities.agents.studio.tallies import Pair, Tally
from baton.kernel.stats import (
    FEWEST_WATCHED,
    Comparison,
    Estimate,
    Stratum,
    conclusion,
    standardise,
    watched_over_strata,
)

ALPHA: Final = 0.025
"""Chance of ever claiming a difference where there is none, for each of two outcomes: five in a hundred together."""
TIGHTEST_AT: Final = 400
"""Cases an arm at which the interval is tightest."""


class Watched(msgspec.Struct, frozen=True):
    """One outcome of two versions that chance drew: shares of the newer and the other one, the newer less the other, and what it says.

    `verdict` is `worse`, `better`, `open` (no difference can be claimed) or `few` (nothing can be).
    """

    outcome: str
    newer: Tally
    other: Tally
    difference: Estimate
    verdict: str
    sentence: str


class Compared(msgspec.Struct, frozen=True):
    """Two versions. `watched` where chance drew them, else `mix`: needs met at equal mix."""

    newer: str
    other: str
    drawn: bool
    sentence: str
    watched: tuple[Watched, ...] = ()
    mix: Comparison | None = None

    @property
    def worse(self) -> str:
        """Why the newer one is clearly worse; empty where it is not."""
        return next((w.sentence for w in self.watched if w.verdict == "worse"), "")


def drawn_against(told: Mapping[Pair, Tally], newer: str, other: str) -> list[tuple[Tally, Tally]]:
    """Both versions' conversations under each chance by which they were drawn against each other."""
    chances = {p for v, p, against in told if v == newer and against == other and 0 < p < 1000}
    chances |= {1000 - p for v, p, against in told if v == other and against == newer and 0 < p < 1000}
    none = Tally()
    return [(told.get((newer, p, other), none), told.get((other, 1000 - p, newer), none)) for p in sorted(chances)]


def compare_drawn(strata: list[tuple[Tally, Tally]], newer: str, other: str) -> Compared:
    """Needs met and conversations that went to a person."""
    met = [(a.needs_met, b.needs_met) for a, b in strata]
    handed = [(a.handovers, b.handovers) for a, b in strata]
    sides = sum((a for a, _ in strata), Tally()), sum((b for _, b in strata), Tally())
    found = (
        _watched("needs met", watched_over_strata(met, TIGHTEST_AT, ALPHA), sides, (newer, other), good_up=True),
        _watched(
            "went to a person", watched_over_strata(handed, TIGHTEST_AT, ALPHA), sides, (newer, other), good_up=False
        ),
    )
    told = next((w for v in ("worse", "better") for w in found if w.verdict == v), found[0])
    return Compared(newer, other, True, told.sentence, found)


def compare_mixed(kinds: Mapping[str, Mapping[str, Tally]], newer: str, other: str) -> Compared:
    """Needs met at equal mix of intent, complexity and channel."""
    left, right = ({k: Stratum(t.met, t.needs) for k, t in kinds.get(v, {}).items() if t.needs} for v in (newer, other))
    mix = standardise(left, right)
    said = conclusion(mix, f"version {newer}", f"version {other}")
    return Compared(newer, other, False, f"{said} {MEANWHILE}", mix=mix)


MEANWHILE: Final = (
    "They served at different times, so whatever else changed meanwhile is in it too. A canary would tell."
)


def _watched(
    outcome: str, d: Estimate, sides: tuple[Tally, Tally], names: tuple[str, str], *, good_up: bool
) -> Watched:
    newer, other = names
    if not isfinite(d.low):
        said = f"Nothing can be claimed yet of {outcome}: each version needs {FEWEST_WATCHED} cases under one share."
        return Watched(outcome, *sides, d, "few", said)
    within = f"between {d.low * 100:+.1f} and {d.high * 100:+.1f} points"
    if d.low <= 0 <= d.high:
        said = f"No difference can be claimed yet: version {newer} less version {other} is {within} ({outcome})."
        return Watched(outcome, *sides, d, "open", said)
    better = (d.low > 0) == good_up
    said = f"Version {newer} is clearly {'better' if better else 'worse'} than version {other}: {d.value * 100:+.1f} points, {within} ({outcome})."
    return Watched(outcome, *sides, d, "better" if better else "worse", said)
