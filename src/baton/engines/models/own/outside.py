"""What is about none of the labels: a chance read from confidence, nearness of examples and energy."""

from typing import Final, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from baton.engines.models.own.bags import Floats

PRIOR: Final = 0.2
"""How many texts are taken to be about none of the labels; public chatbot traffic has 18 to 50 %."""
MILD: Final = 3.0
"""Confidence is read at this temperature: nearly sure answers then still differ."""
STEPS: Final = 25
DECAY: Final = 3e-3
UNTAUGHT: Final = (3.5, 0.0, -9.0, 0.0)
"""Where rows cannot teach it (two labels, say): half where the nearest examples have a mean cosine of .39."""

Marks = npt.NDArray[np.bool_]


class Signs(NamedTuple):
    """One row a text, and 1 where it is known to be about none of the labels."""

    seen: Floats
    outside: Floats


def signs(three: Floats, nearness: Floats, energy: Floats) -> Floats:
    """Log confidence of the summed opinions at a mild temperature, mean cosine of the nearest examples, log sum of raised scores."""
    mild = three / MILD
    top = mild.max(axis=1) - np.logaddexp.reduce(mild, axis=1)
    return np.column_stack([top, nearness, energy])


def fit_outside(known: Signs) -> list[float]:
    """Offset and weights of a logistic regression, each side as weighty as the prior says.

    More confidence, nearness or energy never makes a text likelier to be outside: a sign that says so among few rows is
    left out. Without rows of both sides, nearness alone decides.
    """
    if not len(known.outside) or known.outside.min() == known.outside.max():
        return list(UNTAUGHT)
    centre, spread = known.seen.mean(axis=0), known.seen.std(axis=0) + 1e-9
    x = (known.seen - centre) / spread
    used = [0, 1, 2]
    while used:
        offset, weights = _newton(x[:, used], known.outside > 0)
        wrong = [n for n, weight in zip(used, weights, strict=True) if weight > 0]
        if not wrong:
            break
        used = [n for n in used if n not in wrong]
    if not used:
        return list(UNTAUGHT)
    whole = np.zeros(3)
    whole[used] = weights / spread[used]
    return [float(offset - whole @ centre), *map(float, whole)]


def _newton(x: Floats, outside: Marks) -> tuple[float, Floats]:
    """Offset and weights with the least weighted log loss (Newton's method)."""
    weight = np.where(outside, PRIOR / outside.sum(), (1 - PRIOR) / (~outside).sum())
    edged = np.column_stack([np.ones(len(x)), x])
    found, held_back = np.zeros(edged.shape[1]), DECAY * np.diag([0.0, *np.ones(x.shape[1])])
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(edged @ found, -30, 30)))
        slope = edged.T @ (weight * (chance - outside)) + held_back @ found
        bent = (edged * (weight * chance * (1 - chance))[:, None]).T @ edged + held_back + 1e-9 * np.eye(len(found))
        found = found - np.linalg.solve(bent, slope)
    return float(found[0]), found[1:]


def chance_outside(weights: list[float], seen: Floats) -> Floats:
    """Chance that each text is about none of the labels."""
    return cast(Floats, 1 / (1 + np.exp(-np.clip(weights[0] + seen @ np.array(weights[1:]), -30, 30))))
