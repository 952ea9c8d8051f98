"""What each sign foretells: the points of `Grading` weighed by how hard conversations that showed them turned out."""

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from baton.capabilities.complexity.events import Foreseeing

LEAST = 200
"""Fewer conversations than these teach nothing."""
DOUBT, OF_INTENT = 20, 60
"""A factor, or an intent, rests on its prior as if so many conversations had confirmed it: few say little (ridge, n / (n + k)).
Hindsight is judged against the usual of an intent, so what is left of an intent is small and wants more of them."""
UNIT = 100
"""Permille in which a sign's points count, so that one typical sign is 1 and `DOUBT` is in conversations."""
OVERRULED = 3
"""A rep's word weighs as much as so many looks back: they did the work, time only tells of it."""
MOST = 3000
STEP, FINE = 100, 20
"""Steps of a factor and of points, both permille: a policy is revised for news and not for noise."""


class Turned(msgspec.Struct, frozen=True):
    """A conversation that is over: its intent, the signs before the work with their points, how hard it turned out (permille, 0
    low to 2 high), and whether a rep said so.
    """

    intent: str
    signs: Mapping[str, int]
    score: int
    level: int
    said: bool = False


def weighed(turned: Sequence[Turned]) -> Foreseeing:
    """Least squares of the score in hindsight on the signs' points and the intent, shrunken towards what `Grading` says (factor 1)
    and towards no effect of an intent. Cuts are set so that as many are foreseen medium and high as turned out so.

    Source: ridge regression towards a prior, Hoerl and Kennard (1970); quantile-matched cuts.
    """
    if len(turned) < LEAST:
        return Foreseeing()
    names, intents = sorted({s for t in turned for s in t.signs}), sorted({t.intent for t in turned if t.intent})
    table = _columns(turned, names, intents)
    weights = np.array([OVERRULED if t.said else 1 for t in turned], dtype=np.float64)
    factors, effects = _solved(table, np.array([t.score for t in turned], dtype=np.float64), weights, len(names))
    found = Foreseeing(
        len(turned), 0, _labelled(names, 1000 * np.clip(factors, 0, MOST / 1000), STEP, 1000), _labelled(intents, effects, FINE, 0)
    )  # fmt: skip
    scores = np.array([foretold(found, t) for t in turned])
    centre = FINE * round(float(np.average([t.score for t in turned] - scores, weights=weights)) / FINE)
    return msgspec.structs.replace(found, centre=centre, **_cuts(scores + centre, [t.level for t in turned]))


def foretold(by: Foreseeing, turned: Turned) -> int:
    """The score before any limit: centre, intent and weighed signs."""
    signs = sum(points * by.factors.get(sign, 1000) // 1000 for sign, points in turned.signs.items())
    return by.centre + by.intents.get(turned.intent, 0) + signs


def _columns(turned: Sequence[Turned], names: Sequence[str], intents: Sequence[str]) -> NDArray[np.float64]:
    place = {name: n for n, name in enumerate([*names, *(f"intent {label}" for label in intents)])}
    table = np.zeros((len(turned), len(place) + 1))
    table[:, -1] = 1.0
    for row, each in enumerate(turned):
        for sign, points in each.signs.items():
            table[row, place[sign]] = points / UNIT
        if each.intent:
            table[row, place[f"intent {each.intent}"]] = 1.0
    return table


def _solved(
    table: NDArray[np.float64], scores: NDArray[np.float64], weights: NDArray[np.float64], signs: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    prior = np.zeros(table.shape[1])
    prior[:signs] = UNIT
    doubt = np.where(np.arange(table.shape[1]) < signs, float(DOUBT), float(OF_INTENT))
    doubt[-1] = 0.0
    left = scores - table @ prior
    moved = np.linalg.solve((table.T * weights) @ table + np.diag(doubt), (table.T * weights) @ left)
    return (prior + moved)[:signs] / UNIT, moved[signs:-1]


def _cuts(scores: NDArray[np.int_], levels: Sequence[int]) -> dict[str, int]:
    """Where medium and high begin: as large a share above each as turned out so."""
    shares = {"medium_at": sum(level >= 1 for level in levels), "high_at": sum(level == 2 for level in levels)}
    return {
        name: max(1, FINE * round(float(np.quantile(scores, 1 - count / len(levels))) / FINE)) for name, count in shares.items()
    }  # fmt: skip


def _labelled(names: Sequence[str], values: NDArray[np.float64], step: int, usual: int) -> dict[str, int]:
    rounded = {name: step * round(float(value) / step) for name, value in zip(names, values, strict=True)}
    return {name: value for name, value in rounded.items() if value != usual}
