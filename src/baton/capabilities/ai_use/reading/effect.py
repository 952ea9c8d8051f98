"""Effect: needs met where a draft was sent, beside those where drafts were shown and none was, at equal case mix.

Reps choose when to use a draft, so what is found is no effect of the draft. Two comparisons narrow it: the same kinds of case,
and the same rep at the same complexity.
"""

from collections.abc import Callable, Iterable

import msgspec

from baton.capabilities.ai_use.reading.drafts import OWN
from baton.capabilities.ai_use.reading.uses import Use
from baton.kernel.stats import Comparison, Stratum, standardise


class Effect(msgspec.Struct, frozen=True):
    """Both comparisons, and what may be said."""

    cases: Comparison
    reps: Comparison
    sentence: str


def effect(uses: Iterable[Use]) -> Effect:
    """From the desk's own drafts in conversations whose need is no longer open."""
    told = [u for u in uses if u.tool == OWN and u["shown"] and u.met is not None]
    cases = _compared(told, lambda u: u.stratum)
    return Effect(cases, _compared(told, lambda u: f"{u.rep} · {u.level}"), sentence(cases))


def sentence(compared: Comparison) -> str:
    """What the comparison allows to say, and no more."""
    if compared.difference is None:
        return f"Nothing can be said: {compared.refused}."
    d = compared.difference
    span = f"{d.low * 100:+.1f} to {d.high * 100:+.1f} points"
    if d.low > 0:
        return (
            f"At equal case mix, needs are met more often where a draft was sent: {d.value * 100:+.1f} points ({span})."
        )
    if d.high < 0:
        return (
            f"At equal case mix, needs are met less often where a draft was sent: {d.value * 100:+.1f} points ({span})."
        )
    return f"At equal case mix no difference shows: it lies between {d.low * 100:+.1f} and {d.high * 100:+.1f} points."


def _compared(told: Iterable[Use], stratum: Callable[[Use], str]) -> Comparison:
    sides: tuple[dict[str, Stratum], dict[str, Stratum]] = ({}, {})
    for use in told:
        side, at = sides[0 if use["sent"] else 1], stratum(use)
        had = side.get(at, Stratum(0, 0))
        side[at] = Stratum(had.met + bool(use.met), had.n + 1)
    return standardise(*sides)
